#ifndef HONE_BASE_PROC_H
#define HONE_BASE_PROC_H
/* Child processes: the only place that forks.
 *
 * A child gets an argument list (never a shell), a process group of its own, no terminal (it cannot
 * open /dev/tty, instead of being stopped when it reads there) and default signal dispositions. No
 * descriptor that hone opened leaks into it; those that hone was started with (make's jobserver) are
 * passed on, but not to measured programs. A launcher of hone's starts it, which kills it with all that it has
 * started when hone dies, however that happens. hone polls its output and the launcher at once; the end of the process, not end of file, ends the run, so a grandchild that
 * holds the pipe cannot hang it. A deadline or a signal to hone (SIGINT, SIGTERM, SIGHUP) stops the
 * whole group: TERM, two seconds, KILL; whatever of the group outlives its leader is killed too.
 * Every child is reaped before the call returns. SIGTSTP and SIGCONT are passed on. Of measured
 * programs even those descendants are killed that left the group. One thread only. */
#include "buf.h"
#include "clock.h"
#include "err.h"
#include "strv.h"
#include "usage.h"

enum hone_sink {
	HONE_SINK_CAPTURE, /* into the result's buffer, up to the limit */
	HONE_SINK_NULL,    /* /dev/null */
	HONE_SINK_INHERIT, /* hone's own descriptor */
	HONE_SINK_LINES,   /* each line goes to the callback as it comes; nothing is kept */
	HONE_SINK_HASH,    /* only counted and hashed (XXH3-128): size and identity, no memory */
	HONE_SINK_FILE,    /* written to the file at out_path / err_path (created, truncated) */
};

/* A line of output without its newline; a line longer than 16 MiB comes in pieces. Return non-zero
 * to have the child stopped (the run then returns that code with the callback's own error). */
typedef int hone_proc_line_fn(void *ctx, struct hone_view line);

struct hone_proc_spec {
	const char *const *argv;    /* argv[0] is looked up in PATH unless it has a slash */
	const char *dir;            /* working directory, NULL: hone's */
	const char *const *env;     /* changes: "K=V" sets, "K" removes; NULL: none */
	bool env_empty;             /* start from no environment at all; env then sets everything */
	const char *stdin_path;     /* NULL: /dev/null */
	enum hone_sink out, errout; /* what happens to stdout and stderr */
	size_t limit; /* bytes captured of each stream; 0: 64 MiB. The rest is read and dropped,
				     * and *_truncated is set. */
	uint64_t kill_after; /* stop the child when it printed more bytes than this; 0: never */
	const char *out_path, *err_path;
	hone_proc_line_fn *on_line;     /* for HONE_SINK_LINES on stdout */
	hone_proc_line_fn *on_err_line; /* for HONE_SINK_LINES on stderr */
	void *ctx;
	int64_t deadline_ns; /* longest run, must be > 0 */
	bool measured; /* nothing of what it starts may outlive it, and it gets no descriptors but its three */
	int cpu; /* 1 + the CPU to pin the child to; 0: no pinning */
	/* Called about ten times a second while waiting, for progress; may be NULL. Never called while
	 * measured. */
	void (*on_tick)(void *ctx);
};

struct hone_proc_result {
	int exit_code; /* 0..255, or -1 when it ended by a signal */
	int sig;       /* the signal it ended by, or 0 */
	bool timed_out, out_truncated, err_truncated;
	bool too_much;  /* stopped because of kill_after */
	bool suspended; /* hone was suspended meanwhile (Ctrl-Z): times say nothing */
	struct hone_buf out, err;
	uint64_t out_bytes, err_bytes;     /* all that was printed */
	uint64_t out_hash[2], err_hash[2]; /* lo, hi; for HONE_SINK_HASH */
	struct hone_usage usage;
};
#define HONE_PROC_RESULT_INIT                                                                      \
	{                                                                                          \
		0                                                                                  \
	}
#define hone_auto_proc_result __attribute__((cleanup(hone_proc_result_release)))

/* Runs a child to its end. 0 also when the child failed, was stopped at its deadline (timed_out)
 * or printed too much (too_much): look at the result. Errors: HONE_E_NOT_FOUND (no such program),
 * HONE_E_UNSUPPORTED (it is no program that this machine runs), HONE_E_SYSTEM (cannot be started: the message names
 * program and reason), HONE_E_INTERRUPTED
 * (hone got a signal; the group is gone), or what a callback returned. ret is written on success
 * and must be released; it may be NULL when only the error matters (a non-zero exit is then
 * HONE_E_FAILED with the command and its last stderr line). */
int hone_proc_run(
	const struct hone_proc_spec *spec, struct hone_proc_result *ret, struct hone_err *err);
void hone_proc_result_release(struct hone_proc_result *r);
/* Did it end by itself, with exit code 0, and is all that it printed there? Only then may a figure or a file be
 * taken from a tool. */
bool hone_proc_succeeded(const struct hone_proc_result *r);
/* "exit code 3", "ended by signal 11 (SIGSEGV)", "stopped after 30 s": how it ended, as text the
 * caller frees. */
char *hone_proc_how_ended(const struct hone_proc_result *r);

/* A child that goes on while hone does other things: servers. All sinks but LINES. */
struct hone_proc;
int hone_proc_start(
	const struct hone_proc_spec *spec, struct hone_proc **ret_proc, struct hone_err *err);
/* Lets output flow for at most wait_ns; true in *ret_ended once the process has ended. After any
 * error, and after HONE_E_INTERRUPTED too, hone_proc_stop is still to be called. */
int hone_proc_pump(struct hone_proc *p, int64_t wait_ns, bool *ret_ended, struct hone_err *err);
/* The pid (of the program itself, not of the launcher), and what it printed so far on stdout and on
 * stderr (borrowed until the next call). */
int hone_proc_pid(const struct hone_proc *p);
struct hone_view hone_proc_output(const struct hone_proc *p);
struct hone_view hone_proc_err_output(const struct hone_proc *p);
/* Sends sig to the group, waits up to grace_ns, then kills it; fills ret (on success only) and frees
 * p in any case. */
int hone_proc_stop(struct hone_proc *p, int sig, int64_t grace_ns, struct hone_proc_result *ret,
	struct hone_err *err);

/* Ends the launchers, which otherwise stay for the next run; they end with hone in
 * any case. After a signal to stop, what plain programs left behind ends with them. To be called at the end of main. */
void hone_proc_shutdown(void);

/* Which processes are meant: those that were started with a variable of that text ("K=V"), with one that begins so ("K=/FOLDER/"),
 * or whose program lies below the folder. */
struct hone_proc_marks {
	const char *variable, *beginning, *folder;
};
/* Kills all of these, and waits for their end; *ret_ended: how many. HONE_E_CONFLICT: one of them does not end, which is
 * named. */
int hone_proc_end_marked(
	const struct hone_proc_marks *marks, unsigned *ret_ended, struct hone_err *err);

/* To be called once at the start of main: blocks INT, TERM, HUP, TSTP, CONT, which are read from a
 * signalfd from then on; PIPE is ignored. */
int hone_signals_init(struct hone_err *err);
/* 0, or HONE_E_INTERRUPTED when a signal to stop has come; for long work of hone's own. A signal is
 * reported once: by this, or by the call that was waiting for a child. */
int hone_interrupted(struct hone_err *err);

#endif
