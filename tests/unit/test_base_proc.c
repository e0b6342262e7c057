/* Child processes, with real children: nearly every test runs once as a plain program and once
 * as a measured one: each kind has a launcher of its own. */
#include "hash.h"
#include "num.h"
#include "proc.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "scratch.h"

#define LONG (60 * HONE_NS_PER_S)
#define MS (HONE_NS_PER_S / 1000)

/* Seconds: far less than the 30 that these children would sleep, and enough for the busiest machine. */
#define SOON 20

/* A spec for `sh -c SCRIPT`. Each test's state says whether it is the measured round. */

#define SHELL(script)                                                                              \
	{                                                                                          \
		.argv = (const char *const[]){"sh", "-c", (script), NULL}, .deadline_ns = LONG,    \
		.measured = *state != NULL                                                         \
	}

static void run_ok(const struct hone_proc_spec *spec, struct hone_proc_result *r)
{
	struct hone_err err = HONE_ERR_INIT;

	if (hone_proc_run(spec, r, &err))
		fail_msg("%s", err.msg);
}

static double seconds_since(int64_t from_ns)
{
	return hone_ns_to_s(hone_now_ns() - from_ns);
}

/* No process of the group is left, not even a zombie. text is what `echo $$` gave. */
static void assert_group_gone(const struct hone_buf *text)
{
	int64_t pid = 0;

	assert_true(hone_parse_i64(hone_view_trim(hone_buf_view(text)), &pid) && pid > 1);
	/* What was killed counts until init, whose orphans they are, has reaped it: soon, but when init runs. */
	for (int64_t from = hone_now_ns(); seconds_since(from) < SOON && kill((pid_t)-pid, 0) == 0;)
		(void)usleep(20 * 1000);
	assert_int_equal(kill((pid_t)-pid, 0), -1);
	assert_int_equal(errno, ESRCH);
}

/* Runs a child to its deadline, which is doubled until the child has come so far that it printed something: on a
 * busy machine no time is long enough for a shell to get to its first line. What it does before that is not asked
 * for, but each of these runs is stopped. */
static void run_past_deadline(struct hone_proc_spec *spec, struct hone_proc_result *r)
{
	for (;;) {
		int64_t from = hone_now_ns();

		run_ok(spec, r);
		assert_true(r->timed_out);
		assert_true(hone_now_ns() - from >= spec->deadline_ns);
		assert_true(r->usage.wall_ns >= spec->deadline_ns);
		if (r->out_bytes)
			return;
		hone_proc_result_release(r);
		spec->deadline_ns *= 2;
		assert_true(spec->deadline_ns < LONG);
	}
}

/* The first CPU that this process may run on. */
static int first_cpu(void)
{
	cpu_set_t set;
	int cpu = 0;

	assert_int_equal(sched_getaffinity(0, sizeof(set), &set), 0);
	while (!CPU_ISSET((size_t)cpu, &set))
		cpu++;
	return cpu;
}

/* ---- how a child ends */

static void exit_codes_and_signals_come_back(void **state)
{
	static const struct {
		const char *script;
		int exit_code, sig;
		const char *how;
	} rows[] = {
		{"exit 0", 0, 0, "exit code 0"},
		{"exit 3", 3, 0, "exit code 3"},
		{"exit 255", 255, 0, "exit code 255"},
		{"kill -SEGV $$", -1, SIGSEGV, "ended by signal 11 (SIGSEGV)"},
		{"kill -KILL $$", -1, SIGKILL, "ended by signal 9 (SIGKILL)"},
	};

	for (size_t i = 0; i < HONE_COUNT(rows); i++) {
		hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
		struct hone_proc_spec spec = SHELL(rows[i].script);
		hone_auto_free char *how = NULL;

		run_ok(&spec, &r);
		assert_int_equal(r.exit_code, rows[i].exit_code);
		assert_int_equal(r.sig, rows[i].sig);
		how = hone_proc_how_ended(&r);
		assert_string_equal(how, rows[i].how);
	}
}

