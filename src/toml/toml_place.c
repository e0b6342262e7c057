#include "toml_edit_impl.h"

#include <string.h>

uint32_t hone_toml_line_begin(const struct hone_toml *doc, uint32_t at)
{
	return doc->lines.v[hone_toml_line_of(doc, at)];
}

uint32_t hone_toml_next_line(const struct hone_toml *doc, uint32_t at)
{
	size_t next = hone_toml_line_of(doc, at) + 1;

	return next < doc->lines.n ? doc->lines.v[next] : doc->n;
}

/* The first byte of a line that is no blank; the line's ending counts as such. */
static char first_byte(const struct hone_toml *doc, uint32_t begin)
{
	while (doc->text[begin] == ' ' || doc->text[begin] == '\t')
		begin++;
	return doc->text[begin];
}

bool hone_toml_is_blank_line(const struct hone_toml *doc, uint32_t begin)
{
	char c = first_byte(doc, begin);

	return c == '\n' || c == '\r' || c == '\0';
}

/* The first line below the last expression that begins before offset at: from there to at stand
 * only comments and blanks. (A line inside a string may look like a comment.) */
static uint32_t floor_of(const struct hone_toml *doc, uint32_t at)
{
	size_t low = 0;
	size_t high = doc->exprs.n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (doc->exprs.v[mid].at < at)
			low = mid + 1;
		else
			high = mid;
	}
	return low ? hone_toml_next_line(doc, doc->exprs.v[low - 1].end) : doc->start;
}

uint32_t hone_toml_attached_from(const struct hone_toml *doc, uint32_t at)
{
	uint32_t lowest = floor_of(doc, at);
	uint32_t begin = hone_toml_line_begin(doc, at);

	while (begin > lowest) {
		uint32_t above = hone_toml_line_begin(doc, begin - 1);

		if (first_byte(doc, above) != '#')
			break;
		begin = above;
	}
	return begin;
}

uint32_t hone_toml_blanks_from(const struct hone_toml *doc, uint32_t begin)
{
	uint32_t lowest = floor_of(doc, begin);

	while (begin > lowest) {
		uint32_t above = hone_toml_line_begin(doc, begin - 1);

		if (!hone_toml_is_blank_line(doc, above))
			break;
		begin = above;
	}
	return begin;
}

uint32_t hone_toml_content_end(const struct hone_toml *doc, size_t i)
{
	uint32_t end = doc->n;

	if (i + 1 < doc->sections.n)
		end = hone_toml_attached_from(doc, doc->sections.v[i + 1].at);
	else if (hone_toml_line_begin(doc, end) != end) /* the last line has no line ending */
		return hone_toml_is_blank_line(doc, hone_toml_line_begin(doc, end))
			       ? hone_toml_blanks_from(doc, hone_toml_line_begin(doc, end))
			       : end;
	return hone_toml_blanks_from(doc, end);
}

struct hone_view hone_toml_eol(const struct hone_toml *doc, uint32_t at)
{
	const char *lf = memchr(doc->text + at, '\n', doc->n - at);

	if (!lf)
		lf = memchr(doc->text, '\n', doc->n);
	return lf && lf > doc->text && lf[-1] == '\r' ? HONE_VIEW("\r\n") : HONE_VIEW("\n");
}

struct hone_view hone_toml_indent(const struct hone_toml *doc, uint32_t at)
{
	uint32_t begin = hone_toml_line_begin(doc, at);
	uint32_t end = begin;

	while (end < at && (doc->text[end] == ' ' || doc->text[end] == '\t'))
		end++;
	return (struct hone_view){doc->text + begin, end - begin};
}

void hone_toml_add_key_indent(
	const struct hone_toml *doc, struct hone_view header_indent, struct hone_buf *out)
{
	hone_buf_addv(out, header_indent);
	for (size_t i = doc->sections.n; i-- > 1;) {
		const struct hone_toml_section *section = &doc->sections.v[i];
		struct hone_view outer = hone_toml_indent(doc, section->at);
		struct hone_view inner;

		if (!section->last)
			continue;
		inner = hone_toml_indent(doc, section->last->expr_at);
		if (inner.n > outer.n && memcmp(inner.p, outer.p, outer.n) == 0)
			hone_buf_addv(out, hone_view_sub(inner, outer.n, inner.n));
		return;
	}
}

bool hone_toml_spaces_headers(const struct hone_toml *doc)
{
	bool found_tight = false;

	for (size_t i = 1; i < doc->sections.n; i++) {
		uint32_t begin = hone_toml_attached_from(doc, doc->sections.v[i].at);

		if (begin == doc->start)
			continue;
		if (hone_toml_blanks_from(doc, begin) < begin)
			return true;
		found_tight = true;
	}
	return !found_tight;
}

/* A string that can stand between '' on one line. */
static bool can_be_literal(struct hone_view s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '\'' || s.p[i] == 0x7f ||
			((unsigned char)s.p[i] < 0x20 && s.p[i] != '\t'))
			return false;
	return true;
}

static bool is_multi_line(struct hone_view raw)
{
	return hone_view_starts(raw, "\"\"\"") || hone_view_starts(raw, "'''");
}

static void add_with_eol(struct hone_view raw, struct hone_view eol, struct hone_buf *out)
{
	for (size_t i = 0; i < raw.n; i++) {
		if (raw.p[i] == '\n')
			hone_buf_addv(out, eol);
		else if (raw.p[i] != '\r') /* no CR but that of a CRLF is in a parsed value */
			hone_buf_addc(out, raw.p[i]);
	}
}

void hone_toml_add_value(const struct hone_toml *doc, const struct hone_toml_node *old,
	const struct hone_toml_node *value, struct hone_buf *out)
{
	struct hone_view raw = hone_toml_raw(value);
	bool literal = doc->n_literal > doc->n_basic;
	struct hone_view s;

	if (!hone_toml_string(value, &s) || is_multi_line(raw)) {
		add_with_eol(raw, hone_toml_eol(doc, doc->start), out);
		return;
	}
	if (old && old->type == HONE_TOML_STRING)
		literal = *hone_toml_raw(old).p == '\'';
	if (literal == (*raw.p == '\'') || (literal && !can_be_literal(s)))
		hone_buf_addv(out, raw);
	else if (literal)
		hone_buf_addf(out, "'%.*s'", (int)s.n, s.p);
	else
		hone_toml_quote(out, s);
}
