/* Budgets of a check: what is written, and what it allows. */
#include "result_check.h"

#include "num.h"
#include "platform.h"
#include "settings.h"

#include <math.h>
#include <string.h>

const char *const hone_check_names[HONE_CHECK_SUBJECTS + 1] = {"size", "stripped", "gzip", "zstd",
	"brotli", "flash", "ram", "crates", "glibc", "labels", "time", NULL};

const char *hone_check_verdict_text(enum hone_check_verdict v)
{
	static const char *const text[] = {"within", "over", "undecided"};

	return text[v];
}

const char *hone_check_budget_name(const struct hone_check_budget *b)
{
	return b->metric == HONE_METRIC_AUTO ? hone_check_names[b->figure]
					     : hone_metric_info(b->metric)->name;
}

/* "2.31": numbers and dots. */
static bool is_version(struct hone_view v)
{
	bool digit = false;

	for (size_t i = 0; i < v.n; i++) {
		if (v.p[i] == '.' && !digit)
			return false;
		digit = v.p[i] >= '0' && v.p[i] <= '9';
		if (!digit && v.p[i] != '.')
			return false;
	}
	return digit && v.n < 32;
}

bool hone_check_newer(const char *a, const char *b)
{
	while (*a || *b) {
		size_t m = strspn(a, "0123456789"), n = strspn(b, "0123456789");
		uint64_t x = 0, y = 0;

		if (!m || !n)
			return m && !n;
		(void)hone_parse_u64(hone_view_sub(hone_view_of(a), 0, m), &x);
		(void)hone_parse_u64(hone_view_sub(hone_view_of(b), 0, n), &y);
		if (x != y)
			return x > y;
		a += m + (a[m] == '.');
		b += n + (b[n] == '.');
	}
	return false;
}

/* "glibc, debug": ids of labels; none at all is a budget, too. */
static bool parse_labels(struct hone_view v, struct hone_check_budget *ret)
{
	unsigned labels = 0;

	while (v.n) {
		const char *comma = memchr(v.p, ',', v.n);
		size_t n = comma ? (size_t)(comma - v.p) : v.n;
		const struct hone_label_info *info =
			hone_label_find(hone_view_trim(hone_view_sub(v, 0, n)));

		if (!info)
			return false;
		labels |= info->bit;
		v = hone_view_sub(v, comma ? n + 1 : n, v.n);
	}
	ret->value = labels;
	return true;
}

/* A number in the unit that the budget's figure has. */
static bool parse_number(const struct hone_check_budget *b, struct hone_view v, double *ret)
{
	const char *unit = hone_metric_info(b->metric)->unit;
	uint64_t count = 0;

	if (b->figure == HONE_CHECK_TIME && (!*unit || strcmp(unit, "s") == 0))
		return hone_parse_seconds(v, ret) && *ret >= 0;
	if (b->figure == HONE_CHECK_CRATES || strcmp(unit, "count") == 0) {
		if (!hone_parse_u64(v, &count))
			return false;
	} else if (!hone_parse_u64(v, &count) && !hone_parse_size(v, &count)) {
		return false;
	}
	*ret = (double)count;
	return true;
}

bool hone_check_budget_parse(const char *text, struct hone_check_budget *ret)
{
	struct hone_view v = hone_view_trim(hone_view_of(text));
	bool less = hone_view_starts(v, "-");

	ret->text = text;
	if (ret->figure == HONE_CHECK_GLIBC)
		return is_version(v);
	if (ret->figure == HONE_CHECK_LABELS)
		return parse_labels(v, ret);
	ret->relative = less || hone_view_starts(v, "+");
	if (ret->relative)
		v = hone_view_trim(hone_view_sub(v, 1, v.n));
	ret->share = hone_view_ends(v, "%");
	if (ret->share) {
		v = hone_view_trim(hone_view_sub(v, 0, v.n - 1));
		if (!ret->relative || !hone_parse_f64(v, &ret->value) || !(ret->value >= 0) ||
			ret->value > 1e6)
			return false;
	} else if (!parse_number(ret, v, &ret->value)) {
		return false;
	}
	if (less)
		ret->value = -ret->value;
	return true;
}

double hone_check_limit_of_run(const struct hone_check_budget *b, double base)
{
	double limit = b->value;

	if (b->relative)
		limit = base + (b->share ? base * b->value / 100 : b->value);
	return fmax(limit, 0);
}

uint64_t hone_check_limit(const struct hone_check_budget *b, uint64_t base)
{
	return (uint64_t)floor(hone_check_limit_of_run(b, (double)base));
}

bool hone_check_has(const struct hone_check_side *s, enum hone_check_figure figure)
{
	struct hone_platform to = hone_platform_of(s->target, NULL);
	bool module = to.object == HONE_OBJECT_WASM;

	if (figure == HONE_CHECK_BROTLI)
		return module;
	if (figure == HONE_CHECK_FLASH || figure == HONE_CHECK_RAM)
		return to.os == HONE_OS_NONE && !module;
	return true;
}

bool hone_check_knows(const struct hone_check_side *s, enum hone_check_figure figure)
{
	return hone_check_has(s, figure) && (figure != HONE_CHECK_BROTLI || s->figures[figure]);
}

enum hone_check_verdict hone_result_check_verdict(
	const struct hone_result_check *c, const struct hone_check_budget *b)
{
	bool over = false;

	if (b->figure == HONE_CHECK_TIME)
		return b->verdict;
	if (!hone_check_knows(c->head, b->figure) ||
		(b->relative && !hone_check_knows(c->base, b->figure)))
		return HONE_CHECK_UNDECIDED;
	if (b->figure == HONE_CHECK_GLIBC)
		over = hone_check_newer(c->head->min_glibc, b->text);
	else if (b->figure == HONE_CHECK_LABELS)
		over = c->head->labels & ~(unsigned)b->value;
	else
		over = c->head->figures[b->figure] >
		       hone_check_limit(b, c->base->figures[b->figure]);
	return over ? HONE_CHECK_OVER : HONE_CHECK_WITHIN;
}

size_t hone_result_check_count(const struct hone_result_check *c, enum hone_check_verdict v)
{
	size_t n = 0;

	for (size_t i = 0; i < c->n_budgets; i++)
		n += hone_result_check_verdict(c, &c->budgets[i]) == v;
	return n;
}
