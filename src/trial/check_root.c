/* The folder of a check's trees. It has the same name for every check of a repository, so that cargo, which goes by paths,
 * finds what it compiled for the last one; whoever holds the lock on it fills it. */
#include "check.h"

#include "fs.h"
#include "hash.h"
#include "lock.h"
#include "num.h"
#include "turn.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NAME "hone-check-"
/* As mkdtemp has it, so that no name is longer than another one. */
#define ENDING 6

/* A folder that nobody else can write into. */
static bool is_own(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == geteuid() &&
	       !(st.st_mode & (S_IWGRP | S_IWOTH));
}

/* Is the folder that the lock is on still that of the path? Whoever held it before has removed it. */
static bool is_same(int fd, const char *path)
{
	struct stat locked, now;

	return fstat(fd, &locked) == 0 && lstat(path, &now) == 0 && locked.st_dev == now.st_dev &&
	       locked.st_ino == now.st_ino;
}

/* Folders of a check that was killed hold the number of its process. */
static int sweep(void *ctx, const char *name, struct hone_err *err)
{
	hone_auto_free char *dir = hone_path_join(ctx, name);
	hone_auto_free char *path = hone_path_join(dir, "pid");
	hone_auto_free char *lock = hone_path_join(dir, ".");
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	hone_auto_close int fd = -1;
	uint64_t pid = 0;

	(void)err;
	if (!hone_starts(name, NAME) || !is_own(dir) || hone_fs_read(path, 32, &text, NULL, NULL))
		return 0;
	if (!hone_parse_u64(hone_view_trim(hone_buf_view(&text)), &pid) || !pid || pid > INT_MAX ||
		kill((pid_t)pid, 0) == 0 || errno != ESRCH)
		return 0;
	if (!hone_lock_open(lock, &fd, NULL) && !hone_lock_try(fd, false, dir, NULL) &&
		is_same(fd, dir))
		(void)hone_fs_remove_tree(dir, NULL);
	return 0;
}

/* Takes the folder of the name, made where it is not there. *ret_taken: false where somebody else has one of that name. */
static int take(const struct hone_session *s, struct hone_check_trees *t, const char *path,
	bool *ret_taken, struct hone_err *err)
{
	unsigned how = s->dir.no_wait ? HONE_TURN_NO_WAIT : 0;
	/* With a dot, which a folder alone has: where it was removed meanwhile, no file is made in its place. */
	hone_auto_free char *lock = hone_path_join(path, ".");
	int error = 0;

	for (;;) {
		hone_auto_close int fd = -1;

		if (mkdir(path, 0700) < 0 && errno != EEXIST)
			return hone_err_sys(err, errno, "making a folder %s", path);
		*ret_taken = is_own(path);
		if (!*ret_taken)
			return 0;
		error = hone_turn_take(s->events, lock, t->repository, how, &fd, err);
		if (error == HONE_E_SYSTEM && !hone_fs_exists(path)) {
			hone_err_release(err);
			continue;
		}
		if (error)
			return error;
		if (!is_same(fd, path))
			continue;
		t->lock_fd = fd;
		fd = -1;
		return hone_fs_empty(path, err);
	}
}

int hone_check_root_open(
	const struct hone_session *s, struct hone_check_trees *t, struct hone_err *err)
{
	const char *asked = getenv("TMPDIR");
	hone_auto_free char *tmp = hone_xstrdup(asked && *asked == '/' ? asked : "/tmp");
	hone_auto_free char *whose =
		hone_xasprintf("%lu %s", (unsigned long)geteuid(), t->repository);
	hone_auto_free char *pid = hone_xasprintf("%ld\n", (long)getpid());
	hone_auto_free char *named = NULL, *path = NULL;
	char hash[HONE_HASH_TEXT];
	bool taken = false;
	int error;

	(void)hone_fs_each(tmp, sweep, tmp, NULL);
	hone_hash_text(hash, hone_hash_bytes(hone_view_of(whose)));
	named = hone_xasprintf("%s/" NAME "%.*s", tmp, ENDING, hash);
	error = take(s, t, named, &taken, err);
	if (error)
		return error;
	if (!taken) {
		free(named);
		named = hone_path_join(tmp, NAME "XXXXXX");
		if (!mkdtemp(named))
			return hone_err_sys(err, errno, "making a folder %s", named);
	}
	if (hone_path_real(named, &t->root, err))
		return err->code;
	t->base = hone_path_join(t->root, "base");
	t->head = hone_path_join(t->root, "head");
	path = hone_path_join(t->root, "pid");
	return hone_fs_write_cache(path, hone_view_of(pid), 0600, err);
}

void hone_check_root_close(struct hone_check_trees *t)
{
	if (t->root)
		(void)hone_fs_remove_tree(t->root, NULL);
	free(t->root);
	free(t->base);
	free(t->head);
	hone_close_p(&t->lock_fd);
}
