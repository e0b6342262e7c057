/* Plans that have a build in common. */
#include "plan.h"

#include <string.h>

bool hone_plan_is_same(const struct hone_plan *a, const struct hone_plan *b)
{
	return a && b && strcmp(a->key, b->key) == 0;
}

static bool is_link_word(const char *flag)
{
	return hone_starts(flag, "-Clink-arg");
}

static bool are_same_keys(const struct hone_assign *a, const struct hone_assign *b)
{
	return a->setting == b->setting && !a->package == !b->package &&
	       (!a->package || strcmp(a->package, b->package) == 0) &&
	       strcmp(a->value, b->value) == 0;
}

/* The flags of the final crate without words for its linker. */
static void other_flags(const struct hone_plan *plan, struct hone_strv *to)
{
	for (size_t i = 0; i < plan->rustc_args.n; i++)
		if (!is_link_word(plan->rustc_args.v[i]) &&
			!hone_strv_has(to, plan->rustc_args.v[i]))
			hone_strv_push(to, plan->rustc_args.v[i]);
}

static bool are_same(const struct hone_strv *a, const struct hone_strv *b)
{
	bool same = a->n == b->n;

	for (size_t i = 0; same && i < a->n; i++)
		same = strcmp(a->v[i], b->v[i]) == 0;
	return same;
}

bool hone_plan_differs_in_links(
	const struct hone_build_env *env, const struct hone_plan *x, const struct hone_plan *y)
{
	hone_auto_strv struct hone_strv mine = HONE_STRV_INIT, other = HONE_STRV_INIT;
	bool same = x->n_keys == y->n_keys && are_same(&x->graph, &y->graph) &&
		    !x->instrument == !y->instrument && !x->recount == !y->recount &&
		    hone_plan_strips_symbols(x, env) && hone_plan_strips_symbols(y, env);

	for (size_t i = 0; same && i < x->n_keys; i++)
		same = are_same_keys(&x->keys[i], &y->keys[i]);
	same = same && (!x->instrument || hone_plan_is_same(x->instrument, y->instrument)) &&
	       (!x->recount || hone_plan_is_same(x->recount, y->recount));
	other_flags(x, &mine);
	other_flags(y, &other);
	return same && are_same(&mine, &other);
}
