/* The steps towards the smallest file: what is known to be good, links, one setting after another, pairs. */
#include "tune_impl.h"

#include "rules.h"

#include <string.h>

static bool has_point(const struct hone_tune *t, const struct hone_tune_list *l, size_t i)
{
	return l->places && l->places[i] != HONE_TUNE_NONE && t->points.v[l->places[i]].cost;
}

/* ---- recipes to start from */

static int add_recipe(struct hone_tune *t, struct hone_tune_list *l, const char *name,
	const char *level, struct hone_err *err)
{
	struct hone_candidate *c = NULL;
	int error = hone_candidate_parse_allowed(name, t->request->allowed, &c, err);

	if (error)
		return error;
	if (level)
		hone_candidate_set(c, hone_setting(HONE_SET_OPT_LEVEL), NULL, level);
	hone_tune_adapt(t, c);
	hone_vec_push(&l->candidates, c);
	return 0;
}

/* The first recipe's words for the linker in the others: what each was compiled to is linked once more, in tenths of a second;
 * not so with symbols, since only without them a link is captured, and not small, which is smallest with other hashes. */
static void add_linked(struct hone_tune_list *l, size_t n_recipes)
{
	const struct hone_candidate *first = l->candidates.v[0];

	for (size_t i = 1; i < n_recipes; i++) {
		const struct hone_candidate *recipe = l->candidates.v[i];
		const struct hone_assign *strip = hone_candidate_get(recipe, HONE_SET_STRIP, NULL);
		struct hone_candidate *c;

		if (!strip || strcmp(strip->value, "\"symbols\"") != 0)
			continue;
		c = hone_candidate_copy(recipe, recipe->name);
		hone_tune_copy_links(first, c);
		hone_vec_push(&l->candidates, c);
	}
}

static int build_baseline(struct hone_tune *t, struct hone_err *err)
{
	struct hone_tune_list l = {0};
	int error = add_recipe(t, &l, "baseline", NULL, err);

	/* Pins are none of the baseline's. */
	while (!error && l.candidates.v[0]->n)
		hone_candidate_unset(l.candidates.v[0], l.candidates.v[0]->assigns[0].setting,
			l.candidates.v[0]->assigns[0].package);
	if (!error)
		error = hone_tune_build(t, &l, err);
	if (!error && t->request->metric == HONE_TUNE_BROTLI && t->base && !t->base->packed.brotli)
		error = hone_err_set(err, HONE_E_FAILED,
			"--metric brotli: the brotli on the path does not pack the module");
	t->best = 0;
	if (!error)
		t->points.v[0].allowed = true;
	hone_tune_list_release(&l);
	return error;
}

int hone_tune_start(struct hone_tune *t, struct hone_err *err)
{
	static const char *const names[] = {"smallest", "balanced", "fast", "small"};
	struct hone_tune_list l = {0};
	size_t fixed = HONE_TUNE_NONE, n_fixed;
	int error = build_baseline(t, err);

	for (size_t i = 0; !error && i < HONE_COUNT(names); i++)
		error = add_recipe(t, &l, names[i], NULL, err);
	n_fixed = l.candidates.n;
	/* Which of the two levels is the smaller one differs from program to program. */
	if (!error)
		error = add_recipe(t, &l, "smallest", "\"s\"", err);
	if (!error) {
		add_linked(&l, n_fixed - 1);
		error = hone_tune_build(t, &l, err);
	}
	for (size_t i = 0; i < n_fixed; i++) {
		const struct hone_tune_point *p = NULL;

		if (has_point(t, &l, i))
			p = &t->points.v[l.places[i]];
		if (p && p->allowed &&
			(fixed == HONE_TUNE_NONE || p->cost < t->points.v[fixed].cost))
			fixed = l.places[i];
	}
	t->fixed = fixed;
	hone_tune_take(
		t, hone_tune_better(t, &l, HONE_RULE_LINK_TIE), "known recipes", l.candidates.n);
	hone_tune_list_release(&l);
	return error;
}

