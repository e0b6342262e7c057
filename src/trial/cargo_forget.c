/* cargo makes one unit again: its fingerprint goes. */
#include "cargo_run.h"

#include "fs.h"
#include "target_kind.h"

#include <string.h>

/* Fingerprints of a library, whose files have no hash in their names: all of them go. */
struct forgotten {
	const char *folder, *prefix, *file;
	size_t n;
};

static int forget_one(void *ctx, const char *name, struct hone_err *err)
{
	struct forgotten *f = ctx;
	hone_auto_free char *dir = hone_path_join(f->folder, name);
	hone_auto_free char *file = hone_path_join(dir, f->file);

	if (!hone_starts(name, f->prefix) || !hone_fs_exists(file))
		return 0;
	f->n++;
	return hone_fs_remove_tree(dir, err);
}

/* A link is only captured when it happens. The final unit's fingerprint goes, so that cargo makes that
 * one unit again: deps/NAME-HASH is another link to the executable, .fingerprint/PACKAGE-HASH its
 * fingerprint (both in hone's own target dir). Nothing else makes cargo do so without changing the
 * binary or a file of the user's. */
static int forget_library(const struct hone_build_env *env, const char *dir, struct hone_err *err)
{
	hone_auto_free char *folder = hone_path_join(dir, ".fingerprint");
	hone_auto_free char *prefix = hone_xasprintf("%s-", env->project->package->name);
	hone_auto_free char *file = hone_xasprintf("lib-%s", env->project->target->name);
	struct forgotten f = {folder, prefix, file, 0};
	int error = hone_fs_each(folder, forget_one, &f, err);

	if (error || f.n)
		return error;
	return hone_err_set(err, HONE_E_UNSUPPORTED,
		"the link cannot be captured: this cargo keeps no fingerprint of %s below %s",
		env->project->target->name, folder);
}

int hone_cargo_forget(
	const struct hone_build_env *env, const char *executable, struct hone_err *err)
{
	hone_auto_free char *dir = hone_path_dir(executable);
	hone_auto_free char *deps = hone_path_join(dir, "deps");
	hone_auto_free char *hash = NULL;
	hone_auto_free char *fingerprint = NULL;
	int error = hone_fs_find_link(deps, executable, &hash, err);

	if (error)
		return hone_err_wrap(err, "the link of %s cannot be captured", executable);
	if (hone_target_kind_is_library(env->project->made))
		return forget_library(env, dir, err);
	/* NAME-HASH, of WebAssembly NAME-HASH.wasm. */
	if (hone_ends(hash, ".wasm"))
		hash[strlen(hash) - strlen(".wasm")] = '\0';
	fingerprint = hone_xasprintf("%s/.fingerprint/%s%s", dir, env->project->package->name,
		strrchr(hash, '-') ? strrchr(hash, '-') : "");
	if (!hone_fs_is_dir(fingerprint))
		return hone_err_set(err, HONE_E_UNSUPPORTED,
			"the link cannot be captured: this cargo keeps no fingerprint at %s",
			fingerprint);
	return hone_fs_remove_tree(fingerprint, err);
}
