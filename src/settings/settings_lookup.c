#include "settings.h"

#include "buf.h"
#include "num.h"
#include "strv.h"
#include "toml_doc.h"
#include "toml_value.h"

#include <inttypes.h>
#include <string.h>

#define MAX_SETTINGS 128

const struct hone_label_info *hone_label_find(struct hone_view id)
{
	for (const struct hone_label_info *l = hone_labels; l->id; l++)
		if (hone_view_is(id, l->id))
			return l;
	return NULL;
}

const struct hone_setting *hone_setting_find(struct hone_view key)
{
	for (HONE_EACH_SETTING(s))
		if (hone_view_is(key, s->key))
			return s;
	return NULL;
}

const struct hone_setting *hone_setting_find_short(struct hone_view key)
{
	const struct hone_setting *found = hone_setting_find(key);
	if (found)
		return found;
	for (HONE_EACH_SETTING(s)) {
		const char *dot = strchr(s->key, '.');
		if (!dot || !hone_view_is(key, dot + 1))
			continue;
		if (found)
			return NULL;
		found = s;
	}
	return found;
}

const struct hone_setting_value *hone_setting_value_find(
	const struct hone_setting *s, struct hone_view toml)
{
	for (const struct hone_setting_value *v = s->values; v && v->toml; v++)
		if (hone_view_is(toml, v->toml))
			return v;
	return NULL;
}

const struct hone_setting_value *hone_setting_value_row(
	const struct hone_setting *s, struct hone_view toml)
{
	const struct hone_setting_value *row = hone_setting_value_find(s, toml);
	return row || !s->open ? row : s->values;
}

unsigned hone_setting_value_labels(const struct hone_setting *s, struct hone_view toml)
{
	const struct hone_setting_value *row = hone_setting_value_row(s, toml);
	return (row ? row->labels : 0) | (s->nightly ? HONE_LABEL_NIGHTLY : 0);
}

const char *const *hone_setting_keys(void)
{
	static const char *keys[MAX_SETTINGS];
	size_t n = 0;
	for (HONE_EACH_SETTING(s)) {
		if (n == MAX_SETTINGS - 1)
			hone_bug("more than %d settings", MAX_SETTINGS - 1);
		keys[n++] = s->key;
	}
	return keys;
}

static bool accepts_strings(const struct hone_setting *s)
{
	return s->type == HONE_TYPE_STRING || s->type == HONE_TYPE_MIXED;
}

static char *quoted(struct hone_view text)
{
	struct hone_buf b = HONE_BUF_INIT;
	hone_toml_quote(&b, text);
	return hone_buf_detach(&b);
}

/* Says what is taken, and what may have been meant. */
static char *refusal(const struct hone_setting *s, struct hone_view typed)
{
	hone_auto_strv struct hone_strv words = HONE_STRV_INIT;
	hone_auto_free char *text = hone_view_dup(typed);
	for (const struct hone_setting_value *v = s->values; v && v->toml; v++) {
		struct hone_view word = hone_view_of(v->toml);
		bool is_text = word.p[0] == '"';
		hone_strv_pushv(&words, hone_view_sub(word, is_text, word.n - is_text));
	}
	/* Any letter is near to any other. */
	const char *near = typed.n > 1 ? hone_did_you_mean(text, hone_strv_argv(&words)) : NULL;
	if (near)
		return hone_xasprintf(
			"%s takes %s, not %s (did you mean %s?)", s->key, s->range, text, near);
	return hone_xasprintf("%s takes %s, not %s", s->key, s->range, text);
}

static bool parse_string(const struct hone_setting *s, struct hone_view content, char **ret_toml)
{
	hone_auto_free char *toml = quoted(content);
	double number;

	if (!hone_setting_value_find(s, hone_view_of(toml))) {
		if (!s->open || !accepts_strings(s))
			return false;
		if (s->max && !(hone_parse_f64(content, &number) && number > (double)s->min &&
				      number <= (double)s->max))
			return false;
	}
	*ret_toml = HONE_TAKE(toml);
	return true;
}

static bool parse_integer(const struct hone_setting *s, struct hone_view typed, char **ret_toml)
{
	int64_t value;
	if (s->type != HONE_TYPE_INTEGER || !s->open || !hone_parse_i64(typed, &value) ||
		value < s->min || value > s->max)
		return false;
	*ret_toml = hone_xasprintf("%" PRId64, value);
	return true;
}

bool hone_setting_value_parse(
	const struct hone_setting *s, struct hone_view typed, char **ret_toml, char **ret_why)
{
	typed = hone_view_trim(typed);
	if (s->type == HONE_TYPE_LIST) {
		*ret_why =
			hone_xasprintf("%s takes a list, which only Cargo.toml can hold", s->key);
		return false;
	}
	if (typed.n == 0) {
		*ret_why = hone_xasprintf("%s has no value: it takes %s", s->key, s->range);
		return false;
	}
	if (typed.p[0] == '"' || typed.p[0] == '\'') {
		hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
		if (!hone_toml_unquote(typed, &text)) {
			*ret_why = hone_xasprintf(
				"%s: %.*s is not a TOML string", s->key, (int)typed.n, typed.p);
			return false;
		}
		if (parse_string(s, hone_buf_view(&text), ret_toml))
			return true;
		/* opt-level = "3": Cargo tells numbers and booleans from text. */
		if (hone_setting_value_find(s, hone_buf_view(&text)) ||
			(s->open && s->type == HONE_TYPE_INTEGER))
			*ret_why = hone_xasprintf(
				"%s does not take the text %.*s: write %s without quotes", s->key,
				(int)typed.n, typed.p, hone_buf_str(&text));
		else
			*ret_why = refusal(s, hone_buf_view(&text));
		return false;
	}
	if (hone_setting_value_find(s, typed)) {
		*ret_toml = hone_view_dup(typed);
		return true;
	}
	if (parse_string(s, typed, ret_toml) || parse_integer(s, typed, ret_toml))
		return true;
	*ret_why = refusal(s, typed);
	return false;
}

char *hone_labels_text(unsigned labels)
{
	struct hone_buf b = HONE_BUF_INIT;

	for (const struct hone_label_info *l = hone_labels; l->id; l++) {
		if (!(labels & l->bit))
			continue;
		if (b.n)
			hone_buf_adds(&b, ", ");
		hone_buf_adds(&b, l->text);
	}
	return hone_buf_detach(&b);
}
