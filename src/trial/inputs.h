#ifndef HONE_TRIAL_INPUTS_H
#define HONE_TRIAL_INPUTS_H
/* One comparison, one input: what artifacts and runs of one command depend on, looked at before the first build, after
 * each build, between runs, and before anything is reported or kept. docs/internals/inputs.md has the rules.
 *
 * A look is a stat of each file, and a hash where that differs. What a build script of the project or a workload wrote
 * itself is no change; everything else is one, and stays one. All functions take NULL, which does nothing. */
#include "err.h"
#include "message.h"
#include "plan.h"
#include "workload.h"

#include <time.h>

struct hone_inputs;

/* Takes down what there is: manifests, Cargo.lock, config files, toolchain files, the compiler, hone.toml, files of the
 * path packages. folder: hone's own, where nothing counts. env is borrowed. */
struct hone_inputs *hone_inputs_new(const struct hone_build_env *env, const char *folder);
/* A second folder where nothing counts. */
void hone_inputs_leave_out(struct hone_inputs *in, const char *folder);
void hone_inputs_free(struct hone_inputs *in);
/* The files that workloads name, and those of a command line (NULL-terminated, or NULL) that is run beside them. */
void hone_inputs_add_workloads(struct hone_inputs *in, const struct hone_workload *list, size_t n);
void hone_inputs_add_words(struct hone_inputs *in, const char *const *words);

/* The files of the project and of workloads that were read so far, relative to root where they lie below it, and their
 * hashes: those of a registry, of hone's own folder, and those that are written meanwhile are left out. */
void hone_inputs_list(const struct hone_inputs *in, const char *root, struct hone_strv *ret_paths,
	struct hone_strv *ret_hashes);

/* The build that is told of began at this time, by the clock of files (hone_file_clock). */
void hone_inputs_began(struct hone_inputs *in, struct timespec when);
/* Do build scripts write into files that count? Then builds must not run beside each other. */
bool hone_inputs_has_writers(const struct hone_inputs *in);

/* A build begins; a message of cargo's in it; it has ended, well or not. The last looks at everything. */
void hone_inputs_build(struct hone_inputs *in);
void hone_inputs_see(struct hone_inputs *in, const struct hone_message *m);
int hone_inputs_built(struct hone_inputs *in, struct hone_err *err);

enum hone_inputs_runs {
	HONE_INPUTS_FIRST, /* the first run of a workload, or its setup: what it names may change */
	HONE_INPUTS_SOME,  /* runs of some workloads */
	HONE_INPUTS_ALL,   /* every workload ran since the last look */
};
/* Programs under measurement ran since the last look. What changed is told by hone_inputs_check. */
void hone_inputs_ran(struct hone_inputs *in, enum hone_inputs_runs which);
/* Nobody but the user was at work since the last look. HONE_E_CONFLICT, now and from then on, with the names of what
 * changed. */
int hone_inputs_check(struct hone_inputs *in, struct hone_err *err);
/* HONE_E_CONFLICT when an earlier look found a change; looks at nothing. */
int hone_inputs_error(const struct hone_inputs *in, struct hone_err *err);
/* When the last look was, in nanoseconds of hone_now_ns. */
int64_t hone_inputs_looked_at(const struct hone_inputs *in);

#endif
