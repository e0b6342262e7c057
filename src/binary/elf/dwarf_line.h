#ifndef HONE_ELF_DWARF_LINE_H
#define HONE_ELF_DWARF_LINE_H
/* DWARF line tables (.debug_line, versions 2 to 5): which source file each address comes from.
 * Only files are kept: every line of a large program would not fit into memory. */
#include "dwarf_units.h"

struct hone_line_range {
	uint64_t low, high; /* [low, high) */
	uint32_t file;      /* index of its name */
};

struct hone_lines {
	struct hone_arena arena;
	HONE_VEC(const char *) files;            /* paths as DWARF has them, each once */
	HONE_VEC(struct hone_line_range) ranges; /* in the order of the tables */
	uint32_t *slots;                         /* hash table of file indexes + 1 */
	size_t n_slots;
};
#define HONE_LINES_INIT                                                                            \
	{                                                                                          \
		0                                                                                  \
	}
#define hone_auto_lines __attribute__((cleanup(hone_lines_release)))

/* Reads all tables; a broken one ends with what was read of it, and the next one begins at its own
 * length. units tells the folders that the relative paths of packages and of std start from; paths of
 * the user's own stay relative. HONE_E_NOT_FOUND: there are none. HONE_E_LIMIT: too many.
 * HONE_E_UNSUPPORTED: compressed in a way that hone does not read. */
int hone_lines_read(const struct hone_elf *e, const struct hone_units *units,
	struct hone_lines *ret_lines, struct hone_err *err);
void hone_lines_release(struct hone_lines *l);

#endif
