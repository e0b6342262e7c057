/* The plans of all candidates, before anything is built. */
#include "try.h"

#include "estimate.h"
#include "share.h"
#include "try_beside.h"

#include <string.h>

static int check_training(
	const struct hone_try *t, const struct hone_candidate *c, struct hone_err *err)
{
	if (t->workloads.training.n)
		return 0;
	hone_err_set(err, HONE_E_USAGE,
		"candidate %s is trained, and there is nothing to train it with", c->name);
	return hone_err_hint(err,
		"say what the program does all day: --run 'ARGS', --train 'ARGS', "
		"or workloads in hone.toml");
}

/* What a reader has to know of the speed of trained candidates. */
static void note_training(const struct hone_try *t)
{
	hone_auto_buf struct hone_buf held = HONE_BUF_INIT;
	size_t n = 0;

	if (!hone_try_trains(t))
		return;
	for (size_t i = 0; i < t->workloads.n; i++)
		if (!hone_try_trained_with(t, i))
			hone_buf_addf(&held, "%s`%s`", n++ ? ", " : "", t->workloads.v[i].name);
	if (n)
		hone_events_note(t->session->events,
			"%s %s %s held out: nothing is trained with %s",
			n == 1 ? "workload" : "workloads", hone_buf_str(&held),
			n == 1 ? "is" : "are", n == 1 ? "it" : "them");
	else if (t->workloads.n)
		hone_events_note(t->session->events,
			"what is measured is what was trained: on other input expect less (give "
			"several workloads, and the last one is held out)");
}

/* A candidate of --all that this toolchain or machine cannot make: nobody asked for it by name. */
static bool is_left_out(const struct hone_try *t, size_t at)
{
	const char *name = t->trials[at].candidate->name;

	for (size_t i = 0; hone_own_names[i]; i++)
		if (strcmp(name, hone_own_names[i]) == 0)
			return !t->trials[at].named;
	return false;
}

int hone_try_plan(struct hone_try *t, struct hone_err *err)
{
	const struct hone_session *s = t->session;
	const struct hone_plan **plans =
		hone_xcalloc(t->n * (1 + t->workloads.n_benches), sizeof(*plans));
	struct hone_build_estimate estimate;
	size_t n = 0;
	int error = 0;

	for (size_t i = 0; !error && i < t->n; i++) {
		error = hone_session_plan(s, t->trials[i].candidate, &t->trials[i].plan, err);
		if (!error)
			error = hone_try_plan_benches(t, &t->trials[i], err);
		if (error == HONE_E_USAGE && is_left_out(t, i)) {
			hone_events_note(t->session->events, "%s is left out: %s",
				t->trials[i].candidate->name, err->msg);
			hone_err_release(err);
			hone_trial_release_benches(t, &t->trials[i]);
			hone_plan_free(t->trials[i].plan);
			memmove(&t->trials[i], &t->trials[i + 1],
				(t->n - i - 1) * sizeof(*t->trials));
			t->n--;
			i--;
			error = 0;
			continue;
		}
		if (error)
			break;
		plans[n++] = t->trials[i].plan;
		for (size_t k = 0; k < t->workloads.n_benches; k++)
			plans[n++] = t->trials[i].bench_plans[k];
		if (hone_plan_learns(t->trials[i].plan))
			error = check_training(t, t->trials[i].candidate, err);
	}
	if (!error)
		error = hone_build_estimate(
			&s->env, &s->dir, plans, n, hone_try_width(t), &estimate, err);
	if (!error)
		hone_events_planned(t->session->events, &estimate, s->dir.root);
	free(plans);
	return error;
}

void hone_try_warn(const struct hone_try *t)
{
	const char *refused = hone_share_refused(&t->session->env);

	note_training(t);
	if (refused && t->n > 1)
		hone_events_note(t->session->events,
			"%s: what the builds have in common is compiled for each of them", refused);
	for (size_t i = 0; i < t->n; i++)
		if (hone_session_overriders(t->session, t->trials[i].plan, true, NULL))
			return;
}
