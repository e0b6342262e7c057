/* What cargo takes as the value of each key of a profile, and its words where it does not. */
#include "profile_table_impl.h"

#include <string.h>

#define DEBUG_VALUES                                                                               \
	"a boolean, 0, 1, 2, \"none\", \"limited\", \"full\", \"line-tables-only\", or "           \
	"\"line-directives-only\""
#define TRIM_VALUES                                                                                \
	"a boolean, \"none\", \"diagnostics\", \"macro\", \"object\", \"all\", or an array with "  \
	"these "                                                                                   \
	"options"

bool hone_profile_is_one_of(const char *s, const char *const *list)
{
	for (; *list; list++)
		if (!strcmp(s, *list))
			return true;
	return false;
}

/* The value as cargo's parser names it: integer `5`, string "foo". Appended. */
static void say_value(const struct hone_config_value *v, struct hone_buf *out)
{
	switch (v->type) {
	case HONE_CONFIG_STRING:
		hone_buf_adds(out, "string ");
		hone_config_value_toml(v, out);
		break;
	case HONE_CONFIG_INTEGER:
	case HONE_CONFIG_BOOL:
		hone_buf_addf(out, "%s `", hone_config_type_name(v->type));
		hone_config_value_toml(v, out);
		hone_buf_addc(out, '`');
		break;
	case HONE_CONFIG_LIST:
		hone_buf_adds(out, "sequence");
		break;
	case HONE_CONFIG_TABLE:
		hone_buf_adds(out, "map");
		break;
	}
}

static int refuse(const struct hone_config_value *v, const struct hone_config_key *key,
	const char *what, const char *expected, struct hone_err *err)
{
	hone_auto_buf struct hone_buf name = HONE_BUF_INIT, value = HONE_BUF_INIT;

	hone_config_key_text(key, &name);
	say_value(v, &value);
	return hone_err_set(err, HONE_E_FAILED, "%s: `%s`: invalid %s: %s, expected %s", v->where,
		hone_buf_str(&name), what, hone_buf_str(&value), expected);
}

int hone_profile_check(enum hone_key_grammar type, const struct hone_config_value *v,
	const struct hone_config_key *key, struct hone_err *err)
{
	static const char *const levels[] = {"s", "z", NULL};
	static const char *const debugs[] = {
		"none", "limited", "full", "line-tables-only", "line-directives-only", NULL};
	bool string = v->type == HONE_CONFIG_STRING, integer = v->type == HONE_CONFIG_INTEGER;
	bool boolean = v->type == HONE_CONFIG_BOOL;

	switch (type) {
	case HONE_GRAMMAR_LEVEL:
		if (string && !hone_profile_is_one_of(v->text, levels)) {
			hone_auto_buf struct hone_buf name = HONE_BUF_INIT;
			hone_config_key_text(key, &name);
			hone_err_set(err, HONE_E_FAILED,
				"%s: `%s`: must be `0`, `1`, `2`, `3`, `s` or `z`, but found the "
				"string: \"%s\"",
				v->where, hone_buf_str(&name), v->text);
			if (*v->text && strspn(v->text, "0123") == strlen(v->text))
				hone_err_hint(err, "write opt-level = %s, without quotes", v->text);
			return HONE_E_FAILED;
		}
		if (!string && !integer)
			return refuse(v, key, "type", "an optimization level", err);
		return 0;
	case HONE_GRAMMAR_STRING_OR_BOOL:
		return string || boolean ? 0 : refuse(v, key, "type", "a boolean or string", err);
	case HONE_GRAMMAR_DEBUG:
		if ((integer && (v->integer < 0 || v->integer > 2)) ||
			(string && !hone_profile_is_one_of(v->text, debugs)))
			return refuse(v, key, "value", DEBUG_VALUES, err);
		return boolean || integer || string ? 0 : refuse(v, key, "type", DEBUG_VALUES, err);
	case HONE_GRAMMAR_TRIM:
		return boolean || string || v->type == HONE_CONFIG_LIST
			       ? 0
			       : refuse(v, key, "type", TRIM_VALUES, err);
	case HONE_GRAMMAR_BOOL:
		return boolean ? 0 : refuse(v, key, "type", "a boolean", err);
	case HONE_GRAMMAR_U32:
		if (integer && (v->integer < 0 || v->integer > UINT32_MAX))
			return refuse(v, key, "value", "u32", err);
		return integer ? 0 : refuse(v, key, "type", "u32", err);
	case HONE_GRAMMAR_STRING:
		return string ? 0 : refuse(v, key, "type", "a string", err);
	case HONE_GRAMMAR_LIST:
		if (v->type != HONE_CONFIG_LIST)
			return refuse(v, key, "type", "a sequence", err);
		for (size_t i = 0; i < v->n_items; i++)
			if (v->items[i]->type != HONE_CONFIG_STRING)
				return refuse(v->items[i], key, "type", "a string", err);
		return 0;
	}
	return 0;
}

int hone_profile_name_goes_on(
	enum hone_key_grammar type, const struct hone_config_key *key, struct hone_err *err)
{
	static const char *const expected[] = {
		[HONE_GRAMMAR_LEVEL] = "an optimization level",
		[HONE_GRAMMAR_STRING_OR_BOOL] = "a boolean or string",
		[HONE_GRAMMAR_DEBUG] = DEBUG_VALUES,
		[HONE_GRAMMAR_TRIM] = TRIM_VALUES,
	};
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT, env = HONE_BUF_INIT;
	const char *found;

	hone_config_key_text(key, &text);
	hone_config_key_env(key, &env);
	hone_buf_addc(&env, '_');
	found = hone_config_env_prefix(hone_buf_str(&env));
	if (!found)
		found = hone_buf_str(&env);
	if (type <= HONE_GRAMMAR_TRIM)
		return hone_err_set(err, HONE_E_FAILED,
			"%.*s: invalid type: Option value, expected %s", (int)strcspn(found, "="),
			found, expected[type]);
	return hone_err_set(err, HONE_E_FAILED, "%.*s: missing config key `%s`",
		(int)strcspn(found, "="), found, hone_buf_str(&text));
}
