#ifndef HONE_PLAN_PLAN_FILES_H
#define HONE_PLAN_PLAN_FILES_H
/* Files that a plan's arguments name by a path in the project, as the linker is started in the
 * workspace's root. apply writes them there. While hone builds, its rustc wrapper puts copies of its own
 * in their place, where cargo does not see it: the arguments that cargo hashes stay the same, and so do
 * the bytes. */
#include "plan.h"

/* Their folder in the workspace. */
#define HONE_PLAN_FILES_DIR ".cargo/hone"

/* What has to stand before HONE_PLAN_FILES_DIR in arguments of the final crate: nothing, as cargo starts rustc in the
 * workspace's root, but for a package outside of it the way from the package's own folder. The caller frees. */
char *hone_plan_files_before(const struct hone_build_env *env);
/* The path of a file of the user's as the arguments of the final crate have to name it: value is what the setting says,
 * absolute or from the workspace's root. Its content is added to plan->user_files. HONE_E_USAGE: it is not there. The
 * caller frees *ret_path. */
int hone_plan_use_file(const struct hone_build_env *env, struct hone_plan *plan,
	const struct hone_assign *a, struct hone_view value, char **ret_path, struct hone_err *err);
/* Puts that before every such path. */
void hone_plan_files_reach(const struct hone_build_env *env, struct hone_strv *args);
/* The text of the file of this name, or NULL when hone has none. Static. */
const char *hone_plan_file_text(const char *name);
/* Appends the names of those that an argument list mentions, each once. */
void hone_plan_file_names(const struct hone_strv *args, struct hone_strv *ret_names);
/* Writes the files of a plan into a folder. */
int hone_plan_files_write(const struct hone_plan *plan, const char *dir, struct hone_err *err);

#endif
