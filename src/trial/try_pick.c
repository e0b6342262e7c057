/* Which trial is best for each goal, and whether the fresh rounds bear that out. */
#include "labels.h"
#include "try.h"
#include "rules.h"

/* The trials as choices, with the costs that m measured; at[i] is the trial's index there. Nothing is known of
 * times where the baseline and its copy were told apart. The caller frees. */
static struct hone_choice *choices_of(
	const struct hone_try *t, const struct hone_measurement *m, const size_t *at, bool any)
{
	struct hone_choice *choices = hone_xcalloc(t->n, sizeof(*choices));
	bool times = m && t->speed_measured && !m->control_differs;

	for (size_t i = 0; i < t->n; i++) {
		const struct hone_trial *trial = &t->trials[i];

		choices[i] = (struct hone_choice){
			.size = trial->artifact ? hone_trial_cost(t, trial) : 0,
			.eligible = trial->artifact && trial->status == HONE_TRIAL_BUILT &&
				    (any || trial->allowed),
			.baseline = i == 0,
			.beaten = t->measurement && trial->contestant != SIZE_MAX &&
				  t->measurement->left[trial->contestant],
			.log_cost = times && at[i] != SIZE_MAX ? m->log_cost[at[i]] : NULL};
	}
	return choices;
}

/* Where the trials are in the comparison, or in the confirmation; the caller frees. */
static size_t *places(const struct hone_try *t, bool confirmed)
{
	size_t *at = hone_xcalloc(t->n, sizeof(*at));

	for (size_t i = 0; i < t->n; i++) {
		at[i] = confirmed ? SIZE_MAX : t->trials[i].contestant;
		for (size_t k = 0; confirmed && k < t->confirmed.n; k++)
			if (t->confirmed.trials[k] == i &&
				t->confirmed.measurement->status[k] == HONE_RAN)
				at[i] = k;
	}
	return at;
}

/* The best of all, or of those that are allowed. */
static void pick(struct hone_try *t, bool any, struct hone_picks *ret)
{
	static const struct hone_rules no_rules = HONE_RULES_DEFAULT;
	const struct hone_measurement *m = t->measurement;
	const struct hone_rules *rules = m ? &m->rules : &no_rules;
	hone_auto_free size_t *at = places(t, false);
	hone_auto_free struct hone_choice *choices = choices_of(t, m, at, any);

	hone_pick(choices, t->n, m ? m->rounds : 0, rules, rules->margin, ret);
}

/* The labels of what a file lost count like those of its recipe. */
void hone_try_find_lost(struct hone_try *t)
{
	for (size_t i = 1; i < t->n && t->trials[0].artifact; i++) {
		struct hone_trial *trial = &t->trials[i];

		if (trial->artifact) {
			const struct hone_artifact *base = t->trials[0].artifact;
			bool elf = base->is_elf && trial->artifact->is_elf;

			trial->lost = hone_lost_find(trial->plan, base, trial->artifact);
			trial->labels = hone_labels_of_plan(t->session, trial->plan,
				elf ? &base->elf : NULL, elf ? &trial->artifact->elf : NULL);
			trial->allowed = !(hone_trial_labels(trial) & ~t->labels.let_in);
		}
	}
}

unsigned hone_trial_labels(const struct hone_trial *trial)
{
	return trial->labels | hone_lost_labels(trial->lost);
}

void hone_try_pick(struct hone_try *t)
{
	pick(t, false, &t->best.allowed);
	pick(t, true, &t->best.any);
}

void hone_try_hold_picks(struct hone_try *t, bool any, struct hone_picks *picks)
{
	const struct hone_measurement *m = t->measurement, *fresh = t->confirmed.measurement;
	hone_auto_free size_t *at = places(t, false);
	hone_auto_free size_t *fresh_at = places(t, true);
	hone_auto_free struct hone_choice *choices = choices_of(t, m, at, any);
	hone_auto_free struct hone_choice *again = choices_of(t, fresh, fresh_at, any);

	hone_pick_confirm((struct hone_judged){choices, m->rounds, &m->rules},
		(struct hone_judged){again, fresh->rounds, &fresh->rules}, t->n, m->rules.margin,
		picks);
}
