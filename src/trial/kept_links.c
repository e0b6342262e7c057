#include "kept_links.h"

#include "fs.h"
#include "mem.h"
#include "path.h"
#include "strv.h"

#include <stdlib.h>

/* A folder for each try (1, 2, ...), in it one for each plan. programs/KEY/INPUTS are entries of programs, whose file `capture`
 * holds the path of the folder with the captured link (helper_relink.c). */
struct hone_kept_links {
	char *folder;
	uint64_t most;        /* bytes */
	unsigned first, last; /* tries whose folders are there */
};

#define MOST_PATH ((size_t)1 << 16)

void hone_kept_links_begin(struct hone_workdir *dir, uint64_t most)
{
	dir->links = HONE_NEW(struct hone_kept_links);
	*dir->links = (struct hone_kept_links){
		.folder = hone_path_join(dir->run, "links"), .most = most, .first = 1};
}

void hone_kept_links_end(struct hone_workdir *dir)
{
	if (!dir->links)
		return;
	(void)hone_fs_remove_tree(dir->links->folder, NULL);
	free(dir->links->folder);
	free(HONE_TAKE(dir->links));
}

char *hone_kept_links_programs(const struct hone_workdir *dir)
{
	return hone_path_join(dir->links->folder, "programs");
}

char *hone_kept_links_folder(const struct hone_workdir *dir, const char *key)
{
	return dir->links ? hone_xasprintf("%s/%u/%s", dir->links->folder, dir->links->last, key)
			  : hone_xasprintf("%s/%s/link", dir->artifacts, key);
}

bool hone_kept_links_has(const struct hone_workdir *dir, const char *key)
{
	for (unsigned i = dir->links ? dir->links->first : 1; dir->links && i <= dir->links->last;
		i++) {
		hone_auto_free char *folder =
			hone_xasprintf("%s/%u/%s", dir->links->folder, i, key);

		if (hone_fs_is_dir(folder))
			return true;
	}
	return false;
}

/* An entry whose capture is gone would stand in the way of a new one. */
static void forget_without_capture(const char *entry)
{
	hone_auto_free char *path = hone_path_join(entry, "capture");
	hone_auto_buf struct hone_buf capture = HONE_BUF_INIT;

	if (hone_fs_read(path, MOST_PATH, &capture, NULL, NULL) ||
		!hone_fs_is_dir(hone_buf_str(&capture)))
		(void)hone_fs_remove_tree(entry, NULL);
}

static void forget_programs(const struct hone_workdir *dir)
{
	hone_auto_free char *programs = hone_kept_links_programs(dir);
	hone_auto_strv struct hone_strv keys = HONE_STRV_INIT;

	(void)hone_fs_list(programs, &keys, NULL);
	for (size_t i = 0; i < keys.n; i++) {
		hone_auto_free char *key = hone_path_join(programs, keys.v[i]);
		hone_auto_strv struct hone_strv entries = HONE_STRV_INIT;

		(void)hone_fs_list(key, &entries, NULL);
		for (size_t k = 0; k < entries.n; k++) {
			hone_auto_free char *entry = hone_path_join(key, entries.v[k]);

			forget_without_capture(entry);
		}
	}
}

void hone_kept_links_next(const struct hone_workdir *dir)
{
	struct hone_kept_links *l = dir->links;
	bool forgot = false;

	if (!l)
		return;
	for (; l->first < l->last && hone_fs_tree_size(l->folder) > l->most;
		l->first++, forgot = true) {
		hone_auto_free char *oldest = hone_xasprintf("%s/%u", l->folder, l->first);

		(void)hone_fs_remove_tree(oldest, NULL);
	}
	if (forgot)
		forget_programs(dir);
	l->last++;
}
