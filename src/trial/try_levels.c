#include "try_levels.h"

#include "labels.h"
#include "parts.h"
#include "rules.h"
#include "try_artifacts.h"

#include <string.h>

/* A package of which files are made. */
struct level {
	const struct hone_package *package;
	char *spec;        /* as a profile names it */
	const char *value; /* the level that it gets, borrowed; NULL: that of the recipe */
};

enum goal { SMALL, FAST, BALANCED };

struct search {
	struct hone_try *t;
	enum goal goal;
	size_t best;  /* trial that is best for all files together */
	char *before; /* the baseline's level, or NULL */
	HONE_VEC(struct level) levels;
};

static const struct hone_package *package_of(const struct hone_project *p, size_t file)
{
	return file == 0 ? p->package : p->others[file - 1].package;
}

/* What the package's files take of a trial: as they are, or without symbols, which levels have no part in. */
static uint64_t bytes_of(
	const struct hone_try *t, size_t trial, const struct hone_package *package, bool stripped)
{
	const struct hone_project *p = t->session->project;
	const struct hone_trial *from = &t->trials[trial];
	uint64_t sum = 0;

	for (size_t i = 0; i <= p->n_others; i++) {
		size_t other = i == 0 ? SIZE_MAX : i - 1;
		const struct hone_artifact *a =
			i == 0 ? from->artifact : hone_trial_other(t, from, other);

		if (package_of(p, i) != package)
			continue;
		sum += stripped && !a->bare ? a->stripped_size : hone_trial_cost_of(t, from, other);
	}
	return sum;
}

static bool may_win(const struct hone_try *t, size_t trial)
{
	const struct hone_trial *from = &t->trials[trial];

	return from->artifact && from->status == HONE_TRIAL_BUILT && from->allowed;
}

static bool gains(uint64_t before, uint64_t after)
{
	return (double)after < (double)before * (1 - HONE_RULE_SIZE_TIE);
}

static size_t find_best(const struct hone_try *t)
{
	size_t best = 0;

	for (size_t i = 1; i < t->n; i++)
		if (may_win(t, i) &&
			hone_trial_cost(t, &t->trials[i]) < hone_trial_cost(t, &t->trials[best]))
			best = i;
	return best;
}

/* The baseline's level of a package (NULL: of one without its own); the caller frees. */
static int level_before(const struct hone_session *s, const struct hone_package *package,
	char **ret, struct hone_err *err)
{
	struct hone_profile profile = {0};
	const struct hone_profile_value *v;
	int error = hone_profile_compute(
		s->profiles, s->env.profile, package, HONE_UNIT_TARGET, &profile, err);

	if (error)
		return error;
	v = hone_profile_get(&profile, HONE_SET_OPT_LEVEL);
	*ret = v && v->value ? hone_xstrdup(v->value) : NULL;
	hone_profile_release(&profile);
	return 0;
}

/* The packages of the files, each once; without those that the project gives a level itself, which no candidate's
 * reaches. */
static int find_packages(struct search *s, struct hone_err *err)
{
	const struct hone_project *p = s->t->session->project;
	int error = level_before(s->t->session, NULL, &s->before, err);

	for (size_t i = 0; !error && i <= p->n_others; i++) {
		struct level one = {.package = package_of(p, i)};
		hone_auto_free char *own = NULL;
		bool known = false;

		for (size_t k = 0; k < s->levels.n; k++)
			known |= s->levels.v[k].package == one.package;
		if (known)
			continue;
		error = level_before(s->t->session, one.package, &own, err);
		if (error || strcmp(own ? own : "", s->before ? s->before : "") != 0)
			continue;
		one.spec = hone_part_spec(p, one.package);
		hone_vec_push(&s->levels, one);
	}
	return error;
}

static const char *level_in(const struct search *s, size_t trial, const char *spec)
{
	const struct hone_candidate *c = s->t->trials[trial].candidate;
	const struct hone_assign *a = hone_candidate_get(c, HONE_SET_OPT_LEVEL, spec);

	if (!a)
		a = hone_candidate_get(c, HONE_SET_OPT_LEVEL, NULL);
	return a ? a->value : s->before;
}

/* A recipe without what levels are compared beside: the level itself, and what takes symbols away. The caller frees. */
static char *rest_of(const struct hone_candidate *c)
{
	static const enum hone_setting_id beside[] = {
		HONE_SET_OPT_LEVEL, HONE_SET_STRIP, HONE_SET_POST_STRIP};
	struct hone_candidate *copy = hone_candidate_copy(c, c->name);
	const struct hone_assign *lto = hone_candidate_get(copy, HONE_SET_LTO, NULL);
	char *canonical;

	for (size_t i = 0; i < HONE_COUNT(beside); i++)
		hone_candidate_unset(copy, hone_setting(beside[i]), NULL);
	if (lto && strcmp(lto->value, "true") == 0)
		hone_candidate_set(copy, lto->setting, NULL, "\"fat\"");
	canonical = hone_candidate_canonical(copy);
	hone_candidate_free(copy);
	return canonical;
}

