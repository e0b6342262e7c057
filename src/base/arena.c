#include "arena.h"

#include <string.h>

struct hone_arena_block {
	struct hone_arena_block *next;
	size_t n, cap;
	_Alignas(max_align_t) char data[];
};

#define BLOCK_SIZE ((size_t)64 * 1024)

void *hone_arena_alloc(struct hone_arena *a, size_t n)
{
	struct hone_arena_block *b = a->head;
	bool own = false;
	void *p;

	n = hone_size_add(n, _Alignof(max_align_t) - 1) & ~(_Alignof(max_align_t) - 1);
	if (!b || b->cap - b->n < n) {
		size_t cap = n > BLOCK_SIZE / 4 ? n : BLOCK_SIZE;

		/* Most arenas of small documents use little of a block: only what is given out is cleared. */
		own = cap != BLOCK_SIZE;
		b = own ? hone_xcalloc(1, hone_size_add(sizeof(*b), cap))
			: hone_xmalloc(sizeof(*b) + cap);
		b->cap = cap;
		b->n = 0;
		/* A block of its own for a large object goes behind the one being filled. */
		if (a->head && own) {
			b->next = a->head->next;
			a->head->next = b;
		} else {
			b->next = a->head;
			a->head = b;
		}
	}
	p = b->data + b->n;
	b->n += n;
	a->used += n;
	return own ? p : memset(p, 0, n);
}

char *hone_arena_dup(struct hone_arena *a, struct hone_view v)
{
	char *p = hone_arena_alloc(a, hone_size_add(v.n, 1));

	if (v.n)
		memcpy(p, v.p, v.n);
	return p;
}

char *hone_arena_strdup(struct hone_arena *a, const char *s)
{
	return hone_arena_dup(a, hone_view_of(s));
}

char *hone_arena_printf(struct hone_arena *a, const char *fmt, ...)
{
	hone_auto_free char *s = NULL;
	va_list ap;

	va_start(ap, fmt);
	s = hone_xvasprintf(fmt, ap);
	va_end(ap);
	return hone_arena_strdup(a, s);
}

void hone_arena_release(struct hone_arena *a)
{
	while (a->head) {
		struct hone_arena_block *next = a->head->next;

		free(a->head);
		a->head = next;
	}
	a->used = 0;
}
