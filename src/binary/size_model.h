#ifndef HONE_BINARY_SIZE_MODEL_H
#define HONE_BINARY_SIZE_MODEL_H
/* The model behind size.h: a reader of a format fills it (object_ops.h), size_table.c and size_advice.c read it. Internal
 * to src/binary. */
#include "object_file.h"
#include "size.h"
#include "size_owner.h"
#include "size_rows.h"

/* A range of the file: the pieces cover each byte once, in the order of the file. */
struct hone_piece {
	uint64_t offset, size;
	const char *
		name; /* ".text", "[padding]"; borrowed from the format's reader or from the owners' arena */
	enum hone_size_kind kind; /* of the bytes that no symbol covers */
	bool section;             /* its name gets brackets in views that are not by section */
	bool code;
};

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
	uint32_t section; /* as the format numbers them */
	uint32_t piece;   /* meaningless when not in_file */
	uint64_t covered; /* bytes in spans */
	uint64_t gaps;    /* bytes between spans that only align the next one */
	bool code, in_file;
};

struct hone_size {
	char *path;
	struct hone_object_file file;
	const struct hone_object_ops *ops;
	void *of_format; /* the reader's own */
	struct hone_piece *pieces;
	size_t n_pieces;
	HONE_VEC(struct hone_place) places; /* sorted by addr, not overlapping */
	HONE_VEC(struct hone_span) spans;   /* sorted by addr */
	struct hone_view strtab;            /* names of the spans; borrowed from the reader */
	struct hone_owners owners;
	bool has_symbols;
	bool headers_only; /* no symbols were read */
};

/* Index of the span that holds addr, or SIZE_MAX. */
size_t hone_size_span_at(const struct hone_size *s, uint64_t addr);
/* The symbol of a span, mangled. Borrowed. */
const char *hone_size_symbol(const struct hone_size *s, const struct hone_span *span);

/* The row of a span in a view by symbols. */
struct hone_size_row *hone_size_span_row(const struct hone_size *s, struct hone_size_rows *rows,
	const struct hone_span *span, enum hone_size_by by, bool full);

#endif
