#include "fs.h"

#include "strv.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

/* Deeper trees are no program's data. */
#define MAX_DEPTH 64

int hone_fs_each(const char *dir, int (*each)(void *ctx, const char *name, struct hone_err *err),
	void *ctx, struct hone_err *err)
{
	hone_auto_strv struct hone_strv names = HONE_STRV_INIT;
	DIR *d = opendir(dir);
	struct dirent *e;
	int error = 0;

	if (!d && errno == ENOENT)
		return 0;
	if (!d)
		return hone_err_sys(err, errno, "reading folder %s", dir);
	/* All at once, as what is called may change the folder. */
	while ((e = readdir(d)))
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			hone_strv_push(&names, e->d_name);
	closedir(d);
	for (size_t i = 0; !error && i < names.n; i++)
		error = each(ctx, names.v[i], err);
	return error;
}

/* How many folders a relative link leads up at its beginning. */
static unsigned steps_up(const char *link)
{
	unsigned n = 0;

	for (; hone_starts(link, "../") || strcmp(link, "..") == 0; n++)
		link += link[2] ? 3 : 2;
	return n;
}

static int copy_link(const char *from, const char *to, unsigned depth, struct hone_err *err)
{
	char link[PATH_MAX];
	ssize_t n = readlink(from, link, sizeof(link) - 1);
	hone_auto_free char *dir = hone_path_dir(from);
	hone_auto_free char *full = NULL;

	if (n < 0)
		return hone_err_sys(err, errno, "reading %s", from);
	link[n] = '\0';
	if (steps_up(link) > depth)
		full = hone_path_join(dir, link);
	if (unlink(to) < 0 && errno != ENOENT)
		return hone_err_sys(err, errno, "replacing %s", to);
	if (symlink(full ? full : link, to) < 0)
		return hone_err_sys(err, errno, "creating %s", to);
	return 0;
}

struct folder {
	const char *from, *to;
	unsigned depth;
};

static int copy(const char *from, const char *to, unsigned depth, struct hone_err *err);

static int copy_entry(void *ctx, const char *name, struct hone_err *err)
{
	const struct folder *f = ctx;
	hone_auto_free char *from = hone_path_join(f->from, name);
	hone_auto_free char *to = hone_path_join(f->to, name);

	return copy(from, to, f->depth + 1, err);
}

static int copy(const char *from, const char *to, unsigned depth, struct hone_err *err)
{
	struct folder f = {from, to, depth};
	struct stat st;
	int error;

	if (lstat(from, &st) < 0)
		return hone_err_sys(err, errno, "reading %s", from);
	if (S_ISLNK(st.st_mode))
		return copy_link(from, to, depth, err);
	if (S_ISREG(st.st_mode))
		return hone_fs_copy(from, to, err);
	if (!S_ISDIR(st.st_mode))
		return 0;
	if (depth > MAX_DEPTH)
		return hone_err_set(err, HONE_E_LIMIT, "%s lies too deep", from);
	error = hone_fs_mkdirs(to, err);
	return error ? error : hone_fs_each(from, copy_entry, &f, err);
}

int hone_fs_copy_tree(const char *from, const char *to, struct hone_err *err)
{
	return copy(from, to, 0, err);
}
