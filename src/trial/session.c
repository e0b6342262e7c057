#include "session.h"

#include "platform.h"
#include "fs.h"
#include "inputs.h"
#include "toml_doc.h"
#include "turn.h"
#include "workload_file.h"

#include <string.h>
#include <unistd.h>

/* The defaults of options were taken before it was known which package is meant: from where the user stands upwards. Those
 * beside the package that was chosen from elsewhere do not count, which has to be said. */
static void warn_of_defaults(const struct hone_session *s, const struct hone_cargo_opts *opts)
{
	const struct hone_package *p = s->project->package;
	hone_auto_free char *start = opts->manifest_path ? NULL : getcwd(NULL, 0);
	hone_auto_free char *path = p ? hone_path_join(p->dir, HONE_WORKLOAD_FILE) : NULL;
	struct hone_toml *doc = NULL;

	if (opts->manifest_path) {
		hone_auto_free char *folder = hone_path_dir(opts->manifest_path);

		(void)hone_path_real(folder, &start, NULL);
	}
	if (!path || !start || hone_path_is_within(start, p->dir) || !hone_fs_exists(path) ||
		hone_toml_read(path, HONE_TOML_1_0, &doc, NULL, NULL))
		return;
	if (hone_toml_get(hone_toml_root(doc), HONE_DEFAULTS_TABLE))
		hone_events_warn(s->events,
			"[%s] of %s does not count from here: it does in that folder, or with "
			"--manifest-path",
			HONE_DEFAULTS_TABLE, path);
	hone_toml_free(doc);
}

/* Files of the user's that are read below do not change any more: see turn.h. */
static int take_turn(struct hone_session *s, unsigned want, struct hone_err *err)
{
	const char *root = s->project->workspace_root;
	unsigned how = want & HONE_SESSION_NO_WAIT ? HONE_TURN_NO_WAIT : 0;

	if (!(want & (HONE_SESSION_BUILD | HONE_SESSION_WRITE)))
		return 0;
	if (!(want & HONE_SESSION_WRITE))
		how |= HONE_TURN_SHARED;
	return hone_turn_take(s->events, root, root, how, &s->turn_fd, err);
}

static int too_many(const struct hone_project *p, struct hone_err *err)
{
	hone_auto_buf struct hone_buf names = HONE_BUF_INIT;

	for (size_t i = 0; i < p->n_others; i++)
		hone_buf_addf(&names, ", %s", p->others[i].target->name);
	hone_err_set(err, HONE_E_USAGE, "this command takes one target, and %zu are chosen: %s%s",
		p->n_others + 1, p->target->name, hone_buf_str(&names));
	return hone_err_hint(
		err, "choose one, with --bin or --package; `cargo hone try` takes several");
}

int hone_session_open(const struct hone_cargo_opts *opts, const struct hone_events *events,
	unsigned want, struct hone_session *ret, struct hone_err *err)
{
	bool builds = want & HONE_SESSION_BUILD;
	struct hone_session s = {.dir = {.lock_fd = -1}, .events = events, .turn_fd = -1};
	int error = hone_toolchain_load(NULL, &s.toolchain, err);

	if (!error)
		error = hone_project_load(
			opts, s.toolchain, want & HONE_SESSION_GRAPH, builds, &s.project, err);
	if (!error && !(want & HONE_SESSION_NO_BIN))
		error = hone_project_select(s.project, opts, err);
	if (!error && s.project->n_others && !(want & HONE_SESSION_SEVERAL))
		error = too_many(s.project, err);
	if (!error)
		error = take_turn(&s, want, err);
	if (!error)
		error = hone_profile_set_load(s.project, s.toolchain, opts, &s.profiles, err);
	if (!error && !(want & HONE_SESSION_NO_BIN))
		error = hone_profile_set_one_target(s.profiles, err);
	if (!error) {
		hone_workdir_init(&s.dir, s.project->target_dir);
		s.dir.events = events;
		s.dir.no_wait = want & HONE_SESSION_NO_WAIT;
	}
	if (!error && builds)
		error = hone_workdir_open(&s.dir, err);
	if (error) {
		hone_session_close(&s);
		return error;
	}
	s.env = (struct hone_build_env){.project = s.project,
		.toolchain = s.toolchain,
		.opts = opts,
		.profiles = s.profiles,
		.profile = opts->profile ? opts->profile : "release",
		.asks = want & (HONE_SESSION_BUILD | HONE_SESSION_WRITE)};
	s.env.layers = s.env.profile;
	warn_of_defaults(&s, opts);
	*ret = s;
	if (builds)
		hone_session_hold_inputs(ret);
	return 0;
}

