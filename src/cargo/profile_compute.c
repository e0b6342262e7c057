/* The effective profile of a unit. The order is cargo's (core/profiles.rs, ProfileMaker::get_profile and
 * get_profile; ops/cargo_compile, traverse_and_share):
 * built-in values, the profile's body, for units of the host opt-level 0 and rustc's own
 * codegen-units, then build-override, package."*" for packages outside the workspace, and the
 * package's own override; then what cargo decides by itself: panic, incremental, debug of host units
 * and strip. */
#include "platform.h"
#include "profile_set.h"
#include "toml_value.h"

#include <string.h>

const char *hone_origin_name(enum hone_origin_kind kind)
{
	static const char *const names[] = {
		[HONE_ORIGIN_DEFAULT] = "default",
		[HONE_ORIGIN_INHERITED] = "inherited",
		[HONE_ORIGIN_MANIFEST] = "manifest",
		[HONE_ORIGIN_CONFIG] = "config",
		[HONE_ORIGIN_ENVIRONMENT] = "environment",
		[HONE_ORIGIN_OPTION] = "option",
		[HONE_ORIGIN_RUSTFLAGS] = "rustflags",
	};
	return names[kind];
}

/* The text of a TOML string, or the value's own text. */
static char *unquoted(const char *toml)
{
	struct hone_buf text = HONE_BUF_INIT;

	if (*toml != '"' || !hone_toml_unquote(hone_view_of(toml), &text)) {
		hone_buf_reset(&text);
		hone_buf_adds(&text, toml);
	}
	return hone_buf_detach(&text);
}

static bool is_any(const char *s, const char *const *list)
{
	for (; *list; list++)
		if (!strcmp(s, *list))
			return true;
	return false;
}

char *hone_profile_normal(enum hone_setting_id id, const char *toml)
{
	static const char *const lto_off[] = {"\"off\"", "\"n\"", "\"no\"", "\"none\"", NULL};
	static const char *const debug[][4] = {
		{"0", "false", "\"none\"", NULL},
		{"1", "\"limited\"", NULL},
		{"2", "true", "\"full\"", NULL},
	};
	static const char *const levels[] = {"0", "1", "2"};
	static const char *const none[] = {"false", "\"none\"", NULL};
	static const char *const symbols[] = {"true", "\"symbols\"", NULL};

	if (!toml)
		return hone_xstrdup("");
	if (id == HONE_SET_LTO && is_any(toml, lto_off))
		return hone_xstrdup("off");
	if (id == HONE_SET_DEBUG)
		for (size_t i = 0; i < HONE_COUNT(debug); i++)
			if (is_any(toml, debug[i]))
				return hone_xstrdup(levels[i]);
	if (id == HONE_SET_STRIP && is_any(toml, none))
		return hone_xstrdup("none");
	if (id == HONE_SET_STRIP && is_any(toml, symbols))
		return hone_xstrdup("symbols");
	return unquoted(toml);
}

/* A unit's profile on its way to the final values. */
struct unit {
	const struct hone_profile_entry *key[HONE_KEY_COUNT]; /* NULL: rustc's or cargo's default */
	bool host;
	bool debug_open; /* debug of a host unit that nothing set for host units */
};

static const struct hone_profile_entry *made(const struct hone_profile_set *set, const char *toml)
{
	struct hone_profile_entry *e = HONE_ARENA_NEW(set->arena, struct hone_profile_entry);

	e->toml = toml;
	e->origin = HONE_ORIGIN_DEFAULT;
	return e;
}

/* As cargo's merge_profile: a layer that does not name strip takes it back. */
static void put(struct unit *u, const struct hone_profile_body *layer)
{
	for (size_t k = 0; k < HONE_KEY_COUNT; k++)
		if (layer->key[k])
			u->key[k] = layer->key[k];
	u->key[HONE_SET_STRIP] = layer->key[HONE_SET_STRIP];
	if (layer->key[HONE_SET_DEBUG])
		u->debug_open = false;
}

static bool is_on(enum hone_setting_id id, const struct hone_profile_entry *e)
{
	hone_auto_free char *normal = hone_profile_normal(id, e ? e->toml : NULL);

	return *normal && strcmp(normal, "0") != 0;
}

static const char *triple(const struct hone_profile_set *set, const struct unit *u)
{
	return set->target && !u->host ? set->target : set->toolchain->host;
}

static bool is_macro(const struct hone_package *p)
{
	for (size_t i = 0; i < p->n_targets; i++)
		if (p->targets[i].kind == HONE_KIND_PROC_MACRO)
			return true;
	return false;
}

