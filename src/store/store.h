#ifndef HONE_STORE_STORE_H
#define HONE_STORE_STORE_H
/* What was measured before: every finished `try` with its raw samples, in one SQLite file beside hone's
 * other folders (target/hone/hone.db). It is keyed by the workspace's root, as a target dir can be
 * shared. hone never deletes the file, nor repairs it by guessing. */
#include "err.h"
#include "result_run.h"

/* The file's name in hone's folder. */
#define HONE_STORE_FILE "hone.db"

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

/* All that is read from now on is of one state, and thousands of runs cost no lock each, until the store is closed. Where
 * SQLite has no WAL, others cannot write meanwhile. */
int hone_store_hold(struct hone_store *s, struct hone_err *err);

/* Of one run: the comparison, its confirmation, and the comparison before what that made hone add (try_levels.h). */
#define HONE_STORE_FINISHES 3
/* Adds a run, whole or not at all; *ret_id is its number. finishes: HONE_STORE_FINISHES unfinished comparisons that this
 * run ends, 0 for none, which go in the same step; or NULL. */
int hone_store_put(struct hone_store *s, const struct hone_result_run *run, const int64_t *finishes,
	int64_t *ret_id, struct hone_err *err);

/* Which runs: of this workspace; package, bin, kind: NULL for any; "lib" is any kind of library. */
struct hone_store_filter {
	const char *workspace, *package, *bin, *kind;
	/* Those, too, that were kept at this place of a workspace while the database lay in another folder than home: it has
	 * come here with its project. NULL: none of them. */
	const char *home, *below;
};
/* Numbers of the runs, newest first; the caller frees *ret_ids. */
int hone_store_ids(struct hone_store *s, const struct hone_store_filter *f, int64_t **ret_ids,
	size_t *ret_n, struct hone_err *err);

enum hone_store_detail {
	HONE_STORE_HEAD,   /* trials without owners, sections and regions; no workloads */
	HONE_STORE_TRIALS, /* trials with owners, without sections and regions; no workloads */
	HONE_STORE_RATIOS, /* all but samples */
	HONE_STORE_ALL,
};
/* One run into *ret, which must be HONE_RESULT_RUN_INIT. HONE_E_NOT_FOUND: the workspace (NULL: any) has no run of
 * this number. */
int hone_store_get(struct hone_store *s, const char *workspace, int64_t id,
	enum hone_store_detail detail, struct hone_result_run *ret, struct hone_err *err);
/* The newest run that the filter lets through; HONE_E_NOT_FOUND when there is none. */
int hone_store_last(struct hone_store *s, const struct hone_store_filter *f,
	enum hone_store_detail detail, struct hone_result_run *ret, struct hone_err *err);

/* ---- comparisons that were begun and not finished: what an interrupted one goes on from */

struct hone_unfinished_workload {
	bool gated;    /* behaviour was compared: the four below are known */
	int exit_code; /* the one that is right */
	uint64_t output_bytes;
	double *counts; /* [n_contestants + 1] instructions, the control last; NULL: not asked for */
	const char *note; /* what was noticed then, or NULL */
	/* From the warm-up; no metrics: it was not done yet. The primary metric first. */
	double capacity;
	size_t repeats;  /* rounds of its own in one of the comparison's, from 1 on */
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
	size_t *left; /* [n_contestants] rounds after which it was run no longer; 0: it is */
	struct hone_unfinished_workload *workloads;
	size_t n_workloads;
	/* Every round has `width` values: workload by workload, metric by metric, the contestants and then
	 * the control, `repeats` of each. NaN: no sample. */
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

#endif
