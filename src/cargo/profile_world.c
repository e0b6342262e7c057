/* All profiles that cargo knows when one of them is asked for, and how the chain of `inherits` puts them together. */
#include "profile_set.h"

#include <ctype.h>
#include <string.h>

static struct hone_profile_table *new_table(const char *name)
{
	struct hone_profile_table *t = HONE_NEW(struct hone_profile_table);

	t->name = name;
	return t;
}

/* name of a test, doc, bench profile's parent; NULL for those that have none built in. */
static const char *built_in_parent(const char *name, unsigned cargo_minor)
{
	if (!strcmp(name, "bench"))
		return "release";
	if (!strcmp(name, "test") || !strcmp(name, "doc") ||
		(!strcmp(name, "debug") && cargo_minor >= 99))
		return "dev";
	return NULL;
}

static bool is_root(const char *name)
{
	return !strcmp(name, "dev") || !strcmp(name, "release");
}

/* cargo's rules for the name of a profile that is asked for. HONE_E_USAGE with cargo's reason. */
static int check_profile_name(const char *name, unsigned cargo_minor, struct hone_err *err)
{
	static const char *const reserved[] = {"build", "check", "clean", "config", "fetch", "fix",
		"install", "metadata", "package", "publish", "report", "root", "run", "rust",
		"rustc", "rustdoc", "target", "tmp", "uninstall"};
	hone_auto_free char *lower = hone_xstrdup(name);
	bool taken = false;

	for (char *p = lower; *p; p++) {
		*p = (char)tolower((unsigned char)*p);
		if (!isalnum((unsigned char)*p) && *p != '_' && *p != '-' &&
			(unsigned char)*p < 0x80)
			return hone_err_set(err, HONE_E_USAGE,
				"invalid character `%c` in profile name: `%s`, allowed characters "
				"are letters, "
				"numbers, underscore, and hyphen",
				*p, name);
	}
	if (!strcmp(name, "doc"))
		return hone_err_set(err, HONE_E_USAGE,
			"profile `doc` is reserved and not allowed to be explicitly specified");
	for (size_t i = 0; i < HONE_COUNT(reserved); i++)
		taken = taken || !strcmp(lower, reserved[i]);
	bool debug = !strcmp(lower, "debug") && cargo_minor < 99;
	if (!debug && !taken && !hone_starts(lower, "cargo") &&
		strcmp(lower, "build-override") != 0)
		return 0;
	hone_err_set(err, HONE_E_USAGE, "profile name `%s` is reserved", name);
	if (debug)
		hone_err_hint(err, "the default development profile is called `dev`");
	return HONE_E_USAGE;
}

const struct hone_profile_merged *hone_profile_world_find(
	const struct hone_profile_world *world, const char *name)
{
	for (size_t i = 0; i < world->profiles.n; i++)
		if (!strcmp(world->profiles.v[i].table->name, name))
			return &world->profiles.v[i];
	return NULL;
}

/* "app v0.1.0 (/home/me/app)", as cargo names packages. The caller frees. */
static char *package_text(const struct hone_package *p)
{
	if (!p->source)
		return hone_xasprintf("%s v%s (%s)", p->name, p->version, p->dir);
	if (hone_starts(p->source, "registry+https://github.com/rust-lang/crates.io-index") ||
		hone_starts(p->source, "sparse+https://index.crates.io/"))
		return hone_xasprintf("%s v%s", p->name, p->version);
	return hone_xasprintf("%s v%s (%s)", p->name, p->version, p->source);
}

static bool means(const char *spec, const struct hone_package *package)
{
	bool matches = false;

	return strcmp(spec, "*") != 0 && !hone_spec_matches(spec, package, &matches, NULL) &&
	       matches;
}

const struct hone_profile_override *hone_profile_own_override(
	const struct hone_profile_table *t, const struct hone_package *package)
{
	for (size_t i = 0; package && i < t->overrides.n; i++)
		if (means(t->overrides.v[i].spec, package))
			return &t->overrides.v[i];
	return NULL;
}

const struct hone_profile_override *hone_profile_star_override(const struct hone_profile_table *t)
{
	for (size_t i = 0; i < t->overrides.n; i++)
		if (!strcmp(t->overrides.v[i].spec, "*"))
			return &t->overrides.v[i];
	return NULL;
}

static int by_package(const void *a, const void *b)
{
	const struct hone_package *const *pa = a, *const *pb = b;
	int order = strcmp((*pa)->name, (*pb)->name);

	return order ? order : strcmp((*pa)->version, (*pb)->version);
}

