/* What the user types after apply, and the alias behind it: both build what was measured, from wherever they are
 * typed. */
#include "build_target.h"
#include "fs.h"
#include "plan_files.h"
#include "plan_impl.h"
#include "toml_doc.h"

#include <ctype.h>
#include <string.h>

/* An alias with this comment behind its bracket is hone's own: any other is the user's and stays. */
#define MARK "# hone apply writes this anew"

bool hone_plan_alias_is_own(const struct hone_toml_node *node)
{
	struct hone_view text = node ? hone_toml_raw(node) : (struct hone_view){0};

	return hone_view_starts(text, "[ " MARK "\n") || hone_view_starts(text, "[ " MARK "\r\n");
}

char *hone_plan_alias_value(const struct hone_plan *plan, const struct hone_build_env *env)
{
	hone_auto_strv struct hone_strv words = HONE_STRV_INIT;
	struct hone_buf b = HONE_BUF_INIT;

	hone_plan_alias(plan, env, &words);
	hone_buf_adds(&b, "[ " MARK "\n    ");
	for (size_t i = 0; i < words.n; i++) {
		if (i)
			hone_buf_adds(&b, ", ");
		hone_toml_quote(&b, hone_view_of(words.v[i]));
	}
	hone_buf_adds(&b, ",\n]");
	return hone_buf_detach(&b);
}

char *hone_plan_config_path(const struct hone_build_env *env)
{
	/* cargo reads .cargo/config when both are there. */
	char *old = hone_path_join(env->project->workspace_root, ".cargo/config");

	if (hone_fs_exists(old))
		return old;
	free(old);
	return hone_path_join(env->project->workspace_root, ".cargo/config.toml");
}

/* Does a config file say what the name stands for, and is that not hone's? Other is set where it is not hone's own
 * file: there even what looks like hone's belongs to another project. */
static bool is_in_file(const char *path, const char *name, bool other)
{
	const char *const key[] = {"alias", name};
	struct hone_toml *doc = NULL;
	const struct hone_toml_node *node;
	bool taken;

	if (!hone_fs_exists(path) || hone_toml_read(path, HONE_TOML_1_1, &doc, NULL, NULL))
		return false;
	node = hone_toml_get_path(doc, key, 2);
	taken = node && (other || !hone_plan_alias_is_own(node));
	hone_toml_free(doc);
	return taken;
}

/* The config files of a folder and of those above it, as far as the root of the workspace. */
static bool is_below(const char *dir, const char *root, const char *own, const char *name)
{
	static const char *const files[] = {".cargo/config", ".cargo/config.toml"};
	hone_auto_free char *at = hone_xstrdup(dir);

	while (hone_path_is_within(at, root)) {
		char *above;

		for (size_t i = 0; i < HONE_COUNT(files); i++) {
			hone_auto_free char *path = hone_path_join(at, files[i]);

			if (is_in_file(path, name, strcmp(path, own) != 0))
				return true;
		}
		above = hone_path_dir(at);
		free(at);
		at = above;
	}
	return false;
}

static bool is_variable(const char *name)
{
	hone_auto_free char *variable = hone_xasprintf("CARGO_ALIAS_%s", name);

	for (char *c = variable; *c; c++)
		*c = *c == '-' ? '_' : (char)toupper((unsigned char)*c);
	return getenv(variable) != NULL;
}

/* Has the user given the name a meaning, where cargo finds it in any folder of the workspace? Lists of several files
 * are joined, and a text beside a list is an error, so that no two may have the same name. */
static bool is_taken(const struct hone_build_env *env, const char *name)
{
	const struct hone_project *p = env->project;
	hone_auto_free char *own = hone_plan_config_path(env);
	hone_auto_strv struct hone_strv files = HONE_STRV_INIT;

	if (is_variable(name))
		return true;
	hone_profile_set_config_files(env->profiles, &files);
	for (size_t i = 0; i < files.n; i++)
		if (is_in_file(files.v[i], name, strcmp(files.v[i], own) != 0))
			return true;
	for (size_t i = 0; i < p->n_packages; i++)
		if (p->packages[i].member &&
			is_below(p->packages[i].dir, p->workspace_root, own, name))
			return true;
	return false;
}

char *hone_plan_alias_name(const struct hone_build_env *env)
{
	bool several = env->project->n_others > 0;
	/* Names of targets are unique among several. */
	hone_auto_free char *of =
		several ? hone_xasprintf("-%s", env->project->target->name) : hone_xstrdup("");
	char *name = hone_xasprintf("%s-build%s", env->profile, of);

	for (unsigned i = 1; is_taken(env, name); i++) {
		free(name);
		name = i == 1 ? hone_xasprintf("hone-%s-build%s", env->profile, of)
			      : hone_xasprintf("hone-%s-build%s-%u", env->profile, of, i);
	}
	return name;
}

bool hone_plan_needs_script(const struct hone_plan *plan)
{
	return plan->profile || plan->allocator || plan->bolt.profile;
}

char *hone_plan_script_name(const struct hone_build_env *env)
{
	return hone_xasprintf(HONE_PLAN_FILES_DIR "/%s-build.sh", env->profile);
}

/* A path that holds in every folder. */
static void make_absolute(char **word)
{
	char *path;

	if (!*word || **word == '/' || !hone_fs_exists(*word))
		return;
	path = hone_path_absolute(*word);
	free(*word);
	*word = path;
}

