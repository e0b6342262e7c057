#include "counter.h"
#include "fs.h"
#include "helper.h"
#include "launch_wire.h"
#include "proc_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { INSTRUCTIONS, CYCLES, COUNTERS };
static const enum hone_counter kinds[COUNTERS] = {HONE_COUNTER_INSTRUCTIONS, HONE_COUNTER_CYCLES};

struct hone_launcher {
	int socket, pid;
	char *dir;     /* its working directory: that of hone when it was started; or NULL */
	bool measured; /* which kind of programs it starts */
	int counters[COUNTERS];    /* of the launcher and all that it starts; -1: none here */
	uint64_t before[COUNTERS]; /* when the run began */
	struct hone_launch_shared *shared;
	struct hone_launcher *next; /* in the list of idle ones */
};

/* Longest time that a launcher has to kill what it has started. */
#define END_NS (5 * HONE_NS_PER_S)

/* Those of plain programs, and of measured ones. */
static struct hone_launcher *idle[2];

static int lost(struct hone_launcher *l, struct hone_err *err)
{
	return hone_err_set(err, HONE_E_SYSTEM,
		"hone's launcher of programs (process %d) ended unexpectedly", l->pid);
}

/* Memory that both see, zero at first. */
static int share(struct hone_launch_shared **ret, int *ret_fd, struct hone_err *err)
{
	hone_auto_close int fd = memfd_create("hone-shared", MFD_CLOEXEC);
	void *p = MAP_FAILED;

	if (fd >= 0 && ftruncate(fd, sizeof(**ret)) == 0)
		p = mmap(NULL, sizeof(**ret), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED)
		return hone_err_sys(err, errno, "sharing memory with hone's launcher");
	*ret = p;
	*ret_fd = fd;
	fd = -1;
	return 0;
}

/* The launcher itself, with one end of a socket that stays open in it. */
static int start_process(
	const char *kind, int shared_fd, int socket_fd, int *ret_pid, struct hone_err *err)
{
	hone_auto_close int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	/* Above all that a program may expect under its number, make's jobserver for one. */
	hone_auto_close int kept = fcntl(socket_fd, F_DUPFD, 10);
	hone_auto_free char *number = hone_xasprintf("%d", kept);
	const char *const argv[] = {HONE_LAUNCH_NAME, number, kind, NULL};
	struct hone_start start = {.name = argv[0]};
	int helper_fd, error;

	if (null < 0 || kept < 0)
		return hone_err_sys(err, errno, "opening /dev/null");
	error = hone_helper_fd(&helper_fd, err);
	if (error)
		return error;
	start.file = hone_xasprintf("/proc/self/fd/%d", helper_fd);
	start.child = (struct hone_child){.file = start.file,
		.argv = (char *const *)(uintptr_t)argv,
		.envp = (char *const *)(uintptr_t)hone_strv_argv(&start.env),
		.fds = {shared_fd, null, null, -1},
		.parent = getpid()};
	error = hone_start_fork(&start, ret_pid, err);
	hone_start_release(&start);
	return error ? hone_err_wrap(err, "starting hone's launcher of programs") : 0;
}

static int create(bool measured, struct hone_launcher **ret, struct hone_err *err)
{
	hone_auto_close int mine = -1;
	hone_auto_close int theirs = -1;
	hone_auto_close int shared_fd = -1;
	struct hone_launch_shared *shared = NULL;
	struct hone_launcher *l;
	int ends[2], pid, error;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return hone_err_sys(err, errno, "creating a socket");
	mine = ends[0];
	theirs = ends[1];
	error = share(&shared, &shared_fd, err);
	if (error)
		return error;
	error = start_process(
		measured ? HONE_LAUNCH_MEASURED : HONE_LAUNCH_PLAIN, shared_fd, theirs, &pid, err);
	if (error) {
		(void)munmap(shared, sizeof(*shared));
		return error;
	}
	l = HONE_NEW(struct hone_launcher);
	*l = (struct hone_launcher){.socket = mine,
		.pid = pid,
		.dir = getcwd(NULL, 0),
		.measured = measured,
		.shared = shared};
	for (int i = 0; i < COUNTERS; i++)
		l->counters[i] = measured ? hone_counter_open(kinds[i], pid) : -1;
	mine = -1;
	*ret = l;
	return 0;
}

int hone_launcher_get(bool measured, struct hone_launcher **ret, struct hone_err *err)
{
	if (!idle[measured])
		return create(measured, ret, err);
	*ret = idle[measured];
	idle[measured] = (*ret)->next;
	return 0;
}

void hone_launcher_put(struct hone_launcher *l)
{
	l->next = idle[l->measured];
	idle[l->measured] = l;
}

void hone_launchers_forget(void)
{
	for (size_t i = 0; i < HONE_COUNT(idle); i++) {
		for (struct hone_launcher *l = idle[i]; l; l = l->next) {
			(void)close(l->socket);
			for (int k = 0; k < COUNTERS; k++)
				hone_close_p(&l->counters[k]);
		}
		idle[i] = NULL;
	}
}

/* It kills what it has started, which takes a moment. */
static void wait_for_end(const struct hone_launcher *l)
{
	const struct timespec pause = {.tv_nsec = 200000};
	int64_t until = hone_now_ns() + END_NS;
	pid_t pid;

	while ((pid = waitpid(l->pid, NULL, WNOHANG)) == 0 && hone_now_ns() < until)
		(void)nanosleep(&pause, NULL);
	if (pid == 0) {
		(void)kill(l->pid, SIGKILL);
		(void)waitpid(l->pid, NULL, 0);
	}
}

