/* All layers of the profiles, as they are read. */
#include "profile_set.h"

#include <string.h>

static bool takes_nightly(const struct hone_profile_set *set)
{
	return set->toolchain->nightly || getenv("RUSTC_BOOTSTRAP");
}

/* cargo-features of the manifest and [unstable] of the config, which only a nightly cargo takes. */
static int read_features(
	struct hone_profile_set *set, const struct hone_toml *doc, struct hone_err *err)
{
	static const char *const known[] = {
		"codegen-backend", "profile-rustflags", "trim-paths", "panic-immediate-abort"};
	const struct hone_toml_node *list = hone_toml_get(hone_toml_root(doc), "cargo-features");

	if (!takes_nightly(set))
		return 0;
	for (size_t i = 0; list && i < hone_toml_count(list); i++) {
		struct hone_view name;
		if (hone_toml_string(hone_toml_at(list, i), &name))
			hone_strv_pushv(&set->features, name);
	}
	for (size_t i = 0; i < HONE_COUNT(known); i++) {
		struct hone_config_key key = hone_config_key("unstable", known[i], NULL);
		const struct hone_config_value *on = NULL;
		int code = hone_config_any(set->config, &key, &on, err);
		if (code)
			return code;
		if (on && on->type == HONE_CONFIG_BOOL && on->boolean)
			hone_strv_push(&set->features, known[i]);
	}
	return 0;
}

static int by_table_name(const void *a, const void *b)
{
	const struct hone_profile_table *const *ta = a, *const *tb = b;

	return strcmp((*ta)->name, (*tb)->name);
}

static int parse_manifest(const struct hone_profile_set *set, const char *text,
	struct hone_toml **ret_doc, struct hone_err *err)
{
	enum hone_toml_version version =
		set->toolchain->cargo_minor >= 94 ? HONE_TOML_1_1 : HONE_TOML_1_0;
	const char *path = set->project->root_manifest;

	return text ? hone_toml_parse(path, hone_view_of(text), version, ret_doc, err)
		    : hone_toml_read(path, version, ret_doc, NULL, err);
}

/* Reads [profile] of the root manifest, or of this text in its place; by name, as cargo goes through them. */
static int read_manifest(struct hone_profile_set *set, const char *text, struct hone_err *err)
{
	struct hone_toml *doc = NULL;
	const struct hone_toml_node *node;
	struct hone_config_value *profiles = NULL;
	int code = parse_manifest(set, text, &doc, err);

	if (code)
		return code;
	code = read_features(set, doc, err);
	node = hone_toml_get(hone_toml_root(doc), "profile");
	if (!code && node)
		code = hone_config_from_toml(
			set->arena, doc, node, HONE_CONFIG_MANIFEST, NULL, &profiles, err);
	hone_toml_free(doc);
	for (size_t i = 0; !code && profiles && i < profiles->n_items; i++) {
		struct hone_profile_table *t = NULL;
		code = hone_profile_table_read(set->arena, profiles->items[i]->key,
			profiles->items[i], NULL, &set->features, &t, err);
		if (t)
			hone_vec_push(&set->manifest, t);
	}
	if (set->manifest.n)
		qsort(set->manifest.v, set->manifest.n, sizeof(*set->manifest.v), by_table_name);
	return code;
}

/* CARGO_INCREMENTAL beats build.incremental beats, since cargo 1.99, running in a CI. */
static int read_incremental(struct hone_profile_set *set, struct hone_err *err)
{
	struct hone_config_key key = hone_config_key("build", "incremental", NULL);
	struct hone_config_value *v = HONE_ARENA_NEW(set->arena, struct hone_config_value);
	const char *text = getenv("CARGO_INCREMENTAL");

	v->type = HONE_CONFIG_BOOL;
	v->source = HONE_CONFIG_ENV;
	v->where = "CARGO_INCREMENTAL";
	if (text) {
		v->boolean = !strcmp(text, "1");
		set->incremental = v;
		return 0;
	}
	int code = hone_config_typed(set->config, &key, HONE_CONFIG_BOOL, &set->incremental, err);
	if (!code && !set->incremental && set->toolchain->cargo_minor >= 99 &&
		(getenv("CI") || getenv("TF_BUILD"))) {
		v->where = getenv("CI") ? "CI" : "TF_BUILD";
		set->incremental = v;
	}
	return code;
}

