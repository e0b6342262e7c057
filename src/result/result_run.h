#ifndef HONE_RESULT_RESULT_RUN_H
#define HONE_RESULT_RESULT_RUN_H
/* What one `try` found out, as plain data: the engine fills it, the store keeps it and gives it back, src/report
 * renders it, and none of them needs another of them. */
#include "arena.h"
#include "changes.h"
#include "pick.h"
#include "strv.h"

/* Strings and arrays are borrowed, or live in the run's arena. Sizes are bytes, 0 when unknown; durations seconds; ratios
 * and times are NaN when there are none. A text that says "or NULL" is NULL, too, in runs that an older hone kept. */

struct hone_result_section {
	const char *name;
	uint64_t size;
};

/* Bytes of one owner: a crate, or what stands in brackets. */
struct hone_result_owner {
	const char *name, *kind; /* kind: the words of hone_size_kind_name */
	uint64_t size;
};

/* A region of a device's memory. */
struct hone_result_region {
	const char *name;
	uint64_t origin, length, used;
};

/* A candidate over the baseline: below 1 is less. high is infinity while there were too few rounds. */
struct hone_result_ratio {
	double ratio, low, high;
	const char *verdict; /* the words of hone_verdict_text */
};
#define HONE_RESULT_RATIO_NONE                                                                     \
	{                                                                                          \
		NAN, NAN, NAN, ""                                                                  \
	}

/* One of several files that a candidate made. */
struct hone_result_artifact {
	const char *name, *kind, *package; /* kind: as in struct hone_result_run */
	const char *path, *hash;
	uint64_t size, stripped_size, gzip_size, zstd_size;
	uint64_t brotli_size; /* 0: is no module, or there was no brotli */
	uint64_t flash, ram;  /* on a target without an operating system, else 0 */
	/* For this artifact alone, of what is allowed and of all; by time only where workloads run it. */
	bool smallest, smallest_of_any, fastest, fastest_of_any, balanced, balanced_of_any;
	struct hone_result_section *sections; /* not kept */
	size_t n_sections;
};

/* What a build made of its profile: counts of functions, as in profile_use.h. */
struct hone_result_profile {
	bool trained;     /* else all of it is 0 */
	bool pgo, levels; /* missing and mismatched are counted; functions have levels */
	bool named, aligned;
	uint64_t functions, executed, missing, mismatched, found, renamed;
	uint64_t hot, hot_found, cold_found, hot_fast, cold_small;
	const char *words; /* of it, for people, or NULL */
};

/* The file that wasm-bindgen makes of a module; all 0: it was not run. */
struct hone_result_bindgen {
	uint64_t size, gzip_size, zstd_size, brotli_size;
};

struct hone_result_trial {
	const char *name;      /* as the user named it */
	const char *candidate; /* canonical text of the recipe; "" for the baseline */
	const char *labels;    /* ids joined by commas */
	const char *status;    /* "built", "failed", ... as in the JSON contract */
	const char *reason;    /* NULL when built */
	const char *command;   /* what to type after apply, for a shell, or NULL */
	const char
		*hash; /* XXH3-128 of the file in hexadecimal; NULL: was not built, as all below */
	const char *min_glibc; /* NULL: needs none */
	const char *path;      /* of hone's copy, or NULL */
	uint64_t size, stripped_size, gzip_size, zstd_size;
	uint64_t brotli_size; /* 0: is no module, or there was no brotli */
	struct hone_result_bindgen bindgen;
	double build_wall_s, build_cpu_s;
	uint64_t build_peak, build_units;
	/* 1, 0, or -1: not known. */
	int exact, path_dependent, fresh;
	unsigned unasked; /* enum hone_lost */
	const char *mind; /* of that, for people, or NULL */
	bool made;        /* by --each or --curve, to be seen beside what it was made from */
	bool allowed;     /* all its labels were let in */
	bool measured;    /* it ran to the end */
	/* Cost of the primary metrics, over all workloads by weight: less is better whatever the metric. `cost`
	 * is of the rounds run after it was picked as a winner (confirmed), else `together`, of all rounds. */
	struct hone_result_ratio cost, together;
	bool confirmed;
	uint64_t fresh_rounds;
	uint64_t
		left_rounds; /* after so many it was run no longer: proved much slower than another; 0: it stayed */
	struct hone_result_section *sections;
	size_t n_sections;
	uint64_t flash, ram; /* on a target without an operating system, else 0 */
	struct hone_result_region *regions;
	size_t n_regions;
	struct hone_result_profile profile;
	/* Whose the bytes are (of the file, or of flash): they sum to it. None: names were not known. */
	struct hone_result_owner *owners;
	size_t n_owners;
	/* Where several targets were built: each of them; sizes above are their sum, path and sections are of none. */
	struct hone_result_artifact *artifacts;
	size_t n_artifacts;
};

/* What one trial gave in one metric. */
struct hone_result_series {
	double median;
	struct hone_result_ratio against; /* the baseline, in the metric's own direction */
	double *samples;                  /* one a round of the workload; NaN where there is none */
	size_t n_samples;
};

struct hone_result_metric {
	const char *name, *unit;
	bool primary, more_is_better;
	double noise; /* the control's interval as a share; infinity with too few rounds */
	/* One for each trial of the run, in the same order, and a last one for the control: a second
	 * copy of the baseline, of which there are samples only. */
	struct hone_result_series *series;
};

