#include "elf_file.h"

#include <elf.h>
#include <endian.h>
#include <string.h>

uint16_t hone_elf_u16(const struct hone_elf *e, const char *p)
{
	uint16_t x;
	memcpy(&x, p, sizeof x);
	return e->big ? be16toh(x) : le16toh(x);
}

uint32_t hone_elf_u32(const struct hone_elf *e, const char *p)
{
	uint32_t x;
	/* p lies in a table. NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker) */
	memcpy(&x, p, sizeof x);
	return e->big ? be32toh(x) : le32toh(x);
}

uint64_t hone_elf_u64(const struct hone_elf *e, const char *p)
{
	uint64_t x;
	memcpy(&x, p, sizeof x);
	return e->big ? be64toh(x) : le64toh(x);
}

uint64_t hone_elf_word(const struct hone_elf *e, const char *p)
{
	return e->is64 ? hone_elf_u64(e, p) : hone_elf_u32(e, p);
}

void hone_elf_put16(const struct hone_elf *e, char *p, uint16_t x)
{
	x = e->big ? htobe16(x) : htole16(x);
	memcpy(p, &x, sizeof x);
}

void hone_elf_put32(const struct hone_elf *e, char *p, uint32_t x)
{
	x = e->big ? htobe32(x) : htole32(x);
	memcpy(p, &x, sizeof x);
}

void hone_elf_put_word(const struct hone_elf *e, char *p, uint64_t x)
{
	if (!e->is64) {
		hone_elf_put32(e, p, (uint32_t)x);
		return;
	}
	x = e->big ? htobe64(x) : htole64(x);
	memcpy(p, &x, sizeof x);
}

size_t hone_elf_ehdr_size(const struct hone_elf *e)
{
	return e->is64 ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr);
}

size_t hone_elf_phdr_size(const struct hone_elf *e)
{
	return e->is64 ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
}

size_t hone_elf_shdr_size(const struct hone_elf *e)
{
	return e->is64 ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr);
}

size_t hone_elf_sym_size(const struct hone_elf *e)
{
	return e->is64 ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym);
}

void hone_elf_release(struct hone_elf *e)
{
	free(e->ph);
	free(e->sh);
	free(e->shstr_owned);
	*e = (struct hone_elf)HONE_ELF_INIT;
}

int hone_elf_load_section(
	const struct hone_elf *e, size_t i, struct hone_object_data *ret_data, struct hone_err *err)
{
	const struct hone_elf_sh *s = &e->sh[i];
	if (s->type == SHT_NOBITS || s->type == SHT_NULL) {
		*ret_data = (struct hone_object_data)HONE_OBJECT_DATA_INIT;
		return 0;
	}
	int rc = hone_object_load(&e->file, s->offset, s->size, ret_data, err);
	if (rc < 0)
		return hone_err_wrap(err, "section %s", hone_elf_section_name(e, i));
	return 0;
}

/* Puts the header's fields into e and its raw counts, which may be escapes, into the others. */
static int parse_ehdr(struct hone_elf *e, struct hone_view v, struct hone_err *err)
{
	if (v.n < SELFMAG || memcmp(v.p, ELFMAG, SELFMAG) != 0)
		return hone_err_set(err, HONE_E_UNSUPPORTED, "is not an ELF file");
	if (v.n < EI_NIDENT)
		return hone_err_set(err, HONE_E_SYNTAX, "is a truncated ELF file");
	unsigned cls = (unsigned char)v.p[EI_CLASS], order = (unsigned char)v.p[EI_DATA];
	if ((cls != ELFCLASS32 && cls != ELFCLASS64) ||
		(order != ELFDATA2LSB && order != ELFDATA2MSB))
		return hone_err_set(err, HONE_E_SYNTAX,
			"is a broken ELF file: class %u, byte order %u", cls, order);
	e->is64 = cls == ELFCLASS64;
	e->big = order == ELFDATA2MSB;
	e->osabi = (uint8_t)v.p[EI_OSABI];
	if (v.n < hone_elf_ehdr_size(e))
		return hone_err_set(err, HONE_E_SYNTAX, "is a truncated ELF file");
	const char *p = v.p + EI_NIDENT;
	size_t w = e->is64 ? 8 : 4;
	e->type = hone_elf_u16(e, p);
	e->machine = hone_elf_u16(e, p + 2);
	e->entry = hone_elf_word(e, p + 8);
	e->phoff = hone_elf_word(e, p + 8 + w);
	e->shoff = hone_elf_word(e, p + 8 + 2 * w);
	p += 8 + 3 * w;
	e->flags = hone_elf_u32(e, p);
	unsigned phentsize = hone_elf_u16(e, p + 6), shentsize = hone_elf_u16(e, p + 10);
	e->n_ph = hone_elf_u16(e, p + 8);
	e->n_sh = hone_elf_u16(e, p + 12);
	e->shstrndx = hone_elf_u16(e, p + 14);
	if (e->phoff != 0 && e->n_ph > 0 && phentsize != hone_elf_phdr_size(e))
		return hone_err_set(err, HONE_E_SYNTAX,
			"is a broken ELF file: program headers of %u bytes", phentsize);
	if (e->shoff != 0 && shentsize != hone_elf_shdr_size(e))
		return hone_err_set(err, HONE_E_SYNTAX,
			"is a broken ELF file: section headers of %u bytes", shentsize);
	if (e->shoff == 0)
		e->n_sh = e->shstrndx = 0;
	return 0;
}

