/* Several files of one run: a table of each, and which is smallest by itself. */
#include "run_report.h"

#include "cells.h"
#include "num.h"

#include <math.h>

const struct hone_result_trial *hone_run_with_artifacts(const struct hone_result_run *r)
{
	for (size_t i = 0; i < r->n_trials; i++)
		if (r->trials[i].n_artifacts)
			return &r->trials[i];
	return NULL;
}

char *hone_run_targets_text(const struct hone_result_run *r)
{
	const struct hone_result_trial *with = hone_run_with_artifacts(r);
	struct hone_buf b = HONE_BUF_INIT;

	if (!with)
		return hone_xasprintf("%s %s, %s %s", r->package, r->version,
			hone_run_is_library(r) ? r->kind : "binary", r->bin);
	hone_buf_addf(&b, "%zu targets: ", with->n_artifacts);
	for (size_t i = 0; i < with->n_artifacts; i++)
		hone_buf_addf(&b, "%s%s", i ? ", " : "", with->artifacts[i].name);
	return hone_buf_detach(&b);
}

static double share(uint64_t size, uint64_t of)
{
	return size && of ? (double)size / (double)of : (double)NAN;
}

struct hone_table *hone_run_artifact_table(const struct hone_result_run *r, size_t at)
{
	static const char *const heads[] = {"size", "ratio", "stripped", "gzip", "zstd", "brotli"};
	bool brotli = hone_run_has_brotli(r);
	const struct hone_result_trial *with = hone_run_with_artifacts(r);
	const struct hone_result_artifact *first = &with->artifacts[at];
	hone_auto_free char *title =
		hone_xasprintf("%s of %s (%s): size", first->name, first->package, first->kind);
	struct hone_table *table = hone_table_new(title);

	hone_table_column(table, "candidate", HONE_LEFT);
	for (size_t i = 0; i < HONE_COUNT(heads) - !brotli; i++)
		hone_table_column(table, heads[i], HONE_RIGHT);
	for (size_t i = 0; i < r->n_trials; i++) {
		const struct hone_result_trial *t = &r->trials[i];
		const struct hone_result_artifact *a =
			t->n_artifacts == with->n_artifacts ? &t->artifacts[at] : NULL;

		if (!a)
			continue;
		hone_table_cell(table, t->name);
		hone_table_style(table, a->smallest ? HONE_BOLD : HONE_PLAIN);
		hone_cell_number(table, r->bare ? a->flash : a->size);
		hone_cell_ratio(table,
			share(r->bare ? a->flash : a->size, r->bare ? first->flash : first->size));
		hone_cell_number(table, a->stripped_size);
		hone_cell_number(table, a->gzip_size);
		hone_cell_number(table, a->zstd_size);
		if (brotli)
			hone_cell_number(table, a->brotli_size);
	}
	return table;
}

struct hone_table *hone_run_bindgen_table(const struct hone_result_run *r)
{
	static const char *const heads[] = {"size", "ratio", "gzip", "zstd", "brotli"};
	const struct hone_result_bindgen *first = &r->trials[0].bindgen;
	bool brotli = hone_run_has_brotli(r);
	struct hone_table *table;

	if (!first->size)
		return NULL;
	table = hone_table_new("After wasm-bindgen, what a page gets");
	hone_table_column(table, "candidate", HONE_LEFT);
	for (size_t i = 0; i < HONE_COUNT(heads) - !brotli; i++)
		hone_table_column(table, heads[i], HONE_RIGHT);
	for (size_t i = 0; i < r->n_trials; i++) {
		const struct hone_result_bindgen *b = &r->trials[i].bindgen;

		hone_table_cell(table, r->trials[i].name);
		hone_cell_number(table, b->size);
		hone_cell_ratio(table, share(b->size, first->size));
		hone_cell_number(table, b->gzip_size);
		hone_cell_number(table, b->zstd_size);
		if (brotli)
			hone_cell_number(table, b->brotli_size);
	}
	return table;
}

/* The words of one goal, of one artifact alone. */
static void say_one(struct hone_report *r, const struct hone_result_run *run,
	const struct hone_result_artifact *a, const char *goal, const char *name)
{
	char size[HONE_NUM_TEXT];
	hone_auto_free char *text = hone_xasprintf("of %s alone %s, %s bytes", a->name, name,
		hone_text_count(size, run->bare ? a->flash : a->size));

	hone_report_line(r, goal, text);
}

