#ifndef HONE_REPORT_CHECK_REPORT_H
#define HONE_REPORT_CHECK_REPORT_H
/* Two states of a program beside each other, for people, for pull requests and for programs. */
#include "documents.h"
#include "result_check.h"

struct hone_check_doc {
	const struct hone_result_check *check;
	const char *other_toolchain; /* what of the toolchain is not the same, or NULL */
	const char *root;   /* of the workspace: what is nowhere else stands at its manifest */
	const char *remedy; /* of a size that is over its budget, or NULL */
	const struct hone_check_bisected *bisected; /* NULL: two states were named */
	enum hone_check_verdict undecided;          /* what an undecided budget counts as */
};
void hone_check_sheet(struct hone_report *r, const void *document);
void hone_check_markdown(struct hone_report *r, const void *document);
void hone_check_tree(struct hone_report *r, const void *document);

void hone_check_sarif(struct hone_report *r, const void *document);

/* "size is 1,234 bytes, 34 above its budget of 1,200 (+1%)", "... within ...", "... undecided ..."; the caller frees. */
char *hone_check_budget_text(const struct hone_result_check *c, const struct hone_check_budget *b);
/* What may be the cause of it: crates, functions and dependencies that grew or came, settings that changed, the largest
 * first. The caller frees it. */
struct hone_strv hone_check_causes(
	const struct hone_result_check *c, const struct hone_check_budget *b);
/* At most two for a few lines: where it grew most, and what of the sources did that as far as it is known, a setting before
 * a dependency before a function. The caller frees it. */
struct hone_strv hone_check_first_causes(
	const struct hone_result_check *c, const struct hone_check_budget *b);
/* The name of a budget with its workload: "size", "time of search"; the caller frees. */
char *hone_check_budget_title(const struct hone_check_budget *b);
/* Is it the same package of two versions? */
bool hone_check_is_other_version(const struct hone_check_dep_change *x);
/* The features of a package, or what became of them: "+derive, -cargo". The caller frees. */
char *hone_check_features(const struct hone_check_dep_change *x);
/* Why a row grew: "new", "3 instances more", "gone", ...; "" when nothing is known. The caller frees. */
char *hone_check_why(const struct hone_check_change *x);
/* The table of figures, of the crates (functions: or functions) that changed most, of dependencies and of settings; NULL: it is
 * empty. rows: at most so many, the others are one row. */
struct hone_table *hone_check_figures(const struct hone_result_check *c);
struct hone_table *hone_check_movers(
	const struct hone_result_check *c, bool functions, size_t rows);
struct hone_table *hone_check_deps(const struct hone_result_check *c, size_t rows);
struct hone_table *hone_check_settings(const struct hone_result_check *c);
/* Of instances of one generic, or of one trait, those that grew together; NULL: there are none. */
struct hone_table *hone_check_instances(const struct hone_result_check *c, size_t rows);
/* What runs showed, with the budgets of runs. */
struct hone_table *hone_check_runs(const struct hone_result_check *c);

#endif
