/* What `check` finds out by running both sides, and which commit of a range did it, by the engine's headers. The program needs
 * memory in proportion to its size, which is the same in every run. */
#include "check.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "fake_project.h"
#include "fake_git.h"

/* Bytes that the program is longer by than without. */
static void commit_size(const char *message, const char *bytes)
{
	hone_auto_free char *line = hone_xasprintf("%s prog\n", bytes);

	put_file("sizes", line);
	assert_true(GIT("add", "-A"));
	assert_true(GIT("commit", "-qm", message));
}

static void commit_broken(void)
{
	commit("[profile.release]\nopt-level = 2\n");
	put_file(opts.manifest_path, manifest);
}

/* ---- both sides in the same rounds */

struct runs {
	struct sides sides;
	struct hone_check_budgets budgets;
	struct hone_check_runs runs;
	struct hone_check_times times;
};

/* main and a commit of a larger program; file: hone.toml. */
static void build_both(struct runs *r, const char *file, const char *base, const char *head)
{
	hone_auto_strv struct hone_strv none = HONE_STRV_INIT;
	struct hone_err *err = &r->sides.err;

	*r = (struct runs){0};
	begin_repository();
	put_file(opts.manifest_path, manifest);
	put_file("hone.toml", file);
	commit_size("base", base);
	assert_true(GIT("checkout", "-qb", "larger"));
	put_file("notes.txt", "a change\n");
	commit_size("head", head);
	if (compare(&r->sides, (struct hone_check_request){0}) ||
		hone_check_budgets_take(&r->sides.s, &none, &r->budgets, err) ||
		hone_check_runs_take(&r->sides.s, &none, &r->budgets, &r->runs, err))
		fail_msg("%s", err->msg);
}

static void measure(struct runs *r)
{
	if (hone_check_measure(&r->sides.s, &r->runs, &r->sides.base, &r->sides.head, &r->budgets,
		    &r->times, &r->sides.err))
		fail_msg("%s", r->sides.err.msg);
}

static void runs_done(struct runs *r)
{
	hone_check_runs_release(&r->runs);
	hone_check_budgets_release(&r->budgets);
	done(&r->sides);
}

static const struct hone_check_budget *budget(const struct runs *r, const char *text)
{
	for (size_t i = 0; i < r->budgets.n; i++)
		if (r->budgets.v[i].figure == HONE_CHECK_TIME &&
			strcmp(r->budgets.v[i].text, text) == 0)
			return &r->budgets.v[i];
	fail_msg("there is no budget %s", text);
	return NULL;
}

#define GROW "[[workload]]\nname = \"grow\"\nrun = \"{bin} grow\"\nmetric = \"peak_memory\"\n"

static void budgets_are_proved_by_runs(void **state)
{
	static const char *const lines[] = {"quiet", "gate ", "round 1", "settled", NULL};
	struct runs r;

	(void)state;
	build_both(&r,
		"[budget]\ntime = [\"+4%\", \"20ms\"]\npeak_memory = [\"+3%\", \"+900%\"]\n"
		"latency_p50 = \"+5%\"\nsize = \"+1%\"\n" GROW,
		"1000", "30000");
	r.runs.budget_s = 60;
	measure(&r);
	assert_told(lines);
	assert_int_equal(budget(&r, "+3%")->verdict, HONE_CHECK_OVER);
	assert_int_equal(budget(&r, "+4%")->verdict, HONE_CHECK_OVER); /* what decides is memory */
	assert_int_equal(budget(&r, "+900%")->verdict, HONE_CHECK_WITHIN);
	assert_int_equal(budget(&r, "20ms")->verdict, HONE_CHECK_UNDECIDED);
	assert_non_null(strstr(budget(&r, "20ms")->why, "is no time: its budget is a share"));
	assert_int_equal(budget(&r, "+5%")->verdict, HONE_CHECK_UNDECIDED);
	assert_string_equal(budget(&r, "+5%")->why, "it is not measured in this workload");
	/* What decides; it has a budget besides, and is there once. */
	assert_int_equal(r.times.n, 1);
	assert_string_equal(r.times.v[0].workload, "grow");
	assert_int_equal(r.times.v[0].metric, HONE_METRIC_PEAK_MEMORY);
	assert_true(r.times.v[0].primary && r.times.v[0].head > r.times.v[0].base + 29000 * 390);
	assert_true(r.times.v[0].ratio > 1.5 && r.times.v[0].low > 1.5);
	assert_int_equal(r.times.v[0].verdict, HONE_VERDICT_WORSE);
	assert_false(r.times.same_file || r.times.why || r.times.failed);
	runs_done(&r);
}

