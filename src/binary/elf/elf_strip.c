#include "elf_class.h"
#include "elf_ops.h"
#include "elf_trim.h"
#include "elf_write.h"

#include <elf.h>
#include <string.h>

/* What can be kept besides sections by name. */
static const struct {
	const char *item;
	enum hone_elf_class class;
} keep_classes[] = {
	{"symbols", HONE_SECT_SYMBOLS},
	{"debug", HONE_SECT_DEBUG},
	{"comment", HONE_SECT_COMMENT},
	{"notes", HONE_SECT_NOTE},
};

static bool has_item(const struct hone_strip_opts *opts, const char *item)
{
	for (const char *const *k = opts->keep; k && *k; k++)
		if (strcmp(*k, item) == 0)
			return true;
	return false;
}

static bool item_is(const char *item, const struct hone_elf *e, size_t i)
{
	if (strcmp(item, hone_elf_section_name(e, i)) == 0)
		return true;
	for (size_t k = 0; k < HONE_COUNT(keep_classes); k++)
		if (strcmp(item, keep_classes[k].item) == 0)
			return hone_elf_classify(e, i) == keep_classes[k].class;
	return false;
}

static bool is_kept_item(const struct hone_strip_opts *opts, const struct hone_elf *e, size_t i)
{
	for (const char *const *k = opts->keep; k && *k; k++)
		if (item_is(*k, e, i))
			return true;
	return false;
}

/* Every word of the keep list must mean something in this file. */
static int check_items(
	const struct hone_strip_opts *opts, const struct hone_elf *e, struct hone_err *err)
{
	for (const char *const *k = opts->keep; k && *k; k++) {
		bool found = strcmp(*k, "sections") == 0 || strcmp(*k, "padding") == 0;
		for (size_t i = 1; i < e->n_sh && !found; i++)
			found = item_is(*k, e, i);
		if (found)
			continue;
		hone_err_set(err, HONE_E_NOT_FOUND, "has nothing called %s to keep", *k);
		return hone_err_hint(err, "items are symbols, debug, comment, notes, sections, "
					  "padding, or the name of a section");
	}
	return 0;
}

/* One past the last byte that any header of the file speaks of. */
static uint64_t described_end(const struct hone_elf *e)
{
	uint64_t end = hone_elf_image_end(e), x;
	for (size_t i = 1; i < e->n_sh; i++) {
		x = e->sh[i].offset + hone_elf_file_bytes(e, i);
		if (hone_elf_file_bytes(e, i) > 0 && x > end)
			end = x;
	}
	x = e->shoff + (uint64_t)e->n_sh * hone_elf_shdr_size(e);
	if (e->n_sh > 0 && x > end)
		end = x;
	for (size_t i = 0; i < e->n_ph; i++) {
		const struct hone_elf_ph *h = &e->ph[i];
		if (h->filesz > 0 && h->offset <= e->file_size &&
			h->filesz <= e->file_size - h->offset && h->offset + h->filesz > end)
			end = h->offset + h->filesz;
	}
	return end;
}

static bool all_zero(struct hone_view v)
{
	for (size_t i = 0; i < v.n; i++)
		if (v.p[i])
			return false;
	return true;
}

static int refuse_common(const struct hone_elf *e, struct hone_view in, struct hone_err *err)
{
	if (e->type != ET_EXEC && e->type != ET_DYN)
		return hone_err_set(err, HONE_E_UNSUPPORTED,
			"is not a finished program or shared library (ELF type %u)", e->type);
	if (e->n_ph == 0)
		return hone_err_set(
			err, HONE_E_SYNTAX, "has no program headers: nothing can be loaded");
	for (size_t i = 0; i < e->n_ph; i++)
		if (e->ph[i].type == PT_LOAD &&
			(e->ph[i].offset > e->file_size ||
				e->file_size - e->ph[i].offset < e->ph[i].filesz))
			return hone_err_set(err, HONE_E_SYNTAX,
				"is truncated: segment %zu does not lie inside the file", i);
	for (size_t i = 1; i < e->n_sh; i++) {
		const char *name = hone_elf_section_name(e, i);
		if (hone_starts(name, ".bolt") || strcmp(name, ".note.bolt_info") == 0)
			return hone_err_set(err, HONE_E_UNSUPPORTED,
				"was rewritten by llvm-bolt (section %s); stripping such a file "
				"can make "
				"it crash, so hone leaves it alone",
				name);
	}
	uint64_t end = described_end(e);
	if (end < in.n && !all_zero(hone_view_sub(in, (size_t)end, in.n))) {
		hone_err_set(err, HONE_E_UNSUPPORTED,
			"carries %zu bytes of data behind its last section, which it may read from "
			"its "
			"own file; stripping would lose them",
			in.n - (size_t)end);
		return hone_err_hint(err, "strip the program before the data is appended");
	}
	return 0;
}

