#ifndef HONE_RUN_MEASURE_IMPL_H
#define HONE_RUN_MEASURE_IMPL_H
/* What the parts of the measuring engine share; for this folder only. */
#include "copies.h"
#include "measure.h"
#include "proc.h"
#include "rng.h"

#include <sched.h>

/* One comparison while it goes on. Contestant n (comparison.n) is the control: the baseline once more. */
struct hone_comparison {
	const struct hone_contestant *contestants;
	size_t n, n_workloads;
	const struct hone_workload *workloads;
	struct hone_measure_opts opts; /* defaults filled in, run_dir absolute */
	char *run_dir, *out_dir;
	size_t n_programs;          /* 1 + the largest `program` of the workloads */
	struct hone_copies *copies; /* [n_programs] */
	size_t *benches;      /* [n_workloads] benchmarks that one run printed; 0: not known yet */
	bool *counted;        /* [n_workloads] QEMU counts instructions in its runs */
	char *plugin;         /* of QEMU's, which does; NULL: none was needed yet */
	struct hone_strv env; /* changes that clean it */
	const struct hone_left_out *more; /* to see what a program fails for; NULL: nothing */
	struct hone_rng rng;
	struct hone_measurement *m;
	double round_s;      /* what one round takes, of those that race */
	size_t paced_rounds; /* what there was when it was last looked at anew, as somebody had left */
	double paced_s;
	int64_t run_ns;        /* spent inside programs during rounds */
	double spent_before_s; /* of a comparison that is gone on with */
};

/* Fills in what follows from contestants, workloads and options, which are set; env and rng are not touched.
 * m is not released with the rest. */
void hone_comparison_init(struct hone_comparison *s);
void hone_comparison_release(struct hone_comparison *s);

/* Name for messages: "baseline's copy" for the control. */
const char *hone_comparison_name(const struct hone_comparison *s, size_t who);
bool hone_comparison_is_in(const struct hone_comparison *s, size_t who);
/* The same, and it has not left the race: it is to be run. */
bool hone_comparison_races(const struct hone_comparison *s, size_t who);
/* Adds a note of one line that is kept with the workload, for a comparison that is gone on with. Taken over. */
void hone_comparison_note(struct hone_comparison *s, size_t workload, char *note);
/* Takes a contestant out. reason is taken over. */
void hone_comparison_out(
	struct hone_comparison *s, size_t who, enum hone_contestant_status status, char *reason);

/* What one run gave: NaN for what it has no value of. */
struct hone_sample {
	double v[HONE_METRICS];
};
void hone_sample_init(struct hone_sample *s);
/* Adds what wait4 told. */
void hone_sample_usage(struct hone_sample *s, const struct hone_usage *usage);

enum hone_run_use {
	HONE_RUN_MEASURED, /* output to /dev/null, through the launcher */
	HONE_RUN_CAPTURED, /* stdout captured, stderr to /dev/null */
	HONE_RUN_GATE,     /* output into files run_dir/stdout and run_dir/stderr */
};
/* One run of a command, startup or bench workload. pad: bytes by which the environment is made
 * longer. */
int hone_run_workload(struct hone_comparison *s, const struct hone_workload *w, size_t who,
	enum hone_run_use use, size_t pad, struct hone_proc_result *ret, struct hone_err *err);
/* Did a program that hone stops at its first output end by a signal that was not hone's? */
bool hone_died_by_itself(const struct hone_proc_result *r);
/* The same run of a tool's: `words` stand before the program's own, and it may take longer. */
int hone_run_under(struct hone_comparison *s, const struct hone_workload *w, size_t who,
	const struct hone_strv *words, struct hone_proc_result *ret, struct hone_err *err);
/* A start until the first byte on stdout: *ret_s is NaN when it ended without one. */
int hone_run_until_output(struct hone_comparison *s, const struct hone_workload *w, size_t who,
	size_t pad, double *ret_s, struct hone_proc_result *ret, struct hone_err *err);

/* Counts the instructions of one run of everyone who is in, by valgrind; after hone_gate for the same workload.
 * HONE_E_NOT_FOUND without it. What cannot be counted stays NaN, with a note that says why: also a run that did not
 * end as the measured ones do, or gave another output. */
int hone_callgrind(struct hone_comparison *s, size_t workload, struct hone_err *err);

/* Takes out who needs more instructions than another by opts.screen, where all workloads were counted. */
void hone_screen(struct hone_comparison *s);

/* Of a workload whose command is QEMU: makes the plugin that counts instructions, and tries it on the baseline; sets
 * `counted`, or leaves a note that says why not. After hone_gate for the same workload. */
int hone_emulator_prepare(struct hone_comparison *s, size_t workload, struct hone_err *err);
/* The emulator's name and the words that load the plugin. */
void hone_emulator_argv(
	const struct hone_comparison *s, const char *emulator, struct hone_strv *to);
