#include "buf.h"

#include <stdio.h>
#include <string.h>

static size_t limit_of(const struct hone_buf *b)
{
	return b->limit ? b->limit : HONE_BUF_DEFAULT_LIMIT;
}

/* Memory for n more bytes and a NUL; the limit is the caller's business. */
static void grow(struct hone_buf *b, size_t n)
{
	size_t need = hone_size_add(hone_size_add(b->n, n), 1);

	if (need <= b->cap)
		return;
	if (need < hone_size_mul(b->cap, 2))
		need = b->cap * 2;
	if (need < 64)
		need = 64;
	b->p = hone_xrealloc(b->p, need);
	b->cap = need;
}

void hone_buf_add_slowly(struct hone_buf *b, const void *p, size_t n)
{
	size_t left = limit_of(b) > b->n ? limit_of(b) - b->n : 0;

	if (n > left) {
		n = left;
		b->over = true;
	}
	grow(b, n);
	if (n)
		memcpy(b->p + b->n, p, n);
	b->n += n;
	b->p[b->n] = '\0';
}

void hone_buf_vaddf(struct hone_buf *b, const char *fmt, va_list ap)
{
	va_list again;
	char small[256];
	int n;

	va_copy(again, ap);
	n = vsnprintf(small, sizeof(small), fmt, ap);
	if (n < 0)
		hone_bug("bad format %s", fmt);
	if ((size_t)n < sizeof(small)) {
		hone_buf_add(b, small, (size_t)n);
	} else {
		hone_auto_free char *big = hone_xvasprintf(fmt, again);

		hone_buf_add(b, big, (size_t)n);
	}
	va_end(again);
}

void hone_buf_addf(struct hone_buf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	hone_buf_vaddf(b, fmt, ap);
	va_end(ap);
}

char *hone_buf_room(struct hone_buf *b, size_t n)
{
	if (limit_of(b) < b->n || limit_of(b) - b->n < n) {
		b->over = true;
		return NULL;
	}
	grow(b, n);
	return b->p + b->n;
}

void hone_buf_pad(struct hone_buf *b, char c, size_t n)
{
	char *p = hone_buf_room(b, n);

	if (!p)
		return;
	memset(p, c, n);
	b->n += n;
	b->p[b->n] = '\0';
}

void hone_buf_cut(struct hone_buf *b, size_t n)
{
	if (n >= b->n)
		return;
	b->n = n;
	b->p[n] = '\0';
}

const char *hone_buf_str(const struct hone_buf *b)
{
	return b->p ? b->p : "";
}

struct hone_view hone_buf_view(const struct hone_buf *b)
{
	return (struct hone_view){hone_buf_str(b), b->n};
}

char *hone_buf_detach(struct hone_buf *b)
{
	char *p = b->p ? b->p : hone_xstrdup("");

	*b = (struct hone_buf){.limit = b->limit};
	return p;
}

void hone_buf_reset(struct hone_buf *b)
{
	b->n = 0;
	b->over = false;
	if (b->p)
		b->p[0] = '\0';
}

void hone_buf_release(struct hone_buf *b)
{
	free(b->p);
	*b = (struct hone_buf){.limit = b->limit};
}
