/* Problems of the values in the profile. */
#include "platform.h"
#include "problem_impl.h"
#include "toml_value.h"

#include <string.h>

/* A layer of the merged profile with the keys that lead to it in a file. */
struct layer {
	const struct hone_profile_body *body;
	const char *table; /* "build-override", "package" or NULL */
	const char *spec;  /* of package */
};

/* "[profile.release.package.app]"; of the profile that the entry was written in. */
static char *header(const char *profile, const char *table, const char *spec)
{
	struct hone_buf text = HONE_BUF_INIT;

	hone_buf_adds(&text, "[profile.");
	hone_toml_quote_key(&text, hone_view_of(profile));
	if (table)
		hone_buf_addf(&text, ".%s", table);
	if (spec) {
		hone_buf_addc(&text, '.');
		hone_toml_quote_key(&text, hone_view_of(spec));
	}
	hone_buf_addc(&text, ']');
	return hone_buf_detach(&text);
}

static void fix_entry(struct hone_problem *p, const struct hone_profile_entry *e,
	const struct layer *l, const char *key, const char *value)
{
	const char *keys[] = {"profile", e->profile, NULL, NULL, NULL, NULL};
	size_t n = 2;

	if (l->table)
		keys[n++] = l->table;
	if (l->spec)
		keys[n++] = l->spec;
	keys[n] = key;
	hone_problem_fix(p, e->value ? e->value->file : NULL, keys, value);
}

/* The layer that decides about a key of the selected package, or NULL. */
static const struct hone_profile_entry *deciding(
	const struct hone_finder *f, size_t key, struct layer *ret_layer)
{
	const struct hone_profile_table *t = f->merged->table;
	const struct hone_profile_override *own =
		hone_profile_own_override(t, f->in->project->package);

	*ret_layer = (struct layer){.body = &t->body};
	if (own && own->body.key[key])
		*ret_layer = (struct layer){&own->body, "package", own->spec};
	return ret_layer->body->key[key];
}

static void find_strip_reset(struct hone_finder *f)
{
	const struct hone_profile_table *t = f->merged->table;
	const struct hone_package *package = f->in->project->package;
	const struct hone_profile_override *own = hone_profile_own_override(t, package);
	const struct hone_profile_entry *strip = t->body.key[HONE_SET_STRIP];
	hone_auto_free char *now = hone_finder_normal(f, HONE_SET_STRIP);
	hone_auto_free char *meant =
		hone_profile_normal(HONE_SET_STRIP, strip ? strip->toml : NULL);
	hone_auto_free char *table = NULL;
	struct hone_problem *p;

	if (!own || own->body.key[HONE_SET_STRIP] || !strip || !strcmp(now, meant))
		return;
	table = header(own->profile, "package", own->spec);
	p = hone_problem_add(f, "strip-reset", own->where,
		"%s resets strip: `strip = %s` (%s) does not count for %s, which is built with "
		"\"%s\"",
		table, strip->toml, strip->where, package->name, now);
	hone_problem_remedy(p, "%s\nstrip = %s", table, strip->toml);
	if (own->origin == HONE_ORIGIN_MANIFEST) {
		const char *keys[] = {"profile", own->profile, "package", own->spec, "strip", NULL};
		hone_problem_fix(p, f->in->project->root_manifest, keys, strip->toml);
	}
}

/* Of a device's program only what is loaded gets to the device: the file may keep what it likes. */
static bool is_for_device(const struct hone_finder *f)
{
	const char *target = hone_profile_set_target(f->in->profiles);

	return target && hone_platform_of(target, NULL).os == HONE_OS_NONE;
}

static void find_strip_none(struct hone_finder *f)
{
	hone_auto_free char *strip = hone_finder_normal(f, HONE_SET_STRIP);
	hone_auto_free char *debug = hone_finder_normal(f, HONE_SET_DEBUG);
	struct layer l;
	const struct hone_profile_entry *e = deciding(f, HONE_SET_STRIP, &l);
	struct hone_problem *p;

	if (!f->merged->release || !e || strcmp(strip, "none") != 0 || strcmp(debug, "0") != 0 ||
		is_for_device(f))
		return;
	p = hone_problem_add(f, "strip-none", e->where,
		"`strip = %s` is not the default: without it Cargo strips debug information, with "
		"it std's "
		"stays in the program (about 4 MB)",
		e->toml);
	hone_problem_remedy(p, "remove the line, or write\nstrip = \"debuginfo\"");
	fix_entry(p, e, &l, "strip", NULL);
}

