#include "dwarf_units.h"
#include "elf_ops.h"
#include "sym_name.h"

#include <elf.h>
#include <string.h>

/* A gap between two functions up to this size aligns the second one. */
#define MAX_ALIGNMENT_GAP 64u

static int by_place(const void *a, const void *b)
{
	const struct hone_place *x = a, *y = b;
	if (x->addr != y->addr)
		return x->addr < y->addr ? -1 : 1;
	return x->section < y->section ? -1 : x->section > y->section;
}

/* The sections of an object file have no addresses yet: they get some, one behind the other. */
static uint64_t *section_addresses(const struct hone_elf *e)
{
	uint64_t *addr = hone_xcalloc(e->n_sh + 1, sizeof *addr), next = 4096;
	for (size_t i = 1; i < e->n_sh; i++) {
		addr[i] = e->sh[i].addr;
		if (e->type != ET_REL || !(e->sh[i].flags & SHF_ALLOC))
			continue;
		addr[i] = next;
		next += hone_elf_file_bytes(e, i);
	}
	return addr;
}

static void find_places(struct hone_size *s, const uint64_t *addr)
{
	const struct hone_elf *e = hone_elf_names_of(s);
	for (size_t i = 0; i < s->n_pieces; i++) {
		const struct hone_elf_piece *p = &hone_elf_model_of(s)->pieces[i];
		if (p->kind != HONE_PIECE_SECTION || !(e->sh[p->index].flags & SHF_ALLOC))
			continue;
		const struct hone_elf_sh *sh = &e->sh[p->index];
		/* Where the section begins in this file; clipped bytes at its start are skipped. */
		uint64_t start = sh->offset, left;
		if (e != hone_elf_of(s) &&
			!hone_elf_offset_of(hone_elf_of(s), sh->addr, &start, &left))
			continue;
		uint64_t at = addr[p->index] + (p->offset - start);
		if (p->size > UINT64_MAX - at)
			continue;
		hone_vec_push(&s->places, (struct hone_place){.addr = at,
						  .size = p->size,
						  .offset = p->offset,
						  .section = p->index,
						  .piece = (uint32_t)i,
						  .code = sh->flags & SHF_EXECINSTR,
						  .in_file = true});
	}
	/* Thread-local memory without bytes has no addresses of its own. */
	for (size_t i = 1; i < e->n_sh; i++) {
		const struct hone_elf_sh *sh = &e->sh[i];
		if (sh->type == SHT_NOBITS && sh->flags & SHF_ALLOC && !(sh->flags & SHF_TLS) &&
			e->type != ET_REL && sh->size > 0 && sh->size <= UINT64_MAX - sh->addr)
			hone_vec_push(&s->places, (struct hone_place){.addr = sh->addr,
							  .size = sh->size,
							  .section = (uint32_t)i});
	}
	if (s->places.n > 0)
		qsort(s->places.v, s->places.n, sizeof *s->places.v, by_place);
}

/* One symbol before overlaps are resolved. */
struct raw {
	uint64_t addr, size;
	uint32_t name;
	uint32_t file; /* owner that the file symbol before it told, + 1; 0: none */
	bool open;     /* code without a size: reaches to the next symbol */
	uint8_t rank;  /* of several symbols for the same bytes the lowest rank has them */
};

static int by_raw(const void *a, const void *b)
{
	const struct raw *x = a, *y = b;
	if (x->addr != y->addr)
		return x->addr < y->addr ? -1 : 1;
	if (x->open != y->open)
		return x->open ? 1 : -1;
	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	if (x->size != y->size)
		return x->size > y->size ? -1 : 1;
	return x->name < y->name ? -1 : x->name > y->name;
}

struct raws {
	HONE_VEC(struct raw) v;
};

/* Code written in assembly often has a label only: no type, no size. Labels inside of it are local, and
 * those of linker scripts at the end of a section are not in it. */
static bool is_label(const struct hone_elf *e, struct hone_elf_sym sym)
{
	const struct hone_elf_sh *sh = &e->sh[sym.shndx];
	return sym.type == STT_NOTYPE && sym.size == 0 && e->type != ET_REL &&
	       sh->flags & SHF_EXECINSTR && sym.value - sh->addr < sh->size &&
	       (sym.bind != STB_LOCAL || sym.value == e->entry);
}

static bool is_wanted(const struct hone_elf *e, struct hone_elf_sym sym, const char *name)
{
	if (sym.shndx == SHN_UNDEF || sym.shndx >= e->n_sh || !(e->sh[sym.shndx].flags & SHF_ALLOC))
		return false;
	if (e->sh[sym.shndx].type == SHT_NOBITS && (sym.type == STT_TLS || e->type == ET_REL))
		return false;
	/* $t, $d, $x: mapping symbols of ARM and RISC-V, which say what kind of bytes follow. */
	if (name[0] == '$')
		return false;
	bool sized = sym.size > 0 && sym.type <= STT_TLS && sym.type != STT_SECTION &&
		     sym.type != STT_FILE;
	return sized || sym.type == STT_FUNC || sym.type == STT_GNU_IFUNC || is_label(e, sym);
}

