#ifndef HONE_BINARY_SYM_CRATE_H
#define HONE_BINARY_SYM_CRATE_H
/* Crates as names of symbols tell them. */
#include "view.h"

/* A crate as a mangled name tells it. */
struct hone_sym_crate {
	struct hone_view name; /* borrowed from the mangled name; empty: not told */
	uint64_t hash; /* v0: the crate's disambiguator, which differs between two versions of one
				* crate; 0 in the legacy scheme */
};

/* std, core, alloc and the other crates of rust-lang/rust's library folder, not their dependencies; ends with NULL. */
extern const char *const hone_sym_std_crates[];
/* Is it one of them? */
bool hone_sym_is_std(struct hone_view crate);

#endif
