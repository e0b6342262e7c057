#include "recipe.h"

#include "num.h"
#include "results.h"
#include "rules.h"
#include "writedown.h"

#include <string.h>

static bool is_name(const char *name)
{
	const char *const *const lists[] = {hone_preset_names, hone_own_names};

	for (size_t i = 0; i < HONE_COUNT(lists); i++)
		for (size_t k = 0; lists[i][k]; k++)
			if (strcmp(lists[i][k], name) == 0)
				return true;
	return false;
}

/* A winner by its name where every hone knows it, else by its recipe. */
static void add_winner(const struct hone_result_run *run, size_t at, bool trains,
	const struct hone_events *events, struct hone_strv *names)
{
	const struct hone_result_trial *t;
	const char *text;

	if (at == HONE_PICK_NONE || at == 0 || at >= run->n_trials)
		return;
	t = &run->trials[at];
	text = is_name(t->name) ? t->name : t->candidate;
	if (!*text || hone_strv_has(names, text))
		return;
	if (t->profile.trained && !trains)
		hone_events_note(events,
			"%s is left out: it is trained, and there is no workload to train it with",
			t->name);
	else
		hone_strv_push(names, text);
}

int hone_recipe_names(const struct hone_session *s, bool trains, struct hone_strv *names,
	struct hone_result_run *before, struct hone_err *err)
{
	int error = hone_results_last(s, HONE_STORE_TRIALS, before, err);

	hone_strv_append(names, hone_preset_names);
	if (error == HONE_E_NOT_FOUND) {
		hone_err_release(err);
		return 0;
	}
	if (error)
		return error;
	add_winner(before, before->best.small, trains, s->events, names);
	add_winner(before, before->best.fast, trains, s->events, names);
	add_winner(before, before->best.balanced, trains, s->events, names);
	return 0;
}

/* The trial that apply would have nothing to write for: of several the one that names most. */
static size_t find_applied(const struct hone_try *t)
{
	size_t best = 0;

	for (size_t i = 1; i < t->n; i++) {
		const struct hone_trial *trial = &t->trials[i];
		const struct hone_plan_part part = {trial->plan, &t->session->env};
		struct hone_writedown w = {0};

		if (trial->artifact && hone_writedown_make(&part, 1, &w, NULL) == 0 &&
			!w.changes.n &&
			(!best || trial->candidate->n > t->trials[best].candidate->n))
			best = i;
		hone_writedown_release(&w);
	}
	return best;
}

static uint64_t size_of(const struct hone_try *t, size_t at)
{
	return t->trials[at].artifact ? hone_artifact_cost(t->trials[at].artifact) : 0;
}

/* Is a proved to cost less than b, times 1 + margin? */
static bool proved_faster(const struct hone_try *t, size_t a, size_t b, double log_margin)
{
	const struct hone_measurement *m = t->measurement;
	size_t x = t->trials[a].contestant, y = t->trials[b].contestant;
	hone_auto_free double *diff = NULL;
	struct hone_rules rules;

	if (!m || !t->speed_measured || m->control_differs || x == SIZE_MAX || y == SIZE_MAX)
		return false;
	diff = hone_xcalloc(m->rounds + 1, sizeof(*diff));
	rules = m->rules;
	rules.comparisons = m->n * (m->n - 1);
	for (size_t i = 0; i < m->rounds; i++)
		diff[i] = m->log_cost[x][i] - m->log_cost[y][i];
	return hone_proved_below(diff, m->rounds, log_margin, &rules);
}

/* The winner for the goal balanced, or where no speed was measured the smallest, if it is really better than what is
 * applied: smaller by more than hashes in names make it, or proved faster. */
static size_t find_better(const struct hone_try *t, size_t applied, bool *ret_faster)
{
	size_t best = t->speed_measured ? t->best.allowed.balanced : t->best.allowed.small;

	*ret_faster = false;
	if (best == HONE_PICK_NONE || best == applied)
		return HONE_PICK_NONE;
	*ret_faster = proved_faster(t, best, applied, 0);
	if (*ret_faster ||
		(double)size_of(t, best) < (1 - HONE_RULE_SIZE_TIE) * (double)size_of(t, applied))
		return best;
	return HONE_PICK_NONE;
}

static void add(struct hone_result_recipe *r, struct hone_arena *arena, const char *line)
{
	r->changed[r->n_changed++] = hone_arena_strdup(arena, line);
}

/* What is not as it was in the run before: toolchain, and the sizes of what both have. */
static void find_changes(const struct hone_result_run *before, const struct hone_result_run *now,
	struct hone_arena *arena, struct hone_result_recipe *ret)
{
	ret->changed =
		hone_arena_alloc(arena, hone_size_mul(now->n_trials + 2, sizeof(*ret->changed)));
	if (!before->n_trials)
		return;
	ret->before = before->id;
	if (before->rustc_version && now->rustc_version &&
		strcmp(before->rustc_version, now->rustc_version) != 0)
		add(ret, arena,
			hone_arena_printf(arena, "rustc was %s, is %s", before->rustc_version,
				now->rustc_version));
	for (size_t i = 0; i < now->n_trials; i++)
		for (size_t k = 0; k < before->n_trials; k++) {
			const struct hone_result_trial *x = &before->trials[k],
						       *y = &now->trials[i];
			uint64_t was = hone_result_cost(x), is = hone_result_cost(y);
			char a[HONE_NUM_TEXT], b[HONE_NUM_TEXT];

			if (strcmp(x->candidate, y->candidate) != 0 || !was || !is || was == is)
				continue;
			add(ret, arena,
				hone_arena_printf(arena, "%s was %s bytes, is %s (%+.2f %%)",
					y->name, hone_text_count(a, was), hone_text_count(b, is),
					100 * ((double)is / (double)was - 1)));
			break;
		}
}

void hone_recipe_judge(const struct hone_try *t, const struct hone_result_run *before,
	const struct hone_result_run *now, struct hone_arena *arena, struct hone_result_recipe *ret)
{
	size_t applied = find_applied(t), better;
	char a[HONE_NUM_TEXT], b[HONE_NUM_TEXT];
	bool faster;

	*ret = (struct hone_result_recipe){.applied = t->trials[applied].candidate->name};
	find_changes(before, now, arena, ret);
	better = find_better(t, applied, &faster);
	if (better != HONE_PICK_NONE) {
		ret->to = t->trials[better].candidate->name;
		ret->why = hone_arena_printf(arena, "%s bytes in the place of %s%s",
			hone_text_count(a, size_of(t, better)),
			hone_text_count(b, size_of(t, applied)),
			faster              ? ", and it is proved to be faster"
			: t->speed_measured ? ", and it is proved to be among the fastest"
					    : "; no speed was measured");
	} else if (t->speed_measured && t->best.allowed.balanced == HONE_PICK_NONE) {
		ret->why = "the rounds prove of none of them that it is better";
	} else {
		ret->why = "none of them is better";
	}
}
