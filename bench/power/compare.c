/* compare SECONDS BASELINE OTHER: two programs through hone's measuring engine at its default settings, with
 * that budget; prints one line of JSON: verdict of OTHER, ratio and interval, rounds, seconds of it all
 * (comparison of behaviour, warm-up and rounds), the metric that decided, and its samples. */
#include "measure.h"
#include "num.h"
#include "proc.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void print_samples(const struct hone_metric_result *r, size_t who, size_t rounds)
{
	printf("[");
	for (size_t i = 0; i < rounds; i++)
		printf("%s%.6f", i ? ", " : "", r->samples[who][i]);
	printf("]");
}

static void print(const struct hone_measurement *m, double took_s)
{
	const struct hone_metric_result *r = &m->workloads[0].metrics[0];
	const struct hone_estimate *e = &m->composite[1];

	printf("{\"verdict\": \"%s\", \"ratio\": %.6f, \"low\": %.6f, \"high\": %.6f, ",
		hone_verdict_text(e->verdict), e->ratio, e->low, isfinite(e->high) ? e->high : -1);
	printf("\"rounds\": %zu, \"seconds\": %.3f, \"spread\": %.5f, \"metric\": \"%s\", "
	       "\"control_differs\": %s, \"samples\": [",
		m->rounds, took_s, e->spread, hone_metric_info(r->metric)->name,
		m->control_differs ? "true" : "false");
	for (size_t who = 0; who <= m->n; who++) {
		fputs(who ? ", " : "", stdout);
		print_samples(r, who, m->rounds);
	}
	puts("]}");
}

int main(int argc, char **argv)
{
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	hone_auto_free char *dir = hone_xasprintf("compare-%d", (int)getpid());
	struct hone_measure_opts opts = {.run_dir = dir, .seed = (uint64_t)hone_now_ns()};
	struct hone_measurement *m = NULL;
	struct hone_workload w;
	int64_t start = hone_now_ns();
	int error;

	if (argc != 4 || !hone_parse_f64(hone_view_of(argv[1]), &opts.budget_s)) {
		fputs("usage: compare SECONDS BASELINE OTHER\n", stderr);
		return 2;
	}
	const struct hone_contestant c[] = {
		{"baseline", argv[2], true},
		{"other", argv[3], false},
	};
	error = hone_signals_init(&err);
	if (!error)
		error = hone_workload_from_line(&w, "run", "", &err);
	if (!error)
		error = hone_measure(c, 2, &w, 1, &opts, &m, &err);
	if (error) {
		fprintf(stderr, "compare: %s\n", err.msg);
		return 1;
	}
	print(m, hone_ns_to_s(hone_now_ns() - start));
	hone_measurement_free(m);
	hone_workload_release(&w);
	hone_proc_shutdown();
	return 0;
}
