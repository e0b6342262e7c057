#ifndef HONE_BINARY_SIZE_SOURCE_H
#define HONE_BINARY_SIZE_SOURCE_H
/* The view by source file. Internal to size*.c. */
#include "size_model.h"
#include "size_rows.h"

/* Adds a row for each source file that line tables give code to; covered[piece] gets the bytes of
 * each piece that are in these rows. HONE_E_NOT_FOUND: no debug information. */
int hone_size_add_files(struct hone_size *s, bool full, struct hone_size_rows *rows,
	uint64_t *covered, struct hone_err *err);

#endif
