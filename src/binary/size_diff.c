#include "size_rows.h"

#include <string.h>

static uint64_t magnitude(int64_t x)
{
	return x < 0 ? 0 - (uint64_t)x : (uint64_t)x;
}

static int by_change(const void *a, const void *b)
{
	const struct hone_size_diff_row *x = a, *y = b;
	if (magnitude(x->delta) != magnitude(y->delta))
		return magnitude(x->delta) > magnitude(y->delta) ? -1 : 1;
	int c = strcmp(x->name, y->name);
	return c ? c : (int)x->kind - (int)y->kind;
}

struct hone_size_diff hone_size_diff(
	const struct hone_size_table *old, const struct hone_size_table *new)
{
	struct hone_size_diff d = {.old_size = old->size,
		.new_size = new->size,
		.delta = (int64_t)(new->size - old->size),
		.by = new->by};
	/* size holds the old bytes, code the new ones. */
	struct hone_size_rows both = {0};
	for (size_t i = 0; i < old->n; i++)
		hone_size_rows_get(&both, hone_view_of(old->rows[i].name), old->rows[i].kind)
			->size += old->rows[i].size;
	for (size_t i = 0; i < new->n; i++)
		hone_size_rows_get(&both, hone_view_of(new->rows[i].name), new->rows[i].kind)
			->code += new->rows[i].size;
	d.rows = hone_xcalloc(both.n + 1, sizeof *d.rows);
	for (size_t i = 0; i < both.n; i++) {
		struct hone_size_row *r = &both.v[i];
		if (r->size == r->code)
			continue;
		d.rows[d.n++] = (struct hone_size_diff_row){.name = HONE_TAKE(r->name),
			.kind = r->kind,
			.old_size = r->size,
			.new_size = r->code,
			.delta = (int64_t)(r->code - r->size)};
	}
	if (d.n > 0)
		qsort(d.rows, d.n, sizeof *d.rows, by_change);
	hone_size_rows_release(&both);
	return d;
}

void hone_size_diff_release(struct hone_size_diff *d)
{
	for (size_t i = 0; i < d->n; i++)
		free(d->rows[i].name);
	free(d->rows);
	*d = (struct hone_size_diff)HONE_SIZE_DIFF_INIT;
}
