#include "twin.h"

#include "fs.h"
#include "link_replay.h"

/* The captured link, repeated as it was, must be the link that cargo had done. */
static int check_replay(const char *link_dir, const struct hone_artifact *a, struct hone_err *err)
{
	hone_auto_free char *again = hone_path_join(link_dir, "again");
	struct hone_hash replayed, built;
	int error = hone_link_replay(link_dir, again, NULL, NULL, NULL, err);

	if (!error)
		error = hone_hash_file(again, &replayed, err);
	if (!error)
		error = hone_hash_file(a->built_at, &built, err);
	if (!error && !hone_hash_eq(replayed, built))
		error = hone_err_set(err, HONE_E_FAILED,
			"the link of %s, done again, gives other bytes: it has inputs that hone "
			"did not see",
			a->built_at);
	return error;
}

int hone_twin_make(const struct hone_plan *plan, const struct hone_build_env *env,
	const struct hone_workdir *dir, const struct hone_build_watch *watch,
	struct hone_artifact **ret_artifact, char **ret_path, struct hone_err *err)
{
	hone_auto_free char *link_dir = hone_xasprintf("%s/%s/link", dir->artifacts, plan->key);
	hone_auto_free char *path = NULL;
	struct hone_artifact *a = NULL;
	int error = hone_artifact_build(plan, env, dir, link_dir, watch, &a, err);

	if (error)
		return error;
	path = hone_xasprintf("%s.unstripped", a->path);
	error = check_replay(link_dir, a, err);
	if (!error)
		error = hone_link_replay(link_dir, path, hone_link_strip_args, NULL, NULL, err);
	/* The copies of all inputs are large; the twin is what was wanted of them. */
	if (!error)
		error = hone_fs_remove_tree(link_dir, err);
	if (error) {
		hone_artifact_free(a);
		return error;
	}
	*ret_artifact = a;
	*ret_path = HONE_TAKE(path);
	return 0;
}

/* A twin of the link that was just captured; the captured files are removed. */
static bool twin_of_capture(const char *link_dir, const struct hone_artifact *a, const char *twin)
{
	bool made = check_replay(link_dir, a, NULL) == 0 &&
		    hone_link_replay(link_dir, twin, hone_link_strip_args, NULL, NULL, NULL) == 0;

	(void)hone_fs_remove_tree(link_dir, NULL);
	return made;
}

int hone_twin_build(const struct hone_plan *plan, const struct hone_build_env *env,
	const struct hone_workdir *dir, const struct hone_build_watch *watch,
	struct hone_artifact **ret_artifact, char **ret_path, struct hone_err *err)
{
	hone_auto_free char *link_dir = hone_xasprintf("%s/%s/link", dir->artifacts, plan->key);
	hone_auto_free char *twin = NULL;
	bool strips = hone_plan_strips_symbols(plan, env);
	struct hone_build_watch sparing = watch ? *watch : (struct hone_build_watch){0};
	struct hone_artifact *a = NULL;
	int error;

	sparing.spare_fresh = true;
	error = hone_artifact_build(
		plan, env, dir, strips ? link_dir : NULL, strips ? &sparing : watch, &a, err);
	if (error)
		return error;
	*ret_artifact = a;
	*ret_path = NULL;
	if (!a->is_elf)
		return 0;
	if (a->elf.has_symtab)
		*ret_path = hone_xstrdup(a->path);
	else if (!strips)
		*ret_path = hone_xstrdup(a->built_at); /* what hone's own strip was given */
	if (*ret_path)
		return 0;
	twin = hone_xasprintf("%s.unstripped", a->path);
	if (a->reused ? hone_fs_exists(twin) : twin_of_capture(link_dir, a, twin))
		*ret_path = HONE_TAKE(twin);
	return 0;
}
