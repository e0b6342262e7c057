#ifndef HONE_ELF_TRIM_H
#define HONE_ELF_TRIM_H
/* The last bytes of strip level "all": a file without section headers whose bytes are loaded by
 * its program headers only. */
#include "buf.h"

/* Shortens such a file in place, as far as it stays safe:
 * - alignment between segments in the file that the page size does not ask for is folded (x86
 *   only, where the page size is known to be 4096; its segments are then aligned to that);
 * - zeros at the end of a last writable segment are left to the loader, which fills memory beyond
 *   the file's bytes with zeros.
 * A file that does not look as expected is left as it is. */
void hone_elf_trim(struct hone_buf *file);

#endif
