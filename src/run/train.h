#ifndef HONE_RUN_TRAIN_H
#define HONE_RUN_TRAIN_H
/* Training runs: an instrumented program does what users do, and leaves profiles behind. */
#include "workload.h"

/* Runs every workload once (a service: one window of load) with the instrumented program at path, which
 * writes *.profraw files into raw_dir (made empty first). kept: it can keep its counters in them while it
 * runs. run_dir: made and removed again. HONE_E_FAILED: a workload does not work, in the program's own words. */
int hone_train(const char *path, const struct hone_workload *workloads, size_t n, bool kept,
	const char *run_dir, const char *raw_dir, struct hone_err *err);

/* The same as lines of a POSIX shell script, which sets $bin, $work (a folder) and $root (the project's, `root`
 * here) and has a function `train EXIT-CODE COMMAND...` that runs one ("any": whatever its exit code). Paths in
 * the project become such below $root. NULL: there is a service among them, which only hone can drive. The caller
 * frees. */
char *hone_train_script(const struct hone_workload *workloads, size_t n, const char *root);

#endif
