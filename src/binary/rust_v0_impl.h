#ifndef HONE_BINARY_RUST_V0_IMPL_H
#define HONE_BINARY_RUST_V0_IMPL_H
/* The reader behind rust_v0.h. Internal to rust_v0*.c.
 *
 * Grammar: https://doc.rust-lang.org/rustc/symbol-mangling/v0.html. Every function reads one production,
 * appends its readable form when there is an out, and returns false when the name is not of that form;
 * what is in out then is to be thrown away. */
#include "buf.h"
#include "sym_crate.h"

#define HONE_V0_DEPTH 256u

struct hone_v0 {
	struct hone_view v; /* the name behind "_R", from where back references count */
	size_t at;
	unsigned depth;
	/* Where the readable form goes. NULL: nowhere, and back references are not read. */
	struct hone_buf *out;
	bool full;      /* crates with their hashes, numbers with their types */
	uint64_t bound; /* lifetimes that the binders around this place have */
	/* What may still be read and printed; shared by all cursors of one name, as back references can
	 * make a short name mean an endless text. */
	uint64_t *work;
};

struct hone_v0_ident {
	struct hone_view name;
	bool punycode;
	uint64_t hash; /* its disambiguator */
};

static inline void hone_v0_put(struct hone_v0 *c, const char *text, size_t n)
{
	if (c->out)
		hone_buf_add(c->out, text, n);
}
#define HONE_V0_PUT(c, literal) hone_v0_put((c), (literal), sizeof(literal) - 1)

static inline int hone_v0_peek(const struct hone_v0 *c)
{
	return c->at < c->v.n ? (unsigned char)c->v.p[c->at] : -1;
}

static inline bool hone_v0_take(struct hone_v0 *c, int ch)
{
	if (hone_v0_peek(c) != ch)
		return false;
	c->at++;
	return true;
}

/* What a letter stands for as a type ("u8"), or NULL. */
const char *hone_v0_basic_type(int letter);
/* false when the name has had its share of work. */
static inline bool hone_v0_spend(struct hone_v0 *c, uint64_t n)
{
	if (n >= *c->work)
		return false;
	*c->work -= n;
	return true;
}

/* Opens a production that may hold others of its kind; false: too deep, or nothing left. Each that was
 * opened is closed by c->depth--. */
static inline bool hone_v0_enter(struct hone_v0 *c)
{
	if (c->depth >= HONE_V0_DEPTH || c->at >= c->v.n || !hone_v0_spend(c, 1))
		return false;
	c->depth++;
	return true;
}

/* "B" was taken; at is where it stood. Reads what it points to, when that is to be printed. */
bool hone_v0_back_reference(struct hone_v0 *c, size_t at,
	bool (*what)(struct hone_v0 *c, bool in_value), bool in_value);
/* "B" was taken; at is where it stood. The place that it points to, always before it. */
bool hone_v0_referred(struct hone_v0 *c, size_t at, struct hone_v0 *ret_there);
/* Reads items up to an "E", with a comma between them. ret_n may be NULL. */
bool hone_v0_list(struct hone_v0 *c, bool (*item)(struct hone_v0 *c), size_t *ret_n);
/* Without its disambiguator. */
bool hone_v0_plain_identifier(struct hone_v0 *c, struct hone_v0_ident *ret);
bool hone_v0_identifier(struct hone_v0 *c, struct hone_v0_ident *ret);
void hone_v0_put_ident(struct hone_v0 *c, const struct hone_v0_ident *ident);
/* {0-9a-zA-Z} "_": "_" alone is 0, else the digits' value plus 1. */
bool hone_v0_base62(struct hone_v0 *c, uint64_t *ret);
/* Counted from the innermost binder: 1 is the last of its lifetimes; 0 has no name. */
bool hone_v0_lifetime(struct hone_v0 *c, uint64_t index);
/* "G" and a number: that many lifetimes more, until the caller takes *ret_n off c->bound again. */
bool hone_v0_open_binder(struct hone_v0 *c, uint64_t *ret_n);
/* ret_root, when it is asked for, becomes the crate of the path. */
bool hone_v0_path(struct hone_v0 *c, bool in_value, struct hone_sym_crate *ret_root);
/* What stands between the "I" and "E" of a path: a lifetime, a constant or a type. */
bool hone_v0_generic_arg(struct hone_v0 *c);
bool hone_v0_type(struct hone_v0 *c);
/* A path in the place of a value, where generic arguments stand behind "::". */
bool hone_v0_value_path(struct hone_v0 *c);
/* in_value: inside of an expression, which needs no braces around it. */
bool hone_v0_constant(struct hone_v0 *c, bool in_value);

#endif
