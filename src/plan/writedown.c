#include "writedown.h"

#include "allocator.h"
#include "plan_files.h"
#include "plan_impl.h"
#include "toml_doc.h"

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

/* Sets a key unless it stands there with this very value: a second apply changes nothing. */
static int set_key(struct hone_toml *doc, const char *const *path, size_t n, const char *value,
	struct hone_err *err)
{
	const struct hone_toml_node *node = hone_toml_get_path(doc, path, n);

	if (node && hone_view_is(hone_toml_raw(node), value))
		return 0;
	return hone_toml_set(doc, path, n, value, err);
}

static int edit_manifest(const struct hone_plan *plan, const struct hone_build_env *env,
	struct hone_writedown *w, struct hone_err *err)
{
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
	for (size_t i = 0; !error && i < plan->n_keys; i++) {
		const char *path[HONE_PLAN_PATH_MAX];
		size_t n = hone_plan_key_path(env, &plan->keys[i], path);

		error = set_key(doc, path, n, plan->keys[i].value, err);
	}
	if (!error)
		add_document(w, manifest, hone_buf_str(&before), &id, doc);
	hone_toml_free(doc);
	return error;
}

/* Is this what hone calls the alias of a profile? */
static bool is_name_of(struct hone_view key, const char *profile)
{
	hone_auto_free char *first = hone_xasprintf("%s-build", profile);
	hone_auto_free char *other = hone_xasprintf("hone-%s-build", profile);

	return hone_view_is(key, first) || hone_view_starts(key, other);
}

/* The word of a list behind one of two others, or an empty view. */
static struct hone_view word_behind(
	const struct hone_toml_node *list, const char *option, const char *other)
{
	struct hone_view text;

	for (size_t i = 0; i + 1 < hone_toml_count(list); i++) {
		if (!hone_toml_string(hone_toml_at(list, i), &text))
			continue;
		if ((hone_view_is(text, option) || hone_view_is(text, other)) &&
			hone_toml_string(hone_toml_at(list, i + 1), &text))
			return text;
	}
	return (struct hone_view){"", 0};
}

/* What an alias of hone's builds: the name of a binary or example, or "--lib". */
static struct hone_view target_of(const struct hone_toml_node *list)
{
	struct hone_view text;

	for (size_t i = 0; i < hone_toml_count(list); i++)
		if (hone_toml_string(hone_toml_at(list, i), &text) && hone_view_is(text, "--lib"))
			return text;
	return word_behind(list, "--bin", "--example");
}

/* A profile has one alias: what built another program of the workspace is told before it goes. */
static void find_displaced(
	const struct hone_toml *doc, const struct hone_build_env *env, struct hone_writedown *w)
{
	const struct hone_toml_node *table = hone_toml_get(hone_toml_root(doc), "alias");
	hone_auto_free char *package = hone_project_spec(env->project, env->project->package);
	const char *own = hone_target_kind_is_library(env->project->made)
				  ? "--lib"
				  : env->project->target->name;

	for (size_t i = 0; table && i < hone_toml_count(table) && !w->displaced; i++) {
		const struct hone_toml_node *alias = hone_toml_at(table, i);
		struct hone_view key = hone_toml_key(alias), spec, target;

		if (!hone_plan_alias_is_own(alias) || !is_name_of(key, env->profile))
			continue;
		spec = word_behind(alias, "-p", "--package");
		target = target_of(alias);
		if (hone_view_is(spec, package) && hone_view_is(target, own))
			continue;
		w->displaced = hone_xasprintf("%.*s (%.*s, %.*s)", (int)key.n, key.p, (int)spec.n,
			spec.p, (int)target.n, target.p);
	}
}

/* Takes out what hone wrote for the profile earlier, but for the alias that is called name (NULL: all). */
static int remove_aliases(
	struct hone_toml *doc, const char *profile, const char *name, struct hone_err *err)
{
	const struct hone_toml_node *table = hone_toml_get(hone_toml_root(doc), "alias");
	hone_auto_strv struct hone_strv old = HONE_STRV_INIT;
	bool is_empty;
	int error = 0;

	if (!table)
		return 0;
	for (size_t i = 0; i < hone_toml_count(table); i++) {
		const struct hone_toml_node *alias = hone_toml_at(table, i);
		struct hone_view key = hone_toml_key(alias);

		if (hone_plan_alias_is_own(alias) && is_name_of(key, profile) &&
			!(name && hone_view_is(key, name)))
			hone_strv_pushv(&old, key);
	}
	is_empty = old.n && old.n == hone_toml_count(table) && !name;
	for (size_t i = 0; !error && i < old.n; i++) {
		const char *const path[] = {"alias", old.v[i]};

		error = hone_toml_remove(doc, path, 2, err);
	}
	/* The header may be gone with its last key. */
	if (!error && is_empty && hone_toml_get(hone_toml_root(doc), "alias")) {
		const char *const path[] = {"alias"};

		error = hone_toml_remove(doc, path, 1, err);
	}
	return error;
}

