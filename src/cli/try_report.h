#ifndef HONE_CLI_TRY_REPORT_H
#define HONE_CLI_TRY_REPORT_H
/* What `cargo hone try` prints of a comparison. */
#include "cli.h"
#include "jsonw.h"
#include "try.h"

/* The tables; the caller frees each. */
struct hone_table *hone_try_size_table(const struct hone_try *t);
struct hone_table *hone_try_workload_table(
	const struct hone_try *t, const struct hone_workload_result *w);
/* NULL: there is only one workload, or nothing was measured. */
struct hone_table *hone_try_composite_table(const struct hone_try *t);
struct hone_table *hone_try_section_table(const struct hone_try *t);
struct hone_table *hone_try_region_table(const struct hone_try *t);
/* NULL: nothing to tell. */
struct hone_table *hone_try_change_table(const struct hone_try *t);
/* Size against instructions of two or more trials with levels for functions, and all others beside; NULL: there
 * are none, or nothing was counted. The same for JSON, as key `curve`. */
struct hone_table *hone_try_curve_table(const struct hone_try *t);
void hone_try_curve_json(struct hone_jsonw *j, const struct hone_try *t);
/* Tables and words for people (text, markdown, csv), and JSON by the contract of docs/json.md. */
void hone_try_print(struct hone_cli *cli, const struct hone_try *t);
void hone_try_json(const struct hone_try *t, struct hone_buf *to);

/* What to type next: apply what holds; the same try for longer where speed was asked for and is undecided. The
 * caller frees; NULL: keep what there is. */
char *hone_try_next(const struct hone_cli *cli, const struct hone_try *t);

/* The try as it was typed, with one option more. The caller frees. */
char *hone_try_with(const struct hone_try *t, const char *option, const char *value);

#endif