void hone_run_say_artifacts(struct hone_report *r, const struct hone_result_run *run)
{
	const struct hone_result_trial *with = hone_run_with_artifacts(run);

	for (size_t k = 0; with && k < with->n_artifacts; k++)
		for (size_t i = 0; i < run->n_trials; i++) {
			const struct hone_result_trial *t = &run->trials[i];
			const struct hone_result_artifact *a;

			if (t->n_artifacts != with->n_artifacts)
				continue;
			a = &t->artifacts[k];
			if (a->smallest && i != run->best.small)
				say_one(r, run, a, "Smallest", t->name);
			/* The baseline is fastest where nothing was proved. */
			if (a->fastest && i && i != run->best.fast)
				say_one(r, run, a, "Fastest", t->name);
			if (a->balanced && i != run->best.balanced)
				say_one(r, run, a, "Balanced", t->name);
		}
}

/* Is this artifact of a trial the best for a goal (small, fast, balanced)? */
static bool is_best(const struct hone_result_artifact *a, size_t goal, bool any)
{
	const bool best[][2] = {{a->smallest, a->smallest_of_any}, {a->fastest, a->fastest_of_any},
		{a->balanced, a->balanced_of_any}};

	return best[goal][any];
}

static const char *best_of(const struct hone_result_run *r, size_t at, size_t goal, bool any)
{
	for (size_t i = 0; i < r->n_trials; i++)
		if (r->trials[i].n_artifacts > at &&
			is_best(&r->trials[i].artifacts[at], goal, any))
			return r->trials[i].name;
	return NULL;
}

void hone_run_artifacts_tree(struct hone_jsonw *w, const struct hone_result_run *r)
{
	static const char *const which[] = {"allowed", "any"};
	static const char *const goals[] = {"small", "fast", "balanced"};
	const struct hone_result_trial *with = hone_run_with_artifacts(r);

	if (!with)
		return;
	hone_jsonw_karray(w, "artifacts");
	for (size_t i = 0; i < with->n_artifacts; i++) {
		hone_jsonw_object(w);
		hone_jsonw_kstr(w, "name", with->artifacts[i].name);
		hone_jsonw_kstr(w, "kind", with->artifacts[i].kind);
		hone_jsonw_kstr(w, "package", with->artifacts[i].package);
		hone_jsonw_kobject(w, "best");
		for (size_t k = 0; k < HONE_COUNT(which); k++) {
			hone_jsonw_kobject(w, which[k]);
			for (size_t goal = 0; goal < HONE_COUNT(goals); goal++)
				hone_jsonw_kstr(w, goals[goal], best_of(r, i, goal, k == 1));
			hone_jsonw_end(w);
		}
		hone_jsonw_end(w);
		hone_jsonw_end(w);
	}
	hone_jsonw_end(w);
}

void hone_run_files_tree(struct hone_jsonw *w, const struct hone_result_trial *t, bool bare)
{
	if (!t->n_artifacts)
		return;
	hone_jsonw_karray(w, "artifacts");
	for (size_t i = 0; i < t->n_artifacts; i++) {
		const struct hone_result_artifact *a = &t->artifacts[i];

		hone_jsonw_object(w);
		hone_jsonw_kstr(w, "name", a->name);
		hone_jsonw_kstr(w, "kind", a->kind);
		hone_jsonw_kstr(w, "package", a->package);
		hone_jsonw_kstr(w, "path", a->path);
		hone_jsonw_kstr(w, "hash", a->hash);
		hone_jsonw_ku64(w, "size", a->size);
		hone_jsonw_ku64(w, "stripped_size", a->stripped_size);
		hone_jsonw_ku64(w, "gzip_size", a->gzip_size);
		hone_jsonw_ku64(w, "zstd_size", a->zstd_size);
		if (a->brotli_size)
			hone_jsonw_ku64(w, "brotli_size", a->brotli_size);
		if (bare) {
			hone_jsonw_ku64(w, "flash", a->flash);
			hone_jsonw_ku64(w, "ram", a->ram);
		}
		if (a->sections)
			hone_run_sections_tree(w, a->sections, a->n_sections);
		hone_jsonw_end(w);
	}
	hone_jsonw_end(w);
}
