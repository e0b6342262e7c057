#ifndef HONE_RUN_WORKLOAD_FILE_H
#define HONE_RUN_WORKLOAD_FILE_H
/* hone.toml: the workloads of a project. docs/hone-toml.md describes the format. */
#include "workload.h"

#define HONE_WORKLOAD_FILE "hone.toml"
/* Its table of defaults of options, which the command line reads. */
#define HONE_DEFAULTS_TABLE "hone"
/* That of budgets, which a check reads. */
#define HONE_BUDGET_TABLE "budget"
/* That of named candidates: recipes.h. */
#define HONE_CANDIDATES_TABLE "candidates"

/* Reads the [[workload]] tables of a file, in the order of the text; only those for binary bin (NULL:
 * all). Relative paths in it are relative to the file's folder, which is also the default working
 * directory. The caller releases each workload and frees the list. HONE_E_NOT_FOUND: there is no such
 * file; HONE_E_SYNTAX: path:line:col, what is wrong and, for an unknown key, what was probably
 * meant. */
int hone_workload_file_read(const char *path, const char *bin, struct hone_workload **ret,
	size_t *ret_n, struct hone_err *err);

#endif
