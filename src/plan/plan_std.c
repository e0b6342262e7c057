/* Settings that are options of cargo itself: std compiled with the program, and profile keys that only a
 * nightly takes. They go into the command, so into the alias that apply writes: in Cargo.toml such a key
 * would keep every other cargo from reading the project. */
#include "platform.h"
#include "plan_impl.h"

#include "fs.h"
#include "toml_value.h"

#include <string.h>

static const struct hone_assign *std_build(const struct hone_candidate *candidate)
{
	const struct hone_assign *a = hone_candidate_get(candidate, HONE_SET_STD_BUILD, NULL);

	return a && strcmp(a->value, "\"on\"") == 0 ? a : NULL;
}

bool hone_plan_builds_std(const struct hone_candidate *candidate)
{
	return std_build(candidate) != NULL;
}

bool hone_plan_is_nightly(const struct hone_assign *a)
{
	return hone_setting_value_labels(a->setting, hone_view_of(a->value)) & HONE_LABEL_NIGHTLY;
}

int hone_plan_add_cargo_options(
	const struct hone_build_env *env, struct hone_plan *plan, struct hone_err *err)
{
	const struct hone_candidate *c = plan->candidate;
	int error = 0;

	for (size_t i = 0; !error && i < c->n; i++) {
		const struct hone_assign *a = &c->assigns[i];
		bool key = a->setting->scope == HONE_SCOPE_PROFILE && hone_plan_is_nightly(a);
		size_t before = plan->command.n;

		if (!key && a->setting->scope != HONE_SCOPE_CARGO)
			continue;
		/* Targets without an operating system have no std to build. */
		if (a == std_build(c) &&
			hone_platform_of(hone_plan_triple(env), NULL).os == HONE_OS_NONE)
			hone_strv_push(&plan->command, "-Zbuild-std=core,alloc");
		else
			error = hone_plan_add_flags(env, plan, a, &plan->command, err);
		if (key) {
			hone_strv_push(&plan->command, "--config");
			hone_strv_take(&plan->command, hone_plan_config_argument(env, a));
		}
		plan->needs_alias |= plan->command.n > before;
	}
	return error;
}

char *hone_plan_std_source(const struct hone_build_env *env, const char *name)
{
	return hone_xasprintf("%s/lib/rustlib/src/rust/library/%s", env->toolchain->sysroot, name);
}

static int check_source(const struct hone_build_env *env, struct hone_err *err)
{
	hone_auto_free char *source = hone_plan_std_source(env, "Cargo.lock");

	if (hone_fs_exists(source))
		return 0;
	hone_err_set(err, HONE_E_USAGE,
		"std.build=\"on\": the toolchain of rustc %s has no source of std (there is no %s)",
		env->toolchain->rustc_version, source);
	return hone_err_hint(err, "get it by `rustup component add rust-src`, or for Debian's "
				  "rustc-web by `apt-get install rust-web-src`");
}

static int check_nightly(
	const struct hone_build_env *env, struct hone_plan *plan, struct hone_err *err)
{
	const struct hone_candidate *c = plan->candidate;
	const struct hone_assign *needs = NULL;

	for (size_t i = 0; !needs && i < c->n; i++)
		if (hone_plan_is_nightly(&c->assigns[i]))
			needs = &c->assigns[i];
	if (!needs)
		return 0;
	if (!env->toolchain->nightly) {
		hone_err_set(err, HONE_E_USAGE,
			"candidate %s: %s=%s needs a nightly toolchain, and rustc %s is none",
			c->name, needs->setting->key, needs->value, env->toolchain->rustc_version);
		return hone_err_hint(err,
			"take one (cargo +nightly hone ...), or set RUSTC_BOOTSTRAP=1, by which "
			"this one takes what is not stable, too");
	}
	if (env->toolchain->bootstrap)
		hone_strv_pushf(&plan->notes,
			"rustc %s takes %s only because RUSTC_BOOTSTRAP=1 is set",
			env->toolchain->rustc_version, needs->setting->key);
	return 0;
}

int hone_plan_check_std(
	const struct hone_build_env *env, struct hone_plan *plan, struct hone_err *err)
{
	const struct hone_candidate *c = plan->candidate;
	const struct hone_assign *features = hone_candidate_get(c, HONE_SET_STD_FEATURES, NULL);
	const struct hone_assign *panic = hone_candidate_get(c, HONE_SET_PANIC, NULL);
	int error = check_nightly(env, plan, err);

	if (!error && !std_build(c)) {
		if (panic && strcmp(panic->value, "\"immediate-abort\"") == 0)
			features = panic;
		if (!features)
			return 0;
		hone_err_set(err, HONE_E_USAGE, "%s=%s needs std.build=\"on\"",
			features->setting->key, features->value);
		return hone_err_hint(err, "add std.build=on to candidate %s", c->name);
	}
	return error || !std_build(c) ? error : check_source(env, err);
}

/* The path of the toolchain's own archive of the runtime that counts. The caller frees. */
static int profiler_runtime(const struct hone_build_env *env, char **ret_path, struct hone_err *err)
{
	hone_auto_free char *dir = hone_xasprintf(
		"%s/lib/rustlib/%s/lib", env->toolchain->sysroot, hone_plan_triple(env));

	if (hone_fs_find_named(dir, "libprofiler_builtins-", ".rlib", ret_path, NULL) == 0)
		return 0;
	return hone_err_set(err, HONE_E_USAGE,
		"a std that is compiled is trained with the toolchain's profiler_builtins, and "
		"there is none for %s in %s",
		hone_plan_triple(env), dir);
}

/* rustc would add the crate profiler_builtins to core, which it cannot find while core is what is being
 * compiled: so without it, and its archive goes straight to the linker. What starts the counting is found
 * by no reference of the program's, and the C library, which the archive calls, was searched already. */
int hone_plan_add_profiler(
	const struct hone_build_env *env, struct hone_plan *plan, struct hone_err *err)
{
	hone_auto_free char *runtime = NULL;
	int error = profiler_runtime(env, &runtime, err);

	if (error)
		return error;
	hone_strv_push(&plan->graph, "-Zno-profiler-runtime");
	hone_strv_push(&plan->graph, "-Clink-arg=-Wl,-u,__llvm_profile_runtime");
	hone_strv_pushf(&plan->graph, "-Clink-arg=%s", runtime);
	hone_strv_push(&plan->graph, "-Clink-arg=-lc");
	return 0;
}
