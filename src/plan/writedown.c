#include "writedown.h"

#include "alias_edit.h"
#include "allocator.h"
#include "plan_files.h"
#include "plan_impl.h"
#include "toml_doc.h"
#include "wasm_pack.h"

#include <string.h>

/* Largest Cargo.toml or config file that hone edits. */
#define EDIT_LIMIT ((size_t)16 << 20)

void hone_writedown_release(struct hone_writedown *w)
{
	for (size_t i = 0; i < w->changes.n; i++) {
		free(w->changes.v[i].path);
		free(w->changes.v[i].before);
		free(w->changes.v[i].after);
		free(w->changes.v[i].source);
	}
	hone_vec_release(&w->changes);
	free(w->displaced);
	hone_strv_release(&w->touched);
	free(w->record);
	w->record = NULL;
}

static enum hone_toml_version toml_version(const struct hone_build_env *env)
{
	return env->toolchain->cargo_minor >= 94 ? HONE_TOML_1_1 : HONE_TOML_1_0;
}

/* Keeps the file's new content when it differs from before; NULL removes the file. */
static void add_change(struct hone_writedown *w, const char *path, const char *before,
	const struct hone_file_id *id, const char *after)
{
	if (before && after && strcmp(before, after) == 0)
		return;
	hone_vec_push(&w->changes, (struct hone_file_change){.path = hone_xstrdup(path),
					   .before = before ? hone_xstrdup(before) : NULL,
					   .after = after ? hone_xstrdup(after) : NULL,
					   .id = *id});
}

static void add_document(struct hone_writedown *w, const char *path, const char *before,
	const struct hone_file_id *id, const struct hone_toml *doc)
{
	hone_auto_buf struct hone_buf after = HONE_BUF_INIT;

	hone_toml_print(doc, &after);
	if (before && after.n < strlen(before) && !hone_view_trim(hone_buf_view(&after)).n)
		add_change(w, path, before, id, NULL); /* nothing else stood in it */
	else
		add_change(w, path, before, id, hone_buf_str(&after));
}

static int set_keys(struct hone_toml *doc, const struct hone_plan_part *part, struct hone_err *err)
{
	const struct hone_plan *plan = part->plan;
	int error = 0;

	for (size_t i = 0; !error && i < plan->n_keys; i++) {
		const char *path[HONE_PLAN_PATH_MAX];
		size_t n = hone_plan_key_path(part->env, &plan->keys[i], path);

		error = hone_toml_put(doc, path, n, plan->keys[i].value, err);
	}
	return error;
}

/* Of one candidate: no two parts give a key different values. */
static int edit_manifest(const struct hone_plan_part *parts, size_t n, struct hone_writedown *w,
	struct hone_err *err)
{
	const struct hone_build_env *env = parts->env;
	const char *const profile_path[] = {"profile", env->profile, "inherits"};
	const char *manifest = env->project->root_manifest;
	hone_auto_buf struct hone_buf before = HONE_BUF_INIT;
	struct hone_file_id id = {0};
	struct hone_toml *doc = NULL;
	int error = hone_fs_read(manifest, EDIT_LIMIT, &before, &id, err);

	if (!error)
		error = hone_toml_parse(
			manifest, hone_buf_view(&before), toml_version(env), &doc, err);
	if (!error && !hone_profile_is_built_in(env->profile) &&
		!hone_toml_get_path(doc, profile_path, 2)) {
		w->new_profile = true;
		error = hone_toml_set(doc, profile_path, 3, "\"release\"", err);
	}
	for (size_t i = 0; !error && i < n; i++)
		error = set_keys(doc, &parts[i], err);
	for (size_t i = 0; !error && i < n; i++)
		if (strcmp(manifest, parts[i].env->project->package->manifest_path) == 0 &&
			hone_wasm_pack_needs(parts[i].plan, parts[i].env))
			error = hone_wasm_pack_edit(doc, parts[i].plan, parts[i].env, err);
	if (!error)
		add_document(w, manifest, hone_buf_str(&before), &id, doc);
	hone_toml_free(doc);
	return error;
}

/* Of a member whose manifest is not the root's. */
static int edit_member(
	const struct hone_plan_part *part, struct hone_writedown *w, struct hone_err *err)
{
	const char *manifest = part->env->project->package->manifest_path;
	hone_auto_buf struct hone_buf before = HONE_BUF_INIT;
	struct hone_file_id id = {0};
	struct hone_toml *doc = NULL;
	int error = hone_fs_read(manifest, EDIT_LIMIT, &before, &id, err);

	if (!error)
		error = hone_toml_parse(
			manifest, hone_buf_view(&before), toml_version(part->env), &doc, err);
	if (!error)
		error = hone_wasm_pack_edit(doc, part->plan, part->env, err);
	if (!error)
		add_document(w, manifest, hone_buf_str(&before), &id, doc);
	hone_toml_free(doc);
	return error;
}

