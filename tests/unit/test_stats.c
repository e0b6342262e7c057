#include "noise.h"
#include "front.h"
#include "pick.h"
#include "sign.h"
#include "summary.h"
#include "verdict.h"

#include <math.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <cmocka.h>

#include "stats_vectors.h"

static void assert_near(double have, double want)
{
	if (isnan(want) ? !isnan(have) : !(fabs(have - want) <= 1e-9 * fmax(1, fabs(want))))
		fail_msg("%.17g instead of %.17g", have, want);
}

static void summaries_agree_with_scipy(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(sample_vectors) / sizeof(sample_vectors[0]); i++) {
		const double *v = sample_vectors[i].v;
		size_t n = sample_vectors[i].n;

		assert_near(hone_median(v, n), sample_vectors[i].median);
		assert_near(hone_spread(v, n), sample_vectors[i].spread);
		assert_near(hone_quantile(v, n, 0.1), sample_vectors[i].q10);
		assert_near(hone_quantile(v, n, 0.9), sample_vectors[i].q90);
		assert_near(hone_lag1(v, n), sample_vectors[i].lag1);
	}
}

static void sign_test_agrees_with_scipy(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(sign_vectors) / sizeof(sign_vectors[0]); i++) {
		uint64_t n = sign_vectors[i].n, k = sign_vectors[i].k;

		assert_near(hone_binom_half_log_pmf(n, k), sign_vectors[i].log_pmf);
		assert_near(hone_binom_half_cdf(n, k), sign_vectors[i].cdf);
		assert_near(hone_sign_p(n, k), sign_vectors[i].sign_p);
		assert_near(hone_sign_log_e(n, k), sign_vectors[i].log_e);
	}
	for (size_t i = 0; i < sizeof(rank_vectors) / sizeof(rank_vectors[0]); i++) {
		assert_int_equal(hone_median_rank_fixed(rank_vectors[i].n, rank_vectors[i].level),
			rank_vectors[i].fixed);
		assert_int_equal(
			hone_median_rank_sequence(rank_vectors[i].n, rank_vectors[i].level),
			rank_vectors[i].sequence);
	}
}

/* The e-value must be a fair bet at worst: its mean after one more fair coin is what it was. */
static void e_value_is_a_martingale(void **state)
{
	(void)state;
	for (uint64_t n = 0; n < 200; n++)
		for (uint64_t w = 0; w <= n; w++) {
			double now = exp(hone_sign_log_e(n, w));
			double next = exp(hone_sign_log_e(n + 1, w)) / 2 +
				      exp(hone_sign_log_e(n + 1, w + 1)) / 2;

			if (fabs(next - now) > 1e-9 * now)
				fail_msg("n %d, w %d: %g becomes %g", (int)n, (int)w, now, next);
		}
}

static void missing_and_odd_values(void **state)
{
	double v[] = {NAN, 3, 1, NAN, 2};
	double none[] = {NAN, NAN};

	(void)state;
	assert_near(hone_median(v, 5), 2);
	assert_near(hone_median(none, 2), NAN);
	assert_near(hone_median(NULL, 0), NAN);
	assert_near(hone_quantile(none, 2, 0.5), NAN);
	assert_near(hone_quantile(v, 5, 0), 1);
	assert_near(hone_quantile(v, 5, 1), 3);
	assert_near(hone_log_ratio(0, 0), 0);
	assert_true(hone_log_ratio(1, 0) > 1e300);
	assert_true(hone_log_ratio(0, 1) < -1e300);
	assert_near(hone_log_ratio(NAN, 1), NAN);
	assert_near(hone_log_ratio(-1, 1), NAN);
	assert_near(hone_log_ratio(2, 1), 0.6931471805599453);
}

static void random_numbers_are_the_published_ones(void **state)
{
	/* splitmix64 with seed 0 begins e220a8397b1dcdaf, 6e789e6aa1b965f4, 06c45d188009454f,
	 * f88bb8a8724c81ec (Vigna's reference code); the first number of xoshiro256** follows. */
	struct hone_rng r;
	size_t order[5], seen[5][5] = {{0}};

	(void)state;
	hone_rng_init(&r, 0);
	assert_true(r.s[0] == 0xe220a8397b1dcdafu && r.s[1] == 0x6e789e6aa1b965f4u);
	assert_true(r.s[2] == 0x06c45d188009454fu && r.s[3] == 0xf88bb8a8724c81ecu);
	assert_true(hone_rng_u64(&r) == 0x99ec5f36cb75f2b4u);
	for (int t = 0; t < 50000; t++) {
		for (size_t i = 0; i < 5; i++)
			order[i] = i;
		hone_rng_shuffle(&r, order, 5);
		for (size_t i = 0; i < 5; i++)
			seen[i][order[i]]++;
	}
	for (size_t i = 0; i < 5; i++)
		for (size_t j = 0; j < 5; j++)
			assert_in_range(seen[i][j], 9500, 10500);
}

