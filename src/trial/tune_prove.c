/* The winner beside what it beats: a comparison as `try` makes it, with behaviour and all. */
#include "tune_impl.h"

#include "num.h"

#include <string.h>

bool hone_tune_settle(
	const struct hone_tune_request *r, const struct hone_try *t, struct hone_result_tune *found)
{
	size_t pick = r->balanced ? t->best.allowed.balanced : t->best.allowed.fast;
	const struct hone_measurement *m = t->confirmed.measurement;
	const struct hone_trial *trial;

	hone_tune_see_all(found, t);
	hone_tune_take_knee(found);
	found->baseline = t->trials[0].artifact->size;
	found->best = found->baseline;
	free(found->recipe);
	found->recipe = hone_xstrdup("");
	if (pick == HONE_PICK_NONE || pick == 0)
		return false;
	trial = &t->trials[pick];
	free(found->recipe);
	found->recipe = hone_candidate_canonical(trial->candidate);
	found->best = trial->artifact->size;
	for (size_t i = 0; m && i < t->confirmed.n; i++)
		if (t->confirmed.trials[i] == pick) {
			found->ratio = m->composite[i].ratio;
			found->low = m->composite[i].low;
			found->high = m->composite[i].high;
		}
	return true;
}

static bool is_there(const struct hone_try *t, const char *canonical)
{
	for (size_t i = 0; i < t->candidates.n; i++) {
		hone_auto_free char *other = hone_candidate_canonical(t->candidates.v[i]);

		if (strcmp(other, canonical) == 0)
			return true;
	}
	return false;
}

/* The knee has the name that it was seen by. */
static void name_knee(const struct hone_result_tune *found, struct hone_candidate *c)
{
	for (size_t i = 0; i < found->seen.n; i++)
		if (found->seen.v[i].knee) {
			free(c->name);
			c->name = hone_xstrdup(found->seen.v[i].name);
		}
}

/* The same recipe built once more has other bytes where something in the build is of the moment: a time, a random number. */
static void look_at_bytes(const struct hone_try *t, struct hone_result_tune *found)
{
	const struct hone_trial *trial = &t->trials[t->n - 1];
	char a[HONE_NUM_TEXT], b[HONE_NUM_TEXT];
	uint64_t now;

	if (strcmp(found->metric, hone_tune_metrics[HONE_TUNE_SIZE]) != 0 || !trial->artifact ||
		strcmp(trial->candidate->name, found->name) != 0)
		return;
	now = hone_trial_cost(t, trial);
	if (now == found->best)
		return;
	hone_events_warn(t->session->events,
		"%s had %s bytes in the search and has %s now: builds of this project are not "
		"deterministic, and small differences are luck",
		found->name, hone_text_count(a, found->best), hone_text_count(b, now));
	found->best = now;
}

int hone_tune_prove(struct hone_try *t, struct hone_result_tune *found,
	const struct hone_try_request *given, struct hone_err *err)
{
	struct hone_candidate *c = NULL;
	const char *const texts[] = {"baseline", found->fixed, found->knee, found->recipe};
	const char *names[HONE_COUNT(texts)];
	struct hone_try_request r = *given;
	int error = 0;

	r.n_names = 0;
	for (size_t i = 0; !error && i < HONE_COUNT(texts); i++) {
		bool is_result = i + 1 == HONE_COUNT(texts);
		hone_auto_free char *canonical = NULL;

		if (!texts[i])
			continue;
		error = hone_candidate_parse_allowed(texts[i], r.allowed, &c, err);
		if (error)
			break;
		canonical = hone_candidate_canonical(c);
		/* What was known before and is the best has its own name. */
		if (!is_result && i &&
			(strcmp(canonical, found->recipe) == 0 || is_there(t, canonical))) {
			hone_candidate_free(c);
			continue;
		}
		if (is_result) {
			free(c->name);
			c->name = hone_xstrdup(found->name);
		}
		if (texts[i] == found->knee && !is_result)
			name_knee(found, c);
		hone_vec_push(&t->candidates, c);
		if (i)
			names[r.n_names++] = c->name;
	}
	r.names = names;
	if (!error)
		error = hone_try_run(t, &r, err);
	if (!error)
		look_at_bytes(t, found);
	return error;
}
