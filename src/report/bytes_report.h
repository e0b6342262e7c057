#ifndef HONE_REPORT_BYTES_REPORT_H
#define HONE_REPORT_BYTES_REPORT_H
/* What tables and trees of bytes share: which rows are shown. */
#include "documents.h"

bool hone_bytes_matches(const struct hone_result_bytes *v, const char *name);
/* Rows that are not shown become one, so that what is shown still sums to the file. The caller frees .rows. */
struct hone_size_table hone_bytes_shorten(
	const struct hone_result_bytes *v, struct hone_size_row *ret_rest, size_t *ret_n_rest);
struct hone_size_diff_row hone_bytes_diff_rest(const struct hone_result_bytes *v, size_t *ret_n);
/* A number, also when it is 0. */
void hone_bytes_cell(struct hone_table *t, uint64_t n);

#endif