void hone_session_profiles_in(struct hone_session *s, const char *folder)
{
	free(s->dir.profile_files);
	s->dir.profile_files = hone_path_absolute(folder);
	hone_inputs_leave_out(s->dir.inputs, s->dir.profile_files);
}

void hone_session_hold_inputs(struct hone_session *s)
{
	hone_inputs_free(s->dir.inputs);
	s->dir.inputs = hone_inputs_new(&s->env, s->dir.root);
}

void hone_session_close(struct hone_session *s)
{
	hone_inputs_free(HONE_TAKE(s->dir.inputs));
	hone_workdir_close(&s->dir);
	hone_profile_set_free(s->profiles);
	hone_project_free(s->project);
	hone_toolchain_free(s->toolchain);
	hone_close_p(&s->turn_fd);
	*s = (struct hone_session){.dir = {.lock_fd = -1}, .turn_fd = -1};
}

const char *hone_session_triple(const struct hone_session *s)
{
	const char *target = hone_profile_set_target(s->profiles);

	return target ? target : s->toolchain->host;
}

static const struct hone_target *find_bench(const struct hone_package *p, const char *name)
{
	for (size_t i = 0; i < p->n_targets; i++)
		if (p->targets[i].kind == HONE_KIND_BENCH && strcmp(p->targets[i].name, name) == 0)
			return &p->targets[i];
	return NULL;
}

static int no_bench(
	const struct hone_package *p, const struct hone_workload *w, struct hone_err *err)
{
	hone_auto_buf struct hone_buf all = HONE_BUF_INIT;

	for (size_t i = 0; i < p->n_targets; i++)
		if (p->targets[i].kind == HONE_KIND_BENCH)
			hone_buf_addf(&all, "%s%s", all.n ? ", " : "", p->targets[i].name);
	hone_err_set(err, HONE_E_NOT_FOUND, "workload `%s`: package %s has no bench target `%s`",
		w->name, p->name, w->bench);
	return all.n ? hone_err_hint(err, "its bench targets: %s", hone_buf_str(&all))
		     : HONE_E_NOT_FOUND;
}

/* A bench target runs in its package's folder, as `cargo bench` has it. */
static int complete_benches(
	const struct hone_package *p, struct hone_workload *list, size_t n, struct hone_err *err)
{
	for (size_t i = 0; i < n; i++) {
		struct hone_workload *w = &list[i];

		if (!w->bench)
			continue;
		if (!find_bench(p, w->bench))
			return no_bench(p, w, err);
		if (!w->dir)
			w->dir = hone_xstrdup(p->dir);
		hone_strv_pushf(&w->env, "CARGO_MANIFEST_DIR=%s", p->dir);
	}
	return 0;
}

/* Of the same file those that name another target of the session. */
static int add_of_others(const struct hone_session *s, const char *path, struct hone_workload **all,
	size_t *n, struct hone_err *err)
{
	int error = 0;

	for (size_t i = 0; !error && i < s->project->n_others; i++) {
		const char *name = s->project->others[i].target->name;
		hone_auto_free struct hone_workload *more = NULL;
		size_t n_more = 0;

		error = hone_workload_file_read(path, name, &more, &n_more, err);
		for (size_t k = 0; k < n_more; k++) {
			if (!more[k].bin || strcmp(more[k].bin, name) != 0) {
				hone_workload_release(&more[k]);
				continue;
			}
			*all = hone_xrealloc(*all, hone_size_mul(*n + 1, sizeof(**all)));
			(*all)[(*n)++] = more[k];
		}
	}
	return error;
}

