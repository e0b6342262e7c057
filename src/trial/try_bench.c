/* What every candidate makes beside the first target, under the same settings: bench targets of the package, which are
 * workloads and whose sizes say nothing, as nobody ships them, and the other targets that were chosen. */
#include "try.h"

#include "clock.h"
#include "same_exports.h"

#include <string.h>

static size_t find(const struct hone_try *t, const char *name)
{
	for (size_t i = 0; i < t->workloads.n_benches; i++)
		if (strcmp(t->workloads.benches[i].name, name) == 0)
			return i;
	return t->workloads.n_benches;
}

void hone_try_find_benches(struct hone_try *t)
{
	const struct hone_project *p = t->session->project;

	t->workloads.benches =
		hone_xcalloc(t->workloads.n + p->n_others + 1, sizeof(*t->workloads.benches));
	for (size_t i = 0; i < t->workloads.n; i++) {
		struct hone_workload *w = &t->workloads.v[i];
		size_t at;

		if (!w->bench)
			continue;
		at = find(t, w->bench);
		if (at == t->workloads.n_benches)
			t->workloads.benches[t->workloads.n_benches++] =
				(struct hone_try_bench){.name = w->bench,
					.training = hone_training_pick(
						t->workloads.v, t->workloads.n, w->bench, false)};
		w->program = at + 1;
	}
	for (size_t i = 0; i < p->n_others; i++) {
		const char *name = p->others[i].target->name;

		t->workloads.benches[t->workloads.n_benches++] =
			(struct hone_try_bench){.name = name, .other = &p->others[i]};
		for (size_t k = 0; k < t->workloads.n; k++)
			if (!t->workloads.v[k].bench && t->workloads.v[k].bin &&
				strcmp(t->workloads.v[k].bin, name) == 0)
				t->workloads.v[k].program = t->workloads.n_benches;
	}
}

static void session_of(const struct hone_session *s, const struct hone_try_bench *b,
	struct hone_project *project, struct hone_session *ret)
{
	if (b->other)
		hone_session_for_other(s, b->other, project, ret);
	else
		hone_session_for_bench(s, b->name, project, ret);
}

const struct hone_artifact *hone_trial_other(
	const struct hone_try *t, const struct hone_trial *trial, size_t other)
{
	size_t first = t->workloads.n_benches - t->session->project->n_others;

	return trial->benches ? trial->benches[first + other] : NULL;
}

uint64_t hone_trial_cost_of(const struct hone_try *t, const struct hone_trial *trial, size_t other)
{
	size_t first = t->workloads.n_benches - t->session->project->n_others;

	return other == SIZE_MAX
		       ? hone_lost_cost(trial->lost, t->trials[0].artifact, trial->artifact)
		       : hone_lost_cost(trial->lost_of_benches[first + other],
				 hone_trial_other(t, &t->trials[0], other),
				 hone_trial_other(t, trial, other));
}

uint64_t hone_trial_cost(const struct hone_try *t, const struct hone_trial *trial)
{
	uint64_t cost = hone_trial_cost_of(t, trial, SIZE_MAX);

	for (size_t i = 0; i < t->session->project->n_others; i++)
		cost += hone_trial_cost_of(t, trial, i);
	return cost;
}

/* What is made for one program: a profile, and the script that builds with an allocator. */
static int refuse(const struct hone_try_bench *b, const struct hone_plan *plan,
	const struct hone_trial *trial, struct hone_err *err)
{
	if (!b->other || (!hone_plan_learns(plan) && !plan->allocator))
		return 0;
	hone_err_set(err, HONE_E_USAGE,
		hone_plan_learns(plan)
			? "candidate %s is trained, and a profile is of one program, not of `%s`, "
			  "too"
			: "candidate %s has an allocator, which apply gives to one program, not "
			  "to `%s`, too",
		trial->candidate->name, b->name);
	return hone_err_hint(err,
		"choose one target with --bin, or candidates without train.* settings and "
		"link.allocator");
}

int hone_try_plan_benches(struct hone_try *t, struct hone_trial *trial, struct hone_err *err)
{
	int error = 0;

	trial->bench_plans = hone_xcalloc(t->workloads.n_benches + 1, sizeof(*trial->bench_plans));
	for (size_t i = 0; !error && i < t->workloads.n_benches; i++) {
		const struct hone_try_bench *b = &t->workloads.benches[i];
		struct hone_project project;
		struct hone_session s;

		session_of(t->session, b, &project, &s);
		error = hone_plan_make(&s.env, trial->candidate, &trial->bench_plans[i], err);
		if (!error)
			error = refuse(b, trial->bench_plans[i], trial, err);
	}
	return error;
}

