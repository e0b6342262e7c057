#ifndef HONE_TRIAL_CARGO_RUN_IMPL_H
#define HONE_TRIAL_CARGO_RUN_IMPL_H
/* One run of cargo while it goes on. Only for cargo_*.c. */
#include "ahead.h"
#include "artifact_kind.h"
#include "beside.h"
#include "cargo_run.h"
#include "proc.h"

struct hone_cargo_listener {
	const struct hone_build_env *env;
	enum hone_artifact_kind kind; /* of what the plan is about */
	char *output;                 /* the folder in which cargo puts what the plan is about */
	const struct hone_build_watch *watch;
	struct hone_cargo_run *result;
	struct hone_buf errors;        /* rendered error diagnostics */
	struct hone_buf stderr_errors; /* cargo's own lines from the first "error" on */
	char *last_error_crate;
	bool finished; /* cargo said that all is built */
	struct hone_beside beside;
	struct hone_inputs *inputs; /* borrowed */
	struct hone_ahead *ahead;   /* borrowed; or NULL */
};

/* Callbacks of hone_proc_run, whose ctx is the run. */
int hone_cargo_run_on_stdout(void *ctx, struct hone_view line);
int hone_cargo_run_on_stderr(void *ctx, struct hone_view line);
/* The error of a cargo that failed: the compiler's own words, or that the disk is full. */
int hone_cargo_run_failed(const struct hone_cargo_listener *run, const struct hone_proc_result *r,
	struct hone_err *err);

#endif
