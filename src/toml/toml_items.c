#include "toml_edit_impl.h"

#include <string.h>

/* One entry of an inline table. */
struct item {
	uint32_t at, end;
	bool drop;
};
typedef HONE_VEC(struct item) item_vec;

static bool has_newline(const struct hone_toml *doc, uint32_t from, uint32_t to)
{
	return to > from && memchr(doc->text + from, '\n', to - from);
}

/* Only blanks stand before offset at on its line. */
static bool stands_first(const struct hone_toml *doc, uint32_t at)
{
	return hone_toml_line_begin(doc, at) + hone_toml_indent(doc, at).n == at;
}

/* Just behind the comma that follows an item ending at offset at; 0 when none does. */
static uint32_t behind_comma(struct hone_toml *doc, uint32_t at)
{
	struct hone_toml_parser ps = {.doc = doc, .p = doc->text, .n = doc->n, .at = at};

	hone_toml_skip_space(&ps);
	return ps.p[ps.at] == ',' ? ps.at + 1 : 0;
}

/* Nothing but blanks and a comment stands between offset at and the end of its line. */
static bool ends_line(const struct hone_toml *doc, uint32_t at)
{
	at += (uint32_t)strspn(doc->text + at, " \t");
	return strchr("#\r\n", doc->text[at]);
}

static void add_first_item(
	struct hone_toml_edit *edit, const struct hone_toml_node *container, struct hone_view item)
{
	const struct hone_toml *doc = edit->doc;
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	uint32_t open = container->at + 1;
	uint32_t close = container->end - 1;
	uint32_t line = hone_toml_line_begin(doc, close);
	struct hone_view indent;

	if (!has_newline(doc, open, close)) {
		hone_buf_addf(&text, container->type == HONE_TOML_ARRAY ? "%.*s" : " %.*s ",
			(int)item.n, item.p);
		hone_toml_splice(edit, open, close, hone_buf_view(&text));
		return;
	}
	/* A line of its own above that of the closing bracket, like a comment that is there. */
	indent = hone_toml_indent(doc, close);
	if (has_newline(doc, open, line - 1)) {
		struct hone_view comment = hone_toml_indent(doc, line - 1);

		if (comment.n > indent.n && comment.p[comment.n] == '#')
			indent = comment;
	}
	hone_buf_addv(&text, indent);
	if (indent.p == doc->text + line)
		hone_buf_adds(&text, "    ");
	hone_buf_addv(&text, item);
	hone_buf_addc(&text, ',');
	hone_buf_addv(&text, hone_toml_eol(doc, container->at));
	hone_toml_splice(edit, line, line, hone_buf_view(&text));
}

/* Appends the text between the last two elements, when that is but a comma and blanks, or ", ". */
static void add_separator(const struct hone_toml_node *container, struct hone_buf *out)
{
	const struct hone_toml *doc = hone_toml_doc_of(container);
	size_t n = hone_toml_count(container);
	struct hone_view between;

	if (container->type == HONE_TOML_ARRAY && n >= 2) {
		uint32_t from = hone_toml_at(container, n - 2)->end;

		between = (struct hone_view){
			doc->text + from, hone_toml_at(container, n - 1)->at - from};
		if (strspn(between.p, ", \t") >= between.n) {
			hone_buf_addv(out, between);
			return;
		}
	}
	hone_buf_adds(out, ", ");
}

/* The last item begins a line, and behind it the bracket closes on the same line. */
static void add_item_before_bracket(
	struct hone_toml_edit *edit, uint32_t last_at, uint32_t last_end, struct hone_view item)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;

	hone_buf_addc(&text, ',');
	hone_buf_addv(&text, hone_toml_eol(edit->doc, last_at));
	hone_buf_addv(&text, hone_toml_indent(edit->doc, last_at));
	hone_buf_addv(&text, item);
	hone_toml_splice(edit, last_end, last_end, hone_buf_view(&text));
}

/* The last item has its lines to itself, so the new one gets a line too. comma_end: behind its
 * comma, or 0. */
static void add_item_line(struct hone_toml_edit *edit, uint32_t last_at, uint32_t last_end,
	uint32_t comma_end, struct hone_view item)
{
	struct hone_toml *doc = edit->doc;
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	uint32_t line = hone_toml_next_line(doc, comma_end ? comma_end : last_end);

	if (!comma_end)
		hone_toml_splice(edit, last_end, last_end, HONE_VIEW(","));
	hone_buf_addv(&text, hone_toml_indent(doc, last_at));
	hone_buf_addv(&text, item);
	if (comma_end)
		hone_buf_addc(&text, ',');
	hone_buf_addv(&text, hone_toml_eol(doc, last_at));
	hone_toml_splice(edit, line, line, hone_buf_view(&text));
}

void hone_toml_add_item(struct hone_toml_edit *edit, const struct hone_toml_node *container,
	uint32_t last_at, uint32_t last_end, struct hone_view item)
{
	struct hone_toml *doc = edit->doc;
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	uint32_t comma_end, after;

	if (!last_end) {
		add_first_item(edit, container, item);
		return;
	}
	comma_end = behind_comma(doc, last_end);
	after = comma_end ? comma_end : last_end;
	if (stands_first(doc, last_at) && !has_newline(doc, after, container->end)) {
		add_item_before_bracket(edit, last_at, last_end, item);
	} else if (stands_first(doc, last_at) && ends_line(doc, after)) {
		add_item_line(edit, last_at, last_end, comma_end, item);
	} else {
		add_separator(container, &text);
		hone_buf_addv(&text, item);
		hone_toml_splice(edit, last_end, last_end, hone_buf_view(&text));
	}
}

