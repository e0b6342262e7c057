/* Where time decides, what each setting of the result is worth: the result without it runs beside the result, in a comparison
 * of its own, whose figures choose nothing. */
#include "tune_impl.h"

#include "clock.h"
#include "estimate.h"
#include "rules.h"
#include "try_beside.h"

#include <string.h>

/* A setting of the result, and the result without it. */
struct without {
	size_t share; /* its place in the result's shares */
	enum hone_cost cost;
	struct hone_candidate *candidate;
	const struct hone_plan *plan;
};

struct shares {
	const struct hone_session *session;
	struct hone_result_tune *found;
	struct hone_candidate *result;
	HONE_VEC(struct without) v; /* the cheapest first */
};

static void release(struct shares *s)
{
	for (size_t i = 0; i < s->v.n; i++) {
		hone_candidate_free(s->v.v[i].candidate);
		hone_plan_free(s->v.v[i].plan);
	}
	hone_vec_release(&s->v);
	hone_candidate_free(s->result);
}

static int by_cost(const void *a, const void *b)
{
	const struct without *x = a, *y = b;

	return x->cost != y->cost ? (x->cost > y->cost) - (x->cost < y->cost)
				  : (x->share > y->share) - (x->share < y->share);
}

/* One share for each setting; what can be planned without it is in the list. */
static void list(struct shares *s)
{
	for (size_t i = 0; i < s->result->n; i++) {
		const struct hone_assign *a = &s->result->assigns[i];
		hone_auto_err struct hone_err why = HONE_ERR_INIT;
		struct hone_tune_share share = {
			.key = hone_assign_key(a), .value = hone_xstrdup(a->value)};
		hone_auto_free char *name = hone_xasprintf("%s-%s", s->found->name, share.key);
		struct without w = {.share = s->found->shares.n,
			.cost = hone_setting_cost(a->setting, hone_view_of(a->value)),
			.candidate = hone_candidate_copy(s->result, name)};

		hone_candidate_unset(w.candidate, a->setting, a->package);
		if (hone_plan_make(&s->session->env, w.candidate, &w.plan, &why)) {
			share.why = hone_xstrdup(why.msg);
			hone_candidate_free(w.candidate);
		} else {
			hone_vec_push(&s->v, w);
		}
		hone_vec_push(&s->found->shares, share);
	}
	if (s->v.n)
		qsort(s->v.v, s->v.n, sizeof(*s->v.v), by_cost);
}

/* Leaves out the dearest until the rest is estimated to be built in so many seconds. */
static int fit(struct shares *s, double most_s, struct hone_err *err)
{
	hone_auto_free const struct hone_plan **plans = hone_xcalloc(s->v.n + 1, sizeof(*plans));
	unsigned width = hone_try_width(&(struct hone_try){.session = s->session, .n = s->v.n + 1});
	struct hone_build_estimate e = {0};
	int error = hone_plan_make(&s->session->env, s->result, &plans[0], err);

	for (size_t i = 0; i < s->v.n; i++)
		plans[i + 1] = s->v.v[i].plan;
	while (!error && s->v.n) {
		struct without *last = &s->v.v[s->v.n - 1];

		error = hone_build_estimate(
			&s->session->env, &s->session->dir, plans, s->v.n + 1, width, &e, err);
		if (error || e.s <= most_s)
			break;
		hone_candidate_free(last->candidate);
		hone_plan_free(last->plan);
		s->v.n--;
	}
	hone_plan_free(plans[0]);
	return error;
}

/* What the comparison says of them; its first trial is the result. */
static void fill(const struct shares *s, const struct hone_try *t)
{
	const struct hone_measurement *m = t->measurement;

	for (size_t i = 1; i < t->n && i <= s->v.n; i++) {
		struct hone_tune_share *share = &s->found->shares.v[s->v.v[i - 1].share];
		const struct hone_trial *trial = &t->trials[i];

		if (trial->reason)
			share->why = hone_xstrdup(trial->reason);
		if (trial->status != HONE_TRIAL_BUILT || !trial->artifact || !t->trials[0].artifact)
			continue;
		share->known = true;
		share->bytes = (int64_t)hone_trial_cost(t, trial) -
			       (int64_t)hone_trial_cost(t, &t->trials[0]);
		if (!m || trial->contestant == SIZE_MAX ||
			!(m->composite[trial->contestant].ratio > 0))
			continue;
		share->ratio = m->composite[trial->contestant].ratio;
		share->low = m->composite[trial->contestant].low;
		share->high = m->composite[trial->contestant].high;
	}
}

static int compare(struct shares *s, const struct hone_tune_runs *runs,
	const struct hone_try_request *request, struct hone_err *err)
{
	struct hone_session mine = *s->session;
	struct hone_try t = {.session = &mine};
	int error = runs->workloads(runs->ctx, &t, err);

	mine.dir.unpacked = true;
	if (!error) {
		hone_vec_push(&t.candidates, HONE_TAKE(s->result));
		for (size_t i = 0; i < s->v.n; i++)
			hone_vec_push(&t.candidates, HONE_TAKE(s->v.v[i].candidate));
		error = hone_try_run(&t, request, err);
	}
	/* What was built before it went wrong has its bytes. */
	if (t.n)
		fill(s, &t);
	hone_try_release(&t);
	return error;
}

int hone_tune_time_shares(const struct hone_session *session, const struct hone_tune_runs *runs,
	double most_s, struct hone_result_tune *found, struct hone_err *err)
{
	struct shares s = {.session = session, .found = found};
	struct hone_try_request request = *runs->measure;
	int error = hone_candidate_parse_allowed(found->recipe, request.allowed, &s.result, err);

	if (error)
		return error;
	free(s.result->name);
	s.result->name = hone_xstrdup(found->name);
	request.no_confirm = true;
	request.until_ns = hone_now_ns() + (int64_t)(most_s * HONE_NS_PER_S);
	list(&s);
	if (most_s > 0)
		error = fit(&s, HONE_RULE_TUNE_BUILDS_SHARE * most_s, err);
	if (!error && s.v.n && most_s > 0) {
		hone_events_status(session->events, "Comparing",
			"what each setting of %s is worth: %zu of %zu without it", found->name,
			s.v.n, found->shares.n);
		error = compare(&s, runs, &request, err);
	}
	release(&s);
	return error;
}
