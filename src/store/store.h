#ifndef HONE_STORE_STORE_H
#define HONE_STORE_STORE_H
/* What was measured before: every finished `try` with its raw samples, in one SQLite file beside hone's
 * other folders (target/hone/hone.db). It is keyed by the workspace's root, as a target dir can be
 * shared. hone never deletes the file, nor repairs it by guessing. */
#include "arena.h"
#include "err.h"
#include "strv.h"

/* The file's name in hone's folder. */
#define HONE_STORE_FILE "hone.db"

/* Everything below is plain data: strings and arrays are borrowed when a run is put, and live in the
 * run's arena when it was read. Sizes are bytes, 0 when unknown; durations seconds; ratios are
 * NaN when there are none. */

struct hone_stored_section {
	const char *name;
	uint64_t size;
};

/* Bytes of one owner: a crate, or what stands in brackets. */
struct hone_stored_owner {
	const char *name, *kind; /* kind: the words of hone_size_kind_name */
	uint64_t size;
};

/* A candidate over the baseline: below 1 is less. high is infinity while there were too few rounds. */
struct hone_stored_ratio {
	double ratio, low, high;
	const char *verdict; /* the words of hone_verdict_text */
};

struct hone_stored_trial {
	const char *name;      /* as the user named it */
	const char *candidate; /* canonical text of the recipe; "" for the baseline */
	const char *labels;    /* ids joined by commas */
	const char *status;    /* "built", "failed", ... as in the JSON contract */
	const char *reason;    /* NULL when built */
	const char
		*hash; /* XXH3-128 of the file in hexadecimal; NULL: was not built, as all below */
	const char *min_glibc; /* NULL: needs none */
	uint64_t size, stripped_size, gzip_size, zstd_size;
	double build_wall_s, build_cpu_s;
	uint64_t build_peak, build_units;
	/* Cost of the primary metrics, over all workloads by weight: less is better whatever the metric.
	 * confirmed: from rounds run after it was picked as a winner. */
	struct hone_stored_ratio cost;
	bool confirmed;
	struct hone_stored_section *sections;
	size_t n_sections;
	uint64_t flash, ram; /* on a target without an operating system, else 0 */
	/* Whose the bytes are (of the file, or of flash): they sum to it. None: names were not known. */
	struct hone_stored_owner *owners;
	size_t n_owners;
};

/* What one trial gave in one metric. */
struct hone_stored_series {
	double median;
	struct hone_stored_ratio against; /* the baseline, in the metric's own direction */
	double *samples;                  /* one a round; NaN where there is none */
	size_t n_samples;
};

struct hone_stored_metric {
	const char *name, *unit;
	bool primary, more_is_better;
	/* One for each trial of the run, in the same order, and a last one for the control: a second
	 * copy of the baseline, of which there are samples only. */
	struct hone_stored_series *series;
};

struct hone_stored_workload {
	const char *name, *kind;
	const char *command; /* for display, {bin} in it */
	double weight;
	struct hone_stored_metric *metrics;
	size_t n_metrics;
};

/* One `try`. */
struct hone_stored_run {
	int64_t id;                       /* given by the store */
	int64_t when;                     /* seconds since the epoch when it was finished */
	const char *workspace;            /* absolute path of the workspace's root */
	const char *package, *bin, *kind; /* kind: "bin" or "example" */
	const char *profile;
	const char *target;        /* triple that was built for */
	const char *rustc;         /* the whole of rustc -vV */
	const char *rustc_version; /* "1.95.0" */
	const char *hone;          /* version */
	const char *cpu, *kernel;
	unsigned cores;
	bool speed_measured; /* false: only start-up by --version was timed, or nothing */
	const char *small, *fast, *balanced; /* names of the winners, or NULL */
	struct hone_stored_trial *trials;    /* the baseline first */
	size_t n_trials;
	struct hone_stored_workload *workloads;
	size_t n_workloads;
	const char *
		options; /* of hone, that were given besides binary and folders, for a shell; NULL: unknown */
	uint64_t seed; /* of the orders within the rounds; 0 when unknown */
	/* Put only: unfinished comparisons that this run ends, 0 for none; they go in the same step. */
	int64_t finishes[2];
	struct hone_arena arena;
};
#define HONE_STORED_RUN_INIT                                                                       \
	{                                                                                          \
		0                                                                                  \
	}
#define hone_auto_stored_run __attribute__((cleanup(hone_stored_run_release)))
void hone_stored_run_release(struct hone_stored_run *r);

struct hone_store;
#define hone_auto_store __attribute__((cleanup(hone_store_close_p)))

/* Opens the file; with create it is made when it is not there (its folder must be). An older schema is
 * brought up to date, in one transaction.
 * HONE_E_NOT_FOUND: no such file; HONE_E_UNSUPPORTED: written by a newer hone; HONE_E_CONFLICT:
 * locked by another program for longer than 5 s; HONE_E_SYSTEM: no room, no right, I/O error;
 * HONE_E_FAILED: it is no database of hone's, or it is damaged (hint: move it away). The same codes
 * come from every function below. */
