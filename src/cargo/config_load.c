/* Finding, reading and merging cargo's config files and --config options. */
#include "config_tree.h"
#include "fs.h"
#include "text_map.h"

#include <pwd.h>
#include <string.h>
#include <unistd.h>

#define INCLUDE_DEPTH 64

static int convert(struct hone_arena *arena, const struct hone_toml *doc,
	const struct hone_toml_node *node, const struct hone_config_value *origin,
	struct hone_config_value **ret_value, struct hone_err *err)
{
	struct hone_config_value *v = HONE_ARENA_NEW(arena, struct hone_config_value);
	enum hone_toml_type type = hone_toml_type(node);
	hone_auto_free char *where = NULL;
	struct hone_view text;
	int code = 0;

	*v = *origin;
	v->key = hone_arena_dup(arena, hone_toml_key(node));
	where = hone_toml_where(doc, *v->key ? hone_toml_key_pos(node) : hone_toml_value_pos(node));
	if (v->file)
		v->where = hone_arena_strdup(arena, where);
	switch (type) {
	case HONE_TOML_STRING:
		v->type = HONE_CONFIG_STRING;
		hone_toml_string(node, &text);
		v->text = hone_arena_dup(arena, text);
		break;
	case HONE_TOML_INTEGER:
		v->type = HONE_CONFIG_INTEGER;
		hone_toml_integer(node, &v->integer);
		break;
	case HONE_TOML_BOOL:
		v->type = HONE_CONFIG_BOOL;
		hone_toml_bool(node, &v->boolean);
		break;
	case HONE_TOML_ARRAY:
	case HONE_TOML_TABLE:
		v->type = type == HONE_TOML_ARRAY ? HONE_CONFIG_LIST : HONE_CONFIG_TABLE;
		for (size_t i = 0; i < hone_toml_count(node) && !code; i++) {
			struct hone_config_value *item = NULL;
			code = convert(arena, doc, hone_toml_at(node, i), origin, &item, err);
			if (!code)
				hone_config_add(arena, v, item);
		}
		break;
	case HONE_TOML_FLOAT:
	case HONE_TOML_OFFSET_DATETIME:
	case HONE_TOML_LOCAL_DATETIME:
	case HONE_TOML_LOCAL_DATE:
	case HONE_TOML_LOCAL_TIME:
		return hone_err_set(err, HONE_E_FAILED,
			"%s: unsupported TOML configuration type `%s`", where,
			type == HONE_TOML_FLOAT ? "float" : "datetime");
	}
	*ret_value = v;
	return code;
}

int hone_config_from_toml(struct hone_arena *arena, const struct hone_toml *doc,
	const struct hone_toml_node *node, enum hone_config_source source, const char *option,
	struct hone_config_value **ret_value, struct hone_err *err)
{
	struct hone_config_value origin = {.source = source,
		.where = option ? hone_arena_strdup(arena, option) : NULL,
		.file = option ? NULL : hone_arena_strdup(arena, hone_toml_name(doc))};

	return convert(arena, doc, node, &origin, ret_value, err);
}

/* Puts `from` into `to`, both of the same key. force: `from` wins against an equally strong value, and
 * its elements stand behind those of `to`. */
