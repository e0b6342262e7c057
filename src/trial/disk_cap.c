/* What can go, and when it was last used: folders of artifacts, whose record.json is written anew whenever the
 * artifact is used; and units of cargo's, each a folder in .fingerprint, with all of its hash in deps and build.
 * Their time is that of the fingerprint's folder, which hone_disk_cap_used sets and cargo does not read. Without
 * its fingerprint cargo makes a unit again. What hone's rustc wrapper keeps of units has the time of its folder. */
#include "disk_cap.h"

#include "fs.h"
#include "record.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>

#define UNIT_HASH ((size_t)16)

struct item {
	char *path;   /* removed first */
	char *folder; /* of a unit: D; else NULL */
	char hash[UNIT_HASH + 1];
	uint64_t size;
	int64_t used_s;
};
struct items {
	struct item *v;
	size_t n, cap;
};

static void items_release(struct items *list)
{
	for (size_t i = 0; i < list->n; i++) {
		free(list->v[i].path);
		free(list->v[i].folder);
	}
	hone_vec_release(list);
}

typedef void entry_fn(void *ctx, const char *dir, const char *name);

static void each_entry(const char *dir, entry_fn *fn, void *ctx)
{
	DIR *d = opendir(dir);
	struct dirent *e;

	while (d && (e = readdir(d)))
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			fn(ctx, dir, e->d_name);
	if (d)
		closedir(d);
}

static int64_t time_of(const char *path)
{
	struct stat st;

	return lstat(path, &st) < 0 ? 0 : st.st_mtim.tv_sec;
}

/* The 16 hexadecimal digits after the last dash that has such; false when there are none. */
static bool unit_hash(const char *name, char ret[UNIT_HASH + 1])
{
	bool found = false;

	for (const char *dash = strchr(name, '-'); dash; dash = strchr(dash + 1, '-')) {
		size_t n = strspn(dash + 1, "0123456789abcdef");

		if (n != UNIT_HASH || (dash[1 + n] && dash[1 + n] != '.'))
			continue;
		memcpy(ret, dash + 1, UNIT_HASH);
		ret[UNIT_HASH] = '\0';
		found = true;
	}
	return found;
}

struct scan {
	struct items items;
	const struct hone_disk_cap *cap;
	const char *folder; /* of the units that are being looked at */
};

static void add_artifact(void *ctx, const char *dir, const char *name)
{
	struct scan *s = ctx;
	hone_auto_free char *path = hone_path_join(dir, name);
	hone_auto_free char *record_path = hone_path_join(path, "record.json");
	struct hone_record record;
	char hash[HONE_HASH_TEXT];
	struct item item = {.size = hone_fs_tree_size(path), .used_s = time_of(path)};

	if (hone_fs_exists(record_path))
		item.used_s = time_of(record_path);
	hone_record_read(record_path, &record);
	if (record.known && hone_strv_has(s->cap->winners, hone_hash_text(hash, record.hash)))
		return;
	item.path = HONE_TAKE(path);
	hone_vec_push(&s->items, item);
}

/* What is kept of units for other builds: src/helper/helper_share.c. */
static void add_kept(void *ctx, const char *dir, const char *name)
{
	struct scan *s = ctx;
	struct item item = {.path = hone_path_join(dir, name)};

	item.size = hone_fs_tree_size(item.path);
	item.used_s = time_of(item.path);
	hone_vec_push(&s->items, item);
}

static void add_kept_of_key(void *ctx, const char *dir, const char *name)
{
	hone_auto_free char *path = hone_path_join(dir, name);

	if (hone_fs_is_dir(path))
		each_entry(path, add_kept, ctx);
}

static void add_unit(void *ctx, const char *dir, const char *name)
{
	struct scan *s = ctx;
	struct item item = {0};

	if (!unit_hash(name, item.hash))
		return;
	item.path = hone_path_join(dir, name);
	item.folder = hone_xstrdup(s->folder);
	item.size = hone_fs_tree_size(item.path);
	item.used_s = time_of(item.path);
	hone_vec_push(&s->items, item);
}

/* Adds a file or folder to the size of the unit that it belongs to. */
static void add_to_unit(void *ctx, const char *dir, const char *name)
{
	struct scan *s = ctx;
	char hash[UNIT_HASH + 1];
	hone_auto_free char *path = NULL;

	if (!unit_hash(name, hash))
		return;
	for (size_t i = 0; i < s->items.n; i++) {
		struct item *item = &s->items.v[i];

		if (!item->folder || strcmp(item->hash, hash) != 0 ||
			strcmp(item->folder, s->folder) != 0)
			continue;
		path = hone_path_join(dir, name);
		item->size += hone_fs_tree_size(path);
		return;
	}
}

