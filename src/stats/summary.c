#include "summary.h"

#include "mem.h"

#include <math.h>

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

size_t hone_sorted(const double *v, size_t n, double *out)
{
	size_t m = 0;

	for (size_t i = 0; i < n; i++)
		if (!isnan(v[i]))
			out[m++] = v[i];
	if (m)
		qsort(out, m, sizeof(*out), by_value);
	return m;
}

double hone_median_sorted(const double *sorted, size_t n)
{
	if (n == 0)
		return NAN;
	/* Equal middles are returned as they are, since the mean of two infinities of one sign or
	 * of two huge values could overflow. */
	if (n % 2 == 1 || sorted[n / 2 - 1] == sorted[n / 2])
		return sorted[n / 2];
	return sorted[n / 2 - 1] / 2 + sorted[n / 2] / 2;
}

double hone_median(const double *v, size_t n)
{
	hone_auto_free double *sorted = hone_xcalloc(n + 1, sizeof(*sorted));

	return hone_median_sorted(sorted, hone_sorted(v, n, sorted));
}

double hone_quantile(const double *v, size_t n, double q)
{
	hone_auto_free double *sorted = hone_xcalloc(n + 1, sizeof(*sorted));
	size_t m = hone_sorted(v, n, sorted);
	double at;
	size_t below;

	if (m == 0)
		return NAN;
	at = q * (double)(m - 1);
	below = (size_t)at;
	if (below + 1 >= m || at <= (double)below)
		return sorted[below];
	return sorted[below] + (at - (double)below) * (sorted[below + 1] - sorted[below]);
}

double hone_spread(const double *v, size_t n)
{
	hone_auto_free double *away = hone_xcalloc(n + 1, sizeof(*away));
	double median = hone_median(v, n);

	for (size_t i = 0; i < n; i++)
		away[i] = fabs(v[i] - median);
	return 1.482602218505602 * hone_median(away, n);
}

double hone_lag1(const double *v, size_t n)
{
	double sx = 0, sy = 0, sxx = 0, syy = 0, sxy = 0;
	double vx, vy;
	size_t m = 0;

	for (size_t i = 0; i + 1 < n; i++) {
		if (!isfinite(v[i]) || !isfinite(v[i + 1]))
			continue;
		sx += v[i];
		sy += v[i + 1];
		m++;
	}
	if (m < 2)
		return NAN;
	sx /= (double)m;
	sy /= (double)m;
	for (size_t i = 0; i + 1 < n; i++) {
		double x = v[i] - sx, y = v[i + 1] - sy;

		if (!isfinite(v[i]) || !isfinite(v[i + 1]))
			continue;
		sxx += x * x;
		syy += y * y;
		sxy += x * y;
	}
	vx = sqrt(sxx);
	vy = sqrt(syy);
	return vx > 0 && vy > 0 ? sxy / vx / vy : NAN;
}

double hone_log_ratio(double a, double b)
{
	if (isnan(a) || isnan(b) || a < 0 || b < 0)
		return NAN;
	if (a == b) /* also both 0 */
		return 0;
	if (b == 0)
		return INFINITY;
	return a == 0 ? -INFINITY : log(a / b);
}
