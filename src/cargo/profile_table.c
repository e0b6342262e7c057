#include "package_spec.h"
#include "profile_table_impl.h"

#include <string.h>

/* dir-name is a key that cargo reserves: no row of the table, as nobody may write it. */
static const struct hone_setting *setting_of(size_t key)
{
	return key < HONE_PROFILE_SETTINGS ? hone_setting((enum hone_setting_id)key) : NULL;
}

const char *hone_profile_key_name(size_t key)
{
	const struct hone_setting *s = setting_of(key);

	return s ? s->key : "dir-name";
}

size_t hone_profile_key_find(const char *name)
{
	size_t key = 0;

	while (key < HONE_KEY_COUNT && strcmp(hone_profile_key_name(key), name) != 0)
		key++;
	return key;
}

const char *const *hone_profile_key_names(void)
{
	static const char *names[HONE_PROFILE_SETTINGS + 3];

	for (size_t i = 0; i < HONE_PROFILE_SETTINGS; i++)
		names[i] = hone_profile_key_name(i);
	names[HONE_PROFILE_SETTINGS] = "package";
	names[HONE_PROFILE_SETTINGS + 1] = "build-override";
	return names;
}

struct reader {
	struct hone_arena *arena;
	struct hone_config *config; /* NULL: the manifest */
	const char *profile;
	const struct hone_strv *features;
	struct hone_profile_table *table;
};

static enum hone_origin_kind origin_of(const struct hone_config_value *v)
{
	switch (v->source) {
	case HONE_CONFIG_MANIFEST:
		return HONE_ORIGIN_MANIFEST;
	case HONE_CONFIG_FILE:
		return HONE_ORIGIN_CONFIG;
	case HONE_CONFIG_ENV:
		return HONE_ORIGIN_ENVIRONMENT;
	case HONE_CONFIG_CLI:
		return v->file ? HONE_ORIGIN_CONFIG : HONE_ORIGIN_OPTION;
	}
	return HONE_ORIGIN_DEFAULT;
}

static const struct hone_profile_entry *new_entry(
	const struct reader *r, const struct hone_config_value *v)
{
	struct hone_profile_entry *e = HONE_ARENA_NEW(r->arena, struct hone_profile_entry);
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;

	hone_config_value_toml(v, &text);
	e->toml = hone_arena_strdup(r->arena, hone_buf_str(&text));
	e->where = v->where;
	e->profile = r->profile;
	e->origin = origin_of(v);
	e->value = v;
	return e;
}

static struct hone_config_value *child(const struct hone_config_value *table, const char *key)
{
	for (size_t i = 0; table && i < table->n_items; i++)
		if (!strcmp(table->items[i]->key, key))
			return table->items[i];
	return NULL;
}

/* cargo looks for a variable whose name goes on after a key's, unless another key at hand explains
 * it (CARGO_PROFILE_RELEASE_DEBUG_ASSERTIONS is not about debug). */
static bool other_key_explains(const struct reader *r, const struct hone_config_value *table,
	const struct hone_config_key *key, const char *name)
{
	size_t n = strlen(name);

	if (!strcmp(name, "debug")) {
		hone_auto_buf struct hone_buf env = HONE_BUF_INIT;
		hone_config_key_env(key, &env);
		hone_buf_adds(&env, "_ASSERTIONS");
		if (r->config && hone_config_env_prefix(hone_buf_str(&env)))
			return true;
	}
	for (size_t i = 0; table && i < table->n_items; i++)
		if (!strncmp(table->items[i]->key, name, n) &&
			(table->items[i]->key[n] == '-' || table->items[i]->key[n] == '_'))
			return true;
	return false;
}

