/* Where the time of the rounds goes: who cannot win any more is run no longer, and a workload that costs little is run more
 * often beside one that costs much. */
#include "measure_impl.h"
#include "rules.h"

#include <math.h>

/* Is another one that still runs proved to be faster by more than the margin? Over all pairs, as a winner is picked. */
static bool is_beaten(const struct hone_measurement *m, size_t who, double *diff)
{
	struct hone_rules rules = m->rules;

	rules.comparisons = m->n * (m->n - 1);
	for (size_t other = 0; other < m->n; other++) {
		if (other == who || m->status[other] != HONE_RAN || m->left[other] ||
			(m->apart[other] && !m->apart[who]))
			continue;
		for (size_t i = 0; i < m->rounds; i++)
			diff[i] = m->log_cost[other][i] - m->log_cost[who][i];
		if (hone_proved_below(diff, m->rounds, -log1p(rules.margin), &rules))
			return true;
	}
	return false;
}

/* Its own verdict must be there: what left is not asked again. */
void hone_measurement_race(struct hone_measurement *m)
{
	hone_auto_free double *diff = hone_xcalloc(m->rounds + 1, sizeof(*diff));

	if (m->control_differs || !m->rules.sequential)
		return;
	for (size_t who = 0; who < m->n; who++) {
		enum hone_verdict v = m->composite[who].verdict;

		if (who == m->baseline || m->status[who] != HONE_RAN || m->left[who] ||
			v == HONE_VERDICT_NONE || v == HONE_VERDICT_UNDECIDED)
			continue;
		if (is_beaten(m, who, diff))
			m->left[who] = m->rounds;
	}
}

void hone_race_repeats(const double *costs, size_t n, size_t *ret)
{
	double most = 0;

	for (size_t i = 0; i < n; i++)
		most = fmax(most, costs[i]);
	for (size_t i = 0; i < n; i++) {
		double times = costs[i] > 0 ? sqrt(most / costs[i]) : 1;

		ret[i] = (size_t)fmax(1, floor(fmin(times, HONE_RULE_REPEATS_MOST)));
	}
}