static bool has_program(const struct hone_package *p)
{
	for (size_t i = 0; i < p->n_targets; i++)
		if (p->targets[i].kind == HONE_KIND_BIN || p->targets[i].kind == HONE_KIND_EXAMPLE)
			return true;
	return false;
}

/* Everything but what depends on other units: debug of host units and strip. */
static void compute_unit(const struct hone_profile_set *set, const struct hone_profile_merged *m,
	const struct hone_package *package, bool host, struct unit *ret)
{
	const struct hone_profile_override *star = hone_profile_star_override(m->table);
	const struct hone_profile_override *own = hone_profile_own_override(m->table, package);
	struct unit u = {.host = host};

	for (size_t k = 0; k < HONE_KEY_COUNT; k++) {
		const struct hone_setting *s =
			hone_setting_find(hone_view_of(hone_profile_key_name(k)));
		const char *value = !s ? NULL : m->release ? s->default_release : s->default_dev;
		if (value)
			u.key[k] = made(set, value);
	}
	put(&u, &m->table->body);
	if (host) {
		u.key[HONE_SET_OPT_LEVEL] = made(set, "0");
		u.key[HONE_SET_CODEGEN_UNITS] = NULL;
		u.debug_open = true;
		if (m->table->has_build)
			put(&u, &m->table->build);
	}
	if (package && !package->member && star)
		put(&u, &star->body);
	if (own)
		put(&u, &own->body);
	/* A proc macro that is built for its own sake keeps the program's profile, but for this. */
	if (host || (package && is_macro(package) && !has_program(package)))
		u.key[HONE_SET_PANIC] = made(set, "\"unwind\"");
	if (is_on(HONE_SET_DEBUG, u.key[HONE_SET_DEBUG]) && !u.key[HONE_SET_SPLIT_DEBUGINFO] &&
		hone_platform_of(triple(set, &u), NULL).os == HONE_OS_APPLE)
		u.key[HONE_SET_SPLIT_DEBUGINFO] = made(set, "\"unpacked\"");
	if (set->incremental) {
		struct hone_profile_entry *e =
			HONE_ARENA_NEW(set->arena, struct hone_profile_entry);
		e->toml = set->incremental->boolean ? "true" : "false";
		e->where = set->incremental->where;
		e->origin = set->incremental->source == HONE_CONFIG_ENV ? HONE_ORIGIN_ENVIRONMENT
			    : set->incremental->source == HONE_CONFIG_CLI && !set->incremental->file
				    ? HONE_ORIGIN_OPTION
				    : HONE_ORIGIN_CONFIG;
		u.key[HONE_SET_INCREMENTAL] = e;
	}
	if (package && package->source)
		u.key[HONE_SET_INCREMENTAL] = made(set, "false");
	*ret = u;
}

static void mark_target(const struct hone_project *p, size_t i, bool *in_target)
{
	const struct hone_package *package = &p->packages[i];

	if (in_target[i] || is_macro(package))
		return;
	in_target[i] = true;
	for (size_t k = 0; k < package->n_deps; k++)
		if (package->dep_kinds[k] & HONE_DEP_NORMAL)
			mark_target(p, package->deps[k], in_target);
}

/* Is it built for its own sake? */
static bool is_root(const struct hone_project *p, const struct hone_package *package)
{
	return p->package ? package == p->package : package->default_member;
}

const bool *hone_profile_in_target(const struct hone_profile_set *set)
{
	const struct hone_project *p = set->project;

	if (!set->cache->in_target) {
		set->cache->in_target = hone_xcalloc(p->n_packages + 1, sizeof(bool));
		for (size_t i = 0; i < p->n_packages; i++)
			if (p->package ? &p->packages[i] == p->package
				       : p->packages[i].default_member)
				mark_target(p, i, set->cache->in_target);
	}
	return set->cache->in_target;
}

/* Would cargo give both the same unit, if they have the same features? */
static bool same_unit(const struct unit *a, const struct unit *b)
{
	for (size_t k = 0; k < HONE_KEY_COUNT; k++) {
		enum hone_setting_id key = (enum hone_setting_id)k;
		hone_auto_free char *va =
			hone_profile_normal(key, a->key[k] ? a->key[k]->toml : NULL);
		hone_auto_free char *vb =
			hone_profile_normal(key, b->key[k] ? b->key[k]->toml : NULL);
		bool strip = k == HONE_SET_STRIP;
		if (strcmp(strip && !*va ? "none" : va, strip && !*vb ? "none" : vb) != 0)
			return false;
	}
	return true;
}

