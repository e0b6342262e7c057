#include "elf_write.h"

#include <elf.h>
#include <string.h>

/* Offsets of ELF header fields by class. */
#define EHDR_SHOFF(e) ((e)->is64 ? 40 : 32)
#define EHDR_SHENTSIZE(e) ((e)->is64 ? 58 : 46)
#define PHDR_OFFSET(e) ((e)->is64 ? 8 : 4)
#define MAX_GROWTH 65536u

static bool raise_end(const struct hone_elf *e, uint64_t offset, uint64_t size, uint64_t *end)
{
	if (offset > e->file_size || e->file_size - offset < size)
		return false;
	if (offset + size > *end)
		*end = offset + size;
	return true;
}

uint64_t hone_elf_image_end(const struct hone_elf *e)
{
	uint64_t end = hone_elf_ehdr_size(e);
	raise_end(e, e->phoff, (uint64_t)e->n_ph * hone_elf_phdr_size(e), &end);
	for (size_t i = 0; i < e->n_ph; i++)
		if (e->ph[i].type == PT_LOAD)
			raise_end(e, e->ph[i].offset, e->ph[i].filesz, &end);
	for (size_t i = 1; i < e->n_sh; i++)
		if (e->sh[i].flags & SHF_ALLOC && e->sh[i].type != SHT_NOBITS)
			raise_end(e, e->sh[i].offset, e->sh[i].size, &end);
	return end;
}

/* Section i has bytes in the file, and all of them lie in the image. */
static bool in_image(const struct hone_elf *e, size_t i, uint64_t image_end)
{
	const struct hone_elf_sh *s = &e->sh[i];
	return s->type != SHT_NOBITS && s->offset <= image_end &&
	       s->size <= image_end - s->offset && (s->size > 0 || s->flags & SHF_ALLOC);
}

int hone_elf_part_of(const struct hone_elf *e, size_t i, struct hone_elf_part *ret_part,
	struct hone_object_data *ret_data, struct hone_err *err)
{
	const struct hone_elf_sh *s = &e->sh[i];
	struct hone_object_data d = HONE_OBJECT_DATA_INIT;
	int rc = hone_elf_load_section(e, i, &d, err);
	if (rc < 0)
		return rc;
	*ret_part = (struct hone_elf_part){.old = i,
		.name = hone_elf_section_name(e, i),
		.sh = *s,
		.info_is_section =
			s->type == SHT_REL || s->type == SHT_RELA || s->flags & SHF_INFO_LINK,
		.bytes = d.v};
	*ret_data = d;
	return 0;
}

static void put_sh(const struct hone_elf *e, const struct hone_elf_sh *s, struct hone_buf *out)
{
	char b[sizeof(Elf64_Shdr)];
	size_t w = e->is64 ? 8 : 4;
	hone_elf_put32(e, b, s->name);
	hone_elf_put32(e, b + 4, s->type);
	hone_elf_put_word(e, b + 8, s->flags);
	hone_elf_put_word(e, b + 8 + w, s->addr);
	hone_elf_put_word(e, b + 8 + 2 * w, s->offset);
	hone_elf_put_word(e, b + 8 + 3 * w, s->size);
	hone_elf_put32(e, b + 8 + 4 * w, s->link);
	hone_elf_put32(e, b + 12 + 4 * w, s->info);
	hone_elf_put_word(e, b + 16 + 4 * w, s->align);
	hone_elf_put_word(e, b + 16 + 5 * w, s->entsize);
	hone_buf_add(out, b, hone_elf_shdr_size(e));
}

static void pad_to(struct hone_buf *out, uint64_t align)
{
	if (align > 1 && (align & (align - 1)) == 0)
		hone_buf_pad(out, 0, (size_t)((align - (out->n & (align - 1))) & (align - 1)));
}

/* Old section index -> new one, 0 for those that are gone. Reserved values stay. */
static uint32_t new_index(const uint32_t *map, size_t n, uint32_t old)
{
	return old < n ? map[old] : old >= SHN_LORESERVE ? old : 0;
}

/* The loader looks only at "undefined or not", but other tools read the rest. */
static void fix_dynsym(
	const struct hone_elf *e, const uint32_t *map, uint64_t image_end, struct hone_buf *out)
{
	size_t i = hone_elf_find_type(e, SHT_DYNSYM), size = hone_elf_sym_size(e);
	if (i == 0 || !in_image(e, i, image_end))
		return;
	char *p = out->p + e->sh[i].offset;
	for (size_t at = 0; e->sh[i].size - at >= size; at += size) {
		char *shndx = p + at + (e->is64 ? 6 : 14);
		uint16_t old = hone_elf_u16(e, shndx);
		uint32_t now = new_index(map, e->n_sh, old);
		/* A symbol of a removed section must not turn into an undefined one. */
		hone_elf_put16(e, shndx, old != SHN_UNDEF && now == 0 ? SHN_ABS : (uint16_t)now);
	}
}