int hone_profile_set_follow_package(struct hone_profile_set *set, struct hone_err *err)
{
	const char *host = set->toolchain->host;
	int error;

	hone_build_targets_release(&set->targets);
	error = hone_build_targets_asked(set->config, set->opts, host, &set->targets, err);
	set->asked = !error && set->targets.triples.n;
	if (!error && set->project->package && takes_nightly(set))
		error = hone_build_targets_of_package(
			set->project->package, host, &set->targets, err);
	set->target = !error && set->targets.triples.n ? set->targets.triples.v[0] : NULL;
	/* Where no target is asked for, cargo makes what the package wants for the host the host's own build. Source:
	 * rebuild_unit_graph_shared in ops/cargo_compile/mod.rs. */
	if (set->target && !set->asked && strcmp(set->target, host) == 0)
		set->target = NULL;
	return error;
}

int hone_profile_set_one_target(const struct hone_profile_set *set, struct hone_err *err)
{
	hone_auto_buf struct hone_buf all = HONE_BUF_INIT;
	const struct hone_strv *triples = &set->targets.triples;

	if (triples->n < 2)
		return 0;
	for (size_t i = 0; i < triples->n; i++)
		hone_buf_addf(&all, "%s%s", i ? ", " : "", triples->v[i]);
	hone_err_set(err, HONE_E_USAGE,
		"%s: build.target names several targets, and a program is measured for one: %s",
		set->targets.where, hone_buf_str(&all));
	return hone_err_hint(err, "choose one with --target TRIPLE");
}

int hone_profile_set_load(const struct hone_project *p, const struct hone_toolchain *tc,
	const struct hone_cargo_opts *opts, struct hone_profile_set **ret_set, struct hone_err *err)
{
	return hone_profile_set_load_planned(p, tc, opts, NULL, ret_set, err);
}

int hone_profile_set_load_planned(const struct hone_project *p, const struct hone_toolchain *tc,
	const struct hone_cargo_opts *opts, const char *manifest, struct hone_profile_set **ret_set,
	struct hone_err *err)
{
	struct hone_profile_set *set = HONE_NEW(struct hone_profile_set);
	int code;

	set->project = p;
	set->toolchain = tc;
	set->opts = opts;
	set->cache = HONE_NEW(struct hone_profile_cache);
	code = hone_config_load(
		NULL, opts ? &opts->config : NULL, tc->cargo_minor, &set->config, err);
	if (!code) {
		set->arena = hone_config_arena(set->config);
		code = read_manifest(set, manifest, err);
	}
	if (!code)
		code = read_incremental(set, err);
	if (!code)
		code = hone_profile_set_follow_package(set, err);
	if (code)
		hone_profile_set_free(set);
	else
		*ret_set = set;
	return code;
}

const char *hone_profile_set_target(const struct hone_profile_set *set)
{
	return set->target;
}

static void free_value(struct hone_profile_value *v)
{
	free(v->value);
	free(v->where);
	free(v);
}

void hone_profile_set_free(struct hone_profile_set *set)
{
	if (!set)
		return;
	for (size_t i = 0; i < set->cache->worlds.n; i++)
		hone_profile_world_free(set->cache->worlds.v[i]);
	for (size_t i = 0; i < set->cache->overriders.n; i++)
		free_value(set->cache->overriders.v[i]);
	for (size_t i = 0; i < set->manifest.n; i++)
		hone_profile_table_free(set->manifest.v[i]);
	hone_vec_release(&set->cache->worlds);
	hone_vec_release(&set->cache->overriders);
	hone_vec_release(&set->manifest);
	if (set->cache->flags)
		hone_rustflags_release(set->cache->flags);
	free(set->cache->flags);
	if (set->cache->cfg_lines)
		hone_strv_release(set->cache->cfg_lines);
	free(set->cache->cfg_lines);
	hone_config_free(set->cache->root);
	free(set->cache->in_target);
	free(set->cache->one_variant);
	free(set->cache);
	hone_strv_release(&set->features);
	hone_build_targets_release(&set->targets);
	hone_config_free(set->config);
	free(set);
}