static struct hone_elf_sh sh_at(const struct hone_elf *e, const char *p)
{
	struct hone_elf_sh s;
	size_t w = e->is64 ? 8 : 4;
	s.name = hone_elf_u32(e, p);
	s.type = hone_elf_u32(e, p + 4);
	p += 8;
	s.flags = hone_elf_word(e, p);
	s.addr = hone_elf_word(e, p + w);
	s.offset = hone_elf_word(e, p + 2 * w);
	s.size = hone_elf_word(e, p + 3 * w);
	p += 4 * w;
	s.link = hone_elf_u32(e, p);
	s.info = hone_elf_u32(e, p + 4);
	s.align = hone_elf_word(e, p + 8);
	s.entsize = hone_elf_word(e, p + 8 + w);
	return s;
}

static struct hone_elf_ph ph_at(const struct hone_elf *e, const char *p)
{
	struct hone_elf_ph h;
	size_t w = e->is64 ? 8 : 4;
	h.type = hone_elf_u32(e, p);
	h.flags = hone_elf_u32(e, e->is64 ? p + 4 : p + 24);
	p += e->is64 ? 8 : 4;
	h.offset = hone_elf_word(e, p);
	h.vaddr = hone_elf_word(e, p + w);
	h.paddr = hone_elf_word(e, p + 2 * w);
	h.filesz = hone_elf_word(e, p + 3 * w);
	h.memsz = hone_elf_word(e, p + 4 * w);
	h.align = hone_elf_word(e, e->is64 ? p + 5 * w : p + 6 * w);
	return h;
}

/* Counts that do not fit the ELF header stand in the first section header. */
static int resolve_escapes(struct hone_elf *e, struct hone_err *err)
{
	bool escaped =
		e->shoff != 0 && (e->n_sh == 0 || e->n_ph == PN_XNUM || e->shstrndx == SHN_XINDEX);
	if (!escaped)
		return 0;
	hone_auto_object_data struct hone_object_data d = HONE_OBJECT_DATA_INIT;
	int rc = hone_object_load(&e->file, e->shoff, hone_elf_shdr_size(e), &d, err);
	if (rc < 0)
		return hone_err_wrap(err, "section header table");
	struct hone_elf_sh first = sh_at(e, d.v.p);
	if (e->n_sh == 0)
		e->n_sh = (size_t)first.size;
	if (e->n_ph == PN_XNUM)
		e->n_ph = first.info;
	if (e->shstrndx == SHN_XINDEX)
		e->shstrndx = first.link;
	return 0;
}

/* Linux loads no program with more than 64 KiB of program headers. Sections are capped so that the
 * work for a file made to be hostile stays small; -ffunction-sections objects have some 100,000. */
#define MAX_PHDRS (65536 / sizeof(Elf64_Phdr))
#define MAX_SECTIONS ((size_t)1 << 20)

static int load_table(const struct hone_elf *e, uint64_t offset, size_t n, size_t entsize,
	struct hone_object_data *ret, struct hone_err *err)
{
	if (n > e->file_size / entsize)
		return hone_err_set(err, HONE_E_SYNTAX, "%zu entries do not fit into the file", n);
	return hone_object_load(&e->file, offset, (uint64_t)n * entsize, ret, err);
}

static int parse_tables(struct hone_elf *e, struct hone_err *err)
{
	hone_auto_object_data struct hone_object_data ph = HONE_OBJECT_DATA_INIT,
						      sh = HONE_OBJECT_DATA_INIT;
	int rc = resolve_escapes(e, err);
	if (rc < 0)
		return rc;
	if (e->n_ph > MAX_PHDRS || e->n_sh > MAX_SECTIONS)
		return hone_err_set(err, HONE_E_LIMIT,
			"has %zu program headers and %zu sections, more than hone reads", e->n_ph,
			e->n_sh);
	rc = load_table(e, e->phoff, e->n_ph, hone_elf_phdr_size(e), &ph, err);
	if (rc < 0)
		return hone_err_wrap(err, "program header table");
	e->ph = hone_xcalloc(e->n_ph + 1, sizeof *e->ph);
	for (size_t i = 0; i < e->n_ph; i++)
		e->ph[i] = ph_at(e, ph.v.p + i * hone_elf_phdr_size(e));
	rc = load_table(e, e->shoff, e->n_sh, hone_elf_shdr_size(e), &sh, err);
	if (rc < 0)
		return hone_err_wrap(err, "section header table");
	e->sh = hone_xcalloc(e->n_sh + 1, sizeof *e->sh);
	for (size_t i = 0; i < e->n_sh; i++)
		e->sh[i] = sh_at(e, sh.v.p + i * hone_elf_shdr_size(e));
	e->symtab = hone_elf_find_type(e, SHT_SYMTAB);
	e->symstr = e->symtab && e->sh[e->symtab].link < e->n_sh ? e->sh[e->symtab].link : 0;
	return 0;
}

