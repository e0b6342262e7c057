#ifndef HONE_BINARY_SYM_NAME_H
#define HONE_BINARY_SYM_NAME_H
/* Names of symbols: which crate a function was defined in, which one instantiated it, what a person
 * calls it. Rust's v0 scheme (RFC 2603 and the reference in the rustc book) and its legacy one;
 * C++ names only as far as cxx_name.h reads them. */
#include "buf.h"
#include "sym_crate.h"

enum hone_sym_scheme {
	HONE_SYM_V0,
	HONE_SYM_LEGACY,
	HONE_SYM_CXX,
	HONE_SYM_READABLE, /* Rust's, as a tool has made it readable, with its hashes */
	HONE_SYM_PLAIN,    /* C, assembly, #[no_mangle] */
};

struct hone_sym_origin {
	enum hone_sym_scheme scheme;
	struct hone_sym_crate crate; /* where the item is written */
	/* Where a generic item was instantiated. Empty when it is not generic, and in the legacy scheme,
	 * which does not tell. */
	struct hone_sym_crate instance;
};

/* Reads the crates out of a mangled name. Takes time proportional to its length, allocates nothing. */
struct hone_sym_origin hone_sym_origin_of(const char *mangled);

/* Appends the readable form; the mangled name itself when there is none. Suffixes that LLVM and linkers
 * append (".cold", ".0") come back as " (.cold)". full keeps hashes and ".llvm.123", which differ
 * from build to build, and adds a C++ name as it is mangled, in brackets. Rust's names are as rustc-demangle prints them. */
void hone_sym_readable(struct hone_buf *b, const char *mangled, bool full);

/* Appends a readable name without generic arguments, so that all instances of one generic function
 * have the same text: "alloc::vec::Vec<_>::push" of any element type. */
void hone_sym_generic(struct hone_buf *b, struct hone_view readable);

#endif
