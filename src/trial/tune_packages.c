/* Levels for packages: those that hold most of the program are compiled at another level each, then all that gained. */
#include "tune_impl.h"

#include "parts.h"
#include "rules.h"

#include <string.h>

static const char *const levels[HONE_TUNE_LEVELS] = {"\"z\"", "\"s\"", "3"};

static const char *level_of(const struct hone_candidate *c, const char *spec)
{
	const struct hone_assign *a = hone_candidate_get(c, HONE_SET_OPT_LEVEL, spec);

	if (!a)
		a = hone_candidate_get(c, HONE_SET_OPT_LEVEL, NULL);
	return a ? a->value : "3";
}

/* The largest packages. The caller releases. */
static void find_largest(const struct hone_tune *t, struct hone_parts *ret)
{
	uint64_t all = 0, sum = 0;
	size_t n = 0;

	hone_parts_find(t->session.project, &t->points.v[t->best].bytes, ret);
	for (size_t i = 0; i < ret->n; i++)
		all += ret->v[i].bytes;
	while (n < ret->n && n < HONE_RULE_TUNE_PACKAGES &&
		(double)sum < HONE_RULE_TUNE_PACKAGES_SHARE * (double)all)
		sum += ret->v[n++].bytes;
	ret->n = n;
}

/* The level of each package that gained most, together. */
static size_t join(const struct hone_tune *t, const struct hone_tune_list *l,
	const struct hone_parts *parts, struct hone_candidate *all)
{
	const struct hone_setting *s = hone_setting(HONE_SET_OPT_LEVEL);
	uint64_t least = t->points.v[t->best].cost;
	size_t gained = 0;

	for (size_t i = 0; i < parts->n; i++) {
		hone_auto_free char *spec = hone_part_spec(t->session.project, parts->v[i].package);
		const struct hone_candidate *best = NULL;
		uint64_t cost = 0;

		for (size_t k = 0; k < l->candidates.n; k++) {
			const struct hone_tune_point *p;

			if (!l->places || l->places[k] == HONE_TUNE_NONE)
				continue;
			p = &t->points.v[l->places[k]];
			if (!p->cost || !p->allowed ||
				(double)p->cost >= (double)least * (1 - HONE_RULE_SIZE_TIE) ||
				!strcmp(level_of(p->candidate, spec),
					level_of(hone_tune_best(t), spec)) ||
				(cost && cost <= p->cost))
				continue;
			cost = p->cost;
			best = p->candidate;
		}
		if (best)
			hone_candidate_set(all, s, spec, level_of(best, spec));
		gained += best != NULL;
	}
	return gained;
}

int hone_tune_packages(struct hone_tune *t, struct hone_err *err)
{
	const struct hone_setting *s = hone_setting(HONE_SET_OPT_LEVEL);
	struct hone_tune_list singles = {0}, together = {0};
	struct hone_parts parts = {0};
	size_t alone, found, tried;
	int error;

	if (!hone_tune_may(t, s, "\"z\""))
		return 0;
	find_largest(t, &parts);
	for (size_t i = 0; i < parts.n; i++) {
		hone_auto_free char *spec = hone_part_spec(t->session.project, parts.v[i].package);

		for (size_t k = 0; k < HONE_TUNE_LEVELS; k++)
			if (strcmp(levels[k], level_of(hone_tune_best(t), spec)) != 0)
				hone_tune_add(&singles, hone_tune_best(t), s, spec, levels[k]);
	}
	error = hone_tune_build(t, &singles, err);
	if (!error && join(t, &singles, &parts,
			      hone_tune_add(&together, hone_tune_best(t), NULL, NULL, NULL)) > 1)
		error = hone_tune_build(t, &together, err);
	tried = singles.candidates.n + (together.places != NULL);
	alone = hone_tune_better(t, &singles, HONE_RULE_SIZE_TIE);
	found = hone_tune_better(t, &together, HONE_RULE_SIZE_TIE);
	if (found == HONE_TUNE_NONE ||
		(alone != HONE_TUNE_NONE && t->points.v[alone].cost < t->points.v[found].cost))
		found = alone;
	hone_tune_take(t, found, "levels for packages", tried);
	hone_tune_list_release(&singles);
	hone_tune_list_release(&together);
	hone_vec_release(&parts);
	return error;
}
