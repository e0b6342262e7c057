#ifndef HONE_CARGO_TARGET_KIND_H
#define HONE_CARGO_TARGET_KIND_H
/* What cargo's targets are, and what comes out of them. */
#include <stdbool.h>

/* The first word of cargo's list of kinds. */
enum hone_target_kind {
	HONE_KIND_BIN,
	HONE_KIND_EXAMPLE,
	HONE_KIND_LIB,
	HONE_KIND_RLIB,
	HONE_KIND_DYLIB,
	HONE_KIND_CDYLIB,
	HONE_KIND_STATICLIB,
	HONE_KIND_PROC_MACRO,
	HONE_KIND_BUILD_SCRIPT,
	HONE_KIND_TEST,
	HONE_KIND_BENCH,
	HONE_KIND_OTHER, /* a word that hone does not know, or none */
};
/* cargo's word: "bin", "custom-build"; "" of HONE_KIND_OTHER. Static. */
const char *hone_target_kind_name(enum hone_target_kind kind);
/* NULL: none. */
enum hone_target_kind hone_target_kind_parse(const char *word);
/* Is it code of the user's that a program or library is made of, rather than what builds or tests it? */
bool hone_target_kind_is_linked(enum hone_target_kind kind);
bool hone_target_kind_is_library(enum hone_target_kind kind);
/* A library's file that others than Rust programs are made of, or load. */
bool hone_target_kind_is_shipped(enum hone_target_kind kind);

#endif
