#include "try_cold.h"

#include "num.h"
#include "parts.h"
#include "profdata.h"
#include "sym_name.h"
#include "rules.h"

#include <string.h>

struct search {
	struct hone_try *t;
	const struct hone_candidate *base;
	struct hone_parts parts;
	struct hone_candidates flips; /* the base first, then what is built beside it */
};

/* Builds every candidate of the list as try does; the caller releases *ret in any case. */
static int build_all(struct search *s, const struct hone_candidates *list, struct hone_try *ret,
	struct hone_err *err)
{
	int error;

	*ret = (struct hone_try){.session = s->t->session,
		.trials = hone_xcalloc(list->n, sizeof(*ret->trials)),
		.n = list->n};
	for (size_t i = 0; i < list->n; i++)
		ret->trials[i] = (struct hone_trial){.candidate = list->v[i], .named = true};
	error = hone_try_plan(ret, err);
	if (!error)
		error = hone_try_build(ret, err);
	return error ? error : hone_try_finish(ret, err);
}

/* A function works for the crate that instantiated it, where its name tells. */
static void add_shares(struct search *s, const struct hone_profdata *p)
{
	for (size_t i = 0; i < p->functions.n; i++) {
		struct hone_sym_origin o = hone_sym_origin_of(p->functions.v[i].name);
		hone_auto_free char *crate =
			hone_view_dup(o.instance.name.n ? o.instance.name : o.crate.name);

		for (size_t k = 0; *crate && k < s->parts.n; k++)
			if (hone_size_package_has(s->parts.v[k].package, crate))
				s->parts.v[k].share += p->functions.v[i].weight / p->total;
	}
}

/* Takes the packages out that work: an instrumented run of the candidate tells. */
static int leave_hot_out(struct search *s, struct hone_err *err)
{
	hone_auto_buf struct hone_buf hot = HONE_BUF_INIT;
	struct hone_candidate *trained = hone_candidate_copy(s->base, s->base->name);
	struct hone_profdata profile = {0};
	const struct hone_plan *plan = NULL;
	size_t n = 0;
	int error;

	hone_candidate_set(trained, hone_setting(HONE_SET_TRAIN_HOT), NULL, "\"99%\"");
	error = hone_session_plan(s->t->session, trained, &plan, err);
	if (!error)
		error = hone_train_profile(
			s->t->session, plan, s->t->workloads.training, &profile, err);
	if (!error)
		add_shares(s, &profile);
	for (size_t i = 0; !error && i < s->parts.n; i++) {
		if (s->parts.v[i].share < HONE_RULE_COLD_SHARE)
			s->parts.v[n++] = s->parts.v[i];
		else
			hone_buf_addf(&hot, "%s%s %.0f %%", hot.n ? ", " : "",
				s->parts.v[i].package->name, 100 * s->parts.v[i].share);
	}
	if (!error)
		s->parts.n = n;
	if (!error && hot.n)
		hone_events_note(s->t->session->events,
			"these packages work and keep their level: %s", hone_buf_str(&hot));
	hone_profdata_release(&profile);
	hone_plan_free(plan);
	hone_candidate_free(trained);
	return error;
}

static void set_cold(const struct search *s, struct hone_candidate *c, const struct hone_part *part)
{
	hone_auto_free char *spec = hone_part_spec(s->t->session->project, part->package);

	hone_candidate_set(c, hone_setting(HONE_SET_OPT_LEVEL), spec, "\"z\"");
}

static uint64_t cost_of(const struct hone_trial *trial)
{
	return trial->artifact ? hone_artifact_cost(trial->artifact) : UINT64_MAX;
}

static bool gains(uint64_t before, uint64_t after)
{
	return (double)after < (double)before * (1 - HONE_RULE_SIZE_TIE);
}

/* Builds the base with each of the largest packages at "z". *ret_best: the smallest of those that gained,
 * *ret_all: all that gained together; NULL: none did. Both are the caller's. */
static int try_each(struct search *s, size_t n, struct hone_candidate **ret_best,
	struct hone_candidate **ret_all, size_t *ret_gained, struct hone_err *err)
{
	struct hone_try built = {0};
	size_t best = 0;
	int error;

