/* Copies of hone that work beside it, and the jobserver that their programs join. */
#include "clock.h"
#include "jobs.h"
#include "machine.h"
#include "num.h"
#include "proc.h"
#include "worker.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#define SECOND HONE_NS_PER_S

static char heard[3][256];

static void on_line(void *ctx, size_t at, struct hone_view line)
{
	size_t n = strlen(heard[at]);

	(void)ctx;
	snprintf(heard[at] + n, sizeof(heard[at]) - n, "%.*s;", (int)line.n, line.p);
}

/* Runs a program of its own, and tells what that printed. */
static void say(void *ctx)
{
	const char *const argv[] = {"sh", "-c", ctx, NULL};
	struct hone_proc_spec spec = {.argv = argv, .deadline_ns = 60 * SECOND};
	struct hone_proc_result r = HONE_PROC_RESULT_INIT;

	if (hone_proc_run(&spec, &r, NULL))
		return;
	hone_worker_tell(hone_view_trim(hone_buf_view(&r.out)));
	hone_worker_tell(HONE_VIEW("end"));
	hone_proc_result_release(&r);
}

static struct hone_worker *start(const char *script, const struct hone_jobs *jobs)
{
	const int keep[] = {jobs ? jobs->read_fd : 0, jobs ? jobs->write_fd : 0};
	struct hone_worker *w = NULL;
	struct hone_err err = HONE_ERR_INIT;

	if (hone_worker_start(say, (void *)(uintptr_t)script, keep, jobs ? 2 : 0, &w, &err))
		fail_msg("%s", err.msg);
	return w;
}

/* Until all have ended, in whatever order. */
static void wait_for_all(struct hone_worker **list, size_t n)
{
	struct hone_err err = HONE_ERR_INIT;
	size_t left = 0, ended;

	for (size_t i = 0; i < n; i++)
		left += list[i] != NULL;
	while (left) {
		if (hone_workers_wait(list, n, SECOND / 10, on_line, NULL, &ended, &err))
			fail_msg("%s", err.msg);
		if (ended == n)
			continue;
		hone_worker_free(list[ended]);
		list[ended] = NULL;
		left--;
	}
}

static void two_at_once(void **state)
{
	struct hone_worker *list[3] = {0};

	(void)state;
	memset(heard, 0, sizeof(heard));
	list[0] = start("echo one; read x < /dev/null; echo two", NULL);
	list[2] = start("echo three", NULL);
	wait_for_all(list, 3);
	assert_string_equal(heard[0], "one;two;end;");
	assert_string_equal(heard[2], "three;end;");
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

static void stopped(void **state)
{
	char path[] = "/tmp/hone-worker-XXXXXX";
	int fd = mkstemp(path);
	hone_auto_free char *script = hone_xasprintf("echo $$ > %s; sleep 1000", path);
	struct hone_worker *list[2] = {NULL, start(script, NULL)};
	char text[32] = "";
	int64_t pid = 0;

	(void)state;
	while (!strchr(text, '\n')) {
		(void)usleep(10 * 1000);
		(void)!pread(fd, text, sizeof(text) - 1, 0);
	}
	assert_true(hone_parse_i64(hone_view_trim(hone_view_of(text)), &pid));
	hone_workers_stop(list, 2);
	assert_null(list[1]);
	assert_int_equal(kill((pid_t)pid, 0), -1);
	close(fd);
	unlink(path);
}

static void jobs(void **state)
{
	struct hone_jobs j = HONE_JOBS_INIT;
	struct hone_worker *list[1];
	hone_auto_free char *script = NULL;

	(void)state;
	assert_int_equal(hone_jobs_open(&j, 2, NULL), 0);
	assert_int_equal(hone_jobs_idle(&j), 2);
	assert_true(hone_jobs_take(&j) && hone_jobs_take(&j) && !hone_jobs_take(&j));
	hone_jobs_give(&j);
	/* A program of a worker takes one and gives back another, by the numbers that MAKEFLAGS has. */
	script = hone_xasprintf(
		"head -c 1 /dev/fd/%d; printf ++ > /dev/fd/%d", j.read_fd, j.write_fd);
	memset(heard, 0, sizeof(heard));
	list[0] = start(script, &j);
	wait_for_all(list, 1);
	assert_string_equal(heard[0], "+;end;");
	assert_int_equal(hone_jobs_idle(&j), 2);
	hone_jobs_close(&j);
	assert_int_equal(j.read_fd, -1);
}

static void from_outside(void **state)
{
	(void)state;
	unsetenv("CARGO_MAKEFLAGS");
	unsetenv("MFLAGS");
	setenv("MAKEFLAGS", "-s", 1);
	assert_false(hone_jobs_from_outside());
	setenv("MAKEFLAGS", "-j4 --jobserver-auth=fifo:/tmp/x", 1);
	assert_true(hone_jobs_from_outside());
	unsetenv("MAKEFLAGS");
	assert_true(hone_machine_memory_left() > 0);
}

/* Who ended in the same moment as another is told of without a wait. */
static void ends_together(void **state)
{
	struct hone_worker *list[] = {start("true", NULL), start("true", NULL), NULL};
	struct hone_err err = HONE_ERR_INIT;
	int64_t begin = hone_now_ns();
	size_t ended;

	(void)state;
	(void)usleep(300000); /* both have ended, in all likelihood */
	for (size_t left = 2; left;) {
		assert_int_equal(hone_workers_wait(list, HONE_COUNT(list), 60 * SECOND, on_line,
					 NULL, &ended, &err),
			0);
		if (ended < HONE_COUNT(list)) {
			hone_worker_free(list[ended]);
			list[ended] = NULL;
			left--;
		}
	}
	assert_true(hone_now_ns() - begin < 30 * SECOND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(two_at_once), cmocka_unit_test(stopped),
		cmocka_unit_test(ends_together), cmocka_unit_test(jobs),
		cmocka_unit_test(from_outside)};
	int failed;

	if (hone_signals_init(NULL))
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	hone_proc_shutdown();
	return failed;
}
