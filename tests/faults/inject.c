/* A library that is loaded before libc (LD_PRELOAD) and makes one file-changing system call of hone's go wrong.
 *   FAULT_LOG  a file that gets a line for each such call, so that its length says how many there are
 *   FAULT_AT   which one (from 1); 0 or unset: none
 *   FAULT_DO   kill (before it), killed (after it), term (SIGTERM before it), or the number of an error: that call fails;
 *              with a + behind it all that follow fail, too, as on a full disk
 * Only the program cargo-hone is meant: what it starts inherits the variables. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static long calls, at;
static int log_fd = -1, errnum;
static int kill_before, kill_after, term, from_then_on, ready;

/* The kernel itself: libc's functions are the ones below. */
static long raw(long number, long a, long b, long c, long d)
{
	static long (*real)(long, ...);

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "syscall");
	return real(number, a, b, c, d);
}

static void prepare(void)
{
	const char *log = getenv("FAULT_LOG"), *where = getenv("FAULT_AT"),
		   *what = getenv("FAULT_DO");
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	ready = 1;
	if (n < 0 || !log)
		return;
	self[n] = '\0';
	if (!strstr(self, "/cargo-hone"))
		return;
	log_fd = (int)raw(
		SYS_openat, AT_FDCWD, (long)log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
	at = where ? (long)strtoul(where, NULL, 10) : 0;
	kill_before = what && strcmp(what, "kill") == 0;
	kill_after = what && strcmp(what, "killed") == 0;
	term = what && strcmp(what, "term") == 0;
	errnum = what ? (int)strtoul(what, NULL, 10) : 0;
	from_then_on = what && strchr(what, '+');
}

/* Counts a call; true: it must fail, errno says how. */
static int fails(const char *name, int takes_room)
{
	char line[64];

	if (!ready)
		prepare();
	if (log_fd < 0)
		return 0;
	calls++;
	(void)raw(SYS_write, log_fd, (long)line, snprintf(line, sizeof(line), "%s\n", name), 0);
	if (calls == at && kill_before)
		(void)raw(SYS_kill, getpid(), SIGKILL, 0, 0);
	if (calls == at && term)
		(void)raw(SYS_kill, getpid(), SIGTERM, 0, 0);
	if (!at || !errnum || calls < at || (calls > at && !(from_then_on && takes_room)))
		return 0;
	errno = errnum;
	return 1;
}

static void after(void)
{
	int kept = errno;

	if (log_fd >= 0 && calls == at && kill_after)
		(void)raw(SYS_kill, getpid(), SIGKILL, 0, 0);
	errno = kept;
}

static void *next(const char *name)
{
	return dlsym(RTLD_NEXT, name);
}

/* Of a real file: no pipe, socket or memory. */
static int is_file(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_nlink > 0;
}

#define WRAP(result, name, params, args, room, counted)                                            \
	result name params;                                                                        \
	result name params                                                                         \
	{                                                                                          \
		static result(*real) params;                                                       \
		result r;                                                                          \
		int hit = counted;                                                                 \
		if (!real)                                                                         \
			*(void **)&real = next(#name);                                             \
		if (hit && fails(#name, room))                                                     \
			return -1;                                                                 \
		r = real args;                                                                     \
		if (hit)                                                                           \
			after();                                                                   \
		return r;                                                                          \
	}

WRAP(ssize_t, write, (int fd, const void *p, size_t n), (fd, p, n), 1, is_file(fd))
WRAP(ssize_t, pwrite64, (int fd, const void *p, size_t n, off64_t o), (fd, p, n, o), 1, is_file(fd))
WRAP(ssize_t, sendfile64, (int out, int in, off64_t *o, size_t n), (out, in, o, n), 1, is_file(out))
WRAP(int, rename, (const char *a, const char *b), (a, b), 1, 1)
WRAP(int, renameat, (int d, const char *a, int e, const char *b), (d, a, e, b), 1, 1)
WRAP(int, link, (const char *a, const char *b), (a, b), 1, 1)
WRAP(int, symlink, (const char *a, const char *b), (a, b), 1, 1)
WRAP(int, unlink, (const char *a), (a), 0, 1)
WRAP(int, unlinkat, (int d, const char *a, int f), (d, a, f), 0, 1)
WRAP(int, rmdir, (const char *a), (a), 0, 1)
WRAP(int, mkdir, (const char *a, mode_t m), (a, m), 1, 1)
WRAP(int, ftruncate64, (int fd, off64_t n), (fd, n), 1, is_file(fd))
WRAP(int, fchmod, (int fd, mode_t m), (fd, m), 0, is_file(fd))
WRAP(int, fchown, (int fd, uid_t u, gid_t g), (fd, u, g), 0, is_file(fd))
WRAP(int, fsync, (int fd), (fd), 1, 1)
WRAP(int, fdatasync, (int fd), (fd), 1, 1)

#define WRAP_OPEN(name, params, args)                                                              \
	int name params;                                                                           \
	int name params                                                                            \
	{                                                                                          \
		static int(*real) params;                                                          \
		mode_t mode = 0;                                                                   \
		int hit = flags & (O_CREAT | O_TRUNC), fd;                                         \
		va_list list;                                                                      \
		if (flags & (O_CREAT | __O_TMPFILE)) {                                             \
			va_start(list, flags);                                                     \
			mode = va_arg(list, mode_t);                                               \
			va_end(list);                                                              \
		}                                                                                  \
		if (!real)                                                                         \
			*(void **)&real = next(#name);                                             \
		if (hit && fails(#name, 1))                                                        \
			return -1;                                                                 \
		fd = real args;                                                                    \
		if (hit)                                                                           \
			after();                                                                   \
		return fd;                                                                         \
	}

WRAP_OPEN(open64, (const char *path, int flags, ...), (path, flags, mode))
WRAP_OPEN(openat64, (int dir, const char *path, int flags, ...), (dir, path, flags, mode))

/* hone calls the kernel's renameat2 by its number. */
long syscall(long number, ...);
long syscall(long number, ...)
{
	static long (*real)(long, ...);
	long a[6];
	va_list list;
	long r;

	va_start(list, number);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(list, long);
	va_end(list);
	if (!real)
		*(void **)&real = next("syscall");
	if (number == SYS_renameat2 && fails("renameat2", 1))
		return -1;
	r = real(number, a[0], a[1], a[2], a[3], a[4], a[5]);
	if (number == SYS_renameat2)
		after();
	return r;
}
