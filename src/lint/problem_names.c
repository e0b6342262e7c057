/* Names that cargo does not know: keys, profiles, packages; and values of the wrong type. */
#include "problem_impl.h"

#include <ctype.h>
#include <string.h>
#include <unistd.h>

static const char *nearest_key(const char *key)
{
	hone_auto_free char *dashed = hone_xstrdup(key);

	for (char *p = dashed; *p; p++)
		*p = *p == '_' ? '-' : (char)tolower((unsigned char)*p);
	if (hone_profile_key_find(dashed) != HONE_KEY_COUNT)
		return hone_profile_key_name(hone_profile_key_find(dashed));
	return hone_did_you_mean(dashed, hone_profile_key_names());
}

static void find_unknown_keys(struct hone_finder *f)
{
	for (size_t i = 0; i < f->world->profiles.n; i++) {
		const struct hone_profile_table *t = f->world->profiles.v[i].table;
		for (size_t k = 0; k < t->unknown.n; k++) {
			const struct hone_profile_unknown *u = &t->unknown.v[k];
			const char *near = nearest_key(u->key);
			struct hone_problem *p = hone_problem_add(f, "unknown-key", u->where,
				"`%s` in [%s] is no key of a profile: Cargo ignores it", u->key,
				u->table);
			if (near)
				hone_problem_remedy(p, "did you mean `%s`?", near);
			else
				hone_problem_remedy(p, "remove `%s` from [%s]", u->key, u->table);
		}
	}
}

/* A profile's or key's name as it stands in a variable. */
static char *env_name(const char *name)
{
	char *text = hone_xstrdup(name);

	for (char *p = text; *p; p++)
		*p = *p == '-' ? '_' : (char)toupper((unsigned char)*p);
	return text;
}

static bool is_key_variable(const char *rest)
{
	if (hone_starts(rest, "BUILD_OVERRIDE_"))
		rest += strlen("BUILD_OVERRIDE_");
	for (size_t k = 0; k < HONE_KEY_COUNT; k++) {
		hone_auto_free char *name = env_name(hone_profile_key_name(k));
		if (!strcmp(name, rest))
			return true;
	}
	return false;
}

/* CARGO_PROFILE_* variables that no profile and key explain. */
static void find_unknown_variables(struct hone_finder *f)
{
	static const char prefix[] = "CARGO_PROFILE_";

	for (char **e = environ; e && *e; e++) {
		hone_auto_free char *name = hone_xstrndup(*e, strcspn(*e, "="));
		const char *rest = name + strlen(prefix), *key = NULL;
		const char *profile = NULL;
		bool known = false;
		struct hone_problem *p;

		if (!hone_starts(name, prefix))
			continue;
		for (size_t i = 0; i < f->world->profiles.n && !known; i++) {
			hone_auto_free char *env = env_name(f->world->profiles.v[i].table->name);
			size_t n = strlen(env);
			if (strncmp(rest, env, n) != 0 || rest[n] != '_')
				continue;
			profile = f->world->profiles.v[i].table->name;
			key = rest + n + 1;
			known = is_key_variable(key);
		}
		if (known)
			continue;
		if (!profile) {
			p = hone_problem_add(f, "unknown-profile", name,
				"the variable %s names no profile of this project: Cargo ignores "
				"it",
				name);
			hone_problem_remedy(p, "unset %s", name);
			continue;
		}
		if (hone_starts(key, "PACKAGE_")) {
			p = hone_problem_add(f, "unknown-key", name,
				"Cargo ignores the variable %s: there is no variable for one "
				"package",
				name);
			hone_problem_remedy(
				p, "--config 'profile.%s.package.NAME.KEY=VALUE'", profile);
			continue;
		}
		p = hone_problem_add(f, "unknown-key", name,
			"the variable %s names no key of a profile: Cargo ignores it", name);
		const char *near = nearest_key(key);
		hone_auto_free char *env = near ? env_name(near) : NULL;
		if (env)
			hone_problem_remedy(
				p, "did you mean %.*s%s?", (int)(key - name), name, env);
		else
			hone_problem_remedy(p, "unset %s", name);
	}
}

