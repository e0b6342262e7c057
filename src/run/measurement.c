#include "measure_impl.h"
#include "summary.h"
#include "rules.h"

#include <math.h>
#include <string.h>

/* What wait4 tells about every run, and what is known of a window under load; AUTO ends a list. */
static const enum hone_metric run_metrics[] = {HONE_METRIC_EMULATED, HONE_METRIC_WALL,
	HONE_METRIC_CPU, HONE_METRIC_USER, HONE_METRIC_SYSTEM, HONE_METRIC_PEAK_MEMORY,
	HONE_METRIC_MINOR_FAULTS, HONE_METRIC_MAJOR_FAULTS, HONE_METRIC_VOLUNTARY_SWITCHES,
	HONE_METRIC_INVOLUNTARY_SWITCHES, HONE_METRIC_INSTRUCTIONS, HONE_METRIC_CYCLES,
	HONE_METRIC_AUTO};
static const enum hone_metric service_metrics[] = {HONE_METRIC_CPU_PER_REQUEST,
	HONE_METRIC_REQUESTS_PER_S, HONE_METRIC_LATENCY_P50, HONE_METRIC_LATENCY_P90,
	HONE_METRIC_LATENCY_P99, HONE_METRIC_PEAK_MEMORY, HONE_METRIC_COLD_START, HONE_METRIC_AUTO};

void hone_sample_init(struct hone_sample *s)
{
	for (int m = 0; m < HONE_METRICS; m++)
		s->v[m] = NAN;
}

void hone_sample_usage(struct hone_sample *s, const struct hone_usage *u)
{
	s->v[HONE_METRIC_WALL] = hone_ns_to_s(u->wall_ns);
	s->v[HONE_METRIC_CPU] = hone_ns_to_s(u->user_ns + u->sys_ns);
	s->v[HONE_METRIC_USER] = hone_ns_to_s(u->user_ns);
	s->v[HONE_METRIC_SYSTEM] = hone_ns_to_s(u->sys_ns);
	s->v[HONE_METRIC_PEAK_MEMORY] = (double)u->peak_rss;
	s->v[HONE_METRIC_MINOR_FAULTS] = (double)u->minor_faults;
	s->v[HONE_METRIC_MAJOR_FAULTS] = (double)u->major_faults;
	s->v[HONE_METRIC_VOLUNTARY_SWITCHES] = (double)u->voluntary_switches;
	s->v[HONE_METRIC_INVOLUNTARY_SWITCHES] = (double)u->involuntary_switches;
	if (u->instructions >= 0)
		s->v[HONE_METRIC_INSTRUCTIONS] = (double)u->instructions;
	if (u->cycles >= 0)
		s->v[HONE_METRIC_CYCLES] = (double)u->cycles;
}

void hone_measurement_set_rules(struct hone_measurement *m, const struct hone_measure_opts *opts)
{
	m->rules = (struct hone_rules){
		.sequential = opts->rounds == 0,
		.alpha = opts->alpha,
		.comparisons = (m->n - 1) * (m->n_workloads + (m->n_workloads > 1)),
		.level = HONE_RULE_LEVEL,
		.precision = opts->precision,
		.margin = opts->margin,
	};
	if (m->rules.comparisons == 0)
		m->rules.comparisons = 1;
}

bool hone_measurement_is_look(size_t rounds, size_t last, size_t min_rounds)
{
	return rounds >= min_rounds && rounds - last > rounds / HONE_RULE_LOOKS_APART;
}

struct hone_measurement *hone_measurement_new(const struct hone_comparison *s)
{
	struct hone_measurement *m;
	size_t baseline = 0;

	for (size_t i = 0; i < s->n; i++)
		if (s->contestants[i].baseline)
			baseline = i;
	m = hone_measurement_blank(s->n, baseline, s->n_workloads);
	for (size_t i = 0; i < s->n; i++)
		m->apart[i] = s->contestants[i].apart;
	for (size_t i = 0; i < s->n_workloads; i++) {
		m->workloads[i].name = hone_xstrdup(s->workloads[i].name);
		m->workloads[i].kind = s->workloads[i].kind;
		m->workloads[i].weight = s->workloads[i].weight;
	}
	hone_measurement_set_rules(m, &s->opts);
	return m;
}

static void metric_result_release(struct hone_metric_result *r, size_t n)
{
	for (size_t i = 0; i <= n; i++)
		free(r->samples[i]);
	free(r->samples);
	free(r->median);
	free(r->estimate);
}

