/* What a search has found so far, as rows for a terminal: who waits wants to see what there is to choose from. */
#include "tune_impl.h"

#include "num.h"

#include <string.h>

/* Rows besides the head and the baseline. */
#define ROWS 6

static int by_size(const void *a, const void *b)
{
	const struct hone_front_point *x = a, *y = b;

	return (x->size > y->size) - (x->size < y->size);
}

/* Where size decides alone: the smallest first. */
static struct hone_front_point *sized(const struct hone_tune *t, size_t *ret_n)
{
	struct hone_front_point *v = hone_xcalloc(t->points.n + 1, sizeof(*v));
	size_t n = 0;

	for (size_t i = 0; i < t->points.n; i++)
		if (t->points.v[i].cost && t->points.v[i].allowed)
			v[n++] = (struct hone_front_point){(double)t->points.v[i].cost, 0, i};
	qsort(v, n, sizeof(*v), by_size);
	*ret_n = n;
	return v;
}

static void add_row(
	struct hone_buf *to, double size, double baseline, double ratio, const char *name)
{
	char bytes[HONE_NUM_TEXT];

	hone_buf_addf(to, "%14s  %6.3f", hone_text_count(bytes, (uint64_t)size), size / baseline);
	if (ratio > 0)
		hone_buf_addf(to, "  %6.3f", ratio);
	hone_buf_addf(to, "  %s\n", name);
}

void hone_tune_tell_so_far(const struct hone_tune *t)
{
	const struct hone_result_tune *r = t->result;
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	size_t n, all;
	hone_auto_free struct hone_front_point *v = hone_tune_front(r, &n);
	bool by_time = n > 0;
	double baseline = 0;

	if (!by_time) {
		free(v);
		v = sized(t, &n);
	}
	for (size_t i = 0; by_time && i < r->seen.n; i++)
		if (!*r->seen.v[i].recipe)
			baseline = (double)r->seen.v[i].bytes;
	if (!by_time && t->points.n)
		baseline = (double)t->points.v[0].cost;
	if (!n || !(baseline > 0))
		return;
	all = n;
	n = n < ROWS ? n : ROWS;
	hone_buf_addf(&text, "%14s  %6s  %scandidate\n", "so far: bytes", "ratio",
		by_time ? "  time  " : "");
	for (size_t i = 0; i < n; i++)
		add_row(&text, v[i].size, baseline, v[i].time,
			by_time ? r->seen.v[v[i].index].name
				: t->points.v[v[i].index].candidate->name);
	if (all > n)
		hone_buf_addf(&text, "%14s  %zu others\n", "", all - n);
	hone_events_so_far(t->all, hone_buf_str(&text));
}
