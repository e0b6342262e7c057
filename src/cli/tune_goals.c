/* For each goal of `tune`: the search, the result beside what it beats, and what is shown and kept of it. */
#include "tune_goals.h"

#include "clock.h"
#include "documents.h"
#include "kept_links.h"
#include "proc.h"
#include "recipes.h"
#include "results.h"
#include "rules.h"
#include "run_opts.h"

#include <math.h>
#include <string.h>

struct runs {
	const struct hone_session *session;
	const struct hone_tune_opts *opts;
	bool needed; /* time decides */
};

static bool is_timed(const struct hone_tune_goal *g)
{
	return g->request.goal != HONE_GOAL_SMALL;
}

static int load_workloads(void *ctx, struct hone_try *t, struct hone_err *err)
{
	const struct runs *r = ctx;
	int error = hone_cli_workloads(&r->opts->run, NULL, t, err);

	t->speed_measured = t->workloads.n > 0;
	if (error || t->workloads.n || !r->needed)
		return error;
	hone_err_set(err, HONE_E_USAGE, "time decides, and there is nothing to run");
	return hone_err_hint(
		err, "say what the program does all day: --run 'ARGS', or workloads in hone.toml");
}

/* How rounds are run. */
static struct hone_try_request request_of(
	const struct hone_tune_asked *a, const struct hone_tune_goal *g)
{
	const struct hone_tune_opts *o = a->opts;
	struct hone_try_request r = {.allowed = a->request.allowed,
		.allow = &o->allow,
		.train = &o->train,
		.measure = {.no_compare = o->no_compare,
			.margin = hone_tune_within(&a->request),
			.check = a->verify.n && !hone_tune_verifies_alone(&a->verify)
					 ? hone_strv_argv(&a->verify)
					 : NULL}};

	if (!is_timed(g)) {
		/* Bytes decide: the rounds only show that it is not slow. */
		r.measure.budget_s = HONE_RULE_STARTUP_BUDGET_S;
		r.measure.enough_s = HONE_RULE_STARTUP_ENOUGH_S;
	}
	return r;
}

static int keep(struct hone_cli *cli, const struct hone_session *s, const struct hone_tune_opts *o,
	const struct hone_result_tune *found, struct hone_err *err)
{
	hone_auto_free char *path = NULL;
	int error = hone_recipes_keep(s, found->name, found->recipe, err);

	if (!error && o->save)
		error = hone_recipes_save(s, found->name, found->recipe, &path, err);
	if (!error && path)
		hone_out_status(&cli->out, "Saved", "%s in %s", found->name, path);
	return error;
}

/* Did the result do what the baseline does? */
static int check_result(const struct hone_tune_goal *g, const struct hone_try_request *request,
	const char *verify, struct hone_err *err)
{
	const struct hone_try *t = &g->proof;
	const struct hone_trial *last = &t->trials[t->n - 1];

	if (request->measure.check && !t->measurement)
		return hone_err_set(err, HONE_E_FAILED,
			"--verify %s could not be held against the result: see above; name a "
			"workload by --run, or look at the command",
			verify);
	if (last->status == HONE_TRIAL_BUILT || strcmp(last->candidate->name, g->found.name) != 0)
		return 0;
	hone_err_set(err, HONE_E_FAILED, "%s is out: %s", g->found.name,
		last->reason ? last->reason : "it does not do what the baseline does");
	return hone_err_hint(err, "--skip KEY or --deny LABEL keeps out of the search what changes "
				  "the program");
}

/* The trial that is the result. */
static const struct hone_trial *result_of(const struct hone_tune_goal *g)
{
	const struct hone_try *t = &g->proof;

	for (size_t i = 0; i < t->n; i++) {
		hone_auto_free char *recipe = hone_candidate_canonical(t->trials[i].candidate);

		if (strcmp(recipe, g->found.recipe) == 0)
			return &t->trials[i];
	}
	return &t->trials[t->n - 1];
}

/* The result beside what it beats, kept. until_ns: when its rounds end; 0: by themselves. */
static int prove(struct hone_cli *cli, const struct hone_session *s,
	const struct hone_tune_asked *a, struct hone_tune_goal *g, int64_t until_ns,
	struct hone_err *err)
{
	hone_auto_strv struct hone_strv typed = HONE_STRV_INIT;
	struct hone_try *t = &g->proof;
	struct hone_try_request request = request_of(a, g);
	struct runs mine = {s, a->opts, false};
	int error;

	*t = (struct hone_try){.session = s};
	request.until_ns = until_ns;
	error = load_workloads(&mine, t, err);
	if (!error)
		error = hone_tune_prove(t, &g->found, &request, err);
	if (error)
		return error;
	hone_cli_words(cli, "tune", &typed);
	hone_strv_push(&typed, g->word);
	t->command.typed = &typed;
	t->command.options = "";
	hone_try_result(t, &g->run);
	g->proved = true;
	error = check_result(g, &request, a->opts->verify, err);
	g->better = true;
	if (!error && is_timed(g))
		g->better = hone_tune_settle(&g->request, t, &g->found);
	if (!error && g->better && hone_tune_verifies_alone(&a->verify))
		error = hone_tune_verify(s, result_of(g), &a->verify, err);
	if (!error && g->better)
		error = keep(cli, s, a->opts, &g->found, err);
	if (!error)
		hone_results_put(s, &g->run, t->finishes);
	t->command.typed = NULL;
	return error;
}