void hone_measurement_free(struct hone_measurement *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < m->n_workloads; i++) {
		struct hone_workload_result *w = &m->workloads[i];

		for (size_t k = 0; k < w->n_metrics; k++)
			metric_result_release(&w->metrics[k], m->n);
		free(w->metrics);
		free(w->name);
		free(w->primary_why);
		free(w->note);
		free(w->callgrind);
	}
	for (size_t i = 0; i < m->n; i++)
		free(m->reason[i]);
	for (size_t i = 0; i <= m->n; i++)
		free(m->log_cost[i]);
	free(m->workloads);
	free(m->status);
	free(m->apart);
	free(m->left);
	free(m->reason);
	free(m->composite);
	free(m->log_cost);
	hone_strv_release(&m->notes);
	hone_machine_state_release(&m->before);
	hone_machine_state_release(&m->after);
	free(m);
}

void hone_measurement_add_metric(
	struct hone_measurement *m, size_t workload, enum hone_metric metric, bool more_is_better)
{
	struct hone_workload_result *w = &m->workloads[workload];
	struct hone_metric_result *r;

	if (!w->metrics)
		w->metrics = hone_xcalloc(HONE_METRICS, sizeof(*w->metrics));
	if (w->n_metrics == HONE_METRICS)
		hone_bug("more metrics than there are");
	r = &w->metrics[w->n_metrics];
	*r = (struct hone_metric_result){.metric = metric,
		.primary = w->n_metrics == 0,
		.more_is_better = more_is_better,
		.samples = hone_xcalloc(m->n + 1, sizeof(*r->samples)),
		.median = hone_xcalloc(m->n + 1, sizeof(*r->median)),
		.estimate = hone_xcalloc(m->n + 1, sizeof(*r->estimate))};
	for (size_t k = 0; k <= m->n; k++)
		r->median[k] = NAN;
	w->n_metrics++;
}

void hone_measurement_set_metrics(struct hone_measurement *m, size_t workload,
	enum hone_metric primary, bool more_is_better, const char *why,
	const struct hone_sample *seen)
{
	struct hone_workload_result *w = &m->workloads[workload];
	const enum hone_metric *list =
		w->kind == HONE_WORKLOAD_SERVICE ? service_metrics : run_metrics;

	w->primary_why = hone_xstrdup(why);
	hone_measurement_add_metric(m, workload, primary, more_is_better);
	for (; *list != HONE_METRIC_AUTO; list++)
		if (*list != primary && !isnan(seen->v[*list]))
			hone_measurement_add_metric(
				m, workload, *list, hone_metric_info(*list)->more_is_better);
}

/* Room for `rounds` values, the last one NaN; grows by doubling. */
static void grow(double **list, size_t rounds)
{
	/* A power of two is where the room that was there before ends. */
	if ((rounds & (rounds - 1)) == 0)
		*list = hone_xrealloc(*list, hone_size_mul(2 * rounds, sizeof(**list)));
	(*list)[rounds - 1] = NAN;
}

void hone_measurement_grow(struct hone_measurement *m)
{
	size_t rounds = ++m->rounds;

	for (size_t i = 0; i < m->n_workloads; i++) {
		struct hone_workload_result *w = &m->workloads[i];

		for (size_t r = 0; r < w->repeats; r++) {
			w->rounds++;
			for (size_t k = 0; k < w->n_metrics; k++)
				for (size_t who = 0; who <= m->n; who++)
					grow(&w->metrics[k].samples[who], w->rounds);
		}
	}
	for (size_t who = 0; who <= m->n; who++)
		grow(&m->log_cost[who], rounds);
}

void hone_measurement_take(struct hone_measurement *m, size_t workload, size_t who, size_t at,
	const struct hone_sample *sample)
{
	struct hone_workload_result *w = &m->workloads[workload];

	for (size_t k = 0; k < w->n_metrics; k++)
		w->metrics[k].samples[who][at] = sample->v[w->metrics[k].metric];
}

void hone_measurement_forget(struct hone_measurement *m, size_t who, size_t round)
{
	for (size_t i = 0; i < m->n_workloads; i++) {
		struct hone_workload_result *w = &m->workloads[i];

		for (size_t k = 0; k < w->n_metrics; k++)
			for (size_t r = 0; r < w->repeats; r++)
				w->metrics[k].samples[who][round * w->repeats + r] = NAN;
	}
}

/* ---- judging */

/* The log of what a workload's runs in one round came to: of several runs their median, as one that was disturbed is not to
 * count. */
static double log_of_round(
	const struct hone_workload_result *w, size_t who, size_t round, double *scratch)
{
	const double *samples = w->metrics[0].samples[who] + round * w->repeats;

	if (w->repeats == 1)
		return log(samples[0]);
	for (size_t r = 0; r < w->repeats; r++)
		scratch[r] = log(samples[r]);
	return hone_median(scratch, w->repeats);
}

