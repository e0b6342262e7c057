#include "measure_impl.h"
#include "rules.h"

#include <math.h>

/* Runs longer than this are worth a word between them. */
#define LONG_RUN_NS HONE_NS_PER_S

void hone_comparison_report(const struct hone_comparison *s, const struct hone_measure_progress *p)
{
	if (s->opts.on_progress)
		s->opts.on_progress(s->opts.ctx, p);
}

static char *run_failure(const struct hone_proc_result *r, int exit_code)
{
	hone_auto_free char *how = NULL;

	if (r->exit_code == exit_code && !r->timed_out)
		return NULL;
	how = hone_proc_how_ended(r);
	return r->exit_code >= 0 && !r->timed_out
		       ? hone_xasprintf("%s instead of %d", how, exit_code)
		       : HONE_TAKE(how);
}

/* Why a run is no sample. */
struct failure {
	char *text; /* NULL: it is one */
	enum hone_contestant_status status;
};

/* The number that a bench printed; NULL, or why there is none. Which benchmarks they are was compared before:
 * their number tells whether one is missing, which would change the mean. */
static char *take_figure(
	struct hone_comparison *s, size_t workload, const char *output, struct hone_sample *ret)
{
	hone_auto_bench_report struct hone_bench_report report = HONE_BENCH_REPORT_INIT;
	const struct hone_workload *w = &s->workloads[workload];
	char *why = hone_bench_read(w, output, &report);

	if (why)
		return why;
	if (!s->benches[workload])
		s->benches[workload] = report.names.n;
	if (s->benches[workload] != report.names.n)
		return hone_xasprintf("%zu benchmarks are in its output instead of %zu",
			report.names.n, s->benches[workload]);
	ret->v[hone_bench_metric(w)] = report.value;
	return NULL;
}

static int run_command(struct hone_comparison *s, size_t workload, size_t who, size_t pad,
	struct hone_outcome *o, struct failure *ret_failure, struct hone_err *err)
{
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	const struct hone_workload *w = &s->workloads[workload];
	bool bench = w->kind == HONE_WORKLOAD_BENCH;
	double first_s = NAN;
	int error = w->until_output
			    ? hone_run_until_output(s, w, who, pad, &first_s, &r, err)
			    : hone_run_workload(s, w, who,
				      bench ? HONE_RUN_CAPTURED : HONE_RUN_MEASURED, pad, &r, err);

	if (error)
		return error;
	o->suspended = r.suspended;
	hone_sample_usage(&o->sample, &r.usage);
	o->took_ns = r.usage.wall_ns;
	ret_failure->status = r.timed_out ? HONE_RUN_TIMEOUT : HONE_RUN_FAILED;
	if (w->until_output) {
		o->sample.v[HONE_METRIC_WALL] = first_s;
		ret_failure->text = isnan(first_s)            ? hone_xasprintf("it printed nothing")
				    : hone_died_by_itself(&r) ? hone_proc_how_ended(&r)
							      : NULL;
		return 0;
	}
	ret_failure->text = run_failure(&r, s->m->workloads[workload].exit_code);
	if (s->counted[workload] && !ret_failure->text && !hone_emulator_read(s, &o->sample))
		ret_failure->text = hone_xasprintf("its emulator left no count of instructions");
	if (bench && !ret_failure->text)
		ret_failure->text = take_figure(s, workload, hone_buf_str(&r.out), &o->sample);
	return 0;
}

int hone_comparison_run_once(struct hone_comparison *s, size_t workload, size_t who, size_t pad,
	const char *when, struct hone_outcome *ret, struct hone_err *err)
{
	const struct hone_workload *w = &s->workloads[workload];
	struct failure failure = {.status = HONE_RUN_FAILED};
	hone_auto_free char *why = NULL;
	int64_t start = hone_now_ns();
	int error;

	*ret = (struct hone_outcome){.usable = false};
	hone_sample_init(&ret->sample);
	if (w->service) {
		error = hone_run_service(s, w, &(struct hone_service_run){.who = who, .pad = pad},
			&ret->sample, &failure.text, err);
		ret->took_ns = hone_now_ns() - start;
	} else {
		error = run_command(s, workload, who, pad, ret, &failure, err);
	}
	why = failure.text;
	if (error)
		return error;
	ret->usable = !why;
	if (!why)
		return 0;
	if (who == s->m->baseline || who == s->m->control) {
		hone_err_set(err, HONE_E_FAILED,
			"workload `%s` does not always work on the baseline: it passed before, but "
			"%s: %s",
			w->name, when, why);
		return hone_err_hint(err, "a workload has to end the same way every time; what was "
					  "measured until then is kept");
	}
	hone_comparison_out(s, who, failure.status,
		hone_xasprintf("workload `%s`: it passed before, but %s: %s", w->name, when, why));
	return 0;
}

