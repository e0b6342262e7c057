#ifndef HONE_TRIAL_TRY_ARTIFACTS_H
#define HONE_TRIAL_TRY_ARTIFACTS_H
#include "result_run.h"
#include "try.h"

/* Where several targets were chosen: makes the result of a built trial, filled with its first file, that of all of them.
 * Strings are borrowed from the try, or live in the arena. */
void hone_try_fill_artifacts(const struct hone_try *t, size_t trial, struct hone_arena *arena,
	struct hone_result_trial *to);

/* Who is best with some of the files alone (one bool a file, the first target's first): by time where workloads run them,
 * else fast and balanced are NONE; in the rounds of the comparison, as fresh ones are of the winners of all files together. any:
 * of all trials, else of those that are allowed. The caller releases. */
void hone_try_pick_of(
	const struct hone_try *t, const bool *files, bool any, struct hone_picks *ret);

#endif
