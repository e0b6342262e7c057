#include "fs.h"
#include "measure_impl.h"
#include "num.h"

#include <math.h>
#include <string.h>

/* Counts of one program that differ by more than this depend on the scheduler, not on the program. */
#define STEADY 1e-3

/* Instructions by the "totals:" line of callgrind's output; NaN without one. */
static double read_total(const char *path)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	const char *at;
	uint64_t n;

	if (hone_fs_read(path, (size_t)256 << 20, &text, NULL, NULL) < 0)
		return NAN;
	at = strstr(hone_buf_str(&text), "\ntotals: ");
	if (!at)
		return NAN;
	at += strlen("\ntotals: ");
	return hone_parse_u64((struct hone_view){at, strspn(at, "0123456789")}, &n) ? (double)n
										    : NAN;
}

static int count(struct hone_comparison *s, const struct hone_workload *w, size_t who, double *ret,
	struct hone_err *err)
{
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	hone_auto_strv struct hone_strv words = HONE_STRV_INIT;
	hone_auto_free char *path = hone_path_join(s->run_dir, "callgrind.out");
	int error;

	hone_strv_push(&words, "valgrind");
	hone_strv_push(&words, "--tool=callgrind");
	hone_strv_pushf(&words, "--callgrind-out-file=%s", path);
	hone_strv_copy(&words, &w->argv);
	(void)hone_fs_remove(path, NULL);
	error = hone_workload_clear_out(s, w, err);
	if (!error)
		error = hone_run_aside(s, w, hone_strv_argv(&words), who, &r, err);
	if (error == HONE_E_NOT_FOUND)
		return hone_err_hint(
			err, "counting instructions needs valgrind: apt install valgrind");
	*ret = r.timed_out ? NAN : read_total(path);
	return error;
}

int hone_callgrind(struct hone_comparison *s, size_t workload, struct hone_err *err)
{
	const struct hone_workload *w = &s->workloads[workload];
	struct hone_workload_result *r = &s->m->workloads[workload];
	double again = NAN;
	int error = 0;

	if (w->service || w->until_output)
		return 0;
	r->callgrind = hone_xcalloc(s->n + 1, sizeof(*r->callgrind));
	for (size_t who = 0; who <= s->n; who++) {
		r->callgrind[who] = NAN;
		if (!error && hone_comparison_is_in(s, who))
			error = count(s, w, who, &r->callgrind[who], err);
	}
	/* The control is the second count of the baseline's code. */
	again = r->callgrind[s->n];
	if (!error && !(fabs(again / r->callgrind[s->m->baseline] - 1) <= STEADY)) {
		hone_strv_pushf(&s->m->notes,
			"instructions of workload `%s` are not shown: two counts of the baseline "
			"differ "
			"(%.0f and %.0f), as threads that wait for each other make them; one "
			"thread would help",
			w->name, r->callgrind[s->m->baseline], again);
		for (size_t who = 0; who <= s->n; who++)
			r->callgrind[who] = NAN;
	}
	return error;
}
