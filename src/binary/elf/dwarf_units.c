#include "dwarf_units.h"

#include "dwarf_const.h"
#include "dwarf_head.h"
#include "elf_inflate.h"

#include <string.h>

/* The sections are held in memory: no more than that. */
#define DEBUG_LIMIT ((uint64_t)3 << 30)

static const char *const part_names[HONE_DW_PARTS] = {
	"info", "abbrev", "str", "line_str", "str_offsets", "addr", "ranges", "rnglists"};

/* The element of a table at base; 0 when there is none. */
static uint64_t element(const struct hone_dwarf_head *h, enum hone_dwarf_part part, uint64_t base,
	uint64_t index, unsigned size)
{
	struct hone_cursor c = {.e = h->p->e, .v = h->p->v[part]};

	if (base > c.v.n || index > c.v.n / size)
		return 0;
	hone_cursor_skip(&c, base);
	hone_cursor_skip(&c, index * size);
	return hone_cursor_sized(&c, size);
}

static uint64_t address_at(const struct hone_dwarf_head *h, uint64_t index)
{
	return element(h, HONE_DW_IN_ADDR, h->addr_base, index, h->address_size);
}

/* Kept text counts as steps, too: units could all name one long text. */
static const char *text_of(
	struct hone_units *u, const struct hone_dwarf_head *h, const struct hone_dwarf_value *v)
{
	const char *s = "";
	size_t n;

	if (v->kind == HONE_DW_TEXT)
		s = v->text;
	else if (v->kind == HONE_DW_INDEX)
		s = hone_object_string(h->p->v[HONE_DW_IN_STR],
			element(h, HONE_DW_IN_STR_OFFSETS, h->str_base, v->x, h->dwarf64 ? 8 : 4));
	n = strlen(s);
	if (n == 0 || n > h->p->budget)
		return "";
	h->p->budget -= n;
	return hone_arena_strdup(&u->arena, s);
}

static void add_range(struct hone_units *u, uint64_t low, uint64_t high)
{
	/* Linkers give code that they dropped the address 0, 1 or -1. */
	if (low > 1 && low < high)
		hone_vec_push(
			&u->ranges, (struct hone_unit_range){low, high, (uint32_t)u->units.n - 1});
}

/* .debug_ranges: DWARF 4, section 2.17.3. */
static void add_old_ranges(struct hone_units *u, struct hone_dwarf_head *h, uint64_t base)
{
	struct hone_cursor c = {.e = h->p->e, .v = h->p->v[HONE_DW_IN_RANGES]};
	uint64_t none = h->address_size == 4 ? UINT32_MAX : UINT64_MAX, low, high;

	hone_cursor_skip(&c, h->ranges.x);
	while (!c.bad && h->p->budget > 0) {
		low = hone_cursor_sized(&c, h->address_size);
		high = hone_cursor_sized(&c, h->address_size);
		if (c.bad || (low == 0 && high == 0))
			break;
		h->p->budget--;
		if (low == none)
			base = high;
		else
			add_range(u, base + low, base + high);
	}
}

/* One entry of .debug_rnglists: DWARF 5, section 2.17.3. False for the last. */
static bool add_list_entry(struct hone_units *u, const struct hone_dwarf_head *h,
	struct hone_cursor *c, uint64_t *base)
{
	unsigned kind = hone_cursor_u8(c);
	uint64_t low = 0, high = 0;

	switch (kind) {
	case DW_RLE_base_addressx:
		*base = address_at(h, hone_cursor_uleb(c));
		return true;
	case DW_RLE_base_address:
		*base = hone_cursor_sized(c, h->address_size);
		return true;
	case DW_RLE_startx_endx:
		low = address_at(h, hone_cursor_uleb(c));
		high = address_at(h, hone_cursor_uleb(c));
		break;
	case DW_RLE_startx_length:
		low = address_at(h, hone_cursor_uleb(c));
		high = low + hone_cursor_uleb(c);
		break;
	case DW_RLE_offset_pair:
		low = *base + hone_cursor_uleb(c);
		high = *base + hone_cursor_uleb(c);
		break;
	case DW_RLE_start_end:
		low = hone_cursor_sized(c, h->address_size);
		high = hone_cursor_sized(c, h->address_size);
		break;
	case DW_RLE_start_length:
		low = hone_cursor_sized(c, h->address_size);
		high = low + hone_cursor_uleb(c);
		break;
	default: /* the end, or what no version so far has */
		return false;
	}
	if (!c->bad)
		add_range(u, low, high);
	return true;
}

