/* Candidates of the project's own, and whether what was applied is still best, by the engine's headers. */
#include "recipe.h"
#include "recipes.h"
#include "results.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "fake_project.h"

/* ---- names of the project's own */

static void load(const struct hone_session *s, struct hone_recipes *ret)
{
	struct hone_err err = HONE_ERR_INIT;

	hone_buf_reset(&told);
	if (hone_recipes_load(s, ret, &err))
		fail_msg("%s", err.msg);
}

static void kept_and_saved(void **state)
{
	static const char file[] = "# ours\n[[workload]]\nname = \"a\"\nrun = \"{bin}\"\n";
	struct hone_session s = HONE_SESSION_INIT;
	struct hone_recipes r = {0};
	hone_auto_free char *path = NULL, *again = NULL;

	(void)state;
	open_session(HONE_SESSION_GRAPH | HONE_SESSION_BUILD, &s);
	load(&s, &r);
	assert_int_equal(r.names.n, 0);
	hone_recipes_release(&r);
	/* What tune found is known without a file of the user's. */
	assert_int_equal(hone_recipes_keep(&s, "tuned-small", "opt-level=1", NULL), 0);
	assert_int_equal(hone_recipes_keep(&s, "tuned-fast", "lto=\"fat\"", NULL), 0);
	assert_int_equal(hone_recipes_keep(&s, "tuned-small", "opt-level=\"z\"", NULL), 0);
	assert_false(hone_fs_exists("hone.toml"));
	load(&s, &r);
	assert_int_equal(r.names.n, 2);
	assert_string_equal(r.names.v[0], "tuned-small");
	assert_string_equal(r.texts.v[0], "opt-level=\"z\"");
	assert_string_equal(r.texts.v[1], "lto=\"fat\"");
	hone_recipes_release(&r);
	/* Into a new file, and into one that the user has written. */
	assert_int_equal(hone_recipes_save(&s, "tuned-small", "opt-level=\"z\"", &path, NULL), 0);
	assert_true(hone_ends(path, "/p/hone.toml"));
	assert_file(path, "[candidates]\ntuned-small = \"opt-level=\\\"z\\\"\"\n");
	put_file(path, file);
	assert_int_equal(hone_recipes_save(&s, "tuned-small", "opt-level=1", &again, NULL), 0);
	assert_string_equal(again, path);
	{
		hone_auto_free char *want =
			hone_xasprintf("%s\n[candidates]\ntuned-small = \"opt-level=1\"\n", file);

		assert_file(path, want);
	}
	/* What tune found last counts, which is said. */
	load(&s, &r);
	assert_int_equal(r.names.n, 2);
	assert_string_equal(r.texts.v[0], "opt-level=\"z\"");
	assert_string_equal(hone_buf_str(&told),
		"note tuned-small is what tune found last; hone.toml has another one, which `tune "
		"--save` replaces\n");
	hone_recipes_release(&r);
	hone_session_close(&s);
}

