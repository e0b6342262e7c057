#ifndef HONE_BASE_USAGE_H
#define HONE_BASE_USAGE_H
/* What a process used. Plain data without pointers, since it also travels between processes. */
#include <stdint.h>

struct hone_usage {
	int64_t wall_ns, user_ns, sys_ns;
	uint64_t peak_rss; /* bytes */
	int64_t minor_faults, major_faults, voluntary_switches, involuntary_switches;
	/* Hardware counters of measured programs, user mode; -1 where there are none. They hold a few
	 * thousand of the launcher's own, the same for every program. */
	int64_t instructions, cycles;
};

/* From what the kernel counted; the process ran from start_ns to end_ns (CLOCK_MONOTONIC). */
struct rusage;
struct hone_usage hone_usage_of(const struct rusage *r, int64_t start_ns, int64_t end_ns);

#endif
