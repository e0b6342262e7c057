#ifndef HONE_TRIAL_TRY_KEEP_H
#define HONE_TRIAL_TRY_KEEP_H
/* Keeps a comparison while it is measured, so that one that was interrupted, however hard, goes on where it
 * was when the same command is given again. */
#include "store.h"
#include "try.h"

struct hone_keeper {
	struct hone_store *store; /* NULL: nothing is kept; that was said */
	const struct hone_try *t;
	const char *what; /* which of the try's comparisons: "comparison" or "confirmation" */
	char identity[HONE_HASH_TEXT];
	int64_t id;    /* of the unfinished comparison in the store; 0: none yet */
	size_t parts;  /* how much of it was kept beside the rounds */
	size_t rounds; /* of them in the store */
	int64_t at_ns; /* when they were kept last, on hone's clock */
	uint64_t seed;
	struct hone_measurement *resume;
	size_t looked; /* rounds at the last look at what must not change */
	bool first;    /* no workload has run yet in this process */
};

/* Before a comparison of these contestants: looks for what was interrupted (with t->fresh takes it away) and
 * fills seed, resume and on_done of *opts, which must have all else. Failure to use the store is a
 * warning. The keeper must outlive the comparison. */
void hone_keep_begin(struct hone_keeper *k, const struct hone_try *t, const char *what,
	const struct hone_contestant *contestants, const size_t *trials, size_t n,
	struct hone_measure_opts *opts);
/* Looks at what must not change, when the last look is some time ago or these were the last runs. HONE_E_CONFLICT. */
int hone_keep_look(
	struct hone_keeper *k, const struct hone_measurement *m, bool last, struct hone_err *err);
/* After it. An interrupted comparison, or one with rounds that ended in an error, stays in the store; else
 * *ret_finished is its number, to be taken away when the result is kept. 0: none. */
void hone_keep_end(struct hone_keeper *k, int error, const struct hone_measurement *m,
	struct hone_err *err, int64_t *ret_finished);

#endif
