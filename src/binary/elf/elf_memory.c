#include "elf_ops.h"
#include <elf.h>
#include <string.h>

static bool is_ram(const struct hone_elf_ph *h)
{
	return h->flags & PF_W || h->paddr != h->vaddr;
}

static void totals(const struct hone_elf *e, uint64_t *ret_flash, uint64_t *ret_ram)
{
	*ret_flash = *ret_ram = 0;
	for (size_t i = 0; i < e->n_ph; i++) {
		const struct hone_elf_ph *h = &e->ph[i];
		if (h->type != PT_LOAD)
			continue;
		*ret_flash += h->filesz;
		*ret_ram += is_ram(h) ? h->memsz : 0;
	}
}

int hone_elf_memory_totals(const struct hone_object_file *f, uint64_t *ret_flash, uint64_t *ret_ram,
	struct hone_err *err)
{
	hone_auto_elf struct hone_elf e = HONE_ELF_INIT;
	int error = hone_elf_read(f, &e, err);

	if (!error)
		totals(&e, ret_flash, ret_ram);
	return error;
}

/* The LOAD segment that an address is in, or NULL: sections that nobody loads, such as .uninit. */
static const struct hone_elf_ph *segment_of(const struct hone_elf *e, uint64_t addr)
{
	for (size_t i = 0; i < e->n_ph; i++) {
		const struct hone_elf_ph *h = &e->ph[i];
		if (h->type == PT_LOAD && addr >= h->vaddr && addr - h->vaddr < h->memsz)
			return h;
	}
	return NULL;
}

/* What of size bytes of a place is in flash and in RAM. */
static void split(const struct hone_size *s, const struct hone_place *p, uint64_t size,
	uint64_t *ret_flash, uint64_t *ret_ram)
{
	const struct hone_elf_ph *h = segment_of(hone_elf_of(s), p->addr);
	const struct hone_elf_sh *sh = &hone_elf_names_of(s)->sh[p->section];
	bool ram = h ? is_ram(h) : (sh->flags & SHF_WRITE) != 0;
	*ret_flash = p->in_file && h ? size : 0;
	*ret_ram = ram ? size : 0;
}

/* In these rows size is flash and code is RAM. */
static void add(struct hone_size_row *r, uint64_t flash, uint64_t ram)
{
	r->size += flash;
	r->code += ram;
}

static void add_place(const struct hone_size *s, struct hone_size_rows *rows,
	const struct hone_place *p, uint64_t size, bool brackets)
{
	const struct hone_elf *e = hone_elf_names_of(s);
	const char *name = hone_elf_section_name(e, p->section);
	uint64_t flash, ram;
	split(s, p, size, &flash, &ram);
	if (flash == 0 && ram == 0)
		return;
	hone_auto_free char *text = brackets ? hone_xasprintf("[%s]", name) : hone_xstrdup(name);
	add(hone_size_rows_get(rows, hone_view_of(text), hone_elf_kind_of_section(e, p->section)),
		flash, ram);
}

/* Spans and places are both sorted by address, so one walk tells the place of each span. */
static void add_spans(const struct hone_size *s, struct hone_size_rows *rows, enum hone_size_by by)
{
	size_t at = 0;
	for (size_t i = 0; i < s->spans.n; i++) {
		const struct hone_span *span = &s->spans.v[i];
		while (at < s->places.n &&
			span->addr - s->places.v[at].addr >= s->places.v[at].size)
			at++;
		if (at == s->places.n)
			return;
		uint64_t flash, ram;
		split(s, &s->places.v[at], span->size, &flash, &ram);
		if (flash > 0 || ram > 0)
			add(hone_size_span_row(s, rows, span, by, false), flash, ram);
	}
}

static void use(struct hone_memory *m, uint64_t addr, uint64_t size)
{
	for (size_t i = 0; i < m->n_regions; i++) {
		struct hone_memory_region *r = &m->regions[i];
		if (addr >= r->origin && addr - r->origin < r->length) {
			r->used += size;
			return;
		}
	}
}

/* A section takes memory where it runs and, when that is another place, where it is stored. */
static void use_regions(
	const struct hone_size *s, const struct hone_regions *regions, struct hone_memory *m)
{
	m->n_regions = regions->n;
	m->regions = hone_xcalloc(regions->n + 1, sizeof *m->regions);
	for (size_t i = 0; i < regions->n; i++)
		m->regions[i] =
			(struct hone_memory_region){.name = hone_xstrdup(regions->v[i].name),
				.origin = regions->v[i].origin,
				.length = regions->v[i].length};
	for (size_t i = 0; i < s->places.n; i++) {
		const struct hone_place *p = &s->places.v[i];
		const struct hone_elf_ph *h = segment_of(hone_elf_of(s), p->addr);
		use(m, p->addr, p->size);
		if (h && p->in_file && h->paddr != h->vaddr)
			use(m, h->paddr + (p->addr - h->vaddr), p->size);
	}
}

static int by_use(const void *a, const void *b)
{
	const struct hone_memory_row *x = a, *y = b;
	if (x->flash != y->flash)
		return x->flash > y->flash ? -1 : 1;
	if (x->ram != y->ram)
		return x->ram > y->ram ? -1 : 1;
	return strcmp(x->name, y->name);
}

static void take_rows(struct hone_size_rows *rows, struct hone_memory *m)
{
	m->rows = hone_xcalloc(rows->n + 1, sizeof *m->rows);
	m->n = rows->n;
	for (size_t i = 0; i < rows->n; i++) {
		struct hone_size_row *r = &rows->v[i];
		m->flash += r->size;
		m->ram += r->code;
		m->rows[i] = (struct hone_memory_row){.name = HONE_TAKE(r->name),
			.kind = r->kind,
			.flash = r->size,
			.ram = r->code};
	}
	if (m->n > 0)
		qsort(m->rows, m->n, sizeof *m->rows, by_use);
}

int hone_elf_memory(struct hone_size *s, enum hone_size_by by, const struct hone_regions *regions,
	struct hone_memory *ret_memory, struct hone_err *err)
{
	struct hone_memory m = HONE_MEMORY_INIT;
	struct hone_size_rows rows = {0};
	uint64_t flash, ram, in_flash = 0, in_ram = 0;
	if (hone_elf_of(s)->type == ET_REL)
		return hone_err_set(err, HONE_E_UNSUPPORTED,
			"%s: is an object file: it has no addresses yet", s->path);
	if (by != HONE_SIZE_BY_SECTION)
		add_spans(s, &rows, by);
	for (size_t i = 0; i < s->places.n; i++) {
		const struct hone_place *p = &s->places.v[i];
		bool sections = by == HONE_SIZE_BY_SECTION;
		add_place(s, &rows, p, sections ? p->size : p->size - p->covered, !sections);
	}
	for (size_t i = 0; i < rows.n; i++) {
		in_flash += rows.v[i].size;
		in_ram += rows.v[i].code;
	}
	/* Segments also load the headers before the first section and the gaps between sections. */
	totals(hone_elf_of(s), &flash, &ram);
	if (flash > in_flash || ram > in_ram)
		add(hone_size_rows_get(
			    &rows, HONE_VIEW("[headers and padding]"), HONE_SIZE_PADDING),
			flash > in_flash ? flash - in_flash : 0, ram > in_ram ? ram - in_ram : 0);
	take_rows(&rows, &m);
	hone_size_rows_release(&rows);
	if (regions)
		use_regions(s, regions, &m);
	*ret_memory = m;
	return 0;
}
