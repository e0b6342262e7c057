#ifndef HONE_BINARY_SIZE_MODEL_H
#define HONE_BINARY_SIZE_MODEL_H
/* The model behind size.h. Internal to size*.c. */
#include "elf_class.h"
#include "elf_file.h"
#include "size.h"
#include "size_layout.h"
#include "size_owner.h"

/* Bytes of the file that one symbol covers. Spans do not overlap. */
struct hone_span {
	uint64_t addr, size;
	uint32_t name;     /* offset in strtab */
	uint32_t owner;    /* where it is written */
	uint32_t instance; /* where it was instantiated; the same when it is not generic */
	uint32_t unwind, relocs, symbols; /* bytes elsewhere that are there because of it */
	bool code;
};

/* A piece that has addresses, so that symbols can be found in it. */
struct hone_place {
	uint64_t addr, size, offset;
	uint32_t piece;
	uint64_t covered; /* bytes in spans */
	uint64_t gaps;    /* bytes between spans that only align the next one */
	bool code;
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

/* Finds places, reads symbols and units, makes spans. */
int hone_size_read_spans(struct hone_size *s, struct hone_err *err);
/* Charges unwind tables and relocations to spans. */
void hone_size_charge(struct hone_size *s);

#endif
