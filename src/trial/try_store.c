/* A finished try as a record of the store. Everything lives in the record's arena. */
#include "results.h"

#include "clock.h"
#include "machine.h"
#include "text.h"

#include <math.h>

static struct hone_stored_ratio ratio_of(const struct hone_estimate *e)
{
	return (struct hone_stored_ratio){e->ratio, e->low, e->high, hone_verdict_text(e->verdict)};
}

static const struct hone_stored_ratio no_ratio = {NAN, NAN, NAN, ""};

static const char *labels_of(struct hone_arena *a, const struct hone_trial *trial)
{
	hone_auto_buf struct hone_buf b = HONE_BUF_INIT;

	for (const struct hone_label_info *l = hone_labels; l->id; l++)
		if (hone_trial_labels(trial) & l->bit)
			hone_buf_addf(&b, "%s%s", b.n ? "," : "", l->id);
	return hone_arena_strdup(a, hone_buf_str(&b));
}

static void put_artifact(
	struct hone_arena *arena, const struct hone_artifact *a, struct hone_stored_trial *to)
{
	char hash[HONE_HASH_TEXT];

	to->hash = hone_arena_strdup(arena, hone_hash_text(hash, a->hash));
	to->min_glibc = a->elf.min_glibc;
	to->size = a->size;
	to->stripped_size = a->stripped_size;
	to->gzip_size = a->gzip_size;
	to->zstd_size = a->zstd_size;
	to->build_wall_s = a->cost.wall_s;
	to->build_cpu_s = a->cost.cpu_s;
	to->build_peak = a->cost.peak_rss;
	to->build_units = a->cost.units;
	to->flash = a->flash;
	to->ram = a->ram;
	to->n_sections = a->elf.n_sections;
	to->sections =
		hone_arena_alloc(arena, hone_size_mul(to->n_sections, sizeof(*to->sections)));
	for (size_t i = 0; i < to->n_sections; i++)
		to->sections[i] = (struct hone_stored_section){
			a->elf.sections[i].name, a->elf.sections[i].size};
}

static void put_owners(
	struct hone_arena *arena, const struct hone_size_table *bytes, struct hone_stored_trial *to)
{
	to->n_owners = bytes->n;
	to->owners = hone_arena_alloc(arena, hone_size_mul(bytes->n, sizeof(*to->owners)));
	for (size_t i = 0; i < bytes->n; i++)
		to->owners[i] = (struct hone_stored_owner){bytes->rows[i].name,
			hone_size_kind_name(bytes->rows[i].kind), bytes->rows[i].size};
}

/* The trial's speed: from the rounds that confirmed it, if there were any. */
static void put_cost(const struct hone_try *t, size_t trial, struct hone_stored_trial *to)
{
	size_t at = t->trials[trial].measured;

	to->cost = no_ratio;
	if (t->measured && at != SIZE_MAX && t->measured->status[at] == HONE_RAN)
		to->cost = ratio_of(&t->measured->composite[at]);
	for (size_t i = 1; t->confirmed && i < t->n_confirmed; i++) {
		if (t->confirmed_trials[i] != trial)
			continue;
		to->cost = ratio_of(&t->confirmed->composite[i]);
		to->confirmed = true;
	}
}

static void put_trials(const struct hone_try *t, struct hone_stored_run *run)
{
	struct hone_arena *arena = &run->arena;

	run->n_trials = t->n;
	run->trials = hone_arena_alloc(arena, hone_size_mul(t->n, sizeof(*run->trials)));
	for (size_t i = 0; i < t->n; i++) {
		const struct hone_trial *trial = &t->trials[i];
		struct hone_stored_trial *to = &run->trials[i];
		hone_auto_free char *canonical = hone_candidate_canonical(trial->candidate);

		to->name = trial->candidate->name;
		to->candidate = hone_arena_strdup(arena, canonical);
		to->labels = labels_of(arena, trial);
		to->status = hone_trial_status_text(trial->status);
		to->reason = trial->reason;
		put_cost(t, i, to);
		if (trial->artifact)
			put_artifact(arena, trial->artifact, to);
		put_owners(arena, &trial->bytes, to);
	}
}

static void put_metric(const struct hone_try *t, const struct hone_workload_result *w,
	const struct hone_metric_result *metric, struct hone_arena *arena,
	struct hone_stored_metric *to)
{
	const struct hone_measurement *m = t->measured;

