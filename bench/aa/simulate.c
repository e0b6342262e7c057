/* simulate COMPARISONS ROUNDS [FAMILY...]: comparisons of identical programs on simulated machines
 * (tests/unit/noise.h), judged by the functions that a real comparison calls after its rounds, at hone's
 * default settings: when to look, the verdicts, when to stop, the pick of a winner. Only the runs are
 * simulated. ROUNDS stands for the budget: a comparison that is not decided by then ends undecided.
 *
 * Prints one line of JSON for each family: how many comparisons called any of the three candidates better
 * ("won"), or better or worse ("claimed"), at any look at all, though a later look may have taken it back; called one
 * so in the end ("ended"); or named another fastest than the baseline ("winner"). */
#include "measure_impl.h"
#include "noise.h"
#include "num.h"
#include "pick.h"

#include <stdio.h>
#include <string.h>

enum { CANDIDATES = 3, CONTESTANTS = CANDIDATES + 1, EVERYONE = CONTESTANTS + 1 };

struct counts {
	unsigned long long comparisons, rounds, looks, claimed, won, ended, winner, same, control;
};

static bool has_claim(const struct hone_measurement *m)
{
	for (size_t i = 1; i < m->n; i++)
		if (m->composite[i].verdict == HONE_VERDICT_BETTER ||
			m->composite[i].verdict == HONE_VERDICT_WORSE)
			return true;
	return false;
}

static bool has_better(const struct hone_measurement *m)
{
	for (size_t i = 1; i < m->n; i++)
		if (m->composite[i].verdict == HONE_VERDICT_BETTER)
			return true;
	return false;
}

static bool names_a_winner(const struct hone_measurement *m)
{
	struct hone_choice choices[CONTESTANTS];
	struct hone_picks picks;
	bool named;

	for (size_t i = 0; i < CONTESTANTS; i++)
		choices[i] = (struct hone_choice){.size = 1000,
			.eligible = true,
			.baseline = i == 0,
			.log_cost = m->control_differs ? NULL : m->log_cost[i]};
	hone_pick(choices, CONTESTANTS, m->rounds, &m->rules, 0.05, &picks);
	named = picks.fast != 0 && picks.fast != HONE_PICK_NONE;
	hone_picks_release(&picks);
	return named;
}

static void compare(struct noise *machine, size_t most_rounds, struct counts *c)
{
	struct hone_measure_opts opts = {0};
	struct hone_measurement *m = hone_measurement_blank(CONTESTANTS, 0, 1);
	const double effect[EVERYONE] = {0};
	double t[EVERYONE];
	size_t order[EVERYONE], looked = 0;
	bool claimed = false, won = false;

	hone_measure_defaults(&opts);
	hone_measurement_set_rules(m, &opts);
	m->workloads[0].weight = 1;
	hone_measurement_add_metric(m, 0, HONE_METRIC_CPU, false);
	while (m->rounds < most_rounds) {
		noise_round(machine, effect, EVERYONE, order, t);
		for (size_t i = 0; i < EVERYONE; i++)
			t[i] = exp(t[i]);
		hone_measurement_add_round(m, t);
		if (!hone_measurement_is_look(m->rounds, looked, opts.min_rounds))
			continue;
		looked = m->rounds;
		hone_measurement_judge(m, true);
		c->looks++;
		claimed |= has_claim(m);
		won |= has_better(m);
		if (hone_measurement_undecided(m) == 0)
			break;
	}
	hone_measurement_judge(m, false);
	c->comparisons++;
	c->rounds += m->rounds;
	c->claimed += claimed || has_claim(m);
	c->won += won || has_better(m);
	c->ended += has_claim(m);
	c->winner += names_a_winner(m);
	c->same += hone_measurement_undecided(m) == 0 && !has_claim(m);
	c->control += m->control_differs;
	hone_measurement_free(m);
}

static void run_family(enum noise_family family, uint64_t comparisons, size_t rounds)
{
	struct counts c = {0};
	struct hone_rng rng;

	hone_rng_init(&rng, 20000 + (uint64_t)family);
	for (uint64_t i = 0; i < comparisons; i++) {
		struct noise machine = {.family = family, .rng = &rng};

		compare(&machine, rounds, &c);
	}
	printf("{\"family\": \"%s\", \"comparisons\": %llu, \"rounds\": %llu, \"looks\": %llu, "
	       "\"claimed\": %llu, \"won\": %llu, \"ended\": %llu, \"winner\": %llu, \"same\": "
	       "%llu, \"control\": "
	       "%llu}\n",
		noise_names[family], c.comparisons, c.rounds, c.looks, c.claimed, c.won, c.ended,
		c.winner, c.same, c.control);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	uint64_t comparisons, rounds;

	if (argc < 3 || !hone_parse_u64(hone_view_of(argv[1]), &comparisons) ||
		!hone_parse_u64(hone_view_of(argv[2]), &rounds)) {
		fputs("usage: simulate COMPARISONS ROUNDS [FAMILY...]\n", stderr);
		return 2;
	}
	for (int f = 0; f < NOISE_FAMILIES; f++) {
		bool wanted = argc == 3;

		for (int i = 3; i < argc; i++)
			wanted |= strcmp(argv[i], noise_names[f]) == 0;
		if (wanted)
			run_family((enum noise_family)f, comparisons, rounds);
	}
	return 0;
}
