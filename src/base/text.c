#include "text.h"

#include <ctype.h>
#include <string.h>
#include <wchar.h>

size_t hone_utf8_len(struct hone_view v)
{
	const unsigned char *p = (const unsigned char *)v.p;
	size_t n;

	if (!v.n)
		return 0;
	if (p[0] < 0x80)
		return 1;
	if (p[0] < 0xc2 || p[0] > 0xf4)
		return 0;
	n = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	if (v.n < n)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
		(p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
		return 0;
	return n;
}

uint32_t hone_utf8_decode(struct hone_view v)
{
	const unsigned char *p = (const unsigned char *)v.p;

	if (p[0] < 0x80)
		return p[0];
	if (p[0] < 0xe0)
		return (uint32_t)(p[0] & 0x1f) << 6 | (p[1] & 0x3f);
	if (p[0] < 0xf0)
		return (uint32_t)(p[0] & 0x0f) << 12 | (uint32_t)(p[1] & 0x3f) << 6 | (p[2] & 0x3f);
	return (uint32_t)(p[0] & 0x07) << 18 | (uint32_t)(p[1] & 0x3f) << 12 |
	       (uint32_t)(p[2] & 0x3f) << 6 | (p[3] & 0x3f);
}

void hone_utf8_encode(struct hone_buf *b, uint32_t cp)
{
	if (cp < 0x80) {
		hone_buf_addc(b, (char)cp);
	} else if (cp < 0x800) {
		hone_buf_addc(b, (char)(0xc0 | cp >> 6));
		hone_buf_addc(b, (char)(0x80 | (cp & 0x3f)));
	} else if (cp < 0x10000) {
		hone_buf_addc(b, (char)(0xe0 | cp >> 12));
		hone_buf_addc(b, (char)(0x80 | (cp >> 6 & 0x3f)));
		hone_buf_addc(b, (char)(0x80 | (cp & 0x3f)));
	} else {
		hone_buf_addc(b, (char)(0xf0 | cp >> 18));
		hone_buf_addc(b, (char)(0x80 | (cp >> 12 & 0x3f)));
		hone_buf_addc(b, (char)(0x80 | (cp >> 6 & 0x3f)));
		hone_buf_addc(b, (char)(0x80 | (cp & 0x3f)));
	}
}

/* Bytes of printable ASCII at the start of v: nearly all text is that, and needs no decoding. */
static size_t plain_run(struct hone_view v)
{
	size_t n = 0;

	while (n < v.n && v.p[n] >= 0x20 && v.p[n] < 0x7f)
		n++;
	return n;
}

size_t hone_text_width(struct hone_view v)
{
	size_t width = 0;

	for (size_t i = 0; i < v.n;) {
		size_t plain = plain_run(hone_view_sub(v, i, v.n));

		width += plain;
		i += plain;
		if (i == v.n)
			break;
		struct hone_view rest = hone_view_sub(v, i, v.n);
		size_t n = hone_utf8_len(rest);
		int w = n ? wcwidth((wchar_t)hone_utf8_decode(rest)) : 1;

		width += w < 0 ? 1 : (size_t)w;
		i += n ? n : 1;
	}
	return width;
}

bool hone_text_is_control(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7f && cp < 0xa0) || cp == 0x61c || cp == 0x200e ||
	       cp == 0x200f || (cp >= 0x2028 && cp <= 0x202e) || (cp >= 0x2066 && cp <= 0x2069);
}

void hone_text_safe(struct hone_buf *b, struct hone_view v, bool keep_lines)
{
	for (size_t i = 0; i < v.n;) {
		size_t plain = plain_run(hone_view_sub(v, i, v.n));

		hone_buf_add(b, v.p + i, plain);
		i += plain;
		if (i == v.n)
			break;
		struct hone_view rest = hone_view_sub(v, i, v.n);
		size_t n = hone_utf8_len(rest);
		uint32_t cp = n ? hone_utf8_decode(rest) : 0;
		bool control = !n || hone_text_is_control(cp);

		if (control && keep_lines && (cp == '\n' || cp == '\t') && n)
			control = false;
		if (!n)
			n = 1;
		for (size_t k = 0; control && k < n; k++)
			hone_buf_addf(b, "\\x%02x", (unsigned char)rest.p[k]);
		if (!control)
			hone_buf_add(b, rest.p, n);
		i += n;
	}
}

void hone_text_safe_lines(struct hone_buf *b, struct hone_view v, const char *indent)
{
	struct hone_view rest = v, line;
	bool started = false;

	while (rest.n && hone_view_split(&rest, &started, '\n', &line)) {
		if (line.p != v.p) {
			hone_buf_addc(b, '\n');
			hone_buf_adds(b, line.n ? indent : "");
		}
		hone_text_safe(b, line, true); /* keeps tabs */
	}
}

void hone_text_wrap(struct hone_buf *b, struct hone_view text, size_t indent, size_t width)
{
	struct hone_view word;
	bool started = false, first = true;
	size_t column = indent;

	while (hone_view_split(&text, &started, ' ', &word)) {
		size_t n = hone_text_width(word);

		if (!first && column + 1 + n > width) {
			hone_buf_addc(b, '\n');
			hone_buf_pad(b, ' ', indent);
			column = indent;
		} else if (!first) {
			hone_buf_addc(b, ' ');
			column++;
		}
		hone_buf_addv(b, word);
		column += n;
		first = false;
	}
	hone_buf_addc(b, '\n');
}

/* Bytes of one line of an excerpt. */
#define EXCERPT_LINE ((size_t)300)

void hone_text_excerpt(struct hone_buf *b, struct hone_view said, size_t head, size_t tail)
{
	struct hone_view rest, line;
	bool started = false;
	size_t lines = 1;

	rest = said = hone_view_trim(said);
	for (size_t i = 0; i < said.n; i++)
		lines += said.p[i] == '\n';
	for (size_t at = 0; hone_view_split(&rest, &started, '\n', &line); at++) {
		size_t n = line.n < EXCERPT_LINE ? line.n : EXCERPT_LINE;

		if (lines > head + tail + 1 && at >= head && at + tail < lines) {
			if (at == head)
				hone_buf_addf(b, "\n(%zu lines left out)", lines - head - tail);
			continue;
		}
		if (at)
			hone_buf_addc(b, '\n');
		/* Not in the middle of a character. */
		while (n < line.n && n && ((unsigned char)line.p[n] & 0xc0) == 0x80)
			n--;
		hone_buf_addv(b, hone_view_sub(line, 0, n));
		if (n < line.n)
			hone_buf_adds(b, "...");
	}
}

void hone_text_shell_word(struct hone_buf *b, const char *s)
{
	static const char harmless[] = "%+,-./:=@_^";
	bool bare = *s != '\0';

	for (const char *p = s; *p && bare; p++)
		bare = isalnum((unsigned char)*p) || strchr(harmless, *p);
	if (bare) {
		hone_buf_adds(b, s);
		return;
	}
	hone_buf_addc(b, '\'');
	for (; *s; s++) {
		if (*s == '\'')
			hone_buf_adds(b, "'\\''");
		else
			hone_buf_addc(b, *s);
	}
	hone_buf_addc(b, '\'');
}

char *hone_text_command(const char *const *argv)
{
	struct hone_buf b = HONE_BUF_INIT;

	for (size_t i = 0; argv[i]; i++) {
		if (i)
			hone_buf_addc(&b, ' ');
		hone_text_shell_word(&b, argv[i]);
	}
	return hone_buf_detach(&b);
}
