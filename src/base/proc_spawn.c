#include "fs.h"
#include "proc_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static size_t name_length(const char *assignment)
{
	return strcspn(assignment, "=");
}

static bool same_name(const char *a, const char *b)
{
	size_t n = name_length(a);

	return n == name_length(b) && strncmp(a, b, n) == 0;
}

/* "K=V" takes the place of the K that is there, or the end; "K" removes. */
static void change_env(struct hone_strv *env, const char *change)
{
	bool sets = strchr(change, '=') != NULL;
	size_t kept = 0;

	for (size_t i = 0; i < env->n; i++) {
		if (!same_name(env->v[i], change)) {
			env->v[kept++] = env->v[i];
			continue;
		}
		free(env->v[i]);
		if (sets)
			env->v[kept++] = hone_xstrdup(change);
		sets = false;
	}
	env->n = kept;
	if (env->v)
		env->v[kept] = NULL;
	if (sets)
		hone_strv_push(env, change);
}

static const char *look_up(const struct hone_strv *env, const char *name)
{
	for (size_t i = 0; i < env->n; i++)
		if (same_name(env->v[i], name))
			return env->v[i] + name_length(name) + 1;
	return NULL;
}

int hone_start_prepare(
	struct hone_start *s, const struct hone_proc_spec *spec, struct hone_err *err)
{
	int error = 0;

	*s = (struct hone_start){.name = spec->argv[0]};
	if (!spec->env_empty)
		hone_strv_append(&s->env, (const char *const *)environ);
	for (size_t i = 0; spec->env && spec->env[i]; i++)
		change_env(&s->env, spec->env[i]);
	if (strchr(s->name, '/'))
		s->file = hone_xstrdup(s->name);
	else
		error = hone_path_find_program_in(look_up(&s->env, "PATH"), s->name, &s->file, err);
	s->child = (struct hone_child){
		.file = s->file,
		.argv = (char *const *)(uintptr_t)spec->argv, /* exec changes nothing in it */
		.envp = (char *const *)(uintptr_t)hone_strv_argv(&s->env),
		.dir = spec->dir,
		.fds = {-1, -1, -1, -1},
		.cpu = spec->cpu,
		.parent = getpid(),
	};
	return error;
}

void hone_start_release(struct hone_start *s)
{
	free(s->file);
	s->file = NULL;
	hone_strv_release(&s->env);
}

int hone_start_failed(
	const struct hone_start *s, struct hone_child_failure failure, struct hone_err *err)
{
	int errnum = failure.errnum;

	switch ((enum hone_child_step)failure.step) {
	case HONE_CHILD_GROUP:
	case HONE_CHILD_PARENT:
	case HONE_CHILD_STREAMS:
		return hone_err_sys(err, errnum, "starting %s", s->name);
	case HONE_CHILD_CPU:
		return hone_err_sys(
			err, errnum, "starting %s on CPU %d", s->name, s->child.cpu - 1);
	case HONE_CHILD_DIR:
		return hone_err_sys(err, errnum, "starting %s in folder %s", s->name,
			s->child.dir ? s->child.dir : ".");
	case HONE_CHILD_EXEC:
		break;
	}
	/* ENOENT is also what a script with a missing interpreter gives. */
	if (errnum == ENOENT && ((s->child.dir && *s->file != '/') || !hone_fs_exists(s->file)))
		return hone_err_set(err, HONE_E_NOT_FOUND, "cannot run %s: no such file", s->name);
	if (errnum == ENOENT)
		return hone_err_set(err, HONE_E_NOT_FOUND,
			"cannot run %s: the interpreter or loader that it names does not exist",
			s->name);
	(void)hone_err_sys(err, errnum, "cannot run %s", s->name);
	if (errnum != EACCES && errnum != ENOEXEC)
		return HONE_E_SYSTEM;
	/* It is the file that is no program of this machine. */
	if (err)
		err->code = HONE_E_UNSUPPORTED;
	return HONE_E_UNSUPPORTED;
}

/* Above the numbers that the child's own descriptors get. */
static int move_up(int fd)
{
	int moved = fcntl(fd, F_DUPFD_CLOEXEC, 4);

	(void)close(fd);
	return moved;
}

static _Noreturn void be_the_child(const struct hone_child *c, int failure_fd)
{
	struct hone_child_failure failure;

	hone_child_reset_signals();
	hone_child_exec(c, &failure);
	(void)!write(failure_fd, &failure, sizeof(failure));
	_exit(127);
}

int hone_start_fork(const struct hone_start *s, int *ret_pid, struct hone_err *err)
{
	hone_auto_close int mine = -1;
	hone_auto_close int theirs = -1;
	struct hone_child_failure failure;
	sigset_t all, before;
	int ends[2], errnum;
	ssize_t n;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return hone_err_sys(err, errno, "creating a pipe");
	mine = ends[0];
	theirs = move_up(ends[1]);
	if (theirs < 0)
		return hone_err_sys(err, errno, "setting up a pipe");
	/* Orphans of the child become hone's own children, so that they can be reaped by it. */
	(void)prctl(PR_SET_CHILD_SUBREAPER, 1);
	/* No signal may reach the child while it still has hone's dispositions. */
	sigfillset(&all);
	(void)sigprocmask(SIG_SETMASK, &all, &before);
	pid = fork();
	errnum = errno;
	if (pid == 0)
		be_the_child(&s->child, theirs);
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
	if (pid < 0)
		return hone_err_sys(err, errnum, "starting %s", s->name);
	hone_close_p(&theirs);
	do
		n = read(mine, &failure, sizeof(failure));
	while (n < 0 && errno == EINTR);
	if (n == 0) {
		*ret_pid = pid;
		return 0;
	}
	(void)waitpid(pid, NULL, 0);
	return hone_start_failed(s, failure, err);
}
