#include "toml_edit_impl.h"

#include "text.h"

#include <string.h>

/* In which words a table below another table is written here. */
enum style { AS_HEADER, AS_DOTTED, AS_INLINE };

/* The words that the tables in table use already; else headers where they can stand. */
static enum style style_of(const struct hone_toml_node *table)
{
	bool can_have_headers =
		table->form != HONE_TOML_FORM_DOTTED && table->form != HONE_TOML_FORM_VALUE;
	bool has_dotted = false;
	bool has_inline = false;

	for (size_t i = 0; i < hone_toml_count(table); i++) {
		const struct hone_toml_node *child = hone_toml_at(table, i);

		if (child->form == HONE_TOML_FORM_DOTTED)
			has_dotted = true;
		else if (child->form == HONE_TOML_FORM_VALUE)
			has_inline = has_inline || hone_toml_is_table(child);
		else if (can_have_headers)
			return AS_HEADER;
	}
	if (has_dotted)
		return AS_DOTTED;
	if (has_inline && table->form != HONE_TOML_FORM_ROOT)
		return AS_INLINE;
	return can_have_headers ? AS_HEADER : AS_DOTTED;
}

static bool descends(const struct hone_toml_node *node, const struct hone_toml_node *from)
{
	while (node && node != from)
		node = node->parent;
	return node;
}

/* Appends what leads to table in the entry: `a . b.` when that was written `a . b.c = 1`. */
static void add_prefix(struct hone_toml *doc, const struct hone_toml_node *table,
	const struct hone_toml_node *entry, struct hone_buf *out)
{
	struct hone_toml_parser ps = {
		.doc = doc, .p = doc->text, .n = doc->n, .at = entry->expr_at};

	(void)hone_toml_lex_key(&ps); /* it was read once before, so it is right */
	hone_buf_add(out, doc->text + entry->expr_at,
		ps.parts[ps.n_parts - (size_t)(entry->depth - table->depth)].at - entry->expr_at);
}

/* Appends `=` with the blanks that it has in the entry like (NULL: one on each side). Where that
 * is a neighbour on the line above, `=` signs that stand in a column stay in it: out then holds the
 * line so far. */
static void add_equals(const struct hone_toml *doc, const struct hone_toml_node *like,
	bool is_neighbour, struct hone_buf *out)
{
	struct hone_view gap, line;
	size_t before, after, want, have;

	if (!like) {
		hone_buf_adds(out, " = ");
		return;
	}
	gap = (struct hone_view){doc->text + like->key_end, like->at - like->key_end};
	before = hone_view_find(gap, 0, '=');
	after = gap.n - before - 1;
	if (before < 2) {
		hone_buf_add(out, gap.p, before);
	} else {
		line.p = doc->text + hone_toml_line_begin(doc, like->at);
		line.n = (size_t)(gap.p - line.p) + before;
		want = hone_text_width(line);
		have = hone_text_width(hone_buf_view(out));
		hone_buf_pad(out, ' ', is_neighbour && want > have ? want - have : 1);
	}
	hone_buf_addc(out, '=');
	if (after < 2 || is_neighbour)
		hone_buf_add(out, gap.p + before + 1, after);
	else
		hone_buf_addc(out, ' ');
}

/* Appends `key = value`, or for a longer path `a.b = value` or `a = { b = value }`. */
static void add_entry(const struct hone_toml_edit *edit, size_t n_found, enum style style,
	const struct hone_toml_node *like, bool is_neighbour, const struct hone_toml_node *value,
	struct hone_buf *out)
{
	const char *const *keys = edit->path + n_found;
	size_t n = edit->n_path - n_found;
	bool braces = style == AS_INLINE && n > 1;

	hone_toml_quote_path(out, keys, braces ? 1 : n);
	add_equals(edit->doc, like, is_neighbour, out);
	if (braces) {
		hone_buf_adds(out, "{ ");
		hone_toml_quote_path(out, keys + 1, n - 1);
		add_equals(edit->doc, NULL, false, out);
	}
	hone_toml_add_value(edit->doc, NULL, value, out);
	if (braces)
		hone_buf_adds(out, " }");
}

/* The last entry of a section other than this: how `=` looks in this document. */
static const struct hone_toml_node *any_entry(const struct hone_toml *doc)
{
	for (size_t i = doc->sections.n; i-- > 0;)
		if (doc->sections.v[i].last)
			return doc->sections.v[i].last;
	return NULL;
}

static void insert_item(struct hone_toml_edit *edit, const struct hone_toml_node *table,
	size_t n_found, const struct hone_toml_node *value)
{
	const struct hone_toml_node *last = hone_toml_last_entry(table);
	const struct hone_toml_node *container = table;
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;

	while (container->form == HONE_TOML_FORM_DOTTED)
		container = container->parent;
	if (table != container)
		add_prefix(edit->doc, table, last, &text);
	add_entry(edit, n_found, style_of(table), last, false, value, &text);
	hone_toml_add_item(edit, container, last ? last->expr_at : 0, last ? last->end : 0,
		hone_buf_view(&text));
}

