#include "service.h"
#include "workload_file.h"

#include <math.h>
#include <signal.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "scratch.h"

struct read {
	struct hone_workload *w;
	size_t n;
	struct hone_err err;
	int code;
};

static struct read read_text(const char *text, const char *bin)
{
	hone_auto_free char *path = hone_path_join(scratch, "hone.toml");
	struct read r = {NULL, 0, HONE_ERR_INIT, 0};

	assert_int_equal(hone_fs_write(path, hone_view_of(text), 0644, NULL), 0);
	r.code = hone_workload_file_read(path, bin, &r.w, &r.n, &r.err);
	return r;
}

static void done(struct read *r)
{
	for (size_t i = 0; i < r->n; i++)
		hone_workload_release(&r->w[i]);
	free(r->w);
	hone_err_release(&r->err);
}

static void everything(void **state)
{
	struct read r = read_text(
		"[[workload]]\n"
		"name = \"search\"\n"
		"bin = \"rg\"\n"
		"run = \"{bin} -n 'a b' input\"\n"
		"weight = 2\n"
		"dir = \"sub\"\n"
		"env = { A = \"1\", B = false }\n"
		"stdin = \"in.txt\"\n"
		"setup = [\"sh\", \"-c\", \"make data\"]\n"
		"teardown = \"rm data\"\n"
		"timeout = \"2min\"\n"
		"exit-code = 1\n"
		"compare = [\"stdout\", \"stderr\"]\n"
		"files = [\"{out}/x\"]\n"
		"normalise = [{ pattern = \"[0-9]+ ms\", with = \"N ms\" }, { pattern = \"x\" }]\n"
		"metric = \"wall\"\n"
		"[[workload]]\n"
		"name = \"start\"\n"
		"kind = \"startup\"\n"
		"run = [\"qemu\", \"{bin}\", \"--version\"]\n"
		"timeout = 1.5\n"
		"exit-code = \"baseline\"\n"
		"compare = []\n",
		NULL);
	hone_auto_free char *sub = hone_path_join(scratch, "sub");
	hone_auto_free char *in = hone_path_join(scratch, "in.txt");
	const struct hone_workload *w = r.w;

	(void)state;
	if (r.code)
		fail_msg("%s", r.err.msg);
	assert_int_equal(r.n, 2);
	assert_string_equal(w->name, "search");
	assert_string_equal(w->bin, "rg");
	assert_int_equal(w->argv.n, 4);
	assert_string_equal(w->argv.v[2], "a b");
	assert_true(w->weight > 1.99 && w->weight < 2.01);
	assert_string_equal(w->dir, sub);
	assert_string_equal(w->stdin_path, in);
	assert_true(hone_strv_has(&w->env, "A=1") && hone_strv_has(&w->env, "B"));
	assert_int_equal(w->setup.n, 3);
	assert_int_equal(w->teardown.n, 2);
	assert_true(w->timeout_s > 119 && w->timeout_s < 121);
	assert_int_equal(w->exit_code, 1);
	assert_true(w->compare_stdout && w->compare_stderr);
	assert_string_equal(w->files.v[0], "{out}/x");
	assert_string_equal(w->normalise.v[0].with, "N ms");
	assert_string_equal(w->normalise.v[1].with, "");
	assert_int_equal(w->primary, HONE_METRIC_WALL);
	assert_int_equal(w[1].kind, HONE_WORKLOAD_STARTUP);
	assert_int_equal(w[1].exit_code, HONE_EXIT_OF_BASELINE);
	assert_false(w[1].compare_stdout || w[1].compare_stderr);
	assert_string_equal(w[1].dir, scratch);
	done(&r);

	r = read_text("[[workload]]\nname='a'\nbin='x'\nrun='{bin}'\n[[workload]]\nname='b'\nrun='{"
		      "bin}'\n",
		"y");
	assert_int_equal(r.n, 1);
	assert_string_equal(r.w[0].name, "b");
	done(&r);

	r = read_text("# nothing yet\n", NULL);
	assert_int_equal(r.code, 0);
	assert_int_equal(r.n, 0);
	done(&r);
}

