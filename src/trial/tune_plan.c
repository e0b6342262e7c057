/* What a search will take, said before its first build. */
#include "tune_impl.h"

#include "estimate.h"
#include "num.h"
#include "rules.h"
#include "try_beside.h"

#include <math.h>
#include <string.h>

/* The known recipes, and one of them with every value that may be tried. */
static int list_all(const struct hone_tune *t, struct hone_tune_list *l, size_t counts[HONE_COSTS],
	struct hone_err *err)
{
	static const char *const small[] = {
		"baseline", "small", "balanced", "fast", "smallest", NULL};
	static const char *const fast[] = {"baseline", "fastest", "fast", NULL};
	static const char *const balanced[] = {
		"baseline", "balanced", "best-balanced", "smallest", "fastest", "fast", NULL};
	const char *const *names = t->request->goal == HONE_GOAL_SMALL ? small
				   : t->request->balanced              ? balanced
								       : fast;
	const struct hone_candidate *from = NULL;
	int error = 0;

	for (size_t i = 0; !t->points.n && !error && names[i]; i++) {
		struct hone_candidate *c = NULL;

		error = hone_candidate_parse_allowed(names[i], t->request->allowed, &c, err);
		if (error)
			return error;
		if (i)
			hone_tune_adapt(t, c);
		hone_vec_push(&l->candidates, c);
		from = c;
	}
	if (t->points.n) {
		from = hone_tune_best(t);
		hone_tune_add(l, from, NULL, NULL, NULL);
	}
	for (const struct hone_space_row *row = hone_space; row->goals; row++)
		for (size_t i = 0; i < HONE_SPACE_VALUES && row->values[i]; i++) {
			const struct hone_setting *s = hone_setting(row->id);
			enum hone_cost cost = hone_setting_cost(s, hone_view_of(row->values[i]));
			const struct hone_assign *now = hone_candidate_get(from, row->id, NULL);

			if (!(row->goals & t->request->goal) ||
				!hone_tune_may(t, s, row->values[i]) ||
				(now && strcmp(now->value, row->values[i]) == 0) ||
				(t->request->quick && cost > HONE_COST_LINK))
				continue;
			hone_tune_add(l, from, s, NULL, row->values[i]);
			counts[cost]++;
		}
	return 0;
}

static int estimate(const struct hone_tune *t, const struct hone_tune_list *l,
	struct hone_build_estimate *ret, struct hone_err *err)
{
	const struct hone_session *s = &t->session;
	hone_auto_free const struct hone_plan **plans =
		hone_xcalloc(l->candidates.n + 1, sizeof(*plans));
	size_t n = 0;
	int error;

	/* What cannot be planned is not built either. */
	for (size_t i = 0; i < l->candidates.n; i++)
		n += hone_plan_make(&s->env, l->candidates.v[i], &plans[n], NULL) == 0;
	error = hone_build_estimate(&s->env, &s->dir, plans, n,
		hone_try_width(&(struct hone_try){.session = s, .n = n}), ret, err);
	for (size_t i = 0; i < n; i++)
		hone_plan_free(plans[i]);
	return error;
}

/* What is built besides, of which it is not known yet what it will be: levels for packages, and the winner without each
 * of its settings. */
static size_t count_rest(const struct hone_tune *t, const struct hone_tune_list *l)
{
	size_t packages = t->session.project->n_packages;

	if (t->request->quick || t->request->goal != HONE_GOAL_SMALL)
		return 0;
	packages = packages < HONE_RULE_TUNE_PACKAGES ? packages : HONE_RULE_TUNE_PACKAGES;
	return (HONE_TUNE_LEVELS - 1) * packages + l->candidates.v[l->candidates.n - 1]->n;
}

static void say_limits(const struct hone_tune *t, struct hone_buf *text)
{
	const struct hone_tune_request *r = t->request;
	char time[HONE_NUM_TEXT];

	if (r->builds)
		hone_buf_addf(text, "; at most %zu that compile something", r->builds);
	if (r->budget_s > 0)
		hone_buf_addf(text, "; ends after %s", hone_text_seconds(time, r->budget_s));
}

/* "known recipes, 4 links, 12 builds of the final crate, about 17 for ...". */
static void add_builds(const size_t *counts, size_t rest, struct hone_buf *text)
{
	hone_buf_adds(text, "known recipes");
	for (int i = 0; i < HONE_COSTS; i++)
		if (counts[i])
			hone_buf_addf(
				text, ", %zu %s", counts[i], hone_cost_text((enum hone_cost)i));
	if (rest)
		hone_buf_addf(text,
			", about %zu for levels of packages and for what each setting is worth",
			rest);
	hone_buf_adds(text, ": ");
}

int hone_tune_say_plan(struct hone_tune *t, struct hone_err *err)
{
	struct hone_tune_list l = {0};
	struct hone_build_estimate e = {0};
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	size_t counts[HONE_COSTS] = {0}, rest, compiled;
	char a[HONE_NUM_TEXT], b[HONE_NUM_TEXT], c[HONE_NUM_TEXT];
	bool first = !t->points.n;
	int error = list_all(t, &l, counts, err);

	if (!error)
		error = estimate(t, &l, &e, err);
	if (!error) {
		rest = count_rest(t, &l);
		compiled =
			e.n_builds > e.n_known + e.n_links ? e.n_builds - e.n_known - e.n_links : 1;
		e.s *= 1 + (double)rest / (double)(compiled + e.n_known);
		e.s *= hone_tune_slowness(t);
		if (first)
			add_builds(counts, rest, &text);
		hone_buf_addf(&text, "about %s%s (%s to %s)", hone_text_seconds(a, e.s),
			first ? "" : " more, after what the first builds took",
			hone_text_seconds(b, e.s / e.spread), hone_text_seconds(c, e.s * e.spread));
		if (first && e.n_known)
			hone_buf_addf(&text, ", %u of them there already", e.n_known);
		say_limits(t, &text);
		hone_events_status(
			t->all, first ? "Planned" : "Expected", "%s", hone_buf_str(&text));
	}
	hone_tune_list_release(&l);
	return error;
}
