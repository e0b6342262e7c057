/* Where the bytes of a file are, and what a change did, as keys and values: docs/json.md. */
#include "bytes_report.h"

static void row_tree(
	struct hone_jsonw *w, const struct hone_size_row *r, const char *name, const char *kind)
{
	hone_jsonw_object(w);
	hone_jsonw_kstr(w, "name", name);
	hone_jsonw_kstr(w, "kind", kind);
	hone_jsonw_ku64(w, "size", r->size);
	hone_jsonw_ku64(w, "code", r->code);
	hone_jsonw_ku64(w, "items", r->items);
	hone_jsonw_ku64(w, "unwind", r->unwind);
	hone_jsonw_ku64(w, "relocations", r->relocs);
	hone_jsonw_ku64(w, "symbols", r->symbols);
	hone_jsonw_ku64(w, "debug", r->debug);
	hone_jsonw_end(w);
}

static void advice_tree(struct hone_jsonw *w, const struct hone_advice_list *l)
{
	hone_jsonw_karray(w, "advice");
	for (size_t i = 0; i < l->n; i++) {
		hone_jsonw_object(w);
		hone_jsonw_kstr(w, "id", hone_advice_id_name(l->v[i].id));
		hone_jsonw_kstr(w, "name", l->v[i].name);
		hone_jsonw_ku64(w, "bytes", l->v[i].bytes);
		hone_jsonw_kbool(w, "upper_bound", l->v[i].upper_bound);
		hone_jsonw_kstr(w, "detail", l->v[i].detail);
		hone_jsonw_kstr(w, "remedy", l->v[i].remedy);
		hone_jsonw_end(w);
	}
	hone_jsonw_end(w);
}

void hone_bytes_tree(struct hone_report *r, const void *document)
{
	const struct hone_result_bytes *v = document;
	struct hone_size_row rest;
	size_t n_rest;
	struct hone_size_table shown = hone_bytes_shorten(v, &rest, &n_rest);
	struct hone_jsonw w;

	hone_report_tree(r, &w);
	hone_jsonw_kstr(&w, "file", v->files[0].path);
	hone_jsonw_ku64(&w, "size", v->table->size);
	if (v->files[0].gzip) {
		hone_jsonw_ku64(&w, "gzip_size", v->files[0].gzip);
		hone_jsonw_ku64(&w, "zstd_size", v->files[0].zstd);
	}
	if (v->files[0].brotli)
		hone_jsonw_ku64(&w, "brotli_size", v->files[0].brotli);
	hone_jsonw_kstr(&w, "by", hone_size_by_name(v->by));
	hone_jsonw_karray(&w, "rows");
	for (size_t i = 0; i < shown.n; i++)
		row_tree(&w, &shown.rows[i], shown.rows[i].name,
			hone_size_kind_name(shown.rows[i].kind));
	if (n_rest > 0)
		row_tree(&w, &rest, "[other rows]", NULL);
	hone_jsonw_end(&w);
	hone_jsonw_kbool(&w, "has_symbols", v->files[0].has_symbols);
	if (v->advice)
		advice_tree(&w, v->advice);
	hone_jsonw_end(&w);
	hone_buf_addc(r->to, '\n');
	free(shown.rows);
}

static void diff_row_tree(struct hone_jsonw *w, const struct hone_size_diff_row *r,
	const char *name, const char *kind)
{
	hone_jsonw_object(w);
	hone_jsonw_kstr(w, "name", name);
	hone_jsonw_kstr(w, "kind", kind);
	hone_jsonw_ku64(w, "old", r->old_size);
	hone_jsonw_ku64(w, "new", r->new_size);
	hone_jsonw_ki64(w, "delta", r->delta);
	hone_jsonw_end(w);
}

void hone_diff_tree(struct hone_report *r, const void *document)
{
	const struct hone_result_bytes *v = document;
	const struct hone_size_diff *d = v->diff;
	size_t n_rest, shown = 0;
	struct hone_size_diff_row rest = hone_bytes_diff_rest(v, &n_rest);
	struct hone_jsonw w;

	hone_report_tree(r, &w);
	hone_jsonw_kstr(&w, "old_file", v->files[0].path);
	hone_jsonw_kstr(&w, "new_file", v->files[1].path);
	hone_jsonw_kstr(&w, "by", hone_size_by_name(v->by));
	hone_jsonw_ku64(&w, "old", d->old_size);
	hone_jsonw_ku64(&w, "new", d->new_size);
	hone_jsonw_ki64(&w, "delta", d->delta);
	for (int i = 0; i < 2; i++) {
		const struct hone_result_file *f = &v->files[i];

		if (f->gzip) {
			hone_jsonw_ku64(&w, i ? "new_gzip_size" : "old_gzip_size", f->gzip);
			hone_jsonw_ku64(&w, i ? "new_zstd_size" : "old_zstd_size", f->zstd);
		}
		if (f->brotli)
			hone_jsonw_ku64(&w, i ? "new_brotli_size" : "old_brotli_size", f->brotli);
	}
	hone_jsonw_karray(&w, "rows");
	for (size_t i = 0; i < d->n; i++)
		if (hone_bytes_matches(v, d->rows[i].name) && shown++ < v->rows)
			diff_row_tree(&w, &d->rows[i], d->rows[i].name,
				hone_size_kind_name(d->rows[i].kind));
	if (n_rest > 0)
		diff_row_tree(&w, &rest, "[other rows]", NULL);
	hone_jsonw_end(&w);
	hone_jsonw_end(&w);
	hone_buf_addc(r->to, '\n');
}
