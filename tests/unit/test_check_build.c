/* What `check` compares, by the engine's headers: two states out of git, a saved one, budgets and runs. */
#include "check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "fake_project.h"
#include "fake_git.h"

/* A branch with a commit beside main: level 1 there, none on main. */
static void make_repository(void)
{
	begin_repository();
	commit("");
	assert_true(GIT("checkout", "-qb", "smaller"));
	commit("[profile.release]\nopt-level = 1\n");
}

static const char *setting(const struct hone_check_side *s, const char *key)
{
	for (size_t i = 0; i < s->n_settings; i++)
		if (strcmp(s->settings[i].key, key) == 0)
			return s->settings[i].value;
	fail_msg("there is no %s", key);
	return NULL;
}

static void assert_side(const struct hone_check_side *s, const char *level)
{
	uint64_t sum = 0;
	bool hot = false;

	assert_string_equal(s->package, "prog");
	assert_string_equal(s->profile, "release");
	assert_int_equal(s->figures[HONE_CHECK_CRATES], 2);
	assert_int_equal(s->n_deps, 1);
	assert_string_equal(s->deps[0].name, "dep");
	assert_string_equal(s->deps[0].version, "1.2.3");
	assert_string_equal(s->deps[0].via, "prog > dep");
	assert_string_equal(setting(s, "opt-level"), level);
	assert_true(s->named);
	for (size_t i = 0; i < s->n_rows; i++) {
		sum += s->rows[i].size;
		hot |= strcmp(s->rows[i].owner, "prog") == 0 && strstr(s->rows[i].name, "hot");
	}
	assert_true(hot);
	assert_int_equal(sum, s->figures[HONE_CHECK_SIZE]);
}

static void two_states_out_of_git(void **state)
{
	struct sides c;

	(void)state;
	make_repository();
	if (compare(&c, (struct hone_check_request){0}))
		fail_msg("%s", c.err.msg);
	assert_side(&c.base, "3");
	assert_side(&c.head, "1");
	assert_int_equal(
		c.base.figures[HONE_CHECK_SIZE] - c.head.figures[HONE_CHECK_SIZE], 200 + 1);
	assert_int_equal(strlen(c.head.what), 9);
	done(&c);
	/* An edit belongs to the head; the user's files stay where they are. */
	put_file("notes.txt", "new\n");
	if (compare(&c, (struct hone_check_request){.base = "HEAD"}))
		fail_msg("%s", c.err.msg);
	assert_non_null(strstr(c.head.what, " with 1 uncommitted edit"));
	assert_int_equal(c.base.figures[HONE_CHECK_SIZE], c.head.figures[HONE_CHECK_SIZE]);
	assert_string_equal(c.base.hash, c.head.hash);
	done(&c);
}

static void assert_fails(struct hone_check_request r, int error, const char *why)
{
	struct sides c;

	assert_int_equal(compare(&c, r), error);
	if (!strstr(c.err.msg, why))
		fail_msg("\"%s\" is not in \"%s\"", why, c.err.msg);
	done(&c);
}

static void what_has_no_base(void **state)
{
	(void)state;
	if (!GIT("--version"))
		skip();
	setenv("GIT_CEILING_DIRECTORIES", scratch, 1);
	assert_fails((struct hone_check_request){0}, HONE_E_FAILED, "is in no git repository");
	unsetenv("GIT_CEILING_DIRECTORIES");
	make_repository();
	assert_fails((struct hone_check_request){.base = "v1.0"}, HONE_E_NOT_FOUND, "v1.0");
	assert_true(GIT("checkout", "-q", "main"));
	assert_fails((struct hone_check_request){0}, HONE_E_USAGE,
		"HEAD is on main, and nothing is edited");
	commit("[profile.release]\nopt-level = 2\n");
	assert_fails(
		(struct hone_check_request){.base = "HEAD^"}, HONE_E_FAILED, "level 2 is broken");
	assert_true(GIT("branch", "-m", "trunk"));
	assert_fails((struct hone_check_request){0}, HONE_E_USAGE,
		"which branch is the default one is not known here");
}

/* ---- a side as a file */

static void rewrite(const char *path, const char *from, const char *to)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	hone_auto_free char *whole = NULL;
	char *at;

	assert_int_equal(hone_fs_read(path, 1 << 24, &text, NULL, NULL), 0);
	at = strstr(text.p, from);
	assert_non_null(at);
	whole = hone_xasprintf("%.*s%s%s", (int)(at - text.p), text.p, to, at + strlen(from));
	put_file(path, whole);
}

