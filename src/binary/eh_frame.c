#include "eh_frame.h"

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

struct cursor {
	const struct hone_elf *e;
	struct hone_view v;
	uint64_t addr; /* of v.p[0] */
	size_t at, end;
	bool bad;
};

static const char *bytes(struct cursor *c, size_t n)
{
	static const char zeros[8];
	if (c->bad || c->end - c->at < n) {
		c->bad = true;
		return zeros;
	}
	c->at += n;
	return c->v.p + c->at - n;
}

static uint64_t leb(struct cursor *c, bool is_signed)
{
	uint64_t x = 0;
	unsigned shift = 0, b;
	do {
		b = (unsigned char)*bytes(c, 1);
		if (shift < 64)
			x |= (uint64_t)(b & 0x7f) << shift;
		shift += 7;
	} while (b & 0x80 && !c->bad);
	if (is_signed && shift < 64 && b & 0x40)
		x |= UINT64_MAX << shift;
	return x;
}

static uint64_t pointer(struct cursor *c, unsigned encoding)
{
	uint64_t here = c->addr + c->at, x = 0;
	if (encoding == PE_OMIT)
		return 0;
	switch (encoding & PE_FORM) {
	case PE_ABS:
		x = hone_elf_word(c->e, bytes(c, c->e->is64 ? 8 : 4));
		break;
	case PE_ULEB:
		x = leb(c, false);
		break;
	case PE_SLEB:
		x = leb(c, true);
		break;
	case PE_UDATA2:
		x = hone_elf_u16(c->e, bytes(c, 2));
		break;
	case PE_SDATA2:
		x = (uint64_t)(int16_t)hone_elf_u16(c->e, bytes(c, 2));
		break;
	case PE_UDATA4:
		x = hone_elf_u32(c->e, bytes(c, 4));
		break;
	case PE_SDATA4:
		x = (uint64_t)(int32_t)hone_elf_u32(c->e, bytes(c, 4));
		break;
	case PE_UDATA8:
	case PE_SDATA8:
		x = hone_elf_u64(c->e, bytes(c, 8));
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

static struct cie read_cie(struct cursor *c)
{
	struct cie cie = {PE_ABS, PE_OMIT, false};
	unsigned version = (unsigned char)*bytes(c, 1);
	const char *augmentation = c->v.p + c->at;
	while (!c->bad && *bytes(c, 1))
		;
	if (c->bad)
		return cie;
	if (version == 4)
		bytes(c, 2); /* address and segment size */
	leb(c, false);
	leb(c, true);
	if (version == 1)
		bytes(c, 1);
	else
		leb(c, false);
	if (augmentation[0] != 'z')
		return cie;
	cie.augmented = true;
	leb(c, false);
	for (const char *a = augmentation + 1; *a && !c->bad; a++) {
		if (*a == 'R')
			cie.fde_encoding = (unsigned char)*bytes(c, 1);
		else if (*a == 'L')
			cie.lsda_encoding = (unsigned char)*bytes(c, 1);
		else if (*a == 'P')
			(void)pointer(c, (unsigned char)*bytes(c, 1));
	}
	return cie;
}

static struct hone_fde read_fde(struct cursor *c, const struct cie *cie)
{
	struct hone_fde fde = {0};
	fde.pc = pointer(c, cie->fde_encoding);
	(void)pointer(c, cie->fde_encoding & PE_FORM); /* length of the function */
	if (cie->augmented && leb(c, false) > 0)
		fde.lsda = pointer(c, cie->lsda_encoding);
	return fde;
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
		struct cursor c = {e, section, addr, at + 8, at + 4 + length, false};
		uint32_t id = hone_elf_u32(e, section.p + at + 4);
		if (id != 0 && id <= at + 4) {
			size_t to = at + 4 - id;
			if (to != cie_at && section.n - to >= 8) {
				uint32_t n = hone_elf_u32(e, section.p + to);
				if (n < 4 || n > section.n - to - 4)
					return;
				struct cursor at_cie = {
					e, section, addr, to + 8, to + 4 + n, false};
				cie = read_cie(&at_cie);
				cie_at = to;
			}
			struct hone_fde fde = read_fde(&c, &cie);
			fde.size = length + 4;
			fn(ctx, &fde);
		}
		at += 4 + (size_t)length;
	}
}
