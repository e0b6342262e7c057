/* A run as keys and values: the contract stands in docs/json.md. */
#include "run_report.h"

#include "candidate.h"
#include "changes_report.h"

#include <math.h>
#include <string.h>

static void flag_tree(struct hone_jsonw *w, const char *key, int flag)
{
	if (flag < 0)
		hone_jsonw_kstr(w, key, NULL);
	else
		hone_jsonw_kbool(w, key, flag);
}

void hone_run_ratio_tree(struct hone_jsonw *w, const struct hone_result_ratio *x)
{
	hone_jsonw_kf64(w, "ratio", x->ratio);
	hone_jsonw_kf64(w, "low", x->low);
	hone_jsonw_kf64(w, "high", x->high);
	hone_jsonw_kstr(w, "verdict", x->verdict);
}

/* What the machine was doing during the rounds; null for what it does not tell. */
static void state_tree(struct hone_jsonw *w, const struct hone_result_state *s)
{
	hone_jsonw_kobject(w, "state");
	hone_jsonw_kf64(w, "load_before", s->load_before);
	hone_jsonw_kf64(w, "load_after", s->load_after);
	hone_jsonw_ku64(w, "cpus", s->cpus);
	hone_jsonw_kstr(w, "governor", s->governor);
	flag_tree(w, "turbo", s->turbo);
	flag_tree(w, "smt", s->smt);
	hone_jsonw_kf64(w, "steal", s->ticks ? (double)s->steal / (double)s->ticks : 0);
	hone_jsonw_ku64(w, "swapped_in", s->swapped_in);
	hone_jsonw_kf64(w, "throttled", s->throttled);
	hone_jsonw_end(w);
}

void hone_run_facts_tree(struct hone_jsonw *w, const struct hone_result_run *r)
{
	hone_jsonw_kobject(w, "project");
	hone_jsonw_kstr(w, "name", r->package);
	hone_jsonw_kstr(w, "version", r->version);
	hone_jsonw_kstr(w, "package", r->package_id);
	hone_jsonw_kstr(w, "bin", r->bin);
	if (hone_run_is_library(r))
		hone_jsonw_kstr(w, "kind", r->kind);
	hone_jsonw_kstr(w, "manifest", r->manifest);
	hone_jsonw_end(w);
	hone_jsonw_kobject(w, "toolchain");
	hone_jsonw_kstr(w, "rustc", r->rustc_version);
	if (r->id)
		hone_jsonw_kstr(w, "rustc_verbose", r->rustc);
	hone_jsonw_kstr(w, "cargo", r->cargo);
	hone_jsonw_kstr(w, "llvm", r->llvm);
	hone_jsonw_kstr(w, "host", r->host);
	hone_jsonw_kstr(w, "target", r->target);
	hone_jsonw_end(w);
	hone_jsonw_kobject(w, "machine");
	hone_jsonw_kstr(w, "cpu", r->cpu);
	hone_jsonw_ku64(w, "cores", r->cores);
	hone_jsonw_key(w, "memory");
	if (r->complete)
		hone_jsonw_u64(w, r->memory);
	else
		hone_jsonw_null(w);
	hone_jsonw_kstr(w, "arch", r->arch);
	hone_jsonw_kstr(w, "kernel", r->kernel);
	flag_tree(w, "virtual", r->virtual_machine);
	if (r->state.cpus)
		state_tree(w, &r->state);
	hone_jsonw_end(w);
}

/* A candidate's value is TOML text of a boolean, an integer or a string: typed as such. */
void hone_run_value_tree(struct hone_jsonw *w, const char *toml)
{
	size_t n = strlen(toml);

	if (n >= 2 && toml[0] == '"')
		hone_jsonw_view(w, (struct hone_view){toml + 1, n - 2});
	else
		hone_jsonw_raw(w, toml);
}

void hone_run_recipe_tree(struct hone_jsonw *w, const char *canonical)
{
	struct hone_candidate *c = NULL;

	if (hone_candidate_parse(*canonical ? canonical : "baseline", &c, NULL)) {
		hone_jsonw_kstr(w, "settings", NULL);
		return;
	}
	hone_jsonw_kobject(w, "settings");
	for (size_t i = 0; i < c->n; i++) {
		hone_auto_free char *key = hone_assign_key(&c->assigns[i]);

		hone_jsonw_key(w, key);
		hone_run_value_tree(w, c->assigns[i].value);
	}
	hone_jsonw_end(w);
	hone_candidate_free(c);
}

