#include "http.h"
#include "measure.h"
#include "proc.h"
#include "service.h"

#include <dirent.h>
#include <math.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "scratch.h"

/* The server under test is Python's, started as `prog PORT`; what drives it is a small client in Python
 * that prints how many requests it made. */
static const char server[] =
	"#!/usr/bin/env python3\n"
	"import sys, http.server, os, threading, time\n"
	"class H(http.server.BaseHTTPRequestHandler):\n"
	"    def do_GET(self):\n"
	"        body = (b'other' if 'ODD' == WHO else b'hello') + b' from ' "
	"+ str(self.path).encode() + b'\\n'\n"
	"        self.send_response(200)\n"
	"        self.end_headers()\n"
	"        self.wfile.write(body)\n"
	"        if 'DIES' == WHO: os._exit(5)\n"
	"    def log_message(self, *a): print('log', *a)\n"
	"if 'NEVER' == WHO: time.sleep(60)\n"
	"if 'SLOW' == WHO: time.sleep(1)\n"
	"if 'EXITS' == WHO: sys.exit('cannot bind')\n"
	"if 'DAEMON' == WHO and os.fork(): time.sleep(0.2); os._exit(0)\n"
	"s = http.server.HTTPServer(('127.0.0.1', int(sys.argv[1])), H)\n"
	"if 'FORKS' == WHO: os.fork()\n"
	"def tick():\n"
	"    while True: time.sleep(0.002)\n"
	"if 'TICKS' == WHO: threading.Thread(target=tick, daemon=True).start()\n"
	"print('listening now', flush=True)\n"
	"s.serve_forever()\n";

static const char client[] =
	"#!/usr/bin/env python3\n"
	"import sys, time, urllib.request\n"
	"n, end = 0, time.time() + float(sys.argv[2])\n"
	"while time.time() < end or n < 20:\n"
	"    urllib.request.urlopen('http://127.0.0.1:' + sys.argv[1] + '/x').read()\n"
	"    n += 1\n"
	"print('did', n, 'requests, median 2 ms')\n";

static char *write_server(const char *name, const char *who)
{
	hone_auto_free char *dir = in_scratch(name);
	hone_auto_free char *path = hone_path_join(dir, "prog");
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	const char *class = strstr(server, "class H");

	hone_buf_add(&text, server, (size_t)(class - server));
	hone_buf_addf(&text, "WHO = '%s'\n", who);
	hone_buf_adds(&text, class);
	assert_int_equal(hone_fs_mkdirs(dir, NULL), 0);
	assert_int_equal(hone_fs_write(path, hone_buf_view(&text), 0755, NULL), 0);
	return HONE_TAKE(path);
}

struct setup {
	struct hone_contestant c[2];
	size_t n;
	struct hone_workload w;
	struct hone_measure_opts opts;
	struct hone_measurement *m;
	struct hone_err err;
	char *run_dir;
};

static struct setup prepare(const char *base, const char *other)
{
	struct setup s = {.n = other ? 2 : 1};
	hone_auto_free char *load = in_scratch("load");

	assert_int_equal(hone_fs_write(load, HONE_VIEW(client), 0755, NULL), 0);
	s.c[0] = (struct hone_contestant){
		"baseline", write_server("base", base), true, NULL, NULL, NULL, false, false};
	if (other)
		s.c[1] = (struct hone_contestant){"other", write_server("other", other), false,
			NULL, NULL, NULL, false, false};
	hone_workload_init(&s.w, "serve");
	s.w.kind = HONE_WORKLOAD_SERVICE;
	hone_strv_push(&s.w.argv, "{bin}");
	hone_strv_push(&s.w.argv, "{port}");
	s.w.service = hone_service_new();
	hone_strv_push(&s.w.service->load, load);
	hone_strv_push(&s.w.service->load, "{port}");
	hone_strv_push(&s.w.service->load, "{seconds}");
	hone_strv_push(&s.w.service->compare, "/a");
	s.w.service->requests_pattern = hone_xstrdup("did ([0-9]+) requests");
	s.w.service->p50_pattern = hone_xstrdup("median ([0-9.]+ [a-z]+)");
	s.w.service->window_s = 0.3;
	s.w.service->warm_s = 0.1;
	s.run_dir = in_scratch("run");
	s.opts = (struct hone_measure_opts){.rounds = 1, .run_dir = s.run_dir};
	return s;
}