static void fill(double *v, size_t n, double low, double high)
{
	for (size_t i = 0; i < n; i++)
		v[i] = low + (high - low) * (double)(i * 7 % n) / (double)n;
}

static void verdicts(void **state)
{
	struct hone_rules rules = HONE_RULES_DEFAULT;
	struct hone_estimate e;
	double v[400] = {0};

	(void)state;
	hone_judge(v, 0, &rules, &e);
	assert_int_equal(e.verdict, HONE_VERDICT_NONE);

	fill(v, 400, -0.11, -0.09);
	hone_judge(v, 400, &rules, &e);
	assert_int_equal(e.verdict, HONE_VERDICT_BETTER);
	assert_near(e.ratio, exp(hone_median(v, 400)));
	assert_true(e.low < e.ratio && e.ratio < e.high && e.high < 0.95 && e.low > 0.85);
	assert_near(e.more_rounds, 0);
	rules.more_is_better = true;
	hone_judge(v, 400, &rules, &e);
	assert_int_equal(e.verdict, HONE_VERDICT_WORSE);
	rules.more_is_better = false;

	fill(v, 400, 0.09, 0.11);
	hone_judge(v, 400, &rules, &e);
	assert_int_equal(e.verdict, HONE_VERDICT_WORSE);

	/* Proved below 0, but by less than the precision: same comes first. */
	fill(v, 400, -0.006, -0.001);
	hone_judge(v, 400, &rules, &e);
	assert_int_equal(e.verdict, HONE_VERDICT_SAME);
	rules.precision = 0.001;
	hone_judge(v, 400, &rules, &e);
	assert_int_equal(e.verdict, HONE_VERDICT_BETTER);
	rules.precision = 0.01;

	fill(v, 400, -0.3, 0.28);
	hone_judge(v, 400, &rules, &e);
	assert_int_equal(e.verdict, HONE_VERDICT_UNDECIDED);
	assert_true(e.more_rounds > 100);
}

/* Twelve wins of twelve are no proof for 4 comparisons at 1 %, thirteen are (facts: 2^n / (n + 1)). */
static void few_rounds_prove_nothing(void **state)
{
	struct hone_rules rules = HONE_RULES_DEFAULT;
	struct hone_estimate e;
	double v[20];

	(void)state;
	fill(v, 20, -0.11, -0.09);
	rules.comparisons = 4;
	hone_judge(v, 12, &rules, &e);
	assert_int_equal(e.verdict, HONE_VERDICT_UNDECIDED);
	assert_true(e.more_rounds >= 1 && e.more_rounds <= 3);
	hone_judge(v, 13, &rules, &e);
	assert_int_equal(e.verdict, HONE_VERDICT_BETTER);
	hone_judge(v, 7, &rules, &e);
	assert_near(e.low, 0);
	assert_true(isinf(e.high));
	/* One look at a fixed number: 2 x 2^-9 <= 0.01 / 4 < 2 x 2^-8 is first met by ten rounds. */
	rules.sequential = false;
	hone_judge(v, 9, &rules, &e);
	assert_int_equal(e.verdict, HONE_VERDICT_UNDECIDED);
	hone_judge(v, 10, &rules, &e);
	assert_int_equal(e.verdict, HONE_VERDICT_BETTER);
	hone_judge(v, 5, &rules, &e);
	assert_near(e.low, 0);
}

static void ties_prove_nothing(void **state)
{
	struct hone_rules rules = HONE_RULES_DEFAULT;
	struct hone_estimate e;
	double v[200] = {0};

	(void)state;
	hone_judge(v, 200, &rules, &e);
	assert_int_equal(e.verdict, HONE_VERDICT_SAME);
	assert_near(e.low, 1);
	assert_near(e.high, 1);
	/* 90 of 200 lower, none higher: the median is 0, so nothing is better. */
	for (size_t i = 0; i < 90; i++)
		v[2 * i] = -0.5;
	hone_judge(v, 200, &rules, &e);
	assert_int_not_equal(e.verdict, HONE_VERDICT_BETTER);
}

