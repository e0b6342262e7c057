/* Bench targets of the package as workloads: a second program of every candidate, built under the same
 * settings. Their sizes say nothing, as nobody ships them. */
#include "try.h"

#include "clock.h"

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
	t->workloads.benches = hone_xcalloc(t->workloads.n + 1, sizeof(*t->workloads.benches));
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
}

int hone_try_plan_benches(struct hone_try *t, struct hone_trial *trial, struct hone_err *err)
{
	int error = 0;

	trial->bench_plans = hone_xcalloc(t->workloads.n_benches + 1, sizeof(*trial->bench_plans));
	for (size_t i = 0; !error && i < t->workloads.n_benches; i++) {
		struct hone_project project;
		struct hone_session s;

		hone_session_for_bench(t->session, t->workloads.benches[i].name, &project, &s);
		error = hone_plan_make(&s.env, trial->candidate, &trial->bench_plans[i], err);
	}
	return error;
}

static int build(struct hone_try *t, struct hone_trial *trial, size_t at, struct hone_err *err)
{
	const struct hone_try_bench *b = &t->workloads.benches[at];
	hone_auto_free char *name =
		hone_xasprintf("%s, bench target %s", trial->candidate->name, b->name);
	struct hone_build_watch watch;
	struct hone_project project;
	struct hone_session s;
	int64_t start = hone_now_ns();
	int error;

	hone_session_for_bench(t->session, b->name, &project, &s);
	watch = hone_events_building(s.events, name, at + 1, t->workloads.n_benches);
	error = hone_train_plan(&s, &trial->bench_plans[at], b->training, err);
	if (!error)
		error = hone_artifact_build(trial->bench_plans[at], &s.env, &s.dir, NULL, &watch,
			&trial->benches[at], err);
	hone_events_settled(s.events);
	t->cargo_s += hone_ns_to_s(hone_now_ns() - start);
	if (!error)
		hone_events_built(s.events, trial->benches[at]);
	else if (error != HONE_E_INTERRUPTED)
		hone_err_wrap(err, "bench target `%s`", b->name);
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

		hone_session_for_bench(s, b->name, &project, &mine);
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
