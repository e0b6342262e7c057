#include "toml_impl.h"

#include "text.h"

#include <string.h>

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* n_digits hexadecimal digits behind the two bytes of an escape like \u. */
static int lex_code_point(struct hone_toml_parser *ps, unsigned n_digits, struct hone_buf *out)
{
	uint32_t began = ps->at;
	uint32_t cp = 0;

	ps->at += 2;
	for (unsigned i = 0; i < n_digits; i++, ps->at++) {
		int digit = hex_digit(ps->p[ps->at]);

		if (digit < 0)
			return hone_toml_fail_from(ps, began,
				"the escape `\\%c` needs %u hexadecimal digits", ps->p[began + 1],
				n_digits);
		cp = cp << 4 | (uint32_t)digit;
	}
	if (cp > 0x10ffff || (cp >= 0xd800 && cp <= 0xdfff))
		return hone_toml_fail_from(
			ps, began, "U+%04X is no Unicode character (a scalar value)", cp);
	hone_utf8_encode(out, cp);
	return 0;
}

/* `\`, blanks, a line break and all space after it mean nothing at all. False when this is none. */
static bool take_line_continuation(struct hone_toml_parser *ps)
{
	uint32_t began = ps->at;

	ps->at++;
	hone_toml_skip_blanks(ps);
	if (!hone_toml_take_newline(ps)) {
		ps->at = began;
		return false;
	}
	do
		hone_toml_skip_blanks(ps);
	while (hone_toml_take_newline(ps));
	return true;
}

static int lex_escape(struct hone_toml_parser *ps, bool multi_line, struct hone_buf *out)
{
	static const char from[] = "btnfr\"\\";
	static const char to[] = "\b\t\n\f\r\"\\";
	bool v11 = ps->doc->version >= HONE_TOML_1_1;
	char c = ps->p[ps->at + 1];
	const char *simple = c ? strchr(from, c) : NULL;

	if (simple || (v11 && c == 'e')) {
		hone_buf_addc(out, simple ? to[simple - from] : '\x1b');
		ps->at += 2;
		return 0;
	}
	if (c == 'u' || c == 'U')
		return lex_code_point(ps, c == 'u' ? 4 : 8, out);
	if (v11 && c == 'x')
		return lex_code_point(ps, 2, out);
	if (multi_line && take_line_continuation(ps))
		return 0;
	if (c == 'e' || c == 'x')
		return hone_toml_fail(ps, "the escape `\\%c` needs TOML 1.1", c);
	return hone_toml_fail(
		ps, "unknown escape; a backslash itself is written `\\\\`, or use '...' quotes");
}

/* At a run of quotes inside a multi-line string: takes the closing three, of which up to two may
 * be preceded by quotes that are content. */
static bool take_closing(struct hone_toml_parser *ps, char quote, uint32_t *ret_content_end)
{
	uint32_t n = 0;

	while (n < 5 && ps->p[ps->at + n] == quote)
		n++;
	ps->at += n;
	*ret_content_end = ps->at - 3;
	return n >= 3;
}

/* Copies what stands between *from and the parser's place. */
static void flush(const struct hone_toml_parser *ps, struct hone_buf *out, uint32_t from)
{
	hone_buf_add(out, ps->p + from, ps->at - from);
}

int hone_toml_lex_string(
	struct hone_toml_parser *ps, struct hone_view *ret_content, bool *ret_multi_line)
{
	uint32_t began = ps->at;
	char quote = ps->p[ps->at];
	bool multi_line = ps->p[ps->at + 1] == quote && ps->p[ps->at + 2] == quote;
	hone_auto_buf struct hone_buf out = HONE_BUF_INIT;
	bool copied = false; /* content differs from the text, so it is gathered in out */
	uint32_t from, end;
	int r;

	ps->at += multi_line ? 3 : 1;
	if (multi_line)
		(void)hone_toml_take_newline(ps);
	from = ps->at;
	for (;;) {
		char c = ps->p[ps->at];

		if (c == quote) {
			end = ps->at++;
			if (!multi_line)
				break;
			ps->at--;
			if (take_closing(ps, quote, &end))
				break;
		} else if (c == '\\' && quote == '"') {
			flush(ps, &out, from);
			copied = true;
			r = lex_escape(ps, multi_line, &out);
			if (r < 0)
				return r;
			from = ps->at;
		} else if (c == '\r' && multi_line) { /* CRLF means LF, as the file may be either */
			flush(ps, &out, from);
			copied = true;
			from = ++ps->at;
		} else if (ps->at >= ps->n) {
			return hone_toml_fail_from(ps, began, "this string is never closed");
		} else if ((c == '\n' || c == '\r') && !multi_line) {
			return hone_toml_fail_from(
				ps, began, "this string is not closed on its line");
		} else {
			ps->at++;
		}
	}
	*ret_multi_line = multi_line;
	if (!copied) {
		*ret_content = (struct hone_view){ps->p + from, end - from};
		return 0;
	}
	hone_buf_add(&out, ps->p + from, end - from);
	*ret_content =
		(struct hone_view){hone_arena_dup(&ps->doc->arena, hone_buf_view(&out)), out.n};
	return 0;
}

void hone_toml_quote(struct hone_buf *b, struct hone_view s)
{
	static const char from[] = "\b\t\n\f\r\"\\";
	static const char to[] = "btnfr\"\\";

	hone_buf_addc(b, '"');
	for (size_t i = 0; i < s.n;) {
		struct hone_view rest = hone_view_sub(s, i, s.n);
		size_t n = hone_utf8_len(rest);
		const char *simple = *rest.p ? strchr(from, *rest.p) : NULL;

		if (simple)
			hone_buf_addf(b, "\\%c", to[simple - from]);
		else if (n && hone_text_is_control(hone_utf8_decode(rest)))
			/* All of them are below U+10000. */
			hone_buf_addf(b, "\\u%04X", hone_utf8_decode(rest));
		else
			hone_buf_add(b, rest.p, n ? n : 1);
		i += n ? n : 1;
	}
	hone_buf_addc(b, '"');
}

void hone_toml_quote_key(struct hone_buf *b, struct hone_view key)
{
	size_t i = 0;

	while (i < key.n && hone_toml_is_bare(key.p[i]))
		i++;
	if (key.n && i == key.n)
		hone_buf_addv(b, key);
	else
		hone_toml_quote(b, key);
}

void hone_toml_quote_path(struct hone_buf *b, const char *const *path, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			hone_buf_addc(b, '.');
		hone_toml_quote_key(b, hone_view_of(path[i]));
	}
}
