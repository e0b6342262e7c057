#include "mem.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

_Noreturn void hone_bug_at(const char *file, int line, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "hone: BUG at %s:%d: ", file, line);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	abort();
}

static _Noreturn void out_of_memory(size_t n)
{
	fprintf(stderr, "hone: out of memory (%zu bytes asked for)\n", n);
	abort();
}

void *hone_xmalloc(size_t n)
{
	void *p = malloc(n ? n : 1);

	if (!p)
		out_of_memory(n);
	return p;
}

void *hone_xcalloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size ? size : 1);

	if (!p)
		out_of_memory(hone_size_mul(n, size));
	return p;
}

void *hone_xrealloc(void *p, size_t n)
{
	void *q = realloc(p, n ? n : 1);

	if (!q)
		out_of_memory(n);
	return q;
}

char *hone_xstrndup(const char *s, size_t n)
{
	char *p = hone_xmalloc(hone_size_add(n, 1));

	memcpy(p, s, n);
	p[n] = '\0';
	return p;
}

char *hone_xstrdup(const char *s)
{
	return hone_xstrndup(s, strlen(s));
}

char *hone_xvasprintf(const char *fmt, va_list ap)
{
	char *p = NULL;

	if (vasprintf(&p, fmt, ap) < 0)
		out_of_memory(0);
	return p;
}

char *hone_xasprintf(const char *fmt, ...)
{
	va_list ap;
	char *p;

	va_start(ap, fmt);
	p = hone_xvasprintf(fmt, ap);
	va_end(ap);
	return p;
}

size_t hone_size_add(size_t a, size_t b)
{
	size_t r;

	if (__builtin_add_overflow(a, b, &r))
		hone_bug("size overflow: %zu + %zu", a, b);
	return r;
}

size_t hone_size_mul(size_t a, size_t b)
{
	size_t r;

	if (__builtin_mul_overflow(a, b, &r))
		hone_bug("size overflow: %zu * %zu", a, b);
	return r;
}

void hone_free_p(void *pp)
{
	void *p;

	memcpy(&p, pp, sizeof(p));
	free(p);
}

void hone_close_p(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

void *hone_vec_grow(void *v, size_t *cap, size_t size)
{
	*cap = *cap ? hone_size_mul(*cap, 2) : 8;
	return hone_xrealloc(v, hone_size_mul(*cap, size));
}
