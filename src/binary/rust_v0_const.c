#include "rust_v0_impl.h"

#include "text.h"

#include <string.h>

/* Values of const generics. */

static int hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* {0-9a-f} "_"; no digits are 0. */
static bool hex(struct hone_v0 *c, struct hone_view *ret)
{
	size_t start = c->at;
	while (c->at < c->v.n && hex_digit(c->v.p[c->at]) >= 0)
		c->at++;
	*ret = hone_view_sub(c->v, start, c->at);
	return hone_v0_take(c, '_') && hone_v0_spend(c, ret->n);
}

/* false: it has more than 64 bits. */
static bool value_of(struct hone_view digits, uint64_t *ret)
{
	uint64_t x = 0;
	size_t i = 0;
	while (i + 16 < digits.n && digits.p[i] == '0')
		i++;
	if (digits.n - i > 16)
		return false;
	for (; i < digits.n; i++)
		x = x << 4 | (unsigned)hex_digit(digits.p[i]);
	*ret = x;
	return true;
}

static bool integer(struct hone_v0 *c, int tag)
{
	struct hone_view digits;
	uint64_t x;
	if (!hex(c, &digits))
		return false;
	if (!c->out)
		return true;
	if (value_of(digits, &x)) {
		hone_buf_addf(c->out, "%llu", (unsigned long long)x);
	} else {
		hone_buf_adds(c->out, "0x");
		hone_buf_addv(c->out, digits);
	}
	if (c->full)
		hone_buf_adds(c->out, hone_v0_basic_type(tag));
	return true;
}

static bool boolean(struct hone_v0 *c)
{
	struct hone_view digits;
	uint64_t x;
	if (!hex(c, &digits) || !value_of(digits, &x) || x > 1)
		return false;
	if (c->out)
		hone_buf_adds(c->out, x ? "true" : "false");
	return true;
}

/* A character as it stands in quotes of that kind. */
static void put_escaped(struct hone_buf *b, uint32_t cp, uint32_t quote)
{
	static const char named[] = "\tt\rr\nn\\\\";
	for (const char *p = named; *p; p += 2)
		if (cp == (unsigned char)*p) {
			hone_buf_addf(b, "\\%c", p[1]);
			return;
		}
	if (cp == 0)
		hone_buf_adds(b, "\\0");
	else if (cp < 0x20 || cp == 0x7f)
		hone_buf_addf(b, "\\u{%x}", cp);
	else if (cp == quote)
		hone_buf_addf(b, "\\%c", (int)cp);
	else
		hone_utf8_encode(b, cp);
}

static bool character(struct hone_v0 *c)
{
	struct hone_view digits;
	uint64_t x;
	if (!hex(c, &digits) || !value_of(digits, &x) || x > 0x10ffff ||
		(x >= 0xd800 && x < 0xe000))
		return false;
	if (!c->out)
		return true;
	hone_buf_addc(c->out, '\'');
	put_escaped(c->out, (uint32_t)x, '\'');
	hone_buf_addc(c->out, '\'');
	return true;
}

/* Its bytes, two digits each. */
static bool string(struct hone_v0 *c)
{
	hone_auto_buf struct hone_buf bytes = HONE_BUF_INIT;
	struct hone_view digits;
	if (!hex(c, &digits) || digits.n % 2 != 0)
		return false;
	if (!c->out)
		return true;
	for (size_t i = 0; i < digits.n; i += 2)
		hone_buf_addc(
			&bytes, (char)(hex_digit(digits.p[i]) << 4 | hex_digit(digits.p[i + 1])));
	hone_buf_addc(c->out, '"');
	for (size_t i = 0; i < bytes.n;) {
		struct hone_view rest = hone_view_sub(hone_buf_view(&bytes), i, bytes.n);
		size_t n = hone_utf8_len(rest);
		if (n == 0)
			return false;
		put_escaped(c->out, hone_utf8_decode(rest), '"');
		i += n;
	}
	hone_buf_addc(c->out, '"');
	return true;
}

static bool inner_constant(struct hone_v0 *c)
{
	return hone_v0_constant(c, true);
}

static bool named_field(struct hone_v0 *c)
{
	struct hone_v0_ident name;
	if (!hone_v0_identifier(c, &name))
		return false;
	hone_v0_put_ident(c, &name);
	HONE_V0_PUT(c, ": ");
	return inner_constant(c);
}

/* A struct or enum value: its path, then no fields, fields in order, or with names. */
static bool adt(struct hone_v0 *c)
{
	if (!hone_v0_value_path(c))
		return false;
	if (hone_v0_take(c, 'U'))
		return true;
	if (hone_v0_take(c, 'T')) {
		HONE_V0_PUT(c, "(");
		if (!hone_v0_list(c, inner_constant, NULL))
			return false;
		HONE_V0_PUT(c, ")");
		return true;
	}
	if (!hone_v0_take(c, 'S'))
		return false;
	HONE_V0_PUT(c, " { ");
	if (!hone_v0_list(c, named_field, NULL))
		return false;
	HONE_V0_PUT(c, " }");
	return true;
}

static bool sequence(struct hone_v0 *c, bool tuple)
{
	size_t n;
	hone_v0_put(c, tuple ? "(" : "[", 1);
	if (!hone_v0_list(c, inner_constant, &n))
		return false;
	if (tuple && n == 1)
		HONE_V0_PUT(c, ",");
	hone_v0_put(c, tuple ? ")" : "]", 1);
	return true;
}

/* What is an expression, and stands in braces where a type is expected. */
static bool expression(struct hone_v0 *c, int tag)
{
	switch (tag) {
	case 'e': /* a place of type str, as "..." itself is a reference */
		HONE_V0_PUT(c, "*");
		return string(c);
	case 'R':
		HONE_V0_PUT(c, "&");
		return inner_constant(c);
	case 'Q':
		HONE_V0_PUT(c, "&mut ");
		return inner_constant(c);
	case 'A':
	case 'T':
		return sequence(c, tag == 'T');
	case 'V':
		return adt(c);
	default:
		return false;
	}
}

static bool constant_inner(struct hone_v0 *c, bool in_value)
{
	size_t start = c->at;
	int tag = c->v.p[c->at++];
	switch (tag) {
	case 'p':
		HONE_V0_PUT(c, "_");
		return true;
	case 'B':
		return hone_v0_back_reference(c, start, hone_v0_constant, in_value);
	case 'a':
	case 's':
	case 'l':
	case 'x':
	case 'n':
	case 'i':
		if (hone_v0_take(c, 'n'))
			HONE_V0_PUT(c, "-");
		return integer(c, tag);
	case 'h':
	case 't':
	case 'm':
	case 'y':
	case 'o':
	case 'j':
		return integer(c, tag);
	case 'b':
		return boolean(c);
	case 'c':
		return character(c);
	default:
		break;
	}
	if (tag == 'R' && hone_v0_take(c, 'e'))
		return string(c);
	if (!in_value)
		HONE_V0_PUT(c, "{");
	bool ok = expression(c, tag);
	if (!in_value)
		HONE_V0_PUT(c, "}");
	return ok;
}

bool hone_v0_constant(struct hone_v0 *c, bool in_value)
{
	if (!hone_v0_enter(c))
		return false;
	bool ok = constant_inner(c, in_value);
	c->depth--;
	return ok;
}
