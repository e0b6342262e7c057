#ifndef HONE_REPORT_RUN_REPORT_H
#define HONE_REPORT_RUN_REPORT_H
/* Parts of the document of a run, which stand in files of their own. */
#include "documents.h"

/* Tables; the caller frees each. NULL: there is nothing to tell. */
struct hone_table *hone_run_size_table(const struct hone_result_run *r);
/* What wasm-bindgen made of them; NULL: it was not run. */
struct hone_table *hone_run_bindgen_table(const struct hone_result_run *r);
/* Do its files have sizes by brotli: modules, where there was a brotli? */
bool hone_run_has_brotli(const struct hone_result_run *r);
/* Where several files were made: a trial that has them, or NULL; the table of one of them; who is smallest by itself where
 * another one is of all; the same as keys, of the run and of a trial. */
const struct hone_result_trial *hone_run_with_artifacts(const struct hone_result_run *r);
/* "app 1.0.0, binary app", or the names of several. The caller frees. */
char *hone_run_targets_text(const struct hone_result_run *r);
struct hone_table *hone_run_artifact_table(const struct hone_result_run *r, size_t at);
void hone_run_say_artifacts(struct hone_report *r, const struct hone_result_run *run);
void hone_run_artifacts_tree(struct hone_jsonw *w, const struct hone_result_run *r);
void hone_run_files_tree(struct hone_jsonw *w, const struct hone_result_trial *t, bool bare);
/* As an object: of two sections of one name, which would be one key, the later ones get their number. */
void hone_run_sections_tree(
	struct hone_jsonw *w, const struct hone_result_section *sections, size_t n);
struct hone_table *hone_run_section_table(const struct hone_result_run *r);
struct hone_table *hone_run_region_table(const struct hone_result_run *r);
struct hone_table *hone_run_change_table(const struct hone_result_run *r);
struct hone_table *hone_run_workload_table(
	const struct hone_result_run *r, const struct hone_result_workload *w);
struct hone_table *hone_run_composite_table(const struct hone_result_run *r);
/* Size against instructions of two or more trials with levels for functions, and all others beside; and as key
 * `curve`. */
struct hone_table *hone_run_curve_table(const struct hone_result_run *r);
void hone_run_curve_tree(struct hone_jsonw *w, const struct hone_result_run *r);
/* Lines: which trials are out; the winners; and everything else that is to be known. */
void hone_run_say_out(struct hone_report *r, const struct hone_result_run *run);
void hone_run_say_winners(struct hone_report *r, const struct hone_run_doc *doc);
void hone_run_say_rest(struct hone_report *r, const struct hone_result_run *run);
/* Which run it is: when and where it was made. */
void hone_run_say_where(struct hone_report *r, const struct hone_result_run *run);

/* Keys of a run, into an object that is open. stored: those of `history`, too. brief: changes without their rows. */
struct hone_run_keys {
	bool stored, whole, samples, brief;
	bool primary;   /* samples of the primary metrics only */
	uint64_t every; /* with samples, those of every n-th round; 0: of all */
};
void hone_run_facts_tree(struct hone_jsonw *w, const struct hone_result_run *r);
void hone_run_keys_tree(
	struct hone_jsonw *w, const struct hone_result_run *r, struct hone_run_keys keys);
/* profile, speed_measured and best alone. */
void hone_run_summary_tree(struct hone_jsonw *w, const struct hone_result_run *r);
void hone_run_workloads_tree(
	struct hone_jsonw *w, const struct hone_result_run *r, struct hone_run_keys keys);
/* The key settings of a recipe, null where this hone does not know it; a value's TOML text as it is typed. */
void hone_run_recipe_tree(struct hone_jsonw *w, const char *canonical);
void hone_run_value_tree(struct hone_jsonw *w, const char *toml);
/* ratio, low, high, verdict. */
void hone_run_ratio_tree(struct hone_jsonw *w, const struct hone_result_ratio *x);

enum hone_verdict hone_run_verdict(const struct hone_result_ratio *x);
/* Was a library built, rather than a program? */
bool hone_run_is_library(const struct hone_result_run *r);
/* Did it run to the end, and is still in? */
bool hone_run_ran(const struct hone_result_trial *t);

#endif