static void candidates_that_are_none(void **state)
{
	static const struct {
		const char *file, *why;
		int error;
	} rows[] = {
		{"candidates = 1\n", "hone.toml:1:14: `candidates` is a table: write [candidates]",
			HONE_E_SYNTAX},
		{"[candidates]\na = 1\n", "a candidate is a text: NAME = \"KEY=VALUE,...\"",
			HONE_E_SYNTAX},
		{"[candidates]\na = \"b\\u0000c\"\n", "a candidate is a text", HONE_E_SYNTAX},
		{"[candidates]\n\"a b\" = \"lto=fat\"\n", "letters, digits, - and _, not `a b`",
			HONE_E_SYNTAX},
		{"[candidates]\n\"\" = \"lto=fat\"\n", "letters, digits, - and _, not ``",
			HONE_E_SYNTAX},
		{"[candidates]\nsmall = \"lto=fat\"\n",
			"`small` is a name of hone's own: call the candidate otherwise",
			HONE_E_SYNTAX},
		{"[candidates\n", "hone.toml:1:", HONE_E_SYNTAX},
	};
	const char *const own[] = {NULL, "small", "opt-level=1"}, *const ours[] = {"ours"};
	struct hone_session s = HONE_SESSION_INIT;
	hone_auto_buf struct hone_buf many = HONE_BUF_INIT;
	struct hone_recipes r = {0};
	struct hone_err err = HONE_ERR_INIT;

	(void)state;
	open_session(HONE_SESSION_GRAPH, &s);
	for (size_t i = 0; i < HONE_COUNT(rows); i++) {
		put_file("hone.toml", rows[i].file);
		assert_int_equal(hone_recipes_load(&s, &r, &err), rows[i].error);
		if (!strstr(err.msg, rows[i].why))
			fail_msg("row %zu: \"%s\"", i, err.msg);
		hone_err_release(&err);
		/* Who names none of them does not meet it. */
		assert_int_equal(hone_recipes_wanted(&s, own, HONE_COUNT(own), &r, &err), 0);
		assert_int_equal(r.names.n, 0);
		assert_int_equal(hone_recipes_wanted(&s, ours, 1, &r, &err), rows[i].error);
		hone_err_release(&err);
	}
	hone_buf_adds(&many, "[candidates]\n");
	for (int i = 0; i < 1001; i++)
		hone_buf_addf(&many, "c%d = \"lto=fat\"\n", i);
	put_file("hone.toml", hone_buf_str(&many));
	assert_int_equal(hone_recipes_load(&s, &r, &err), HONE_E_LIMIT);
	assert_non_null(strstr(err.msg, "1001 candidates are too many"));
	hone_err_release(&err);
	hone_session_close(&s);
}

/* ---- is what was applied still best? */

static const char benched[] = "[[workload]]\nname = \"b\"\nkind = \"bench\"\nbench = \"speed\"\n"
			      "pattern = \"took ([0-9.]+ ms)\"\n";

struct judged {
	struct hone_session s;
	struct hone_try t;
	struct hone_strv names;
	struct hone_result_run before, now;
	struct hone_arena arena;
	struct hone_result_recipe recipe;
};

/* As `check --recipe` does it: known names and those of the newest run; without workloads bytes alone count. */
static void judge(struct judged *j, size_t rounds)
{
	struct hone_try_request request = {.measure = {.rounds = rounds, .warmup = 1}};
	struct hone_err err = HONE_ERR_INIT;
	struct hone_try *t = &j->t;

	*j = (struct judged){.s = HONE_SESSION_INIT,
		.before = HONE_RESULT_RUN_INIT,
		.now = HONE_RESULT_RUN_INIT};
	t->session = &j->s;
	open_session(HONE_SESSION_GRAPH | HONE_SESSION_BUILD, &j->s);
	assert_int_equal(hone_session_workloads(&j->s, &t->workloads.v, &t->workloads.n, NULL), 0);
	t->speed_measured = t->workloads.n > 0;
	assert_int_equal(hone_recipe_names(&j->s, false, &j->names, &j->before, &err), 0);
	request.names = hone_strv_argv(&j->names);
	request.n_names = j->names.n;
	if (hone_try_name_candidates(t, &request, &err) || hone_try_run(t, &request, &err))
		fail_msg("%s", err.msg);
	hone_try_result(t, &j->now);
	hone_recipe_judge(t, &j->before, &j->now, &j->arena, &j->recipe);
}

static void judged_done(struct judged *j)
{
	hone_strv_release(&j->names);
	hone_result_run_release(&j->before);
	hone_result_run_release(&j->now);
	hone_arena_release(&j->arena);
	hone_try_release(&j->t);
	hone_session_close(&j->s);
}

