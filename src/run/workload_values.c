#include "workload_reader.h"

#include "fs.h"
#include "num.h"

#include <regex.h>
#include <string.h>

int hone_read_table(struct hone_workload_reader *r, const struct hone_toml_node *table,
	const struct hone_workload_key *keys, const char *what)
{
	for (size_t i = 0; i < hone_toml_count(table); i++) {
		const struct hone_toml_node *value = hone_toml_at(table, i);
		hone_auto_free char *name = hone_view_dup(hone_toml_key(value));
		const char *names[64] = {NULL}, *meant;
		const struct hone_workload_key *k = keys;
		int error;

		for (size_t n = 0; k->name && strcmp(k->name, name) != 0; k++)
			names[n++] = k->name;
		if (k->name) {
			error = k->read(r, value);
			if (error)
				return error;
			continue;
		}
		meant = hone_did_you_mean(name, names);
		hone_toml_complain(value, HONE_E_SYNTAX, r->err, "%s has no key `%s`", what, name);
		return meant ? hone_err_hint(r->err, "did you mean `%s`?", meant) : HONE_E_SYNTAX;
	}
	return 0;
}

int hone_read_wrong(
	struct hone_workload_reader *r, const struct hone_toml_node *value, const char *wanted)
{
	return hone_toml_complain(value, HONE_E_SYNTAX, r->err, "%.*s has to be %s, not %s",
		(int)hone_toml_key(value).n, hone_toml_key(value).p, wanted,
		hone_toml_type_name(hone_toml_type(value)));
}

int hone_read_text(struct hone_workload_reader *r, const struct hone_toml_node *value, char **ret)
{
	struct hone_view v;

	if (!hone_toml_string(value, &v))
		return hone_read_wrong(r, value, "a string");
	if (memchr(v.p, 0, v.n))
		return hone_toml_complain(value, HONE_E_SYNTAX, r->err, "a NUL cannot stand here");
	free(*ret);
	*ret = hone_view_dup(v);
	return 0;
}

int hone_read_number(
	struct hone_workload_reader *r, const struct hone_toml_node *value, double *ret)
{
	int64_t i;

	if (hone_toml_integer(value, &i))
		*ret = (double)i;
	else if (!hone_toml_float(value, ret))
		return hone_read_wrong(r, value, "a number");
	return 0;
}

int hone_read_seconds(
	struct hone_workload_reader *r, const struct hone_toml_node *value, double *ret)
{
	struct hone_view v;
	bool fine;

	if (hone_toml_string(value, &v))
		fine = hone_parse_seconds(v, ret);
	else
		fine = hone_read_number(r, value, ret) == 0;
	if (fine && *ret > 0 && *ret <= 1e6)
		return 0;
	hone_err_release(r->err);
	return hone_toml_complain(value, HONE_E_SYNTAX, r->err,
		"a time has to be a number of seconds or a string like \"500ms\", \"30s\" or "
		"\"2min\"");
}

int hone_read_command(
	struct hone_workload_reader *r, const struct hone_toml_node *value, struct hone_strv *ret)
{
	hone_auto_err struct hone_err why = HONE_ERR_INIT;
	char *one = NULL;
	int error;

	hone_strv_release(ret);
	if (hone_toml_type(value) == HONE_TOML_ARRAY) {
		for (size_t i = 0; i < hone_toml_count(value); i++) {
			error = hone_read_text(r, hone_toml_at(value, i), &one);
			if (error)
				return error;
			hone_strv_take(ret, HONE_TAKE(one));
		}
	} else {
		hone_auto_free char *line = NULL;

		if (hone_toml_type(value) != HONE_TOML_STRING)
			return hone_read_wrong(r, value, "a command line or a list of words");
		error = hone_read_text(r, value, &line);
		if (error)
			return error;
		if (hone_strv_split_words(ret, line, &why) < 0)
			return hone_toml_complain(value, HONE_E_SYNTAX, r->err, "%s", why.msg);
	}
	if (ret->n == 0)
		return hone_toml_complain(
			value, HONE_E_SYNTAX, r->err, "a command needs at least a word");
	return 0;
}

int hone_read_path(struct hone_workload_reader *r, const struct hone_toml_node *value, char **ret)
{
	hone_auto_free char *written = NULL;
	int error = hone_read_text(r, value, &written);

	if (error)
		return error;
	free(*ret);
	*ret = hone_path_join(r->dir, written);
	return 0;
}

int hone_read_choice(struct hone_workload_reader *r, const struct hone_toml_node *value,
	const char *const *words, size_t n, size_t *ret)
{
	hone_auto_free char *word = NULL;
	hone_auto_buf struct hone_buf all = HONE_BUF_INIT;
	int error = hone_read_text(r, value, &word);

	if (error)
		return error;
	for (size_t i = 0; i < n; i++) {
		if (strcmp(words[i], word) == 0) {
			*ret = i;
			return 0;
		}
		hone_buf_addf(&all, "%s\"%s\"", i == 0 ? "" : i + 1 < n ? ", " : " or ", words[i]);
	}
	return hone_toml_complain(
		value, HONE_E_SYNTAX, r->err, "\"%s\" is none of %s", word, hone_buf_str(&all));
}

int hone_read_pattern(
	struct hone_workload_reader *r, const struct hone_toml_node *v, size_t groups, char **ret)
{
	char why[128];
	regex_t re;
	size_t has;
	int code, error = hone_read_text(r, v, ret);

	if (error)
		return error;
	code = regcomp(&re, *ret, REG_EXTENDED);
	if (code) {
		regerror(code, &re, why, sizeof(why));
		return hone_toml_complain(v, HONE_E_SYNTAX, r->err,
			"this is no POSIX extended regular expression: %s", why);
	}
	has = re.re_nsub;
	regfree(&re);
	if (has < groups)
		return hone_toml_complain(v, HONE_E_SYNTAX, r->err,
			"the pattern needs a group in parentheses around the number");
	return 0;
}