static void rounds_that_decide_nothing(void **state)
{
	struct runs r;

	(void)state;
	build_both(&r, "[budget]\npeak_memory = \"+3%\"\n" GROW, "1000", "30000");
	r.runs.rounds = 2;
	measure(&r);
	assert_int_equal(r.times.v[0].rounds, 2);
	assert_int_equal(budget(&r, "+3%")->verdict, HONE_CHECK_UNDECIDED);
	assert_string_equal(budget(&r, "+3%")->why, "the rounds do not decide it");
	runs_done(&r);
}

static void one_file_needs_no_rounds(void **state)
{
	struct runs r;

	(void)state;
	build_both(&r, "[budget]\npeak_memory = \"+3%\"\n" GROW, "1000", "1000");
	measure(&r);
	assert_true(r.times.same_file);
	assert_int_equal(r.times.n, 0);
	assert_int_equal(budget(&r, "+3%")->verdict, HONE_CHECK_WITHIN);
	assert_null(strstr(hone_buf_str(&told), "quiet"));
	/* A budget that asks for less than before is not kept by the same file. */
	r.budgets.v[0].value = -3;
	r.budgets.v[0].text = "-3%";
	r.runs.budget_s = 60;
	measure(&r);
	assert_false(r.times.same_file);
	assert_int_equal(budget(&r, "-3%")->verdict, HONE_CHECK_OVER);
	runs_done(&r);
}

static void what_is_not_run(void **state)
{
	struct runs r;

	(void)state;
	build_both(&r, "[budget]\npeak_memory = \"+3%\"\n" GROW, "1000", "30000");
	r.runs.skip = true;
	measure(&r);
	assert_string_equal(r.times.why, "--no-run");
	assert_int_equal(budget(&r, "+3%")->verdict, HONE_CHECK_UNDECIDED);
	assert_string_equal(budget(&r, "+3%")->why, "--no-run");
	r.runs.skip = false;
	r.sides.base.binary = "";
	measure(&r);
	assert_string_equal(budget(&r, "+3%")->why, "the saved base has no binary to run");
	assert_null(strstr(hone_buf_str(&told), "quiet"));
	runs_done(&r);
}

/* The head fails: that is the check's result. The base fails: nothing is known. */
static void side_that_fails(void **state)
{
	static const char file[] = "[budget]\ncpu = \"+3%\"\n[[workload]]\nname = \"small\"\n"
				   "run = \"{bin} at-most 40000\"\n";
	struct hone_check_side swap;
	struct runs r;

	(void)state;
	build_both(&r, file, "1000", "30000");
	r.runs.rounds = 2;
	measure(&r);
	assert_non_null(r.times.failed);
	assert_non_null(strstr(r.times.failed, "the head fails: "));
	assert_ptr_equal(budget(&r, "+3%")->why, r.times.failed);
	assert_int_equal(r.times.n, 0);
	swap = r.sides.base;
	r.sides.base = r.sides.head;
	r.sides.head = swap;
	measure(&r);
	assert_null(r.times.failed);
	assert_non_null(strstr(r.times.why, "exit code 1"));
	assert_int_equal(budget(&r, "+3%")->verdict, HONE_CHECK_UNDECIDED);
	runs_done(&r);
}

/* ---- which commit */

struct found {
	struct hone_session s;
	struct hone_check_budgets budgets;
	struct hone_check_runs runs;
	struct hone_check_found f;
	struct hone_err err;
};

/* limit, run: of --limit and --run, or NULL. */
static int bisect(struct found *x, const char *range, const char *limit, const char *run)
{
	hone_auto_strv struct hone_strv limits = HONE_STRV_INIT, lines = HONE_STRV_INIT;
	struct hone_check_search search = {.range = range, .identity = "check"};
	int error;

	*x = (struct found){.s = HONE_SESSION_INIT,
		.err = HONE_ERR_INIT,
		.f = {.before = HONE_CHECK_SIDE_INIT, .first = HONE_CHECK_SIDE_INIT}};
	if (limit)
		hone_strv_push(&limits, limit);
	if (run)
		hone_strv_push(&lines, run);
	open_session(HONE_SESSION_GRAPH | HONE_SESSION_BUILD, &x->s);
	error = hone_check_budgets_take(&x->s, &limits, &x->budgets, &x->err);
	if (!error)
		error = hone_check_runs_take(&x->s, &lines, &x->budgets, &x->runs, &x->err);
	search.runs = &x->runs;
	search.budgets = &x->budgets;
	return error ? error : hone_check_bisect(&x->s, &search, &x->f, &x->err);
}

