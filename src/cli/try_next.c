/* What to type after a try. */
#include "try_next.h"

#include "text.h"

#include <math.h>
#include <string.h>

/* A longer run is at least so much longer than the one that was, and not longer than a day. */
#define LONGER 4
#define LONGEST_S (24 * 3600.0)

static char *apply(const struct hone_cli *cli, const struct hone_try *t, size_t trial)
{
	hone_auto_strv struct hone_strv more = HONE_STRV_INIT;

	for (size_t i = 0; i < t->allow.n; i++) {
		hone_strv_push(&more, "--allow");
		hone_strv_push(&more, t->allow.v[i]);
	}
	hone_strv_push(&more, t->trials[trial].candidate->name);
	return hone_cli_command(cli, "apply", hone_strv_argv(&more));
}

/* Is there a candidate that could be faster, for all that is known? */
static bool is_open(const struct hone_try *t)
{
	const struct hone_measurement *m = t->measured;

	if (t->picks.doubted != HONE_PICK_NONE || t->picks.fast == HONE_PICK_NONE)
		return true;
	for (size_t i = 1; m && i < t->n; i++) {
		const struct hone_trial *trial = &t->trials[i];
		size_t at = trial->measured;

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
	const struct hone_measurement *m = t->measured;
	double s = LONGER * fmax(m->elapsed_s, 60);

	if (isfinite(m->more_s))
		s = fmax(s, 1.25 * (m->elapsed_s + m->more_s));
	return (int)ceil(fmin(s, LONGEST_S) / 60);
}

char *hone_try_with(const struct hone_try *t, const char *option, const char *value)
{
	hone_auto_strv struct hone_strv words = HONE_STRV_INIT;

	for (size_t i = 0; i < t->typed->n; i++) {
		hone_strv_push(&words, t->typed->v[i]);
		if (i != 2)
			continue;
		hone_strv_push(&words, option);
		hone_strv_push(&words, value);
	}
	return hone_text_command(hone_strv_argv(&words));
}

char *hone_try_next(const struct hone_cli *cli, const struct hone_try *t)
{
	size_t best = t->picks.balanced;
	bool open = t->speed_measured && t->measured && is_open(t);

	if (best != HONE_PICK_NONE && best != 0)
		return apply(cli, t, best);
	if (t->speed_measured && t->picks.fast != HONE_PICK_NONE && t->picks.fast != 0)
		return apply(cli, t, t->picks.fast);
	if (open) {
		hone_auto_free char *budget = hone_xasprintf("%dmin", minutes(t));

		return hone_try_with(t, "--budget", budget);
	}
	best = t->speed_measured ? HONE_PICK_NONE : t->picks.small;
	return best == HONE_PICK_NONE || best == 0 ? NULL : apply(cli, t, best);
}
