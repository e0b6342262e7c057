#ifndef HONE_RESULT_RESULT_PAGE_H
#define HONE_RESULT_RESULT_PAGE_H
/* What the page of a run tells besides the run: functions, which are read from its artifacts, earlier runs, and how the
 * winners are rebuilt. */
#include "result_run.h"
#include "size.h"

struct hone_result_function {
	char *owner; /* the crate, or what stands in brackets */
	char *name; /* "": what of the owner is in no function, or in those that are not told apart */
	enum hone_size_kind kind; /* of the owner */
	uint64_t most;            /* the largest of sizes */
	uint64_t *sizes;          /* one for each trial that was read; 0: it is not in there */
};

/* Functions of some trials of a run. The rows of a trial sum to its file, or to its flash on a device, exactly. */
struct hone_result_functions {
	size_t *trials; /* indices of those that were read, in the run's order */
	size_t n_trials;
	struct hone_result_function
		*rows;   /* by owner and name; smaller ones of an owner are one row */
	size_t n, small; /* small: functions that are in such rows */
	char **why;      /* [n_all] why a trial has none; NULL: it has, or it was not to be read */
	size_t n_all;
};
#define HONE_RESULT_FUNCTIONS_INIT                                                                 \
	{                                                                                          \
		0                                                                                  \
	}
void hone_result_functions_release(struct hone_result_functions *f);
/* Makes one row of the smallest functions of each owner, so that the text of all rows takes about `limit` bytes. The rows
 * are sorted by owner and name then. */
void hone_result_functions_shorten(struct hone_result_functions *f, size_t limit);

/* How a winner is had. */
struct hone_result_next {
	const char *goal; /* "small", "fast", "balanced" */
	size_t trial;
	char *apply; /* the command that writes it into the project */
};

struct hone_result_page {
	const struct hone_result_run *run;
	const struct hone_result_functions *functions;
	const struct hone_result_run *past; /* heads of runs of the same program, newest first */
	size_t n_past, past_left_out;
	const struct hone_result_next *next;
	size_t n_next;
};
#endif
