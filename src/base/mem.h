#ifndef HONE_BASE_MEM_H
#define HONE_BASE_MEM_H
/* Memory that cannot be refused, checked sizes, and cleanup of locals.
 *
 * Running out of memory aborts (inputs are capped long before); a bug in hone aborts with file
 * and line, in release builds too. Sizes are only added and multiplied by the checked functions.
 * This is a low-level primitive: it knows only libc. */
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* Stops the program because hone itself is wrong: prints file:line and the message, aborts. */
#define hone_bug(...) hone_bug_at(__FILE__, __LINE__, __VA_ARGS__)
_Noreturn void hone_bug_at(const char *file, int line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* malloc, calloc, realloc, strdup, strndup, asprintf that abort instead of returning NULL.
 * The caller frees. */
void *hone_xmalloc(size_t n) __attribute__((malloc, returns_nonnull));
void *hone_xcalloc(size_t n, size_t size) __attribute__((malloc, returns_nonnull));
void *hone_xrealloc(void *p, size_t n) __attribute__((returns_nonnull));
char *hone_xstrdup(const char *s) __attribute__((malloc, returns_nonnull));
char *hone_xstrndup(const char *s, size_t n) __attribute__((malloc, returns_nonnull));
char *hone_xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2), returns_nonnull));
char *hone_xvasprintf(const char *fmt, va_list ap)
	__attribute__((format(printf, 1, 0), returns_nonnull));

/* a + b and a * b; abort on overflow. */
size_t hone_size_add(size_t a, size_t b);
size_t hone_size_mul(size_t a, size_t b);

/* One zeroed object of a type: struct x *p = HONE_NEW(struct x); the caller frees. */
#define HONE_NEW(type) ((type *)hone_xcalloc(1, sizeof(type)))

/* Locals that free or close themselves at the end of their scope. */
void hone_free_p(void *pp);
void hone_close_p(int *fd);
#define hone_auto_free __attribute__((cleanup(hone_free_p)))
#define hone_auto_close __attribute__((cleanup(hone_close_p)))

/* Hands out what a hone_auto_free local holds and leaves NULL behind. */
#define HONE_TAKE(p)                                                                               \
	({                                                                                         \
		__typeof__(p) hone_taken_ = (p);                                                   \
		(p) = NULL;                                                                        \
		hone_taken_;                                                                       \
	})

#define HONE_COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* A growing array of any type: HONE_VEC(struct x) v = {0}; hone_vec_push(&v, value);
 * v.v[i], v.n; hone_vec_release(&v) frees the array, not what its elements own. */
#define HONE_VEC(type)                                                                             \
	struct {                                                                                   \
		type *v;                                                                           \
		size_t n, cap;                                                                     \
	}
#define hone_vec_push(vec, ...)                                                                    \
	do {                                                                                       \
		if ((vec)->n == (vec)->cap)                                                        \
			(vec)->v = hone_vec_grow((vec)->v, &(vec)->cap, sizeof(*(vec)->v));        \
		(vec)->v[(vec)->n++] = (__VA_ARGS__);                                              \
	} while (0)
#define hone_vec_release(vec)                                                                      \
	do {                                                                                       \
		free((vec)->v);                                                                    \
		(vec)->v = NULL;                                                                   \
		(vec)->n = (vec)->cap = 0;                                                         \
	} while (0)
void *hone_vec_grow(void *v, size_t *cap, size_t size) __attribute__((returns_nonnull));

#endif
