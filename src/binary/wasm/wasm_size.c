/* The model of what each byte is for (size_model.h), of a WebAssembly file. An address is an offset in the code section,
 * as DWARF has it; each module has a range of its own, and its data lies above its code. */
#include "dwarf_line.h"
#include "elf_ops.h"
#include "sym_name.h"
#include "wasm_code.h"
#include "wasm_ops.h"
#include "wasm_strip.h"

#include <elf.h>
#include <string.h>

#define MODULE_BITS 34u
#define DATA_BASE ((uint64_t)1 << 33)

/* hone_size.of_format. */
struct model {
	struct hone_wasm_object file, twin;
	struct hone_object_file twin_file;
	struct hone_buf strtab;
	/* The module with debug information, as DWARF's readers see it; no sections: there is none. */
	struct hone_elf dwarf;
	struct hone_buf dwarf_names;
	uint32_t dwarf_module;
};

void hone_wasm_size_free(struct hone_size *s)
{
	struct model *m = s->of_format;

	if (!m)
		return;
	hone_wasm_object_release(&m->file);
	hone_wasm_object_release(&m->twin);
	hone_object_close(&m->twin_file);
	hone_buf_release(&m->strtab);
	hone_buf_release(&m->dwarf_names);
	free(m->dwarf.sh);
	free(m);
}

/* The same code, module for module? */
static int check_twin(const struct hone_wasm *w, const struct hone_wasm *t, struct hone_err *err)
{
	bool any = false;

	if (w->modules.n != t->modules.n)
		return hone_err_set(err, HONE_E_CONFLICT, "has another number of modules");
	for (uint32_t i = 0; i < w->modules.n; i++) {
		const struct hone_wasm_section *a = hone_wasm_find(w, i, HONE_WASM_CODE);
		const struct hone_wasm_section *b = hone_wasm_find(t, i, HONE_WASM_CODE);

		if ((a == NULL) != (b == NULL) || (a && !hone_view_eq(a->body, b->body)))
			return hone_err_set(err, HONE_E_CONFLICT,
				"is not the unstripped twin: its code has other bytes");
		any |= a != NULL;
	}
	return any ? 0 : hone_err_set(err, HONE_E_CONFLICT, "has no code to compare");
}

static int open_twin(struct model *m, const char *path, struct hone_err *err)
{
	int error = hone_object_open(path, &m->twin_file, err);

	if (error) {
		m->twin_file = (struct hone_object_file)HONE_OBJECT_FILE_INIT;
		return error;
	}
	error = hone_wasm_object_read(&m->twin_file, &m->twin, err);
	if (!error)
		error = check_twin(&m->file.wasm, &m->twin.wasm, err);
	return error ? hone_err_wrap(err, "%s", path) : 0;
}

static enum hone_size_kind kind_of(const struct hone_wasm_section *s)
{
	if (s->id != HONE_WASM_CUSTOM)
		return HONE_SIZE_SECTION;
	switch (hone_wasm_use_of(s->name)) {
	case HONE_WASM_DEBUG:
		return HONE_SIZE_DEBUG;
	case HONE_WASM_NAMES:
		return HONE_SIZE_SYMBOLS;
	case HONE_WASM_LINK:
		return HONE_SIZE_RELOCS;
	case HONE_WASM_NOTES:
		return HONE_SIZE_HEADERS;
	case HONE_WASM_NEEDED:
		break;
	}
	return HONE_SIZE_SECTION;
}

/* "code"; in a component, whose code it is, too: "main.wasm: code", "module 2: code". Lives as long as the model. */
static const char *section_name(struct hone_size *s, const struct hone_wasm_section *section)
{
	const struct hone_wasm *w = &((struct model *)s->of_format)->file.wasm;
	const struct hone_wasm_module *module = &w->modules.v[section->module];
	const char *kind = hone_wasm_section_name(w, section);
	struct hone_view name =
		section->id == HONE_WASM_CUSTOM ? section->name : hone_view_of(kind);

	if (section->module == 0)
		return hone_arena_dup(&s->owners.arena, name);
	if (module->name.n)
		return hone_arena_printf(&s->owners.arena, "%.*s: %.*s", (int)module->name.n,
			module->name.p, (int)name.n, name.p);
	return hone_arena_printf(&s->owners.arena, "%s %u: %.*s",
		module->is_component ? "component" : "module", section->module, (int)name.n,
		name.p);
}

static void make_pieces(struct hone_size *s)
{
	const struct hone_wasm *w = &((struct model *)s->of_format)->file.wasm;
	size_t section = 0;

	s->pieces = hone_xcalloc(w->sections.n + w->modules.n, sizeof(*s->pieces));
	for (size_t m = 0; m < w->modules.n; m++) {
		size_t next = m + 1 < w->modules.n ? w->modules.v[m + 1].offset : w->bytes.n;

		s->pieces[s->n_pieces++] = (struct hone_piece){w->modules.v[m].offset, 8,
			"[WebAssembly header]", HONE_SIZE_HEADERS, false, false};
		for (; section < w->sections.n && w->sections.v[section].offset < next; section++) {
			const struct hone_wasm_section *x = &w->sections.v[section];

			s->pieces[s->n_pieces++] = (struct hone_piece){x->offset, x->size,
				section_name(s, x), kind_of(x), true,
				x->id == HONE_WASM_CODE && !w->modules.v[x->module].is_component};
		}
	}
}