static void labels_tree(struct hone_jsonw *w, const struct hone_result_trial *t)
{
	struct hone_view rest = hone_view_of(t->labels), part;
	bool started = false;

	hone_jsonw_karray(w, "labels");
	while (*t->labels && hone_view_split(&rest, &started, ',', &part))
		hone_jsonw_view(w, part);
	hone_jsonw_end(w);
	hone_jsonw_karray(w, "unasked");
	for (size_t i = 0; hone_lost_words[i]; i++)
		if (t->unasked & 1U << i)
			hone_jsonw_str(w, hone_lost_words[i]);
	hone_jsonw_end(w);
}

static void command_tree(struct hone_jsonw *w, const char *command)
{
	hone_auto_strv struct hone_strv words = HONE_STRV_INIT;

	if (!command || hone_strv_split_words(&words, command, NULL)) {
		hone_jsonw_kstr(w, "command", NULL);
		return;
	}
	hone_jsonw_karray(w, "command");
	for (size_t i = 0; i < words.n; i++)
		hone_jsonw_str(w, words.v[i]);
	hone_jsonw_end(w);
}

void hone_run_sections_tree(
	struct hone_jsonw *w, const struct hone_result_section *sections, size_t n)
{
	hone_jsonw_kobject(w, "sections");
	for (size_t i = 0; i < n; i++) {
		const char *name = sections[i].name;
		hone_auto_free char *numbered = NULL;
		size_t before = 0;

		for (size_t k = 0; k < i; k++)
			before += strcmp(sections[k].name, name) == 0;
		if (!*name)
			continue;
		if (before)
			numbered = hone_xasprintf("%s#%zu", name, before + 1);
		hone_jsonw_ku64(w, numbered ? numbered : name, sections[i].size);
	}
	hone_jsonw_end(w);
}

/* All of them as they stand in the file: --export. */
static void section_list_tree(struct hone_jsonw *w, const struct hone_result_trial *t)
{
	hone_jsonw_karray(w, "sections");
	for (size_t i = 0; i < t->n_sections; i++) {
		hone_jsonw_object(w);
		hone_jsonw_kstr(w, "name", t->sections[i].name);
		hone_jsonw_ku64(w, "size", t->sections[i].size);
		hone_jsonw_end(w);
	}
	hone_jsonw_end(w);
}

static void bindgen_tree(struct hone_jsonw *w, const struct hone_result_bindgen *b)
{
	hone_jsonw_kobject(w, "bindgen");
	hone_jsonw_ku64(w, "size", b->size);
	hone_jsonw_ku64(w, "gzip_size", b->gzip_size);
	hone_jsonw_ku64(w, "zstd_size", b->zstd_size);
	if (b->brotli_size)
		hone_jsonw_ku64(w, "brotli_size", b->brotli_size);
	hone_jsonw_end(w);
}

static void artifact_tree(struct hone_jsonw *w, const struct hone_result_trial *t, bool bare,
	struct hone_run_keys keys)
{
	flag_tree(w, "exact", t->exact);
	flag_tree(w, "path_dependent", t->path_dependent);
	hone_jsonw_kstr(w, "path", t->path);
	hone_jsonw_kstr(w, "hash", t->hash);
	hone_jsonw_ku64(w, "size", t->size);
	hone_jsonw_ku64(w, "stripped_size", t->stripped_size);
	hone_jsonw_ku64(w, "gzip_size", t->gzip_size);
	hone_jsonw_ku64(w, "zstd_size", t->zstd_size);
	if (t->brotli_size)
		hone_jsonw_ku64(w, "brotli_size", t->brotli_size);
	if (t->bindgen.size)
		bindgen_tree(w, &t->bindgen);
	if (bare) {
		hone_jsonw_ku64(w, "flash", t->flash);
		hone_jsonw_ku64(w, "ram", t->ram);
	}
	if (keys.whole && (keys.brief || !(keys.stored && keys.samples)))
		hone_run_sections_tree(w, t->sections, t->n_sections);
	hone_run_files_tree(w, t, bare);
	hone_jsonw_kstr(w, "min_glibc", t->min_glibc);
	hone_jsonw_kobject(w, "build");
	hone_jsonw_kf64(w, "wall_s", t->build_wall_s);
	hone_jsonw_kf64(w, "cpu_s", t->build_cpu_s);
	hone_jsonw_ku64(w, "peak_rss", t->build_peak);
	hone_jsonw_ku64(w, "units", t->build_units);
	flag_tree(w, "fresh", t->fresh);
	hone_jsonw_end(w);
}