/* A line after the last one of table, which has lines of its own. */
static void insert_line(struct hone_toml_edit *edit, const struct hone_toml_node *table,
	size_t n_found, const struct hone_toml_node *value)
{
	struct hone_toml *doc = edit->doc;
	const struct hone_toml_section *section = &doc->sections.v[table->u.children->section];
	const struct hone_toml_node *last;
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	bool blank_after = false;
	uint32_t at;

	last = table->form == HONE_TOML_FORM_DOTTED ? hone_toml_last_entry(table) : section->last;
	if (last) {
		at = hone_toml_next_line(doc, last->end);
		hone_buf_addv(&text, hone_toml_indent(doc, last->expr_at));
	} else if (table->form == HONE_TOML_FORM_HEADER) {
		at = hone_toml_next_line(doc, section->end);
		hone_toml_add_key_indent(doc, hone_toml_indent(doc, section->at), &text);
	} else if (doc->sections.n > 1) { /* the root's first key, above the first header */
		at = hone_toml_attached_from(doc, doc->sections.v[1].at);
		blank_after = hone_toml_spaces_headers(doc);
	} else {
		at = hone_toml_content_end(doc, 0);
	}
	if (table->form == HONE_TOML_FORM_DOTTED)
		add_prefix(doc, table, last, &text);
	add_entry(edit, n_found, style_of(table), last ? last : any_entry(doc), last, value, &text);
	hone_buf_addv(&text, hone_toml_eol(doc, at));
	if (blank_after)
		hone_buf_addv(&text, hone_toml_eol(doc, at));
	hone_toml_insert_lines(edit, at, hone_buf_view(&text));
}

/* Appends the header of the path without its last key, and below it the line of that key. */
static void add_section(const struct hone_toml_edit *edit, struct hone_view indent, uint32_t at,
	const struct hone_toml_node *value, struct hone_buf *out)
{
	const struct hone_toml *doc = edit->doc;
	struct hone_view eol = hone_toml_eol(doc, at);
	hone_auto_buf struct hone_buf line = HONE_BUF_INIT;

	hone_buf_addv(out, indent);
	hone_buf_addc(out, '[');
	hone_toml_quote_path(out, edit->path, edit->n_path - 1);
	hone_buf_addc(out, ']');
	hone_buf_addv(out, eol);
	hone_toml_add_key_indent(doc, indent, &line);
	add_entry(edit, edit->n_path - 1, AS_HEADER, any_entry(doc), false, value, &line);
	hone_buf_addv(out, hone_buf_view(&line));
	hone_buf_addv(out, eol);
}

/* Defines a table that so far only the headers of its subtables imply: above the first of them. */
static void insert_section_above(struct hone_toml_edit *edit, const struct hone_toml_node *table,
	const struct hone_toml_node *value)
{
	const struct hone_toml *doc = edit->doc;
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	size_t i = 1;
	uint32_t at;

	while (!descends(doc->sections.v[i].table, table))
		i++;
	at = hone_toml_attached_from(doc, doc->sections.v[i].at);
	add_section(edit, hone_toml_indent(doc, doc->sections.v[i].at), at, value, &text);
	if (hone_toml_spaces_headers(doc))
		hone_buf_addv(&text, hone_toml_eol(doc, at));
	hone_toml_insert_lines(edit, at, hone_buf_view(&text));
}

/* A new section after the last one of table and its subtables. */
static void insert_section_below(struct hone_toml_edit *edit, const struct hone_toml_node *table,
	const struct hone_toml_node *value)
{
	const struct hone_toml *doc = edit->doc;
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	bool spaces = hone_toml_spaces_headers(doc);
	struct hone_view indent = HONE_VIEW("");
	size_t i = doc->sections.n - 1;
	uint32_t at;

	while (!descends(doc->sections.v[i].table, table))
		i--;
	at = hone_toml_content_end(doc, i);
	for (size_t k = i; k > 0; k--) {
		const struct hone_toml_section *section = &doc->sections.v[k];

		/* Like the last sibling, else like the parent. */
		if (section->table->parent == table || section->table == table) {
			indent = hone_toml_indent(doc, section->at);
			break;
		}
	}
	if (spaces && at > doc->start)
		hone_buf_addv(&text, hone_toml_eol(doc, at));
	add_section(edit, indent, at, value, &text);
	if (spaces && at < doc->n && !hone_toml_is_blank_line(doc, at))
		hone_buf_addv(&text, hone_toml_eol(doc, at));
	hone_toml_insert_lines(edit, at, hone_buf_view(&text));
}

void hone_toml_insert(struct hone_toml_edit *edit, const struct hone_toml_node *table,
	size_t n_found, const struct hone_toml_node *value)
{
	bool is_last_key = n_found + 1 == edit->n_path;

	if (hone_toml_is_inline(table))
		insert_item(edit, table, n_found, value);
	else if (table->form == HONE_TOML_FORM_IMPLIED && is_last_key)
		insert_section_above(edit, table, value);
	else if (table->form != HONE_TOML_FORM_IMPLIED &&
		 (is_last_key || style_of(table) != AS_HEADER))
		insert_line(edit, table, n_found, value);
	else
		insert_section_below(edit, table, value);
}