/* ---- one setting otherwise */

static bool is_now(const struct hone_candidate *c, enum hone_setting_id id, const char *value)
{
	const struct hone_assign *a = hone_candidate_get(c, id, NULL);

	return a && strcmp(a->value, value) == 0;
}

/* The best with another value of a setting, for each value of the row that may be; and without one. */
static void add_flips(const struct hone_tune *t, const struct hone_space_row *row, bool links,
	struct hone_tune_list *l)
{
	const struct hone_candidate *best = hone_tune_best(t);
	const struct hone_setting *s = hone_setting(row->id);

	for (size_t i = 0; i < HONE_SPACE_VALUES && row->values[i]; i++) {
		const char *value = row->values[i];
		bool link = hone_setting_cost(s, hone_view_of(value)) <= HONE_COST_LINK;

		if (link == links && !is_now(best, row->id, value) && hone_tune_may(t, s, value))
			hone_tune_add(l, best, s, NULL, value);
	}
}

/* Takes over into c what a candidate of the list has otherwise than the best, if it gained. */
static size_t join_gains(
	struct hone_tune *t, const struct hone_tune_list *l, double tie, struct hone_candidate *c)
{
	const struct hone_candidate *best = hone_tune_best(t);
	hone_auto_free uint64_t *least = hone_xcalloc(HONE_SETTINGS, sizeof(*least));
	size_t n = 0;

	for (size_t i = 0; i < l->candidates.n; i++) {
		const struct hone_tune_point *p;

		if (!has_point(t, l, i))
			continue;
		p = &t->points.v[l->places[i]];
		if (!p->allowed || (double)p->cost >= (double)t->points.v[t->best].cost * (1 - tie))
			continue;
		for (size_t k = 0; k < p->candidate->n; k++) {
			const struct hone_assign *a = &p->candidate->assigns[k];
			const struct hone_assign *b =
				hone_candidate_get(best, a->setting->id, a->package);
			uint64_t *so_far = &least[a->setting->id];

			if ((b && strcmp(a->value, b->value) == 0) ||
				(*so_far && *so_far <= p->cost))
				continue;
			n += !*so_far;
			*so_far = p->cost;
			hone_candidate_set(c, a->setting, a->package, a->value);
		}
	}
	return n;
}

/* Of several that gained, all together. */
static int build_together(struct hone_tune *t, const struct hone_tune_list *singles, double tie,
	struct hone_tune_list *ret, struct hone_err *err)
{
	const struct hone_candidate *best = hone_tune_best(t);
	struct hone_candidate *all = hone_tune_add(ret, best, NULL, NULL, NULL);

	if (join_gains(t, singles, tie, all) < 2) {
		hone_tune_list_release(ret);
		return 0;
	}
	return hone_tune_build(t, ret, err);
}

int hone_tune_links(struct hone_tune *t, struct hone_err *err)
{
	struct hone_tune_list singles = {0}, together = {0};
	size_t tried, found;
	int error;

	for (const struct hone_space_row *row = hone_space; row->goals; row++)
		if (row->goals & t->request->goal)
			add_flips(t, row, true, &singles);
	error = hone_tune_build(t, &singles, err);
	if (!error)
		error = build_together(t, &singles, HONE_RULE_LINK_TIE, &together, err);
	tried = singles.candidates.n + together.candidates.n;
	found = hone_tune_better(t, &together, HONE_RULE_LINK_TIE);
	if (found == HONE_TUNE_NONE ||
		(hone_tune_better(t, &singles, HONE_RULE_LINK_TIE) != HONE_TUNE_NONE &&
			t->points.v[hone_tune_better(t, &singles, HONE_RULE_LINK_TIE)].cost <
				t->points.v[found].cost))
		found = hone_tune_better(t, &singles, HONE_RULE_LINK_TIE);
	hone_tune_take(t, found, "links", tried);
	hone_tune_list_release(&singles);
	hone_tune_list_release(&together);
	return error;
}

