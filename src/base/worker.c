#include "worker.h"

#include "buf.h"
#include "clock.h"
#include "proc_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Longest time that a worker has to stop what it started. */
#define PATIENCE_NS (5 * HONE_NS_PER_S)
#define READ_AT_ONCE ((size_t)4096)

struct hone_worker {
	pid_t pid;
	int fd;               /* what it says; -1 at its end */
	struct hone_buf line; /* that is not complete yet */
};

/* In a worker: the way to the hone that started it. */
static int told_fd = -1;

void hone_worker_tell(struct hone_view line)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	struct hone_view rest;

	hone_buf_addv(&text, line);
	hone_buf_addc(&text, '\n');
	rest = hone_buf_view(&text);
	while (told_fd >= 0 && rest.n) {
		ssize_t n = write(told_fd, rest.p, rest.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return; /* nobody listens any more */
		rest.p += n;
		rest.n -= (size_t)n;
	}
}

void hone_worker_ends_at_signals(void)
{
	sigset_t none;

	hone_child_reset_signals();
	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

static _Noreturn void be_the_worker(
	hone_worker_fn *job, void *ctx, const int *keep, size_t n_keep, int fd, pid_t parent)
{
	/* Its launchers see that, and end all that was started. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent)
		_exit(1);
	hone_launchers_forget();
	for (size_t i = 0; i < n_keep; i++)
		(void)fcntl(keep[i], F_SETFD, 0);
	told_fd = fd;
	job(ctx);
	hone_proc_shutdown();
	_exit(0);
}

int hone_worker_start(hone_worker_fn *job, void *ctx, const int *keep, size_t n_keep,
	struct hone_worker **ret, struct hone_err *err)
{
	pid_t parent = getpid(), pid;
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return hone_err_sys(err, errno, "creating a pipe");
	pid = fork();
	if (pid == 0)
		be_the_worker(job, ctx, keep, n_keep, ends[1], parent);
	(void)close(ends[1]);
	if (pid < 0) {
		int errnum = errno;

		(void)close(ends[0]);
		return hone_err_sys(err, errnum, "starting a process");
	}
	*ret = HONE_NEW(struct hone_worker);
	**ret = (struct hone_worker){.pid = pid, .fd = ends[0]};
	return 0;
}

void hone_worker_free(struct hone_worker *w)
{
	if (!w)
		return;
	hone_close_p(&w->fd);
	hone_buf_release(&w->line);
	free(w);
}

/* Reads what there is; at the end of it the worker is buried. */
static void listen_to(struct hone_worker *w, size_t at, hone_worker_line_fn *on_line, void *ctx)
{
	char bytes[READ_AT_ONCE];
	ssize_t n = read(w->fd, bytes, sizeof(bytes));

	if (n < 0 && errno == EINTR)
		return;
	if (n <= 0) {
		hone_close_p(&w->fd);
		(void)waitpid(w->pid, NULL, 0);
		return;
	}
	for (ssize_t i = 0; i < n; i++) {
		if (bytes[i] != '\n') {
			hone_buf_addc(&w->line, bytes[i]);
			continue;
		}
		on_line(ctx, at, hone_buf_view(&w->line));
		hone_buf_reset(&w->line);
	}
}

int hone_workers_wait(struct hone_worker *const *list, size_t n, int64_t wait_ns,
	hone_worker_line_fn *on_line, void *ctx, size_t *ret_ended, struct hone_err *err)
{
	hone_auto_free struct pollfd *fds = hone_xcalloc(n + 1, sizeof(*fds));
	int sig;

	*ret_ended = n;
	for (size_t i = 0; i < n; i++) {
		fds[i] = (struct pollfd){.fd = list[i] ? list[i]->fd : -1, .events = POLLIN};
		if (list[i] && list[i]->fd < 0)
			wait_ns = 0; /* it ended together with one that was told of */
	}
	fds[n] = (struct pollfd){.fd = hone_signals_fd(), .events = POLLIN};
	if (poll(fds, n + 1, (int)(wait_ns / (HONE_NS_PER_S / 1000))) < 0 && errno != EINTR)
		return hone_err_sys(err, errno, "waiting for processes");
	sig = hone_signals_take();
	if (sig)
		return hone_signal_error(sig, err);
	for (size_t i = 0; i < n; i++)
		if (list[i] && fds[i].revents)
			listen_to(list[i], i, on_line, ctx);
	for (size_t i = 0; i < n && *ret_ended == n; i++)
		if (list[i] && list[i]->fd < 0)
			*ret_ended = i;
	return 0;
}

void hone_workers_stop(struct hone_worker **list, size_t n)
{
	const struct timespec pause = {.tv_nsec = 2000000};
	int64_t until = hone_now_ns() + PATIENCE_NS;

	for (size_t i = 0; i < n; i++)
		if (list[i] && list[i]->fd >= 0)
			(void)kill(list[i]->pid, SIGTERM);
	for (size_t i = 0; i < n; i++) {
		while (list[i] && list[i]->fd >= 0 && waitpid(list[i]->pid, NULL, WNOHANG) == 0) {
			if (hone_now_ns() > until)
				(void)kill(list[i]->pid, SIGKILL);
			(void)nanosleep(&pause, NULL);
		}
		hone_worker_free(list[i]);
		list[i] = NULL;
	}
}