int hone_store_open(const char *path, bool create, struct hone_store **ret, struct hone_err *err);
void hone_store_close(struct hone_store *s);
void hone_store_close_p(struct hone_store **s);

/* Adds a run, whole or not at all; *ret_id is its number. */
int hone_store_put(struct hone_store *s, const struct hone_stored_run *run, int64_t *ret_id,
	struct hone_err *err);

/* Which runs: of this workspace; NULL fields mean any. */
struct hone_store_filter {
	const char *workspace, *package, *bin;
};
/* Numbers of the runs, newest first; the caller frees *ret_ids. */
int hone_store_ids(struct hone_store *s, const struct hone_store_filter *f, int64_t **ret_ids,
	size_t *ret_n, struct hone_err *err);

enum hone_store_detail {
	HONE_STORE_HEAD,   /* trials without owners and sections; no workloads */
	HONE_STORE_TRIALS, /* trials with owners, without sections; no workloads */
	HONE_STORE_RATIOS, /* workloads and metrics, too, without samples */
	HONE_STORE_ALL,
};
/* One run into *ret, which must be HONE_STORED_RUN_INIT. HONE_E_NOT_FOUND: the workspace has no run of
 * this number. */
int hone_store_get(struct hone_store *s, const char *workspace, int64_t id,
	enum hone_store_detail detail, struct hone_stored_run *ret, struct hone_err *err);
/* The newest run that the filter lets through; HONE_E_NOT_FOUND when there is none. */
int hone_store_last(struct hone_store *s, const struct hone_store_filter *f,
	enum hone_store_detail detail, struct hone_stored_run *ret, struct hone_err *err);

/* What "smaller" means: flash on a device, else the size of the file. */
uint64_t hone_stored_cost(const struct hone_stored_trial *t);

/* ---- comparisons that were begun and not finished: what an interrupted one goes on from */

struct hone_unfinished_workload {
	bool gated;    /* behaviour was compared: the four below are known */
	int exit_code; /* the one that is right */
	uint64_t output_bytes;
	double *counts; /* [n_contestants + 1] instructions, the control last; NULL: not asked for */
	const char *note; /* what was noticed then, or NULL */
	/* From the warm-up; no metrics: it was not done yet. The primary metric first. */
	double capacity;
	const char *why; /* why this metric is the primary one */
	int cpu;         /* 1 + the CPU that all runs are pinned to; 0: none */
	const char **metrics;
	bool *more_is_better;
	size_t n_metrics;
};

struct hone_unfinished {
	int64_t id;
	const char *workspace;
	const char *identity; /* hash of everything that must be the same for its rounds to count */
	uint64_t seed;
	size_t n_contestants;
	int *status; /* [n_contestants], and why it is out or NULL; meaning is the caller's */
	const char **reason;
	struct hone_unfinished_workload *workloads;
	size_t n_workloads;
	/* Every round has `width` values: workload by workload, metric by metric, the contestants and then
	 * the control. NaN: no sample. */
	size_t width, n_rounds;
	double *samples; /* [n_rounds * width] */
	double elapsed_s,
		runs_s; /* when the last of them ended: of all rounds, inside the programs */
	struct hone_arena arena;
};
#define HONE_UNFINISHED_INIT                                                                       \
	{                                                                                          \
		0                                                                                  \
	}
#define hone_auto_unfinished __attribute__((cleanup(hone_unfinished_release)))
void hone_unfinished_release(struct hone_unfinished *u);

/* The unfinished comparison of this identity into *ret, which must be HONE_UNFINISHED_INIT.
 * HONE_E_NOT_FOUND when there is none. */
int hone_unfinished_get(struct hone_store *s, const char *workspace, const char *identity,
	struct hone_unfinished *ret, struct hone_err *err);
/* Keeps everything but the rounds; *ret_id is its number, the same when it is kept again. Of each
 * workspace the newest eight stay. */
int hone_unfinished_put(struct hone_store *s, const struct hone_unfinished *u, int64_t *ret_id,
	struct hone_err *err);
struct hone_new_round {
	size_t number; /* from 0 */
	double elapsed_s, runs_s;
	const double *samples; /* [width] */
	size_t width;
};
int hone_unfinished_add_round(
	struct hone_store *s, int64_t id, const struct hone_new_round *round, struct hone_err *err);
int hone_unfinished_forget(struct hone_store *s, int64_t id, struct hone_err *err);

/* The hashes of the artifacts that won in any run of any workspace: the smallest, fastest and balanced of
 * each; appended to *ret. */
int hone_store_winners(struct hone_store *s, struct hone_strv *ret, struct hone_err *err);

/* Why times of two runs must not be compared: "machine", "toolchain", "target"; ", " between; the
 * caller frees. NULL: they may. */
char *hone_stored_differences(const struct hone_stored_run *a, const struct hone_stored_run *b);

#endif
