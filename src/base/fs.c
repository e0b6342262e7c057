#include "fs.h"
#include "fs_temp.h"

#include "hash.h"
#include "strv.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/fs.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>

int hone_fs_read(const char *path, size_t limit, struct hone_buf *buf, struct hone_file_id *ret_id,
	struct hone_err *err)
{
	hone_auto_close int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;

	hone_buf_reset(buf);
	if (fd < 0) {
		int errnum = errno;

		hone_err_sys(err, errnum, "opening %s", path);
		if (err && errnum == ENOENT)
			err->code = HONE_E_NOT_FOUND;
		return errnum == ENOENT ? HONE_E_NOT_FOUND : HONE_E_SYSTEM;
	}
	if (fstat(fd, &st) < 0)
		return hone_err_sys(err, errno, "reading %s", path);
	if (!S_ISREG(st.st_mode))
		return hone_err_set(err, HONE_E_FAILED, "%s is not a regular file", path);
	for (;;) {
		size_t step = (size_t)st.st_size > buf->n ? (size_t)st.st_size - buf->n + 1 : 4096;
		char *room;
		ssize_t n;

		if (buf->n > limit || (size_t)st.st_size > limit)
			return hone_err_set(err, HONE_E_LIMIT,
				"%s is larger than the %zu bytes that hone reads of such a file",
				path, limit);
		room = hone_buf_room(buf, step);
		if (!room)
			return hone_err_set(err, HONE_E_LIMIT, "%s is too large", path);
		n = read(fd, room, step);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return hone_err_sys(err, errno, "reading %s", path);
		if (n == 0)
			break;
		buf->n += (size_t)n;
		buf->p[buf->n] = '\0';
	}
	if (ret_id) {
		struct hone_hash h = hone_hash_bytes(hone_buf_view(buf));

		*ret_id = (struct hone_file_id){.dev = st.st_dev,
			.ino = st.st_ino,
			.size = buf->n,
			.hash_lo = h.lo,
			.hash_hi = h.hi,
			.mtime_ns = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec};
	}
	return 0;
}

bool hone_fs_exists(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0;
}

