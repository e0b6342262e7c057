#include "try_report.h"

#include "candidate_json.h"
#include "changes_report.h"
#include "jsonw.h"
#include "machine.h"
#include "size_extra.h"

#include <math.h>
#include <string.h>

/* JSON of a try: the contract stands in docs/json.md. */

static void flag_json(struct hone_jsonw *w, const char *key, int flag)
{
	if (flag < 0)
		hone_jsonw_kstr(w, key, NULL);
	else
		hone_jsonw_kbool(w, key, flag);
}

/* What the machine was doing during the rounds; null for what it does not tell. */
static void state_json(struct hone_jsonw *w, const struct hone_measurement *m)
{
	const struct hone_machine_state *a = &m->before, *b = &m->after;

	hone_jsonw_kobject(w, "state");
	hone_jsonw_kf64(w, "load_before", a->load < 0 ? NAN : a->load);
	hone_jsonw_kf64(w, "load_after", b->load < 0 ? NAN : b->load);
	hone_jsonw_ku64(w, "cpus", a->cpus);
	hone_jsonw_kstr(w, "governor", a->governor);
	flag_json(w, "turbo", a->turbo);
	flag_json(w, "smt", a->smt);
	hone_jsonw_kf64(w, "steal", hone_machine_steal(a, b));
	hone_jsonw_ku64(w, "swapped_in", b->swap_in - a->swap_in);
	hone_jsonw_kf64(
		w, "throttled", a->tells_throttling ? (double)(b->throttled - a->throttled) : NAN);
	hone_jsonw_end(w);
}

static void project_json(struct hone_jsonw *w, const struct hone_try *t)
{
	const struct hone_project *p = t->session->project;
	const struct hone_toolchain *tc = t->session->toolchain;
	struct hone_machine machine;

	hone_jsonw_kobject(w, "project");
	hone_jsonw_kstr(w, "name", p->package->name);
	hone_jsonw_kstr(w, "version", p->package->version);
	hone_jsonw_kstr(w, "package", p->package->id);
	hone_jsonw_kstr(w, "bin", p->target->name);
	hone_jsonw_kstr(w, "manifest", p->package->manifest_path);
	hone_jsonw_end(w);
	hone_jsonw_kobject(w, "toolchain");
	hone_jsonw_kstr(w, "rustc", tc->rustc_version);
	hone_jsonw_kstr(w, "cargo", tc->cargo_version);
	hone_jsonw_kstr(w, "llvm", tc->llvm_version);
	hone_jsonw_kstr(w, "host", tc->host);
	hone_jsonw_kstr(w, "target", hone_session_triple(t->session));
	hone_jsonw_end(w);
	hone_machine_read(&machine);
	hone_jsonw_kobject(w, "machine");
	hone_jsonw_kstr(w, "cpu", machine.cpu);
	hone_jsonw_ku64(w, "cores", machine.cores);
	hone_jsonw_ku64(w, "memory", machine.memory);
	hone_jsonw_kstr(w, "arch", machine.arch);
	hone_jsonw_kstr(w, "kernel", machine.kernel);
	hone_jsonw_kbool(w, "virtual", machine.virtual_machine);
	if (t->measured && t->measured->rounds)
		state_json(w, t->measured);
	hone_jsonw_end(w);
	hone_machine_release(&machine);
}

static void settings_json(struct hone_jsonw *w, const struct hone_trial *trial)
{
	hone_candidate_json(w, trial->candidate);
	hone_jsonw_karray(w, "labels");
	for (const struct hone_label_info *l = hone_labels; l->id; l++)
		if (hone_trial_labels(trial) & l->bit)
			hone_jsonw_str(w, l->id);
	hone_jsonw_end(w);
	hone_jsonw_karray(w, "unasked");
	for (size_t i = 0; hone_lost_words[i]; i++)
		if (trial->lost & 1U << i)
			hone_jsonw_str(w, hone_lost_words[i]);
	hone_jsonw_end(w);
}