/* Do the trial and the best one differ in nothing but their levels, as far as files without symbols tell? */
static bool is_alike(const struct search *s, size_t trial)
{
	hone_auto_free char *one = rest_of(s->t->trials[trial].candidate);
	hone_auto_free char *other = rest_of(s->t->trials[s->best].candidate);

	return strcmp(one, other) == 0;
}

/* The trial with the smallest files of a package: of those that are alike without symbols, else of all as they are. The best
 * one where that is no larger by more than a tie. */
static size_t smallest_among(
	const struct search *s, const struct hone_package *package, bool only_alike)
{
	size_t own = s->best;

	for (size_t i = 0; i < s->t->n; i++)
		if (may_win(s->t, i) && (!only_alike || is_alike(s, i)) &&
			bytes_of(s->t, i, package, only_alike) <
				bytes_of(s->t, own, package, only_alike))
			own = i;
	return gains(bytes_of(s->t, s->best, package, only_alike),
		       bytes_of(s->t, own, package, only_alike))
		       ? own
		       : s->best;
}

/* The same by what is known best: where nothing else differs the level made it smaller; else it may have. */
static size_t smallest_of(
	const struct search *s, const struct hone_package *package, const char *spec)
{
	size_t own = smallest_among(s, package, true);
	const char *level;

	if (own != s->best)
		return own;
	own = smallest_among(s, package, false);
	level = level_in(s, own, spec);
	/* That level is known to make it no smaller. */
	for (size_t i = 0; level && i < s->t->n; i++)
		if (may_win(s->t, i) && is_alike(s, i) && level_in(s, i, spec) &&
			strcmp(level_in(s, i, spec), level) == 0)
			return s->best;
	return own;
}

/* The trial that is best for a package's own files. */
static size_t best_of(const struct search *s, const struct level *one)
{
	const struct hone_project *p = s->t->session->project;
	hone_auto_free bool *files = hone_xcalloc(p->n_others + 1, sizeof(*files));
	struct hone_picks picks = HONE_PICKS_NONE;
	size_t own;

	if (s->goal == SMALL)
		return smallest_of(s, one->package, one->spec);
	for (size_t i = 0; i <= p->n_others; i++)
		files[i] = package_of(p, i) == one->package;
	hone_try_pick_of(s->t, files, false, &picks);
	own = s->goal == FAST ? picks.fast : picks.balanced;
	/* No workload runs them, or nothing is proved. */
	if (picks.fast == HONE_PICK_NONE)
		own = smallest_of(s, one->package, one->spec);
	else if (own == HONE_PICK_NONE)
		own = s->best;
	hone_picks_release(&picks);
	return own;
}

/* Gives each package that is better off at another level that one; how many. */
static size_t disagree(struct search *s)
{
	size_t found = 0;

	for (size_t k = 0; k < s->levels.n; k++) {
		struct level *one = &s->levels.v[k];
		const char *here = level_in(s, s->best, one->spec);
		const char *there = level_in(s, best_of(s, one), one->spec);
		bool differ = here && there && strcmp(here, there) != 0;

		one->value = differ ? there : NULL;
		found += differ;
	}
	return found;
}

/* The best recipe with the levels. NULL: there is a trial of it. The caller frees. */
static struct hone_candidate *make(const struct search *s)
{
	const struct hone_candidate *base = s->t->trials[s->best].candidate;
	struct hone_candidate *c = hone_candidate_copy(base, base->name);
	hone_auto_free char *canonical = NULL;
	bool known = false;

	for (size_t k = 0; k < s->levels.n; k++)
		if (s->levels.v[k].value)
			hone_candidate_set(c, hone_setting(HONE_SET_OPT_LEVEL), s->levels.v[k].spec,
				s->levels.v[k].value);
	hone_candidate_name_from(c, base);
	canonical = hone_candidate_canonical(c);
	for (size_t i = 0; i < s->t->n; i++) {
		hone_auto_free char *other = hone_candidate_canonical(s->t->trials[i].candidate);

		known |= strcmp(canonical, other) == 0;
	}
	if (known)
		hone_candidate_free(HONE_TAKE(c));
	return c;
}

