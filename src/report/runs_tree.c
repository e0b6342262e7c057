/* Stored runs as keys and values: the contract stands in docs/json.md. */
#include "runs_report.h"

static void head(struct hone_report *r, struct hone_jsonw *w, const char *workspace)
{
	hone_report_tree(r, w);
	hone_jsonw_kstr(w, "hone", HONE_VERSION);
	hone_jsonw_kstr(w, "workspace", workspace);
}

/* The facts of a run; its object stays open. */
static void open_run(struct hone_jsonw *w, const struct hone_result_run *r)
{
	hone_jsonw_object(w);
	hone_jsonw_ki64(w, "run", r->id);
	hone_jsonw_ki64(w, "time", r->when);
	hone_jsonw_kstr(w, "elsewhere", r->elsewhere);
	hone_jsonw_kstr(w, "hone", r->hone);
	hone_jsonw_kstr(w, "package", r->package);
	hone_jsonw_kstr(w, "bin", r->bin);
	hone_jsonw_kstr(w, "kind", r->kind);
	hone_run_facts_tree(w, r);
	hone_jsonw_ku64(w, "seed", r->seed);
}

void hone_runs_tree(struct hone_report *r, const void *document)
{
	const struct hone_runs_doc *doc = document;
	struct hone_jsonw w;

	head(r, &w, doc->workspace);
	hone_jsonw_karray(&w, "runs");
	for (size_t i = 0; i < doc->n; i++) {
		const struct hone_result_run *run = hone_runs_at(doc, i);

		if (!run)
			return;
		open_run(&w, run);
		hone_run_keys_tree(&w, run,
			(struct hone_run_keys){
				.stored = true, .whole = doc->whole, .samples = doc->samples});
		hone_jsonw_end(&w);
		if (r->flush)
			r->flush(r);
	}
	hone_jsonw_end(&w);
	hone_jsonw_end(&w);
	hone_buf_addc(r->to, '\n');
}

/* One recipe in both runs; NULL where it was not tried. */
static void put_pair(struct hone_jsonw *w, bool times, const struct hone_result_trial *a,
	const struct hone_result_trial *b)
{
	const struct hone_result_trial *const pair[] = {a, b};

	hone_jsonw_object(w);
	hone_jsonw_kstr(w, "candidate", a ? a->candidate : b->candidate);
	hone_jsonw_karray(w, "names");
	for (size_t i = 0; i < 2; i++)
		hone_jsonw_str(w, pair[i] ? pair[i]->name : NULL);
	hone_jsonw_end(w);
	hone_jsonw_karray(w, "sizes");
	for (size_t i = 0; i < 2; i++) {
		if (pair[i] && pair[i]->hash)
			hone_jsonw_u64(w, pair[i]->size);
		else
			hone_jsonw_null(w);
	}
	hone_jsonw_end(w);
	hone_jsonw_karray(w, "costs");
	for (size_t i = 0; times && i < 2; i++)
		if (pair[i])
			hone_jsonw_f64(w, pair[i]->cost.ratio);
		else
			hone_jsonw_null(w);
	hone_jsonw_end(w);
	hone_jsonw_end(w);
}

void hone_pair_tree(struct hone_report *r, const void *document)
{
	const struct hone_runs_doc *doc = document;
	const struct hone_result_run *a = &doc->runs[0], *b = &doc->runs[1];
	hone_auto_free char *differs = hone_runs_differences(a, b);
	struct hone_jsonw w;

	head(r, &w, a->workspace);
	hone_jsonw_kstr(&w, "differs", differs);
	hone_jsonw_karray(&w, "runs");
	for (size_t i = 0; i < 2; i++) {
		open_run(&w, &doc->runs[i]);
		hone_run_summary_tree(&w, &doc->runs[i]);
		hone_jsonw_end(&w);
	}
	hone_jsonw_end(&w);
	hone_jsonw_karray(&w, "trials");
	for (size_t i = 0; i < a->n_trials; i++)
		put_pair(&w, !differs, &a->trials[i], hone_runs_counterpart(b, &a->trials[i]));
	for (size_t i = 0; i < b->n_trials; i++)
		if (!hone_runs_counterpart(a, &b->trials[i]))
			put_pair(&w, !differs, NULL, &b->trials[i]);
	hone_jsonw_end(&w);
	hone_jsonw_end(&w);
	hone_buf_addc(r->to, '\n');
}
