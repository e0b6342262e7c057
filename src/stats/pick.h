#ifndef HONE_STATS_PICK_H
#define HONE_STATS_PICK_H
/* Which candidate is best for each goal (design.md, "What a verdict is"). Pure. */
#include "verdict.h"

#include <stdint.h>

/* One trial as a choice. */
struct hone_choice {
	uint64_t size;          /* bytes of the file */
	bool eligible;          /* built, behaves as the baseline, its labels let in */
	bool baseline;          /* exactly one choice is it; always eligible */
	const double *log_cost; /* one a round: log of the primary metric, weighted over the
				 * workloads, less is better; NaN where it did not run. NULL: speed
				 * was not measured */
};

#define HONE_PICK_NONE SIZE_MAX
struct hone_picks {
	size_t small, fast,
		balanced; /* indices; HONE_PICK_NONE where nothing is proved. fast is the baseline
			   * when nothing is proved faster, NONE when speed was not measured */
	size_t *tied;     /* what cannot be told apart from fast; the caller frees */
	size_t n_tied;
};

/* small: the smallest file (the earlier one of equals).
 * fast: of the candidates proved better than the baseline (by the rules as given) the one with the
 * lowest median cost leads; those that it is not proved to beat are tied with it, and the smallest
 * of them all is taken. balanced: the smallest whose median cost is proved to be less than (1 +
 * margin) times that of fast (margin 0.05). fast itself qualifies when no smaller one is left open
 * (neither proved to lie within the margin nor proved to lie beyond it); else NONE. Comparisons of
 * candidates with each other are a second family, of all ordered pairs. */
void hone_pick(const struct hone_choice *choices, size_t n, size_t rounds,
	const struct hone_rules *rules, double margin, struct hone_picks *ret);
void hone_picks_release(struct hone_picks *p);

#endif
