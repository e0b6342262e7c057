/* Base and head beside each other in the same rounds, and what these prove of budgets. */
#include "check.h"

#include "clock.h"
#include "fs.h"

#include <math.h>
#include <string.h>

/* Of contestants. */
enum { BASE, HEAD, SIDES };

struct timing {
	struct hone_session *s;
	struct hone_check_budget *budgets;
	size_t n_budgets, tests; /* tests: budgets of runs */
	struct hone_arena *arena;
};

static const struct hone_metric_result *result_of(const struct hone_measurement *m,
	const struct hone_check_budget *b, const struct hone_workload_result **ret)
{
	for (size_t i = 0; i < m->n_workloads; i++) {
		const struct hone_workload_result *w = &m->workloads[i];

		if (!w->name || strcmp(w->name, b->workload) != 0)
			continue;
		*ret = w;
		for (size_t k = 0; k < w->n_metrics; k++)
			if (b->metric == HONE_METRIC_AUTO || b->metric == w->metrics[k].metric)
				return &w->metrics[k];
	}
	return NULL;
}

/* How far a round is above the budget: the sign of it is all that counts. */
static double above(const struct hone_check_budget *b, const struct hone_metric_result *r,
	double base, double head)
{
	if (r->more_is_better)
		return base - hone_check_limit_of_run(b, head);
	return head - hone_check_limit_of_run(b, base);
}

/* Why a budget cannot be held against what is measured; NULL: it can. */
static const char *unfit(const struct hone_check_budget *b, const struct hone_metric_result *r)
{
	if (b->share || (b->metric != HONE_METRIC_AUTO && !r->more_is_better) ||
		(strcmp(hone_metric_info(r->metric)->unit, "s") == 0 && !r->more_is_better))
		return NULL;
	return "what decides in this workload is no time: its budget is a share, \"+3%\"";
}

/* Two one-sided tests of the median at alpha over both sides of all budgets: like the verdicts of try they hold at every
 * look (verdict.h), so that rounds may end as soon as all are decided. */
static void judge(
	const struct timing *t, const struct hone_measurement *m, struct hone_check_budget *b)
{
	const struct hone_workload_result *w = NULL;
	const struct hone_metric_result *r = result_of(m, b, &w);
	struct hone_rules rules = m->rules;
	hone_auto_free double *x = NULL;

	b->verdict = HONE_CHECK_UNDECIDED;
	b->why = r ? unfit(b, r) : "it is not measured in this workload";
	if (!b->why && m->control_differs)
		b->why = "the base and its own copy were told apart, so times cannot be trusted on "
			 "this machine now";
	if (b->why)
		return;
	x = hone_xcalloc(w->rounds + 1, sizeof(*x));
	rules.comparisons = 2 * t->tests;
	for (size_t i = 0; i < w->rounds; i++)
		x[i] = above(b, r, r->samples[BASE][i], r->samples[HEAD][i]);
	if (hone_proved_below(x, w->rounds, 0, &rules)) {
		b->verdict = HONE_CHECK_WITHIN;
		return;
	}
	for (size_t i = 0; i < w->rounds; i++)
		x[i] = -x[i];
	if (hone_proved_below(x, w->rounds, 0, &rules))
		b->verdict = HONE_CHECK_OVER;
	else
		b->why = "the rounds do not decide it";
}

/* Budgets that more rounds might decide. */
static size_t open_budgets(void *ctx, const struct hone_measurement *m)
{
	struct timing *t = ctx;
	size_t n = 0;

	for (size_t i = 0; i < t->n_budgets; i++) {
		struct hone_check_budget *b = &t->budgets[i];
		const struct hone_workload_result *w = NULL;
		const struct hone_metric_result *r;

		if (b->figure != HONE_CHECK_TIME)
			continue;
		judge(t, m, b);
		r = result_of(m, b, &w);
		n += b->verdict == HONE_CHECK_UNDECIDED && r && !unfit(b, r);
	}
	return n;
}

static void progress(void *ctx, const struct hone_measure_progress *p)
{
	hone_events_measuring(((struct timing *)ctx)->s->events, p);
}

static bool has_budget(const struct timing *t, const struct hone_workload_result *w,
	const struct hone_metric_result *r)
{
	for (size_t i = 0; i < t->n_budgets; i++)
		if (t->budgets[i].figure == HONE_CHECK_TIME &&
			strcmp(t->budgets[i].workload, w->name) == 0 &&
			t->budgets[i].metric == r->metric)
			return true;
	return false;
}

