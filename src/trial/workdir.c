#include "workdir.h"

#include "events.h"
#include "fs.h"
#include "proc.h"
#include "strv.h"
#include "turn.h"
#include "workload.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
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

#define TAG "CACHEDIR.TAG"

/* Backup programs leave a folder alone that holds this file (bford.info/cachedir); cargo does the same
 * for its target dir. In target/hone/ it is the mark by which hone knows a folder of its own. */
static int write_cache_tag(const char *dir, struct hone_err *err)
{
	hone_auto_free char *path = hone_path_join(dir, TAG);

	if (hone_fs_exists(path))
		return 0;
	return hone_fs_write_cache(path,
		HONE_VIEW("Signature: 8a477f597d28d172789f06886806bc55\n# This folder is made by "
			  "hone.\n"),
		0666, err);
}

/* Everything that a hone puts into its folder. */
static const char *const own_dirs[] = {
	"build", "artifacts", "run", "profiles", "tools", "check", "undo", NULL};
static const char *const own_files[] = {
	TAG, "lock", "hone.db", "hone.db-wal", "hone.db-shm", "hone.db-journal", NULL};

static bool is_among(const char *name, const char *const *list)
{
	while (*list && strcmp(*list, name) != 0)
		list++;
	return *list != NULL;
}

/* What is in a folder that may be hone's. */
struct contents {
	const char *root;
	unsigned dirs; /* of those that `clean` removes */
	bool tag, lock;
	char *foreign,
		*link; /* names of the first that hone did not put there, and of the first link; or NULL */
};

static int look_at(void *ctx, const char *name, struct hone_err *err)
{
	struct contents *c = ctx;
	hone_auto_free char *path = hone_path_join(c->root, name);
	struct stat st;
	bool known;

	if (lstat(path, &st) < 0)
		return errno == ENOENT ? 0 : hone_err_sys(err, errno, "reading %s", path);
	if (S_ISLNK(st.st_mode) && !c->link)
		c->link = hone_xstrdup(name);
	known = (S_ISDIR(st.st_mode) && is_among(name, own_dirs)) ||
		(S_ISREG(st.st_mode) && is_among(name, own_files));
	c->tag |= known && strcmp(name, TAG) == 0;
	c->lock |= known && strcmp(name, "lock") == 0;
	c->dirs += known && S_ISDIR(st.st_mode) && strcmp(name, "undo") != 0;
	if (!known && !hone_ends(name, ".tmp") && !c->foreign)
		c->foreign = hone_xstrdup(name);
	return 0;
}

static int refuse(const char *root, const char *why, const char *what, struct hone_err *err)
{
	hone_err_set(err, HONE_E_FAILED,
		"%s %s%s: hone writes and removes only in a folder of its own", root, why, what);
	return hone_err_hint(
		err, "move it out of the way, or name another place with --target-dir");
}

/* A hone before this one left no mark, but a lock beside its folders, and nothing else. */
static int judge(const struct contents *c, struct hone_err *err)
{
	const unsigned all = 5;

	if (c->link)
		return refuse(c->root, "holds a link, ", c->link, err);
	if (c->tag)
		return 0;
	if (c->foreign)
		return refuse(
			c->root, "has no mark of hone's (" TAG "), but holds ", c->foreign, err);
	if (c->dirs && (c->dirs != all || !c->lock))
		return refuse(c->root, "has no mark of hone's (" TAG ")", "", err);
	return 0;
}

const char *hone_workdir_profile_files(const struct hone_workdir *w)
{
	return w->profile_files ? w->profile_files : w->profiles;
}

int hone_workdir_check(const struct hone_workdir *w, bool *ret_exists, struct hone_err *err)
{
	struct contents c = {.root = w->root};
	struct stat st;
	int error;

	*ret_exists = false;
	if (lstat(w->root, &st) < 0)
		return errno == ENOENT || errno == ENOTDIR
			       ? 0
			       : hone_err_sys(err, errno, "reading %s", w->root);
	if (S_ISLNK(st.st_mode))
		return refuse(w->root, "is a link", "", err);
	if (!S_ISDIR(st.st_mode))
		return hone_err_set(
			err, HONE_E_FAILED, "%s is in the way: it is not a folder", w->root);
	*ret_exists = true;
	error = hone_fs_each(w->root, look_at, &c, err);
	if (!error)
		error = judge(&c, err);
	free(c.foreign);
	free(c.link);
	return error;
}