struct hone_result_workload {
	const char *name, *kind;
	const char *command; /* for display, {bin} in it */
	const char *bench;   /* name of the bench target that it is, or NULL */
	const char *why;     /* why its primary metric decides, or NULL */
	double weight;
	uint64_t
		rounds; /* of its own: several in one of the run's where it costs less than others */
	int cpu;        /* 1 + the CPU that all runs were pinned to; 0: none */
	bool trained;   /* a candidate learnt from it */
	bool countable;       /* instructions of it could be counted */
	uint64_t connections; /* of a service under load, with window_s; else 0 */
	double window_s;
	double *counts; /* instructions of one run of every trial; NaN: not counted; NULL: not asked for */
	struct hone_result_metric *metrics; /* the primary one first */
	size_t n_metrics;
};

/* What the machine was doing during the rounds. */
struct hone_result_state {
	double load_before, load_after; /* NaN: not told, as throttled */
	uint64_t cpus;                  /* 0: nothing of this is known */
	const char *governor;           /* or NULL */
	int turbo, smt;                 /* 1, 0, or -1: not told */
	uint64_t ticks, steal; /* clock ticks of all CPUs; of them taken by the hypervisor */
	uint64_t swapped_in;   /* pages */
	double throttled;      /* times */
};

/* One `try`. */
struct hone_result_run {
	int64_t id;                       /* given by the store; 0: it is in none */
	int64_t when;                     /* seconds since the epoch when it was finished */
	const char *workspace;            /* absolute path of the workspace's root */
	const char *package, *bin, *kind; /* kind: "bin", "example", "cdylib" and the like */
	const char *version, *package_id, *manifest; /* of the package, or NULL */
	const char *profile;
	const char *target;              /* triple that was built for */
	const char *rustc;               /* the whole of rustc -vV */
	const char *rustc_version;       /* "1.95.0" */
	const char *cargo, *llvm, *host; /* or NULL */
	const char *hone;                /* version */
	const char *cpu, *kernel, *arch; /* arch: or NULL */
	/* Where and by whom it was kept, each NULL when not known: the machine's id, the user's number, hone's folder
	 * and its place relative to the workspace's root. */
	const char *machine_id, *user, *home, *below;
	/* "on another machine (its CPU: ...)": why its figures are not this project's own here; NULL: they are, or nobody
	 * has asked (results.h). Not kept. */
	const char *elsewhere;
	unsigned cores;
	uint64_t memory;
	int virtual_machine; /* 1, 0, or -1: not known */
	struct hone_result_state state;
	bool bare;            /* for a target without an operating system */
	bool module;          /* it is a WebAssembly module, which is downloaded packed */
	bool speed_measured;  /* false: only start-up by --version was timed, or nothing */
	bool trains;          /* a candidate learns from runs */
	bool aborts;          /* a candidate's panic = "abort" changes what the program does */
	bool control_differs; /* baseline and its own copy were told apart */
	bool complete;        /* false: an older hone kept it, and much is not known */
	uint64_t rounds, resumed;
	double precision, elapsed_s, more_s, provable; /* as in struct hone_measurement */
	double margin; /* who was proved to be slower than another by more left; 0: not known, it is not kept */
	double total_s, cargo_s, runs_s;
	struct hone_picks best,
		any; /* indices of trials: of those that are allowed, and of all; not to be released */
	struct hone_strv notes;           /* what the user should know of the rounds; borrowed */
	struct hone_result_trial *trials; /* the baseline first */
	size_t n_trials;
	struct hone_result_workload *workloads;
	size_t n_workloads;
	const char *
		options; /* of hone, that were given besides binary and folders, for a shell; NULL: unknown */
	uint64_t seed; /* of the orders within the rounds; 0 when unknown */
	struct hone_arena arena;
};
#define HONE_RESULT_RUN_INIT                                                                       \
	{                                                                                          \
		.best = HONE_PICKS_NONE, .any = HONE_PICKS_NONE                                    \
	}
#define hone_auto_result_run __attribute__((cleanup(hone_result_run_release)))
void hone_result_run_release(struct hone_result_run *r);

/* The name of a trial by its index; NULL: HONE_PICK_NONE. */
const char *hone_result_name(const struct hone_result_run *r, size_t trial);
/* What "smaller" means: flash on a device, else the size of the file. */
uint64_t hone_result_cost(const struct hone_result_trial *t);
/* Was it built, and does it do what the baseline does? */
bool hone_result_is_built(const struct hone_result_trial *t);
/* The labels as bits of enum hone_label. */
unsigned hone_result_labels(const struct hone_result_trial *t);
/* The metric of this name of a workload, or NULL. */
const struct hone_result_metric *hone_result_metric(
	const struct hone_result_workload *w, const char *name);
/* Why times of two runs must not be compared: "machine", "toolchain", "target"; ", " between; the
 * caller frees. NULL: they may. */
char *hone_result_differences(const struct hone_result_run *a, const struct hone_result_run *b);
/* "2026-01-31 12:00 UTC"; the caller frees. */
char *hone_result_when(int64_t seconds);
/* The bits of enum hone_lost that are symbols and debug information that went. */
#define HONE_RESULT_LOST_NAMES 3U
/* The words of the JSON contract for each bit of enum hone_lost, in order, ended by NULL. */
extern const char *const hone_lost_words[];

/* What a run says of the recipe that is applied. Texts are borrowed. */
struct hone_result_recipe {
	const char *applied; /* name of the trial that the project's files give */
	const char *to;      /* the one to switch to; NULL: keep it */
	const char *why;
	int64_t before; /* the run that it is held against, or 0 */
	const char **changed;
	size_t n_changed;
};

/* The trials of a run as the sides of changes, and what the settings did to the bytes. */
struct hone_result_changes {
	struct hone_change_side *sides;
	struct hone_candidate **candidates; /* NULL where this hone does not know the recipe */
	struct hone_size_table *bytes;
	size_t n;
	struct hone_changes changes;
};
void hone_result_changes_find(const struct hone_result_run *run, struct hone_result_changes *ret);
void hone_result_changes_release(struct hone_result_changes *c);

#endif
