#ifndef HONE_ELF_LAYOUT_H
#define HONE_ELF_LAYOUT_H
/* Cuts a file into pieces that cover each of its bytes once: headers, sections, padding. */
#include "elf_file.h"

enum hone_piece_kind {
	HONE_PIECE_EHDR,
	HONE_PIECE_PHDRS,
	HONE_PIECE_SHDRS,
	HONE_PIECE_SECTION, /* index: the section */
	HONE_PIECE_SEGMENT, /* bytes that only a LOAD segment speaks of; index: the program header */
	HONE_PIECE_PADDING,
	HONE_PIECE_APPENDED, /* behind everything that the headers describe, and not zero */
};

struct hone_elf_piece {
	uint64_t offset, size;
	enum hone_piece_kind kind;
	uint32_t index;
};

/* Pieces in file order; their sizes sum to the file's. Where headers or sections overlap, the one
 * that begins first has the bytes. names: the file whose sections are meant, e itself or its twin;
 * a twin's sections are found by their addresses in e's segments. The caller frees. */
struct hone_elf_piece *hone_elf_layout_cut(
	const struct hone_elf *e, const struct hone_elf *names, size_t *ret_n);

#endif
