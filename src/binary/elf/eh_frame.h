#ifndef HONE_ELF_EH_FRAME_H
#define HONE_ELF_EH_FRAME_H
/* Unwind tables (.eh_frame): which function each entry describes. Format: LSB Core 5.0, chapter 10,
 * and DWARF's call frame information. */
#include "elf_file.h"

struct hone_fde {
	uint64_t pc;   /* the function's address */
	uint64_t lsda; /* address of its table in .gcc_except_table, or 0 */
	uint32_t size; /* bytes of the entry in .eh_frame, its length field included */
};

/* Calls fn for every entry of a section's bytes; addr is the section's address. Stops at the first
 * broken record. Pointer forms that linkers do not write there (indirect, relative to a function)
 * give an entry with pc 0. */
void hone_eh_frame_read(const struct hone_elf *e, struct hone_view section, uint64_t addr,
	void (*fn)(void *ctx, const struct hone_fde *fde), void *ctx);

#endif
