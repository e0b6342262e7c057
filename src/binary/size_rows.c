#include "size_rows.h"

#include "hash.h"

#include <string.h>

static struct hone_size_slot *free_slot(const struct hone_size_rows *r, uint64_t hash)
{
	size_t at = hash % r->n_slots;
	while (r->slots[at].row)
		at = (at + 1) % r->n_slots;
	return &r->slots[at];
}

static void grow(struct hone_size_rows *r)
{
	struct hone_size_slot *old = r->slots;
	size_t n_old = r->n_slots;
	r->n_slots = n_old ? n_old * 2 : 1024;
	r->slots = hone_xcalloc(r->n_slots, sizeof *r->slots);
	for (size_t i = 0; i < n_old; i++)
		if (old[i].row)
			*free_slot(r, old[i].hash) = old[i];
	free(old);
}

struct hone_size_row *hone_size_rows_get(
	struct hone_size_rows *r, struct hone_view name, enum hone_size_kind kind)
{
	uint64_t hash = hone_hash_bytes(name).lo + kind;
	if (r->n * 2 >= r->n_slots)
		grow(r);
	size_t at = hash % r->n_slots;
	for (; r->slots[at].row; at = (at + 1) % r->n_slots) {
		struct hone_size_row *row = &r->v[r->slots[at].row - 1];
		if (r->slots[at].hash == hash && row->kind == kind && hone_view_is(name, row->name))
			return row;
	}
	hone_vec_push(r, (struct hone_size_row){.name = hone_view_dup(name), .kind = kind});
	r->slots[at] = (struct hone_size_slot){hash, (uint32_t)r->n};
	return &r->v[r->n - 1];
}

static int by_size(const void *a, const void *b)
{
	const struct hone_size_row *x = a, *y = b;
	if (x->size != y->size)
		return x->size > y->size ? -1 : 1;
	int c = strcmp(x->name, y->name);
	return c ? c : (int)x->kind - (int)y->kind;
}

void hone_size_rows_finish(struct hone_size_rows *r, struct hone_size_table *t)
{
	if (r->n > 0)
		qsort(r->v, r->n, sizeof *r->v, by_size);
	t->rows = r->v;
	t->n = r->n;
	r->v = NULL;
	r->n = 0;
	hone_size_rows_release(r);
}

void hone_size_rows_release(struct hone_size_rows *r)
{
	for (size_t i = 0; i < r->n; i++)
		free(r->v[i].name);
	free(r->v);
	free(r->slots);
	hone_buf_release(&r->name);
	hone_buf_release(&r->generic);
	*r = (struct hone_size_rows){0};
}

void hone_size_table_release(struct hone_size_table *t)
{
	for (size_t i = 0; i < t->n; i++)
		free(t->rows[i].name);
	free(t->rows);
	free(t->file);
	*t = (struct hone_size_table)HONE_SIZE_TABLE_INIT;
}
