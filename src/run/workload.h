#ifndef HONE_RUN_WORKLOAD_H
#define HONE_RUN_WORKLOAD_H
/* How the user's binary is run so that its speed means something. A workload is data: it comes from
 * --run, from hone.toml (workload_file.h) or, without either, from asking the binary for its
 * version. */
#include "copies.h"
#include "buf.h"
#include "err.h"
#include "metric.h"
#include "strv.h"

/* A variable of everything that a workload starts, with the folder that it runs in: what is left of a hone that was killed
 * together with its launcher is known by it. */
#define HONE_RUN_MARK "MEASUREMENT_FOLDER"

struct hone_service; /* service.h */

enum hone_workload_kind {
	HONE_WORKLOAD_COMMAND, /* runs to its end */
	HONE_WORKLOAD_STARTUP, /* only starts: the sample is exec to first byte of output, to ready,
				  or to exit */
	HONE_WORKLOAD_SERVICE, /* a server under load: the sample is a window of requests */
	HONE_WORKLOAD_BENCH,   /* prints its own numbers: the sample is what is read from them */
};
const char *hone_workload_kind_text(enum hone_workload_kind k);

/* Is what train.* settings do learnt from this workload? AUTO: see hone_workload_trains. */
enum hone_workload_training { HONE_TRAINING_AUTO, HONE_TRAINING_YES, HONE_TRAINING_NO };

#define HONE_EXIT_OF_BASELINE (-1)

/* Every match of a POSIX extended regular expression in a line is replaced before outputs are
 * compared. */
struct hone_normalise {
	char *pattern, *with;
};

/* All strings are owned. {bin}, or {lib}, stands for the path of the binary, or library, anywhere in argv, setup, teardown
 * and env values, {out} for a folder that is empty before every run. */
struct hone_workload {
	char *name;
	char *bin;     /* only for the binary of this name; NULL: for any */
	double weight; /* > 0; share in the composite */
	enum hone_workload_kind kind;
	struct hone_strv argv;            /* {bin} or {lib} included */
	char *dir;                        /* working directory; NULL: hone's own */
	struct hone_strv env;             /* K=V sets, K removes */
	char *stdin_path;                 /* NULL: /dev/null */
	struct hone_strv setup, teardown; /* commands outside the timing, before the first and after
					   * the last run of a comparison; empty: none */
	enum hone_workload_training training;
	bool until_output; /* startup: the first byte on stdout ends the sample, and the program */
	bool chosen; /* by hone itself, for who named none: output that differs is noted, not held against
			    * anybody */
	double timeout_s; /* of one run */
	int exit_code; /* what proves a run right; HONE_EXIT_OF_BASELINE: what the baseline gives */
	bool compare_stdout, compare_stderr;
	struct hone_strv files; /* written by the run and compared, too; relative to dir */
	HONE_VEC(struct hone_normalise) normalise;
	enum hone_metric primary; /* HONE_METRIC_AUTO: decided by the warm-up, before any round */
	char *pattern; /* bench: regular expression whose first group is the number; NULL: what libtest
			* and criterion print is read */
	char *bench; /* bench: the package's bench target that {bin} stands for; NULL: its binary */
	size_t program; /* which of a contestant's programs {bin} is: 0: its binary, n: benches[n - 1] */
	bool more_is_better;          /* bench: of that number */
	struct hone_service *service; /* of a service, and of a start until ready; owned */
};

/* A workload with the defaults: weight 1, HONE_RULE_TIMEOUT_S, exit code 0, stdout compared, stderr not. */
void hone_workload_init(struct hone_workload *w, const char *name);
void hone_workload_release(struct hone_workload *w);

/* Does a word have {bin} or {lib} in it? */
bool hone_workload_names_program(const char *word);

/* From the words of --run: line is split like a shell would (nothing is expanded); {bin} is put
 * before it when neither that nor {lib} stands in it. w is initialised by this. HONE_E_SYNTAX for an open
 * quote, or for nothing but blanks. */
int hone_workload_from_line(
	struct hone_workload *w, const char *name, const char *line, struct hone_err *err);

/* The workload for a project that has none: the binary started with --version, or --help, whichever
 * first exits 0 within 5 s with output; kind startup, named "--version" or "--help". dir: working
 * directory or NULL. run_dir: a folder for a copy of an artifact, with what belongs beside it, made and removed again;
 * NULL: it is started where it is. HONE_E_NOT_FOUND when neither does: there is nothing that hone may run. */
int hone_workload_default(struct hone_workload *w, const char *binary, const char *run_dir,
	const char *dir, struct hone_err *err);

/* Does workload `at` of n train? By what it says itself; where none of them says anything all do but the
 * last of several, which is held out so that what is measured is not only what was trained. */
bool hone_workload_trains(const struct hone_workload *list, size_t n, size_t at);

/* Appends bytes that are the same as long as runs of the workload may be mixed: all of its keys, and
 * size and time of the files that its words name. dir: the working directory of workloads that name
 * none. */
void hone_workload_identity(const struct hone_workload *w, const char *dir, struct hone_buf *to);

/* The binary's part of an argument or environment value: every {bin}, {lib} and {out} replaced; the caller
 * frees. */
char *hone_workload_expand(const char *text, const char *bin, const char *out);

#endif
