/* Where the bytes of a file are, and what a change did, as tables. */
#include "bytes_report.h"

#include "num.h"
#include "text.h"

#include <string.h>

/* Longest name in text and markdown, in columns, unless --full. */
#define NAME_COLUMNS 100

/* The name as it is printed: a long one loses its middle, in scratch. */
static const char *shown_name(
	const struct hone_result_bytes *v, const char *name, struct hone_buf *scratch)
{
	struct hone_view all = hone_view_of(name);
	size_t from = 0, to, n;

	if (v->whole_names || all.n <= NAME_COLUMNS)
		return name;
	/* Two thirds from the start, one from the end, never a part of a character. */
	while (from < NAME_COLUMNS * 2 / 3 && (n = hone_utf8_len(hone_view_sub(all, from, all.n))))
		from += n;
	to = all.n - NAME_COLUMNS / 3;
	while (to < all.n && !hone_utf8_len(hone_view_sub(all, to, all.n)))
		to++;
	hone_buf_reset(scratch);
	hone_buf_addf(scratch, "%.*s...%s", (int)from, name, name + to);
	return hone_buf_str(scratch);
}

bool hone_bytes_matches(const struct hone_result_bytes *v, const char *name)
{
	return !v->filter || strstr(name, v->filter);
}

struct hone_size_table hone_bytes_shorten(
	const struct hone_result_bytes *v, struct hone_size_row *ret_rest, size_t *ret_n_rest)
{
	const struct hone_size_table *t = v->table;
	struct hone_size_table shown = {.size = t->size, .by = t->by};

	*ret_rest = (struct hone_size_row){0};
	*ret_n_rest = 0;
	shown.rows = hone_xcalloc(t->n + 1, sizeof(*shown.rows));
	for (size_t i = 0; i < t->n; i++) {
		if (shown.n < v->rows && hone_bytes_matches(v, t->rows[i].name)) {
			shown.rows[shown.n++] = t->rows[i];
			continue;
		}
		ret_rest->size += t->rows[i].size;
		ret_rest->code += t->rows[i].code;
		ret_rest->items += t->rows[i].items;
		(*ret_n_rest)++;
	}
	return shown;
}

static void number_cell(struct hone_table *t, uint64_t n, bool zero_is_empty)
{
	char text[HONE_NUM_TEXT];

	if (n == 0 && zero_is_empty) {
		hone_table_cell(t, NULL);
		return;
	}
	hone_table_cell(t, hone_text_count(text, n));
	hone_table_raw(t, "%llu", (unsigned long long)n);
}

/* Names are last in a row, since some have thousands of characters. */
static void name_cells(struct hone_table *t, const char *kind, const char *name)
{
	hone_table_cell(t, kind);
	hone_table_cell(t, name);
}

static void size_row(struct hone_table *t, const struct hone_size_row *r, uint64_t whole,
	const char *name, const char *kind)
{
	char share[HONE_NUM_TEXT];

	number_cell(t, r->size, false);
	hone_table_cell(t, hone_text_share(share, r->size, whole));
	hone_table_raw(t, "%.6f", whole ? (double)r->size / (double)whole : 0.0);
	number_cell(t, r->code, true);
	number_cell(t, r->items, true);
	number_cell(t, r->unwind, true);
	number_cell(t, r->relocs, true);
	number_cell(t, r->symbols, true);
	number_cell(t, r->debug, true);
	name_cells(t, kind, name);
}

/* What is downloaded of it. */
static void note_packed(struct hone_table *t, const struct hone_result_file *f)
{
	char gzip[HONE_NUM_TEXT], zstd[HONE_NUM_TEXT], brotli[HONE_NUM_TEXT];

	if (!f->gzip)
		return;
	hone_table_note(t, "packed: gzip %s, zstd %s%s%s bytes", hone_text_count(gzip, f->gzip),
		hone_text_count(zstd, f->zstd), f->brotli ? ", brotli " : "",
		f->brotli ? hone_text_count(brotli, f->brotli) : "");
}

