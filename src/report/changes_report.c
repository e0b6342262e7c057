#include "changes_report.h"

#include "num.h"

struct hone_table *hone_changes_table(
	const struct hone_changes *c, const struct hone_change_side *sides, const char *what)
{
	hone_auto_free char *title = hone_xasprintf("What the settings did, %s", what);
	struct hone_table *t;

	if (!c->n)
		return NULL;
	t = hone_table_new(title);
	hone_table_column(t, "candidate", HONE_LEFT);
	hone_table_column(t, "beside", HONE_LEFT);
	hone_table_column(t, "change", HONE_RIGHT);
	hone_table_column(t, "by", HONE_LEFT);
	hone_table_column(t, "of it", HONE_LEFT);
	for (size_t i = 0; i < c->n; i++) {
		const struct hone_change *x = &c->v[i];
		hone_auto_free char *parts = hone_change_parts(x);
		char text[HONE_NUM_TEXT];

		if (sides[x->trial].made && x->beside == 0 && !x->setting)
			continue;
		hone_table_cell(t, sides[x->trial].name);
		hone_table_cell(t, sides[x->beside].name);
		hone_table_cell(t, hone_text_delta(text, x->diff.delta));
		hone_table_raw(t, "%lld", (long long)x->diff.delta);
		if (x->setting)
			hone_table_cell(t, x->setting);
		else
			hone_table_cellf(t, "%zu settings together", x->n_settings);
		hone_table_cell(t, parts);
	}
	return t;
}

static void rows_tree(struct hone_jsonw *w, const struct hone_size_diff *d)
{
	hone_jsonw_karray(w, "rows");
	for (size_t k = 0; k < d->n; k++) {
		hone_jsonw_object(w);
		hone_jsonw_kstr(w, "name", d->rows[k].name);
		hone_jsonw_kstr(w, "kind", hone_size_kind_name(d->rows[k].kind));
		hone_jsonw_ku64(w, "old", d->rows[k].old_size);
		hone_jsonw_ku64(w, "new", d->rows[k].new_size);
		hone_jsonw_ki64(w, "delta", d->rows[k].delta);
		hone_jsonw_end(w);
	}
	hone_jsonw_end(w);
}

void hone_changes_tree(struct hone_jsonw *w, const struct hone_changes *c,
	const struct hone_change_side *sides, bool brief)
{
	hone_jsonw_karray(w, "changes");
	for (size_t i = 0; i < c->n; i++) {
		const struct hone_change *x = &c->v[i];

		hone_jsonw_object(w);
		hone_jsonw_kstr(w, "name", sides[x->trial].name);
		hone_jsonw_kstr(w, "beside", sides[x->beside].name);
		hone_jsonw_kstr(w, "setting", x->setting);
		hone_jsonw_ku64(w, "n_settings", x->n_settings);
		hone_jsonw_ku64(w, "old", x->diff.old_size);
		hone_jsonw_ku64(w, "new", x->diff.new_size);
		hone_jsonw_ki64(w, "delta", x->diff.delta);
		if (!brief)
			rows_tree(w, &x->diff);
		hone_jsonw_end(w);
	}
	hone_jsonw_end(w);
}