/* A dependency whose override has debug information, as cargo looks for it. */
static void find_debug_of_deps(struct hone_finder *f)
{
	const struct hone_package *package = f->in->project->package;
	const struct hone_project *project = f->in->project;

	for (size_t i = 0; package && i < package->n_deps; i++) {
		const struct hone_package *dep = &project->packages[package->deps[i]];
		struct hone_profile of_dep;
		const struct hone_profile_value *v;
		hone_auto_free char *debug = NULL;

		if (!(package->dep_kinds[i] & HONE_DEP_NORMAL) ||
			hone_profile_compute(f->in->profiles, f->in->profile, dep, HONE_UNIT_TARGET,
				&of_dep, NULL))
			continue;
		v = hone_profile_get(&of_dep, HONE_SET_DEBUG);
		debug = hone_profile_normal(HONE_SET_DEBUG, v->value);
		if (strcmp(debug, "0") != 0)
			hone_problem_remedy(hone_problem_add(f, "debug-kept", v->where,
						    "`debug = %s` for the dependency %s turns off "
						    "the stripping of %s, so that "
						    "std's debug information stays in, too",
						    v->value, dep->name, package->name),
				"strip = \"debuginfo\"");
		hone_profile_release(&of_dep);
		if (f->out->n && !strcmp(f->out->v[f->out->n - 1].kind->id, "debug-kept"))
			return;
	}
}

static void find_debug_kept(struct hone_finder *f)
{
	hone_auto_free char *strip = hone_finder_normal(f, HONE_SET_STRIP);
	hone_auto_free char *debug = hone_finder_normal(f, HONE_SET_DEBUG);
	hone_auto_free char *split = hone_finder_normal(f, HONE_SET_SPLIT_DEBUGINFO);
	const struct hone_profile_value *v = hone_profile_get(&f->profile, HONE_SET_DEBUG);
	const struct hone_profile_value *s = hone_profile_get(&f->profile, HONE_SET_STRIP);

	if (is_for_device(f))
		return;
	if (!f->merged->release || strcmp(strip, "none") != 0 || !v ||
		v->origin == HONE_ORIGIN_DEFAULT) {
		if (f->merged->release && !strcmp(strip, "none") &&
			s->origin == HONE_ORIGIN_DEFAULT)
			find_debug_of_deps(f);
		return;
	}
	if (!strcmp(debug, "0") || (*split && strcmp(split, "off") != 0))
		return;
	hone_problem_remedy(hone_problem_add(f, "debug-kept", v->where,
				    "`debug = %s` turns off the automatic strip, so that the debug "
				    "information of the "
				    "program, its dependencies and std stays in the file",
				    v->value),
		"[profile.profiling]\ninherits = \"release\"\ndebug = %s", v->value);
}

static void find_release_checks(struct hone_finder *f)
{
	static const struct {
		enum hone_setting_id setting;
		const char *id, *why, *remedy;
	} checks[] = {
		{HONE_SET_INCREMENTAL, "incremental-release",
			"cuts every crate of the workspace into up to 256 parts, which costs speed "
			"and size",
			"incremental = false"},
		{HONE_SET_DEBUG_ASSERTIONS, "debug-assertions-release",
			"compiles debug_assert!, cfg(debug_assertions) and std's own checks into "
			"the program",
			"debug-assertions = false"},
		{HONE_SET_OVERFLOW_CHECKS, "overflow-checks-release",
			"costs some size and speed; keep it where a silent overflow would be worse",
			"it is meant: cargo hone show --allow overflow-checks-release"},
	};

	for (size_t i = 0; f->merged->release && i < HONE_COUNT(checks); i++) {
		const struct hone_profile_value *v =
			hone_profile_get(&f->profile, checks[i].setting);
		const char *key = hone_setting(checks[i].setting)->key;
		struct hone_problem *p;
		struct layer l;
		const struct hone_profile_entry *e;

		if (!v || !v->value || strcmp(v->value, "true") != 0)
			continue;
		p = hone_problem_add(f, checks[i].id, v->where, "`%s = true` in `%s` %s", key,
			f->in->profile, checks[i].why);
		if (v->origin == HONE_ORIGIN_ENVIRONMENT)
			hone_problem_remedy(p, "unset %s", v->where);
		else
			hone_problem_remedy(p, "%s", checks[i].remedy);
		e = deciding(f, checks[i].setting, &l);
		if (e && checks[i].setting == HONE_SET_INCREMENTAL && v->where && e->where &&
			!strcmp(v->where, e->where))
			fix_entry(p, e, &l, key, "false");
	}
}