	*to = (struct hone_stored_metric){.name = hone_metric_info(metric->metric)->name,
		.unit = hone_metric_info(metric->metric)->unit,
		.primary = metric->primary,
		.more_is_better = metric->more_is_better};
	to->series = hone_arena_alloc(arena, hone_size_mul(t->n + 1, sizeof(*to->series)));
	for (size_t i = 0; i <= t->n; i++) {
		bool control = i == t->n;
		size_t at = control ? m->control : t->trials[i].measured;
		struct hone_stored_series *series = &to->series[i];

		*series = (struct hone_stored_series){.median = NAN, .against = no_ratio};
		if (at == SIZE_MAX || (!control && m->status[at] != HONE_RAN))
			continue;
		series->median = metric->median[at];
		if (!control)
			series->against = ratio_of(&metric->estimate[at]);
		series->samples = metric->samples[at];
		series->n_samples = w->rounds;
	}
}

static void put_workloads(const struct hone_try *t, struct hone_stored_run *run)
{
	size_t n = t->measured ? t->measured->n_workloads : 0;

	run->n_workloads = n;
	run->workloads = hone_arena_alloc(&run->arena, hone_size_mul(n, sizeof(*run->workloads)));
	for (size_t i = 0; i < n; i++) {
		const struct hone_workload_result *w = &t->measured->workloads[i];
		struct hone_stored_workload *to = &run->workloads[i];
		hone_auto_free char *command =
			hone_text_command(hone_strv_argv(&t->workloads[i].argv));

		*to = (struct hone_stored_workload){.name = w->name,
			.kind = hone_workload_kind_text(w->kind),
			.command = hone_arena_strdup(&run->arena, command),
			.weight = w->weight,
			.n_metrics = w->n_metrics};
		to->metrics = hone_arena_alloc(
			&run->arena, hone_size_mul(w->n_metrics, sizeof(*to->metrics)));
		for (size_t k = 0; k < w->n_metrics; k++)
			put_metric(t, w, &w->metrics[k], &run->arena, &to->metrics[k]);
	}
}

static const char *winner(const struct hone_try *t, size_t trial)
{
	return trial == HONE_PICK_NONE ? NULL : t->trials[trial].candidate->name;
}

static void fill(
	const struct hone_try *t, const struct hone_machine *machine, struct hone_stored_run *run)
{
	const struct hone_session *s = t->session;

	run->when = hone_wall_clock_s();
	run->workspace = s->project->workspace_root;
	run->package = s->project->package->name;
	run->bin = s->project->target->name;
	run->kind = hone_target_kind_name(s->project->target->kind);
	run->profile = s->env.profile;
	run->target = hone_session_triple(s);
	run->rustc = s->toolchain->rustc_verbose;
	run->rustc_version = s->toolchain->rustc_version;
	run->hone = HONE_VERSION;
	run->cpu = machine->cpu;
	run->kernel = machine->kernel ? machine->kernel : "unknown";
	run->cores = machine->cores;
	run->speed_measured = t->speed_measured;
	run->seed = t->seed;
	run->options = t->options;
	for (size_t i = 0; i < HONE_COUNT(run->finishes); i++)
		run->finishes[i] = t->finishes[i];
	run->small = winner(t, t->picks.small);
	run->fast = winner(t, t->picks.fast);
	run->balanced = winner(t, t->picks.balanced);
	put_trials(t, run);
	put_workloads(t, run);
}

void hone_results_put(const struct hone_try *t)
{
	hone_auto_stored_run struct hone_stored_run run = HONE_STORED_RUN_INIT;
	hone_auto_store struct hone_store *store = NULL;
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	struct hone_machine machine;
	int64_t id = 0;
	int error;

	error = hone_results_open(t->session, true, &store, &err);
	hone_machine_read(&machine);
	if (!error) {
		fill(t, &machine, &run);
		error = hone_store_put(store, &run, &id, &err);
	}
	hone_machine_release(&machine);
	if (error)
		hone_events_warn(t->session->events,
			"this result was not kept for `cargo hone history`: %s%s%s", err.msg,
			err.hint ? "; " : "", err.hint ? err.hint : "");
	else
		hone_events_detail(t->session->events, "kept as run %lld", (long long)id);
}
