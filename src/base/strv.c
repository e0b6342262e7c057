#include "strv.h"

#include "buf.h"
#include "err.h"

#include <string.h>

void hone_strv_take(struct hone_strv *l, char *s)
{
	if (l->n + 1 >= l->cap)
		l->v = hone_vec_grow(l->v, &l->cap, sizeof(*l->v));
	l->v[l->n++] = s;
	l->v[l->n] = NULL;
}

void hone_strv_push(struct hone_strv *l, const char *s)
{
	hone_strv_take(l, hone_xstrdup(s));
}

void hone_strv_pushv(struct hone_strv *l, struct hone_view v)
{
	hone_strv_take(l, hone_view_dup(v));
}

void hone_strv_pushf(struct hone_strv *l, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	hone_strv_take(l, hone_xvasprintf(fmt, ap));
	va_end(ap);
}

void hone_strv_append(struct hone_strv *l, const char *const *list)
{
	for (; list && *list; list++)
		hone_strv_push(l, *list);
}

void hone_strv_copy(struct hone_strv *l, const struct hone_strv *from)
{
	hone_strv_append(l, hone_strv_argv(from));
}

bool hone_strv_has(const struct hone_strv *l, const char *s)
{
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->v[i], s) == 0)
			return true;
	return false;
}

static int by_text(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

void hone_strv_sort(struct hone_strv *l)
{
	if (l->n)
		qsort(l->v, l->n, sizeof(*l->v), by_text);
}

const char *const *hone_strv_argv(const struct hone_strv *l)
{
	static const char *const empty[] = {NULL};

	return l->v ? (const char *const *)l->v : empty;
}

void hone_strv_release(struct hone_strv *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->v[i]);
	free(l->v);
	*l = (struct hone_strv)HONE_STRV_INIT;
}

int hone_strv_split_words(struct hone_strv *l, const char *line, struct hone_err *err)
{
	hone_auto_buf struct hone_buf word = HONE_BUF_INIT;
	bool in_word = false;
	const char *p = line;

	while (*p) {
		if (*p == ' ' || *p == '\t' || *p == '\n') {
			if (in_word)
				hone_strv_take(l, hone_buf_detach(&word));
			in_word = false;
			p++;
			continue;
		}
		in_word = true;
		if (*p == '\'' || *p == '"') {
			char quote = *p;
			const char *open = p++;

			while (*p && *p != quote) {
				if (quote == '"' && *p == '\\' && p[1] && strchr("\"\\$`", p[1]))
					p++;
				hone_buf_addc(&word, *p++);
			}
			if (!*p)
				return hone_err_set(err, HONE_E_SYNTAX,
					"column %zu: this %c quote is never closed: %s",
					(size_t)(open - line) + 1, quote, line);
			p++;
		} else {
			if (*p == '\\' && p[1])
				p++;
			hone_buf_addc(&word, *p++);
		}
	}
	if (in_word)
		hone_strv_take(l, hone_buf_detach(&word));
	return 0;
}
