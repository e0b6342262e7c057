#ifndef HONE_TRIAL_TRAINING_H
#define HONE_TRIAL_TRAINING_H
/* Candidates with train.* settings: from their plan to one that can be built, by way of an instrumented
 * build, training runs and a profile, which is kept. */
#include "artifact.h"
#include "profdata.h"
#include "session.h"
#include "training_set.h"

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

#endif
