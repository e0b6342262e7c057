#include "elf_ops.h"
#include "num.h"

#include <elf.h>
#include <string.h>

#ifndef DT_RELR /* not in the headers of older C libraries */
#define DT_RELR 36
#endif

/* What hone takes of a table that only holds names and notes: far more than any real one. */
#define SMALL_TABLE ((uint64_t)64 << 20)

/* The dynamic table's entries that matter here. */
struct dynamic {
	uint64_t strtab, strsz, verneed, verneednum, flags_1;
	bool relr, needed;
};

static struct dynamic read_dynamic(const struct hone_elf *e)
{
	struct dynamic dyn = {0};
	const struct hone_elf_ph *ph = hone_elf_find_ph(e, PT_DYNAMIC);
	hone_auto_object_data struct hone_object_data d = HONE_OBJECT_DATA_INIT;
	if (!ph || ph->filesz > SMALL_TABLE ||
		hone_object_load(&e->file, ph->offset, ph->filesz, &d, NULL) < 0)
		return dyn;
	size_t w = e->is64 ? 8 : 4;
	for (size_t at = 0; d.v.n - at >= 2 * w; at += 2 * w) {
		uint64_t tag = hone_elf_word(e, d.v.p + at),
			 value = hone_elf_word(e, d.v.p + at + w);
		if (tag == DT_NULL)
			break;
		if (tag == DT_STRTAB)
			dyn.strtab = value;
		else if (tag == DT_STRSZ)
			dyn.strsz = value;
		else if (tag == DT_VERNEED)
			dyn.verneed = value;
		else if (tag == DT_VERNEEDNUM)
			dyn.verneednum = value;
		else if (tag == DT_FLAGS_1)
			dyn.flags_1 = value;
		else if (tag == DT_RELR)
			dyn.relr = true;
		else if (tag == DT_NEEDED)
			dyn.needed = true;
	}
	return dyn;
}

/* Loads what the loader sees at a virtual address, at most size bytes. */
static bool load_address(
	const struct hone_elf *e, uint64_t vaddr, uint64_t size, struct hone_object_data *ret)
{
	uint64_t offset, left;
	if (vaddr == 0 || !hone_elf_offset_of(e, vaddr, &offset, &left))
		return false;
	if (size > left)
		size = left;
	if (size > SMALL_TABLE)
		size = SMALL_TABLE;
	return hone_object_load(&e->file, offset, size, ret, NULL) == 0;
}

/* "2.34" -> 2 * 2^32 + 34 * 2^16, so that versions compare as numbers; 0: not a version. */
static uint64_t version_number(const char *text)
{
	struct hone_view rest = hone_view_of(text), part;
	bool started = false;
	uint64_t sum = 0, n;
	for (int shift = 32; shift >= 0; shift -= 16) {
		if (!hone_view_split(&rest, &started, '.', &part))
			break;
		if (!hone_parse_u64(part, &n) || n > 0xffff)
			return 0;
		sum += n << shift;
	}
	return sum;
}

static void note_version(const char *name, uint64_t *highest, struct hone_object_info *i)
{
	if (!hone_starts(name, "GLIBC_"))
		return;
	const char *text = name + strlen("GLIBC_");
	if (strcmp(text, "ABI_DT_RELR") == 0)
		text = "2.36";
	uint64_t n = version_number(text);
	if (n <= *highest)
		return;
	*highest = n;
	free(i->min_glibc);
	i->min_glibc = hone_xstrdup(text);
}

