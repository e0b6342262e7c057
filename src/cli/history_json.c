#include "history.h"

#include "candidate_json.h"

#include <string.h>

void hone_history_ratio_json(
	struct hone_jsonw *w, const char *key, const struct hone_stored_ratio *r)
{
	hone_jsonw_kobject(w, key);
	hone_jsonw_kf64(w, "ratio", r->ratio);
	hone_jsonw_kf64(w, "low", r->low);
	hone_jsonw_kf64(w, "high", r->high);
	hone_jsonw_kstr(w, "verdict", r->verdict);
	hone_jsonw_end(w);
}

static void head(struct hone_jsonw *w, const char *workspace)
{
	hone_jsonw_object(w);
	hone_jsonw_ki64(w, "schema", 1);
	hone_jsonw_kstr(w, "hone", HONE_VERSION);
	hone_jsonw_kstr(w, "workspace", workspace);
}

/* The facts of a run; its object stays open. */
static void open_run(struct hone_jsonw *w, const struct hone_stored_run *r)
{
	hone_jsonw_object(w);
	hone_jsonw_ki64(w, "run", r->id);
	hone_jsonw_ki64(w, "time", r->when);
	hone_jsonw_kstr(w, "hone", r->hone);
	hone_jsonw_kstr(w, "package", r->package);
	hone_jsonw_kstr(w, "bin", r->bin);
	hone_jsonw_kstr(w, "kind", r->kind);
	hone_jsonw_kstr(w, "profile", r->profile);
	hone_jsonw_kobject(w, "toolchain");
	hone_jsonw_kstr(w, "rustc", r->rustc_version);
	hone_jsonw_kstr(w, "rustc_verbose", r->rustc);
	hone_jsonw_kstr(w, "target", r->target);
	hone_jsonw_end(w);
	hone_jsonw_kobject(w, "machine");
	hone_jsonw_kstr(w, "cpu", r->cpu);
	hone_jsonw_ku64(w, "cores", r->cores);
	hone_jsonw_kstr(w, "kernel", r->kernel);
	hone_jsonw_end(w);
	hone_jsonw_kbool(w, "speed_measured", r->speed_measured);
	hone_jsonw_ku64(w, "seed", r->seed);
	hone_jsonw_kobject(w, "best");
	hone_jsonw_kstr(w, "small", r->small);
	hone_jsonw_kstr(w, "fast", r->fast);
	hone_jsonw_kstr(w, "balanced", r->balanced);
	hone_jsonw_end(w);
}

static void put_labels(struct hone_jsonw *w, const char *labels)
{
	struct hone_view rest = hone_view_of(labels), part;
	bool started = false;

	hone_jsonw_karray(w, "labels");
	while (*labels && hone_view_split(&rest, &started, ',', &part))
		hone_jsonw_view(w, part);
	hone_jsonw_end(w);
}

/* null when this hone does not know a setting that another one tried. */
static void put_settings(struct hone_jsonw *w, const char *canonical)
{
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	struct hone_candidate *c = NULL;

	if (hone_candidate_parse(*canonical ? canonical : "baseline", &c, &err)) {
		hone_jsonw_key(w, "settings");
		hone_jsonw_null(w);
		return;
	}
	hone_candidate_json(w, c);
	hone_candidate_free(c);
}

static void put_trial(
	struct hone_jsonw *w, const struct hone_stored_trial *t, enum hone_store_detail detail)
{
	hone_jsonw_object(w);
	hone_jsonw_kstr(w, "name", t->name);
	hone_jsonw_kstr(w, "candidate", t->candidate);
	put_settings(w, t->candidate);
	put_labels(w, t->labels);
	hone_jsonw_kstr(w, "status", t->status);
	hone_jsonw_kstr(w, "reason", t->reason);
	if (t->hash) {
		hone_jsonw_kstr(w, "hash", t->hash);
		hone_jsonw_ku64(w, "size", t->size);
		hone_jsonw_ku64(w, "stripped_size", t->stripped_size);
		hone_jsonw_ku64(w, "gzip_size", t->gzip_size);
		hone_jsonw_ku64(w, "zstd_size", t->zstd_size);
		if (t->flash) {
			hone_jsonw_ku64(w, "flash", t->flash);
			hone_jsonw_ku64(w, "ram", t->ram);
		}
		hone_jsonw_kstr(w, "min_glibc", t->min_glibc);
		hone_jsonw_kobject(w, "build");
		hone_jsonw_kf64(w, "wall_s", t->build_wall_s);
		hone_jsonw_kf64(w, "cpu_s", t->build_cpu_s);
		hone_jsonw_ku64(w, "peak_rss", t->build_peak);
		hone_jsonw_ku64(w, "units", t->build_units);
		hone_jsonw_end(w);
	}
	hone_history_ratio_json(w, "cost", &t->cost);
	hone_jsonw_kbool(w, "confirmed", t->confirmed);
	if (detail == HONE_STORE_ALL) {
		/* A file may have two sections of one name, so this is a list. */
		hone_jsonw_karray(w, "sections");
		for (size_t i = 0; i < t->n_sections; i++) {
			hone_jsonw_object(w);
			hone_jsonw_kstr(w, "name", t->sections[i].name);
			hone_jsonw_ku64(w, "size", t->sections[i].size);
			hone_jsonw_end(w);
		}
		hone_jsonw_end(w);
	}
	hone_jsonw_end(w);
}

