#include "proc_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_NS (2 * HONE_NS_PER_S) /* between TERM and KILL */
#define GRACE_NS (HONE_NS_PER_S / 10)   /* for output after the process has ended */
#define TICK_NS (HONE_NS_PER_S / 10)
#define RETRY_NS (HONE_NS_PER_S / 1000)
#define READ_AT_ONCE ((size_t)1 << 20)

static struct hone_proc *living;

static void unlist(const struct hone_proc *p)
{
	struct hone_proc **at = &living;

	while (*at && *at != p)
		at = &(*at)->next;
	if (*at)
		*at = p->next;
}

static int pid_of(const struct hone_proc *p)
{
	return p->pid || !p->launcher ? p->pid : hone_launcher_pid(p->launcher);
}

/* false: there is no process yet, or no more. */
static bool signal_group(const struct hone_proc *p, int sig)
{
	int pid = pid_of(p);

	/* 0 would be hone's own group. */
	return pid > 0 && kill(-pid, sig) == 0;
}

void hone_proc_signal_all(int sig)
{
	for (struct hone_proc *p = living; p; p = p->next)
		(void)signal_group(p, sig);
}

void hone_proc_resumed(int64_t paused_ns)
{
	for (struct hone_proc *p = living; p; p = p->next) {
		p->suspended = true;
		if (p->deadline_ns != HONE_PROC_NEVER)
			p->deadline_ns += paused_ns;
		if (p->kill_ns != HONE_PROC_NEVER)
			p->kill_ns += paused_ns;
	}
}

static void proc_free(struct hone_proc *p)
{
	unlist(p);
	hone_stream_release(&p->out);
	hone_stream_release(&p->errout);
	hone_start_release(&p->start);
	free(p->name);
	free(p);
}

/* Reaps the killed rest of a group, which are hone's children by now. Not for ever: one that runs as
 * another user could not be killed. */
static void reap_group(pid_t group)
{
	const struct timespec pause = {.tv_nsec = 200000};
	int64_t until = hone_now_ns() + 10 * HONE_NS_PER_S;
	pid_t pid;

	while ((pid = waitpid(-group, NULL, WNOHANG)) >= 0 && hone_now_ns() < until)
		if (pid == 0)
			(void)nanosleep(&pause, NULL);
}

/* Without the launcher its children come to hone: those of the program's group are killed and reaped. */
static void drop_launcher(struct hone_proc *p)
{
	pid_t pid = pid_of(p);

	(void)signal_group(p, SIGKILL);
	hone_launcher_drop(HONE_TAKE(p->launcher));
	if (pid > 0)
		reap_group(pid);
}

/* ---- starting */

static int open_stdin(const struct hone_proc_spec *spec, int *ret_fd, struct hone_err *err)
{
	const char *path = spec->stdin_path ? spec->stdin_path : "/dev/null";

	*ret_fd = open(path, O_RDONLY | O_CLOEXEC);
	if (*ret_fd < 0)
		return hone_err_sys(err, errno, "opening %s, the input of %s", path, spec->argv[0]);
	return 0;
}

static int begin_launched(
	struct hone_proc *p, const struct hone_start *s, bool measured, struct hone_err *err)
{
	int error = hone_launcher_get(measured, &p->launcher, err);

	if (error)
		return error;
	error = hone_launcher_start(p->launcher, s, p->swept, &p->pid, err);
	if (!error)
		return 0;
	/* A program that cannot be executed is no fault of the launcher's, but this is too rare to tell
	 * apart: the next run gets a new one. One that died may have started the program before. */
	drop_launcher(p);
	return error;
}

/* whole: nothing is done with it but waiting for its end. */
static int begin(
	struct hone_proc *p, const struct hone_proc_spec *spec, bool whole, struct hone_err *err)
{
	hone_auto_close int in = -1;
	hone_auto_close int out = -1;
	hone_auto_close int errout = -1;
	struct hone_start s;
	int error = hone_start_prepare(&s, spec, err);

	if (!error)
		error = open_stdin(spec, &in, err);
	if (!error)
		error = hone_stream_open(&p->out, spec, STDOUT_FILENO, &out, err);
	if (!error)
		error = hone_stream_open(&p->errout, spec, STDERR_FILENO, &errout, err);
	if (!error) {
		s.child.fds[0] = in;
		s.child.fds[1] = out;
		s.child.fds[2] = errout;
		/* What it leaves behind may still have something to say through a pipe. */
		p->swept = whole && spec->measured && p->out.fd < 0 && p->errout.fd < 0;
		p->started_ns = hone_now_ns();
		p->deadline_ns = spec->deadline_ns < HONE_PROC_NEVER - p->started_ns
					 ? p->started_ns + spec->deadline_ns
					 : HONE_PROC_NEVER;
		error = begin_launched(p, &s, spec->measured, err);
	}
	p->start = s;
	return error;
}

