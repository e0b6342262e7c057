#ifndef HONE_RESULT_RESULT_BYTES_H
#define HONE_RESULT_RESULT_BYTES_H
/* Where the bytes of a file are, as plain data. All is borrowed. */
#include "size.h"
#include "size_advice.h"
#include "size_memory.h"
#include "stack.h"

struct hone_result_file {
	const char *name, *path; /* as typed; of the file */
	bool has_symbols;
	uint64_t gzip, zstd,
		brotli; /* 0: was not asked for, or is no module, or there is no brotli */
};

struct hone_result_bytes {
	struct hone_result_file files[2]; /* the second one of a diff */
	enum hone_size_by by;
	const struct hone_size_table *table;   /* of one file */
	const struct hone_size_diff *diff;     /* of two */
	const struct hone_advice_list *advice; /* or NULL */
	const char *const
		*remedies; /* of the advice, as it is typed here; an element may be NULL */
	const struct hone_memory *memory;
	const struct hone_stack *stack; /* NULL: it could not be estimated */
	/* What is shown. */
	size_t rows; /* the largest; SIZE_MAX: all */
	bool whole_names;
	const char *filter; /* what names hold, or NULL */
};

#endif