static void say(const struct search *s, const struct hone_candidate *c, bool builds)
{
	hone_auto_buf struct hone_buf b = HONE_BUF_INIT;

	for (size_t k = 0; k < s->levels.n; k++)
		if (s->levels.v[k].value)
			hone_buf_addf(&b, "%s%s (%s)", b.n ? ", " : "",
				s->levels.v[k].package->name, s->levels.v[k].value);
	hone_events_note(s->t->session->events,
		builds ? "at another opt-level than in %s these seem %s: %s: %s is tried, too"
		       : "at another opt-level than in %s these seem %s: %s: try %s, too, as "
			 "nothing is built here",
		s->t->trials[s->best].candidate->name, s->goal == SMALL ? "smaller" : "better",
		hone_buf_str(&b), c->name);
}

/* Builds it as one more trial, which takes the candidate over. */
static int add(struct search *s, struct hone_candidate *c, struct hone_err *err)
{
	struct hone_try *t = s->t;
	struct hone_trial *trial = &t->trials[t->n];
	size_t built = 0;
	int error;

	hone_vec_push(&t->candidates, c);
	*trial = (struct hone_trial){.candidate = c,
		.named = t->trials[s->best].named,
		.contestant = SIZE_MAX,
		.allowed = t->trials[s->best].allowed};
	t->n++;
	error = hone_session_plan(t->session, c, &trial->plan, err);
	if (!error)
		trial->labels = hone_labels_of_plan(t->session, trial->plan, NULL, NULL);
	if (!error)
		error = hone_try_plan_benches(t, trial, err);
	if (!error)
		error = hone_try_build_one(t, t->n - 1, &built, err);
	if (!error)
		hone_try_find_lost(t);
	/* The others were waited for before the rounds. */
	if (!error && t->finished && trial->artifact)
		error = hone_artifact_finish(trial->artifact, err);
	if (!error && t->finished && trial->artifact)
		error = hone_try_finish_benches(t, trial, err);
	return error;
}

/* Takes back the levels that made nothing smaller in the last trial; how many stay, *ret_all: all did. */
static size_t keep_gains(struct search *s, bool *ret_all)
{
	size_t last = s->t->n - 1, kept = 0;

	*ret_all = true;
	for (size_t k = 0; k < s->levels.n; k++) {
		struct level *one = &s->levels.v[k];

		if (!one->value)
			continue;
		if (gains(bytes_of(s->t, s->best, one->package, false),
			    bytes_of(s->t, last, one->package, false))) {
			kept++;
		} else {
			one->value = NULL;
			*ret_all = false;
		}
	}
	return kept;
}

/* One more trial, where there is something to try. *ret_added: whether it is there and was built. */
static int try_once(struct search *s, bool builds, bool *ret_added, struct hone_err *err)
{
	struct hone_candidate *c = make(s);
	int error;

	*ret_added = false;
	if (!c)
		return 0;
	say(s, c, builds);
	if (!builds) {
		hone_candidate_free(c);
		return 0;
	}
	error = add(s, c, err);
	*ret_added = !error && s->t->trials[s->t->n - 1].artifact;
	return error;
}

static void release(struct search *s)
{
	for (size_t k = 0; k < s->levels.n; k++)
		free(s->levels.v[k].spec);
	hone_vec_release(&s->levels);
	free(s->before);
}

int hone_try_levels(struct hone_try *t, bool builds, struct hone_err *err)
{
	struct search s = {.t = t, .goal = SMALL};
	bool added = false, all = false;
	int error;

	if (!t->session->project->n_others || !t->trials[0].artifact)
		return 0;
	s.best = find_best(t);
	error = find_packages(&s, err);
	if (!error && s.levels.n > 1 && disagree(&s))
		error = try_once(&s, builds, &added, err);
	if (!error && added && keep_gains(&s, &all) && !all)
		error = try_once(&s, builds, &added, err);
	release(&s);
	return error;
}

int hone_try_levels_timed(struct hone_try *t, bool builds, struct hone_err *err)
{
	struct search s = {.t = t};
	size_t best[2];
	bool added;
	int error;

	if (!t->session->project->n_others)
		return 0;
	hone_try_pick(t);
	best[0] = t->best.allowed.fast;
	best[1] = t->best.allowed.balanced;
	hone_picks_release(&t->best.allowed);
	hone_picks_release(&t->best.any);
	error = find_packages(&s, err);
	for (size_t i = 0; !error && s.levels.n > 1 && i < HONE_COUNT(best); i++) {
		s.goal = i == 0 ? FAST : BALANCED;
		s.best = best[i];
		if (s.best != HONE_PICK_NONE && disagree(&s))
			error = try_once(&s, builds, &added, err);
	}
	release(&s);
	return error;
}