static void add_symbol(const struct hone_elf *e, const uint64_t *addr, struct hone_elf_sym sym,
	uint32_t file, const struct hone_elf_ph *tls, struct raws *out)
{
	struct raw r = {.addr = sym.value, .size = sym.size, .name = sym.name};
	bool is_func = sym.type == STT_FUNC || sym.type == STT_GNU_IFUNC;
	if (e->type == ET_REL)
		r.addr += addr[sym.shndx];
	else if (sym.type == STT_TLS && tls)
		r.addr += tls->vaddr;
	if (e->machine == EM_ARM && is_func)
		r.addr &= ~(uint64_t)1; /* the Thumb bit */
	r.open = sym.size == 0;
	r.rank = (uint8_t)((is_func || sym.type == STT_OBJECT || sym.type == STT_TLS ? 0 : 2) +
			   (sym.bind == STB_LOCAL));
	r.file = sym.bind == STB_LOCAL ? file : 0;
	hone_vec_push(&out->v, r);
}

static int read_symbols(
	struct hone_size *s, const uint64_t *addr, struct raws *out, struct hone_err *err)
{
	const struct hone_elf *e = hone_elf_model_of(s)->names;
	const struct hone_elf_ph *tls = hone_elf_find_ph(e, PT_TLS);
	hone_auto_object_data struct hone_object_data d = HONE_OBJECT_DATA_INIT;
	size_t size = hone_elf_sym_size(e);
	uint32_t file = 0;
	int rc;
	if (e->symtab == 0 || e->symstr == 0)
		return 0;
	if ((rc = hone_elf_load_section(e, e->symtab, &d, err)) < 0 ||
		(rc = hone_elf_load_section(e, e->symstr, &hone_elf_model_of(s)->strtab, err)) < 0)
		return rc;
	s->strtab = hone_elf_model_of(s)->strtab.v;
	for (size_t at = size; d.v.n >= size && at <= d.v.n - size; at += size) {
		struct hone_elf_sym sym = hone_elf_sym_at(e, d.v.p + at);
		if (sym.type == STT_FILE) {
			uint32_t owner;
			const char *name = hone_object_string(s->strtab, sym.name);
			file = hone_owner_of_file_symbol(&s->owners, name, &owner) ? owner + 1 : 0;
		} else if (is_wanted(e, sym, hone_object_string(s->strtab, sym.name))) {
			add_symbol(e, addr, sym, file, tls, out);
		}
	}
	if (out->v.n > 0)
		qsort(out->v.v, out->v.n, sizeof *out->v.v, by_raw);
	return 0;
}

/* Whose the bytes of a symbol are. */
static void find_owner(struct hone_size *s, const struct hone_units *units, const struct raw *r,
	struct hone_span *span)
{
	const char *name = hone_object_string(s->strtab, r->name);
	struct hone_sym_origin o = hone_sym_origin_of(name);
	const struct hone_unit *unit = NULL;
	if (o.crate.name.n > 0) {
		span->owner = hone_owner_crate(&s->owners, o.crate.name, o.crate.hash);
		span->instance = span->owner;
		if (o.instance.name.n > 0)
			span->instance =
				hone_owner_crate(&s->owners, o.instance.name, o.instance.hash);
		else if (o.scheme == HONE_SYM_LEGACY && (unit = hone_units_at(units, r->addr)))
			span->instance =
				hone_owner_unit(&s->owners, unit->name, unit->dir, unit->rust);
		else if (o.scheme == HONE_SYM_LEGACY && r->file)
			span->instance = r->file - 1;
		return;
	}
	uint32_t plain = hone_owner_plain(&s->owners, name, o.scheme == HONE_SYM_CXX);
	if (s->owners.v.v[plain].kind == HONE_SIZE_GLUE)
		span->owner = plain;
	else if ((unit = hone_units_at(units, r->addr)))
		span->owner = hone_owner_unit(&s->owners, unit->name, unit->dir, unit->rust);
	else
		span->owner = r->file ? r->file - 1 : plain;
	span->instance = span->owner;
}

/* What a symbol costs in the symbol table of the file itself. */
static uint32_t symbol_bytes(const struct hone_size *s, const struct raw *r)
{
	if (hone_elf_of(s)->symtab == 0)
		return 0;
	size_t n = hone_elf_sym_size(hone_elf_of(s)) +
		   strlen(hone_object_string(s->strtab, r->name)) + 1;
	return n < UINT32_MAX ? (uint32_t)n : UINT32_MAX;
}

