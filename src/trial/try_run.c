#include "try.h"

#include "ahead.h"
#include "allocator.h"
#include "allocator_build.h"
#include "path.h"
#include "platform.h"
#include "clock.h"
#include "inputs.h"
#include "same_exports.h"
#include "try_beside.h"
#include "try_keep.h"
#include "twin.h"
#include "rules.h"

#include <string.h>

/* Takes a trial out of which nothing can be built; words are taken over. */
static void take_out(struct hone_try *t, struct hone_trial *trial, char *words)
{
	trial->status = HONE_TRIAL_FAILED;
	trial->reason = words;
	hone_events_warn(t->session->events, "%s does not build and is out:\n%s",
		trial->candidate->name, trial->reason);
}

/* Before builds run beside each other, which need the same allocators. Without one its candidate is out. */
static int prepare_allocators(struct hone_try *t, struct hone_err *err)
{
	struct hone_session s = *t->session;
	int error = 0;

	s.dir.ahead = NULL;
	for (size_t i = 0; !error && i < t->n; i++) {
		if (t->trials[i].elsewhere)
			continue;
		error = hone_allocator_prepare(&s, &t->trials[i].plan, err);
		if (error != HONE_E_FAILED || i == 0)
			continue;
		take_out(t, &t->trials[i], hone_xstrdup(err->msg));
		hone_err_release(err);
		error = 0;
	}
	return error;
}

static void forget_artifact(struct hone_trial *trial)
{
	hone_artifact_free(HONE_TAKE(trial->artifact));
	hone_size_table_release(&trial->bytes);
	hone_memory_release(&trial->memory);
}

/* One that does not build is out, the others go on: 0. */
static int out_by_error(struct hone_try *t, size_t at, int error, struct hone_err *err)
{
	/* Without a baseline there is nothing to compare with; a system error is no candidate's. */
	if (at == 0 || error == HONE_E_INTERRUPTED || error == HONE_E_SYSTEM ||
		error == HONE_E_CONFLICT)
		return error;
	forget_artifact(&t->trials[at]);
	take_out(t, &t->trials[at], hone_xstrdup(err->msg));
	hone_err_release(err);
	return 0;
}

/* A library with another interface than the baseline's is out. */
static int check_exports(struct hone_try *t, size_t at, struct hone_err *err)
{
	struct hone_trial *trial = &t->trials[at];
	char *reason = NULL;
	int error = at == 0 || !t->trials[0].artifact
			    ? 0
			    : hone_exports_differ(t->session, t->trials[0].artifact,
				      trial->artifact, &reason, err);

	if (error || !reason)
		return error;
	forget_artifact(trial);
	trial->status = HONE_TRIAL_DIFFERS;
	trial->reason = reason;
	hone_events_warn(t->session->events, "%s is out: %s", trial->candidate->name, reason);
	return 0;
}

int hone_try_make_one(struct hone_try *t, size_t at, char **ret_twin, struct hone_err *err)
{
	const struct hone_session *s = t->session;
	struct hone_trial *trial = &t->trials[at];
	struct hone_build_watch watch;
	int64_t start = hone_now_ns();
	int error;

	*ret_twin = NULL;
	if (trial->reason)
		return 0;
	watch = hone_events_building(s->events, trial->candidate->name, at + 1, t->n);
	error = hone_train_plan(s, &trial->plan, t->workloads.training, err);
	/* Once more: other builds came between. */
	watch = hone_events_building(s->events, trial->candidate->name, at + 1, t->n);
	if (!error)
		error = hone_twin_build(
			trial->plan, &s->env, &s->dir, &watch, &trial->artifact, ret_twin, err);
	t->cargo_s += hone_ns_to_s(hone_now_ns() - start);
	hone_events_settled(s->events);
	return error;
}

int hone_try_take_one(struct hone_try *t, size_t at, int error, const char *twin, size_t *built,
	struct hone_err *err)
{
	const struct hone_session *s = t->session;
	struct hone_trial *trial = &t->trials[at];

	if (trial->reason)
		return 0;
	if (!error) {
		hone_events_built(s->events, trial->artifact);
		hone_train_say(s, trial->plan, trial->artifact);
		if (at == 0 && trial->artifact->bare)
			hone_try_find_regions(t);
		hone_try_read_bytes(t, trial, twin);
		if (at == 0)
			hone_try_check_regions(t);
		/* Last, as they may have cargo make other files of the same names. */
		error = hone_try_build_benches(t, trial, err);
	}
	if (!error)
		error = check_exports(t, at, err);
	if (!error) {
		*built += trial->artifact != NULL;
		return 0;
	}
	return out_by_error(t, at, error, err);
}

