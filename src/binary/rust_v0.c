#include "rust_v0.h"

#include "punycode.h"
#include "rust_v0_impl.h"

#include <string.h>

/* What is longer than this is refused. */
#define MAX_WORK 1000000u

/* Of base 62, plus one; 0: it is none. A table, as the hashes of crates are half of all bytes of most names. */
#define DIGITS(first, value)                                                                       \
	[first] = (value) + 1, [(first) + 1] = (value) + 2, [(first) + 2] = (value) + 3
static const unsigned char digit_of[256] = {DIGITS('0', 0), DIGITS('3', 3),
	DIGITS('6', 6), ['9'] = 10, DIGITS('a', 10), DIGITS('d', 13), DIGITS('g', 16),
	DIGITS('j', 19), DIGITS('m', 22), DIGITS('p', 25), DIGITS('s', 28),
	DIGITS('v', 31), ['y'] = 35, ['z'] = 36, DIGITS('A', 36), DIGITS('D', 39), DIGITS('G', 42),
	DIGITS('J', 45), DIGITS('M', 48), DIGITS('P', 51), DIGITS('S', 54),
	DIGITS('V', 57), ['Y'] = 61, ['Z'] = 62};

bool hone_v0_base62(struct hone_v0 *c, uint64_t *ret)
{
	const char *p = c->v.p + c->at, *start = p, *end = c->v.p + c->v.n;
	uint64_t x = 0;
	for (; p < end && *p != '_'; p++) {
		unsigned digit = digit_of[(unsigned char)*p];
		if (!digit)
			return false;
		x = x * 62 + digit - 1;
	}
	if (p == end)
		return false;
	*ret = p == start ? 0 : x + 1;
	c->at = (size_t)(p + 1 - c->v.p);
	return true;
}

/* An optional letter followed by a base-62 number; 0 when it is not there, else the number + 1. */
static bool tagged(struct hone_v0 *c, int tag, uint64_t *ret)
{
	*ret = 0;
	if (!hone_v0_take(c, tag))
		return true;
	if (!hone_v0_base62(c, ret))
		return false;
	(*ret)++;
	return true;
}

bool hone_v0_plain_identifier(struct hone_v0 *c, struct hone_v0_ident *ret)
{
	bool punycode = hone_v0_take(c, 'u');
	const char *p = c->v.p + c->at, *end = c->v.p + c->v.n;
	size_t n = 0;
	if (p == end || *p < '0' || *p > '9')
		return false;
	if (*p == '0')
		p++;
	else
		for (; p < end && *p >= '0' && *p <= '9'; p++) {
			if (n > c->v.n)
				return false;
			n = n * 10 + (size_t)(*p - '0');
		}
	if (p < end && *p == '_')
		p++;
	if (n > (size_t)(end - p))
		return false;
	ret->name = (struct hone_view){p, n};
	ret->punycode = punycode;
	c->at = (size_t)(p + n - c->v.p);
	return hone_v0_spend(c, n);
}

bool hone_v0_identifier(struct hone_v0 *c, struct hone_v0_ident *ret)
{
	return tagged(c, 's', &ret->hash) && hone_v0_plain_identifier(c, ret);
}

void hone_v0_put_ident(struct hone_v0 *c, const struct hone_v0_ident *ident)
{
	if (!c->out)
		return;
	if (!ident->punycode || !hone_punycode(c->out, ident->name, '_'))
		hone_buf_addv(c->out, ident->name);
}

bool hone_v0_referred(struct hone_v0 *c, size_t at, struct hone_v0 *ret_there)
{
	uint64_t to;
	if (!hone_v0_base62(c, &to) || to >= at)
		return false;
	*ret_there = *c;
	ret_there->at = (size_t)to;
	return true;
}

bool hone_v0_back_reference(
	struct hone_v0 *c, size_t at, bool (*what)(struct hone_v0 *c, bool in_value), bool in_value)
{
	struct hone_v0 there;
	return hone_v0_referred(c, at, &there) && (!c->out || what(&there, in_value));
}

