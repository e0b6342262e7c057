/* The order in which a comparison happens. */
#include "try.h"

#include "clock.h"
#include "fs.h"
#include "inputs.h"
#include "labels.h"
#include "left_out.h"
#include "recipes.h"
#include "shard.h"
#include "slurm.h"
#include "try_cold.h"
#include "try_levels.h"
#include "rules.h"

#include <math.h>
#include <string.h>

/* To name a candidate, or an option's, is to ask for its labels. */
static bool was_named(const struct hone_try_request *r, const char *name)
{
	const char *const options[] = {r->cold, r->curve};

	for (size_t i = 0; i < r->n_names; i++)
		if (hone_view_is(hone_view_trim(hone_view_of(r->names[i])), name))
			return true;
	for (size_t i = 0; i < HONE_COUNT(options); i++)
		if (options[i] && hone_view_is(hone_view_trim(hone_view_of(options[i])), name))
			return true;
	return false;
}

int hone_try_name_candidates(
	struct hone_try *t, const struct hone_try_request *r, struct hone_err *err)
{
	const char *const options[] = {r->cold, r->curve};
	hone_auto_strv struct hone_strv names = HONE_STRV_INIT;
	struct hone_recipes recipes = {0};
	int error = 0;

	if ((!r->n_names && !r->cold && !r->curve) || r->all)
		hone_strv_append(&names, hone_preset_names);
	if (r->all)
		hone_strv_append(&names, hone_own_names);
	for (size_t i = 0; i < r->n_names; i++)
		if (!r->all || !hone_strv_has(&names, r->names[i]))
			hone_strv_push(&names, r->names[i]);
	for (size_t i = 0; i < HONE_COUNT(options); i++)
		if (options[i] && !hone_strv_has(&names, options[i]))
			hone_strv_push(&names, options[i]);
	if (t->session->project)
		error = hone_recipes_wanted(
			t->session, hone_strv_argv(&names), names.n, &recipes, err);
	/* Beside -bold and -std the other strength is to be seen, whatever may win. */
	if (!error)
		error = hone_session_candidates(hone_strv_argv(&names), names.n, true,
			r->all ? 0 : r->allowed, &recipes, &t->candidates, err);
	hone_recipes_release(&recipes);
	return error;
}

bool hone_try_names_wait(const struct hone_try_request *r)
{
	bool wait = (r->cold && hone_candidate_wants_recipe(r->cold)) ||
		    (r->curve && hone_candidate_wants_recipe(r->curve));

	for (size_t i = 0; i < r->n_names; i++)
		wait |= hone_candidate_wants_recipe(r->names[i]);
	return wait;
}

/* A trial for each candidate, and the labels that are let in. */
static void make_trials(struct hone_try *t, const struct hone_try_request *r)
{
	struct hone_candidates *list = &t->candidates;
	size_t given = list->n;
	unsigned let_in = hone_labels_of_presets() | r->allowed;

	hone_session_adapt(t->session, list->v, list->n);
	if (r->each)
		hone_session_add_each(list);
	if (r->curve)
		hone_session_add_curve(list, r->curve);
	t->trials = hone_xcalloc(list->n + 1 + HONE_LEVELS_MOST, sizeof(*t->trials));
	t->n = list->n;
	for (size_t i = 0; i < t->n; i++) {
		t->trials[i] = (struct hone_trial){.candidate = list->v[i],
			.made = i >= given,
			.named = was_named(r, list->v[i]->name)};
		if (t->trials[i].named)
			let_in |= hone_candidate_labels(list->v[i]);
	}
	t->labels.let_in = let_in;
}

/* Of what is planned; once it is built, the files tell more (hone_try_find_lost). */
static void find_labels(struct hone_try *t)
{
	for (size_t i = 0; i < t->n; i++) {
		struct hone_trial *trial = &t->trials[i];

		trial->labels = hone_labels_of_plan(t->session, trial->plan, NULL, NULL);
		trial->allowed = !(trial->labels & ~t->labels.let_in);
	}
}

/* A curve needs a workload that trains, and one that does not. */
static int check_curve(const struct hone_try *t, struct hone_err *err)
{
	size_t trained = 0;

	for (size_t i = 0; i < t->workloads.n; i++)
		trained += hone_training_has(t->workloads.training, &t->workloads.v[i]);
	if (trained && trained < t->workloads.n)
		return 0;
	hone_err_set(err, HONE_E_USAGE,
		"--curve shows what trained the profile beside what did not, and %s",
		!t->workloads.n ? "there is no workload"
		: trained       ? "every workload trains it"
				: "no workload trains it");
	return hone_err_hint(err, "give two or more, and the last one is held out: --run 'ARGS' "
				  "--run 'OTHER ARGS'");
}

/* What is trained with, and whether all that has to run can. */
static int prepare_training(
	struct hone_try *t, const struct hone_try_request *r, struct hone_err *err)
{
	int error = hone_session_can_run(t->session, t->workloads.v, t->workloads.n, err);

	if (!error && r->train)
		error = hone_train_options(
			r->train, &t->workloads.train, &t->workloads.n_train, err);
	if (!error)
		error = hone_session_can_run(
			t->session, t->workloads.train, t->workloads.n_train, err);
	t->workloads.training =
		t->workloads.n_train
			? hone_training_pick(t->workloads.train, t->workloads.n_train, NULL, true)
			: hone_training_pick(t->workloads.v, t->workloads.n, NULL, false);
	if (!error && r->curve)
		error = check_curve(t, err);
	if (!error)
		hone_try_find_benches(t);
	hone_inputs_add_workloads(t->session->dir.inputs, t->workloads.v, t->workloads.n);
	hone_inputs_add_workloads(t->session->dir.inputs, t->workloads.train, t->workloads.n_train);
	hone_inputs_add_words(t->session->dir.inputs, r->measure.check);
	return error;
}

