#ifndef HONE_TRIAL_TRY_BESIDE_IMPL_H
#define HONE_TRIAL_TRY_BESIDE_IMPL_H
/* Builds beside each other: their state, and which one is next. Only for try_beside*.c. */
#include "ahead.h"
#include "jobs.h"
#include "rules.h"
#include "try.h"
#include "worker.h"

enum hone_side_state { HONE_SIDE_WAITS, HONE_SIDE_RUNS, HONE_SIDE_RAN, HONE_SIDE_DONE };

struct hone_side {
	size_t trial;
	uint64_t memory; /* that it may need */
	unsigned units;  /* that are done */
	bool killed;     /* a compiler of it was */
	unsigned counts; /* profiles of it that are there, which others may use, too */
};

struct hone_sides {
	struct hone_try *t;
	struct hone_jobs jobs;
	char *session, *flags;
	enum hone_side_state *states; /* of trials */
	double *builds;               /* of trials: how many each takes */
	unsigned *slots;              /* where they were built */
	unsigned width;               /* how many may run; also how many slots there are */
	bool alone; /* one at a time: memory ran out, or build scripts write where others read */
	const struct hone_ahead *given; /* how the session wants it (shard.h), or NULL */
	bool shares;                    /* what is the same is compiled once */
	int64_t start;
	bool has_scripts; /* packages of the user's have build scripts; the first build tells what these write */
	size_t running;
	struct hone_side sides[HONE_RULE_BUILDS_MOST];      /* by slot */
	struct hone_worker *workers[HONE_RULE_BUILDS_MOST]; /* the same; NULL: it is free */
	unsigned idle_looks;                                /* at which a job lay idle, in a row */
	size_t built;
};

struct hone_side_next {
	size_t trial;
	unsigned slot;
	bool is_found; /* an earlier try built it with these dependencies: cargo has little to do, and wants no job for it */
};

/* Which one begins next; false: none can now. */
bool hone_sides_next(const struct hone_sides *b, struct hone_side_next *ret);
/* How much memory one may need; is it there, beside what runs? */
bool hone_sides_memory(const struct hone_sides *b, size_t trial, uint64_t *ret);

#endif
