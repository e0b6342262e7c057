#ifndef HONE_BASE_JOBS_H
#define HONE_BASE_JOBS_H
/* A jobserver, as GNU make describes it ("POSIX Jobserver Interaction"), that several programs join: a pipe with a byte
 * for each job that may run. Every program that was started owns one job besides, which is not in the pipe. */
#include "err.h"

struct hone_jobs {
	int read_fd, write_fd;
	int look_fd; /* the reading end once more, which does not wait */
};
#define HONE_JOBS_INIT                                                                             \
	{                                                                                          \
		-1, -1, -1                                                                         \
	}

/* tokens: what is in the pipe at first. The descriptors are close-on-exec. */
int hone_jobs_open(struct hone_jobs *j, unsigned tokens, struct hone_err *err);
void hone_jobs_close(struct hone_jobs *j);
/* How many jobs nobody uses now. */
unsigned hone_jobs_idle(const struct hone_jobs *j);
/* Takes one, if there is one. */
bool hone_jobs_take(const struct hone_jobs *j);
void hone_jobs_give(const struct hone_jobs *j);
/* The value of MAKEFLAGS for programs that inherit both ends. The caller frees. */
char *hone_jobs_flags(const struct hone_jobs *j);
/* Was hone itself started below a make or cargo with a jobserver? */
bool hone_jobs_from_outside(void);

#endif