/* ---- coordinate descent */

/* What a value alone cost, beside the best that it was a flip of. */
struct flip {
	const struct hone_setting *setting;
	const char *value;
	uint64_t cost;
};
struct flips {
	struct flip *v;
	size_t n, cap;
};

/* Remembers what nearly gained. */
static void remember(const struct hone_tune *t, const struct hone_tune_list *l,
	const struct hone_space_row *row, struct flips *near)
{
	for (size_t i = 0; i < l->candidates.n; i++) {
		const struct hone_tune_point *p;
		const struct hone_assign *a = hone_candidate_get(l->candidates.v[i], row->id, NULL);

		if (!has_point(t, l, i) || !a)
			continue;
		p = &t->points.v[l->places[i]];
		for (size_t k = 0; k < HONE_SPACE_VALUES && row->values[k]; k++)
			if (p->allowed && strcmp(row->values[k], a->value) == 0 &&
				(double)p->cost < (double)t->points.v[t->best].cost *
							  (1 + HONE_RULE_TUNE_NEAR))
				hone_vec_push(near, (struct flip){hone_setting(row->id),
							    row->values[k], p->cost});
	}
}

/* One row: the best of its values. *ret_moved: it was another one. */
static int descend_row(struct hone_tune *t, const struct hone_space_row *row, struct flips *near,
	bool *ret_moved, struct hone_err *err)
{
	struct hone_tune_list l = {0};
	size_t found;
	int error;

	add_flips(t, row, false, &l);
	error = hone_tune_build(t, &l, err);
	found = hone_tune_better(t, &l, HONE_RULE_SIZE_TIE);
	*ret_moved |= found != HONE_TUNE_NONE;
	hone_tune_take(t, found, hone_setting(row->id)->key, l.candidates.n);
	remember(t, &l, row, near);
	hone_tune_list_release(&l);
	return error;
}

static int by_cost(const void *a, const void *b)
{
	const struct flip *x = a, *y = b;

	return (x->cost > y->cost) - (x->cost < y->cost);
}

/* Pairs of values that alone were nearly as good: what one of them spoils the other may mend. */
static int repair_pairs(struct hone_tune *t, struct flips *near, struct hone_err *err)
{
	const struct hone_candidate *best = hone_tune_best(t);
	struct hone_tune_list l = {0};
	int error;

	if (near->n)
		qsort(near->v, near->n, sizeof(*near->v), by_cost);
	for (size_t i = 1; i < near->n; i++)
		for (size_t k = 0; k < i && l.candidates.n < HONE_RULE_TUNE_PAIRS; k++) {
			const struct flip *x = &near->v[k], *y = &near->v[i];

			if (x->setting != y->setting && !is_now(best, x->setting->id, x->value) &&
				!is_now(best, y->setting->id, y->value))
				hone_candidate_set(
					hone_tune_add(&l, best, x->setting, NULL, x->value),
					y->setting, NULL, y->value);
		}
	error = hone_tune_build(t, &l, err);
	hone_tune_take(t, hone_tune_better(t, &l, HONE_RULE_SIZE_TIE), "pairs of settings",
		l.candidates.n);
	hone_tune_list_release(&l);
	return error;
}

int hone_tune_descend(struct hone_tune *t, struct hone_err *err)
{
	struct flips near = {0};
	bool moved = true;
	int error = 0;

	for (int pass = 0; !error && moved && pass < HONE_RULE_TUNE_PASSES; pass++) {
		moved = false;
		near.n = 0;
		for (const struct hone_space_row *row = hone_space; !error && row->goals; row++)
			if (row->goals & t->request->goal)
				error = descend_row(t, row, &near, &moved, err);
	}
	if (!error)
		error = repair_pairs(t, &near, err);
	hone_vec_release(&near);
	return error;
}
