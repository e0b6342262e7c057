#ifndef HONE_WASM_STRIP_H
#define HONE_WASM_STRIP_H
/* WebAssembly without the custom sections that nobody needs to run it, and what a custom section is for. */
#include "buf.h"
#include "wasm_file.h"

enum hone_wasm_use {
	HONE_WASM_DEBUG,  /* DWARF, or where to find it */
	HONE_WASM_NAMES,  /* of functions, for backtraces and profilers */
	HONE_WASM_LINK,   /* for linkers: in object files */
	HONE_WASM_NOTES,  /* which compilers made it, what features it needs */
	HONE_WASM_NEEDED, /* not known, or read by engines and by tools that come later */
};
/* By the name of a custom section: the one place that knows them. */
enum hone_wasm_use hone_wasm_use_of(struct hone_view name);

/* Writes a file without the custom sections that drops says; inside of components, too. What stays keeps every
 * byte. */
void hone_wasm_without(const struct hone_wasm *w,
	bool (*drops)(const void *ctx, const struct hone_wasm_section *s), const void *ctx,
	struct hone_buf *to);

#endif
