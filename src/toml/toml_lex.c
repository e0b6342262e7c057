#include "toml_impl.h"

#include "text.h"

#include <stdio.h>
#include <string.h>

void hone_toml_skip_blanks(struct hone_toml_parser *ps)
{
	while (ps->p[ps->at] == ' ' || ps->p[ps->at] == '\t')
		ps->at++;
}

bool hone_toml_take_newline(struct hone_toml_parser *ps)
{
	if (ps->p[ps->at] == '\n') {
		ps->at++;
		return true;
	}
	if (ps->p[ps->at] == '\r') { /* the scan of the text saw that a LF follows */
		ps->at += 2;
		return true;
	}
	return false;
}

void hone_toml_skip_space(struct hone_toml_parser *ps)
{
	do {
		hone_toml_skip_blanks(ps);
		if (ps->p[ps->at] == '#')
			while (ps->at < ps->n && ps->p[ps->at] != '\n' && ps->p[ps->at] != '\r')
				ps->at++;
	} while (hone_toml_take_newline(ps));
}

bool hone_toml_is_bare(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '-';
}

const char *hone_toml_here(const struct hone_toml_parser *ps, char out[16])
{
	struct hone_view rest = {ps->p + ps->at, ps->n - ps->at};

	if (ps->at >= ps->n)
		return "the end of the file";
	if (*rest.p == '\n' || *rest.p == '\r')
		return "the end of the line";
	if (*rest.p == '#')
		return "a comment";
	(void)snprintf(out, 16, "`%.*s`", (int)hone_utf8_len(rest), rest.p);
	return out;
}

static int lex_key_part(struct hone_toml_parser *ps, struct hone_toml_key_part *part)
{
	const char *p = ps->p + ps->at;
	char here[16];
	int r;

	part->at = ps->at;
	if (*p == '"' || *p == '\'') {
		bool multi_line;

		r = hone_toml_lex_string(ps, &part->key, &multi_line);
		if (r < 0)
			return r;
		if (multi_line)
			return hone_toml_fail_from(
				ps, part->at, "a multi-line string cannot be a key");
	} else {
		while (hone_toml_is_bare(ps->p[ps->at]))
			ps->at++;
		part->key = (struct hone_view){p, ps->at - part->at};
		if (part->key.n == 0)
			return hone_toml_fail(
				ps, "a key was expected, not %s", hone_toml_here(ps, here));
	}
	part->end = ps->at;
	return 0;
}

int hone_toml_lex_key(struct hone_toml_parser *ps)
{
	uint32_t began = ps->at;

	ps->n_parts = 0;
	for (;;) {
		uint32_t end;
		int r;

		if (ps->n_parts == HONE_TOML_MAX_DEPTH)
			return hone_toml_fail_at(ps->doc, began, HONE_E_LIMIT, ps->err,
				"a key of more than %d parts is refused", HONE_TOML_MAX_DEPTH);
		r = lex_key_part(ps, &ps->parts[ps->n_parts]);
		if (r < 0)
			return r;
		ps->n_parts++;
		end = ps->at;
		hone_toml_skip_blanks(ps);
		if (ps->p[ps->at] != '.') {
			ps->at = end;
			return 0;
		}
		ps->at++;
		hone_toml_skip_blanks(ps);
	}
}
