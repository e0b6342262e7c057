/* The runs before the rounds: what decides in a workload, and what a round costs. */
#include "measure_impl.h"

#include "rules.h"
#include "summary.h"

#include <math.h>

struct seen {
	double *wall, *cpu, *waits;
	size_t n;
	struct hone_sample last; /* of the baseline */
};

static enum hone_metric choose_primary(
	const struct hone_workload *w, const struct seen *seen, size_t benches, char **ret_why)
{
	double wall = hone_median(seen->wall, seen->n), cpu = hone_median(seen->cpu, seen->n);
	double waits = hone_median(seen->waits, seen->n);

	if (w->primary != HONE_METRIC_AUTO) {
		*ret_why = hone_xasprintf("asked for");
		return w->primary;
	}
	if (w->kind == HONE_WORKLOAD_BENCH) {
		*ret_why = benches > 1 ? hone_xasprintf("it is the program's own figure, the "
							"geometric mean of %zu benchmarks",
						 benches)
				       : hone_xasprintf("it is the program's own figure");
		return hone_bench_metric(w);
	}
	if (!isnan(seen->last.v[HONE_METRIC_EMULATED])) {
		*ret_why = hone_xasprintf("QEMU counts them exactly, and its times are not those "
					  "of the machine that it stands for");
		return HONE_METRIC_EMULATED;
	}
	if (w->kind == HONE_WORKLOAD_SERVICE) {
		*ret_why = hone_xasprintf("CPU time per request says what the program costs, "
					  "however busy the generator is");
		return HONE_METRIC_CPU_PER_REQUEST;
	}
	if (w->kind == HONE_WORKLOAD_STARTUP && w->service) {
		*ret_why = hone_xasprintf("the time until it is ready is what its user waits for");
		return HONE_METRIC_COLD_START;
	}
	if (w->kind == HONE_WORKLOAD_STARTUP) {
		*ret_why = hone_xasprintf("the time that a start takes is what its user waits for");
		return HONE_METRIC_WALL;
	}
	if (cpu > HONE_RULE_ONE_CPU * wall) {
		*ret_why = hone_xasprintf(
			"it uses %.1f cores, so its CPU time is not the time that it takes",
			cpu / wall);
		return HONE_METRIC_WALL;
	}
	if (waits > HONE_RULE_MANY_WAITS) {
		*ret_why = hone_xasprintf("it waits for something %.0f times a run", waits);
		return HONE_METRIC_WALL;
	}
	*ret_why = hone_xasprintf(
		"it computes on one core, where CPU time is steadier than wall time");
	return HONE_METRIC_CPU;
}

static int run_baseline(
	struct hone_comparison *s, size_t workload, double *ret_wall_s, struct hone_err *err)
{
	struct hone_outcome o;
	int error =
		hone_comparison_run_once(s, workload, s->m->baseline, 0, "in the warm-up", &o, err);

	*ret_wall_s = o.sample.v[HONE_METRIC_WALL];
	return error;
}

/* Discarded runs of everyone; a window on a service is long and warms its server by itself, so there
 * only the baseline is run, to learn its capacity. */
static int warm_up_one(
	struct hone_comparison *s, size_t workload, double *ret_cost_s, struct hone_err *err)
{
	const struct hone_workload *w = &s->workloads[workload];
	bool service = w->kind == HONE_WORKLOAD_SERVICE;
	size_t everyone = s->n + 1, times = service ? 1 : s->opts.warmup, most = 2 * times;
	hone_auto_free size_t *order = hone_xcalloc(everyone, sizeof(*order));
	hone_auto_free double *values = hone_xcalloc(3 * most, sizeof(*values));
	struct seen seen = {.wall = values, .cpu = values + most, .waits = values + 2 * most};
	hone_auto_free char *why = NULL;
	enum hone_metric primary;
	double total_s = 0;
	int error = 0;

	for (size_t i = 0; i < everyone; i++)
		order[i] = i;
	for (size_t k = 0; k < times && !error; k++) {
		hone_rng_shuffle(&s->rng, order, everyone);
		total_s = 0; /* the last time counts: the first one read files from the disk */
		for (size_t i = 0; i < everyone && !error; i++) {
			bool base = order[i] == s->m->baseline || order[i] == s->m->control;
			struct hone_outcome o;

			if (!hone_comparison_races(s, order[i]) ||
				(service && order[i] != s->m->baseline))
				continue;
			error = hone_comparison_run_once(
				s, workload, order[i], 0, "in the warm-up", &o, err);
			if (error)
				break;
			total_s += hone_ns_to_s(o.took_ns);
			if (!o.usable || !base)
				continue;
			seen.wall[seen.n] = o.sample.v[HONE_METRIC_WALL];
			seen.cpu[seen.n] = o.sample.v[HONE_METRIC_CPU];
			seen.waits[seen.n++] = o.sample.v[HONE_METRIC_VOLUNTARY_SWITCHES];
			seen.last = o.sample;
			if (service)
				s->m->workloads[workload].capacity =
					o.sample.v[HONE_METRIC_REQUESTS_PER_S];
		}
	}
	if (error)
		return error;
	if (service)
		total_s *= (double)everyone;
	*ret_cost_s = total_s;
	/* What decides was chosen before the rounds of the interrupted comparison, and so was the CPU. */
	if (s->m->workloads[workload].n_metrics)
		return 0;
	if (hone_pin_is_worth_trying(
		    w, hone_median(seen.wall, seen.n), hone_median(seen.cpu, seen.n)))
		error = hone_pin(s, workload, run_baseline, err);
	if (error)
		return error;
	primary = choose_primary(w, &seen, s->benches[workload], &why);
	if (isnan(seen.last.v[primary]))
		return hone_err_set(err, HONE_E_FAILED, "%s is not measured by workload `%s` here",
			hone_metric_info(primary)->name, w->name);
	hone_measurement_set_metrics(s->m, workload, primary,
		primary == HONE_METRIC_VALUE ? w->more_is_better
					     : hone_metric_info(primary)->more_is_better,
		why, &seen.last);
	return 0;
}

int hone_warm_up(struct hone_comparison *s, struct hone_err *err)
{
	struct hone_measure_progress p = {.stage = HONE_STAGE_WARMUP, .n = s->n};
	hone_auto_free double *costs = hone_xcalloc(s->n_workloads, sizeof(*costs));
	hone_auto_free size_t *repeats = hone_xcalloc(s->n_workloads, sizeof(*repeats));
	int error = 0;

	for (size_t i = 0; i < s->n_workloads && !error; i++) {
		p.workload = i;
		hone_comparison_report(s, &p);
		error = warm_up_one(s, i, &costs[i], err);
	}
	if (error || s->m->rounds > 0)
		return error;
	hone_race_repeats(costs, s->n_workloads, repeats);
	s->round_s = 0;
	for (size_t i = 0; i < s->n_workloads; i++) {
		struct hone_workload_result *w = &s->m->workloads[i];

		if (s->opts.own_rates)
			w->repeats = repeats[i];
		s->round_s += costs[i] * (double)w->repeats;
	}
	return 0;
}
