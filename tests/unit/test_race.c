/* Who leaves the rounds, and how often a workload is run in them. */
#include "measure_impl.h"
#include "noise.h"
#include "pick.h"
#include "rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_repeats(void **state)
{
	static const double alone[] = {0.1}, alike[] = {0.03, 0.01, 0.03}, none[] = {0, 0};
	/* A window of 9.7 s beside a cold start of 1.5 ms. */
	static const double apart[] = {9.7, 0.0015}, most[] = {600, 0.0001};
	size_t n[3];

	(void)state;
	hone_race_repeats(alone, 1, n);
	assert_int_equal(n[0], 1);
	hone_race_repeats(alike, 3, n);
	assert_int_equal(n[0], 1);
	assert_int_equal(n[1], 1);
	hone_race_repeats(none, 2, n);
	assert_int_equal(n[0], 1);
	assert_int_equal(n[1], 1);
	hone_race_repeats(apart, 2, n);
	assert_int_equal(n[0], 1);
	assert_int_equal(n[1], 80);
	hone_race_repeats(most, 2, n);
	assert_int_equal(n[1], HONE_RULE_REPEATS_MOST);
}

enum { MOST = 8, REPEATS = 4 };

/* A comparison of which the samples are given; two workloads, of which the second has its own rate. */
static struct hone_measurement *begin(size_t n)
{
	struct hone_measurement *m = hone_measurement_blank(n, 0, 2);
	struct hone_measure_opts opts = {0};

	hone_measure_defaults(&opts);
	hone_measurement_set_rules(m, &opts);
	for (size_t i = 0; i < 2; i++) {
		m->workloads[i].weight = 1;
		m->workloads[i].repeats = i ? REPEATS : 1;
		hone_measurement_add_metric(m, i, HONE_METRIC_CPU, i == 1);
	}
	return m;
}

/* One round of everyone who races, as rounds.c makes it. The second workload's metric is better where it is more. */
static void add_round(struct hone_measurement *m, struct noise *machine, const double *effect)
{
	double values[(MOST + 1) * (1 + REPEATS)], *to = values;

	for (size_t i = 0; i < 2; i++) {
		size_t repeats = m->workloads[i].repeats;

		for (size_t r = 0; r < repeats; r++) {
			size_t order[MOST + 1], n = 0;

			for (size_t who = 0; who <= m->n; who++) {
				to[who * repeats + r] = NAN;
				if (who == m->n || !m->left[who])
					order[n++] = who;
			}
			hone_rng_shuffle(machine->rng, order, n);
			for (size_t k = 0; k < n; k++) {
				double x = noise_next(machine, effect[order[k]]);

				to[order[k] * repeats + r] = exp(i ? -x : x);
			}
		}
		to += (m->n + 1) * repeats;
	}
	hone_measurement_add_round(m, values);
}

static void test_rounds_have_their_samples(void **state)
{
	struct hone_measurement *m = begin(2), *again = begin(2);
	const double effect[] = {0, 0.1, 0};
	struct hone_rng rng;
	struct noise machine = {.family = NOISE_GAUSSIAN, .rng = &rng};
	double values[3 * (1 + REPEATS)];

	(void)state;
	hone_rng_init(&rng, 3);
	assert_int_equal(hone_measurement_width(m), 3 * (1 + REPEATS));
	for (int i = 0; i < 20; i++)
		add_round(m, &machine, effect);
	assert_int_equal(m->rounds, 20);
	assert_int_equal(m->workloads[0].rounds, 20);
	assert_int_equal(m->workloads[1].rounds, 20 * REPEATS);
	for (size_t i = 0; i < 20; i++) {
		hone_measurement_get_round(m, i, values);
		hone_measurement_add_round(again, values);
	}
	for (size_t who = 0; who < 3; who++)
		for (size_t i = 0; i < 2; i++)
			assert_memory_equal(m->workloads[i].metrics[0].samples[who],
				again->workloads[i].metrics[0].samples[who],
				m->workloads[i].rounds * sizeof(double));
	hone_measurement_judge(m, false);
	assert_int_equal(m->workloads[1].metrics[0].estimate[1].rounds, 20 * REPEATS);
	assert_int_equal(m->composite[1].rounds, 20);
	/* What is disturbed once in a round does not count there. */
	m->workloads[1].metrics[0].samples[1][4 * REPEATS] = 1e-9;
	values[0] = m->log_cost[1][4];
	hone_measurement_judge(m, false);
	assert_true(fabs(m->log_cost[1][4] - values[0]) < 0.2);
	hone_measurement_free(m);
	hone_measurement_free(again);
}

