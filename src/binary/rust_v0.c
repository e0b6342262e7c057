#include "rust_v0.h"

/* Grammar: https://doc.rust-lang.org/rustc/symbol-mangling/v0.html. Every function reads one
 * production and returns false when the name is not of that form. A path's crate is only looked for
 * where the caller wants it (ret_root is not NULL). */

#define MAX_DEPTH 256u
/* Back references can make a short name mean an endless text; what is longer than this is refused. */
#define MAX_WORK 1000000u

struct cursor {
	struct hone_view v;
	size_t at;
	unsigned depth;
	bool follow;    /* read what every back reference points to, as printing the name does */
	uint64_t *work; /* what is left of MAX_WORK; shared by all cursors of one name */
};

static bool spend(struct cursor *c, uint64_t n)
{
	if (n >= *c->work)
		return false;
	*c->work -= n;
	return true;
}

static bool path(struct cursor *c, struct hone_sym_crate *ret_root);
static bool type(struct cursor *c);
static bool constant(struct cursor *c);

static int peek(const struct cursor *c)
{
	return c->at < c->v.n ? (unsigned char)c->v.p[c->at] : -1;
}

static bool take(struct cursor *c, int ch)
{
	if (peek(c) != ch)
		return false;
	c->at++;
	return true;
}

/* {0-9a-zA-Z} "_": "_" alone is 0, else the digits' value plus 1. */
static bool base62(struct cursor *c, uint64_t *ret)
{
	uint64_t x = 0;
	if (take(c, '_')) {
		*ret = 0;
		return true;
	}
	while (!take(c, '_')) {
		int ch = peek(c);
		unsigned digit;
		if (ch >= '0' && ch <= '9')
			digit = (unsigned)(ch - '0');
		else if (ch >= 'a' && ch <= 'z')
			digit = (unsigned)(ch - 'a') + 10;
		else if (ch >= 'A' && ch <= 'Z')
			digit = (unsigned)(ch - 'A') + 36;
		else
			return false;
		x = x * 62 + digit;
		c->at++;
	}
	*ret = x + 1;
	return true;
}

/* An optional letter followed by a base-62 number; 0 when it is not there, else the number + 1. */
static bool tagged(struct cursor *c, int tag, uint64_t *ret)
{
	*ret = 0;
	if (!take(c, tag))
		return true;
	if (!base62(c, ret))
		return false;
	(*ret)++;
	return true;
}

static bool plain_identifier(struct cursor *c, struct hone_view *ret)
{
	size_t n = 0;
	take(c, 'u');
	if (peek(c) < '0' || peek(c) > '9')
		return false;
	if (!take(c, '0'))
		while (peek(c) >= '0' && peek(c) <= '9') {
			if (n > c->v.n)
				return false;
			n = n * 10 + (size_t)(peek(c) - '0');
			c->at++;
		}
	take(c, '_');
	if (n > c->v.n - c->at)
		return false;
	*ret = (struct hone_view){c->v.p + c->at, n};
	c->at += n;
	return spend(c, n);
}

static bool identifier(struct cursor *c, struct hone_view *ret, uint64_t *ret_hash)
{
	return tagged(c, 's', ret_hash) && plain_identifier(c, ret);
}

/* "B" was taken; at is where it stood. Reads the path, type or constant that it points to. */
static bool back_reference(struct cursor *c, size_t at, bool (*what)(struct cursor *c))
{
	uint64_t to;
	if (!base62(c, &to) || to >= at)
		return false;
	struct cursor there = *c;
	there.at = (size_t)to;
	return !c->follow || what(&there);
}

static bool rootless_path(struct cursor *c)
{
	return path(c, NULL);
}

static bool path_reference(struct cursor *c, size_t at, struct hone_sym_crate *ret_root)
{
	uint64_t to;
	if (!ret_root)
		return back_reference(c, at, rootless_path);
	if (!base62(c, &to) || to >= at)
		return false;
	struct cursor there = *c;
	there.at = (size_t)to;
	return path(&there, ret_root);
}

static bool impl_path(struct cursor *c, struct hone_sym_crate *ret_root)
{
	uint64_t hash;
	return tagged(c, 's', &hash) && path(c, ret_root);
}

static bool generic_args(struct cursor *c)
{
	uint64_t x;
	while (!take(c, 'E')) {
		bool ok = take(c, 'L') ? base62(c, &x) : take(c, 'K') ? constant(c) : type(c);
		if (!ok)
			return false;
	}
	return true;
}

static bool path_inner(struct cursor *c, struct hone_sym_crate *ret_root)
{
	struct hone_sym_crate root;
	struct hone_view name;
	uint64_t x;
	size_t start = c->at;
	int tag = peek(c);
	c->at++;
	switch (tag) {
	case 'C':
		if (!ret_root)
			ret_root = &root;
		return identifier(c, &ret_root->name, &ret_root->hash);
	case 'M':
		return impl_path(c, ret_root) && type(c);
	case 'X':
		return impl_path(c, ret_root) && type(c) && path(c, NULL);
	case 'Y':
		return type(c) && path(c, ret_root);
	case 'N':
		c->at++; /* the namespace */
		return path(c, ret_root) && identifier(c, &name, &x);
	case 'I':
		return path(c, ret_root) && generic_args(c);
	case 'B':
		return path_reference(c, start, ret_root);
	default:
		return false;
	}
}

