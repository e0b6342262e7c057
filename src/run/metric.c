#include "metric.h"

#include <string.h>

static const struct hone_metric_info infos[HONE_METRICS] = {
	[HONE_METRIC_AUTO] = {"auto", "", "", false},
	[HONE_METRIC_WALL] = {"wall", "s", "wall time", false},
	[HONE_METRIC_CPU] = {"cpu", "s", "user+system time", false},
	[HONE_METRIC_USER] = {"user", "s", "user time", false},
	[HONE_METRIC_SYSTEM] = {"system", "s", "system time", false},
	[HONE_METRIC_PEAK_MEMORY] = {"peak_memory", "bytes", "peak memory", false},
	[HONE_METRIC_MINOR_FAULTS] = {"minor_faults", "count", "minor page faults", false},
	[HONE_METRIC_MAJOR_FAULTS] = {"major_faults", "count", "major page faults", false},
	[HONE_METRIC_VOLUNTARY_SWITCHES] = {"voluntary_switches", "count", "voluntary switches",
		false},
	[HONE_METRIC_INVOLUNTARY_SWITCHES] = {"involuntary_switches", "count",
		"involuntary switches", false},
	[HONE_METRIC_INSTRUCTIONS] = {"instructions", "count", "instructions", false},
	[HONE_METRIC_CYCLES] = {"cycles", "count", "cycles", false},
	[HONE_METRIC_CALLGRIND] = {"callgrind", "count", "instructions (callgrind)", false},
	[HONE_METRIC_EMULATED] = {"emulated", "count", "instructions (emulator)", false},
	[HONE_METRIC_REQUESTS_PER_S] = {"requests_per_s", "1/s", "requests per second", true},
	[HONE_METRIC_CPU_PER_REQUEST] = {"cpu_per_request", "s", "CPU time per request", false},
	[HONE_METRIC_LATENCY_P50] = {"latency_p50", "s", "latency, median", false},
	[HONE_METRIC_LATENCY_P90] = {"latency_p90", "s", "latency, 90 %", false},
	[HONE_METRIC_LATENCY_P99] = {"latency_p99", "s", "latency, 99 %", false},
	[HONE_METRIC_COLD_START] = {"cold_start", "s", "start until ready", false},
	[HONE_METRIC_VALUE] = {"value", "", "own figure", false},
	[HONE_METRIC_ITERATION] = {"iteration", "s", "time per iteration", false},
};

const struct hone_metric_info *hone_metric_info(enum hone_metric m)
{
	return &infos[m];
}

enum hone_metric hone_metric_by_name(const char *name)
{
	for (int m = HONE_METRIC_WALL; m < HONE_METRICS; m++)
		if (strcmp(infos[m].name, name) == 0)
			return (enum hone_metric)m;
	return HONE_METRICS;
}
