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
