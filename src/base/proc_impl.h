#ifndef HONE_BASE_PROC_IMPL_H
#define HONE_BASE_PROC_IMPL_H
/* What the files proc_*.c share; nobody else includes it. */
#include "hash.h"
#include "proc.h"
#include "proc_child.h"

#define HONE_PROC_NEVER INT64_MAX

/* ---- proc_stream.c: where a child's stdout or stderr goes */

struct hone_stream {
	enum hone_sink sink;
	int fd;               /* our end of the pipe; -1 when there is none, or it is at its end */
	int file_fd;          /* for HONE_SINK_FILE; else -1 */
	struct hone_buf kept; /* what was captured, or the line that is not complete yet */
	uint64_t bytes;       /* all that was printed */
	bool truncated;
	struct hone_hasher *hasher;
	hone_proc_line_fn *on_line;
	void *ctx;
};
#define HONE_STREAM_INIT                                                                           \
	{                                                                                          \
		.fd = -1, .file_fd = -1                                                            \
	}

/* Opens the way from a child's descriptor own_fd (1 or 2). *ret_child_fd is the child's end, the
 * caller's to close. */
int hone_stream_open(struct hone_stream *s, const struct hone_proc_spec *spec, int own_fd,
	int *ret_child_fd, struct hone_err *err);
/* Takes what is in the pipe now, at most max bytes. 0, or what the line callback returned. */
int hone_stream_read(struct hone_stream *s, size_t max);
/* No more is read; hands over the last line. 0, or what the line callback returned. */
int hone_stream_finish(struct hone_stream *s);
/* The bytes so far, also of a file that the child writes by itself. */
uint64_t hone_stream_bytes(const struct hone_stream *s);
void hone_stream_release(struct hone_stream *s);

/* ---- proc_spawn.c: starting */

/* What a child is started with, made before the fork. */
struct hone_start {
	const char *name; /* for messages: argv[0] as given */
	char *file;
	struct hone_strv env;
	struct hone_child child; /* points into the above and into the spec */
};
int hone_start_prepare(
	struct hone_start *s, const struct hone_proc_spec *spec, struct hone_err *err);
void hone_start_release(struct hone_start *s);
/* Forks and executes; the pid once exec has worked. */
int hone_start_fork(const struct hone_start *s, int *ret_pid, struct hone_err *err);
/* The error for a step of the child that failed. */
int hone_start_failed(
	const struct hone_start *s, struct hone_child_failure failure, struct hone_err *err);

/* ---- proc_launch.c: starting through the launcher */

struct hone_launcher;
/* A launcher, of measured programs or of plain ones, that is not in use; hand it back by put when its program is finished, or drop it when
 * it does not answer as it should. */
int hone_launcher_get(bool measured, struct hone_launcher **ret, struct hone_err *err);
void hone_launcher_put(struct hone_launcher *l);
/* In a copy of hone (worker.h): those that are here are the other hone's. */
void hone_launchers_forget(void);
void hone_launcher_drop(struct hone_launcher *l);
/* finish: what the program leaves behind is killed and reaped before its end is told, and finish must not
 * be called. Then nothing is known yet when this returns: *ret_pid is 0, and ended tells what failed. */
int hone_launcher_start(struct hone_launcher *l, const struct hone_start *s, bool finish,
	int *ret_pid, struct hone_err *err);
/* Of the program that runs now; 0: it has yet to start, or has ended. */
int hone_launcher_pid(const struct hone_launcher *l);
/* When it was started (hone_now_ns), 0 before. */
int64_t hone_launcher_started(const struct hone_launcher *l);
/* Readable when the program has ended: then ended tells how, as wait's status, or what kept it from starting. */
int hone_launcher_fd(const struct hone_launcher *l);
int hone_launcher_ended(struct hone_launcher *l, int *ret_status, struct hone_usage *ret_usage,
	struct hone_child_failure *ret_failure, struct hone_err *err);
/* Kills and reaps all that the program left behind; of a plain one, what is left of its group. */
int hone_launcher_finish(struct hone_launcher *l, struct hone_err *err);

/* ---- proc_signals.c */

/* The signalfd, or -1. */
int hone_signals_fd(void);
/* Reads what came. The last signal that asks to stop, or 0. On SIGTSTP all children and hone
 * itself are suspended, until SIGCONT. */
int hone_signals_take(void);
/* Has a signal that asks to stop ever come? */
bool hone_signals_seen(void);
/* "TERM" for SIGTERM; "?" for one without a name. */
const char *hone_signal_word(int sig);
int hone_signal_error(int sig, struct hone_err *err);

/* ---- proc_run.c: running */

struct hone_proc {
	struct hone_proc *next; /* in the list of living children */
	char *name;             /* argv[0], for messages */
	int pid;                /* 0: the launcher knows */
	struct hone_launcher *launcher;
	bool swept;              /* when it ends, the launcher has killed and reaped all */
	struct hone_start start; /* kept while its failure may yet be told */
	struct hone_stream out, errout;
	void (*on_tick)(void *ctx);
	void *ctx;
	uint64_t kill_after;
	int64_t started_ns;
	int64_t deadline_ns; /* the moment, or HONE_PROC_NEVER */
	int64_t kill_ns; /* the moment when patience ends; HONE_PROC_NEVER: not asked to stop yet */
	bool killed;
	bool ended; /* the process has; status and usage are set */
	int64_t ended_ns;
	int status;
	struct hone_usage usage;
	bool timed_out, too_much, suspended;
	int sig;      /* hone was asked to stop by this */
	int callback; /* what a line callback returned */
};

/* Sends a signal to the groups of all living children. */
void hone_proc_signal_all(int sig);
/* Moves all deadlines, as hone was suspended for this long. */
void hone_proc_resumed(int64_t paused_ns);

/* ---- proc_result.c: what became of one */

/* What was captured becomes the result's. */
void hone_proc_give_result(struct hone_proc *p, struct hone_proc_result *r);
/* The error for a caller that only wants success. */
int hone_proc_require_success(
	const struct hone_proc_spec *spec, const struct hone_proc_result *r, struct hone_err *err);

#endif