static void what_cannot_be_started_is_named(void **state)
{
	hone_auto_free char *script = in_scratch("script"), *plain = in_scratch("plain");
	hone_auto_free char *empty = in_scratch("empty");
	struct {
		const char *program, *dir;
		int code;
		const char *said;
	} rows[] = {
		{"no-such-program-anywhere", NULL, HONE_E_NOT_FOUND, "no-such-program-anywhere"},
		{"/no/such/file", NULL, HONE_E_NOT_FOUND, "/no/such/file: no such file"},
		{script, NULL, HONE_E_NOT_FOUND, "interpreter"},
		{plain, NULL, HONE_E_UNSUPPORTED, "Permission denied"},
		{empty, NULL, HONE_E_UNSUPPORTED, "Exec format error"},
		{"true", "/no/such/dir", HONE_E_SYSTEM, "folder /no/such/dir"},
	};

	assert_int_equal(hone_fs_write(script, HONE_VIEW("#!/no/interpreter\n"), 0755, NULL), 0);
	assert_int_equal(hone_fs_write(empty,
				 HONE_VIEW("\x7f"
					   "ELF"),
				 0755, NULL),
		0);
	put_file(plain, "x");
	for (size_t i = 0; i < HONE_COUNT(rows); i++) {
		struct hone_proc_spec spec = {.argv = (const char *const[]){rows[i].program, NULL},
			.dir = rows[i].dir,
			.deadline_ns = LONG,
			.measured = *state != NULL};
		hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
		hone_auto_err struct hone_err err = HONE_ERR_INIT;

		assert_int_equal(hone_proc_run(&spec, &r, &err), rows[i].code);
		assert_non_null(strstr(err.msg, rows[i].said));
	}
	/* And none of these left a child behind but the launcher. */
	hone_proc_shutdown();
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static void a_missing_input_file_is_named(void **state)
{
	struct hone_proc_spec spec = SHELL("cat");
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	hone_auto_err struct hone_err err = HONE_ERR_INIT;

	spec.stdin_path = "/no/such/input";
	assert_int_equal(hone_proc_run(&spec, &r, &err), HONE_E_SYSTEM);
	assert_non_null(strstr(err.msg, "/no/such/input"));
}

static void without_a_result_failure_is_an_error(void **state)
{
	struct hone_proc_spec good = SHELL("echo fine"),
			      bad = SHELL("echo first >&2; echo the reason >&2; exit 4");
	hone_auto_err struct hone_err err = HONE_ERR_INIT;

	assert_int_equal(hone_proc_run(&good, NULL, &err), 0);
	assert_int_equal(hone_proc_run(&bad, NULL, &err), HONE_E_FAILED);
	assert_non_null(strstr(err.msg, "exit code 4: the reason"));
	assert_non_null(strstr(err.msg, "sh -c"));
}

/* ---- what a child gets */

static void the_environment_is_changed_not_replaced(void **state)
{
	static const char *const changes[] = {
		"HONE_T_SET=new=value", "HONE_T_GONE", "HONE_T_ADD=", NULL};
	static const char *const only[] = {"ONLY=1", NULL};
	struct hone_proc_spec spec = SHELL("env | grep HONE_T_ | sort");
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	hone_auto_proc_result struct hone_proc_result r2 = HONE_PROC_RESULT_INIT;

	assert_int_equal(setenv("HONE_T_SET", "old", 1), 0);
	assert_int_equal(setenv("HONE_T_GONE", "old", 1), 0);
	assert_int_equal(setenv("HONE_T_KEPT", "kept", 1), 0);
	spec.env = changes;
	run_ok(&spec, &r);
	assert_string_equal(
		hone_buf_str(&r.out), "HONE_T_ADD=\nHONE_T_KEPT=kept\nHONE_T_SET=new=value\n");
	spec.argv = (const char *const[]){"/usr/bin/env", NULL};
	spec.env_empty = true;
	spec.env = only;
	run_ok(&spec, &r2);
	assert_string_equal(hone_buf_str(&r2.out), "ONLY=1\n");
}

static void the_program_is_looked_up_in_the_childs_path(void **state)
{
	hone_auto_free char *tool = in_scratch("hone-test-tool");
	hone_auto_free char *path = hone_xasprintf("PATH=%s:/usr/bin:/bin", scratch);
	const char *const changes[] = {path, NULL};
	struct hone_proc_spec spec = SHELL("");
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;

	assert_int_equal(
		hone_fs_write(tool, HONE_VIEW("#!/bin/sh\necho \"$0 $1\"\n"), 0755, NULL), 0);
	spec.argv = (const char *const[]){"hone-test-tool", "a b'c\n", NULL};
	spec.env = changes;
	run_ok(&spec, &r);
	assert_non_null(strstr(hone_buf_str(&r.out), "hone-test-tool a b'c\n\n"));
}

static void the_folder_and_the_input_are_the_ones_asked_for(void **state)
{
	hone_auto_free char *input = in_scratch("input"), *real = NULL;
	hone_auto_free char *want = NULL;
	struct hone_proc_spec spec = SHELL("pwd -P; cat");
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	hone_auto_proc_result struct hone_proc_result r2 = HONE_PROC_RESULT_INIT;

	put_file(input, "from the file");
	assert_int_equal(hone_path_real(scratch, &real, NULL), 0);
	want = hone_xasprintf("%s\nfrom the file", real);
	spec.dir = scratch;
	spec.stdin_path = input;
	run_ok(&spec, &r);
	assert_string_equal(hone_buf_str(&r.out), want);
	/* Without one the input is empty, not the terminal. */
	spec.argv = (const char *const[]){"cat", NULL};
	spec.stdin_path = NULL;
	run_ok(&spec, &r2);
	assert_int_equal(r2.out_bytes, 0);
}

/* What the program that is started at a terminal does, as an exit code: 0, or what was wrong. */
static int run_at_a_terminal(const struct hone_proc_spec *spec)
{
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	int terminal = posix_openpt(O_RDWR | O_NOCTTY), own;

	if (terminal < 0 || grantpt(terminal) || unlockpt(terminal))
		return 10;
	/* The first terminal that the leader of a session opens is its own. */
	if (setsid() < 0 || open(ptsname(terminal), O_RDWR) < 0)
		return 11;
	own = open("/dev/tty", O_RDWR);
	if (own < 0)
		return 12;
	if (hone_proc_run(spec, &r, NULL))
		return 13;
	hone_proc_shutdown();
	return r.timed_out ? 14 : strcmp(hone_buf_str(&r.out), "no terminal\n") != 0 ? 15 : 0;
}

/* In the background of a terminal it would be stopped by SIGTTIN when it reads, until its deadline. */
/* A caller that changed its folder since its first program ran, and one that names a folder from there. */
static void programs_stand_where_the_caller_does(void **state)
{
	static const char *const pwd[] = {"/bin/pwd", "-P", NULL};
	hone_auto_free char *before = getcwd(NULL, 0), *real = NULL;
	hone_auto_free char *below = in_scratch("below");

	(void)state;
	assert_int_equal(mkdir(below, 0777), 0);
	assert_int_equal(hone_path_real(scratch, &real, NULL), 0);
	assert_int_equal(chdir(scratch), 0);
	for (int i = 0; i < 2; i++) {
		hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
		struct hone_proc_spec spec = {
			.argv = pwd, .dir = i ? "below" : NULL, .deadline_ns = 60 * HONE_NS_PER_S};
		hone_auto_free char *want = hone_xasprintf("%s%s\n", real, i ? "/below" : "");

		run_ok(&spec, &r);
		assert_string_equal(hone_buf_str(&r.out), want);
	}
	assert_int_equal(chdir(before), 0);
}

static void the_terminal_cannot_be_read(void **state)
{
	struct hone_proc_spec spec = SHELL("(read x </dev/tty) 2>/dev/null || echo no terminal");
	int status;
	pid_t pid;

	spec.deadline_ns = SOON * HONE_NS_PER_S;
	hone_proc_shutdown();
	pid = fork();
	if (pid == 0)
		_exit(run_at_a_terminal(&spec));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void signals_and_descriptors_are_clean(void **state)
{
	struct hone_proc_spec spec =
		SHELL("grep -E '^Sig(Blk|Ign|Cgt)' /proc/self/status; ls /proc/self/fd");
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;

	run_ok(&spec, &r);
	assert_non_null(strstr(hone_buf_str(&r.out), "SigBlk:\t0000000000000000"));
	assert_non_null(strstr(hone_buf_str(&r.out), "SigIgn:\t0000000000000000"));
	/* 3 is the folder that ls reads. */
	if (*state)
		assert_non_null(strstr(hone_buf_str(&r.out), "0\n1\n2\n3\n"));
	assert_null(strstr(hone_buf_str(&r.out), "\n4\n"));
}

static void it_runs_on_the_cpu_asked_for(void **state)
{
	struct hone_proc_spec spec = SHELL("grep Cpus_allowed_list /proc/self/status");
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	hone_auto_proc_result struct hone_proc_result none = HONE_PROC_RESULT_INIT;
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	hone_auto_free char *want = hone_xasprintf("Cpus_allowed_list:\t%d\n", first_cpu());

	spec.cpu = 1 + first_cpu();
	run_ok(&spec, &r);
	assert_string_equal(hone_buf_str(&r.out), want);
	spec.cpu = 1000;
	assert_int_equal(hone_proc_run(&spec, &none, &err), HONE_E_SYSTEM);
	assert_non_null(strstr(err.msg, "CPU 999"));
}

/* hone may be started with its standard descriptors closed. */
static void closed_standard_descriptors_do_no_harm(void **state)
{
	struct hone_proc_spec spec = SHELL("cat; echo out; echo err >&2");
	int status;
	pid_t pid;

	hone_proc_shutdown();
	pid = fork();
	if (pid == 0) {
		hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
		int error;

		for (int fd = 0; fd < 3; fd++)
			close(fd);
		error = hone_proc_run(&spec, &r, NULL);
		hone_proc_shutdown();
		_exit(error || strcmp(hone_buf_str(&r.out), "out\n") != 0 ||
			strcmp(hone_buf_str(&r.err), "err\n") != 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

/* ---- output */

static void ten_megabytes_on_both_pipes(void **state)
{
	struct hone_proc_spec spec = SHELL("head -c 10000000 /dev/zero & "
					   "head -c 10000001 /dev/zero >&2; wait");
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	hone_auto_proc_result struct hone_proc_result hashed = HONE_PROC_RESULT_INIT;
	hone_auto_buf struct hone_buf zeros = HONE_BUF_INIT;
	struct hone_hash want;

	run_ok(&spec, &r);
	assert_int_equal(r.out.n, 10000000);
	assert_int_equal(r.err.n, 10000001);
	assert_false(r.out_truncated || r.err_truncated);
	spec.out = HONE_SINK_HASH;
	spec.limit = 1000;
	run_ok(&spec, &hashed);
	hone_buf_pad(&zeros, '\0', 10000000);
	want = hone_hash_bytes(hone_buf_view(&zeros));
	assert_true(hashed.out_hash[0] == want.lo && hashed.out_hash[1] == want.hi);
	assert_int_equal(hashed.out_bytes, 10000000);
	assert_int_equal(hashed.out.n, 0);
	assert_int_equal(hashed.err.n, 1000);
	assert_int_equal(hashed.err_bytes, 10000001);
	assert_true(hashed.err_truncated && !hashed.out_truncated);
}

static void output_can_go_to_files(void **state)
{
	hone_auto_free char *out = in_scratch("out"), *errout = in_scratch("err");
	struct hone_proc_spec spec = SHELL("echo out; echo error >&2");
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;

	put_file(out, "something longer that stood there before");
	spec.out = spec.errout = HONE_SINK_FILE;
	spec.out_path = out;
	spec.err_path = errout;
	run_ok(&spec, &r);
	assert_file(out, "out\n");
	assert_file(errout, "error\n");
	assert_int_equal(r.out_bytes, 4);
	assert_int_equal(r.err_bytes, 6);
}

struct lines {
	struct hone_buf text;
	size_t n, longest;
	int stop_at;
};

static int note_line(void *ctx, struct hone_view line)
{
	struct lines *l = ctx;

	l->n++;
	if (line.n > l->longest)
		l->longest = line.n;
	if (line.n < 100)
		hone_buf_addf(&l->text, "[%.*s]", (int)line.n, line.p);
	return l->stop_at && (int)l->n == l->stop_at ? HONE_E_LIMIT : 0;
}

static void lines_come_one_by_one(void **state)
{
	struct lines l = {0};
	struct hone_proc_spec spec = SHELL("printf 'one\\ntw'; sleep 0.1; printf 'o\\n\\nlast'");
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;

	spec.out = HONE_SINK_LINES;
	spec.on_line = note_line;
	spec.ctx = &l;
	run_ok(&spec, &r);
	assert_string_equal(hone_buf_str(&l.text), "[one][two][][last]");
	assert_int_equal(r.out_bytes, 13);
	assert_int_equal(r.out.n, 0);
	hone_buf_release(&l.text);
}

static void a_line_without_end_comes_in_pieces(void **state)
{
	struct lines l = {0};
	struct hone_proc_spec spec = SHELL("head -c 40000000 /dev/zero");
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;

	spec.out = HONE_SINK_LINES;
	spec.on_line = note_line;
	spec.ctx = &l;
	run_ok(&spec, &r);
	assert_in_range(l.n, 3, 4);
	assert_in_range(l.longest, 16 << 20, (16 << 20) + (1 << 17));
	hone_buf_release(&l.text);
}

static void a_line_can_stop_the_child(void **state)
{
	struct lines l = {.stop_at = 2};
	struct hone_proc_spec spec = SHELL("echo $$; yes");
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	int64_t from = hone_now_ns();

	spec.out = HONE_SINK_LINES;
	spec.on_line = note_line;
	spec.ctx = &l;
	assert_int_equal(hone_proc_run(&spec, &r, NULL), HONE_E_LIMIT);
	assert_true(seconds_since(from) < SOON);
	hone_buf_release(&l.text);
}

static void a_flood_is_stopped(void **state)
{
	hone_auto_free char *path = in_scratch("flood");
	static const enum hone_sink sinks[] = {HONE_SINK_CAPTURE, HONE_SINK_HASH, HONE_SINK_FILE};

	for (size_t i = 0; i < HONE_COUNT(sinks); i++) {
		struct hone_proc_spec spec = SHELL("echo $$ >&2; exec yes");
		hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
		hone_auto_free char *how = NULL;
		int64_t from = hone_now_ns();

		spec.out = sinks[i];
		spec.out_path = path;
		spec.limit = 5000;
		spec.kill_after = 1000000;
		run_ok(&spec, &r);
		assert_true(r.too_much);
		assert_false(r.timed_out);
		assert_true(r.out_bytes > 1000000);
		assert_true(seconds_since(from) < SOON);
		how = hone_proc_how_ended(&r);
		assert_non_null(strstr(how, "printed"));
		assert_group_gone(&r.err);
	}
}

/* ---- time */

static void a_grandchild_that_holds_the_pipe_does_not_hang_us(void **state)
{
	struct hone_proc_spec spec = SHELL("echo $$; sleep 30 & exit 5");
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	int64_t from = hone_now_ns();

	run_ok(&spec, &r);
	assert_true(seconds_since(from) < SOON);
	assert_int_equal(r.exit_code, 5);
	assert_group_gone(&r.out);
}

static void a_grandchild_that_prints_soon_after_is_heard(void **state)
{
	struct hone_proc_spec spec = SHELL("(sleep 0.02; echo late) & exit 0");
	bool heard = false;

	/* Several tries: on a busy machine "soon" may be later than the grace. */
	for (int i = 0; i < 200 && !heard; i++) {
		hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;

		run_ok(&spec, &r);
		heard = strcmp(hone_buf_str(&r.out), "late\n") == 0;
	}
	assert_true(heard);
}

static void a_deadline_ends_a_child(void **state)
{
	struct hone_proc_spec spec = SHELL("echo $$; sleep 30");
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	hone_auto_free char *how = NULL;
	int64_t from = hone_now_ns();

	spec.deadline_ns = 200 * MS;
	run_past_deadline(&spec, &r);
	assert_int_equal(r.sig, SIGTERM);
	assert_true(seconds_since(from) < SOON);
	/* In words: of a time that does not depend on the machine's load. */
	r.usage.wall_ns = 234 * MS;
	how = hone_proc_how_ended(&r);
	assert_string_equal(how, "stopped after 234 ms");
	assert_group_gone(&r.out);
}

static void a_deadline_ends_a_child_that_ignores_term(void **state)
{
	struct hone_proc_spec spec = SHELL("trap '' TERM; echo $$; while :; do sleep 0.05; done");
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	int64_t from = hone_now_ns();

	spec.deadline_ns = 100 * MS;
	run_past_deadline(&spec, &r);
	assert_int_equal(r.sig, SIGKILL);
	/* Two seconds later than it was asked to stop. */
	assert_true(r.usage.wall_ns >= spec.deadline_ns + 2 * HONE_NS_PER_S);
	assert_true(seconds_since(from) < SOON);
	assert_group_gone(&r.out);
}

static void a_child_that_ends_well_on_term_is_still_timed_out(void **state)
{
	struct hone_proc_spec spec =
		SHELL("trap 'echo bye; exit 0' TERM; echo on; while :; do sleep 0.02; done");
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;

	spec.deadline_ns = 100 * MS;
	run_past_deadline(&spec, &r);
	assert_int_equal(r.exit_code, 0);
	assert_string_equal(hone_buf_str(&r.out), "on\nbye\n");
}

static void a_suspended_child_can_be_stopped(void **state)
{
	struct hone_proc_spec spec = SHELL("echo on; kill -STOP $$; sleep 30");
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	int64_t from = hone_now_ns();

	spec.deadline_ns = 100 * MS;
	run_past_deadline(&spec, &r);
	assert_int_equal(r.sig, SIGTERM);
	assert_true(seconds_since(from) < SOON);
}

struct ticks {
	const char *enough; /* a file that is made at the third */
	int n;
};

static void count_tick(void *ctx)
{
	struct ticks *t = ctx;

	if (++t->n == 3)
		put_file(t->enough, "");
}

static void ticks_come_while_waiting(void **state)
{
	hone_auto_free char *enough = in_scratch("enough");
	struct ticks ticks = {.enough = enough};
	struct hone_proc_spec spec = SHELL("while [ ! -e enough ]; do echo on; sleep 0.05; done");
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;

	spec.dir = scratch;
	spec.on_tick = count_tick;
	spec.ctx = &ticks;
	run_ok(&spec, &r);
	assert_false(r.timed_out);
	/* However often it wrote or ended something in between; one more may come while its end is seen to. */
	assert_in_range(ticks.n, 3, 1 + r.usage.wall_ns / (100 * MS));
}

static void no_tick_comes_while_measuring(void **state)
{
	struct ticks ticks = {.enough = NULL};
	struct hone_proc_spec spec =
		SHELL("for i in 1 2 3 4 5 6 7 8 9 10 11; do echo $i; sleep 0.05; done");
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;

	spec.on_tick = count_tick;
	spec.ctx = &ticks;
	run_ok(&spec, &r);
	assert_int_equal(ticks.n, 0);
}

/* ---- usage */

static void usage_is_the_childs_own(void **state)
{
	/* The shell needs CPU time in itself and memory in a child of its own. */
	struct hone_proc_spec spec = SHELL("i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; "
					   "head -c 50000000 /dev/zero | tail -n 1 >/dev/null");
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;

	run_ok(&spec, &r);
	assert_true(r.usage.user_ns > 10 * MS);
	assert_true(r.usage.wall_ns >= r.usage.user_ns / 2);
	assert_true(r.usage.peak_rss > 45000000);
	/* Directly started, it may show the memory of this process. */
	assert_true(!*state || r.usage.peak_rss < 200000000);
	assert_true(r.usage.minor_faults > 100);
}

static void peak_memory_is_not_that_of_a_big_parent(void **state)
{
	size_t n = (size_t)300 << 20;
	char *ballast = hone_xmalloc(n);
	struct hone_proc_spec spec = SHELL("");
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	struct rusage own;

	spec.argv = (const char *const[]){"/bin/true", NULL};
	memset(ballast, 1, n);
	assert_int_equal(getrusage(RUSAGE_SELF, &own), 0);
	assert_true(own.ru_maxrss > 300 << 10);
	run_ok(&spec, &r);
	assert_in_range(r.usage.peak_rss, 100000, 20000000);
	assert_int_equal(ballast[n - 1], 1);
	free(ballast);
}

/* Neither that of what it leaves behind, nor that of hone, which waits a tenth of a second for what may come through
 * a pipe that is still open. */
static void wall_time_is_that_of_the_child(void **state)
{
	struct hone_proc_spec spec = SHELL("sleep 0.2; sleep 30 & exit 0");
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	int64_t from = hone_now_ns();

	run_ok(&spec, &r);
	assert_in_range(r.usage.wall_ns, 200 * MS, hone_now_ns() - from - 100 * MS);
	assert_true(seconds_since(from) < SOON);
}

/* ---- what is left behind */

static void daemons_of_a_measured_program_are_killed(void **state)
{
	/* Out of the group, out of the session, without our pipes. */
	struct hone_proc_spec spec =
		SHELL("setsid sh -c 'sleep 30 & echo $! >pid; wait' >/dev/null 2>&1 & "
		      "while [ ! -s pid ]; do sleep 0.01; done; cat pid");
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	int64_t pid = 0;

	spec.dir = scratch;
	run_ok(&spec, &r);
	assert_true(hone_parse_i64(hone_view_trim(hone_buf_view(&r.out)), &pid));
	assert_int_equal(kill((pid_t)pid, 0), -1);
	assert_int_equal(errno, ESRCH);
}

/* Waits until each number in a file of the scratch folder is that of no process; what has ended is reaped, as the orphans of
 * a hone are this process's children. */
static void assert_all_end(const char *file)
{
	hone_auto_free char *path = in_scratch(file);
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	struct hone_view rest, line;
	bool started = false;
	int64_t from = hone_now_ns(), pid;

	assert_int_equal(hone_fs_read(path, 1000, &text, NULL, NULL), 0);
	rest = hone_view_trim(hone_buf_view(&text));
	while (hone_view_split(&rest, &started, '\n', &line)) {
		assert_true(hone_parse_i64(line, &pid));
		while (kill((pid_t)pid, 0) == 0 && seconds_since(from) < SOON) {
			while (waitpid(-1, NULL, WNOHANG) > 0)
				;
			usleep(1000);
		}
		assert_int_equal(kill((pid_t)pid, 0), -1);
		assert_int_equal(errno, ESRCH);
	}
}

/* Starts a hone that runs a program, and kills it when the program has written `pids`; with the launcher: that at the same
 * time. */
static void kill_hone(const struct hone_proc_spec *spec, bool with_launcher)
{
	hone_auto_free char *path = in_scratch("pids");
	int64_t from = hone_now_ns(), launcher = 0;
	pid_t pid;

	hone_proc_shutdown();
	pid = fork();
	if (pid == 0) {
		(void)hone_proc_run(spec, NULL, NULL);
		_exit(0);
	}
	while (!hone_fs_exists(path) && seconds_since(from) < SOON)
		usleep(10000);
	if (with_launcher) {
		hone_auto_free char *list = hone_xasprintf("/proc/%d/task/%d/children", pid, pid);
		hone_auto_buf struct hone_buf text = HONE_BUF_INIT;

		assert_int_equal(hone_fs_read(list, 100, &text, NULL, NULL), 0);
		assert_true(hone_parse_i64(hone_view_trim(hone_buf_view(&text)), &launcher));
		assert_int_equal(kill(pid, SIGSTOP), 0);
		assert_int_equal(kill((pid_t)launcher, SIGKILL), 0);
	}
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

/* The program, what left its group and session, and what its parent has left. */
static void children_die_with_hone(void **state)
{
	struct hone_proc_spec spec = SHELL("echo $$ >list; (setsid sh -c 'sleep 30 & echo $! "
					   ">>list; echo $$ >>list; mv list pids; wait' &) "
					   ">/dev/null 2>&1; exec sleep 30");

	spec.dir = scratch;
	kill_hone(&spec, false);
	assert_all_end("pids");
}

/* The program itself ends even then. */
static void a_child_dies_with_hone_and_launcher(void **state)
{
	struct hone_proc_spec spec = SHELL("echo $$ >pids.new; mv pids.new pids; exec sleep 30");

	spec.dir = scratch;
	kill_hone(&spec, true);
	assert_all_end("pids");
}

/* What a plain program leaves behind on purpose, as a compiler cache does its server, goes on: after its end, and after
 * that of hone. */
static void a_daemon_of_a_plain_program_goes_on(void **state)
{
	struct hone_proc_spec spec = SHELL("setsid sh -c 'echo $$ >pids.new; mv pids.new pids; "
					   "exec sleep 30' >/dev/null 2>&1 & "
					   "while [ ! -s pids ]; do sleep 0.01; done; cat pids");
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	int64_t pid = 0;

	spec.dir = scratch;
	run_ok(&spec, &r);
	assert_true(hone_parse_i64(hone_view_trim(hone_buf_view(&r.out)), &pid));
	hone_proc_shutdown();
	assert_int_equal(kill((pid_t)pid, 0), 0);
	assert_int_equal(kill((pid_t)pid, SIGKILL), 0);
	assert_all_end("pids");
}

/* What hone and its launcher left behind when both were killed: by a variable, by the beginning of one, by its file. */
static void what_is_marked_is_ended(void **state)
{
	/* The same test may run beside this one: what is marked is this one's only. */
	hone_auto_free char *script = hone_xasprintf(
		"mkdir below; cp \"$(command -v sleep)\" below/sleep;"
		"MARK=%1$s setsid sh -c 'echo $$ >1; exec sleep 600' &"
		"PLACE=%1$s/run/try setsid sh -c 'echo $$ >2; exec sleep 600' &"
		"setsid sh -c 'echo $$ >3; exec env -i below/sleep 600' &"
		"MARK=%1$sy PLACE=%1$s/runs setsid sh -c 'echo $$ >4; exec sleep 600' &"
		"exec >/dev/null 2>&1; for i in 1 2 3 4; do while ! [ -s $i ]; do sleep 0.01; "
		"done; done",
		scratch);
	struct hone_proc_spec spec = SHELL(script);
	hone_auto_free char *variable = hone_xasprintf("MARK=%s", scratch);
	hone_auto_free char *beginning = hone_xasprintf("PLACE=%s/run/", scratch);
	hone_auto_free char *folder = in_scratch("below");
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	const struct hone_proc_marks marks = {variable, beginning, folder};
	int64_t from = hone_now_ns(), pids[4];
	unsigned ended = 0;

	(void)state;
	spec.dir = scratch;
	run_ok(&spec, &r);
	for (size_t i = 0; i < HONE_COUNT(pids); i++) {
		hone_auto_free char *name = hone_xasprintf("%zu", i + 1);
		hone_auto_free char *path = in_scratch(name);
		hone_auto_buf struct hone_buf text = HONE_BUF_INIT;

		assert_int_equal(hone_fs_read(path, 100, &text, NULL, NULL), 0);
		assert_true(hone_parse_i64(hone_view_trim(hone_buf_view(&text)), &pids[i]));
	}
	hone_proc_shutdown(); /* those that live are this process's now */
	/* The third one becomes what it is known by in its own time. */
	for (size_t i = 0; i < 3; i++)
		while (waitpid((pid_t)pids[i], NULL, WNOHANG) == 0 && seconds_since(from) < SOON)
			assert_int_equal(hone_proc_end_marked(&marks, &ended, NULL), 0);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(kill((pid_t)pids[i], 0), -1);
	assert_int_equal(kill((pid_t)pids[3], SIGKILL), 0);
	assert_int_equal(waitpid((pid_t)pids[3], NULL, 0), pids[3]);
}

/* What the tests before left to this process, such as the shells of a hone that was killed, ends in its own time. */
static void reap_what_was_before(void)
{
	int64_t from = hone_now_ns();

	hone_proc_shutdown();
	while (waitpid(-1, NULL, WNOHANG) >= 0 && seconds_since(from) < SOON)
		usleep(1000);
}

static void the_launcher_may_die(void **state)
{
	static const char *const starts[] = {"", "echo on; sleep 0.2; "};
	static const enum hone_sink sinks[] = {HONE_SINK_CAPTURE, HONE_SINK_NULL};

	(void)state;
	reap_what_was_before();
	for (size_t i = 0; i < 4; i++) {
		/* Its parent is the launcher. */
		hone_auto_free char *script =
			hone_xasprintf("echo $$ >pid; %skill -KILL $PPID; sleep 30", starts[i % 2]);
		struct hone_proc_spec spec = SHELL(script), next = SHELL("echo on");
		hone_auto_free char *path = in_scratch("pid");
		hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
		hone_auto_err struct hone_err err = HONE_ERR_INIT;
		hone_auto_buf struct hone_buf pid = HONE_BUF_INIT;
		int64_t from = hone_now_ns();

		spec.dir = scratch;
		spec.out = spec.errout = sinks[i / 2];
		assert_int_equal(hone_proc_run(&spec, &r, &err), HONE_E_SYSTEM);
		assert_non_null(strstr(err.msg, "launcher"));
		assert_true(seconds_since(from) < SOON);
		assert_int_equal(hone_fs_read(path, 100, &pid, NULL, NULL), 0);
		assert_group_gone(&pid);
		assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
		assert_int_equal(errno, ECHILD);
		run_ok(&next, &r);
		assert_string_equal(hone_buf_str(&r.out), "on\n");
		hone_proc_shutdown();
	}
}

/* ---- measured runs without pipes: the launcher speaks only once, at the end */

#define QUIET(script)                                                                              \
	{                                                                                          \
		.argv = (const char *const[]){"sh", "-c", (script), NULL}, .deadline_ns = LONG,    \
		.measured = true, .out = HONE_SINK_NULL, .errout = HONE_SINK_NULL                  \
	}

static void a_quiet_run_ends_in_time(void **state)
{
	/* The first ends before there is a process that could be signalled. */
	static const int64_t deadlines[] = {1, 20000, 300000, 200 * MS};

	(void)state;
	for (size_t i = 0; i < HONE_COUNT(deadlines); i++) {
		struct hone_proc_spec spec = QUIET("exec sleep 30"), next = QUIET("exit 3");
		hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
		hone_auto_proc_result struct hone_proc_result other = HONE_PROC_RESULT_INIT;
		int64_t from = hone_now_ns();

		spec.deadline_ns = deadlines[i];
		run_ok(&spec, &r);
		assert_true(r.timed_out && (r.sig == SIGTERM || r.sig == SIGKILL));
		assert_true(seconds_since(from) < SOON);
		run_ok(&next, &other);
		assert_int_equal(other.exit_code, 3);
	}
}

/* As on a machine that is so busy that it stands still for a while. */
static void a_late_start_takes_nothing_from_the_deadline(void **state)
{
	struct hone_proc_spec warm = QUIET("exit 0"), quiet = QUIET("exec sleep 30");
	struct hone_proc_spec heard = {
		.argv = (const char *const[]){"sleep", "30", NULL}, .measured = true};
	struct hone_proc_spec *const specs[] = {&quiet, &heard};
	hone_auto_proc_result struct hone_proc_result first = HONE_PROC_RESULT_INIT;
	hone_auto_buf struct hone_buf list = HONE_BUF_INIT;
	int64_t launcher = 0;

	(void)state;
	hone_proc_shutdown();
	run_ok(&warm, &first);
	assert_int_equal(hone_fs_read("/proc/thread-self/children", 4096, &list, NULL, NULL), 0);
	assert_true(hone_parse_i64(hone_view_trim(hone_buf_view(&list)), &launcher));
	for (size_t i = 0; i < HONE_COUNT(specs); i++) {
		hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
		hone_auto_free char *wake =
			hone_xasprintf("sleep 0.8; kill -CONT %lld", (long long)launcher);
		const char *const argv[] = {"sh", "-c", wake, NULL};
		struct hone_proc_spec waker = {.argv = argv, .deadline_ns = LONG};
		struct hone_err err = HONE_ERR_INIT;
		struct hone_proc *p = NULL;

		assert_int_equal(kill((pid_t)launcher, SIGSTOP), 0);
		assert_int_equal(hone_proc_start(&waker, &p, &err), 0);
		/* Over while the launcher stands still, and long enough for it to start a program afterwards. */
		specs[i]->deadline_ns = 600 * MS;
		run_ok(specs[i], &r);
		assert_true(r.timed_out);
		assert_int_equal(r.sig, SIGTERM);
		assert_true(r.usage.wall_ns >= 600 * MS);
		hone_proc_result_release(&r);
		assert_int_equal(hone_proc_stop(p, SIGTERM, LONG, &r, &err), 0);
	}
}

static void a_quiet_run_that_ignores_term_is_killed(void **state)
{
	struct hone_proc_spec spec = QUIET("trap '' TERM; : >deaf; while :; do sleep 0.05; done");
	hone_auto_free char *deaf = in_scratch("deaf");
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;

	(void)state;
	spec.dir = scratch;
	/* One that was stopped before it came so far tells nothing. */
	for (spec.deadline_ns = 100 * MS; !hone_fs_exists(deaf); spec.deadline_ns *= 2) {
		assert_true(spec.deadline_ns < LONG);
		run_ok(&spec, &r);
		assert_true(r.timed_out);
	}
	assert_int_equal(r.sig, SIGKILL);
}

static void ctrl_c_stops_a_quiet_run(void **state)
{
	hone_auto_free char *pid = in_scratch("pid");
	hone_auto_free char *script =
		hone_xasprintf("echo $$ >%s; kill -INT %d; sleep 30 & wait", pid, (int)getpid());
	struct hone_proc_spec spec = QUIET(script);
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	int64_t from = hone_now_ns();

	(void)state;
	assert_int_equal(hone_proc_run(&spec, &r, &err), HONE_E_INTERRUPTED);
	assert_true(seconds_since(from) < SOON);
	assert_int_equal(hone_fs_read(pid, 100, &text, NULL, NULL), 0);
	assert_group_gone(&text);
}

static void a_quiet_run_that_cannot_start_says_why(void **state)
{
	struct hone_proc_spec spec = QUIET(""), next = QUIET("exit 4");
	hone_auto_free char *file = in_scratch("bad");
	const char *argv[] = {file, NULL};
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	hone_auto_err struct hone_err err = HONE_ERR_INIT;

	(void)state;
	assert_int_equal(hone_fs_write(file, HONE_VIEW("#!/no/such\n"), 0755, NULL), 0);
	spec.argv = argv;
	assert_int_equal(hone_proc_run(&spec, &r, &err), HONE_E_NOT_FOUND);
	assert_non_null(strstr(err.msg, "the interpreter or loader that it names does not exist"));
	run_ok(&next, &r);
	assert_int_equal(r.exit_code, 4);
}

static void the_launcher_moves_with_its_program(void **state)
{
	hone_auto_free char *path = in_scratch("out");
	hone_auto_proc_result struct hone_proc_result all = HONE_PROC_RESULT_INIT;
	struct hone_proc_spec here = {.argv = (const char *const[]){"grep", "Cpus_allowed_list",
					      "/proc/self/status", NULL},
		.deadline_ns = LONG};
	const int cpus[] = {0, 1 + first_cpu(), 0};
	hone_auto_free char *one = hone_xasprintf("Cpus_allowed_list:\t%d\n", first_cpu());

	(void)state;
	run_ok(&here, &all);
	for (size_t i = 0; i < HONE_COUNT(cpus); i++) {
		hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
		hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
		struct hone_proc_spec spec = here;

		spec.measured = true;
		spec.cpu = cpus[i];
		spec.out = HONE_SINK_FILE;
		spec.out_path = path;
		spec.errout = HONE_SINK_NULL;
		run_ok(&spec, &r);
		assert_int_equal(hone_fs_read(path, 1000, &text, NULL, NULL), 0);
		assert_string_equal(hone_buf_str(&text), cpus[i] ? one : hone_buf_str(&all.out));
	}
}

/* ---- children that go on */

static void a_server_is_started_watched_and_stopped(void **state)
{
	struct hone_proc_spec spec =
		SHELL("trap 'echo bye; exit 7' INT; echo ready; echo note >&2; "
		      "while :; do sleep 0.02; done");
	struct hone_proc_spec meanwhile = SHELL("echo meanwhile");
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	hone_auto_proc_result struct hone_proc_result other = HONE_PROC_RESULT_INIT;
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	struct hone_proc *p;
	bool ended = true;
	pid_t pid;

	assert_int_equal(hone_proc_start(&spec, &p, &err), 0);
	pid = hone_proc_pid(p);
	for (int64_t from = hone_now_ns(); seconds_since(from) < SOON &&
					   !(hone_proc_output(p).n && hone_proc_err_output(p).n);)
		assert_int_equal(hone_proc_pump(p, 10 * MS, &ended, &err), 0);
	assert_false(ended);
	assert_true(hone_view_is(hone_proc_output(p), "ready\n"));
	assert_true(hone_view_is(hone_proc_err_output(p), "note\n"));
	assert_int_equal(kill(pid, 0), 0);
	run_ok(&meanwhile, &other);
	assert_string_equal(hone_buf_str(&other.out), "meanwhile\n");
	assert_int_equal(hone_proc_stop(p, SIGINT, LONG, &r, &err), 0);
	assert_int_equal(r.exit_code, 7);
	assert_string_equal(hone_buf_str(&r.out), "ready\nbye\n");
	assert_int_equal(kill(-pid, 0), -1);
}

static void a_server_that_dies_is_noticed(void **state)
{
	struct hone_proc_spec spec = SHELL("echo gone; exit 9");
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	int64_t from = hone_now_ns();
	struct hone_proc *p;
	bool ended = false;

	assert_int_equal(hone_proc_start(&spec, &p, &err), 0);
	while (!ended && seconds_since(from) < SOON)
		assert_int_equal(hone_proc_pump(p, LONG, &ended, &err), 0);
	assert_true(ended);
	assert_true(seconds_since(from) < SOON);
	assert_int_equal(hone_proc_stop(p, SIGTERM, HONE_NS_PER_S, &r, &err), 0);
	assert_int_equal(r.exit_code, 9);
	assert_string_equal(hone_buf_str(&r.out), "gone\n");
}

static void a_server_that_ignores_the_signal_is_killed(void **state)
{
	struct hone_proc_spec spec =
		SHELL("trap '' INT TERM; echo $$; while :; do sleep 0.02; done");
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	struct hone_proc *p;
	int64_t from;
	bool ended;

	assert_int_equal(hone_proc_start(&spec, &p, NULL), 0);
	while (!hone_proc_output(p).n)
		assert_int_equal(hone_proc_pump(p, 10 * MS, &ended, NULL), 0);
	from = hone_now_ns();
	assert_int_equal(hone_proc_stop(p, SIGINT, 300 * MS, &r, NULL), 0);
	assert_true(seconds_since(from) >= 0.3 && seconds_since(from) < SOON);
	assert_int_equal(r.sig, SIGKILL);
	assert_group_gone(&r.out);
}

/* ---- signals to hone */

static void ctrl_c_stops_the_group(void **state)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP};

	for (size_t i = 0; i < HONE_COUNT(signals); i++) {
		hone_auto_free char *script = hone_xasprintf(
			"echo $$; kill -%d %d; sleep 30 & wait", signals[i], (int)getpid());
		hone_auto_free char *path = in_scratch("out");
		hone_auto_buf struct hone_buf pid = HONE_BUF_INIT;
		struct hone_proc_spec spec = SHELL(script);
		hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
		hone_auto_err struct hone_err err = HONE_ERR_INIT;
		int64_t from = hone_now_ns();

		spec.out = HONE_SINK_FILE;
		spec.out_path = path;
		assert_int_equal(hone_proc_run(&spec, &r, &err), HONE_E_INTERRUPTED);
		assert_int_equal(err.sig, signals[i]);
		assert_true(seconds_since(from) < SOON);
		assert_int_equal(hone_fs_read(path, 100, &pid, NULL, NULL), 0);
		assert_group_gone(&pid);
		/* It is reported once. */
		assert_int_equal(hone_interrupted(&err), 0);
	}
}

/* The second comes once the child is asked to stop because of the first: two at once would be one. */
static void a_second_ctrl_c_does_not_wait(void **state)
{
	hone_auto_free char *late = in_scratch("late");
	hone_auto_free char *script =
		hone_xasprintf("trap 'kill -INT %d; sleep 1.5; : >late' TERM; kill -INT %d; while "
			       ":; do sleep 0.02; done",
			(int)getpid(), (int)getpid());
	struct hone_proc_spec spec = SHELL(script);
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	int64_t from = hone_now_ns();

	spec.dir = scratch;
	assert_int_equal(hone_proc_run(&spec, &r, NULL), HONE_E_INTERRUPTED);
	assert_true(seconds_since(from) < SOON);
	/* It would have been killed after two seconds. */
	assert_false(hone_fs_exists(late));
}

static void a_signal_between_children_is_seen(void **state)
{
	struct hone_proc_spec spec = SHELL("echo never; exit 0");
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	hone_auto_err struct hone_err err = HONE_ERR_INIT;

	assert_int_equal(hone_interrupted(&err), 0);
	assert_int_equal(kill(getpid(), SIGINT), 0);
	assert_int_equal(hone_proc_run(&spec, &r, &err), HONE_E_INTERRUPTED);
	assert_int_equal(err.sig, SIGINT);
	assert_int_equal(r.out.n, 0);
	assert_int_equal(kill(getpid(), SIGTERM), 0);
	assert_int_equal(hone_interrupted(&err), HONE_E_INTERRUPTED);
	assert_int_equal(err.sig, SIGTERM);
}

static char state_of(pid_t pid)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	hone_auto_free char *path = hone_xasprintf("/proc/%d/stat", (int)pid);
	const char *end;

	if (hone_fs_read(path, 4096, &text, NULL, NULL))
		return '?';
	end = strrchr(hone_buf_str(&text), ')');
	return end && end[1] ? end[2] : '?';
}

/* Under a shell this process really stops, in a group without one the kernel does not let it: the
 * child must be suspended and continued in both cases. It is woken only once it is seen to stand still: SIGCONT
 * takes back a SIGTSTP that has not been read yet. */
static void ctrl_z_suspends_and_goes_on(void **state)
{
	hone_auto_free char *script =
		hone_xasprintf("kill -TSTP %d; sleep 0.3; echo on", (int)getpid());
	struct hone_proc_spec spec = SHELL(script);
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	pid_t waker = fork();

	if (waker == 0) {
		for (int64_t from = hone_now_ns(); hone_now_ns() - from < LONG; usleep(10000))
			if (state_of(getppid()) == 'T')
				(void)kill(getppid(), SIGCONT);
		_exit(0);
	}
	run_ok(&spec, &r);
	assert_true(r.suspended);
	assert_int_equal(r.exit_code, 0);
	assert_string_equal(hone_buf_str(&r.out), "on\n");
	assert_int_equal(kill(waker, SIGKILL), 0);
	assert_int_equal(waitpid(waker, NULL, 0), waker);
}

/* The state of the measured round; any non-NULL pointer would do. */
static char measured[] = "measured";

#define TEST(name)                                                                                 \
	{#name " (plain)", name, scratch_make, scratch_remove, NULL},                              \
	{                                                                                          \
#name " (measured)", name, scratch_make, scratch_remove, measured                  \
	}
#define TEST_PLAIN(name)                                                                           \
	{                                                                                          \
#name, name, scratch_make, scratch_remove, NULL                                    \
	}
#define TEST_MEASURED(name)                                                                        \
	{                                                                                          \
#name, name, scratch_make, scratch_remove, measured                                \
	}

/* Started by nohup or in the background of a script, this program inherits ignored signals, which hone rightly
 * leaves ignored; what is tested here is what it does with those that come. */
static int let_signals_in(void)
{
	static const int wanted[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT};
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < HONE_COUNT(wanted); i++) {
		if (signal(wanted[i], SIG_DFL) == SIG_ERR)
			return -1;
		sigaddset(&set, wanted[i]);
	}
	return sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static int init(void **state)
{
	(void)state;
	return let_signals_in() ? -1 : hone_signals_init(NULL);
}

static int shut_down(void **state)
{
	(void)state;
	hone_proc_shutdown();
	/* Every child of every test has been reaped. */
	return waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(exit_codes_and_signals_come_back),
		TEST(what_cannot_be_started_is_named),
		TEST(a_missing_input_file_is_named),
		TEST(without_a_result_failure_is_an_error),
		TEST(the_environment_is_changed_not_replaced),
		TEST(the_program_is_looked_up_in_the_childs_path),
		TEST(the_folder_and_the_input_are_the_ones_asked_for),
		TEST(programs_stand_where_the_caller_does),
		TEST(the_terminal_cannot_be_read),
		TEST(signals_and_descriptors_are_clean),
		TEST(it_runs_on_the_cpu_asked_for),
		TEST(closed_standard_descriptors_do_no_harm),
		TEST(ten_megabytes_on_both_pipes),
		TEST(output_can_go_to_files),
		TEST(lines_come_one_by_one),
		TEST(a_line_without_end_comes_in_pieces),
		TEST(a_line_can_stop_the_child),
		TEST(a_flood_is_stopped),
		TEST(a_grandchild_that_holds_the_pipe_does_not_hang_us),
		TEST(a_grandchild_that_prints_soon_after_is_heard),
		TEST(a_deadline_ends_a_child),
		TEST(a_deadline_ends_a_child_that_ignores_term),
		TEST(a_child_that_ends_well_on_term_is_still_timed_out),
		TEST(a_suspended_child_can_be_stopped),
		TEST_PLAIN(ticks_come_while_waiting),
		TEST_MEASURED(no_tick_comes_while_measuring),
		TEST(usage_is_the_childs_own),
		TEST_MEASURED(peak_memory_is_not_that_of_a_big_parent),
		TEST(wall_time_is_that_of_the_child),
		TEST_MEASURED(daemons_of_a_measured_program_are_killed),
		TEST_PLAIN(a_daemon_of_a_plain_program_goes_on),
		TEST(children_die_with_hone),
		TEST(a_child_dies_with_hone_and_launcher),
		TEST_PLAIN(what_is_marked_is_ended),
		TEST_MEASURED(the_launcher_may_die),
		TEST_MEASURED(a_quiet_run_ends_in_time),
		TEST_MEASURED(a_quiet_run_that_ignores_term_is_killed),
		TEST_MEASURED(ctrl_c_stops_a_quiet_run),
		TEST_MEASURED(a_quiet_run_that_cannot_start_says_why),
		TEST_MEASURED(a_late_start_takes_nothing_from_the_deadline),
		TEST_MEASURED(the_launcher_moves_with_its_program),
		TEST(a_server_is_started_watched_and_stopped),
		TEST(a_server_that_dies_is_noticed),
		TEST(a_server_that_ignores_the_signal_is_killed),
		TEST(ctrl_c_stops_the_group),
		TEST(a_second_ctrl_c_does_not_wait),
		TEST(a_signal_between_children_is_seen),
		TEST(ctrl_z_suspends_and_goes_on),
	};

	return cmocka_run_group_tests(tests, init, shut_down);
}
