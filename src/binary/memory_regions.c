#include "memory_regions.h"

#include <string.h>

#define MAX_DEPTH 32u
#define MAX_REGIONS 256u

struct parser {
	struct hone_view v;
	size_t at;
	unsigned depth;
	const struct hone_regions *regions;
	bool bad;
};

static int peek(const struct parser *p)
{
	return p->at < p->v.n ? (unsigned char)p->v.p[p->at] : -1;
}

/* Blanks, C comments, line comments. */
static void skip(struct parser *p)
{
	for (;;) {
		struct hone_view rest = hone_view_sub(p->v, p->at, p->v.n);
		if (hone_view_starts(rest, "/*")) {
			const char *end = memmem(rest.p + 2, rest.n - 2, "*/", 2);
			p->at = end ? (size_t)(end - p->v.p) + 2 : p->v.n;
		} else if (hone_view_starts(rest, "//")) {
			p->at = hone_view_find(p->v, p->at, '\n');
		} else if (peek(p) > 0 && strchr(" \t\r\n;", peek(p))) {
			p->at++;
		} else {
			return;
		}
	}
}

static bool take(struct parser *p, char c)
{
	skip(p);
	if (peek(p) != (unsigned char)c)
		return false;
	p->at++;
	return true;
}

static bool is_word(int c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       c == '_' || c == '.' || c == '$';
}

static struct hone_view word(struct parser *p)
{
	skip(p);
	size_t from = p->at;
	while (is_word(peek(p)))
		p->at++;
	return hone_view_sub(p->v, from, p->at);
}

static bool is_any(struct hone_view v, const char *a, const char *b, const char *c)
{
	return hone_view_is(v, a) || hone_view_is(v, b) || hone_view_is(v, c);
}

/* 0x20000000, 64K, 1M, 0777, 10. */
static bool number(struct hone_view v, uint64_t *ret)
{
	uint64_t x = 0, unit = 1;
	unsigned base = 10;
	if (v.n > 0 && strchr("kK", v.p[v.n - 1]))
		unit = 1024;
	else if (v.n > 0 && strchr("mM", v.p[v.n - 1]))
		unit = (uint64_t)1024 * 1024;
	if (unit > 1)
		v = hone_view_sub(v, 0, v.n - 1);
	if (hone_view_starts(v, "0x") || hone_view_starts(v, "0X")) {
		base = 16;
		v = hone_view_sub(v, 2, v.n);
	} else if (v.n > 1 && v.p[0] == '0') {
		base = 8;
	}
	if (v.n == 0)
		return false;
	for (size_t i = 0; i < v.n; i++) {
		const char *digits = "0123456789abcdef";
		const char *hit =
			memchr(digits, v.p[i] | ((v.p[i] >= 'A' && v.p[i] <= 'F') ? 0x20 : 0), 16);
		if (!hit || (unsigned)(hit - digits) >= base ||
			__builtin_mul_overflow(x, base, &x) ||
			__builtin_add_overflow(x, (uint64_t)(hit - digits), &x))
			return false;
	}
	return !__builtin_mul_overflow(x, unit, ret);
}

static uint64_t sum(struct parser *p);

static uint64_t of_region(struct parser *p, bool length)
{
	if (!take(p, '(')) {
		p->bad = true;
		return 0;
	}
	struct hone_view name = word(p);
	if (!take(p, ')'))
		p->bad = true;
	for (size_t i = 0; i < p->regions->n; i++)
		if (hone_view_is(name, p->regions->v[i].name))
			return length ? p->regions->v[i].length : p->regions->v[i].origin;
	p->bad = true;
	return 0;
}

static uint64_t factor(struct parser *p)
{
	uint64_t x = 0;
	if (p->depth >= MAX_DEPTH) {
		p->bad = true;
		return 0;
	}
	if (take(p, '(')) {
		p->depth++;
		x = sum(p);
		p->depth--;
		if (!take(p, ')'))
			p->bad = true;
		return x;
	}
	struct hone_view w = word(p);
	if (hone_view_is(w, "ORIGIN"))
		return of_region(p, false);
	if (hone_view_is(w, "LENGTH"))
		return of_region(p, true);
	if (!number(w, &x))
		p->bad = true;
	return x;
}

static uint64_t product(struct parser *p)
{
	uint64_t x = factor(p), y;
	while (!p->bad) {
		if (take(p, '*')) {
			if (__builtin_mul_overflow(x, factor(p), &x))
				p->bad = true;
		} else if (take(p, '/')) {
			y = factor(p);
			if (y == 0)
				p->bad = true;
			else
				x /= y;
		} else {
			break;
		}
	}
	return x;
}

static uint64_t sum(struct parser *p)
{
	uint64_t x = product(p);
	while (!p->bad) {
		if (take(p, '+')) {
			if (__builtin_add_overflow(x, product(p), &x))
				p->bad = true;
		} else if (take(p, '-')) {
			if (__builtin_sub_overflow(x, product(p), &x))
				p->bad = true;
		} else {
			break;
		}
	}
	return x;
}

/* NAME [(ATTRIBUTES)] : ORIGIN = X [,] LENGTH = Y [,] */
static bool region(struct parser *p, struct hone_regions *out)
{
	struct hone_view name = word(p);
	if (name.n == 0)
		return false;
	if (take(p, '(')) {
		p->at = hone_view_find(p->v, p->at, ')');
		if (!take(p, ')'))
			return false;
	}
	if (!take(p, ':') || !is_any(word(p), "ORIGIN", "org", "o") || !take(p, '='))
		return false;
	uint64_t origin = sum(p);
	take(p, ',');
	if (p->bad || !is_any(word(p), "LENGTH", "len", "l") || !take(p, '='))
		return false;
	uint64_t length = sum(p);
	take(p, ',');
	if (p->bad || out->n >= MAX_REGIONS)
		return false;
	hone_vec_push(out, (struct hone_region){hone_view_dup(name), origin, length});
	return true;
}

static int complain(const struct parser *p, struct hone_err *err)
{
	size_t line = 1;
	for (size_t i = 0; i < p->at && i < p->v.n; i++)
		line += p->v.p[i] == '\n';
	return hone_err_set(err, HONE_E_SYNTAX,
		"line %zu: a region reads NAME : ORIGIN = NUMBER, LENGTH = NUMBER", line);
}

int hone_regions_parse(
	struct hone_view script, struct hone_regions *ret_regions, struct hone_err *err)
{
	struct hone_regions out = HONE_REGIONS_INIT;
	struct parser p = {.v = script, .regions = &out};
	bool found = false;
	while (skip(&p), p.at < p.v.n) {
		struct hone_view w = word(&p);
		if (w.n == 0)
			p.at++;
		if (!hone_view_is(w, "MEMORY") || !take(&p, '{'))
			continue;
		found = true;
		while (!take(&p, '}'))
			if (!region(&p, &out)) {
				hone_regions_release(&out);
				return complain(&p, err);
			}
	}
	if (!found)
		return hone_err_set(err, HONE_E_NOT_FOUND, "has no MEMORY command");
	*ret_regions = out;
	return 0;
}

void hone_regions_release(struct hone_regions *r)
{
	for (size_t i = 0; i < r->n; i++)
		free(r->v[i].name);
	hone_vec_release(r);
}