static void assert_damaged(const char *path, int error, const char *why)
{
	hone_auto_free char *dir = in_scratch("loaded");
	struct hone_check_side side = HONE_CHECK_SIDE_INIT;
	hone_auto_err struct hone_err err = HONE_ERR_INIT;

	assert_int_equal(hone_check_load(path, dir, &side, &err), error);
	if (!strstr(err.msg, why))
		fail_msg("\"%s\" is not in \"%s\"", why, err.msg);
	hone_check_side_release(&side);
}

static void side_as_a_file(void **state)
{
	hone_auto_free char *path = in_scratch("base.json");
	struct sides c;

	(void)state;
	make_repository();
	if (compare(&c, (struct hone_check_request){.head_only = true}))
		fail_msg("%s", c.err.msg);
	assert_side(&c.head, "1");
	assert_int_equal(c.base.n_rows, 0);
	assert_int_equal(hone_check_save(&c.head, true, path, &c.err), 0);
	done(&c);
	commit(""); /* as it was on main */
	if (compare(&c, (struct hone_check_request){.against = path}))
		fail_msg("%s", c.err.msg);
	assert_side(&c.base, "1");
	assert_side(&c.head, "3");
	assert_true(hone_fs_exists(c.base.binary));
	assert_int_equal(
		c.head.figures[HONE_CHECK_SIZE] - c.base.figures[HONE_CHECK_SIZE], 200 + 1);
	done(&c);
	assert_damaged(
		opts.manifest_path, HONE_E_SYNTAX, "is no file of `cargo hone check --save`");
	rewrite(path, "\"schema\":1", "\"schema\":2");
	assert_damaged(path, HONE_E_UNSUPPORTED, "was written by a newer hone");
	rewrite(path, "\"schema\":2", "\"schema\":1");
	rewrite(path, "\"bin\":\"prog\"", "\"bin\":\"../prog\"");
	assert_damaged(path, HONE_E_SYNTAX, "its binary has no name");
	rewrite(path, "\"bin\":\"../prog\"", "\"bin\":\"prog\"");
	rewrite(path, "\"hash\":\"", "\"hash\":\"0");
	assert_damaged(path, HONE_E_SYNTAX, "its binary is not whole");
	rewrite(path, "\"size\":", "\"size\":1");
	assert_damaged(path, HONE_E_SYNTAX, "is no file of");
	rewrite(path, "\"kind\":\"hone-check\"", "\"kind\":\"hone\"");
	assert_damaged(path, HONE_E_SYNTAX, "it is something else");
	put_file(path, "{\"kind\": ");
	assert_damaged(path, HONE_E_SYNTAX, "is no file of");
}

/* ---- budgets and runs */

static int take(const struct hone_session *s, const char *line, struct hone_check_budgets *b,
	struct hone_err *err)
{
	hone_auto_strv struct hone_strv lines = HONE_STRV_INIT;

	if (line)
		hone_strv_push(&lines, line);
	*b = (struct hone_check_budgets){0};
	return hone_check_budgets_take(s, &lines, b, err);
}

static void budgets_of_file_and_options(void **state)
{
	static const char file[] = "[budget]\nsize = [\"+1%\", \"2 MB\"]\ncrates = 20\n"
				   "labels = [\"debug\", \"glibc\"]\nglibc = \"2.31\"\n"
				   "[budget.workload.a]\ncpu = \"+3%\"\n"
				   "[[workload]]\nname = \"a\"\nrun = \"{bin}\"\n"
				   "[[workload]]\nname = \"b\"\nrun = \"{bin} b\"\n";
	hone_auto_strv struct hone_strv no_lines = HONE_STRV_INIT;
	struct hone_session s = HONE_SESSION_INIT;
	struct hone_check_budgets b;
	struct hone_check_runs runs = {0};
	struct hone_err err = HONE_ERR_INIT;

	(void)state;
	put_file("hone.toml", file);
	open_session(HONE_SESSION_GRAPH, &s);
	assert_int_equal(take(&s, NULL, &b, &err), 0);
	assert_int_equal(b.n, 6);
	assert_int_equal(hone_check_limit(&b.v[0], 1000), 1010);
	assert_true(hone_ends(b.v[0].where, "hone.toml:2:9"));
	hone_check_budgets_release(&b);
	/* An option takes the place of all of its key. */
	assert_int_equal(take(&s, "size=+0", &b, &err), 0);
	assert_int_equal(b.n, 5);
	assert_string_equal(b.v[4].where, "--limit");
	hone_check_budgets_release(&b);
	/* A budget of runs is one of each workload. */
	assert_int_equal(take(&s, "time=+5%", &b, &err), 0);
	assert_int_equal(hone_check_runs_take(&s, &no_lines, &b, &runs, &err), 0);
	assert_int_equal(runs.n, 2);
	assert_int_equal(b.n, 8);
	assert_string_equal(b.v[5].workload, "a");
	assert_string_equal(b.v[6].workload, "a");
	assert_string_equal(b.v[7].workload, "b");
	assert_int_equal(b.v[7].verdict, HONE_CHECK_UNDECIDED);
	hone_check_runs_release(&runs);
	hone_check_budgets_release(&b);
	hone_session_close(&s);
}

