#ifndef HONE_TRIAL_TRY_H
#define HONE_TRIAL_TRY_H
/* A whole comparison: candidates are planned, built, run beside each other, and the best are chosen. */
#include "artifact.h"
#include "changes.h"
#include "jsonw.h"
#include "lost.h"
#include "measure.h"
#include "pick.h"
#include "session.h"
#include "size_memory.h"
#include "size_packages.h"
#include "store.h"
#include "training.h"

enum hone_trial_status {
	HONE_TRIAL_BUILT,
	HONE_TRIAL_FAILED,  /* did not build, crashed, or was refused by the check command */
	HONE_TRIAL_DIFFERS, /* does not do what the baseline does */
	HONE_TRIAL_TIMEOUT,
	HONE_TRIAL_NOT_RUN,
};
/* The words of the JSON contract. */
const char *hone_trial_status_text(enum hone_trial_status s);

struct hone_trial {
	const struct hone_candidate *candidate; /* borrowed */
	const struct hone_plan *plan;
	struct hone_artifact *artifact; /* NULL when it did not build */
	enum hone_trial_status status;
	char *reason; /* NULL when built */
	struct hone_size_table
		bytes;             /* by crate; of flash on a device; n == 0: names are not known */
	struct hone_memory memory; /* on a device */
	bool made;                 /* by --each or --curve */
	bool named;                /* by the user, who so asks for its labels */
	unsigned labels;           /* of its recipe, beyond what the project risks already */
	bool allowed;              /* all its labels were let in */
	unsigned lost;             /* enum hone_lost, once all is built */
	bool elsewhere;            /* another shard builds it */
	size_t contestant;         /* index among the contestants; SIZE_MAX: was none */
	const struct hone_plan **bench_plans; /* [n_benches of the try]; NULL: not planned */
	struct hone_artifact **benches;       /* the same for what was built */
	unsigned *lost_of_benches;            /* `lost` of each */
};

/* A further target of which every candidate makes an artifact, too: a bench target that workloads name, or one of the
 * session's others. */
struct hone_try_bench {
	const char *name;               /* borrowed */
	const struct hone_other *other; /* NULL: a bench target */
	struct hone_training training;  /* what train.* settings learn from for it */
};

/* What is run, and what candidates learn from. */
struct hone_try_workloads {
	struct hone_workload *v;
	size_t n;
	struct hone_workload *train; /* of --train */
	size_t n_train;
	struct hone_training training;  /* what train.* settings train with */
	struct hone_try_bench *benches; /* workload.program - 1 is the index of its target */
	size_t n_benches; /* bench targets first, then the session's others in their order */
};

/* The labels that candidates may carry. */
struct hone_try_labels {
	unsigned allowed;       /* let in by --allow */
	unsigned let_in;        /* all that were let in */
	struct hone_strv typed; /* --allow as it was given */
};

/* Indices of trials. */
struct hone_try_best {
	struct hone_picks allowed; /* best of those that are allowed */
	struct hone_picks any;     /* best of all */
};

/* Fresh rounds of the winners against the baseline. */
struct hone_try_confirmed {
	struct hone_measurement *measurement; /* or NULL */
	size_t *trials;                       /* trial of each contestant there */
	size_t n;
};

/* The command that made it. Borrowed. */
struct hone_try_command {
	const struct hone_strv *typed; /* from `cargo` on, without how long to measure */
	const char *options;           /* what was chosen besides binary and folders, for a shell */
};

