#include "toml_impl.h"

#include "num.h"

#include <math.h>
#include <string.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Reads exactly n digits at *at; -1 when they are not there. */
static int digits(struct hone_view t, size_t *at, size_t n)
{
	int x = 0;

	if (t.n - *at < n)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (!is_digit(t.p[*at + i]))
			return -1;
		x = x * 10 + (t.p[*at + i] - '0');
	}
	*at += n;
	return x;
}

static bool take(struct hone_view t, size_t *at, char c)
{
	if (*at >= t.n || t.p[*at] != c)
		return false;
	++*at;
	return true;
}

static bool lex_date(struct hone_view t, size_t *at)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int year, month, day, last;

	year = digits(t, at, 4);
	if (year < 0 || !take(t, at, '-'))
		return false;
	month = digits(t, at, 2);
	if (month < 1 || month > 12 || !take(t, at, '-'))
		return false;
	day = digits(t, at, 2);
	last = days[month - 1];
	if (month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0))
		last = 29;
	return day >= 1 && day <= last;
}

/* hh:mm:ss and a fraction. RFC 3339 has a second 60 for leap seconds; TOML 1.1 lets the seconds
 * be left out. */
static bool lex_time(struct hone_view t, size_t *at, bool v11)
{
	int hour = digits(t, at, 2);
	int minute, second;

	if (hour < 0 || hour > 23 || !take(t, at, ':'))
		return false;
	minute = digits(t, at, 2);
	if (minute < 0 || minute > 59)
		return false;
	if (!take(t, at, ':'))
		return v11;
	second = digits(t, at, 2);
	if (second < 0 || second > 60)
		return false;
	if (!take(t, at, '.'))
		return true;
	if (*at >= t.n || !is_digit(t.p[*at]))
		return false;
	while (*at < t.n && is_digit(t.p[*at]))
		++*at;
	return true;
}

/* Z or +hh:mm. */
static bool lex_offset(struct hone_view t, size_t *at)
{
	int hour, minute;

	if (take(t, at, 'Z') || take(t, at, 'z'))
		return true;
	if (!take(t, at, '+') && !take(t, at, '-'))
		return false;
	hour = digits(t, at, 2);
	if (hour < 0 || hour > 23 || !take(t, at, ':'))
		return false;
	minute = digits(t, at, 2);
	return minute >= 0 && minute <= 59;
}

/* The type of a date or time, or -1 when it is no valid one. */
static int date_type(struct hone_view t, bool v11)
{
	size_t at = 0;

	if (t.p[2] == ':')
		return lex_time(t, &at, v11) && at == t.n ? HONE_TOML_LOCAL_TIME : -1;
	if (!lex_date(t, &at))
		return -1;
	if (at == t.n)
		return HONE_TOML_LOCAL_DATE;
	if (!take(t, &at, 'T') && !take(t, &at, 't') && !take(t, &at, ' '))
		return -1;
	if (!lex_time(t, &at, v11))
		return -1;
	if (at == t.n)
		return HONE_TOML_LOCAL_DATETIME;
	return lex_offset(t, &at) && at == t.n ? HONE_TOML_OFFSET_DATETIME : -1;
}

/* 0x1F, 0o17, 0b11. */
static bool radix_integer(struct hone_view t, int64_t *ret)
{
	int bits = t.p[1] == 'x' ? 4 : t.p[1] == 'o' ? 3 : 1;
	uint64_t x = 0;

	if (t.n == 2)
		return false;
	for (size_t i = 2; i < t.n; i++) {
		static const char all[] = "0123456789abcdef";
		char c = (char)(t.p[i] >= 'A' && t.p[i] <= 'F' ? t.p[i] + 32 : t.p[i]);
		const char *digit = c ? strchr(all, c) : NULL;

		if (!digit || digit - all >= 1 << bits || x >> (63 - bits))
			return false;
		x = x << bits | (uint64_t)(digit - all);
	}
	*ret = (int64_t)x;
	return true;
}

/* An integer part without leading zeros, a fraction, an exponent: all by the grammar. */
static bool is_decimal(struct hone_view t, bool *ret_is_float)
{
	size_t i = t.p[0] == '+' || t.p[0] == '-' ? 1 : 0;
	size_t from = i;

	*ret_is_float = false;
	while (i < t.n && is_digit(t.p[i]))
		i++;
	if (i == from || (t.p[from] == '0' && i - from > 1))
		return false;
	if (take(t, &i, '.')) {
		*ret_is_float = true;
		from = i;
		while (i < t.n && is_digit(t.p[i]))
			i++;
		if (i == from)
			return false;
	}
	if (take(t, &i, 'e') || take(t, &i, 'E')) {
		*ret_is_float = true;
		if (!take(t, &i, '+'))
			(void)take(t, &i, '-');
		from = i;
		while (i < t.n && is_digit(t.p[i]))
			i++;
		if (i == from)
			return false;
	}
	return i == t.n;
}