static uint32_t piece_at(const struct hone_size *s, size_t offset)
{
	size_t lo = 0, hi = s->n_pieces;

	while (lo + 1 < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (s->pieces[mid].offset <= offset)
			lo = mid;
		else
			hi = mid;
	}
	return (uint32_t)lo;
}

/* Adds a section that spans lie in; NULL when the module has none. */
static struct hone_place *add_place(
	struct hone_size *s, const struct hone_wasm_section *section, uint64_t base, bool code)
{
	const struct hone_wasm *w = &((struct model *)s->of_format)->file.wasm;

	if (!section)
		return NULL;
	hone_vec_push(&s->places, (struct hone_place){.addr = base,
					  .size = section->body.n,
					  .offset = (size_t)(section->body.p - w->bytes.p),
					  .section = section->id,
					  .piece = piece_at(s, section->offset),
					  .code = code,
					  .in_file = true});
	return &s->places.v[s->places.n - 1];
}

static uint32_t add_name(
	struct model *m, const char *before, struct hone_view name, const char *after)
{
	uint32_t at = (uint32_t)m->strtab.n;

	hone_buf_adds(&m->strtab, before);
	hone_buf_addv(&m->strtab, name);
	hone_buf_adds(&m->strtab, after);
	hone_buf_add(&m->strtab, "", 1);
	return at;
}

/* Whose the code of a function is: what its name says, else the unit of the debug information that has it. */
static void find_owner(struct hone_size *s, const struct hone_units *units, const char *name,
	struct hone_span *span)
{
	struct hone_sym_origin o = hone_sym_origin_of(name);
	/* The length before a body is in no unit. */
	const struct hone_unit *unit =
		units ? hone_units_at(units, span->addr + span->size - 1) : NULL;

	if (o.crate.name.n > 0) {
		span->owner = span->instance =
			hone_owner_crate(&s->owners, o.crate.name, o.crate.hash);
		if (o.instance.name.n > 0)
			span->instance =
				hone_owner_crate(&s->owners, o.instance.name, o.instance.hash);
		else if (o.scheme == HONE_SYM_LEGACY && unit)
			span->instance =
				hone_owner_unit(&s->owners, unit->name, unit->dir, unit->rust);
		return;
	}
	span->owner = hone_owner_plain(&s->owners, name, o.scheme == HONE_SYM_CXX);
	if (unit && s->owners.v.v[span->owner].kind != HONE_SIZE_GLUE)
		span->owner = hone_owner_unit(&s->owners, unit->name, unit->dir, unit->rust);
	span->instance = span->owner;
}

static void add_functions(struct hone_size *s, const struct hone_wasm_code *code,
	const struct hone_wasm_code *names, const struct hone_units *units, uint64_t base,
	const struct hone_wasm_section *section)
{
	struct model *m = s->of_format;
	struct hone_place *place = add_place(s, section, base, true);

	for (size_t i = 0; place && i < code->functions.n && i < names->functions.n; i++) {
		const struct hone_wasm_function *f = &code->functions.v[i];
		struct hone_span span = {.addr = base + (f->offset - place->offset),
			.size = f->size,
			.symbols = f->name_bytes,
			.code = true,
			.in_file = true};

		if (!names->functions.v[i].name.n)
			continue;
		span.name = add_name(m, "", names->functions.v[i].name, "");
		find_owner(s, units, m->strtab.p + span.name, &span);
		hone_vec_push(&s->spans, span);
		place->covered += span.size;
	}
}

/* Data is known by segment: ".rodata". */
static void add_data(struct hone_size *s, const struct hone_wasm_code *code,
	const struct hone_wasm_code *names, uint64_t base, const struct hone_wasm_section *section)
{
	struct model *m = s->of_format;
	struct hone_place *place = add_place(s, section, base, false);

	for (size_t i = 0; place && i < code->segments.n && i < names->segments.n; i++) {
		const struct hone_wasm_segment *d = &code->segments.v[i];
		struct hone_span span = {.addr = base + (d->offset - place->offset),
			.size = d->size,
			.in_file = true};

		if (!names->segments.v[i].name.n)
			continue;
		span.name = add_name(m, "[", names->segments.v[i].name, "]");
		span.owner = span.instance =
			hone_owner_named(&s->owners, m->strtab.p + span.name, HONE_SIZE_SECTION);
		hone_vec_push(&s->spans, span);
		place->covered += span.size;
	}
	if (section)
		hone_owners_scan(&s->owners, section->body);
}

