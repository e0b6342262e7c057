#include "proc_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

static int signals_fd = -1;
static bool seen;

int hone_signals_init(struct hone_err *err)
{
	static const int wanted[] = {SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGCONT};
	struct sigaction now;
	sigset_t set;

	if (signals_fd >= 0)
		return 0;
	sigemptyset(&set);
	for (size_t i = 0; i < HONE_COUNT(wanted); i++) {
		/* What nohup, or a shell without job control, had ignored stays ignored. */
		if (sigaction(wanted[i], NULL, &now) == 0 && now.sa_handler != SIG_IGN)
			sigaddset(&set, wanted[i]);
	}
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return hone_err_sys(err, errno, "blocking signals");
	signals_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (signals_fd < 0)
		return hone_err_sys(err, errno, "setting up signals");
	if (signal(SIGPIPE, SIG_IGN) == SIG_ERR)
		return hone_err_sys(err, errno, "ignoring SIGPIPE");
	return 0;
}

int hone_signals_fd(void)
{
	return signals_fd;
}

bool hone_signals_seen(void)
{
	return seen;
}

static void suspend(void)
{
	int64_t from = hone_now_ns();
	sigset_t tstp;

	hone_proc_signal_all(SIGSTOP);
	/* Not SIGSTOP for hone itself: the kernel drops SIGTSTP where no shell could continue it.
	 */
	sigemptyset(&tstp);
	sigaddset(&tstp, SIGTSTP);
	(void)raise(SIGTSTP);
	(void)sigprocmask(SIG_UNBLOCK, &tstp, NULL);
	/* Here somebody has sent SIGCONT. */
	(void)sigprocmask(SIG_BLOCK, &tstp, NULL);
	hone_proc_signal_all(SIGCONT);
	hone_proc_resumed(hone_now_ns() - from);
}

int hone_signals_take(void)
{
	struct signalfd_siginfo info;
	int stop = 0;

	while (signals_fd >= 0 && read(signals_fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		if (info.ssi_signo == SIGTSTP)
			suspend();
		else if (info.ssi_signo != SIGCONT)
			stop = (int)info.ssi_signo;
	}
	seen |= stop != 0;
	return stop;
}

/* As sigabbrev_np, which glibc has since 2.32 and musl has not. */
const char *hone_signal_word(int sig)
{
	static const struct {
		int sig;
		const char *word;
	} words[] = {{SIGHUP, "HUP"}, {SIGINT, "INT"}, {SIGQUIT, "QUIT"}, {SIGILL, "ILL"},
		{SIGTRAP, "TRAP"}, {SIGABRT, "ABRT"}, {SIGBUS, "BUS"}, {SIGFPE, "FPE"},
		{SIGKILL, "KILL"}, {SIGUSR1, "USR1"}, {SIGSEGV, "SEGV"}, {SIGUSR2, "USR2"},
		{SIGPIPE, "PIPE"}, {SIGALRM, "ALRM"}, {SIGTERM, "TERM"}, {SIGCHLD, "CHLD"},
		{SIGCONT, "CONT"}, {SIGSTOP, "STOP"}, {SIGTSTP, "TSTP"}, {SIGTTIN, "TTIN"},
		{SIGTTOU, "TTOU"}, {SIGURG, "URG"}, {SIGXCPU, "XCPU"}, {SIGXFSZ, "XFSZ"},
		{SIGVTALRM, "VTALRM"}, {SIGPROF, "PROF"}, {SIGWINCH, "WINCH"}, {SIGPOLL, "POLL"},
		{SIGPWR, "PWR"}, {SIGSYS, "SYS"}};

	for (size_t i = 0; i < HONE_COUNT(words); i++)
		if (words[i].sig == sig)
			return words[i].word;
	return "?";
}

int hone_signal_error(int sig, struct hone_err *err)
{
	hone_err_set(err, HONE_E_INTERRUPTED, "stopped by signal %d (SIG%s)", sig,
		hone_signal_word(sig));
	if (err)
		err->sig = sig;
	return HONE_E_INTERRUPTED;
}

int hone_interrupted(struct hone_err *err)
{
	int sig = hone_signals_take();

	return sig ? hone_signal_error(sig, err) : 0;
}
