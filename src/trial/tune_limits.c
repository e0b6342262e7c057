/* How long a search may take: what builds will take is learnt from those that were just made, and nothing begins that would
 * not end in time. */
#include "tune_impl.h"

#include "clock.h"
#include "estimate.h"
#include "kept_links.h"
#include "machine_state.h"
#include "num.h"
#include "rules.h"
#include "try_beside.h"

#include <math.h>

/* Other programs take their part of the CPUs; not all that the load counts wants one all the time. */
static double load_factor(void)
{
	struct hone_machine_state state;
	double factor = 1;

	hone_machine_state_read(&state);
	if (state.load > 0 && state.cpus)
		factor = 1 + HONE_RULE_PACE_LOAD_SHARE * state.load / state.cpus;
	hone_machine_state_release(&state);
	return factor;
}

double hone_tune_slowness(struct hone_tune *t)
{
	if (t->pace.estimated_s >= HONE_RULE_PACE_LEAST_S)
		return fmin(fmax(t->pace.taken_s / t->pace.estimated_s, 1 / HONE_RULE_PACE_MOST),
			HONE_RULE_PACE_MOST);
	if (t->pace.load <= 0)
		t->pace.load = load_factor();
	return t->pace.load;
}

void hone_tune_learn(struct hone_tune *t, double estimated_s, double taken_s)
{
	/* The newest builds tell most of how busy the machine is now. */
	t->pace.estimated_s = HONE_RULE_PACE_OLDER * t->pace.estimated_s + estimated_s;
	t->pace.taken_s = HONE_RULE_PACE_OLDER * t->pace.taken_s + taken_s;
}

double hone_tune_elapsed_s(const struct hone_tune *t)
{
	return hone_ns_to_s(hone_now_ns() - t->start);
}

double hone_tune_left_s(const struct hone_tune *t)
{
	double budget = t->request->budget_s;

	return budget - fmin(HONE_RULE_TUNE_RESERVE * budget, HONE_RULE_TUNE_RESERVE_MOST_S) -
	       hone_tune_elapsed_s(t);
}

bool hone_tune_fits(struct hone_tune *t, double estimated_s, double left_s)
{
	return estimated_s * hone_tune_slowness(t) <= left_s;
}

int hone_tune_count_fitting(struct hone_tune *t, const struct hone_plan *const *plans, size_t *n,
	double *ret_s, struct hone_err *err)
{
	const struct hone_tune_request *r = t->request;
	const struct hone_session *s = &t->session;
	struct hone_build_estimate e;
	unsigned width = hone_try_width(&(struct hone_try){.session = s, .n = *n});
	int error = 0;

	while (!error && *n > 1) {
		size_t compiled;

		error = hone_build_estimate(&s->env, &s->dir, plans, *n, width, &e, err);
		*ret_s = error ? 0 : e.s;
		compiled = error ? 0 : e.n_builds - e.n_known - e.n_links;
		/* Where the first one is there from before this search, its link is not captured: one compiles for the
		 * others. */
		compiled += !error && e.n_known && e.n_links && !compiled &&
			    !hone_kept_links_has(&s->dir, plans[0]->key);
		if (!error && r->builds && t->result->builds + compiled > r->builds)
			t->result->ended = "builds";
		else if (!error && r->budget_s > 0 && !hone_tune_fits(t, e.s, hone_tune_left_s(t)))
			t->result->ended = "budget";
		else
			break;
		--*n;
	}
	return error;
}

void hone_tune_say_overrun(struct hone_tune *t, const struct hone_try *built)
{
	double over = hone_tune_elapsed_s(t) - t->request->budget_s, most = 0;
	const struct hone_trial *longest = NULL;
	char a[HONE_NUM_TEXT], b[HONE_NUM_TEXT];

	if (t->pace.said || t->request->budget_s <= 0 ||
		over < HONE_RULE_TUNE_OVERRUN * t->request->budget_s)
		return;
	for (size_t i = 0; i < built->n; i++) {
		/* The baseline's is the search's own. */
		bool mine = !built->trials[i].artifact && !built->trials[i].candidate->n;
		const struct hone_artifact *x = mine ? t->base : built->trials[i].artifact;

		if (x && !x->reused && x->cost.wall_s > most) {
			most = x->cost.wall_s;
			longest = &built->trials[i];
		}
	}
	t->pace.said = true;
	if (longest)
		hone_events_note(t->all,
			"the budget is over by %s: building %s took %s, longer than was expected",
			hone_text_seconds(a, over), longest->candidate->name,
			hone_text_seconds(b, most));
	else
		hone_events_note(t->all,
			"the budget is over by %s: a build that did not come out took longer than "
			"was "
			"expected",
			hone_text_seconds(a, over));
}