/* Both intervals cover the median at least as often as they say; the sequence at all looks at once. */
static void intervals_cover(void **state)
{
	struct hone_rng r;
	enum { RUNS = 2000, ROUNDS = 120 };
	size_t fixed = 0, sequence = 0;

	(void)state;
	hone_rng_init(&r, 11);
	for (int run = 0; run < RUNS; run++) {
		double v[ROUNDS], sorted[ROUNDS];
		bool always = true;

		for (size_t n = 0; n < ROUNDS; n++) {
			uint64_t k;

			v[n] = exp(hone_rng_normal(&r)); /* median 1, not symmetric */
			k = hone_median_rank_sequence(n + 1, 0.95);
			if (k == 0)
				continue;
			hone_sorted(v, n + 1, sorted);
			if (sorted[k - 1] > 1 || sorted[n + 1 - k] < 1)
				always = false;
			if (n + 1 == 40) {
				k = hone_median_rank_fixed(40, 0.95);
				fixed += sorted[k - 1] <= 1 && sorted[40 - k] >= 1;
			}
		}
		sequence += always;
	}
	/* 0.95 less three standard errors of 2,000 runs. */
	assert_in_range(fixed, 1871, RUNS);
	assert_in_range(sequence, 1871, RUNS);
}

/* Identical programs, looked at after every fifth round until something is "proved": at most 1 % of
 * comparisons may name a winner or a loser. bench/aa does the same at length. */
static void identical_programs_are_told_apart_rarely(void **state)
{
	enum { RUNS = 300, CANDIDATES = 3, ROUNDS = 150 };

	(void)state;
	for (int family = 0; family < NOISE_FAMILIES; family++) {
		struct hone_rules rules = HONE_RULES_DEFAULT;
		struct hone_rng r;
		int false_claims = 0;

		rules.comparisons = CANDIDATES;
		hone_rng_init(&r, 1000 + (uint64_t)family);
		for (int run = 0; run < RUNS; run++) {
			struct noise machine = {.family = (enum noise_family)family, .rng = &r};
			const double effect[CANDIDATES + 1] = {0};
			double x[CANDIDATES][ROUNDS], t[CANDIDATES + 1];
			size_t order[CANDIDATES + 1];
			bool claimed = false;

			for (size_t n = 0; n < ROUNDS && !claimed; n++) {
				noise_round(&machine, effect, CANDIDATES + 1, order, t);
				for (size_t c = 0; c < CANDIDATES; c++) {
					struct hone_estimate e;

					x[c][n] = t[c + 1] - t[0];
					if (n % 5 != 4)
						continue;
					hone_judge(x[c], n + 1, &rules, &e);
					claimed |= e.verdict == HONE_VERDICT_BETTER ||
						   e.verdict == HONE_VERDICT_WORSE;
				}
			}
			false_claims += claimed;
		}
		/* Binomial(300, 0.01) is above 8 with a probability of 0.4 %. */
		if (false_claims > 8)
			fail_msg("%s: %d of %d", noise_names[family], false_claims, (int)RUNS);
	}
}

static void real_differences_are_found(void **state)
{
	enum { RUNS = 60, ROUNDS = 600 };
	struct hone_rules rules = HONE_RULES_DEFAULT;
	struct hone_rng r;
	int found = 0;
	double needed = 0;

	(void)state;
	hone_rng_init(&r, 5);
	for (int run = 0; run < RUNS; run++) {
		struct noise machine = {.family = NOISE_SPIKES, .rng = &r};
		const double effect[2] = {0, -0.02};
		double x[ROUNDS], t[2];
		size_t order[2], n = 0;
		struct hone_estimate e = {0};

		while (n < ROUNDS && e.verdict != HONE_VERDICT_BETTER) {
			noise_round(&machine, effect, 2, order, t);
			x[n++] = t[1] - t[0];
			hone_judge(x, n, &rules, &e);
		}
		found += e.verdict == HONE_VERDICT_BETTER;
		needed += (double)n / RUNS;
	}
	assert_int_equal(found, RUNS);
	assert_true(needed < 40);
}