static bool path(struct cursor *c, struct hone_sym_crate *ret_root)
{
	if (c->depth >= MAX_DEPTH || c->at >= c->v.n || !spend(c, 1))
		return false;
	c->depth++;
	bool ok = path_inner(c, ret_root);
	c->depth--;
	return ok;
}

static bool fn_sig(struct cursor *c)
{
	struct hone_view abi;
	uint64_t x;
	if (!tagged(c, 'G', &x) || !spend(c, x))
		return false;
	take(c, 'U');
	if (take(c, 'K') && !take(c, 'C') && !plain_identifier(c, &abi))
		return false;
	while (!take(c, 'E'))
		if (!type(c))
			return false;
	return type(c);
}

static bool dyn_bounds(struct cursor *c)
{
	struct hone_view name;
	uint64_t x;
	if (!tagged(c, 'G', &x) || !spend(c, x))
		return false;
	while (!take(c, 'E')) {
		if (!path(c, NULL))
			return false;
		while (take(c, 'p'))
			if (!plain_identifier(c, &name) || !type(c))
				return false;
	}
	return take(c, 'L') && base62(c, &x);
}

static bool type_inner(struct cursor *c)
{
	uint64_t x;
	size_t start = c->at;
	int tag = peek(c);
	if (tag >= 'a' && tag <= 'z') {
		c->at++;
		return true;
	}
	switch (tag) {
	case 'A':
		c->at++;
		return type(c) && constant(c);
	case 'S':
	case 'P':
	case 'O':
		c->at++;
		return type(c);
	case 'R':
	case 'Q':
		c->at++;
		return (!take(c, 'L') || base62(c, &x)) && type(c);
	case 'T':
		c->at++;
		while (!take(c, 'E'))
			if (!type(c))
				return false;
		return true;
	case 'F':
		c->at++;
		return fn_sig(c);
	case 'D':
		c->at++;
		return dyn_bounds(c);
	case 'B':
		c->at++;
		return back_reference(c, start, type);
	default:
		return path(c, NULL);
	}
}

static bool type(struct cursor *c)
{
	if (c->depth >= MAX_DEPTH || c->at >= c->v.n || !spend(c, 1))
		return false;
	c->depth++;
	bool ok = type_inner(c);
	c->depth--;
	return ok;
}

static bool hex_number(struct cursor *c)
{
	take(c, 'n');
	while ((peek(c) >= '0' && peek(c) <= '9') || (peek(c) >= 'a' && peek(c) <= 'f'))
		c->at++;
	return take(c, '_');
}

static bool constants(struct cursor *c)
{
	while (!take(c, 'E'))
		if (!constant(c))
			return false;
	return true;
}

/* The fields of a struct or enum value: none, in order, or with names. */
static bool fields(struct cursor *c)
{
	struct hone_view name;
	uint64_t hash;
	if (take(c, 'U'))
		return true;
	if (take(c, 'T'))
		return constants(c);
	if (!take(c, 'S'))
		return false;
	while (!take(c, 'E'))
		if (!identifier(c, &name, &hash) || !constant(c))
			return false;
	return true;
}

static bool constant_inner(struct cursor *c)
{
	size_t start = c->at;
	int tag = peek(c);
	c->at++;
	switch (tag) {
	case 'p':
		return true;
	case 'B':
		return back_reference(c, start, constant);
	case 'R':
	case 'Q':
		return constant(c);
	case 'A':
	case 'T':
		return constants(c);
	case 'V':
		return path(c, NULL) && fields(c);
	default: /* a basic type or "e" for str, then digits */
		return tag >= 'a' && tag <= 'z' && hex_number(c);
	}
}

static bool constant(struct cursor *c)
{
	if (c->depth >= MAX_DEPTH || c->at >= c->v.n || !spend(c, 1))
		return false;
	c->depth++;
	bool ok = constant_inner(c);
	c->depth--;
	return ok;
}

bool hone_rust_v0_crates(
	struct hone_view v, struct hone_sym_crate *ret_crate, struct hone_sym_crate *ret_instance)
{
	uint64_t work = MAX_WORK;
	struct cursor c = {.v = v, .work = &work};
	struct hone_sym_crate crate = {0}, instance = {0};
	while (peek(&c) >= '0' && peek(&c) <= '9') /* the encoding's version */
		c.at++;
	if (!path(&c, &crate))
		return false;
	/* Back references count from behind "_R", as c.v does. */
	int next = peek(&c);
	if (next >= 'A' && next <= 'Z' && !path(&c, &instance))
		instance = (struct hone_sym_crate){0};
	*ret_crate = crate;
	*ret_instance = instance;
	return true;
}

bool hone_rust_v0_is_short(struct hone_view v)
{
	uint64_t work = MAX_WORK;
	struct cursor c = {.v = v, .follow = true, .work = &work};
	while (peek(&c) >= '0' && peek(&c) <= '9')
		c.at++;
	if (!path(&c, NULL))
		return false;
	int next = peek(&c);
	return next < 'A' || next > 'Z' || path(&c, NULL);
}
