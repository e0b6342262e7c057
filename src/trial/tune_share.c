/* What each setting of the winner is worth: the winner without it, built. What it is no larger without goes. */
#include "tune_impl.h"

#include "rules.h"

#include <string.h>

/* The best without each one of its settings; in a quick search those that cost no more than a link. */
static void add_without(const struct hone_tune *t, struct hone_tune_list *l)
{
	const struct hone_candidate *best = hone_tune_best(t);

	for (size_t i = 0; i < best->n; i++) {
		const struct hone_assign *a = &best->assigns[i];
		struct hone_candidate *c = hone_tune_add(l, best, a->setting, a->package, NULL);

		/* Then it is the best itself, which point_of knows. */
		if (t->request->quick &&
			hone_setting_cost(a->setting, hone_view_of(a->value)) > HONE_COST_LINK)
			hone_candidate_set(c, a->setting, a->package, a->value);
	}
}

/* The point of the best without its setting i; NULL: there is none. */
static const struct hone_tune_point *point_of(
	const struct hone_tune *t, const struct hone_tune_list *without, size_t i)
{
	size_t place = without->places[i];

	return place == HONE_TUNE_NONE || place == t->best ? NULL : &t->points.v[place];
}

/* Why it has no file. */
static const char *reason_of(const struct hone_tune *t, const struct hone_tune_point *p)
{
	for (size_t i = 0; p && i < t->result->out.n; i++)
		if (strcmp(t->result->out.v[i].candidate, p->candidate->name) == 0)
			return t->result->out.v[i].reason;
	return NULL;
}

static bool is_pin(const struct hone_tune *t, const struct hone_assign *a)
{
	return t->request->pins && hone_candidate_get(t->request->pins, a->setting->id, a->package);
}

/* Takes out what is worth nothing: all of it together, if that is no larger; else the one whose leaving makes the file
 * smallest. *ret_left: something went. */
static int drop_useless(struct hone_tune *t, const struct hone_tune_list *without, bool *ret_left,
	struct hone_err *err)
{
	const struct hone_candidate *best = hone_tune_best(t);
	const uint64_t cost = t->points.v[t->best].cost;
	struct hone_tune_list l = {0};
	struct hone_candidate *all = hone_tune_add(&l, best, NULL, NULL, NULL);
	size_t smallest = HONE_TUNE_NONE, n = 0;
	int error;

	for (size_t i = 0; i < best->n; i++) {
		const struct hone_tune_point *p = point_of(t, without, i);

		if (!p || is_pin(t, &best->assigns[i]) || !p->cost || !p->allowed || p->cost > cost)
			continue;
		hone_candidate_unset(all, best->assigns[i].setting, best->assigns[i].package);
		n++;
		if (smallest == HONE_TUNE_NONE || p->cost < t->points.v[smallest].cost)
			smallest = without->places[i];
	}
	error = n > 1 ? hone_tune_build(t, &l, err) : 0;
	if (n > 1 && !error && l.places[0] != HONE_TUNE_NONE && t->points.v[l.places[0]].cost &&
		t->points.v[l.places[0]].allowed && t->points.v[l.places[0]].cost <= cost)
		smallest = l.places[0];
	*ret_left = smallest != HONE_TUNE_NONE;
	hone_tune_take(t, smallest, "settings that are worth nothing here", n);
	hone_tune_list_release(&l);
	return error;
}

static void fill(struct hone_tune *t, const struct hone_tune_list *without)
{
	const struct hone_candidate *best = hone_tune_best(t);
	const struct hone_tune_point *now = &t->points.v[t->best];

	for (size_t i = 0; i < best->n; i++) {
		const struct hone_assign *a = &best->assigns[i];
		const struct hone_tune_point *p = point_of(t, without, i);
		struct hone_tune_share share = {
			.key = hone_assign_key(a), .value = hone_xstrdup(a->value)};

		if (p && p->cost) {
			share.known = true;
			share.bytes = (int64_t)p->cost - (int64_t)now->cost;
		} else if (reason_of(t, p)) {
			share.why = hone_xstrdup(reason_of(t, p));
		}
		hone_vec_push(&t->result->shares, share);
	}
}

int hone_tune_shares(struct hone_tune *t, struct hone_err *err)
{
	bool left = true;
	int error = 0;

	for (int round = 0; !error && left; round++) {
		struct hone_tune_list without = {0};

		left = false;
		add_without(t, &without);
		error = hone_tune_build(t, &without, err);
		if (!error && round < HONE_RULE_TUNE_DROPS)
			error = drop_useless(t, &without, &left, err);
		if (!error && !left)
			fill(t, &without);
		hone_tune_list_release(&without);
	}
	return error;
}