int hone_try_build_one(struct hone_try *t, size_t at, size_t *built, struct hone_err *err)
{
	hone_auto_free char *twin = NULL;
	int error = hone_try_make_one(t, at, &twin, err);

	return hone_try_take_one(t, at, error, twin, built, err);
}

int hone_try_build(struct hone_try *t, struct hone_err *err)
{
	const struct hone_ahead *given = t->session->dir.ahead;
	bool is_shard = given && given->keeps;
	unsigned width = given && given->found_only ? 1 : hone_try_width(t);
	size_t built = 0;
	int error = prepare_allocators(t, err);

	hone_size_packages_of(t->session->project, &t->packages);
	if (width > 1 || is_shard) {
		error = error ? error : hone_try_build_beside(t, width, &built, err);
	} else {
		for (size_t i = 0; !error && i < t->n; i++)
			error = hone_try_build_one(t, i, &built, err);
	}
	if (!error && !is_shard && t->n > 1 && built < 2)
		return hone_err_set(
			err, HONE_E_FAILED, "no candidate but the baseline could be built");
	return error;
}

void hone_try_progress(void *ctx, const struct hone_measure_progress *p)
{
	const struct hone_try *t = ctx;

	if (p->stage == HONE_STAGE_GATE)
		hone_inputs_ran(
			t->session->dir.inputs, p->at == 0 ? HONE_INPUTS_FIRST : HONE_INPUTS_SOME);
	hone_events_measuring(t->session->events, p);
}

static enum hone_trial_status status_of(enum hone_contestant_status s)
{
	switch (s) {
	case HONE_RAN:
		return HONE_TRIAL_BUILT;
	case HONE_RUN_FAILED:
		return HONE_TRIAL_FAILED;
	case HONE_RUN_DIFFERS:
		return HONE_TRIAL_DIFFERS;
	case HONE_RUN_TIMEOUT:
		return HONE_TRIAL_TIMEOUT;
	case HONE_NOT_RUN:
		return HONE_TRIAL_NOT_RUN;
	}
	return HONE_TRIAL_NOT_RUN;
}

/* Other memory takes its time by misses, and vector instructions do more each: counts do not tell which is faster. */
static bool is_unscreened(const struct hone_candidate *c)
{
	return hone_candidate_get(c, HONE_SET_LINK_ALLOCATOR, NULL) ||
	       hone_candidate_get(c, HONE_SET_RUSTC_TARGET_CPU, NULL);
}

/* Runs the workloads with the trials of the list (the baseline first) into t->measurement, or, of fresh rounds,
 * t->confirmed.measurement; goes on from an interrupted one, whose number in the store goes to t->finishes. */
static int measure(struct hone_try *t, bool confirms, const size_t *trials, size_t n,
	const struct hone_measure_opts *opts, struct hone_err *err)
{
	const char *what = confirms ? "confirmation" : "comparison";
	struct hone_measurement **ret = confirms ? &t->confirmed.measurement : &t->measurement;
	struct hone_contestant *c = hone_xcalloc(n, sizeof(*c));
	hone_auto_free const char **benches =
		hone_xcalloc(n * t->workloads.n_benches + 1, sizeof(*benches));
	struct hone_measure_opts mine = *opts;
	struct hone_keeper keeper;
	int error;

	for (size_t i = 0; i < n; i++) {
		const struct hone_trial *trial = &t->trials[trials[i]];
		const struct hone_allocator *allocator = trial->plan->allocator;

		c[i] = (struct hone_contestant){.name = trial->candidate->name,
			.path = trial->artifact->path,
			.baseline = trials[i] == 0,
			.ask = allocator ? allocator->ask : NULL,
			.answer = allocator ? allocator->answer : NULL,
			.unscreened = is_unscreened(trial->candidate),
			.apart = !trial->allowed,
			.benches = &benches[i * t->workloads.n_benches]};
		for (size_t k = 0; k < t->workloads.n_benches; k++)
			benches[i * t->workloads.n_benches + k] = trial->benches[k]->path;
	}
	hone_keep_begin(&keeper, t, what, c, trials, n, &mine);
	error = hone_measure(c, n, t->workloads.v, t->workloads.n, &mine, ret, err);
	if (!error)
		error = hone_keep_look(&keeper, *ret, true, err);
	hone_keep_end(&keeper, error, *ret, err,
		&t->finishes[confirms         ? 1
			     : t->finishes[0] ? 2
					      : 0]);
	t->seed = mine.seed;
	free(c);
	return error;
}