/* with_all: with what its programs left behind, too. */
static void drop(struct hone_launcher *l, bool with_all)
{
	if (with_all) {
		(void)kill(l->pid, HONE_LAUNCH_SIGNAL);
		(void)kill(l->pid, SIGCONT);
	}
	(void)close(l->socket);
	wait_for_end(l);
	for (int i = 0; i < COUNTERS; i++)
		hone_close_p(&l->counters[i]);
	(void)munmap(l->shared, sizeof(*l->shared));
	free(l->dir);
	free(l);
}

void hone_launcher_drop(struct hone_launcher *l)
{
	drop(l, true);
}

void hone_proc_shutdown(void)
{
	for (size_t i = 0; i < HONE_COUNT(idle); i++)
		while (idle[i]) {
			struct hone_launcher *l = idle[i];

			idle[i] = l->next;
			drop(l, hone_signals_seen());
		}
}

static bool send_all(int fd, struct hone_view v, const int *fds)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(3 * sizeof(int))] = {0};

	while (v.n) {
		struct iovec part = {(void *)(uintptr_t)v.p, v.n};
		struct msghdr m = {.msg_iov = &part, .msg_iovlen = 1};
		ssize_t n;

		if (fds) {
			struct cmsghdr *c = (struct cmsghdr *)(void *)control;

			m.msg_control = control;
			m.msg_controllen = sizeof(control);
			c->cmsg_level = SOL_SOCKET;
			c->cmsg_type = SCM_RIGHTS;
			c->cmsg_len = CMSG_LEN(3 * sizeof(int));
			memcpy(CMSG_DATA(c), fds, 3 * sizeof(int));
		}
		n = sendmsg(fd, &m, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		fds = NULL;
		v.p += n;
		v.n -= (size_t)n;
	}
	return true;
}

static bool receive(struct hone_launcher *l, void *p, size_t n)
{
	ssize_t got;

	do
		got = recv(l->socket, p, n, MSG_WAITALL);
	while (got < 0 && errno == EINTR);
	return got == (ssize_t)n;
}

static uint32_t add_strings(struct hone_buf *b, char *const *list)
{
	uint32_t n = 0;

	for (; list[n]; n++)
		hone_buf_add(b, list[n], strlen(list[n]) + 1);
	return n;
}

/* A folder for the launcher, "" for where it is: hone may have gone elsewhere since. The caller frees. */
static char *folder_of(const struct hone_launcher *l, const char *dir)
{
	hone_auto_free char *here = getcwd(NULL, 0);

	if (!here || (dir && *dir == '/') || (l->dir && strcmp(here, l->dir) == 0))
		return hone_xstrdup(dir ? dir : "");
	return dir ? hone_path_join(here, dir) : HONE_TAKE(here);
}

int hone_launcher_start(struct hone_launcher *l, const struct hone_start *s, bool finish,
	int *ret_pid, struct hone_err *err)
{
	hone_auto_buf struct hone_buf message = HONE_BUF_INIT;
	struct hone_launch_request head = {
		.kind = HONE_LAUNCH_RUN, .cpu = s->child.cpu, .finish = finish};
	hone_auto_free char *dir = folder_of(l, s->child.dir);
	struct hone_launch_started started;

	hone_buf_add(&message, &head, sizeof(head));
	hone_buf_add(&message, s->file, strlen(s->file) + 1);
	hone_buf_add(&message, dir, strlen(dir) + 1);
	head.n_args = add_strings(&message, s->child.argv);
	head.n_env = add_strings(&message, s->child.envp);
	head.text_bytes = (uint32_t)(message.n - sizeof(head));
	memcpy(message.p, &head, sizeof(head));
	for (int i = 0; i < COUNTERS; i++)
		(void)hone_counter_read(l->counters[i], &l->before[i]);
	atomic_store(&l->shared->started_ns, 0);
	if (!send_all(l->socket, hone_buf_view(&message), s->child.fds))
		return lost(l, err);
	*ret_pid = 0;
	if (finish)
		return 0;
	if (!receive(l, &started, sizeof(started)))
		return lost(l, err);
	if (started.failure.errnum)
		return hone_start_failed(s, started.failure, err);
	*ret_pid = started.pid;
	return 0;
}

int hone_launcher_pid(const struct hone_launcher *l)
{
	return atomic_load(&l->shared->pid);
}

int64_t hone_launcher_started(const struct hone_launcher *l)
{
	return atomic_load(&l->shared->started_ns);
}

int hone_launcher_fd(const struct hone_launcher *l)
{
	return l->socket;
}

static int64_t counted(const struct hone_launcher *l, int which)
{
	uint64_t now;

	return hone_counter_read(l->counters[which], &now) ? (int64_t)(now - l->before[which]) : -1;
}

int hone_launcher_ended(struct hone_launcher *l, int *ret_status, struct hone_usage *ret_usage,
	struct hone_child_failure *ret_failure, struct hone_err *err)
{
	struct hone_launch_ended ended;

	if (!receive(l, &ended, sizeof(ended)))
		return lost(l, err);
	*ret_failure = ended.failure;
	*ret_status = ended.status;
	*ret_usage = ended.usage;
	ret_usage->instructions = counted(l, INSTRUCTIONS);
	ret_usage->cycles = counted(l, CYCLES);
	return 0;
}

int hone_launcher_finish(struct hone_launcher *l, struct hone_err *err)
{
	struct hone_launch_request head = {.kind = HONE_LAUNCH_FINISH, .finish = l->measured};
	char done;

	if (!send_all(l->socket, (struct hone_view){(const char *)&head, sizeof(head)}, NULL) ||
		!receive(l, &done, 1))
		return lost(l, err);
	return 0;
}
