#ifndef HONE_TRIAL_TRY_ARTIFACTS_H
#define HONE_TRIAL_TRY_ARTIFACTS_H
#include "result_run.h"
#include "try.h"

/* Where several targets were chosen: makes the result of a built trial, filled with its first file, that of all of them.
 * Strings are borrowed from the try, or live in the arena. */
void hone_try_fill_artifacts(const struct hone_try *t, size_t trial, struct hone_arena *arena,
	struct hone_result_trial *to);

#endif
