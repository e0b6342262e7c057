#include "build_target.h"
#include "fs.h"
#include "hash.h"
#include "plan_files.h"
#include "plan_impl.h"
#include "toml_doc.h"

#include <string.h>

/* Bump when the way artifacts are made changes, so that old ones are not taken for new ones. */
#define PLAN_FORMAT "hone plan 1"

size_t hone_plan_key_path(const struct hone_build_env *env, const struct hone_assign *key,
	const char *ret_path[HONE_PLAN_PATH_MAX])
{
	size_t n = 0;

	ret_path[n++] = "profile";
	ret_path[n++] = env->profile;
	if (key->package) {
		ret_path[n++] = "package";
		ret_path[n++] = key->package;
	}
	ret_path[n++] = key->setting->key;
	return n;
}

char *hone_plan_config_argument(const struct hone_build_env *env, const struct hone_assign *key)
{
	const char *path[HONE_PLAN_PATH_MAX];
	size_t n = hone_plan_key_path(env, key, path);
	struct hone_buf b = HONE_BUF_INIT;

	for (size_t i = 0; i < n; i++) {
		if (i)
			hone_buf_addc(&b, '.');
		hone_toml_quote_key(&b, hone_view_of(path[i]));
	}
	hone_buf_addc(&b, '=');
	hone_buf_adds(&b, key->value);
	return hone_buf_detach(&b);
}

void hone_plan_add_key(struct hone_plan *plan, const struct hone_setting *setting,
	const char *package, const char *value)
{
	plan->keys =
		hone_xrealloc(plan->keys, hone_size_mul(plan->n_keys + 1, sizeof(*plan->keys)));
	plan->keys[plan->n_keys++] = (struct hone_assign){.setting = setting,
		.package = package ? hone_xstrdup(package) : NULL,
		.value = hone_xstrdup(value)};
}

void hone_plan_leave_out(struct hone_plan *plan, const struct hone_setting *s, const char *why, ...)
{
	hone_auto_free char *text = NULL;
	va_list ap;

	va_start(ap, why);
	text = hone_xvasprintf(why, ap);
	va_end(ap);
	hone_strv_pushf(&plan->notes, "%s is left out: %s", s->key, text);
	plan->left_out[s->id] = true;
}

unsigned hone_plan_labels(const struct hone_plan *plan)
{
	unsigned labels = 0;

	for (size_t i = 0; i < plan->candidate->n; i++) {
		const struct hone_assign *a = &plan->candidate->assigns[i];

		if (!plan->left_out[a->setting->id])
			labels |= hone_setting_value_labels(a->setting, hone_view_of(a->value));
	}
	return labels;
}

/* -p always: which package cargo chooses by itself depends on the folder, and with it which features are joined. --bin
 * only where there is a choice or `cargo rustc` asks for one. */
static void add_selection(const struct hone_build_env *env, struct hone_plan *plan, bool is_rustc)
{
	const struct hone_project *p = env->project;
	size_t bins = 0;

	for (size_t i = 0; i < p->package->n_targets; i++)
		bins += p->package->targets[i].kind == HONE_KIND_BIN;
	hone_strv_push(&plan->command, "-p");
	hone_strv_take(&plan->command, hone_project_spec(p, p->package));
	if (hone_target_kind_is_library(p->made)) {
		hone_strv_push(&plan->command, "--lib");
		if (hone_plan_makes_alone(env, plan->candidate)) {
			hone_strv_push(&plan->command, "--crate-type");
			hone_strv_push(&plan->command, hone_target_kind_name(p->made));
		}
	} else if (p->target->kind == HONE_KIND_EXAMPLE || p->target->kind == HONE_KIND_BENCH) {
		hone_strv_pushf(&plan->command, "--%s", hone_target_kind_name(p->target->kind));
		hone_strv_push(&plan->command, p->target->name);
	} else if (is_rustc || env->opts->bin.n || p->n_others || bins != 1) {
		hone_strv_push(&plan->command, "--bin");
		hone_strv_push(&plan->command, p->target->name);
	}
}

bool hone_plan_makes_alone(const struct hone_build_env *env, const struct hone_candidate *candidate)
{
	static const char *const none[] = {"false", "\"off\""};
	const struct hone_project *p = env->project;
	const struct hone_assign *lto = hone_candidate_get(candidate, HONE_SET_LTO, NULL);
	bool wants = lto != NULL;

	if (!hone_target_kind_is_library(p->made) || p->made_alone)
		return p->made_alone;
	for (size_t i = 0; wants && i < HONE_COUNT(none); i++)
		wants = strcmp(lto->value, none[i]) != 0;
	return wants && p->target->crate_types.n > 1 && p->made != HONE_KIND_DYLIB;
}

