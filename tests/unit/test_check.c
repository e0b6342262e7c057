/* Budgets, and two states beside each other. */
#include "check_groups.h"
#include "check_report.h"
#include "result_check.h"
#include "result_page.h"
#include "settings.h"

#include <math.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

static void budgets_are_read(void **state)
{
	static const struct {
		const char *text;
		uint64_t base, limit;
	} good[] = {{"2 MB", 7, 2000000}, {"1500", 7, 1500}, {"+1%", 1000, 1010},
		{"+1.5 %", 1000, 1015}, {"-10%", 1000, 900}, {"+4 kB", 1000, 5000},
		{"+0", 1000, 1000}, {"-2000", 1000, 0}, {" +0% ", 3, 3}, {"+0.1%", 999, 999}};
	static const char *const bad[] = {
		"", "+", "%", "10%", "+-1%", "+x", "1 parsec", "++1", "-", "+1%%", "nan", "+nan%"};
	static const struct {
		enum hone_check_figure figure;
		enum hone_metric metric;
		const char *text;
		double value; /* NaN: it is none */
	} others[] = {{HONE_CHECK_CRATES, HONE_METRIC_AUTO, "2 MB", NAN},
		{HONE_CHECK_CRATES, HONE_METRIC_AUTO, "+2", 2},
		{HONE_CHECK_GLIBC, HONE_METRIC_AUTO, "2.31", 0},
		{HONE_CHECK_GLIBC, HONE_METRIC_AUTO, "2.", NAN},
		{HONE_CHECK_GLIBC, HONE_METRIC_AUTO, ".2", NAN},
		{HONE_CHECK_GLIBC, HONE_METRIC_AUTO, "2..3", NAN},
		{HONE_CHECK_GLIBC, HONE_METRIC_AUTO, "new", NAN},
		{HONE_CHECK_LABELS, HONE_METRIC_AUTO, "", 0},
		{HONE_CHECK_LABELS, HONE_METRIC_AUTO, "debug , glibc",
			HONE_LABEL_DEBUG | HONE_LABEL_GLIBC},
		{HONE_CHECK_LABELS, HONE_METRIC_AUTO, "debug,", HONE_LABEL_DEBUG},
		{HONE_CHECK_LABELS, HONE_METRIC_AUTO, "debx", NAN},
		{HONE_CHECK_TIME, HONE_METRIC_AUTO, "20ms", 0.02},
		{HONE_CHECK_TIME, HONE_METRIC_CPU, "+3%", 3},
		{HONE_CHECK_TIME, HONE_METRIC_AUTO, "2 MB", NAN},
		{HONE_CHECK_TIME, HONE_METRIC_PEAK_MEMORY, "2 MB", 2e6},
		{HONE_CHECK_TIME, HONE_METRIC_PEAK_MEMORY, "2s", NAN},
		{HONE_CHECK_TIME, HONE_METRIC_MINOR_FAULTS, "+200", 200}};
	struct hone_check_budget b = {.figure = HONE_CHECK_SIZE};

	(void)state;
	for (size_t i = 0; i < HONE_COUNT(good); i++) {
		assert_true(hone_check_budget_parse(good[i].text, &b));
		assert_int_equal(hone_check_limit(&b, good[i].base), good[i].limit);
	}
	for (size_t i = 0; i < HONE_COUNT(bad); i++)
		assert_false(hone_check_budget_parse(bad[i], &b));
	for (size_t i = 0; i < HONE_COUNT(others); i++) {
		b = (struct hone_check_budget){
			.figure = others[i].figure, .metric = others[i].metric};
		assert_int_equal(
			hone_check_budget_parse(others[i].text, &b), !isnan(others[i].value));
		if (!isnan(others[i].value))
			assert_true(fabs(b.value - others[i].value) < 1e-9);
	}
}

static void versions_are_compared(void **state)
{
	static const char *const ascending[] = {"", "2", "2.2.5", "2.17", "2.17.1", "2.36", "10.0"};

	(void)state;
	for (size_t i = 0; i < HONE_COUNT(ascending); i++)
		for (size_t k = 0; k < HONE_COUNT(ascending); k++)
			assert_int_equal(hone_check_newer(ascending[i], ascending[k]), i > k);
}

