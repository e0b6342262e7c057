/* Values that are left out beside others, as their rows say. */
#include "plan_impl.h"

#include <string.h>

static bool names(const struct hone_setting_clash *c, enum hone_setting_id id, const char *value)
{
	hone_auto_free char *normal = hone_profile_normal(id, value);

	for (size_t i = 0; i < HONE_COUNT(c->values) && c->values[i]; i++) {
		hone_auto_free char *other = hone_profile_normal(id, c->values[i]);

		if (strcmp(normal, other) == 0)
			return true;
	}
	return false;
}

static int meets(const struct hone_build_env *env, const struct hone_plan *plan,
	const struct hone_setting_clash *c, char **ret_text, struct hone_err *err)
{
	hone_auto_free char *value = NULL;
	hone_auto_free char *where = NULL;
	enum hone_linker linker = HONE_LINKERS;
	const struct hone_setting *other = hone_setting(c->id);
	int error = hone_plan_value_in_force(env, plan, c->id, "", &value, &where, err);

	if (error || !names(c, c->id, value))
		return error;
	if (c->linkers)
		error = hone_plan_find_linker(env, plan, &linker, err);
	if (!error && (!c->linkers || c->linkers & 1U << linker))
		*ret_text = hone_xasprintf("%s is %s%s%s%s, and %s", other->key, value,
			where ? " (" : "", where ? where : "", where ? ")" : "", c->why);
	return error;
}

int hone_plan_find_clash(const struct hone_build_env *env, const struct hone_plan *plan,
	const struct hone_assign *a, char **ret_text, struct hone_err *err)
{
	const struct hone_setting_value *row =
		hone_setting_value_row(a->setting, hone_view_of(a->value));
	int error = 0;

	*ret_text = NULL;
	for (const struct hone_setting_clash *c = row ? row->clashes : NULL;
		!error && !*ret_text && c && c->why; c++)
		error = meets(env, plan, c, ret_text, err);
	return error;
}
