/* Markdown, made to be pasted into a pull request. */
#include "check_report.h"
#include "documents.h"
#include "text.h"

#include <string.h>

/* What further lines of a text begin with: they stay in the item of a list. */
#define INDENT "  "

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

/* Appends text as prose of Markdown: what stands between backticks is kept as code, markup besides is escaped. Further
 * lines begin with indent. */
static void markdown_prose(struct hone_buf *to, const char *text, const char *indent)
{
	hone_auto_buf struct hone_buf safe = HONE_BUF_INIT;

	hone_text_safe_lines(&safe, hone_view_of(text), indent);
	for (const char *p = hone_buf_str(&safe); *p; p++) {
		const char *end = *p == '`' ? strchr(p + 1, '`') : NULL;

		if (end && !memchr(p, '\n', (size_t)(end - p))) {
			hone_buf_add(to, p, (size_t)(end + 1 - p));
			p = end;
			continue;
		}
		if (strchr("\\`*_<>[]|", *p))
			hone_buf_addc(to, '\\');
		hone_buf_addc(to, *p);
	}
}

void hone_markdown_code(struct hone_buf *to, const char *text)
{
	size_t from = to->n + 1;

	hone_buf_addc(to, '`');
	hone_text_safe(to, hone_view_of(text), false);
	for (size_t i = from; i < to->n; i++)
		if (to->p[i] == '`')
			to->p[i] = '\'';
	hone_buf_addc(to, '`');
}

static void markdown_table(struct hone_report *r, const struct hone_table *t)
{
	struct hone_buf *to = r->to;
	hone_auto_free bool *empty = hone_xcalloc(t->n_columns + 1, sizeof(*empty));

	for (size_t c = 0; c < t->n_columns; c++)
		empty[c] = hone_table_column_is_empty(t, c);
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
				hone_markdown(to, line ? hone_table_at(t, line - 2, c)->text
						       : t->columns[c].header);
			hone_buf_addc(to, ' ');
		}
		hone_buf_adds(to, "|\n");
	}
	if (t->notes.n)
		hone_buf_addc(to, '\n');
	for (size_t i = 0; i < t->notes.n; i++) {
		markdown_prose(to, t->notes.v[i], INDENT);
		hone_buf_adds(to, "  \n");
	}
}

static void markdown_line(struct hone_report *r, const char *head, const char *text)
{
	hone_buf_adds(r->to, "- **");
	hone_markdown(r->to, head);
	hone_buf_adds(r->to, "**: ");
	markdown_prose(r->to, text, INDENT);
	hone_buf_addc(r->to, '\n');
}

const struct hone_report_format hone_format_markdown = {
	.name = "markdown",
	.documents = {[HONE_DOC_CHECK] = hone_check_markdown,
		[HONE_DOC_RUN] = hone_run_sheet,
		[HONE_DOC_RUNS] = hone_runs_sheet,
		[HONE_DOC_TUNE] = hone_tune_sheet,
		[HONE_DOC_PAIR] = hone_pair_sheet,
		[HONE_DOC_SETTINGS] = hone_settings_markdown,
		[HONE_DOC_STATUS] = hone_status_markdown,
		[HONE_DOC_EXPLAIN] = hone_explain_markdown,
		[HONE_DOC_BYTES] = hone_bytes_sheet,
		[HONE_DOC_DIFF] = hone_diff_sheet,
		[HONE_DOC_MEMORY] = hone_memory_sheet,
		[HONE_DOC_TOOLS] = hone_tools_sheet},
	.table = markdown_table,
	.line = markdown_line,
	.prose = markdown_prose,
	.code = hone_markdown_code,
};
