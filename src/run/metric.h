#ifndef HONE_RUN_METRIC_H
#define HONE_RUN_METRIC_H
/* What a run is judged by: one table of names, units and directions. */
#include <stdbool.h>

enum hone_metric {
	HONE_METRIC_AUTO, /* not chosen yet */
	HONE_METRIC_WALL,
	HONE_METRIC_CPU, /* user + system */
	HONE_METRIC_USER,
	HONE_METRIC_SYSTEM,
	HONE_METRIC_PEAK_MEMORY,
	HONE_METRIC_MINOR_FAULTS,
	HONE_METRIC_MAJOR_FAULTS,
	HONE_METRIC_VOLUNTARY_SWITCHES,
	HONE_METRIC_INVOLUNTARY_SWITCHES,
	HONE_METRIC_INSTRUCTIONS, /* hardware counter, user mode */
	HONE_METRIC_CYCLES,
	HONE_METRIC_CALLGRIND, /* instructions counted by valgrind */
	HONE_METRIC_EMULATED,  /* instructions that QEMU executed */
	HONE_METRIC_REQUESTS_PER_S,
	HONE_METRIC_CPU_PER_REQUEST,
	HONE_METRIC_LATENCY_P50,
	HONE_METRIC_LATENCY_P90,
	HONE_METRIC_LATENCY_P99,
	HONE_METRIC_COLD_START, /* exec to ready */
	HONE_METRIC_VALUE,      /* a number that the workload itself prints */
	HONE_METRIC_ITERATION,  /* time of an iteration by a bench target's own report */
	HONE_METRICS,
};

struct hone_metric_info {
	const char *name;  /* "wall", "cpu", ...: JSON and hone.toml */
	const char *unit;  /* "s", "bytes", "count", "1/s" */
	const char *title; /* for a table's head */
	bool more_is_better;
};
const struct hone_metric_info *hone_metric_info(enum hone_metric m);
/* The metric of that name, or HONE_METRICS when there is none. */
enum hone_metric hone_metric_by_name(const char *name);

#endif