static void artifact_json(struct hone_jsonw *w, const struct hone_artifact *a)
{
	char hash[HONE_HASH_TEXT];

	hone_jsonw_kbool(w, "exact", a->exact);
	hone_jsonw_kbool(w, "path_dependent", a->path_dependent);
	hone_jsonw_kstr(w, "path", a->path);
	hone_jsonw_kstr(w, "hash", hone_hash_text(hash, a->hash));
	hone_jsonw_ku64(w, "size", a->size);
	hone_jsonw_ku64(w, "stripped_size", a->stripped_size);
	hone_jsonw_ku64(w, "gzip_size", a->gzip_size);
	hone_jsonw_ku64(w, "zstd_size", a->zstd_size);
	if (a->bare) {
		hone_jsonw_ku64(w, "flash", a->flash);
		hone_jsonw_ku64(w, "ram", a->ram);
	}
	hone_jsonw_kobject(w, "sections");
	for (size_t i = 0; i < a->elf.n_sections; i++) {
		/* Two sections of one name would be one key: the later ones get their number. */
		const char *name = a->elf.sections[i].name;
		hone_auto_free char *numbered = NULL;
		size_t before = 0;

		for (size_t k = 0; k < i; k++)
			before += strcmp(a->elf.sections[k].name, name) == 0;
		if (!*name)
			continue;
		if (before)
			numbered = hone_xasprintf("%s#%zu", name, before + 1);
		hone_jsonw_ku64(w, numbered ? numbered : name, a->elf.sections[i].size);
	}
	hone_jsonw_end(w);
	hone_jsonw_kstr(w, "min_glibc", a->elf.min_glibc);
	hone_jsonw_kobject(w, "build");
	hone_jsonw_kf64(w, "wall_s", a->cost.wall_s);
	hone_jsonw_kf64(w, "cpu_s", a->cost.cpu_s);
	hone_jsonw_ku64(w, "peak_rss", a->cost.peak_rss);
	hone_jsonw_ku64(w, "units", a->cost.units);
	hone_jsonw_kbool(w, "fresh", a->reused);
	hone_jsonw_end(w);
}

/* What the build made of its profile; what was not looked at is left out. */
static void profile_json(
	struct hone_jsonw *w, const struct hone_plan *plan, const struct hone_artifact *a)
{
	const struct hone_profile_use *u = &a->used;

	hone_jsonw_kobject(w, "profile_used");
	hone_jsonw_ku64(w, "functions", u->functions);
	hone_jsonw_ku64(w, "executed", u->executed);
	if (plan->profile) {
		hone_jsonw_ku64(w, "missing", u->missing);
		hone_jsonw_ku64(w, "mismatched", u->mismatched);
	}
	if (plan->levels && u->named) {
		hone_jsonw_ku64(w, "found", u->found);
		hone_jsonw_ku64(w, "renamed", u->renamed);
		hone_jsonw_ku64(w, "hot", u->hot);
		hone_jsonw_ku64(w, "hot_found", u->hot_found);
		hone_jsonw_ku64(w, "cold_found", u->cold_found);
	}
	if (plan->levels && u->levels) {
		hone_jsonw_ku64(w, "hot_fast", u->hot_fast);
		hone_jsonw_ku64(w, "cold_small", u->cold_small);
	}
	hone_jsonw_end(w);
}

static void trials_json(struct hone_jsonw *w, const struct hone_try *t)
{
	hone_jsonw_karray(w, "trials");
	for (size_t i = 0; i < t->n; i++) {
		const struct hone_trial *trial = &t->trials[i];
		hone_auto_strv struct hone_strv argv = HONE_STRV_INIT;

		hone_jsonw_object(w);
		hone_jsonw_kstr(w, "name", trial->candidate->name);
		settings_json(w, trial);
		hone_jsonw_kstr(w, "status", hone_trial_status_text(trial->status));
		hone_jsonw_kstr(w, "reason", trial->reason);
		hone_plan_user_command(trial->plan, &t->session->env, &argv);
		hone_jsonw_karray(w, "command");
		for (size_t k = 0; k < argv.n; k++)
			hone_jsonw_str(w, argv.v[k]);
		hone_jsonw_end(w);
		if (trial->artifact)
			artifact_json(w, trial->artifact);
		if (trial->artifact && trial->plan->trained)
			profile_json(w, trial->plan, trial->artifact);
		if (trial->memory.n_regions)
			hone_regions_json(w, &trial->memory);
		hone_jsonw_end(w);
	}
	hone_jsonw_end(w);
}

