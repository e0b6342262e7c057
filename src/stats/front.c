#include "front.h"

#include <math.h>
#include <stdlib.h>

static int by_size(const void *a, const void *b)
{
	const struct hone_front_point *x = a, *y = b;

	if (x->size != y->size)
		return x->size < y->size ? -1 : 1;
	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return (x->index > y->index) - (x->index < y->index);
}

size_t hone_front(struct hone_front_point *v, size_t n)
{
	double least = INFINITY;
	size_t kept = 0;

	if (n)
		qsort(v, n, sizeof(*v), by_size);
	for (size_t i = 0; i < n; i++) {
		if (v[i].time >= least)
			continue;
		least = v[i].time;
		v[kept++] = v[i];
	}
	return kept;
}

size_t hone_front_knee(const struct hone_front_point *front, size_t n)
{
	const struct hone_front_point *first = front, *last = front + (n ? n - 1 : 0);
	double most = 0;
	size_t knee = n;

	for (size_t i = 1; n > 2 && i + 1 < n; i++) {
		double x = log(front[i].size / first->size) / log(last->size / first->size);
		double y = log(front[i].time / last->time) / log(first->time / last->time);

		/* The chord is x + y = 1. */
		if (1 - x - y > most) {
			most = 1 - x - y;
			knee = i;
		}
	}
	return knee;
}