const struct hone_plan *hone_plan_finish(const struct hone_build_env *env, struct hone_plan *plan)
{
	hone_auto_buf struct hone_buf b = HONE_BUF_INIT;
	hone_auto_strv struct hone_strv args = HONE_STRV_INIT;
	hone_auto_strv struct hone_strv files = HONE_STRV_INIT;

	hone_buf_addf(&b, "%s\n%s\n%s\n%s\n", PLAN_FORMAT, env->toolchain->rustc_verbose,
		env->toolchain->cargo_version, env->project->workspace_root);
	if (env->toolchain->bootstrap)
		hone_buf_adds(&b, "RUSTC_BOOTSTRAP\n");
	hone_plan_cargo_args(plan, env, "", NULL, &args);
	for (size_t i = 0; i < args.n; i++) {
		/* How many jobs make it is nothing of what is made. */
		if (strcmp(args.v[i], "--jobs") == 0)
			i++;
		else
			hone_buf_add(&b, args.v[i], strlen(args.v[i]) + 1);
	}
	hone_plan_file_names(&plan->rustc_args, &files);
	for (size_t i = 0; i < files.n; i++)
		hone_buf_adds(&b, hone_plan_file_text(files.v[i]));
	if (plan->wasm_opt)
		hone_buf_addf(&b, "\nwasm-opt %s", plan->wasm_opt);
	if (plan->bolt.profile)
		hone_buf_addf(
			&b, "\nbolt %d %s", plan->bolt.strips, hone_path_base(plan->bolt.profile));
	hone_buf_addf(&b, "\n%s\n%s\n", plan->post_strip ? plan->post_strip : "",
		env->project->target->name);
	hone_buf_adds(&b, plan->user_files);
	hone_profile_set_digest(env->profiles, &b);
	hone_hash_text(plan->key, hone_hash_bytes(hone_buf_view(&b)));
	return plan;
}

/* Flags of the final crate, unless they cannot stand here. */
static int add_final(const struct hone_build_env *env, struct hone_plan *plan,
	const struct hone_assign *a, struct hone_err *err)
{
	hone_auto_free char *clash = NULL;
	hone_auto_strv struct hone_strv flags = HONE_STRV_INIT;
	bool takes = true;
	int error = 0;

	if (hone_plan_cannot_load(env, a)) {
		hone_plan_leave_out(plan, a->setting, "the musl of rustc %s cannot load it",
			env->toolchain->rustc_version);
		return 0;
	}
	error = hone_plan_find_clash(env, plan, a, &clash, err);
	if (!error && clash)
		hone_plan_leave_out(plan, a->setting, "%s", clash);
	if (error || clash)
		return error;
	error = hone_plan_add_flags(env, plan, a, &flags, err);
	if (!error)
		error = hone_plan_ask_linker(env, plan, a, &flags, &takes, err);
	if (!error && takes)
		hone_strv_copy(&plan->rustc_args, &flags);
	return error;
}

/* Every setting becomes a key, flags, or the step on the linked file. */
static int add_settings(
	const struct hone_build_env *env, struct hone_plan *plan, struct hone_err *err)
{
	static const char *const levels[] = {"none", "debuginfo", "symbols", "all"};
	const struct hone_candidate *candidate = plan->candidate;
	int error = 0;

	for (size_t i = 0; !error && i < candidate->n; i++) {
		const struct hone_assign *a = &candidate->assigns[i];

		switch (a->setting->scope) {
		case HONE_SCOPE_PROFILE:
			if (!hone_plan_is_nightly(a))
				hone_plan_add_key(plan, a->setting,
					a->package ? hone_profile_spec_spelling(
							     env->profiles, env->layers, a->package)
						   : NULL,
					a->value);
			break;
		case HONE_SCOPE_FINAL:
			if (hone_plan_is_linker_lto(a))
				break;
			if (a->setting->id == HONE_SET_LINK_ALLOCATOR) {
				error = hone_plan_add_allocator(env, plan, a, err);
				break;
			}
			error = add_final(env, plan, a, err);
			break;
		case HONE_SCOPE_GRAPH:
			error = hone_plan_add_flags(env, plan, a, &plan->graph, err);
			break;
		case HONE_SCOPE_TRAIN:
			hone_plan_check_near(plan, a);
			break;
		case HONE_SCOPE_CARGO:
			break;
		case HONE_SCOPE_FILE:
			if (a->setting->id == HONE_SET_POST_WASM_OPT) {
				hone_plan_add_wasm_opt(env, plan, a);
				break;
			}
			if (a->setting->id == HONE_SET_POST_BOLT) {
				error = hone_plan_add_bolt(env, plan, a, err);
				break;
			}
			for (size_t k = 0; k < HONE_COUNT(levels); k++)
				if (strncmp(a->value + 1, levels[k], strlen(levels[k])) == 0)
					plan->post_strip = levels[k];
			break;
		}
	}
	return error;
}