static int go(struct setup *s)
{
	hone_measurement_free(s->m);
	s->m = NULL;
	hone_err_release(&s->err);
	return hone_measure(s->c, s->n, &s->w, 1, &s->opts, &s->m, &s->err);
}

/* No process of a server that lies in the scratch folder is left. */
static bool something_runs(void)
{
	bool found = false;
	struct dirent *e;
	DIR *d = opendir("/proc");

	while (d && (e = readdir(d))) {
		hone_auto_free char *path = hone_xasprintf("/proc/%s/cmdline", e->d_name);
		hone_auto_buf struct hone_buf text = HONE_BUF_INIT;

		if (hone_fs_read(path, 100000, &text, NULL, NULL) == 0 && text.n &&
			memmem(text.p, text.n, scratch, strlen(scratch)))
			found = true;
	}
	if (d)
		closedir(d);
	return found;
}

static void done(struct setup *s)
{
	assert_false(something_runs());
	for (size_t i = 0; i < s->n; i++)
		free((char *)(uintptr_t)s->c[i].path);
	hone_measurement_free(s->m);
	hone_err_release(&s->err);
	hone_workload_release(&s->w);
	free(s->run_dir);
}

static void assert_has(const char *text, const char *part)
{
	if (!text || !strstr(text, part))
		fail_msg("no \"%s\" in \"%s\"", part, text ? text : "(null)");
}

static double value(const struct setup *s, enum hone_metric metric, size_t who)
{
	for (size_t k = 0; k < s->m->workloads[0].n_metrics; k++)
		if (s->m->workloads[0].metrics[k].metric == metric)
			return s->m->workloads[0].metrics[k].samples[who][0];
	return NAN;
}

static void two_servers(void **state)
{
	struct setup s = prepare("", "ODD");
	size_t said = 0;
	int code;

	(void)state;
	hone_strv_release(&s.w.service->compare);
	code = go(&s);
	if (code)
		fail_msg("%s", s.err.msg);
	for (size_t who = 0; who < 3; who++) {
		assert_true(value(&s, HONE_METRIC_REQUESTS_PER_S, who) > 0.5);
		assert_true(value(&s, HONE_METRIC_CPU_PER_REQUEST, who) > 1e-6);
		assert_true(value(&s, HONE_METRIC_CPU_PER_REQUEST, who) < 0.5);
		assert_true(value(&s, HONE_METRIC_PEAK_MEMORY, who) > 1e6);
		assert_true(value(&s, HONE_METRIC_COLD_START, who) > 0.005);
		assert_true(fabs(value(&s, HONE_METRIC_LATENCY_P50, who) - 0.002) < 1e-9);
		assert_true(isnan(value(&s, HONE_METRIC_LATENCY_P99, who)));
	}
	assert_int_equal(s.m->workloads[0].metrics[0].metric, HONE_METRIC_CPU_PER_REQUEST);
	/* A few hundred requests have no 99th percentile: said once, not by an empty column alone. */
	s.w.service->p99_pattern = hone_xstrdup(s.w.service->p50_pattern);
	assert_int_equal(go(&s), 0);
	assert_true(isnan(value(&s, HONE_METRIC_LATENCY_P99, 0)));
	for (size_t i = 0; i < s.m->notes.n; i++)
		said += strstr(s.m->notes.v[i], "`serve`: no p99") != NULL;
	assert_int_equal(said, 1);
	/* What the generator does not tell cannot decide. */
	s.w.primary = HONE_METRIC_LATENCY_P90;
	assert_int_equal(go(&s), HONE_E_FAILED);
	assert_has(s.err.msg, "latency_p90 is not measured by workload `serve` here");
	done(&s);
}

