#include "counter.h"

#include <linux/perf_event.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int hone_counter_open(enum hone_counter which, int pid)
{
	struct perf_event_attr a;

	memset(&a, 0, sizeof(a)); /* the kernel checks the padding, too */
	a.size = sizeof(a);
	a.type = which == HONE_COUNTER_PAGE_FAULTS ? PERF_TYPE_SOFTWARE : PERF_TYPE_HARDWARE;
	a.config = which == HONE_COUNTER_PAGE_FAULTS    ? PERF_COUNT_SW_PAGE_FAULTS
		   : which == HONE_COUNTER_INSTRUCTIONS ? PERF_COUNT_HW_INSTRUCTIONS
							: PERF_COUNT_HW_CPU_CYCLES;
	a.inherit = 1;
	a.exclude_kernel = 1; /* what a user without privileges may count */
	a.exclude_hv = 1;
	a.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
	return (int)syscall(SYS_perf_event_open, &a, pid, -1, -1, PERF_FLAG_FD_CLOEXEC);
}

bool hone_counter_read(int fd, uint64_t *ret_count)
{
	struct {
		uint64_t count, enabled, running;
	} v;

	if (fd < 0 || read(fd, &v, sizeof(v)) != (ssize_t)sizeof(v) || v.running == 0)
		return false;
	*ret_count =
		v.running == v.enabled
			? v.count
			: (uint64_t)((double)v.count * ((double)v.enabled / (double)v.running));
	return true;
}
