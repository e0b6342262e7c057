#include "table.h"

#include <string.h>

struct hone_table *hone_table_new(const char *title)
{
	struct hone_table *t = HONE_NEW(struct hone_table);

	t->title = title ? hone_xstrdup(title) : NULL;
	return t;
}

void hone_table_free(struct hone_table *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->n_columns; i++)
		free(t->columns[i].header);
	for (size_t i = 0; i < t->notes.n; i++)
		free(t->notes.v[i]);
	free(t->columns);
	hone_vec_release(&t->cells);
	hone_arena_release(&t->texts);
	hone_buf_release(&t->scratch);
	hone_vec_release(&t->notes);
	free(t->title);
	free(t);
}

void hone_table_column(struct hone_table *t, const char *header, enum hone_align align)
{
	if (t->cells.n)
		hone_bug("table column after the first cell");
	t->columns =
		hone_xrealloc(t->columns, hone_size_mul(t->n_columns + 1, sizeof(*t->columns)));
	t->columns[t->n_columns++] =
		(struct hone_table_column){.header = hone_xstrdup(header), .align = align};
}

void hone_table_cell(struct hone_table *t, const char *text)
{
	struct hone_cell cell = {.text = "", .n = text ? strlen(text) : 0};
	unsigned odd = 0;

	for (size_t i = 0; i < cell.n; i++)
		odd |= (unsigned char)(text[i] - 0x20) > 0x7e - 0x20;
	cell.plain = !odd;
	if (cell.n)
		cell.text = hone_arena_dup(&t->texts, (struct hone_view){text, cell.n});
	hone_vec_push(&t->cells, cell);
}

void hone_table_cellf(struct hone_table *t, const char *fmt, ...)
{
	va_list ap;

	hone_buf_reset(&t->scratch);
	va_start(ap, fmt);
	hone_buf_vaddf(&t->scratch, fmt, ap);
	va_end(ap);
	hone_table_cell(t, hone_buf_str(&t->scratch));
}

void hone_table_style(struct hone_table *t, enum hone_style style)
{
	t->cells.v[t->cells.n - 1].style = style;
}

void hone_table_raw(struct hone_table *t, const char *fmt, ...)
{
	va_list ap;

	if (t->no_raw)
		return;
	hone_buf_reset(&t->scratch);
	va_start(ap, fmt);
	hone_buf_vaddf(&t->scratch, fmt, ap);
	va_end(ap);
	t->cells.v[t->cells.n - 1].raw = hone_arena_dup(&t->texts, hone_buf_view(&t->scratch));
}

void hone_table_note(struct hone_table *t, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	hone_vec_push(&t->notes, hone_xvasprintf(fmt, ap));
	va_end(ap);
}

size_t hone_table_rows(const struct hone_table *t)
{
	return t->n_columns ? t->cells.n / t->n_columns : 0;
}

const struct hone_cell *hone_table_at(const struct hone_table *t, size_t row, size_t column)
{
	return &t->cells.v[row * t->n_columns + column];
}

bool hone_table_column_is_empty(const struct hone_table *t, size_t column)
{
	for (size_t row = 0; row < hone_table_rows(t); row++)
		if (hone_table_at(t, row, column)->n)
			return false;
	return true;
}

void hone_table_check(const struct hone_table *t)
{
	if (t->n_columns && t->cells.n % t->n_columns)
		hone_bug("table with an unfinished row");
}
