/* What took bytes away when it was tried: the remedy for a size that is over its budget. */
#include "check.h"

#include "num.h"
#include "results.h"

const char *hone_check_remedy(const struct hone_session *s, struct hone_check_budgets *budgets)
{
	hone_auto_result_run struct hone_result_run run = HONE_RESULT_RUN_INIT;
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	size_t best = HONE_PICK_NONE;
	uint64_t was, is;
	char saved[HONE_NUM_TEXT];

	if (hone_results_last(s, HONE_STORE_TRIALS, &run, &err) || run.elsewhere || !run.n_trials)
		return NULL;
	best = run.best.balanced != HONE_PICK_NONE && run.best.balanced ? run.best.balanced
									: run.best.small;
	if (best == HONE_PICK_NONE || !best || best >= run.n_trials)
		return NULL;
	was = hone_result_cost(&run.trials[0]);
	is = hone_result_cost(&run.trials[best]);
	if (is >= was)
		return NULL;
	return hone_arena_printf(&budgets->arena,
		"%s took %s bytes away from %s when it was tried (run %lld): `cargo hone apply %s`",
		run.trials[best].name, hone_text_count(saved, was - is), run.trials[0].name,
		(long long)run.id, run.trials[best].name);
}