static void add_folder(struct scan *s, const char *folder)
{
	hone_auto_free char *fingerprints = hone_path_join(folder, ".fingerprint");
	hone_auto_free char *deps = hone_path_join(folder, "deps");
	hone_auto_free char *build = hone_path_join(folder, "build");

	s->folder = folder;
	each_entry(fingerprints, add_unit, s);
	each_entry(deps, add_to_unit, s);
	each_entry(build, add_to_unit, s);
}

/* build/PROFILE and build/TRIPLE/PROFILE: whatever holds fingerprints. */
static void add_folders(void *ctx, const char *dir, const char *name)
{
	struct scan *s = ctx;
	hone_auto_free char *path = hone_path_join(dir, name);
	hone_auto_free char *fingerprints = hone_path_join(path, ".fingerprint");

	if (hone_fs_is_dir(fingerprints))
		add_folder(s, path);
	else if (hone_fs_is_dir(path) && strcmp(s->folder, dir) == 0)
		each_entry(path, add_folders, s);
}

/* build/SLOT: one of cargo's target dirs. */
static void add_slot(void *ctx, const char *dir, const char *name)
{
	struct scan *s = ctx;
	hone_auto_free char *path = hone_path_join(dir, name);

	if (!hone_fs_is_dir(path) || strcmp(name, "units") == 0)
		return;
	s->folder = path;
	each_entry(path, add_folders, s);
	s->folder = "";
}

struct remove_ctx {
	const char *hash;
	int error;
	struct hone_err *err;
};

static void remove_of_unit(void *ctx, const char *dir, const char *name)
{
	struct remove_ctx *r = ctx;
	char hash[UNIT_HASH + 1];
	hone_auto_free char *path = NULL;

	if (r->error || !unit_hash(name, hash) || strcmp(hash, r->hash) != 0)
		return;
	path = hone_path_join(dir, name);
	r->error = hone_fs_remove_tree(path, r->err);
}

/* The fingerprint goes first: a unit that is half gone is then one that was never built. */
static int remove_item(const struct item *item, struct hone_err *err)
{
	struct remove_ctx r = {.hash = item->hash, .err = err};
	hone_auto_free char *deps = NULL, *build = NULL;

	r.error = hone_fs_remove_tree(item->path, err);
	if (r.error || !item->folder)
		return r.error;
	deps = hone_path_join(item->folder, "deps");
	build = hone_path_join(item->folder, "build");
	each_entry(deps, remove_of_unit, &r);
	each_entry(build, remove_of_unit, &r);
	return r.error;
}

static int by_time(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	return (x->used_s > y->used_s) - (x->used_s < y->used_s);
}

int hone_disk_cap(const struct hone_workdir *dir, const struct hone_disk_cap *cap,
	uint64_t *ret_freed, uint64_t *ret_left, struct hone_err *err)
{
	struct scan s = {.cap = cap, .folder = ""};
	hone_auto_free char *units = hone_path_join(dir->build, "units");
	uint64_t before = hone_fs_tree_size(dir->root), left = before;
	int error = 0;

	if (before > cap->bytes) {
		each_entry(dir->build, add_slot, &s);
		each_entry(dir->artifacts, add_artifact, &s);
		each_entry(units, add_kept_of_key, &s);
		qsort(s.items.v, s.items.n, sizeof(*s.items.v), by_time);
	}
	for (size_t i = 0; !error && i < s.items.n && left > cap->bytes; i++) {
		if (s.items.v[i].used_s >= cap->since_s)
			break;
		error = remove_item(&s.items.v[i], err);
		left -= s.items.v[i].size < left ? s.items.v[i].size : left;
	}
	if (s.items.n)
		left = hone_fs_tree_size(dir->root);
	items_release(&s.items);
	if (error)
		return error;
	*ret_freed = before > left ? before - left : 0;
	*ret_left = left;
	return 0;
}

/* ---- marking */

static void touch_unit(void *ctx, const char *dir, const char *name)
{
	char hash[UNIT_HASH + 1];
	hone_auto_free char *path = NULL;

	if (!unit_hash(name, hash) || strcmp(hash, ctx) != 0)
		return;
	path = hone_path_join(dir, name);
	(void)utimensat(AT_FDCWD, path, NULL, 0);
}

void hone_disk_cap_used(const char *path)
{
	hone_auto_free char *at = hone_xstrdup(path);
	char hash[UNIT_HASH + 1];

	/* Upwards to the component that holds the hash; its parent is deps or build. */
	while (!unit_hash(hone_path_base(at), hash)) {
		char *up = hone_path_dir(at);
		bool ends = strcmp(up, "/") == 0 || strcmp(up, ".") == 0;

		free(at);
		at = up;
		if (ends)
			return;
	}
	hone_auto_free char *kind = hone_path_dir(at);
	hone_auto_free char *folder = hone_path_dir(kind);
	hone_auto_free char *fingerprints = hone_path_join(folder, ".fingerprint");

	each_entry(fingerprints, touch_unit, hash);
}