bool hone_v0_list(struct hone_v0 *c, bool (*item)(struct hone_v0 *c), size_t *ret_n)
{
	size_t n = 0;
	for (; !hone_v0_take(c, 'E'); n++) {
		if (n > 0)
			HONE_V0_PUT(c, ", ");
		if (!item(c))
			return false;
	}
	if (ret_n)
		*ret_n = n;
	return true;
}

bool hone_v0_lifetime(struct hone_v0 *c, uint64_t index)
{
	if (!c->out)
		return true;
	if (index > c->bound)
		return false;
	uint64_t at = c->bound - index;
	if (index == 0)
		HONE_V0_PUT(c, "'_");
	else if (at < 26)
		hone_buf_addf(c->out, "'%c", (int)('a' + at));
	else
		hone_buf_addf(c->out, "'_%llu", (unsigned long long)at);
	return true;
}

bool hone_v0_open_binder(struct hone_v0 *c, uint64_t *ret_n)
{
	if (!tagged(c, 'G', ret_n) || !hone_v0_spend(c, *ret_n))
		return false;
	for (uint64_t i = 0; c->out && i < *ret_n; i++) {
		hone_buf_adds(c->out, i ? ", " : "for<");
		c->bound++;
		if (!hone_v0_lifetime(c, 1))
			return false;
	}
	if (c->out && *ret_n)
		HONE_V0_PUT(c, "> ");
	if (!c->out)
		c->bound += *ret_n;
	return true;
}

bool hone_v0_generic_arg(struct hone_v0 *c)
{
	uint64_t x;
	if (hone_v0_take(c, 'L'))
		return hone_v0_base62(c, &x) && hone_v0_lifetime(c, x);
	return hone_v0_take(c, 'K') ? hone_v0_constant(c, false) : hone_v0_type(c);
}

/* Where an impl block stands. It says whose the impl is, and is not printed. */
static bool impl_path(struct hone_v0 *c, struct hone_sym_crate *ret_root)
{
	struct hone_buf *out = c->out;
	uint64_t hash;
	c->out = NULL;
	bool ok = tagged(c, 's', &hash) && hone_v0_path(c, false, ret_root);
	c->out = out;
	return ok;
}

static bool crate_root(struct hone_v0 *c, struct hone_sym_crate *ret_root)
{
	struct hone_v0_ident ident;
	if (!hone_v0_identifier(c, &ident))
		return false;
	hone_v0_put_ident(c, &ident);
	if (c->out && c->full)
		hone_buf_addf(c->out, "[%llx]", (unsigned long long)ident.hash);
	if (ret_root)
		*ret_root = (struct hone_sym_crate){ident.name, ident.hash};
	return true;
}

static void put_number(struct hone_v0 *c, uint64_t n)
{
	char digits[20];
	size_t at = sizeof digits;
	do
		digits[--at] = (char)('0' + n % 10);
	while (n /= 10);
	hone_v0_put(c, digits + at, sizeof digits - at);
}

/* Closures and shims have upper-case namespaces, a number, and mostly no name. */
static bool nested(struct hone_v0 *c, bool in_value, struct hone_sym_crate *ret_root)
{
	struct hone_v0_ident ident;
	int space = hone_v0_peek(c);
	bool special = space >= 'A' && space <= 'Z';
	if (!special && !(space >= 'a' && space <= 'z'))
		return false;
	c->at++;
	if (!hone_v0_path(c, in_value, ret_root) || !hone_v0_identifier(c, &ident))
		return false;
	if (!c->out || (!special && ident.name.n == 0))
		return true;
	HONE_V0_PUT(c, "::");
	if (!special) {
		hone_v0_put_ident(c, &ident);
		return true;
	}
	if (space == 'C')
		HONE_V0_PUT(c, "{closure");
	else if (space == 'S')
		HONE_V0_PUT(c, "{shim");
	else
		hone_buf_addf(c->out, "{%c", space);
	if (ident.name.n > 0)
		HONE_V0_PUT(c, ":");
	hone_v0_put_ident(c, &ident);
	HONE_V0_PUT(c, "#");
	put_number(c, ident.hash);
	HONE_V0_PUT(c, "}");
	return true;
}

