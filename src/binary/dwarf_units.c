#include "dwarf_units.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <string.h>

/* libdw holds the sections it reads in memory: no more than that. */
#define DEBUG_LIMIT ((uint64_t)3 << 30)

static bool has_dwarf(const struct hone_elf *e)
{
	uint64_t total = 0;
	bool info = false;
	for (size_t i = 1; i < e->n_sh; i++) {
		const char *name = hone_elf_section_name(e, i);
		if (!hone_starts(name, ".debug_") && !hone_starts(name, ".zdebug_"))
			continue;
		total += hone_elf_file_bytes(e, i);
		if (hone_ends(name, "debug_info"))
			info = true;
	}
	return info && total <= DEBUG_LIMIT;
}

static int by_low(const void *a, const void *b)
{
	const struct hone_unit_range *x = a, *y = b;
	if (x->low != y->low)
		return x->low < y->low ? -1 : 1;
	if (x->high != y->high)
		return x->high > y->high ? -1 : 1;
	return x->unit < y->unit ? -1 : x->unit > y->unit;
}

static const char *text_of(struct hone_units *u, Dwarf_Die *die, unsigned name)
{
	Dwarf_Attribute attr;
	const char *s = dwarf_formstring(dwarf_attr(die, name, &attr));
	return s ? hone_arena_strdup(&u->arena, s) : "";
}

static uint64_t line_table(Dwarf_Die *die)
{
	Dwarf_Attribute attr;
	Dwarf_Word offset;
	if (dwarf_formudata(dwarf_attr(die, DW_AT_stmt_list, &attr), &offset) != 0)
		return UINT64_MAX;
	return offset;
}

/* budget: range entries that may still be read, since units of a hostile file could all point to
 * one long list. */
static void add_unit(struct hone_units *u, Dwarf_Die *die, uint64_t size, uint64_t *budget)
{
	Dwarf_Addr base, low, high;
	ptrdiff_t at = 0;
	uint32_t index = (uint32_t)u->units.n;
	struct hone_unit unit = {.name = text_of(u, die, DW_AT_name),
		.dir = text_of(u, die, DW_AT_comp_dir),
		.rust = dwarf_srclang(die) == DW_LANG_Rust,
		.info_size = size,
		.lines = line_table(die)};
	hone_vec_push(&u->units, unit);
	while (*budget > 0 && (at = dwarf_ranges(die, at, &base, &low, &high)) > 0) {
		(*budget)--;
		/* Linkers give code that they dropped the address 0, 1 or -1. */
		if (low > 1 && low < high)
			hone_vec_push(&u->ranges, (struct hone_unit_range){low, high, index});
	}
}

static void read_units(Dwarf *dw, uint64_t budget, struct hone_units *u)
{
	Dwarf_Off at = 0, next;
	size_t header;
	while (dwarf_nextcu(dw, at, &next, &header, NULL, NULL, NULL) == 0 && next > at) {
		Dwarf_Die die;
		if (dwarf_offdie(dw, at + header, &die) && dwarf_tag(&die) == DW_TAG_compile_unit)
			add_unit(u, &die, next - at, &budget);
		at = next;
	}
}

void hone_units_read(const struct hone_elf *e, struct hone_units *ret_units)
{
	struct hone_units u = HONE_UNITS_INIT;
	char *copy = NULL;
	Elf *elf = NULL;
	*ret_units = u;
	if (!has_dwarf(e))
		return;
	(void)elf_version(EV_CURRENT);
	if (e->fd >= 0) {
		/* ELF_C_READ reads; it does not map the file. */
		elf = elf_begin(e->fd, ELF_C_READ, NULL);
	} else {
		copy = hone_xmalloc(e->mem.n + 1);
		memcpy(copy, e->mem.p, e->mem.n);
		elf = elf_memory(copy, e->mem.n);
	}
	Dwarf *dw = elf ? dwarf_begin_elf(elf, DWARF_C_READ, NULL) : NULL;
	if (dw)
		read_units(dw, e->file_size, &u);
	if (dw)
		(void)dwarf_end(dw);
	if (elf)
		(void)elf_end(elf);
	free(copy);
	if (u.ranges.n > 0)
		qsort(u.ranges.v, u.ranges.n, sizeof *u.ranges.v, by_low);
	*ret_units = u;
}

const struct hone_unit *hone_units_at(const struct hone_units *u, uint64_t addr)
{
	size_t lo = 0, hi = u->ranges.n;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (u->ranges.v[mid].low <= addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == 0 || addr >= u->ranges.v[lo - 1].high)
		return NULL;
	return &u->units.v[u->ranges.v[lo - 1].unit];
}

/* Linkers lay units and line tables out in the same order, so that units are sorted by table; where
 * they are not, a table stays without its folder. */
const char *hone_units_line_dir(const struct hone_units *u, uint64_t offset)
{
	size_t lo = 0, hi = u->units.n;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (u->units.v[mid].lines < offset)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < u->units.n && u->units.v[lo].lines == offset ? u->units.v[lo].dir : "";
}

void hone_units_release(struct hone_units *u)
{
	hone_arena_release(&u->arena);
	hone_vec_release(&u->units);
	hone_vec_release(&u->ranges);
}