/* The planner's promise, tried: a difference of what is called provable is found about 9 times of 10. */
static void provable_is_found(void **state)
{
	struct hone_rules rules = HONE_RULES_DEFAULT;
	struct hone_rng r;
	int found = 0;
	double share;

	(void)state;
	hone_rng_init(&r, 8);
	rules.sequential = false;
	rules.precision = 1e-6;
	assert_true(isinf(hone_provable(&rules, 0.1, 5)));
	assert_true(isinf(hone_provable(&rules, 0.1, 0)));
	share = hone_provable(&rules, 0.1, 200);
	assert_true(share > 0.02 && share < 0.06);
	for (int run = 0; run < 1000; run++) {
		struct hone_estimate e;
		double x[200];

		for (size_t i = 0; i < 200; i++)
			x[i] = log1p(share) + 0.1 * hone_rng_normal(&r);
		hone_judge(x, 200, &rules, &e);
		found += e.verdict == HONE_VERDICT_WORSE;
	}
	assert_in_range(found, 860, 940);
}

#define T 100
static double costs[4][T];

static struct hone_picks pick(const uint64_t *sizes, const bool *eligible, const double *levels)
{
	struct hone_rules rules = HONE_RULES_DEFAULT;
	struct hone_choice c[4];
	struct hone_picks p;

	rules.comparisons = 3;
	for (size_t i = 0; i < 4; i++) {
		/* Rounds of their own pattern, so that equal levels cannot be told apart. */
		for (size_t t = 0; t < T; t++)
			costs[i][t] = levels[i] + 0.001 * (double)((t * (2 * i + 3)) % 11);
		c[i] = (struct hone_choice){sizes[i], eligible[i], i == 0, false, costs[i]};
	}
	hone_pick(c, 4, T, &rules, 0.05, &p);
	return p;
}

static void picks(void **state)
{
	const uint64_t sizes[] = {100, 80, 70, 50};
	const bool all[] = {true, true, true, true}, no_last[] = {true, true, true, false};
	struct hone_picks p;

	(void)state;
	p = pick(sizes, all, (const double[]){0, -0.1, -0.07, 0.3});
	assert_int_equal(p.small, 3);
	assert_int_equal(p.fast, 1);
	assert_int_equal(p.n_tied, 0);
	assert_int_equal(p.balanced, 2);
	hone_picks_release(&p);

	p = pick(sizes, no_last, (const double[]){0, -0.1, -0.1, -0.5});
	assert_int_equal(p.small, 2);
	assert_int_equal(p.fast, 2);
	assert_int_equal(p.n_tied, 1);
	assert_int_equal(p.tied[0], 1);
	assert_int_equal(p.balanced, 2);
	hone_picks_release(&p);

	/* Nothing is faster: the baseline stays. */
	p = pick(sizes, all, (const double[]){0, 0.02, 0.1, 0.3});
	assert_int_equal(p.fast, 0);
	assert_int_equal(p.balanced, 1);
	hone_picks_release(&p);

	/* The smaller one is just at the margin, so nobody knows. */
	p = pick(sizes, no_last, (const double[]){0, -0.1, -0.1 + 0.0488, 0});
	assert_int_equal(p.fast, 1);
	assert_true(p.balanced == HONE_PICK_NONE);
	hone_picks_release(&p);
}

/* The picks of four choices, held against fresh rounds at other levels; NAN: it was not run again. */
static struct hone_picks confirm(
	const uint64_t *sizes, const double *levels, const double *fresh_levels)
{
	static double fresh_costs[4][T];
	const bool all[] = {true, true, true, true};
	struct hone_rules rules = HONE_RULES_DEFAULT, fresh_rules = HONE_RULES_DEFAULT;
	struct hone_picks p = pick(sizes, all, levels);
	struct hone_choice c[4], fresh[4];

	rules.comparisons = fresh_rules.comparisons = 3;
	fresh_rules.sequential = false;
	for (size_t i = 0; i < 4; i++) {
		for (size_t t = 0; t < 60; t++)
			fresh_costs[i][t] =
				fresh_levels[i] + 0.001 * (double)((t * (2 * i + 5)) % 13);
		c[i] = (struct hone_choice){sizes[i], true, i == 0, false, costs[i]};
		fresh[i] = (struct hone_choice){sizes[i], true, i == 0, false,
			isnan(fresh_levels[i]) ? NULL : fresh_costs[i]};
	}
	hone_pick_confirm((struct hone_judged){c, T, &rules},
		(struct hone_judged){fresh, 60, &fresh_rules}, 4, 0.05, &p);
	return p;
}