/* <T>, <T as Trait>; where: the impl's place is told. */
static bool qualified(struct hone_v0 *c, bool where, bool trait, struct hone_sym_crate *ret_root)
{
	if (where && !impl_path(c, ret_root))
		return false;
	HONE_V0_PUT(c, "<");
	if (!hone_v0_type(c))
		return false;
	if (trait) {
		HONE_V0_PUT(c, " as ");
		if (!hone_v0_path(c, false, where ? NULL : ret_root))
			return false;
	}
	HONE_V0_PUT(c, ">");
	return true;
}

static bool instance(struct hone_v0 *c, bool in_value, struct hone_sym_crate *ret_root)
{
	if (!hone_v0_path(c, in_value, ret_root))
		return false;
	if (in_value)
		HONE_V0_PUT(c, "::");
	HONE_V0_PUT(c, "<");
	if (!hone_v0_list(c, hone_v0_generic_arg, NULL))
		return false;
	HONE_V0_PUT(c, ">");
	return true;
}

static bool path_inner(struct hone_v0 *c, bool in_value, struct hone_sym_crate *ret_root)
{
	struct hone_v0 there;
	size_t start = c->at;
	switch (c->v.p[c->at++]) {
	case 'C':
		return crate_root(c, ret_root);
	case 'M':
		return qualified(c, true, false, ret_root);
	case 'X':
		return qualified(c, true, true, ret_root);
	case 'Y':
		return qualified(c, false, true, ret_root);
	case 'N':
		return nested(c, in_value, ret_root);
	case 'I':
		return instance(c, in_value, ret_root);
	case 'B':
		if (!hone_v0_referred(c, start, &there))
			return false;
		return (!c->out && !ret_root) || hone_v0_path(&there, in_value, ret_root);
	default:
		return false;
	}
}

bool hone_v0_path(struct hone_v0 *c, bool in_value, struct hone_sym_crate *ret_root)
{
	if (!hone_v0_enter(c))
		return false;
	bool ok = path_inner(c, in_value, ret_root);
	c->depth--;
	return ok;
}

bool hone_v0_value_path(struct hone_v0 *c)
{
	return hone_v0_path(c, true, NULL);
}

bool hone_rust_v0_crates(
	struct hone_view v, struct hone_sym_crate *ret_crate, struct hone_sym_crate *ret_instance)
{
	uint64_t work = MAX_WORK;
	struct hone_v0 c = {.v = v, .work = &work};
	struct hone_sym_crate crate = {0}, from = {0};
	while (hone_v0_peek(&c) >= '0' && hone_v0_peek(&c) <= '9') /* the encoding's version */
		c.at++;
	if (!hone_v0_path(&c, false, &crate))
		return false;
	int next = hone_v0_peek(&c);
	if (next >= 'A' && next <= 'Z' && !hone_v0_path(&c, false, &from))
		from = (struct hone_sym_crate){0};
	*ret_crate = crate;
	*ret_instance = from;
	return true;
}

bool hone_rust_v0_text(struct hone_buf *b, struct hone_view v, bool full)
{
	uint64_t work = MAX_WORK;
	size_t before = b->n;
	struct hone_v0 c = {.v = v, .work = &work, .out = b, .full = full};
	bool ok = hone_v0_path(&c, true, NULL);
	c.out = NULL;
	if (ok && c.at < v.n) /* the crate that instantiated it */
		ok = hone_v0_path(&c, false, NULL);
	if (ok && c.at == v.n)
		return true;
	hone_buf_cut(b, before);
	return false;
}
