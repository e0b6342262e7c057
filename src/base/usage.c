#include "usage.h"

#include "clock.h"

#include <sys/resource.h>

static int64_t timeval_ns(struct timeval t)
{
	return (int64_t)t.tv_sec * HONE_NS_PER_S + (int64_t)t.tv_usec * 1000;
}

struct hone_usage hone_usage_of(const struct rusage *r, int64_t start_ns, int64_t end_ns)
{
	return (struct hone_usage){
		.wall_ns = end_ns - start_ns,
		.user_ns = timeval_ns(r->ru_utime),
		.sys_ns = timeval_ns(r->ru_stime),
		.peak_rss = (uint64_t)r->ru_maxrss * 1024,
		.minor_faults = r->ru_minflt,
		.major_faults = r->ru_majflt,
		.voluntary_switches = r->ru_nvcsw,
		.involuntary_switches = r->ru_nivcsw,
		.instructions = -1,
		.cycles = -1,
	};
}
