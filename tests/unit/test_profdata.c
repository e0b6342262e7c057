/* What is read from `llvm-profdata show --all-functions --counts`. */
#include "profdata.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void read_text(const char *text, struct hone_profdata *ret)
{
	struct hone_profdata_text t = {.profile = ret};
	struct hone_view rest = hone_view_of(text), line;
	bool started = false;

	while (hone_view_split(&rest, &started, '\n', &line))
		hone_profdata_line(&t, line);
	hone_profdata_finish(&t);
}

static const char three[] = "Counters:\n"
			    "  app.31c2-cgu.0;_ZN3app4cold17h0E:\n"
			    "    Hash: 0x057d220f704c806f\n"
			    "    Counters: 3\n"
			    "    Block counts: [0, 0, 0]\n"
			    "  _ZN3app4main17h1E:\n"
			    "    Hash: 0x0ec30a359297d38d\n"
			    "    Counters: 3\n"
			    "    Block counts: [8, 0, 2]\n"
			    "  app.31c2-cgu.0;_ZN3app3hot17h2E:\n"
			    "    Hash: 0x1\n"
			    "    Counters: 1\n"
			    "    Block counts: [990]\n"
			    "Instrumentation level: IR  entry_first = 0\n"
			    "Functions shown: 3\n"
			    "Total functions: 3\n";

static void weights_are_sums_of_counts(void **state)
{
	struct hone_profdata p = {0};
	(void)state;

	read_text(three, &p);
	assert_int_equal(p.n_functions, 3);
	assert_int_equal(p.n_executed, 2);
	assert_true(p.total == 1000);
	assert_int_equal(p.functions.n, 2);
	assert_string_equal(p.functions.v[0].name, "_ZN3app3hot17h2E");
	assert_true(p.functions.v[0].weight == 990);
	assert_string_equal(p.functions.v[1].name, "_ZN3app4main17h1E");
	hone_profdata_release(&p);
}

static void check_hot(const struct hone_profdata *p, double share, size_t expected)
{
	hone_auto_strv struct hone_strv names = HONE_STRV_INIT;

	hone_profdata_hot(p, share, &names);
	assert_int_equal(names.n, expected);
	assert_string_equal(names.v[0], "_ZN3app3hot17h2E");
}

static void hot_functions_hold_the_share(void **state)
{
	struct hone_profdata p = {0};
	(void)state;

	read_text(three, &p);
	check_hot(&p, 0.5, 1);
	check_hot(&p, 0.99, 1);
	check_hot(&p, 0.991, 2);
	check_hot(&p, 1, 2);
	/* The share that gives just so many. */
	check_hot(&p, hone_profdata_share(&p, 1), 1);
	check_hot(&p, hone_profdata_share(&p, 2), 2);
	assert_true(hone_profdata_share(&p, 1) <= 0.99);
	assert_true(hone_profdata_share(&p, 0) == 0);
	hone_profdata_release(&p);
}

static void one_name_with_two_shapes_is_named_once(void **state)
{
	hone_auto_strv struct hone_strv names = HONE_STRV_INIT;
	struct hone_profdata p = {0};
	(void)state;

	read_text("  f:\n    Block counts: [5]\n  f:\n    Block counts: [7]\n", &p);
	assert_true(p.total == 12);
	hone_profdata_hot(&p, 1, &names);
	assert_int_equal(names.n, 1);
	assert_true(hone_profdata_share(&p, 1) > 7.0 / 12); /* both shapes */
	hone_profdata_release(&p);
}

static void foreign_lines_do_no_harm(void **state)
{
	static const char *const texts[] = {"", "\n", "  :", "    Block counts: [1]",
		"  f:\n    Block counts: [",
		"  f:\n    Block counts: [x, -1, 99999999999999999999]",
		"  ;:\n    Block counts: []"};
	(void)state;

	for (size_t i = 0; i < HONE_COUNT(texts); i++) {
		struct hone_profdata p = {0};

		read_text(texts[i], &p);
		assert_int_equal(p.n_executed, 0);
		assert_true(p.total == 0);
		hone_profdata_release(&p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(weights_are_sums_of_counts),
		cmocka_unit_test(hot_functions_hold_the_share),
		cmocka_unit_test(one_name_with_two_shapes_is_named_once),
		cmocka_unit_test(foreign_lines_do_no_harm),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
