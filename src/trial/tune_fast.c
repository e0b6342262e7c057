/* The searches that are decided by time: candidates run beside each other in the rounds of `try`, which throw out who is proved
 * slower; what is left gets fresh rounds against the baseline. */
#include "tune_impl.h"

#include "clock.h"
#include "estimate.h"
#include "path.h"
#include "rules.h"
#include "try_beside.h"

#include <string.h>

struct race {
	struct hone_tune *t;
	const struct hone_tune_runs *runs;
	unsigned comparisons;        /* that are still to come, the last one included */
	struct hone_tune_list list;  /* what runs next */
	struct hone_candidate *lead; /* fastest so far; owned; NULL: the baseline */
	struct hone_candidate
		*small; /* of goal balanced: the smallest within the margin of it; owned; or NULL */
};

/* Adds a recipe by its name, with another value of a setting where that is not NULL. What cannot be planned is out. */
static int add(struct race *r, const char *name, enum hone_setting_id id, const char *value,
	struct hone_err *err)
{
	struct hone_candidate *c = NULL;
	int error = hone_candidate_parse_allowed(name, r->t->request->allowed, &c, err);

	if (error)
		return error;
	if (value)
		hone_candidate_set(c, hone_setting(id), NULL, value);
	hone_tune_adapt(r->t, c);
	hone_tune_name(r->t, c);
	hone_vec_push(&r->list.candidates, c);
	return 0;
}

/* Is it one of the first n of the list, or the baseline? */
static bool is_twice(const struct hone_tune_list *l, size_t n, const struct hone_candidate *c)
{
	hone_auto_free char *mine = hone_candidate_canonical(c);

	for (size_t i = 0; i < n; i++) {
		hone_auto_free char *other = hone_candidate_canonical(l->candidates.v[i]);

		if (strcmp(mine, other) == 0)
			return true;
	}
	return !*mine;
}

/* Leaves out what is there twice, is the baseline, or cannot be planned. */
static void sift(struct race *r)
{
	struct hone_tune_list *l = &r->list;
	size_t kept = 0;

	for (size_t i = 0; i < l->candidates.n; i++) {
		struct hone_candidate *c = l->candidates.v[i];
		hone_auto_err struct hone_err why = HONE_ERR_INIT;
		const struct hone_plan *plan = NULL;
		bool twice = is_twice(l, kept, c);
		bool refused = !twice && hone_plan_make(&r->t->session.env, c, &plan, &why);

		hone_plan_free(plan);
		if (refused)
			hone_tune_out(r->t, c, why.msg);
		l->candidates.v[kept] = c;
		if (twice || refused)
			hone_candidate_free(c);
		else
			kept++;
	}
	l->candidates.n = kept;
}

/* Has it a ratio of its own, and may it win? */
static bool counts(const struct hone_try *t, size_t i, double *ret_ratio)
{
	const struct hone_trial *trial = &t->trials[i];

	if (!t->measurement || !trial->allowed || trial->status != HONE_TRIAL_BUILT ||
		trial->contestant == SIZE_MAX)
		return false;
	*ret_ratio = t->measurement->composite[trial->contestant].ratio;
	return *ret_ratio > 0;
}

/* Where nothing is proved yet: the smallest file of those whose ratio is at most so much above the least; 0: none is below
 * the baseline's. Only the last rounds decide. */
static size_t find_near(const struct hone_try *t, double margin)
{
	double least = 1, ratio;
	size_t found = 0;

	for (size_t i = 1; i < t->n; i++)
		if (counts(t, i, &ratio) && ratio < least)
			least = ratio;
	for (size_t i = 1; i < t->n && least < 1; i++)
		if (counts(t, i, &ratio) && ratio <= least * (1 + margin) &&
			(!found || t->trials[i].artifact->size < t->trials[found].artifact->size))
			found = i;
	return found;
}

