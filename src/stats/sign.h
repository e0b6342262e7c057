#ifndef HONE_STATS_SIGN_H
#define HONE_STATS_SIGN_H
/* What the signs of paired differences prove about their median, with no other assumption.
 *
 * Under "the median is >= 0" each difference is below 0 with a probability of at most 1/2, whatever
 * came before it, when the order within each pair was drawn at random. A difference of exactly 0
 * counts against whoever wants to prove something, so ties never help. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* log of C(n, k) / 2^n, and P(Bin(n, 1/2) <= k), summed from its smaller tail. k <= n. */
double hone_binom_half_log_pmf(uint64_t n, uint64_t k);
double hone_binom_half_cdf(uint64_t n, uint64_t k);

/* One-sided exact sign test: P(at least wins of n) when each wins with probability 1/2. For a
 * number of rounds that was fixed beforehand, and one look. */
double hone_sign_p(uint64_t n, uint64_t wins);

/* Natural log of the e-value against "wins have a probability of at most 1/2" after wins of n: the
 * likelihood ratio averaged over all win probabilities in (1/2, 1],
 *	E = 2^(n+1) B(w+1, l+1) P(Bin(n+1, 1/2) <= w)        (B: beta function, l = n - w).
 * A supermartingale of mean <= 1 under that hypothesis, so P(E >= 1/a at any look) <= a however
 *often one looks and for whatever reason one stops (Ville 1939; Howard et al. 2021; the mixture is
 *the uniform one, restricted to the side that is to be proved). */
double hone_sign_log_e(uint64_t n, uint64_t wins);

/* Rank k (from 1) so that the k-th smallest and k-th largest of n values bound their distribution's
 * median with at least the given level. 0 when n is too small for that.
 * fixed: for one look at a fixed n, exact binomial (David & Nagaraja 2003, section 7.1); n >= 6 for
 * 0.95. sequence: for any number of looks, by inverting the e-process above: all the intervals of
 * all n cover the median at once with that level; n >= 8 for 0.95. */
uint64_t hone_median_rank_fixed(uint64_t n, double level);
uint64_t hone_median_rank_sequence(uint64_t n, double level);

#endif