static void estimate_json(struct hone_jsonw *w, const struct hone_estimate *e)
{
	hone_jsonw_kf64(w, "ratio", e->ratio);
	hone_jsonw_kf64(w, "low", e->low);
	hone_jsonw_kf64(w, "high", e->high);
	hone_jsonw_kstr(w, "verdict", hone_verdict_text(e->verdict));
}

static void metric_json(struct hone_jsonw *w, const struct hone_try *t,
	const struct hone_measurement *m, const struct hone_workload_result *r,
	const struct hone_metric_result *metric)
{
	const struct hone_metric_info *info = hone_metric_info(metric->metric);

	hone_jsonw_object(w);
	hone_jsonw_kstr(w, "metric", info->name);
	hone_jsonw_kstr(w, "unit", info->unit);
	hone_jsonw_kstr(w, "better", metric->more_is_better ? "higher" : "lower");
	hone_jsonw_kbool(w, "primary", metric->primary);
	hone_jsonw_kf64(w, "noise", metric->noise);
	hone_jsonw_karray(w, "trials");
	for (size_t i = 0; i < t->n; i++) {
		size_t at = t->trials[i].measured;

		if (at == SIZE_MAX || m->status[at] != HONE_RAN)
			continue;
		hone_jsonw_object(w);
		hone_jsonw_kstr(w, "name", t->trials[i].candidate->name);
		hone_jsonw_karray(w, "samples");
		for (size_t k = 0; k < r->rounds; k++)
			hone_jsonw_f64(w, metric->samples[at][k]);
		hone_jsonw_end(w);
		hone_jsonw_kf64(w, "median", metric->median[at]);
		estimate_json(w, &metric->estimate[at]);
		hone_jsonw_end(w);
	}
	hone_jsonw_end(w);
	hone_jsonw_karray(w, "control");
	for (size_t k = 0; k < r->rounds; k++)
		hone_jsonw_f64(w, metric->samples[m->control][k]);
	hone_jsonw_end(w);
	hone_jsonw_end(w);
}

static void instructions_json(struct hone_jsonw *w, const struct hone_try *t,
	const struct hone_measurement *m, const struct hone_workload_result *r)
{
	hone_jsonw_karray(w, "instructions");
	for (size_t i = 0; i < t->n; i++) {
		size_t at = t->trials[i].measured;

		if (at == SIZE_MAX || m->status[at] != HONE_RAN)
			continue;
		hone_jsonw_object(w);
		hone_jsonw_kstr(w, "name", t->trials[i].candidate->name);
		hone_jsonw_kf64(w, "count", r->callgrind[at]);
		hone_jsonw_end(w);
	}
	hone_jsonw_end(w);
}

static void workloads_json(struct hone_jsonw *w, const struct hone_try *t)
{
	const struct hone_measurement *m = t->measured;

	hone_jsonw_karray(w, "workloads");
	for (size_t i = 0; m && i < m->n_workloads; i++) {
		const struct hone_workload_result *r = &m->workloads[i];

		hone_jsonw_object(w);
		hone_jsonw_kstr(w, "name", r->name);
		hone_jsonw_kstr(w, "kind", hone_workload_kind_text(r->kind));
		if (t->workloads[i].bench)
			hone_jsonw_kstr(w, "bench", t->workloads[i].bench);
		hone_jsonw_kf64(w, "weight", r->weight);
		hone_jsonw_ku64(w, "rounds", r->rounds);
		hone_jsonw_ku64(w, "resumed", m->resumed);
		hone_jsonw_key(w, "cpu");
		if (r->cpu)
			hone_jsonw_i64(w, r->cpu - 1);
		else
			hone_jsonw_null(w);
		if (hone_try_trains(t))
			hone_jsonw_kbool(w, "trained", hone_try_has_trained(t, r));
		if (r->callgrind)
			instructions_json(w, t, m, r);
		hone_jsonw_karray(w, "metrics");
		for (size_t k = 0; k < r->n_metrics; k++)
			metric_json(w, t, m, r, &r->metrics[k]);
		hone_jsonw_end(w);
		hone_jsonw_end(w);
	}
	hone_jsonw_end(w);
}