static void a_service(void **state)
{
	struct read r = read_text("[[workload]]\n"
				  "name = \"serve\"\n"
				  "kind = \"service\"\n"
				  "run = \"{bin} -p {port}\"\n"
				  "[workload.service]\n"
				  "ready = \"http:/health\"\n"
				  "ready-timeout = 3\n"
				  "connections = 50\n"
				  "load = \"wrk -t1 -c{connections} -d{seconds}s --latency "
				  "http://127.0.0.1:{port}/\"\n"
				  "window = \"5s\"\n"
				  "warm-up = \"1s\"\n"
				  "compare = [\"/\", \"/a?b=c\"]\n"
				  "stop = \"INT\"\n",
		NULL);
	const struct hone_service *s;

	(void)state;
	if (r.code)
		fail_msg("%s", r.err.msg);
	s = r.w[0].service;
	assert_int_equal(s->ready, HONE_READY_HTTP);
	assert_string_equal(s->ready_text, "/health");
	assert_int_equal(s->connections, 50);
	assert_int_equal(s->load.n, 6);
	assert_int_equal(s->compare.n, 2);
	assert_int_equal(s->stop_signal, SIGINT);
	assert_true(s->window_s > 4.9 && s->warm_s > 0.9);
	done(&r);
}

/* What `cargo bench` does is what is done where nothing else is said. */
static void a_bench_target(void **state)
{
	struct read r = read_text("[[workload]]\n"
				  "name = 'parse'\n"
				  "kind = 'bench'\n"
				  "bench = 'parser'\n"
				  "[[workload]]\n"
				  "name = 'print'\n"
				  "kind = 'bench'\n"
				  "bench = 'printer'\n"
				  "run = '{bin} --bench wide'\n"
				  "dir = 'sub'\n"
				  "env = { CRITERION_HOME = '/kept' }\n"
				  "pattern = 'wide: ([0-9]+)'\n",
		NULL);

	(void)state;
	if (r.code)
		fail_msg("%s", r.err.msg);
	assert_int_equal(r.n, 2);
	assert_string_equal(r.w[0].bench, "parser");
	assert_int_equal(r.w[0].argv.n, 2);
	assert_string_equal(r.w[0].argv.v[0], "{bin}");
	assert_string_equal(r.w[0].argv.v[1], "--bench");
	assert_null(r.w[0].pattern);
	assert_null(r.w[0].dir);
	assert_false(r.w[0].compare_stdout);
	assert_true(hone_strv_has(&r.w[0].env, "CRITERION_HOME={out}/criterion"));
	assert_int_equal(r.w[1].argv.n, 3);
	assert_non_null(r.w[1].dir);
	assert_int_equal(r.w[1].env.n, 1);
	assert_string_equal(r.w[1].pattern, "wide: ([0-9]+)");
	done(&r);
}

#define HEAD "[[workload]]\nname = 'x'\nrun = '{bin}'\n"

