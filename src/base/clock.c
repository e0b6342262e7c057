#include "clock.h"

#include <time.h>

static int64_t read_clock(clockid_t id)
{
	struct timespec t = {0};

	(void)clock_gettime(id, &t);
	return (int64_t)t.tv_sec * HONE_NS_PER_S + t.tv_nsec;
}

int64_t hone_now_ns(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

int64_t hone_wall_clock_s(void)
{
	return read_clock(CLOCK_REALTIME) / HONE_NS_PER_S;
}

int64_t hone_self_cpu_ns(void)
{
	return read_clock(CLOCK_PROCESS_CPUTIME_ID);
}
