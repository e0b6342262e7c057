#include "result_page.h"

#include <string.h>

void hone_result_functions_release(struct hone_result_functions *f)
{
	for (size_t i = 0; i < f->n; i++) {
		free(f->rows[i].owner);
		free(f->rows[i].name);
		free(f->rows[i].sizes);
	}
	for (size_t i = 0; f->why && i < f->n_all; i++)
		free(f->why[i]);
	free(f->rows);
	free(f->trials);
	free(f->why);
	*f = (struct hone_result_functions)HONE_RESULT_FUNCTIONS_INIT;
}

static int by_name(const void *a, const void *b)
{
	const struct hone_result_function *x = a, *y = b;
	int order = strcmp(x->owner, y->owner);

	if (!order)
		order = (int)x->kind - (int)y->kind;
	return order ? order : strcmp(x->name, y->name);
}

/* The largest first; what has no name stays whatever its size. */
static int by_size(const void *a, const void *b)
{
	const struct hone_result_function *x = a, *y = b;

	if (!*x->name != !*y->name)
		return *x->name ? 1 : -1;
	return x->most != y->most ? (x->most < y->most ? 1 : -1) : by_name(a, b);
}

/* Rows of the same owner and name become one. */
static void merge(struct hone_result_functions *f)
{
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++) {
		struct hone_result_function *r = &f->rows[i], *to = n ? &f->rows[n - 1] : NULL;

		if (!to || by_name(to, r) != 0) {
			f->rows[n++] = *r;
			continue;
		}
		for (size_t k = 0; k < f->n_trials; k++)
			to->sizes[k] += r->sizes[k];
		free(r->owner);
		free(r->name);
		free(r->sizes);
	}
	f->n = n;
}

/* Bytes that a row takes as text: its name, a place for its owner, and a number for each trial. */
static size_t text_of(const struct hone_result_functions *f, const struct hone_result_function *r)
{
	return strlen(r->name) + 8 + 6 * f->n_trials;
}

void hone_result_functions_shorten(struct hone_result_functions *f, size_t limit)
{
	size_t used = 0;

	if (!f->n)
		return;
	qsort(f->rows, f->n, sizeof(*f->rows), by_name);
	merge(f);
	for (size_t i = 0; i < f->n; i++)
		for (size_t k = 0; k < f->n_trials; k++)
			if (f->rows[i].sizes[k] > f->rows[i].most)
				f->rows[i].most = f->rows[i].sizes[k];
	qsort(f->rows, f->n, sizeof(*f->rows), by_size);
	for (size_t i = 0; i < f->n; i++) {
		struct hone_result_function *r = &f->rows[i];

		used += text_of(f, r);
		if (used <= limit || !*r->name)
			continue;
		*r->name = '\0';
		f->small++;
	}
	qsort(f->rows, f->n, sizeof(*f->rows), by_name);
	merge(f);
}
