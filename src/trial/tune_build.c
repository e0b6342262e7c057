/* Candidates of a search become points: they are built as try builds them, each once. */
#include "tune_impl.h"

#include "clock.h"
#include "labels.h"
#include "lost.h"
#include "num.h"

#include <string.h>

void hone_tune_list_release(struct hone_tune_list *l)
{
	hone_candidates_release(&l->candidates);
	free(l->places);
	*l = (struct hone_tune_list){0};
}

struct hone_candidate *hone_tune_add(struct hone_tune_list *l, const struct hone_candidate *from,
	const struct hone_setting *s, const char *package, const char *value)
{
	struct hone_candidate *c = hone_candidate_copy(from, from->name);

	if (s && value)
		hone_candidate_set(c, s, package, value);
	else if (s)
		hone_candidate_unset(c, s, package);
	hone_vec_push(&l->candidates, c);
	return c;
}

const struct hone_candidate *hone_tune_best(const struct hone_tune *t)
{
	return t->points.v[t->best].candidate;
}

/* ---- points */

static size_t find_point(const struct hone_tune *t, const char *canonical)
{
	for (size_t i = 0; i < t->points.n; i++)
		if (strcmp(t->points.v[i].canonical, canonical) == 0)
			return i;
	return HONE_TUNE_NONE;
}

void hone_tune_out(struct hone_tune *t, const struct hone_candidate *c, const char *reason)
{
	hone_vec_push(&t->result->out,
		(struct hone_tune_out){hone_xstrdup(c->name), hone_xstrdup(reason)});
}

/* A point of a candidate, which it takes a copy of. */
static size_t add_point(struct hone_tune *t, const struct hone_candidate *c)
{
	hone_vec_push(
		&t->points, (struct hone_tune_point){.candidate = hone_candidate_copy(c, c->name),
				    .canonical = hone_candidate_canonical(c)});
	return t->points.n - 1;
}

/* ---- building */

static uint64_t cost_of(const struct hone_tune *t, const struct hone_artifact *a, unsigned lost)
{
	switch (t->request->metric) {
	case HONE_TUNE_STRIPPED:
		return a->stripped_size;
	case HONE_TUNE_GZIP:
		return a->packed.gzip;
	case HONE_TUNE_ZSTD:
		return a->packed.zstd;
	case HONE_TUNE_BROTLI:
		return a->packed.brotli;
	case HONE_TUNE_RAM:
		return a->ram;
	case HONE_TUNE_SIZE:
	case HONE_TUNE_METRICS:
		break;
	}
	return hone_lost_cost(lost, t->base, a);
}

/* What came of a trial. */
static void take_trial(struct hone_tune *t, struct hone_trial *trial, size_t place)
{
	struct hone_tune_point *p = &t->points.v[place];
	const struct hone_artifact *a = trial->artifact;
	unsigned lost;

	if (!a) {
		if (trial->reason)
			hone_tune_out(t, p->candidate, trial->reason);
		return;
	}
	if (!t->base)
		t->base = HONE_TAKE(trial->artifact);
	lost = hone_lost_find(trial->plan, t->base, a);
	p->labels = hone_labels_of_plan(&t->session, trial->plan, a->is_elf ? &t->base->elf : NULL,
			    a->is_elf ? &a->elf : NULL) |
		    hone_lost_labels(lost);
	p->allowed = !(p->labels & ~t->let_in);
	p->cost = cost_of(t, a, lost);
	if (!p->bytes.n) {
		p->bytes = trial->bytes;
		trial->bytes = (struct hone_size_table){0};
	}
	p->cpu_s = a->cost.cpu_s;
	p->compiled = !a->reused && a->cost.units;
	t->result->candidates += !a->reused;
	t->result->builds += p->compiled;
}

/* Builds points, of which the first one is there already or is the baseline. */
static int build_points(struct hone_tune *t, const size_t *places, size_t n, struct hone_err *err)
{
	struct hone_try built = {
		.session = &t->session, .trials = hone_xcalloc(n, sizeof(*built.trials)), .n = n};
	int error;

	for (size_t i = 0; i < n; i++)
		built.trials[i] = (struct hone_trial){
			.candidate = t->points.v[places[i]].candidate, .named = true};
	error = hone_try_plan(&built, err);
	if (!error)
		error = hone_try_build(&built, err);
	/* That none but the first one came out is an answer, too. */
	if (error == HONE_E_FAILED && built.trials[0].artifact) {
		hone_err_release(err);
		error = 0;
	}
	if (!error)
		error = hone_try_finish(&built, err);
	for (size_t i = t->base != NULL; i < n; i++)
		take_trial(t, &built.trials[i], places[i]);
	if (!error)
		hone_tune_say_overrun(t, &built);
	hone_tune_tell_so_far(t);
	hone_try_release(&built);
	return error;
}

