#include "check.h"
#include "check_recipe.h"
#include "check_tell.h"
#include "cli.h"
#include "num.h"
#include "text.h"

#include <string.h>

struct check_opts {
	char *base, *against, *save, *bisect, *rounds, *budget, *undecided;
	struct hone_strv limit, run, also;
	bool any_toolchain, no_run, recipe, no_wait;
};

static const struct hone_opt check_options[] = {
	{"base", 0, HONE_OPT_TEXT, "REV", offsetof(struct check_opts, base),
		"The git revision to compare with [default: where HEAD left the default branch]"},
	{"against", 0, HONE_OPT_TEXT, "FILE", offsetof(struct check_opts, against),
		"A file of --save to compare with, so that no base has to be built"},
	{"save", 0, HONE_OPT_TEXT, "FILE", offsetof(struct check_opts, save),
		"Write what was found of the head there; without --base and --against only that"},
	{"bisect", 0, HONE_OPT_TEXT, "GOOD..BAD", offsetof(struct check_opts, bisect),
		"Which commit of the range first passes over a budget, beside GOOD; without "
		"budgets the middle between both sizes; says first how many builds that takes"},
	{"limit", 0, HONE_OPT_LIST, "FIGURE=MOST", offsetof(struct check_opts, limit),
		"A budget, in the place of that of hone.toml: size=2MB, gzip=+1%, crates=+0, "
		"time=+3%; repeatable"},
	{"recipe", 0, HONE_OPT_FLAG, NULL, offsetof(struct check_opts, recipe),
		"Is what was applied still best? It, the presets and the last winners are tried "
		"again, and what changed since is said"},
	{"run", 0, HONE_OPT_LIST, "ARGS", offsetof(struct check_opts, run),
		"A workload in the place of those of hone.toml, run on both sides in the same "
		"rounds: arguments for the binary, or a command line with {bin} in it; repeatable"},
	{"no-run", 0, HONE_OPT_FLAG, NULL, offsetof(struct check_opts, no_run),
		"Run nothing: sizes alone are compared, budgets of time are undecided"},
	{"budget", 0, HONE_OPT_TEXT, "TIME", offsetof(struct check_opts, budget),
		"Longest time of all rounds: 90s, 5min [default: 2min]"},
	{"rounds", 0, HONE_OPT_TEXT, "N", offsetof(struct check_opts, rounds),
		"Exactly N rounds (at least 15 for a verdict) instead of stopping when it is "
		"decided"},
	{"undecided", 0, HONE_OPT_TEXT, "WHAT", offsetof(struct check_opts, undecided),
		"What a budget that the rounds do not decide counts as: fail or pass [default: "
		"exit code 3]"},
	{"also", 0, HONE_OPT_LIST, "FORMAT=FILE", offsetof(struct check_opts, also),
		"Write the same in another format to a file, too: sarif=check.sarif; repeatable"},
	{"any-toolchain", 0, HONE_OPT_FLAG, NULL, offsetof(struct check_opts, any_toolchain),
		"Compare with a file of another toolchain, target or profile, too"},
	HONE_OPT_NO_WAIT(struct check_opts),
	{0},
};

/* "rustc 1.94.0 at base, rustc 1.95.0 at head"; the caller frees; NULL: all is the same. */
static char *differences(const struct hone_check_side *b, const struct hone_check_side *h)
{
	const char *const pairs[][3] = {{b->rustc, h->rustc, ""}, {b->target, h->target, "target "},
		{b->profile, h->profile, "profile "}};
	struct hone_buf text = HONE_BUF_INIT;

	for (size_t i = 0; i < HONE_COUNT(pairs); i++)
		if (strcmp(pairs[i][0], pairs[i][1]) != 0)
			hone_buf_addf(&text, "%s%s%.*s at base, %.*s at head", text.n ? "; " : "",
				pairs[i][2], (int)strcspn(pairs[i][0], "\n"), pairs[i][0],
				(int)strcspn(pairs[i][1], "\n"), pairs[i][1]);
	return text.n ? hone_buf_detach(&text) : NULL;
}

/* Over is worse than undecided. */
static int judge(const struct hone_check_doc *doc, struct hone_err *err)
{
	const struct hone_result_check *c = doc->check;
	hone_auto_buf struct hone_buf over = HONE_BUF_INIT, open = HONE_BUF_INIT;

	for (size_t i = 0; i < c->n_budgets; i++) {
		hone_auto_free char *one = hone_check_budget_text(c, &c->budgets[i]);
		enum hone_check_verdict v = hone_result_check_verdict(c, &c->budgets[i]);
		struct hone_buf *to;

		if (v == HONE_CHECK_UNDECIDED)
			v = doc->undecided;
		if (v == HONE_CHECK_WITHIN)
			continue;
		to = v == HONE_CHECK_OVER ? &over : &open;
		hone_buf_addf(to, "%s%s", to->n ? "; " : "", one);
	}
	if (c->times && c->times->failed)
		return hone_err_set(err, HONE_E_FAILED, "%s", c->times->failed);
	if (over.n)
		return hone_err_set(err, HONE_E_DENIED, "over budget: %s", hone_buf_str(&over));
	if (!open.n)
		return 0;
	hone_err_set(err, HONE_E_NOTHING_BETTER, "%s", hone_buf_str(&open));
	return hone_err_hint(err, "longer rounds decide more (--budget 10min); --undecided pass "
				  "lets it through, --undecided fail does not");
}

