#ifndef HONE_TRIAL_RECIPE_H
#define HONE_TRIAL_RECIPE_H
/* Is what was applied still best? The applied recipe, the presets and the last winners are tried again, and what came of it
 * is held against the run before. */
#include "result_run.h"
#include "try.h"

/* Names of what is tried, appended: the presets, and the winners of the newest run, into *before, which must be
 * HONE_RESULT_RUN_INIT and stays so where nothing was measured yet. Recipes that train are left out where there is nothing
 * to train with. */
int hone_recipe_names(const struct hone_session *s, bool trains, struct hone_strv *names,
	struct hone_result_run *before, struct hone_err *err);
/* What a finished try says of the applied recipe. before has no trials where there is none. Texts live in the arena. */
void hone_recipe_judge(const struct hone_try *t, const struct hone_result_run *before,
	const struct hone_result_run *now, struct hone_arena *arena,
	struct hone_result_recipe *ret);

#endif
