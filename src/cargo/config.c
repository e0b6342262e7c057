#include "config.h"

#include "config_tree.h"
#include "num.h"
#include "text.h"

#include <ctype.h>
#include <string.h>
#include <unistd.h>

struct hone_config_key hone_config_key(const char *a, const char *b, const char *c)
{
	struct hone_config_key key = {0};
	const char *const parts[] = {a, b, c};

	for (size_t i = 0; i < HONE_COUNT(parts) && parts[i]; i++)
		key.part[key.n++] = parts[i];
	return key;
}

struct hone_config_key hone_config_key_push(struct hone_config_key key, const char *part, bool raw)
{
	if (key.n == HONE_CONFIG_KEY_DEPTH)
		hone_bug("config key deeper than %d", HONE_CONFIG_KEY_DEPTH);
	key.part[key.n] = part;
	key.raw[key.n++] = raw;
	return key;
}

void hone_config_key_text(const struct hone_config_key *key, struct hone_buf *out)
{
	for (size_t i = 0; i < key->n; i++) {
		if (i)
			hone_buf_addc(out, '.');
		hone_toml_quote_key(out, hone_view_of(key->part[i]));
	}
}

void hone_config_key_env(const struct hone_config_key *key, struct hone_buf *out)
{
	hone_buf_adds(out, "CARGO");
	for (size_t i = 0; i < key->n; i++) {
		hone_buf_addc(out, '_');
		for (const char *p = key->part[i]; *p; p++) {
			char up = *p == '-' ? '_' : (char)toupper((unsigned char)*p);
			hone_buf_addc(out, key->raw[i] ? *p : up);
		}
	}
}

static bool is_utf8(const char *s)
{
	struct hone_view rest = hone_view_of(s);

	while (rest.n) {
		size_t n = hone_utf8_len(rest);
		if (!n)
			return false;
		rest = hone_view_sub(rest, n, rest.n);
	}
	return true;
}

const char *hone_config_env(const char *name)
{
	const char *value = getenv(name);

	return value && is_utf8(value) ? value : NULL;
}

const char *hone_config_env_prefix(const char *prefix)
{
	for (char **e = environ; e && *e; e++)
		if (hone_starts(*e, prefix))
			return *e;
	return NULL;
}

int hone_config_get(struct hone_config *c, const struct hone_config_key *key,
	const struct hone_config_value **ret_value, struct hone_err *err)
{
	const struct hone_config_value *value = c->root;

	for (size_t i = 0; i < key->n; i++) {
		if (value->type != HONE_CONFIG_TABLE) {
			hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
			struct hone_config_key so_far = *key;
			so_far.n = i;
			hone_config_key_text(&so_far, &text);
			return hone_err_set(err, HONE_E_FAILED,
				"%s: expected table for configuration key `%s`, but found %s",
				value->where, hone_buf_str(&text),
				hone_config_type_name(value->type));
		}
		value = hone_config_entry(value, key->part[i]);
		if (!value)
			break;
	}
	*ret_value = value;
	return 0;
}

/* The variable of a key: its value, or NULL. */
static const char *variable(
	struct hone_config *c, const struct hone_config_key *key, const char **ret_name)
{
	hone_auto_buf struct hone_buf name = HONE_BUF_INIT;

	hone_config_key_env(key, &name);
	*ret_name = hone_arena_strdup(&c->arena, hone_buf_str(&name));
	return hone_config_env(*ret_name);
}

static struct hone_config_value *env_value(
	struct hone_config *c, enum hone_config_type type, const char *name)
{
	struct hone_config_value *v = HONE_ARENA_NEW(&c->arena, struct hone_config_value);

	v->type = type;
	v->source = HONE_CONFIG_ENV;
	v->where = name;
	v->key = "";
	return v;
}

static struct hone_config_value *env_string(
	struct hone_config *c, const char *name, struct hone_view text)
{
	struct hone_config_value *v = env_value(c, HONE_CONFIG_STRING, name);

	v->text = hone_arena_dup(&c->arena, text);
	return v;
}

/* Appends the words of a text as strings, each with the given origin. */
static void add_words(struct hone_config *c, struct hone_config_value *list, const char *text,
	const struct hone_config_value *origin)
{
	for (const char *p = text; *p;) {
		size_t blank = strspn(p, " \t\r\n\f\v"), n = strcspn(p + blank, " \t\r\n\f\v");
		p += blank;
		if (!n)
			break;
		struct hone_config_value *word =
			env_string(c, origin->where, (struct hone_view){p, n});
		word->source = origin->source;
		word->file = origin->file;
		hone_config_add(&c->arena, list, word);
		p += n;
	}
}

/* A new list of the same elements, which the words of a variable may be added to. */
static struct hone_config_value *copy_list(
	struct hone_config *c, const struct hone_config_value *from)
{
	struct hone_config_value *list = HONE_ARENA_NEW(&c->arena, struct hone_config_value);

	*list = *from;
	list->type = HONE_CONFIG_LIST;
	list->items = NULL;
	list->n_items = list->cap_items = 0;
	if (from->type == HONE_CONFIG_LIST)
		for (size_t i = 0; i < from->n_items; i++)
			hone_config_add(&c->arena, list, from->items[i]);
	return list;
}

