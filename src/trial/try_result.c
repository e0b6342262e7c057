/* A finished try as plain data. What is made for it lives in the result's arena, all else is borrowed from the try. */
#include "results.h"

#include "clock.h"
#include "labels.h"
#include "machine.h"
#include "service.h"
#include "text.h"
#include "try_artifacts.h"

#include <math.h>
#include <string.h>

static const struct hone_result_ratio no_ratio = HONE_RESULT_RATIO_NONE;

static struct hone_result_ratio ratio_of(const struct hone_estimate *e)
{
	return (struct hone_result_ratio){e->ratio, e->low, e->high, hone_verdict_text(e->verdict)};
}

static const char *keep(struct hone_arena *a, const char *text)
{
	return text ? hone_arena_strdup(a, text) : NULL;
}

static const char *labels_of(struct hone_arena *a, const struct hone_trial *trial)
{
	hone_auto_buf struct hone_buf b = HONE_BUF_INIT;

	for (const struct hone_label_info *l = hone_labels; l->id; l++)
		if (hone_trial_labels(trial) & l->bit)
			hone_buf_addf(&b, "%s%s", b.n ? "," : "", l->id);
	return hone_arena_strdup(a, hone_buf_str(&b));
}

/* ---- trials */

static void fill_artifact(
	struct hone_arena *arena, const struct hone_artifact *a, struct hone_result_trial *to)
{
	char hash[HONE_HASH_TEXT];

	to->hash = hone_arena_strdup(arena, hone_hash_text(hash, a->hash));
	to->min_glibc = a->elf.min_glibc;
	to->path = a->path;
	to->size = a->size;
	to->stripped_size = a->stripped_size;
	to->gzip_size = a->packed.gzip;
	to->zstd_size = a->packed.zstd;
	to->brotli_size = a->packed.brotli;
	to->bindgen = (struct hone_result_bindgen){
		a->bound_size, a->bound.gzip, a->bound.zstd, a->bound.brotli};
	to->build_wall_s = a->cost.wall_s;
	to->build_cpu_s = a->cost.cpu_s;
	to->build_peak = a->cost.peak_rss;
	to->build_units = a->cost.units;
	to->exact = a->exact;
	to->path_dependent = a->path_dependent;
	to->fresh = a->reused;
	to->flash = a->flash;
	to->ram = a->ram;
	to->n_sections = a->elf.n_sections;
	to->sections =
		hone_arena_alloc(arena, hone_size_mul(to->n_sections, sizeof(*to->sections)));
	for (size_t i = 0; i < to->n_sections; i++)
		to->sections[i] = (struct hone_result_section){
			a->elf.sections[i].name, a->elf.sections[i].size};
}

static void fill_profile(
	struct hone_arena *arena, const struct hone_trial *trial, struct hone_result_profile *to)
{
	const struct hone_plan *plan = trial->plan;
	const struct hone_profile_use *u = &trial->artifact->used;
	hone_auto_free char *words = NULL;

	*to = (struct hone_result_profile){.trained = plan->trained,
		.pgo = plan->profile,
		.levels = plan->levels,
		.named = u->named,
		.aligned = u->levels,
		.functions = u->functions,
		.executed = u->executed,
		.missing = u->missing,
		.mismatched = u->mismatched,
		.found = u->found,
		.renamed = u->renamed,
		.hot = plan->hot.n,
		.hot_found = u->hot_found,
		.cold_found = u->cold_found,
		.hot_fast = u->hot_fast,
		.cold_small = u->cold_small};
	if (!plan->trained)
		return;
	words = hone_profile_use_text(plan, u);
	to->words = keep(arena, words);
}

