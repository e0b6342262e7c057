#ifndef HONE_CARGO_LINKER_NAME_H
#define HONE_CARGO_LINKER_NAME_H
/* What rustc reads out of a linker's file name. Source: rustc_target, LinkerFlavor::infer_linker_hints. */
#include "view.h"

/* The name without its folder and its version: ld.lld-22 is ld.lld. Borrowed. */
struct hone_view hone_linker_stem(const char *path);
/* Is it one of these names, or something with a dash before one of them (x86_64-linux-gnu-gcc)? */
bool hone_linker_is_among(struct hone_view stem, const char *const *names, size_t n);
/* Is it called gcc, g++, clang, clang++ or emcc, with a version (gcc-12) or an extension (gcc.sh)? Then rustc leaves its
 * own lld out, as it knows what the compiler takes by itself: not so with cc, c++ or any other name. */
bool hone_linker_drops_lld(const char *path);

#endif