/* Program headers of bytes that the loader does not map: attributes of some architectures. */
static void fix_phdrs(const struct hone_elf *e, uint64_t image_end,
	const struct hone_elf_part *parts, const uint64_t *offsets, size_t n, struct hone_buf *out)
{
	for (size_t i = 0; i < e->n_ph; i++) {
		const struct hone_elf_ph *h = &e->ph[i];
		char *p = out->p + e->phoff + i * hone_elf_phdr_size(e);
		if (h->filesz == 0 ||
			(h->offset <= image_end && h->filesz <= image_end - h->offset))
			continue;
		size_t k = 0;
		while (k < n && !(parts[k].old && e->sh[parts[k].old].offset == h->offset &&
					e->sh[parts[k].old].size == h->filesz))
			k++;
		if (k < n)
			hone_elf_put_word(e, p + PHDR_OFFSET(e), offsets[k]);
		else
			memset(p, 0, hone_elf_phdr_size(e));
	}
}

/* Names, contents and headers behind the image; offsets gets where each part's bytes lie. */
static void put_parts(const struct hone_elf *e, uint64_t image_end,
	const struct hone_elf_part *parts, size_t n, const uint32_t *map, uint64_t *offsets,
	struct hone_buf *out)
{
	hone_auto_buf struct hone_buf names = {.limit = SIZE_MAX};
	struct hone_elf_sh *sh = hone_xcalloc(n + 2, sizeof *sh);
	hone_buf_addc(&names, '\0');
	for (size_t i = 0; i < n; i++) {
		sh[i + 1] = parts[i].sh;
		struct hone_elf_sh *s = &sh[i + 1];
		s->name = (uint32_t)names.n;
		hone_buf_add(&names, parts[i].name, strlen(parts[i].name) + 1);
		s->link = new_index(map, e->n_sh, s->link);
		if (parts[i].info_is_section)
			s->info = new_index(map, e->n_sh, s->info);
		if (s->type != SHT_NOBITS &&
			!(parts[i].old && in_image(e, parts[i].old, image_end))) {
			pad_to(out, s->align);
			s->offset = out->n;
			s->size = parts[i].bytes.n;
			hone_buf_addv(out, parts[i].bytes);
		}
		offsets[i] = s->offset;
	}
	sh[n + 1] = (struct hone_elf_sh){
		.name = (uint32_t)names.n, .type = SHT_STRTAB, .offset = out->n, .align = 1};
	hone_buf_add(&names, ".shstrtab", sizeof ".shstrtab");
	sh[n + 1].size = names.n;
	hone_buf_addv(out, hone_buf_view(&names));
	pad_to(out, e->is64 ? 8 : 4);
	uint64_t shoff = out->n;
	for (size_t i = 0; i < n + 2; i++)
		put_sh(e, &sh[i], out);
	free(sh);
	hone_elf_put_word(e, out->p + EHDR_SHOFF(e), shoff);
	char *p = out->p + EHDR_SHENTSIZE(e);
	hone_elf_put16(e, p, (uint16_t)hone_elf_shdr_size(e));
	hone_elf_put16(e, p + 2, (uint16_t)(n + 2));
	hone_elf_put16(e, p + 4, (uint16_t)(n + 1));
}

int hone_elf_write(const struct hone_elf *e, struct hone_view in, const struct hone_elf_layout *l,
	struct hone_buf *out, struct hone_err *err)
{
	const struct hone_elf_part *parts = l->parts;
	const uint64_t image_end = l->image_end;
	const unsigned flags = l->flags;
	const size_t n = l->n;
	if (n + 2 >= SHN_LORESERVE || e->n_sh >= SHN_LORESERVE)
		return hone_err_set(err, HONE_E_UNSUPPORTED,
			"has %zu sections, more than hone rewrites", e->n_sh);
	/* Parts are taken from the input, so that only new names and alignment can add anything. */
	size_t limit = out->limit, most = hone_size_add(in.n, MAX_GROWTH);
	hone_buf_reset(out);
	if (limit == 0 || limit > most)
		out->limit = most;
	hone_buf_add(out, in.p, (size_t)image_end);
	uint32_t *map = hone_xcalloc(e->n_sh + 1, sizeof *map);
	uint64_t *offsets = hone_xcalloc(n + 1, sizeof *offsets);
	for (size_t i = 0; i < n; i++)
		map[parts[i].old] = parts[i].old ? (uint32_t)(i + 1) : 0;
	if (out->over) {
		/* Not even the image has room. */
	} else if (flags & HONE_ELF_NO_SECTIONS) {
		hone_elf_put_word(e, out->p + EHDR_SHOFF(e), 0);
		memset(out->p + EHDR_SHENTSIZE(e), 0, 6);
	} else {
		put_parts(e, image_end, parts, n, map, offsets, out);
		if (!out->over)
			fix_dynsym(e, map, image_end, out);
	}
	if (!out->over && !(flags & HONE_ELF_KEEP_PHDRS))
		fix_phdrs(e, image_end, parts, offsets, n, out);
	free(map);
	free(offsets);
	out->limit = limit;
	if (out->over)
		return hone_err_set(err, HONE_E_LIMIT, "is too large to rewrite");
	return 0;
}
