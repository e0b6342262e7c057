/* Functions that are one piece of source: instances of a generic, and what types have of one trait, derived or written. */
#include "check_groups.h"

#include <stdlib.h>
#include <string.h>

/* The end of what begins with '<' at p: behind its '>'. */
static const char *skip_angles(const char *p)
{
	unsigned depth = 0;

	for (; *p; p++) {
		if (*p == '-' && p[1] == '>')
			p++;
		else if (*p == '<')
			depth++;
		else if (*p == '>' && --depth == 0)
			return p + 1;
	}
	return p;
}

/* Appends [p, end) without what stands in angles, and without "::" before it. */
static void add_plain(struct hone_buf *to, const char *p, const char *end)
{
	size_t from = to->n;

	while (p < end) {
		if (*p == '<') {
			p = skip_angles(p);
			if (to->n >= from + 2 && memcmp(to->p + to->n - 2, "::", 2) == 0 &&
				(p >= end || *p != ':'))
				to->n -= 2;
			else if (to->n >= from + 2 && memcmp(to->p + to->n - 2, "::", 2) == 0)
				p += strncmp(p, "::", 2) == 0 ? 2 : 0;
			continue;
		}
		hone_buf_addc(to, *p++);
	}
	if (to->p)
		to->p[to->n] = '\0';
}

/* Where " as " stands within the outermost angles of a name, or NULL. */
static const char *find_as(const char *name, const char *end)
{
	unsigned depth = 0;

	for (const char *p = name; p < end; p++) {
		if (*p == '-' && p[1] == '>')
			p++;
		else if (*p == '<')
			depth++;
		else if (*p == '>')
			depth--;
		else if (depth == 1 && strncmp(p, " as ", 4) == 0)
			return p;
	}
	return NULL;
}

void hone_check_group_name(const char *name, struct hone_buf *to)
{
	const char *end = name + strlen(name), *inner, *as;

	if (*name != '<') {
		add_plain(to, name, end);
		return;
	}
	inner = skip_angles(name);
	if (inner[-1] != '>') {
		hone_buf_adds(to, name);
		return;
	}
	as = find_as(name, inner);
	if (as)
		add_plain(to, as + 4, inner > as + 4 ? inner - 1 : inner);
	else
		add_plain(to, name + 1, inner > name + 1 ? inner - 1 : inner);
	add_plain(to, inner, end);
}

static int by_name(const void *a, const void *b)
{
	const struct hone_check_group *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static int by_growth(const void *a, const void *b)
{
	const struct hone_check_group *x = a, *y = b;

	if (x->delta != y->delta)
		return x->delta < y->delta ? 1 : -1;
	return strcmp(x->name, y->name);
}

void hone_check_groups_make(const struct hone_result_check *c, struct hone_check_groups *ret)
{
	size_t n = 0, kept = 0;

	*ret = (struct hone_check_groups){0};
	ret->v = hone_xcalloc(c->n_functions + 1, sizeof(*ret->v));
	for (size_t i = 0; i < c->n_functions; i++) {
		const struct hone_check_change *x = &c->functions[i];
		hone_auto_buf struct hone_buf name = HONE_BUF_INIT;

		if (!*x->name)
			continue;
		hone_check_group_name(x->name, &name);
		ret->v[n++] = (struct hone_check_group){
			.name = hone_arena_strdup(&ret->arena, hone_buf_str(&name)),
			.delta = x->delta,
			.functions = 1,
			.more = (int64_t)x->head_items - (int64_t)x->base_items};
	}
	if (n)
		qsort(ret->v, n, sizeof(*ret->v), by_name);
	for (size_t i = 0; i < n; i++) {
		if (kept && strcmp(ret->v[kept - 1].name, ret->v[i].name) == 0) {
			ret->v[kept - 1].delta += ret->v[i].delta;
			ret->v[kept - 1].functions++;
			ret->v[kept - 1].more += ret->v[i].more;
		} else {
			ret->v[kept++] = ret->v[i];
		}
	}
	for (size_t i = 0; i < kept; i++)
		if ((ret->v[i].functions > 1 || ret->v[i].more > 1) && ret->v[i].delta > 0)
			ret->v[ret->n++] = ret->v[i];
	if (ret->n)
		qsort(ret->v, ret->n, sizeof(*ret->v), by_growth);
}

void hone_check_groups_release(struct hone_check_groups *g)
{
	free(g->v);
	hone_arena_release(&g->arena);
	*g = (struct hone_check_groups){0};
}
