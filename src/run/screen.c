/* Who needs many more instructions than another is no faster, and need not be timed to see it: counts are the same in every run,
 * and cost one run of everyone under valgrind. They only keep losers out of the rounds; nothing is called faster by them. */
#include "measure_impl.h"

#include <math.h>

/* Of each contestant: log of its instructions beside the baseline's, weighted over the workloads; NaN: not known. false: not all
 * workloads were counted. */
static bool add_up(const struct hone_comparison *s, double *sums, double *ret_weight)
{
	const struct hone_measurement *m = s->m;

	*ret_weight = 0;
	for (size_t i = 0; i < m->n_workloads; i++) {
		const struct hone_workload_result *w = &m->workloads[i];

		if (!w->callgrind || !(w->callgrind[m->baseline] > 0))
			return false;
		*ret_weight += w->weight;
		for (size_t who = 0; who < s->n; who++)
			sums[who] += w->weight * log(w->callgrind[who] / w->callgrind[m->baseline]);
	}
	return *ret_weight > 0;
}

void hone_screen(struct hone_comparison *s)
{
	hone_auto_free double *sums = hone_xcalloc(s->n + 1, sizeof(*sums));
	double weight, most;
	size_t least = s->m->baseline;

	if (!add_up(s, sums, &weight))
		return;
	for (size_t who = 0; who < s->n; who++)
		if (hone_comparison_is_in(s, who) && !s->contestants[who].unscreened &&
			!s->contestants[who].apart && sums[who] < sums[least])
			least = who;
	most = sums[least] + weight * log1p(s->opts.screen);
	for (size_t who = 0; who < s->n; who++)
		if (who != s->m->baseline && hone_comparison_is_in(s, who) &&
			!s->contestants[who].unscreened && sums[who] > most)
			hone_comparison_out(s, who, HONE_NOT_RUN,
				hone_xasprintf("it was not timed: it needs %.0f %% more "
					       "instructions than %s",
					100 * expm1((sums[who] - sums[least]) / weight),
					s->contestants[least].name));
}