/* The variable that all processes below cargo have, with a value of this folder's own. Those of workloads have
 * HONE_RUN_MARK. */
static char *mark_of_builds(const struct hone_workdir *w)
{
	return hone_xasprintf("HONE_RUSTC_LOG=%s/units.log", w->tools);
}

/* The lock's file holds the holder's number while it is held: who finds one there comes after a hone that was killed,
 * perhaps together with what should have ended its compilers. */
static int end_orphans(const struct hone_workdir *w, struct hone_err *err)
{
	hone_auto_free char *mark = mark_of_builds(w);
	hone_auto_free char *runs = hone_xasprintf(HONE_RUN_MARK "=%s/", w->run);
	const struct hone_proc_marks marks = {mark, runs, w->run};
	hone_auto_free char *text = hone_xasprintf("%ld\n", (long)getpid());
	size_t n = strlen(text);
	unsigned ended = 0;
	char before;
	int error = 0;

	if (pread(w->lock_fd, &before, 1, 0) == 1)
		error = hone_proc_end_marked(&marks, &ended, err);
	if (error)
		return hone_err_wrap(err,
			"a hone that was killed left processes that still write into %s", w->root);
	if (ended)
		hone_events_note(w->events,
			"%u %s of a hone that was killed %s still at work in %s: ended", ended,
			ended == 1 ? "process" : "processes", ended == 1 ? "was" : "were", w->root);
	/* Where it cannot be written, nothing can be built either, which is then said. */
	(void)!pwrite(w->lock_fd, text, n, 0);
	return 0;
}

static int take_lock(struct hone_workdir *w, struct hone_err *err)
{
	hone_auto_free char *path = hone_path_join(w->root, "lock");
	int error = hone_turn_take(
		w->events, path, w->root, w->no_wait ? HONE_TURN_NO_WAIT : 0, &w->lock_fd, err);

	return error ? error : end_orphans(w, err);
}

int hone_workdir_open(struct hone_workdir *w, struct hone_err *err)
{
	hone_auto_free char *target = hone_path_dir(w->root);
	hone_auto_free char *linkers = hone_path_join(w->tools, "linkers");
	const char *const dirs[] = {w->build, w->artifacts, w->run, w->profiles, w->tools};
	/* Nothing of these serves twice, and what is found there may be anybody's: programs that would be started as linkers,
	 * files beside the copies that run. */
	const char *const stale[] = {linkers, w->run};
	bool exists;
	int error = hone_workdir_check(w, &exists, err);

	if (!error)
		error = hone_fs_mkdirs(target, err);
	if (!error)
		error = write_cache_tag(target, err);
	if (!error)
		error = hone_fs_mkdirs(w->root, err);
	if (!error)
		error = write_cache_tag(w->root, err);
	if (!error)
		error = take_lock(w, err);
	for (size_t i = 0; !error && i < HONE_COUNT(stale); i++)
		error = hone_fs_empty(stale[i], err);
	for (size_t i = 0; !error && i < HONE_COUNT(dirs); i++)
		error = hone_fs_mkdirs(dirs[i], err);
	return error;
}

void hone_workdir_close(struct hone_workdir *w)
{
	if (w->lock_fd >= 0) {
		(void)!ftruncate(w->lock_fd, 0);
		close(w->lock_fd);
	}
	free(w->root);
	free(w->build);
	free(w->artifacts);
	free(w->run);
	free(w->profiles);
	free(w->profile_files);
	free(w->tools);
	*w = (struct hone_workdir){.lock_fd = -1};
}

int hone_workdir_clean(struct hone_workdir *w, uint64_t *ret_freed, struct hone_err *err)
{
	hone_auto_free char *check = hone_path_join(w->root, "check");
	const char *const dirs[] = {w->build, w->artifacts, w->run, w->profiles, w->tools, check};
	uint64_t freed = 0;
	bool exists;
	int error = hone_workdir_check(w, &exists, err);

	if (!error && exists)
		error = write_cache_tag(w->root, err);
	w->no_wait = true;
	if (!error && exists)
		error = take_lock(w, err);
	for (size_t i = 0; !error && exists && i < HONE_COUNT(dirs); i++) {
		freed += hone_fs_tree_size(dirs[i]);
		error = hone_fs_remove_tree(dirs[i], err);
	}
	if (!error)
		*ret_freed = freed;
	return error;
}