static void fill_owners(
	struct hone_arena *arena, const struct hone_size_table *bytes, struct hone_result_trial *to)
{
	to->n_owners = bytes->n;
	to->owners = hone_arena_alloc(arena, hone_size_mul(bytes->n, sizeof(*to->owners)));
	for (size_t i = 0; i < bytes->n; i++)
		to->owners[i] = (struct hone_result_owner){bytes->rows[i].name,
			hone_size_kind_name(bytes->rows[i].kind), bytes->rows[i].size};
}

static void fill_regions(
	struct hone_arena *arena, const struct hone_memory *m, struct hone_result_trial *to)
{
	to->n_regions = m->n_regions;
	to->regions = hone_arena_alloc(arena, hone_size_mul(to->n_regions, sizeof(*to->regions)));
	for (size_t i = 0; i < m->n_regions; i++)
		to->regions[i] = (struct hone_result_region){m->regions[i].name,
			m->regions[i].origin, m->regions[i].length, m->regions[i].used};
}

/* The trial's speed: from the rounds that confirmed it, if there were any. */
static void fill_cost(const struct hone_try *t, size_t trial, struct hone_result_trial *to)
{
	size_t at = t->trials[trial].contestant;

	to->together = no_ratio;
	to->measured = t->measurement && at != SIZE_MAX && t->measurement->status[at] == HONE_RAN;
	if (to->measured && t->measurement->composite)
		to->together = ratio_of(&t->measurement->composite[at]);
	if (to->measured)
		to->left_rounds = t->measurement->left[at];
	to->cost = to->together;
	for (size_t i = 1; t->confirmed.measurement && i < t->confirmed.n; i++) {
		if (t->confirmed.trials[i] != trial)
			continue;
		to->cost = ratio_of(&t->confirmed.measurement->composite[i]);
		to->confirmed = true;
		to->fresh_rounds = t->confirmed.measurement->composite[i].rounds;
	}
}

static void fill_trial(const struct hone_try *t, size_t i, struct hone_result_run *run)
{
	const struct hone_trial *trial = &t->trials[i];
	struct hone_result_trial *to = &run->trials[i];
	struct hone_arena *arena = &run->arena;
	hone_auto_free char *canonical = hone_candidate_canonical(trial->candidate);
	hone_auto_strv struct hone_strv argv = HONE_STRV_INIT;
	hone_auto_free char *command = NULL;
	hone_auto_free char *mind = NULL;

	hone_plan_user_command(trial->plan, &t->session->env, &argv);
	command = hone_text_command(hone_strv_argv(&argv));
	*to = (struct hone_result_trial){.name = trial->candidate->name,
		.candidate = hone_arena_strdup(arena, canonical),
		.labels = labels_of(arena, trial),
		.status = hone_trial_status_text(trial->status),
		.reason = trial->reason,
		.command = hone_arena_strdup(arena, command),
		.exact = -1,
		.path_dependent = -1,
		.fresh = -1,
		.unasked = trial->lost,
		.made = trial->made,
		.allowed = trial->allowed};
	fill_cost(t, i, to);
	fill_owners(arena, &trial->bytes, to);
	fill_regions(arena, &trial->memory, to);
	if (!trial->artifact)
		return;
	fill_artifact(arena, trial->artifact, to);
	fill_profile(arena, trial, &to->profile);
	hone_try_fill_artifacts(t, i, arena, to);
	if (trial->lost)
		mind = hone_lost_text(trial->lost, t->trials[0].artifact, trial->artifact);
	to->mind = keep(arena, mind);
}

/* ---- workloads */

static void fill_metric(const struct hone_try *t, const struct hone_workload_result *w,
	const struct hone_metric_result *metric, struct hone_arena *arena,
	struct hone_result_metric *to)
{
	const struct hone_measurement *m = t->measurement;

