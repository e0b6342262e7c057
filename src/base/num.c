#include "num.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

bool hone_parse_u64(struct hone_view v, uint64_t *ret_value)
{
	uint64_t x = 0;

	if (v.n == 0)
		return false;
	for (size_t i = 0; i < v.n; i++) {
		unsigned digit = (unsigned)(v.p[i] - '0');

		if (digit > 9 || __builtin_mul_overflow(x, (uint64_t)10, &x) ||
			__builtin_add_overflow(x, (uint64_t)digit, &x))
			return false;
	}
	*ret_value = x;
	return true;
}

bool hone_parse_i64(struct hone_view v, int64_t *ret_value)
{
	bool negative = v.n && v.p[0] == '-';
	uint64_t x;

	if (v.n && (v.p[0] == '-' || v.p[0] == '+'))
		v = hone_view_sub(v, 1, v.n);
	if (!hone_parse_u64(v, &x) || x > (uint64_t)INT64_MAX + (negative ? 1 : 0))
		return false;
	*ret_value = negative ? (int64_t)(0 - x) : (int64_t)x;
	return true;
}

bool hone_parse_f64(struct hone_view v, double *ret_value)
{
	hone_auto_free char *text = NULL;
	char *end;
	static locale_t c_locale;
	double x;

	if (v.n == 0)
		return false;
	for (size_t i = 0; i < v.n; i++)
		if (!strchr("0123456789+-.eE", v.p[i]) || !v.p[i])
			return false;
	text = hone_view_dup(v);
	if (!c_locale)
		c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	x = strtod_l(text, &end, c_locale);
	if (*end || !isfinite(x))
		return false;
	*ret_value = x;
	return true;
}

struct unit {
	const char *name;
	double factor;
};

/* A number followed by one of the units (the last row has the empty name). */
static bool parse_with_unit(struct hone_view v, const struct unit *units, double *ret)
{
	size_t n = 0;
	double x;

	while (n < v.n && strchr("0123456789.", v.p[n]))
		n++;
	if (!hone_parse_f64(hone_view_sub(v, 0, n), &x))
		return false;
	v = hone_view_trim(hone_view_sub(v, n, v.n));
	for (;; units++) {
		if (hone_view_is(v, units->name)) {
			*ret = x * units->factor;
			return true;
		}
		if (!*units->name)
			return false;
	}
}

bool hone_parse_size(struct hone_view v, uint64_t *ret_bytes)
{
	static const struct unit units[] = {{"B", 1}, {"k", 1e3}, {"kB", 1e3}, {"K", 1e3},
		{"KB", 1e3}, {"M", 1e6}, {"MB", 1e6}, {"G", 1e9}, {"GB", 1e9}, {"KiB", 1024},
		{"Ki", 1024}, {"MiB", 1048576}, {"Mi", 1048576}, {"GiB", 1073741824},
		{"Gi", 1073741824}, {"", 1}};
	double x;

	if (!parse_with_unit(v, units, &x) || x > 9e18)
		return false;
	*ret_bytes = (uint64_t)llround(x);
	return true;
}

bool hone_parse_seconds(struct hone_view v, double *ret_seconds)
{
	/* Micro by the micro sign and by the Greek letter. */
	static const struct unit units[] = {{"s", 1}, {"sec", 1}, {"ms", 1e-3}, {"us", 1e-6},
		{"\u00b5s", 1e-6}, {"\u03bcs", 1e-6}, {"ns", 1e-9}, {"ps", 1e-12}, {"m", 60},
		{"min", 60}, {"h", 3600}, {"", 1}};

	return parse_with_unit(v, units, ret_seconds);
}

const char *hone_text_count(char out[HONE_NUM_TEXT], uint64_t n)
{
	char back[HONE_NUM_TEXT];
	size_t len = 0;

	for (unsigned digits = 0; digits == 0 || n; digits++, n /= 10) {
		if (digits && digits % 3 == 0)
			back[len++] = ',';
		back[len++] = (char)('0' + n % 10);
	}
	for (size_t i = 0; i < len; i++)
		out[i] = back[len - 1 - i];
	out[len] = '\0';
	return out;
}

const char *hone_text_share(char out[HONE_NUM_TEXT], uint64_t part, uint64_t whole)
{
	double tenths = whole ? 1000.0 * (double)part / (double)whole + 0.5 : 0.0;
	uint64_t n = tenths < 1e18 ? (uint64_t)tenths : (uint64_t)1000000000000000000;
	size_t len;

	hone_text_count(out, n / 10);
	len = strlen(out);
	memcpy(out + len, ".0 %", sizeof(".0 %"));
	out[len + 1] = (char)('0' + n % 10);
	return out;
}

const char *hone_text_delta(char out[HONE_NUM_TEXT], int64_t n)
{
	char digits[HONE_NUM_TEXT];

	hone_text_count(digits, n < 0 ? 0 - (uint64_t)n : (uint64_t)n);
	snprintf(out, HONE_NUM_TEXT, "%s%.*s",
		n < 0   ? "-"
		: n > 0 ? "+"
			: "",
		HONE_NUM_TEXT - 2, digits);
	return out;
}

const char *hone_text_seconds(char out[HONE_NUM_TEXT], double s)
{
	if (s < 0)
		s = 0;
	if (s > 0 && s < 1e-5)
		snprintf(out, HONE_NUM_TEXT, s < 1e-8 ? "%.3f ns" : "%.0f ns", s * 1e9);
	else if (s < 1e-3)
		snprintf(out, HONE_NUM_TEXT, "%.0f us", s * 1e6);
	else if (s < 0.1)
		snprintf(out, HONE_NUM_TEXT, "%.2f ms", s * 1e3);
	else if (s < 1)
		snprintf(out, HONE_NUM_TEXT, "%.0f ms", s * 1e3);
	else if (s < 99.95)
		snprintf(out, HONE_NUM_TEXT, "%.1f s", s);
	else if (s < 3600)
		snprintf(out, HONE_NUM_TEXT, "%.0f min %.0f s", floor(s / 60), fmod(floor(s), 60));
	else
		snprintf(out, HONE_NUM_TEXT, "%.0f h %.0f min", floor(s / 3600),
			floor(fmod(s, 3600) / 60));
	return out;
}

const char *hone_text_bytes(char out[HONE_NUM_TEXT], uint64_t n)
{
	static const char *const unit[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
	double x = (double)n;
	size_t u = 0;

	while (x >= 999.5 && u + 1 < HONE_COUNT(unit)) {
		x /= 1000;
		u++;
	}
	snprintf(out, HONE_NUM_TEXT, u && x < 9.95 ? "%.1f %s" : "%.0f %s", x, unit[u]);
	return out;
}
