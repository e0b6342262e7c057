#include "verdict.h"

#include "mem.h"
#include "sign.h"
#include "summary.h"

#include <math.h>

/* Where looking for "how many more rounds" ends. */
#define FAR_AWAY 1e8

const char *hone_verdict_text(enum hone_verdict v)
{
	switch (v) {
	case HONE_VERDICT_SAME:
		return "same";
	case HONE_VERDICT_BETTER:
		return "better";
	case HONE_VERDICT_WORSE:
		return "worse";
	case HONE_VERDICT_UNDECIDED:
		return "undecided";
	case HONE_VERDICT_NONE:
		break;
	}
	return "none";
}

/* How strongly wins of n speak for the winning side, as log of evidence / threshold; a threshold
 * for each of the given number of sides. */
static double log_evidence(const struct hone_rules *rules, unsigned sides, size_t n, size_t wins)
{
	double log_threshold = log((double)sides * (double)rules->comparisons / rules->alpha);

	if (rules->sequential)
		return hone_sign_log_e(n, wins) - log_threshold;
	return -log(hone_sign_p(n, wins)) - log_threshold;
}

static size_t count_below(const double *sorted, size_t n, double limit)
{
	size_t k = 0;

	while (k < n && sorted[k] < limit)
		k++;
	return k;
}

static size_t count_above(const double *sorted, size_t n, double limit)
{
	size_t k = 0;

	while (k < n && sorted[n - 1 - k] > limit)
		k++;
	return k;
}

/* Rounds until a proof if the share of wins stays as it is; the evidence grows with them. */
static double rounds_to_proof(const struct hone_rules *rules, size_t n, size_t wins)
{
	double share = (double)wins / (double)n;
	double high = (double)n, low = (double)n;

	if (share <= 0.5)
		return INFINITY;
	do {
		low = high;
		high *= 2;
		if (high > FAR_AWAY)
			return INFINITY;
	} while (log_evidence(rules, 2, (size_t)high, (size_t)(share * high)) < 0);
	while (high - low > 1 + low / 100) {
		double middle = floor((low + high) / 2);

		if (log_evidence(rules, 2, (size_t)middle, (size_t)(share * middle)) < 0)
			low = middle;
		else
			high = middle;
	}
	return high;
}

/* Rounds until the interval lies within the band if the median stays; its width falls with the root
 * of the rounds. */
static double rounds_to_same(const struct hone_rules *rules, const struct hone_estimate *e)
{
	double rounds = (double)e->rounds;
	double up = log1p(rules->precision), down = -log1p(-rules->precision);
	double middle = log(e->ratio);
	double over = (log(e->high) - middle) / (up - middle);
	double under = (middle - log(e->low)) / (down + middle);
	double factor = fmax(over, under);

	if (!isfinite(factor) || up <= middle || down + middle <= 0)
		return INFINITY;
	rounds *= factor * factor;
	return rounds > FAR_AWAY ? INFINITY : rounds;
}

void hone_judge(const double *log_ratio, size_t n, const struct hone_rules *rules,
	struct hone_estimate *ret)
{
	hone_auto_free double *sorted = hone_xcalloc(n + 1, sizeof(*sorted));
	size_t m = hone_sorted(log_ratio, n, sorted);
	size_t below = count_below(sorted, m, 0), above = count_above(sorted, m, 0);
	bool fell = below >= above;
	size_t wins = fell ? below : above;
	size_t rank;
	double strength;

	*ret = (struct hone_estimate){.rounds = m, .high = INFINITY, .more_rounds = INFINITY};
	ret->ratio = exp(hone_median_sorted(sorted, m));
	ret->spread = hone_spread(sorted, m);
	if (m == 0)
		return;
	rank = rules->sequential ? hone_median_rank_sequence(m, rules->level)
				 : hone_median_rank_fixed(m, rules->level);
	if (rank > 0) {
		ret->low = exp(sorted[rank - 1]);
		ret->high = exp(sorted[m - rank]);
	}
	strength = log_evidence(rules, 2, m, wins);
	ret->evidence = exp(strength);
	if (rank > 0 && ret->low >= 1 - rules->precision && ret->high <= 1 + rules->precision)
		ret->verdict = HONE_VERDICT_SAME;
	else if (strength >= 0)
		ret->verdict =
			fell != rules->more_is_better ? HONE_VERDICT_BETTER : HONE_VERDICT_WORSE;
	else
		ret->verdict = HONE_VERDICT_UNDECIDED;
	if (ret->verdict != HONE_VERDICT_UNDECIDED)
		ret->more_rounds = 0;
	else
		ret->more_rounds =
			ceil(fmin(rounds_to_proof(rules, m, wins), rounds_to_same(rules, ret)) -
				(double)m);
}

bool hone_proved_below(
	const double *log_ratio, size_t n, double log_margin, const struct hone_rules *rules)
{
	hone_auto_free double *sorted = hone_xcalloc(n + 1, sizeof(*sorted));
	size_t m = hone_sorted(log_ratio, n, sorted);

	return m > 0 && log_evidence(rules, 1, m, count_below(sorted, m, log_margin)) >= 0;
}

/* The z with P(Z <= z) = p for a standard normal Z, p in (0.5, 1), to 1e-9: by bisection, as speed does
 * not matter here. */
static double normal_quantile(double p)
{
	double low = 0, high = 40;

	while (high - low > 1e-10) {
		double z = (low + high) / 2;

		if (1 - erfc(z / sqrt(2)) / 2 < p)
			low = z;
		else
			high = z;
	}
	return low;
}

double hone_provable(const struct hone_rules *rules, double spread, size_t rounds)
{
	size_t low = 0, high = rounds + 1;
	double share;

	while (low < high) {
		size_t wins = low + (high - low) / 2;

		if (log_evidence(rules, 2, rounds, wins) >= 0)
			high = wins;
		else
			low = wins + 1;
	}
	/* So many wins most comparisons have: the mean less what their number varies by. */
	share = (double)low / (double)rounds + HONE_RULE_POWER_Z * sqrt(0.25 / (double)rounds);
	return rounds && share < 1 ? expm1(spread * normal_quantile(share)) : INFINITY;
}