static void answers_that_differ(void **state)
{
	struct setup s = prepare("", "ODD");

	(void)state;
	assert_int_equal(go(&s), 0);
	assert_int_equal(s.m->status[1], HONE_RUN_DIFFERS);
	assert_has(s.m->reason[1], "the answer to GET /a differs");
	assert_has(s.m->reason[1], "other from /a");
	done(&s);
}

static void workers_are_counted(void **state)
{
	struct setup one = prepare("", NULL);
	double alone;

	(void)state;
	assert_int_equal(go(&one), 0);
	alone = value(&one, HONE_METRIC_PEAK_MEMORY, 0);
	done(&one);
	one = prepare("FORKS", NULL);
	assert_int_equal(go(&one), 0);
	assert_true(value(&one, HONE_METRIC_PEAK_MEMORY, 0) > 1.4 * alone);
	done(&one);
}

static void servers_that_fail(void **state)
{
	static const struct {
		const char *who, *says;
	} cases[] = {
		{"EXITS", "it ended before it was ready\ncannot bind"},
		{"NEVER", "it was not ready after"},
		{"DAEMON", "foreground"},
	};

	(void)state;
	for (size_t i = 0; i < HONE_COUNT(cases); i++) {
		struct setup s = prepare(cases[i].who, NULL);

		/* Somebody who never connects, so that a daemon's child is not mistaken for it. */
		if (strcmp(cases[i].who, "DAEMON") == 0) {
			s.w.service->ready = HONE_READY_LINE;
			s.w.service->ready_text = hone_xstrdup("never printed");
		}
		/* One of them is waited for until then. */
		s.w.service->ready_timeout_s = strcmp(cases[i].who, "NEVER") == 0 ? 1.5 : 30;
		assert_int_equal(go(&s), HONE_E_FAILED);
		assert_has(s.err.msg, cases[i].says);
		done(&s);
	}
	{
		struct setup s = prepare("", "DIES");

		hone_strv_release(&s.w.service->compare);
		assert_int_equal(go(&s), 0);
		assert_int_equal(s.m->status[1], HONE_RUN_FAILED);
		assert_has(s.m->reason[1], "load");
		done(&s);
	}
}

static void ready_by_a_line_or_an_answer(void **state)
{
	struct setup s = prepare("", NULL);

	(void)state;
	s.w.service->ready = HONE_READY_LINE;
	s.w.service->ready_text = hone_xstrdup("^listening");
	assert_int_equal(go(&s), 0);
	s.w.service->ready = HONE_READY_HTTP;
	free(s.w.service->ready_text);
	s.w.service->ready_text = hone_xstrdup("/health");
	assert_int_equal(go(&s), 0);
	done(&s);
}

/* wrk takes whole seconds only, and the warm-up of half a second is the default. */
static void wrk_gets_whole_seconds(void **state)
{
	static const char wrk[] =
		"#!/usr/bin/env python3\n"
		"import sys, urllib.request\n"
		"assert sys.argv[2].isdigit(), 'Usage: wrk, not ' + sys.argv[2]\n"
		"for i in range(20):\n"
		"    urllib.request.urlopen('http://127.0.0.1:' + sys.argv[1] + '/x').read()\n"
		"print('  20 requests in 1.00s, 1KB read\\nRequests/sec: 20.00\\nTransfer/sec: "
		"1KB')\n";
	struct setup s = prepare("", NULL);
	hone_auto_free char *load = in_scratch("wrk");

	(void)state;
	assert_int_equal(hone_fs_write(load, HONE_VIEW(wrk), 0755, NULL), 0);
	free(s.w.service->load.v[0]);
	s.w.service->load.v[0] = hone_xstrdup(load);
	free(s.w.service->requests_pattern);
	s.w.service->requests_pattern = NULL;
	s.w.service->warm_s = 0.5;
	if (go(&s))
		fail_msg("%s", s.err.msg);
	assert_true(fabs(value(&s, HONE_METRIC_REQUESTS_PER_S, 0) - 20) < 1e-9);
	done(&s);
}

