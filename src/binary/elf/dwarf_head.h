#ifndef HONE_ELF_DWARF_HEAD_H
#define HONE_ELF_DWARF_HEAD_H
/* The first entry of a compilation unit, with the attributes that say what the unit is. Only for
 * dwarf_units.c. */
#include "dwarf_read.h"

enum hone_dwarf_part {
	HONE_DW_IN_INFO,
	HONE_DW_IN_ABBREV,
	HONE_DW_IN_STR,
	HONE_DW_IN_LINE_STR,
	HONE_DW_IN_STR_OFFSETS,
	HONE_DW_IN_ADDR,
	HONE_DW_IN_RANGES,
	HONE_DW_IN_RNGLISTS,
	HONE_DW_PARTS
};
struct hone_dwarf_parts {
	const struct hone_elf *e;
	struct hone_view v[HONE_DW_PARTS]; /* empty for those that are not there */
	/* Steps that may still be made: units of a hostile file could all point to one long list. */
	uint64_t budget;
};

/* What the form of an attribute says of its value. */
enum hone_dwarf_kind { HONE_DW_NONE, HONE_DW_TEXT, HONE_DW_NUMBER, HONE_DW_ADDRESS, HONE_DW_INDEX };
struct hone_dwarf_value {
	enum hone_dwarf_kind kind;
	const char *text;
	/* HONE_DW_INDEX: in .debug_addr, .debug_str_offsets or the table of range lists. */
	uint64_t x;
};

/* One unit while its first entry is read. */
struct hone_dwarf_head {
	struct hone_dwarf_parts *p;
	struct hone_cursor c; /* the unit's own bytes */
	bool dwarf64;
	unsigned version, address_size;
	uint64_t abbrev;
	struct hone_dwarf_value name, dir, language, lines, low, high, ranges;
	uint64_t str_base, addr_base, rng_base;
};

/* Reads the header and the first entry of the unit in h->c; false for another kind of unit, or a broken
 * one. */
bool hone_dwarf_head_read(struct hone_dwarf_head *h);

#endif