/* What decides in each workload, and what has a budget. */
static void fill_rows(
	const struct timing *t, const struct hone_measurement *m, struct hone_check_times *ret)
{
	ret->v = hone_arena_alloc(
		t->arena, hone_size_mul(m->n_workloads * HONE_METRICS, sizeof(*ret->v)));
	for (size_t i = 0; i < m->n_workloads; i++) {
		const struct hone_workload_result *w = &m->workloads[i];

		for (size_t k = 0; k < w->n_metrics; k++) {
			const struct hone_metric_result *r = &w->metrics[k];
			const struct hone_estimate *e = &r->estimate[HEAD];

			if (k && !has_budget(t, w, r))
				continue;
			ret->v[ret->n++] = (struct hone_check_time){
				.workload = hone_arena_strdup(t->arena, w->name),
				.metric = r->metric,
				.primary = k == 0,
				.more_is_better = r->more_is_better,
				.base = r->median[BASE],
				.head = r->median[HEAD],
				.ratio = e->ratio,
				.low = e->low,
				.high = e->high,
				.verdict = e->verdict,
				.rounds = e->rounds};
		}
	}
}

static void tell_notes(const struct timing *t, const struct hone_measurement *m)
{
	for (size_t i = 0; i < m->notes.n; i++)
		hone_events_note(t->s->events, "%s", m->notes.v[i]);
}

static void take_result(
	struct timing *t, const struct hone_measurement *m, struct hone_check_times *ret)
{
	tell_notes(t, m);
	if (m->status[HEAD] != HONE_RAN) {
		ret->failed = hone_arena_printf(
			t->arena, "the head fails: %s", m->reason[HEAD] ? m->reason[HEAD] : "");
		ret->why = ret->failed;
		return;
	}
	(void)open_budgets(t, m);
	fill_rows(t, m, ret);
}

static int run(struct timing *t, const struct hone_check_runs *r, const char *base,
	const char *head, struct hone_check_times *ret, struct hone_err *err)
{
	const struct hone_contestant contestants[SIDES] = {
		{.name = "base", .path = base, .baseline = true}, {.name = "head", .path = head}};
	hone_auto_free char *run_dir = hone_path_join(t->s->dir.run, "check");
	const struct hone_measure_opts opts = {.run_dir = run_dir,
		.rounds = r->rounds,
		.budget_s = r->budget_s,
		.seed = (uint64_t)hone_now_ns(),
		.own_rates = !r->rounds,
		.may_differ = true,
		.source_root = t->s->project->workspace_root,
		.open = t->tests ? open_budgets : NULL,
		.on_progress = progress,
		.ctx = t};
	struct hone_measurement *m = NULL;
	int error;

	hone_events_quiet(t->s->events);
	error = hone_measure(contestants, SIDES, r->v, r->n, &opts, &m, err);
	hone_events_settled(t->s->events);
	if (error == HONE_E_FAILED) {
		ret->why = hone_arena_strdup(t->arena, err->msg);
		hone_err_release(err);
		error = 0;
	} else if (!error) {
		take_result(t, m, ret);
	}
	hone_measurement_free(m);
	return error;
}

/* Every budget of runs gets this verdict. */
static void all_are(struct timing *t, enum hone_check_verdict v, const char *why)
{
	for (size_t i = 0; i < t->n_budgets; i++)
		if (t->budgets[i].figure == HONE_CHECK_TIME) {
			t->budgets[i].verdict = v;
			t->budgets[i].why = why;
		}
}

/* One file needs no rounds to be as fast as itself, where all that is asked is how it compares. */
static bool is_same(const struct timing *t, const struct hone_check_side *base,
	const struct hone_check_side *head)
{
	for (size_t i = 0; i < t->n_budgets; i++)
		if (t->budgets[i].figure == HONE_CHECK_TIME &&
			(!t->budgets[i].relative || t->budgets[i].value < 0))
			return false;
	return strcmp(base->hash, head->hash) == 0;
}

int hone_check_measure(struct hone_session *s, const struct hone_check_runs *r,
	const struct hone_check_side *base, const struct hone_check_side *head,
	struct hone_check_budgets *budgets, struct hone_check_times *ret, struct hone_err *err)
{
	struct timing t = {
		.s = s, .budgets = budgets->v, .n_budgets = budgets->n, .arena = &budgets->arena};
	int error = 0;

	*ret = (struct hone_check_times){0};
	for (size_t i = 0; i < t.n_budgets; i++)
		t.tests += t.budgets[i].figure == HONE_CHECK_TIME;
	if (r->skip) {
		ret->why = "--no-run";
	} else if (is_same(&t, base, head)) {
		ret->same_file = true;
	} else if (!*base->binary) {
		ret->why = "the saved base has no binary to run";
	} else {
		error = hone_session_can_run(s, r->v, r->n, err);
		if (!error)
			error = run(&t, r, base->binary, head->binary, ret, err);
	}
	if (!error && (ret->why || ret->same_file))
		all_are(&t, ret->same_file ? HONE_CHECK_WITHIN : HONE_CHECK_UNDECIDED, ret->why);
	return error;
}
