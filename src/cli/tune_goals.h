#ifndef HONE_CLI_TUNE_GOALS_H
#define HONE_CLI_TUNE_GOALS_H
/* The goals of `tune`, one after another. */
#include "cli.h"

#include "result_run.h"
#include "tune.h"

struct hone_tune_opts {
	struct hone_strv run, train, allow, deny, set, only, skip;
	char *metric, *builds, *budget, *within, *verify;
	bool quick, save, no_compare, no_wait;
};

/* What the options say, with what it borrows from; of goals all but the goal. */
struct hone_tune_asked {
	const struct hone_tune_opts *opts;
	struct hone_strv only, skip, verify;
	struct hone_candidate *pins;
	struct hone_tune_request request;
};

#define HONE_TUNE_GOALS 3

/* A goal, and what was found for it. */
struct hone_tune_goal {
	const char *word; /* borrowed */
	struct hone_tune_request request;
	struct hone_result_tune found;
	struct hone_try proof;
	struct hone_result_run run; /* borrows from proof */
	bool searched, proved, better;
	char *next; /* the command to type next, or NULL */
};

/* Searches for each goal and shows what was found, in the order of the goals. HONE_E_NOTHING_BETTER: for none was there
 * anything. goals are the caller's, zeroed but for the words, and are released here. */
int hone_cli_tune(struct hone_cli *cli, struct hone_session *s, const struct hone_tune_asked *a,
	struct hone_tune_goal *goals, size_t n, struct hone_err *err);

#endif
