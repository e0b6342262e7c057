#ifndef HONE_WASM_READ_H
#define HONE_WASM_READ_H
/* A place in bytes of WebAssembly that moves on as they are read. What would go beyond the end, or is malformed,
 * reads as zeros and sets bad; nothing is read after that. Numbers are LEB128, as the core specification (5.2.2)
 * has it. */
#include "view.h"

struct hone_wasm_cursor {
	struct hone_view v;
	size_t at; /* at most v.n */
	bool bad;
};

unsigned hone_wasm_u8(struct hone_wasm_cursor *c);
/* An unsigned number of 32 bits, in at most five bytes. */
uint32_t hone_wasm_u32(struct hone_wasm_cursor *c);
/* Moves over n bytes; over a number of up to 64 bits, signed or not. */
void hone_wasm_skip(struct hone_wasm_cursor *c, uint64_t n);
void hone_wasm_skip_leb(struct hone_wasm_cursor *c);
/* A length and so many bytes; borrowed. */
struct hone_view hone_wasm_name(struct hone_wasm_cursor *c);

#endif
