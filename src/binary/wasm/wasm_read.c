#include "wasm_read.h"

unsigned hone_wasm_u8(struct hone_wasm_cursor *c)
{
	if (c->bad || c->at >= c->v.n) {
		c->bad = true;
		return 0;
	}
	return (unsigned char)c->v.p[c->at++];
}

uint32_t hone_wasm_u32(struct hone_wasm_cursor *c)
{
	uint32_t x = 0;

	for (unsigned shift = 0; shift < 35; shift += 7) {
		unsigned b = hone_wasm_u8(c);

		if (shift == 28 && b > 0x0f)
			break;
		x |= (uint32_t)(b & 0x7f) << shift;
		if (!(b & 0x80))
			return c->bad ? 0 : x;
	}
	c->bad = true;
	return 0;
}

void hone_wasm_skip(struct hone_wasm_cursor *c, uint64_t n)
{
	if (c->bad || n > c->v.n - c->at)
		c->bad = true;
	else
		c->at += (size_t)n;
}

void hone_wasm_skip_leb(struct hone_wasm_cursor *c)
{
	for (unsigned i = 0; i < 10; i++)
		if (!(hone_wasm_u8(c) & 0x80))
			return;
	c->bad = true;
}

struct hone_view hone_wasm_name(struct hone_wasm_cursor *c)
{
	uint32_t n = hone_wasm_u32(c);
	size_t from = c->at;

	hone_wasm_skip(c, n);
	return c->bad ? (struct hone_view){0} : hone_view_sub(c->v, from, from + n);
}