/* What the build made of its profile; what was not looked at is left out. */
static void profile_tree(struct hone_jsonw *w, const struct hone_result_profile *p)
{
	hone_jsonw_kobject(w, "profile_used");
	hone_jsonw_ku64(w, "functions", p->functions);
	hone_jsonw_ku64(w, "executed", p->executed);
	if (p->pgo) {
		hone_jsonw_ku64(w, "missing", p->missing);
		hone_jsonw_ku64(w, "mismatched", p->mismatched);
	}
	if (p->levels && p->named) {
		hone_jsonw_ku64(w, "found", p->found);
		hone_jsonw_ku64(w, "renamed", p->renamed);
		hone_jsonw_ku64(w, "hot", p->hot);
		hone_jsonw_ku64(w, "hot_found", p->hot_found);
		hone_jsonw_ku64(w, "cold_found", p->cold_found);
	}
	if (p->levels && p->aligned) {
		hone_jsonw_ku64(w, "hot_fast", p->hot_fast);
		hone_jsonw_ku64(w, "cold_small", p->cold_small);
	}
	hone_jsonw_end(w);
}

static void regions_tree(struct hone_jsonw *w, const struct hone_result_trial *t)
{
	hone_jsonw_karray(w, "regions");
	for (size_t i = 0; i < t->n_regions; i++) {
		hone_jsonw_object(w);
		hone_jsonw_kstr(w, "name", t->regions[i].name);
		hone_jsonw_ku64(w, "origin", t->regions[i].origin);
		hone_jsonw_ku64(w, "length", t->regions[i].length);
		hone_jsonw_ku64(w, "used", t->regions[i].used);
		hone_jsonw_end(w);
	}
	hone_jsonw_end(w);
}

static void trial_tree(struct hone_jsonw *w, const struct hone_result_trial *t, bool bare,
	struct hone_run_keys keys)
{
	hone_jsonw_object(w);
	hone_jsonw_kstr(w, "name", t->name);
	if (keys.stored)
		hone_jsonw_kstr(w, "candidate", t->candidate);
	hone_run_recipe_tree(w, t->candidate);
	labels_tree(w, t);
	hone_jsonw_kstr(w, "status", t->status);
	hone_jsonw_kstr(w, "reason", t->reason);
	command_tree(w, t->command);
	if (t->hash)
		artifact_tree(w, t, bare, keys);
	if (t->profile.trained)
		profile_tree(w, &t->profile);
	if (t->n_regions)
		regions_tree(w, t);
	if (keys.stored) {
		hone_jsonw_kobject(w, "cost");
		hone_run_ratio_tree(w, &t->cost);
		hone_jsonw_end(w);
		hone_jsonw_kbool(w, "confirmed", t->confirmed);
	}
	if (keys.stored && keys.samples && !keys.brief)
		section_list_tree(w, t);
	hone_jsonw_end(w);
}

/* All workloads by weight: what picks the winners. */
static void composite_tree(struct hone_jsonw *w, const struct hone_result_run *r)
{
	hone_jsonw_karray(w, "composite");
	for (size_t i = 0; i < r->n_trials; i++) {
		const struct hone_result_trial *t = &r->trials[i];

		if (!t->measured || (r->complete ? !r->rounds : !*t->together.verdict))
			continue;
		hone_jsonw_object(w);
		hone_jsonw_kstr(w, "name", t->name);
		hone_run_ratio_tree(w, &t->together);
		hone_jsonw_key(w, "left");
		if (t->left_rounds)
			hone_jsonw_u64(w, t->left_rounds);
		else
			hone_jsonw_null(w);
		hone_jsonw_end(w);
	}
	hone_jsonw_end(w);
}

static void picks_tree(struct hone_jsonw *w, const char *key, const struct hone_result_run *r,
	const struct hone_picks *p)
{
	hone_jsonw_kobject(w, key);
	hone_jsonw_kstr(w, "small", hone_result_name(r, p->small));
	/* Nothing proved faster, or speed not measured at all: keep what you have. */
	hone_jsonw_kstr(w, "fast", hone_result_name(r, p->fast == HONE_PICK_NONE ? 0 : p->fast));
	hone_jsonw_kstr(w, "balanced", hone_result_name(r, p->balanced));
	hone_jsonw_karray(w, "tied");
	for (size_t k = 0; k < p->n_tied; k++)
		hone_jsonw_str(w, hone_result_name(r, p->tied[k]));
	hone_jsonw_end(w);
	hone_jsonw_end(w);
}

