#include "table.h"

#include "line.h"
#include "text.h"

#include <string.h>

bool hone_format_parse(const char *name, enum hone_format *ret_format)
{
	static const char *const names[] = {"text", "markdown", "json", "csv", "sarif"};

	for (size_t i = 0; i < HONE_COUNT(names); i++) {
		if (strcmp(name, names[i]) == 0) {
			*ret_format = (enum hone_format)i;
			return true;
		}
	}
	return false;
}

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

static const struct hone_cell *cell_at(const struct hone_table *t, size_t row, size_t column)
{
	return &t->cells.v[row * t->n_columns + column];
}

static bool column_is_empty(const struct hone_table *t, size_t column)
{
	for (size_t row = 0; row < hone_table_rows(t); row++)
		if (cell_at(t, row, column)->n)
			return false;
	return true;
}

/* Text that is fit for the terminal, and the columns that it takes there. */
struct shown {
	struct hone_view text;
	size_t width;
};

/* A text that needs escapes goes through scratch, and lives there until the next one. */
static struct shown show_text(struct hone_buf *scratch, struct hone_view text)
{
	struct shown s;

	hone_buf_reset(scratch);
	hone_text_safe(scratch, text, false);
	s.text = hone_buf_view(scratch);
	s.width = hone_text_width(s.text);
	return s;
}

static struct shown show_cell(struct hone_buf *scratch, const struct hone_cell *cell)
{
	struct hone_view text = {cell->text, cell->n};

	return cell->plain ? (struct shown){text, cell->n} : show_text(scratch, text);
}

static void put_padded(
	struct hone_buf *to, struct shown s, size_t width, enum hone_align align, bool last)
{
	size_t gap = width > s.width ? width - s.width : 0;

	if (align == HONE_RIGHT)
		hone_buf_pad(to, ' ', gap);
	hone_buf_addv(to, s.text);
	if (align == HONE_LEFT && !last)
		hone_buf_pad(to, ' ', gap);
}

/* Columns that each column needs; 0 for one without text. The caller frees. */
static size_t *measure(const struct hone_table *t, struct hone_buf *scratch)
{
	size_t *width = hone_xcalloc(t->n_columns + 1, sizeof(*width));

	for (size_t i = 0; t->n_columns && i < t->cells.n;)
		for (size_t c = 0; c < t->n_columns; c++, i++) {
			const struct hone_cell *cell = &t->cells.v[i];
			size_t w = cell->n ? show_cell(scratch, cell).width : 0;

			if (cell->n && w == 0)
				w = 1;
			if (w > width[c])
				width[c] = w;
		}
	for (size_t c = 0; c < t->n_columns; c++) {
		size_t w = hone_text_width(hone_view_of(t->columns[c].header));

		if (width[c] && w > width[c])
			width[c] = w;
	}
	return width;
}

static void print_text(const struct hone_table *t, const struct hone_out *o, struct hone_buf *to)
{
	hone_auto_buf struct hone_buf scratch = HONE_BUF_INIT;
	hone_auto_free size_t *width = measure(t, &scratch);
	size_t last = 0;

	for (size_t c = 0; c < t->n_columns; c++)
		if (width[c])
			last = c;
	if (t->title) {
		hone_buf_adds(to, o ? hone_out_style(o, HONE_BOLD) : "");
		hone_text_safe(to, hone_view_of(t->title), false);
		hone_buf_addf(to, "%s\n", o ? hone_out_style(o, HONE_PLAIN) : "");
	}
	for (size_t line = 0; line <= hone_table_rows(t); line++) {
		bool first = true;

		for (size_t c = 0; c < t->n_columns; c++) {
			const struct hone_cell *cell = line ? cell_at(t, line - 1, c) : NULL;
			enum hone_style style = cell ? cell->style : HONE_DIM;
			struct shown s;

			if (!width[c])
				continue;
			if (!first)
				hone_buf_adds(to, "  ");
			first = false;
			if (o && style != HONE_PLAIN)
				hone_buf_adds(to, hone_out_style(o, style));
			s = cell ? show_cell(&scratch, cell)
				 : show_text(&scratch, hone_view_of(t->columns[c].header));
			put_padded(to, s, width[c], t->columns[c].align, c == last);
			if (o && style != HONE_PLAIN)
				hone_buf_adds(to, hone_out_style(o, HONE_PLAIN));
		}
		hone_buf_addc(to, '\n');
	}
	for (size_t i = 0; i < t->notes.n; i++) {
		hone_text_safe(to, hone_view_of(t->notes.v[i]), true);
		hone_buf_addc(to, '\n');
	}
}

