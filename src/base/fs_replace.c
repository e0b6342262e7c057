#include "fs.h"
#include "fs_temp.h"
#include "hash.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Atomic replacement of files. In this order: resolve links, pin the
 * folder by a descriptor, write a sibling, fsync, compare, rename, fsync the folder. */

#define MAX_LINKS 40

static int write_all(int fd, struct hone_view v)
{
	while (v.n) {
		ssize_t n = write(fd, v.p, v.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		v.p += n;
		v.n -= (size_t)n;
	}
	return 0;
}

/* Follows symbolic links, each relative to the folder that it lies in. */
static int follow_links(const char *path, char **ret_path, struct hone_err *err)
{
	hone_auto_free char *at = hone_xstrdup(path);

	for (int i = 0; i < MAX_LINKS; i++) {
		char link[4096];
		ssize_t n = readlink(at, link, sizeof(link) - 1);
		hone_auto_free char *dir = NULL;
		char *next;

		if (n < 0) {
			*ret_path = HONE_TAKE(at);
			return 0;
		}
		link[n] = '\0';
		dir = hone_path_dir(at);
		next = hone_path_join(dir, link);
		free(at);
		at = next;
	}
	return hone_err_sys(err, ELOOP, "following %s", path);
}

/* Is the file of this name still what was read? */
static int check_unchanged(int dirfd, const char *name, const char *path,
	const struct hone_file_id *expected, struct hone_err *err)
{
	hone_auto_close int fd = openat(dirfd, name, O_RDONLY | O_CLOEXEC);
	hone_auto_buf struct hone_buf now = HONE_BUF_INIT;
	hone_auto_free char *self = NULL;
	struct hone_file_id id;
	int error;

	if (fd < 0)
		return hone_err_set(
			err, HONE_E_CONFLICT, "%s vanished while it was being edited", path);
	self = hone_xasprintf("/proc/self/fd/%d", fd);
	error = hone_fs_read(self, (size_t)expected->size + 1, &now, &id, err);
	if (error && error != HONE_E_LIMIT)
		return hone_err_wrap(err, "%s", path);
	if (error || id.hash_lo != expected->hash_lo || id.hash_hi != expected->hash_hi ||
		id.size != expected->size) {
		hone_err_set(err, HONE_E_CONFLICT,
			"%s was changed by another program since hone read it; nothing was written",
			path);
		return hone_err_hint(err, "run the command again");
	}
	return 0;
}

static int fill(int fd, struct hone_view bytes, const struct stat *like, bool durable,
	const char *path, struct hone_err *err)
{
	if (write_all(fd, bytes) < 0)
		return hone_err_sys(err, errno, "writing beside %s", path);
	if (like) {
		/* The owner can only be kept by root or when it is ours already. */
		if (fchown(fd, like->st_uid, like->st_gid) < 0 && errno != EPERM)
			return hone_err_sys(err, errno, "keeping the owner of %s", path);
		if (fchmod(fd, like->st_mode & 07777) < 0)
			return hone_err_sys(err, errno, "keeping the mode of %s", path);
	}
	if (durable && fsync(fd) < 0)
		return hone_err_sys(err, errno, "writing beside %s", path);
	return 0;
}

enum how { DURABLE = 1 << 0, NEW = 1 << 1 };

/* The common end: sibling, content, check, rename. like is NULL for a file of hone's own. */
static int put(const char *path, struct hone_view bytes, const struct stat *like, mode_t mode,
	unsigned how, const struct hone_file_id *expected, struct hone_err *err)
{
	hone_auto_temp struct hone_temp t = HONE_TEMP_INIT;
	/* fill gives the user's file its old mode; until then nobody else may read it. */
	int error = hone_temp_open(&t, path, like ? 0600 : mode, err);

	if (!error)
		error = fill(t.fd, bytes, like, how & DURABLE, path, err);
	if (!error)
		error = hone_temp_close(&t, path, err);
	if (!error && expected)
		error = check_unchanged(t.dirfd, hone_path_base(path), path, expected, err);
	if (!error)
		error = hone_temp_rename(&t, path, how & NEW, err);
	if (!error && how & DURABLE)
		(void)fsync(t.dirfd);
	return error;
}

int hone_fs_write(const char *path, struct hone_view bytes, mode_t mode, struct hone_err *err)
{
	return put(path, bytes, NULL, mode, DURABLE, NULL, err);
}

int hone_fs_write_new(const char *path, struct hone_view bytes, mode_t mode, struct hone_err *err)
{
	return put(path, bytes, NULL, mode, DURABLE | NEW, NULL, err);
}

int hone_fs_write_cache(const char *path, struct hone_view bytes, mode_t mode, struct hone_err *err)
{
	return put(path, bytes, NULL, mode, 0, NULL, err);
}

int hone_fs_replace(const char *path, struct hone_view bytes, const struct hone_file_id *expected,
	struct hone_err *err)
{
	hone_auto_free char *target = NULL;
	struct stat st;
	int error = follow_links(path, &target, err);

	if (error)
		return error;
	if (stat(target, &st) < 0)
		return hone_err_sys(err, errno, "opening %s", path);
	if (!S_ISREG(st.st_mode))
		return hone_err_set(err, HONE_E_FAILED, "%s is not a regular file", path);
	if (!(st.st_mode & 0222) || access(target, W_OK) < 0) {
		hone_err_sys(err, EACCES, "%s is read-only", path);
		return hone_err_hint(err, "make it writable (chmod u+w) and run the command again");
	}
	return put(target, bytes, &st, 0, DURABLE, expected, err);
}

void hone_fs_sweep(const char *path)
{
	hone_auto_free char *target = NULL;

	if (follow_links(path, &target, NULL) == 0)
		hone_temp_sweep(target);
}