static int merge(struct hone_arena *arena, struct hone_config_value *to,
	const struct hone_config_value *from, bool force, struct hone_err *err)
{
	if (to->type == HONE_CONFIG_TABLE && from->type == HONE_CONFIG_TABLE) {
		hone_auto_text_map struct hone_text_map mine = HONE_TEXT_MAP_INIT;

		for (size_t i = 0; i < to->n_items; i++)
			hone_text_map_put(&mine, to->items[i]->key, i);
		for (size_t i = 0; i < from->n_items; i++) {
			struct hone_config_value *item = from->items[i], *old = NULL;
			size_t at;

			if (hone_text_map_get(&mine, item->key, &at))
				old = to->items[at];
			else
				hone_text_map_put(&mine, item->key, to->n_items);
			if (!old) {
				hone_config_add(arena, to, item);
				continue;
			}
			int code = merge(arena, old, item, force, err);
			if (code)
				return hone_err_wrap(err,
					"failed to merge key `%s` between %s and %s", item->key,
					old->where, item->where);
		}
		return 0;
	}
	if (to->type == HONE_CONFIG_LIST && from->type == HONE_CONFIG_LIST) {
		struct hone_config_value both = *to;
		const struct hone_config_value *first = force ? to : from;
		const struct hone_config_value *second = force ? from : to;

		both.items = NULL;
		both.n_items = both.cap_items = 0;
		for (size_t i = 0; i < first->n_items; i++)
			hone_config_add(arena, &both, first->items[i]);
		for (size_t i = 0; i < second->n_items; i++)
			hone_config_add(arena, &both, second->items[i]);
		hone_config_sort(&both);
		*to = both;
		return 0;
	}
	if (to->type >= HONE_CONFIG_LIST || from->type >= HONE_CONFIG_LIST)
		return hone_err_set(err, HONE_E_FAILED,
			"failed to merge config value from `%s` into `%s`: expected %s, but found "
			"%s",
			from->where, to->where, hone_config_type_name(to->type),
			hone_config_type_name(from->type));
	if (force || from->source > to->source)
		*to = *from;
	return 0;
}

static struct hone_config_value *new_table(
	struct hone_config *c, const struct hone_config_value *origin)
{
	struct hone_config_value *table = HONE_ARENA_NEW(&c->arena, struct hone_config_value);

	if (origin)
		*table = *origin;
	table->type = HONE_CONFIG_TABLE;
	table->key = "";
	table->items = NULL;
	table->n_items = table->cap_items = 0;
	return table;
}

struct include {
	const char *path; /* as written */
	bool optional;
};

static int read_include(
	const struct hone_config_value *item, size_t i, struct include *ret, struct hone_err *err)
{
	*ret = (struct include){0};
	if (item->type == HONE_CONFIG_STRING) {
		ret->path = item->text;
	} else if (item->type == HONE_CONFIG_TABLE) {
		const struct hone_config_value *path = hone_config_entry(item, "path");
		const struct hone_config_value *optional = hone_config_entry(item, "optional");
		if (!path)
			return hone_err_set(err, HONE_E_FAILED,
				"%s: missing field `path` at `include[%zu]`", item->where, i);
		if (path->type != HONE_CONFIG_STRING)
			return hone_err_set(err, HONE_E_FAILED,
				"%s: expected a string, but found %s at `include[%zu].path`",
				item->where, hone_config_type_name(path->type), i);
		if (optional && optional->type != HONE_CONFIG_BOOL)
			return hone_err_set(err, HONE_E_FAILED,
				"%s: expected a boolean, but found %s at `include[%zu].optional`",
				item->where, hone_config_type_name(optional->type), i);
		ret->path = path->text;
		ret->optional = optional && optional->boolean;
	} else {
		return hone_err_set(err, HONE_E_FAILED,
			"%s: expected a string or table, but found %s at `include[%zu]`",
			item->where, hone_config_type_name(item->type), i);
	}
	if (!hone_ends(ret->path, ".toml") || !strcmp(hone_path_base(ret->path), ".toml"))
		return hone_err_set(err, HONE_E_FAILED,
			"%s: expected a config include path ending with `.toml`, but found `%s`",
			item->where, ret->path);
	if (strpbrk(ret->path, "*?[]"))
		return hone_err_set(err, HONE_E_FAILED,
			"%s: expected a config include path without glob patterns, but found `%s`",
			item->where, ret->path);
	if (strpbrk(ret->path, "{}"))
		return hone_err_set(err, HONE_E_FAILED,
			"%s: expected a config include path without template braces, but found "
			"`%s`",
			item->where, ret->path);
	return 0;
}

static int load_file(struct hone_config *c, const char *path, enum hone_config_source source,
	struct hone_strv *seen, unsigned depth, struct hone_config_value **ret_value,
	struct hone_err *err);

/* Takes `include` out of a file's table and puts the files that it names below the table's own keys. */
static int load_includes(struct hone_config *c, struct hone_config_value *table,
	struct hone_strv *seen, unsigned depth, struct hone_config_value **ret_value,
	struct hone_err *err)
{
	struct hone_config_value *below = new_table(c, table), *list = NULL;
	int code = 0;

