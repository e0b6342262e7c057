/* Text for a terminal. */
#include "check_report.h"
#include "documents.h"
#include "text.h"

/* What further lines of a text begin with. */
#define INDENT "    "

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

static void text_table(struct hone_report *r, const struct hone_table *t)
{
	const struct hone_out *o = r->out;
	struct hone_buf *to = r->to;
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
			const struct hone_cell *cell = line ? hone_table_at(t, line - 1, c) : NULL;
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
		hone_text_safe_lines(to, hone_view_of(t->notes.v[i]), INDENT);
		hone_buf_addc(to, '\n');
	}
}

static void text_line(struct hone_report *r, const char *head, const char *text)
{
	hone_buf_adds(r->to, r->out ? hone_out_style(r->out, HONE_BOLD) : "");
	hone_text_safe(r->to, hone_view_of(head), false);
	hone_buf_addf(r->to, "%s: ", r->out ? hone_out_style(r->out, HONE_PLAIN) : "");
	hone_text_safe_lines(r->to, hone_view_of(text), INDENT);
	hone_buf_addc(r->to, '\n');
}

static void text_prose(struct hone_buf *to, const char *text, const char *indent)
{
	hone_text_safe_lines(to, hone_view_of(text), indent);
}

static void text_code(struct hone_buf *to, const char *text)
{
	hone_buf_addc(to, '`');
	hone_text_safe(to, hone_view_of(text), false);
	hone_buf_addc(to, '`');
}

const struct hone_report_format hone_format_text = {
	.name = "text",
	.documents = {[HONE_DOC_CHECK] = hone_check_sheet,
		[HONE_DOC_RUN] = hone_run_sheet,
		[HONE_DOC_RUNS] = hone_runs_sheet,
		[HONE_DOC_TUNE] = hone_tune_sheet,
		[HONE_DOC_PAIR] = hone_pair_sheet,
		[HONE_DOC_SETTINGS] = hone_settings_text,
		[HONE_DOC_STATUS] = hone_status_text,
		[HONE_DOC_EXPLAIN] = hone_explain_text,
		[HONE_DOC_BYTES] = hone_bytes_sheet,
		[HONE_DOC_DIFF] = hone_diff_sheet,
		[HONE_DOC_MEMORY] = hone_memory_sheet,
		[HONE_DOC_TOOLS] = hone_tools_text},
	.table = text_table,
	.line = text_line,
	.prose = text_prose,
	.code = text_code,
};
