#ifndef HONE_PLAN_PROFDATA_TOOL_H
#define HONE_PLAN_PROFDATA_TOOL_H
/* llvm-profdata as a program: for this folder only. */
#include "proc.h"
#include "profdata.h"

/* Paths of all that are here, the likeliest first. */
void hone_profdata_find_tools(const struct hone_toolchain *tc, struct hone_strv *ret_paths);
/* Is there no function in a merged profile? Such a one does not even tell what counted it. */
bool hone_profdata_is_empty(const struct hone_toolchain *tc, const char *path);
/* Runs one; its own words, or how it ended, are the error. ret_warnings: how many it gave, or NULL. */
int hone_profdata_run(
	struct hone_proc_spec *spec, const char *what, size_t *ret_warnings, struct hone_err *err);
/* HONE_E_FAILED when a raw or indexed profile is of a coverage build (-C instrument-coverage): its counters are the
 * front end's, and rustc does not take them. What is no profile at all is left to the tool. */
int hone_profdata_check_kind(const char *path, struct hone_err *err);
/* HONE_E_NOT_FOUND, with what was wrong with one (why, or NULL) and what to install. */
int hone_profdata_no_tool(
	const struct hone_toolchain *tc, const struct hone_err *why, struct hone_err *err);

#endif