/* Before a run: what an earlier one counted is gone. */
void hone_emulator_clear(const struct hone_comparison *s);
/* After it: the count; false: it left none. */
bool hone_emulator_read(const struct hone_comparison *s, struct hone_sample *to);

/* Tells whoever listens how far it is. */
void hone_comparison_report(const struct hone_comparison *s, const struct hone_measure_progress *p);

/* What one measured run came to. */
struct hone_outcome {
	struct hone_sample sample;
	bool usable;
	bool suspended; /* the machine slept meanwhile */
	int64_t took_ns;
};
/* One measured run of any workload. when: "in round 3", for messages. A candidate that fails is taken out; the baseline or its
 * copy failing ends the comparison. */
int hone_comparison_run_once(struct hone_comparison *s, size_t workload, size_t who, size_t pad,
	const char *when, struct hone_outcome *ret, struct hone_err *err);

/* Which contestant serves, with how much padding in its environment. */
struct hone_service_run {
	size_t who, pad;
	const char *bodies; /* NULL, or a name: see hone_run_service */
};
/* One window of load on a fresh server of contestant who. *ret_failure is NULL, or why there is no
 * sample (owned by the caller): the server did not start, died, or answered with errors. bodies: NULL,
 * or a name: no load then, but what its compared paths answer goes into files run_dir/NAME.N. */
int hone_run_service(struct hone_comparison *s, const struct hone_workload *w,
	const struct hone_service_run *run, struct hone_sample *ret, char **ret_failure,
	struct hone_err *err);
/* The copies of the program that {bin} of the workload stands for. */
const struct hone_copies *hone_copies_of(
	const struct hone_comparison *s, const struct hone_workload *w);
/* words with {bin} and {out} of contestant who filled in; the environment changes for its runs. */
void hone_workload_argv(const struct hone_comparison *s, const struct hone_workload *w,
	const char *const *words, size_t who, struct hone_strv *ret);
void hone_workload_env(const struct hone_comparison *s, const struct hone_workload *w, size_t who,
	size_t pad, struct hone_strv *ret);
const char *hone_workload_dir(const struct hone_comparison *s, const struct hone_workload *w);
/* Makes {out} empty if the workload mentions it. */
int hone_workload_clear_out(
	struct hone_comparison *s, const struct hone_workload *w, struct hone_err *err);

/* What a bench printed. */
struct hone_bench_report {
	double value; /* by the workload's pattern: the first group of its last match. Without one: the
		       * geometric mean of all benchmarks, in seconds */
	struct hone_strv
		names; /* of the benchmarks, in the order of the output; none with a pattern */
};
#define HONE_BENCH_REPORT_INIT                                                                     \
	{                                                                                          \
		0                                                                                  \
	}
#define hone_auto_bench_report __attribute__((cleanup(hone_bench_report_release)))
void hone_bench_report_release(struct hone_bench_report *r);
/* NULL, or why the output gives no number, which the caller frees. Without a pattern lines of libtest and
 * of criterion's `--output-format bencher` are understood,
 *   test parse/small ... bench:       1,234 ns/iter (+/- 56)
 * and what criterion prints of its own accord: `parse/small  time:   [1.2 us 1.3 us 1.4 us]`, where the
 * number in the middle counts. */
char *hone_bench_read(
	const struct hone_workload *w, const char *output, struct hone_bench_report *ret);
/* Does the report in one file give a number, and name the benchmarks of the baseline's in the other? Errors:
 * HONE_E_FAILED when the baseline's gives none. */
int hone_bench_differs(const struct hone_workload *w, const char *base_path, const char *path,
	char **ret_difference, struct hone_err *err);
/* The metric that the number is. */
enum hone_metric hone_bench_metric(const struct hone_workload *w);

/* A setup, teardown or check command with {bin} of contestant who; its output is captured. */
int hone_run_aside(struct hone_comparison *s, const struct hone_workload *w,
	const char *const *argv, size_t who, struct hone_proc_result *ret, struct hone_err *err);
/* Lines of a failing program's output that go into a message. */
#define HONE_SAID_FIRST 3
#define HONE_SAID_LAST 5
/* How a run ended and what the program said, shortened, as one text; the caller frees. said may be
 * empty. */
char *hone_how_it_went(const struct hone_proc_result *r, struct hone_view said);
/* What to do about a time that has passed, as the hint of an error; its code. */
int hone_hint_timeout(struct hone_err *err);

/* Runs the baseline once more: does it do what it should? */
typedef bool hone_works_fn(void *ctx);
/* What failed is run once more with what opts.left_out holds; if it works then, err, which is set, says with what, and what
 * to do (true). */
bool hone_lacks_name(
	struct hone_comparison *s, hone_works_fn *works, void *ctx, struct hone_err *err);

