/* The candidates of a session: parsed as typed, fitted to what is built, and those that options add. */
#include "session.h"

#include "platform.h"

#include <string.h>

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

void hone_session_adapt(const struct hone_session *s, struct hone_candidate *const *list, size_t n)
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
