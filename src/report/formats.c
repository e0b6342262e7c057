#include "format.h"

#include <string.h>

/* A new format is a row here and a file of its own. */
const struct hone_report_format *const hone_report_formats[] = {
	&hone_format_text,
	&hone_format_markdown,
	&hone_format_json,
	&hone_format_csv,
	&hone_format_sarif,
	&hone_format_gitlab,
	&hone_format_junit,
	NULL,
};

const struct hone_report_format *hone_report_format_find(const char *name)
{
	for (size_t i = 0; hone_report_formats[i]; i++)
		if (strcmp(hone_report_formats[i]->name, name) == 0)
			return hone_report_formats[i];
	return NULL;
}

static bool has(const struct hone_report_format *f, enum hone_document d)
{
	return d == HONE_DOCUMENTS || f->documents[d];
}

char *hone_report_formats_of(enum hone_document d, const char *before_last)
{
	struct hone_buf b = HONE_BUF_INIT;
	size_t n = 0, at = 0;

	for (size_t i = 0; hone_report_formats[i]; i++)
		n += has(hone_report_formats[i], d);
	for (size_t i = 0; hone_report_formats[i]; i++) {
		if (!has(hone_report_formats[i], d))
			continue;
		hone_buf_addf(&b, "%s%s",
			at == 0       ? ""
			: at + 1 == n ? before_last
				      : ", ",
			hone_report_formats[i]->name);
		at++;
	}
	return hone_buf_detach(&b);
}

int hone_report_write(
	struct hone_report *r, enum hone_document d, const void *document, struct hone_err *err)
{
	hone_auto_free char *others = NULL;

	if (has(r->format, d)) {
		r->format->documents[d](r, document);
		return 0;
	}
	others = hone_report_formats_of(d, " and ");
	return hone_err_set(err, HONE_E_USAGE, "there is no format %s of this: it has %s",
		r->format->name, others);
}

void hone_report_add_table(struct hone_report *r, struct hone_table *t)
{
	hone_table_check(t);
	r->format->table(r, t);
	hone_table_free(t);
}

void hone_report_table(struct hone_report *r, struct hone_table *t)
{
	if (r->to->n)
		hone_buf_addc(r->to, '\n');
	hone_report_add_table(r, t);
}

void hone_report_line(struct hone_report *r, const char *head, const char *text)
{
	if (r->format->line && text && *text)
		r->format->line(r, head, text);
}

void hone_report_gap(struct hone_report *r)
{
	if (r->format->line)
		hone_buf_addc(r->to, '\n');
}

void hone_report_tree(struct hone_report *r, struct hone_jsonw *w)
{
	hone_jsonw_init(w, r->to, true);
	w->form = r->format->form;
	hone_jsonw_object(w);
	hone_jsonw_ki64(w, "schema", 1);
}
