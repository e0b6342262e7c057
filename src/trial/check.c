#include "check.h"

#include "compress.h"
#include "fs.h"
#include "inputs.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* The same options for another tree: paths in the repository become those in the tree, all others absolute. */
static void fit_options(const struct hone_session *s, const struct hone_check_trees *t,
	const char *tree, const char *target_dir, struct hone_cargo_opts *ret)
{
	const struct hone_cargo_opts *o = s->env.opts;

	*ret = *o;
	ret->manifest_path = NULL;
	ret->target_dir = hone_xstrdup(target_dir);
	ret->config = (struct hone_strv)HONE_STRV_INIT;
	if (o->manifest_path) {
		hone_auto_free char *whole = hone_path_absolute(o->manifest_path);
		hone_auto_free char *inside = hone_path_relative(whole, t->repository);

		ret->manifest_path = hone_path_join(tree, inside);
	}
	for (size_t i = 0; i < o->config.n; i++)
		if (strchr(o->config.v[i], '='))
			hone_strv_push(&ret->config, o->config.v[i]);
		else
			hone_strv_take(&ret->config, hone_path_absolute(o->config.v[i]));
}

/* Who ignores Cargo.lock builds both sides with the one that is there. */
static int bring_lock(const struct hone_session *s, const struct hone_check_trees *t,
	const char *tree, struct hone_err *err)
{
	hone_auto_free char *from = hone_path_join(s->project->workspace_root, "Cargo.lock");
	hone_auto_free char *inside = hone_path_relative(from, t->repository);
	hone_auto_free char *to = hone_path_join(tree, inside);
	hone_auto_free char *dir = hone_path_dir(to);

	if (hone_fs_exists(to) || !hone_fs_exists(from) || !hone_fs_is_dir(dir))
		return 0;
	return hone_fs_copy(from, to, err);
}

static int enter(const struct hone_session *s, const struct hone_check_trees *t, const char *tree,
	struct hone_err *err)
{
	hone_auto_free char *same = hone_path_join(tree, t->inside);
	hone_auto_free char *root = hone_path_relative(s->project->workspace_root, t->repository);
	hone_auto_free char *other = *root == '/' ? hone_xstrdup(tree) : hone_path_join(tree, root);

	if (chdir(same) == 0 || chdir(other) == 0)
		return 0;
	return hone_err_sys(err, errno, "entering %s", other);
}

/* cargo takes config files and toolchain from the folder that it is started in: it is the tree's. */
int hone_check_tree_build(struct hone_session *s, const struct hone_check_trees *t,
	const char *tree, struct hone_check_side *ret, struct hone_err *err)
{
	hone_auto_free char *here = getcwd(NULL, 0);
	hone_auto_free char *target_dir =
		hone_xasprintf("%s/check/%s", s->dir.root, hone_path_base(tree));
	hone_auto_free char *times = hone_xasprintf("%s.times", target_dir);
	struct hone_session sub = HONE_SESSION_INIT;
	struct hone_cargo_opts opts;
	int error = bring_lock(s, t, tree, err);

	fit_options(s, t, tree, target_dir, &opts);
	if (!error)
		error = hone_fs_mkdirs(target_dir, err);
	if (!error)
		error = hone_check_mtimes_set(tree, times, err);
	if (!error)
		error = enter(s, t, tree, err);
	if (!error)
		error = hone_session_open(
			&opts, s->events, HONE_SESSION_GRAPH | HONE_SESSION_BUILD, &sub, err);
	if (!error) {
		error = hone_check_side_build(&sub, ret, err);
		if (!error)
			error = hone_inputs_check(sub.dir.inputs, err);
		hone_session_close(&sub);
	}
	if (here && chdir(here) < 0 && !error)
		error = hone_err_sys(err, errno, "entering %s", here);
	free(opts.manifest_path);
	free(opts.target_dir);
	hone_strv_release(&opts.config);
	if (!error)
		return 0;
	if (t->searches)
		hone_err_wrap(err, "commit %s", ret->what);
	else
		hone_err_wrap(err, "the %s (%s)", hone_path_base(tree), ret->what);
	if (!err->hint && error != HONE_E_INTERRUPTED)
		hone_err_hint(err, "it is built as git knows it: what is ignored, and what lies "
				   "outside of the "
				   "repository, is not there");
	return error;
}

static void name_head(const struct hone_check_trees *t, struct hone_check_side *head)
{
	head->commit = hone_arena_strdup(&head->arena, t->head_commit);
	head->what = t->edits ? hone_arena_printf(&head->arena, "%.9s with %zu uncommitted %s",
					t->head_commit, t->edits, t->edits == 1 ? "edit" : "edits")
			      : hone_arena_printf(&head->arena, "%.9s", t->head_commit);
}

static int build_sides(struct hone_session *s, const struct hone_check_request *r,
	const struct hone_check_trees *t, struct hone_check_side *base,
	struct hone_check_side *head, struct hone_err *err)
{
	int error = hone_check_tree_head(s, t, err);

	name_head(t, head);
	if (!error)
		error = hone_check_tree_build(s, t, t->head, head, err);
	if (error || r->against || r->head_only)
		return error;
	base->commit = hone_arena_strdup(&base->arena, t->base_commit);
	base->what = hone_arena_printf(&base->arena, "%.9s", t->base_commit);
	error = hone_check_tree_base(t, err);
	return error ? error : hone_check_tree_build(s, t, t->base, base, err);
}

int hone_check_build(struct hone_session *s, const struct hone_check_request *r,
	struct hone_check_side *ret_base, struct hone_check_side *ret_head, struct hone_err *err)
{
	hone_auto_free char *saved = hone_path_join(s->dir.root, "check/saved");
	struct hone_check_trees t = HONE_CHECK_TREES_INIT;
	int error = r->against ? hone_check_load(r->against, saved, ret_base, err) : 0;

	if (!error)
		error = hone_check_trees_open(s, r, &t, err);
	if (!error)
		error = build_sides(s, r, &t, ret_base, ret_head, err);
	if (!error && hone_check_has(ret_head, HONE_CHECK_BROTLI) &&
		!hone_check_knows(ret_head, HONE_CHECK_BROTLI))
		hone_compress_say_missing(s->events);
	hone_check_trees_close(&t);
	return error;
}