/* A run of these candidates is kept as the newest one. */
static void keep_a_run(const char *const *names, size_t n)
{
	const struct hone_try_request r = {.names = names, .n_names = n, .measure = {.rounds = 1}};
	hone_auto_result_run struct hone_result_run run = HONE_RESULT_RUN_INIT;
	hone_auto_strv struct hone_strv typed = HONE_STRV_INIT;
	struct hone_session s = HONE_SESSION_INIT;
	struct hone_try t = {.command = {.typed = &typed, .options = ""}};
	struct hone_err err = HONE_ERR_INIT;

	hone_strv_push(&typed, "try");
	t.session = &s;
	assert_int_equal(hone_try_name_candidates(&t, &r, &err), 0);
	open_session(HONE_SESSION_GRAPH | HONE_SESSION_BUILD, &s);
	if (hone_try_run(&t, &r, &err))
		fail_msg("%s", err.msg);
	hone_try_result(&t, &run);
	hone_results_put(&s, &run, t.finishes);
	hone_try_release(&t);
	hone_session_close(&s);
}

static void put_sizes(const char *text)
{
	hone_auto_free char *path = in_scratch("sizes");

	put_file(path, text);
}

static void nothing_was_measured_before(void **state)
{
	struct judged j;

	(void)state;
	put_sizes("20000 release\n-3000 release.opt-level=\"z\"\n");
	build_elf();
	judge(&j, 1);
	assert_int_equal(j.names.n, 3);
	assert_string_equal(j.names.v[0], "small");
	assert_int_equal(j.before.n_trials, 0);
	assert_int_equal(j.recipe.before, 0);
	assert_int_equal(j.recipe.n_changed, 0);
	assert_string_equal(j.recipe.applied, "baseline");
	assert_string_equal(j.recipe.to, "small");
	assert_non_null(strstr(j.recipe.why, " bytes in the place of "));
	assert_non_null(strstr(j.recipe.why, "; no speed was measured"));
	judged_done(&j);
}

/* The last winner is tried again; what was applied is the one that apply would write nothing for. */
static void applied_recipe_is_best(void **state)
{
	static const char *const names[] = {"opt-level=1"};
	hone_auto_free char *applied =
		hone_xasprintf("%s\n[profile.release]\nopt-level = 1\n", manifest);
	struct judged j;

	(void)state;
	put_sizes("20000 release\n-5000 opt-level=1\n");
	build_elf();
	keep_a_run(names, 1);
	put_file(opts.manifest_path, applied);
	put_sizes("15000 release\n500 release.opt-level\n-500 opt-level=1\n");
	judge(&j, 1);
	assert_int_equal(j.names.n, 4);
	assert_string_equal(j.names.v[3], "opt-level=1");
	assert_int_equal(j.before.n_trials, 2);
	assert_int_equal(j.recipe.before, j.before.id);
	assert_string_equal(j.recipe.applied, "opt-level=1");
	assert_null(j.recipe.to);
	assert_string_equal(j.recipe.why, "none of them is better");
	/* The baseline is another profile now. */
	assert_int_equal(j.recipe.n_changed, 1);
	assert_non_null(strstr(j.recipe.changed[0], "baseline was "));
	assert_non_null(strstr(j.recipe.changed[0], " %)"));
	judged_done(&j);
}

static void faster_recipe_is_proved(void **state)
{
	struct judged j;

	(void)state;
	put_file("hone.toml", benched);
	put_sizes("20000 release\n-12000 lto=\"fat\"\n");
	build_elf();
	judge(&j, 20);
	assert_string_equal(j.recipe.applied, "baseline");
	assert_non_null(j.recipe.to);
	assert_non_null(strstr(j.recipe.why, ", and it is proved to be faster"));
	judged_done(&j);
	/* Too few rounds prove nothing. */
	judge(&j, 2);
	assert_null(j.recipe.to);
	assert_string_equal(j.recipe.why, "the rounds prove of none of them that it is better");
	judged_done(&j);
}

#define RECIPE_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		RECIPE_TEST(kept_and_saved),
		RECIPE_TEST(candidates_that_are_none),
		RECIPE_TEST(nothing_was_measured_before),
		RECIPE_TEST(applied_recipe_is_best),
		RECIPE_TEST(faster_recipe_is_proved),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
