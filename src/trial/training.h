#ifndef HONE_TRIAL_TRAINING_H
#define HONE_TRIAL_TRAINING_H
/* Candidates with train.* settings: from their plan to one that can be built, by way of an instrumented
 * build, training runs and a profile, which is kept. */
#include "artifact.h"
#include "profdata.h"
#include "session.h"
#include "workload.h"

/* What a program is trained with. */
struct hone_training {
	struct hone_workload
		*workloads; /* an array of its own, whose entries share the strings of the
					  * workloads that they were picked from */
	size_t n;           /* 0: a kept profile, or nothing */
	bool again; /* set by hone_train_plan: the levels that were learnt are in the program */
};
/* Of n workloads those that train (hone_workload_trains); all: every one of them. Only those of a bench target
 * (NULL: of the binary), which learn nothing from the others. The caller frees ret->workloads. */
struct hone_training hone_training_pick(
	const struct hone_workload *list, size_t n, const char *bench, bool all);

/* Puts the plan that uses the profile in the place of one that has an instrumented one; does nothing for others. The profile of the same
 * instrumented binary and the same workloads is used again. Without workloads the last profile of that
 * binary is taken: what `try` showed is what `build` and `apply` make.
 * HONE_E_USAGE: no workload and no profile, or one that was damaged since. */
int hone_train_plan(const struct hone_session *s, const struct hone_plan **plan,
	struct hone_training training, struct hone_err *err);

/* The profile that such a plan would use. The caller releases it. */
int hone_train_profile(const struct hone_session *s, const struct hone_plan *plan,
	struct hone_training training, struct hone_profdata *ret, struct hone_err *err);

/* hone_train_plan for build and apply: with the lines of --train; without any, with a kept profile, else with
 * hone.toml's workloads. */
int hone_train_with_options(const struct hone_session *s, const struct hone_plan **plan,
	const struct hone_strv *lines, struct hone_err *err);

/* Says what a build made of its profile; nothing of a plan that was not trained. */
void hone_train_say(
	const struct hone_session *s, const struct hone_plan *plan, const struct hone_artifact *a);

/* Can --train's runs be made here, if the plan needs them? See hone_session_can_run. */
int hone_train_check_options(const struct hone_session *s, const struct hone_plan *plan,
	const struct hone_strv *lines, struct hone_err *err);

/* Workloads of --train, each a command line like that of --run. The caller releases and frees them. */
int hone_train_options(const struct hone_strv *lines, struct hone_workload **ret, size_t *ret_n,
	struct hone_err *err);
/* Is this workload one of those that train? The same command with the same input is. */
bool hone_training_has(struct hone_training training, const struct hone_workload *w);

#endif
