#ifndef HONE_BASE_COUNTER_H
#define HONE_BASE_COUNTER_H
/* Performance counters of the kernel (perf_event_open), where the machine and its settings have them:
 * most virtual machines have no hardware counters. */
#include <stdbool.h>
#include <stdint.h>

enum hone_counter {
	HONE_COUNTER_INSTRUCTIONS, /* hardware, user mode */
	HONE_COUNTER_CYCLES,       /* hardware, user mode */
	HONE_COUNTER_PAGE_FAULTS,  /* the kernel's own, there nearly always */
};

/* Counts for process pid (0: this one) from now on, together with the children that it starts from
 * now on; what a child used is in the count once it has ended. A descriptor (close-on-exec), or -1
 * when there is no such counter here. */
int hone_counter_open(enum hone_counter which, int pid);
/* The count since the start, scaled up when the counter had to be shared. false: cannot be read, or
 * never ran. */
bool hone_counter_read(int fd, uint64_t *ret_count);

#endif
