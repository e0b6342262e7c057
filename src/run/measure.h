#ifndef HONE_RUN_MEASURE_H
#define HONE_RUN_MEASURE_H
/* Runs candidates side by side and says what the runs allow to be said.
 *
 * For every workload: setup; the baseline is run twice and must give the same exit code and output
 * (else the workload proves nothing); every candidate is run once and must give what the baseline
 * gave, and pass the check command, or it is out with its reason. Then warm-up, then rounds: every
 * round runs every workload with every candidate that is still in, and with a second copy of the
 * baseline (the A/A control), once, or as often as the workload's rate says, each time in random order, from copies at paths of equal length, with
 * equal environment and output to the same kind of sink. Samples i of everyone belong together. Who is proved much
 * slower than another leaves (race.c), and has no samples from then on. The
 * copies are made anew now and then, and the size of the environment varies from round to round, so
 * that no one's luck with memory layout lasts. */
#include "machine_state.h"
#include "workload.h"

#include "verdict.h"

struct hone_contestant {
	const char *name;
	const char *path; /* the artifact */
	bool baseline;    /* exactly one is it */
	/* What the package's bench targets became, for workloads whose `program` is not 0. */
	const char *const *benches;
	/* What shows in a run that a setting is at work: with this variable (NAME=VALUE) these words stand in its stderr. NULL:
	 * nothing has to be shown. */
	const char *ask, *answer;
	bool unscreened; /* its instructions tell nothing of its time: other instructions, or other memory */
	bool apart; /* may win only beside others like it, so that those which are not do not leave because of it */
};

enum hone_measure_stage {
	HONE_STAGE_GATE,   /* comparing behaviour: contestant `at` of workload `workload` */
	HONE_STAGE_WARMUP, /* warming up */
	HONE_STAGE_PLAN,   /* rounds start now: round_s, least_s, expected_s, rounds (0: until
			    * decided) */
	HONE_STAGE_ROUND,  /* a round has ended */
	HONE_STAGE_DONE,
};
struct hone_measure_progress {
	enum hone_measure_stage stage;
	size_t workload, at, n;       /* n: contestants */
	size_t round, rounds;         /* rounds done, and planned (0: until decided) */
	size_t left;                  /* contestants that are run no longer (race.c) */
	size_t undecided;             /* contestants whose composite (or only) verdict is open */
	double elapsed_s, expected_s; /* of the rounds; expected_s is an estimate of all of them */
	double round_s, least_s; /* about what one takes, and those that a verdict needs at least */
};

struct hone_measurement;

/* Something that `cargo run` gives to a program and hone does not, as its users do not have it. */
struct hone_left_out {
	const char *what,
		*remedy; /* for people: "..., which is left out here"; what to write into hone.toml */
	const char *library;  /* a folder in LD_LIBRARY_PATH, or NULL */
	struct hone_strv env; /* variables, NAME=VALUE */
};

/* Of a figure 0 stands for that of rules.h, where no other meaning is told. */
struct hone_measure_opts {
	const char
		*run_dir;  /* made and removed again; for copies and outputs; target/hone/run/... */
	size_t rounds;     /* > 0: exactly so many, one look; 0: sequential */
	size_t min_rounds; /* sequential: before the first look */
	double budget_s;   /* sequential: longest time of the rounds */
	double enough_s; /* sequential: stop after this time and min_rounds, decided or not; 0: never */
	double precision; /* as in struct hone_rules, the next two as well */
	double margin, alpha;
	size_t warmup; /* discarded runs of everyone */
	uint64_t seed; /* of orders and environment sizes: round i depends on it and i alone */
	bool own_rates; /* a workload that costs little is run more often in a round (hone_race_repeats) */
	bool no_compare; /* skip comparing output (the exit code still decides) */
	bool may_differ; /* contestants are states of a program: output that differs is noted, no more */
	bool callgrind; /* count instructions with valgrind, too */
	double screen; /* > 0: they are counted, and who needs more of them than another by this share is not timed */
	const struct hone_left_out *
		left_out; /* tried on a baseline that fails, to name what it lacks; the last one is all
			    * of them together */
	size_t n_left_out;
	const char *const *check; /* argument list with {bin}; NULL: none */
	const char *source_root;  /* to notice a workload that writes there; NULL: do not look */
	const char *work_dir; /* working directory of workloads that name none; NULL: hone's own */
	/* Called once, after the behaviour was compared and before anything is timed: whatever else
	 * the caller has running must have ended when it returns. May be NULL. */
	int (*on_quiet)(void *ctx, struct hone_err *err);
	/* Sequential: how many questions are open after the rounds that there are, where they are others than the verdicts;
	 * nobody leaves early then. NULL: the verdicts are. */
	size_t (*open)(void *ctx, const struct hone_measurement *m);
	/* Called between runs only, never while one is going; may be NULL. */
	void (*on_progress)(void *ctx, const struct hone_measure_progress *p);
	void *ctx;
	/* To keep what there is so far: called after the behaviour of a workload was compared, after the
	 * warm-up and after every round. Non-zero stops with that code. */
	int (*on_done)(void *ctx, const struct hone_measurement *m, struct hone_err *err);
	void *done_ctx;
	/* An interrupted comparison of the same contestants and workloads, to go on from: what it holds is
	 * not done again. The seed must be the one that it had. */
	const struct hone_measurement *resume;
};

