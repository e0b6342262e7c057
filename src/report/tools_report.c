/* What of the tools is here. */
#include "documents.h"
#include "text.h"

#include <string.h>

void hone_tools_tree(struct hone_report *r, const void *document)
{
	const struct hone_self_check *s = document;
	struct hone_jsonw w;

	hone_report_tree(r, &w);
	hone_jsonw_kstr(&w, "hone", HONE_VERSION);
	hone_jsonw_kstr(&w, "package_manager", hone_manager_name(s->manager));
	hone_jsonw_kbool(&w, "rustup", s->has_rustup);
	hone_jsonw_karray(&w, "tools");
	for (size_t i = 0; i < s->n; i++) {
		const struct hone_found_tool *f = &s->v[i];

		hone_jsonw_object(&w);
		hone_jsonw_kstr(&w, "name", f->tool->name);
		hone_jsonw_kbool(&w, "needed", f->tool->needed);
		hone_jsonw_kbool(&w, "here", f->here);
		hone_jsonw_kstr(&w, "version", f->version);
		hone_jsonw_kstr(&w, "where", f->where);
		hone_jsonw_kstr(&w, "note", f->note);
		hone_jsonw_kstr(&w, "brings", f->tool->brings);
		hone_jsonw_kstr(&w, "install", f->install);
		hone_jsonw_end(&w);
	}
	hone_jsonw_end(&w);
	hone_jsonw_end(&w);
	hone_buf_addc(r->to, '\n');
}

static void add_row(struct hone_table *t, const struct hone_found_tool *f, bool all)
{
	hone_table_cell(t, f->tool->name);
	if (f->here)
		hone_table_cell(t, f->version ? f->version : "yes");
	else
		hone_table_cell(t, f->tool->needed ? "MISSING" : "no");
	hone_table_style(t, f->here ? HONE_GOOD : f->tool->needed ? HONE_BAD : HONE_DIM);
	hone_table_cell(t, f->tool->brings);
	if (!all)
		return;
	hone_table_cell(t, f->where ? f->where : "");
	hone_table_cell(t, f->note ? f->note : "");
	hone_table_cell(t, f->install ? f->install : "");
}

static void add_table(struct hone_report *r, const struct hone_self_check *s, bool all)
{
	struct hone_table *t = hone_table_new(NULL);

	hone_table_column(t, "tool", HONE_LEFT);
	hone_table_column(t, "here", HONE_LEFT);
	hone_table_column(t, "what it brings", HONE_LEFT);
	if (all) {
		hone_table_column(t, "where", HONE_LEFT);
		hone_table_column(t, "note", HONE_LEFT);
		hone_table_column(t, "how to get it", HONE_LEFT);
	}
	for (size_t i = 0; i < s->n; i++)
		add_row(t, &s->v[i], all);
	hone_report_add_table(r, t);
}

/* Below the table for people: what is the matter, and one command a line. */
static void add_rest(struct hone_report *r, const struct hone_self_check *s)
{
	struct hone_buf *to = r->to;
	bool any = false;

	for (size_t i = 0; i < s->n; i++) {
		if (!s->v[i].note)
			continue;
		hone_buf_addf(to, "%s%s: ", i == 0 || any ? "" : "\n", s->v[i].tool->name);
		r->format->prose(to, s->v[i].note, "    ");
		hone_buf_addc(to, '\n');
		any = true;
	}
	any = false;
	for (size_t i = 0; i < s->n; i++) {
		const struct hone_found_tool *f = &s->v[i];

		if (!f->install)
			continue;
		if (!any)
			hone_buf_adds(to, "\nto have what is missing:\n");
		any = true;
		hone_buf_addf(to, "  %s", f->tool->name);
		hone_buf_pad(to, ' ', 20 - strlen(f->tool->name));
		hone_buf_addc(to, ' ');
		r->format->prose(to, f->install, "    ");
		hone_buf_addc(to, '\n');
	}
}

void hone_tools_sheet(struct hone_report *r, const void *document)
{
	add_table(r, document, true);
}

void hone_tools_text(struct hone_report *r, const void *document)
{
	add_table(r, document, false);
	add_rest(r, document);
}
