#include "hone_helper.h"

#include "clock.h"
#include "launch_wire.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Not in the headers of older C libraries, and one number on every machine. */
#ifndef SYS_close_range
#define SYS_close_range 436
#endif
#ifndef CLOSE_RANGE_CLOEXEC
#define CLOSE_RANGE_CLOEXEC (1U << 2)
#endif
#define MOST_FILES 65536

struct run {
	struct hone_launch_request head;
	int fds[3];
	char *text;  /* the strings of the request */
	char **list; /* arguments, NULL, environment, NULL */
	size_t text_cap, list_cap;
	pid_t pid;
	struct hone_launch_shared *shared;
	cpu_set_t allowed; /* CPUs at the start */
	int cpu;           /* where this process is pinned to, as in the request */
};

/* Where hone is heard. */
static int hone_socket;
/* This process: a child that is just being started shares its memory and its handler. */
static pid_t own_pid;

static _Noreturn void give_up(void)
{
	/* hone is gone, or not what it should be: it will see the end of the socket. */
	_exit(1);
}

static void send_all(const void *p, size_t n)
{
	if (send(hone_socket, p, n, MSG_NOSIGNAL) != (ssize_t)n)
		give_up();
}

/* Waits for what hone says next. A read that waits instead is also woken when hone reads the last answer. */
static void wait_for_hone(void)
{
	struct pollfd said = {.fd = hone_socket, .events = POLLIN};

	(void)poll(&said, 1, -1);
}

/* Receives n bytes, with the descriptors that come along put into fds (or NULL). false at the end
 * of the socket. */
static bool receive(void *p, size_t n, int fds[3])
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(3 * sizeof(int))];
	struct iovec part = {p, n};
	struct msghdr m = {.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control)};

	while (part.iov_len) {
		ssize_t got = recvmsg(hone_socket, &m, MSG_CMSG_CLOEXEC);
		struct cmsghdr *c = got > 0 ? CMSG_FIRSTHDR(&m) : NULL;

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		if (fds && c && c->cmsg_type == SCM_RIGHTS &&
			c->cmsg_len == CMSG_LEN(3 * sizeof(int)))
			memcpy(fds, CMSG_DATA(c), 3 * sizeof(int));
		part.iov_base = (char *)part.iov_base + got;
		part.iov_len -= (size_t)got;
	}
	return true;
}

static void *grown(void *old, size_t *cap, size_t want)
{
	void *p = want <= *cap ? old : realloc(old, want);

	if (!p)
		give_up();
	if (want > *cap)
		*cap = want;
	return p;
}

static char *next_string(char **at, const char *end)
{
	char *s = *at, *nul = s < end ? memchr(s, 0, (size_t)(end - s)) : NULL;

	if (!nul)
		give_up();
	*at = nul + 1;
	return s;
}

static struct hone_child read_request(struct run *r)
{
	size_t n = r->head.text_bytes;
	size_t n_list = (size_t)r->head.n_args + r->head.n_env + 2, k = 0;
	/* The launcher leads a session of its own; another one for each run would only cost time. */
	struct hone_child c = {.parent = getpid(), .fds = {-1, -1, -1, -1}, .in_session = true};
	char *at, *end;

	r->text = grown(r->text, &r->text_cap, n + 1);
	r->list = grown(r->list, &r->list_cap, n_list * sizeof(char *));
	if (!receive(r->text, n, NULL))
		give_up();
	at = r->text;
	end = at + n;
	c.file = next_string(&at, end);
	c.dir = next_string(&at, end);
	if (!*c.dir)
		c.dir = NULL;
	c.argv = r->list;
	for (uint32_t i = 0; i < r->head.n_args; i++)
		r->list[k++] = next_string(&at, end);
	r->list[k++] = NULL;
	c.envp = r->list + k;
	for (uint32_t i = 0; i < r->head.n_env; i++)
		r->list[k++] = next_string(&at, end);
	r->list[k] = NULL;
	memcpy(c.fds, r->fds, sizeof(r->fds));
	return c;
}

/* vfork: the program starts without a copy of even this small process's tables, and a failure comes
 * back through memory, as both share it until exec. The child itself says who it is: hone knows of every
 * program that runs, even if this process dies before it goes on. */
static pid_t start(
	const struct hone_child *c, _Atomic int32_t *pid_of, struct hone_child_failure *failure)
{
	pid_t pid = vfork(); // NOLINT(bugprone-unsafe-functions): posix_spawn cannot do all of it

	if (pid == 0) {
		atomic_store(pid_of, getpid());
		hone_child_exec(c, failure); // NOLINT(clang-analyzer-unix.Vfork): made for it
		_exit(127);
	}
	if (pid < 0)
		*failure = (struct hone_child_failure){HONE_CHILD_EXEC, errno};
	return pid;
}

/* Kills every child there is; how many could be. They are what the program left behind: orphans
 * come to this process, since it is a subreaper. */
static int kill_children(void)
{
	char list[4096];
	int fd = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC), killed = 0;
	ssize_t n = fd < 0 ? 0 : read(fd, list, sizeof(list) - 1);
	char *at = list;

	if (fd >= 0)
		(void)close(fd);
	list[n > 0 ? n : 0] = '\0';
	for (;;) {
		char *end;
		unsigned long pid = strtoul(at, &end, 10);

		/* A number cut off by the end of the block is left for the next call. */
		if (end == at || *end != ' ')
			return killed;
		killed += kill((pid_t)pid, SIGKILL) == 0;
		at = end;
	}
}

/* Kills and reaps everything. */
static void sweep_all(void)
{
	for (;;) {
		pid_t pid = waitpid(-1, NULL, WNOHANG);

		if (pid < 0)
			break;
		if (pid == 0 && (!kill_children() || waitpid(-1, NULL, 0) < 0))
			break;
	}
}