/* A library among the others: its interface. What was lost without being asked for. */
static int check_other(struct hone_try *t, struct hone_trial *trial, size_t at,
	const struct hone_session *s, struct hone_err *err)
{
	const struct hone_artifact *base = t->trials[0].benches ? t->trials[0].benches[at] : NULL;
	hone_auto_free char *reason = NULL;
	int error = 0;

	if (!base || !t->workloads.benches[at].other || trial == &t->trials[0])
		return 0;
	trial->lost_of_benches[at] =
		hone_lost_find(trial->bench_plans[at], base, trial->benches[at]);
	error = hone_exports_differ(s, base, trial->benches[at], &reason, err);
	return error || !reason ? error : hone_err_set(err, HONE_E_FAILED, "%s", reason);
}

static int build(struct hone_try *t, struct hone_trial *trial, size_t at, struct hone_err *err)
{
	const struct hone_try_bench *b = &t->workloads.benches[at];
	hone_auto_free char *name = hone_xasprintf(
		"%s, %s%s", trial->candidate->name, b->other ? "" : "bench target ", b->name);
	struct hone_build_watch watch;
	struct hone_project project;
	struct hone_session s;
	int64_t start = hone_now_ns();
	int error;

	session_of(t->session, b, &project, &s);
	watch = hone_events_building(s.events, name, at + 1, t->workloads.n_benches);
	error = hone_train_plan(&s, &trial->bench_plans[at], b->training, err);
	if (!error)
		error = hone_artifact_build(trial->bench_plans[at], &s.env, &s.dir, NULL, &watch,
			&trial->benches[at], err);
	hone_events_settled(s.events);
	t->cargo_s += hone_ns_to_s(hone_now_ns() - start);
	if (!error)
		hone_events_built(s.events, trial->benches[at]);
	if (!error)
		error = check_other(t, trial, at, &s, err);
	if (error && error != HONE_E_INTERRUPTED)
		hone_err_wrap(err, "%s`%s`", b->other ? "" : "bench target ", b->name);
	return error;
}

int hone_try_benches_ahead(const struct hone_try *t, struct hone_trial *trial,
	const struct hone_session *s, struct hone_err *err)
{
	int error = 0;

	for (size_t i = 0; !error && i < t->workloads.n_benches; i++) {
		const struct hone_try_bench *b = &t->workloads.benches[i];
		struct hone_build_watch watch =
			hone_events_building(s->events, trial->candidate->name, 1, 1);
		struct hone_cargo_run run = {0};
		struct hone_project project;
		struct hone_session mine;

		session_of(s, b, &project, &mine);
		error = hone_train_plan(&mine, &trial->bench_plans[i], b->training, err);
		if (!error)
			error = hone_cargo_run_plan(trial->bench_plans[i], &mine.env, &mine.dir,
				NULL, &watch, &run, err);
		hone_cargo_run_release(&run);
	}
	return error;
}

int hone_try_build_benches(struct hone_try *t, struct hone_trial *trial, struct hone_err *err)
{
	int error = 0;

	trial->benches = hone_xcalloc(t->workloads.n_benches + 1, sizeof(*trial->benches));
	trial->lost_of_benches =
		hone_xcalloc(t->workloads.n_benches + 1, sizeof(*trial->lost_of_benches));
	for (size_t i = 0; !error && i < t->workloads.n_benches; i++)
		error = build(t, trial, i, err);
	return error;
}

int hone_try_finish_benches(struct hone_try *t, struct hone_trial *trial, struct hone_err *err)
{
	int error = 0;

	for (size_t i = 0; !error && trial->benches && i < t->workloads.n_benches; i++)
		error = hone_artifact_finish(trial->benches[i], err);
	return error;
}

void hone_trial_release_benches(const struct hone_try *t, struct hone_trial *trial)
{
	for (size_t i = 0; trial->benches && i < t->workloads.n_benches; i++)
		hone_artifact_free(trial->benches[i]);
	for (size_t i = 0; trial->bench_plans && i < t->workloads.n_benches; i++)
		hone_plan_free(trial->bench_plans[i]);
	free(trial->benches);
	free(trial->bench_plans);
	free(HONE_TAKE(trial->lost_of_benches));
	trial->benches = NULL;
	trial->bench_plans = NULL;
}

void hone_try_release_benches(struct hone_try *t)
{
	for (size_t i = 0; i < t->workloads.n_benches; i++)
		free(t->workloads.benches[i].training.workloads);
	free(t->workloads.benches);
	t->workloads.benches = NULL;
	t->workloads.n_benches = 0;
}