static int start(const struct hone_proc_spec *spec, bool whole, struct hone_proc **ret_proc,
	struct hone_err *err)
{
	struct hone_proc *p;
	int error = hone_interrupted(err);

	if (error)
		return error;
	if (spec->deadline_ns <= 0)
		hone_bug("no deadline for %s", spec->argv[0]);
	p = HONE_NEW(struct hone_proc);
	*p = (struct hone_proc){
		.name = hone_xstrdup(spec->argv[0]),
		.out = HONE_STREAM_INIT,
		.errout = HONE_STREAM_INIT,
		.on_tick = spec->measured ? NULL : spec->on_tick,
		.ctx = spec->ctx,
		.kill_after = spec->kill_after,
		.kill_ns = HONE_PROC_NEVER,
	};
	error = begin(p, spec, whole, err);
	if (error) {
		proc_free(p);
		return error;
	}
	p->next = living;
	living = p;
	*ret_proc = p;
	return 0;
}

int hone_proc_start(
	const struct hone_proc_spec *spec, struct hone_proc **ret_proc, struct hone_err *err)
{
	return start(spec, false, ret_proc, err);
}

/* ---- waiting */

static void kill_now(struct hone_proc *p)
{
	p->killed = p->ended || p->killed || signal_group(p, SIGKILL);
	/* One that is just being started is killed a moment later. */
	p->kill_ns = p->killed ? HONE_PROC_NEVER : hone_now_ns() + RETRY_NS;
}

static void ask_to_stop(struct hone_proc *p, int sig, int64_t patience_ns)
{
	if (p->ended || p->killed || p->kill_ns != HONE_PROC_NEVER)
		return;
	/* Without a process that could be asked nothing is lost when it is killed. */
	if (!signal_group(p, sig))
		patience_ns = 0;
	/* A suspended process sees the signal only once it goes on. */
	(void)signal_group(p, SIGCONT);
	p->kill_ns = hone_now_ns() + patience_ns;
}

static void take_signals(struct hone_proc *p)
{
	int sig = hone_signals_take();

	if (!sig)
		return;
	/* Whoever asks twice does not want to wait. */
	if (p->sig)
		kill_now(p);
	p->sig = sig;
	ask_to_stop(p, SIGTERM, PATIENCE_NS);
}

static int note_end(struct hone_proc *p, struct hone_err *err)
{
	struct hone_child_failure failure = {0};
	int error = hone_launcher_ended(p->launcher, &p->status, &p->usage, &failure, err);

	p->ended = error == 0;
	p->ended_ns = hone_now_ns();
	return failure.errnum ? hone_start_failed(&p->start, failure, err) : error;
}

static void read_stream(struct hone_proc *p, struct hone_stream *s)
{
	int code = hone_stream_read(s, READ_AT_ONCE);

	if (code && !p->callback) {
		p->callback = code;
		ask_to_stop(p, SIGTERM, PATIENCE_NS);
	}
}

/* A launcher on a busy machine starts its program later than it was told to: the program has its whole time, as
 * its usage says. */
static void count_from_start(struct hone_proc *p, int64_t now)
{
	int64_t started = hone_launcher_started(p->launcher);

	if (!started)
		started = now;
	p->deadline_ns += started - p->started_ns;
	p->started_ns = started;
}

static void check_limits(struct hone_proc *p)
{
	int64_t now = hone_now_ns();

	if (p->ended)
		return;
	if (now >= p->kill_ns)
		kill_now(p);
	if (now >= p->deadline_ns)
		count_from_start(p, now);
	if (now >= p->deadline_ns) {
		p->deadline_ns = HONE_PROC_NEVER;
		p->timed_out = true;
		ask_to_stop(p, SIGTERM, PATIENCE_NS);
	}
	if (p->kill_after && !p->too_much &&
		hone_stream_bytes(&p->out) + hone_stream_bytes(&p->errout) > p->kill_after) {
		p->too_much = true;
		ask_to_stop(p, SIGTERM, PATIENCE_NS);
	}
}

/* Nothing more is waited for. */
static bool is_over(const struct hone_proc *p)
{
	return p->ended &&
	       ((p->out.fd < 0 && p->errout.fd < 0) || hone_now_ns() >= p->ended_ns + GRACE_NS);
}

/* The moment at which something has to be done though nothing happened. */
static int64_t next_moment(const struct hone_proc *p)
{
	int64_t at = p->deadline_ns < p->kill_ns ? p->deadline_ns : p->kill_ns;

	if (p->ended)
		return p->ended_ns + GRACE_NS;
	/* What a child writes into a file by itself is only seen by looking. */
	if (p->kill_after && (p->out.file_fd >= 0 || p->errout.file_fd >= 0)) {
		int64_t look = hone_now_ns() + TICK_NS;

		at = look < at ? look : at;
	}
	return at;
}

