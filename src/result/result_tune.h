#ifndef HONE_RESULT_RESULT_TUNE_H
#define HONE_RESULT_RESULT_TUNE_H
/* What a search found, and the way there, as plain data. All texts are its own. */
#include "mem.h"
#include "view.h"

/* A step of the search that found something better. */
struct hone_tune_step {
	char *what;             /* "recipes to start from", "links", "package levels", ... */
	char *change;           /* what is other than before: "link.icf=\"all\", strip unset" */
	uint64_t before, after; /* what was to be made smaller; where time decides, of the file */
	double ratio;           /* of the baseline's time, where that decides; else 0 */
	size_t tried;           /* candidates of the step */
};

/* What a setting of the winner is worth: the winner without it, built. */
struct hone_tune_share {
	char *key, *value;       /* value: TOML text */
	int64_t bytes;           /* so many more without it */
	double ratio, low, high; /* its time without it, of the result's; 0: not measured */
	bool known; /* it was built; else `why` says why not, or the search ended before */
	char *why;  /* or NULL */
};

/* A candidate that did not come out. */
struct hone_tune_out {
	char *candidate, *reason;
};

/* A candidate that was built: what it costs. */
struct hone_tune_seen {
	char *name, *recipe;
	uint64_t bytes;          /* in the metric; where time decides, of the file */
	double ratio, low, high; /* of the baseline's time; 0: it was not measured */
	double cpu_s;            /* that building it took, now or before; 0: not known */
	bool allowed;            /* all its labels were let in */
	bool compiled;           /* something was compiled for it now */
	bool front;              /* no other allowed one is as small and as fast */
	bool knee;               /* the best trade of the front: hone_front_knee */
};

struct hone_result_tune {
	const char *goal, *metric; /* static: "small"; "size", "flash", "gzip", ... */
	char *name;                /* of the result: "tuned-small" */
	char *recipe;              /* canonical; "" when nothing is better than the baseline */
	char *fixed; /* the recipe that comes closest of those known before: "smallest"; NULL: none */
	char *knee; /* recipe of the knee of the front, canonical; NULL: it has none */
	uint64_t baseline, fixed_cost, best; /* in the metric; fixed_cost 0: there is none */
	const char *ended; /* why before its end: "builds", "budget", "interrupted"; or NULL */
	size_t candidates; /* that were built or linked */
	size_t builds;     /* of them, in which something was compiled */
	double s;
	double ratio, low,
		high;  /* of the baseline's time, where that decides, from fresh rounds; else 0 */
	double within; /* balanced: so much slower than the fastest it may be; else 0 */
	HONE_VEC(struct hone_tune_seen) seen;
	HONE_VEC(struct hone_tune_step) steps;
	HONE_VEC(struct hone_tune_share) shares;
	HONE_VEC(struct hone_tune_out) out;
};
void hone_result_tune_release(struct hone_result_tune *t);

#endif
