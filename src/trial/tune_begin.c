/* What must hold before a search begins: the workloads do on the baseline what they should, twice, and tell something. */
#include "tune_impl.h"

#include "fs.h"
#include "num.h"
#include "results.h"
#include "rules.h"

#include <math.h>
#include <string.h>

static double figure(const struct hone_workload_result *w, enum hone_metric metric)
{
	for (size_t i = 0; i < w->n_metrics; i++)
		if (w->metrics[i].metric == metric)
			return w->metrics[i].median[0];
	return NAN;
}

/* Of a workload that ends by itself: will a search by its time find anything? */
static void judge(const struct hone_events *e, const struct hone_measurement *m,
	const struct hone_workload_result *w)
{
	/* Where others run, it waits for a CPU, too. */
	bool busy = m->before.load > m->before.cpus;
	double wall = figure(w, HONE_METRIC_WALL), cpu = figure(w, HONE_METRIC_CPU);
	double system = figure(w, HONE_METRIC_SYSTEM);
	char a[HONE_NUM_TEXT];

	if (w->kind != HONE_WORKLOAD_COMMAND || !(wall > 0) || !(cpu >= 0))
		return;
	if (wall < HONE_RULE_HARDLY_RUNS_S)
		hone_events_warn(e,
			"workload `%s` takes %s, and the start of a process is a good part of "
			"that: more "
			"input tells more of the program's own code",
			w->name, hone_text_seconds(a, wall));
	else if (cpu < HONE_RULE_COMPUTES * wall && !busy)
		hone_events_warn(e,
			"workload `%s` computes in %.0f %% of its %s and waits otherwise, which no "
			"build "
			"makes shorter: expect little of a search",
			w->name, 100 * cpu / wall, hone_text_seconds(a, wall));
	else if (system > HONE_RULE_IN_KERNEL * cpu)
		hone_events_warn(e,
			"workload `%s` spends %.0f %% of its CPU time in the kernel, which no "
			"build makes "
			"faster: expect little of a search",
			w->name, 100 * system / cpu);
}

/* It is looked at anew each time: what a workload reads may be gone. */
static void forget(const struct hone_try *t)
{
	struct hone_store *store = NULL;

	if (!t->finishes[0] || hone_results_open(t->session, true, &store, NULL))
		return;
	(void)hone_unfinished_forget(store, t->finishes[0], NULL);
}

/* Seconds of one run of all that are commands; 0 where one is none. */
static double sum_runs(const struct hone_measurement *m)
{
	double sum = 0;

	for (size_t i = 0; m && i < m->n_workloads; i++) {
		double wall = figure(&m->workloads[i], HONE_METRIC_WALL);

		if (m->workloads[i].kind != HONE_WORKLOAD_COMMAND || !(wall > 0))
			return 0;
		sum += wall;
	}
	return sum;
}

int hone_tune_begin(struct hone_session *s, struct hone_tune_request *r,
	const struct hone_tune_runs *runs, struct hone_err *err)
{
	struct hone_session quiet = *s;
	struct hone_events events = {0};
	struct hone_try t = {.session = &quiet, .fresh = true};
	struct hone_try_request request = *runs->measure;
	struct hone_candidate *base = NULL;
	int error = hone_tune_check_metric(s, r, err);

	if (!error)
		error = runs->workloads(runs->ctx, &t, err);
	if (error || !t.workloads.n) {
		hone_try_release(&t);
		return error;
	}
	if (s->events) {
		events = *s->events;
		events.planned = NULL;
		events.status = NULL;
		events.built = NULL;
		events.measuring = NULL;
		events.note = events.warning = events.detail;
		quiet.events = &events;
	}
	hone_events_status(s->events, "Checking", "what the workloads do, on the baseline");
	error = hone_candidate_parse("baseline", &base, err);
	if (!error) {
		hone_vec_push(&t.candidates, base);
		t.speed_measured = true;
		request.fresh = true;
		request.measure.rounds = 1;
		error = hone_try_run(&t, &request, err);
	}
	for (size_t i = 0; !error && r->goal != HONE_GOAL_SMALL && t.measurement &&
			   i < t.measurement->n_workloads;
		i++)
		judge(s->events, t.measurement, &t.measurement->workloads[i]);
	r->run_s = error ? 0 : sum_runs(t.measurement);
	forget(&t);
	hone_try_release(&t);
	return error;
}