/* Waits until something happens, at most until the moment given, and deals with it. */
static int step(struct hone_proc *p, int64_t until, struct hone_err *err)
{
	enum { END, OUT, ERROUT, SIGNALS };
	struct pollfd fds[] = {
		[END] = {-1, POLLIN, 0},
		[OUT] = {p->out.fd, POLLIN, 0},
		[ERROUT] = {p->errout.fd, POLLIN, 0},
		[SIGNALS] = {hone_signals_fd(), POLLIN, 0},
	};
	int64_t next = next_moment(p), wait;
	struct timespec timeout;
	int error = 0;

	if (!p->ended)
		fds[END].fd = hone_launcher_fd(p->launcher);
	wait = (next < until ? next : until) - hone_now_ns();
	if (wait < 0)
		wait = 0;
	timeout = (struct timespec){wait / HONE_NS_PER_S, wait % HONE_NS_PER_S};
	if (ppoll(fds, HONE_COUNT(fds), &timeout, NULL) < 0) {
		if (errno != EINTR)
			return hone_err_sys(err, errno, "waiting for %s", p->name);
		return 0;
	}
	if (fds[END].revents)
		error = note_end(p, err);
	if (fds[OUT].revents)
		read_stream(p, &p->out);
	if (fds[ERROUT].revents)
		read_stream(p, &p->errout);
	if (fds[SIGNALS].revents)
		take_signals(p);
	check_limits(p);
	return error;
}

/* ---- ending */

/* Kills what is left of the group and reaps. Until then the leader is a zombie, so that the group's
 * number is still its own. */
static int reap(struct hone_proc *p, struct hone_err *err)
{
	int error;

	if (!p->ended || !p->swept)
		(void)signal_group(p, SIGKILL);
	error = p->swept ? 0 : hone_launcher_finish(p->launcher, err);
	/* One that has yet to tell of the end would tell the next program's. */
	if (!error && p->ended)
		hone_launcher_put(HONE_TAKE(p->launcher));
	else
		drop_launcher(p);
	return error;
}

/* The common end of all runs: kills what is left, reads what it had written, fills ret, frees p.
 * error is what went wrong before. */
static int end(struct hone_proc *p, int error, struct hone_proc_result *ret, struct hone_err *err)
{
	int reap_error = reap(p, error ? NULL : err);
	int code;

	read_stream(p, &p->out);
	read_stream(p, &p->errout);
	code = hone_stream_finish(&p->out);
	p->callback = p->callback ? p->callback : code;
	code = hone_stream_finish(&p->errout);
	p->callback = p->callback ? p->callback : code;
	error = error ? error : reap_error;
	if (!error && p->sig)
		error = hone_signal_error(p->sig, err);
	if (!error)
		error = p->callback;
	if (!error)
		hone_proc_give_result(p, ret);
	proc_free(p);
	return error;
}

int hone_proc_stop(struct hone_proc *p, int sig, int64_t grace_ns, struct hone_proc_result *ret,
	struct hone_err *err)
{
	int error = 0;

	ask_to_stop(p, sig, grace_ns);
	while (!error && !is_over(p))
		error = step(p, HONE_PROC_NEVER, err);
	return end(p, error, ret, err);
}

int hone_proc_pump(struct hone_proc *p, int64_t wait_ns, bool *ret_ended, struct hone_err *err)
{
	int64_t until = hone_now_ns() + wait_ns;
	int error = 0;

	do
		error = p->ended && is_over(p) ? 0 : step(p, until, err);
	while (!error && !p->sig && !is_over(p) && hone_now_ns() < until);
	if (!error && p->sig)
		error = hone_signal_error(p->sig, err);
	if (!error)
		*ret_ended = p->ended;
	return error;
}

int hone_proc_pid(const struct hone_proc *p)
{
	return p->pid;
}

struct hone_view hone_proc_output(const struct hone_proc *p)
{
	return hone_buf_view(&p->out.kept);
}

struct hone_view hone_proc_err_output(const struct hone_proc *p)
{
	return hone_buf_view(&p->errout.kept);
}

/* ---- whole runs */

int hone_proc_run(
	const struct hone_proc_spec *spec, struct hone_proc_result *ret, struct hone_err *err)
{
	hone_auto_proc_result struct hone_proc_result own = HONE_PROC_RESULT_INIT;
	struct hone_proc *p;
	int error = start(spec, true, &p, err);
	int64_t due;

	if (error)
		return error;
	due = p->on_tick ? hone_now_ns() + TICK_NS : HONE_PROC_NEVER;
	while (!error && !is_over(p)) {
		error = step(p, due, err);
		if (due != HONE_PROC_NEVER && hone_now_ns() >= due) {
			p->on_tick(p->ctx);
			due = hone_now_ns() + TICK_NS;
		}
	}
	error = end(p, error, ret ? ret : &own, err);
	if (!error && !ret)
		error = hone_proc_require_success(spec, &own, err);
	return error;
}