static void found_done(struct found *x)
{
	hone_check_side_release(&x->f.before);
	hone_check_side_release(&x->f.first);
	hone_check_runs_release(&x->runs);
	hone_check_budgets_release(&x->budgets);
	hone_session_close(&x->s);
	hone_err_release(&x->err);
}

/* Seven commits, of which the sixth does it, and the fifth does not build. */
static void make_history(void)
{
	begin_repository();
	put_file(opts.manifest_path, manifest);
	commit_size("first", "1000");
	commit_size("second", "1010");
	commit_size("third", "1020");
	commit_size("fourth", "1030");
	commit_broken();
	commit_size("a table", "31000");
	commit_size("seventh", "31010");
}

static void commit_that_did_it(void **state)
{
	static const char *const lines[] = {"status Bisecting: 6 commits: at most 5 builds",
		"building ", "building ", "status Bisecting: 6 commits left", "building ",
		"status Bisecting: 3 commits left", "building ", "warning ",
		"status Bisecting: 3 commits left", "building ", NULL};
	struct found x;

	(void)state;
	make_history();
	if (bisect(&x, "HEAD~6..HEAD", NULL, NULL))
		fail_msg("%s", x.err.msg);
	assert_told(lines);
	assert_non_null(strstr(hone_buf_str(&told), "level 2 is broken"));
	assert_null(strstr(hone_buf_str(&told), "the base")); /* it is one commit of many */
	assert_int_equal(x.f.told.looked_at, 5);
	assert_string_equal(x.f.told.range, "HEAD~6..HEAD");
	assert_string_equal(x.f.told.why, "size above the middle between both ends");
	assert_string_equal(x.f.told.subject, "a table");
	assert_int_equal(x.f.told.commits, 6);
	assert_int_equal(x.f.told.skipped, 1);
	assert_int_equal(x.f.first.figures[HONE_CHECK_SIZE] - x.f.before.figures[HONE_CHECK_SIZE],
		31000 - 1030);
	found_done(&x);
	/* All of it is kept: a second search builds nothing but what failed. */
	if (bisect(&x, "HEAD~6..HEAD", "size=+10 kB", NULL))
		fail_msg("%s", x.err.msg);
	assert_string_equal(x.f.told.why, "size above +10 kB");
	assert_null(strstr(hone_buf_str(&told), "built "));
	assert_string_equal(x.f.told.subject, "a table");
	found_done(&x);
}

static void commit_that_is_slower(void **state)
{
	struct found x;

	(void)state;
	make_history();
	if (bisect(&x, "HEAD~6..HEAD", "peak_memory=+20%", "{bin} grow"))
		fail_msg("%s", x.err.msg);
	assert_string_equal(x.f.told.subject, "a table");
	assert_string_equal(x.f.told.why, "peak_memory above +20%");
	found_done(&x);
}

static void assert_no_search(const char *range, const char *limit, int error, const char *why)
{
	struct found x;

	assert_int_equal(bisect(&x, range, limit, NULL), error);
	if (!strstr(x.err.msg, why))
		fail_msg("\"%s\" is not in \"%s\"", why, x.err.msg);
	found_done(&x);
}

static void ranges_without_an_answer(void **state)
{
	(void)state;
	make_history();
	assert_no_search("HEAD", NULL, HONE_E_USAGE, "takes two revisions, GOOD..BAD, not `HEAD`");
	assert_no_search("HEAD^...HEAD", NULL, HONE_E_USAGE, "not `HEAD^...HEAD`");
	assert_no_search("v1..HEAD", NULL, HONE_E_NOT_FOUND, "v1");
	assert_no_search("HEAD^..v2", NULL, HONE_E_NOT_FOUND, "v2");
	assert_no_search("HEAD..HEAD^", NULL, HONE_E_USAGE, "there is no commit in HEAD..HEAD^");
	assert_no_search("HEAD~6..HEAD~5", "size=+1%", HONE_E_USAGE,
		"is not over a budget beside its beginning");
	commit_size("smaller again", "1000");
	assert_no_search(
		"HEAD~2..HEAD", NULL, HONE_E_USAGE, "HEAD~2..HEAD is not larger at its end (");
	assert_no_search("HEAD~4..HEAD~3", NULL, HONE_E_FAILED, "level 2 is broken");
}

#define CHECK_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CHECK_TEST(budgets_are_proved_by_runs),
		CHECK_TEST(rounds_that_decide_nothing),
		CHECK_TEST(one_file_needs_no_rounds),
		CHECK_TEST(what_is_not_run),
		CHECK_TEST(side_that_fails),
		CHECK_TEST(commit_that_did_it),
		CHECK_TEST(commit_that_is_slower),
		CHECK_TEST(ranges_without_an_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