/* The options of cargo without those about where the project lies and how it resolves. */
static void add_options(const struct hone_build_env *env, struct hone_strv *ret_args)
{
	struct hone_cargo_opts opts = *env->opts;
	size_t from = ret_args->n;

	opts.locked = opts.offline = opts.frozen = false;
	opts.manifest_path = NULL;
	hone_cargo_opts_args(&opts, ret_args);
	for (size_t i = from + 1; i < ret_args->n; i++)
		if (strcmp(ret_args->v[i - 1], "--config") == 0 ||
			(strcmp(ret_args->v[i - 1], "--target") == 0 &&
				hone_ends(ret_args->v[i], ".json")))
			make_absolute(&ret_args->v[i]);
}

void hone_plan_hone_command(
	const struct hone_build_env *env, const char *command, struct hone_strv *ret_args)
{
	const struct hone_project *p = env->project;
	const struct hone_target *target = p->target;

	hone_strv_push(ret_args, "cargo");
	hone_strv_push(ret_args, "hone");
	hone_strv_push(ret_args, command);
	hone_strv_push(ret_args, "-p");
	hone_strv_take(ret_args, hone_project_spec(env->project, env->project->package));
	if (hone_target_kind_is_library(p->made)) {
		hone_strv_push(ret_args, "--lib");
		if (p->made_alone) {
			hone_strv_push(ret_args, "--crate-type");
			hone_strv_push(ret_args, hone_target_kind_name(p->made));
		}
	} else {
		hone_strv_push(ret_args, target->kind == HONE_KIND_EXAMPLE ? "--example" : "--bin");
		hone_strv_push(ret_args, target->name);
	}
	if (strcmp(env->profile, "release") != 0) {
		hone_strv_push(ret_args, "--profile");
		hone_strv_push(ret_args, env->profile);
	}
	add_options(env, ret_args);
}

static void add_rustc_args(const struct hone_plan *plan, struct hone_strv *ret_args)
{
	if (!plan->rustc_args.n)
		return;
	hone_strv_push(ret_args, "--");
	hone_strv_copy(ret_args, &plan->rustc_args);
}

void hone_plan_alias(
	const struct hone_plan *plan, const struct hone_build_env *env, struct hone_strv *ret_args)
{
	/* What is typed after an alias would land behind its `--`, so features and target belong into it;
	 * where the project lies and how cargo resolves do not. */
	hone_strv_copy(ret_args, &plan->command);
	if (hone_project_follows_folder(env->project)) {
		hone_strv_push(ret_args, "--manifest-path");
		hone_strv_take(ret_args, hone_project_manifest(env->project, env->opts));
	}
	add_options(env, ret_args);
	hone_plan_graph_args(plan, NULL, ret_args);
	add_rustc_args(plan, ret_args);
}

static void add_where(const struct hone_build_env *env, struct hone_strv *ret_args)
{
	const struct hone_cargo_opts *o = env->opts;

	if (o->locked)
		hone_strv_push(ret_args, "--locked");
	if (o->offline)
		hone_strv_push(ret_args, "--offline");
	if (o->frozen)
		hone_strv_push(ret_args, "--frozen");
}

static void add_target_dir(const struct hone_build_env *env, struct hone_strv *ret_args)
{
	if (!env->opts->target_dir)
		return;
	hone_strv_push(ret_args, "--target-dir");
	hone_strv_push(ret_args, env->opts->target_dir);
}

/* cargo's own options stand before the alias, where they reach it in spite of its `--`. */
static void use_alias(const struct hone_build_env *env, struct hone_strv *ret_args)
{
	add_where(env, ret_args);
	if (env->opts->target_dir) {
		hone_auto_buf struct hone_buf quoted = HONE_BUF_INIT;

		hone_toml_quote(&quoted, hone_view_of(env->project->target_dir));
		hone_strv_push(ret_args, "--config");
		hone_strv_pushf(ret_args, "build.target-dir=%s", hone_buf_str(&quoted));
	}
	hone_strv_take(ret_args, hone_plan_alias_name(env));
}

static void use_script(
	const struct hone_build_env *env, const char *cwd, struct hone_strv *ret_args)
{
	hone_auto_free char *name = hone_plan_script_name(env);
	hone_auto_free char *path = hone_path_join(env->project->workspace_root, name);

	hone_strv_push(ret_args, "sh");
	hone_strv_take(ret_args, hone_path_relative(path, cwd));
	add_where(env, ret_args);
	if (env->opts->target_dir) {
		hone_strv_push(ret_args, "--target-dir");
		hone_strv_push(ret_args, env->project->target_dir);
	}
}

/* cargo finds an alias only from below the folder of its config file, and CARGO_TARGET_DIR, which is more to it than
 * the config key, is less than the option, which cannot stand before an alias. */
static bool alias_serves(const struct hone_build_env *env, const char *cwd)
{
	const char *variable = getenv("CARGO_TARGET_DIR");

	return hone_path_is_within(cwd, env->project->workspace_root) &&
	       !(env->opts->target_dir && variable && *variable);
}

void hone_plan_user_command(
	const struct hone_plan *plan, const struct hone_build_env *env, struct hone_strv *ret_args)
{
	hone_auto_free char *cwd = hone_path_absolute(".");

	if (hone_plan_needs_script(plan)) {
		use_script(env, cwd, ret_args);
		return;
	}
	hone_strv_push(ret_args, "cargo");
	if (plan->needs_alias && alias_serves(env, cwd)) {
		use_alias(env, ret_args);
		return;
	}
	hone_strv_copy(ret_args, &plan->command);
	hone_cargo_opts_args(env->opts, ret_args);
	add_target_dir(env, ret_args);
	if (plan->needs_alias) {
		hone_plan_graph_args(plan, NULL, ret_args);
		add_rustc_args(plan, ret_args);
	}
}
