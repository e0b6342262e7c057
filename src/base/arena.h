#ifndef HONE_BASE_ARENA_H
#define HONE_BASE_ARENA_H
/* Memory that is freed all at once: for parse trees and data that lives as long as one command. */
#include "view.h"

struct hone_arena_block;
struct hone_arena {
	struct hone_arena_block *head;
	size_t used; /* bytes handed out in all */
};
#define HONE_ARENA_INIT                                                                            \
	{                                                                                          \
		0                                                                                  \
	}
#define hone_auto_arena __attribute__((cleanup(hone_arena_release)))

/* n zeroed bytes, aligned for any type; live until the arena is released. */
void *hone_arena_alloc(struct hone_arena *a, size_t n) __attribute__((returns_nonnull));
#define HONE_ARENA_NEW(arena, type) ((type *)hone_arena_alloc((arena), sizeof(type)))
char *hone_arena_strdup(struct hone_arena *a, const char *s);
char *hone_arena_dup(struct hone_arena *a, struct hone_view v);
char *hone_arena_printf(struct hone_arena *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void hone_arena_release(struct hone_arena *a);

#endif