/* The random numbers of the round that comes next. They depend on the seed and the round's number
 * alone, so that a comparison that goes on after an interrupt runs the rounds that it would have run. */
static struct hone_rng rng_of_round(const struct hone_comparison *s)
{
	struct hone_rng rng;

	/* An odd factor, so that no two rounds of a seed share their numbers. */
	hone_rng_init(&rng, s->opts.seed + (s->m->rounds + 1) * 0xd1342543de82ef95u);
	return rng;
}

static void drop_round(struct hone_measurement *m)
{
	m->rounds--;
	for (size_t i = 0; i < m->n_workloads; i++)
		m->workloads[i].rounds -= m->workloads[i].repeats;
}

/* Where in the rounds a run is. */
struct place {
	const char *when;
	size_t workload, pad;
	size_t sample; /* of the workload */
};

/* One workload with everyone who races, once. */
static int run_everyone(struct hone_comparison *s, const struct place *at, struct hone_rng *rng,
	struct hone_measure_progress *p, bool *ret_suspended, struct hone_err *err)
{
	size_t everyone = s->n + 1;
	hone_auto_free size_t *order = hone_xcalloc(everyone, sizeof(*order));
	int error = 0;

	for (size_t k = 0; k < everyone; k++)
		order[k] = k;
	hone_rng_shuffle(rng, order, everyone);
	for (size_t k = 0; k < everyone && !error; k++) {
		struct hone_outcome o;

		if (!hone_comparison_races(s, order[k]))
			continue;
		error = hone_comparison_run_once(
			s, at->workload, order[k], at->pad, at->when, &o, err);
		*ret_suspended |= o.suspended;
		if (error)
			break;
		s->run_ns += o.took_ns;
		if (o.usable)
			hone_measurement_take(s->m, at->workload, order[k], at->sample, &o.sample);
		if (o.took_ns > LONG_RUN_NS) {
			p->workload = at->workload;
			p->at = order[k];
			hone_comparison_report(s, p);
		}
	}
	return error;
}

/* Every workload with everyone who races, as often as its rate says. */
static int run_round(struct hone_comparison *s, struct hone_measure_progress *p,
	bool *ret_suspended, struct hone_err *err)
{
	size_t round = s->m->rounds;
	hone_auto_free size_t *workloads = hone_xcalloc(s->n_workloads, sizeof(*workloads));
	hone_auto_free char *when = hone_xasprintf("in round %zu", round + 1);
	struct hone_rng rng = rng_of_round(s);
	size_t pad = (size_t)hone_rng_below(&rng, HONE_RULE_PADDING);
	int error = 0;

	hone_measurement_grow(s->m);
	*ret_suspended = false;
	for (size_t i = 0; i < s->n_workloads; i++)
		workloads[i] = i;
	hone_rng_shuffle(&rng, workloads, s->n_workloads);
	for (size_t i = 0; i < s->n_workloads && !error; i++) {
		size_t repeats = s->m->workloads[workloads[i]].repeats;
		struct place at = {when, workloads[i], pad, round * repeats};

		for (size_t r = 0; r < repeats && !error; r++, at.sample++) {
			error = run_everyone(s, &at, &rng, p, ret_suspended, err);
			if (r + 1 < repeats)
				at.pad = (size_t)hone_rng_below(&rng, HONE_RULE_PADDING);
		}
	}
	if (error || *ret_suspended) {
		drop_round(s->m);
		return error;
	}
	/* Who was taken out in this round has no complete sample in it. */
	for (size_t who = 0; who < s->n; who++)
		if (!hone_comparison_is_in(s, who))
			hone_measurement_forget(s->m, who, round);
	return 0;
}

static size_t count_left(const struct hone_measurement *m)
{
	size_t n = 0;

	for (size_t who = 0; who < m->n; who++)
		n += m->left[who] > 0;
	return n;
}

static size_t count_racers(const struct hone_comparison *s)
{
	size_t n = 0;

	for (size_t who = 0; who <= s->n; who++)
		n += hone_comparison_races(s, who);
	return n;
}

/* Rounds are shorter once somebody has left: until there is one, by how many run in it. */
static void pace(struct hone_comparison *s, size_t before)
{
	size_t now = count_racers(s);

	if (now == before)
		return;
	s->round_s *= (double)now / (double)before;
	s->paced_rounds = s->m->rounds;
	s->paced_s = s->m->elapsed_s;
}