/* What was found before an interruption is not lost: it is kept, although nothing more was run of it. */
static void keep_so_far(struct hone_cli *cli, const struct hone_session *s,
	const struct hone_tune_opts *o, struct hone_tune_goal *g)
{
	hone_auto_err struct hone_err later = HONE_ERR_INIT;

	g->found.ended = "interrupted";
	g->searched = g->found.recipe != NULL;
	if (g->searched && *g->found.recipe)
		(void)keep(cli, s, o, &g->found, &later);
}

/* What each setting is worth, once the answer is kept: in what is left of the budget, else no longer than a part of what the
 * answer took. What goes wrong here takes nothing from the answer. */
static int tell_shares(const struct hone_session *s, const struct hone_tune_runs *runs,
	struct hone_tune_goal *g, int64_t start, int64_t until, struct hone_err *err)
{
	int64_t now = hone_now_ns();
	double most_s = until ? hone_ns_to_s(until - now)
			      : HONE_RULE_TUNE_SHARES_SHARE * hone_ns_to_s(now - start);
	hone_auto_err struct hone_err why = HONE_ERR_INIT;
	int error;

	if (!is_timed(g) || !g->better || g->request.quick)
		return 0;
	error = hone_tune_time_shares(s, runs, fmax(most_s, 0), &g->found, &why);
	if (error == HONE_E_INTERRUPTED)
		return hone_err_move(err, &why);
	if (error)
		hone_events_note(
			s->events, "not all is known of what each setting is worth: %s", why.msg);
	return 0;
}

static int search(struct hone_cli *cli, struct hone_session *s, const struct hone_tune_asked *a,
	struct hone_tune_goal *g, struct hone_err *err)
{
	struct hone_try_request request = request_of(a, g);
	struct runs mine = {s, a->opts, is_timed(g)};
	const struct hone_tune_runs runs = {load_workloads, &mine, &request};
	int64_t start = hone_now_ns();
	int64_t until = g->request.budget_s > 0
				? start + (int64_t)(g->request.budget_s * HONE_NS_PER_S)
				: 0;
	int error = hone_tune_begin(s, &g->request, &runs, err);

	if (!error) {
		/* What was there already took its time. */
		if (until)
			g->request.budget_s -= hone_ns_to_s(hone_now_ns() - start);
		error = hone_tune(s, &g->request, is_timed(g) ? &runs : NULL, &g->found, err);
	}
	g->searched = !error;
	if (!error && *g->found.recipe)
		error = prove(cli, s, a, g, until, err);
	if (error == HONE_E_INTERRUPTED)
		keep_so_far(cli, s, a->opts, g);
	if (!error)
		error = tell_shares(s, &runs, g, start, until, err);
	g->found.s = hone_ns_to_s(hone_now_ns() - start);
	return error;
}

static void set_goal(const struct hone_tune_asked *a, struct hone_tune_goal *g, double budget_s)
{
	g->request = a->request;
	g->request.balanced = strcmp(g->word, "balanced") == 0;
	g->request.goal = strcmp(g->word, "small") == 0 ? HONE_GOAL_SMALL : HONE_GOAL_FAST;
	g->request.budget_s = budget_s;
}

/* All goals that were searched for, in one document. */
static int show(struct hone_cli *cli, struct hone_tune_goal *goals, size_t n, struct hone_err *err)
{
	struct hone_tune_doc docs[HONE_TUNE_GOALS];
	struct hone_tune_docs all = {docs, 0};
	int error;

	for (size_t i = 0; i < n; i++) {
		struct hone_tune_goal *g = &goals[i];
		const char *const name[] = {g->found.name, NULL};

		if (!g->searched)
			continue;
		if (g->found.recipe && *g->found.recipe)
			g->next = hone_cli_command(cli, "apply", name);
		docs[all.n++] = (struct hone_tune_doc){
			.tune = &g->found, .run = g->proved ? &g->run : NULL, .next = g->next};
	}
	if (!all.n)
		return 0;
	error = hone_cli_report(cli, HONE_DOC_TUNE, &all, err);
	fflush(cli->out.out);
	return error;
}

static void release(struct hone_tune_goal *goals, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		hone_result_run_release(&goals[i].run);
		hone_try_release(&goals[i].proof);
		hone_result_tune_release(&goals[i].found);
		free(goals[i].next);
	}
}

int hone_cli_tune(struct hone_cli *cli, struct hone_session *s, const struct hone_tune_asked *a,
	struct hone_tune_goal *goals, size_t n, struct hone_err *err)
{
	hone_auto_err struct hone_err why = HONE_ERR_INIT, later = HONE_ERR_INIT;
	int64_t start = hone_now_ns();
	bool better = false;
	int error = 0, shown;

	hone_kept_links_begin(&s->dir, HONE_RULE_LINKS_BYTES);
	for (size_t i = 0; !error && i < n; i++) {
		double left = a->request.budget_s - hone_ns_to_s(hone_now_ns() - start);

		goals[i].run = (struct hone_result_run)HONE_RESULT_RUN_INIT;
		set_goal(a, &goals[i],
			a->request.budget_s > 0 ? fmax(left, 1) / (double)(n - i) : 0);
		error = search(cli, s, a, &goals[i], &why);
		better |= goals[i].better;
	}
	hone_kept_links_end(&s->dir);
	hone_out_pane(&cli->out, NULL);
	shown = show(cli, goals, n, &later);
	if (!error && shown)
		error = hone_err_move(&why, &later);
	if (!error && !better)
		error = hone_err_set(
			&why, HONE_E_NOTHING_BETTER, "nothing is better: keep what you have");
	release(goals, n);
	return error ? hone_err_move(err, &why) : 0;
}