	hone_vec_push(&s->flips, hone_candidate_copy(s->base, s->base->name));
	for (size_t i = 0; i < n; i++) {
		struct hone_candidate *c = hone_candidate_copy(s->base, s->base->name);

		set_cold(s, c, &s->parts.v[i]);
		hone_candidate_name_from(c, s->base);
		hone_vec_push(&s->flips, c);
	}
	error = build_all(s, &s->flips, &built, err);
	*ret_gained = 0;
	*ret_all = hone_candidate_copy(s->base, s->base->name);
	for (size_t i = 1; !error && i < built.n; i++) {
		if (!gains(cost_of(&built.trials[0]), cost_of(&built.trials[i])))
			continue;
		set_cold(s, *ret_all, &s->parts.v[i - 1]);
		++*ret_gained;
		if (cost_of(&built.trials[i]) < cost_of(&built.trials[best]))
			best = i;
	}
	hone_candidate_name_from(*ret_all, s->base);
	if (!error && best)
		*ret_best = hone_candidate_copy(s->flips.v[best], s->flips.v[best]->name);
	hone_try_release(&built);
	return error;
}

/* Of the best single package and all that gained, the smaller one; both were or are built. */
static int choose(struct search *s, struct hone_candidate **best, struct hone_candidate **all,
	struct hone_err *err)
{
	struct hone_candidate *both[] = {*best, *all};
	const struct hone_candidates list = {.v = both, .n = HONE_COUNT(both)};
	struct hone_try built = {0};
	char together[HONE_NUM_TEXT], alone[HONE_NUM_TEXT];
	int error = build_all(s, &list, &built, err);

	if (!error && cost_of(&built.trials[1]) < cost_of(&built.trials[0])) {
		s->t->cold = HONE_TAKE(*all);
	} else if (!error) {
		hone_events_note(s->t->session->events,
			"all of them together give %s bytes, not less than the %s of the best one "
			"alone, which is taken",
			hone_text_count(together, cost_of(&built.trials[1])),
			hone_text_count(alone, cost_of(&built.trials[0])));
		s->t->cold = HONE_TAKE(*best);
	}
	hone_try_release(&built);
	return error;
}

static int look(struct search *s, size_t builds, struct hone_err *err)
{
	struct hone_candidate *only[] = {NULL};
	const struct hone_candidates list = {.v = only, .n = 1};
	struct hone_candidate *best = NULL, *all = NULL;
	struct hone_try first = {0};
	size_t gained = 0, n;
	int error;

	only[0] = hone_candidate_copy(s->base, s->base->name);
	error = build_all(s, &list, &first, err);
	if (!error)
		hone_parts_find(s->t->session->project, &first.trials[0].bytes, &s->parts);
	hone_try_release(&first);
	hone_candidate_free(only[0]);
	if (!error && s->parts.n && s->t->workloads.training.n)
		error = leave_hot_out(s, err);
	n = s->parts.n < builds - 2 ? s->parts.n : builds - 2;
	if (!error && n < s->parts.n)
		hone_events_note(s->t->session->events,
			"%zu packages are tried, the largest of %zu; --builds %zu tries all", n,
			s->parts.n, s->parts.n + 2);
	if (!error && n)
		error = try_each(s, n, &best, &all, &gained, err);
	if (!error && gained > 1)
		error = choose(s, &best, &all, err);
	else if (!error && gained)
		s->t->cold = HONE_TAKE(best);
	else if (!error)
		hone_events_note(s->t->session->events,
			"no package of the %zu that were tried makes %s smaller at \"z\" by more "
			"than %.1f %%: it stays as it is",
			n, s->base->name, 100 * HONE_RULE_SIZE_TIE);
	hone_candidate_free(best);
	hone_candidate_free(all);
	return error;
}

static int check_base(const struct hone_candidate *c, struct hone_err *err)
{
	static const enum hone_setting_id trains[] = {HONE_SET_TRAIN_PGO, HONE_SET_TRAIN_HOT};
	const struct hone_assign *level = hone_candidate_get(c, HONE_SET_OPT_LEVEL, NULL);

	if (level && strcmp(level->value, "\"z\"") == 0)
		return hone_err_set(err, HONE_E_USAGE,
			"--cold-packages: every package of %s is at \"z\" already", c->name);
	for (size_t i = 0; i < HONE_COUNT(trains); i++)
		if (hone_candidate_get(c, trains[i], NULL))
			return hone_err_set(err, HONE_E_USAGE,
				"--cold-packages: %s is trained, which gives every function its "
				"own level; a candidate without train.* is needed",
				c->name);
	return 0;
}

int hone_try_cold(struct hone_try *t, size_t base, size_t builds, struct hone_err *err)
{
	struct search s = {.t = t, .base = t->trials[base].candidate};
	int error = check_base(s.base, err);

	if (!error)
		error = look(&s, builds, err);
	if (!error && t->cold)
		t->trials[t->n++] = (struct hone_trial){.candidate = t->cold, .named = true};
	hone_vec_release(&s.parts);
	hone_candidates_release(&s.flips);
	return error;
}
