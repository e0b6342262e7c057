#ifndef HONE_CLI_CHECK_RECIPE_H
#define HONE_CLI_CHECK_RECIPE_H
/* check --recipe. */
#include "cli.h"

struct hone_check_recipes {
	const struct hone_strv *run; /* lines of --run */
	bool no_run, no_wait;
	size_t rounds;
	double budget_s;
};
/* Tries the applied recipe, the presets and the last winners, prints and keeps the run, and says whether to switch. */
int hone_check_recipes(
	struct hone_cli *cli, const struct hone_check_recipes *r, struct hone_err *err);

#endif
