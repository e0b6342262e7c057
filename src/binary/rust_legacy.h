#ifndef HONE_BINARY_RUST_LEGACY_H
#define HONE_BINARY_RUST_LEGACY_H
/* Names in rustc's legacy scheme: _ZN {length, part} 17h{16 hex digits} E [suffix]. Internal to
 * sym_name.c. */
#include "view.h"
#include "buf.h"

struct hone_legacy {
	struct hone_view parts;  /* with their lengths; the hash is the last one */
	struct hone_view first;  /* the first part */
	struct hone_view suffix; /* what stands behind the E */
};

/* false: it is not of that form. Parts are borrowed from mangled. */
bool hone_rust_legacy_read(const char *mangled, struct hone_legacy *ret);
/* The crate that the name tells, or nothing. The scheme does not name the crate of "<A as B>::f": by the
 * orphan rule it is A's crate, or B's when A belongs to the standard library or is no path. */
struct hone_view hone_rust_legacy_crate(const struct hone_legacy *l);
/* Appends the readable form. full: with the hash. */
void hone_rust_legacy_text(struct hone_buf *b, const struct hone_legacy *l, bool full);

#endif
