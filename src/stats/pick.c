#include "pick.h"

#include "mem.h"
#include "summary.h"

#include <math.h>

struct pairs {
	const struct hone_choice *choices;
	size_t n, rounds;
	struct hone_rules baseline_rules, pair_rules;
	double *diff; /* scratch, one a round */
};

static const double *paired(struct pairs *p, size_t a, size_t b)
{
	const double *x = p->choices[a].log_cost, *y = p->choices[b].log_cost;

	for (size_t i = 0; i < p->rounds; i++)
		p->diff[i] = x && y ? x[i] - y[i] : NAN;
	return p->diff;
}

/* Does a cost less than exp(log_margin) times what b costs, beyond doubt? */
static bool proved(struct pairs *p, size_t a, size_t b, double log_margin)
{
	return hone_proved_below(paired(p, a, b), p->rounds, log_margin, &p->pair_rules);
}

static bool better(struct pairs *p, size_t a, size_t baseline)
{
	struct hone_estimate e;

	hone_judge(paired(p, a, baseline), p->rounds, &p->baseline_rules, &e);
	return e.verdict == HONE_VERDICT_BETTER;
}

static size_t smallest(const struct hone_choice *choices, size_t n, const bool *among)
{
	size_t best = HONE_PICK_NONE;

	for (size_t i = 0; i < n; i++)
		if (among[i] && (best == HONE_PICK_NONE || choices[i].size < choices[best].size))
			best = i;
	return best;
}

/* Does b cost more than exp(log_margin) times what a costs, beyond doubt? */
static bool proved_beyond(struct pairs *p, size_t a, size_t b, double log_margin)
{
	return proved(p, a, b, -log_margin);
}

/* Marks what may be called fastest; false when nothing is proved faster than the baseline. */
static bool fastest(struct pairs *p, size_t baseline, bool *among)
{
	size_t lead = HONE_PICK_NONE;
	double least = 0;

	for (size_t i = 0; i < p->n; i++) {
		double median;

		among[i] = i != baseline && p->choices[i].eligible && !p->choices[i].beaten &&
			   better(p, i, baseline);
		if (!among[i])
			continue;
		median = hone_median(paired(p, i, baseline), p->rounds);
		if (lead == HONE_PICK_NONE || median < least) {
			lead = i;
			least = median;
		}
	}
	for (size_t i = 0; i < p->n; i++)
		if (among[i] && i != lead && proved(p, lead, i, 0))
			among[i] = false;
	return lead != HONE_PICK_NONE;
}

/* The smallest that is proved to stay within the margin of fast; `all`: more pairs that tell whether a
 * smaller one is still open. */
static size_t balanced(
	struct pairs *p, struct pairs *all, size_t fast, double log_margin, bool *among)
{
	size_t best;

	for (size_t i = 0; i < p->n; i++)
		among[i] = p->choices[i].eligible && !p->choices[i].beaten &&
			   (i == fast || proved(p, i, fast, log_margin));
	best = smallest(p->choices, p->n, among);
	for (size_t i = 0; best == fast && i < p->n; i++)
		if (p->choices[i].eligible && !p->choices[i].beaten &&
			p->choices[i].size < p->choices[fast].size &&
			!proved_beyond(p, fast, i, log_margin) &&
			!proved_beyond(all, fast, i, log_margin))
			return HONE_PICK_NONE;
	return best;
}

/* Fills in the fastest and what is tied with it. */
static void pick_fast(struct pairs *p, size_t baseline, bool *among, struct hone_picks *ret)
{
	ret->fast = fastest(p, baseline, among) ? smallest(p->choices, p->n, among) : baseline;
	free(ret->tied);
	ret->tied = hone_xcalloc(p->n + 1, sizeof(*ret->tied));
	ret->n_tied = 0;
	for (size_t i = 0; i < p->n; i++)
		if (among[i] && i != ret->fast)
			ret->tied[ret->n_tied++] = i;
}

static struct pairs pairs_of(const struct hone_choice *choices, size_t n, size_t rounds,
	const struct hone_rules *rules, double *diff)
{
	struct pairs p = {choices, n, rounds, *rules, *rules, diff};
	size_t ran = 0;

	for (size_t i = 0; i < n; i++)
		ran += choices[i].log_cost != NULL;
	p.baseline_rules.more_is_better = false; /* they are costs */
	p.pair_rules.comparisons = ran > 1 ? ran * (ran - 1) : 1;
	return p;
}

static size_t find_baseline(const struct hone_choice *choices, size_t n)
{
	size_t baseline = 0;

	for (size_t i = 0; i < n; i++)
		if (choices[i].baseline)
			baseline = i;
	return baseline;
}

void hone_pick(const struct hone_choice *choices, size_t n, size_t rounds,
	const struct hone_rules *rules, double margin, struct hone_picks *ret)
{
	hone_auto_free bool *among = hone_xcalloc(n + 1, sizeof(*among));
	hone_auto_free double *diff = hone_xcalloc(rounds + 1, sizeof(*diff));
	struct pairs p = pairs_of(choices, n, rounds, rules, diff);
	size_t baseline = find_baseline(choices, n);

	*ret = (struct hone_picks)HONE_PICKS_NONE;
	for (size_t i = 0; i < n; i++)
		among[i] = choices[i].eligible;
	ret->small = smallest(choices, n, among);
	if (n == 0 || !choices[baseline].log_cost || rounds == 0)
		return;
	/* Trials that are out count, too: the family was chosen before anything was seen. */
	p.pair_rules.comparisons = n * (n - 1);
	pick_fast(&p, baseline, among, ret);
	ret->balanced = balanced(&p, &p, ret->fast, log1p(margin), among);
}

void hone_pick_confirm(struct hone_judged first, struct hone_judged fresh, size_t n, double margin,
	struct hone_picks *picks)
{
	hone_auto_free bool *among = hone_xcalloc(n + 1, sizeof(*among));
	hone_auto_free double *diff = hone_xcalloc(first.rounds + 1, sizeof(*diff));
	hone_auto_free double *fresh_diff = hone_xcalloc(fresh.rounds + 1, sizeof(*fresh_diff));
	hone_auto_free struct hone_choice *leaders = hone_xcalloc(n + 1, sizeof(*leaders));
	struct pairs all = pairs_of(first.choices, n, first.rounds, first.rules, diff);
	struct pairs p = pairs_of(fresh.choices, n, fresh.rounds, fresh.rules, fresh_diff);
	struct pairs lead = p;
	size_t baseline = find_baseline(first.choices, n), was = picks->fast;

	if (was == HONE_PICK_NONE)
		return;
	all.pair_rules.comparisons = n * (n - 1);
	lead.choices = leaders;
	for (size_t i = 0; i < n; i++) {
		leaders[i] = fresh.choices[i];
		leaders[i].eligible = i == was;
	}
	for (size_t i = 0; i < picks->n_tied; i++)
		leaders[picks->tied[i]].eligible = true;
	pick_fast(&lead, baseline, among, picks);
	picks->doubted = was != baseline && picks->fast == baseline ? was : HONE_PICK_NONE;
	picks->balanced = balanced(&p, &all, picks->fast, log1p(margin), among);
}

void hone_picks_release(struct hone_picks *p)
{
	free(p->tied);
	*p = (struct hone_picks)HONE_PICKS_NONE;
}