static void winners_hold_in_fresh_rounds(void **state)
{
	const uint64_t sizes[] = {100, 80, 70, 50};
	struct hone_picks p;

	(void)state;
	/* They are borne out: nothing changes. */
	p = confirm(sizes, (const double[]){0, -0.1, -0.07, 0.3},
		(const double[]){0, -0.1, -0.07, NAN});
	assert_int_equal(p.fast, 1);
	assert_int_equal(p.balanced, 2);
	assert_true(p.doubted == HONE_PICK_NONE);
	hone_picks_release(&p);

	/* What was ahead is level now: the baseline, and what stays near it. */
	p = confirm(
		sizes, (const double[]){0, -0.1, -0.07, 0.3}, (const double[]){0, 0, 0.01, NAN});
	assert_int_equal(p.fast, 0);
	assert_int_equal(p.doubted, 1);
	assert_int_equal(p.balanced, 2);
	hone_picks_release(&p);

	/* Even slower. */
	p = confirm(sizes, (const double[]){0, -0.1, 0.2, 0.3}, (const double[]){0, 0.2, NAN, NAN});
	assert_int_equal(p.fast, 0);
	assert_int_equal(p.doubted, 1);
	assert_int_equal(p.balanced, 0);
	hone_picks_release(&p);

	/* Of two that could not be told apart the one that holds. */
	p = confirm(sizes, (const double[]){0, -0.1, -0.1, 0.3}, (const double[]){0, -0.1, 0, NAN});
	assert_int_equal(p.fast, 1);
	assert_int_equal(p.n_tied, 0);
	assert_true(p.doubted == HONE_PICK_NONE);
	hone_picks_release(&p);

	/* The fastest holds, the balanced one does not stay near it. */
	p = confirm(
		sizes, (const double[]){0, -0.1, -0.07, 0.3}, (const double[]){0, -0.1, 0.1, NAN});
	assert_int_equal(p.fast, 1);
	assert_int_equal(p.balanced, 1);
	hone_picks_release(&p);

	/* The fresh rounds could not be trusted at all. */
	p = confirm(
		sizes, (const double[]){0, -0.1, -0.07, 0.3}, (const double[]){NAN, NAN, NAN, NAN});
	assert_int_equal(p.fast, 0);
	assert_int_equal(p.doubted, 1);
	hone_picks_release(&p);
}

static void fronts(void **state)
{
	struct hone_front_point v[] = {{400, 1.00, 0}, {100, 1.80, 1}, {120, 1.10, 2},
		{120, 1.10, 3}, {200, 1.05, 4}, {300, 1.20, 5}, {390, 0.98, 6}};
	struct hone_front_point line[] = {{100, 4, 0}, {200, 2, 1}, {400, 1, 2}};
	struct hone_front_point two[] = {{1, 2, 0}, {2, 1, 1}};
	size_t n = hone_front(v, 7);

	(void)state;
	/* The smallest, of equals the first, and nothing that another one is as good as in both. */
	assert_int_equal(n, 4);
	assert_int_equal(v[0].index, 1);
	assert_int_equal(v[1].index, 2);
	assert_int_equal(v[2].index, 4);
	assert_int_equal(v[3].index, 6);
	assert_int_equal(hone_front_knee(v, n), 1);
	/* On the chord there is no knee, and of two points neither is one. */
	assert_int_equal(hone_front(line, 3), 3);
	assert_int_equal(hone_front_knee(line, 3), 3);
	assert_int_equal(hone_front_knee(two, hone_front(two, 2)), 2);
	assert_int_equal(hone_front(v, 0), 0);
	assert_int_equal(hone_front_knee(v, 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fronts),
		cmocka_unit_test(summaries_agree_with_scipy),
		cmocka_unit_test(sign_test_agrees_with_scipy),
		cmocka_unit_test(e_value_is_a_martingale),
		cmocka_unit_test(missing_and_odd_values),
		cmocka_unit_test(random_numbers_are_the_published_ones),
		cmocka_unit_test(verdicts),
		cmocka_unit_test(few_rounds_prove_nothing),
		cmocka_unit_test(ties_prove_nothing),
		cmocka_unit_test(intervals_cover),
		cmocka_unit_test(identical_programs_are_told_apart_rarely),
		cmocka_unit_test(real_differences_are_found),
		cmocka_unit_test(provable_is_found),
		cmocka_unit_test(picks),
		cmocka_unit_test(winners_hold_in_fresh_rounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