int hone_session_workloads(const struct hone_session *s, struct hone_workload **ret, size_t *ret_n,
	struct hone_err *err)
{
	const struct hone_package *p = s->project->package;
	const char *const dirs[] = {p->dir, s->project->workspace_root};

	for (size_t i = 0; i < HONE_COUNT(dirs); i++) {
		hone_auto_free char *path = hone_path_join(dirs[i], HONE_WORKLOAD_FILE);
		int error;

		if (!hone_fs_exists(path))
			continue;
		error = hone_workload_file_read(path, s->project->target->name, ret, ret_n, err);
		if (!error)
			error = add_of_others(s, path, ret, ret_n, err);
		return error ? error : complete_benches(p, *ret, *ret_n, err);
	}
	return 0;
}

void hone_session_for_other(const struct hone_session *s, const struct hone_other *other,
	struct hone_project *project, struct hone_session *ret)
{
	*project = *s->project;
	project->package = other->package;
	project->target = other->target;
	project->made = other->made;
	project->made_alone = false;
	*ret = *s;
	ret->project = project;
	ret->env.project = project;
}

void hone_session_for_bench(const struct hone_session *s, const char *name,
	struct hone_project *project, struct hone_session *ret)
{
	const struct hone_other bench = {
		s->project->package, find_bench(s->project->package, name), HONE_KIND_BENCH};

	hone_session_for_other(s, &bench, project, ret);
}

static bool starts_program(const struct hone_workload *w)
{
	return w->argv.n &&
	       (strcmp(w->argv.v[0], "{bin}") == 0 || strcmp(w->argv.v[0], "{lib}") == 0);
}

static int starts_library(const struct hone_workload *w, const char *name, struct hone_err *err)
{
	hone_err_set(err, HONE_E_USAGE,
		"workload `%s` starts the library `%s` itself, which is no program", w->name, name);
	return hone_err_hint(err, "name a program that loads it, with {lib} where it takes the "
				  "library's path: 'python3 use.py {lib}'");
}

bool hone_session_is_library(const struct hone_session *s)
{
	return s->project->target && hone_target_kind_is_library(s->project->made);
}

int hone_session_can_run(const struct hone_session *s, const struct hone_workload *list, size_t n,
	struct hone_err *err)
{
	const char *triple = hone_session_triple(s);

	for (size_t i = 0; hone_session_is_library(s) && i < n; i++)
		if (!list[i].bench && starts_program(&list[i]))
			return starts_library(&list[i], s->project->target->name, err);
	if (hone_platform_of(triple, s->toolchain->host).runs_here)
		return 0;
	for (size_t i = 0; i < n; i++) {
		if (!starts_program(&list[i]))
			continue;
		hone_err_set(err, HONE_E_USAGE,
			"workload `%s` starts the program itself, and one for %s does not run here "
			"(%s)",
			list[i].name, triple, s->toolchain->host);
		if (hone_platform_of(triple, NULL).object == HONE_OBJECT_WASM)
			return hone_err_hint(err, "name a runtime in the command: 'wasmtime run "
						  "{bin} ARGS'; without a "
						  "workload sizes alone are compared");
		return hone_err_hint(err,
			"name an emulator in the command: 'qemu-%s {bin} ARGS'; without a "
			"workload sizes alone are compared",
			hone_platform_of(triple, NULL).machine);
	}
	return 0;
}

void hone_candidates_release(struct hone_candidates *c)
{
	for (size_t i = 0; i < c->n; i++)
		hone_candidate_free(c->v[i]);
	hone_vec_release(c);
}

