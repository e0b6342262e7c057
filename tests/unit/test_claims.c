/* What posts say of the published recipes, judged by runs. */
#include "claims.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct made {
	struct hone_result_trial trials[4];
	struct hone_result_run run;
};

/* baseline, small, fast, balanced; size 0: was not built. */
static struct hone_result_run *make(
	struct made *m, const uint64_t sizes[4], const char *const verdicts[4], bool speed)
{
	static const char *const names[] = {"baseline", "small", "fast", "balanced"};

	memset(m, 0, sizeof(*m));
	for (size_t i = 0; i < 4; i++) {
		m->trials[i].name = names[i];
		m->trials[i].size = sizes[i];
		m->trials[i].stripped_size = sizes[i] / 2;
		m->trials[i].cost = (struct hone_result_ratio){verdicts[i] ? 0.9 : (double)NAN, 0.8,
			1.1, verdicts[i] ? verdicts[i] : "none"};
	}
	m->run.trials = m->trials;
	m->run.n_trials = 4;
	m->run.speed_measured = speed;
	return &m->run;
}

static void expect(const struct hone_result_run *run, enum hone_claim_state smallest,
	enum hone_claim_state fast, enum hone_claim_state price, const char *words)
{
	struct hone_claim c[HONE_CLAIMS];
	bool found = !words;

	hone_claims_judge(run, c);
	assert_int_equal(c[0].state, smallest);
	assert_int_equal(c[1].state, fast);
	assert_int_equal(c[2].state, price);
	for (size_t i = 0; i < HONE_CLAIMS; i++)
		found |= words && c[i].why && strstr(c[i].why, words);
	assert_true(found);
	hone_claims_release(c);
}

static void test_nothing_measured(void **state)
{
	static const uint64_t none[] = {0, 0, 0, 0}, some[] = {900, 500, 800, 600};
	static const char *const no[] = {NULL, NULL, NULL, NULL};
	struct made m;

	(void)state;
	expect(NULL, HONE_CLAIM_OPEN, HONE_CLAIM_OPEN, HONE_CLAIM_OPEN, NULL);
	expect(make(&m, none, no, true), HONE_CLAIM_OPEN, HONE_CLAIM_OPEN, HONE_CLAIM_OPEN, NULL);
	/* Sizes alone. */
	expect(make(&m, some, no, false), HONE_CLAIM_HOLDS, HONE_CLAIM_OPEN, HONE_CLAIM_OPEN,
		"--run");
}

static void test_sizes(void **state)
{
	static const uint64_t fails[] = {900, 700, 800, 600}, equal[] = {900, 600, 800, 600},
			      alone[] = {900, 700, 0, 0}, by_fast[] = {900, 700, 650, 0};
	static const char *const no[] = {NULL, NULL, NULL, NULL};
	struct made m;

	(void)state;
	expect(make(&m, fails, no, false), HONE_CLAIM_FAILS, HONE_CLAIM_OPEN, HONE_CLAIM_OPEN,
		"balanced has 600");
	expect(make(&m, equal, no, false), HONE_CLAIM_FAILS, HONE_CLAIM_OPEN, HONE_CLAIM_OPEN,
		"too");
	expect(make(&m, alone, no, false), HONE_CLAIM_OPEN, HONE_CLAIM_OPEN, HONE_CLAIM_OPEN, NULL);
	expect(make(&m, by_fast, no, false), HONE_CLAIM_FAILS, HONE_CLAIM_OPEN, HONE_CLAIM_OPEN,
		"fast has 650");
	/* It is the symbol table that makes the difference. */
	make(&m, fails, no, false)->trials[1].stripped_size = 250;
	expect(&m.run, HONE_CLAIM_FAILS, HONE_CLAIM_OPEN, HONE_CLAIM_OPEN,
		"both stripped: 250 and 300");
	/* A device's flash, not the file. */
	make(&m, fails, no, false)->trials[1].flash = 10;
	m.trials[3].flash = 20;
	expect(&m.run, HONE_CLAIM_HOLDS, HONE_CLAIM_OPEN, HONE_CLAIM_OPEN, "10 bytes");
}

static void test_speed(void **state)
{
	static const uint64_t sizes[] = {900, 500, 950, 600};
	static const char *const post[] = {NULL, "worse", "better", "worse"};
	static const char *const other[] = {NULL, "worse", "same", "better"};
	static const char *const open[] = {NULL, "undecided", "undecided", "worse"};
	static const char *const small[] = {NULL, "same", "worse", "undecided"};
	struct made m;

	(void)state;
	expect(make(&m, sizes, post, true), HONE_CLAIM_HOLDS, HONE_CLAIM_HOLDS, HONE_CLAIM_HOLDS,
		"fast takes 0.900 [0.800, 1.100]");
	expect(make(&m, sizes, other, true), HONE_CLAIM_HOLDS, HONE_CLAIM_FAILS, HONE_CLAIM_FAILS,
		"balanced takes 0.900");
	expect(make(&m, sizes, open, true), HONE_CLAIM_HOLDS, HONE_CLAIM_UNDECIDED,
		HONE_CLAIM_UNDECIDED, "small takes");
	expect(make(&m, sizes, small, true), HONE_CLAIM_HOLDS, HONE_CLAIM_FAILS, HONE_CLAIM_FAILS,
		"small takes");
	/* Measured, but without a workload: that is start-up. */
	expect(make(&m, sizes, post, false), HONE_CLAIM_HOLDS, HONE_CLAIM_OPEN, HONE_CLAIM_OPEN,
		NULL);
	/* What is larger says nothing about the price of being small. */
	make(&m, sizes, other, true)->trials[3].size = 1000;
	m.trials[1].size = 1000;
	expect(&m.run, HONE_CLAIM_FAILS, HONE_CLAIM_FAILS, HONE_CLAIM_OPEN, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_measured),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_speed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
