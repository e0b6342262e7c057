/* No figure and no file comes from a tool whose own success was not looked at. Each tool that hone calls stands here
 * with a fake in its place that dies by a signal, fails, writes half of its output, or speaks of something else:
 * valgrind, the load generators, the linker. cargo and rustc: tests/cli/test_tools.py; llvm-profdata:
 * test_profdata.c. */
#include "link_replay.h"
#include "measure.h"
#include "service.h"

#include <math.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "scratch.h"

static void write_program(const char *name, const char *text)
{
	hone_auto_free char *path = in_scratch(name);
	hone_auto_free char *dir = hone_path_dir(path);

	assert_int_equal(hone_fs_mkdirs(dir, NULL), 0);
	assert_int_equal(hone_fs_write(path, hone_view_of(text), 0755, NULL), 0);
}

static void assert_has(const char *text, const char *part)
{
	if (!text || !strstr(text, part))
		fail_msg("no \"%s\" in \"%s\"", part, text ? text : "(null)");
}

static int set_up(void **state)
{
	hone_auto_free char *path = NULL;

	if (scratch_make(state))
		return -1;
	path = hone_xasprintf("%s/tools:%s", scratch, getenv("PATH"));
	return setenv("PATH", path, 1);
}

/* ---- valgrind */

/* Runs what it is given and writes its count; `fault` happens where the program is the candidate. */
static const char valgrind[] =
	"#!/bin/sh\n"
	"while :; do case $1 in\n"
	"--callgrind-out-file=*) out=${1#*=} ;; --log-file=*) log=${1#*=} ;; --*) ;; *) break ;;\n"
	"esac; shift; done\n"
	"out=${out%%??} log=${log%%??}\n"
	"log() { echo \"==$1== Parent PID: $2\" >$log$1; }\n"
	"count() { printf 'version: 1\\npid: %%s\\ncmd:  %%s\\npart: 1\\n\\nevents: %%s\\n"
	"fn=(1) main\\n1 5\\n\\ntotals: %%s' $1 \"$2\" \"${4-Ir}\" \"$3\" >$out$1${5-}; }\n"
	"end='\n'\n"
	"if grep -q candidate \"$1\"; then\n%s\nfi\n"
	"\"$@\"; code=$?\n"
	"log $$ 1; count $$ \"$*\" \"1000$end\"\n"
	"exit $code\n";

static const struct count {
	const char *fault; /* in shell; NULL: none */
	const char *note;  /* NULL: it is counted */
	double count;
} counts[] = {
	{":", NULL, 1000},
	/* Two parts of one process, and a second process of the program. */
	{"count $$ \"$*\" \"7$end\" Ir .1; log 5 4; count 5 \"$1\" \"20$end\"", NULL, 1027},
	{"\"$@\"; log $$ 1; count $$ \"$*\" \"20$end\"; kill -ILL $$", "signal 4 (SIGILL)", 0},
	{"\"$@\"; log $$ 1; count $$ \"$*\" \"20$end\"; kill -SEGV $$", "signal 11 (SIGSEGV)", 0},
	{"\"$@\"; log $$ 1; count $$ \"$*\" \"20$end\"; exit 3", "exit code 3 instead of 0", 0},
	{"\"$@\"; exit", "callgrind wrote no count", 0},
	{"\"$@\"; log $$ 1; count $$ \"$*\" 20; exit", "is cut off", 0},
	{"\"$@\"; log $$ 1; echo events: Ir >$out$$; exit", "is cut off", 0},
	{"\"$@\"; log $$ 1; count $$ \"$*\" \"20$end\" 'Dr Ir'; exit", "is cut off", 0},
	{"\"$@\"; log $$ 1; count $$ /bin/env \"20$end\"; exit", "another program: /bin/env", 0},
	{"\"$@\"; log $$ 1; count $$ \"$1-other x\" \"20$end\"; exit", "another program: ", 0},
	{"echo other; log $$ 1; count $$ \"$*\" \"20$end\"; exit", "did something else", 0},
	{"\"$@\" >/dev/null; log $$ 1; count $$ \"$*\" \"20$end\"; exit", "did something else", 0},
	{"log 5 $$; count 5 \"$*\" \"20$end\"", "it forks", 0},
};

static void count_by(const struct count *c, bool baseline)
{
	hone_auto_free char *base = in_scratch("a/prog"), *other = in_scratch("b/prog");
	hone_auto_free char *run_dir = in_scratch("run"), *input = in_scratch("input");
	hone_auto_free char *tool = NULL;
	const struct hone_contestant programs[] = {
		{"baseline", base, true, NULL, NULL, NULL, false, false},
		{"other", other, false, NULL, NULL, NULL, false, false}};
	struct hone_measure_opts opts = {.rounds = 1,
		.min_rounds = 1,
		.warmup = 1,
		.run_dir = run_dir,
		.work_dir = scratch,
		.callgrind = true};
	struct hone_measurement *m = NULL;
	struct hone_workload w;
	struct hone_err err = HONE_ERR_INIT;
	hone_auto_buf struct hone_buf notes = HONE_BUF_INIT;

	tool = hone_xasprintf(valgrind, c->fault);
	write_program("tools/valgrind", tool);
	/* What it is fed with belongs to the run that is counted, too. */
	write_program("a/prog", baseline ? "#!/bin/sh\n# candidate\ncat\n" : "#!/bin/sh\ncat\n");
	write_program("b/prog", baseline ? "#!/bin/sh\ncat\n" : "#!/bin/sh\n# candidate\ncat\n");
	put_file(input, "input\n");
	assert_int_equal(hone_workload_from_line(&w, "w", "{bin}", NULL), 0);
	w.stdin_path = hone_xstrdup(input);
	if (hone_measure(programs, 2, &w, 1, &opts, &m, &err))
		fail_msg("%s", err.msg);
	for (size_t i = 0; i < m->notes.n; i++)
		hone_buf_addf(&notes, "%s\n", m->notes.v[i]);
	if (c->note) {
		assert_has(hone_buf_str(&notes), c->note);
		assert_has(hone_buf_str(&notes),
			baseline ? "no instructions of baseline" : "no instructions of other");
		assert_true(isnan(m->workloads[0].callgrind[1]));
		assert_true(isnan(m->workloads[0].callgrind[0]) == baseline);
	} else {
		assert_true(m->workloads[0].callgrind[0] == 1000);
		assert_true(m->workloads[0].callgrind[1] == c->count);
	}
	hone_measurement_free(m);
	hone_workload_release(&w);
	hone_err_release(&err);
}

