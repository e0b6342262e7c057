/* Writing down and taking back: one record for all files of a commit. */
#include "undo_record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scratch.h"

static void write_file(const char *path, const char *text)
{
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	hone_auto_free char *dir = hone_path_dir(path);

	assert_int_equal(hone_fs_mkdirs(dir, &err), 0);
	assert_int_equal(hone_fs_write(path, hone_view_of(text), 0666, &err), 0);
}

static void assert_text(const char *path, const char *expected)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;

	if (!expected) {
		assert_false(hone_fs_exists(path));
		return;
	}
	assert_int_equal(hone_fs_read(path, 4096, &text, NULL, NULL), 0);
	assert_string_equal(hone_buf_str(&text), expected);
}

static void add(struct hone_writedown *w, const char *name, const char *after)
{
	hone_auto_buf struct hone_buf before = HONE_BUF_INIT;
	struct hone_file_change c = {
		.path = in_scratch(name), .after = after ? hone_xstrdup(after) : NULL};

	if (hone_fs_read(c.path, 4096, &before, &c.id, NULL) == 0)
		c.before = hone_xstrdup(hone_buf_str(&before));
	hone_vec_push(&w->changes, c);
}

/* Text, bytes that are no text, a new file in a new folder, and one that goes. */
static const struct {
	const char *name, *before, *after;
} files[] = {{"Cargo.toml", "[package]\n", "[profile.release]\n"},
	{".cargo/old.sh", "# caf\xe9 \xff\x01\n", "sh\n"}, {"deep/in/new", NULL, "new\n"},
	{"stale", "alias\n", NULL}};

static void make(struct hone_writedown *w)
{
	for (size_t i = 0; i < HONE_COUNT(files); i++) {
		hone_auto_free char *path = in_scratch(files[i].name);

		if (files[i].before)
			write_file(path, files[i].before);
		add(w, files[i].name, files[i].after);
	}
}

static void assert_files(bool after)
{
	for (size_t i = 0; i < HONE_COUNT(files); i++) {
		hone_auto_free char *path = in_scratch(files[i].name);

		assert_text(path, after ? files[i].after : files[i].before);
	}
}

static void there_and_back(void **state)
{
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	struct hone_writedown w = {0}, back = {0};

	(void)state;
	make(&w);
	assert_int_equal(hone_writedown_commit(&w, scratch, &err), 0);
	assert_files(true);
	assert_int_equal(hone_undo_read(scratch, "/nonexistent", &back, &err), 0);
	assert_int_equal(back.changes.n, HONE_COUNT(files));
	assert_int_equal(hone_undo_commit(&back, &err), 0);
	assert_files(false);
	hone_writedown_release(&back);
	assert_int_equal(hone_undo_read(scratch, "/nonexistent", &back, &err), HONE_E_NOT_FOUND);
	hone_writedown_release(&w);
}

/* Stopped after any number of its files, a commit can be taken back, and so can its undo. */
static void stopped_anywhere(void **state)
{
	(void)state;
	for (size_t stop = 0; stop <= HONE_COUNT(files); stop++) {
		hone_auto_err struct hone_err err = HONE_ERR_INIT;
		struct hone_writedown w = {0}, back = {0};

		make(&w);
		assert_int_equal(hone_writedown_commit(&w, scratch, &err), 0);
		for (size_t i = stop; i < HONE_COUNT(files); i++) {
			hone_auto_free char *path = in_scratch(files[i].name);

			if (files[i].before)
				write_file(path, files[i].before);
			else
				assert_int_equal(hone_fs_remove(path, &err), 0);
		}
		assert_int_equal(hone_undo_read(scratch, "/nonexistent", &back, &err), 0);
		assert_int_equal(back.changes.n, stop);
		assert_int_equal(hone_undo_commit(&back, &err), 0);
		assert_files(false);
		hone_writedown_release(&back);
		hone_writedown_release(&w);
	}
}

/* Refused by the last file: the others are as they were, and no record is left. */
static void refused_by_one(void **state)
{
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	hone_auto_free char *late = in_scratch("late"), *cargo = in_scratch(".cargo/hone");
	struct hone_writedown w = {0};

	(void)state;
	make(&w);
	add(&w, "late", "mine\n");
	write_file(late, "another's\n");
	assert_int_equal(hone_writedown_commit(&w, scratch, &err), HONE_E_CONFLICT);
	assert_files(false);
	assert_text(late, "another's\n");
	assert_false(hone_fs_exists(cargo));
	hone_writedown_release(&w);
}

static void changed_since(void **state)
{
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	hone_auto_free char *path = in_scratch("Cargo.toml"), *gone = in_scratch("deep/in/new");
	struct hone_writedown w = {0}, back = {0};

	(void)state;
	make(&w);
	assert_int_equal(hone_writedown_commit(&w, scratch, &err), 0);
	write_file(path, "an editor's\n");
	assert_int_equal(hone_undo_read(scratch, "/nonexistent", &back, &err), HONE_E_CONFLICT);
	assert_non_null(strstr(err.msg, "was changed since"));
	hone_err_release(&err);
	/* What hone made and somebody removed is back already; what he removed of his own is not. */
	write_file(path, files[0].after);
	assert_int_equal(hone_fs_remove(gone, &err), 0);
	assert_int_equal(hone_undo_read(scratch, "/nonexistent", &back, &err), 0);
	hone_writedown_release(&back);
	assert_int_equal(hone_fs_remove(path, &err), 0);
	assert_int_equal(hone_undo_read(scratch, "/nonexistent", &back, &err), HONE_E_CONFLICT);
	assert_non_null(strstr(err.msg, "was removed since"));
	hone_writedown_release(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(there_and_back, scratch_make, scratch_remove),
		cmocka_unit_test_setup_teardown(stopped_anywhere, scratch_make, scratch_remove),
		cmocka_unit_test_setup_teardown(refused_by_one, scratch_make, scratch_remove),
		cmocka_unit_test_setup_teardown(changed_since, scratch_make, scratch_remove),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
