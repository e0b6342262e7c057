#ifndef HONE_STATS_SUMMARY_H
#define HONE_STATS_SUMMARY_H
/* Robust summaries of samples. A NaN is a sample that does not exist (a failed run): it is skipped.
 * Inputs are borrowed and never changed. */
#include <stddef.h>

/* Copies the values that are not NaN into out (room for n) and sorts them; returns how many. */
size_t hone_sorted(const double *v, size_t n, double *out);
/* The middle value, or the mean of the two middle ones; NaN when there is none. */
double hone_median(const double *v, size_t n);
double hone_median_sorted(const double *sorted, size_t n);
/* Quantile q in [0, 1] by linear interpolation between order statistics: definition 7 of Hyndman &
 * Fan 1996, what NumPy does by default. NaN when there is no value. */
double hone_quantile(const double *v, size_t n, double q);
/* Median absolute deviation from the median times 1.4826: an estimate of the standard deviation
 * that a few wild values do not move (Rousseeuw & Croux 1993). NaN when there is no value. */
double hone_spread(const double *v, size_t n);
/* Pearson correlation of each value with the next one; NaN for fewer than three values or none that
 * differ. Tells whether noise comes in runs. */
double hone_lag1(const double *v, size_t n);
/* log(a / b) of two samples that are >= 0: 0 when both are 0, an infinity when one is, NaN when one
 * is NaN or negative. */
double hone_log_ratio(double a, double b);

#endif
