/* Commit of a writedown and its undo. */
#include "undo_record.h"

#include "allocator.h"
#include "plan_files.h"

#include <string.h>
#include <unistd.h>

#define UNDO_LIMIT ((size_t)64 << 20)

/* Makes one file hold c->after; NULL removes it. */
static int put(const struct hone_file_change *c, const char *after, struct hone_err *err)
{
	hone_auto_free char *dir = hone_path_dir(c->path);
	int error;

	if (!after) {
		error = hone_fs_remove(c->path, err);
		if (!error)
			hone_allocator_forget(c->path);
		return error;
	}
	if (c->before)
		return hone_fs_replace(c->path, hone_view_of(after), &c->id, err);
	error = hone_fs_mkdirs(dir, err);
	/* Its name is the hash of its bytes: one that is there is the same. */
	if (!error && c->source)
		return hone_fs_copy(c->source, c->path, err);
	return error ? error : hone_fs_write_new(c->path, hone_view_of(after), 0666, err);
}

/* Takes back the first n changes after a later one failed; false: not all of them. */
static bool roll_back(const struct hone_writedown *w, size_t n)
{
	bool all = true;

	for (size_t i = 0; i < n; i++) {
		const struct hone_file_change *c = &w->changes.v[i];
		hone_auto_buf struct hone_buf now = HONE_BUF_INIT;
		struct hone_file_change back = {.path = c->path, .before = c->after};

		if (c->after && hone_fs_read(c->path, UNDO_LIMIT, &now, &back.id, NULL))
			all = false;
		else
			all &= put(&back, c->before, NULL) == 0;
	}
	return all;
}

int hone_writedown_commit(const struct hone_writedown *w, const char *root, struct hone_err *err)
{
	hone_auto_free char *record = NULL;
	int error = hone_undo_record_save(w, root, &record, err);

	for (size_t i = 0; !error && i < w->changes.n; i++) {
		error = put(&w->changes.v[i], w->changes.v[i].after, err);
		/* A record of what could not be taken back stays, for the next undo. */
		if (error && roll_back(w, i))
			(void)hone_undo_record_remove(record, NULL);
	}
	return error;
}

/* How a file is now: "" when it is not there. */
static int read_now(const struct hone_undo_entry *e, struct hone_buf *now,
	struct hone_file_id *ret_id, char hash[HONE_HASH_TEXT], struct hone_err *err)
{
	hone_auto_err struct hone_err why = HONE_ERR_INIT;
	int error = hone_fs_read(e->path, UNDO_LIMIT, now, ret_id, &why);

	hash[0] = '\0';
	if (error == HONE_E_NOT_FOUND)
		return 0;
	if (error)
		return hone_err_move(err, &why);
	hone_hash_text(hash, hone_hash_bytes(hone_buf_view(now)));
	return 0;
}

/* Appends the change that leads back; none where the file is back already. */
static int add_change(
	const struct hone_undo_entry *e, struct hone_writedown *w, struct hone_err *err)
{
	hone_auto_buf struct hone_buf now = HONE_BUF_INIT;
	char hash[HONE_HASH_TEXT];
	struct hone_file_id id = {0};
	bool is_here;
	int error = read_now(e, &now, &id, hash, err);

	if (error || strcmp(hash, e->before_hash) == 0)
		return error;
	is_here = *hash != '\0';
	if (strcmp(hash, e->after_hash) != 0) {
		hone_err_set(err, HONE_E_CONFLICT,
			is_here ? "%s was changed since hone wrote it; undo would lose that change"
				: "%s was removed since hone wrote it",
			e->path);
		return hone_err_hint(
			err, "take hone's lines back by hand, or restore the file first");
	}
	if (is_here && memchr(hone_buf_str(&now), 0, now.n)) {
		size_t n = now.n;

		hone_buf_reset(&now);
		hone_buf_addf(&now, "(a profile of %zu bytes)\n", n);
	}
	/* A NULL "after" says: the file was new, remove it. */
	hone_vec_push(&w->changes, (struct hone_file_change){.path = hone_xstrdup(e->path),
					   .id = id,
					   .before = is_here ? hone_buf_detach(&now) : NULL,
					   .after = e->before ? hone_xstrdup(e->before) : NULL});
	return 0;
}

int hone_undo_read(
	const char *root, const char *old_dir, struct hone_writedown *ret, struct hone_err *err)
{
	struct hone_undo_entries e = {0};
	struct hone_writedown w = {0};
	int error = hone_undo_record_find(root, old_dir, &w.record, err);

	if (!error)
		error = hone_undo_record_read(w.record, root, &e, err);
	for (size_t i = 0; !error && i < e.files.n; i++) {
		hone_strv_push(&w.touched, e.files.v[i].path);
		error = add_change(&e.files.v[i], &w, err);
	}
	hone_undo_entries_release(&e);
	if (error) {
		hone_writedown_release(&w);
		return error;
	}
	*ret = w;
	return 0;
}

/* .cargo/hone and .cargo, when they held nothing else. */
static void remove_empty_folders(const char *dir)
{
	hone_auto_free char *above = hone_path_dir(dir);

	if (hone_ends(dir, "/" HONE_PLAN_FILES_DIR) && rmdir(dir) == 0)
		(void)rmdir(above);
	else if (strcmp(hone_path_base(dir), ".cargo") == 0)
		(void)rmdir(dir);
}

int hone_undo_commit(const struct hone_writedown *w, struct hone_err *err)
{
	int error = 0;

	for (size_t i = 0; i < w->touched.n; i++)
		hone_fs_sweep(w->touched.v[i]);
	for (size_t i = 0; !error && i < w->changes.n; i++)
		error = put(&w->changes.v[i], w->changes.v[i].after, err);
	if (!error)
		error = hone_undo_record_remove(w->record, err);
	for (size_t i = 0; !error && i < w->changes.n; i++) {
		hone_auto_free char *dir = hone_path_dir(w->changes.v[i].path);

		if (w->changes.v[i].after)
			continue;
		remove_empty_folders(dir);
		hone_auto_free char *above = hone_path_dir(dir);

		remove_empty_folders(above);
	}
	return error;
}