static void replace(struct hone_candidate **to, const struct hone_candidate *c)
{
	hone_candidate_free(*to);
	*to = hone_candidate_copy(c, c->name);
}

/* Takes what leads after the rounds, and what balances. */
static void take_lead(struct race *r, const struct hone_try *t, const char *what)
{
	size_t lead = t->best.allowed.fast, balanced = t->best.allowed.balanced;
	const struct hone_candidate *before = r->lead ? r->lead : t->trials[0].candidate;
	struct hone_tune_step step = {.tried = t->n - 1};
	const struct hone_trial *trial;

	if (lead == HONE_PICK_NONE || !lead)
		lead = find_near(t, HONE_RULE_PRECISION);
	if (balanced == HONE_PICK_NONE)
		balanced = find_near(t, hone_tune_within(r->t->request));
	trial = &t->trials[lead];
	if (balanced)
		replace(&r->small, t->trials[balanced].candidate);
	if (!lead)
		return;
	step.change = hone_tune_change(before, trial->candidate);
	step.before = t->trials[0].artifact->size;
	step.after = trial->artifact->size;
	step.ratio = t->measurement->composite[trial->contestant].ratio;
	hone_events_status(r->t->all, "Fastest", "%s: %.3f of the baseline's time so far",
		trial->candidate->name, step.ratio);
	snprintf(r->t->lead, sizeof(r->t->lead), "fastest so far %.3f of the baseline's time",
		step.ratio);
	if (*step.change) {
		step.what = hone_xstrdup(what);
		hone_vec_push(&r->t->result->steps, step);
	} else {
		free(step.change);
	}
	replace(&r->lead, trial->candidate);
}

/* Leaves out of the list, last ones first, what would not be built in its part of the budget, of which the rounds have a share.
 * *ret_s: seconds that the builds are estimated to take. */
static int fit_budget(struct race *r, double share_s, double *ret_s, struct hone_err *err)
{
	struct hone_tune *t = r->t;
	const struct hone_session *s = &t->session;
	struct hone_candidates *c = &r->list.candidates;
	hone_auto_free const struct hone_plan **plans = hone_xcalloc(c->n + 1, sizeof(*plans));
	unsigned width = hone_try_width(&(struct hone_try){.session = s, .n = c->n + 1});
	struct hone_build_estimate e = {0};
	size_t n = 0;
	int error = 0;

	for (; n < c->n && !error; n++)
		error = hone_plan_make(&s->env, c->v[n], &plans[n], err);
	while (!error) {
		error = hone_build_estimate(&s->env, &s->dir, plans, c->n, width, &e, err);
		if (error || c->n < 2 || t->request->budget_s <= 0 ||
			hone_tune_fits(t, e.s, HONE_RULE_TUNE_BUILDS_SHARE * share_s))
			break;
		hone_candidate_free(c->v[--c->n]);
		t->result->ended = "budget";
	}
	for (size_t i = 0; i < n; i++)
		hone_plan_free(plans[i]);
	*ret_s = e.s;
	return error;
}

/* What came of the builds of a comparison. */
static void take_builds(struct race *r, const struct hone_try *t, double estimated_s)
{
	struct hone_result_tune *result = r->t->result;

	for (size_t i = 1; i < t->n; i++) {
		const struct hone_artifact *a = t->trials[i].artifact;

		result->candidates += a && !a->reused;
		result->builds += a && !a->reused && a->cost.units;
		if (t->trials[i].reason)
			hone_tune_out(r->t, t->trials[i].candidate, t->trials[i].reason);
	}
	if (estimated_s > 0 && t->cargo_s > 0)
		hone_tune_learn(r->t, estimated_s, t->cargo_s);
	hone_tune_say_overrun(r->t, t);
}