/* Why the program itself could not be asked what it takes. */
static void note_not_run(const struct hone_try *t, int error, const char *why)
{
	const char *triple = hone_session_triple(t->session);
	struct hone_platform to = hone_platform_of(triple, t->session->toolchain->host);

	if (to.runs_here || error == HONE_E_NOT_FOUND)
		hone_events_note(t->session->events, "nothing was run: %s", why);
	else
		hone_events_note(t->session->events,
			"nothing was run, sizes alone are compared: a program for %s does not run "
			"here; name an emulator: --run 'qemu-%s {bin} ARGS'",
			triple, to.machine);
}

/* Without a workload: start-up by --version or --help, if the program takes either. */
static int default_workload(struct hone_try *t, struct hone_err *err)
{
	const char *triple = hone_session_triple(t->session);
	const char *machine = hone_platform_of(triple, NULL).machine;
	hone_auto_free char *run_dir = hone_path_join(t->session->dir.run, "ask");
	int error;

	if (t->workloads.n)
		return 0;
	if (hone_platform_of(triple, NULL).object == HONE_OBJECT_WASM) {
		hone_events_note(t->session->events,
			"nothing was run, sizes alone are compared: a module for %s needs a "
			"runtime "
			"that you name: --run 'wasmtime run {bin} ARGS'",
			triple);
		return 0;
	}
	if (t->session->project->n_others) {
		hone_events_note(t->session->events,
			"nothing was run, sizes alone are compared: workloads in hone.toml say by "
			"`bin` which of the targets they run");
		return 0;
	}
	if (hone_session_is_library(t->session)) {
		hone_events_note(t->session->events,
			"nothing was run, sizes alone are compared: a library needs a program that "
			"loads it: --run 'python3 use.py {lib}', or a workload in hone.toml");
		return 0;
	}
	if (hone_try_is_bare(t)) {
		hone_events_note(t->session->events,
			"nothing was run: a program for %s needs an emulator or a board: --run "
			"'qemu-system-%s ... -kernel {bin}'",
			triple, *machine ? machine : "...");
		return 0;
	}
	t->workloads.v = hone_xrealloc(t->workloads.v, sizeof(*t->workloads.v));
	error = hone_workload_default(
		&t->workloads.v[0], t->trials[0].artifact->path, run_dir, NULL, err);
	if (!error) {
		t->workloads.n = 1;
		return 0;
	}
	if (error != HONE_E_NOT_FOUND && error != HONE_E_UNSUPPORTED)
		return error;
	note_not_run(t, error, err->msg);
	hone_err_release(err);
	return 0;
}

/* A run that hone chose itself costs nobody his table: what does not work is said, and forgotten. */
static int forget_chosen(struct hone_try *t, int error, struct hone_err *err)
{
	if (!error || !t->workloads.n || !t->workloads.v[0].chosen || error == HONE_E_INTERRUPTED ||
		error == HONE_E_SYSTEM || error == HONE_E_CONFLICT)
		return error;
	hone_events_note(t->session->events,
		"nothing was run: hone chose `%s` itself, and %s; name a workload: --run 'ARGS'",
		t->workloads.v[0].name, err->msg);
	hone_err_release(err);
	hone_measurement_free(t->measurement);
	t->measurement = NULL;
	hone_workload_release(&t->workloads.v[0]);
	t->workloads.n = 0;
	return 0;
}

