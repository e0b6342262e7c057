#ifndef HONE_CLI_TRAINING_H
#define HONE_CLI_TRAINING_H
/* Candidates with train.* settings: from their plan to one that can be built, by way of an instrumented
 * build, training runs and a profile, which is kept. */
#include "session.h"
#include "workload.h"

/* What a program is trained with. Lists are borrowed. */
struct hone_training {
	const struct hone_workload *workloads; /* what to train with */
	size_t n;                              /* 0: a kept profile, or nothing */
};

/* Completes a plan that has an instrumented one; does nothing for others. The profile of the same
 * instrumented binary and the same workloads is used again. Without workloads the last profile of that
 * binary is taken: what `try` showed is what `build` and `apply` make.
 * HONE_E_USAGE: no workload and no profile. */
int hone_train_plan(struct hone_cli *cli, const struct hone_session *s, struct hone_plan *plan,
	struct hone_training training, struct hone_err *err);

/* The same for build and apply: with the lines of --train; without any, with a kept profile, else with
 * hone.toml's workloads. */
int hone_train_with_options(struct hone_cli *cli, const struct hone_session *s,
	struct hone_plan *plan, const struct hone_strv *lines, struct hone_err *err);

/* Workloads of --train, each a command line like that of --run. The caller releases and frees them. */
int hone_train_options(const struct hone_strv *lines, struct hone_workload **ret, size_t *ret_n,
	struct hone_err *err);
/* Of n workloads, how many train: with two or more the last one is held out, so that what is measured is
 * not only what was trained. */
size_t hone_train_count(size_t n);

#endif