static void find_lto_off(struct hone_finder *f)
{
	const struct hone_profile_value *v = hone_profile_get(&f->profile, HONE_SET_LTO);
	hone_auto_free char *lto = hone_finder_normal(f, HONE_SET_LTO);

	if (!f->merged->release || strcmp(lto, "off") != 0)
		return;
	hone_problem_remedy(hone_problem_add(f, "lto-off", v->where,
				    "`lto = %s` is not the default: it also turns off the "
				    "optimization between the "
				    "codegen units of each crate, which false leaves on",
				    v->value),
		"lto = false");
}

/* A line to paste instead of a value that nobody takes: the value that looks most like it, else the
 * default, else the first that there is. */
static void remedy_value(struct hone_problem *p, const struct hone_setting *s, const char *wrong)
{
	HONE_VEC(const char *) values = {0};
	const char *right;

	for (const struct hone_setting_value *v = s->values; v->toml; v++)
		if (!(hone_setting_value_labels(s, hone_view_of(v->toml)) & HONE_LABEL_NIGHTLY))
			hone_vec_push(&values, v->toml);
	hone_vec_push(&values, NULL);
	right = hone_did_you_mean(wrong, values.v);
	if (!right)
		right = s->default_release ? s->default_release : values.v[0];
	/* What people mean by it: rustc has no "all". */
	if (s->id == HONE_SET_STRIP && !strcmp(wrong, "\"all\""))
		right = "\"symbols\"";
	hone_problem_remedy(p, "%s = %s", s->key, right);
	hone_vec_release(&values);
}

/* Values that cargo's parser lets through, though nobody will have them. */
static void find_refused_in(struct hone_finder *f, const struct layer *l)
{
	static const size_t keys[] = {HONE_SET_OPT_LEVEL, HONE_SET_LTO, HONE_SET_CODEGEN_UNITS,
		HONE_SET_STRIP, HONE_SET_SPLIT_DEBUGINFO};
	static const char *const lto_yes[] = {"\"y\"", "\"yes\"", "\"on\""};

	for (size_t i = 0; i < HONE_COUNT(keys); i++) {
		const char *key = hone_profile_key_name(keys[i]);
		const struct hone_setting *s = hone_setting_find(hone_view_of(key));
		const struct hone_profile_entry *e = l->body->key[keys[i]];
		hone_auto_free char *toml = NULL, *why = NULL;
		bool yes = false;
		struct hone_problem *p;

		for (size_t k = 0; e && keys[i] == HONE_SET_LTO && k < HONE_COUNT(lto_yes); k++)
			yes = yes || !strcmp(e->toml, lto_yes[k]);
		if (!e || yes || hone_setting_value_parse(s, hone_view_of(e->toml), &toml, &why))
			continue;
		if (keys[i] == HONE_SET_SPLIT_DEBUGINFO)
			p = hone_problem_add(f, "value-ignored", e->where,
				"`%s = %s` is dropped by Cargo without a word: it takes %s", key,
				e->toml, s->range);
		else
			p = hone_problem_add(f, "value-refused", e->where,
				"`%s = %s` passes Cargo, but rustc stops with an error: "
				"it takes %s",
				key, e->toml, s->range);
		remedy_value(p, s, e->toml);
	}
}

