/* What can be said before anything is built: a build that fails after minutes of compiling is a bad way to
 * learn that it cannot be done. The linker has plan_linker.c, std plan_std.c. */
#include "platform.h"
#include "plan_impl.h"

#include <string.h>

static const struct hone_assign *find(const struct hone_plan *plan, enum hone_setting_id id)
{
	return hone_candidate_get(plan->candidate, id, NULL);
}

int hone_plan_value_in_force(const struct hone_build_env *env, const struct hone_plan *plan,
	enum hone_setting_id id, const char *fallback, char **ret_value, char **ret_where,
	struct hone_err *err)
{
	const struct hone_assign *assigned = find(plan, id);
	struct hone_rustflags flags = {0};
	struct hone_profile profile = {0};
	const struct hone_profile_value *now;
	int error = hone_rustflags_find(env->profiles, &flags, err);

	if (!error)
		*ret_value = hone_rustflags_value(&flags.flags, id, ret_where);
	hone_rustflags_release(&flags);
	if (error || *ret_value)
		return error;
	if (assigned) {
		*ret_value = hone_xstrdup(assigned->value);
		return 0;
	}
	error = hone_profile_compute(
		env->profiles, env->layers, env->project->package, HONE_UNIT_TARGET, &profile, err);
	if (error)
		return error;
	now = hone_profile_get(&profile, id);
	*ret_value = hone_xstrdup(now && now->value ? now->value : fallback);
	*ret_where = now && now->where ? hone_xstrdup(now->where) : NULL;
	hone_profile_release(&profile);
	return 0;
}

static int check_panic(
	const struct hone_build_env *env, const struct hone_plan *plan, struct hone_err *err)
{
	hone_auto_free char *panic = NULL;
	hone_auto_free char *where = NULL;
	const struct hone_assign *needs = NULL;
	int error;

	for (size_t i = 0; !needs && i < plan->candidate->n; i++) {
		const struct hone_assign *a = &plan->candidate->assigns[i];
		const struct hone_setting_value *row =
			hone_setting_value_row(a->setting, hone_view_of(a->value));

		if (row && row->needs_abort)
			needs = a;
	}
	if (!needs)
		return 0;
	error = hone_plan_value_in_force(
		env, plan, HONE_SET_PANIC, "\"unwind\"", &panic, &where, err);
	if (error || strstr(panic, "abort"))
		return error;
	hone_err_set(err, HONE_E_USAGE,
		"%s=%s needs panic = \"abort\": a program that unwinds would die without what it "
		"leaves out; here panic is %s%s%s%s",
		needs->setting->key, needs->value, panic, where ? " (" : "", where ? where : "",
		where ? ")" : "");
	return hone_err_hint(err,
		"add panic=abort to candidate %s, if nothing in the program catches panics",
		plan->candidate->name);
}

/* Flags of the user's beside which rustc takes no -Cprofile-generate; each was seen to fail with rustc 1.95. */
static int check_training_flags(
	const struct hone_build_env *env, const struct hone_plan *plan, struct hone_err *err)
{
	static const char *const options[] = {
		"instrument-coverage", "profile-generate", "profile-use"};
	static const char *const off[] = {"n", "no", "off", "false", "0"};
	struct hone_rustflags flags = {0};
	int error = hone_rustflags_find(env->profiles, &flags, err);

	for (size_t i = 0; !error && i < HONE_COUNT(options); i++) {
		hone_auto_free char *flag = NULL;
		const char *value = hone_rustflags_option(&flags.flags, options[i], &flag);
		bool counts = value != NULL;

		for (size_t k = 0; counts && i == 0 && k < HONE_COUNT(off); k++)
			counts = strcmp(value, off[k]) != 0;
		if (!counts)
			continue;
		hone_err_set(err, HONE_E_USAGE,
			"candidate %s is trained, which rustc refuses beside `%s` (%s)",
			plan->candidate->name, flag, flags.where);
		error = hone_err_hint(err,
			"take the flag out while you train, or take candidates without train.* "
			"settings");
	}
	hone_rustflags_release(&flags);
	return error;
}

/* A profile is written by the program's own exit into a file. */
static int check_training(
	const struct hone_build_env *env, const struct hone_plan *plan, struct hone_err *err)
{
	const char *triple = hone_plan_triple(env);

	if (!hone_plan_trains(plan->candidate))
		return 0;
	if (hone_platform_of(triple, NULL).os != HONE_OS_NONE)
		return check_training_flags(env, plan, err);
	hone_err_set(err, HONE_E_USAGE,
		"candidate %s is trained, and a program for %s, without an operating system, "
		"leaves "
		"no profile",
		plan->candidate->name, triple);
	return hone_err_hint(err, "take candidates without train.* settings for such a device");
}

int hone_plan_check(const struct hone_build_env *env, struct hone_plan *plan, struct hone_err *err)
{
	int error = hone_plan_check_std(env, plan, err);

	if (!error)
		error = check_training(env, plan, err);
	if (!error)
		error = check_panic(env, plan, err);
	if (!error)
		error = hone_plan_check_wasm_opt(plan, err);
	return error ? error : hone_plan_check_linker(env, plan, err);
}