/* What answers there is another program: no figure of the server's, be it asleep or busy with something else. */
static void a_load_that_goes_elsewhere(void **state)
{
	static const struct {
		const char *who, *load;
	} cases[] = {
		{"", "#!/bin/sh\necho 'did 100 requests, median 2 ms'\n"},
		{"", "#!/bin/sh\nsleep 0.2\necho 'did 1 requests, median 2 ms'\n"},
		{"TICKS", "#!/bin/sh\nsleep 0.2\necho 'did 10000000 requests, median 2 ms'\n"},
		{"FORKS", "#!/bin/sh\necho 'did 5000 requests, median 2 ms'\n"},
	};

	(void)state;
	for (size_t i = 0; i < HONE_COUNT(cases); i++) {
		struct setup s = prepare(cases[i].who, NULL);

		assert_int_equal(hone_fs_write(s.w.service->load.v[0], hone_view_of(cases[i].load),
					 0755, NULL),
			0);
		assert_int_equal(go(&s), HONE_E_FAILED);
		assert_has(s.err.msg, "went to another program");
		done(&s);
	}
}

/* A start is measured without any load, whose window would take far longer than a start on the busiest machine; the
 * second server takes a second to come up. */
static void a_start_until_ready(void **state)
{
	struct setup s = prepare("", "SLOW");

	(void)state;
	s.w.kind = HONE_WORKLOAD_STARTUP;
	hone_strv_release(&s.w.service->load);
	hone_strv_release(&s.w.service->compare);
	s.w.service->ready = HONE_READY_HTTP;
	s.w.service->ready_text = hone_xstrdup("/health");
	s.w.service->window_s = 100;
	s.opts.warmup = 1;
	assert_int_equal(go(&s), 0);
	assert_int_equal(s.m->workloads[0].metrics[0].metric, HONE_METRIC_COLD_START);
	assert_true(value(&s, HONE_METRIC_COLD_START, 0) < 50);
	assert_true(value(&s, HONE_METRIC_COLD_START, 1) > 1);
	assert_true(value(&s, HONE_METRIC_PEAK_MEMORY, 0) > 1e6);
	assert_true(isnan(value(&s, HONE_METRIC_REQUESTS_PER_S, 0)));
	done(&s);
}

static void port_in_use(void **state)
{
	struct setup s = prepare("", NULL);
	hone_auto_free char *other = write_server("blocker", "");
	struct hone_proc *p;
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	const char *argv[] = {other, NULL, NULL};
	struct hone_proc_spec spec = {.argv = argv,
		.deadline_ns = 60 * HONE_NS_PER_S,
		.out = HONE_SINK_NULL,
		.errout = HONE_SINK_NULL};
	hone_auto_free char *port = NULL;
	bool ended;

	(void)state;
	assert_int_equal(hone_port_free(&s.w.service->port, NULL), 0);
	argv[1] = port = hone_xasprintf("%u", s.w.service->port);
	assert_int_equal(hone_proc_start(&spec, &p, NULL), 0);
	for (int i = 0; i < 1000 && !hone_port_answers(s.w.service->port, HONE_NS_PER_S / 100); i++)
		assert_int_equal(hone_proc_pump(p, HONE_NS_PER_S / 20, &ended, NULL), 0);
	assert_int_equal(go(&s), HONE_E_FAILED);
	assert_has(s.err.msg, "is in use by another program");
	assert_int_equal(hone_proc_stop(p, 15, 60 * HONE_NS_PER_S, &r, NULL), 0);
	done(&s);
}

static int group_teardown(void **state)
{
	hone_proc_shutdown();
	return scratch_remove(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_servers),
		cmocka_unit_test(answers_that_differ),
		cmocka_unit_test(workers_are_counted),
		cmocka_unit_test(servers_that_fail),
		cmocka_unit_test(ready_by_a_line_or_an_answer),
		cmocka_unit_test(wrk_gets_whole_seconds),
		cmocka_unit_test(a_load_that_goes_elsewhere),
		cmocka_unit_test(a_start_until_ready),
		cmocka_unit_test(port_in_use),
	};

	return cmocka_run_group_tests(tests, scratch_make, group_teardown);
}
