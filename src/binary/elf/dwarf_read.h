#ifndef HONE_ELF_DWARF_READ_H
#define HONE_ELF_DWARF_READ_H
/* A place in bytes of DWARF that moves on as they are read. What would go beyond the end, or is
 * malformed, reads as zeros and sets bad; nothing is read after that. */
#include "elf_file.h"

struct hone_cursor {
	const struct hone_elf *e; /* byte order */
	struct hone_view v;
	size_t at; /* at most v.n */
	bool bad;
};

/* The next n bytes; zeros (16 of them) when there are fewer, so that n may be at most 16 unless bad is
 * looked at before the bytes are. */
const char *hone_cursor_bytes(struct hone_cursor *c, size_t n);
/* Moves over n bytes. */
void hone_cursor_skip(struct hone_cursor *c, uint64_t n);
unsigned hone_cursor_u8(struct hone_cursor *c);
/* A number of 1, 2, 3, 4 or 8 bytes; any other size is bad. */
uint64_t hone_cursor_sized(struct hone_cursor *c, size_t n);
/* LEB128, DWARF 5 section 7.6; bits above the 64th are dropped. */
uint64_t hone_cursor_uleb(struct hone_cursor *c);
int64_t hone_cursor_sleb(struct hone_cursor *c);
/* Text that ends in a NUL; borrowed. */
const char *hone_cursor_string(struct hone_cursor *c);

#endif
