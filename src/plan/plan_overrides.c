/* Overrides of single packages, which are stronger than the profile that a plan writes. */
#include "plan_impl.h"

#include <string.h>

const struct hone_assign *hone_plan_find_key(
	const struct hone_plan *plan, enum hone_setting_id id, const char *package)
{
	for (size_t i = 0; i < plan->n_keys; i++) {
		const struct hone_assign *a = &plan->keys[i];
		bool same_package =
			package ? a->package && strcmp(a->package, package) == 0 : !a->package;

		if (same_package && a->setting->id == id)
			return a;
	}
	return NULL;
}

/* The user's own override of the program's package is stronger than [profile.NAME]: what the candidate says is written
 * there, too. Those of dependencies are his own choice and stay, which is said. */
int hone_plan_repeat_in_overrides(
	const struct hone_build_env *env, struct hone_plan *plan, struct hone_err *err)
{
	size_t n_keys = plan->n_keys;
	int error = 0;

	for (size_t i = 0; !error && i < n_keys; i++) {
		const struct hone_setting *s = plan->keys[i].setting;
		hone_auto_free char *value = hone_xstrdup(plan->keys[i].value);
		hone_auto_free char *wanted = hone_profile_normal(s->id, value);
		struct hone_key_overrides found = {0};

		if (plan->keys[i].package)
			continue;
		error = hone_profile_key_overrides(env->profiles, env->layers, s->id, &found, err);
		for (size_t k = 0; k < found.n; k++) {
			const struct hone_key_override *o = &found.v[k];
			hone_auto_free char *says = hone_profile_normal(s->id, o->toml);

			if (hone_plan_find_key(plan, s->id, o->spec) || strcmp(says, wanted) == 0)
				continue;
			if (o->own)
				hone_plan_add_key(plan, s, o->spec, value);
			else
				hone_strv_pushf(&plan->notes,
					"%s = %s does not count for %s: "
					"[profile.%s.package.\"%s\"] "
					"says %s (%s), which wins; package.\"%s\".%s=%s changes it",
					s->key, value,
					strcmp(o->spec, "*") == 0 ? "dependencies" : o->spec,
					o->profile, o->spec, o->toml, o->where, o->spec, s->key,
					value);
		}
		free(found.v);
	}
	return error;
}

/* The overrides of the selected package, in the project or in the candidate itself. */
static int own_overrides(const struct hone_build_env *env, const struct hone_plan *plan,
	struct hone_strv *ret_specs, struct hone_err *err)
{
	int error = hone_profile_package_specs(
		env->profiles, env->layers, env->project->package, ret_specs, err);

	for (size_t i = 0; !error && i < plan->n_keys; i++) {
		const char *spec = plan->keys[i].package;
		bool matches = false;

		if (!spec || strcmp(spec, "*") == 0 || hone_strv_has(ret_specs, spec))
			continue;
		error = hone_spec_matches(spec, env->project->package, &matches, err);
		if (!error && matches)
			hone_strv_push(ret_specs, spec);
	}
	return error;
}

/* Cargo assigns strip from an override of the binary's own package even when the override does not
 * name it: the value has to be repeated there. */
int hone_plan_repeat_strip(
	const struct hone_build_env *env, struct hone_plan *plan, struct hone_err *err)
{
	hone_auto_strv struct hone_strv specs = HONE_STRV_INIT;
	const struct hone_assign *wanted = hone_plan_find_key(plan, HONE_SET_STRIP, NULL);
	const struct hone_setting *strip = hone_setting(HONE_SET_STRIP);
	hone_auto_free char *value = NULL;
	int error = own_overrides(env, plan, &specs, err);

	if (error || !specs.n)
		return error;
	if (wanted) {
		value = hone_xstrdup(wanted->value);
	} else {
		/* Only an override that the candidate itself brings needs the project's own value again. */
		struct hone_profile profile = {0};
		const struct hone_profile_value *now;

		error = hone_profile_compute(env->profiles, env->layers, env->project->package,
			HONE_UNIT_TARGET, &profile, err);
		if (error)
			return error;
		now = hone_profile_get(&profile, HONE_SET_STRIP);
		if (now && now->value && now->origin != HONE_ORIGIN_DEFAULT)
			value = hone_xstrdup(now->value);
		hone_profile_release(&profile);
	}
	for (size_t i = 0; value && i < specs.n; i++)
		if (!hone_plan_find_key(plan, HONE_SET_STRIP, specs.v[i]))
			hone_plan_add_key(plan, strip, specs.v[i], value);
	return 0;
}