static int refuse_unknown(
	const struct hone_elf *e, const struct hone_strip_opts *opts, struct hone_err *err)
{
	for (size_t i = 1; i < e->n_sh; i++) {
		const char *name = hone_elf_section_name(e, i);
		if (hone_elf_classify(e, i) != HONE_SECT_OTHER || e->sh[i].size == 0 ||
			is_kept_item(opts, e, i))
			continue;
		hone_err_set(err, HONE_E_UNSUPPORTED,
			"has a section %s that hone does not know; the program may read it from "
			"its own "
			"file",
			name);
		return hone_err_hint(err, "--keep %s keeps it", name);
	}
	return 0;
}

static bool is_dropped(const struct hone_elf *e, size_t i, enum hone_strip_level level,
	const struct hone_strip_opts *opts)
{
	if (is_kept_item(opts, e, i))
		return false;
	switch (hone_elf_classify(e, i)) {
	case HONE_SECT_IMAGE:
		return false;
	case HONE_SECT_NAMES: /* written anew */
	case HONE_SECT_DEBUG:
		return true;
	case HONE_SECT_SYMBOLS:
	case HONE_SECT_RELOCS:
	case HONE_SECT_LINK:
		return level >= HONE_STRIP_SYMBOLS;
	case HONE_SECT_NOTE:
	case HONE_SECT_COMMENT:
	case HONE_SECT_ATTRIBUTES:
	case HONE_SECT_OTHER:
		return level >= HONE_STRIP_ALL;
	}
	return false;
}

/* The sections that stay, with what they are made of. */
struct plan {
	struct hone_elf_part *parts;
	size_t n;
	bool *dropped; /* by old index */
	struct hone_buf symtab, strtab, debuglink;
};

static void plan_release(struct plan *p)
{
	free(p->parts);
	free(p->dropped);
	hone_buf_release(&p->symtab);
	hone_buf_release(&p->strtab);
	hone_buf_release(&p->debuglink);
}

/* Symbols that only debuggers want: names of source files, sections that are gone. */
static bool symbol_goes(const struct hone_elf *e, const struct plan *p, struct hone_elf_sym s)
{
	return s.type == STT_FILE || (s.shndx < e->n_sh && s.shndx > 0 && p->dropped[s.shndx]);
}

static int by_offset(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return x < y ? -1 : x > y;
}

/* Copies the names at the sorted offsets and writes their new places into to. Offsets into the same
 * string stay in the same string, so that tails which the linker shared stay shared. */
static void copy_names(
	struct hone_view strtab, const uint32_t *from, uint32_t *to, size_t n, struct hone_buf *out)
{
	size_t end = 0;   /* one past the string that was copied last */
	size_t shift = 0; /* its old place minus its new one */
	for (size_t i = 0; i < n; i++) {
		const char *name = hone_object_string(strtab, from[i]);
		if (!*name) {
			to[i] = 0;
			continue;
		}
		if (from[i] >= end) {
			shift = from[i] - out->n;
			end = from[i] + strlen(name) + 1;
			hone_buf_add(out, name, end - from[i]);
		}
		to[i] = (uint32_t)(from[i] - shift);
	}
}

/* Rewrites .symtab (part t) and its names (part n). Relocations that stay refer to symbols by
 * number, so then nothing is rewritten but section indexes. */
static void rewrite_symbols(const struct hone_elf *e, struct plan *p, struct hone_elf_part *t,
	struct hone_elf_part *names, const uint32_t *map, bool renumber)
{
	size_t size = hone_elf_sym_size(e), shndx_at = e->is64 ? 6 : 14, n = 0, max;
	uint32_t locals = 0;
	max = t->bytes.n / size;
	p->symtab.limit = p->strtab.limit = SIZE_MAX;
	hone_buf_addc(&p->strtab, '\0');
	uint32_t *from = hone_xcalloc(max + 1, sizeof *from),
		 *to = hone_xcalloc(max + 1, sizeof *to);
	for (size_t at = 0; t->bytes.n - at >= size; at += size) {
		struct hone_elf_sym s = hone_elf_sym_at(e, t->bytes.p + at);
		if (renumber && at > 0 && symbol_goes(e, p, s))
			continue;
		char *new = hone_buf_room(&p->symtab, size);
		memcpy(new, t->bytes.p + at, size);
		if (s.shndx < e->n_sh)
			hone_elf_put16(e, new + shndx_at, (uint16_t)map[s.shndx]);
		p->symtab.n += size;
		from[n++] = s.name;
		if (s.bind == STB_LOCAL)
			locals = (uint32_t)n;
	}
	qsort(from, n, sizeof *from, by_offset);
	copy_names(names->bytes, from, to, n, &p->strtab);
	for (size_t i = 0; i < n; i++) {
		char *sym = p->symtab.p + i * size;
		uint32_t name = hone_elf_u32(e, sym);
		const uint32_t *hit = bsearch(&name, from, n, sizeof *from, by_offset);
		hone_elf_put32(e, sym, to[hit - from]);
	}
	free(from);
	free(to);
	t->bytes = hone_buf_view(&p->symtab);
	t->sh.info = locals;
	names->bytes = hone_buf_view(&p->strtab);
}

