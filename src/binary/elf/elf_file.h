#ifndef HONE_ELF_FILE_H
#define HONE_ELF_FILE_H
/* A bounds-checked reader of ELF files, 32 and 64 bit, both byte orders: the headers, and what they name.
 * Formats: System V gABI and its GNU additions, as in <elf.h>. */
#include "object_file.h"

struct hone_elf_ph {
	uint32_t type, flags;
	uint64_t offset, vaddr, paddr, filesz, memsz, align;
};

struct hone_elf_sh {
	uint32_t name; /* offset in the section name table; use hone_elf_section_name */
	uint32_t type, link, info;
	uint64_t flags, addr, offset, size, align, entsize;
};

struct hone_elf {
	struct hone_object_file file; /* borrowed */
	uint64_t file_size;
	bool is64, big;
	uint8_t osabi;
	uint16_t type, machine;
	uint32_t flags;
	uint64_t entry, phoff, shoff;
	size_t n_ph, n_sh, shstrndx;
	size_t symtab, symstr; /* the symbol table's section and that of its names; 0: none */
	struct hone_elf_ph *ph;
	struct hone_elf_sh *sh;
	struct hone_view shstr; /* ends in a NUL that is not counted */
	char *shstr_owned;
};
#define HONE_ELF_INIT                                                                              \
	{                                                                                          \
		.file = HONE_OBJECT_FILE_INIT                                                      \
	}
#define hone_auto_elf __attribute__((cleanup(hone_elf_release)))

/* Reads the headers of a file, which stays borrowed until the release. HONE_E_UNSUPPORTED: it is none; HONE_E_SYNTAX: it is
 * truncated or broken; HONE_E_LIMIT: it has more headers than any system loads. */
int hone_elf_read(const struct hone_object_file *f, struct hone_elf *ret_elf, struct hone_err *err);
/* The same for bytes in memory, which stay borrowed until the release. */
int hone_elf_from_bytes(struct hone_view bytes, struct hone_elf *ret_elf, struct hone_err *err);
void hone_elf_release(struct hone_elf *e);

/* The content of section i; empty for one without bytes in the file. */
int hone_elf_load_section(const struct hone_elf *e, size_t i, struct hone_object_data *ret_data,
	struct hone_err *err);

/* Name of section i, "" when it has none or a broken one. Borrowed from e. */
const char *hone_elf_section_name(const struct hone_elf *e, size_t i);
/* Index of the first section of that name / type, or 0 (which is never a real section). */
size_t hone_elf_find_section(const struct hone_elf *e, const char *name);
size_t hone_elf_find_type(const struct hone_elf *e, uint32_t type);
/* The first program header of that type, or NULL. */
const struct hone_elf_ph *hone_elf_find_ph(const struct hone_elf *e, uint32_t type);
/* Bytes that section i occupies in the file, cut at the file's end: 0 for NOBITS and the null one.
 */
uint64_t hone_elf_file_bytes(const struct hone_elf *e, size_t i);
/* File offset of a virtual address that a LOAD segment brings from the file; *ret_left is the
 * number of bytes from there to that segment's end in the file. */
bool hone_elf_offset_of(
	const struct hone_elf *e, uint64_t vaddr, uint64_t *ret_offset, uint64_t *ret_left);

/* Numbers in the file's byte order; the caller has checked that the bytes are there. word is 4 or
 * 8 bytes by the file's class. */
uint16_t hone_elf_u16(const struct hone_elf *e, const char *p);
uint32_t hone_elf_u32(const struct hone_elf *e, const char *p);
uint64_t hone_elf_u64(const struct hone_elf *e, const char *p);
uint64_t hone_elf_word(const struct hone_elf *e, const char *p);
void hone_elf_put16(const struct hone_elf *e, char *p, uint16_t x);
void hone_elf_put32(const struct hone_elf *e, char *p, uint32_t x);
void hone_elf_put_word(const struct hone_elf *e, char *p, uint64_t x);

/* Sizes of the records by class. */
size_t hone_elf_ehdr_size(const struct hone_elf *e);
size_t hone_elf_phdr_size(const struct hone_elf *e);
size_t hone_elf_shdr_size(const struct hone_elf *e);
size_t hone_elf_sym_size(const struct hone_elf *e);

struct hone_elf_sym {
	uint32_t name;
	uint8_t bind, type, visibility;
	uint16_t shndx;
	uint64_t value, size;
};
/* The record at p, of hone_elf_sym_size bytes. */
struct hone_elf_sym hone_elf_sym_at(const struct hone_elf *e, const char *p);

#endif