bool hone_fs_is_dir(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool hone_fs_is_virtual(const char *path)
{
	static const long kinds[] = {PROC_SUPER_MAGIC, SYSFS_MAGIC, DEVPTS_SUPER_MAGIC,
		DEBUGFS_MAGIC, TRACEFS_MAGIC, CGROUP_SUPER_MAGIC, CGROUP2_SUPER_MAGIC};
	struct statfs fs;

	if (statfs(path, &fs) < 0)
		return false;
	for (size_t i = 0; i < HONE_COUNT(kinds); i++)
		if ((long)fs.f_type == kinds[i])
			return true;
	return false;
}

int hone_fs_mkdirs(const char *path, struct hone_err *err)
{
	hone_auto_free char *copy = hone_xstrdup(path);

	for (char *p = copy + 1; *copy; p++) {
		char c = *p;

		if (c && c != '/')
			continue;
		*p = '\0';
		if (mkdir(copy, 0777) < 0 && errno != EEXIST)
			return hone_err_sys(err, errno, "creating folder %s", copy);
		if (!c)
			break;
		*p = c;
	}
	if (!hone_fs_is_dir(path))
		return hone_err_set(
			err, HONE_E_FAILED, "%s is in the way: it is not a folder", path);
	return 0;
}

/* With all that is in it; of a folder to be emptied only that. */
static int remove_at(
	int dirfd, const char *name, const char *shown, bool stays, struct hone_err *err)
{
	hone_auto_close int fd = -1;
	struct dirent *e;
	int error = 0;
	DIR *d;

	if (unlinkat(dirfd, name, 0) == 0 || errno == ENOENT)
		return 0;
	/* EBUSY: a mount stands there. */
	if (errno != EISDIR && errno != EPERM && errno != EBUSY)
		return hone_err_sys(err, errno, "removing %s", shown);
	fd = openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return hone_err_sys(err, errno, "removing %s", shown);
	d = fdopendir(fcntl(fd, F_DUPFD_CLOEXEC, 0));
	if (!d)
		return hone_err_sys(err, errno, "reading folder %s", shown);
	while (!error && (e = readdir(d))) {
		hone_auto_free char *inner = NULL;

		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		inner = hone_path_join(shown, e->d_name);
		error = remove_at(fd, e->d_name, inner, false, err);
	}
	closedir(d);
	if (!error && !stays && unlinkat(dirfd, name, AT_REMOVEDIR) < 0 && errno != ENOENT)
		error = hone_err_sys(err, errno, "removing folder %s", shown);
	return error;
}

int hone_fs_remove_tree(const char *path, struct hone_err *err)
{
	return remove_at(AT_FDCWD, path, path, false, err);
}

int hone_fs_empty(const char *path, struct hone_err *err)
{
	return remove_at(AT_FDCWD, path, path, true, err);
}

int hone_fs_remove(const char *path, struct hone_err *err)
{
	if (unlink(path) < 0 && errno != ENOENT)
		return hone_err_sys(err, errno, "removing %s", path);
	return 0;
}

int hone_fs_rename(const char *from, const char *to, struct hone_err *err)
{
	if (rename(from, to) < 0)
		return hone_err_sys(err, errno, "renaming %s to %s", from, to);
	return 0;
}

static int copy_bytes(int in, int out, const char *from, const char *to, struct hone_err *err)
{
	struct stat st;
	off_t done = 0;

	if (fstat(in, &st) < 0)
		return hone_err_sys(err, errno, "reading %s", from);
	if (ioctl(out, FICLONE, in) == 0)
		done = st.st_size;
	while (done < st.st_size) {
		ssize_t n = sendfile(out, in, &done, (size_t)(st.st_size - done));

		if (n < 0 && errno != EINTR)
			return hone_err_sys(err, errno, "copying %s to %s", from, to);
		if (n == 0)
			return hone_err_set(err, HONE_E_CONFLICT,
				"%s became shorter while it was copied", from);
	}
	if (fchmod(out, st.st_mode & 07777) < 0)
		return hone_err_sys(err, errno, "setting the mode of %s", to);
	return 0;
}

int hone_fs_copy(const char *from, const char *to, struct hone_err *err)
{
	hone_auto_temp struct hone_temp t = HONE_TEMP_INIT;
	hone_auto_close int in = open(from, O_RDONLY | O_CLOEXEC);
	int error;

	if (in < 0)
		return hone_err_sys(err, errno, "opening %s", from);
	error = hone_temp_open(&t, to, 0600, err);
	if (!error)
		error = copy_bytes(in, t.fd, from, to, err);
	if (!error)
		error = hone_temp_close(&t, to, err);
	return error ? error : hone_temp_rename(&t, to, false, err);
}

static uint64_t size_at(int dirfd, const char *name)
{
	struct stat st;
	uint64_t sum;
	struct dirent *e;
	DIR *d;
	int fd;

	if (fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	sum = (uint64_t)st.st_blocks * 512;
	if (!S_ISDIR(st.st_mode))
		return sum;
	fd = openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	d = fd < 0 ? NULL : fdopendir(fd);
	if (fd >= 0 && !d)
		(void)close(fd);
	while (d && (e = readdir(d)))
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			sum += size_at(fd, e->d_name);
	if (d)
		closedir(d);
	return sum;
}

uint64_t hone_fs_tree_size(const char *path)
{
	return size_at(AT_FDCWD, path);
}

int hone_fs_free_bytes(const char *path, uint64_t *ret_free, struct hone_err *err)
{
	hone_auto_free char *at = hone_path_absolute(path);
	struct statvfs fs;

	while (statvfs(at, &fs) < 0) {
		char *up;

		if (errno != ENOENT || strcmp(at, "/") == 0)
			return hone_err_sys(err, errno, "asking for free space at %s", at);
		up = hone_path_dir(at);
		free(at);
		at = up;
	}
	*ret_free = (uint64_t)fs.f_bavail * fs.f_frsize;
	return 0;
}

int hone_fs_find_link(const char *dir, const char *path, char **ret_name, struct hone_err *err)
{
	struct stat wanted, st;
	struct dirent *e;
	DIR *d;

	if (stat(path, &wanted) < 0)
		return hone_err_sys(err, errno, "reading %s", path);
	d = opendir(dir);
	if (!d)
		return hone_err_sys(err, errno, "reading folder %s", dir);
	while ((e = readdir(d))) {
		if (fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
			st.st_ino == wanted.st_ino && st.st_dev == wanted.st_dev) {
			*ret_name = hone_xstrdup(e->d_name);
			closedir(d);
			return 0;
		}
	}
	closedir(d);
	return hone_err_set(err, HONE_E_NOT_FOUND, "no other link to %s in %s", path, dir);
}

int hone_fs_list(const char *dir, struct hone_strv *ret_names, struct hone_err *err)
{
	DIR *d = opendir(dir);
	struct dirent *e;

	if (!d)
		return hone_err_sys(err, errno, "%s", dir);
	while ((e = readdir(d)))
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			hone_strv_push(ret_names, e->d_name);
	closedir(d);
	hone_strv_sort(ret_names);
	return 0;
}

int hone_fs_find_named(const char *dir, const char *begins, const char *ends, char **ret_path,
	struct hone_err *err)
{
	hone_auto_free char *first = NULL;
	struct dirent *e;
	DIR *d = opendir(dir);

	if (!d)
		return hone_err_sys(err, errno, "reading folder %s", dir);
	while ((e = readdir(d))) {
		if (!hone_starts(e->d_name, begins) || !hone_ends(e->d_name, ends))
			continue;
		if (first && strcmp(first, e->d_name) < 0)
			continue;
		free(first);
		first = hone_xstrdup(e->d_name);
	}
	closedir(d);
	if (!first)
		return hone_err_set(err, HONE_E_NOT_FOUND, "no %s*%s in %s", begins, ends, dir);
	*ret_path = hone_path_join(dir, first);
	return 0;
}

int hone_fs_size(const char *path, uint64_t *ret_size, struct hone_err *err)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return hone_err_sys(err, errno, "reading %s", path);
	*ret_size = (uint64_t)st.st_size;
	return 0;
}