/* The candidate's recipe equals that of one that is there already: its name, else NULL. */
static const char *same_recipe(const struct hone_candidates *list, const struct hone_candidate *c)
{
	hone_auto_free char *canonical = hone_candidate_canonical(c);

	for (size_t i = 0; i < list->n; i++) {
		hone_auto_free char *other = hone_candidate_canonical(list->v[i]);

		if (strcmp(canonical, other) == 0)
			return list->v[i]->name;
	}
	return NULL;
}

static int add_candidate(struct hone_candidates *list, const char *text, unsigned allowed,
	const struct hone_recipes *recipes, struct hone_err *err)
{
	struct hone_candidate *c = NULL;
	const char *same;
	int error = hone_candidate_parse_named(text, allowed, recipes, &c, err);

	if (error)
		return error;
	same = same_recipe(list, c);
	if (same && strcmp(same, "baseline") == 0 && hone_candidate_is_baseline(c)) {
		hone_candidate_free(c);
		return 0;
	}
	if (same) {
		error = hone_err_set(
			err, HONE_E_USAGE, "candidates %s and %s are the same recipe", same, text);
		hone_candidate_free(c);
		return error;
	}
	hone_vec_push(list, c);
	return 0;
}

int hone_session_candidates(const char *const *names, size_t n, bool with_baseline,
	unsigned allowed, const struct hone_recipes *recipes, struct hone_candidates *ret,
	struct hone_err *err)
{
	struct hone_candidates list = {0};
	int error = with_baseline ? add_candidate(&list, "baseline", allowed, recipes, err) : 0;

	for (size_t i = 0; !error && i < n; i++)
		error = add_candidate(&list, names[i], allowed, recipes, err);
	if (error) {
		hone_candidates_release(&list);
		return error;
	}
	*ret = list;
	return 0;
}

/* Gives a candidate the name that would be typed, where that is one; else it is called by its whole recipe.
 * Takes name. */
static void name_typed(struct hone_candidate *c, char *name)
{
	struct hone_candidate *typed = NULL;

	free(c->name);
	c->name = NULL;
	if (hone_candidate_parse(name, &typed, NULL) == 0)
		c->name = hone_xstrdup(name);
	else
		c->name = c->n ? hone_candidate_canonical(c) : hone_xstrdup("baseline");
	hone_candidate_free(typed);
	free(name);
}

/* Is it one of hone's own recipes? *ret_changes: what was added to it as it was typed. */
static bool is_own(const struct hone_candidate *c, const char **ret_changes)
{
	size_t n = strcspn(c->name, "+, ");

	*ret_changes = c->name + n;
	for (size_t i = 0; hone_own_names[i]; i++)
		if (strlen(hone_own_names[i]) == n && strncmp(c->name, hone_own_names[i], n) == 0)
			return true;
	return false;
}

/* hone's own recipes leave a device's symbols in the file, where debuggers and defmt look for them: they never take
 * flash. Unless strip was asked for. */
static bool keep_symbols(struct hone_candidate *c)
{
	static const enum hone_setting_id ids[] = {HONE_SET_STRIP, HONE_SET_LINK_BUILD_ID};
	const char *changes;
	bool kept = is_own(c, &changes);

	for (size_t i = 0; kept && i < HONE_COUNT(ids); i++)
		if (!strstr(changes, hone_setting(ids[i])->key))
			hone_candidate_unset(c, hone_setting(ids[i]), NULL);
	return kept;
}

/* hone's own recipes pack the numbers of a WebAssembly module, which the linker does only without debug information. */
static void pack(struct hone_candidate *c)
{
	const struct hone_setting *s = hone_setting(HONE_SET_LINK_COMPRESS_RELOCATIONS);
	const struct hone_assign *strip = hone_candidate_get(c, HONE_SET_STRIP, NULL);
	const char *changes;

	if (is_own(c, &changes) && !strstr(changes, s->key) && strip &&
		strcmp(strip->value, "\"symbols\"") == 0)
		hone_candidate_set(c, s, NULL, "\"on\"");
}

