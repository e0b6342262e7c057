#ifndef HONE_STATS_PICK_H
#define HONE_STATS_PICK_H
/* Which candidate is best for each goal (docs/internals/search.md). Pure. */
#include "verdict.h"

#include <stdint.h>

/* One trial as a choice. */
struct hone_choice {
	uint64_t size; /* bytes of the file */
	bool eligible; /* built, behaves as the baseline, its labels let in */
	bool baseline; /* exactly one choice is it; always eligible */
	bool beaten; /* proved slower by more than the margin than one that may be chosen instead of it */
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
	size_t doubted; /* was picked as fast, but fresh rounds did not confirm it; else NONE */
};
#define HONE_PICKS_NONE                                                                            \
	{                                                                                          \
		HONE_PICK_NONE, HONE_PICK_NONE, HONE_PICK_NONE, NULL, 0, HONE_PICK_NONE            \
	}

/* small: the smallest file (the earlier one of equals).
 * fast: of the candidates proved better than the baseline (by the rules as given) the one with the
 * lowest median cost leads; those that it is not proved to beat are tied with it, and the smallest
 * of them all is taken. balanced: the smallest whose median cost is proved to be less than (1 +
 * margin) times that of fast. fast itself qualifies when no smaller one is left open
 * (neither proved to lie within the margin nor proved to lie beyond it); else NONE. Comparisons of
 * candidates with each other are a second family, of all ordered pairs. */
void hone_pick(const struct hone_choice *choices, size_t n, size_t rounds,
	const struct hone_rules *rules, double margin, struct hone_picks *ret);
/* Choices, with the rounds and the rules that judge them. Borrowed. */
struct hone_judged {
	const struct hone_choice *choices;
	size_t rounds;
	const struct hone_rules *rules;
};
/* Holds picks against rounds that were run after they were picked: fresh has the same choices, with
 * the costs of those rounds (NULL: was not run again), judged by its own rules. fast becomes the smallest of
 * itself and what was tied with it that is proved better than the baseline there and that nothing else
 * is proved to beat, or the baseline; balanced the smallest that is proved there to stay within the margin
 * of it, or NONE as above. What is named afterwards holds in the fresh rounds. small stays. */
void hone_pick_confirm(struct hone_judged first, struct hone_judged fresh, size_t n, double margin,
	struct hone_picks *picks);
void hone_picks_release(struct hone_picks *p);

#endif
