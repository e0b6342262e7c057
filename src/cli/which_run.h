#ifndef HONE_CLI_WHICH_RUN_H
#define HONE_CLI_WHICH_RUN_H
#include "cli.h"
#include "results.h"

/* The number of a run. HONE_E_USAGE for any other word. */
int hone_cli_run_number(const char *text, int64_t *ret, struct hone_err *err);
/* What -p, --bin and --example narrow runs to. HONE_E_USAGE: no such package. */
int hone_cli_run_filter(const struct hone_cli *cli, const struct hone_session *s,
	struct hone_store_filter *ret, struct hone_err *err);
/* apply, with what was chosen when it was measured, for where the user stands now. The caller frees. */
char *hone_cli_apply(const struct hone_cli *cli, const struct hone_session *s,
	const struct hone_result_run *run, const char *best);

#endif
