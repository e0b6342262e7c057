#ifndef HONE_ELF_DWARF_UNITS_H
#define HONE_ELF_DWARF_UNITS_H
/* The compilation units of a file's DWARF: which source each one is, and which addresses its code
 * has (DWARF 2 to 5, both sizes of offsets). */
#include "arena.h"
#include "elf_file.h"

struct hone_unit {
	const char *name; /* DW_AT_name; of rustc: "PATH/src/lib.rs/@/CRATE.HASH-cgu.N" */
	const char *dir;  /* DW_AT_comp_dir; "" when not given */
	bool rust;
	uint64_t info_size; /* bytes in .debug_info */
	uint64_t lines;     /* offset of its table in .debug_line; UINT64_MAX: none */
};

struct hone_unit_range {
	uint64_t low, high; /* [low, high) */
	uint32_t unit;
};

struct hone_units {
	struct hone_arena arena; /* names */
	HONE_VEC(struct hone_unit) units;
	HONE_VEC(struct hone_unit_range) ranges; /* sorted by low */
};
#define HONE_UNITS_INIT                                                                            \
	{                                                                                          \
		0                                                                                  \
	}
#define hone_auto_units __attribute__((cleanup(hone_units_release)))

/* Reads all units; a file without DWARF, or with a broken one, gives those that could be read. The
 * work is bounded by the file's size. */
void hone_units_read(const struct hone_elf *e, struct hone_units *ret_units);
/* The unit whose code is at an address, or NULL. */
const struct hone_unit *hone_units_at(const struct hone_units *u, uint64_t addr);
/* The folder of the unit whose line table is at an offset; "" when none is. */
const char *hone_units_line_dir(const struct hone_units *u, uint64_t offset);
void hone_units_release(struct hone_units *u);

#endif
