#include "eh_frame.h"

#include "dwarf_read.h"

#include <string.h>

/* How pointers are written: DW_EH_PE_* of the LSB. */
enum {
	PE_OMIT = 0xff,
	PE_FORM = 0x0f,
	PE_ABS = 0x00,
	PE_ULEB = 0x01,
	PE_UDATA2 = 0x02,
	PE_UDATA4 = 0x03,
	PE_UDATA8 = 0x04,
	PE_SLEB = 0x09,
	PE_SDATA2 = 0x0a,
	PE_SDATA4 = 0x0b,
	PE_SDATA8 = 0x0c,
	PE_RELATIVE = 0x70,
	PE_PCREL = 0x10,
	PE_INDIRECT = 0x80,
};

/* Bytes of the section, up to the end of a record. */
struct place {
	struct hone_cursor c;
	uint64_t addr; /* of the section */
};

static uint64_t pointer(struct place *place, unsigned encoding)
{
	struct hone_cursor *c = &place->c;
	uint64_t here = place->addr + c->at, x = 0;

	if (encoding == PE_OMIT)
		return 0;
	switch (encoding & PE_FORM) {
	case PE_ABS:
		x = hone_elf_word(c->e, hone_cursor_bytes(c, c->e->is64 ? 8 : 4));
		break;
	case PE_ULEB:
		x = hone_cursor_uleb(c);
		break;
	case PE_SLEB:
		x = (uint64_t)hone_cursor_sleb(c);
		break;
	case PE_UDATA2:
		x = hone_elf_u16(c->e, hone_cursor_bytes(c, 2));
		break;
	case PE_SDATA2:
		x = (uint64_t)(int16_t)hone_elf_u16(c->e, hone_cursor_bytes(c, 2));
		break;
	case PE_UDATA4:
		x = hone_elf_u32(c->e, hone_cursor_bytes(c, 4));
		break;
	case PE_SDATA4:
		x = (uint64_t)(int32_t)hone_elf_u32(c->e, hone_cursor_bytes(c, 4));
		break;
	case PE_UDATA8:
	case PE_SDATA8:
		x = hone_elf_u64(c->e, hone_cursor_bytes(c, 8));
		break;
	default:
		c->bad = true;
	}
	if (x == 0 || encoding & PE_INDIRECT)
		return 0;
	if ((encoding & PE_RELATIVE) == PE_PCREL)
		x += here;
	else if (encoding & PE_RELATIVE)
		return 0;
	return c->e->is64 ? x : (uint32_t)x;
}

struct cie {
	unsigned fde_encoding, lsda_encoding;
	bool augmented; /* FDEs have an augmentation length */
};

static struct cie read_cie(struct place *place)
{
	struct hone_cursor *c = &place->c;
	struct cie cie = {PE_ABS, PE_OMIT, false};
	unsigned version = hone_cursor_u8(c);
	const char *augmentation = c->v.p + c->at;
	while (!c->bad && *hone_cursor_bytes(c, 1))
		;
	if (c->bad)
		return cie;
	if (version == 4)
		hone_cursor_bytes(c, 2); /* address and segment size */
	hone_cursor_uleb(c);
	hone_cursor_sleb(c);
	if (version == 1)
		hone_cursor_bytes(c, 1);
	else
		hone_cursor_uleb(c);
	if (augmentation[0] != 'z')
		return cie;
	cie.augmented = true;
	hone_cursor_uleb(c);
	for (const char *a = augmentation + 1; *a && !c->bad; a++) {
		if (*a == 'R')
			cie.fde_encoding = hone_cursor_u8(c);
		else if (*a == 'L')
			cie.lsda_encoding = hone_cursor_u8(c);
		else if (*a == 'P')
			(void)pointer(place, hone_cursor_u8(c));
	}
	return cie;
}

static struct hone_fde read_fde(struct place *place, const struct cie *cie)
{
	struct hone_cursor *c = &place->c;
	struct hone_fde fde = {0};
	fde.pc = pointer(place, cie->fde_encoding);
	(void)pointer(place, cie->fde_encoding & PE_FORM); /* length of the function */
	if (cie->augmented && hone_cursor_uleb(c) > 0)
		fde.lsda = pointer(place, cie->lsda_encoding);
	return fde;
}

static struct place place_of(
	const struct hone_elf *e, struct hone_view section, uint64_t addr, size_t from, size_t to)
{
	return (struct place){{e, hone_view_sub(section, 0, to), from, false}, addr};
}

void hone_eh_frame_read(const struct hone_elf *e, struct hone_view section, uint64_t addr,
	void (*fn)(void *ctx, const struct hone_fde *fde), void *ctx)
{
	struct cie cie = {0};
	size_t cie_at = SIZE_MAX; /* where cie was read; neighbours mostly share one */
	for (size_t at = 0; section.n - at >= 8;) {
		uint32_t length = hone_elf_u32(e, section.p + at);
		/* 0 ends the table of one object; linkers may leave it in the middle. */
		if (length == 0) {
			at += 4;
			continue;
		}
		/* The 64-bit form (length 0xffffffff) is refused too: no linker writes it here. */
		if (length < 4 || length > section.n - at - 4)
			return;
		struct place place = place_of(e, section, addr, at + 8, at + 4 + length);
		uint32_t id = hone_elf_u32(e, section.p + at + 4);
		if (id != 0 && id <= at + 4) {
			size_t to = at + 4 - id;
			if (to != cie_at && section.n - to >= 8) {
				uint32_t n = hone_elf_u32(e, section.p + to);
				if (n < 4 || n > section.n - to - 4)
					return;
				struct place at_cie =
					place_of(e, section, addr, to + 8, to + 4 + n);
				cie = read_cie(&at_cie);
				cie_at = to;
			}
			struct hone_fde fde = read_fde(&place, &cie);
			fde.size = length + 4;
			fn(ctx, &fde);
		}
		at += 4 + (size_t)length;
	}
}