	for (size_t i = 0; i < table->n_items; i++) {
		if (strcmp(table->items[i]->key, "include") != 0)
			continue;
		list = table->items[i];
		memmove(table->items + i, table->items + i + 1,
			(table->n_items - i - 1) * sizeof(struct hone_config_value *));
		table->n_items--;
		break;
	}
	if (!list || c->cargo_minor < 94) {
		*ret_value = table;
		return 0;
	}
	if (list->type != HONE_CONFIG_LIST)
		return hone_err_set(err, HONE_E_FAILED,
			"%s: expected a list of strings or a list of tables, but found %s at "
			"`include`",
			list->where, hone_config_type_name(list->type));
	for (size_t i = 0; i < list->n_items && !code; i++) {
		hone_auto_free char *dir = table->file ? hone_path_dir(table->file) : NULL,
				    *path = NULL;
		struct hone_config_value *file = NULL;
		struct include inc;

		code = read_include(list->items[i], i, &inc, err);
		if (code)
			return code;
		path = hone_path_join(dir ? dir : c->cwd, inc.path);
		if (inc.optional && !hone_fs_exists(path))
			continue;
		code = load_file(c, path, table->source, seen, depth + 1, &file, err);
		if (!code)
			code = merge(&c->arena, below, file, true, err);
		if (code)
			hone_err_wrap(err, "failed to load config include `%s` from `%s`", inc.path,
				list->items[i]->where);
	}
	if (!code)
		code = merge(&c->arena, below, table, true, err);
	*ret_value = below;
	return code;
}

static int load_file(struct hone_config *c, const char *path, enum hone_config_source source,
	struct hone_strv *seen, unsigned depth, struct hone_config_value **ret_value,
	struct hone_err *err)
{
	struct hone_toml *doc = NULL;
	struct hone_config_value *table = NULL;
	int code;

	if (hone_strv_has(seen, path) || depth > INCLUDE_DEPTH)
		return hone_err_set(
			err, HONE_E_FAILED, "config `include` cycle detected with path `%s`", path);
	hone_strv_push(seen, path);
	hone_strv_push(&c->files, path);
	code = hone_toml_read(
		path, c->cargo_minor >= 94 ? HONE_TOML_1_1 : HONE_TOML_1_0, &doc, NULL, err);
	if (code == HONE_E_NOT_FOUND)
		return hone_err_set(
			err, HONE_E_FAILED, "failed to read configuration file `%s`", path);
	if (code)
		return code;
	code = hone_config_from_toml(
		&c->arena, doc, hone_toml_root(doc), source, NULL, &table, err);
	hone_toml_free(doc);
	if (!code)
		code = load_includes(c, table, seen, depth, ret_value, err);
	return code;
}

/* The config file of a folder: `config`, which is the old name, before `config.toml`. */
static char *file_in(const char *dir)
{
	char *path = hone_path_join(dir, "config");

	if (!hone_fs_exists(path)) {
		free(path);
		path = hone_path_join(dir, "config.toml");
	}
	if (!hone_fs_exists(path)) {
		free(path);
		return NULL;
	}
	return path;
}

/* Reads the config file of a folder, weaker than all that was read before. */
static int load_dir(struct hone_config *c, const char *dir, struct hone_err *err)
{
	hone_auto_strv struct hone_strv seen = HONE_STRV_INIT;
	hone_auto_free char *path = file_in(dir);
	struct hone_config_value *table = NULL;
	int code;

	if (!path)
		return 0;
	code = load_file(c, path, HONE_CONFIG_FILE, &seen, 0, &table, err);
	if (!code) {
		code = merge(&c->arena, c->root, table, false, err);
		if (code)
			hone_err_wrap(err, "failed to merge configuration at `%s`", path);
	}
	return code;
}

char *hone_config_home(const char *cwd)
{
	const char *home = getenv("CARGO_HOME");
	const struct passwd *user;

	if (home && *home)
		return hone_path_join(cwd, home);
	home = getenv("HOME");
	if (!home || !*home) {
		user = getpwuid(getuid());
		home = user ? user->pw_dir : NULL;
	}
	return home && *home ? hone_path_join(home, ".cargo") : NULL;
}