static void valgrind_that_fails(void **state)
{
	(void)state;
	for (size_t i = 0; i < HONE_COUNT(counts); i++)
		count_by(&counts[i], false);
	/* Without the baseline's count nobody's means anything. */
	count_by(&counts[2], true);
	count_by(&counts[6], true);
}

/* ---- load generators: what they print, whole */

static const struct report {
	const char *program, *text;
	double requests;
} reports[] = {
	{"wrk",
		"Running 2s test @ http://127.0.0.1:1/\n  2 threads and 16 connections\n"
		"  20480 requests in 2.01s, 2.50MB read\nRequests/sec:  10189.05\nTransfer/sec:   "
		"1.24MB\n",
		20480},
	{"oha",
		"Summary:\n  Success rate:\t100.00%\n  Requests/sec:\t10189.05\n\n"
		"Status code distribution:\n  [200] 20480 responses\n",
		20480},
	{"h2load",
		"finished in 2.01s, 10189.05 req/s, 1.24MB/s\nrequests: 20480 total, 20480 "
		"started, 20480 done, 20480 succeeded, 0 failed, 0 errored, 0 timeout\n"
		"status codes: 20480 2xx, 0 3xx, 0 4xx, 0 5xx\ntraffic: 2.50MB total\n",
		20480},
	{"ab",
		"Concurrency Level:      16\nComplete requests:      20480\nFailed requests:       "
		" "
		"0\nRequests per second:    10189.05 [#/sec] (mean)\nTransfer rate:          1.24 "
		"[Kbytes/sec] received\n",
		20480},
};

/* Whatever of its end is missing, from one byte on: no figure. */
static void load_reports_that_are_cut_off(void **state)
{
	struct hone_service *s = hone_service_new();

	(void)state;
	for (size_t i = 0; i < HONE_COUNT(reports); i++) {
		const struct report *r = &reports[i];
		struct hone_load_report report;
		struct hone_err err = HONE_ERR_INIT;

		if (hone_load_parse(s, r->program, r->text, &report, &err))
			fail_msg("%s: %s", r->program, err.msg);
		assert_true(report.requests == r->requests && report.rate == 10189.05);
		for (size_t n = strlen(r->text) - 1; n > 0; n--) {
			hone_auto_free char *part = hone_xstrndup(r->text, n);

			/* A line of its own more or less may be missing at the very end. */
			if (part[n - 1] == '\n' && strstr(part, "traffic:"))
				continue;
			if (!hone_load_parse(s, r->program, part, &report, &err))
				fail_msg("%s is cut off after %s", r->program, part);
			hone_err_release(&err);
		}
	}
	hone_service_free(s);
}

/* ---- the linker of a replayed link */

static void write_list(const char *name, const char *bytes, size_t n)
{
	hone_auto_free char *path = in_scratch(name);

	assert_int_equal(hone_fs_write(path, (struct hone_view){bytes, n}, 0666, NULL), 0);
}

static const struct link {
	const char *text; /* of a linker that is told `-o OUT` */
	const char *error;
} links[] = {
	{"cp /bin/true \"$2\"", NULL},
	{"cp /bin/true \"$2\"; kill -SEGV $$", "signal 11 (SIGSEGV)"},
	{"cp /bin/true \"$2\"; exit 1", "exit code 1"},
	{"head -c 9000 /bin/true >\"$2\"", "ended well, but"},
	{"head -c 30 /bin/true >\"$2\"", "ended well, but"},
	{": >\"$2\"", "is empty"},
	/* What lay there is of another link. */
	{"cp /bin/true other", "no such file"},
};

static void linker_that_fails(void **state)
{
	hone_auto_free char *dir = in_scratch("link"), *out = in_scratch("linked");
	hone_auto_free char *linker = in_scratch("tools/linker");

	(void)state;
	assert_int_equal(hone_fs_mkdirs(dir, NULL), 0);
	write_list("link/args", "-o\0x", 5);
	write_list("link/environ", "PATH=/bin:/usr/bin", 19);
	write_list("link/map", "", 0);
	write_list("link/cwd", scratch, strlen(scratch) + 1);
	write_list("link/real", linker, strlen(linker) + 1);
	for (size_t i = 0; i < HONE_COUNT(links); i++) {
		hone_auto_free char *text = hone_xasprintf("#!/bin/sh\n%s\n", links[i].text);
		hone_auto_err struct hone_err err = HONE_ERR_INIT;
		int error;

		write_program("tools/linker", text);
		error = hone_link_replay(dir, out, NULL, NULL, NULL, &err);
		if (links[i].error)
			assert_has(err.msg, links[i].error);
		else if (error)
			fail_msg("%s", err.msg);
		assert_int_equal(error != 0, links[i].error != NULL);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(valgrind_that_fails, set_up, scratch_remove),
		cmocka_unit_test(load_reports_that_are_cut_off),
		cmocka_unit_test_setup_teardown(linker_that_fails, set_up, scratch_remove),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