static void add_notes(struct hone_table *t, const struct hone_result_bytes *v)
{
	note_packed(t, &v->files[0]);
	if (v->by == HONE_SIZE_BY_CRATE || v->by == HONE_SIZE_BY_INSTANCE)
		hone_table_note(t,
			"+unwind, +relocs, +symbols, +debug: bytes of the rows in brackets "
			"that are there because of this one");
	if (v->by != HONE_SIZE_BY_SECTION && !v->files[0].has_symbols)
		hone_table_note(t, "the file has no symbol table, so functions and crates "
				   "are unknown; "
				   "--twin FILE takes names from an unstripped file of the "
				   "same build");
}

void hone_bytes_cell(struct hone_table *t, uint64_t n)
{
	number_cell(t, n, false);
}

static void advice_sheet(struct hone_report *r, const struct hone_result_bytes *v)
{
	const struct hone_advice_list *l = v->advice;
	struct hone_table *t = hone_table_new("What could go");

	hone_table_column(t, "bytes", HONE_RIGHT);
	hone_table_column(t, "", HONE_LEFT);
	hone_table_column(t, "what", HONE_LEFT);
	hone_table_column(t, "detail", HONE_LEFT);
	hone_table_column(t, "try", HONE_LEFT);
	for (size_t i = 0; i < l->n; i++) {
		hone_bytes_cell(t, l->v[i].bytes);
		hone_table_cell(t, l->v[i].upper_bound ? "at most" : NULL);
		hone_table_cell(t, l->v[i].name);
		hone_table_cell(t, l->v[i].detail);
		hone_table_cell(t, v->remedies[i]);
	}
	hone_table_note(t, "counted in the file or computed from it; `cargo hone try` measures "
			   "what is left of "
			   "\"at most\"");
	hone_report_table(r, t);
}

void hone_bytes_sheet(struct hone_report *r, const void *document)
{
	static const char *const headers[] = {
		"size", "share", "code", "items", "+unwind", "+relocs", "+symbols", "+debug"};
	const struct hone_result_bytes *v = document;
	uint64_t whole = v->table->size;
	struct hone_size_row rest, total = {.size = whole};
	size_t n_rest;
	struct hone_size_table shown = hone_bytes_shorten(v, &rest, &n_rest);
	hone_auto_free char *title =
		hone_xasprintf("%s by %s", v->files[0].path, hone_size_by_name(v->by));
	hone_auto_buf struct hone_buf scratch = HONE_BUF_INIT;
	struct hone_table *t = hone_table_new(title);

	t->no_raw = !r->format->exact;
	for (size_t i = 0; i < HONE_COUNT(headers); i++)
		hone_table_column(t, headers[i], HONE_RIGHT);
	hone_table_column(t, "kind", HONE_LEFT);
	hone_table_column(t, hone_size_by_name(v->by), HONE_LEFT);
	for (size_t i = 0; i < shown.n; i++)
		size_row(t, &shown.rows[i], whole, shown_name(v, shown.rows[i].name, &scratch),
			hone_size_kind_name(shown.rows[i].kind));
	if (n_rest > 0) {
		hone_auto_free char *name = hone_xasprintf("[%zu other rows]", n_rest);

		size_row(t, &rest, whole, name, NULL);
	}
	if (!r->format->exact)
		size_row(t, &total, whole, "file", NULL);
	add_notes(t, v);
	hone_report_add_table(r, t);
	free(shown.rows);
	if (v->advice)
		advice_sheet(r, v);
}

struct hone_size_diff_row hone_bytes_diff_rest(const struct hone_result_bytes *v, size_t *ret_n)
{
	const struct hone_size_diff *d = v->diff;
	struct hone_size_diff_row rest = {0};
	size_t shown = 0;

