#include "toml_impl.h"

#include "text.h"

#include <stdio.h>
#include <string.h>

/* Bytes of the UTF-8 sequence or line break at offset at that are well-formed and allowed in TOML;
 * 0 when they are not. */
static uint32_t allowed_at(const struct hone_toml *doc, uint32_t at)
{
	unsigned char c = (unsigned char)doc->text[at];

	if (c >= 0x80)
		return (uint32_t)hone_utf8_len((struct hone_view){doc->text + at, doc->n - at});
	if (c == '\r')
		return doc->text[at + 1] == '\n' ? 2 : 0;
	return (c < 0x20 && c != '\t' && c != '\n') || c == 0x7f ? 0 : 1;
}

int hone_toml_scan_lines(struct hone_toml *doc, struct hone_err *err)
{
	uint32_t at = doc->start;

	hone_vec_push(&doc->lines, at);
	while (at < doc->n) {
		unsigned char c = (unsigned char)doc->text[at];
		uint32_t n;

		if (c >= 0x20 && c < 0x7f) {
			at++;
			continue;
		}
		n = allowed_at(doc, at);
		if (n == 0) {
			if (c >= 0x80)
				return hone_toml_fail_at(
					doc, at, HONE_E_SYNTAX, err, "this byte is not UTF-8");
			if (c == '\r')
				return hone_toml_fail_at(doc, at, HONE_E_SYNTAX, err,
					"a carriage return stands alone, without a line feed");
			return hone_toml_fail_at(doc, at, HONE_E_SYNTAX, err,
				"the control character U+%04X is not allowed here", c);
		}
		at += n;
		if (doc->text[at - 1] == '\n')
			hone_vec_push(&doc->lines, at);
	}
	return 0;
}

size_t hone_toml_line_of(const struct hone_toml *doc, uint32_t at)
{
	size_t low = 0;
	size_t high = doc->lines.n;

	while (high - low > 1) {
		size_t mid = low + (high - low) / 2;

		if (doc->lines.v[mid] <= at)
			low = mid;
		else
			high = mid;
	}
	return low;
}

struct hone_toml_pos hone_toml_pos_of(const struct hone_toml *doc, uint32_t at)
{
	size_t line = hone_toml_line_of(doc, at);
	struct hone_toml_pos pos = {.line = (unsigned)line + 1, .col = 1};

	for (uint32_t i = doc->lines.v[line]; i < at; i++)
		if (((unsigned char)doc->text[i] & 0xc0) != 0x80)
			pos.col++;
	return pos;
}

/* Columns of a line that a message shows before and after the place of the error. */
#define SHOW_BEFORE 60
#define SHOW_AFTER 40

static void show_part(struct hone_buf *out, struct hone_view part)
{
	hone_auto_buf struct hone_buf safe = HONE_BUF_INIT;

	hone_text_safe(&safe, part, true);
	for (size_t i = 0; i < safe.n; i++)
		hone_buf_addc(out, safe.p[i] == '\t' ? ' ' : safe.p[i]);
}

/* Appends the line around offset at and a caret under that offset. */
static void show_line(const struct hone_toml *doc, uint32_t at, struct hone_buf *out)
{
	uint32_t begin = doc->lines.v[hone_toml_line_of(doc, at)];
	uint32_t end = at;
	uint32_t from = begin;
	uint32_t to;
	hone_auto_buf struct hone_buf line = HONE_BUF_INIT;
	size_t caret;

	while (end < doc->n && doc->text[end] != '\n' && end - at < SHOW_AFTER)
		end++;
	to = end;
	if (at - begin > SHOW_BEFORE)
		from = at - SHOW_BEFORE;
	/* Cut only between characters. */
	while (from > begin && ((unsigned char)doc->text[from] & 0xc0) == 0x80)
		from--;
	while (to < doc->n && ((unsigned char)doc->text[to] & 0xc0) == 0x80)
		to++;
	if (to > at && doc->text[to - 1] == '\r')
		to--;
	if (from > begin)
		hone_buf_adds(&line, "...");
	show_part(&line, (struct hone_view){doc->text + from, at - from});
	caret = hone_text_width(hone_buf_view(&line));
	show_part(&line, (struct hone_view){doc->text + at, to - at});
	if (to < doc->n && doc->text[to] != '\n' && doc->text[to] != '\r')
		hone_buf_adds(&line, "...");
	hone_buf_addf(out, "\n    %s\n    ", hone_buf_str(&line));
	hone_buf_pad(out, ' ', caret);
	hone_buf_addc(out, '^');
}

__attribute__((format(printf, 5, 0))) static int fail_at(const struct hone_toml *doc, uint32_t at,
	enum hone_code code, struct hone_err *err, const char *fmt, va_list ap)
{
	struct hone_toml_pos pos = hone_toml_pos_of(doc, at);
	hone_auto_buf struct hone_buf msg = HONE_BUF_INIT;

	hone_buf_addf(&msg, "%s:%u:%u: ", doc->name, pos.line, pos.col);
	hone_buf_vaddf(&msg, fmt, ap);
	show_line(doc, at, &msg);
	return hone_err_set(err, code, "%s", hone_buf_str(&msg));
}

int hone_toml_fail_at(const struct hone_toml *doc, uint32_t at, enum hone_code code,
	struct hone_err *err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)fail_at(doc, at, code, err, fmt, ap);
	va_end(ap);
	return code;
}

#undef hone_toml_complain
int hone_toml_complain(const struct hone_toml_node *node, enum hone_code code, struct hone_err *err,
	const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)fail_at(hone_toml_doc_of(node), node->at, code, err, fmt, ap);
	va_end(ap);
	return code;
}

struct hone_toml_pos hone_toml_value_pos(const struct hone_toml_node *node)
{
	return hone_toml_pos_of(hone_toml_doc_of(node), node->at);
}

struct hone_toml_pos hone_toml_key_pos(const struct hone_toml_node *node)
{
	return hone_toml_pos_of(hone_toml_doc_of(node), node->expr_at);
}

char *hone_toml_where(const struct hone_toml *doc, struct hone_toml_pos pos)
{
	return hone_xasprintf("%s:%u:%u", doc->name, pos.line, pos.col);
}
