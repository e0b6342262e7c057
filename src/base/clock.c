#include "clock.h"

#undef clock_gettime

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

struct timespec hone_file_clock(void)
{
	struct timespec t = {0};

	(void)clock_gettime(CLOCK_REALTIME_COARSE, &t);
	return t;
}

int64_t hone_process_cpu_ns(int pid)
{
	clockid_t id;

	return clock_getcpuclockid(pid, &id) == 0 ? read_clock(id) : 0;
}
