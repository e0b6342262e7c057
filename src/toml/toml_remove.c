#include "toml_edit_impl.h"

#include <string.h>

/* Whole lines that go. */
struct range {
	uint32_t at, end;
	bool is_section;
};
typedef HONE_VEC(struct range) range_vec;

/* The lines of all entries that dotted keys put below table. */
static void gather_entries(
	const struct hone_toml *doc, const struct hone_toml_node *node, range_vec *ranges)
{
	if (node->form == HONE_TOML_FORM_VALUE) {
		hone_vec_push(
			ranges, (struct range){.at = hone_toml_attached_from(doc, node->expr_at),
					.end = hone_toml_next_line(doc, node->end)});
		return;
	}
	if (node->form != HONE_TOML_FORM_DOTTED)
		return;
	for (size_t i = 0; i < hone_toml_count(node); i++)
		gather_entries(doc, hone_toml_at(node, i), ranges);
}

/* The sections of node itself and of all tables below it. */
static void gather_sections(
	const struct hone_toml *doc, const struct hone_toml_node *node, range_vec *ranges)
{
	for (size_t i = 1; i < doc->sections.n; i++) {
		const struct hone_toml_node *table = doc->sections.v[i].table;

		while (table && table != node)
			table = table->parent;
		if (table)
			hone_vec_push(ranges, (struct range){.at = hone_toml_attached_from(
								     doc, doc->sections.v[i].at),
						      .end = hone_toml_content_end(doc, i),
						      .is_section = true});
	}
}

static int by_place(const void *a, const void *b)
{
	const struct range *x = a;
	const struct range *y = b;

	return (x->at > y->at) - (x->at < y->at);
}

/* Sorts, and makes one of neighbours of one kind. */
static void merge(range_vec *ranges)
{
	size_t n = 0;

	if (ranges->n)
		qsort(ranges->v, ranges->n, sizeof(*ranges->v), by_place);
	for (size_t i = 0; i < ranges->n; i++) {
		struct range *last = n ? &ranges->v[n - 1] : NULL;

		if (last && last->end == ranges->v[i].at &&
			last->is_section == ranges->v[i].is_section)
			last->end = ranges->v[i].end;
		else
			ranges->v[n++] = ranges->v[i];
	}
	ranges->n = n;
}

/* Takes blank lines along that would be left over: those above a section; one side's of a key that
 * stood alone between blank lines; those below what stood at the top. Nothing is left of the text
 * above offset top. */
static void widen(const struct hone_toml *doc, struct range *range, uint32_t top)
{
	uint32_t above = hone_toml_blanks_from(doc, range->at);
	bool blank_above, blank_below;

	if (above < top)
		above = top;
	blank_above = above < range->at || above == top;
	blank_below = range->end == doc->n || hone_toml_is_blank_line(doc, range->end);
	if (range->is_section || (blank_above && blank_below))
		range->at = above;
	if (range->at == top)
		while (range->end < doc->n && hone_toml_is_blank_line(doc, range->end))
			range->end = hone_toml_next_line(doc, range->end);
	/* A text without a line ending at its end shall not get one by losing its last line. */
	if (range->end == doc->n && range->at > top && doc->text[doc->n - 1] != '\n' &&
		doc->text[range->at - 1] == '\n') {
		range->at--;
		if (range->at > top && doc->text[range->at - 1] == '\r')
			range->at--;
	}
}

int hone_toml_remove(struct hone_toml *doc, const char *const *path, size_t n, struct hone_err *err)
{
	hone_auto_toml_edit struct hone_toml_edit edit = {.doc = doc, .path = path, .n_path = n};
	const struct hone_toml_node *node = hone_toml_get_path(doc, path, n);
	hone_auto_buf struct hone_buf name = HONE_BUF_INIT;
	range_vec ranges = {0};
	uint32_t top = doc->start;
	uint32_t done = top;

	if (n == 0)
		hone_bug("an empty key path");
	if (!node) {
		hone_toml_quote_path(&name, path, n);
		return hone_err_set(err, HONE_E_NOT_FOUND, "%s has no key `%s`", doc->name,
			hone_buf_str(&name));
	}
	if (hone_toml_is_inline(node->parent)) {
		hone_toml_drop_items(&edit, node);
		return hone_toml_commit(&edit, HONE_TOML_WISH_REMOVE, NULL, err);
	}
	gather_entries(doc, node, &ranges);
	if (node->form != HONE_TOML_FORM_VALUE)
		gather_sections(doc, node, &ranges);
	merge(&ranges);
	for (size_t i = 0; i < ranges.n; i++) {
		struct range *range = &ranges.v[i];

		widen(doc, range, top);
		if (range->at < done)
			range->at = done;
		if (range->at == top)
			top = range->end;
		hone_toml_splice(&edit, range->at, range->end, HONE_VIEW(""));
		done = range->end;
	}
	hone_vec_release(&ranges);
	return hone_toml_commit(&edit, HONE_TOML_WISH_REMOVE, NULL, err);
}