int hone_config_any(struct hone_config *c, const struct hone_config_key *key,
	const struct hone_config_value **ret_value, struct hone_err *err)
{
	const struct hone_config_value *value = NULL;
	const char *name, *text;
	struct hone_config_value *made;
	int code = hone_config_get(c, key, &value, err);

	if (code)
		return code;
	text = variable(c, key, &name);
	if (!text ||
		(value && value->type != HONE_CONFIG_LIST && value->source > HONE_CONFIG_ENV)) {
		*ret_value = value;
		return 0;
	}
	if (!strcmp(text, "true") || !strcmp(text, "false")) {
		made = env_value(c, HONE_CONFIG_BOOL, name);
		made->boolean = *text == 't';
	} else if (made = env_value(c, HONE_CONFIG_INTEGER, name),
		!hone_parse_i64(hone_view_of(text), &made->integer)) {
		if (value && value->type == HONE_CONFIG_LIST) {
			made = copy_list(c, value);
			add_words(c, made, text, env_value(c, HONE_CONFIG_STRING, name));
			hone_config_sort(made);
		} else {
			made = env_string(c, name, hone_view_of(text));
		}
	}
	*ret_value = made;
	return 0;
}

static int wrong_type(const struct hone_config_key *key, const char *expected,
	const struct hone_config_value *found, struct hone_err *err)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;

	hone_config_key_text(key, &text);
	return hone_err_set(err, HONE_E_FAILED, "%s: `%s` expected %s, but found a %s",
		found->where, hone_buf_str(&text), expected, hone_config_type_name(found->type));
}

int hone_config_typed(struct hone_config *c, const struct hone_config_key *key,
	enum hone_config_type type, const struct hone_config_value **ret_value,
	struct hone_err *err)
{
	const struct hone_config_value *value = NULL;
	struct hone_config_value *made = NULL;
	const char *name, *text;
	int code = hone_config_get(c, key, &value, err);

	if (code)
		return code;
	text = variable(c, key, &name);
	if (text) {
		made = env_value(c, type, name);
		made->text = hone_arena_strdup(&c->arena, text);
		made->boolean = !strcmp(text, "true");
		if (type == HONE_CONFIG_BOOL && !made->boolean && strcmp(text, "false") != 0)
			return hone_err_set(err, HONE_E_FAILED,
				"%s: provided string was not `true` or `false`", name);
		if (type == HONE_CONFIG_INTEGER &&
			!hone_parse_i64(hone_view_of(text), &made->integer))
			return hone_err_set(err, HONE_E_FAILED, "%s: %s", name,
				*text ? "invalid digit found in string"
				      : "cannot parse integer from empty string");
	}
	if (value && value->type != type)
		return wrong_type(key,
			type == HONE_CONFIG_BOOL      ? "true/false"
			: type == HONE_CONFIG_INTEGER ? "an integer"
						      : "a string",
			value, err);
	*ret_value = made && (!value || value->source < HONE_CONFIG_ENV) ? made : value;
	return 0;
}

int hone_config_strings(struct hone_config *c, const struct hone_config_key *key, bool words,
	const struct hone_config_value **ret_list, struct hone_err *err)
{
	const struct hone_config_value *value = NULL;
	struct hone_config_value *list;
	const char *name, *text;
	int code = hone_config_get(c, key, &value, err);

	if (code)
		return code;
	text = variable(c, key, &name);
	*ret_list = NULL;
	if (!value && !text)
		return 0;
	if (value && value->type != HONE_CONFIG_LIST &&
		!(words && value->type == HONE_CONFIG_STRING))
		return wrong_type(key, words ? "string or array of strings" : "list", value, err);
	list = copy_list(c, value ? value : env_value(c, HONE_CONFIG_LIST, name));
	if (value && value->type == HONE_CONFIG_STRING)
		add_words(c, list, value->text, value);
	if (text)
		add_words(c, list, text, env_value(c, HONE_CONFIG_STRING, name));
	hone_config_sort(list);
	for (size_t i = 0; i < list->n_items; i++)
		if (list->items[i]->type != HONE_CONFIG_STRING)
			return wrong_type(key, "string", list->items[i], err);
	*ret_list = list;
	return 0;
}

int hone_config_has(struct hone_config *c, const struct hone_config_key *key, bool prefix,
	bool *ret_has, struct hone_err *err)
{
	hone_auto_buf struct hone_buf name = HONE_BUF_INIT;
	const struct hone_config_value *value = NULL;
	int code;

	hone_config_key_env(key, &name);
	*ret_has = getenv(hone_buf_str(&name)) != NULL;
	if (prefix && !*ret_has) {
		hone_buf_addc(&name, '_');
		*ret_has = hone_config_env_prefix(hone_buf_str(&name)) != NULL;
	}
	if (*ret_has)
		return 0;
	code = hone_config_get(c, key, &value, err);
	if (!code)
		*ret_has = value != NULL;
	return code;
}

void hone_config_value_toml(const struct hone_config_value *value, struct hone_buf *out)
{
	bool table = value->type == HONE_CONFIG_TABLE;

	switch (value->type) {
	case HONE_CONFIG_STRING:
		hone_toml_quote(out, hone_view_of(value->text));
		return;
	case HONE_CONFIG_INTEGER:
		hone_buf_addf(out, "%jd", (intmax_t)value->integer);
		return;
	case HONE_CONFIG_BOOL:
		hone_buf_adds(out, value->boolean ? "true" : "false");
		return;
	case HONE_CONFIG_LIST:
	case HONE_CONFIG_TABLE:
		break;
	}
	hone_buf_addc(out, table ? '{' : '[');
	for (size_t i = 0; i < value->n_items; i++) {
		if (i)
			hone_buf_adds(out, ", ");
		if (table) {
			hone_toml_quote_key(out, hone_view_of(value->items[i]->key));
			hone_buf_adds(out, " = ");
		}
		hone_config_value_toml(value->items[i], out);
	}
	hone_buf_addc(out, table ? '}' : ']');
}
