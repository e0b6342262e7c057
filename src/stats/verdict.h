#ifndef HONE_STATS_VERDICT_H
#define HONE_STATS_VERDICT_H
/* From paired rounds to a verdict. Pure: the same numbers give the same words. */
#include "rules.h"

#include <stdbool.h>
#include <stddef.h>

enum hone_verdict {
	HONE_VERDICT_NONE, /* not judged: no samples */
	HONE_VERDICT_SAME,
	HONE_VERDICT_BETTER,
	HONE_VERDICT_WORSE,
	HONE_VERDICT_UNDECIDED,
};
/* "same", "better", "worse", "undecided"; "none". */
const char *hone_verdict_text(enum hone_verdict v);

/* The rules by which rounds are judged; chosen before they are seen. */
struct hone_rules {
	bool sequential; /* looked at again and again, stopped when decided; false: one look at a
			  * number of rounds fixed beforehand */
	double alpha;    /* largest probability of one false better or worse in the whole family */
	size_t comparisons; /* the family: candidates x (workloads + composite) */
	double level;       /* of the interval */
	double precision;   /* differences within +-this share count as none */
	double margin;      /* balanced may be so much slower than the fastest */
	bool more_is_better;
};
#define HONE_RULES_DEFAULT                                                                         \
	{                                                                                          \
		.sequential = true, .alpha = HONE_RULE_ALPHA, .comparisons = 1,                    \
		.level = HONE_RULE_LEVEL, .precision = HONE_RULE_PRECISION,                        \
		.margin = HONE_RULE_BALANCED_MARGIN                                                \
	}

struct hone_estimate {
	size_t rounds;    /* pairs in which both ran */
	double ratio;     /* exp of the median log-ratio, candidate / baseline; NaN without pairs */
	double low, high; /* interval of the ratio; 0 and infinity while there are too few pairs */
	double spread;    /* robust standard deviation of one log-ratio */
	double evidence;  /* for the better supported side: e-value, or 1/p for a single look,
			   * divided by  the threshold: >= 1 is proof. Multiply-safe over the family
			   */
	enum hone_verdict verdict;
	double more_rounds; /* how many more would decide it if it goes on like this; 0 when it is
			     * decided, infinity when no number is in sight */
};

/* Judges the paired log-ratios log(candidate / baseline), one a round in the order of the rounds;
 * NaN where one of the two has no sample. First that holds: same (the interval lies within
 * +-precision), better, worse (the median differs from 0, proved at alpha / comparisons over both
 * sides), undecided. For sequential rules the interval is a confidence sequence and the proof an
 * e-process (sign.h), so both hold at every look; else order-statistic interval and exact sign
 * test. */
void hone_judge(const double *log_ratio, size_t n, const struct hone_rules *rules,
	struct hone_estimate *ret);

/* Is the median log-ratio proved to be below log_margin (candidate less than exp(log_margin) times
 * the baseline)? One-sided, at alpha / comparisons; sequential or single look as the rules say. */
bool hone_proved_below(
	const double *log_ratio, size_t n, double log_margin, const struct hone_rules *rules);

/* Smallest share by which a median has to differ from the baseline's to be proved different in that
 * many rounds 9 times of 10, if log-ratios are normal with this standard deviation; infinity when so
 * few rounds prove nothing at all. For planning, not for verdicts. */
double hone_provable(const struct hone_rules *rules, double spread, size_t rounds);

#endif