static void budgets_are_held(void **state)
{
	struct hone_check_side base = HONE_CHECK_SIDE_INIT, head = HONE_CHECK_SIDE_INIT;
	struct hone_check_budget v[] = {{.figure = HONE_CHECK_GLIBC}, {.figure = HONE_CHECK_GLIBC},
		{.figure = HONE_CHECK_LABELS}, {.figure = HONE_CHECK_LABELS},
		{.figure = HONE_CHECK_SIZE},
		{.figure = HONE_CHECK_TIME, .verdict = HONE_CHECK_UNDECIDED}};
	static const char *const texts[] = {"2.31", "2.36", "glibc", "debug, glibc", "+1%", "+3%"};
	struct hone_result_check c = {
		.base = &base, .head = &head, .budgets = v, .n_budgets = HONE_COUNT(v)};

	(void)state;
	base.figures[HONE_CHECK_SIZE] = 1000;
	head.figures[HONE_CHECK_SIZE] = 1011;
	head.min_glibc = "2.34";
	head.labels = HONE_LABEL_DEBUG;
	for (size_t i = 0; i < HONE_COUNT(v); i++)
		assert_true(hone_check_budget_parse(texts[i], &v[i]));
	assert_int_equal(hone_result_check_count(&c, HONE_CHECK_OVER), 3);
	assert_int_equal(hone_result_check_count(&c, HONE_CHECK_UNDECIDED), 1);
	assert_int_equal(hone_result_check_verdict(&c, &v[0]), HONE_CHECK_OVER);
	assert_int_equal(hone_result_check_verdict(&c, &v[2]), HONE_CHECK_OVER);
	assert_int_equal(hone_result_check_verdict(&c, &v[4]), HONE_CHECK_OVER);
}

static void instances_are_of_one_source(void **state)
{
	static const char *const names[][2] = {{"kit::planted", "kit::planted"},
		{"kit::planted::<u8>", "kit::planted"}, {"kit::planted<u8>", "kit::planted"},
		{"a::b::<T>::c", "a::b::c"}, {"a::B<T>::c", "a::B::c"},
		{"<alloc::vec::Vec<T>>::push", "alloc::vec::Vec::push"},
		{"<kit::A as core::fmt::Debug>::fmt", "core::fmt::Debug::fmt"},
		{"<kit::A<u8> as core::convert::From<kit::B>>::from", "core::convert::From::from"},
		{"<fn(u8) -> u8 as core::ops::FnOnce<(u8,)>>::call_once",
			"core::ops::FnOnce::call_once"},
		{"<[T] as a::B>::c::{closure#0}", "a::B::c::{closure#0}"}, {"<a", "<a"}, {"", ""}};
	struct hone_check_change v[] = {
		{.owner = "k", .name = "f::<u8>", .delta = 10, .head_items = 1},
		{.owner = "k", .name = "f::<u16>", .delta = 20, .head_items = 1},
		{.owner = "k", .name = "g", .delta = 50}, {.owner = "k", .name = "", .delta = 9}};
	struct hone_result_check c = {.functions = v, .n_functions = HONE_COUNT(v)};
	struct hone_check_groups groups;

	(void)state;
	for (size_t i = 0; i < HONE_COUNT(names); i++) {
		hone_auto_buf struct hone_buf to = HONE_BUF_INIT;

		hone_check_group_name(names[i][0], &to);
		assert_string_equal(hone_buf_str(&to), names[i][1]);
	}
	hone_check_groups_make(&c, &groups);
	assert_int_equal(groups.n, 1);
	assert_string_equal(groups.v[0].name, "f");
	assert_int_equal(groups.v[0].delta, 30);
	assert_int_equal(groups.v[0].more, 2);
	hone_check_groups_release(&groups);
}