static int load_names(struct hone_elf *e, struct hone_err *err)
{
	if (e->shstrndx == 0 || e->shstrndx >= e->n_sh)
		return 0;
	hone_auto_object_data struct hone_object_data d = HONE_OBJECT_DATA_INIT;
	int rc = hone_elf_load_section(e, e->shstrndx, &d, err);
	if (rc < 0)
		return hone_err_wrap(err, "section names");
	e->shstr_owned = hone_xmalloc(hone_size_add(d.v.n, 1));
	if (d.v.n > 0)
		memcpy(e->shstr_owned, d.v.p, d.v.n);
	e->shstr_owned[d.v.n] = '\0';
	e->shstr = (struct hone_view){e->shstr_owned, d.v.n};
	return 0;
}

static int parse(struct hone_elf *e, struct hone_err *err)
{
	hone_auto_object_data struct hone_object_data d = HONE_OBJECT_DATA_INIT;
	uint64_t n = e->file_size < sizeof(Elf64_Ehdr) ? e->file_size : sizeof(Elf64_Ehdr);
	int rc;
	if ((rc = hone_object_load(&e->file, 0, n, &d, err)) < 0 ||
		(rc = parse_ehdr(e, d.v, err)) < 0 || (rc = parse_tables(e, err)) < 0)
		return rc;
	return load_names(e, err);
}

int hone_elf_read(const struct hone_object_file *f, struct hone_elf *ret_elf, struct hone_err *err)
{
	struct hone_elf e = {.file = *f, .file_size = f->size};
	int error = parse(&e, err);

	if (error)
		hone_elf_release(&e);
	else
		*ret_elf = e;
	return error;
}

int hone_elf_from_bytes(struct hone_view bytes, struct hone_elf *ret_elf, struct hone_err *err)
{
	struct hone_object_file f = hone_object_of_bytes(bytes);

	return hone_elf_read(&f, ret_elf, err);
}

const char *hone_elf_section_name(const struct hone_elf *e, size_t i)
{
	return i < e->n_sh && e->sh[i].name < e->shstr.n ? e->shstr.p + e->sh[i].name : "";
}

size_t hone_elf_find_section(const struct hone_elf *e, const char *name)
{
	for (size_t i = 1; i < e->n_sh; i++)
		if (strcmp(hone_elf_section_name(e, i), name) == 0)
			return i;
	return 0;
}

size_t hone_elf_find_type(const struct hone_elf *e, uint32_t type)
{
	for (size_t i = 1; i < e->n_sh; i++)
		if (e->sh[i].type == type)
			return i;
	return 0;
}

const struct hone_elf_ph *hone_elf_find_ph(const struct hone_elf *e, uint32_t type)
{
	for (size_t i = 0; i < e->n_ph; i++)
		if (e->ph[i].type == type)
			return &e->ph[i];
	return NULL;
}

uint64_t hone_elf_file_bytes(const struct hone_elf *e, size_t i)
{
	const struct hone_elf_sh *s = &e->sh[i];
	if (s->type == SHT_NOBITS || s->type == SHT_NULL || s->offset >= e->file_size)
		return 0;
	uint64_t left = e->file_size - s->offset;
	return s->size < left ? s->size : left;
}

bool hone_elf_offset_of(
	const struct hone_elf *e, uint64_t vaddr, uint64_t *ret_offset, uint64_t *ret_left)
{
	for (size_t i = 0; i < e->n_ph; i++) {
		const struct hone_elf_ph *h = &e->ph[i];
		if (h->type != PT_LOAD || vaddr < h->vaddr || vaddr - h->vaddr >= h->filesz ||
			h->offset > e->file_size || e->file_size - h->offset < h->filesz)
			continue;
		*ret_offset = h->offset + (vaddr - h->vaddr);
		*ret_left = h->filesz - (vaddr - h->vaddr);
		return true;
	}
	return false;
}

struct hone_elf_sym hone_elf_sym_at(const struct hone_elf *e, const char *p)
{
	/* 64-bit: name info other shndx value size; 32-bit: name value size info other shndx. */
	const char *q = e->is64 ? p + 4 : p + 12;
	struct hone_elf_sym s;
	s.name = hone_elf_u32(e, p);
	s.bind = (uint8_t)((unsigned char)q[0] >> 4);
	s.type = (uint8_t)(q[0] & 15);
	s.visibility = (uint8_t)(q[1] & 3);
	s.shndx = hone_elf_u16(e, q + 2);
	s.value = hone_elf_word(e, e->is64 ? p + 8 : p + 4);
	s.size = hone_elf_word(e, e->is64 ? p + 16 : p + 8);
	return s;
}
