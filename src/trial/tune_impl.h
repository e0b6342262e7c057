#ifndef HONE_TRIAL_TUNE_IMPL_H
#define HONE_TRIAL_TUNE_IMPL_H
/* The parts of a search. Only for tune*.c. */
#include "front.h"
#include "tune.h"

#define HONE_TUNE_NONE SIZE_MAX
/* Levels that a package may get, of which it has one already. */
#define HONE_TUNE_LEVELS 3

/* A candidate that was built, or could not be. */
struct hone_tune_point {
	struct hone_candidate *candidate;
	char *canonical;
	uint64_t cost; /* in the metric; 0: it did not come out */
	bool allowed;  /* all its labels, those of what its file lost too, were let in */
	bool compiled; /* something was, for it, now */
	double cpu_s;  /* that building it took, now or before */
	unsigned labels;
	struct hone_size_table bytes; /* by crate */
};

/* How long builds take beside what was expected: of those that were just made. */
struct hone_tune_pace {
	double estimated_s, taken_s;
	double load; /* before the first build: by what else runs here; 0: not looked at yet */
	bool said;   /* that the budget is over */
};

struct hone_tune {
	struct hone_session session; /* a copy, whose events do not tell every plan */
	struct hone_events events;
	const struct hone_events *all; /* those of the caller */
	const struct hone_tune_request *request;
	struct hone_result_tune *result;
	unsigned let_in;                         /* labels */
	HONE_VEC(struct hone_tune_point) points; /* the baseline first */
	size_t best, fixed;
	struct hone_artifact *base;
	int64_t start;
	struct hone_tune_pace pace;
	char lead[160]; /* where time decides, what leads so far, for people; else empty */
};

/* Candidates that a step builds; owned. */
struct hone_tune_list {
	struct hone_candidates candidates;
	size_t *places; /* [candidates.n] once they are built: indices of points, or HONE_TUNE_NONE */
};
void hone_tune_list_release(struct hone_tune_list *l);
/* Adds a copy of a candidate with another value (NULL: without one). */
struct hone_candidate *hone_tune_add(struct hone_tune_list *l, const struct hone_candidate *from,
	const struct hone_setting *s, const char *package, const char *value);

/* Builds what of the list is not known yet and may be built: labels, pins, limits. What does not come out is no error. */
int hone_tune_build(struct hone_tune *t, struct hone_tune_list *l, struct hone_err *err);
const struct hone_candidate *hone_tune_best(const struct hone_tune *t);
/* Remembers why a candidate is out. */
void hone_tune_out(struct hone_tune *t, const struct hone_candidate *c, const char *reason);
/* Of the points of the list the best that is allowed and smaller than the best so far by more than a tie (share 0: by any
 * byte); HONE_TUNE_NONE: none is. */
size_t hone_tune_better(const struct hone_tune *t, const struct hone_tune_list *l, double tie);
/* Makes a point the best one, which is a step of the way. */
void hone_tune_take(struct hone_tune *t, size_t point, const char *what, size_t tried);

/* ---- limits and telling (tune_limits.c, tune_live.c) */

/* So many times what is estimated do builds take now. */
double hone_tune_slowness(struct hone_tune *t);
/* Builds that were estimated to take so long took so long. */
void hone_tune_learn(struct hone_tune *t, double estimated_s, double taken_s);
double hone_tune_elapsed_s(const struct hone_tune *t);
/* Of a budget, which there is: seconds before its last comparison has to begin; may be below 0. */
double hone_tune_left_s(const struct hone_tune *t);
/* Do builds that are estimated to take so long end in so many seconds? */
bool hone_tune_fits(struct hone_tune *t, double estimated_s, double left_s);
/* How many of the plans, of which the first is there already, a limit lets through: of builds, or of time, of which it
 * says then that the search ended by it. *ret_s: how long they are estimated to take. */
int hone_tune_count_fitting(struct hone_tune *t, const struct hone_plan *const *plans, size_t *n,
	double *ret_s, struct hone_err *err);
/* After builds: a budget that is over by more than HONE_RULE_TUNE_OVERRUN, with the build that took longest. Once. */
void hone_tune_say_overrun(struct hone_tune *t, const struct hone_try *built);
/* Tells what there is so far: of what was timed the front, else the smallest, beside the baseline (tune_so_far.c). */
void hone_tune_tell_so_far(const struct hone_tune *t);
/* Makes the search's session tell less than every build, to `all` (or NULL). */
void hone_tune_listen(struct hone_tune *t, const struct hone_events *all);
/* Remembers what a candidate was measured or counted to be; a later call of the same recipe replaces it. */
void hone_tune_see(struct hone_result_tune *r, const struct hone_tune_seen *seen);
/* The same of all that a comparison measured, in its fresh rounds where there are some. */
void hone_tune_see_all(struct hone_result_tune *r, const struct hone_try *t);
/* Of what was timed and let in all that is neither larger nor slower than another, the smallest first; the index is that in
 * seen. The caller frees. */
struct hone_front_point *hone_tune_front(const struct hone_result_tune *r, size_t *ret_n);
/* Marks what of all that was seen is on the front, and its knee, whose recipe becomes the result's. */
void hone_tune_take_knee(struct hone_result_tune *r);

/* ---- what may be built, and its words (tune_space.c, tune_name.c) */

/* May the search give the setting this value: by only, skip and pins, labels, and what the target has? */
bool hone_tune_may(const struct hone_tune *t, const struct hone_setting *s, const char *value);
/* Takes out of a candidate what the search may not have, and sets the pins. */
void hone_tune_adapt(const struct hone_tune *t, struct hone_candidate *c);
/* Gives a candidate another one's words for the linker. */
void hone_tune_copy_links(const struct hone_candidate *from, struct hone_candidate *to);
/* Names a candidate so that it can be typed: by a known recipe, and what is other than there. */
void hone_tune_name(const struct hone_tune *t, struct hone_candidate *c);
/* What one recipe has otherwise than another, for people. The caller frees. */
char *hone_tune_change(const struct hone_candidate *from, const struct hone_candidate *to);

/* The whole search where time decides (tune_fast.c). */
int hone_tune_race(struct hone_tune *t, const struct hone_tune_runs *runs, struct hone_err *err);

/* ---- the steps (tune_small.c, tune_packages.c, tune_share.c) */
int hone_tune_start(struct hone_tune *t, struct hone_err *err);
int hone_tune_links(struct hone_tune *t, struct hone_err *err);
int hone_tune_descend(struct hone_tune *t, struct hone_err *err);
int hone_tune_packages(struct hone_tune *t, struct hone_err *err);
/* Takes out of the best what it is no larger without, and fills in the shares of the rest. */
int hone_tune_shares(struct hone_tune *t, struct hone_err *err);
/* Before anything is built: HONE_E_USAGE where the program has no such metric. */
int hone_tune_check_metric(
	const struct hone_session *s, const struct hone_tune_request *r, struct hone_err *err);
/* Says what there is to build, before the first build; later what is left of it, by what builds have taken so far. */
int hone_tune_say_plan(struct hone_tune *t, struct hone_err *err);

#endif
