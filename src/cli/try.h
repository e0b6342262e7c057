#ifndef HONE_CLI_TRY_H
#define HONE_CLI_TRY_H
/* What `cargo hone try` found out, between building and measuring on one side and the tables on the
 * other. */
#include "artifact.h"
#include "measure.h"
#include "pick.h"
#include "session.h"

enum hone_trial_status {
	HONE_TRIAL_BUILT,
	HONE_TRIAL_FAILED,  /* did not build, crashed, or was refused by the check command */
	HONE_TRIAL_DIFFERS, /* does not do what the baseline does */
	HONE_TRIAL_TIMEOUT,
	HONE_TRIAL_NOT_RUN,
};
/* The words of the JSON contract. */
const char *hone_trial_status_text(enum hone_trial_status s);

struct hone_trial {
	const struct hone_candidate *candidate; /* borrowed */
	struct hone_plan *plan;
	struct hone_artifact *artifact; /* NULL when it did not build */
	enum hone_trial_status status;
	char *reason; /* NULL when built */
	size_t measured; /* index among the contestants; SIZE_MAX: was none */
};

struct hone_try {
	const struct hone_session *session; /* borrowed */
	struct hone_trial *trials;	    /* the baseline first */
	size_t n;
	struct hone_workload *workloads;
	size_t n_workloads;
	bool speed_measured;		  /* a workload was given, not only --version */
	struct hone_measurement *measured; /* NULL: nothing could be run */
	struct hone_picks picks;	  /* indices of trials */
	struct hone_measurement *confirmed; /* fresh rounds of the winners against the baseline, or NULL */
	size_t *confirmed_trials;	  /* trial of each contestant there */
	size_t n_confirmed;
	double started_ns_s, total_s, cargo_s; /* seconds: of all, inside cargo */
};
void hone_try_release(struct hone_try *t);

/* The contestant's estimate against the baseline over all workloads, or NULL. */
const struct hone_estimate *hone_try_estimate(const struct hone_try *t, size_t trial);

/* Tables and words for people (text, markdown, csv), and JSON by the contract of design.md. */
void hone_try_print(struct hone_cli *cli, const struct hone_try *t);
void hone_try_json(const struct hone_try *t, struct hone_buf *to);

#endif