static void find_refused(struct hone_finder *f)
{
	const struct hone_profile_table *t = f->merged->table;

	find_refused_in(f, &(struct layer){.body = &t->body});
	find_refused_in(f, &(struct layer){&t->build, "build-override", NULL});
	for (size_t i = 0; i < t->overrides.n; i++)
		find_refused_in(f, &(struct layer){&t->overrides.v[i].body, "package",
					   t->overrides.v[i].spec});
}

/* Values of the manifest that a config file, a variable or an option replaces by another one. */
static void find_shadowed(struct hone_finder *f)
{
	const struct hone_profile_set *set = f->in->profiles;

	for (size_t i = 0; i < set->manifest.n; i++) {
		const struct hone_profile_table *t = set->manifest.v[i];
		if (strcmp(t->name, f->in->profile) != 0)
			continue;
		for (size_t k = 0; k < HONE_KEY_COUNT; k++) {
			const struct hone_profile_entry *e = t->body.key[k];
			const struct hone_profile_entry *now = f->merged->table->body.key[k];
			if (e && now && now->origin != HONE_ORIGIN_MANIFEST &&
				strcmp(e->toml, now->toml) != 0)
				hone_problem_remedy(
					hone_problem_add(f, "shadowed", e->where,
						"`%s = %s` does not count here: %s says %s",
						hone_profile_key_name(k), e->toml, now->where,
						now->toml),
					now->origin == HONE_ORIGIN_ENVIRONMENT ? "unset %s"
					: now->origin == HONE_ORIGIN_OPTION
						? "leave out %s"
						: "remove the line at %s",
					now->where);
		}
	}
}

/* -1, 0 or 1 as version a is older than, like or newer than b; missing parts are 0. */
static int compare_versions(const char *a, const char *b)
{
	for (int part = 0; part < 3; part++) {
		unsigned long na = 0, nb = 0;
		for (; *a >= '0' && *a <= '9' && na < 100000; a++)
			na = na * 10 + (unsigned long)(*a - '0');
		for (; *b >= '0' && *b <= '9' && nb < 100000; b++)
			nb = nb * 10 + (unsigned long)(*b - '0');
		if (na != nb)
			return na < nb ? -1 : 1;
		a += *a == '.';
		b += *b == '.';
	}
	return 0;
}

static void find_too_new_in(
	struct hone_finder *f, const struct hone_profile_body *body, const char *rust_version)
{
	for (size_t k = 0; k < HONE_KEY_COUNT; k++) {
		const struct hone_profile_entry *e = body->key[k];
		const char *key = hone_profile_key_name(k), *since;
		const struct hone_setting *s = hone_setting_find(hone_view_of(key));
		const struct hone_setting_value *v;

		if (!e || !s || e->origin != HONE_ORIGIN_MANIFEST)
			continue;
		v = hone_setting_value_find(s, hone_view_of(e->toml));
		since = v && v->since ? v->since : s->since;
		if (since && compare_versions(rust_version, since) < 0)
			hone_problem_remedy(
				hone_problem_add(f, "too-new", e->where,
					"`%s = %s` needs Rust %s, but rust-version promises %s",
					key, e->toml, since, rust_version),
				"rust-version = \"%s\"", since);
	}
}

static void find_too_new(struct hone_finder *f)
{
	const struct hone_profile_set *set = f->in->profiles;
	const struct hone_package *package = f->in->project->package;

	if (!package || !package->rust_version)
		return;
	for (size_t i = 0; i < set->manifest.n; i++) {
		const struct hone_profile_table *t = set->manifest.v[i];
		find_too_new_in(f, &t->body, package->rust_version);
		find_too_new_in(f, &t->build, package->rust_version);
		for (size_t k = 0; k < t->overrides.n; k++)
			find_too_new_in(f, &t->overrides.v[k].body, package->rust_version);
	}
}

void hone_find_profile_problems(struct hone_finder *f)
{
	find_strip_reset(f);
	find_strip_none(f);
	find_debug_kept(f);
	find_release_checks(f);
	find_lto_off(f);
	find_refused(f);
	find_shadowed(f);
	find_too_new(f);
}