static enum hone_check_verdict undecided_as(const struct check_opts *o)
{
	if (!o->undecided)
		return HONE_CHECK_UNDECIDED;
	return strcmp(o->undecided, "pass") == 0 ? HONE_CHECK_WITHIN : HONE_CHECK_OVER;
}

/* What is compared with what. */
struct gate {
	struct hone_session *s;
	struct hone_check_side sides[2];
	struct hone_check_runs runs;
	struct hone_check_budgets budgets;
};

static int compare(
	struct hone_cli *cli, const struct check_opts *o, struct gate *g, struct hone_err *err)
{
	const struct hone_check_side *base = &g->sides[0], *head = &g->sides[1];
	hone_auto_free char *differ = differences(base, head);
	const char *root = g->s->project->workspace_root;
	struct hone_check_times times = {0};
	struct hone_result_check c;
	struct hone_check_doc doc = {
		.check = &c, .other_toolchain = differ, .root = root, .undecided = undecided_as(o)};
	int error;

	if (differ && o->against && !o->any_toolchain) {
		hone_err_set(err, HONE_E_FAILED, "%s was made otherwise: %s", o->against, differ);
		return hone_err_hint(err, "save the base again with this one, or compare all the "
					  "same with --any-toolchain");
	}
	error = g->runs.n ? hone_check_measure(g->s, &g->runs, base, head, &g->budgets, &times, err)
			  : 0;
	if (error)
		return error;
	hone_result_check_compare(base, head, g->budgets.v, g->budgets.n, &c);
	c.times = g->runs.n ? &times : NULL;
	for (size_t i = 0; i < g->budgets.n; i++)
		if (g->budgets.v[i].figure < HONE_CHECK_CRATES &&
			hone_result_check_verdict(&c, &g->budgets.v[i]) == HONE_CHECK_OVER)
			doc.remedy = hone_check_remedy(g->s, &g->budgets);
	error = hone_cli_report(cli, HONE_DOC_CHECK, &doc, err);
	if (!error)
		error = hone_check_tell_files(&o->also, &doc, err);
	if (!error) {
		hone_check_tell_github(cli, &doc);
		error = judge(&doc, err);
	}
	hone_result_check_release(&c);
	return error;
}

static int check_options_fit(const struct check_opts *o, struct hone_err *err)
{
	if (o->base && o->against)
		return hone_err_set(
			err, HONE_E_USAGE, "--base and --against both name what to compare with");
	if (o->bisect && (o->base || o->against || o->save))
		return hone_err_set(err, HONE_E_USAGE,
			"--bisect names all that is built: --base, --against and --save do not go "
			"with it");
	if (o->recipe && (o->base || o->against || o->save || o->bisect || o->limit.n || o->also.n))
		return hone_err_set(err, HONE_E_USAGE,
			"--recipe compares recipes, not commits: of the options only --run, "
			"--no-run, --budget and --rounds go with it");
	if (o->any_toolchain && !o->against)
		return hone_err_set(err, HONE_E_USAGE, "--any-toolchain goes with --against");
	if (hone_check_also_fits(&o->also, err))
		return err->code;
	if (o->no_run && o->run.n)
		return hone_err_set(err, HONE_E_USAGE, "--run and --no-run exclude each other");
	if (o->undecided && strcmp(o->undecided, "fail") != 0 && strcmp(o->undecided, "pass") != 0)
		return hone_err_set(err, HONE_E_USAGE, "--undecided takes fail or pass, not `%s`",
			o->undecided);
	return 0;
}

static int take_numbers(const struct check_opts *o, struct hone_check_runs *r, struct hone_err *err)
{
	uint64_t rounds = 0;

	if (o->rounds &&
		(!hone_parse_u64(hone_view_of(o->rounds), &rounds) || !rounds || rounds > 100000))
		return hone_err_set(err, HONE_E_USAGE,
			"--rounds takes a number from 1 to 100000, not `%s`", o->rounds);
	r->rounds = rounds;
	if (o->budget &&
		(!hone_parse_seconds(hone_view_of(o->budget), &r->budget_s) || r->budget_s <= 0))
		return hone_err_set(err, HONE_E_USAGE,
			"--budget takes a time like 90s or 5min, not `%s`", o->budget);
	r->skip = o->no_run;
	return 0;
}

/* Budgets and workloads, before anything is built. */
static int prepare(const struct check_opts *o, struct gate *g, struct hone_err *err)
{
	int error = take_numbers(o, &g->runs, err);

	if (!error)
		error = hone_check_budgets_take(g->s, &o->limit, &g->budgets, err);
	if (!error)
		error = hone_check_runs_take(g->s, &o->run, &g->budgets, &g->runs, err);
	return error;
}

