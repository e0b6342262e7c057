#include "jobs.h"

#include "mem.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Above the numbers that programs may expect something under. */
#define LOWEST_FD 20

static int move_up(int fd)
{
	int moved = fcntl(fd, F_DUPFD_CLOEXEC, LOWEST_FD);

	(void)close(fd);
	return moved;
}

int hone_jobs_open(struct hone_jobs *j, unsigned tokens, struct hone_err *err)
{
	hone_auto_free char *again = NULL;
	int ends[2];

	*j = (struct hone_jobs)HONE_JOBS_INIT;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return hone_err_sys(err, errno, "creating a pipe");
	j->read_fd = move_up(ends[0]);
	j->write_fd = move_up(ends[1]);
	again = hone_xasprintf("/proc/self/fd/%d", j->read_fd);
	j->look_fd = open(again, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (j->read_fd < 0 || j->write_fd < 0 || j->look_fd < 0) {
		int errnum = errno;

		hone_jobs_close(j);
		return hone_err_sys(err, errnum, "creating a pipe");
	}
	while (tokens--)
		hone_jobs_give(j);
	return 0;
}

void hone_jobs_close(struct hone_jobs *j)
{
	hone_close_p(&j->read_fd);
	hone_close_p(&j->write_fd);
	hone_close_p(&j->look_fd);
}

unsigned hone_jobs_idle(const struct hone_jobs *j)
{
	int n = 0;

	return ioctl(j->look_fd, FIONREAD, &n) == 0 && n > 0 ? (unsigned)n : 0;
}

bool hone_jobs_take(const struct hone_jobs *j)
{
	char token;

	return read(j->look_fd, &token, 1) == 1;
}

void hone_jobs_give(const struct hone_jobs *j)
{
	(void)!write(j->write_fd, "+", 1);
}

char *hone_jobs_flags(const struct hone_jobs *j)
{
	return hone_xasprintf("-j --jobserver-fds=%d,%d --jobserver-auth=%d,%d", j->read_fd,
		j->write_fd, j->read_fd, j->write_fd);
}

bool hone_jobs_from_outside(void)
{
	static const char *const names[] = {"CARGO_MAKEFLAGS", "MAKEFLAGS", "MFLAGS"};

	for (size_t i = 0; i < HONE_COUNT(names); i++) {
		const char *value = getenv(names[i]);

		if (value && strstr(value, "--jobserver-"))
			return true;
	}
	return false;
}