static void mistakes(void **state)
{
	/* What is written, where it is wrong, what is said, what is advised (NULL: nothing). */
	static const char *const cases[][4] = {
		{HEAD "wieght = 2\n", "hone.toml:4:", "a workload has no key `wieght`",
			"did you mean `weight`?"},
		{"[[workload]]\nrun = '{bin}'\n", "hone.toml:1:", "has no `name`", NULL},
		{"[[workload]]\nname = 'x'\n", "hone.toml:1:", "has no `run`", NULL},
		{"[[workload]]\nname = 'x'\nrun = 'prog -v'\n", "hone.toml:3:7",
			"does not contain {bin}", "{bin}"},
		{"[[workload]]\nname = 'x'\nrun = \"{bin} 'a\"\n", "hone.toml:3:7", "never closed",
			NULL},
		{"[[workload]]\nname = 'x'\nrun = []\n", "hone.toml:3:7", "at least a word", NULL},
		{"[[workload]]\nname = 3\n", "hone.toml:2:8",
			"name has to be a string, not integer", NULL},
		{HEAD "weight = 0\n", "hone.toml:4:10", "above 0", NULL},
		{HEAD "weight = nan\n", "hone.toml:4:10", "above 0", NULL},
		{HEAD "timeout = 'soon'\n", "hone.toml:4:11", "a time has to be", NULL},
		{HEAD "exit-code = 256\n", "hone.toml:4:13", "0 to 255", NULL},
		{HEAD "kind = 'comand'\n", "hone.toml:4:8", "\"comand\" is none of \"command\"",
			NULL},
		{HEAD "compare = ['stdin']\n", "hone.toml:4:12", "none of \"stdout\" or \"stderr\"",
			NULL},
		{HEAD "metric = 'wal'\n", "hone.toml:4:10", "no metric \"wal\"",
			"did you mean \"wall\"?"},
		{HEAD "normalise = [{ pattern = '(' }]\n", "hone.toml:4:", "regular expression",
			NULL},
		{HEAD "normalise = [{ with = 'x' }]\n", "hone.toml:4:", "a rule is", NULL},
		{HEAD "env = { A = 1 }\n", "hone.toml:4:13", "false to remove", NULL},
		{HEAD "dir = 'not-there'\n", "hone.toml:4:7", "is no folder", NULL},
		{HEAD "kind = 'bench'\n", "hone.toml:1:", "needs `bench`", NULL},
		{HEAD "kind = 'bench'\nbench = ''\n", "hone.toml:5:9", "name of a bench target",
			NULL},
		{HEAD "kind = 'bench'\nbench = 'b'\nbetter = 'higher'\n", "hone.toml:6:10",
			"belongs to a `pattern`", NULL},
		{HEAD "bench = 'b'\n", "hone.toml:4:9", "kind \"bench\"", NULL},
		{HEAD "kind = 'bench'\npattern = 'x'\n", "hone.toml:5:11", "a group", NULL},
		{HEAD "pattern = '(x)'\n", "hone.toml:4:11", "kind \"bench\"", NULL},
		{HEAD "kind = 'service'\n", "hone.toml:1:", "belong together", NULL},
		{HEAD "kind = 'service'\nservice = {}\n", "hone.toml:1:", "no `load`", NULL},
		{HEAD "kind = 'service'\nservice = { port = 0 }\n", "hone.toml:5:", "1 to 65535",
			NULL},
		{HEAD "kind = 'service'\nservice = { ready = 'udp' }\n", "hone.toml:5:", "ready is",
			NULL},
		{HEAD "kind = 'startup'\nuntil = 'ready'\n", "hone.toml:1:", "when it is ready",
			NULL},
		{HEAD "kind = 'startup'\nservice = {}\n", "hone.toml:1:", "belong together", NULL},
		{HEAD "until = 'ready'\nservice = {}\n", "hone.toml:4:9", "kind \"startup\"", NULL},
		{HEAD HEAD, "hone.toml:4:", "two workloads called `x`", NULL},
		{"[workload]\nname = 'x'\n", "hone.toml:1:", "two brackets", NULL},
		{"[workloads]\n", "hone.toml:1:", "is not known here", NULL},
		{"workload = [1]\n", "hone.toml:1:", "a workload is a table", NULL},
		{"[[workload]\n", "hone.toml:1:", "", NULL},
	};

	(void)state;
	for (size_t i = 0; i < HONE_COUNT(cases); i++) {
		struct read r = read_text(cases[i][0], NULL);

		if (r.code != HONE_E_SYNTAX || !strstr(r.err.msg, cases[i][1]) ||
			!strstr(r.err.msg, cases[i][2]) ||
			(cases[i][3] && (!r.err.hint || !strstr(r.err.hint, cases[i][3]))))
			fail_msg("case %zu: %d %s (%s)", i, r.code, r.err.msg ? r.err.msg : "-",
				r.err.hint ? r.err.hint : "-");
		done(&r);
	}
}

static void no_file(void **state)
{
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	hone_auto_free char *path = hone_path_join(scratch, "none.toml");
	struct hone_workload *w;
	size_t n;

	(void)state;
	assert_int_equal(hone_workload_file_read(path, NULL, &w, &n, &err), HONE_E_NOT_FOUND);
}

static void assert_about(double have, double want)
{
	if (!(fabs(have - want) <= 1e-9 * fabs(want)))
		fail_msg("%g instead of %g", have, want);
}

