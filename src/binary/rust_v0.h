#ifndef HONE_BINARY_RUST_V0_H
#define HONE_BINARY_RUST_V0_H
/* v0 mangled names: whose they are, and their readable form. Internal to sym_name.c. */
#include "buf.h"
#include "sym_crate.h"

/* v: what follows "_R". false when it is not of the grammar; suffixes from '.' on are ignored. */
bool hone_rust_v0_crates(
	struct hone_view v, struct hone_sym_crate *ret_crate, struct hone_sym_crate *ret_instance);

/* Appends the readable form of all of v. false, and nothing appended: it is not of the grammar, or back
 * references and binders blow it up. full: with the hashes of crates. */
bool hone_rust_v0_text(struct hone_buf *b, struct hone_view v, bool full);

#endif