/* Walks Verneed -> Vernaux. Offsets are relative and unsigned, so every step goes forward. */
static void read_versions(
	const struct hone_elf *e, const struct dynamic *dyn, struct hone_object_info *i)
{
	hone_auto_object_data struct hone_object_data need = HONE_OBJECT_DATA_INIT,
						      str = HONE_OBJECT_DATA_INIT;
	if (!load_address(e, dyn->verneed, UINT64_MAX, &need) ||
		!load_address(e, dyn->strtab, dyn->strsz, &str))
		return;
	uint64_t highest = 0;
	size_t at = 0;
	/* vn_version, vn_cnt, vn_file, vn_aux, vn_next */
	for (uint64_t k = 0; k < dyn->verneednum && need.v.n - at >= 16; k++) {
		const char *p = need.v.p + at;
		unsigned count = hone_elf_u16(e, p + 2);
		uint32_t aux = hone_elf_u32(e, p + 8), next = hone_elf_u32(e, p + 12);
		size_t a = at;
		for (unsigned j = 0; j < count && aux <= need.v.n - a; j++) {
			a += aux;
			if (need.v.n - a < 16)
				break;
			/* vna_hash, vna_flags, vna_other, vna_name, vna_next */
			const char *vna = need.v.p + a;
			if (!(hone_elf_u16(e, vna + 4) & VER_FLG_WEAK))
				note_version(hone_object_string(str.v, hone_elf_u32(e, vna + 8)),
					&highest, i);
			aux = hone_elf_u32(e, vna + 12);
			if (aux == 0)
				break;
		}
		if (next == 0 || next > need.v.n - at)
			break;
		at += next;
	}
}

static char *read_string(const struct hone_elf *e, uint64_t offset, uint64_t size)
{
	hone_auto_object_data struct hone_object_data d = HONE_OBJECT_DATA_INIT;
	if (size > 4096 || hone_object_load(&e->file, offset, size, &d, NULL) < 0)
		return NULL;
	return hone_xstrndup(d.v.n ? d.v.p : "", d.v.n);
}

/* The GNU build id in a run of notes, as hexadecimal. */
static char *build_id_in(const struct hone_elf *e, struct hone_view v, uint64_t align)
{
	size_t pad = align == 8 ? 7 : 3;
	for (size_t at = 0; v.n - at >= 12;) {
		uint32_t namesz = hone_elf_u32(e, v.p + at), descsz = hone_elf_u32(e, v.p + at + 4);
		uint32_t type = hone_elf_u32(e, v.p + at + 8);
		size_t left = v.n - at - 12, name = ((size_t)namesz + 3) & ~(size_t)3;
		if (name > left || descsz > left - name)
			return NULL;
		const char *desc = v.p + at + 12 + name;
		if (type == NT_GNU_BUILD_ID && namesz == 4 && memcmp(desc - name, "GNU", 4) == 0) {
			char *hex = hone_xcalloc((size_t)descsz + 1, 2);
			for (size_t k = 0; k < descsz; k++) {
				unsigned b = (unsigned char)desc[k];
				hex[2 * k] = "0123456789abcdef"[b >> 4];
				hex[2 * k + 1] = "0123456789abcdef"[b & 15];
			}
			return hex;
		}
		size_t step = 12 + ((name + descsz + pad) & ~pad);
		if (step > v.n - at)
			return NULL;
		at += step;
	}
	return NULL;
}

static char *read_build_id(const struct hone_elf *e)
{
	char *id = NULL;
	for (size_t k = 0; k < e->n_ph + e->n_sh && !id; k++) {
		bool is_ph = k < e->n_ph;
		const struct hone_elf_ph *h = &e->ph[is_ph ? k : 0];
		const struct hone_elf_sh *s = &e->sh[is_ph ? 0 : k - e->n_ph];
		if (is_ph ? h->type != PT_NOTE : s->type != SHT_NOTE)
			continue;
		uint64_t size = is_ph ? h->filesz : s->size;
		hone_auto_object_data struct hone_object_data d = HONE_OBJECT_DATA_INIT;
		if (size <= SMALL_TABLE && hone_object_load(&e->file, is_ph ? h->offset : s->offset,
						   size, &d, NULL) == 0)
			id = build_id_in(e, d.v, is_ph ? h->align : s->align);
	}
	return id;
}

