/* measured_runs CPU N PROGRAM [ARGUMENT...]: runs a program N times as hone measures it, output to
 * /dev/null, and prints the mean wall time that was measured, in seconds. CPU: the one that all is pinned to, as
 * src/run/pin.c does it with short runs, or "-". For run.py. */
#include "num.h"
#include "proc.h"
#include "proc_child.h"

#include <sched.h>
#include <stdio.h>
#include <string.h>

/* As hone_pin_self: program, launcher and hone on one CPU. */
static bool pin(const char *cpu, struct hone_proc_spec *spec)
{
	uint64_t n = 0;

	if (strcmp(cpu, "-") == 0)
		return true;
	if (!hone_parse_u64(hone_view_of(cpu), &n) || n >= CPU_SETSIZE)
		return false;
	spec->cpu = 1 + (int)n;
	return hone_pin_thread(spec->cpu);
}

int main(int argc, char **argv)
{
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	struct hone_proc_spec spec = {.out = HONE_SINK_NULL,
		.errout = HONE_SINK_NULL,
		.deadline_ns = 60 * HONE_NS_PER_S,
		.measured = true};
	uint64_t n = 0;
	double sum = 0;

	if (argc < 4 || !pin(argv[1], &spec) || !hone_parse_u64(hone_view_of(argv[2]), &n) ||
		n == 0) {
		fputs("usage: measured_runs CPU|- N PROGRAM [ARGUMENT...]\n", stderr);
		return 2;
	}
	spec.argv = (const char *const *)argv + 3;
	if (hone_signals_init(&err))
		goto failed;
	for (uint64_t i = 0; i < n; i++) {
		hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;

		if (hone_proc_run(&spec, &r, &err))
			goto failed;
		sum += hone_ns_to_s(r.usage.wall_ns);
	}
	hone_proc_shutdown();
	printf("%.9f\n", sum / (double)n);
	return 0;
failed:
	fprintf(stderr, "measured_runs: %s\n", err.msg);
	return 1;
}