/* The margin by which candidates are screened; 0: counting takes too long, or cannot be done. */
static double screen_margin(const struct race *r, double share_s)
{
	const struct hone_tune_request *q = r->t->request;
	double all_s = q->run_s * HONE_RULE_CALLGRIND_SLOWER * (double)(r->list.candidates.n + 2);
	hone_auto_free char *valgrind = NULL;

	if (q->run_s <= 0 ||
		all_s > HONE_RULE_SCREEN_SHARE *
				(q->budget_s > 0 ? share_s : HONE_RULE_SCREEN_OF_S) ||
		hone_path_find_program("valgrind", &valgrind, NULL))
		return 0;
	return (1 + HONE_RULE_SCREEN_MARGIN) * (1 + (q->balanced ? hone_tune_within(q) : 0)) - 1;
}

/* The rounds of one of the comparisons that are to come. */
static struct hone_try_request request_of(const struct race *r, double share_s)
{
	struct hone_try_request request = *r->runs->measure;

	request.allowed = r->t->request->allowed;
	request.no_confirm = true;
	request.measure.margin = hone_tune_within(r->t->request);
	request.measure.screen = screen_margin(r, share_s);
	if (r->t->request->budget_s > 0)
		request.until_ns = hone_now_ns() + (int64_t)(share_s * HONE_NS_PER_S);
	return request;
}

/* Builds and runs the list beside the baseline. */
static int run(struct race *r, const char *what, struct hone_err *err)
{
	struct hone_try t = {.session = &r->t->session};
	double share_s = hone_tune_left_s(r->t) / r->comparisons--, estimated_s = 0;
	struct hone_try_request request;
	struct hone_candidate *base = NULL;
	int error = 0;

	sift(r);
	request = request_of(r, share_s);
	if (!r->list.candidates.n)
		return 0;
	error = fit_budget(r, share_s, &estimated_s, err);
	if (!error)
		error = r->runs->workloads(r->runs->ctx, &t, err);
	if (!error)
		error = hone_candidate_parse("baseline", &base, err);
	if (!error) {
		hone_vec_push(&t.candidates, base);
		for (size_t i = 0; i < r->list.candidates.n; i++)
			hone_vec_push(&t.candidates, r->list.candidates.v[i]);
		r->list.candidates.n = 0;
		hone_events_status(r->t->all, "Racing", "%s: %zu %s", what, t.candidates.n - 1,
			t.candidates.n == 2 ? "candidate" : "candidates");
		error = hone_try_run(&t, &request, err);
	}
	/* That nothing but the baseline came out, or does what it does, is an answer. */
	if (error == HONE_E_FAILED && t.n && t.trials[0].artifact && t.measurement) {
		hone_err_release(err);
		error = 0;
	}
	if (!error) {
		take_builds(r, &t, estimated_s);
		hone_tune_see_all(r->t->result, &t);
		hone_tune_tell_so_far(r->t);
		take_lead(r, &t, what);
	}
	hone_try_release(&t);
	return error;
}

/* Its place among the known ones. */
#define FASTEST 1

/* A recipe without symbols and with the words for the linker of fastest: of what is as fast the smallest wins.
 * Thin LTO as it is used, with the units that cargo takes by itself. */
static int add_linked(struct race *r, const char *name, bool thin, struct hone_err *err)
{
	struct hone_candidate *c;
	int error = add(r, name, HONE_SET_LTO, thin ? "\"thin\"" : NULL, err);

	if (error)
		return error;
	c = r->list.candidates.v[r->list.candidates.n - 1];
	if (thin)
		hone_candidate_unset(c, hone_setting(HONE_SET_CODEGEN_UNITS), NULL);
	hone_candidate_set(c, hone_setting(HONE_SET_STRIP), NULL, "\"symbols\"");
	hone_tune_copy_links(r->list.candidates.v[FASTEST], c);
	hone_tune_adapt(r->t, c);
	hone_tune_name(r->t, c);
	return 0;
}

