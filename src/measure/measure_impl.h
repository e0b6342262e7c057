#ifndef HONE_MEASURE_MEASURE_IMPL_H
#define HONE_MEASURE_MEASURE_IMPL_H
/* What the parts of the measuring engine share; for this folder only. */
#include "measure.h"
#include "proc.h"
#include "rng.h"

/* Copies of all artifacts under one run folder, each at run_dir/NNN/NAME: the same NAME for all, so
 * that paths have one length and programs that print their own name print the same. */
struct hone_copies {
	size_t n;
	const char **source; /* [n], borrowed */
	char **path;         /* [n], where each lies now */
	char *dir, *name;
	int64_t spent_ns; /* on copying, after the first time */
	unsigned generation;
};

/* Copies sources[0..n) into dir (must exist) under the name that sources[0] has. */
int hone_copies_make(struct hone_copies *c, const char *dir, const char *const *sources, size_t n,
	struct hone_rng *rng, struct hone_err *err);
/* Copies everything anew into other folders in random order, so that no candidate keeps its pages. */
int hone_copies_renew(struct hone_copies *c, struct hone_rng *rng, struct hone_err *err);
void hone_copies_release(struct hone_copies *c);

/* One comparison while it goes on. Contestant n (session.n) is the control: the baseline once more. */
struct hone_session {
	const struct hone_contestant *contestants;
	size_t n, n_workloads;
	const struct hone_workload *workloads;
	struct hone_measure_opts opts; /* defaults filled in, run_dir absolute */
	char *run_dir, *out_dir;
	struct hone_copies copies;
	struct hone_strv env; /* changes that clean it */
	struct hone_rng rng;
	struct hone_measurement *m;
	double round_s;        /* what one round takes */
	int64_t run_ns;        /* spent inside programs during rounds */
	double spent_before_s; /* of a comparison that is gone on with */
};

/* Name for messages: "baseline's copy" for the control. */
const char *hone_session_name(const struct hone_session *s, size_t who);
bool hone_session_is_in(const struct hone_session *s, size_t who);
/* Takes a contestant out. reason is taken over. */
void hone_session_out(
	struct hone_session *s, size_t who, enum hone_contestant_status status, char *reason);

enum hone_run_use {
	HONE_RUN_MEASURED, /* output to /dev/null, through the launcher */
	HONE_RUN_GATE,     /* output into files run_dir/stdout and run_dir/stderr */
};
/* One run of a command, startup or bench workload. pad: bytes by which the environment is made
 * longer. */
int hone_run_workload(struct hone_session *s, const struct hone_workload *w, size_t who,
	enum hone_run_use use, size_t pad, struct hone_proc_result *ret, struct hone_err *err);
/* A setup, teardown or check command with {bin} of contestant who; its output is captured. */
int hone_run_aside(struct hone_session *s, const struct hone_workload *w, const char *const *argv,
	size_t who, struct hone_proc_result *ret, struct hone_err *err);
/* How a run ended and what the program said last, as one text; the caller frees. said may be empty. */
char *hone_how_it_went(const struct hone_proc_result *r, struct hone_view said);

/* Compares behaviour on one workload; takes out who differs. Errors: HONE_E_FAILED when the workload
 * does not work on the baseline. */
int hone_gate(struct hone_session *s, size_t workload, struct hone_err *err);

/* Where two outputs differ, for people; NULL when they are the same. Every path of a copy counts as
 * {bin}; the workload's rules are applied to each line first. The caller frees. */
int hone_output_differs(const char *what, const char *base_path, const char *base_bin,
	const char *path, const char *bin, const struct hone_workload *w, char **ret_difference,
	struct hone_err *err);

/* Warm-up of all workloads: chooses the primary metrics, sets round_s. */
int hone_warm_up(struct hone_session *s, struct hone_err *err);
int hone_run_rounds(struct hone_session *s, struct hone_err *err);

/* The measurement as data. */
struct hone_measurement *hone_measurement_new(const struct hone_session *s);
/* Makes room for one more round in all lists, NaN at first. */
void hone_measurement_grow(struct hone_measurement *m);
/* The list of metrics of a kind of workload, the primary one first. */
void hone_measurement_set_metrics(struct hone_measurement *m, size_t workload,
	enum hone_metric primary, bool more_is_better, const char *why);
/* Puts what a run used into round `round`. */
void hone_measurement_take(struct hone_measurement *m, size_t workload, size_t who, size_t round,
	const struct hone_usage *usage);
/* Drops a contestant's samples of one round in all workloads. */
void hone_measurement_forget(struct hone_measurement *m, size_t who, size_t round);
/* Fills estimates, composite, log_cost and control_differs from the samples. primary_only: only what
 * decides whether to go on. */
void hone_measurement_judge(struct hone_measurement *m, bool primary_only);
/* Contestants still in whose composite verdict is open. */
size_t hone_measurement_undecided(const struct hone_measurement *m);

#endif
