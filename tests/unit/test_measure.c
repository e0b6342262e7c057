#include "clean_env.h"
#include "measure_impl.h"
#include "proc.h"

#include <fcntl.h>
#include <math.h>
#include <sched.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "scratch.h"

/* Programs are shell scripts in a folder of their own. */
static char *write_script(const char *name, const char *text)
{
	hone_auto_free char *dir = hone_path_join(scratch, name);
	hone_auto_free char *path = hone_path_join(dir, "prog");
	hone_auto_free char *all = hone_xasprintf("#!/bin/sh\n%s\n", text);

	assert_int_equal(hone_fs_mkdirs(dir, NULL), 0);
	assert_int_equal(hone_fs_write(path, hone_view_of(all), 0755, NULL), 0);
	return HONE_TAKE(path);
}

struct setup {
	struct hone_contestant c[3];
	size_t n;
	struct hone_workload w;
	struct hone_measure_opts opts;
	char *run_dir;
	struct hone_measurement *m;
	struct hone_err err;
};

/* base and one candidate (NULL: none), run with the given words. */
static struct setup prepare(const char *base, const char *candidate, const char *words)
{
	struct setup s = {.n = candidate ? 2 : 1};

	s.c[0] = (struct hone_contestant){
		"baseline", write_script("base", base), true, NULL, NULL, NULL, false, false};
	if (candidate)
		s.c[1] = (struct hone_contestant){"other", write_script("other", candidate), false,
			NULL, NULL, NULL, false, false};
	assert_int_equal(hone_workload_from_line(&s.w, "w", *words ? words : "{bin}", NULL), 0);
	s.run_dir = hone_path_join(scratch, "run");
	s.opts =
		(struct hone_measure_opts){.rounds = 15, .run_dir = s.run_dir, .work_dir = scratch};
	return s;
}

static int go(struct setup *s)
{
	hone_measurement_free(s->m);
	s->m = NULL;
	hone_err_release(&s->err);
	return hone_measure(s->c, s->n, &s->w, 1, &s->opts, &s->m, &s->err);
}

/* On a busy machine a program is now and then told from its own copy, and then nothing is claimed of others, as it
 * should be: what is to be claimed shows in a comparison whose control holds. */
static int go_until_trusted(struct setup *s)
{
	int error = go(s);

	for (int i = 0; i < 3 && !error && s->m->control_differs; i++)
		error = go(s);
	return error;
}