int hone_try_measure(struct hone_try *t, const struct hone_measure_opts *opts, struct hone_err *err)
{
	size_t *list = hone_xcalloc(t->n, sizeof(*list));
	size_t n = 0, alive = 0;
	int error = hone_inputs_check(t->session->dir.inputs, err);

	hone_measurement_free(HONE_TAKE(t->measurement));
	if (!error)
		error = default_workload(t, err);
	/* QEMU gives what a program writes by semihosting to its standard error. */
	for (size_t i = 0; hone_try_is_bare(t) && i < t->workloads.n; i++)
		t->workloads.v[i].compare_stderr = true;

	for (size_t i = 0; i < t->n; i++) {
		t->trials[i].contestant = SIZE_MAX;
		if (!t->trials[i].artifact)
			continue;
		t->trials[i].contestant = n;
		list[n++] = i;
	}
	if (!error && t->workloads.n)
		error = measure(t, false, list, n, opts, err);
	hone_events_settled(t->session->events);
	error = forget_chosen(t, error, err);
	for (size_t k = 0; !error && t->measurement && k < n; k++) {
		struct hone_trial *trial = &t->trials[list[k]];

		trial->status = status_of(t->measurement->status[k]);
		alive += trial->status == HONE_TRIAL_BUILT;
		free(HONE_TAKE(trial->reason));
		if (t->measurement->reason[k])
			trial->reason = hone_xstrdup(t->measurement->reason[k]);
	}
	free(list);
	if (!error && t->measurement && t->n > 1 && alive < 2 && !t->workloads.v[0].chosen) {
		error = hone_err_set(err, HONE_E_FAILED,
			"no candidate but the baseline survived: %s",
			t->trials[t->n - 1].reason ? t->trials[t->n - 1].reason : "see above");
		if (t->trials[t->n - 1].status == HONE_TRIAL_DIFFERS)
			hone_err_hint(err,
				"if that may vary: --no-compare leaves outputs uncompared, and "
				"`normalise` in hone.toml says what of them does");
	}
	return error;
}

void hone_try_measure_none(struct hone_try *t)
{
	t->speed_measured = false;
	for (size_t i = 0; i < t->n; i++)
		t->trials[i].contestant = SIZE_MAX;
	hone_events_note(t->session->events, "nothing was run, sizes alone are compared: with "
					     "--measure all candidates run on this "
					     "machine");
}

bool hone_try_counts(const struct hone_try *t)
{
	const struct hone_measurement *m = t->measurement;

	for (size_t i = 0; m && i < m->n_workloads; i++)
		if (!m->workloads[i].n_metrics ||
			m->workloads[i].metrics[0].metric != HONE_METRIC_EMULATED)
			return false;
	return m && m->n_workloads && m->rounds;
}

static void add_confirmed(struct hone_try *t, size_t trial)
{
	for (size_t k = 0; k < t->confirmed.n; k++)
		if (t->confirmed.trials[k] == trial)
			return;
	if (trial != HONE_PICK_NONE)
		t->confirmed.trials[t->confirmed.n++] = trial;
}

int hone_try_confirm(struct hone_try *t, const struct hone_measure_opts *opts, struct hone_err *err)
{
	struct hone_picks *const picks[] = {&t->best.allowed, &t->best.any};
	struct hone_measure_opts again = *opts;
	uint64_t seed = t->seed;
	int error;

	t->confirmed.trials = hone_xcalloc(t->n + 1, sizeof(size_t));
	add_confirmed(t, 0);
	for (size_t i = 0; i < HONE_COUNT(picks); i++) {
		add_confirmed(t, picks[i]->fast);
		add_confirmed(t, picks[i]->balanced);
		for (size_t k = 0; k < picks[i]->n_tied; k++)
			add_confirmed(t, picks[i]->tied[k]);
	}
	if (t->confirmed.n < 2)
		return 0;
	again.rounds = (size_t)(HONE_RULE_CONFIRM_SHARE * (double)t->measurement->rounds);
	if (again.rounds < HONE_RULE_CONFIRM_MOST)
		again.rounds = t->measurement->rounds < HONE_RULE_CONFIRM_MOST
				       ? t->measurement->rounds
				       : HONE_RULE_CONFIRM_MOST;
	if (again.rounds < HONE_RULE_ROUNDS_LEAST)
		again.rounds = HONE_RULE_ROUNDS_LEAST;
	again.seed = opts->seed + 1;
	again.callgrind = false;
	again.screen = 0;
	hone_events_status(
		t->session->events, "Confirming", "the winners in %zu fresh rounds", again.rounds);
	error = measure(t, true, t->confirmed.trials, t->confirmed.n, &again, err);
	t->seed = seed;
	hone_events_settled(t->session->events);
	for (size_t i = 0; !error && i < HONE_COUNT(picks); i++)
		hone_try_hold_picks(t, picks[i] == &t->best.any, picks[i]);
	return error;
}

int hone_try_finish(void *ctx, struct hone_err *err)
{
	struct hone_try *t = ctx;
	int error = 0;

	if (t->finished)
		return 0;
	t->finished = true;
	hone_events_quiet(t->session->events);
	for (size_t i = 0; !error && i < t->n; i++) {
		if (t->trials[i].artifact)
			error = hone_artifact_finish(t->trials[i].artifact, err);
		if (!error && t->trials[i].artifact)
			error = hone_try_finish_benches(t, &t->trials[i], err);
	}
	if (!error)
		hone_try_say_missing(t);
	return error;
}