struct hone_try {
	const struct hone_session *session; /* borrowed */
	struct hone_candidates candidates;  /* what the trials are of */
	struct hone_trial *trials;          /* the baseline first */
	size_t n;
	struct hone_try_workloads workloads;
	struct hone_size_packages packages;
	struct hone_regions regions; /* of the device's memory; empty: not known */
	bool speed_measured; /* a workload was given, not only --version, and its times mean something */
	struct hone_measurement *measurement; /* NULL: nothing could be run */
	struct hone_try_labels labels;
	struct hone_candidate
		*cold; /* what --cold-packages found, a candidate of the last trial; or NULL */
	struct hone_try_best best;
	struct hone_try_confirmed confirmed;
	struct hone_try_command command;
	bool fresh;    /* what was interrupted is not gone on with */
	uint64_t seed; /* of the orders in the rounds of `measurement` */
	int64_t finishes
		[HONE_STORE_FINISHES]; /* unfinished comparisons of the store that are finished now */
	double total_s, cargo_s;       /* seconds: of all, inside cargo */
	bool finished;                 /* hone_try_finish was called */
};
void hone_try_release(struct hone_try *t);
/* The labels of its recipe, and those of what its file lost without being asked to. */
unsigned hone_trial_labels(const struct hone_trial *trial);

struct hone_shards;
struct hone_shard_request;
struct hone_slurm_request;

/* What is asked of a comparison. All is borrowed. */
struct hone_try_request {
	const char *const *names; /* of candidates, as typed; without any the presets */
	size_t n_names;
	bool all;  /* the presets and hone's own besides */
	bool each; /* every candidate without each one of its settings, too */
	bool fresh;
	const char *cold;   /* the candidate whose cold packages are looked for, or NULL */
	size_t cold_builds; /* most builds of that search; 0: the default */
	const char *curve;  /* the candidate that is tried at several shares, or NULL */
	bool no_confirm;    /* no fresh rounds for the winners: they are no result yet */
	int64_t until_ns; /* the rounds, fresh ones too, end about then (hone_now_ns); 0: by measure.budget_s */
	unsigned allowed; /* labels that hone's own candidates may carry besides the presets' */
	const struct hone_strv
		*allow; /* the same as it was typed, for the words of the result; or NULL */
	const struct hone_strv *train; /* command lines; or NULL: the workloads train */
	/* On several machines (shard.h): a share is built, and that is all; or shares are joined, and without join_only
	 * measured. */
	const struct hone_shard_request *share;
	const struct hone_shards *shards;
	const struct hone_slurm_request *slurm; /* have Slurm build them */
	bool join_only;
	/* Only rounds, min_rounds, budget_s, precision, alpha, warmup, seed, no_compare, callgrind and check. */
	struct hone_measure_opts measure;
};
/* The candidates that are asked for; where the session is not open yet, names of the project's own are unknown. Errors as
 * hone_session_candidates. */
int hone_try_name_candidates(
	struct hone_try *t, const struct hone_try_request *r, struct hone_err *err);
/* Could one of the names be one of the project's own, so that it has to be opened first? */
bool hone_try_names_wait(const struct hone_try_request *r);
/* The whole comparison, with the candidates and workloads of t, whose session is open: all its steps in their
 * order. What it found out is in t then, and nothing was printed or kept. */
int hone_try_run(struct hone_try *t, const struct hone_try_request *r, struct hone_err *err);

/* Does any candidate learn from runs? Only then it matters which workloads trained. */
bool hone_try_trains(const struct hone_try *t);
/* Did the workload with this index train? */
bool hone_try_trained_with(const struct hone_try *t, size_t workload);

/* Bench targets and the session's other targets (try_bench.c). */

/* The session's others of a trial, by their number; NULL: it was not built. */
const struct hone_artifact *hone_trial_other(
	const struct hone_try *t, const struct hone_trial *trial, size_t other);
/* What a trial costs in bytes, for choosing: see hone_lost_cost; of all its artifacts but bench targets. It must have
 * an artifact. */
uint64_t hone_trial_cost(const struct hone_try *t, const struct hone_trial *trial);
/* The same of one of them; other: SIZE_MAX for the first. */
uint64_t hone_trial_cost_of(const struct hone_try *t, const struct hone_trial *trial, size_t other);

/* Finds the targets that the workloads name, and whose workload each is. */
void hone_try_find_benches(struct hone_try *t);
/* Plans of a trial whose binary was planned, and their builds. A bench target is compiled like the binary, by
 * `cargo build --bench` in place of --bin: only cargo's own rule that what is tested unwinds is another. */
