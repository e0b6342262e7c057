#ifndef HONE_CLI_HISTORY_H
#define HONE_CLI_HISTORY_H
/* What `cargo hone history` prints of stored runs. */
#include "cli.h"
#include "store.h"

struct hone_jsonw;

/* The table of runs, to be printed and freed by the caller, and a row of it. Of a run nothing is kept. */
struct hone_table *hone_history_list(void);
void hone_history_list_add(struct hone_table *t, const struct hone_stored_run *r);
/* Where and when one run was made, and its tables. */
void hone_history_show(
	struct hone_cli *cli, const struct hone_stored_run *run, struct hone_buf *to);
/* Two runs, candidate by candidate. Times stand beside each other only when machine, toolchain and
 * target are the same; else it is said why not. */
void hone_history_compare(struct hone_cli *cli, const struct hone_stored_run *a,
	const struct hone_stored_run *b, struct hone_buf *to);

/* Runs as JSON, in pieces: what to holds may be written and taken out of it after each. */
void hone_history_json_begin(struct hone_jsonw *w, const char *workspace, struct hone_buf *to);
void hone_history_json_run(
	struct hone_jsonw *w, const struct hone_stored_run *r, enum hone_store_detail detail);
void hone_history_json_end(struct hone_jsonw *w);
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
void hone_history_ratio_json(
	struct hone_jsonw *w, const char *key, const struct hone_stored_ratio *r);

#endif
