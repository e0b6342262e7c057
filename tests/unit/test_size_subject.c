/* What `size` looks at: files and candidates, by the engine's headers. */
#include "size_subject.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "fake_project.h"

static int set_up_elf(void **state)
{
	int error = set_up(state);

	if (error)
		return error;
	build_elf();
	return 0;
}

static int open_subjects(const char *const *names, size_t n, const char *twin,
	struct hone_size_subject *ret, struct hone_err *err)
{
	const struct hone_size_request r = {.names = names, .n = n, .twin = twin, .no_wait = true};

	hone_buf_reset(&told);
	return hone_size_subjects_open(&opts, &recorder, &r, ret, err);
}

static uint64_t size_of(const struct hone_size_subject *s)
{
	uint64_t size = 0;

	assert_int_equal(hone_fs_size(s->path, &size, NULL), 0);
	return size;
}

/* The bytes of a crate. */
static uint64_t bytes_of(const struct hone_size_subject *s, const char *crate)
{
	hone_auto_size_table struct hone_size_table table = HONE_SIZE_TABLE_INIT;
	uint64_t sum = 0, found = 0;

	assert_int_equal(hone_size_table(s->model, HONE_SIZE_BY_CRATE, false, &table, NULL), 0);
	for (size_t i = 0; i < table.n; i++) {
		sum += table.rows[i].size;
		if (hone_starts(table.rows[i].name, crate))
			found += table.rows[i].size;
	}
	assert_int_equal(sum, size_of(s)); /* exactly */
	return found;
}

/* NULL is the baseline; a name with a slash, or of a file that is there, is a file. */
static void candidates_and_files(void **state)
{
	static const char *const lines[] = {"building baseline, 1 of 3", "built ",
		"building opt-level=1, 2 of 3", "built ", NULL};
	hone_auto_free char *elf = in_scratch("elf");
	const char *const names[] = {NULL, "opt-level=1", elf};
	struct hone_size_subject s[3];
	struct hone_err err = HONE_ERR_INIT;

	(void)state;
	if (open_subjects(names, 3, NULL, s, &err))
		fail_msg("%s", err.msg);
	assert_told(lines);
	assert_string_equal(s[0].name, "baseline");
	assert_string_equal(s[1].name, "opt-level=1");
	assert_string_equal(s[2].name, elf);
	assert_int_equal(size_of(&s[0]) - size_of(&s[1]), 201);
	for (size_t i = 0; i < 3; i++) {
		assert_true(bytes_of(&s[i], "prog") >= 8);
		assert_true(bytes_of(&s[i], "dep") >= 4);
		hone_size_subject_release(&s[i]);
	}
	/* A file alone needs no project that can be built. */
	assert_int_equal(open_subjects(&names[2], 1, NULL, s, &err), 0);
	assert_int_equal(told.n, 0);
	hone_size_subject_release(&s[0]);
}

/* With its unstripped twin a file has names. */
static void file_with_a_twin(void **state)
{
	hone_auto_free char *elf = in_scratch("elf");
	const char *const names[] = {elf, "small"};
	struct hone_size_subject s[2];
	struct hone_err err = HONE_ERR_INIT;

	(void)state;
	assert_int_equal(open_subjects(names, 1, elf, s, &err), 0);
	assert_true(bytes_of(&s[0], "prog") >= 8);
	hone_size_subject_release(&s[0]);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(open_subjects(i ? &names[1] : names, i ? 1 : 2, elf, s, &err),
			HONE_E_USAGE);
		assert_non_null(strstr(err.msg, "--twin goes with one file"));
		hone_err_release(&err);
	}
	assert_int_equal(open_subjects(names, 1, opts.manifest_path, s, &err), HONE_E_UNSUPPORTED);
	hone_err_release(&err);
}

static void assert_fails(const char *name, int error, const char *why)
{
	hone_auto_free char *elf = in_scratch("elf");
	const char *const names[] = {elf, name};
	struct hone_size_subject s[2];
	hone_auto_err struct hone_err err = HONE_ERR_INIT;

	assert_int_equal(open_subjects(names, 2, NULL, s, &err), error);
	if (!strstr(err.msg, why))
		fail_msg("\"%s\" is not in \"%s\"", why, err.msg);
	for (size_t i = 0; i < 2; i++) /* nothing is half open */
		assert_null(s[i].model);
}

static void what_has_no_bytes(void **state)
{
	struct hone_session s = HONE_SESSION_INIT;

	(void)state;
	assert_fails("./no-such-file", HONE_E_NOT_FOUND, "no-such-file");
	assert_fails(opts.manifest_path, HONE_E_UNSUPPORTED, opts.manifest_path);
	assert_fails("smal", HONE_E_USAGE, "`smal` is neither a candidate");
	assert_fails("opt-level=2", HONE_E_FAILED, "level 2 is broken");
	open_session(HONE_SESSION_BUILD, &s);
	assert_fails("opt-level=1", HONE_E_CONFLICT, "another hone is at work in ");
	hone_session_close(&s);
}

/* The manifest changes while it is built: no figure is given. */
static void manifest_that_changes_meanwhile(void **state)
{
	hone_auto_free char *cargo = in_scratch("tools/cargo");
	hone_auto_free char *project = in_scratch("tools/cargo.project");
	hone_auto_free char *text = hone_xasprintf(
		"#!/bin/sh\ncase $1 in build|rustc) echo '# more' >>%s/p/Cargo.toml ;; esac\n"
		"exec sh %s/tools/cargo.project \"$@\"\n",
		scratch, scratch);
	const char *const names[] = {"opt-level=1"};
	struct hone_size_subject s[1];
	hone_auto_err struct hone_err err = HONE_ERR_INIT;

	(void)state;
	assert_int_equal(hone_fs_rename(cargo, project, NULL), 0);
	write_program("tools/cargo", text);
	assert_int_equal(open_subjects(names, 1, NULL, s, &err), HONE_E_CONFLICT);
	assert_non_null(strstr(err.msg, "Cargo.toml"));
	assert_null(s[0].model);
}

#define SIZE_TEST(f) cmocka_unit_test_setup_teardown(f, set_up_elf, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SIZE_TEST(candidates_and_files),
		SIZE_TEST(file_with_a_twin),
		SIZE_TEST(what_has_no_bytes),
		SIZE_TEST(manifest_that_changes_meanwhile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