/* 3 % slower stays, as it may be the smallest within the margin; 50 % slower leaves, and keeps its verdict. */
static void test_who_leaves(void **state)
{
	struct hone_measurement *m = begin(5);
	const double effect[] = {0, 0.03, 0.405, -0.2, -0.12, 0};
	struct hone_rng rng;
	struct noise machine = {.family = NOISE_SPIKES, .rng = &rng};
	struct hone_estimate before;

	(void)state;
	hone_rng_init(&rng, 4);
	for (int i = 0; i < 40; i++)
		add_round(m, &machine, effect);
	hone_measurement_race(m); /* nothing was judged */
	assert_int_equal(m->left[2], 0);
	hone_measurement_judge(m, true);
	m->control_differs = true; /* nothing can be trusted */
	hone_measurement_race(m);
	assert_int_equal(m->left[2], 0);
	m->control_differs = false;
	hone_measurement_race(m);
	assert_int_equal(m->left[0], 0); /* the baseline never does, though two beat it */
	assert_int_equal(m->left[2], 40);
	assert_int_equal(m->left[3], 0);
	assert_int_equal(m->left[4], 40); /* better than the baseline, and beaten by another */
	assert_int_equal(m->composite[2].verdict, HONE_VERDICT_WORSE);
	assert_int_equal(m->composite[4].verdict, HONE_VERDICT_BETTER);
	before = m->composite[2];
	for (int i = 0; i < 40; i++)
		add_round(m, &machine, effect);
	hone_measurement_judge(m, false);
	assert_int_equal(m->composite[2].rounds, 40);
	assert_true(m->composite[2].ratio == before.ratio && m->composite[2].low == before.low);
	assert_int_equal(m->composite[3].rounds, 80);
	assert_true(isnan(m->workloads[1].metrics[0].samples[2][40 * REPEATS]));
	hone_measurement_free(m);
}

static bool has_false_claim(const struct hone_measurement *m, size_t same)
{
	for (size_t i = 1; i <= same; i++)
		if (m->composite[i].verdict == HONE_VERDICT_BETTER ||
			m->composite[i].verdict == HONE_VERDICT_WORSE)
			return true;
	return false;
}

/* Three that are the same as the baseline beside two that leave: at most 1 % of comparisons may call one of the three
 * better or worse, at whatever look. bench/aa does it at length. */
static void test_false_winners(void **state)
{
	enum { RUNS = 100, SAME = 3, ROUNDS = 60 };
	const double effect[] = {0, 0, 0, 0, 0.08, 0.405, 0};

	(void)state;
	for (int family = 0; family < NOISE_FAMILIES; family++) {
		struct hone_rng rng;
		int claims = 0, left = 0;

		hone_rng_init(&rng, 7000 + (uint64_t)family);
		for (int run = 0; run < RUNS; run++) {
			struct noise machine = {.family = (enum noise_family)family, .rng = &rng};
			struct hone_measurement *m = begin(SAME + 3);
			bool claimed = false;

			while (m->rounds < ROUNDS && !claimed) {
				add_round(m, &machine, effect);
				if (m->rounds % 5 || m->rounds < HONE_RULE_ROUNDS_LEAST)
					continue;
				hone_measurement_judge(m, true);
				hone_measurement_race(m);
				claimed = has_false_claim(m, SAME);
			}
			claims += claimed;
			left += m->left[5] > 0;
			hone_measurement_free(m);
		}
		/* Binomial(100, 0.01) is above 4 with a probability of 0.3 %. */
		if (claims > 4)
			fail_msg("%s: %d of %d", noise_names[family], claims, (int)RUNS);
		if (family == NOISE_SPIKES)
			assert_int_equal(left, RUNS);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_repeats),
		cmocka_unit_test(test_rounds_have_their_samples),
		cmocka_unit_test(test_who_leaves),
		cmocka_unit_test(test_false_winners),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
