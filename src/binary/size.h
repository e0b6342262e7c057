#ifndef HONE_BINARY_SIZE_H
#define HONE_BINARY_SIZE_H
/* What every byte of a binary is for. One pass over headers, symbols, unwind tables and relocations
 * builds a model; tables of it are then made by any view. The rows of a table sum to the size of the
 * file, exactly: each byte belongs to one row. */
#include "buf.h"
#include "err.h"

/* A package of the build, so that rows can tell versions and the user's own crates. */
struct hone_size_package {
	const char *crate, *version; /* the crate's name as in code, with _ for - */
	bool workspace;              /* one of the user's own */
	/* Its features, when the program itself depends on it and leaves its default ones on; else NULL. */
	const char *features;
};

struct hone_size_opts {
	/* An unstripped file of the same build, for the names that a stripped one has lost; or NULL. */
	const char *twin;
	const struct hone_size_package *packages; /* may be NULL */
	size_t n_packages;
	bool headers_only; /* for the view by section only: symbols are not read */
};

enum hone_size_by {
	HONE_SIZE_BY_SECTION,
	HONE_SIZE_BY_CRATE,    /* where the code is written */
	HONE_SIZE_BY_INSTANCE, /* by crate; a generic function at the crate that instantiated it */
	HONE_SIZE_BY_FUNCTION,
	HONE_SIZE_BY_GENERIC, /* all instances of a generic function together */
	HONE_SIZE_BY_FILE,    /* source files, from DWARF line tables */
	HONE_SIZE_BY_OWNED, /* functions of each crate: "CRATE\tFUNCTION"; no view that can be asked for */
};
/* "section", "crate", "instance", "function", "generic", "file"; false for any other word. */
bool hone_size_by_parse(struct hone_view v, enum hone_size_by *ret_by);
const char *hone_size_by_name(enum hone_size_by by);

enum hone_size_kind {
	HONE_SIZE_WORKSPACE, /* code and data of the user's own crates */
	HONE_SIZE_DEPENDENCY, /* of crates that they use; also of any crate when no packages are given */
	HONE_SIZE_STD,        /* of std, core, alloc and what they use */
	HONE_SIZE_C,          /* of C, C++ and assembly objects */
	HONE_SIZE_GLUE,       /* start-up code, PLT, allocator shims: made by compiler and linker */
	HONE_SIZE_UNKNOWN, /* has a symbol, but nothing tells whose it is */
	HONE_SIZE_SECTION, /* bytes of a section that no symbol covers */
	HONE_SIZE_UNWIND,  /* tables for panics and backtraces */
	HONE_SIZE_RELOCS,  /* relocations and what the dynamic loader needs */
	HONE_SIZE_SYMBOLS, /* symbol tables and names */
	HONE_SIZE_DEBUG,   /* debug information */
	HONE_SIZE_HEADERS, /* of the ELF file */
	HONE_SIZE_PADDING,
};
/* "workspace", "dependency", "std", "c", "glue", "unknown", "section", ... */
const char *hone_size_kind_name(enum hone_size_kind kind);
/* The kind of a name, HONE_SIZE_UNKNOWN for any other word. */
enum hone_size_kind hone_size_kind_parse(const char *name);

struct hone_size_row {
	char *name; /* rows that are no crate, function or file stand in brackets: "[.rodata]" */
	enum hone_size_kind kind;
	uint64_t size;  /* bytes in the file */
	uint64_t code;  /* of it executable */
	uint64_t items; /* functions and objects; 0 where that has no meaning */
	/* Bytes of other rows that are there because of this one, as far as the format tells. */
	uint64_t unwind, relocs, symbols, debug;
};

struct hone_size_table {
	char *file;
	uint64_t size; /* of the file: the sum of the rows */
	enum hone_size_by by;
	struct hone_size_row *rows; /* the largest first */
	size_t n;
};
#define HONE_SIZE_TABLE_INIT                                                                       \
	{                                                                                          \
		0                                                                                  \
	}
#define hone_auto_size_table __attribute__((cleanup(hone_size_table_release)))

struct hone_size;
/* Reads the model. Errors: as hone_object_info_read; HONE_E_CONFLICT when the twin is not of the same build
 * (build id, or the places of the sections, differ). */
int hone_size_open(const char *path, const struct hone_size_opts *opts, struct hone_size **ret_size,
	struct hone_err *err);
/* The same of a file's bytes in memory, which stay borrowed until the free. name stands for the path. */
int hone_size_open_bytes(struct hone_view bytes, const char *name,
	const struct hone_size_opts *opts, struct hone_size **ret_size, struct hone_err *err);
void hone_size_free(struct hone_size *s);
/* Where the names came from: true when there was a symbol table, in the file or its twin. Without one
 * functions and crates stay unknown. */
bool hone_size_has_symbols(const struct hone_size *s);
/* Makes a table. full: names with their hashes. HONE_E_NOT_FOUND: by file, without line tables.
 * After headers_only every view but that by section is a bug. */
int hone_size_table(struct hone_size *s, enum hone_size_by by, bool full,
	struct hone_size_table *ret_table, struct hone_err *err);
void hone_size_table_release(struct hone_size_table *t);

/* The crate that a row by crate is of, without its version: "regex" of "regex 1.10.2"; of what is no crate the name. */
struct hone_view hone_size_crate(const char *name);

struct hone_size_diff_row {
	char *name;
	enum hone_size_kind kind;
	uint64_t old_size, new_size; /* 0: not there */
	int64_t delta;
};
struct hone_size_diff {
	uint64_t old_size, new_size;
	int64_t delta; /* the sum of the rows' deltas */
	enum hone_size_by by;
	struct hone_size_diff_row
		*rows; /* the largest change first; rows without one are left out */
	size_t n;
};
#define HONE_SIZE_DIFF_INIT                                                                        \
	{                                                                                          \
		0                                                                                  \
	}
#define hone_auto_size_diff __attribute__((cleanup(hone_size_diff_release)))
/* Compares two tables of the same view, rows by name and kind; of a crate whose version one side does not know, all
 * versions as one. */
struct hone_size_diff hone_size_diff(
	const struct hone_size_table *old, const struct hone_size_table *new);
void hone_size_diff_release(struct hone_size_diff *d);

#endif