int hone_plan_make(const struct hone_build_env *env, const struct hone_candidate *candidate,
	const struct hone_plan **ret_plan, struct hone_err *err)
{
	struct hone_plan *plan = HONE_NEW(struct hone_plan);
	bool trains = hone_plan_trains(candidate);
	bool alone = hone_plan_makes_alone(env, candidate);
	int error;

	plan->candidate = candidate;
	error = add_settings(env, plan, err);
	if (!error)
		error = hone_plan_check(env, plan, err);
	if (!error)
		error = hone_plan_add_linker_lto(env, plan, err);
	if (!error && (plan->rustc_args.n || plan->graph.n))
		error = hone_plan_add_linker_words(env, plan, err);
	if (!error)
		error = hone_plan_repeat_in_overrides(env, plan, err);
	if (!error)
		error = hone_plan_repeat_strip(env, plan, err);
	hone_plan_files_reach(env, &plan->rustc_args);
	plan->needs_alias = plan->rustc_args.n || plan->graph.n || trains || alone;
	hone_strv_push(&plan->command, plan->rustc_args.n || alone ? "rustc" : "build");
	if (strcmp(env->profile, "release") == 0) {
		hone_strv_push(&plan->command, "--release");
	} else {
		hone_strv_push(&plan->command, "--profile");
		hone_strv_push(&plan->command, env->profile);
	}
	add_selection(env, plan, plan->rustc_args.n > 0);
	/* Without it cargo would instrument build scripts and proc macros, too, and build no std. */
	if ((trains || hone_plan_builds_std(candidate) ||
		    hone_profile_set_target_is_local(env->profiles)) &&
		!env->opts->target) {
		hone_strv_push(&plan->command, "--target");
		hone_strv_push(&plan->command, hone_plan_triple(env));
	}
	if (!error)
		error = hone_plan_add_cargo_options(env, plan, err);
	if (!error && (plan->graph.n || trains))
		error = hone_plan_find_graph_key(env, plan, err);
	if (!error && trains)
		error = hone_plan_add_instrument(env, plan, err);
	if (error) {
		hone_plan_free(plan);
		return error;
	}
	*ret_plan = hone_plan_finish(env, plan);
	return 0;
}

struct hone_plan *hone_plan_copy(const struct hone_plan *plan, const struct hone_plan *first)
{
	struct hone_plan *copy = HONE_NEW(struct hone_plan);

	*copy = *plan;
	copy->keys = NULL;
	copy->n_keys = 0;
	for (size_t i = 0; i < plan->n_keys; i++)
		hone_plan_add_key(
			copy, plan->keys[i].setting, plan->keys[i].package, plan->keys[i].value);
	copy->command = copy->graph = copy->graph_before = copy->rustc_args = copy->notes =
		copy->functions = copy->hot = copy->near = (struct hone_strv)HONE_STRV_INIT;
	hone_strv_copy(&copy->command, &plan->command);
	hone_strv_copy(&copy->graph, &plan->graph);
	hone_strv_copy(&copy->graph_before, &plan->graph_before);
	hone_strv_copy(&copy->rustc_args, &plan->rustc_args);
	hone_strv_copy(&copy->notes, &plan->notes);
	hone_strv_copy(&copy->functions, &plan->functions);
	hone_strv_copy(&copy->hot, &plan->hot);
	hone_strv_copy(&copy->near, &plan->near);
	copy->instrument = first;
	copy->recount = plan->recount ? hone_plan_copy(plan->recount, NULL) : NULL;
	copy->graph_key = plan->graph_key ? hone_xstrdup(plan->graph_key) : NULL;
	copy->profile = plan->profile ? hone_xstrdup(plan->profile) : NULL;
	copy->training = plan->training ? hone_xstrdup(plan->training) : NULL;
	copy->archive = plan->archive ? hone_xstrdup(plan->archive) : NULL;
	copy->archive_maker = plan->archive_maker ? hone_xstrdup(plan->archive_maker) : NULL;
	copy->bolt.tool = plan->bolt.tool ? hone_xstrdup(plan->bolt.tool) : NULL;
	copy->bolt.profile = plan->bolt.profile ? hone_xstrdup(plan->bolt.profile) : NULL;
	copy->bolt.linked = plan->bolt.linked ? hone_xstrdup(plan->bolt.linked) : NULL;
	return copy;
}