/* "Debian LLD 19.1.7 (/checkout ...)" -> "Debian LLD 19.1.7": up to the word that has a digit. */
static char *name_and_version(const char *s)
{
	size_t n = strcspn(s, "0123456789(;");
	n += strcspn(s + n, " (;");
	while (n > 0 && s[n - 1] == ' ')
		n--;
	return hone_xstrndup(s, n);
}

/* lld and wild write "Linker: NAME VERSION ...", mold "mold VERSION ..." into .comment. */
static char *read_linker(const struct hone_elf *e)
{
	size_t i = hone_elf_find_section(e, ".comment");
	hone_auto_object_data struct hone_object_data d = HONE_OBJECT_DATA_INIT;
	if (i == 0 || e->sh[i].size > SMALL_TABLE || hone_elf_load_section(e, i, &d, NULL) < 0)
		return NULL;
	for (size_t at = 0; at < d.v.n;) {
		const char *s = hone_object_string(d.v, at);
		if (hone_starts(s, "Linker: "))
			return name_and_version(s + strlen("Linker: "));
		if (hone_starts(s, "mold "))
			return name_and_version(s);
		at += strlen(s) + 1;
	}
	return NULL;
}

static void read_sections(const struct hone_elf *e, struct hone_object_info *i)
{
	if (e->n_sh < 2)
		return;
	i->n_sections = e->n_sh - 1;
	i->sections = hone_xcalloc(i->n_sections, sizeof *i->sections);
	for (size_t k = 1; k < e->n_sh; k++) {
		const struct hone_elf_sh *s = &e->sh[k];
		const char *name = hone_elf_section_name(e, k);
		i->sections[k - 1] = (struct hone_object_section){
			hone_xstrdup(name), s->type, s->flags, s->addr, s->offset, s->size};
		if (s->type == SHT_SYMTAB)
			i->has_symtab = true;
		if (hone_starts(name, ".debug_") || hone_starts(name, ".zdebug_"))
			i->has_debug = true;
		if (strcmp(name, ".eh_frame") == 0 || strcmp(name, ".ARM.exidx") == 0)
			i->has_eh_frame = true;
	}
}

static bool ends_early(const struct hone_elf *e)
{
	bool early = false;

	for (size_t k = 0; k < e->n_ph; k++)
		early |= e->ph[k].filesz > e->file_size ||
			 e->ph[k].offset > e->file_size - e->ph[k].filesz;
	for (size_t k = 1; k < e->n_sh; k++)
		early |= e->sh[k].type != SHT_NOBITS &&
			 (e->sh[k].size > e->file_size ||
				 e->sh[k].offset > e->file_size - e->sh[k].size);
	return early;
}

int hone_elf_info(
	const struct hone_object_file *f, struct hone_object_info *ret, struct hone_err *err)
{
	hone_auto_elf struct hone_elf elf = HONE_ELF_INIT;
	const struct hone_elf *e = &elf;
	const struct hone_elf_ph *interp;
	struct dynamic dyn;
	int error = hone_elf_read(f, &elf, err);

	if (error)
		return error;
	ret->bits = e->is64 ? 64 : 32;
	ret->big_endian = e->big;
	ret->machine = e->machine;
	ret->type = e->type;
	read_sections(e, ret);
	dyn = read_dynamic(e);
	read_versions(e, &dyn, ret);
	interp = hone_elf_find_ph(e, PT_INTERP);
	if (interp)
		ret->interp = read_string(e, interp->offset, interp->filesz);
	ret->has_relr = dyn.relr;
	ret->pie = e->type == ET_DYN && (interp || (dyn.flags_1 & DF_1_PIE));
	ret->dynamic = interp || (e->type == ET_DYN && !ret->pie);
	if (hone_elf_find_ph(e, PT_GNU_EH_FRAME))
		ret->has_eh_frame = true;
	ret->build_id = read_build_id(e);
	ret->linker = read_linker(e);
	ret->is_cut_off = ends_early(e);
	return 0;
}