static bool same_dir(const char *a, const char *b)
{
	hone_auto_free char *real_a = NULL, *real_b = NULL;

	if (!strcmp(a, b))
		return true;
	return !hone_path_real(a, &real_a, NULL) && !hone_path_real(b, &real_b, NULL) &&
	       !strcmp(real_a, real_b);
}

static int load_files(struct hone_config *c, struct hone_err *err)
{
	hone_auto_free char *home = hone_config_home(c->cwd);
	hone_auto_free char *at = hone_xstrdup(c->cwd);
	bool home_seen = false;
	int code = 0;

	for (bool more = true; more && !code;) {
		hone_auto_free char *dir = hone_path_join(at, ".cargo");
		char *parent = hone_path_dir(at);
		home_seen = home_seen || (home && same_dir(dir, home));
		code = load_dir(c, dir, err);
		more = strcmp(parent, at) != 0;
		free(at);
		at = parent;
	}
	if (!code && home && !home_seen)
		code = load_dir(c, home, err);
	return code;
}

static int load_option(struct hone_config *c, const char *option, struct hone_strv *seen,
	struct hone_config_value *all, struct hone_err *err)
{
	hone_auto_free char *path = hone_path_join(c->cwd, option);
	struct hone_config_value *table = NULL;
	struct hone_toml *doc = NULL;
	int code;

	if (*option && hone_fs_exists(path)) {
		code = load_file(c, path, HONE_CONFIG_CLI, seen, 0, &table, err);
	} else {
		hone_auto_strv struct hone_strv own = HONE_STRV_INIT;
		hone_auto_free char *text = hone_xasprintf("--config %s", option);
		code = hone_toml_parse(text, hone_view_of(option), HONE_TOML_1_1, &doc, err);
		if (!code && hone_toml_count(hone_toml_root(doc)) != 1)
			code = hone_err_set(err, HONE_E_USAGE,
				"--config argument `%s` was not a TOML dotted key expression (such "
				"as "
				"`build.jobs = 2`)",
				option);
		if (!code)
			code = hone_config_from_toml(&c->arena, doc, hone_toml_root(doc),
				HONE_CONFIG_CLI, text, &table, err);
		if (!code)
			code = load_includes(c, table, &own, 0, &table, err);
		hone_toml_free(doc);
	}
	if (!code)
		code = merge(&c->arena, all, table, true, err);
	return code;
}

int hone_config_load(const char *cwd, const struct hone_strv *options, unsigned cargo_minor,
	struct hone_config **ret_config, struct hone_err *err)
{
	static const struct hone_config_value built_in = {.where = "default", .key = ""};
	struct hone_config *c = HONE_NEW(struct hone_config);
	hone_auto_strv struct hone_strv seen = HONE_STRV_INIT;
	int code;

	c->cwd = hone_path_absolute(cwd ? cwd : ".");
	c->cargo_minor = cargo_minor;
	c->root = new_table(c, &built_in);
	code = load_files(c, err);
	if (code)
		hone_err_wrap(err, "could not load Cargo configuration");
	if (!code && options && options->n) {
		struct hone_config_value *all = new_table(c, &built_in);
		all->source = HONE_CONFIG_CLI;
		for (size_t i = 0; i < options->n && !code; i++)
			code = load_option(c, options->v[i], &seen, all, err);
		if (!code)
			code = merge(&c->arena, c->root, all, true, err);
	}
	if (code)
		hone_config_free(c);
	else
		*ret_config = c;
	return code;
}

void hone_config_free(struct hone_config *c)
{
	if (!c)
		return;
	hone_arena_release(&c->arena);
	hone_strv_release(&c->files);
	free(c->cwd);
	free(c);
}

const char *hone_config_cwd(const struct hone_config *c)
{
	return c->cwd;
}

struct hone_arena *hone_config_arena(struct hone_config *c)
{
	return &c->arena;
}

const struct hone_strv *hone_config_files(const struct hone_config *c)
{
	return &c->files;
}