/* Fills in the defaults where a number is 0. */
void hone_measure_defaults(struct hone_measure_opts *o);

enum hone_contestant_status {
	HONE_RAN,
	HONE_RUN_FAILED,  /* crashed, or refused by the check command */
	HONE_RUN_DIFFERS, /* exit code or output is not the baseline's */
	HONE_RUN_TIMEOUT,
	HONE_NOT_RUN,
};

/* One metric of one workload. Arrays have one entry for each contestant and a last one for the
 * control. */
struct hone_metric_result {
	enum hone_metric metric;
	bool primary, more_is_better;
	double **samples; /* [contestant][rounds of the workload]; NaN: no sample */
	double *median;   /* of the samples; NaN without any */
	struct hone_estimate
		*estimate; /* against the baseline; its own has ratio 1 and verdict same */
	double noise;      /* the control's interval as a share: a difference below it could
			    * be noise; infinity with too few rounds */
};

struct hone_workload_result {
	char *name;
	enum hone_workload_kind kind;
	double weight;
	size_t repeats; /* runs of everyone in one round of the comparison: its own rate */
	size_t rounds;  /* samples: those of round i begin at i * repeats */
	size_t n_metrics;
	struct hone_metric_result *metrics; /* the primary one first */
	int exit_code;                      /* the baseline's */
	double *callgrind; /* [n + 1] instructions of one run; NaN: not counted; NULL: not asked for */
	uint64_t output_bytes; /* of its stdout */
	char *primary_why;     /* why this metric is the primary one; one line */
	bool gated;            /* behaviour was compared */
	double capacity;       /* service: requests per second of the baseline in the warm-up */
	int cpu;    /* 1 + the CPU that all runs are pinned to; 0: the scheduler chooses */
	char *note; /* what was noticed while behaviour was compared, a line each, or NULL */
};

struct hone_measurement {
	size_t n, control, baseline; /* contestants; index of the control (= n); of the baseline */
	enum hone_contestant_status *status; /* [n] */
	char **reason;                       /* [n], NULL when it ran */
	bool *apart;                         /* [n] as in struct hone_contestant */
	size_t *left; /* [n] rounds after which it left the race (race.c); 0: it did not */
	size_t n_workloads, rounds;
	size_t resumed; /* rounds of these that an interrupted comparison had run */
	struct hone_workload_result *workloads;
	struct hone_estimate
		*composite;      /* [n + 1], over all workloads by weight; equal to the primary
				  * metric's estimate when there is only one workload */
	double **log_cost;       /* [n + 1][rounds]: log of the primary metric, weighted over the
				  * workloads, less is better; for hone_pick */
	struct hone_rules rules; /* by which the primary metrics were judged */
	bool control_differs;    /* baseline and its own copy were told apart: times are not to be
				  * trusted    here, and no contestant is called better or worse */
	double elapsed_s;        /* of the rounds */
	double runs_s;           /* of it, inside the programs */
	double more_s;   /* how long the undecided would take if it goes on like this; 0: all
				 * decided; infinity: no end in sight */
	double provable; /* smallest share that rounds like these can tell apart within the
				 * budget, 9 times of 10; 0 while nothing was run */
	struct hone_machine_state before, after; /* the machine when the rounds began and ended */
	struct hone_strv notes;                  /* what the user should know: one line each */
};

/* 0; HONE_E_FAILED: a workload does not work on the baseline (message: the program's own words) or
 * its output is not the same twice (hint: how to normalise); HONE_E_INTERRUPTED; HONE_E_NOT_FOUND;
 * HONE_E_SYSTEM. When rounds were run before the error, *ret is set all the same, with those rounds
 * judged, and must be freed. Pass *ret = NULL. */
int hone_measure(const struct hone_contestant *contestants, size_t n,
	const struct hone_workload *workloads, size_t n_workloads,
	const struct hone_measure_opts *opts, struct hone_measurement **ret, struct hone_err *err);
void hone_measurement_free(struct hone_measurement *m);
/* Fills ret[n + 1][rounds] as log_cost is, but of the workloads alone that count (NULL: all). */
void hone_measurement_log_cost(
	const struct hone_measurement *m, const bool *counts, double *const *ret);

/* A measurement to be filled from a store and given as `resume`: no metrics, no rounds. */
struct hone_measurement *hone_measurement_blank(size_t n, size_t baseline, size_t n_workloads);
/* Appends a metric to a workload's; the first one is the primary. Before any round. */
void hone_measurement_add_metric(
	struct hone_measurement *m, size_t workload, enum hone_metric metric, bool more_is_better);
/* How many values a round has, and the values of one: workload by workload, metric by metric, all
 * contestants and then the control. NaN: no sample. */
size_t hone_measurement_width(const struct hone_measurement *m);
void hone_measurement_get_round(const struct hone_measurement *m, size_t round, double *values);
void hone_measurement_add_round(struct hone_measurement *m, const double *values);

#endif
