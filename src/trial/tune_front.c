/* What a search has seen: the front of it, and the knee of that. */
#include "tune_impl.h"

#include <string.h>

void hone_tune_see(struct hone_result_tune *r, const struct hone_tune_seen *seen)
{
	struct hone_tune_seen copy = *seen;
	size_t at = 0;

	while (at < r->seen.n && strcmp(r->seen.v[at].recipe, seen->recipe) != 0)
		at++;
	copy.name = hone_xstrdup(seen->name);
	copy.recipe = hone_xstrdup(seen->recipe);
	if (at == r->seen.n) {
		hone_vec_push(&r->seen, copy);
		return;
	}
	copy.compiled |= r->seen.v[at].compiled;
	free(r->seen.v[at].name);
	free(r->seen.v[at].recipe);
	r->seen.v[at] = copy;
}

struct hone_front_point *hone_tune_front(const struct hone_result_tune *r, size_t *ret_n)
{
	struct hone_front_point *points = hone_xcalloc(r->seen.n + 1, sizeof(*points));
	size_t n = 0;

	for (size_t i = 0; i < r->seen.n; i++) {
		const struct hone_tune_seen *s = &r->seen.v[i];

		if (s->allowed && s->bytes && s->ratio > 0)
			points[n++] = (struct hone_front_point){(double)s->bytes, s->ratio, i};
	}
	*ret_n = hone_front(points, n);
	return points;
}

void hone_tune_take_knee(struct hone_result_tune *r)
{
	size_t n, at;
	hone_auto_free struct hone_front_point *points = hone_tune_front(r, &n);

	for (size_t i = 0; i < r->seen.n; i++)
		r->seen.v[i].front = r->seen.v[i].knee = false;
	for (size_t i = 0; i < n; i++)
		r->seen.v[points[i].index].front = true;
	at = hone_front_knee(points, n);
	free(HONE_TAKE(r->knee));
	if (at == n)
		return;
	r->seen.v[points[at].index].knee = true;
	r->knee = hone_xstrdup(r->seen.v[points[at].index].recipe);
}

void hone_tune_see_all(struct hone_result_tune *r, const struct hone_try *t)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct hone_trial *trial = &t->trials[i];
		const struct hone_measurement *m = t->measurement;
		hone_auto_free char *recipe = hone_candidate_canonical(trial->candidate);
		struct hone_tune_seen seen = {.name = trial->candidate->name,
			.recipe = recipe,
			.allowed = trial->allowed};
		size_t at = trial->contestant;

		if (!trial->artifact || trial->status != HONE_TRIAL_BUILT)
			continue;
		for (size_t k = 0; t->confirmed.measurement && k < t->confirmed.n; k++)
			if (t->confirmed.trials[k] == i) {
				m = t->confirmed.measurement;
				at = k;
			}
		seen.bytes = hone_trial_cost(t, trial);
		seen.cpu_s = trial->artifact->cost.cpu_s;
		seen.compiled = !trial->artifact->reused && trial->artifact->cost.units;
		if (m && t->speed_measured && at != SIZE_MAX && m->composite[at].ratio > 0) {
			seen.ratio = m->composite[at].ratio;
			seen.low = m->composite[at].low;
			seen.high = m->composite[at].high;
		}
		hone_tune_see(r, &seen);
	}
}
