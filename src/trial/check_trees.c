/* The two trees of a check, out of git. */
#include "check.h"
#include "check_git.h"

#include "fs.h"

#include <string.h>
#include <unistd.h>

/* Where HEAD left the default branch. */
static int find_base(struct hone_check_trees *t, struct hone_err *err)
{
	static const char *const branches[] = {
		"origin/HEAD", "origin/main", "origin/master", "main", "master"};

	for (size_t i = 0; i < HONE_COUNT(branches); i++) {
		hone_auto_free char *tip = hone_git_commit(t->repository, branches[i]);
		const char *const args[] = {"merge-base", "HEAD", branches[i], NULL};

		if (!tip)
			continue;
		t->base_commit = hone_git_ask(t->repository, args);
		if (!t->base_commit && hone_git_is_shallow(t->repository))
			return hone_git_no_revision(t->repository, branches[i], err);
		if (t->base_commit && strcmp(t->base_commit, t->head_commit) == 0 && !t->edits) {
			hone_err_set(err, HONE_E_USAGE,
				"HEAD is on %s, and nothing is edited: there is no base to compare "
				"with",
				branches[i]);
			return hone_err_hint(err, "name one: `--base HEAD^`");
		}
		if (t->base_commit)
			return 0;
	}
	hone_err_set(err, HONE_E_USAGE, "which branch is the default one is not known here");
	return hone_err_hint(err, "name a revision: `--base REV`");
}

static size_t count_lines(const struct hone_buf *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->n; i++)
		n += b->p[i] == '\n';
	return n;
}

static int find_head(struct hone_check_trees *t, struct hone_err *err)
{
	const char *const status[] = {"status", "--porcelain", "--untracked-files=all", NULL};
	hone_auto_buf struct hone_buf out = HONE_BUF_INIT;

	t->head_commit = hone_git_commit(t->repository, "HEAD");
	if (!t->head_commit)
		return hone_git_no_revision(t->repository, "HEAD", err);
	if (hone_git(t->repository, status, NULL, &out, err))
		return err->code;
	t->edits = count_lines(&out);
	return 0;
}

/* The repository's folder; git says itself why it reads none. */
static int find_repository(const char *root, char **ret, struct hone_err *err)
{
	const char *const toplevel[] = {"rev-parse", "--show-toplevel", NULL};
	hone_auto_buf struct hone_buf out = HONE_BUF_INIT;
	int error = hone_git(root, toplevel, NULL, &out, err);

	*ret = hone_view_dup(hone_view_trim(hone_buf_view(&out)));
	if (error == HONE_E_NOT_FOUND || (!error && **ret))
		return error;
	if (!error)
		error = hone_err_set(err, HONE_E_FAILED, "git names no folder");
	hone_err_wrap(err, "%s is in no git repository, so that there is no base to build", root);
	return hone_err_hint(
		err, "`cargo hone size --diff` compares files; `git init` begins a history");
}

int hone_check_trees_open(const struct hone_session *s, const struct hone_check_request *r,
	struct hone_check_trees *ret, struct hone_err *err)
{
	hone_auto_free char *here = getcwd(NULL, 0);
	int error;

	*ret = (struct hone_check_trees)HONE_CHECK_TREES_INIT;
	error = find_repository(s->project->workspace_root, &ret->repository, err);
	if (error)
		return error;
	ret->inside = here && hone_path_is_within(here, ret->repository)
			      ? hone_path_relative(here, ret->repository)
			      : hone_path_relative(s->project->workspace_root, ret->repository);
	if (strcmp(ret->inside, ret->repository) == 0) {
		free(ret->inside);
		ret->inside = hone_xstrdup("");
	}
	error = find_head(ret, err);
	if (!error && r->base) {
		ret->base_commit = hone_git_commit(ret->repository, r->base);
		if (!ret->base_commit)
			error = hone_git_no_revision(ret->repository, r->base, err);
	} else if (!error && !r->against && !r->head_only) {
		error = find_base(ret, err);
	}
	return error ? error : hone_check_root_open(s, ret, err);
}

void hone_check_trees_close(struct hone_check_trees *t)
{
	hone_check_root_close(t);
	free(t->repository);
	free(t->inside);
	free(t->base_commit);
	free(t->head_commit);
	*t = (struct hone_check_trees)HONE_CHECK_TREES_INIT;
}

int hone_check_tree_base(const struct hone_check_trees *t, struct hone_err *err)
{
	hone_auto_free char *index = hone_xasprintf("GIT_INDEX_FILE=%s/index", t->root);
	hone_auto_free char *prefix = hone_xasprintf("--prefix=%s/", t->base);
	const char *const env[] = {index, NULL};
	const char *const read[] = {"read-tree", t->base_commit, NULL};
	const char *const out[] = {"checkout-index", "--all", "--force", "--quiet", prefix, NULL};
	int error = hone_fs_mkdirs(t->base, err);

	if (!error)
		error = hone_git(t->repository, read, env, NULL, err);
	if (!error)
		error = hone_git(t->repository, out, env, NULL, err);
	return error;
}

static int copy_one(const struct hone_check_trees *t, const char *name, struct hone_err *err)
{
	hone_auto_free char *from = hone_path_join(t->repository, name);
	hone_auto_free char *to = hone_path_join(t->head, name);
	hone_auto_free char *dir = hone_path_dir(to);
	struct stat st;

	if (lstat(from, &st) < 0) /* a file that was removed is still in the index */
		return 0;
	if (hone_fs_mkdirs(dir, err))
		return err->code;
	return hone_fs_copy_tree(from, to, err);
}

/* What git tracks or would: not what it ignores, and nothing of a target folder that it does not ignore. */
int hone_check_tree_head(
	const struct hone_session *s, const struct hone_check_trees *t, struct hone_err *err)
{
	const char *const list[] = {
		"ls-files", "-z", "--cached", "--others", "--exclude-standard", NULL};
	hone_auto_buf struct hone_buf names = HONE_BUF_INIT;
	int error = hone_git(t->repository, list, NULL, &names, err);

	for (size_t at = 0; !error && at < names.n; at += strlen(names.p + at) + 1) {
		hone_auto_free char *path = hone_path_join(t->repository, names.p + at);

		if (!hone_path_is_within(path, s->project->target_dir))
			error = copy_one(t, names.p + at, err);
	}
	return error;
}