static void note_left_out(const struct hone_session *s, const char *what, struct hone_strv *dropped)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;

	for (size_t i = 0; i < dropped->n; i++)
		hone_buf_addf(&text, "%s%s", i ? ", " : "", dropped->v[i]);
	if (dropped->n)
		hone_events_note(s->events, "left out for %s: %s", what, hone_buf_str(&text));
	hone_strv_release(dropped);
}

static void note_dropped(const struct hone_session *s, const char *why, struct hone_strv *dropped)
{
	hone_auto_free char *what = hone_xasprintf("%s, which %s", hone_session_triple(s), why);

	note_left_out(s, what, dropped);
}

/* Built so that LTO reaches it, which plain `cargo build` does not do. */
static void note_alone(const struct hone_session *s, struct hone_candidate *const *list, size_t n)
{
	const char *made = hone_target_kind_name(s->project->made);

	if (s->project->made_alone)
		return;
	for (size_t i = 0; s->project->target && i < n; i++)
		if (hone_plan_makes_alone(&s->env, list[i])) {
			hone_events_note(s->events,
				"candidates with lto make the %s alone (cargo rustc --crate-type "
				"%s): beside the library's other files cargo leaves lto out "
				"without a word",
				made, made);
			return;
		}
}

void hone_session_fit(const struct hone_session *s, struct hone_candidate *const *list, size_t n)
{
	const char *triple = hone_session_triple(s);
	struct hone_strv hosted = HONE_STRV_INIT, other = HONE_STRV_INIT;
	struct hone_strv program = HONE_STRV_INIT, linking = HONE_STRV_INIT;
	enum hone_target_kind made = s->project->target ? s->project->made : HONE_KIND_BIN;
	struct hone_platform to = hone_platform_of(triple, NULL);
	bool bare = to.os == HONE_OS_NONE, wasm = to.object == HONE_OBJECT_WASM;
	bool kept = false;

	for (size_t i = 0; i < n; i++) {
		if (wasm)
			hone_candidate_drop_native(list[i], &other);
		else
			hone_candidate_drop_wasm(list[i], &other);
		if (wasm)
			pack(list[i]);
		if (hone_target_kind_is_library(made))
			hone_candidate_drop_program(list[i], &program);
		if (made == HONE_KIND_STATICLIB)
			hone_candidate_drop_linking(list[i], &linking);
		if (bare)
			hone_candidate_drop_hosted(list[i], &hosted);
		if (bare && !wasm)
			kept |= keep_symbols(list[i]);
	}
	note_left_out(s, "a library, which others load or link", &program);
	note_left_out(s, "a static library, which no linker makes", &linking);
	note_alone(s, list, n);
	note_dropped(s, wasm ? "is WebAssembly" : "is no WebAssembly", &other);
	note_dropped(s, "has no operating system", &hosted);
	if (kept)
		hone_events_note(s->events,
			"hone's own recipes keep the symbols of such a program: "
			"they take no flash");
}

void hone_session_add_each(struct hone_candidates *list)
{
	size_t named = list->n;

	for (size_t i = 0; i < named; i++) {
		const struct hone_candidate *c = list->v[i];

		for (size_t k = 0; c->n > 1 && k < c->n; k++) {
			const struct hone_assign *a = &c->assigns[k];
			struct hone_candidate *less = hone_candidate_copy(c, "");
			hone_auto_free char *key = hone_assign_key(a);

			hone_candidate_unset(less, a->setting, a->package);
			if (same_recipe(list, less)) {
				hone_candidate_free(less);
				continue;
			}
			name_typed(less, hone_xasprintf("%s+%s=unset", c->name, key));
			hone_vec_push(list, less);
		}
	}
}

static struct hone_candidate *with_hot(const struct hone_candidate *base, const char *share)
{
	hone_auto_free char *value = hone_xasprintf("\"%s\"", share);
	struct hone_candidate *c = hone_candidate_copy(base, "");