void hone_plan_free(const struct hone_plan *made)
{
	/* Only here a plan is no data any more. */
	struct hone_plan *plan = (struct hone_plan *)(uintptr_t)made;

	if (!plan)
		return;
	for (size_t i = 0; i < plan->n_keys; i++) {
		free(plan->keys[i].package);
		free(plan->keys[i].value);
	}
	free(plan->keys);
	hone_strv_release(&plan->command);
	hone_strv_release(&plan->rustc_args);
	hone_strv_release(&plan->graph);
	hone_strv_release(&plan->graph_before);
	hone_strv_release(&plan->notes);
	hone_strv_release(&plan->functions);
	hone_strv_release(&plan->hot);
	hone_strv_release(&plan->near);
	hone_plan_free(plan->instrument);
	hone_plan_free(plan->recount);
	free(plan->graph_key);
	free(plan->profile);
	free(plan->training);
	free(plan->archive);
	free(plan->archive_maker);
	free(plan->bolt.tool);
	free(plan->bolt.profile);
	free(plan->bolt.linked);
	free(plan);
}

void hone_plan_cargo_args(const struct hone_plan *plan, const struct hone_build_env *env,
	const char *target_dir, const char *const *extra, struct hone_strv *ret_args)
{
	hone_strv_copy(ret_args, &plan->command);
	hone_cargo_opts_args(env->opts, ret_args);
	hone_plan_graph_args(plan, plan->profile, ret_args);
	for (size_t i = 0; i < plan->n_keys; i++) {
		hone_strv_push(ret_args, "--config");
		hone_strv_take(ret_args, hone_plan_config_argument(env, &plan->keys[i]));
	}
	if (env->opts->jobs) {
		hone_strv_push(ret_args, "--jobs");
		hone_strv_push(ret_args, env->opts->jobs);
	}
	hone_strv_push(ret_args, "--target-dir");
	hone_strv_push(ret_args, target_dir);
	if (env->project->build_dir) {
		/* Else cargo would keep the intermediate files where the user has them. */
		hone_auto_buf struct hone_buf quoted = HONE_BUF_INIT;

		hone_toml_quote(&quoted, hone_view_of(target_dir));
		hone_strv_push(ret_args, "--config");
		hone_strv_pushf(ret_args, "build.build-dir=%s", hone_buf_str(&quoted));
	}
	hone_strv_append(ret_args, extra);
	if (plan->rustc_args.n) {
		hone_strv_push(ret_args, "--");
		hone_strv_copy(ret_args, &plan->rustc_args);
	}
}

const char *hone_plan_profile_dir(const struct hone_build_env *env)
{
	static const char *const folders[][2] = {
		{"dev", "debug"}, {"test", "debug"}, {"bench", "release"}};

	for (size_t i = 0; i < HONE_COUNT(folders); i++)
		if (strcmp(env->profile, folders[i][0]) == 0)
			return folders[i][1];
	return env->profile;
}

char *hone_plan_output_dir(const struct hone_plan *plan, const struct hone_build_env *env)
{
	bool is_for_target = hone_profile_set_target(env->profiles) != NULL;
	hone_auto_free char *triple = hone_build_target_name(hone_plan_triple(env));

	for (size_t i = 0; i < plan->command.n; i++)
		is_for_target |= strcmp(plan->command.v[i], "--target") == 0;
	return hone_xasprintf("%s%s%s/", is_for_target ? triple : "", is_for_target ? "/" : "",
		hone_plan_profile_dir(env));
}

/* Does the link's strip have one of these values? */
static bool strips(
	const struct hone_plan *plan, const struct hone_build_env *env, const char *const values[2])
{
	const struct hone_assign *wanted = hone_plan_find_key(plan, HONE_SET_STRIP, NULL);
	struct hone_profile profile = {0};
	const char *value = wanted ? wanted->value : NULL;
	bool found;

	if (!value && hone_profile_compute(env->profiles, env->layers, env->project->package,
			      HONE_UNIT_TARGET, &profile, NULL) == 0) {
		const struct hone_profile_value *now = hone_profile_get(&profile, HONE_SET_STRIP);

		value = now ? now->value : NULL;
	}
	found = value && (strcmp(value, values[0]) == 0 || strcmp(value, values[1]) == 0);
	hone_profile_release(&profile);
	return found;
}

bool hone_plan_strips_symbols(const struct hone_plan *plan, const struct hone_build_env *env)
{
	static const char *const values[] = {"true", "\"symbols\""};

	return strips(plan, env, values);
}

bool hone_plan_strips_nothing(const struct hone_plan *plan, const struct hone_build_env *env)
{
	static const char *const values[] = {"false", "\"none\""};

	return strips(plan, env, values);
}
