#include "sign.h"

#include <math.h>

#define LOG_2 0.693147180559945309417232121458176568

/* lgamma that touches no global variable. */
static double log_gamma(double x)
{
	int sign;

	return lgamma_r(x, &sign);
}

double hone_binom_half_log_pmf(uint64_t n, uint64_t k)
{
	double dn = (double)n, dk = (double)k;

	return log_gamma(dn + 1) - log_gamma(dk + 1) - log_gamma(dn - dk + 1) - dn * LOG_2;
}

/* P(Bin(n, 1/2) <= k) for k below the mean: terms only shrink from k downwards. */
static double lower_tail(uint64_t n, uint64_t k)
{
	double term = exp(hone_binom_half_log_pmf(n, k));
	double sum = term;

	for (uint64_t i = k; i > 0 && term > sum * 1e-18; i--) {
		term *= (double)i / (double)(n - i + 1);
		sum += term;
	}
	return sum;
}

double hone_binom_half_cdf(uint64_t n, uint64_t k)
{
	if (k >= n)
		return 1;
	return k < n - k ? lower_tail(n, k) : 1 - lower_tail(n, n - k - 1);
}

double hone_sign_p(uint64_t n, uint64_t wins)
{
	return wins == 0 ? 1 : hone_binom_half_cdf(n, n - wins);
}

/* log P(Bin(n, 1/2) <= k), also where that probability is below the smallest double. */
static double log_cdf(uint64_t n, uint64_t k)
{
	double sum = 1, term = 1;

	if (k >= n || k >= n - k)
		return log(hone_binom_half_cdf(n, k));
	for (uint64_t i = k; i > 0 && term > sum * 1e-18; i--) {
		term *= (double)i / (double)(n - i + 1);
		sum += term;
	}
	return hone_binom_half_log_pmf(n, k) + log(sum);
}

double hone_sign_log_e(uint64_t n, uint64_t wins)
{
	double w = (double)wins, l = (double)(n - wins);

	return (double)(n + 1) * LOG_2 + log_gamma(w + 1) + log_gamma(l + 1) -
	       log_gamma((double)n + 2) + log_cdf(n + 1, wins);
}

/* Fewest wins of n whose e-value reaches exp(log_threshold); n + 1 when no number does. */
static uint64_t wins_needed(uint64_t n, double log_threshold)
{
	uint64_t low = 0, high = n + 1; /* the e-value grows with the wins */

	while (low < high) {
		uint64_t middle = low + (high - low) / 2;

		if (hone_sign_log_e(n, middle) >= log_threshold)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

uint64_t hone_median_rank_fixed(uint64_t n, double level)
{
	double each_side = (1 - level) / 2;
	uint64_t low = 0,
		 high = n / 2; /* the largest k with P(Bin(n, 1/2) <= k - 1) <= each_side */

	while (low < high) {
		uint64_t k = low + (high - low + 1) / 2;

		if (hone_binom_half_cdf(n, k - 1) <= each_side)
			low = k;
		else
			high = k - 1;
	}
	return low;
}

uint64_t hone_median_rank_sequence(uint64_t n, double level)
{
	/* "The median is >= t" is refuted as soon as so many values lie below t; so the median is
	 * at most the value of that rank, counted from the smallest. */
	uint64_t needed = wins_needed(n, log(2 / (1 - level)));

	return needed > n ? 0 : n + 1 - needed;
}
