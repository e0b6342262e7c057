#include "labels.h"

#include "platform.h"
#include "toml_doc.h"

#include <string.h>

/* Appends the words of "-C a -Cb=no --codegen=c -Clink-args=x" as -Ca, -Cb=off, -Cc, -Clink-arg=x: in one spelling. */
static void add_normal(struct hone_strv *to, const char *option)
{
	static const char *const spelt[][2] = {{"y", "on"}, {"yes", "on"}, {"true", "on"},
		{"n", "off"}, {"no", "off"}, {"false", "off"}};
	static const char args[] = "link-args=";
	const char *value = strchr(option, '=');
	hone_auto_free char *name =
		value ? hone_xstrndup(option, (size_t)(value - option)) : hone_xstrdup(option);

	for (char *p = name; *p; p++)
		*p = *p == '_' ? '-' : *p;
	if (hone_starts(option, args)) {
		hone_auto_strv struct hone_strv words = HONE_STRV_INIT;

		if (!hone_strv_split_words(&words, option + strlen(args), NULL))
			for (size_t i = 0; i < words.n; i++)
				hone_strv_pushf(to, "-Clink-arg=%s", words.v[i]);
		return;
	}
	for (size_t i = 0; value && i < HONE_COUNT(spelt); i++)
		if (!strcmp(value + 1, spelt[i][0])) {
			hone_strv_pushf(to, "-C%s=%s", name, spelt[i][1]);
			return;
		}
	hone_strv_pushf(to, "-C%s%s", name, value ? value : "");
}

static void normalise(const struct hone_strv *flags, struct hone_strv *to)
{
	for (size_t i = 0; i < flags->n; i++) {
		const char *flag = flags->v[i];

		if ((!strcmp(flag, "-C") || !strcmp(flag, "--codegen")) && i + 1 < flags->n)
			add_normal(to, flags->v[++i]);
		else if (hone_starts(flag, "--codegen="))
			add_normal(to, flag + strlen("--codegen="));
		else if (hone_starts(flag, "-C"))
			add_normal(to, flag + 2);
		else if (!strcmp(flag, "-Z") && i + 1 < flags->n)
			hone_strv_pushf(to, "-Z%s", flags->v[++i]);
		else
			hone_strv_push(to, flag);
	}
}

/* Where the last of a flag stands among the user's, counted from 1; 0: nowhere. A flag of an open setting ends with %s,
 * and *ret_value is what stands there. */
static size_t place_of(const struct hone_strv *flags, const char *flag, const char **ret_value)
{
	const char *hole = strstr(flag, "%s");
	size_t n = hole ? (size_t)(hole - flag) : strlen(flag) + 1;

	for (size_t i = flags->n; i > 0; i--)
		if (!strncmp(flags->v[i - 1], flag, n)) {
			if (hole)
				*ret_value = flags->v[i - 1] + n;
			return i;
		}
	return 0;
}

/* TOML text of the value of a setting that the user's own flags give: of several the last counts. NULL: none. The caller
 * frees. */
static char *value_of_flags(const struct hone_setting *s, const struct hone_strv *flags)
{
	hone_auto_buf struct hone_buf toml = HONE_BUF_INIT;
	size_t last = 0;

	for (const struct hone_setting_value *v = s->values; v && v->toml; v++) {
		hone_auto_strv struct hone_strv words = HONE_STRV_INIT;
		const char *value = NULL;
		size_t at = SIZE_MAX;

		if (!v->flags || hone_strv_split_words(&words, v->flags, NULL) || !words.n)
			continue;
		for (size_t i = 0; i < words.n && at; i++)
			at = place_of(flags, words.v[i], &value);
		if (!at || at <= last)
			continue;
		last = at;
		hone_buf_reset(&toml);
		if (value)
			hone_toml_quote(&toml, hone_view_of(value));
		else
			hone_buf_adds(&toml, v->toml);
	}
	return last ? hone_xstrdup(hone_buf_str(&toml)) : NULL;
}

/* Labels of the value `own` of a setting that somebody who has `have` risks already. */
static unsigned labels_had(const struct hone_setting *s, const char *have, const char *own)
{
	const struct hone_setting_value *had = hone_setting_value_find(s, hone_view_of(have));
	const struct hone_setting_value *new = hone_setting_value_find(s, hone_view_of(own));
	unsigned labels = hone_setting_value_labels(s, hone_view_of(have));
	bool alike = strcmp(have, own) == 0;

	/* What an open setting does not list may be anything: of names of CPUs only rustc knows which has what. */
	if (!alike && (!had || !new))
		return s->open ? labels & HONE_LABEL_NIGHTLY : labels;
	return alike || !(new->parts & ~had->parts) ? labels : labels & HONE_LABEL_NIGHTLY;
}

