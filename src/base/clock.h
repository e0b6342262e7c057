#ifndef HONE_BASE_CLOCK_H
#define HONE_BASE_CLOCK_H
/* Time. Durations come from the monotonic clock, which does not jump. Nothing else in hone reads a clock:
 * the functions for it are banned outside of this unit (banned.h). */
#include <stdint.h>
#include <time.h>

/* Nanoseconds since an arbitrary start, CLOCK_MONOTONIC. */
int64_t hone_now_ns(void);
/* Seconds since the epoch, CLOCK_REALTIME: for records, never for durations. */
int64_t hone_wall_clock_s(void);
/* The time that a file which is written now gets, to be compared with times of files. */
struct timespec hone_file_clock(void);
/* CPU nanoseconds that another process has used so far; 0 when it is gone. */
int64_t hone_process_cpu_ns(int pid);
#define HONE_NS_PER_S ((int64_t)1000000000)
/* Seconds of a duration in nanoseconds. */
#define hone_ns_to_s(ns) ((double)(ns) / 1e9)

#endif
