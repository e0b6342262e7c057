#ifndef HONE_REPORT_RUNS_REPORT_H
#define HONE_REPORT_RUNS_REPORT_H
/* What tables and trees of several runs share. */
#include "run_report.h"

/* Run i of a list, or NULL. */
const struct hone_result_run *hone_runs_at(const struct hone_runs_doc *doc, size_t i);
/* What of two runs is not the same, so that their times must not be compared: "machine, toolchain",
 * "workloads"; NULL: nothing. Both with workloads read. The caller frees. */
char *hone_runs_differences(const struct hone_result_run *a, const struct hone_result_run *b);
/* The trial of the same recipe, or NULL. */
const struct hone_result_trial *hone_runs_counterpart(
	const struct hone_result_run *run, const struct hone_result_trial *trial);

#endif
