#ifndef HONE_BINARY_STRIP_H
#define HONE_BINARY_STRIP_H
/* Takes away from a finished program or shared library what it does not need to run. The loaded
 * image keeps every byte and address, except where HONE_STRIP_ALL folds alignment in the file. */
#include "buf.h"
#include "err.h"

enum hone_strip_level {
	HONE_STRIP_NONE,      /* the file as it is */
	HONE_STRIP_DEBUGINFO, /* like strip -g: DWARF, its relocations, file names in .symtab */
	HONE_STRIP_SYMBOLS, /* like strip -s: also .symtab, .strtab, relocations left by the linker */
	HONE_STRIP_ALL, /* all that the loader does not use: also comments, attributes, notes that are
			       * not loaded, the section header table, zeros at the end of the file */
};
/* "none", "debuginfo", "symbols", "all"; false for any other word. */
bool hone_strip_level_parse(struct hone_view v, enum hone_strip_level *ret_level);

struct hone_strip_opts {
	/* Things to keep, NULL-terminated list or NULL: "symbols", "debug", "comment", "notes",
	 * "sections" (the section header table), "padding", or a section's name. One that the file does
	 * not have is an error. Keeping a section keeps the section header table. */
	const char *const *keep;
	/* Adds .gnu_debuglink, which leads debuggers to the separate debug file: its name without
	 * folders and its CRC-32 (hone_strip_debug_file). NULL: none. Not with HONE_STRIP_ALL. */
	const char *debuglink;
	uint32_t debuglink_crc;
};

/* Writes the stripped file into out (reset first). opts may be NULL. Files that would break or lose
 * something are refused with HONE_E_UNSUPPORTED and the reason: rewritten by BOLT, data appended
 * behind the ELF file, relocatable objects, other formats; for HONE_STRIP_ALL also sections that
 * hone does not know, since the program may read them from its own file. HONE_E_SYNTAX: broken;
 * HONE_E_NOT_FOUND: a kept item is not there; HONE_E_USAGE. */
int hone_strip_bytes(struct hone_view in, enum hone_strip_level level,
	const struct hone_strip_opts *opts, struct hone_buf *out, struct hone_err *err);

/* The separate debug file of an unstripped one, like objcopy --only-keep-debug: symbols and DWARF
 * with the headers of the sections that they belong to. ret_crc is what the debug link holds. */
int hone_strip_debug_file(
	struct hone_view in, struct hone_buf *out, uint32_t *ret_crc, struct hone_err *err);

/* Reads from, strips, writes to by rename with the mode of from; to may be from itself (a symlink
 * is then followed, other hard links keep the old bytes). ret_old, ret_new: sizes; may be NULL. */
int hone_strip_file(const char *from, const char *to, enum hone_strip_level level,
	const struct hone_strip_opts *opts, uint64_t *ret_old, uint64_t *ret_new,
	struct hone_err *err);
/* The largest file that hone strips. */
#define HONE_STRIP_LIMIT ((size_t)4 << 30)

#endif