int hone_try_plan_benches(struct hone_try *t, struct hone_trial *trial, struct hone_err *err);
int hone_try_build_benches(struct hone_try *t, struct hone_trial *trial, struct hone_err *err);
/* The same in a worker, whose session s is: cargo's part of it, which hone_try_build_benches then finds. */
int hone_try_benches_ahead(const struct hone_try *t, struct hone_trial *trial,
	const struct hone_session *s, struct hone_err *err);
/* Waits for what is still computed of them. */
int hone_try_finish_benches(struct hone_try *t, struct hone_trial *trial, struct hone_err *err);
void hone_trial_release_benches(const struct hone_try *t, struct hone_trial *trial);
void hone_try_release_benches(struct hone_try *t);

/* The steps of a try, in their order (try_plan.c, try_run.c). */

/* Plans of all candidates, and what they will cost, said before the first build. A plan that cannot be
 * made is the user's error; one of hone's own that he did not name is left out, and a note says why. */
int hone_try_plan(struct hone_try *t, struct hone_err *err);
/* Warns once of the layers that would win over what apply writes. */
void hone_try_warn(const struct hone_try *t);
/* Builds every candidate; one that does not build is out, the others go on. */
int hone_try_build(struct hone_try *t, struct hone_err *err);
/* Builds one, which counts in *built; 0 also where it is out. In two steps: cargo's part, with a file that has the names of
 * the artifact, or NULL, for *ret_twin, which the caller frees; and what is read of the files, where error is what the
 * first step gave. */
int hone_try_make_one(struct hone_try *t, size_t at, char **ret_twin, struct hone_err *err);
int hone_try_take_one(struct hone_try *t, size_t at, int error, const char *twin, size_t *built,
	struct hone_err *err);
int hone_try_build_one(struct hone_try *t, size_t at, size_t *built, struct hone_err *err);
/* Whose the bytes of a trial that was just built are; twin: the file with its names, or NULL. */
void hone_try_read_bytes(struct hone_try *t, struct hone_trial *trial, const char *twin);
/* Says why modules have no sizes by brotli, or of what wasm-bindgen makes of them. */
void hone_try_say_missing(const struct hone_try *t);
/* The capacity of the device's memory, from the project's linker script. */
void hone_try_find_regions(struct hone_try *t);
/* Forgets the regions where the baseline, whose bytes have been read, has nothing in them. */
void hone_try_check_regions(struct hone_try *t);
/* Is the program for a target without an operating system? Its flash counts then, not the file; it runs
 * in an emulator only, whose times are not the device's. Once the baseline is built. */
bool hone_try_is_bare(const struct hone_try *t);
/* Were instructions counted by the emulator in every workload? Once it is measured. */
bool hone_try_counts(const struct hone_try *t);
/* For hone_measure_opts.on_quiet; ctx is the struct hone_try. Waits for what is still computed of the
 * artifacts, as the machine must be quiet before a run is timed. Once is enough, more does no harm. */
int hone_try_finish(void *ctx, struct hone_err *err);
/* Runs the workloads; without any, start-up by --version or --help. A later call takes the place of an earlier one. */
int hone_try_measure(
	struct hone_try *t, const struct hone_measure_opts *opts, struct hone_err *err);
/* Nothing is run: sizes alone. */
void hone_try_measure_none(struct hone_try *t);
/* What of the artifacts was lost without being asked for, and so which of them may win: once all is built. */
void hone_try_find_lost(struct hone_try *t);
void hone_try_pick(struct hone_try *t);
/* Holds picks (of all trials, or of the allowed ones) against the fresh rounds: what they do not bear out is no
 * winner. */
void hone_try_hold_picks(struct hone_try *t, bool any, struct hone_picks *picks);
/* The figures printed for a winner come from rounds after it was picked. */
int hone_try_confirm(
	struct hone_try *t, const struct hone_measure_opts *opts, struct hone_err *err);
/* For hone_measure_opts.on_progress; ctx is the struct hone_try. Tells the events of its session. */
void hone_try_progress(void *ctx, const struct hone_measure_progress *p);

#endif