/* All options that a build depends on. The caller frees. */
static char *identity(const struct hone_cli *cli)
{
	hone_auto_strv struct hone_strv words = HONE_STRV_INIT;

	hone_cli_words(cli, "check", &words);
	return hone_text_command(hone_strv_argv(&words));
}

static int bisect(
	struct hone_cli *cli, const struct check_opts *o, struct gate *g, struct hone_err *err)
{
	hone_auto_free char *id = identity(cli);
	const struct hone_check_search search = {
		.range = o->bisect, .identity = id, .runs = &g->runs, .budgets = &g->budgets};
	struct hone_check_found found;
	struct hone_result_check c;
	struct hone_check_doc doc = {.check = &c,
		.bisected = &found.told,
		.root = g->s->project->workspace_root,
		.undecided = HONE_CHECK_UNDECIDED};
	int error = hone_check_bisect(g->s, &search, &found, err);

	if (!error) {
		hone_result_check_compare(&found.before, &found.first, NULL, 0, &c);
		error = hone_cli_report(cli, HONE_DOC_CHECK, &doc, err);
		if (!error)
			error = hone_check_tell_files(&o->also, &doc, err);
		hone_result_check_release(&c);
	}
	hone_check_side_release(&found.before);
	hone_check_side_release(&found.first);
	return error;
}

/* The recipes of one state, in the place of two states by one recipe. */
static int try_recipes(struct hone_cli *cli, const struct check_opts *o, struct hone_err *err)
{
	struct hone_check_runs numbers = {0};
	struct hone_check_recipes r = {.run = &o->run, .no_run = o->no_run, .no_wait = o->no_wait};
	int error = take_numbers(o, &numbers, err);

	r.rounds = numbers.rounds;
	r.budget_s = numbers.budget_s;
	return error ? error : hone_check_recipes(cli, &r, err);
}

static int run(
	struct hone_cli *cli, void *opts, const char *const *args, size_t n, struct hone_err *err)
{
	const struct check_opts *o = opts;
	const struct hone_check_request request = {.base = o->base,
		.against = o->against,
		.head_only = o->save && !o->base && !o->against};
	struct hone_session s = HONE_SESSION_INIT;
	struct gate g = {.s = &s, .sides = {HONE_CHECK_SIDE_INIT, HONE_CHECK_SIDE_INIT}};
	int error = check_options_fit(o, err);

	(void)args;
	(void)n;
	if (!error && o->recipe)
		return try_recipes(cli, o, err);
	if (!error)
		error = hone_session_open(&cli->cargo, &cli->events,
			HONE_SESSION_BUILD | (o->no_wait ? HONE_SESSION_NO_WAIT : 0), &s, err);
	if (!error)
		error = prepare(o, &g, err);
	if (!error && o->bisect)
		error = bisect(cli, o, &g, err);
	else if (!error)
		error = hone_check_build(&s, &request, &g.sides[0], &g.sides[1], err);
	if (!error && o->save)
		error = hone_check_save(&g.sides[1], g.runs.n > 0, o->save, err);
	if (!error && o->save)
		hone_out_status(&cli->out, "Saved", "%s (%s)%s: %s", g.sides[1].bin,
			g.sides[1].what, g.runs.n ? " with its binary" : "", o->save);
	if (!error && !request.head_only && !o->bisect)
		error = compare(cli, o, &g, err);
	for (size_t i = 0; i < HONE_COUNT(g.sides); i++)
		hone_check_side_release(&g.sides[i]);
	hone_check_runs_release(&g.runs);
	hone_check_budgets_release(&g.budgets);
	hone_session_close(&s);
	return error;
}

const struct hone_command hone_cmd_check = {
	.name = "check",
	.args = "",
	.summary = "Sizes and times beside those of another commit: what grew, why, whether it may",
	.help = "Builds HEAD with what is edited, and the base, by the project's own profile, and "
		"says what\n"
		"became larger: figures, crates, functions, dependencies, settings. Every byte is "
		"in "
		"one row.\n"
		"[budget] in hone.toml says what there may be at most, or more than before:\n"
		"  [budget]\n"
		"  stripped = \"2 MB\"\n"
		"  gzip = \"+1%\"\n"
		"  crates = \"+0\"\n"
		"  time = \"+3%\"\n"
		"With workloads (--run, or hone.toml) both are run in turns, in the same rounds; a "
		"budget of\n"
		"time is passed over only where that is proved.\n"
		"Exit code 4: over a budget; 3: the rounds do not decide it. --format markdown is "
		"a "
		"comment for a\n"
		"pull request; sarif, gitlab (Code Quality) and junit are what pages of forges "
		"read.\n"
		"In GitHub Actions the comment goes into the step's summary, too, and what is over "
		"a budget "
		"is an\n"
		"annotation.\n"
		"On a branch's runner: `cargo hone check --save base.json`, later `--against "
		"base.json`.\n"
		"Both are built outside of the project, as git knows them: what git ignores is not "
		"there.\n",
	.groups = HONE_GROUP_PROJECT | HONE_GROUP_FORMAT | HONE_GROUP_BUILD,
	.document = HONE_DOC_CHECK,
	.opts = check_options,
	.opts_size = sizeof(struct check_opts),
	.max_args = 0,
	.run = run,
};