static int rework_symtab(const struct hone_elf *e, struct plan *p, struct hone_err *err)
{
	struct hone_elf_part *t = NULL, *names = NULL;
	uint32_t *map = hone_xcalloc(e->n_sh + 1, sizeof *map);
	bool relocs = false;
	int rc = 0;
	for (size_t i = 0; i < p->n; i++) {
		struct hone_elf_part *q = &p->parts[i];
		map[q->old] = q->old ? (uint32_t)(i + 1) : 0;
		if (q->sh.type == SHT_SYMTAB && !t)
			t = q;
		if (q->old && hone_elf_classify(e, q->old) == HONE_SECT_RELOCS)
			relocs = true;
		if (q->sh.type == SHT_SYMTAB_SHNDX)
			rc = hone_err_set(err, HONE_E_UNSUPPORTED, "has extended section indexes");
	}
	for (size_t i = 0; t && i < p->n; i++)
		if (p->parts[i].old && p->parts[i].old == t->sh.link)
			names = &p->parts[i];
	if (rc == 0 && t && names)
		rewrite_symbols(e, p, t, names, map, !relocs);
	free(map);
	return rc;
}

static void add_debuglink(
	const struct hone_elf *e, struct plan *p, const struct hone_strip_opts *opts)
{
	char crc[4];
	hone_elf_put32(e, crc, opts->debuglink_crc);
	hone_buf_add(&p->debuglink, opts->debuglink, strlen(opts->debuglink) + 1);
	hone_buf_pad(&p->debuglink, 0, (4 - p->debuglink.n % 4) % 4);
	hone_buf_add(&p->debuglink, crc, 4);
	p->parts[p->n++] = (struct hone_elf_part){.name = ".gnu_debuglink",
		.sh = {.type = SHT_PROGBITS, .align = 4},
		.bytes = hone_buf_view(&p->debuglink)};
}

static int make_plan(const struct hone_elf *e, enum hone_strip_level level,
	const struct hone_strip_opts *opts, struct plan *p, struct hone_err *err)
{
	p->parts = hone_xcalloc(e->n_sh + 1, sizeof *p->parts);
	p->dropped = hone_xcalloc(e->n_sh + 1, sizeof *p->dropped);
	for (size_t i = 1; i < e->n_sh; i++) {
		p->dropped[i] = is_dropped(e, i, level, opts) ||
				(opts->debuglink &&
					strcmp(hone_elf_section_name(e, i), ".gnu_debuglink") == 0);
		if (p->dropped[i])
			continue;
		/* The input is in memory, so that the part borrows from it and owns nothing. */
		struct hone_object_data d = HONE_OBJECT_DATA_INIT;
		int rc = hone_elf_part_of(e, i, &p->parts[p->n], &d, err);
		if (rc < 0)
			return rc;
		p->n++;
	}
	int rc = rework_symtab(e, p, err);
	if (rc == 0 && opts->debuglink)
		add_debuglink(e, p, opts);
	return rc;
}

/* Level "all" with nothing to keep: no section headers at all. */
static bool is_bare(
	const struct hone_elf *e, enum hone_strip_level level, const struct hone_strip_opts *opts)
{
	if (level != HONE_STRIP_ALL || has_item(opts, "sections"))
		return false;
	for (size_t i = 1; i < e->n_sh; i++)
		if (is_kept_item(opts, e, i))
			return false;
	return true;
}

static int strip(const struct hone_elf *e, struct hone_view in, enum hone_strip_level level,
	const struct hone_strip_opts *opts, struct hone_buf *out, struct hone_err *err)
{
	uint64_t image_end = hone_elf_image_end(e);
	int rc;
	if ((rc = refuse_common(e, in, err)) < 0 || (rc = check_items(opts, e, err)) < 0)
		return rc;
	if (level == HONE_STRIP_ALL && (rc = refuse_unknown(e, opts, err)) < 0)
		return rc;
	if (is_bare(e, level, opts)) {
		if (opts->debuglink)
			return hone_err_set(err, HONE_E_USAGE,
				"a debug link needs section headers, which level all removes");
		rc = hone_elf_write(e, in,
			&(struct hone_elf_layout){image_end, HONE_ELF_NO_SECTIONS, NULL, 0}, out,
			err);
		if (rc == 0 && !has_item(opts, "padding"))
			hone_elf_trim(out);
		return rc;
	}
	if (e->n_sh == 0) {
		hone_buf_reset(out);
		hone_buf_addv(out, in);
		return out->over ? hone_err_set(err, HONE_E_LIMIT, "is too large to rewrite") : 0;
	}
	struct plan p = {0};
	rc = make_plan(e, level, opts, &p, err);
	if (rc == 0)
		rc = hone_elf_write(
			e, in, &(struct hone_elf_layout){image_end, 0, p.parts, p.n}, out, err);
	plan_release(&p);
	return rc;
}

int hone_elf_strip(struct hone_view in, enum hone_strip_level level,
	const struct hone_strip_opts *opts, struct hone_buf *out, struct hone_err *err)
{
	hone_auto_elf struct hone_elf e = HONE_ELF_INIT;
	int error = hone_elf_from_bytes(in, &e, err);

	return error ? error : strip(&e, in, level, opts, out, err);
}
