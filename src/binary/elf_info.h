#ifndef HONE_BINARY_ELF_INFO_H
#define HONE_BINARY_ELF_INFO_H
/* What a built file is and needs, from its headers: cheap, whatever the file's size. */
#include "err.h"
#include "view.h"

struct hone_elf_section {
	char *name;
	uint32_t type;
	uint64_t flags, addr, offset,
		size; /* as in the header; a NOBITS section has a size and no bytes */
};

struct hone_elf_info {
	unsigned bits; /* 32 or 64 */
	bool big_endian;
	uint16_t machine, type; /* EM_*, ET_* */
	uint64_t file_size;
	struct hone_elf_section *sections; /* without the null section */
	size_t n_sections;
	char *min_glibc;   /* "2.34": the oldest glibc that has every version needed; NULL: needs
			    * none.   GLIBC_ABI_DT_RELR counts as 2.36, the release that brought it. */
	bool dynamic;      /* started or loaded by a dynamic loader */
	bool pie;          /* a position-independent program, static ones included */
	bool has_symtab;   /* .symtab, so names of functions */
	bool has_debug;    /* DWARF */
	bool has_relr;     /* packed relative relocations */
	bool has_eh_frame; /* unwind tables */
	bool is_cut_off;   /* headers name bytes beyond the end of the file */
	char *interp;      /* the dynamic loader, or NULL */
	char *build_id;    /* hexadecimal, or NULL */
	char *linker; /* "LLD 22.1.2", "mold 2.40.0"; NULL: it left no name (GNU ld does not) */
};
#define HONE_ELF_INFO_INIT                                                                         \
	{                                                                                          \
		0                                                                                  \
	}
#define hone_auto_elf_info __attribute__((cleanup(hone_elf_info_release)))

/* Errors as hone_elf_open. Both byte orders are read. Parts that are broken or missing (a damaged
 * version table, say) are left out; only headers that cannot be read are an error. */
int hone_elf_info_read(const char *path, struct hone_elf_info *ret_info, struct hone_err *err);
/* The same of a file's bytes in memory. */
int hone_elf_info_from_bytes(
	struct hone_view bytes, struct hone_elf_info *ret_info, struct hone_err *err);
void hone_elf_info_release(struct hone_elf_info *i);

#endif