/* Two specs of one profile must not mean the same package. cargo goes through the packages by name. */
static int check_unique(
	const struct hone_project *p, const struct hone_profile_table *t, struct hone_err *err)
{
	HONE_VEC(const struct hone_package *) packages = {0};
	int code = 0;

	for (size_t i = 0; i < p->n_packages && t->overrides.n > 1; i++)
		hone_vec_push(&packages, &p->packages[i]);
	if (packages.n)
		qsort(packages.v, packages.n, sizeof(*packages.v), by_package);
	for (size_t i = 0; i < packages.n && !code; i++) {
		hone_auto_strv struct hone_strv specs = HONE_STRV_INIT;
		hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
		hone_auto_free char *package = NULL;

		for (size_t k = 0; k < t->overrides.n; k++)
			if (means(t->overrides.v[k].spec, packages.v[i]))
				hone_strv_push(&specs, t->overrides.v[k].spec);
		if (specs.n < 2)
			continue;
		hone_strv_sort(&specs);
		for (size_t k = 0; k < specs.n; k++)
			hone_buf_addf(&text, "%s%s", k ? ", " : "", specs.v[k]);
		package = package_text(packages.v[i]);
		code = hone_err_set(err, HONE_E_FAILED,
			"multiple package overrides in profile `%s` match package `%s`\n"
			"found package specs: %s",
			t->name, package, hone_buf_str(&text));
	}
	hone_vec_release(&packages);
	return code;
}

struct builder {
	const struct hone_profile_set *set;
	HONE_VEC(struct hone_profile_table *) raw; /* manifest and config together, by profile */
	struct hone_profile_world *world;
};

static struct hone_profile_table *raw_find(const struct builder *b, const char *name)
{
	for (size_t i = 0; i < b->raw.n; i++)
		if (!strcmp(b->raw.v[i]->name, name))
			return b->raw.v[i];
	return NULL;
}

static const char *parent_of(const struct hone_profile_table *t)
{
	const struct hone_profile_entry *e = t->body.key[HONE_SET_INHERITS];

	return e ? e->value->text : NULL;
}

/* Unknown keys are those of a profile's own tables: they are not inherited. */
static void add_unknown(struct hone_profile_table *t, const struct hone_profile_table *from)
{
	for (size_t i = 0; i < from->unknown.n; i++)
		hone_vec_push(&t->unknown, from->unknown.v[i]);
}

/* Puts what the config says about a profile over what is known; adds it when it is new. */
static int add_config(struct builder *b, const char *name, struct hone_err *err)
{
	struct hone_profile_table *config = NULL, *known = raw_find(b, name);
	int code = hone_profile_table_read(
		b->set->arena, name, NULL, b->set->config, &b->set->features, &config, err);

	if (code || !config)
		return code;
	if (!known) {
		hone_vec_push(&b->raw, config);
		return 0;
	}
	hone_profile_table_merge(known, config);
	add_unknown(known, config);
	hone_profile_table_free(config);
	return 0;
}

static int add_layers(struct builder *b, const char *requested, struct hone_err *err)
{
	static const char *const always[] = {"dev", "release", "debug", "test", "bench"};
	const struct hone_profile_set *set = b->set;
	hone_auto_strv struct hone_strv names = HONE_STRV_INIT;
	int code = 0;

	for (size_t i = 0; i < set->manifest.n; i++) {
		struct hone_profile_table *t = new_table(set->manifest.v[i]->name);
		t->where = set->manifest.v[i]->where;
		hone_profile_table_merge(t, set->manifest.v[i]);
		add_unknown(t, set->manifest.v[i]);
		hone_vec_push(&b->raw, t);
	}
	hone_strv_push(&names, requested);
	for (size_t i = 0; i < set->manifest.n && !code; i++) {
		code = add_config(b, set->manifest.v[i]->name, err);
		if (!code && parent_of(b->raw.v[i]))
			hone_strv_push(&names, parent_of(b->raw.v[i]));
	}
	for (size_t i = 0; i < HONE_COUNT(always); i++)
		if (strcmp(always[i], "debug") != 0 || set->toolchain->cargo_minor >= 99)
			hone_strv_push(&names, always[i]);
	/* Each profile that only the config knows may name a parent that only the config knows. */
	for (size_t i = 0; i < names.n && !code; i++) {
		struct hone_profile_table *t = raw_find(b, names.v[i]);
		if (t)
			continue;
		const char *name = hone_arena_strdup(set->arena, names.v[i]);
		code = add_config(b, name, err);
		t = raw_find(b, name);
		if (!code && t && parent_of(t))
			hone_strv_push(&names, parent_of(t));
	}
	return code;
}

const char *const hone_built_in_profiles[] = {
	"release", "dev", "test", "bench", "doc", "debug", NULL};

bool hone_profile_is_built_in(const char *name)
{
	for (size_t i = 0; hone_built_in_profiles[i]; i++)
		if (strcmp(name, hone_built_in_profiles[i]) == 0)
			return true;
	return false;
}

static int missing_inherits(const char *name, struct hone_err *err)
{
	const char *near = hone_did_you_mean(name, hone_built_in_profiles);

	hone_err_set(err, HONE_E_FAILED,
		"profile `%s` is missing an `inherits` directive (`inherits` is required for all "
		"profiles except `dev` or `release`)",
		name);
	if (near)
		hone_err_hint(err, "did you mean [profile.%s]?", near);
	return HONE_E_FAILED;
}

