#include "dwarf_read.h"

#include <string.h>

const char *hone_cursor_bytes(struct hone_cursor *c, size_t n)
{
	static const char zeros[16];

	if (c->bad || c->v.n - c->at < n) {
		c->bad = true;
		return zeros;
	}
	c->at += n;
	return c->v.p + c->at - n;
}

void hone_cursor_skip(struct hone_cursor *c, uint64_t n)
{
	if (c->bad || n > c->v.n - c->at)
		c->bad = true;
	else
		c->at += (size_t)n;
}

unsigned hone_cursor_u8(struct hone_cursor *c)
{
	return (unsigned char)*hone_cursor_bytes(c, 1);
}

uint64_t hone_cursor_sized(struct hone_cursor *c, size_t n)
{
	const unsigned char *p;

	switch (n) {
	case 1:
		return hone_cursor_u8(c);
	case 2:
		return hone_elf_u16(c->e, hone_cursor_bytes(c, 2));
	case 3:
		p = (const unsigned char *)hone_cursor_bytes(c, 3);
		return c->e->big ? (uint64_t)p[0] << 16 | (uint64_t)p[1] << 8 | p[2]
				 : (uint64_t)p[2] << 16 | (uint64_t)p[1] << 8 | p[0];
	case 4:
		return hone_elf_u32(c->e, hone_cursor_bytes(c, 4));
	case 8:
		return hone_elf_u64(c->e, hone_cursor_bytes(c, 8));
	default:
		c->bad = true;
		return 0;
	}
}

static uint64_t leb(struct hone_cursor *c, bool is_signed)
{
	uint64_t x = 0;
	unsigned shift = 0, b;

	do {
		b = hone_cursor_u8(c);
		if (shift < 64)
			x |= (uint64_t)(b & 0x7f) << shift;
		shift += 7;
	} while (b & 0x80 && !c->bad);
	if (is_signed && shift < 64 && b & 0x40)
		x |= UINT64_MAX << shift;
	return x;
}

uint64_t hone_cursor_uleb(struct hone_cursor *c)
{
	return leb(c, false);
}

int64_t hone_cursor_sleb(struct hone_cursor *c)
{
	return (int64_t)leb(c, true);
}

const char *hone_cursor_string(struct hone_cursor *c)
{
	const char *end = c->bad ? NULL : memchr(c->v.p + c->at, 0, c->v.n - c->at);

	if (!end) {
		c->bad = true;
		return "";
	}
	return hone_cursor_bytes(c, (size_t)(end - (c->v.p + c->at)) + 1);
}
