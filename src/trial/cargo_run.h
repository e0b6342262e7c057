#ifndef HONE_TRIAL_CARGO_RUN_H
#define HONE_TRIAL_CARGO_RUN_H
/* Running cargo for a plan: progress from its messages, cost from hone's rustc wrapper, the compiler's
 * own words when it fails. */
#include "build_watch.h"
#include "message.h"
#include "plan.h"
#include "workdir.h"

struct hone_cargo_run {
	char *executable; /* in cargo's target dir; copy it before the next build */
	struct hone_strv
		beside;   /* files that belong to it, each called as it with more behind: .dwp */
	bool fresh;       /* the binary itself was up to date: nothing was linked */
	unsigned n_units; /* all units, fresh ones too */
	/* Of a plan with a profile: functions that it has no data of, and data of another version of. */
	uint64_t missing, mismatched;
	/* NAME=VALUE that the package's own build script sets (cargo::rustc-env), and OUT_DIR: `cargo run` hands them
	 * on to the program. */
	struct hone_strv script_env;
	struct hone_build_cost cost;
};
void hone_cargo_run_release(struct hone_cargo_run *r);

/* Takes a line of cargo's messages for script_env. */
void hone_cargo_run_hear(
	struct hone_cargo_run *r, const struct hone_build_env *env, const struct hone_message *m);

/* link_dir: where to leave a capture of the final link (see link_replay.h), or NULL. A Fresh binary is
 * rebuilt then (that one unit only). HONE_E_FAILED: the message is what the compiler printed, and only
 * that. HONE_E_INTERRUPTED. */
int hone_cargo_run_plan(const struct hone_plan *plan, const struct hone_build_env *env,
	const struct hone_workdir *dir, const char *link_dir, const struct hone_build_watch *watch,
	struct hone_cargo_run *ret_run, struct hone_err *err);

/* The same in the folder of one slot, which dir->build is (ahead.h chooses it). */
int hone_cargo_run_now(const struct hone_plan *plan, const struct hone_build_env *env,
	const struct hone_workdir *dir, const char *link_dir, const struct hone_build_watch *watch,
	struct hone_cargo_run *ret_run, struct hone_err *err);

/* Has cargo make the final unit anew the next time: executable is cargo's path of it. */
int hone_cargo_forget(
	const struct hone_build_env *env, const char *executable, struct hone_err *err);

#endif