/* Asks the config for one key, with its variable, by the way that its type is asked for. */
static int from_config(struct reader *r, enum hone_key_grammar type,
	const struct hone_config_key *key, const struct hone_config_value *table, const char *name,
	const struct hone_config_value **ret, struct hone_err *err)
{
	bool has = false;
	int code = hone_config_has(
		r->config, key, !other_key_explains(r, table, key, name), &has, err);

	*ret = NULL;
	if (code || !has)
		return code;
	switch (type) {
	case HONE_GRAMMAR_BOOL:
		code = hone_config_typed(r->config, key, HONE_CONFIG_BOOL, ret, err);
		break;
	case HONE_GRAMMAR_U32:
		code = hone_config_typed(r->config, key, HONE_CONFIG_INTEGER, ret, err);
		break;
	case HONE_GRAMMAR_STRING:
		code = hone_config_typed(r->config, key, HONE_CONFIG_STRING, ret, err);
		break;
	case HONE_GRAMMAR_LIST:
		code = hone_config_strings(r->config, key, false, ret, err);
		break;
	case HONE_GRAMMAR_LEVEL:
	case HONE_GRAMMAR_STRING_OR_BOOL:
	case HONE_GRAMMAR_DEBUG:
	case HONE_GRAMMAR_TRIM:
		code = hone_config_any(r->config, key, ret, err);
		break;
	}
	if (!code && !*ret)
		code = hone_profile_name_goes_on(type, key, err);
	return code;
}

static int read_body(struct reader *r, const struct hone_config_key *key,
	const struct hone_config_value *table, struct hone_profile_body *body, struct hone_err *err)
{
	for (size_t k = 0; k < HONE_KEY_COUNT; k++) {
		const char *name = hone_profile_key_name(k);
		const struct hone_setting *s = setting_of(k);
		enum hone_key_grammar grammar = s ? s->grammar : HONE_GRAMMAR_STRING;
		struct hone_config_key at = hone_config_key_push(*key, name, false);
		const struct hone_config_value *v = child(table, name);
		int code = 0;

		if (r->config)
			code = from_config(r, grammar, &at, table, name, &v, err);
		if (!code && v)
			code = hone_profile_check(grammar, v, &at, err);
		if (code)
			return code;
		if (v)
			body->key[k] = new_entry(r, v);
	}
	return 0;
}

static void note_unknown(struct reader *r, const struct hone_config_key *key,
	const struct hone_config_value *table, bool top)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;

	hone_config_key_text(key, &text);
	for (size_t i = 0; table && i < table->n_items; i++) {
		const struct hone_config_value *v = table->items[i];
		if (hone_profile_key_find(v->key) != HONE_KEY_COUNT ||
			(top && (!strcmp(v->key, "package") || !strcmp(v->key, "build-override"))))
			continue;
		hone_vec_push(&r->table->unknown,
			(struct hone_profile_unknown){
				.table = hone_arena_strdup(r->arena, hone_buf_str(&text)),
				.key = v->key,
				.where = v->where,
				.origin = origin_of(v),
				.top = top,
			});
	}
}

/* The table at a key: given (manifest) or asked of the config. */
static int find_table(struct reader *r, const struct hone_config_key *key,
	const struct hone_config_value **table, struct hone_err *err)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	int code = 0;

	if (r->config)
		code = hone_config_get(r->config, key, table, err);
	if (code || !*table || (*table)->type == HONE_CONFIG_TABLE)
		return code;
	hone_config_key_text(key, &text);
	return hone_err_set(err, HONE_E_FAILED,
		"%s: invalid configuration for key `%s`: expected a table, but found a %s for `%s`",
		(*table)->where, hone_buf_str(&text), hone_config_type_name((*table)->type),
		hone_buf_str(&text));
}

static int nested(const struct hone_config_value *table, struct hone_err *err)
{
	const struct hone_config_value *bad = child(table, "package");

	if (bad)
		return hone_err_set(err, HONE_E_FAILED,
			"%s: package-specific profiles cannot be nested", bad->where);
	bad = child(table, "build-override");
	if (bad)
		return hone_err_set(err, HONE_E_FAILED,
			"%s: build-override profiles cannot be nested", bad->where);
	return 0;
}