static int chain(struct builder *b, const char *name, const struct hone_strv *below,
	struct hone_profile_merged *ret, struct hone_err *err)
{
	const struct hone_profile_table *own = raw_find(b, name);
	const char *parent = own ? parent_of(own) : NULL;
	hone_auto_strv struct hone_strv seen = HONE_STRV_INIT;
	int code;

	if (!parent)
		parent = built_in_parent(name, b->set->toolchain->cargo_minor);
	if (is_root(name)) {
		ret->table = new_table(name);
		ret->release = !strcmp(name, "release");
		if (own)
			hone_profile_table_merge(ret->table, own);
		return 0;
	}
	if (!parent)
		return missing_inherits(name, err);
	hone_strv_copy(&seen, below);
	hone_strv_push(&seen, name);
	if (hone_strv_has(&seen, parent))
		return hone_err_set(err, HONE_E_FAILED,
			"profile inheritance loop detected with profile `%s` inheriting `%s`", name,
			parent);
	if (!is_root(parent) && !raw_find(b, parent) &&
		!built_in_parent(parent, b->set->toolchain->cargo_minor))
		return hone_err_set(err, HONE_E_FAILED,
			"profile `%s` inherits from `%s`, but that profile is not defined", name,
			parent);
	code = chain(b, parent, &seen, ret, err);
	if (!code && own)
		hone_profile_table_merge(ret->table, own);
	return code;
}

static int add_profile(struct builder *b, const char *name, struct hone_err *err)
{
	struct hone_profile_table *own = raw_find(b, name);
	struct hone_profile_merged m = {0};
	int code;

	if (hone_profile_world_find(b->world, name))
		return 0;
	if (is_root(name) && own && parent_of(own))
		return hone_err_set(err, HONE_E_FAILED,
			"`inherits` must not be specified in root profile `%s`", name);
	code = chain(b, name, &(struct hone_strv){0}, &m, err);
	if (code)
		return code;
	m.table->name = name;
	m.table->where = own ? own->where : NULL;
	if (own)
		add_unknown(m.table, own);
	m.written = own != NULL;
	m.has_packages = own && own->has_packages;
	hone_vec_push(&b->world->profiles, m);
	return 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void hone_profile_world_free(struct hone_profile_world *w)
{
	for (size_t i = 0; i < w->profiles.n; i++)
		hone_profile_table_free(w->profiles.v[i].table);
	hone_vec_release(&w->profiles);
	free(w->requested);
	free(w);
}

static int build_world(struct builder *b, const char *requested, struct hone_err *err)
{
	const char *const *built_in = hone_built_in_profiles;
	HONE_VEC(const char *) names = {0};
	int code = add_layers(b, requested, err);

	if (code)
		return code;
	for (size_t i = 0; i < b->raw.n; i++)
		hone_vec_push(&names, b->raw.v[i]->name);
	for (size_t i = 0; built_in[i]; i++)
		if (is_root(built_in[i]) ||
			built_in_parent(built_in[i], b->set->toolchain->cargo_minor))
			hone_vec_push(&names, built_in[i]);
	qsort(names.v, names.n, sizeof(*names.v), by_name);
	for (size_t i = 0; i < names.n && !code; i++)
		code = add_profile(b, names.v[i], err);
	if (!code && !hone_profile_world_find(b->world, requested)) {
		hone_vec_push(&names, NULL);
		const char *near = hone_did_you_mean(requested, names.v);
		code = hone_err_set(err, HONE_E_USAGE, "profile `%s` is not defined", requested);
		if (near)
			hone_err_hint(err, "did you mean `%s`?", near);
	}
	hone_vec_release(&names);
	for (size_t i = 0; i < b->world->profiles.n && !code; i++)
		if (b->world->profiles.v[i].has_packages)
			code = check_unique(b->set->project, b->world->profiles.v[i].table, err);
	return code;
}

int hone_profile_set_world(const struct hone_profile_set *set, const char *requested,
	const struct hone_profile_world **ret_world, struct hone_err *err)
{
	struct builder b = {.set = set};
	int code;

	for (size_t i = 0; i < set->cache->worlds.n; i++)
		if (!strcmp(set->cache->worlds.v[i]->requested, requested)) {
			*ret_world = set->cache->worlds.v[i];
			return 0;
		}
	b.world = HONE_NEW(struct hone_profile_world);
	b.world->requested = hone_xstrdup(requested);
	code = check_profile_name(requested, set->toolchain->cargo_minor, err);
	if (!code)
		code = build_world(&b, requested, err);
	for (size_t i = 0; i < b.raw.n; i++)
		hone_profile_table_free(b.raw.v[i]);
	hone_vec_release(&b.raw);
	if (code) {
		hone_profile_world_free(b.world);
		return code;
	}
	hone_vec_push(&set->cache->worlds, b.world);
	*ret_world = b.world;
	return 0;
}