/* Runs who claims that a setting is at work (hone_contestant.ask) once more, and takes it out where that does not show. */
int hone_gate_prove(struct hone_comparison *s, size_t workload, size_t who, struct hone_err *err);

/* Compares behaviour on one workload; takes out who differs. Errors: HONE_E_FAILED when the workload
 * does not work on the baseline. */
int hone_gate(struct hone_comparison *s, size_t workload, struct hone_err *err);
/* What the run of contestant who that just ended left in run_dir/stdout, run_dir/stderr and the workload's files, beside
 * what hone_gate kept of the baseline: the first difference, which the caller frees, or NULL. */
int hone_gate_compare(struct hone_comparison *s, size_t workload, size_t who, char **ret_difference,
	struct hone_err *err);

/* A file that a program wrote, and the path of the copy that ran. */
struct hone_output {
	const char *path, *bin;
};
/* Where two outputs differ, for people; NULL when they are the same. Every path of a copy counts as
 * {bin}; the workload's rules are applied to each line first. The caller frees. */
int hone_output_differs(const char *what, struct hone_output baseline, struct hone_output own,
	const struct hone_workload *w, char **ret_difference, struct hone_err *err);

/* One more run of the baseline in the warm-up, for its wall time in seconds. */
typedef int hone_run_baseline_fn(
	struct hone_comparison *s, size_t workload, double *ret_wall_s, struct hone_err *err);
/* Are runs like these short, and on one CPU at a time? */
bool hone_pin_is_worth_trying(const struct hone_workload *w, double wall_s, double cpu_s);
/* Pins all runs of a workload to one CPU, where that makes the baseline no slower: then nothing in it runs side by
 * side, and a run that the scheduler moves meanwhile is not noise any more. Sets cpu of the workload's result. */
int hone_pin(struct hone_comparison *s, size_t workload, hone_run_baseline_fn *run,
	struct hone_err *err);

/* The choice of an interrupted comparison, if hone would pin to that CPU now; else 0. */
int hone_pin_again(int cpu);

/* Moves this thread to the CPU to which the runs of all workloads are pinned, if they are: it sleeps while a program
 * runs, and is woken there without another CPU's help. false: it stays where it is. */
bool hone_pin_self(const struct hone_comparison *s, cpu_set_t *ret_before);
void hone_unpin_self(const cpu_set_t *before);

/* Warm-up of all workloads: chooses the primary metrics, sets round_s. */
int hone_warm_up(struct hone_comparison *s, struct hone_err *err);
int hone_run_rounds(struct hone_comparison *s, struct hone_err *err);
/* With the rounds of an interrupted comparison: is there nothing left to be run? */
bool hone_rounds_are_over(const struct hone_comparison *s);

/* Takes over what an interrupted comparison had done. HONE_E_CONFLICT: it was another one. */
int hone_resume(struct hone_comparison *s, struct hone_err *err);
/* Lets the caller keep what there is. */
int hone_comparison_keep(const struct hone_comparison *s, struct hone_err *err);

/* The measurement as data. */
struct hone_measurement *hone_measurement_new(const struct hone_comparison *s);
/* The rules by which its rounds are judged, from options with the defaults filled in. */
void hone_measurement_set_rules(struct hone_measurement *m, const struct hone_measure_opts *opts);
/* Is it time to judge what is there? Seldom enough that judging costs nothing beside the runs. last: rounds
 * at the look before. */
bool hone_measurement_is_look(size_t rounds, size_t last, size_t min_rounds);
/* Makes room for one more round in all lists, NaN at first. */
void hone_measurement_grow(struct hone_measurement *m);
/* Makes the list of metrics that workloads of its kind have and that a run of the baseline gave, the
 * primary one first. */
void hone_measurement_set_metrics(struct hone_measurement *m, size_t workload,
	enum hone_metric primary, bool more_is_better, const char *why,
	const struct hone_sample *seen);
/* at: which of the workload's samples it is. */
void hone_measurement_take(struct hone_measurement *m, size_t workload, size_t who, size_t at,
	const struct hone_sample *sample);
/* Drops a contestant's samples of one round in all workloads. */
void hone_measurement_forget(struct hone_measurement *m, size_t who, size_t round);
/* Fills estimates, composite, log_cost and control_differs from the samples. primary_only: only what
 * decides whether to go on. */
void hone_measurement_judge(struct hone_measurement *m, bool primary_only);
/* The race, at a look: of what was judged, takes out who can neither be the fastest nor the smallest within the margin of
 * its rules any more. */
void hone_measurement_race(struct hone_measurement *m);
/* How often each of n workloads is run in a round of which all of them together take costs[i] seconds a time: the rate
 * that tells most for the time. */
void hone_race_repeats(const double *costs, size_t n, size_t *ret);
/* Contestants still in whose composite verdict is open. */
size_t hone_measurement_undecided(const struct hone_measurement *m);

#endif