/* Cargo refuses what is no package-id spec, also in a config file, whoever it means. */
static int check_spec(const struct hone_profile_override *o, struct hone_err *err)
{
	struct hone_spec spec = {0};
	int code = strcmp(o->spec, "*") != 0 ? hone_spec_parse(o->spec, &spec, err) : 0;

	if (code) {
		hone_err_wrap(err, "%s", o->where);
		err->code = HONE_E_FAILED;
		return HONE_E_FAILED;
	}
	hone_spec_release(&spec);
	return 0;
}

static int read_overrides(struct reader *r, const struct hone_config_key *key,
	const struct hone_config_value *packages, struct hone_err *err)
{
	struct hone_config_key at = hone_config_key_push(*key, "package", false);
	int code = find_table(r, &at, &packages, err);

	for (size_t i = 0; !code && packages && i < packages->n_items; i++) {
		const struct hone_config_value *table = packages->items[i];
		struct hone_config_key one = hone_config_key_push(at, table->key, true);
		struct hone_profile_override o = {.spec = table->key,
			.where = table->where,
			.profile = r->profile,
			.origin = origin_of(table)};

		code = check_spec(&o, err);
		if (!code)
			code = find_table(r, &one, &table, err);
		if (!code)
			code = nested(table, err);
		if (!code)
			code = read_body(r, &one, table, &o.body, err);
		if (code)
			break;
		note_unknown(r, &one, table, false);
		hone_vec_push(&r->table->overrides, o);
	}
	r->table->has_packages = r->table->has_packages || packages;
	return code;
}

static int read_build(struct reader *r, const struct hone_config_key *key,
	const struct hone_config_value *table, struct hone_err *err)
{
	struct hone_config_key at = hone_config_key_push(*key, "build-override", false);
	bool has = table != NULL;
	int code = 0;

	if (r->config)
		code = hone_config_has(r->config, &at, true, &has, err);
	if (!code && has)
		code = find_table(r, &at, &table, err);
	if (code || !has)
		return code;
	r->table->has_build = true;
	code = nested(table, err);
	if (!code)
		code = read_body(r, &at, table, &r->table->build, err);
	note_unknown(r, &at, table, false);
	return code;
}

/* cargo's rules that go beyond types, in cargo's order and words. */
static int feature_gate(
	const struct reader *r, const struct hone_profile_body *b, struct hone_err *err)
{
	static const enum hone_setting_id order[] = {
		HONE_SET_CODEGEN_BACKEND, HONE_SET_RUSTFLAGS, HONE_SET_TRIM_PATHS};
	const struct hone_profile_entry *panic = b->key[HONE_SET_PANIC];

	for (size_t i = 0; i < HONE_COUNT(order); i++)
		if (b->key[order[i]] &&
			!hone_strv_has(r->features, hone_setting(order[i])->feature))
			return hone_err_set(err, HONE_E_FAILED, "%s: feature `%s` is required",
				b->key[order[i]]->where, hone_setting(order[i])->feature);
	if (panic && !strcmp(panic->toml, "\"immediate-abort\"") &&
		!hone_strv_has(r->features, "panic-immediate-abort"))
		return hone_err_set(err, HONE_E_FAILED,
			"%s: feature `panic-immediate-abort` is required", panic->where);
	return 0;
}

static int validate_override(const struct reader *r, const struct hone_profile_body *b,
	const char *which, struct hone_err *err)
{
	/* The order in which cargo says it; which keys they are stands in the table. */
	static const enum hone_setting_id order[] = {HONE_SET_PANIC, HONE_SET_LTO, HONE_SET_RPATH};
	bool packages = strcmp(which, "package") == 0;

	for (size_t i = 0; i < HONE_COUNT(order); i++) {
		const struct hone_setting *s = hone_setting(order[i]);

		if (b->key[order[i]] && !(packages ? s->per_package : s->build_override))
			return hone_err_set(err, HONE_E_FAILED,
				"%s: `%s` may not be specified in a `%s` profile",
				b->key[order[i]]->where, s->key, which);
	}
	return feature_gate(r, b, err);
}

