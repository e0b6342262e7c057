#include "dwarf_head.h"

#include "dwarf_const.h"

/* An offset into a section, of the unit's own width. */
static uint64_t dwarf_offset(const struct hone_dwarf_head *h, struct hone_cursor *c)
{
	return hone_cursor_sized(c, h->dwarf64 ? 8 : 4);
}

static struct hone_dwarf_value text_value(
	const struct hone_dwarf_head *h, enum hone_dwarf_part part, uint64_t at)
{
	return (struct hone_dwarf_value){
		.kind = HONE_DW_TEXT, .text = hone_object_string(h->p->v[part], at)};
}

/* Forms whose size says all: 0 for those that are none of them. */
static size_t fixed_size(const struct hone_dwarf_head *h, uint64_t form)
{
	switch (form) {
	case DW_FORM_data1:
	case DW_FORM_flag:
	case DW_FORM_ref1:
	case DW_FORM_strx1:
	case DW_FORM_addrx1:
		return 1;
	case DW_FORM_data2:
	case DW_FORM_ref2:
	case DW_FORM_strx2:
	case DW_FORM_addrx2:
		return 2;
	case DW_FORM_strx3:
	case DW_FORM_addrx3:
		return 3;
	case DW_FORM_data4:
	case DW_FORM_ref4:
	case DW_FORM_ref_sup4:
	case DW_FORM_strx4:
	case DW_FORM_addrx4:
		return 4;
	case DW_FORM_data8:
	case DW_FORM_ref8:
	case DW_FORM_ref_sig8:
	case DW_FORM_ref_sup8:
		return 8;
	case DW_FORM_addr:
		return h->address_size;
	case DW_FORM_ref_addr:
		return h->version <= 2 ? h->address_size : h->dwarf64 ? 8 : 4;
	case DW_FORM_sec_offset:
	case DW_FORM_strp_sup:
	case DW_FORM_GNU_ref_alt:
	case DW_FORM_GNU_strp_alt:
		return h->dwarf64 ? 8 : 4;
	default:
		return 0;
	}
}

static enum hone_dwarf_kind fixed_kind(uint64_t form)
{
	if (form == DW_FORM_addr)
		return HONE_DW_ADDRESS;
	return form >= DW_FORM_strx1 && form <= DW_FORM_addrx4 ? HONE_DW_INDEX : HONE_DW_NUMBER;
}

/* Blocks and what a unit's own attributes never are. */
static void skip_block(struct hone_cursor *c, uint64_t form)
{
	if (form == DW_FORM_block1)
		hone_cursor_skip(c, hone_cursor_u8(c));
	else if (form == DW_FORM_block2)
		hone_cursor_skip(c, hone_cursor_sized(c, 2));
	else if (form == DW_FORM_block4)
		hone_cursor_skip(c, hone_cursor_sized(c, 4));
	else if (form == DW_FORM_block || form == DW_FORM_exprloc)
		hone_cursor_skip(c, hone_cursor_uleb(c));
	else if (form == DW_FORM_data16)
		hone_cursor_skip(c, 16);
	else
		c->bad = true;
}

static struct hone_dwarf_value read_value(
	struct hone_dwarf_head *h, uint64_t form, int64_t implicit)
{
	struct hone_cursor *c = &h->c;
	size_t size;

	if (form == DW_FORM_indirect)
		form = hone_cursor_uleb(c);
	size = fixed_size(h, form);
	if (size > 0)
		return (struct hone_dwarf_value){
			.kind = fixed_kind(form), .x = hone_cursor_sized(c, size)};
	switch (form) {
	case DW_FORM_string:
		return (struct hone_dwarf_value){
			.kind = HONE_DW_TEXT, .text = hone_cursor_string(c)};
	case DW_FORM_strp:
		return text_value(h, HONE_DW_IN_STR, dwarf_offset(h, c));
	case DW_FORM_line_strp:
		return text_value(h, HONE_DW_IN_LINE_STR, dwarf_offset(h, c));
	case DW_FORM_strx:
	case DW_FORM_addrx:
	case DW_FORM_rnglistx:
	case DW_FORM_loclistx:
	case DW_FORM_GNU_addr_index:
	case DW_FORM_GNU_str_index:
		return (struct hone_dwarf_value){.kind = HONE_DW_INDEX, .x = hone_cursor_uleb(c)};
	case DW_FORM_udata:
	case DW_FORM_ref_udata:
		return (struct hone_dwarf_value){.kind = HONE_DW_NUMBER, .x = hone_cursor_uleb(c)};
	case DW_FORM_sdata:
		return (struct hone_dwarf_value){
			.kind = HONE_DW_NUMBER, .x = (uint64_t)hone_cursor_sleb(c)};
	case DW_FORM_implicit_const:
		return (struct hone_dwarf_value){.kind = HONE_DW_NUMBER, .x = (uint64_t)implicit};
	case DW_FORM_flag_present:
		return (struct hone_dwarf_value){.kind = HONE_DW_NUMBER, .x = 1};
	default:
		skip_block(c, form);
		return (struct hone_dwarf_value){.kind = HONE_DW_NONE};
	}
}