static void charge_symbol(struct hone_span *span, uint32_t bytes)
{
	span->symbols = span->symbols > UINT32_MAX - bytes ? UINT32_MAX : span->symbols + bytes;
}

/* Where the code of a symbol without a size ends: where the next symbol begins. It has none of its own when
 * another symbol tells how long the code at its address is. */
static uint64_t open_end(const struct raws *raws, size_t at, uint64_t end)
{
	uint64_t addr = raws->v.v[at].addr;
	if (at > 0 && raws->v.v[at - 1].addr == addr)
		return addr;
	while (at < raws->v.n && raws->v.v[at].addr == addr)
		at++;
	return at < raws->v.n && raws->v.v[at].addr < end ? raws->v.v[at].addr : end;
}

/* Lays sorted symbols over sorted places; each byte goes to the first symbol that has it. */
static void make_spans(struct hone_size *s, const struct hone_units *units, const struct raws *raws)
{
	size_t at = 0;
	for (size_t i = 0; i < s->places.n; i++) {
		struct hone_place *p = &s->places.v[i];
		uint64_t end = p->addr + p->size, cur = p->addr;
		for (; at < raws->v.n && raws->v.v[at].addr < end; at++) {
			const struct raw *r = &raws->v.v[at];
			if (r->addr < p->addr)
				continue; /* in no place: clipped away or without bytes */
			uint64_t to = r->addr + (r->size < end - r->addr ? r->size : end - r->addr);
			if (r->open)
				to = open_end(raws, at, end);
			if (to <= cur) {
				/* Another name of bytes that already have one. */
				if (s->spans.n > 0)
					charge_symbol(
						&s->spans.v[s->spans.n - 1], symbol_bytes(s, r));
				continue;
			}
			uint64_t from = r->addr > cur ? r->addr : cur;
			if (from - cur < MAX_ALIGNMENT_GAP && cur > p->addr)
				p->gaps += from - cur;
			struct hone_span span = {.addr = from,
				.size = to - from,
				.name = r->name,
				.symbols = symbol_bytes(s, r),
				.code = p->code,
				.in_file = p->in_file};
			find_owner(s, units, r, &span);
			hone_vec_push(&s->spans, span);
			p->covered += to - from;
			cur = to;
		}
	}
}

static void charge_units(struct hone_size *s, const struct hone_units *units)
{
	/* Only when the file itself has the debug information. */
	if (hone_elf_model_of(s)->names != hone_elf_of(s))
		return;
	for (size_t i = 0; i < units->units.n; i++) {
		const struct hone_unit *u = &units->units.v[i];
		uint32_t owner = hone_owner_unit(&s->owners, u->name, u->dir, u->rust);
		s->owners.v.v[owner].debug += u->info_size;
	}
}

/* Sections are taken in portions, so that a large one needs no large memory; a path that lies
 * across two of them is found by the overlap. */
#define SCAN_BYTES ((uint64_t)1 << 20)
#define SCAN_OVERLAP 512u

static void scan_paths(struct hone_size *s)
{
	for (size_t i = 0; i < s->places.n; i++) {
		const struct hone_place *p = &s->places.v[i];
		const struct hone_elf *e = hone_elf_names_of(s);
		const char *name = hone_elf_section_name(e, p->section);
		if (!p->in_file)
			continue;
		if (!hone_starts(name, ".rodata") && !hone_starts(name, ".data.rel.ro") &&
			strcmp(name, ".text") != 0)
			continue;
		/* Bare-metal programs keep constants in .text; elsewhere it holds none. */
		if (p->code && (hone_elf_find_section(e, ".rodata") || p->size > SCAN_BYTES))
			continue;
		for (uint64_t at = 0; at < p->size; at += SCAN_BYTES) {
			uint64_t n = p->size - at;
			if (n > SCAN_BYTES + SCAN_OVERLAP)
				n = SCAN_BYTES + SCAN_OVERLAP;
			hone_auto_object_data struct hone_object_data d = HONE_OBJECT_DATA_INIT;
			if (hone_object_load(&s->file, p->offset + at, n, &d, NULL) == 0)
				hone_owners_scan(&s->owners, d.v);
		}
	}
}

int hone_elf_read_spans(struct hone_size *s, struct hone_err *err)
{
	hone_auto_free uint64_t *addr = section_addresses(hone_elf_names_of(s));
	hone_auto_free uint64_t *name_addr = section_addresses(hone_elf_model_of(s)->names);
	hone_auto_units struct hone_units units = HONE_UNITS_INIT;
	struct raws raws = {0};
	find_places(s, addr);
	int rc = read_symbols(s, name_addr, &raws, err);
	if (rc == 0) {
		hone_units_read(hone_elf_model_of(s)->names, &units);
		make_spans(s, &units, &raws);
		charge_units(s, &units);
		scan_paths(s);
	}
	hone_vec_release(&raws.v);
	return rc;
}