static void add_new_ranges(struct hone_units *u, struct hone_dwarf_head *h, uint64_t base)
{
	struct hone_cursor c = {.e = h->p->e, .v = h->p->v[HONE_DW_IN_RNGLISTS]};
	uint64_t at = h->ranges.x;

	if (h->ranges.kind == HONE_DW_INDEX)
		at = h->rng_base +
		     element(h, HONE_DW_IN_RNGLISTS, h->rng_base, at, h->dwarf64 ? 8 : 4);
	hone_cursor_skip(&c, at);
	while (!c.bad && h->p->budget > 0 && add_list_entry(u, h, &c, &base))
		h->p->budget--;
}

static void add_unit(struct hone_units *u, struct hone_dwarf_head *h, uint64_t size)
{
	struct hone_unit unit = {.name = text_of(u, h, &h->name),
		.dir = text_of(u, h, &h->dir),
		.rust = h->language.kind == HONE_DW_NUMBER && h->language.x == DW_LANG_Rust,
		.info_size = size,
		.lines = h->lines.kind == HONE_DW_NUMBER ? h->lines.x : UINT64_MAX};
	uint64_t low = h->low.kind == HONE_DW_INDEX ? address_at(h, h->low.x) : h->low.x;

	hone_vec_push(&u->units, unit);
	if (h->high.kind == HONE_DW_ADDRESS)
		add_range(u, low, h->high.x);
	else if (h->high.kind == HONE_DW_INDEX)
		add_range(u, low, address_at(h, h->high.x));
	else if (h->high.kind == HONE_DW_NUMBER)
		add_range(u, low, low + h->high.x);
	else if (h->ranges.kind != HONE_DW_NONE && h->version < 5)
		add_old_ranges(u, h, low);
	else if (h->ranges.kind != HONE_DW_NONE)
		add_new_ranges(u, h, low);
}

static void read_units(struct hone_dwarf_parts *p, struct hone_units *u)
{
	struct hone_cursor c = {.e = p->e, .v = p->v[HONE_DW_IN_INFO]};

	while (!c.bad && c.v.n - c.at > 4) {
		/* The first header of each table stands before its base (DWARF 5, section 7.26 ff.). */
		struct hone_dwarf_head h = {.p = p, .str_base = 8, .addr_base = 8, .rng_base = 12};
		size_t start = c.at;
		uint64_t length = hone_cursor_sized(&c, 4);

		if (length == UINT32_MAX) {
			h.dwarf64 = true;
			length = hone_cursor_sized(&c, 8);
		}
		if (c.bad || length > c.v.n - c.at)
			return;
		h.c = (struct hone_cursor){.e = p->e, .v = {c.v.p + c.at, (size_t)length}};
		c.at += (size_t)length;
		if (hone_dwarf_head_read(&h))
			add_unit(u, &h, c.at - start);
	}
}

static uint64_t debug_bytes(const struct hone_elf *e)
{
	uint64_t total = 0;

	for (size_t i = 1; i < e->n_sh; i++)
		if (hone_starts(hone_elf_section_name(e, i), ".debug_"))
			total += hone_elf_file_bytes(e, i);
	return total;
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

void hone_units_read(const struct hone_elf *e, struct hone_units *ret_units)
{
	struct hone_units u = HONE_UNITS_INIT;
	struct hone_object_data data[HONE_DW_PARTS] = {{{NULL, 0}, NULL}};
	struct hone_dwarf_parts p = {.e = e, .budget = e->file_size};

	*ret_units = u;
	if (!hone_elf_find_section(e, ".debug_info") || debug_bytes(e) > DEBUG_LIMIT)
		return;
	for (size_t i = 0; i < HONE_DW_PARTS; i++) {
		(void)hone_elf_load_debug(e, part_names[i], &data[i], NULL);
		p.v[i] = data[i].v;
	}
	read_units(&p, &u);
	for (size_t i = 0; i < HONE_DW_PARTS; i++)
		hone_object_data_release(&data[i]);
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
