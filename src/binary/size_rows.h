#ifndef HONE_BINARY_SIZE_ROWS_H
#define HONE_BINARY_SIZE_ROWS_H
/* Collects rows by name and kind. Internal to size*.c. */
#include "size.h"

struct hone_size_slot {
	uint64_t hash;
	uint32_t row; /* index + 1; 0: empty */
};

struct hone_size_rows {
	struct hone_size_row *v;
	size_t n, cap;
	struct hone_size_slot *slots; /* hash table */
	size_t n_slots;
	struct hone_buf name,
		generic; /* for whoever makes names, so that each needs no memory of its own */
};

/* The row of that name and kind, made when it is new; valid until the next call. */
struct hone_size_row *hone_size_rows_get(
	struct hone_size_rows *r, struct hone_view name, enum hone_size_kind kind);
/* Sorts, the largest first, and hands the rows to the table; r is empty then. */
void hone_size_rows_finish(struct hone_size_rows *r, struct hone_size_table *t);
void hone_size_rows_release(struct hone_size_rows *r);

#endif
