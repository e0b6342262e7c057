/* Overrides of single packages, and what is stronger than what apply writes. */
#include "profile_set.h"

#include <string.h>

static char *copy(const char *s)
{
	return s ? hone_xstrdup(s) : NULL;
}

int hone_profile_package_specs(const struct hone_profile_set *set, const char *name,
	const struct hone_package *package, struct hone_strv *ret_specs, struct hone_err *err)
{
	const struct hone_profile_world *world;
	const struct hone_profile_override *own, *star;
	const struct hone_profile_table *t;
	int code = hone_profile_set_world(set, name, &world, err);

	if (code)
		return code;
	t = hone_profile_world_find(world, name)->table;
	own = hone_profile_own_override(t, package);
	star = hone_profile_star_override(t);
	if (own)
		hone_strv_push(ret_specs, own->spec);
	if (star && !package->member)
		hone_strv_push(ret_specs, star->spec);
	return 0;
}

/* Does an override mean a package that is a part of the program and is not the selected one? */
static bool means_dependency(const struct hone_profile_set *set, const char *spec)
{
	const struct hone_project *p = set->project;
	const bool *in_target = hone_profile_in_target(set);
	bool star = strcmp(spec, "*") == 0;

	/* Without the graph nobody knows. */
	if (star && !p->graph)
		return true;
	for (size_t i = 0; i < p->n_packages; i++) {
		bool matches = star && !p->packages[i].member;

		if (!in_target[i] || &p->packages[i] == p->package)
			continue;
		if (!star && hone_spec_matches(spec, &p->packages[i], &matches, NULL))
			continue;
		if (matches)
			return true;
	}
	return false;
}

int hone_profile_key_overrides(const struct hone_profile_set *set, const char *name,
	enum hone_setting_id id, struct hone_key_overrides *ret, struct hone_err *err)
{
	const struct hone_package *package = set->project->package;
	const struct hone_profile_override *mine;
	const struct hone_profile_world *world;
	const struct hone_profile_table *t;
	int code = hone_profile_set_world(set, name, &world, err);

	if (code)
		return code;
	t = hone_profile_world_find(world, name)->table;
	mine = hone_profile_own_override(t, package);
	for (size_t i = 0; id < HONE_PROFILE_SETTINGS && i < t->overrides.n; i++) {
		const struct hone_profile_override *o = &t->overrides.v[i];
		const struct hone_profile_entry *e = o->body.key[id];
		bool own = o == mine;

		if (e && (own || means_dependency(set, o->spec)))
			hone_vec_push(ret, (struct hone_key_override){
						   o->spec, o->profile, e->toml, e->where, own});
	}
	return 0;
}

/* Do two specs mean the same packages of the project, and any? */
static bool mean_the_same(const struct hone_project *p, const char *a, const char *b)
{
	bool any = false;

	for (size_t i = 0; i < p->n_packages; i++) {
		bool in_a = false, in_b = false;

		if (hone_spec_matches(a, &p->packages[i], &in_a, NULL) ||
			hone_spec_matches(b, &p->packages[i], &in_b, NULL) || in_a != in_b)
			return false;
		any |= in_a;
	}
	return any;
}

const char *hone_profile_spec_spelling(
	const struct hone_profile_set *set, const char *name, const char *spec)
{
	const struct hone_profile_world *world;
	const struct hone_profile_table *t;

	if (strcmp(spec, "*") == 0 || hone_profile_set_world(set, name, &world, NULL))
		return spec;
	t = hone_profile_world_find(world, name)->table;
	for (size_t i = 0; i < t->overrides.n; i++)
		if (strcmp(t->overrides.v[i].spec, "*") != 0 &&
			mean_the_same(set->project, spec, t->overrides.v[i].spec))
			return t->overrides.v[i].spec;
	return spec;
}

const struct hone_profile_value *hone_profile_overrider(const struct hone_profile_set *set,
	const char *name, const char *package_spec, enum hone_setting_id id)
{
	struct hone_profile_table *config = NULL;
	const struct hone_profile_entry *e = NULL;
	struct hone_profile_value v = {.setting = hone_setting(id)};
	struct hone_rustflags flags = {0};
	char *flag = NULL;

	if (id >= HONE_PROFILE_SETTINGS)
		return NULL;
	if (!hone_rustflags_find(set, &flags, NULL))
		v.value = hone_rustflags_value(&flags.flags, id, &flag);
	if (v.value) {
		v.origin = HONE_ORIGIN_RUSTFLAGS;
		v.where = hone_xasprintf("%s in %s", flag, flags.where);
	} else if (id == HONE_SET_INCREMENTAL && set->incremental) {
		v.value = copy(set->incremental->boolean ? "true" : "false");
		v.origin = set->incremental->source == HONE_CONFIG_ENV ? HONE_ORIGIN_ENVIRONMENT
								       : HONE_ORIGIN_CONFIG;
		v.where = copy(set->incremental->where);
	} else if (!hone_profile_table_read(set->arena, hone_arena_strdup(set->arena, name), NULL,
			   set->config, &set->features, &config, NULL) &&
		   config) {
		if (!package_spec)
			e = config->body.key[id];
		for (size_t i = 0; package_spec && i < config->overrides.n; i++)
			if (hone_profile_spec_eq(config->overrides.v[i].spec, package_spec))
				e = config->overrides.v[i].body.key[id];
		hone_profile_table_free(config);
		if (e) {
			v.value = copy(e->toml);
			v.origin = e->origin;
			v.where = copy(e->where);
		}
	}
	free(flag);
	hone_rustflags_release(&flags);
	if (!v.value)
		return NULL;
	struct hone_profile_value *kept = HONE_NEW(struct hone_profile_value);
	*kept = v;
	hone_vec_push(&set->cache->overriders, kept);
	return kept;
}