/* What is known to be fast; for balanced what is small, too. */
static int known(struct race *r, struct hone_err *err)
{
	static const char *const fast[] = {"fast", "fastest"};
	static const char *const small[] = {"balanced", "best-balanced", "smallest"};
	int error = 0;

	for (size_t i = 0; !error && i < HONE_COUNT(fast); i++)
		error = add(r, fast[i], HONE_SET_LTO, NULL, err);
	if (!error)
		error = add_linked(r, "fast", true, err);
	for (size_t i = 0; !error && r->t->request->balanced && i < HONE_COUNT(small); i++)
		error = add(r, small[i], HONE_SET_LTO, NULL, err);
	if (!error && r->t->request->balanced)
		error = add_linked(r, "balanced", false, err);
	if (!error && r->t->request->balanced)
		error = add(r, "best-balanced", HONE_SET_TRAIN_HOT, "\"99.9\"", err);
	return error ? error : run(r, "known recipes", err);
}

/* The lead, and it with each other value. */
static int fields(struct race *r, struct hone_err *err)
{
	if (!r->lead || r->t->request->quick)
		return 0;
	hone_tune_add(&r->list, r->lead, NULL, NULL, NULL);
	for (const struct hone_space_row *row = hone_space; row->goals; row++)
		for (size_t i = 0; i < HONE_SPACE_VALUES && row->values[i]; i++) {
			const struct hone_setting *s = hone_setting(row->id);
			const struct hone_assign *now = hone_candidate_get(r->lead, row->id, NULL);

			if (!(row->goals & HONE_GOAL_FAST) ||
				!hone_tune_may(r->t, s, row->values[i]) ||
				(now && strcmp(now->value, row->values[i]) == 0))
				continue;
			hone_tune_name(
				r->t, hone_tune_add(&r->list, r->lead, s, NULL, row->values[i]));
		}
	/* Alone it was run already. */
	if (r->list.candidates.n < 2) {
		hone_tune_list_release(&r->list);
		return 0;
	}
	/* What is as small as can be within the margin is to be seen beside it. */
	if (r->small)
		hone_tune_add(&r->list, r->small, NULL, NULL, NULL);
	return run(r, "one setting otherwise", err);
}

/* What the result is held against besides the baseline: what is not there is not built where the time is short. */
static void take_fixed(const struct race *r)
{
	const struct hone_result_tune *seen = r->t->result;
	const char *name = r->t->request->balanced && r->lead ? r->lead->name : "fast";
	struct hone_candidate *c = NULL;
	hone_auto_free char *recipe = NULL;
	bool there = r->t->request->budget_s <= 0;

	if (hone_candidate_parse_allowed(name, r->t->request->allowed, &c, NULL))
		return;
	recipe = hone_candidate_canonical(c);
	hone_candidate_free(c);
	for (size_t i = 0; i < seen->seen.n; i++)
		there |= strcmp(seen->seen.v[i].recipe, recipe) == 0;
	if (there)
		r->t->result->fixed = hone_xstrdup(name);
}

double hone_tune_within(const struct hone_tune_request *r)
{
	return r->within > 0 ? r->within : HONE_RULE_BALANCED_MARGIN;
}

int hone_tune_race(struct hone_tune *t, const struct hone_tune_runs *runs, struct hone_err *err)
{
	struct race r = {.t = t, .runs = runs, .comparisons = t->request->quick ? 2 : 3};
	const struct hone_candidate *best;
	int error = known(&r, err);

	if (!error)
		error = fields(&r, err);
	best = t->request->balanced && r.small ? r.small : r.lead;
	/* Where it was interrupted, what leads so far. */
	if (!error || (error == HONE_E_INTERRUPTED && best)) {
		t->result->recipe = best ? hone_candidate_canonical(best) : hone_xstrdup("");
		take_fixed(&r);
		hone_tune_take_knee(t->result);
	}
	t->result->s = hone_tune_elapsed_s(t);
	hone_candidate_free(r.lead);
	hone_candidate_free(r.small);
	hone_tune_list_release(&r.list);
	return error;
}
