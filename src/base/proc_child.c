#include "proc_child.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <unistd.h>

#define N_FDS 4

void hone_child_reset_signals(void)
{
	struct sigaction by_default = {.sa_handler = SIG_DFL};

	/* Some numbers are refused (KILL, STOP, those that libc keeps for itself). */
	for (int sig = 1; sig < NSIG; sig++)
		(void)sigaction(sig, &by_default, NULL);
}

bool hone_pin_thread(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET((size_t)cpu - 1, &set);
	return sched_setaffinity(0, sizeof(set), &set) == 0;
}

/* A source below N_FDS could be overwritten before it is used: those move out of the way first. */
static int place_fds(const int wanted[N_FDS])
{
	int fds[N_FDS];

	for (int i = 0; i < N_FDS; i++) {
		fds[i] = wanted[i];
		if (fds[i] >= 0 && fds[i] < N_FDS)
			fds[i] = fcntl(fds[i], F_DUPFD_CLOEXEC, N_FDS);
		if (fds[i] < 0 && wanted[i] >= 0)
			return -1;
	}
	for (int i = 0; i < N_FDS; i++)
		if (fds[i] >= 0 && dup2(fds[i], i) < 0)
			return -1;
	return 0;
}

static enum hone_child_step try_exec(const struct hone_child *c)
{
	sigset_t none;

	/* A group in the background of a terminal would be stopped for ever when it reads from it. */
	if ((c->in_session ? setpgid(0, 0) : setsid()) < 0)
		return HONE_CHILD_GROUP;
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		return HONE_CHILD_PARENT;
	if (getppid() != c->parent) {
		errno = ESRCH;
		return HONE_CHILD_PARENT;
	}
	if (c->cpu > 0 && !hone_pin_thread(c->cpu))
		return HONE_CHILD_CPU;
	if (place_fds(c->fds) < 0)
		return HONE_CHILD_STREAMS;
	if (c->dir && chdir(c->dir) < 0)
		return HONE_CHILD_DIR;
	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	(void)execve(c->file, c->argv, c->envp);
	return HONE_CHILD_EXEC;
}

void hone_child_exec(const struct hone_child *c, struct hone_child_failure *ret)
{
	ret->step = try_exec(c);
	ret->errnum = errno;
}
