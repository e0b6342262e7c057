#include "punycode.h"

#include "text.h"

#include <string.h>

/* Section 5 of the RFC. */
#define BASE 36u
#define T_MIN 1u
#define T_MAX 26u
#define SKEW 38u
#define DAMP 700u
#define INITIAL_BIAS 72u
#define INITIAL_N 0x80u

#define MAX_CHARACTERS 256u

struct text {
	uint32_t cp[MAX_CHARACTERS];
	size_t n;
};

static uint32_t adapt(uint32_t delta, uint32_t n, bool first)
{
	uint32_t k = 0;
	delta = first ? delta / DAMP : delta / 2;
	delta += delta / n;
	for (; delta > (BASE - T_MIN) * T_MAX / 2; k += BASE)
		delta /= BASE - T_MIN;
	return k + (BASE - T_MIN + 1) * delta / (delta + SKEW);
}

static bool digit_of(char c, uint32_t *ret)
{
	if (c >= 'a' && c <= 'z')
		*ret = (uint32_t)(c - 'a');
	else if (c >= '0' && c <= '9')
		*ret = (uint32_t)(c - '0') + 26;
	else
		return false;
	return true;
}

/* One variable-length number off the front of *digits, added to *i. */
static bool take_number(struct hone_view *digits, uint32_t bias, uint32_t *i)
{
	uint32_t w = 1, digit, part;
	for (uint32_t k = BASE;; k += BASE) {
		uint32_t t = k <= bias + T_MIN ? T_MIN : k >= bias + T_MAX ? T_MAX : k - bias;
		if (digits->n == 0 || !digit_of(*digits->p, &digit) ||
			__builtin_mul_overflow(digit, w, &part) ||
			__builtin_add_overflow(*i, part, i))
			return false;
		*digits = hone_view_sub(*digits, 1, digits->n);
		if (digit < t)
			return true;
		if (__builtin_mul_overflow(w, BASE - t, &w))
			return false;
	}
}

static bool decode(struct text *t, struct hone_view digits)
{
	uint32_t n = INITIAL_N, i = 0, bias = INITIAL_BIAS;
	while (digits.n > 0) {
		uint32_t before = i, count = (uint32_t)t->n + 1;
		if (count > MAX_CHARACTERS || !take_number(&digits, bias, &i))
			return false;
		bias = adapt(i - before, count, before == 0);
		if (i / count > 0x10ffff - n)
			return false;
		n += i / count;
		i %= count;
		if (n >= 0xd800 && n < 0xe000)
			return false;
		memmove(&t->cp[i + 1], &t->cp[i], (t->n - i) * sizeof(t->cp[0]));
		t->cp[i++] = n;
		t->n++;
	}
	return true;
}

bool hone_punycode(struct hone_buf *b, struct hone_view v, char delimiter)
{
	struct text t = {.n = 0};
	size_t split = v.n, from = 0;
	while (split > 0 && v.p[split - 1] != delimiter)
		split--;
	from = split;
	if (split > 0)
		split--; /* the delimiter itself */
	if (from == v.n || split > MAX_CHARACTERS)
		return false;
	for (; t.n < split; t.n++)
		t.cp[t.n] = (unsigned char)v.p[t.n];
	for (size_t i = 0; i < t.n; i++)
		if (t.cp[i] >= INITIAL_N)
			return false;
	if (!decode(&t, hone_view_sub(v, from, v.n)))
		return false;
	for (size_t i = 0; i < t.n; i++)
		hone_utf8_encode(b, t.cp[i]);
	return true;
}
