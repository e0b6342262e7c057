#ifndef HONE_STATS_FRONT_H
#define HONE_STATS_FRONT_H
/* What cannot be had smaller without being slower, nor faster without being larger. Pure. */
#include <stdbool.h>
#include <stddef.h>

/* Less is better in both; both are above 0. */
struct hone_front_point {
	double size, time;
	size_t index; /* the caller's own */
};

/* Sorts by size and leaves in v only those that no other one is at least as good as in both (of equals the first); returns
 * how many these are, the smallest first. */
size_t hone_front(struct hone_front_point *v, size_t n);
/* The knee of a front: the point that lies furthest below the chord from its smallest to its fastest, with the logarithms of
 * both axes taken from 0 to 1. n where none lies below it, or there are fewer than three. */
size_t hone_front_knee(const struct hone_front_point *front, size_t n);

#endif
