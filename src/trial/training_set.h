#ifndef HONE_TRIAL_TRAINING_SET_H
#define HONE_TRIAL_TRAINING_SET_H
/* The workloads that train. */
#include "hash.h"
#include "strv.h"
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

/* Workloads of --train, each a command line like that of --run. The caller releases and frees them. */
int hone_train_options(const struct hone_strv *lines, struct hone_workload **ret, size_t *ret_n,
	struct hone_err *err);
/* Which workloads train, as a hash and for people; the caller frees. */
void hone_training_hash(struct hone_training training, char ret[HONE_HASH_TEXT]);
char *hone_training_names(struct hone_training training);
/* Is this workload one of those that train? The same command with the same input is. */
bool hone_training_has(struct hone_training training, const struct hone_workload *w);

#endif