	*to = (struct hone_result_metric){.name = hone_metric_info(metric->metric)->name,
		.unit = hone_metric_info(metric->metric)->unit,
		.primary = metric->primary,
		.more_is_better = metric->more_is_better,
		.noise = metric->noise};
	to->series = hone_arena_alloc(arena, hone_size_mul(t->n + 1, sizeof(*to->series)));
	for (size_t i = 0; i <= t->n; i++) {
		bool control = i == t->n;
		size_t at = control ? m->control : t->trials[i].contestant;
		struct hone_result_series *series = &to->series[i];

		*series = (struct hone_result_series){.median = NAN, .against = no_ratio};
		if (at == SIZE_MAX || (!control && m->status[at] != HONE_RAN))
			continue;
		series->median = metric->median[at];
		if (!control)
			series->against = ratio_of(&metric->estimate[at]);
		series->samples = metric->samples[at];
		series->n_samples = w->rounds;
	}
}

static double *fill_counts(
	const struct hone_try *t, const struct hone_workload_result *w, struct hone_arena *arena)
{
	double *counts;

	if (!w->callgrind)
		return NULL;
	counts = hone_arena_alloc(arena, hone_size_mul(t->n, sizeof(*counts)));
	for (size_t i = 0; i < t->n; i++) {
		size_t at = t->trials[i].contestant;

		counts[i] = at == SIZE_MAX || t->measurement->status[at] != HONE_RAN
				    ? (double)NAN
				    : w->callgrind[at];
	}
	return counts;
}

static void fill_workload(const struct hone_try *t, size_t i, struct hone_result_run *run)
{
	const struct hone_workload_result *w = &t->measurement->workloads[i];
	const struct hone_workload *from = &t->workloads.v[i];
	struct hone_result_workload *to = &run->workloads[i];
	hone_auto_free char *command = hone_text_command(hone_strv_argv(&from->argv));
	bool load = from->service && w->kind == HONE_WORKLOAD_SERVICE;

	*to = (struct hone_result_workload){.name = w->name,
		.kind = hone_workload_kind_text(w->kind),
		.command = hone_arena_strdup(&run->arena, command),
		.bench = from->bench,
		.why = w->primary_why,
		.weight = w->weight,
		.rounds = w->rounds,
		.cpu = w->cpu,
		.trained = hone_try_trains(t) && hone_try_trained_with(t, i),
		.countable = !from->service && !from->until_output,
		.connections = load ? from->service->connections : 0,
		.window_s = load ? from->service->window_s : 0,
		.counts = fill_counts(t, w, &run->arena),
		.n_metrics = w->n_metrics};
	to->metrics =
		hone_arena_alloc(&run->arena, hone_size_mul(w->n_metrics, sizeof(*to->metrics)));
	for (size_t k = 0; k < w->n_metrics; k++)
		fill_metric(t, w, &w->metrics[k], &run->arena, &to->metrics[k]);
}

/* ---- the run */

static void fill_project(const struct hone_session *s, struct hone_result_run *run)
{
	const struct hone_toolchain *tc = s->toolchain;

	run->workspace = s->project->workspace_root;
	run->package = s->project->package->name;
	run->version = s->project->package->version;
	run->package_id = s->project->package->id;
	run->manifest = s->project->package->manifest_path;
	run->bin = s->project->target->name;
	run->kind = hone_target_kind_name(s->project->made);
	run->profile = s->env.profile;
	run->target = hone_session_triple(s);
	run->rustc = tc->rustc_verbose;
	run->rustc_version = tc->rustc_version;
	run->cargo = tc->cargo_version;
	run->llvm = tc->llvm_version;
	run->host = tc->host;
	hone_results_sign(s, run);
}

static void fill_machine(struct hone_result_run *run)
{
	struct hone_machine machine;

	hone_machine_read(&machine);
	run->cpu = keep(&run->arena, machine.cpu);
	run->kernel = machine.kernel ? keep(&run->arena, machine.kernel) : "unknown";
	run->arch = keep(&run->arena, machine.arch);
	run->cores = machine.cores;
	run->machine_id = keep(&run->arena, machine.id);
	run->memory = machine.memory;
	run->virtual_machine = machine.virtual_machine;
	hone_machine_release(&machine);
}