/* allowed: of the trials whose labels the presets or a named candidate have, or --allow let in. */
static void best_tree(
	struct hone_jsonw *w, const struct hone_result_run *r, struct hone_run_keys keys)
{
	hone_jsonw_kobject(w, "best");
	if (keys.stored) {
		hone_jsonw_kstr(w, "small", hone_result_name(r, r->best.small));
		hone_jsonw_kstr(w, "fast", hone_result_name(r, r->best.fast));
		hone_jsonw_kstr(w, "balanced", hone_result_name(r, r->best.balanced));
	}
	picks_tree(w, "allowed", r, &r->best);
	if (r->complete)
		picks_tree(w, "any", r, &r->any);
	else
		hone_jsonw_kstr(w, "any", NULL);
	hone_jsonw_end(w);
}

static void confirmed_tree(struct hone_jsonw *w, const struct hone_result_run *r)
{
	hone_jsonw_karray(w, "confirmed");
	for (size_t i = 0; i < r->n_trials; i++) {
		const struct hone_result_trial *t = &r->trials[i];

		if (!t->confirmed)
			continue;
		hone_jsonw_object(w);
		hone_jsonw_kstr(w, "name", t->name);
		hone_jsonw_ku64(w, "rounds", t->fresh_rounds);
		hone_run_ratio_tree(w, &t->cost);
		hone_jsonw_end(w);
	}
	hone_jsonw_end(w);
}

static void changes_tree(struct hone_jsonw *w, const struct hone_result_run *r, bool brief)
{
	struct hone_result_changes c;

	hone_result_changes_find(r, &c);
	hone_changes_tree(w, &c.changes, c.sides, brief);
	hone_result_changes_release(&c);
}

void hone_run_keys_tree(
	struct hone_jsonw *w, const struct hone_result_run *r, struct hone_run_keys keys)
{
	hone_jsonw_kstr(w, "baseline", r->trials[0].name);
	hone_jsonw_kstr(w, "profile", r->profile);
	hone_jsonw_karray(w, "trials");
	for (size_t i = 0; i < r->n_trials; i++)
		trial_tree(w, &r->trials[i], r->bare, keys);
	hone_jsonw_end(w);
	hone_jsonw_kbool(w, "speed_measured", r->speed_measured);
	if (keys.whole)
		hone_run_workloads_tree(w, r, keys);
	if (keys.whole)
		composite_tree(w, r);
	if (keys.whole)
		hone_run_curve_tree(w, r);
	best_tree(w, r, keys);
	hone_run_artifacts_tree(w, r);
	confirmed_tree(w, r);
	if (keys.whole)
		changes_tree(w, r, keys.brief);
	/* `time` of a stored run is when it was made. */
	hone_jsonw_kobject(w, keys.stored ? "duration" : "time");
	hone_jsonw_kf64(w, "total_s", r->total_s);
	hone_jsonw_kf64(w, "cargo_s", r->cargo_s);
	hone_jsonw_kf64(w, "runs_s", r->runs_s);
	hone_jsonw_end(w);
}

void hone_run_summary_tree(struct hone_jsonw *w, const struct hone_result_run *r)
{
	hone_jsonw_kstr(w, "profile", r->profile);
	hone_jsonw_kbool(w, "speed_measured", r->speed_measured);
	best_tree(w, r, (struct hone_run_keys){.stored = true});
}

static void advice_tree(struct hone_jsonw *w, const struct hone_result_recipe *r)
{
	hone_jsonw_kobject(w, "recipe");
	hone_jsonw_kstr(w, "applied", r->applied);
	hone_jsonw_kstr(w, "switch_to", r->to);
	hone_jsonw_kstr(w, "why", r->why);
	hone_jsonw_key(w, "before");
	if (r->before)
		hone_jsonw_i64(w, r->before);
	else
		hone_jsonw_null(w);
	hone_jsonw_karray(w, "changed");
	for (size_t i = 0; i < r->n_changed; i++)
		hone_jsonw_str(w, r->changed[i]);
	hone_jsonw_end(w);
	hone_jsonw_end(w);
}

void hone_run_tree(struct hone_report *r, const void *document)
{
	const struct hone_run_doc *doc = document;
	struct hone_jsonw w;

	hone_report_tree(r, &w);
	hone_jsonw_kstr(&w, "hone", HONE_VERSION);
	hone_run_facts_tree(&w, doc->run);
	hone_run_keys_tree(
		&w, doc->run, (struct hone_run_keys){.whole = true, .samples = doc->samples});
	if (doc->recipe)
		advice_tree(&w, doc->recipe);
	hone_jsonw_end(&w);
}
