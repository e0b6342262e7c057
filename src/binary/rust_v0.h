#ifndef HONE_BINARY_RUST_V0_H
#define HONE_BINARY_RUST_V0_H
/* The crates in a v0 mangled name. Internal to sym_name.c. */
#include "sym_name.h"

/* v: what follows "_R". false when it is not of the grammar; suffixes from '.' on are ignored. */
bool hone_rust_v0_crates(
	struct hone_view v, struct hone_sym_crate *ret_crate, struct hone_sym_crate *ret_instance);

/* The readable form is of a sane length: back references and binders do not blow it up. What is not
 * of the grammar is not. */
bool hone_rust_v0_is_short(struct hone_view v);

#endif
