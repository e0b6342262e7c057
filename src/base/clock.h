#ifndef HONE_BASE_CLOCK_H
#define HONE_BASE_CLOCK_H
/* Time. Durations come from the monotonic clock, which does not jump. */
#include <stdint.h>

/* Nanoseconds since an arbitrary start, CLOCK_MONOTONIC. */
int64_t hone_now_ns(void);
/* Seconds since the epoch, CLOCK_REALTIME: for records, never for durations. */
int64_t hone_wall_clock_s(void);
/* CPU nanoseconds that this process itself has used. */
int64_t hone_self_cpu_ns(void);
#define HONE_NS_PER_S ((int64_t)1000000000)
/* Seconds of a duration in nanoseconds. */
#define hone_ns_to_s(ns) ((double)(ns) / 1e9)

#endif
