#include "result_settings.h"

#include "candidate.h"

char *hone_result_count(const struct hone_problems *p)
{
	size_t n[3] = {0};
	struct hone_buf text = HONE_BUF_INIT;
	bool some = false;

	for (size_t i = 0; i < p->n; i++)
		n[p->v[i].kind->severity]++;
	if (!p->n) {
		hone_buf_adds(&text, "no problems");
		return hone_buf_detach(&text);
	}
	for (int s = HONE_SEVERITY_ERROR; s >= 0; s--) {
		if (!n[s])
			continue;
		hone_buf_addf(&text, "%s%zu %s%s", some ? ", " : "", n[s],
			hone_severity_name((enum hone_severity)s), n[s] == 1 ? "" : "s");
		some = true;
	}
	return hone_buf_detach(&text);
}

static char *normal_of(const struct hone_profile *p, enum hone_setting_id id)
{
	const struct hone_profile_value *v = hone_profile_get(p, id);

	return hone_profile_normal(id, v ? v->value : NULL);
}

/* Does the profile have every value of a preset? */
static bool is_preset(const struct hone_profile *p, const char *name)
{
	struct hone_candidate *c = NULL;
	bool all = true;

	if (hone_candidate_parse(name, &c, NULL))
		return false;
	for (size_t i = 0; i < c->n && all; i++) {
		hone_auto_free char *have = normal_of(p, c->assigns[i].setting->id);
		hone_auto_free char *want =
			hone_profile_normal(c->assigns[i].setting->id, c->assigns[i].value);
		bool lto = c->assigns[i].setting->id == HONE_SET_LTO;
		/* lto = true and "fat" mean the same. */
		all = strcmp(have, want) == 0 ||
		      (lto && strcmp(have, "false") != 0 && strcmp(have, "off") != 0 &&
			      strcmp(have, "thin") != 0);
	}
	hone_candidate_free(c);
	return all;
}

char *hone_result_goal(const struct hone_profile *p)
{
	hone_auto_free char *level = normal_of(p, HONE_SET_OPT_LEVEL);
	hone_auto_free char *lto = normal_of(p, HONE_SET_LTO);
	hone_auto_free char *units = normal_of(p, HONE_SET_CODEGEN_UNITS);
	bool whole =
		strcmp(units, "1") == 0 || (strcmp(lto, "false") != 0 && strcmp(lto, "off") != 0);

	for (size_t i = 0; hone_preset_names[i]; i++)
		if (is_preset(p, hone_preset_names[i]))
			return hone_xasprintf("%s (it is the preset)", hone_preset_names[i]);
	if (strcmp(level, "s") == 0 || strcmp(level, "z") == 0)
		return hone_xstrdup("small");
	if (strcmp(level, "0") == 0 || strcmp(level, "1") == 0)
		return hone_xstrdup("quick builds, it is hardly optimized");
	return hone_xstrdup(whole ? "fast" : "none, it is close to Cargo's defaults");
}