/* Without an alias only that of an earlier apply is taken out. */
static int edit_config(const struct hone_plan *plan, const struct hone_build_env *env,
	struct hone_writedown *w, struct hone_err *err)
{
	bool wanted = plan->needs_alias && !hone_plan_needs_script(plan);
	hone_auto_free char *path = hone_plan_config_path(env);
	hone_auto_free char *name = wanted ? hone_plan_alias_name(env) : NULL;
	hone_auto_free char *value = wanted ? hone_plan_alias_value(plan, env) : NULL;
	const char *const alias_path[] = {"alias", name};
	hone_auto_buf struct hone_buf before = HONE_BUF_INIT;
	struct hone_file_id id = {0};
	struct hone_toml *doc = NULL;
	bool is_new = !hone_fs_exists(path);
	int error = is_new ? 0 : hone_fs_read(path, EDIT_LIMIT, &before, &id, err);

	if (is_new && !wanted)
		return 0;
	if (!error)
		error = hone_toml_parse(path, hone_buf_view(&before), toml_version(env), &doc, err);
	if (!error) {
		find_displaced(doc, env, w);
		error = remove_aliases(doc, env->profile, name, err);
	}
	if (!error && wanted)
		error = set_key(doc, alias_path, 2, value, err);
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

/* The files that the plan's arguments name. */
static int add_files(const struct hone_plan *plan, const struct hone_build_env *env,
	struct hone_writedown *w, struct hone_err *err)
{
	hone_auto_free char *dir =
		hone_path_join(env->project->workspace_root, HONE_PLAN_FILES_DIR);
	hone_auto_strv struct hone_strv names = HONE_STRV_INIT;
	int error = 0;

	hone_plan_file_names(&plan->rustc_args, &names);
	for (size_t i = 0; !error && i < names.n; i++) {
		hone_auto_free char *path = hone_path_join(dir, names.v[i]);

		error = add_text(w, path, hone_plan_file_text(names.v[i]), err);
	}
	return error;
}

/* The script of a plan with training or an allocator, and the profile that it uses, whose name is the hash of its content. */
static int add_script(const struct hone_plan *plan, const struct hone_build_env *env,
	struct hone_writedown *w, struct hone_err *err)
{
	const char *root = env->project->workspace_root;
	hone_auto_free char *name = hone_plan_script_name(env);
	hone_auto_free char *script = hone_path_join(root, name);
	hone_auto_free char *dir = hone_path_dir(script);
	hone_auto_free char *text = hone_plan_script(plan, env);
	hone_auto_free char *profile = NULL;
	uint64_t size = 0;
	int error = add_text(w, script, text, err);

	if (error || !plan->profile)
		return error;
	profile = hone_path_join(dir, hone_path_base(plan->profile));
	if (hone_fs_exists(profile))
		return 0;
	error = hone_fs_size(plan->profile, &size, err);
	if (!error)
		hone_vec_push(
			&w->changes, (struct hone_file_change){.path = HONE_TAKE(profile),
					     .after = hone_xasprintf("(a profile of %llu bytes)\n",
						     (unsigned long long)size),
					     .source = hone_xstrdup(plan->profile)});
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
	if (!plan->trained && !plan->allocator && hone_fs_exists(script))
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
	struct hone_writedown w = {0};
	int error = plan->n_keys ? edit_manifest(plan, env, &w, err) : 0;

	*ret_text = !error && w.changes.n ? HONE_TAKE(w.changes.v[0].after) : NULL;
	hone_writedown_release(&w);
	return error;
}

int hone_writedown_make(const struct hone_plan *plan, const struct hone_build_env *env,
	struct hone_writedown *ret, struct hone_err *err)
{
	struct hone_writedown w = {0};
	int error = 0;

	if (plan->n_keys)
		error = edit_manifest(plan, env, &w, err);
	if (!error && (plan->trained || plan->allocator))
		error = add_script(plan, env, &w, err);
	if (!error)
		error = edit_config(plan, env, &w, err);
	if (!error)
		error = add_files(plan, env, &w, err);
	if (!error)
		error = remove_stale(plan, env, &w, err);
	if (error) {
		hone_writedown_release(&w);
		return error;
	}
	*ret = w;
	return 0;
}