/* A package that has two libraries is no package: each manifest comes once. */
static int edit_members(const struct hone_plan_part *parts, size_t n, struct hone_writedown *w,
	struct hone_err *err)
{
	int error = 0;

	for (size_t i = 0; !error && i < n; i++)
		if (strcmp(parts->env->project->root_manifest,
			    parts[i].env->project->package->manifest_path) != 0 &&
			hone_wasm_pack_needs(parts[i].plan, parts[i].env))
			error = edit_member(&parts[i], w, err);
	return error;
}

/* Without an alias only those of an earlier apply are taken out. */
static int edit_config(const struct hone_plan_part *parts, size_t n, struct hone_writedown *w,
	struct hone_err *err)
{
	const struct hone_build_env *env = parts->env;
	hone_auto_free char *path = hone_plan_config_path(env);
	hone_auto_buf struct hone_buf before = HONE_BUF_INIT;
	struct hone_file_id id = {0};
	struct hone_toml *doc = NULL;
	bool is_new = !hone_fs_exists(path);
	int error = is_new ? 0 : hone_fs_read(path, EDIT_LIMIT, &before, &id, err);

	if (is_new && !hone_alias_edit_is_needed(parts, n))
		return 0;
	if (!error)
		error = hone_toml_parse(path, hone_buf_view(&before), toml_version(env), &doc, err);
	if (!error)
		error = hone_alias_edit(doc, parts, n, &w->displaced, err);
	if (!error)
		add_document(w, path, is_new ? NULL : hone_buf_str(&before), &id, doc);
	hone_toml_free(doc);
	return error;
}

/* A text file of hone's own in the project. */
static int add_text(
	struct hone_writedown *w, const char *path, const char *text, struct hone_err *err)
{
	hone_auto_buf struct hone_buf before = HONE_BUF_INIT;
	struct hone_file_id id = {0};
	bool is_new = !hone_fs_exists(path);
	int error = is_new ? 0 : hone_fs_read(path, EDIT_LIMIT, &before, &id, err);

	if (!error)
		add_change(w, path, is_new ? NULL : hone_buf_str(&before), &id, text);
	return error;
}

/* The files that the plans' arguments name. */
static int add_files(const struct hone_plan_part *parts, size_t n, struct hone_writedown *w,
	struct hone_err *err)
{
	hone_auto_free char *dir =
		hone_path_join(parts->env->project->workspace_root, HONE_PLAN_FILES_DIR);
	hone_auto_strv struct hone_strv names = HONE_STRV_INIT;
	int error = 0;

	for (size_t i = 0; i < n; i++) {
		hone_auto_strv struct hone_strv own = HONE_STRV_INIT;

		hone_plan_file_names(&parts[i].plan->rustc_args, &own);
		for (size_t k = 0; k < own.n; k++)
			if (!hone_strv_has(&names, own.v[k]))
				hone_strv_push(&names, own.v[k]);
	}
	for (size_t i = 0; !error && i < names.n; i++) {
		hone_auto_free char *path = hone_path_join(dir, names.v[i]);

		error = add_text(w, path, hone_plan_file_text(names.v[i]), err);
	}
	return error;
}

/* One that is only learnt from has a script beside its alias. */
static bool needs_script(const struct hone_plan *plan)
{
	return plan->trained || hone_plan_needs_script(plan);
}

/* A profile, whose name is the hash of its content. */
static int add_profile(
	struct hone_writedown *w, const char *dir, const char *from, struct hone_err *err)
{
	hone_auto_free char *to = hone_path_join(dir, hone_path_base(from));
	uint64_t size = 0;
	int error;

	if (hone_fs_exists(to))
		return 0;
	error = hone_fs_size(from, &size, err);
	if (!error)
		hone_vec_push(
			&w->changes, (struct hone_file_change){.path = HONE_TAKE(to),
					     .after = hone_xasprintf("(a profile of %llu bytes)\n",
						     (unsigned long long)size),
					     .source = hone_xstrdup(from)});
	return error;
}

/* The script of a plan that needs one, and the profiles that it uses. */
static int add_script(const struct hone_plan *plan, const struct hone_build_env *env,
	struct hone_writedown *w, struct hone_err *err)
{
	const char *root = env->project->workspace_root;
	hone_auto_free char *name = hone_plan_script_name(env);
	hone_auto_free char *script = hone_path_join(root, name);
	hone_auto_free char *dir = hone_path_dir(script);
	hone_auto_free char *text = hone_plan_script(plan, env);
	const char *const profiles[] = {plan->profile, plan->bolt.profile};
	int error = add_text(w, script, text, err);

	for (size_t i = 0; !error && i < HONE_COUNT(profiles); i++)
		if (profiles[i])
			error = add_profile(w, dir, profiles[i], err);
	return error;
}

