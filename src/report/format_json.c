/* JSON: the contract stands in docs/json.md. */
#include "check_report.h"
#include "documents.h"

const struct hone_report_format hone_format_json = {
	.name = "json",
	.documents = {[HONE_DOC_RUN] = hone_run_tree,
		[HONE_DOC_RUNS] = hone_runs_tree,
		[HONE_DOC_PAIR] = hone_pair_tree,
		[HONE_DOC_SETTINGS] = hone_settings_tree,
		[HONE_DOC_STATUS] = hone_status_tree,
		[HONE_DOC_EXPLAIN] = hone_explain_tree,
		[HONE_DOC_BYTES] = hone_bytes_tree,
		[HONE_DOC_DIFF] = hone_diff_tree,
		[HONE_DOC_MEMORY] = hone_memory_tree,
		[HONE_DOC_TUNE] = hone_tune_tree,
		[HONE_DOC_CHECK] = hone_check_tree,
		[HONE_DOC_TOOLS] = hone_tools_tree},
	.exact = true,
};
