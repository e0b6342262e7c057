#include "claims.h"

#include "num.h"
#include "verdict.h"

#include <math.h>
#include <string.h>

const char *hone_claim_state_text(enum hone_claim_state s)
{
	switch (s) {
	case HONE_CLAIM_OPEN:
		return "not tried";
	case HONE_CLAIM_HOLDS:
		return "holds here";
	case HONE_CLAIM_FAILS:
		return "does not hold here";
	case HONE_CLAIM_UNDECIDED:
		return "undecided";
	}
	return "";
}

/* A trial that was built, or NULL. */
static const struct hone_result_trial *find(const struct hone_result_run *run, const char *name)
{
	for (size_t i = 0; run && i < run->n_trials; i++)
		if (strcmp(run->trials[i].name, name) == 0 && hone_result_cost(&run->trials[i]))
			return &run->trials[i];
	return NULL;
}

static const struct hone_result_trial *baseline(const struct hone_result_run *run)
{
	return run && run->n_trials && hone_result_cost(&run->trials[0]) ? &run->trials[0] : NULL;
}

/* small against the smaller one of the other two. */
static void judge_smallest(const struct hone_result_run *run, struct hone_claim *c)
{
	const struct hone_result_trial *small = find(run, "small");
	const struct hone_result_trial *fast = find(run, "fast"), *other = find(run, "balanced");
	char a[HONE_NUM_TEXT], b[HONE_NUM_TEXT];
	uint64_t mine, theirs;

	if (fast && (!other || hone_result_cost(fast) < hone_result_cost(other)))
		other = fast;
	if (!small || !other)
		return;
	mine = hone_result_cost(small);
	theirs = hone_result_cost(other);
	c->state = mine < theirs ? HONE_CLAIM_HOLDS : HONE_CLAIM_FAILS;
	hone_text_count(a, mine);
	hone_text_count(b, theirs);
	c->why = mine == theirs ? hone_xasprintf("%s has %s bytes, too", other->name, b)
				: hone_xasprintf("%s bytes, %s has %s", a, other->name, b);
	/* small keeps the symbol table, balanced does not. */
	if (mine > theirs && small->stripped_size && small->stripped_size < other->stripped_size) {
		char *more;

		hone_text_count(a, small->stripped_size);
		hone_text_count(b, other->stripped_size);
		more = hone_xasprintf("%s; both stripped: %s and %s", c->why, a, b);
		free(c->why);
		c->why = more;
	}
}

static bool is(const struct hone_result_trial *t, enum hone_verdict v)
{
	return t->cost.verdict && strcmp(t->cost.verdict, hone_verdict_text(v)) == 0;
}

static char *cost_text(const struct hone_result_trial *t)
{
	return hone_xasprintf("%s takes %.3f [%.3f, %.3f] of the baseline's", t->name,
		t->cost.ratio, t->cost.low, t->cost.high);
}

/* Is there a verdict on speed? If not, says what would give one. */
static bool has_speed(
	const struct hone_result_run *run, const struct hone_result_trial *t, struct hone_claim *c)
{
	if (!t)
		return false;
	if (run->speed_measured && t->cost.verdict && !is(t, HONE_VERDICT_NONE) &&
		!isnan(t->cost.ratio))
		return true;
	if (!c->why)
		c->why = hone_xstrdup("no workload was measured: try --run 'ARGUMENTS' tells");
	return false;
}

static void judge_fast(const struct hone_result_run *run, struct hone_claim *c)
{
	const struct hone_result_trial *fast = find(run, "fast");

	if (!has_speed(run, fast, c))
		return;
	c->why = cost_text(fast);
	if (is(fast, HONE_VERDICT_BETTER))
		c->state = HONE_CLAIM_HOLDS;
	else if (is(fast, HONE_VERDICT_SAME) || is(fast, HONE_VERDICT_WORSE))
		c->state = HONE_CLAIM_FAILS;
	else
		c->state = HONE_CLAIM_UNDECIDED;
}

/* One smaller recipe that is not slower is enough against it. */
static void judge_price(const struct hone_result_run *run, struct hone_claim *c)
{
	static const char *const names[] = {"balanced", "small"};
	const struct hone_result_trial *base = baseline(run), *told = NULL;

	for (size_t i = 0; base && i < HONE_COUNT(names); i++) {
		const struct hone_result_trial *t = find(run, names[i]);
		enum hone_claim_state state;

		if (!has_speed(run, t, c) || hone_result_cost(t) >= hone_result_cost(base))
			continue;
		if (is(t, HONE_VERDICT_BETTER) || is(t, HONE_VERDICT_SAME))
			state = HONE_CLAIM_FAILS;
		else if (is(t, HONE_VERDICT_WORSE))
			state = HONE_CLAIM_HOLDS;
		else
			state = HONE_CLAIM_UNDECIDED;
		if (told && (c->state == HONE_CLAIM_FAILS || state == HONE_CLAIM_HOLDS))
			continue;
		c->state = state;
		told = t;
	}
	if (told) {
		free(c->why);
		c->why = cost_text(told);
	}
}

void hone_claims_judge(const struct hone_result_run *run, struct hone_claim ret[HONE_CLAIMS])
{
	static const struct {
		const char *says;
		void (*judge)(const struct hone_result_run *run, struct hone_claim *c);
	} claims[HONE_CLAIMS] = {
		{"opt-level \"z\" (small) is the smallest of the three", judge_smallest},
		{"fast is faster than what you have", judge_fast},
		{"what is smaller is slower", judge_price},
	};

	for (size_t i = 0; i < HONE_CLAIMS; i++) {
		ret[i] = (struct hone_claim){claims[i].says, HONE_CLAIM_OPEN, NULL};
		claims[i].judge(run, &ret[i]);
	}
}

void hone_claims_release(struct hone_claim claims[HONE_CLAIMS])
{
	for (size_t i = 0; i < HONE_CLAIMS; i++)
		free(claims[i].why);
}
