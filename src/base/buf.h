#ifndef HONE_BASE_BUF_H
#define HONE_BASE_BUF_H
/* A growing byte buffer, always NUL-terminated, never NULL once written to, with a largest size.
 * Appending past the limit drops the rest and sets over, which stays set: check it once at the
 * end. This is a low-level primitive: it must not call anything outside base/. */
#include "view.h"

#include <stdarg.h>
#include <string.h>

struct hone_buf {
	char *p;
	size_t n, cap;
	size_t limit; /* largest n; 0 means HONE_BUF_DEFAULT_LIMIT */
	bool over;    /* something was dropped because of the limit */
};
#define HONE_BUF_DEFAULT_LIMIT ((size_t)1 << 30)
#define HONE_BUF_INIT                                                                              \
	{                                                                                          \
		0                                                                                  \
	}
#define hone_auto_buf __attribute__((cleanup(hone_buf_release)))

/* Where there is room already, which is nearly always, appending is a copy in place. */
void hone_buf_add_slowly(struct hone_buf *b, const void *p, size_t n);
static inline void hone_buf_add(struct hone_buf *b, const void *p, size_t n)
{
	if (n >= b->cap - b->n || b->limit || b->cap > HONE_BUF_DEFAULT_LIMIT || !n) {
		hone_buf_add_slowly(b, p, n);
		return;
	}
	memcpy(b->p + b->n, p, n);
	b->n += n;
	b->p[b->n] = '\0';
}
static inline void hone_buf_adds(struct hone_buf *b, const char *s)
{
	hone_buf_add(b, s, strlen(s));
}
static inline void hone_buf_addv(struct hone_buf *b, struct hone_view v)
{
	hone_buf_add(b, v.p, v.n);
}
static inline void hone_buf_addc(struct hone_buf *b, char c)
{
	hone_buf_add(b, &c, 1);
}
void hone_buf_addf(struct hone_buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void hone_buf_vaddf(struct hone_buf *b, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));
/* n times the same byte. */
void hone_buf_pad(struct hone_buf *b, char c, size_t n);
/* Makes room for n more bytes at p + b->n; the caller writes them and raises b->n. NULL when the
 * limit forbids it. */
char *hone_buf_room(struct hone_buf *b, size_t n);
/* Shortens to n bytes. */
void hone_buf_cut(struct hone_buf *b, size_t n);
/* The content as a C string; "" when nothing was ever written. Borrowed. */
const char *hone_buf_str(const struct hone_buf *b);
struct hone_view hone_buf_view(const struct hone_buf *b);
/* Gives the content away (never NULL; the caller frees) and leaves the buffer empty. */
char *hone_buf_detach(struct hone_buf *b);
/* Empties it, keeps the memory; clears over. */
void hone_buf_reset(struct hone_buf *b);
void hone_buf_release(struct hone_buf *b);

#endif
