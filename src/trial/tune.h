#ifndef HONE_TRIAL_TUNE_H
#define HONE_TRIAL_TUNE_H
/* A search for the best candidate of a goal: docs/internals/search.md. It builds as `try` does, so that every figure is
 * exact, and what an earlier search built is found again. */
#include "result_tune.h"
#include "space.h"
#include "try.h"

/* What is to be made smaller. */
enum hone_tune_metric {
	HONE_TUNE_SIZE, /* of the file; of a device's program its flash */
	HONE_TUNE_STRIPPED,
	HONE_TUNE_GZIP,
	HONE_TUNE_ZSTD,
	HONE_TUNE_RAM,
	HONE_TUNE_METRICS, /* how many there are */
};
/* "size", "stripped", ...; ends with NULL. */
extern const char *const hone_tune_metrics[HONE_TUNE_METRICS + 1];

/* What is asked for. All is borrowed. */
struct hone_tune_request {
	enum hone_goal goal;
	enum hone_tune_metric metric;
	unsigned allowed, denied; /* labels let in besides those of the presets, and kept out */
	const struct hone_candidate *pins; /* values that stay; or NULL */
	const struct hone_strv *only,
		*skip;   /* canonical keys that alone are, or are not, searched */
	size_t builds;   /* most that compile something; 0: no limit */
	double budget_s; /* 0: none */
	bool quick;      /* known recipes and links only */
};

/* The search, in an open session. ret is filled with what was found also where the search is interrupted
 * (HONE_E_INTERRUPTED): then its best so far. HONE_E_FAILED: the baseline does not build. */
int hone_tune(struct hone_session *s, const struct hone_tune_request *r,
	struct hone_result_tune *ret, struct hone_err *err);
/* Holds the result against the baseline and the recipe that was known before, as `try` does: workloads of t are run, behaviour
 * is compared, given->measure counts. What it found out is in t. */
int hone_tune_prove(struct hone_try *t, const struct hone_result_tune *found,
	const struct hone_try_request *given, struct hone_err *err);

#endif