/* What the generators really print. */
static void load_generators(void **state)
{
	static const char wrk[] = "Running 1s test @ http://127.0.0.1:8123/\n"
				  "  1 threads and 8 connections\n"
				  "  Thread Stats   Avg      Stdev     Max   +/- Stdev\n"
				  "    Latency   210.12us  101.50us   4.01ms   92.50%\n"
				  "    Req/Sec    37.46k     1.20k   39.08k    81.82%\n"
				  "  Latency Distribution\n"
				  "     50%  197.00us\n"
				  "     75%  225.00us\n"
				  "     90%    1.20ms\n"
				  "     99%    2.00s \n"
				  "  41003 requests in 1.10s, 6.14MB read\n"
				  "Requests/sec:  37275.73\n"
				  "Transfer/sec:      5.58MB\n";
	static const char h2load[] = "finished in 1.00s, 2345.50 req/s, 1.2MB/s\n"
				     "requests: 2350 total, 2350 started, 2350 done, 2346 "
				     "succeeded, 4 failed, 0 errored, 0 timeout\n"
				     "traffic: 1.20MB (1258291) total, 20.5KB (20992) headers\n";
	static const char ab[] =
		"Complete requests:      500\nFailed requests:        0\n"
		"Requests per second:    1234.50 [#/sec] (mean)\n"
		"Transfer rate:          180.84 [Kbytes/sec] received\n\n"
		"  50%      4\n  90%      7\n  99%     12\n 100%     15 (longest request)\n";
	static const char oha[] =
		"Summary:\n  Requests/sec:\t1000.5\n\n  10.00% in 0.0010 secs\n"
		"  50.00% in 0.0020 secs\n  90.00% in 3.5 ms\n  99.00% in 0.0100 secs\n"
		"Status code distribution:\n  [200] 2001 responses\n";
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	struct hone_service *s = hone_service_new();
	struct hone_load_report r;

	(void)state;
	assert_int_equal(hone_load_parse(s, "/usr/bin/wrk", wrk, &r, &err), 0);
	assert_about(r.rate, 37275.73);
	assert_about(r.requests, 41003);
	assert_about(r.p50_s, 197e-6);
	assert_about(r.p90_s, 1.2e-3);
	assert_about(r.p99_s, 2);
	assert_true(r.errors < 0.5);
	assert_int_equal(hone_load_parse(s, "wrk",
				 "  10 requests in 1.10s\n  Socket errors: connect 0, read 3, "
				 "write 0, timeout 0\n"
				 "  Non-2xx or 3xx responses: 7\nRequests/sec: 10\n"
				 "Transfer/sec: 1.00KB\n",
				 &r, &err),
		0);
	assert_about(r.errors, 8);
	assert_int_equal(hone_load_parse(s, "h2load", h2load, &r, &err), 0);
	assert_about(r.rate, 2345.5);
	assert_about(r.requests, 2346);
	assert_about(r.errors, 4);
	assert_true(isnan(r.p50_s));
	assert_int_equal(hone_load_parse(s, "ab", ab, &r, &err), 0);
	assert_about(r.rate, 1234.5);
	assert_about(r.p99_s, 0.012);
	assert_int_equal(hone_load_parse(s, "oha", oha, &r, &err), 0);
	assert_about(r.rate, 1000.5);
	assert_about(r.requests, 2001);
	assert_about(r.p50_s, 0.002);
	assert_about(r.p90_s, 0.0035);
	assert_int_equal(hone_load_parse(s, "mine", "did 5 things", &r, &err), HONE_E_FAILED);
	assert_non_null(strstr(err.msg, "did 5 things"));
	assert_non_null(err.hint);
	hone_err_release(&err);
	s->requests_pattern = hone_xstrdup("did ([0-9]+) things");
	s->p50_pattern = hone_xstrdup("median ([0-9.]+ ?[a-z]+)");
	assert_int_equal(hone_load_parse(s, "mine", "did 5 things, median 3 ms", &r, &err), 0);
	assert_about(r.requests, 5);
	assert_about(r.p50_s, 0.003);
	hone_service_free(s);
}

static int group_setup(void **state)
{
	hone_auto_free char *sub = NULL;

	if (scratch_make(state))
		return -1;
	sub = in_scratch("sub");
	return hone_fs_mkdirs(sub, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything),
		cmocka_unit_test(a_service),
		cmocka_unit_test(a_bench_target),
		cmocka_unit_test(mistakes),
		cmocka_unit_test(no_file),
		cmocka_unit_test(load_generators),
	};

	return cmocka_run_group_tests(tests, group_setup, scratch_remove);
}