/* The places of a list's new candidates, behind that of the best where the baseline is built. What cannot be planned is out. */
static size_t choose(struct hone_tune *t, struct hone_tune_list *l, size_t *places,
	const struct hone_plan **plans)
{
	size_t n = t->base != NULL;

	for (size_t i = 0; i < l->candidates.n; i++) {
		struct hone_candidate *c = l->candidates.v[i];
		hone_auto_free char *canonical = hone_candidate_canonical(c);
		hone_auto_err struct hone_err why = HONE_ERR_INIT;

		l->places[i] = find_point(t, canonical);
		if (l->places[i] != HONE_TUNE_NONE)
			continue;
		hone_tune_name(t, c);
		l->places[i] = add_point(t, c);
		if (hone_plan_make(&t->session.env, t->points.v[l->places[i]].candidate, &plans[n],
			    &why)) {
			hone_tune_out(t, c, why.msg);
			continue;
		}
		places[n++] = l->places[i];
	}
	return n;
}

/* Those of a list that are not built yet; of plans the first belongs to what is there. */
struct left {
	size_t *places;
	const struct hone_plan **plans;
	size_t n;
};

/* As many as a limit lets through; how many these were. */
static int build_fitting(
	struct hone_tune *t, const struct left *left, size_t *ret_n, struct hone_err *err)
{
	double estimated_s = 0;
	int64_t start;
	size_t n = left->n;
	int error = 0;

	if (n > 1 && t->base)
		error = hone_tune_count_fitting(t, left->plans, &n, &estimated_s, err);
	*ret_n = n;
	if (error || n <= (t->base != NULL))
		return error;
	start = hone_now_ns();
	error = build_points(t, left->places, n, err);
	if (estimated_s > 0)
		hone_tune_learn(t, estimated_s, hone_ns_to_s(hone_now_ns() - start));
	return error;
}

static void drop_built(struct left *left, size_t n)
{
	for (size_t i = n; i < left->n; i++) {
		left->places[i - n + 1] = left->places[i];
		left->plans[i - n + 1] = left->plans[i];
	}
	left->n -= n - 1;
}

/* What does not seem to fit into the time that is left may do so once others have told how long builds take here. */
static int build_left(struct hone_tune *t, struct left *left, struct hone_err *err)
{
	size_t n;
	int error = build_fitting(t, left, &n, err);

	while (!error && n > 1 && n < left->n && t->base && t->request->budget_s > 0 &&
		strcmp(t->result->ended, "budget") == 0) {
		for (size_t i = 1; i < n; i++)
			hone_plan_free(left->plans[i]);
		drop_built(left, n);
		t->result->ended = NULL;
		error = build_fitting(t, left, &n, err);
	}
	return error;
}

int hone_tune_build(struct hone_tune *t, struct hone_tune_list *l, struct hone_err *err)
{
	size_t room = l->candidates.n + 1;
	hone_auto_free size_t *places = hone_xcalloc(room, sizeof(*places));
	hone_auto_free const struct hone_plan **plans = hone_xcalloc(room, sizeof(*plans));
	struct left left = {.places = places, .plans = plans};
	int error = 0;

	l->places = hone_xcalloc(room, sizeof(*l->places));
	if (t->result->ended) { /* a limit was reached: what was built before it is known */
		for (size_t i = 0; i < l->candidates.n; i++) {
			hone_auto_free char *canonical =
				hone_candidate_canonical(l->candidates.v[i]);

			l->places[i] = find_point(t, canonical);
		}
		return 0;
	}
	places[0] = t->best;
	left.n = choose(t, l, places, plans);
	if (left.n > 1 && t->base)
		error = hone_plan_make(
			&t->session.env, t->points.v[places[0]].candidate, &plans[0], err);
	if (!error)
		error = build_left(t, &left, err);
	for (size_t i = 0; i < left.n; i++)
		hone_plan_free(plans[i]);
	return error;
}

/* ---- choosing */

size_t hone_tune_better(const struct hone_tune *t, const struct hone_tune_list *l, double tie)
{
	uint64_t least = t->points.v[t->best].cost;
	size_t found = HONE_TUNE_NONE;

	for (size_t i = 0; i < l->candidates.n; i++) {
		const struct hone_tune_point *p;

		if (!l->places || l->places[i] == HONE_TUNE_NONE)
			continue;
		p = &t->points.v[l->places[i]];
		if (!p->cost || !p->allowed)
			continue;
		if (found == HONE_TUNE_NONE ? (double)p->cost < (double)least * (1 - tie)
					    : p->cost < t->points.v[found].cost)
			found = l->places[i];
	}
	return found;
}

void hone_tune_take(struct hone_tune *t, size_t point, const char *what, size_t tried)
{
	const struct hone_tune_point *before = &t->points.v[t->best], *after;
	char bytes[HONE_NUM_TEXT], delta[HONE_NUM_TEXT];

	if (point == HONE_TUNE_NONE || point == t->best)
		return;
	after = &t->points.v[point];
	hone_events_status(t->all, "Better", "%s: %s bytes, %s", what,
		hone_text_count(bytes, after->cost),
		hone_text_delta(delta, (int64_t)after->cost - (int64_t)before->cost));
	hone_vec_push(&t->result->steps,
		(struct hone_tune_step){.what = hone_xstrdup(what),
			.change = hone_tune_change(before->candidate, after->candidate),
			.before = before->cost,
			.after = after->cost,
			.tried = tried});
	t->best = point;
}