void hone_measurement_log_cost(
	const struct hone_measurement *m, const bool *counts, double *const *ret)
{
	hone_auto_free double *scratch = NULL;
	double weights = 0;
	size_t most = 1;

	for (size_t i = 0; i < m->n_workloads; i++) {
		weights += !counts || counts[i] ? m->workloads[i].weight : 0;
		most = m->workloads[i].repeats > most ? m->workloads[i].repeats : most;
	}
	scratch = hone_xcalloc(most, sizeof(*scratch));
	for (size_t who = 0; who <= m->n; who++)
		for (size_t round = 0; round < m->rounds; round++) {
			double sum = 0;

			for (size_t i = 0; i < m->n_workloads; i++) {
				const struct hone_workload_result *w = &m->workloads[i];
				double x;

				if (counts && !counts[i])
					continue;
				x = log_of_round(w, who, round, scratch);
				sum += w->weight / weights *
				       (w->metrics[0].more_is_better ? -x : x);
			}
			ret[who][round] = sum;
		}
}

/* A sample that does not differ from itself. */
static void itself(struct hone_estimate *e, size_t rounds)
{
	*e = (struct hone_estimate){
		.rounds = rounds, .ratio = 1, .low = 1, .high = 1, .verdict = HONE_VERDICT_SAME};
}

/* The control is one comparison of its own. */
static struct hone_rules rules_for(
	const struct hone_measurement *m, size_t who, const struct hone_rules *rules)
{
	struct hone_rules r = *rules;

	if (who == m->control)
		r.comparisons = 1;
	return r;
}

static void judge_metric(
	struct hone_measurement *m, size_t workload, size_t metric, const struct hone_rules *family)
{
	size_t rounds = m->workloads[workload].rounds;
	struct hone_metric_result *r = &m->workloads[workload].metrics[metric];
	hone_auto_free double *x = hone_xcalloc(rounds + 1, sizeof(*x));
	const struct hone_estimate *control = &r->estimate[m->control];

	for (size_t who = 0; who <= m->n; who++) {
		struct hone_rules rules = rules_for(m, who, family);

		rules.more_is_better = r->more_is_better;
		r->median[who] = hone_median(r->samples[who], rounds);
		if (who == m->baseline) {
			itself(&r->estimate[who], rounds);
			continue;
		}
		for (size_t i = 0; i < rounds; i++)
			x[i] = hone_log_ratio(r->samples[who][i], r->samples[m->baseline][i]);
		hone_judge(x, rounds, &rules, &r->estimate[who]);
	}
	r->noise = fmax(1 - control->low, control->high - 1);
}

static void judge_composite(struct hone_measurement *m)
{
	hone_auto_free double *x = hone_xcalloc(m->rounds + 1, sizeof(*x));

	for (size_t who = 0; who <= m->n; who++) {
		struct hone_rules rules = rules_for(m, who, &m->rules);

		if (who == m->baseline) {
			itself(&m->composite[who], m->rounds);
			continue;
		}
		for (size_t i = 0; i < m->rounds; i++)
			x[i] = m->log_cost[who][i] - m->log_cost[m->baseline][i];
		hone_judge(x, m->rounds, &rules, &m->composite[who]);
	}
}

static bool is_claim(enum hone_verdict v)
{
	return v == HONE_VERDICT_BETTER || v == HONE_VERDICT_WORSE;
}

/* Nothing is better or worse on a machine that tells a program from its own copy. */
static void withdraw_claims(struct hone_measurement *m)
{
	for (size_t who = 0; who < m->n; who++) {
		if (is_claim(m->composite[who].verdict))
			m->composite[who].verdict = HONE_VERDICT_UNDECIDED;
		for (size_t i = 0; i < m->n_workloads; i++) {
			struct hone_estimate *e = &m->workloads[i].metrics[0].estimate[who];

			if (is_claim(e->verdict))
				e->verdict = HONE_VERDICT_UNDECIDED;
		}
	}
}

void hone_measurement_judge(struct hone_measurement *m, bool primary_only)
{
	hone_measurement_log_cost(m, NULL, m->log_cost);
	for (size_t i = 0; i < m->n_workloads; i++) {
		struct hone_workload_result *w = &m->workloads[i];
		struct hone_rules others = m->rules;

		/* The other metrics are a family of their own, so that looking at many of them makes
		 * no more false claims than the primary ones do. */
		others.comparisons *= w->n_metrics > 1 ? w->n_metrics - 1 : 1;
		judge_metric(m, i, 0, &m->rules);
		for (size_t k = 1; k < w->n_metrics && !primary_only; k++)
			judge_metric(m, i, k, &others);
	}
	judge_composite(m);
	m->control_differs = is_claim(m->composite[m->control].verdict);
	if (m->control_differs)
		withdraw_claims(m);
}

size_t hone_measurement_undecided(const struct hone_measurement *m)
{
	size_t n = 0;

	for (size_t who = 0; who < m->n; who++)
		n += m->status[who] == HONE_RAN &&
		     (m->composite[who].verdict == HONE_VERDICT_UNDECIDED ||
			     m->composite[who].verdict == HONE_VERDICT_NONE);
	return n;
}
