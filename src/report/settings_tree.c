/* Settings and problems as keys and values: docs/json.md. */
#include "documents.h"
#include "num.h"
#include "toml_value.h"

#include <string.h>

/* A TOML value of a profile as JSON: text, number or boolean. */
static void value_tree(struct hone_jsonw *w, const char *toml)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	int64_t number;

	if (!toml)
		hone_jsonw_null(w);
	else if (!strcmp(toml, "true") || !strcmp(toml, "false"))
		hone_jsonw_bool(w, *toml == 't');
	else if (hone_parse_i64(hone_view_of(toml), &number))
		hone_jsonw_i64(w, number);
	else if (*toml == '"' && hone_toml_unquote(hone_view_of(toml), &text))
		hone_jsonw_str(w, hone_buf_str(&text));
	else
		hone_jsonw_str(w, toml);
}

static void origin_tree(struct hone_jsonw *w, enum hone_origin_kind origin, const char *where)
{
	hone_jsonw_kobject(w, "origin");
	hone_jsonw_kstr(w, "kind", hone_origin_name(origin));
	hone_jsonw_kstr(w, "where", where);
	hone_jsonw_end(w);
}

static void problems_tree(struct hone_jsonw *w, const struct hone_problems *p)
{
	hone_jsonw_karray(w, "problems");
	for (size_t i = 0; i < p->n; i++) {
		const struct hone_problem *one = &p->v[i];
		hone_jsonw_object(w);
		hone_jsonw_kstr(w, "id", one->kind->id);
		hone_jsonw_kstr(w, "severity", hone_severity_name(one->kind->severity));
		hone_jsonw_kstr(w, "message", one->message);
		hone_jsonw_kstr(w, "where", one->where);
		hone_jsonw_kstr(w, "remedy", one->remedy);
		hone_jsonw_kbool(w, "fixable", one->fix.file != NULL);
		hone_jsonw_end(w);
	}
	hone_jsonw_end(w);
}

static void limits_tree(struct hone_jsonw *w, const struct hone_problems *p)
{
	hone_jsonw_karray(w, "limits");
	for (size_t i = 0; i < p->limits.n; i++) {
		const struct hone_limit *l = &p->limits.v[i];

		hone_jsonw_object(w);
		hone_jsonw_kstr(w, "what", l->what);
		hone_jsonw_kstr(w, "why", l->why);
		hone_jsonw_kstr(w, "remedy", l->remedy);
		hone_jsonw_karray(w, "problems");
		for (size_t k = 0; k < l->ids.n; k++)
			hone_jsonw_str(w, l->ids.v[k]);
		hone_jsonw_end(w);
		hone_jsonw_end(w);
	}
	hone_jsonw_end(w);
}

void hone_settings_tree(struct hone_report *r, const void *document)
{
	const struct hone_result_settings *s = document;
	struct hone_jsonw w;

	hone_report_tree(r, &w);
	hone_jsonw_kstr(&w, "profile", s->profile);
	hone_jsonw_kstr(&w, "package", s->package ? s->package->id : NULL);
	hone_jsonw_karray(&w, "settings");
	for (size_t i = 0; i < s->rows.n; i++) {
		const struct hone_result_setting *row = &s->rows.v[i];
		hone_jsonw_object(&w);
		hone_jsonw_kstr(&w, "key", row->key);
		hone_jsonw_key(&w, "value");
		value_tree(&w, row->value);
		hone_jsonw_kstr(&w, "package", row->package);
		hone_jsonw_kstr(&w, "unit", row->unit);
		origin_tree(&w, row->origin, row->where);
		hone_jsonw_end(&w);
	}
	hone_jsonw_end(&w);
	hone_jsonw_kobject(&w, "rustflags");
	hone_jsonw_karray(&w, "flags");
	for (size_t i = 0; i < s->flags.flags.n; i++)
		hone_jsonw_str(&w, s->flags.flags.v[i]);
	hone_jsonw_end(&w);
	origin_tree(&w, s->flags.origin, s->flags.where);
	hone_jsonw_end(&w);
	problems_tree(&w, &s->problems);
	limits_tree(&w, &s->problems);
	hone_jsonw_end(&w);
	hone_buf_addc(r->to, '\n');
}
