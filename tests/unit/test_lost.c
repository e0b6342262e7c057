#include "lost.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

/* Files as letters: s has a symbol table, d debug information, u unwind tables. */
static struct hone_artifact file(const char *has)
{
	return (struct hone_artifact){.is_elf = true,
		.size = strchr(has, 's') ? 1500 : 1000,
		.stripped_size = 1000,
		.elf = {.has_symtab = strchr(has, 's') != NULL,
			.has_debug = strchr(has, 'd') != NULL,
			.has_eh_frame = strchr(has, 'u') != NULL}};
}

static const struct {
	const char *recipe, *was, *is;
	unsigned lost, labels;
	uint64_t cost;
} cases[] = {
	{"link.linker=mold", "su", "u", HONE_LOST_SYMBOLS, HONE_LABEL_DEBUG, 1500},
	{"small", "su", "u", HONE_LOST_SYMBOLS, HONE_LABEL_DEBUG, 1500},
	{"debug=1", "su", "u", HONE_LOST_SYMBOLS, HONE_LABEL_DEBUG, 1500},
	{"strip=debuginfo", "sdu", "u", HONE_LOST_SYMBOLS, HONE_LABEL_DEBUG, 1500},
	{"opt-level=3", "sdu", "su", HONE_LOST_DEBUG, HONE_LABEL_DEBUG, 1500},
	{"opt-level=3", "su", "s", HONE_LOST_UNWIND, HONE_LABEL_BACKTRACE, 1500},
	{"opt-level=3", "sdu", "", HONE_LOST_SYMBOLS | HONE_LOST_DEBUG | HONE_LOST_UNWIND,
		HONE_LABEL_DEBUG | HONE_LABEL_BACKTRACE, 1500},
	/* What the recipe says itself. */
	{"strip=symbols", "sdu", "u", 0, 0, 1000},
	{"strip=true", "su", "u", 0, 0, 1000},
	{"balanced", "su", "u", 0, 0, 1000},
	{"post.strip=symbols", "su", "u", 0, 0, 1000},
	{"strip=all", "su", "u", 0, 0, 1000},
	{"strip=debuginfo", "sdu", "su", 0, 0, 1500},
	{"debug=0", "sdu", "su", 0, 0, 1500},
	{"panic=abort,link.unwind=discard", "su", "s", 0, 0, 1500},
	{"strip=none", "u", "sdu", 0, 0, 1500},
	{"opt-level=3", "su", "su", 0, 0, 1500},
	/* The other way round: a linker that keeps what another took. The file counts as it is. */
	{"link.linker=lld", "u", "su", HONE_KEPT_SYMBOLS, 0, 1500},
	{"link.linker=lld", "u", "sdu", HONE_KEPT_SYMBOLS | HONE_KEPT_DEBUG, 0, 1500},
};

static void what_no_setting_takes(void **state)
{
	(void)state;
	for (size_t i = 0; i < HONE_COUNT(cases); i++) {
		struct hone_artifact was = file(cases[i].was), is = file(cases[i].is);
		struct hone_candidate *c = NULL;
		hone_auto_free char *text = NULL;
		struct hone_plan plan = {0};
		unsigned lost;

		assert_int_equal(hone_candidate_parse(cases[i].recipe, &c, NULL), 0);
		plan.candidate = c;
		lost = hone_lost_find(&plan, &was, &is);
		if (lost != cases[i].lost)
			fail_msg("%s, %s to %s: %u, not %u", cases[i].recipe, cases[i].was,
				cases[i].is, lost, cases[i].lost);
		assert_int_equal(hone_lost_labels(lost), cases[i].labels);
		if (hone_lost_cost(lost, &was, &is) != cases[i].cost)
			fail_msg("%s, %s to %s: cost", cases[i].recipe, cases[i].was, cases[i].is);
		text = hone_lost_text(lost, &was, &is);
		assert_int_equal(text != NULL, lost != 0);
		hone_candidate_free(c);
	}
}

static void linkers_are_named(void **state)
{
	struct hone_artifact was = file("s"), is = file("");
	char lld[] = "LLD 22.1.2", mold[] = "mold 1.10.1";
	hone_auto_free char *text = NULL;

	(void)state;
	was.elf.linker = lld;
	is.elf.linker = mold;
	text = hone_lost_text(HONE_LOST_SYMBOLS, &was, &is);
	assert_string_equal(text,
		"the symbol table is gone, and no setting of it says so (mold 1.10.1 linked it, "
		"LLD 22.1.2 the baseline); with symbols stripped 1,000 bytes beside 1,000, 1.000");
}

/* Unwind tables that went although the setting that would take them was left out. */
static void what_a_setting_takes_that_is_left_out(void **state)
{
	struct hone_artifact was = file("su"), is = file("s");
	struct hone_candidate *c = NULL;
	struct hone_plan plan = {0};

	(void)state;
	assert_int_equal(hone_candidate_parse("panic=abort,link.unwind=discard", &c, NULL), 0);
	plan.candidate = c;
	assert_int_equal(hone_lost_find(&plan, &was, &is), 0);
	plan.left_out[HONE_SET_LINK_UNWIND] = true;
	assert_int_equal(hone_lost_find(&plan, &was, &is), HONE_LOST_UNWIND);
	hone_candidate_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_no_setting_takes),
		cmocka_unit_test(what_a_setting_takes_that_is_left_out),
		cmocka_unit_test(linkers_are_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
