#ifndef HONE_BINARY_SIZE_MODEL_H
#define HONE_BINARY_SIZE_MODEL_H
/* The model behind size.h. Internal to size*.c. */
#include "elf_class.h"
#include "elf_file.h"
#include "size.h"
#include "size_layout.h"
#include "size_owner.h"
#include "size_rows.h"

/* Bytes that one symbol covers, in the file or, as .bss has them, in memory only. Spans do not
 * overlap. */
struct hone_span {
	uint64_t addr, size;
	uint32_t name;     /* offset in strtab */
	uint32_t owner;    /* where it is written */
	uint32_t instance; /* where it was instantiated; the same when it is not generic */
	uint32_t unwind, relocs, symbols; /* bytes elsewhere that are there because of it */
	bool code, in_file;
};

/* A section with addresses, so that symbols can be found in it: a piece, or one without bytes in the
 * file. */
struct hone_place {
	uint64_t addr, size, offset;
	uint32_t section;
	uint32_t piece;   /* meaningless when not in_file */
	uint64_t covered; /* bytes in spans */
	uint64_t gaps;    /* bytes between spans that only align the next one */
	bool code, in_file;
};

struct hone_size {
	char *path;
	struct hone_elf elf;          /* the file itself */
	struct hone_elf twin;         /* the unstripped one, when given */
	const struct hone_elf *names; /* where sections and symbols are taken from: elf or twin */
	struct hone_piece *pieces;
	size_t n_pieces;
	HONE_VEC(struct hone_place) places; /* sorted by addr, not overlapping */
	HONE_VEC(struct hone_span) spans;   /* sorted by addr */
	struct hone_elf_data strtab;
	struct hone_owners owners;
	bool headers_only; /* no symbols were read */
};

/* Section of a piece of kind SECTION, in the file that names them. */
const struct hone_elf *hone_size_names_of(const struct hone_size *s);
/* Index of the span that holds addr, or SIZE_MAX. */
size_t hone_size_span_at(const struct hone_size *s, uint64_t addr);

/* The row of a span in a view by symbols. */
struct hone_size_row *hone_size_span_row(const struct hone_size *s, struct hone_size_rows *rows,
	const struct hone_span *span, enum hone_size_by by, bool full);
/* What the bytes of a section are, that no symbol covers. */
enum hone_size_kind hone_size_kind_of_section(const struct hone_elf *e, size_t i);

/* Finds places, reads symbols and units, makes spans. */
int hone_size_read_spans(struct hone_size *s, struct hone_err *err);
/* Charges unwind tables and relocations to spans. */
void hone_size_charge(struct hone_size *s);

#endif