static void take_value(struct hone_dwarf_head *h, uint64_t attribute, struct hone_dwarf_value v)
{
	switch (attribute) {
	case DW_AT_name:
		h->name = v;
		break;
	case DW_AT_comp_dir:
		h->dir = v;
		break;
	case DW_AT_language:
		h->language = v;
		break;
	case DW_AT_stmt_list:
		h->lines = v;
		break;
	case DW_AT_low_pc:
		h->low = v;
		break;
	case DW_AT_high_pc:
		h->high = v;
		break;
	case DW_AT_ranges:
		h->ranges = v;
		break;
	case DW_AT_str_offsets_base:
		h->str_base = v.x;
		break;
	case DW_AT_addr_base:
		h->addr_base = v.x;
		break;
	case DW_AT_rnglists_base:
		h->rng_base = v.x;
		break;
	default:
		break;
	}
}

/* One attribute of an abbreviation; false for the pair of zeros that ends it. */
static bool next_attribute(
	struct hone_cursor *c, uint64_t *ret_name, uint64_t *ret_form, int64_t *ret_implicit)
{
	*ret_name = hone_cursor_uleb(c);
	*ret_form = hone_cursor_uleb(c);
	*ret_implicit = *ret_form == DW_FORM_implicit_const ? hone_cursor_sleb(c) : 0;
	return !c->bad && (*ret_name != 0 || *ret_form != 0);
}

/* Moves c to the attributes of the abbreviation of that code; gives its tag, or 0. */
static uint64_t find_abbrev(struct hone_dwarf_head *h, uint64_t code, struct hone_cursor *c)
{
	uint64_t found, tag, name, form;
	int64_t implicit;

	*c = (struct hone_cursor){.e = h->p->e, .v = h->p->v[HONE_DW_IN_ABBREV]};
	hone_cursor_skip(c, h->abbrev);
	while (!c->bad && (found = hone_cursor_uleb(c)) != 0) {
		tag = hone_cursor_uleb(c);
		hone_cursor_u8(c); /* has children */
		if (found == code)
			return c->bad ? 0 : tag;
		while (h->p->budget > 0 && next_attribute(c, &name, &form, &implicit))
			h->p->budget--;
		if (h->p->budget == 0)
			return 0;
		h->p->budget--;
	}
	return 0;
}

bool hone_dwarf_head_read(struct hone_dwarf_head *h)
{
	struct hone_cursor abbrev, *c = &h->c;
	uint64_t name, form;
	int64_t implicit;
	unsigned type = DW_UT_compile;

	h->version = (unsigned)hone_cursor_sized(c, 2);
	if (h->version < 2 || h->version > 5)
		return false;
	if (h->version == 5) {
		type = hone_cursor_u8(c);
		h->address_size = hone_cursor_u8(c);
		h->abbrev = dwarf_offset(h, c);
	} else {
		h->abbrev = dwarf_offset(h, c);
		h->address_size = hone_cursor_u8(c);
	}
	if (c->bad || type != DW_UT_compile || (h->address_size != 4 && h->address_size != 8) ||
		find_abbrev(h, hone_cursor_uleb(c), &abbrev) != DW_TAG_compile_unit)
		return false;
	while (!c->bad && next_attribute(&abbrev, &name, &form, &implicit))
		take_value(h, name, read_value(h, form, implicit));
	return !c->bad;
}
