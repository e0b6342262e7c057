#ifndef HONE_RUN_TRAIN_H
#define HONE_RUN_TRAIN_H
/* Training runs: an instrumented program does what users do, and leaves profiles behind. */
#include "measure.h"

struct hone_train_request {
	const char *path; /* the instrumented program */
	const struct hone_workload *workloads;
	size_t n;
	bool kept; /* it can keep its counters in files while it runs */
	const char *run_dir, *raw_dir;
	const struct hone_left_out *left_out; /* as in struct hone_measure_opts */
	size_t n_left_out;
};
/* Runs every workload once (a service: one window of load) with the instrumented program, which writes *.profraw files
 * into raw_dir (made empty first). run_dir: made and removed again. HONE_E_FAILED: a workload does not work, in the
 * program's own words. */
int hone_train(const struct hone_train_request *t, struct hone_err *err);

/* The same as lines of a POSIX shell script, which sets $bin, $work (a folder) and $root (the project's, `root`
 * here) and has a function `train EXIT-CODE COMMAND...` that runs one ("any": whatever its exit code). Paths in
 * the project become such below $root. NULL: there is a service among them, which only hone can drive. The caller
 * frees. */
char *hone_train_script(const struct hone_workload *workloads, size_t n, const char *root);

#endif
