#include "elf_layout.h"

#include <elf.h>

struct list {
	HONE_VEC(struct hone_elf_piece) pieces;
	uint64_t file_size;
};

/* Adds a range, clipped to the file; empty ones are left out. */
static void add(
	struct list *l, uint64_t offset, uint64_t size, enum hone_piece_kind kind, size_t index)
{
	if (offset >= l->file_size || size == 0)
		return;
	if (size > l->file_size - offset)
		size = l->file_size - offset;
	hone_vec_push(&l->pieces, (struct hone_elf_piece){offset, size, kind, (uint32_t)index});
}

/* A section of the twin: where e has it, if e still does. */
static void add_by_address(
	struct list *l, const struct hone_elf *e, const struct hone_elf *names, size_t i)
{
	const struct hone_elf_sh *s = &names->sh[i];
	uint64_t offset, left;
	if (!(s->flags & SHF_ALLOC) || s->type == SHT_NOBITS ||
		!hone_elf_offset_of(e, s->addr, &offset, &left))
		return;
	add(l, offset, s->size < left ? s->size : left, HONE_PIECE_SECTION, i);
}

static int by_start(const void *a, const void *b)
{
	const struct hone_elf_piece *x = a, *y = b;
	if (x->offset != y->offset)
		return x->offset < y->offset ? -1 : 1;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return x->index < y->index ? -1 : x->index > y->index;
}

static bool is_zero(const struct hone_elf *e, uint64_t offset, uint64_t size)
{
	while (size > 0) {
		uint64_t n = size < 65536 ? size : 65536;
		hone_auto_object_data struct hone_object_data d = HONE_OBJECT_DATA_INIT;
		if (hone_object_load(&e->file, offset, n, &d, NULL) < 0)
			return false;
		for (size_t i = 0; i < d.v.n; i++)
			if (d.v.p[i])
				return false;
		offset += n;
		size -= n;
	}
	return true;
}

/* Which LOAD segment a gap's first byte is loaded by, or -1. */
static long segment_of(const struct hone_elf *e, uint64_t offset)
{
	for (size_t i = 0; i < e->n_ph; i++)
		if (e->ph[i].type == PT_LOAD && offset >= e->ph[i].offset &&
			offset - e->ph[i].offset < e->ph[i].filesz)
			return (long)i;
	return -1;
}

/* What lies between two pieces: up to the segment's end it is the segment's when the file has no
 * sections to tell more, else padding. */
static void add_gap(
	const struct hone_elf *e, bool has_sections, uint64_t from, uint64_t to, struct list *out)
{
	while (from < to) {
		uint64_t end = to;
		long seg = has_sections ? -1 : segment_of(e, from);
		if (seg >= 0) {
			uint64_t left = e->ph[seg].filesz - (from - e->ph[seg].offset);
			if (left < end - from)
				end = from + left;
			add(out, from, end - from, HONE_PIECE_SEGMENT, (size_t)seg);
		} else {
			for (size_t i = 0; !has_sections && i < e->n_ph; i++)
				if (e->ph[i].type == PT_LOAD && e->ph[i].offset > from &&
					e->ph[i].offset < end)
					end = e->ph[i].offset;
			bool tail =
				to == e->file_size && end == to && !is_zero(e, from, end - from);
			add(out, from, end - from, tail ? HONE_PIECE_APPENDED : HONE_PIECE_PADDING,
				0);
		}
		from = end;
	}
}

struct hone_elf_piece *hone_elf_layout_cut(
	const struct hone_elf *e, const struct hone_elf *names, size_t *ret_n)
{
	struct list in = {.file_size = e->file_size}, out = {.file_size = e->file_size};
	bool own = e->n_sh > 0, has_sections = own || names->n_sh > 0;
	add(&in, 0, hone_elf_ehdr_size(e), HONE_PIECE_EHDR, 0);
	add(&in, e->phoff, (uint64_t)e->n_ph * hone_elf_phdr_size(e), HONE_PIECE_PHDRS, 0);
	add(&in, e->shoff, (uint64_t)e->n_sh * hone_elf_shdr_size(e), HONE_PIECE_SHDRS, 0);
	for (size_t i = 1; own && i < e->n_sh; i++)
		add(&in, e->sh[i].offset, hone_elf_file_bytes(e, i), HONE_PIECE_SECTION, i);
	for (size_t i = 1; !own && i < names->n_sh; i++)
		add_by_address(&in, e, names, i);
	if (in.pieces.n > 0)
		qsort(in.pieces.v, in.pieces.n, sizeof *in.pieces.v, by_start);
	uint64_t at = 0;
	for (size_t i = 0; i < in.pieces.n; i++) {
		struct hone_elf_piece p = in.pieces.v[i];
		if (p.offset > at)
			add_gap(e, has_sections, at, p.offset, &out);
		uint64_t end = p.offset + p.size;
		if (end <= at)
			continue;
		if (p.offset < at)
			p.offset = at;
		add(&out, p.offset, end - p.offset, p.kind, p.index);
		at = end;
	}
	if (at < e->file_size)
		add_gap(e, has_sections, at, e->file_size, &out);
	hone_vec_release(&in.pieces);
	*ret_n = out.pieces.n;
	return out.pieces.v;
}