static int search_cold(struct hone_try *t, const struct hone_try_request *r, struct hone_err *err)
{
	struct hone_view name = hone_view_trim(hone_view_of(r->cold));
	size_t base = 0;

	for (size_t i = 0; i < t->n; i++)
		if (hone_view_is(name, t->trials[i].candidate->name))
			base = i;
	return hone_try_cold(t, base, r->cold_builds ? r->cold_builds : HONE_RULE_COLD_BUILDS, err);
}

static struct hone_measure_opts measuring(
	struct hone_try *t, const struct hone_try_request *r, const char *run_dir)
{
	struct hone_measure_opts m = r->measure;

	m.run_dir = run_dir;
	m.source_root = t->session->project->workspace_root;
	m.on_quiet = hone_try_finish;
	m.on_progress = hone_try_progress;
	m.ctx = t;
	m.own_rates = !r->measure.rounds;
	m.seed = r->measure.seed ? r->measure.seed : (uint64_t)hone_now_ns();
	return m;
}

/* What is left until then is for these rounds and for the fresh ones after them; there are some however late it is. */
static void end_by(struct hone_measure_opts *m, const struct hone_try_request *r)
{
	double left = hone_ns_to_s(r->until_ns - hone_now_ns());

	if (!r->until_ns)
		return;
	left = fmax(left * (r->no_confirm ? 1 : 1 / (1 + HONE_RULE_CONFIRM_SHARE)),
		HONE_RULE_LEAST_BUDGET_S);
	m->budget_s = m->budget_s > 0 ? fmin(m->budget_s, left) : left;
}

/* Here, or elsewhere. */
static int build(struct hone_try *t, const struct hone_try_request *r, struct hone_err *err)
{
	hone_auto_shards struct hone_shards arrived = {0};
	int error;

	if (r->shards)
		return hone_shards_build(t, r->shards, err);
	if (!r->slurm)
		return hone_try_build(t, err);
	error = hone_slurm_shards(t, r->slurm, &arrived, err);
	return error ? error : hone_shards_build(t, &arrived, err);
}

/* What the rounds say of several files may ask for one more candidate, which is measured beside all others. */
static int measure_levels(struct hone_try *t, const struct hone_try_request *r,
	const struct hone_measure_opts *m, struct hone_err *err)
{
	size_t before = t->n;
	bool added = false;
	int error;

	if (!t->measurement || !t->speed_measured || t->measurement->control_differs)
		return 0;
	error = hone_try_levels_timed(t, !r->shards && !r->slurm, err);
	for (size_t i = before; i < t->n; i++)
		added |= t->trials[i].artifact != NULL;
	if (error || !added)
		return error;
	hone_events_status(t->session->events, "Measuring", "once more, beside what was added");
	return hone_try_measure(t, m, err);
}

int hone_try_run(struct hone_try *t, const struct hone_try_request *r, struct hone_err *err)
{
	hone_auto_free char *run_dir = hone_path_join(t->session->dir.run, "try");
	struct hone_left_outs left_out;
	struct hone_measure_opts m = measuring(t, r, run_dir);
	int64_t start = hone_now_ns();
	int error;

	t->fresh = r->fresh;
	t->labels.allowed = r->allowed;
	if (r->allow)
		hone_strv_copy(&t->labels.typed, r->allow);
	make_trials(t, r);
	error = prepare_training(t, r, err);
	if (!error && r->cold)
		error = search_cold(t, r, err);
	if (!error)
		error = hone_try_plan(t, err);
	if (error)
		return error;
	find_labels(t);
	hone_try_warn(t);
	if (r->share)
		return hone_shard_make(t, r->share, err);
	error = build(t, r, err);
	if (error)
		return error;
	hone_try_find_lost(t);
	error = hone_try_levels(t, !r->shards && !r->slurm, err);
	if (error)
		return error;
	if (!t->speed_measured && m.budget_s <= 0) {
		m.budget_s = HONE_RULE_STARTUP_BUDGET_S;
		m.enough_s = HONE_RULE_STARTUP_ENOUGH_S;
	}
	end_by(&m, r);
	hone_left_outs_find(t->session, t->trials[0].artifact, &left_out);
	m.left_out = left_out.v.v;
	m.n_left_out = left_out.v.n;
	if (r->join_only)
		hone_try_measure_none(t);
	else
		error = hone_try_measure(t, &m, err);
	if (!error)
		error = measure_levels(t, r, &m, err);
	/* Times in an emulator say nothing of the device, but its instructions do. */
	if (hone_try_is_bare(t))
		t->speed_measured = hone_try_counts(t);
	hone_left_outs_release(&left_out);
	m.n_left_out = 0;
	if (!error) /* nothing was timed when nothing could be run */
		error = hone_try_finish(t, err);
	if (error)
		return error;
	hone_try_pick(t);
	if (t->measurement && t->speed_measured && !r->no_confirm)
		error = hone_try_confirm(t, &m, err);
	if (!error) /* before anything is said or stored */
		error = hone_inputs_check(t->session->dir.inputs, err);
	if (!error && r->slurm)
		hone_slurm_forget(t->session);
	t->total_s = hone_ns_to_s(hone_now_ns() - start);
	return error;
}