/* Where it grew, and what did it. */
static void first_causes(void **state)
{
	struct hone_check_side base = {.named = true}, head = {.named = true};
	struct hone_check_change owners[] = {
		{.owner = "[.text]", .name = "", .base = 9, .delta = -9},
		{.owner = "k", .name = "", .base = 1, .head = 51, .delta = 50}};
	struct hone_check_change functions[] = {{.owner = "k", .name = "", .head = 9, .delta = 9},
		{.owner = "k", .name = "f", .head = 40, .delta = 40}};
	struct hone_check_dep dep = {"semver", "1.0.0", "", "kit > semver"};
	struct hone_check_dep_change deps[] = {{.head = &dep}};
	struct hone_check_setting_change settings[] = {{"opt-level", "2", ""}};
	struct hone_check_budget size = {.figure = HONE_CHECK_GZIP},
				 crates = {.figure = HONE_CHECK_CRATES},
				 labels = {.figure = HONE_CHECK_LABELS};
	const struct {
		size_t settings, deps, functions;
		const struct hone_check_budget *budget;
		const char *causes[2];
	} rows[] = {
		{1, 1, 2, &size, {"k: +50 bytes", "opt-level was 2, is unset"}},
		{0, 1, 2, &size, {"k: +50 bytes", "semver 1.0.0 is new, by way of kit > semver"}},
		{0, 0, 2, &size, {"k: +50 bytes", "f of k: +40 bytes, new"}},
		{0, 0, 1, &size, {"k: +50 bytes", NULL}},
		{1, 1, 2, &crates,
			{"opt-level was 2, is unset",
				"semver 1.0.0 is new, by way of kit > semver"}},
		{0, 0, 2, &crates, {NULL, NULL}},
		{1, 1, 2, &labels, {"opt-level was 2, is unset", NULL}},
	};

	(void)state;
	for (size_t i = 0; i < HONE_COUNT(rows); i++) {
		struct hone_result_check c = {.base = &base,
			.head = &head,
			.owners = owners,
			.n_owners = HONE_COUNT(owners),
			.functions = functions,
			.n_functions = rows[i].functions,
			.deps = deps,
			.n_deps = rows[i].deps,
			.settings = settings,
			.n_settings = rows[i].settings};
		hone_auto_strv struct hone_strv first = hone_check_first_causes(&c, rows[i].budget);

		for (size_t k = 0; k < HONE_COUNT(rows[i].causes); k++) {
			assert_int_equal(k < first.n, rows[i].causes[k] != NULL);
			if (k < first.n)
				assert_string_equal(first.v[k], rows[i].causes[k]);
		}
	}
}

/* Rows in any order; a name that stands twice; one that is new and one that is gone. */
static void changes_sum_up(void **state)
{
	struct hone_check_row was[] = {{"b", "f", HONE_SIZE_DEPENDENCY, 10, 1},
		{"a", "g", HONE_SIZE_WORKSPACE, 5, 1}, {"b", "f", HONE_SIZE_DEPENDENCY, 7, 1},
		{"[x]", "", HONE_SIZE_SECTION, 3, 0}};
	struct hone_check_row is[] = {{"c", "h", HONE_SIZE_DEPENDENCY, 100, 1},
		{"b", "f", HONE_SIZE_DEPENDENCY, 30, 3}, {"[x]", "", HONE_SIZE_SECTION, 3, 0}};
	struct hone_check_dep old[] = {{"m", "1.0.0", "", "p > m"}};
	struct hone_check_dep new[] = {
		{"m", "2.0.0", "x", "p > q > m"}, {"m", "1.0.0", "", "p > m"}};
	struct hone_check_setting s[] = {{"lto", "true"}}, t[] = {{"lto", "false"}};
	struct hone_check_side base = HONE_CHECK_SIDE_INIT, head = HONE_CHECK_SIDE_INIT;
	struct hone_result_check c;
	int64_t sums[2] = {0};

	(void)state;
	base.rows = was, base.n_rows = HONE_COUNT(was), base.deps = old, base.n_deps = 1,
	base.settings = s, base.n_settings = 1;
	head.rows = is, head.n_rows = HONE_COUNT(is), head.deps = new, head.n_deps = 2,
	head.settings = t, head.n_settings = 1;
	hone_check_side_sort(&base);
	hone_check_side_sort(&head);
	assert_int_equal(base.n_rows, 3);
	hone_result_check_compare(&base, &head, NULL, 0, &c);
	for (size_t i = 0; i < c.n_functions; i++)
		sums[0] += c.functions[i].delta;
	for (size_t i = 0; i < c.n_owners; i++)
		sums[1] += c.owners[i].delta;
	assert_int_equal(sums[0], 133 - 25);
	assert_int_equal(sums[1], 133 - 25);
	assert_int_equal(c.n_owners, 3);
	assert_string_equal(c.owners[0].owner, "c");
	assert_int_equal(c.functions[1].head_items - c.functions[1].base_items, 1);
	assert_int_equal(c.n_deps, 1);
	assert_true(c.deps[0].doubled && !c.deps[0].base);
	assert_int_equal(c.n_settings, 1);
	hone_result_check_release(&c);
}