static void fill_state(const struct hone_measurement *m, struct hone_result_state *to)
{
	const struct hone_machine_state *a = &m->before, *b = &m->after;

	*to = (struct hone_result_state){.load_before = a->load < 0 ? (double)NAN : a->load,
		.load_after = b->load < 0 ? (double)NAN : b->load,
		.cpus = a->cpus,
		.governor = a->governor,
		.turbo = a->turbo,
		.smt = a->smt,
		.ticks = b->total - a->total,
		.steal = b->steal - a->steal,
		.swapped_in = b->swap_in - a->swap_in,
		.throttled =
			a->tells_throttling ? (double)(b->throttled - a->throttled) : (double)NAN};
}

static void fill_measurement(const struct hone_try *t, struct hone_result_run *run)
{
	const struct hone_measurement *m = t->measurement;

	if (m->rounds)
		fill_state(m, &run->state);
	run->rounds = m->rounds;
	run->resumed = m->resumed;
	run->precision = m->rules.precision;
	run->margin = m->rules.margin;
	run->elapsed_s = m->elapsed_s;
	run->more_s = m->more_s;
	run->provable = m->provable;
	run->control_differs = m->control_differs;
	run->runs_s = m->runs_s + (t->confirmed.measurement ? t->confirmed.measurement->runs_s : 0);
	run->notes = m->notes;
	run->n_workloads = m->n_workloads;
	run->workloads = hone_arena_alloc(
		&run->arena, hone_size_mul(run->n_workloads, sizeof(*run->workloads)));
	for (size_t i = 0; i < run->n_workloads; i++)
		fill_workload(t, i, run);
}

/* Does a panic end the program that did not before? */
static bool aborts(const struct hone_try *t)
{
	bool found = false;

	for (size_t i = 0; i < t->n; i++) {
		const struct hone_assign *panic =
			hone_candidate_get(t->trials[i].candidate, HONE_SET_PANIC, NULL);

		found |= panic && strstr(panic->value, "abort") &&
			 (hone_labels_of_assign(t->session, panic, NULL, NULL) &
				 HONE_LABEL_BEHAVIOUR);
	}
	return found;
}

void hone_try_result(const struct hone_try *t, struct hone_result_run *run)
{
	run->when = hone_wall_clock_s();
	run->hone = HONE_VERSION;
	run->complete = true;
	fill_project(t->session, run);
	fill_machine(run);
	run->bare = hone_try_is_bare(t);
	run->module =
		t->trials[0].artifact && t->trials[0].artifact->elf.format == HONE_OBJECT_WASM;
	run->speed_measured = t->speed_measured;
	run->trains = hone_try_trains(t);
	run->aborts = aborts(t);
	run->total_s = t->total_s;
	run->cargo_s = t->cargo_s;
	run->best = t->best.allowed;
	run->any = t->best.any;
	run->seed = t->seed;
	run->options = t->command.options;
	run->n_trials = t->n;
	run->trials = hone_arena_alloc(&run->arena, hone_size_mul(t->n, sizeof(*run->trials)));
	for (size_t i = 0; i < t->n; i++)
		fill_trial(t, i, run);
	if (t->measurement)
		fill_measurement(t, run);
}

void hone_results_put(
	const struct hone_session *s, const struct hone_result_run *run, const int64_t *finishes)
{
	struct hone_store *store = NULL;
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	int64_t id = 0;
	int error = hone_results_open(s, true, &store, &err);

	if (!error)
		error = hone_store_put(store, run, finishes, &id, &err);
	if (error)
		hone_events_warn(s->events,
			"this result was not kept for `cargo hone history`: %s%s%s", err.msg,
			err.hint ? "; " : "", err.hint ? err.hint : "");
	else
		hone_events_detail(s->events, "kept as run %lld", (long long)id);
}
