#ifndef HONE_BINARY_OBJECT_H
#define HONE_BINARY_OBJECT_H
/* What a built file is and needs, whatever its format: read from headers, so cheap for every size of file. What each
 * byte is for tells size.h, what can be taken away strip.h. A format is one folder of src/binary and one row in
 * object.c (object_ops.h says what it brings). */
#include "err.h"
#include "strv.h"

enum hone_object_format {
	HONE_OBJECT_ELF,
	HONE_OBJECT_WASM,
	HONE_OBJECT_FORMATS, /* how many; as an answer: none of them */
};

struct hone_object_section {
	char *name;
	uint32_t type; /* as the format numbers them */
	uint64_t flags, addr, offset,
		size; /* as in the header; in ELF a NOBITS section has a size and no bytes */
};

struct hone_object_info {
	enum hone_object_format format;
	unsigned bits; /* 32 or 64 */
	bool big_endian;
	uint16_t machine, type; /* EM_*, ET_* of an ELF file, else 0 */
	uint64_t file_size;
	struct hone_object_section *sections; /* without ELF's null section */
	size_t n_sections;
	char *min_glibc;   /* "2.34": the oldest glibc that has every version needed; NULL: needs
			    * none.   GLIBC_ABI_DT_RELR counts as 2.36, the release that brought it. */
	bool dynamic;      /* started or loaded by a dynamic loader */
	bool pie;          /* a position-independent program, static ones included */
	bool is_component; /* WebAssembly that holds modules; false for a module */
	bool has_symtab;   /* names of functions: .symtab, the name section */
	bool has_debug;    /* DWARF */
	bool has_relr;     /* packed relative relocations */
	bool has_eh_frame; /* unwind tables */
	bool is_cut_off;   /* headers name bytes beyond the end of the file */
	/* Of a WebAssembly module: the features that it says it uses ("bulk-memory"), where it does, and what it exports,
	 * with the kind of each: "0 main". */
	bool tells_features;
	struct hone_strv features, exports;
	char *interp;   /* the dynamic loader, or NULL */
	char *build_id; /* hexadecimal, or NULL */
	char *linker;   /* "LLD 22.1.2", "mold 2.40.0"; NULL: it left no name (GNU ld does not) */
};
#define HONE_OBJECT_INFO_INIT                                                                      \
	{                                                                                          \
		0                                                                                  \
	}
#define hone_auto_object_info __attribute__((cleanup(hone_object_info_release)))

/* Errors: HONE_E_NOT_FOUND, HONE_E_SYSTEM; HONE_E_UNSUPPORTED for a format that hone does not read, by name ("is a
 * Mach-O file; hone reads only ELF and WebAssembly so far"); HONE_E_SYNTAX for a truncated or broken file; HONE_E_LIMIT for one with more
 * headers than any system loads. The message starts with the path. Parts that are broken or missing (a damaged version
 * table, say) are left out; only headers that cannot be read are an error. */
int hone_object_info_read(
	const char *path, struct hone_object_info *ret_info, struct hone_err *err);
/* The same of a file's bytes in memory. */
int hone_object_info_from_bytes(
	struct hone_view bytes, struct hone_object_info *ret_info, struct hone_err *err);
void hone_object_info_release(struct hone_object_info *i);

/* Calls each with the name and address of every function that the symbol table has. Errors as above. */
typedef void (*hone_object_function)(void *ctx, const char *name, uint64_t address);
int hone_object_functions(
	const char *path, hone_object_function each, void *ctx, struct hone_err *err);
/* The same, and those that the file's loader gives to others besides, some of them twice: they stay when the symbol table
 * is stripped. */
int hone_object_defined(
	const char *path, hone_object_function each, void *ctx, struct hone_err *err);
/* Appends, sorted and each once, the names by which others find functions and data of a library: what ELF's dynamic table
 * defines, what a WebAssembly module exports (with the kind of each before it), what the index of a static library has
 * without Rust's own names and the compiler's helpers. Errors as above. */
int hone_object_exports(const char *path, struct hone_strv *ret, struct hone_err *err);

#endif