static int validate(const struct reader *r, struct hone_err *err)
{
	const struct hone_profile_table *t = r->table;
	const struct hone_profile_entry *dir = t->body.key[HONE_KEY_DIR_NAME];
	const struct hone_profile_entry *inherits = t->body.key[HONE_SET_INHERITS];
	const struct hone_profile_entry *panic = t->body.key[HONE_SET_PANIC];
	const struct hone_profile_entry *lto = t->body.key[HONE_SET_LTO];
	static const char *const panics[] = {"unwind", "abort", "immediate-abort", NULL};
	int code = feature_gate(r, &t->body, err);

	if (!code)
		code = validate_override(r, &t->build, "build-override", err);
	for (size_t i = 0; i < t->overrides.n && !code; i++)
		code = validate_override(r, &t->overrides.v[i].body, "package", err);
	if (code)
		return code;
	if (dir)
		return hone_err_set(err, HONE_E_FAILED,
			"%s: dir-name=%s in profile `%s` is not currently allowed, directory names "
			"are tied to "
			"the profile name for custom profiles",
			dir->where, dir->toml, t->name);
	if (inherits && !strcmp(inherits->value->text, "debug"))
		return hone_err_set(err, HONE_E_FAILED,
			"%s: profile.%s.inherits=\"debug\" should be profile.%s.inherits=\"dev\"",
			inherits->where, t->name, t->name);
	if (panic && !hone_profile_is_one_of(panic->value->text, panics))
		return hone_err_set(err, HONE_E_FAILED,
			"%s: `panic` setting of `%s` is not a valid setting, must be `unwind`, "
			"`abort`, or "
			"`immediate-abort`.",
			panic->where, panic->value->text);
	if (lto && (!strcmp(lto->toml, "\"true\"") || !strcmp(lto->toml, "\"false\"")))
		return hone_err_set(err, HONE_E_FAILED,
			"%s: `lto` setting of string `%s` for `%s` profile is not a valid setting, "
			"must be a "
			"boolean (`true`/`false`) or a string (`\"thin\"`/`\"fat\"`/`\"off\"`) or "
			"omitted.",
			lto->where, lto->toml, t->name);
	return 0;
}

int hone_profile_table_read(struct hone_arena *arena, const char *name,
	const struct hone_config_value *table, struct hone_config *config,
	const struct hone_strv *features, struct hone_profile_table **ret_table,
	struct hone_err *err)
{
	struct reader r = {.arena = arena, .config = config, .profile = name, .features = features};
	struct hone_config_key key = hone_config_key("profile", name, NULL);
	bool has = true;
	int code = 0;

	*ret_table = NULL;
	if (config)
		code = hone_config_has(config, &key, true, &has, err);
	if (!code && has)
		code = find_table(&r, &key, &table, err);
	if (code || !has)
		return code;
	r.table = HONE_NEW(struct hone_profile_table);
	r.table->name = name;
	r.table->where = table ? table->where : NULL;
	r.table->source = table;
	code = read_body(&r, &key, table, &r.table->body, err);
	if (!code)
		code = read_overrides(&r, &key, child(table, "package"), err);
	if (!code)
		code = read_build(&r, &key, child(table, "build-override"), err);
	if (!code)
		code = validate(&r, err);
	if (code) {
		hone_profile_table_free(r.table);
		return code;
	}
	note_unknown(&r, &key, table, true);
	*ret_table = r.table;
	return 0;
}

void hone_profile_table_free(struct hone_profile_table *t)
{
	if (!t)
		return;
	hone_vec_release(&t->overrides);
	hone_vec_release(&t->unknown);
	free(t);
}
