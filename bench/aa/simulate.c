/* simulate COMPARISONS ROUNDS [race] [FAMILY...]: comparisons of identical programs on simulated machines
 * (tests/unit/noise.h), judged by the functions that a real comparison calls after its rounds, at hone's
 * default settings: when to look, the verdicts, when to stop, the pick of a winner. Only the runs are
 * simulated. ROUNDS stands for the budget: a comparison that is not decided by then ends undecided.
 *
 * Prints one line of JSON for each family: how many comparisons called any of the three candidates better
 * ("won"), or better or worse ("claimed"), at any look at all, though a later look may have taken it back; called one
 * so in the end ("ended"); or named another fastest than the baseline ("winner").
 *
 * race: beside the three stand two that are 8 % and 50 % slower and leave the rounds ("left"; "lost": one of the three
 * did), and there are two workloads, of which the second is run eight times a round. */
#include "measure_impl.h"
#include "noise.h"
#include "num.h"
#include "pick.h"
#include "rules.h"

#include <stdio.h>
#include <string.h>

enum { SAME = 3, MOST = SAME + 2 + 2, REPEATS = 8 };

/* Log time of the baseline, those that are the same as it, those that are slower, the control. */
static const double plain[] = {0, 0, 0, 0, 0}, racing[] = {0, 0, 0, 0, 0.077, 0.405, 0};

struct counts {
	unsigned long long comparisons, rounds, looks, claimed, won, ended, winner, same, control,
		left, lost;
};

static bool has_claim(const struct hone_measurement *m)
{
	for (size_t i = 1; i <= SAME; i++)
		if (m->composite[i].verdict == HONE_VERDICT_BETTER ||
			m->composite[i].verdict == HONE_VERDICT_WORSE)
			return true;
	return false;
}

static bool has_better(const struct hone_measurement *m)
{
	for (size_t i = 1; i <= SAME; i++)
		if (m->composite[i].verdict == HONE_VERDICT_BETTER)
			return true;
	return false;
}

static bool names_a_winner(const struct hone_measurement *m)
{
	struct hone_choice choices[MOST];
	struct hone_picks picks;
	bool named;

	for (size_t i = 0; i < m->n; i++)
		choices[i] = (struct hone_choice){.size = 1000,
			.eligible = true,
			.baseline = i == 0,
			.log_cost = m->control_differs ? NULL : m->log_cost[i]};
	hone_pick(choices, m->n, m->rounds, &m->rules, HONE_RULE_BALANCED_MARGIN, &picks);
	named = picks.fast != 0 && picks.fast != HONE_PICK_NONE;
	hone_picks_release(&picks);
	return named;
}

/* One run of everyone who races, in random order, into every `step`th of the values; NaN for the others. */
static void run_everyone(struct noise *machine, const struct hone_measurement *m,
	const double *effect, double *values, size_t step)
{
	size_t order[MOST], n = 0;

	for (size_t i = 0; i <= m->n; i++) {
		values[i * step] = NAN;
		if (i == m->n || !m->left[i])
			order[n++] = i;
	}
	hone_rng_shuffle(machine->rng, order, n);
	for (size_t i = 0; i < n; i++)
		values[order[i] * step] = exp(noise_next(machine, effect[order[i]]));
}

static void run_round(struct noise *machine, struct hone_measurement *m, const double *effect)
{
	double values[MOST * (1 + REPEATS)];
	double *to = values;

	for (size_t i = 0; i < m->n_workloads; i++) {
		size_t repeats = m->workloads[i].repeats;

		for (size_t r = 0; r < repeats; r++)
			run_everyone(machine, m, effect, to + r, repeats);
		to += (m->n + 1) * repeats;
	}
	hone_measurement_add_round(m, values);
}

static struct hone_measurement *begin(bool race, struct hone_measure_opts *opts)
{
	struct hone_measurement *m =
		hone_measurement_blank(race ? SAME + 3 : SAME + 1, 0, race ? 2 : 1);

	hone_measure_defaults(opts);
	hone_measurement_set_rules(m, opts);
	for (size_t i = 0; i < m->n_workloads; i++) {
		m->workloads[i].weight = 1;
		m->workloads[i].repeats = i ? REPEATS : 1;
		hone_measurement_add_metric(m, i, HONE_METRIC_CPU, false);
	}
	return m;
}

static void count_left(const struct hone_measurement *m, struct counts *c)
{
	bool lost = false;

	for (size_t i = 1; i < m->n; i++) {
		c->left += i > SAME && m->left[i];
		lost |= i <= SAME && m->left[i];
	}
	c->lost += lost;
}

static void compare(struct noise *machine, bool race, size_t most_rounds, struct counts *c)
{
	struct hone_measure_opts opts = {0};
	struct hone_measurement *m = begin(race, &opts);
	size_t looked = 0;
	bool claimed = false, won = false;

	while (m->rounds < most_rounds) {
		run_round(machine, m, race ? racing : plain);
		if (!hone_measurement_is_look(m->rounds, looked, opts.min_rounds))
			continue;
		looked = m->rounds;
		hone_measurement_judge(m, true);
		hone_measurement_race(m);
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
	count_left(m, c);
	hone_measurement_free(m);
}

static void run_family(enum noise_family family, bool race, uint64_t comparisons, size_t rounds)
{
	struct counts c = {0};
	struct hone_rng rng;

	hone_rng_init(&rng, 20000 + (uint64_t)family);
	for (uint64_t i = 0; i < comparisons; i++) {
		struct noise machine = {.family = family, .rng = &rng};

		compare(&machine, race, rounds, &c);
	}
	printf("{\"family\": \"%s\", \"race\": %s, \"comparisons\": %llu, \"rounds\": %llu, "
	       "\"looks\": "
	       "%llu, \"claimed\": %llu, \"won\": %llu, \"ended\": %llu, \"winner\": %llu, "
	       "\"same\": "
	       "%llu, \"control\": %llu, \"left\": %llu, \"lost\": %llu}\n",
		noise_names[family], race ? "true" : "false", c.comparisons, c.rounds, c.looks,
		c.claimed, c.won, c.ended, c.winner, c.same, c.control, c.left, c.lost);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	uint64_t comparisons, rounds;
	bool race = argc > 3 && strcmp(argv[3], "race") == 0;
	int first = race ? 4 : 3;

	if (argc < 3 || !hone_parse_u64(hone_view_of(argv[1]), &comparisons) ||
		!hone_parse_u64(hone_view_of(argv[2]), &rounds)) {
		fputs("usage: simulate COMPARISONS ROUNDS [race] [FAMILY...]\n", stderr);
		return 2;
	}
	for (int f = 0; f < NOISE_FAMILIES; f++) {
		bool wanted = argc == first;

		for (int i = first; i < argc; i++)
			wanted |= strcmp(argv[i], noise_names[f]) == 0;
		if (wanted)
			run_family((enum noise_family)f, race, comparisons, rounds);
	}
	return 0;
}