static void sweep(const struct run *r)
{
	(void)kill(-r->pid, SIGKILL);
	sweep_all();
}

/* The program's group alone: what has left it may go on, as the server of a compiler cache does. Not for ever: one that
 * runs as another user could not be killed. */
static void sweep_group(const struct run *r)
{
	const struct timespec pause = {.tv_nsec = 200000};
	int64_t until = hone_now_ns() + 10 * HONE_NS_PER_S;
	pid_t pid;

	(void)kill(-r->pid, SIGKILL);
	while ((pid = waitpid(-r->pid, NULL, WNOHANG)) >= 0 && hone_now_ns() < until)
		if (pid == 0)
			(void)nanosleep(&pause, NULL);
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
}

/* hone is dead, or wants it so. Only what is allowed in a handler happens here. */
static void end_all(int sig)
{
	(void)sig;
	if (getpid() != own_pid)
		return;
	sweep_all();
	_exit(0);
}

/* Until here the launcher died with hone, as every child of hone's does. */
static void outlive_hone(void)
{
	struct sigaction action = {.sa_handler = end_all};
	sigset_t others;

	own_pid = getpid();
	sigfillset(&others);
	sigdelset(&others, HONE_LAUNCH_SIGNAL);
	(void)sigprocmask(SIG_SETMASK, &others, NULL);
	sigfillset(&action.sa_mask);
	if (sigaction(HONE_LAUNCH_SIGNAL, &action, NULL) < 0 ||
		prctl(PR_SET_PDEATHSIG, HONE_LAUNCH_SIGNAL) < 0)
		give_up();
}

static int status_of(const siginfo_t *s)
{
	return s->si_code == CLD_EXITED ? s->si_status << 8 : s->si_status;
}

/* To where the program is to run: it inherits that, and one that is moved after its start begins on another CPU,
 * whose caches know nothing of it. */
static bool move_to(struct run *r, int cpu)
{
	bool moved = cpu == r->cpu ||
		     (cpu > 0 ? hone_pin_thread(cpu)
			      : sched_setaffinity(0, sizeof(r->allowed), &r->allowed) == 0);

	if (moved)
		r->cpu = cpu;
	return moved;
}

static void run(struct run *r)
{
	struct hone_child child = read_request(r);
	struct hone_launch_started started = {0};
	struct hone_launch_ended ended = {0};
	struct rusage usage = {0};
	siginfo_t info = {0};
	int64_t from;
	long error;

	r->pid = -1;
	if (!move_to(r, r->head.cpu))
		started.failure = (struct hone_child_failure){HONE_CHILD_CPU, errno};
	from = hone_now_ns();
	atomic_store(&r->shared->started_ns, from);
	if (!started.failure.errnum)
		r->pid = start(&child, &r->shared->pid, &started.failure);
	for (int i = 0; i < 3; i++)
		(void)close(r->fds[i]);
	started.pid = r->pid;
	if (started.failure.errnum) {
		atomic_store(&r->shared->pid, 0);
		if (r->pid > 0)
			(void)waitpid(r->pid, NULL, 0);
	}
	ended.failure = started.failure;
	if (!r->head.finish)
		send_all(&started, sizeof(started));
	else if (started.failure.errnum)
		send_all(&ended, sizeof(ended));
	if (started.failure.errnum)
		return;
	/* The system call, as libc's waitid hides its last argument. */
	do
		error = syscall(SYS_waitid, P_PID, r->pid, &info, WEXITED | WNOWAIT, &usage);
	while (error < 0 && errno == EINTR);
	ended.usage = hone_usage_of(&usage, from, hone_now_ns());
	ended.status = status_of(&info);
	atomic_store(&r->shared->pid, 0);
	if (r->head.finish)
		sweep(r);
	send_all(&ended, sizeof(ended));
}

static void finish(const struct run *r)
{
	char done = 1;

	if (r->head.finish)
		sweep(r);
	else
		sweep_group(r);
	send_all(&done, sizeof(done));
}

/* Linux 5.11 does it at once; before, or under a filter that does not know the call, one by one. */
static void close_on_exec_from(int first)
{
	struct rlimit limit = {.rlim_cur = MOST_FILES};

	if (syscall(SYS_close_range, first, ~0U, CLOSE_RANGE_CLOEXEC) == 0)
		return;
	(void)getrlimit(RLIMIT_NOFILE, &limit);
	if (limit.rlim_cur > MOST_FILES)
		limit.rlim_cur = MOST_FILES;
	for (int fd = first; fd < (int)limit.rlim_cur; fd++)
		(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
}

int helper_launch(int argc, char **argv)
{
	struct run r = {0};

	if (argc != 3)
		return 2;
	hone_socket = (int)strtoul(argv[1], NULL, 10);
	hone_child_reset_signals();
	(void)prctl(PR_SET_CHILD_SUBREAPER, 1);
	outlive_hone();
	r.shared = mmap(
		NULL, sizeof(*r.shared), PROT_READ | PROT_WRITE, MAP_SHARED, HONE_LAUNCH_SHARED, 0);
	if (r.shared == MAP_FAILED || sched_getaffinity(0, sizeof(r.allowed), &r.allowed) < 0)
		give_up();
	if (strcmp(argv[2], HONE_LAUNCH_MEASURED) == 0)
		close_on_exec_from(3);
	(void)fcntl(hone_socket, F_SETFD, FD_CLOEXEC);
	for (;;) {
		wait_for_hone();
		if (!receive(&r.head, sizeof(r.head), r.fds))
			return 0;
		if (r.head.kind == HONE_LAUNCH_RUN)
			run(&r);
		else
			finish(&r);
	}
}