static int read_module(struct hone_size *s, uint32_t module, uint64_t base,
	const struct hone_units *units, struct hone_err *err)
{
	struct model *m = s->of_format;
	const struct hone_wasm *w = &m->file.wasm;
	hone_auto_wasm_code struct hone_wasm_code code = HONE_WASM_CODE_INIT;
	hone_auto_wasm_code struct hone_wasm_code twin = HONE_WASM_CODE_INIT;
	const struct hone_wasm_code *names = &code;
	int error = hone_wasm_code_read(w, module, &code, err);

	if (!error && m->twin.wasm.modules.n && !code.has_names) {
		error = hone_wasm_code_read(&m->twin.wasm, module, &twin, err);
		names = &twin;
	}
	if (error)
		return error;
	s->has_symbols |= names->has_names;
	add_functions(s, &code, names, units, base, hone_wasm_find(w, module, HONE_WASM_CODE));
	add_data(s, &code, names, base + DATA_BASE, hone_wasm_find(w, module, HONE_WASM_DATA));
	return 0;
}

/* Lays the custom sections of the first module with debug information out as DWARF's readers want them. */
static void find_dwarf(struct hone_size *s, struct model *m)
{
	const struct hone_wasm *w = m->twin.wasm.modules.n ? &m->twin.wasm : &m->file.wasm;
	struct hone_elf *e = &m->dwarf;

	*e = (struct hone_elf){
		.file = m->twin.wasm.modules.n ? m->twin_file : s->file, .file_size = w->bytes.n};
	hone_buf_add(&m->dwarf_names, "", 1);
	for (size_t i = 0; i < w->sections.n; i++) {
		const struct hone_wasm_section *x = &w->sections.v[i];

		if (x->id != HONE_WASM_CUSTOM || !hone_view_starts(x->name, ".debug_") ||
			(e->n_sh && x->module != m->dwarf_module))
			continue;
		if (!e->sh) {
			e->sh = hone_xcalloc(w->sections.n + 1, sizeof(*e->sh));
			e->n_sh = 1; /* the null section */
			m->dwarf_module = x->module;
		}
		e->sh[e->n_sh++] = (struct hone_elf_sh){.name = (uint32_t)m->dwarf_names.n,
			.type = SHT_PROGBITS,
			.offset = (size_t)(x->body.p - w->bytes.p),
			.size = x->body.n};
		hone_buf_addv(&m->dwarf_names, x->name);
		hone_buf_add(&m->dwarf_names, "", 1);
	}
	e->shstr = hone_view_sub(hone_buf_view(&m->dwarf_names), 0, m->dwarf_names.n - 1);
}

static void charge_units(struct hone_size *s, const struct hone_units *units)
{
	for (size_t i = 0; i < units->units.n; i++) {
		const struct hone_unit *u = &units->units.v[i];
		uint32_t owner = hone_owner_unit(&s->owners, u->name, u->dir, u->rust);

		s->owners.v.v[owner].debug += u->info_size;
	}
}

int hone_wasm_size(struct hone_size *s, const struct hone_size_opts *opts, struct hone_err *err)
{
	struct model *m = HONE_NEW(struct model);
	hone_auto_units struct hone_units units = HONE_UNITS_INIT;
	const struct hone_wasm *w = &m->file.wasm;
	uint64_t base = 0;
	int error;

	s->of_format = m;
	m->twin_file = (struct hone_object_file)HONE_OBJECT_FILE_INIT;
	error = hone_wasm_object_read(&s->file, &m->file, err);
	if (error)
		return hone_err_wrap(err, "%s", s->path);
	if (opts->twin)
		error = open_twin(m, opts->twin, err);
	if (error)
		return error;
	make_pieces(s);
	if (s->headers_only)
		return 0;
	find_dwarf(s, m);
	if (m->dwarf.n_sh)
		hone_units_read(&m->dwarf, &units);
	if (!m->twin.wasm.modules.n)
		charge_units(s, &units);
	/* The module with debug information comes first, where its addresses are. */
	for (uint32_t i = 0; !error && i < w->modules.n; i++) {
		uint32_t module = i == 0 ? m->dwarf_module : i <= m->dwarf_module ? i - 1 : i;

		if (w->modules.v[module].is_component)
			continue;
		error = read_module(s, module, base, m->dwarf.n_sh && i == 0 ? &units : NULL, err);
		base += (uint64_t)1 << MODULE_BITS;
	}
	s->strtab = hone_buf_view(&m->strtab);
	return error ? hone_err_wrap(err, "%s", s->path) : 0;
}

int hone_wasm_source_files(struct hone_size *s, bool full, struct hone_size_rows *rows,
	uint64_t *covered, struct hone_err *err)
{
	struct model *m = s->of_format;

	return hone_dwarf_source_files(s, &m->dwarf, full, rows, covered, err);
}