/* Drops underscores; false when one does not stand between two digits. */
static bool without_underscores(struct hone_view t, struct hone_buf *out)
{
	const char *set = t.n > 2 && t.p[1] == 'x' ? "0123456789abcdefABCDEF" : "0123456789";

	for (size_t i = 0; i < t.n; i++) {
		if (t.p[i] != '_')
			hone_buf_addc(out, t.p[i]);
		else if (i == 0 || i + 1 == t.n || !strchr(set, t.p[i - 1]) ||
			 !strchr(set, t.p[i + 1]))
			return false;
	}
	return true;
}

/* A number without underscores. */
static bool lex_number(struct hone_view t, struct hone_toml_node *node, const char **ret_why)
{
	struct hone_view unsigned_part = hone_view_sub(t, *t.p == '+' || *t.p == '-' ? 1 : 0, t.n);
	bool is_float;

	if (hone_view_is(unsigned_part, "inf") || hone_view_is(unsigned_part, "nan")) {
		double x = *unsigned_part.p == 'i' ? (double)INFINITY : (double)NAN;

		node->type = HONE_TOML_FLOAT;
		node->u.number = *t.p == '-' ? -x : x;
		return true;
	}
	if (t.n > 1 && t.p[0] == '0' && strchr("xob", t.p[1])) {
		node->type = HONE_TOML_INTEGER;
		return radix_integer(t, &node->u.integer);
	}
	if (!is_decimal(t, &is_float))
		return false;
	if (is_float) {
		*ret_why = "the number is out of the range of a 64-bit float";
		node->type = HONE_TOML_FLOAT;
		return hone_parse_f64(t, &node->u.number);
	}
	*ret_why = "the number is out of the range of a 64-bit integer";
	node->type = HONE_TOML_INTEGER;
	return hone_parse_i64(t, &node->u.integer);
}

/* What begins like a date or a time can be nothing else. */
static bool looks_like_date(struct hone_view t)
{
	size_t n = 0;

	while (n < t.n && is_digit(t.p[n]))
		n++;
	return n < t.n && ((n == 2 && t.p[2] == ':') || (n == 4 && t.p[4] == '-'));
}

static bool is_plain(char c)
{
	return hone_toml_is_bare(c) || c == '+' || c == '.' || c == ':';
}

/* The word that begins here; a date and a time with one blank between them are one word. */
static struct hone_view take_word(struct hone_toml_parser *ps)
{
	const char *p = ps->p + ps->at;
	size_t n = 0;

	while (is_plain(p[n]))
		n++;
	if (n == 10 && p[4] == '-' && p[7] == '-' && p[10] == ' ' && is_digit(p[11]))
		for (n = 11; is_plain(p[n]);)
			n++;
	ps->at += (uint32_t)n;
	return (struct hone_view){p, n};
}

int hone_toml_lex_plain(struct hone_toml_parser *ps, struct hone_toml_node *node)
{
	uint32_t began = ps->at;
	struct hone_view t = take_word(ps);
	const char *why = NULL;
	hone_auto_buf struct hone_buf clean = HONE_BUF_INIT;
	char here[16];

	if (t.n == 0)
		return hone_toml_fail(ps, "a value was expected, not %s", hone_toml_here(ps, here));
	if (hone_view_is(t, "true") || hone_view_is(t, "false")) {
		node->type = HONE_TOML_BOOL;
		node->u.boolean = *t.p == 't';
		return 0;
	}
	if (looks_like_date(t)) {
		int type = date_type(t, ps->doc->version >= HONE_TOML_1_1);

		if (type < 0)
			return hone_toml_fail_from(ps, began, "this is no valid date or time");
		node->type = (uint8_t)type;
		return 0;
	}
	if (!is_digit(*t.p) && *t.p != '+' && *t.p != '-' && !hone_view_is(t, "inf") &&
		!hone_view_is(t, "nan"))
		return hone_toml_fail_from(ps, began,
			"a value was expected; a string needs quotes, a bool is `true` or `false`");
	if (memchr(t.p, '_', t.n)) {
		if (!without_underscores(t, &clean))
			return hone_toml_fail_from(ps, began,
				"an underscore in a number must stand between two digits");
		t = hone_buf_view(&clean);
	}
	if (!lex_number(t, node, &why))
		return hone_toml_fail_from(ps, began, "%s", why ? why : "this is no valid number");
	return 0;
}
