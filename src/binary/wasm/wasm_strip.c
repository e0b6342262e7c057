#include "wasm_strip.h"

enum hone_wasm_use hone_wasm_use_of(struct hone_view name)
{
	static const struct {
		const char *name;
		enum hone_wasm_use use;
	} table[] = {{"name", HONE_WASM_NAMES}, {"component-name", HONE_WASM_NAMES},
		{"sourceMappingURL", HONE_WASM_DEBUG}, {"external_debug_info", HONE_WASM_DEBUG},
		{"linking", HONE_WASM_LINK}, {"producers", HONE_WASM_NOTES},
		{"target_features", HONE_WASM_NOTES}, {"build_id", HONE_WASM_NOTES}};

	for (size_t i = 0; i < HONE_COUNT(table); i++)
		if (hone_view_is(name, table[i].name))
			return table[i].use;
	if (hone_view_starts(name, ".debug_"))
		return HONE_WASM_DEBUG;
	return hone_view_starts(name, "reloc.") ? HONE_WASM_LINK : HONE_WASM_NEEDED;
}

struct strip {
	const struct hone_wasm *w;
	bool (*drops)(const void *ctx, const struct hone_wasm_section *s);
	const void *ctx;
	size_t at; /* the next section */
};

static void put_u32(struct hone_buf *b, uint32_t x)
{
	while (x >= 0x80) {
		hone_buf_addc(b, (char)(x | 0x80));
		x >>= 7;
	}
	hone_buf_addc(b, (char)x);
}

/* Writes a module; components in each other are as deep as the reader lets them be. */
static void put_module(struct strip *s, uint32_t module, struct hone_buf *to)
{
	const struct hone_wasm_module *m = &s->w->modules.v[module];
	size_t end = m->offset + m->size;

	hone_buf_addv(to, hone_view_sub(s->w->bytes, m->offset, m->offset + 8));
	while (s->at < s->w->sections.n && s->w->sections.v[s->at].offset < end) {
		const struct hone_wasm_section *section = &s->w->sections.v[s->at++];
		size_t past = section->offset + section->size;
		hone_auto_buf struct hone_buf inner = HONE_BUF_INIT;

		if (!section->inner) {
			if (section->id != HONE_WASM_CUSTOM || !s->drops(s->ctx, section))
				hone_buf_addv(
					to, hone_view_sub(s->w->bytes, section->offset, past));
			continue;
		}
		put_module(s, section->inner, &inner);
		hone_buf_addc(to, (char)section->id);
		/* Its length may have been written in more bytes than it needs. */
		if (inner.n == section->body.n)
			hone_buf_addv(to, hone_view_sub(s->w->bytes, section->offset + 1, past));
		else
			put_u32(to, (uint32_t)inner.n);
		hone_buf_addv(to, hone_buf_view(&inner));
	}
}

void hone_wasm_without(const struct hone_wasm *w,
	bool (*drops)(const void *ctx, const struct hone_wasm_section *s), const void *ctx,
	struct hone_buf *to)
{
	struct strip s = {.w = w, .drops = drops, .ctx = ctx};

	put_module(&s, 0, to);
}
