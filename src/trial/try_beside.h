#ifndef HONE_TRIAL_TRY_BESIDE_H
#define HONE_TRIAL_TRY_BESIDE_H
/* Builds of a comparison beside each other (docs/internals/builds.md). */
#include "try.h"

/* How many builds may run at a time: as many as there are jobs, which the user can say by -j; 1: one after another. */
unsigned hone_try_width(const struct hone_try *t);
/* Builds every trial by hone_try_build_one. *ret_built: how many came out. */
int hone_try_build_beside(
	struct hone_try *t, unsigned width, size_t *ret_built, struct hone_err *err);

#endif
