/* Commit of a writedown and its undo. One JSON file a commit, numbered, in target/hone/undo/: the
 * paths, the texts before, and hashes of the texts after. */
#include "writedown.h"

#include "hash.h"
#include "jsonw.h"
#include "num.h"

#include <dirent.h>
#include <jansson.h>
#include <string.h>
#include <unistd.h>

#define UNDO_LIMIT ((size_t)64 << 20)

/* The highest number among the files NNNN.json, 0 without any. */
static uint64_t last_number(const char *undo_dir)
{
	DIR *d = opendir(undo_dir);
	struct dirent *e;
	uint64_t last = 0;

	while (d && (e = readdir(d))) {
		struct hone_view name = hone_view_of(e->d_name);
		uint64_t n;

		if (hone_view_ends(name, ".json") &&
			hone_parse_u64(hone_view_sub(name, 0, name.n - 5), &n) && n > last)
			last = n;
	}
	if (d)
		closedir(d);
	return last;
}

static char *undo_path(const char *undo_dir, uint64_t number)
{
	return hone_xasprintf("%s/%04llu.json", undo_dir, (unsigned long long)number);
}

static int save(const struct hone_writedown *w, const char *path, struct hone_err *err)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	char hash[HONE_HASH_TEXT];
	struct hone_jsonw j;

	hone_jsonw_init(&j, &text, true);
	hone_jsonw_object(&j);
	hone_jsonw_ki64(&j, "schema", 1);
	hone_jsonw_karray(&j, "files");
	for (size_t i = 0; i < w->changes.n; i++) {
		const struct hone_file_change *c = &w->changes.v[i];
		struct hone_hash after = hone_hash_bytes(hone_view_of(c->after));
		int error = c->source ? hone_hash_file(c->source, &after, err) : 0;

		if (error)
			return error;
		hone_jsonw_object(&j);
		hone_jsonw_kstr(&j, "path", c->path);
		hone_jsonw_kstr(&j, "before", c->before);
		hone_jsonw_kstr(&j, "after_hash", hone_hash_text(hash, after));
		hone_jsonw_end(&j);
	}
	hone_jsonw_end(&j);
	hone_jsonw_end(&j);
	return hone_fs_write(path, hone_buf_view(&text), 0666, err);
}

/* Makes one file hold c->after; NULL removes it. */
static int put(const struct hone_file_change *c, const char *after, struct hone_err *err)
{
	hone_auto_free char *dir = hone_path_dir(c->path);
	int error;

	if (!after)
		return hone_fs_remove(c->path, err);
	if (c->before)
		return hone_fs_replace(c->path, hone_view_of(after), &c->id, err);
	if (hone_fs_exists(c->path))
		return hone_err_set(err, HONE_E_CONFLICT,
			"%s was made by another program meanwhile; nothing was written", c->path);
	error = hone_fs_mkdirs(dir, err);
	if (!error && c->source)
		return hone_fs_copy(c->source, c->path, err);
	return error ? error : hone_fs_write(c->path, hone_view_of(after), 0666, err);
}

/* Takes back the first n changes after a later one failed. */
static void roll_back(const struct hone_writedown *w, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct hone_file_change *c = &w->changes.v[i];
		hone_auto_buf struct hone_buf now = HONE_BUF_INIT;
		struct hone_file_change back = {.path = c->path, .before = c->after};

		if (!hone_fs_read(c->path, UNDO_LIMIT, &now, &back.id, NULL))
			(void)put(&back, c->before, NULL);
	}
}

int hone_writedown_commit(
	const struct hone_writedown *w, const char *undo_dir, struct hone_err *err)
{
	hone_auto_free char *path = undo_path(undo_dir, last_number(undo_dir) + 1);
	int error = hone_fs_mkdirs(undo_dir, err);

	if (!error)
		error = save(w, path, err);
	for (size_t i = 0; !error && i < w->changes.n; i++) {
		error = put(&w->changes.v[i], w->changes.v[i].after, err);
		if (error) {
			roll_back(w, i);
			(void)hone_fs_remove(path, NULL);
		}
	}
	return error;
}

static int read_entry(const json_t *entry, struct hone_writedown *w, struct hone_err *err)
{
	const char *path = json_string_value(json_object_get(entry, "path"));
	const char *before = json_string_value(json_object_get(entry, "before"));
	const char *hash = json_string_value(json_object_get(entry, "after_hash"));
	hone_auto_buf struct hone_buf now = HONE_BUF_INIT;
	char now_hash[HONE_HASH_TEXT];
	struct hone_file_id id;
	int error;

	if (!path || !hash)
		return hone_err_set(err, HONE_E_SYNTAX, "an entry without path or after_hash");
	error = hone_fs_read(path, UNDO_LIMIT, &now, &id, err);
	if (error)
		return error;
	if (strcmp(hone_hash_text(now_hash, hone_hash_bytes(hone_buf_view(&now))), hash) != 0) {
		hone_err_set(err, HONE_E_CONFLICT,
			"%s was changed since hone wrote it; undo would lose that change", path);
		return hone_err_hint(
			err, "take hone's lines back by hand, or restore the file first");
	}
	if (memchr(hone_buf_str(&now), 0, now.n)) {
		size_t n = now.n;

		hone_buf_reset(&now);
		hone_buf_addf(&now, "(a profile of %zu bytes)\n", n);
	}
	/* A NULL "after" says: the file was new, remove it. */
	hone_vec_push(&w->changes, (struct hone_file_change){.path = hone_xstrdup(path),
					   .id = id,
					   .before = hone_buf_detach(&now),
					   .after = before ? hone_xstrdup(before) : NULL});
	return 0;
}

int hone_undo_read(const char *undo_dir, struct hone_writedown *ret, struct hone_err *err)
{
	uint64_t number = last_number(undo_dir);
	hone_auto_free char *path = undo_path(undo_dir, number);
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	struct hone_writedown w = {0};
	json_t *root, *files, *entry;
	size_t i;
	int error;

	if (!number)
		return hone_err_set(err, HONE_E_NOT_FOUND,
			"there is nothing to undo: hone has written nothing here");
	error = hone_fs_read(path, UNDO_LIMIT, &text, NULL, err);
	if (error)
		return error;
	root = json_loadb(hone_buf_str(&text), text.n, 0, NULL);
	files = json_object_get(root, "files");
	if (!json_is_array(files))
		error = hone_err_set(err, HONE_E_SYNTAX, "not an undo record of hone");
	json_array_foreach(files, i, entry)
	{
		if (error)
			break;
		error = read_entry(entry, &w, err);
	}
	json_decref(root);
	if (error == HONE_E_SYNTAX)
		hone_err_wrap(err, "%s", path);
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

	if (strcmp(hone_path_base(dir), "hone") == 0 &&
		strcmp(hone_path_base(above), ".cargo") == 0 && rmdir(dir) == 0)
		(void)rmdir(above);
	else if (strcmp(hone_path_base(dir), ".cargo") == 0)
		(void)rmdir(dir);
}

int hone_undo_commit(const struct hone_writedown *w, const char *undo_dir, struct hone_err *err)
{
	hone_auto_free char *path = undo_path(undo_dir, last_number(undo_dir));
	int error = 0;

	for (size_t i = 0; !error && i < w->changes.n; i++) {
		const struct hone_file_change *c = &w->changes.v[i];
		hone_auto_free char *dir = hone_path_dir(c->path);

		error = put(c, c->after, err);
		if (!error && !c->after)
			remove_empty_folders(dir);
	}
	return error ? error : hone_fs_remove(path, err);
}
