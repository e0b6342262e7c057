#include "workdir.h"

#include "fs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

void hone_workdir_init(struct hone_workdir *w, const char *target_dir)
{
	*w = (struct hone_workdir){.root = hone_path_join(target_dir, "hone"), .lock_fd = -1};
	w->build = hone_path_join(w->root, "build");
	w->artifacts = hone_path_join(w->root, "artifacts");
	w->run = hone_path_join(w->root, "run");
	w->profiles = hone_path_join(w->root, "profiles");
	w->tools = hone_path_join(w->root, "tools");
}

/* Backup programs leave a folder alone that holds this file (bford.info/cachedir); cargo does the same
 * for its target dir. */
static int write_cache_tag(const char *dir, struct hone_err *err)
{
	hone_auto_free char *path = hone_path_join(dir, "CACHEDIR.TAG");

	if (hone_fs_exists(path))
		return 0;
	return hone_fs_write_cache(path,
		HONE_VIEW("Signature: 8a477f597d28d172789f06886806bc55\n# This folder is made by "
			  "hone.\n"),
		0666, err);
}

static int take_lock(struct hone_workdir *w, struct hone_err *err)
{
	hone_auto_free char *path = hone_path_join(w->root, "lock");
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);

	if (fd < 0)
		return hone_err_sys(err, errno, "creating %s", path);
	if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		int errnum = errno;

		close(fd);
		if (errnum != EWOULDBLOCK)
			return hone_err_sys(err, errnum, "locking %s", path);
		hone_err_set(err, HONE_E_CONFLICT, "another hone is at work in %s", w->root);
		return hone_err_hint(
			err, "wait until it has ended, or give this one its own --target-dir");
	}
	w->lock_fd = fd;
	return 0;
}

int hone_workdir_open(struct hone_workdir *w, struct hone_err *err)
{
	hone_auto_free char *target = hone_path_dir(w->root);
	const char *const dirs[] = {w->build, w->artifacts, w->run, w->profiles, w->tools};
	int error = hone_fs_mkdirs(target, err);

	if (!error)
		error = write_cache_tag(target, err);
	for (size_t i = 0; !error && i < HONE_COUNT(dirs); i++)
		error = hone_fs_mkdirs(dirs[i], err);
	if (!error)
		error = take_lock(w, err);
	return error;
}

void hone_workdir_close(struct hone_workdir *w)
{
	if (w->lock_fd >= 0)
		close(w->lock_fd);
	free(w->root);
	free(w->build);
	free(w->artifacts);
	free(w->run);
	free(w->profiles);
	free(w->tools);
	*w = (struct hone_workdir){.lock_fd = -1};
}

int hone_workdir_clean(struct hone_workdir *w, uint64_t *ret_freed, struct hone_err *err)
{
	const char *const dirs[] = {w->build, w->artifacts, w->run, w->profiles, w->tools};
	uint64_t freed = 0;
	int error = 0;

	for (size_t i = 0; !error && i < HONE_COUNT(dirs); i++) {
		freed += hone_fs_tree_size(dirs[i]);
		error = hone_fs_remove_tree(dirs[i], err);
	}
	if (!error)
		*ret_freed = freed;
	return error;
}