/* Another version is one change; which of several was which goes by the highest. */
static void versions_are_pairs(void **state)
{
	struct hone_check_dep old[] = {{"a", "1.0.0", "", "p > a"}, {"b", "1.3.2", "x", "p > b"},
		{"b", "2.4.0", "x", "p > c > b"}, {"d", "1.0.0", "", "p > d"}};
	struct hone_check_dep new[] = {{"a", "1.0.0", "", "p > a"},
		{"b", "2.6.0", "w, x2", "p > b"}, {"e", "0.1.0", "", "p > e"}};
	struct hone_check_side base = HONE_CHECK_SIDE_INIT, head = HONE_CHECK_SIDE_INIT;
	struct hone_result_check c;
	char *features;

	(void)state;
	base.deps = old, base.n_deps = HONE_COUNT(old);
	head.deps = new, head.n_deps = HONE_COUNT(new);
	hone_result_check_compare(&base, &head, NULL, 0, &c);
	assert_int_equal(c.n_deps, 4);
	assert_true(!c.deps[0].head && strcmp(c.deps[0].base->version, "1.3.2") == 0);
	assert_string_equal(c.deps[1].base->version, "2.4.0");
	assert_string_equal(c.deps[1].head->version, "2.6.0");
	assert_true(hone_check_is_other_version(&c.deps[1]) && !c.deps[1].doubled);
	features = hone_check_features(&c.deps[1]);
	assert_string_equal(features, "+w, +x2, -x");
	free(features);
	assert_true(!c.deps[2].head && !c.deps[3].base);
	hone_result_check_release(&c);
}

/* What is left out of a page is in rows without a name; nothing is lost. */
static void small_functions_are_one_row(void **state)
{
	struct hone_result_functions f = {.n_trials = 2};
	uint64_t sums[2] = {0};

	(void)state;
	f.rows = hone_xcalloc(200, sizeof(*f.rows));
	for (size_t i = 0; i < 200; i++) {
		f.rows[f.n] =
			(struct hone_result_function){.owner = hone_xasprintf("crate%zu", i % 3),
				.name = hone_xasprintf("function_%zu", i / 2),
				.sizes = hone_xcalloc(2, sizeof(uint64_t))};
		f.rows[f.n++].sizes[i % 2] = 1 + i;
	}
	hone_result_functions_shorten(&f, 1000);
	for (size_t i = 0; i < f.n; i++)
		for (size_t k = 0; k < 2; k++)
			sums[k] += f.rows[i].sizes[k];
	assert_int_equal(sums[0] + sums[1], 200 * 201 / 2);
	assert_true(f.n < 50 && f.small > 0);
	hone_result_functions_release(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(budgets_are_read),
		cmocka_unit_test(versions_are_compared),
		cmocka_unit_test(budgets_are_held),
		cmocka_unit_test(instances_are_of_one_source),
		cmocka_unit_test(first_causes),
		cmocka_unit_test(changes_sum_up),
		cmocka_unit_test(versions_are_pairs),
		cmocka_unit_test(small_functions_are_one_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