/* Profiles in the config that nothing asks for: a misspelt name is silent there. */
static void find_unknown_profiles(struct hone_finder *f)
{
	struct hone_config_key key = hone_config_key("profile", NULL, NULL);
	const struct hone_config_value *table = NULL;
	HONE_VEC(const char *) names = {0};

	for (size_t i = 0; i < f->world->profiles.n; i++)
		hone_vec_push(&names, f->world->profiles.v[i].table->name);
	hone_vec_push(&names, NULL);
	if (hone_config_get(f->in->profiles->config, &key, &table, NULL))
		table = NULL;
	for (size_t i = 0; table && i < table->n_items; i++) {
		const struct hone_config_value *t = table->items[i];
		const char *near = hone_did_you_mean(t->key, names.v);
		struct hone_problem *p;

		if (hone_profile_world_find(f->world, t->key) ||
			(hone_config_entry(t, "inherits") && !near))
			continue;
		p = hone_problem_add(f, "unknown-profile", t->where,
			"no profile is called `%s`: Cargo ignores these settings", t->key);
		if (near)
			hone_problem_remedy(p, "did you mean [profile.%s]?", near);
		else
			hone_problem_remedy(p, "inherits = \"release\"");
	}
	hone_vec_release(&names);
}

void hone_find_name_problems(struct hone_finder *f)
{
	find_unknown_keys(f);
	find_unknown_variables(f);
	find_unknown_profiles(f);
}

/* Is text what the key takes without quotes? */
static bool is_bare(const char *key, struct hone_view text)
{
	const struct hone_setting *s = hone_setting_find(hone_view_of(key));

	return s && s->type != HONE_TYPE_STRING && text.n &&
	       (hone_setting_value_find(s, text) ||
		       (s->type == HONE_TYPE_INTEGER && strspn(text.p, "0123456789") >= text.n));
}

static void find_text_in(struct hone_finder *f, const char *file, const char **keys, size_t n,
	const struct hone_config_value *table)
{
	for (size_t i = 0; i < table->n_items; i++) {
		const struct hone_config_value *v = table->items[i];
		struct hone_problem *p;

		keys[n] = v->key;
		if (v->type == HONE_CONFIG_TABLE && n < 4) {
			find_text_in(f, file, keys, n + 1, v);
			continue;
		}
		if (v->type != HONE_CONFIG_STRING || !is_bare(v->key, hone_view_of(v->text)))
			continue;
		p = hone_problem_add(f, "value-text", v->where,
			"`%s = \"%s\"` is text, which Cargo refuses: the value has no quotes",
			v->key, v->text);
		hone_problem_remedy(p, "%s = %s", v->key, v->text);
		keys[n + 1] = NULL;
		hone_problem_fix(p, file, keys, v->text);
	}
}

int hone_problems_of_manifest(
	const char *manifest, struct hone_problems *ret_problems, struct hone_err *err)
{
	hone_auto_arena struct hone_arena arena = HONE_ARENA_INIT;
	struct hone_finder f = {.out = ret_problems};
	const char *keys[8] = {"profile"};
	struct hone_config_value *profiles = NULL;
	const struct hone_toml_node *node;
	struct hone_toml *doc = NULL;
	int code = hone_toml_read(manifest, HONE_TOML_1_1, &doc, NULL, err);

	*ret_problems = (struct hone_problems){0};
	if (code)
		return code;
	node = hone_toml_get(hone_toml_root(doc), "profile");
	if (node)
		code = hone_config_from_toml(
			&arena, doc, node, HONE_CONFIG_MANIFEST, NULL, &profiles, err);
	if (!code && profiles)
		find_text_in(&f, manifest, keys, 1, profiles);
	hone_toml_free(doc);
	return code;
}
