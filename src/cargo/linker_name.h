#ifndef HONE_CARGO_LINKER_NAME_H
#define HONE_CARGO_LINKER_NAME_H
/* What rustc reads out of a linker's file name. Source: rustc_target, LinkerFlavor::infer_linker_hints. */
#include "view.h"

/* In whose words the linker is told what to do. */
enum hone_linker_flavor {
	HONE_FLAVOR_COMPILER, /* those of a C compiler: -Wl,--icf=all */
	HONE_FLAVOR_LD,       /* its own: --icf=all */
	HONE_FLAVOR_WASM,     /* wasm-ld's own */
};
/* What -C linker-flavor or a target specification says: "gnu-cc", "gnu-lld", "wasm-lld". Any other word is a C
 * compiler's. */
enum hone_linker_flavor hone_linker_flavor_parse(const char *word);

/* The name without its folder and its version: ld.lld-22 is ld.lld. Borrowed. */
struct hone_view hone_linker_stem(const char *path);
/* Is it one of these names, or something with a dash before one of them (x86_64-linux-gnu-gcc)? */
bool hone_linker_is_among(struct hone_view stem, const char *const *names, size_t n);
/* Is it called gcc, g++, clang, clang++ or emcc, with a version (gcc-12) or an extension (gcc.sh)? Then rustc leaves its
 * own lld out, as it knows what the compiler takes by itself: not so with cc, c++ or any other name. */
bool hone_linker_drops_lld(const char *path);

#endif