	hone_candidate_set(c, hone_setting(HONE_SET_TRAIN_HOT), NULL, value);
	name_typed(c, hone_xasprintf("%s,train.hot=%s", base->name, share));
	return c;
}

void hone_session_add_curve(struct hone_candidates *list, const char *name)
{
	static const char *const shares[] = {"off", "90", "99", "99.9", "100"};
	const struct hone_candidate *base = NULL;

	for (size_t i = 0; i < list->n; i++)
		if (hone_view_is(hone_view_trim(hone_view_of(name)), list->v[i]->name))
			base = list->v[i];
	for (size_t i = 0; base && i < HONE_COUNT(shares); i++) {
		struct hone_candidate *c = with_hot(base, shares[i]);

		/* Without it that is what the candidate is. */
		if (same_recipe(list, c) ||
			(i == 0 && !hone_candidate_get(base, HONE_SET_TRAIN_HOT, NULL)))
			hone_candidate_free(c);
		else
			hone_vec_push(list, c);
	}
}

static int unknown_label(struct hone_view word, struct hone_err *err)
{
	hone_auto_strv struct hone_strv ids = HONE_STRV_INIT;
	hone_auto_free char *text = hone_view_dup(word);
	hone_auto_buf struct hone_buf all = HONE_BUF_INIT;
	const char *near;

	for (const struct hone_label_info *l = hone_labels; l->id; l++) {
		hone_strv_push(&ids, l->id);
		hone_buf_addf(&all, "%s, ", l->id);
	}
	hone_strv_push(&ids, "all");
	near = hone_did_you_mean(text, hone_strv_argv(&ids));
	hone_err_set(err, HONE_E_USAGE, "--allow takes labels (%sall), not `%s`",
		hone_buf_str(&all), text);
	return near ? hone_err_hint(err, "did you mean `%s`?", near) : HONE_E_USAGE;
}

int hone_labels_parse(const struct hone_strv *lists, unsigned *ret_labels, struct hone_err *err)
{
	unsigned labels = 0;

	for (size_t i = 0; i < lists->n; i++) {
		struct hone_view rest = hone_view_of(lists->v[i]), word;
		bool started = false;

		while (hone_view_split(&rest, &started, ',', &word)) {
			const struct hone_label_info *l;

			word = hone_view_trim(word);
			l = hone_label_find(word);
			if (!l && !hone_view_is(word, "all"))
				return unknown_label(word, err);
			labels |= l ? (unsigned)l->bit : ~0U;
		}
	}
	*ret_labels = labels;
	return 0;
}

int hone_session_plan(const struct hone_session *s, const struct hone_candidate *c,
	const struct hone_plan **ret_plan, struct hone_err *err)
{
	int error = hone_plan_make(&s->env, c, ret_plan, err);

	for (size_t i = 0; !error && i < (*ret_plan)->notes.n; i++)
		hone_events_note(s->events, "%s: %s", c->name, (*ret_plan)->notes.v[i]);
	return error;
}

size_t hone_session_overriders(
	const struct hone_session *s, const struct hone_plan *plan, bool warn, char **ret_first)
{
	size_t found = 0;

	for (size_t i = 0; i < plan->n_keys; i++) {
		const struct hone_assign *key = &plan->keys[i];
		const struct hone_profile_value *winner = hone_profile_overrider(
			s->profiles, s->env.layers, key->package, key->setting->id);
		hone_auto_free char *name = hone_assign_key(key);
		hone_auto_free char *text = NULL;

		if (!winner || (winner->value && strcmp(winner->value, key->value) == 0))
			continue;
		text = hone_xasprintf("%s = %s in Cargo.toml would not count: %s says %s", name,
			key->value,
			winner->where ? winner->where : hone_origin_name(winner->origin),
			winner->value ? winner->value : "otherwise");
		if (warn)
			hone_events_warn(s->events, "%s", text);
		if (!found++ && ret_first)
			*ret_first = HONE_TAKE(text);
	}
	return found;
}