	*ret_n = 0;
	for (size_t i = 0; i < d->n; i++) {
		if (hone_bytes_matches(v, d->rows[i].name) && shown++ < v->rows)
			continue;
		rest.old_size += d->rows[i].old_size;
		rest.new_size += d->rows[i].new_size;
		rest.delta += d->rows[i].delta;
		(*ret_n)++;
	}
	return rest;
}

/* "gzip 1,000 to 900 (-100)" of what both sides have. */
static void add_packed_change(struct hone_buf *b, const char *by, uint64_t old, uint64_t new)
{
	char from[HONE_NUM_TEXT], to[HONE_NUM_TEXT], change[HONE_NUM_TEXT];

	if (!old || !new)
		return;
	hone_buf_addf(b, "%s%s %s to %s (%s)", b->n ? ", " : "", by, hone_text_count(from, old),
		hone_text_count(to, new), hone_text_delta(change, (int64_t)(new - old)));
}

static void note_packed_change(struct hone_table *t, const struct hone_result_file *old,
	const struct hone_result_file *new)
{
	hone_auto_buf struct hone_buf b = HONE_BUF_INIT;

	add_packed_change(&b, "gzip", old->gzip, new->gzip);
	add_packed_change(&b, "zstd", old->zstd, new->zstd);
	add_packed_change(&b, "brotli", old->brotli, new->brotli);
	if (b.n)
		hone_table_note(t, "packed: %s bytes", hone_buf_str(&b));
}

static void diff_row(struct hone_table *t, const struct hone_size_diff_row *r, const char *name,
	const char *kind)
{
	char text[HONE_NUM_TEXT];
	const char *what = r->old_size == 0   ? "new"
			   : r->new_size == 0 ? "gone"
			   : r->delta > 0     ? "grew"
					      : "shrank";

	number_cell(t, r->old_size, kind != NULL);
	number_cell(t, r->new_size, kind != NULL);
	hone_table_cell(t, hone_text_delta(text, r->delta));
	hone_table_raw(t, "%lld", (long long)r->delta);
	hone_table_style(t, r->delta < 0 ? HONE_GOOD : r->delta > 0 ? HONE_BAD : HONE_PLAIN);
	hone_table_cell(t, kind ? what : NULL);
	name_cells(t, kind, name);
}

void hone_diff_sheet(struct hone_report *r, const void *document)
{
	const struct hone_result_bytes *v = document;
	const struct hone_size_diff *d = v->diff;
	size_t n_rest, shown = 0;
	struct hone_size_diff_row rest = hone_bytes_diff_rest(v, &n_rest);
	struct hone_size_diff_row total = {
		.old_size = d->old_size, .new_size = d->new_size, .delta = d->delta};
	hone_auto_free char *title = hone_xasprintf("from %s to %s by %s", v->files[0].name,
		v->files[1].name, hone_size_by_name(v->by));
	struct hone_table *t = hone_table_new(title);

	hone_table_column(t, "old", HONE_RIGHT);
	hone_table_column(t, "new", HONE_RIGHT);
	hone_table_column(t, "change", HONE_RIGHT);
	hone_table_column(t, "what", HONE_LEFT);
	hone_table_column(t, "kind", HONE_LEFT);
	hone_table_column(t, hone_size_by_name(v->by), HONE_LEFT);
	for (size_t i = 0; i < d->n; i++)
		if (hone_bytes_matches(v, d->rows[i].name) && shown++ < v->rows)
			diff_row(t, &d->rows[i], d->rows[i].name,
				hone_size_kind_name(d->rows[i].kind));
	if (n_rest > 0) {
		hone_auto_free char *name = hone_xasprintf("[%zu other rows]", n_rest);

		diff_row(t, &rest, name, NULL);
	}
	if (!r->format->exact)
		diff_row(t, &total, "file", NULL);
	note_packed_change(t, &v->files[0], &v->files[1]);
	hone_report_add_table(r, t);
}
