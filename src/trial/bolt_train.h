#ifndef HONE_TRIAL_BOLT_TRAIN_H
#define HONE_TRIAL_BOLT_TRAIN_H
/* The profile of machine code that llvm-bolt goes by. */
#include "session.h"
#include "training_set.h"

/* Puts the plan with a profile in the place of one that has llvm-bolt called and none yet: builds the program, has it
 * count, runs the training, and looks whether what llvm-bolt then makes of it works. A profile of the same program and
 * the same workloads is used again; without workloads the last one of that program. HONE_E_FAILED: the code is too
 * small to gain, llvm-bolt does not take the program, nothing was counted, or what it wrote does not work.
 * HONE_E_USAGE: no workload and no profile. */
int hone_bolt_prepare(const struct hone_session *s, const struct hone_plan **plan,
	struct hone_training training, struct hone_err *err);

#endif