/* How much longer it would take to decide everything, at this pace. */
static double time_to_decide(const struct hone_comparison *s)
{
	double most = 0;

	for (size_t who = 0; who < s->n; who++)
		if (hone_comparison_races(s, who))
			most = fmax(most, s->m->composite[who].more_rounds);
	return most > 0 ? most * s->round_s : 0;
}

/* Are there rounds to be run at all? The baseline alone is measured, too, if nobody else was named. */
static bool is_worth_it(const struct hone_comparison *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (i != s->m->baseline && hone_comparison_races(s, i))
			return true;
	return s->n == 1;
}

/* What the rounds that fit into the budget could prove, by the noise of the control. */
static double provable(const struct hone_comparison *s)
{
	double left_s = fmax(s->opts.budget_s - s->m->elapsed_s, 0);
	double rounds = s->opts.rounds ? (double)s->opts.rounds
				       : (double)s->m->rounds + left_s / s->round_s;

	return hone_provable(
		&s->m->rules, s->m->composite[s->m->control].spread, (size_t)fmin(rounds, 1e7));
}

static bool is_over(const struct hone_comparison *s, size_t undecided)
{
	if (s->opts.rounds > 0)
		return s->m->rounds >= s->opts.rounds;
	if (s->m->rounds > 0 && s->m->elapsed_s + s->round_s > s->opts.budget_s)
		return true;
	if (s->m->rounds < s->opts.min_rounds)
		return false;
	return undecided == 0 || (s->opts.enough_s > 0 && s->m->elapsed_s >= s->opts.enough_s);
}

/* Contestants whose verdict is open; before the first look all but the baseline. */
static size_t look(const struct hone_comparison *s)
{
	if (s->opts.rounds > 0 || s->m->rounds < s->opts.min_rounds)
		return s->n - 1;
	hone_measurement_judge(s->m, true);
	if (s->opts.open)
		return s->opts.open(s->opts.ctx, s->m);
	hone_measurement_race(s->m);
	return hone_measurement_undecided(s->m);
}

bool hone_rounds_are_over(const struct hone_comparison *s)
{
	return s->m->rounds > 0 && (!is_worth_it(s) || is_over(s, look(s)));
}

int hone_run_rounds(struct hone_comparison *s, struct hone_err *err)
{
	struct hone_measurement *m = s->m;
	struct hone_measure_progress p = {
		.stage = HONE_STAGE_PLAN,
		.n = s->n,
		.rounds = s->opts.rounds,
		.round = m->rounds,
		.undecided = look(s),
		.expected_s =
			s->opts.rounds ? (double)s->opts.rounds * s->round_s : s->opts.budget_s,
		.round_s = s->round_s,
		.least_s = (double)s->opts.min_rounds * s->round_s,
	};
	int64_t start = hone_now_ns();
	size_t looked = m->rounds;
	cpu_set_t cpus;
	bool pinned;
	int error = 0;

	hone_machine_state_read(&m->before);
	hone_comparison_report(s, &p);
	pinned = hone_pin_self(s, &cpus);
	p.stage = HONE_STAGE_ROUND;
	while (!error && is_worth_it(s) && !is_over(s, p.undecided)) {
		bool suspended;

		error = hone_interrupted(err);
		for (size_t i = 0; !error && i < s->n_programs; i++)
			if (s->copies[i].spent_ns < s->run_ns / HONE_RULE_COPY_SHARE)
				error = hone_copies_renew(&s->copies[i], &s->rng, err);
		if (!error)
			error = run_round(s, &p, &suspended, err);
		m->elapsed_s = s->spent_before_s + hone_ns_to_s(hone_now_ns() - start);
		m->runs_s = hone_ns_to_s(s->run_ns);
		if (error || suspended)
			continue;
		s->round_s = (m->elapsed_s - s->paced_s) / (double)(m->rounds - s->paced_rounds);
		if (s->opts.rounds == 0 &&
			hone_measurement_is_look(m->rounds, looked, s->opts.min_rounds)) {
			size_t before = count_racers(s);

			looked = m->rounds;
			p.undecided = look(s);
			pace(s, before);
			p.expected_s = fmin(m->elapsed_s + time_to_decide(s), s->opts.budget_s);
		}
		error = hone_comparison_keep(s, err);
		p.round = m->rounds;
		p.left = count_left(m);
		p.elapsed_s = m->elapsed_s;
		hone_comparison_report(s, &p);
	}
	if (pinned)
		hone_unpin_self(&cpus);
	hone_machine_state_read(&m->after);
	hone_measurement_judge(m, false);
	if (m->rounds > 0) {
		m->more_s = time_to_decide(s);
		m->provable = provable(s);
	}
	return error;
}