void hone_markdown(struct hone_buf *to, const char *text)
{
	hone_auto_buf struct hone_buf scratch = HONE_BUF_INIT;

	hone_text_safe(&scratch, hone_view_of(text), false);
	for (const char *p = hone_buf_str(&scratch); *p; p++) {
		if (strchr("|\\`*_<>[]", *p))
			hone_buf_addc(to, '\\');
		hone_buf_addc(to, *p);
	}
}

static void print_markdown(const struct hone_table *t, struct hone_buf *to)
{
	hone_auto_free bool *empty = hone_xcalloc(t->n_columns + 1, sizeof(*empty));

	for (size_t c = 0; c < t->n_columns; c++)
		empty[c] = column_is_empty(t, c);
	if (t->title) {
		hone_buf_adds(to, "### ");
		hone_markdown(to, t->title);
		hone_buf_adds(to, "\n\n");
	}
	for (size_t line = 0; line < hone_table_rows(t) + 2; line++) {
		for (size_t c = 0; c < t->n_columns; c++) {
			if (empty[c])
				continue;
			hone_buf_adds(to, "| ");
			if (line == 1)
				hone_buf_adds(
					to, t->columns[c].align == HONE_RIGHT ? "---:" : "---");
			else
				hone_markdown(to, line ? cell_at(t, line - 2, c)->text
						       : t->columns[c].header);
			hone_buf_addc(to, ' ');
		}
		hone_buf_adds(to, "|\n");
	}
	if (t->notes.n)
		hone_buf_addc(to, '\n');
	for (size_t i = 0; i < t->notes.n; i++) {
		hone_markdown_prose(to, t->notes.v[i]);
		hone_buf_adds(to, "  \n");
	}
}

/* RFC 4180, and a leading quote for text that a spreadsheet would run as a formula. Lines are kept, other control
 * characters are not: a file of this kind is looked at in a terminal, too. */
static void put_csv(struct hone_buf *to, const char *raw)
{
	hone_auto_buf struct hone_buf safe = HONE_BUF_INIT;
	bool formula = *raw && strchr("=@\t\r", *raw);
	const char *text;

	hone_text_safe(&safe, hone_view_of(raw), true);
	text = hone_buf_str(&safe);
	if (!formula && !strpbrk(text, ",\"\n\r")) {
		hone_buf_adds(to, text);
		return;
	}
	hone_buf_addc(to, '"');
	if (formula)
		hone_buf_addc(to, '\'');
	for (const char *p = text; *p; p++) {
		if (*p == '"')
			hone_buf_addc(to, '"');
		hone_buf_addc(to, *p);
	}
	hone_buf_addc(to, '"');
}

static void print_csv(const struct hone_table *t, struct hone_buf *to)
{
	for (size_t line = 0; line <= hone_table_rows(t); line++) {
		for (size_t c = 0; c < t->n_columns; c++) {
			const struct hone_cell *cell = line ? cell_at(t, line - 1, c) : NULL;

			if (c)
				hone_buf_addc(to, ',');
			put_csv(to, !cell       ? t->columns[c].header
				    : cell->raw ? cell->raw
						: cell->text);
		}
		hone_buf_adds(to, "\r\n");
	}
}

void hone_table_print(const struct hone_table *t, enum hone_format format, const struct hone_out *o,
	struct hone_buf *to)
{
	if (t->n_columns && t->cells.n % t->n_columns)
		hone_bug("table with an unfinished row");
	switch (format) {
	case HONE_FORMAT_TEXT:
		print_text(t, o, to);
		return;
	case HONE_FORMAT_MARKDOWN:
		print_markdown(t, to);
		return;
	case HONE_FORMAT_CSV:
		print_csv(t, to);
		return;
	case HONE_FORMAT_JSON:
	case HONE_FORMAT_SARIF:
		hone_bug("JSON and SARIF are written by the commands");
	}
}