static void put_samples(struct hone_jsonw *w, const struct hone_stored_series *s)
{
	for (size_t i = 0; i < s->n_samples; i++)
		hone_jsonw_f64(w, s->samples[i]);
	hone_jsonw_end(w);
}

static void put_metric(struct hone_jsonw *w, const struct hone_stored_run *r,
	const struct hone_stored_metric *m, enum hone_store_detail detail)
{
	hone_jsonw_object(w);
	hone_jsonw_kstr(w, "metric", m->name);
	hone_jsonw_kstr(w, "unit", m->unit);
	hone_jsonw_kstr(w, "better", m->more_is_better ? "higher" : "lower");
	hone_jsonw_kbool(w, "primary", m->primary);
	hone_jsonw_karray(w, "trials");
	for (size_t i = 0; i < r->n_trials; i++) {
		hone_jsonw_object(w);
		hone_jsonw_kstr(w, "name", r->trials[i].name);
		if (detail == HONE_STORE_ALL) {
			hone_jsonw_karray(w, "samples");
			put_samples(w, &m->series[i]);
		}
		hone_jsonw_kf64(w, "median", m->series[i].median);
		hone_jsonw_kf64(w, "ratio", m->series[i].against.ratio);
		hone_jsonw_kf64(w, "low", m->series[i].against.low);
		hone_jsonw_kf64(w, "high", m->series[i].against.high);
		hone_jsonw_kstr(w, "verdict", m->series[i].against.verdict);
		hone_jsonw_end(w);
	}
	hone_jsonw_end(w);
	if (detail == HONE_STORE_ALL) {
		hone_jsonw_karray(w, "control");
		put_samples(w, &m->series[r->n_trials]);
	}
	hone_jsonw_end(w);
}

static void put_run(
	struct hone_jsonw *w, const struct hone_stored_run *r, enum hone_store_detail detail)
{
	open_run(w, r);
	hone_jsonw_karray(w, "trials");
	for (size_t i = 0; i < r->n_trials; i++)
		put_trial(w, &r->trials[i], detail);
	hone_jsonw_end(w);
	if (detail > HONE_STORE_TRIALS) {
		hone_jsonw_karray(w, "workloads");
		for (size_t i = 0; i < r->n_workloads; i++) {
			const struct hone_stored_workload *load = &r->workloads[i];

			hone_jsonw_object(w);
			hone_jsonw_kstr(w, "name", load->name);
			hone_jsonw_kstr(w, "kind", load->kind);
			hone_jsonw_kstr(w, "command", load->command);
			hone_jsonw_kf64(w, "weight", load->weight);
			hone_jsonw_karray(w, "metrics");
			for (size_t k = 0; k < load->n_metrics; k++)
				put_metric(w, r, &load->metrics[k], detail);
			hone_jsonw_end(w);
			hone_jsonw_end(w);
		}
		hone_jsonw_end(w);
	}
	hone_jsonw_end(w);
}

void hone_history_json_begin(struct hone_jsonw *w, const char *workspace, struct hone_buf *to)
{
	hone_jsonw_init(w, to, true);
	head(w, workspace);
	hone_jsonw_karray(w, "runs");
}

void hone_history_json_run(
	struct hone_jsonw *w, const struct hone_stored_run *r, enum hone_store_detail detail)
{
	put_run(w, r, detail);
}

void hone_history_json_end(struct hone_jsonw *w)
{
	hone_jsonw_end(w);
	hone_jsonw_end(w);
	hone_buf_addc(w->out, '\n');
}

/* One recipe in both runs; NULL where it was not tried. */
static void put_pair(struct hone_jsonw *w, bool times, const struct hone_stored_trial *a,
	const struct hone_stored_trial *b)
{
	const struct hone_stored_trial *const pair[] = {a, b};

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

void hone_history_compare_json(
	const struct hone_stored_run *a, const struct hone_stored_run *b, struct hone_buf *to)
{
	const struct hone_stored_run *const runs[] = {a, b};
	hone_auto_free char *differs = hone_history_differences(a, b);
	struct hone_jsonw w;

	hone_jsonw_init(&w, to, true);
	head(&w, a->workspace);
	hone_jsonw_kstr(&w, "differs", differs);
	hone_jsonw_karray(&w, "runs");
	for (size_t i = 0; i < 2; i++) {
		open_run(&w, runs[i]);
		hone_jsonw_end(&w);
	}
	hone_jsonw_end(&w);
	hone_jsonw_karray(&w, "trials");
	for (size_t i = 0; i < a->n_trials; i++)
		put_pair(&w, !differs, &a->trials[i], hone_history_twin(b, &a->trials[i]));
	for (size_t i = 0; i < b->n_trials; i++)
		if (!hone_history_twin(a, &b->trials[i]))
			put_pair(&w, !differs, NULL, &b->trials[i]);
	hone_jsonw_end(&w);
	hone_jsonw_end(&w);
	hone_buf_addc(to, '\n');
}
