/* Workloads of a run, their metrics and samples, as keys and values. */
#include "run_report.h"

/* every: 0 or 1 for all. */
static void samples_tree(struct hone_jsonw *w, const char *key, const struct hone_result_series *s,
	uint64_t rounds, uint64_t every)
{
	hone_jsonw_karray(w, key);
	for (size_t i = 0; i < s->n_samples && i < rounds; i += every ? every : 1)
		hone_jsonw_f64(w, s->samples[i]);
	hone_jsonw_end(w);
}

static void metric_tree(struct hone_jsonw *w, const struct hone_result_run *r,
	const struct hone_result_workload *load, const struct hone_result_metric *m,
	struct hone_run_keys keys)
{
	bool samples = keys.samples && (m->primary || !keys.primary);

	hone_jsonw_object(w);
	hone_jsonw_kstr(w, "metric", m->name);
	hone_jsonw_kstr(w, "unit", m->unit);
	hone_jsonw_kstr(w, "better", m->more_is_better ? "higher" : "lower");
	hone_jsonw_kbool(w, "primary", m->primary);
	hone_jsonw_kf64(w, "noise", m->noise);
	hone_jsonw_karray(w, "trials");
	for (size_t i = 0; i < r->n_trials; i++) {
		if (!r->trials[i].measured)
			continue;
		hone_jsonw_object(w);
		hone_jsonw_kstr(w, "name", r->trials[i].name);
		if (samples)
			samples_tree(w, "samples", &m->series[i], load->rounds, keys.every);
		hone_jsonw_kf64(w, "median", m->series[i].median);
		hone_run_ratio_tree(w, &m->series[i].against);
		hone_jsonw_end(w);
	}
	hone_jsonw_end(w);
	if (samples)
		samples_tree(w, "control", &m->series[r->n_trials], load->rounds, keys.every);
	hone_jsonw_end(w);
}

static void counts_tree(struct hone_jsonw *w, const struct hone_result_run *r,
	const struct hone_result_workload *load)
{
	hone_jsonw_karray(w, "instructions");
	for (size_t i = 0; i < r->n_trials; i++) {
		if (!r->trials[i].measured)
			continue;
		hone_jsonw_object(w);
		hone_jsonw_kstr(w, "name", r->trials[i].name);
		hone_jsonw_kf64(w, "count", load->counts[i]);
		hone_jsonw_end(w);
	}
	hone_jsonw_end(w);
}

void hone_run_workloads_tree(
	struct hone_jsonw *w, const struct hone_result_run *r, struct hone_run_keys keys)
{
	hone_jsonw_karray(w, "workloads");
	for (size_t i = 0; i < r->n_workloads; i++) {
		const struct hone_result_workload *load = &r->workloads[i];

		hone_jsonw_object(w);
		hone_jsonw_kstr(w, "name", load->name);
		hone_jsonw_kstr(w, "kind", load->kind);
		if (keys.stored)
			hone_jsonw_kstr(w, "command", load->command);
		if (load->bench)
			hone_jsonw_kstr(w, "bench", load->bench);
		hone_jsonw_kf64(w, "weight", load->weight);
		hone_jsonw_ku64(w, "rounds", load->rounds);
		hone_jsonw_ku64(w, "resumed", r->resumed);
		hone_jsonw_key(w, "cpu");
		if (load->cpu)
			hone_jsonw_i64(w, load->cpu - 1);
		else
			hone_jsonw_null(w);
		if (r->trains)
			hone_jsonw_kbool(w, "trained", load->trained);
		if (load->counts)
			counts_tree(w, r, load);
		hone_jsonw_karray(w, "metrics");
		for (size_t k = 0; k < load->n_metrics; k++)
			metric_tree(w, r, load, &load->metrics[k], keys);
		hone_jsonw_end(w);
		hone_jsonw_end(w);
	}
	hone_jsonw_end(w);
}
