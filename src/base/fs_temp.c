#include "fs_temp.h"

#include "path.h"
#include "view.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define HEX 16
#ifndef RENAME_NOREPLACE
#define RENAME_NOREPLACE 1U
#endif
#define MAX_TRIES 100

/* Is it one for a file of this name? */
static bool is_temp_of(const char *temp, const char *name)
{
	hone_auto_free char *begins = hone_xasprintf(".%.200s.", name);
	size_t n = strlen(begins);

	return hone_starts(temp, begins) && strspn(temp + n, "0123456789abcdef") == HEX &&
	       strcmp(temp + n + HEX, ".tmp") == 0;
}

/* Only a file whose lock can be had: where there are no locks, nobody knows whether it is still being written. */
static void remove_left(int dirfd, const char *temp)
{
	hone_auto_close int fd =
		openat(dirfd, temp, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat st;

	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
		flock(fd, LOCK_EX | LOCK_NB) == 0)
		(void)unlinkat(dirfd, temp, 0);
}

static void sweep(int dirfd, const char *name)
{
	int again = openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = again < 0 ? NULL : fdopendir(again);
	struct dirent *e;

	while (d && (e = readdir(d)))
		if (e->d_name[0] == '.' && is_temp_of(e->d_name, name))
			remove_left(dirfd, e->d_name);
	if (d)
		closedir(d);
}

static int open_folder(const char *path)
{
	hone_auto_free char *dir = hone_path_dir(path);

	return open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

void hone_temp_sweep(const char *path)
{
	hone_auto_close int dirfd = open_folder(path);

	if (dirfd >= 0)
		sweep(dirfd, hone_path_base(path));
}

/* Another hone may take a file for one that is left before its lock is taken: then it is gone, or locked. */
static bool hold(struct hone_temp *t, const char *temp)
{
	struct stat st;

	/* Not by the descriptor that writes: as long as one does, nobody can execute the file. */
	t->hold = openat(t->dirfd, temp, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (t->hold < 0 || (flock(t->hold, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK))
		return false;
	return fstat(t->hold, &st) < 0 || st.st_nlink > 0;
}

static int create(struct hone_temp *t, const char *name, mode_t mode)
{
	for (int i = 0; i < MAX_TRIES; i++) {
		hone_auto_free char *temp = NULL;
		uint64_t r = 0;

		if (getrandom(&r, sizeof(r), 0) != (ssize_t)sizeof(r))
			r = (uint64_t)getpid() + (uint64_t)i;
		temp = hone_xasprintf(".%.200s.%016llx.tmp", name, (unsigned long long)r);
		t->fd = openat(
			t->dirfd, temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
		if (t->fd < 0 && errno != EEXIST)
			return -1;
		if (t->fd >= 0 && hold(t, temp)) {
			t->name = HONE_TAKE(temp);
			return 0;
		}
		if (t->fd >= 0)
			(void)unlinkat(t->dirfd, temp, 0);
		hone_close_p(&t->fd);
		hone_close_p(&t->hold);
	}
	errno = EEXIST;
	return -1;
}

int hone_temp_open(struct hone_temp *t, const char *path, mode_t mode, struct hone_err *err)
{
	hone_auto_free char *dir = hone_path_dir(path);
	const char *name = hone_path_base(path);

	t->dirfd = open_folder(path);
	if (t->dirfd < 0)
		return hone_err_sys(err, errno, "opening folder %s", dir);
	sweep(t->dirfd, name);
	if (create(t, name, mode) < 0)
		return hone_err_sys(err, errno, "creating a file in %s", dir);
	return 0;
}

int hone_temp_close(struct hone_temp *t, const char *path, struct hone_err *err)
{
	int closing = t->fd;

	t->fd = -1;
	return close(closing) < 0 ? hone_err_sys(err, errno, "writing beside %s", path) : 0;
}

/* The kernel looks whether the name is free; file systems that cannot do that are asked before. */
static int rename_to(const struct hone_temp *t, const char *name, bool is_new)
{
	struct stat st;

	if (is_new) {
		if (syscall(SYS_renameat2, t->dirfd, t->name, t->dirfd, name, RENAME_NOREPLACE) ==
			0)
			return 0;
		if (errno != EINVAL && errno != ENOSYS)
			return -1;
		if (fstatat(t->dirfd, name, &st, AT_SYMLINK_NOFOLLOW) == 0) {
			errno = EEXIST;
			return -1;
		}
	}
	return renameat(t->dirfd, t->name, t->dirfd, name);
}

int hone_temp_rename(struct hone_temp *t, const char *path, bool is_new, struct hone_err *err)
{
	if (rename_to(t, hone_path_base(path), is_new) < 0) {
		if (is_new && errno == EEXIST)
			return hone_err_set(err, HONE_E_CONFLICT,
				"%s was made by another program meanwhile; nothing was written",
				path);
		return hone_err_sys(err, errno, "replacing %s", path);
	}
	free(t->name);
	t->name = NULL;
	return 0;
}

void hone_temp_release(struct hone_temp *t)
{
	if (t->name)
		(void)unlinkat(t->dirfd, t->name, 0);
	free(t->name);
	t->name = NULL;
	hone_close_p(&t->fd);
	hone_close_p(&t->hold);
	hone_close_p(&t->dirfd);
}
