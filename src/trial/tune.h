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
	HONE_TUNE_BROTLI, /* of WebAssembly */
	HONE_TUNE_RAM,
	HONE_TUNE_METRICS, /* how many there are */
};
/* "size", "stripped", ...; ends with NULL. */
extern const char *const hone_tune_metrics[HONE_TUNE_METRICS + 1];

/* What is asked for. All is borrowed. */
struct hone_tune_request {
	enum hone_goal goal;
	bool balanced; /* with the goal fast: the smallest that is not much slower than the fastest */
	enum hone_tune_metric metric;
	unsigned allowed, denied; /* labels let in besides those of the presets, and kept out */
	const struct hone_candidate *pins; /* values that stay; or NULL */
	const struct hone_strv *only,
		*skip;   /* canonical keys that alone are, or are not, searched */
	size_t builds;   /* most that compile something; 0: no limit */
	double budget_s; /* of the search and its proof; 0: none */
	double run_s; /* of one run of all workloads, where all end by themselves; 0: not known */
	double within; /* balanced may be so much slower than the fastest; 0: HONE_RULE_BALANCED_MARGIN */
	bool quick; /* known recipes and links only */
};

/* How much slower than the fastest the balanced one may be. */
double hone_tune_within(const struct hone_tune_request *r);

/* For goals that time decides. */
struct hone_tune_runs {
	/* Loads the workloads into a comparison, which then owns them. */
	int (*workloads)(void *ctx, struct hone_try *t, struct hone_err *err);
	void *ctx;
	const struct hone_try_request
		*measure; /* how its rounds are run; its candidates are not read */
};

/* Before a search, of which it fills in run_s: builds the baseline and runs its workloads once, so that what fails is not found out at the end; where time
 * decides, warns of workloads that hardly compute. Without workloads nothing is done. Errors as hone_try_run. */
int hone_tune_begin(struct hone_session *s, struct hone_tune_request *r,
	const struct hone_tune_runs *runs, struct hone_err *err);
/* The search, in an open session. runs: NULL where bytes decide. ret is filled with what was found also where the search is interrupted
 * (HONE_E_INTERRUPTED): then its best so far, or no recipe. HONE_E_FAILED: the baseline does not build; HONE_E_USAGE: the program
 * has no such metric. */
int hone_tune(struct hone_session *s, const struct hone_tune_request *r,
	const struct hone_tune_runs *runs, struct hone_result_tune *ret, struct hone_err *err);
/* After hone_tune_prove: does the result hold in the fresh rounds? Where another of the candidates there does, that becomes
 * the result. false: keep what you have. */
bool hone_tune_settle(const struct hone_tune_request *r, const struct hone_try *t,
	struct hone_result_tune *found);
/* Holds the result against the baseline and the recipe that was known before, as `try` does: workloads of t are run, behaviour
 * is compared, given->measure counts. What it found out is in t. Where the result has other bytes now than in the search, these
 * count, and a warning says so. */
int hone_tune_prove(struct hone_try *t, struct hone_result_tune *found,
	const struct hone_try_request *given, struct hone_err *err);

/* Fills in what each setting of a proved result is worth: the result without it is built and runs beside it, the cheapest
 * first, as many as are estimated to be built, and run, in so many seconds; of the others it is not known. Errors as
 * hone_try_run. */
int hone_tune_time_shares(const struct hone_session *session, const struct hone_tune_runs *runs,
	double most_s, struct hone_result_tune *found, struct hone_err *err);

/* Is it a command without the program in it, which is run once for the result? */
bool hone_tune_verifies_alone(const struct hone_strv *words);
/* Runs it in the package's folder, with the profile keys of the trial in CARGO_PROFILE_* variables (for the profile that was tuned,
 * dev and test) and the file in HONE_BIN. HONE_E_FAILED: it did not succeed. */
int hone_tune_verify(const struct hone_session *s, const struct hone_trial *trial,
	const struct hone_strv *words, struct hone_err *err);

#endif