/* A file of hone's own that nothing needs any more. */
static int remove_text(struct hone_writedown *w, const char *path, struct hone_err *err)
{
	hone_auto_buf struct hone_buf before = HONE_BUF_INIT;
	struct hone_file_id id = {0};
	int error = hone_fs_read(path, EDIT_LIMIT, &before, &id, err);

	if (!error)
		add_change(w, path, hone_buf_str(&before), &id, NULL);
	return error;
}

/* The crate of an allocator that nothing needs any more. */
static int remove_crate(struct hone_writedown *w, const struct hone_allocator *a, const char *dir,
	struct hone_err *err)
{
	hone_auto_strv struct hone_strv names = HONE_STRV_INIT;
	int error = 0;

	hone_allocator_file_names(a, &names);
	for (size_t i = 0; !error && i < names.n; i++) {
		hone_auto_free char *path = hone_path_join(dir, names.v[i]);

		if (hone_fs_exists(path))
			error = remove_text(w, path, err);
	}
	return error;
}

/* What a file will hold, by the changes or as it is. Appended. */
static void add_after(const struct hone_writedown *w, const char *path, struct hone_buf *to)
{
	for (size_t i = 0; i < w->changes.n; i++)
		if (strcmp(w->changes.v[i].path, path) == 0) {
			hone_buf_adds(to, w->changes.v[i].after ? w->changes.v[i].after : "");
			return;
		}
	(void)hone_fs_read(path, EDIT_LIMIT, to, NULL, NULL);
}

/* What an earlier apply wrote and this one does not need: the script, and files that no alias and no script names. */
static int remove_stale(const struct hone_plan *plan, const struct hone_build_env *env,
	struct hone_writedown *w, struct hone_err *err)
{
	hone_auto_free char *dir =
		hone_path_join(env->project->workspace_root, HONE_PLAN_FILES_DIR);
	hone_auto_free char *config = hone_plan_config_path(env);
	hone_auto_free char *name = hone_plan_script_name(env);
	hone_auto_free char *script = hone_path_join(env->project->workspace_root, name);
	hone_auto_buf struct hone_buf users = HONE_BUF_INIT;
	hone_auto_strv struct hone_strv names = HONE_STRV_INIT;
	int error = 0;

	if (!hone_fs_is_dir(dir))
		return 0;
	if (!needs_script(plan) && hone_fs_exists(script))
		error = remove_text(w, script, err);
	if (!error)
		error = hone_fs_list(dir, &names, err);
	add_after(w, config, &users);
	for (size_t i = 0; !error && i < names.n; i++) {
		hone_auto_free char *path = hone_path_join(dir, names.v[i]);

		if (hone_ends(names.v[i], ".sh"))
			add_after(w, path, &users);
	}
	for (size_t i = 0; !error && i < names.n; i++) {
		hone_auto_free char *path = hone_path_join(dir, names.v[i]);

		if (hone_plan_file_text(names.v[i]) && !strstr(hone_buf_str(&users), names.v[i]))
			error = remove_text(w, path, err);
	}
	for (const struct hone_allocator *a = hone_allocators; !error && a->name; a++) {
		hone_auto_free char *folder = hone_path_join(HONE_PLAN_FILES_DIR, a->name);

		if (!strstr(hone_buf_str(&users), folder))
			error = remove_crate(w, a, dir, err);
	}
	return error;
}

int hone_writedown_manifest(const struct hone_plan *plan, const struct hone_build_env *env,
	char **ret_text, struct hone_err *err)
{
	const struct hone_plan_part part = {plan, env};
	struct hone_writedown w = {0};
	int error = plan->n_keys ? edit_manifest(&part, 1, &w, err) : 0;

	*ret_text = !error && w.changes.n ? HONE_TAKE(w.changes.v[0].after) : NULL;
	hone_writedown_release(&w);
	return error;
}

int hone_writedown_make(const struct hone_plan_part *parts, size_t n, struct hone_writedown *ret,
	struct hone_err *err)
{
	const struct hone_plan *plan = parts->plan;
	struct hone_writedown w = {0};
	bool has_keys = false;
	int error = 0;

	for (size_t i = 0; i < n; i++)
		has_keys |= parts[i].plan->n_keys > 0 ||
			    hone_wasm_pack_needs(parts[i].plan, parts[i].env);
	if (has_keys)
		error = edit_manifest(parts, n, &w, err);
	if (!error)
		error = edit_members(parts, n, &w, err);
	if (!error && n == 1 && needs_script(plan))
		error = add_script(plan, parts->env, &w, err);
	if (!error)
		error = edit_config(parts, n, &w, err);
	if (!error)
		error = add_files(parts, n, &w, err);
	if (!error)
		error = remove_stale(plan, parts->env, &w, err);
	if (error) {
		hone_writedown_release(&w);
		return error;
	}
	*ret = w;
	return 0;
}