/* debug of a unit of the host that nothing set: none, unless the program shares the unit. */
static void close_debug(const struct hone_profile_set *set, const struct hone_profile_merged *m,
	const struct hone_package *package, enum hone_unit_class class, struct unit *u)
{
	struct unit program;

	if (!u->debug_open || set->target)
		return;
	if (package && class == HONE_UNIT_HOST &&
		(is_macro(package)
				? is_root(set->project, package)
				: hone_profile_in_target(set)[package - set->project->packages])) {
		compute_unit(set, m, package, false, &program);
		if (same_unit(u, &program) && hone_profile_one_variant(set, package))
			return;
	}
	u->key[HONE_SET_DEBUG] = made(set, "0");
}

/* Does any package that this unit uses directly keep debug information? */
static bool deps_have_debug(const struct hone_profile_set *set, const struct hone_profile_merged *m,
	const struct hone_package *package, enum hone_unit_class class)
{
	const struct hone_project *p = set->project;
	const struct hone_target *t = p->target;
	unsigned wanted = class == HONE_UNIT_BUILD_SCRIPT ? HONE_DEP_BUILD : HONE_DEP_NORMAL;

	if (class == HONE_UNIT_TARGET && package == p->package && t && t->kind == HONE_KIND_EXAMPLE)
		wanted |= HONE_DEP_DEV;
	for (size_t i = 0; package && i < package->n_deps; i++) {
		const struct hone_package *dep = &p->packages[package->deps[i]];
		bool host = class != HONE_UNIT_TARGET || is_macro(dep) || is_macro(package);
		struct unit u;

		if (!(package->dep_kinds[i] & wanted))
			continue;
		compute_unit(set, m, dep, host, &u);
		if (host)
			close_debug(set, m, dep, HONE_UNIT_HOST, &u);
		if (is_on(HONE_SET_DEBUG, u.key[HONE_SET_DEBUG]))
			return true;
	}
	return false;
}

/* cargo strips debug information (std's) where nothing says otherwise and no unit near has any: since
 * 1.77, with a target since 1.79. */
static bool strips_by_itself(const struct hone_profile_set *set)
{
	return set->toolchain->cargo_minor >= (set->target ? 79 : 77);
}

static char *copy(const char *s)
{
	return s ? hone_xstrdup(s) : NULL;
}

int hone_profile_compute(const struct hone_profile_set *set, const char *name,
	const struct hone_package *package, enum hone_unit_class class,
	struct hone_profile *ret_profile, struct hone_err *err)
{
	const struct hone_profile_world *world;
	const struct hone_profile_merged *m;
	HONE_VEC(struct hone_profile_value) values = {0};
	struct unit u;
	bool debug;
	int code = hone_profile_set_world(set, name, &world, err);

	if (code)
		return code;
	m = hone_profile_world_find(world, name);
	compute_unit(set, m, package, class != HONE_UNIT_TARGET, &u);
	debug = is_on(HONE_SET_DEBUG, u.key[HONE_SET_DEBUG]);
	close_debug(set, m, package, class, &u);
	if (!u.key[HONE_SET_STRIP])
		u.key[HONE_SET_STRIP] = made(set,
			strips_by_itself(set) && !debug && !deps_have_debug(set, m, package, class)
				? "\"debuginfo\""
				: "\"none\"");
	for (HONE_EACH_SETTING(s)) {
		size_t k = hone_profile_key_find(s->key);
		const struct hone_profile_entry *e;
		struct hone_profile_value v = {.setting = s};

		if (s->kind != HONE_SETTING_PROFILE || k == HONE_KEY_COUNT)
			continue;
		e = u.key[k];
		if (e) {
			bool inherited = e->profile && strcmp(e->profile, name) != 0;
			v.value = copy(e->toml);
			v.where = copy(e->where);
			v.origin = inherited ? HONE_ORIGIN_INHERITED : e->origin;
		}
		hone_vec_push(&values, v);
	}
	ret_profile->values = values.v;
	ret_profile->n = values.n;
	return 0;
}

void hone_profile_release(struct hone_profile *p)
{
	for (size_t i = 0; i < p->n; i++) {
		free(p->values[i].value);
		free(p->values[i].where);
	}
	free(p->values);
	*p = (struct hone_profile){0};
}

const struct hone_profile_value *hone_profile_get(
	const struct hone_profile *p, enum hone_setting_id id)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->values[i].setting->id == id)
			return &p->values[i];
	return NULL;
}
