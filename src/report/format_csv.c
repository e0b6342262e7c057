/* Tables for spreadsheets and programs. */
#include "documents.h"
#include "text.h"

#include <string.h>

/* Would a spreadsheet run the text? Behind a sign it needs a function or another program for that: numbers and plain
 * words are kept. */
static bool is_formula(const char *text)
{
	return *text == '=' || *text == '@' ||
	       ((*text == '+' || *text == '-') && strpbrk(text, "(|!="));
}

/* RFC 4180, and a leading quote for a formula. Control characters are made visible, line ends, too: a file of this kind is
 * looked at in a terminal, and read line by line by who knows no quotes. */
static void put_csv(struct hone_buf *to, const char *raw)
{
	hone_auto_buf struct hone_buf safe = HONE_BUF_INIT;
	bool formula = is_formula(raw);
	const char *text;

	hone_text_safe(&safe, hone_view_of(raw), false);
	text = hone_buf_str(&safe);
	if (!formula && !strpbrk(text, ",\"")) {
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

static void csv_table(struct hone_report *r, const struct hone_table *t)
{
	struct hone_buf *to = r->to;

	for (size_t line = 0; line <= hone_table_rows(t); line++) {
		for (size_t c = 0; c < t->n_columns; c++) {
			const struct hone_cell *cell = line ? hone_table_at(t, line - 1, c) : NULL;

			if (c)
				hone_buf_addc(to, ',');
			put_csv(to, !cell       ? t->columns[c].header
				    : cell->raw ? cell->raw
						: cell->text);
		}
		hone_buf_adds(to, "\r\n");
	}
}

const struct hone_report_format hone_format_csv = {
	.name = "csv",
	.documents = {[HONE_DOC_RUN] = hone_run_sheet,
		[HONE_DOC_RUNS] = hone_runs_sheet,
		[HONE_DOC_TUNE] = hone_tune_sheet,
		[HONE_DOC_PAIR] = hone_pair_sheet,
		[HONE_DOC_SETTINGS] = hone_settings_csv,
		[HONE_DOC_STATUS] = hone_status_csv,
		[HONE_DOC_BYTES] = hone_bytes_sheet,
		[HONE_DOC_DIFF] = hone_diff_sheet,
		[HONE_DOC_MEMORY] = hone_memory_sheet,
		[HONE_DOC_TOOLS] = hone_tools_sheet},
	.table = csv_table,
	.exact = true,
};