/* Those of the assigned value's labels that the project has today of this setting. */
static unsigned labels_in_force(const struct hone_session *s, const struct hone_assign *a)
{
	const struct hone_setting *setting = a->setting;
	const struct hone_setting *of_profile =
		setting->id == HONE_SET_POST_STRIP ? hone_setting(HONE_SET_STRIP) : setting;
	struct hone_rustflags flags = {0};
	struct hone_profile profile = {0};
	hone_auto_strv struct hone_strv normal = HONE_STRV_INIT;
	hone_auto_free char *of_flags = NULL;
	const struct hone_profile_value *v;
	unsigned labels = 0;

	if (hone_rustflags_find(s->profiles, &flags, NULL))
		return 0;
	normalise(&flags.flags, &normal);
	if (setting->scope != HONE_SCOPE_PROFILE)
		of_flags = value_of_flags(setting, &normal);
	if (of_flags)
		labels = labels_had(setting, of_flags, a->value);
	if (!hone_profile_compute(s->profiles, s->env.layers, s->project->package, HONE_UNIT_TARGET,
		    &profile, NULL)) {
		hone_profile_apply_rustflags(&profile, &flags);
		v = hone_profile_get(&profile, of_profile->id);
		if (v && v->value)
			labels |= labels_had(of_profile, v->value, a->value);
	}
	hone_profile_release(&profile);
	hone_rustflags_release(&flags);
	return labels;
}

unsigned hone_labels_of_assign(const struct hone_session *s, const struct hone_assign *a,
	const struct hone_object_info *base, const struct hone_object_info *own)
{
	unsigned labels = hone_setting_value_labels(a->setting, hone_view_of(a->value));
	enum hone_setting_id id = a->setting->id;

	if (labels)
		labels &= ~labels_in_force(s, a);
	if (id == HONE_SET_LINK_STATIC &&
		hone_platform_of(hone_session_triple(s), NULL).libc == HONE_LIBC_MUSL)
		labels &= ~(unsigned)HONE_LABEL_STATIC;
	if (base && !base->has_symtab && !base->has_debug &&
		(id == HONE_SET_STRIP || id == HONE_SET_POST_STRIP || id == HONE_SET_DEBUG))
		labels &= ~(unsigned)HONE_LABEL_DEBUG;
	if (base && !base->has_eh_frame && id == HONE_SET_LINK_UNWIND)
		labels &= ~(unsigned)HONE_LABEL_BACKTRACE;
	if (base && own && base->min_glibc && own->min_glibc &&
		!strcmp(base->min_glibc, own->min_glibc))
		labels &= ~(unsigned)HONE_LABEL_GLIBC;
	return labels;
}

unsigned hone_labels_of_plan(const struct hone_session *s, const struct hone_plan *plan,
	const struct hone_object_info *base, const struct hone_object_info *own)
{
	const struct hone_candidate *c = plan->candidate;
	unsigned labels = 0;

	for (size_t i = 0; i < c->n; i++)
		if (!plan->left_out[c->assigns[i].setting->id])
			labels |= hone_labels_of_assign(s, &c->assigns[i], base, own);
	return labels;
}

unsigned hone_labels_of_project(const struct hone_session *s)
{
	hone_auto_strv struct hone_strv normal = HONE_STRV_INIT;
	struct hone_rustflags flags = {0};
	struct hone_profile p = {0};
	unsigned labels = 0;

	if (!hone_rustflags_find(s->profiles, &flags, NULL))
		normalise(&flags.flags, &normal);
	for (HONE_EACH_SETTING(setting)) {
		hone_auto_free char *value = setting->scope == HONE_SCOPE_PROFILE
						     ? NULL
						     : value_of_flags(setting, &normal);

		if (value)
			labels |= hone_setting_value_labels(setting, hone_view_of(value));
	}
	if (!hone_profile_compute(
		    s->profiles, s->env.profile, s->project->package, HONE_UNIT_TARGET, &p, NULL)) {
		hone_profile_apply_rustflags(&p, &flags);
		for (size_t i = 0; i < p.n; i++)
			if (p.values[i].value && p.values[i].origin != HONE_ORIGIN_DEFAULT &&
				p.values[i].where)
				labels |= hone_setting_value_labels(
					p.values[i].setting, hone_view_of(p.values[i].value));
	}
	hone_profile_release(&p);
	hone_rustflags_release(&flags);
	return labels;
}

unsigned hone_labels_of_presets(void)
{
	unsigned labels = 0;

	for (size_t i = 0; hone_preset_names[i]; i++) {
		struct hone_candidate *c = NULL;

		if (!hone_candidate_parse(hone_preset_names[i], &c, NULL))
			labels |= hone_candidate_labels(c);
		hone_candidate_free(c);
	}
	return labels;
}
