#include "elf_ops.h"
#include "eh_frame.h"
#include <elf.h>
#include <string.h>

/* Tables that are read whole; larger ones than this are not charged to anybody. */
#define TABLE_LIMIT ((uint64_t)1 << 30)

static void charge(uint32_t *to, uint64_t bytes)
{
	*to = bytes > UINT32_MAX - *to ? UINT32_MAX : *to + (uint32_t)bytes;
}

struct lsda {
	uint64_t addr;
	uint32_t span;
};

/* The span that holds addr, or SIZE_MAX. Tables are mostly sorted, so that it is looked for first where the
 * one before was found; *near is such a place, 0 at first. */
static size_t next_span(const struct hone_size *s, uint64_t addr, size_t *near)
{
	const struct hone_span *v = s->spans.v;
	size_t n = s->spans.n, i = *near;
	for (unsigned steps = 0; steps < 4 && i < n && v[i].addr <= addr; steps++, i++) {
		if (i + 1 < n && v[i + 1].addr <= addr)
			continue;
		*near = i; /* the last one that does not begin behind addr */
		return addr - v[i].addr < v[i].size ? i : SIZE_MAX;
	}
	i = hone_size_span_at(s, addr);
	if (i != SIZE_MAX)
		*near = i;
	return i;
}

struct unwind {
	struct hone_size *s;
	size_t near;
	HONE_VEC(struct lsda) lsdas;
};

static void on_fde(void *ctx, const struct hone_fde *fde)
{
	struct unwind *u = ctx;
	size_t i = next_span(u->s, fde->pc, &u->near);
	if (i == SIZE_MAX)
		return;
	charge(&u->s->spans.v[i].unwind, fde->size);
	if (fde->lsda)
		hone_vec_push(&u->lsdas, (struct lsda){fde->lsda, (uint32_t)i});
}

static int by_addr(const void *a, const void *b)
{
	const struct lsda *x = a, *y = b;
	if (x->addr != y->addr)
		return x->addr < y->addr ? -1 : 1;
	return x->span < y->span ? -1 : x->span > y->span;
}

/* A function's table in .gcc_except_table reaches to the next one. */
static void charge_lsdas(struct unwind *u, uint64_t from, uint64_t to)
{
	for (size_t i = 0; i < u->lsdas.n; i++) {
		uint64_t start = u->lsdas.v[i].addr;
		uint64_t end = i + 1 < u->lsdas.n ? u->lsdas.v[i + 1].addr : to;
		if (start < from || start >= to)
			continue;
		charge(&u->s->spans.v[u->lsdas.v[i].span].unwind, (end < to ? end : to) - start);
	}
}

static bool load_place(
	const struct hone_size *s, const struct hone_place *p, struct hone_object_data *ret)
{
	return p->in_file && p->size <= TABLE_LIMIT &&
	       hone_object_load(&s->file, p->offset, p->size, ret, NULL) == 0;
}

static const char *place_name(const struct hone_size *s, const struct hone_place *p)
{
	return hone_elf_section_name(hone_elf_names_of(s), p->section);
}

static void charge_unwind(struct hone_size *s)
{
	struct unwind u = {.s = s};
	for (size_t i = 0; i < s->places.n; i++) {
		const struct hone_place *p = &s->places.v[i];
		hone_auto_object_data struct hone_object_data d = HONE_OBJECT_DATA_INIT;
		if (strcmp(place_name(s, p), ".eh_frame") == 0 && load_place(s, p, &d))
			hone_eh_frame_read(hone_elf_of(s), d.v, p->addr, on_fde, &u);
	}
	if (u.lsdas.n > 0)
		qsort(u.lsdas.v, u.lsdas.n, sizeof *u.lsdas.v, by_addr);
	for (size_t i = 0; i < s->places.n; i++) {
		const struct hone_place *p = &s->places.v[i];
		if (strcmp(place_name(s, p), ".gcc_except_table") == 0)
			charge_lsdas(&u, p->addr, p->addr + p->size);
	}
	hone_vec_release(&u.lsdas);
}

/* A relocation is there because of the object that holds the address; where that has no symbol, as
 * in vtables, because of what the address points to. */
static void charge_relocs_in(struct hone_size *s, const struct hone_place *p, bool rela)
{
	const struct hone_elf *e = hone_elf_of(s);
	size_t w = e->is64 ? 8 : 4, size = rela ? 3 * w : 2 * w;
	hone_auto_object_data struct hone_object_data d = HONE_OBJECT_DATA_INIT;
	size_t near = 0, near_target = 0;
	if (!load_place(s, p, &d))
		return;
	for (size_t at = 0; d.v.n - at >= size; at += size) {
		size_t i = next_span(s, hone_elf_word(e, d.v.p + at), &near);
		if (i == SIZE_MAX && rela)
			i = next_span(s, hone_elf_word(e, d.v.p + at + 2 * w), &near_target);
		if (i != SIZE_MAX)
			charge(&s->spans.v[i].relocs, size);
	}
}

void hone_elf_charge(struct hone_size *s)
{
	const struct hone_elf *e = hone_elf_names_of(s);
	if (s->spans.n == 0)
		return;
	charge_unwind(s);
	for (size_t i = 0; i < s->places.n; i++) {
		const struct hone_place *p = &s->places.v[i];
		uint32_t type = e->sh[p->section].type;
		if (type == SHT_RELA || type == SHT_REL)
			charge_relocs_in(s, p, type == SHT_RELA);
	}
}