static void budgets_that_are_none(void **state)
{
	static const struct {
		const char *file, *line;
		int error;
		const char *why, *hint;
	} rows[] = {
		{"budget = 1", NULL, HONE_E_SYNTAX, "`budget` is a table", NULL},
		{"[budget]\nsizee = 1", NULL, HONE_E_SYNTAX, "there is no budget `sizee`",
			"did you mean `size`?"},
		{"[budget]\nsize = \"much\"", NULL, HONE_E_SYNTAX, "this is no budget of size",
			"\"+1%\""},
		{"[budget]\nlabels = [\"debux\"]", NULL, HONE_E_SYNTAX, "this is no label",
			"cargo hone explain"},
		{"[budget]\nglibc = \"new\"", NULL, HONE_E_SYNTAX, "this is no budget of glibc",
			"\"2.31\""},
		{"[budget.workload.a]\nsize = 1", NULL, HONE_E_SYNTAX,
			"there is no budget `size` of a workload", "budgets are of time"},
		{"[budget.workload]\na = 1", NULL, HONE_E_SYNTAX,
			"budgets of a workload are a table", NULL},
		{"", "sizee=1", HONE_E_USAGE, "--limit sizee=1: there is no budget `sizee`",
			"did you mean `size`?"},
		{"", "size", HONE_E_USAGE, "--limit size: this is no budget", "2000000"},
		{"", "time=2 MB", HONE_E_USAGE, "--limit time=2 MB: this is no budget", "20ms"},
	};
	struct hone_session s = HONE_SESSION_INIT;

	(void)state;
	open_session(HONE_SESSION_GRAPH, &s);
	for (size_t i = 0; i < HONE_COUNT(rows); i++) {
		hone_auto_err struct hone_err err = HONE_ERR_INIT;
		struct hone_check_budgets b;

		put_file("hone.toml", rows[i].file);
		assert_int_equal(take(&s, rows[i].line, &b, &err), rows[i].error);
		if (!strstr(err.msg, rows[i].why) ||
			(rows[i].hint && (!err.hint || !strstr(err.hint, rows[i].hint))))
			fail_msg("row %zu: \"%s\", \"%s\"", i, err.msg, err.hint ? err.hint : "");
		hone_check_budgets_release(&b);
	}
	hone_session_close(&s);
}

static void runs_that_are_not_there(void **state)
{
	hone_auto_strv struct hone_strv lines = HONE_STRV_INIT;
	struct hone_session s = HONE_SESSION_INIT;
	struct hone_check_budgets b;
	struct hone_check_runs runs = {0};
	struct hone_err err = HONE_ERR_INIT;

	(void)state;
	open_session(HONE_SESSION_GRAPH, &s);
	assert_int_equal(take(&s, "time=+5%", &b, &err), 0);
	assert_int_equal(hone_check_runs_take(&s, &lines, &b, &runs, &err), HONE_E_USAGE);
	assert_string_equal(err.msg, "--limit: a budget of time needs a workload to be run");
	hone_err_release(&err);
	hone_check_runs_release(&runs);
	hone_check_budgets_release(&b);
	put_file("hone.toml", "[budget.workload.pars]\ntime = \"+3%\"\n"
			      "[[workload]]\nname = \"parse\"\nrun = \"{bin}\"\n"
			      "[[workload]]\nname = \"b\"\nkind = \"bench\"\nbench = \"speed\"\n");
	assert_int_equal(take(&s, NULL, &b, &err), 0);
	assert_int_equal(hone_check_runs_take(&s, &lines, &b, &runs, &err), HONE_E_USAGE);
	assert_string_equal(err.hint, "did you mean `parse`?");
	assert_non_null(strstr(hone_buf_str(&told), "note workload `b` is of a bench target"));
	hone_err_release(&err);
	hone_check_runs_release(&runs);
	hone_check_budgets_release(&b);
	hone_session_close(&s);
}

#define CHECK_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CHECK_TEST(two_states_out_of_git),
		CHECK_TEST(what_has_no_base),
		CHECK_TEST(side_as_a_file),
		CHECK_TEST(budgets_of_file_and_options),
		CHECK_TEST(budgets_that_are_none),
		CHECK_TEST(runs_that_are_not_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