static void done(struct setup *s)
{
	assert_false(hone_fs_exists(s->run_dir));
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

static bool has_note(const struct setup *s, const char *part)
{
	for (size_t i = 0; i < s->m->notes.n; i++)
		if (strstr(s->m->notes.v[i], part))
			return true;
	return false;
}

static const struct hone_metric_result *metric_of(const struct setup *s, enum hone_metric m)
{
	for (size_t k = 0; k < s->m->workloads[0].n_metrics; k++)
		if (s->m->workloads[0].metrics[k].metric == m)
			return &s->m->workloads[0].metrics[k];
	fail_msg("metric %s is missing", hone_metric_info(m)->name);
	return NULL;
}

struct watched {
	const char *marker; /* a file that is there while a program runs */
	size_t calls, during;
};

static void look_for_marker(void *ctx, const struct hone_measure_progress *p)
{
	struct watched *seen = ctx;

	(void)p;
	seen->calls++;
	seen->during += hone_fs_exists(seen->marker);
}

/* What is drawn on the terminal is drawn by on_progress: a program that is timed has the machine alone. */
static void nothing_is_reported_while_a_program_runs(void **state)
{
	static const char text[] = ": >running; sleep 0.02; rm running";
	struct setup s = prepare(text, text, "");
	hone_auto_free char *marker = hone_path_join(scratch, "running");
	struct watched seen = {.marker = marker};

	(void)state;
	s.opts.on_progress = look_for_marker;
	s.opts.ctx = &seen;
	assert_int_equal(go(&s), 0);
	assert_int_equal(s.m->rounds, 15);
	assert_true(seen.calls >= 15);
	assert_int_equal(seen.during, 0);
	done(&s);
}

static void equal_programs(void **state)
{
	struct setup s =
		prepare("echo $# $1; echo to-err >&2", "echo $# $1; echo to-err >&2", "'a b' c");

	(void)state;
	assert_int_equal(go(&s), 0);
	assert_int_equal(s.m->rounds, 15);
	assert_int_equal(s.m->status[1], HONE_RAN);
	assert_null(s.m->reason[1]);
	assert_int_equal(s.m->control, 2);
	assert_int_equal(s.m->workloads[0].output_bytes, 6);
	for (size_t who = 0; who < 3; who++)
		for (size_t r = 0; r < 15; r++) {
			double wall = metric_of(&s, HONE_METRIC_WALL)->samples[who][r];
			double peak = metric_of(&s, HONE_METRIC_PEAK_MEMORY)->samples[who][r];

			assert_true(wall > 1e-5 && wall < 10);
			/* A shell; not this test program under a sanitizer. */
			assert_true(peak > 100e3 && peak < 20e6);
		}
	assert_true(s.m->composite[0].verdict == HONE_VERDICT_SAME);
	assert_true(s.m->composite[1].rounds == 15 && s.m->composite[1].low > 0);
	assert_true(isfinite(s.m->log_cost[1][14]));
	assert_true(s.m->workloads[0].metrics[0].primary);
	assert_true(s.m->elapsed_s >= s.m->runs_s && s.m->runs_s > 0);
	done(&s);
}

static void baseline_alone(void **state)
{
	struct setup s = prepare("exit 0", NULL, "");

	(void)state;
	s.opts.rounds = 0;
	assert_int_equal(go(&s), 0);
	assert_int_equal(s.m->rounds, 15);
	done(&s);
}

static void output_that_differs(void **state)
{
	struct setup s = prepare(
		"echo one; echo two $1; echo three", "echo one; echo twO $1; echo three", "");

	(void)state;
	assert_int_equal(go(&s), 0);
	assert_int_equal(s.m->status[1], HONE_RUN_DIFFERS);
	assert_has(s.m->reason[1], "workload `w`: stdout differs at byte 6 (line 2)");
	assert_has(s.m->reason[1], "baseline: two");
	assert_has(s.m->reason[1], "this one: twO");
	assert_int_equal(s.m->rounds, 0);
	done(&s);

	s = prepare("echo one", "echo one; echo more", "");
	assert_int_equal(go(&s), 0);
	assert_has(s.m->reason[1], "stdout differs at byte 4 (line 2)");
	done(&s);

	s = prepare("echo one", "echo one; exit 3", "");
	assert_int_equal(go(&s), 0);
	assert_int_equal(s.m->status[1], HONE_RUN_DIFFERS);
	assert_has(s.m->reason[1], "exit code 3 where the baseline gives 0");
	done(&s);

	/* Off by default, since programs write times and progress there. */
	s = prepare("echo a >&2", "echo b >&2", "");
	assert_int_equal(go(&s), 0);
	assert_int_equal(s.m->status[1], HONE_RAN);
	s.w.compare_stderr = true;
	assert_int_equal(go(&s), 0);
	assert_has(s.m->reason[1], "stderr differs at byte 0 (line 1)");
	s.opts.no_compare = true;
	assert_int_equal(go(&s), 0);
	assert_int_equal(s.m->status[1], HONE_RAN);
	done(&s);
}

static void control_bytes_are_shown_safely(void **state)
{
	struct setup s = prepare("printf 'a\\033[31mb\\n'", "printf 'a\\033[32mb\\n'", "");

	(void)state;
	assert_int_equal(go(&s), 0);
	assert_has(s.m->reason[1], "\\x1b[32m");
	assert_null(strchr(s.m->reason[1], 033));
	done(&s);
}

static void workload_that_fails_on_the_baseline(void **state)
{
	struct setup s = prepare("echo cannot open it >&2; exit 2", "exit 0", "");

	(void)state;
	assert_int_equal(go(&s), HONE_E_FAILED);
	assert_has(s.err.msg, "workload `w` fails on the baseline: exit code 2: cannot open it");
	assert_has(s.err.hint, "exit-code = 2");
	assert_null(s.m);
	s.w.exit_code = 2;
	assert_int_equal(go(&s), 0);
	assert_int_equal(s.m->status[1], HONE_RUN_DIFFERS);
	s.w.exit_code = HONE_EXIT_OF_BASELINE;
	assert_int_equal(go(&s), 0);
	assert_int_equal(s.m->workloads[0].exit_code, 2);
	done(&s);

	s = prepare("kill -SEGV $$", NULL, "");
	assert_int_equal(go(&s), HONE_E_FAILED);
	assert_has(s.err.msg, "ended by signal 11 (SIGSEGV)");
	done(&s);

	s = prepare("sleep 60", NULL, "");
	s.w.timeout_s = 0.2;
	assert_int_equal(go(&s), HONE_E_FAILED);
	assert_has(s.err.msg, "stopped after");
	assert_has(s.err.hint, "timeout");
	done(&s);
}

static void program_that_is_missing(void **state)
{
	struct setup s = prepare("exit 0", NULL, "no-such-wrapper-program {bin}");

	(void)state;
	assert_int_equal(go(&s), HONE_E_NOT_FOUND);
	assert_has(s.err.msg, "workload `w`");
	assert_has(s.err.msg, "no-such-wrapper-program");
	done(&s);
}

static void output_that_varies(void **state)
{
	struct setup s = prepare("echo pid $$ done; echo same", "echo pid $$ done; echo same", "");

	(void)state;
	assert_int_equal(go(&s), HONE_E_FAILED);
	assert_has(s.err.msg, "does not do the same twice");
	assert_has(s.err.msg, "line 1");
	assert_has(s.err.hint, "normalise");
	hone_vec_push(&s.w.normalise,
		(struct hone_normalise){hone_xstrdup("pid [0-9]+"), hone_xstrdup("pid N")});
	assert_int_equal(go(&s), 0);
	assert_int_equal(s.m->status[1], HONE_RAN);
	free(s.w.normalise.v[0].pattern);
	s.w.normalise.v[0].pattern = hone_xstrdup("pid [0-9");
	assert_int_equal(go(&s), HONE_E_SYNTAX);
	assert_has(s.err.msg, "pid [0-9");
	done(&s);
}

/* A program that prints where it lies is no different for lying elsewhere. */
static void own_path_is_no_difference(void **state)
{
	struct setup s = prepare("echo usage: $0 FILE, $0", "echo usage: $0 FILE, $0", "");

	(void)state;
	assert_int_equal(go(&s), 0);
	assert_int_equal(s.m->status[1], HONE_RAN);
	done(&s);
}

static void candidate_that_crashes_or_hangs(void **state)
{
	struct setup s = prepare("exit 0", "echo panicked at x >&2; kill -ABRT $$", "");

	(void)state;
	assert_int_equal(go(&s), 0);
	assert_int_equal(s.m->status[1], HONE_RUN_FAILED);
	assert_has(s.m->reason[1], "SIGABRT");
	assert_has(s.m->reason[1], "panicked at x");
	done(&s);

	/* The baseline gets as long as it needs on a busy machine. */
	s = prepare("exit 0", "sleep 60", "");
	s.w.timeout_s = 0.3;
	while (go(&s) != 0) {
		assert_has(s.err.msg, "stopped after");
		s.w.timeout_s *= 2;
		assert_true(s.w.timeout_s < 60);
	}
	assert_int_equal(s.m->status[1], HONE_RUN_TIMEOUT);
	done(&s);
}

/* Fails the n-th time it is run. */
#define FAILS_AT(n) "echo x >> count.$1; [ $(wc -l < count.$1) = " #n " ] && kill -SEGV $$; exit 0"

static void crashing_now_and_then(void **state)
{
	hone_auto_free char *count = hone_path_join(scratch, "count.");
	struct setup s = prepare("exit 0", FAILS_AT(8), "");

	(void)state;
	assert_int_equal(go(&s), 0);
	assert_int_equal(s.m->status[1], HONE_RUN_FAILED);
	/* One run for the comparison of output, two of warm-up, so the eighth is round 5. */
	assert_has(s.m->reason[1], "in round 5");
	assert_true(isnan(metric_of(&s, HONE_METRIC_WALL)->samples[1][4]));
	assert_false(isnan(metric_of(&s, HONE_METRIC_WALL)->samples[1][3]));
	done(&s);
	(void)hone_fs_remove(count, NULL);

	/* The baseline and its copy: four runs before the rounds, 16 more where there are CPUs to choose from and a run
	 * is short, which it need not be on a busy machine; two in each round. What was measured stays. */
	s = prepare(FAILS_AT(28), "exit 0", "");
	s.w.compare_stdout = false;
	assert_int_equal(go(&s), HONE_E_FAILED);
	assert_has(s.err.msg, "does not always work on the baseline");
	assert_non_null(s.m);
	assert_in_range(s.m->rounds < 10 ? s.m->rounds + 8 : s.m->rounds, 10, 12);
	done(&s);
	(void)hone_fs_remove(count, NULL);
}

static void files_are_compared(void **state)
{
	struct setup s = prepare("echo $1 > $2", "echo $1 > $2", "v {out}/f");

	(void)state;
	hone_strv_push(&s.w.files, "{out}/f");
	assert_int_equal(go(&s), 0);
	assert_int_equal(s.m->status[1], HONE_RAN);
	done(&s);

	s = prepare("echo $1 > $2", "echo $1$1 > $2", "v {out}/f");
	hone_strv_push(&s.w.files, "{out}/f");
	assert_int_equal(go(&s), 0);
	assert_has(s.m->reason[1], "/out/f differs at byte 1 (line 1)");
	done(&s);

	/* In the working folder what the baseline left must not speak for a candidate. */
	s = prepare("echo $1 > left", "exit 0", "v");
	hone_strv_push(&s.w.files, "left");
	assert_int_equal(go(&s), 0);
	assert_int_equal(s.m->status[1], HONE_RUN_DIFFERS);
	assert_has(s.m->reason[1], "left is not written");
	done(&s);
}

static void check_command(void **state)
{
	struct setup s = prepare("echo fine", "echo fine # spoiled", "");
	const char *const check[] = {"sh", "-c",
		"! grep -q spoiled \"$1\" || { echo bad one >&2; exit 9; }", "check", "{bin}",
		NULL};
	const char *const always[] = {"false", NULL};

	(void)state;
	s.opts.check = check;
	assert_int_equal(go(&s), 0);
	assert_int_equal(s.m->status[1], HONE_RUN_FAILED);
	assert_has(s.m->reason[1], "the check command fails: exit code 9: bad one");
	s.opts.check = always;
	assert_int_equal(go(&s), HONE_E_FAILED);
	assert_has(s.err.msg, "the check command fails on the baseline");
	done(&s);
}

static void setup_and_teardown(void **state)
{
	hone_auto_free char *log = hone_path_join(scratch, "log");
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	struct setup s = prepare("[ -e ready ] || exit 7; cat input", NULL, "");

	(void)state;
	s.opts.rounds = 2;
	hone_strv_push(&s.w.setup, "sh");
	hone_strv_push(&s.w.setup, "-c");
	hone_strv_push(&s.w.setup, "echo 5 > input; touch ready; echo up >> log");
	hone_strv_push(&s.w.teardown, "sh");
	hone_strv_push(&s.w.teardown, "-c");
	hone_strv_push(&s.w.teardown, "rm ready input; echo down >> log");
	assert_int_equal(go(&s), 0);
	/* Also after a failure. */
	free(s.w.setup.v[2]);
	s.w.setup.v[2] = hone_xstrdup("touch input; echo up >> log");
	assert_int_equal(go(&s), HONE_E_FAILED);
	assert_has(s.err.msg, "exit code 7");
	assert_int_equal(hone_fs_read(log, 1000, &text, NULL, NULL), 0);
	assert_string_equal(hone_buf_str(&text), "up\ndown\nup\ndown\n");
	done(&s);
	(void)hone_fs_remove(log, NULL);
}

static int stop_after_six(void *ctx, const struct hone_measurement *m, struct hone_err *err)
{
	(void)ctx;
	return m->rounds < 6 ? 0 : hone_err_set(err, HONE_E_INTERRUPTED, "enough");
}

static void resumes(void **state)
{
	struct setup s = prepare("exit 0", "exit 0", "");
	struct hone_measurement *first;
	double wall;

	(void)state;
	s.opts.on_done = stop_after_six;
	assert_int_equal(go(&s), HONE_E_INTERRUPTED);
	assert_int_equal(s.m->rounds, 6);
	first = s.m;
	s.m = NULL;
	s.opts.on_done = NULL;
	s.opts.resume = first;
	assert_int_equal(go(&s), 0);
	assert_int_equal(s.m->rounds, 15);
	wall = metric_of(&s, HONE_METRIC_WALL)->samples[1][3];
	hone_measurement_free(s.m);
	s.m = first;
	assert_true(metric_of(&s, HONE_METRIC_WALL)->samples[1][3] == wall);
	assert_true(s.m->elapsed_s > 0);
	done(&s);
}

#define BUSY(n) "i=0; while [ $i -lt " #n " ]; do i=$((i+1)); done"

static void sequential_finds_a_slower_one(void **state)
{
	/* Beside four busy processes waiting for a CPU must not hide the difference. */
	struct setup s = prepare(BUSY(2000), BUSY(40000), "");

	(void)state;
	s.opts.rounds = 0;
	s.opts.budget_s = 600;
	assert_int_equal(go_until_trusted(&s), 0);
	assert_int_equal(s.m->composite[1].verdict, HONE_VERDICT_WORSE);
	assert_true(s.m->composite[1].ratio > 1.5);
	assert_true(s.m->rounds >= 15 && s.m->elapsed_s < s.opts.budget_s / 2);
	assert_true(s.m->more_s >= 0 && s.m->more_s < 1e-9);
	done(&s);
}

struct last_round {
	size_t round;
	double began_s, ended_s;
};

static void note_round(void *ctx, const struct hone_measure_progress *p)
{
	struct last_round *last = ctx;

	if (p->round == last->round)
		return;
	*last = (struct last_round){p->round, last->ended_s, p->elapsed_s};
}

/* However busy the machine is, a round takes three times the sleep, and none is begun that would end too late. */
static void budget_ends_it(void **state)
{
	struct setup s = prepare("sleep 0.1", "sleep 0.1", "");
	struct last_round last = {0};

	(void)state;
	s.opts.rounds = 0;
	s.opts.budget_s = 1;
	s.opts.on_progress = note_round;
	s.opts.ctx = &last;
	assert_int_equal(go(&s), 0);
	assert_in_range(s.m->rounds, 1, 3);
	assert_int_equal(last.round, s.m->rounds);
	assert_true(last.began_s <= 0.7);
	assert_int_equal(s.m->composite[1].verdict, HONE_VERDICT_UNDECIDED);
	assert_true(has_note(&s, "a verdict needs at least 15"));
	done(&s);
}

static void until_the_first_output(void **state)
{
	struct setup s =
		prepare("echo ready; exec sleep 60", "sleep 0.3; echo ready; exec sleep 60", "");

	(void)state;
	s.w.kind = HONE_WORKLOAD_STARTUP;
	s.w.until_output = true;
	assert_int_equal(go_until_trusted(&s), 0);
	assert_int_equal(s.m->rounds, 15);
	assert_int_equal(s.m->workloads[0].metrics[0].metric, HONE_METRIC_WALL);
	assert_true(s.m->workloads[0].metrics[0].median[0] < 30);
	assert_in_range(1000 * s.m->workloads[0].metrics[0].median[1], 300, 30000);
	assert_int_equal(s.m->composite[1].verdict, HONE_VERDICT_WORSE);
	done(&s);

	s = prepare("echo ready; exec sleep 60", "exit 0", "");
	s.w.kind = HONE_WORKLOAD_STARTUP;
	s.w.until_output = true;
	assert_int_equal(go(&s), 0);
	assert_int_equal(s.m->status[1], HONE_RUN_FAILED);
	assert_has(s.m->reason[1], "it printed nothing");
	done(&s);
}

static void instructions_by_valgrind(void **state)
{
	struct setup s = prepare(BUSY(100), BUSY(3000), "");

	(void)state;
	s.opts.rounds = 2;
	s.opts.callgrind = true;
	if (go(&s) == HONE_E_NOT_FOUND) {
		assert_has(s.err.hint, "valgrind");
	} else {
		const double *counted = s.m->workloads[0].callgrind;

		assert_true(counted[0] > 10000);
		assert_true(counted[1] > 1.5 * counted[0]);
		assert_true(fabs(counted[2] / counted[0] - 1) < 1e-3);
	}
	done(&s);
}

static void own_figures(void **state)
{
	struct setup s = prepare("echo parse: 5 ms; echo parse: 12.5 ms", "echo parse: 25 ms", "");

	(void)state;
	s.w.kind = HONE_WORKLOAD_BENCH;
	s.w.compare_stdout = false;
	s.w.pattern = hone_xstrdup("parse: ([0-9.]+ ms)");
	assert_int_equal(go(&s), 0);
	assert_int_equal(s.m->workloads[0].metrics[0].metric, HONE_METRIC_VALUE);
	assert_true(fabs(s.m->workloads[0].metrics[0].median[0] - 0.0125) < 1e-12);
	assert_int_equal(s.m->composite[1].verdict, HONE_VERDICT_WORSE);
	s.w.more_is_better = true;
	assert_int_equal(go(&s), 0);
	assert_int_equal(s.m->composite[1].verdict, HONE_VERDICT_BETTER);
	free(s.w.pattern);
	s.w.pattern = hone_xstrdup("nothing: ([0-9]+)");
	assert_int_equal(go(&s), HONE_E_FAILED);
	assert_has(s.err.msg, "is not found in its output");
	done(&s);
}

/* What libtest, criterion's bencher output and criterion itself print. */
static void lines_of_benchmarks(void **state)
{
	static const struct {
		const char *output;
		double value;
		const char *first, *last;
		size_t n;
	} good[] = {
		{"\nrunning 2 tests\ntest parse::small ... bench:       1,234 ns/iter (+/- 5)\n"
		 "test parse::big ... bench:     123,400.00 ns/iter (+/- 1,000.5) = 17 MB/s\n\n"
		 "test result: ok. 0 passed; 0 failed; 0 ignored; 2 measured; 0 filtered out\n",
			12.34e-6, "parse::small", "parse::big", 2},
		{"test group/fn 20 ... bench:          26 ns/iter (+/- 1)\n", 26e-9, "group/fn 20",
			"group/fn 20", 1},
		{"fib 20                  time:   [26.029 \u00b5s 26.251 \u00b5s 26.505 \u00b5s]\n"
		 "                        change: [-1.2031% -0.9% -0.5112%] (p = 0.00 < 0.05)\n"
		 "Found 7 outliers among 100 measurements (7.00%)\n",
			26.251e-6, "fib 20", "fib 20", 1},
		{"a group/with a name that is too long for one line\n"
		 "                        time:   [1.0 ns 4.0 ns 9.0 ns]\n"
		 "                        thrpt:  [1.1 GiB/s 1.2 GiB/s 1.3 GiB/s]\n"
		 "                 change:\n"
		 "                        time:   [-1.09% +0.30% +1.50%] (p = 0.55 > 0.05)\n"
		 "short                   time:   [8.1 ns 9.0 ns 9.2 ns]\n",
			6e-9, "a group/with a name that is too long for one line", "short", 2},
	};
	static const char *const bad[] = {"", "test x ... ok\n", "time: 3 s\n",
		"x  time:   [1 2 3]\n", "test x ... bench: ,,, ns/iter\n",
		"test x ... bench: 0 ns/iter (+/- 0)\n"};
	struct hone_workload w;

	(void)state;
	hone_workload_init(&w, "w");
	w.kind = HONE_WORKLOAD_BENCH;
	for (size_t i = 0; i < HONE_COUNT(good); i++) {
		hone_auto_bench_report struct hone_bench_report r = HONE_BENCH_REPORT_INIT;
		hone_auto_free char *why = hone_bench_read(&w, good[i].output, &r);

		if (why)
			fail_msg("%zu: %s", i, why);
		assert_int_equal(r.names.n, good[i].n);
		assert_string_equal(r.names.v[0], good[i].first);
		assert_string_equal(r.names.v[r.names.n - 1], good[i].last);
		assert_true(fabs(r.value / good[i].value - 1) < 1e-9);
	}
	for (size_t i = 0; i < HONE_COUNT(bad); i++) {
		hone_auto_bench_report struct hone_bench_report r = HONE_BENCH_REPORT_INIT;
		hone_auto_free char *why = hone_bench_read(&w, bad[i], &r);

		assert_non_null(why);
	}
	hone_workload_release(&w);
}

#define LINE(name, ns) "echo 'test " name " ... bench: " ns " ns/iter (+/- 1)'; "

/* {bin} is another program than the candidate's binary; every run has the same benchmarks. */
static void bench_targets(void **state)
{
	struct setup s = prepare("exit 1", "exit 1", "--bench");
	char *base = write_script("base-bench", LINE("a", "1,000") LINE("b", "4,000")),
	     *slow = write_script("slow-bench", LINE("a", "2,000") LINE("b", "4,500")),
	     *fewer = write_script("fewer-bench", LINE("a", "1,000")),
	     *forgets = write_script("forgets-bench",
		     LINE("a", "1,000") "echo >>runs; [ $(wc -l <runs) -gt 5 ] || " LINE(
			     "b", "4,000")),
	     *mute = write_script("mute-bench", "exit 0");
	const char *paths[2] = {base, slow};

	(void)state;
	s.w.kind = HONE_WORKLOAD_BENCH;
	s.w.compare_stdout = false;
	s.w.bench = hone_xstrdup("speed");
	s.w.program = 1;
	for (size_t i = 0; i < 2; i++)
		s.c[i].benches = &paths[i];
	assert_int_equal(go(&s), 0);
	assert_int_equal(s.m->status[1], HONE_RAN);
	assert_int_equal(s.m->workloads[0].metrics[0].metric, HONE_METRIC_ITERATION);
	assert_true(fabs(metric_of(&s, HONE_METRIC_ITERATION)->median[0] - 2e-6) < 1e-15);
	assert_true(fabs(s.m->composite[1].ratio - 1.5) < 1e-9);
	assert_int_equal(s.m->composite[1].verdict, HONE_VERDICT_WORSE);
	assert_has(s.m->workloads[0].primary_why, "geometric mean of 2 benchmarks");
	paths[1] = fewer;
	assert_int_equal(go(&s), 0);
	assert_int_equal(s.m->status[1], HONE_RUN_DIFFERS);
	assert_has(s.m->reason[1], "its benchmarks are a, those of the baseline a, b");
	paths[1] = forgets;
	assert_int_equal(go(&s), 0);
	assert_int_equal(s.m->status[1], HONE_RUN_FAILED);
	assert_has(s.m->reason[1], "1 benchmarks are in its output instead of 2");
	paths[0] = mute;
	assert_int_equal(go(&s), HONE_E_FAILED);
	assert_has(s.err.msg, "fails on the baseline: no benchmark is found");
	free(base);
	free(slow);
	free(fewer);
	free(forgets);
	free(mute);
	done(&s);
}

static void writing_into_the_project_is_noticed(void **state)
{
	hone_auto_free char *project = in_scratch("project");
	hone_auto_free char *file = hone_path_join(project, "main.rs");
	const struct timespec tomorrow[2] = {
		{.tv_sec = hone_wall_clock_s() + 86400}, {.tv_sec = hone_wall_clock_s() + 86400}};
	struct setup s = prepare("echo x >> project/main.rs", NULL, "");

	(void)state;
	assert_int_equal(hone_fs_mkdirs(project, NULL), 0);
	s.opts.source_root = project;
	assert_int_equal(go(&s), 0);
	assert_true(has_note(&s, "project/main.rs among them"));
	done(&s);
	/* Neither when it is only read nor when its date lies in the future, as on a machine whose clock was set. */
	for (int i = 0; i < 2; i++) {
		s = prepare("cat project/main.rs", NULL, "");
		s.opts.source_root = project;
		assert_int_equal(go(&s), 0);
		assert_false(has_note(&s, "main.rs"));
		done(&s);
		assert_int_equal(utimensat(AT_FDCWD, file, tomorrow, 0), 0);
	}
}

static void default_workload(void **state)
{
	hone_auto_free char *says = write_script("says", "[ \"$1\" = --version ] && echo says 1.0");
	hone_auto_free char *helps = write_script("helps", "[ \"$1\" = --help ] && echo usage");
	hone_auto_free char *mute = write_script("mute", "exit 1");
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	struct hone_workload w;

	(void)state;
	assert_int_equal(hone_workload_default(&w, says, NULL, NULL, &err), 0);
	assert_string_equal(w.name, "--version");
	assert_int_equal(w.kind, HONE_WORKLOAD_STARTUP);
	hone_workload_release(&w);
	assert_int_equal(hone_workload_default(&w, helps, NULL, NULL, &err), 0);
	assert_string_equal(w.argv.v[1], "--help");
	hone_workload_release(&w);
	assert_int_equal(hone_workload_default(&w, mute, NULL, NULL, &err), HONE_E_NOT_FOUND);
	assert_has(err.hint, "--run");
}

static void environment_is_the_users(void **state)
{
	char *env[] = {(char[]){"PATH=/bin"}, (char[]){"CARGO=/x/cargo"},
		(char[]){"CARGO_PKG_NAME=y"}, (char[]){"CARGO_HOME=/keep"},
		(char[]){"RUSTUP_TOOLCHAIN=stable"},
		(char[]){"LD_LIBRARY_PATH=/h/.rustup/toolchains/stable/lib:/opt/mine"}, NULL};
	char *only[] = {(char[]){"LD_LIBRARY_PATH=/h/toolchains/stable/lib:"}, NULL};
	hone_auto_strv struct hone_strv l = HONE_STRV_INIT;
	hone_auto_strv struct hone_strv l2 = HONE_STRV_INIT;

	(void)state;
	hone_clean_env(env, &l);
	assert_int_equal(l.n, 4);
	assert_true(hone_strv_has(&l, "CARGO") && hone_strv_has(&l, "CARGO_PKG_NAME"));
	assert_true(hone_strv_has(&l, "RUSTUP_TOOLCHAIN"));
	assert_true(hone_strv_has(&l, "LD_LIBRARY_PATH=/opt/mine"));
	hone_clean_env(only, &l2);
	assert_int_equal(l2.n, 1);
	assert_true(hone_strv_has(&l2, "LD_LIBRARY_PATH"));
}

/* Where runs are pinned all are, baseline, candidate and control; no more in one than in another. */
static void all_runs_are_on_the_cpu_that_is_told(void **state)
{
	static const char text[] = "grep Cpus_allowed_list /proc/self/status >>cpus";
	struct setup s = prepare(text, text, "");
	hone_auto_free char *file = hone_path_join(scratch, "cpus");
	hone_auto_buf struct hone_buf said = HONE_BUF_INIT;
	hone_auto_free char *expected = NULL;
	struct hone_view lines, line;
	cpu_set_t before, after;
	bool started = false;
	size_t n = 0;

	(void)state;
	assert_int_equal(sched_getaffinity(0, sizeof(before), &before), 0);
	assert_int_equal(go(&s), 0);
	/* hone itself was there only as long as the rounds went on. */
	assert_int_equal(sched_getaffinity(0, sizeof(after), &after), 0);
	assert_true(CPU_EQUAL(&before, &after));
	assert_int_equal(hone_fs_read(file, 1 << 20, &said, NULL, NULL), 0);
	lines = hone_view_trim(hone_buf_view(&said));
	while (hone_view_split(&lines, &started, '\n', &line))
		n++;
	lines = hone_view_trim(hone_buf_view(&said));
	started = false;
	if (s.m->workloads[0].cpu)
		expected = hone_xasprintf("Cpus_allowed_list:\t%d", s.m->workloads[0].cpu - 1);
	/* The rounds are the last 45 lines. */
	for (size_t i = 0; hone_view_split(&lines, &started, '\n', &line); i++)
		if (i + 45 >= n && expected)
			assert_true(hone_view_is(line, expected));
	assert_true(n > 45);
	(void)unlink(file);
	done(&s);
}

/* Fake runs: as long as the test says. */
static double unpinned_s, pinned_s;

static int fake_run(
	struct hone_comparison *s, size_t workload, double *ret_wall_s, struct hone_err *err)
{
	(void)err;
	*ret_wall_s = s->m->workloads[workload].cpu ? pinned_s : unpinned_s;
	return 0;
}

static bool several_cpus(void)
{
	cpu_set_t set;

	assert_int_equal(sched_getaffinity(0, sizeof(set), &set), 0);
	return CPU_COUNT(&set) > 1;
}

static void pinned_where_that_is_no_slower(void **state)
{
	struct hone_workload_result result = {0};
	struct hone_measurement m = {.workloads = &result, .n_workloads = 1};
	struct hone_comparison s = {.m = &m};
	struct hone_workload w = {.kind = HONE_WORKLOAD_COMMAND};

	(void)state;
	unpinned_s = 0.010;
	pinned_s = 0.0101;
	assert_int_equal(hone_pin(&s, 0, fake_run, NULL), 0);
	assert_true((result.cpu > 0) == several_cpus());
	/* Two threads that run side by side take twice as long on one CPU; so does a CPU with other work. */
	pinned_s = 0.0105;
	assert_int_equal(hone_pin(&s, 0, fake_run, NULL), 0);
	assert_int_equal(result.cpu, 0);
	assert_true(hone_pin_is_worth_trying(&w, 0.01, 0.01));
	assert_false(hone_pin_is_worth_trying(&w, 0.01, 0.019));
	assert_false(hone_pin_is_worth_trying(&w, 2, 2));
}

static int group_teardown(void **state)
{
	hone_proc_shutdown();
	return scratch_remove(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_reported_while_a_program_runs),
		cmocka_unit_test(equal_programs),
		cmocka_unit_test(baseline_alone),
		cmocka_unit_test(output_that_differs),
		cmocka_unit_test(control_bytes_are_shown_safely),
		cmocka_unit_test(workload_that_fails_on_the_baseline),
		cmocka_unit_test(program_that_is_missing),
		cmocka_unit_test(output_that_varies),
		cmocka_unit_test(own_path_is_no_difference),
		cmocka_unit_test(candidate_that_crashes_or_hangs),
		cmocka_unit_test(crashing_now_and_then),
		cmocka_unit_test(files_are_compared),
		cmocka_unit_test(check_command),
		cmocka_unit_test(setup_and_teardown),
		cmocka_unit_test(resumes),
		cmocka_unit_test(sequential_finds_a_slower_one),
		cmocka_unit_test(budget_ends_it),
		cmocka_unit_test(until_the_first_output),
		cmocka_unit_test(instructions_by_valgrind),
		cmocka_unit_test(own_figures),
		cmocka_unit_test(lines_of_benchmarks),
		cmocka_unit_test(bench_targets),
		cmocka_unit_test(writing_into_the_project_is_noticed),
		cmocka_unit_test(default_workload),
		cmocka_unit_test(environment_is_the_users),
		cmocka_unit_test(all_runs_are_on_the_cpu_that_is_told),
		cmocka_unit_test(pinned_where_that_is_no_slower),
	};

	return cmocka_run_group_tests(tests, scratch_make, group_teardown);
}
