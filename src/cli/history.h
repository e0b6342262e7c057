#ifndef HONE_CLI_HISTORY_H
#define HONE_CLI_HISTORY_H
/* What `cargo hone history` prints of stored runs. */
#include "cli.h"
#include "store.h"

/* A line for each run. */
void hone_history_list(
	struct hone_cli *cli, const struct hone_stored_run *runs, size_t n, struct hone_buf *to);
/* Where and when one run was made, and its tables. */
void hone_history_show(
	struct hone_cli *cli, const struct hone_stored_run *run, struct hone_buf *to);
/* Two runs, candidate by candidate. Times stand beside each other only when machine, toolchain and
 * target are the same; else it is said why not. */
void hone_history_compare(struct hone_cli *cli, const struct hone_stored_run *a,
	const struct hone_stored_run *b, struct hone_buf *to);

/* JSON: {schema, hone, workspace, runs: [...]}, each with what was read of it. */
void hone_history_json(const char *workspace, const struct hone_stored_run *runs, size_t n,
	enum hone_store_detail detail, struct hone_buf *to);
/* {schema, hone, workspace, differs, runs: [two], trials: [{candidate, names, sizes, costs}]} */
void hone_history_compare_json(
	const struct hone_stored_run *a, const struct hone_stored_run *b, struct hone_buf *to);

/* What of two runs is not the same, so that their times must not be compared: "machine, toolchain",
 * "workloads"; NULL: nothing. Both with workloads read. The caller frees. */
char *hone_history_differences(const struct hone_stored_run *a, const struct hone_stored_run *b);
/* The trial of the same recipe, or NULL. */
const struct hone_stored_trial *hone_history_twin(
	const struct hone_stored_run *run, const struct hone_stored_trial *trial);
/* A cost as JSON object {ratio, low, high, verdict}. */
struct hone_jsonw;
void hone_history_ratio_json(
	struct hone_jsonw *w, const char *key, const struct hone_stored_ratio *r);

#endif
