/* The search of cold packages, with a fake cargo whose program is smaller where the package `dep` is at "z", and by the
 * engine's headers alone: what is chosen, what is refused, what is left out because it works. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "fake_project.h"

#define WORK "_ZN3dep4work17h0123456789abcdefE"
#define HOT "_ZN4prog3hot17h0123456789abcdefE"

static int set_up_cold(void **state)
{
	int error = set_up(state);

	if (error)
		return error;
	build_elf();
	return 0;
}

/* A try that looks for the cold packages of a candidate. train: of --train, or NULL. */
static int try_cold(struct hone_session *s, struct hone_try *t, const char *base, const char *train,
	struct hone_err *err)
{
	const char *const names[] = {"opt-level=1"};
	hone_auto_strv struct hone_strv lines = HONE_STRV_INIT;
	const struct hone_try_request r = {.names = names,
		.n_names = 1,
		.cold = base,
		.train = &lines,
		.measure = {.rounds = 1}};
	int error;

	if (train)
		hone_strv_push(&lines, train);
	t->session = s;
	error = hone_try_name_candidates(t, &r, err);
	if (!error) {
		open_session(HONE_SESSION_GRAPH | HONE_SESSION_BUILD, s);
		error = hone_try_run(t, &r, err);
	}
	return error;
}

static void close_try(struct hone_session *s, struct hone_try *t)
{
	hone_try_release(t);
	if (s->project)
		hone_session_close(s);
}

static void packages_that_gain_are_found(void **state)
{
	struct hone_session s = HONE_SESSION_INIT;
	struct hone_err err = HONE_ERR_INIT;
	struct hone_try t = {0};

	(void)state;
	if (try_cold(&s, &t, "opt-level=1", NULL, &err))
		fail_msg("%s\n%s", err.msg, hone_buf_str(&told));
	assert_int_equal(t.n, 3);
	assert_non_null(strstr(t.trials[2].candidate->name, "package.\"dep\".opt-level=\"z\""));
	assert_non_null(strstr(t.trials[2].candidate->name, "package.\"prog\".opt-level=\"z\""));
	assert_ptr_equal(t.trials[2].candidate, t.cold);
	assert_int_equal(t.trials[2].status, HONE_TRIAL_BUILT);
	assert_int_equal(t.trials[1].artifact->size - t.trials[2].artifact->size, 149 + 99);
	assert_true(t.trials[2].named && t.trials[2].allowed);
	assert_int_equal(t.best.allowed.small, 2);
	close_try(&s, &t);
}

/* `dep` does most of the work: the other one alone is tried. */
static void package_that_works_keeps_its_level(void **state)
{
	static const char *const lines[] = {"status Profile: ",
		"note these packages work and keep their level: dep 90 %", NULL};
	struct hone_session s = HONE_SESSION_INIT;
	struct hone_err err = HONE_ERR_INIT;
	struct hone_try t = {0};

	(void)state;
	write_profdata("  " WORK ":\n    Block counts: [900]\n  " HOT
		       ":\n    Block counts: [0]\n  main:\n    Block counts: [100]\n"
		       "Total functions: 3\n");
	if (try_cold(&s, &t, "opt-level=1", "{bin}", &err))
		fail_msg("%s\n%s", err.msg, hone_buf_str(&told));
	assert_told(lines);
	assert_int_equal(t.n, 3);
	assert_string_equal(t.cold->name, "opt-level=1,package.\"prog\".opt-level=\"z\"");
	close_try(&s, &t);
}

static void all_packages_work(void **state)
{
	static const char *const lines[] = {
		"note no package of the 0 that were tried makes opt-level=1 smaller at \"z\"",
		NULL};
	struct hone_session s = HONE_SESSION_INIT;
	struct hone_err err = HONE_ERR_INIT;
	struct hone_try t = {0};

	(void)state;
	write_profdata("  " WORK ":\n    Block counts: [500]\n  " HOT
		       ":\n    Block counts: [500]\nTotal functions: 2\n");
	if (try_cold(&s, &t, "opt-level=1", "{bin}", &err))
		fail_msg("%s\n%s", err.msg, hone_buf_str(&told));
	assert_told(lines);
	assert_int_equal(t.n, 2);
	assert_null(t.cold);
	close_try(&s, &t);
}

static void assert_refused(const char *base, const char *why)
{
	struct hone_session s = HONE_SESSION_INIT;
	struct hone_err err = HONE_ERR_INIT;
	struct hone_try t = {0};

	assert_int_equal(try_cold(&s, &t, base, NULL, &err), HONE_E_USAGE);
	if (!strstr(err.msg, why))
		fail_msg("\"%s\" is not in \"%s\"", why, err.msg);
	assert_null(strstr(hone_buf_str(&told), "building"));
	hone_err_release(&err);
	close_try(&s, &t);
}

static void candidates_that_have_no_cold_packages(void **state)
{
	(void)state;
	write_profdata("Total functions: 0\n");
	assert_refused("small", "--cold-packages: every package of small is at \"z\" already");
	assert_refused("train.hot=90", "--cold-packages: train.hot=90 is trained");
	assert_refused("smal", "`smal` is neither a candidate");
}

#define COLD_TEST(f) cmocka_unit_test_setup_teardown(f, set_up_cold, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		COLD_TEST(packages_that_gain_are_found),
		COLD_TEST(package_that_works_keeps_its_level),
		COLD_TEST(all_packages_work),
		COLD_TEST(candidates_that_have_no_cold_packages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
