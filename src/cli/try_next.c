/* The command that is suggested after a try. */
#include "try_next.h"

#include "rules.h"
#include "text.h"

#include <math.h>
#include <string.h>

static char *apply(const struct hone_cli *cli, const struct hone_try *t, size_t trial)
{
	hone_auto_strv struct hone_strv more = HONE_STRV_INIT;

	for (size_t i = 0; i < t->labels.typed.n; i++) {
		hone_strv_push(&more, "--allow");
		hone_strv_push(&more, t->labels.typed.v[i]);
	}
	hone_strv_push(&more, t->trials[trial].candidate->name);
	return hone_cli_command(cli, "apply", hone_strv_argv(&more));
}

/* Is there a candidate that could be faster, for all that is known? */
static bool is_open(const struct hone_try *t)
{
	const struct hone_measurement *m = t->measurement;

	if (t->best.allowed.doubted != HONE_PICK_NONE || t->best.allowed.fast == HONE_PICK_NONE)
		return true;
	for (size_t i = 1; m && i < t->n; i++) {
		const struct hone_trial *trial = &t->trials[i];
		size_t at = trial->contestant;

		if (trial->allowed && trial->status == HONE_TRIAL_BUILT && at != SIZE_MAX &&
			m->status[at] == HONE_RAN &&
			m->composite[at].verdict != HONE_VERDICT_BETTER &&
			m->composite[at].verdict != HONE_VERDICT_WORSE &&
			m->composite[at].verdict != HONE_VERDICT_SAME)
			return true;
	}
	return false;
}

/* Whole minutes that should decide it; when no end is in sight, some times what it took. */
static int minutes(const struct hone_try *t)
{
	const struct hone_measurement *m = t->measurement;
	double s = HONE_RULE_LONGER * fmax(m->elapsed_s, HONE_RULE_LONGER_THAN_S);

	if (isfinite(m->more_s))
		s = fmax(s, HONE_RULE_TO_SPARE * (m->elapsed_s + m->more_s));
	return (int)ceil(fmin(s, HONE_RULE_LONGEST_BUDGET_S) / 60);
}

char *hone_try_typed_with(const struct hone_try *t, const char *option, const char *value)
{
	hone_auto_strv struct hone_strv words = HONE_STRV_INIT;

	for (size_t i = 0; i < t->command.typed->n; i++) {
		hone_strv_push(&words, t->command.typed->v[i]);
		if (i != 2)
			continue;
		hone_strv_push(&words, option);
		hone_strv_push(&words, value);
	}
	return hone_text_command(hone_strv_argv(&words));
}

char *hone_try_next_command(const struct hone_cli *cli, const struct hone_try *t)
{
	size_t best = t->best.allowed.balanced;
	bool open = t->speed_measured && t->measurement && is_open(t);

	if (best != HONE_PICK_NONE && best != 0)
		return apply(cli, t, best);
	if (t->speed_measured && t->best.allowed.fast != HONE_PICK_NONE &&
		t->best.allowed.fast != 0)
		return apply(cli, t, t->best.allowed.fast);
	if (open) {
		hone_auto_free char *budget = hone_xasprintf("%dmin", minutes(t));

		return hone_try_typed_with(t, "--budget", budget);
	}
	best = t->speed_measured ? HONE_PICK_NONE : t->best.allowed.small;
	return best == HONE_PICK_NONE || best == 0 ? NULL : apply(cli, t, best);
}