static bool is_entry_form(const struct hone_toml_node *node)
{
	return node->form == HONE_TOML_FORM_VALUE || node->form == HONE_TOML_FORM_DOTTED;
}

const struct hone_toml_node *hone_toml_last_entry(const struct hone_toml_node *table)
{
	const struct hone_toml_node *last = NULL;

	for (size_t i = 0; i < hone_toml_count(table); i++) {
		const struct hone_toml_node *entry = hone_toml_at(table, i);

		if (!is_entry_form(entry))
			continue;
		if (entry->form == HONE_TOML_FORM_DOTTED)
			entry = hone_toml_last_entry(entry);
		if (entry && (!last || entry->expr_at > last->expr_at))
			last = entry;
	}
	return last;
}

/* All entries of an inline table, those below node marked. */
static void gather(const struct hone_toml_node *table, const struct hone_toml_node *node, bool drop,
	item_vec *items)
{
	for (size_t i = 0; i < hone_toml_count(table); i++) {
		const struct hone_toml_node *entry = hone_toml_at(table, i);

		if (entry->form == HONE_TOML_FORM_DOTTED)
			gather(entry, node, drop || entry == node, items);
		else
			hone_vec_push(items, (struct item){.at = entry->expr_at,
						     .end = entry->end,
						     .drop = drop || entry == node});
	}
}

static int by_place(const void *a, const void *b)
{
	const struct item *x = a;
	const struct item *y = b;

	return (x->at > y->at) - (x->at < y->at);
}

/* Item i and its comma have their lines to themselves but for a comment. Then *ret_from and *ret_to
 * are these lines with the comments directly above. */
static bool own_lines(struct hone_toml *doc, const item_vec *items, size_t i, uint32_t *ret_from,
	uint32_t *ret_to)
{
	const struct item *item = &items->v[i];
	uint32_t comma_end = behind_comma(doc, item->end);
	uint32_t at = comma_end ? comma_end : item->end;
	uint32_t from = hone_toml_line_begin(doc, item->at);

	if (!stands_first(doc, item->at) || has_newline(doc, item->end, at))
		return false;
	if (!ends_line(doc, at))
		return false;
	/* The line above is a comment's, or of an item or the opening brace. */
	while (from > doc->start) {
		uint32_t above = hone_toml_line_begin(doc, from - 1);

		if (doc->text[above + hone_toml_indent(doc, from - 1).n] != '#' ||
			(i > 0 && above < items->v[i - 1].end))
			break;
		from = above;
	}
	*ret_from = from;
	*ret_to = hone_toml_next_line(doc, at);
	return true;
}

/* Drops item i: its lines, or when it shares them with others only itself and its comma. */
static void drop_item(struct hone_toml_edit *edit, const item_vec *items, size_t i)
{
	const struct item *item = &items->v[i];
	uint32_t comma_end = behind_comma(edit->doc, item->end);
	uint32_t from = item->at;
	uint32_t to = comma_end ? comma_end : item->end;

	if (!own_lines(edit->doc, items, i, &from, &to) && i + 1 < items->n &&
		!has_newline(edit->doc, item->end, items->v[i + 1].at))
		to = items->v[i + 1].at;
	hone_toml_splice(edit, from, to, HONE_VIEW(""));
}

/* A line ends in [from, to) outside of the items from number i on, which all lie there. */
static bool has_newline_around(
	const struct hone_toml *doc, const item_vec *items, size_t i, uint32_t from, uint32_t to)
{
	for (; i < items->n; i++) {
		if (has_newline(doc, from, items->v[i].at))
			return true;
		from = items->v[i].end;
	}
	return has_newline(doc, from, to);
}

/* Drops all items from number i on; the one before it is kept and becomes the last. */
static void drop_tail(struct hone_toml_edit *edit, const item_vec *items, size_t i)
{
	uint32_t kept_end = items->v[i - 1].end;
	uint32_t end = items->v[items->n - 1].end;

	if (!has_newline_around(edit->doc, items, i, kept_end, end)) {
		hone_toml_splice(edit, kept_end, end, HONE_VIEW(""));
		return;
	}
	/* Without a comma after the last item there shall be none afterwards. */
	if (!behind_comma(edit->doc, end)) {
		uint32_t comma_end = behind_comma(edit->doc, kept_end);

		hone_toml_splice(edit, comma_end - 1, comma_end, HONE_VIEW(""));
	}
	for (; i < items->n; i++)
		drop_item(edit, items, i);
}

void hone_toml_drop_items(struct hone_toml_edit *edit, const struct hone_toml_node *node)
{
	const struct hone_toml_node *table = node->parent;
	struct hone_toml *doc = edit->doc;
	item_vec items = {0};
	size_t n_kept; /* items up to the last that is kept */

	while (table->form != HONE_TOML_FORM_VALUE)
		table = table->parent;
	gather(table, node, false, &items);
	qsort(items.v, items.n, sizeof(*items.v), by_place);
	for (n_kept = items.n; n_kept > 0 && items.v[n_kept - 1].drop;)
		n_kept--;
	if (n_kept == 0 && !has_newline_around(doc, &items, 0, table->at, table->end)) {
		hone_toml_splice(edit, table->at + 1, table->end - 1, HONE_VIEW(""));
		hone_vec_release(&items);
		return;
	}
	for (size_t i = 0; i < (n_kept ? n_kept : items.n); i++)
		if (items.v[i].drop)
			drop_item(edit, &items, i);
	if (n_kept > 0 && n_kept < items.n)
		drop_tail(edit, &items, n_kept);
	hone_vec_release(&items);
}