/* All workloads by weight: what picks the winners. */
static void composite_json(struct hone_jsonw *w, const struct hone_try *t)
{
	const struct hone_measurement *m = t->measured;

	hone_jsonw_karray(w, "composite");
	for (size_t i = 0; m && m->rounds && i < t->n; i++) {
		size_t at = t->trials[i].measured;

		if (at == SIZE_MAX || m->status[at] != HONE_RAN)
			continue;
		hone_jsonw_object(w);
		hone_jsonw_kstr(w, "name", t->trials[i].candidate->name);
		estimate_json(w, &m->composite[at]);
		hone_jsonw_end(w);
	}
	hone_jsonw_end(w);
}

static const char *name_or_null(const struct hone_try *t, size_t trial)
{
	return trial == HONE_PICK_NONE ? NULL : t->trials[trial].candidate->name;
}

/* allowed: of the trials whose labels the presets or a named candidate have, or --allow let in. */
static void best_json(struct hone_jsonw *w, const struct hone_try *t)
{
	static const char *const lists[] = {"allowed", "any"};

	hone_jsonw_kobject(w, "best");
	for (size_t i = 0; i < HONE_COUNT(lists); i++) {
		const struct hone_picks *picks = i ? &t->any : &t->picks;

		hone_jsonw_kobject(w, lists[i]);
		hone_jsonw_kstr(w, "small", name_or_null(t, picks->small));
		/* Nothing proved faster, or speed not measured at all: keep what you have. */
		hone_jsonw_kstr(w, "fast",
			name_or_null(t, picks->fast == HONE_PICK_NONE ? 0 : picks->fast));
		hone_jsonw_kstr(w, "balanced", name_or_null(t, picks->balanced));
		hone_jsonw_karray(w, "tied");
		for (size_t k = 0; k < picks->n_tied; k++)
			hone_jsonw_str(w, name_or_null(t, picks->tied[k]));
		hone_jsonw_end(w);
		hone_jsonw_end(w);
	}
	hone_jsonw_end(w);
	hone_jsonw_karray(w, "confirmed");
	for (size_t i = 1; t->confirmed && i < t->n_confirmed; i++) {
		hone_jsonw_object(w);
		hone_jsonw_kstr(w, "name", name_or_null(t, t->confirmed_trials[i]));
		hone_jsonw_ku64(w, "rounds", t->confirmed->composite[i].rounds);
		estimate_json(w, &t->confirmed->composite[i]);
		hone_jsonw_end(w);
	}
	hone_jsonw_end(w);
}

static void changes_json(struct hone_jsonw *w, const struct hone_try *t)
{
	struct hone_change_side *sides;
	struct hone_changes changes;
	size_t n = hone_try_sides(t, &sides);

	hone_changes_find(sides, n, &changes);
	hone_changes_json(w, &changes, sides);
	hone_changes_release(&changes);
	free(sides);
}

void hone_try_json(const struct hone_try *t, struct hone_buf *to)
{
	double runs = t->measured ? t->measured->runs_s : 0;
	struct hone_jsonw w;

	if (t->confirmed)
		runs += t->confirmed->runs_s;
	hone_jsonw_init(&w, to, true);
	hone_jsonw_object(&w);
	hone_jsonw_ki64(&w, "schema", 1);
	hone_jsonw_kstr(&w, "hone", HONE_VERSION);
	project_json(&w, t);
	hone_jsonw_kstr(&w, "baseline", t->trials[0].candidate->name);
	hone_jsonw_kstr(&w, "profile", t->session->env.profile);
	trials_json(&w, t);
	hone_jsonw_kbool(&w, "speed_measured", t->speed_measured);
	workloads_json(&w, t);
	composite_json(&w, t);
	hone_try_curve_json(&w, t);
	best_json(&w, t);
	changes_json(&w, t);
	hone_jsonw_kobject(&w, "time");
	hone_jsonw_kf64(&w, "total_s", t->total_s);
	hone_jsonw_kf64(&w, "cargo_s", t->cargo_s);
	hone_jsonw_kf64(&w, "runs_s", runs);
	hone_jsonw_end(&w);
	hone_jsonw_end(&w);
}
