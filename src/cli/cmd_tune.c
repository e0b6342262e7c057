#include "cli.h"

#include "clock.h"
#include "documents.h"
#include "num.h"
#include "proc.h"
#include "recipes.h"
#include "results.h"
#include "rules.h"
#include "run_opts.h"
#include "tune.h"

#include <string.h>

struct tune_opts {
	struct hone_strv run, train, allow, deny, set, only, skip;
	char *metric, *builds, *budget, *verify;
	bool quick, save, no_compare, no_wait;
};

static const struct hone_opt tune_options[] = {
	HONE_OPT_ALLOW(struct tune_opts),
	{"deny", 0, HONE_OPT_LIST, "LABELS", offsetof(struct tune_opts, deny),
		"Labels that the result must not carry, although the presets do: behaviour, debug"},
	{"set", 0, HONE_OPT_LIST, "KEY=VALUE", offsetof(struct tune_opts, set),
		"A value that stays as it is, in every candidate; repeatable"},
	{"only", 0, HONE_OPT_LIST, "KEY", offsetof(struct tune_opts, only),
		"Search these settings alone; repeatable"},
	{"skip", 0, HONE_OPT_LIST, "KEY", offsetof(struct tune_opts, skip),
		"Leave these settings as the project has them; repeatable"},
	{"metric", 0, HONE_OPT_TEXT, "BYTES", offsetof(struct tune_opts, metric),
		"Of small: what is to be small: size (of the file; of a device's program its "
		"flash), "
		"stripped, gzip, zstd or ram [default: size]"},
	{"quick", 0, HONE_OPT_FLAG, NULL, offsetof(struct tune_opts, quick),
		"Known recipes, and for small links, only: a few builds"},
	{"builds", 0, HONE_OPT_TEXT, "N", offsetof(struct tune_opts, builds),
		"Of small: most builds that compile something; what is only linked anew does not "
		"count"},
	{"budget", 0, HONE_OPT_TEXT, "TIME", offsetof(struct tune_opts, budget),
		"Longest time of the search; where time decides, of all rounds: 90s, 10min"},
	{"run", 0, HONE_OPT_LIST, "ARGS", offsetof(struct tune_opts, run),
		"A workload, as for try, whose behaviour the result must keep, and whose time "
		"decides "
		"for fast and balanced; repeatable "
		"[default: those of hone.toml]"},
	{"train", 0, HONE_OPT_LIST, "ARGS", offsetof(struct tune_opts, train),
		"What train.* settings train with, as for try; repeatable [default: the workloads, "
		"the last of several held out]"},
	{"verify", 0, HONE_OPT_TEXT, "CMD", offsetof(struct tune_opts, verify),
		"A command with {bin} in it that must succeed for the result to stay in"},
	{"no-compare", 0, HONE_OPT_FLAG, NULL, offsetof(struct tune_opts, no_compare),
		"Do not compare the output with the baseline's; the exit code still counts"},
	{"save", 0, HONE_OPT_FLAG, NULL, offsetof(struct tune_opts, save),
		"Write the result into hone.toml, where `cargo clean` and pipelines keep it"},
	HONE_OPT_NO_WAIT(struct tune_opts),
	{0},
};

/* Comparisons of a search that time decides: known recipes, fields, the last one. */
#define RACES 3

/* What the options say, with what it borrows from. */
struct asked {
	struct hone_strv only, skip, verify;
	struct hone_candidate *pins;
	struct hone_tune_request request;
};

static void release_asked(struct asked *a)
{
	hone_strv_release(&a->only);
	hone_strv_release(&a->skip);
	hone_strv_release(&a->verify);
	hone_candidate_free(a->pins);
}

/* Keys as typed, short ones too, to canonical ones. */
static int take_keys(const char *option, const struct hone_strv *typed, struct hone_strv *ret,
	struct hone_err *err)
{
	for (size_t i = 0; i < typed->n; i++) {
		struct hone_view rest = hone_view_of(typed->v[i]), word;
		bool started = false;

		while (hone_view_split(&rest, &started, ',', &word)) {
			hone_auto_free char *key = hone_view_dup(hone_view_trim(word));
			const struct hone_setting *s = hone_setting_find_short(hone_view_of(key));
			const char *near = s ? NULL : hone_did_you_mean(key, hone_setting_keys());

			if (!s) {
				hone_err_set(
					err, HONE_E_USAGE, "%s: unknown setting `%s`", option, key);
				return near ? hone_err_hint(err, "did you mean `%s`?", near)
					    : HONE_E_USAGE;
			}
			if (!hone_space_has(HONE_GOAL_SMALL | HONE_GOAL_FAST, s->id))
				return hone_err_set(err, HONE_E_USAGE,
					"%s %s: no search tries that setting; --set %s=VALUE has "
					"it "
					"in every candidate",
					option, s->key, s->key);
			hone_strv_push(ret, s->key);
		}
	}
	return 0;
}

static int take_pins(const struct hone_strv *set, struct asked *a, struct hone_err *err)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;

	for (size_t i = 0; i < set->n; i++)
		hone_buf_addf(&text, "%s%s", i ? "," : "", set->v[i]);
	if (!text.n)
		return 0;
	if (hone_candidate_parse(hone_buf_str(&text), &a->pins, err)) {
		hone_err_wrap(err, "--set");
		return HONE_E_USAGE;
	}
	return 0;
}

static int take_numbers(
	const struct tune_opts *o, struct hone_tune_request *r, struct hone_err *err)
{
	uint64_t builds = 0;

	if (o->builds &&
		(!hone_parse_u64(hone_view_of(o->builds), &builds) || !builds || builds > 100000))
		return hone_err_set(err, HONE_E_USAGE,
			"--builds takes a number from 1 to 100000, not `%s`", o->builds);
	r->builds = builds;
	if (o->budget &&
		(!hone_parse_seconds(hone_view_of(o->budget), &r->budget_s) || r->budget_s <= 0))
		return hone_err_set(err, HONE_E_USAGE,
			"--budget takes a time like 90s or 10min, not `%s`", o->budget);
	for (int i = 0; o->metric && hone_tune_metrics[i]; i++)
		if (strcmp(o->metric, hone_tune_metrics[i]) == 0) {
			r->metric = (enum hone_tune_metric)i;
			return 0;
		}
	if (o->metric)
		return hone_err_set(err, HONE_E_USAGE,
			"--metric takes size, stripped, gzip, zstd or ram, not `%s`", o->metric);
	return 0;
}

static int take_options(
	const struct tune_opts *o, const char *goal, struct asked *a, struct hone_err *err)
{
	struct hone_tune_request *r = &a->request;
	int error = 0;

	r->balanced = strcmp(goal, "balanced") == 0;
	r->goal = strcmp(goal, "fast") == 0 || r->balanced ? HONE_GOAL_FAST : HONE_GOAL_SMALL;
	if (r->goal == HONE_GOAL_SMALL && strcmp(goal, "small") != 0)
		error = hone_err_set(err, HONE_E_USAGE,
			"tune takes the goal small, fast or balanced, not `%s`", goal);
	if (!error && r->goal != HONE_GOAL_SMALL && (o->metric || o->builds))
		error = hone_err_set(err, HONE_E_USAGE,
			"--%s is for the goal small: time decides here",
			o->metric ? "metric" : "builds");
	if (!error)
		error = take_numbers(o, r, err);
	if (!error)
		error = hone_labels_parse(&o->allow, &r->allowed, err);
	if (!error)
		error = hone_labels_parse(&o->deny, &r->denied, err);
	if (!error)
		error = take_keys("--only", &o->only, &a->only, err);
	if (!error)
		error = take_keys("--skip", &o->skip, &a->skip, err);
	if (!error)
		error = take_pins(&o->set, a, err);
	if (!error && o->verify && hone_strv_split_words(&a->verify, o->verify, err))
		error = hone_cli_wrong_words("--verify", err);
	if (!error && o->verify && !a->verify.n)
		error = hone_err_set(
			err, HONE_E_USAGE, "--verify takes a command, not `%s`", o->verify);
	r->only = &a->only;
	r->skip = &a->skip;
	r->pins = a->pins;
	r->quick = o->quick;
	return error;
}

static int keep(struct hone_cli *cli, const struct hone_session *s, const struct tune_opts *o,
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

static int show(struct hone_cli *cli, const struct hone_result_tune *found,
	const struct hone_result_run *run, struct hone_err *err)
{
	const char *const name[] = {found->name, NULL};
	hone_auto_free char *next = hone_cli_command(cli, "apply", name);
	bool better = found->recipe && *found->recipe;
	const struct hone_tune_doc doc = {.tune = found, .run = run, .next = better ? next : NULL};
	int error = hone_cli_report(cli, HONE_DOC_TUNE, &doc, err);

	fflush(cli->out.out);
	return error;
}

/* Did the result do what the baseline does? */
static int check_result(const struct hone_try *t, const struct hone_result_tune *found,
	const char *verify, struct hone_err *err)
{
	const struct hone_trial *last = &t->trials[t->n - 1];

	if (verify && !t->measured)
		return hone_err_set(err, HONE_E_FAILED,
			"--verify %s could not be held against the result: see above; name a "
			"workload by --run, or look at the command",
			verify);
	if (last->status == HONE_TRIAL_BUILT || strcmp(last->candidate->name, found->name) != 0)
		return 0;
	hone_err_set(err, HONE_E_FAILED, "%s is out: %s", found->name,
		last->reason ? last->reason : "it does not do what the baseline does");
	return hone_err_hint(err, "--skip KEY or --deny LABEL keeps out of the search what changes "
				  "the program");
}

/* How rounds are run. */
static struct hone_try_request request_of(const struct tune_opts *o, const struct asked *a)
{
	struct hone_try_request r = {.allowed = a->request.allowed,
		.allow = &o->allow,
		.train = &o->train,
		.measure = {.no_compare = o->no_compare,
			.check = o->verify ? hone_strv_argv(&a->verify) : NULL}};

	if (a->request.goal == HONE_GOAL_SMALL) {
		/* Bytes decide: the rounds only show that it is not slow. */
		r.measure.budget_s = HONE_RULE_STARTUP_BUDGET_S;
		r.measure.enough_s = HONE_RULE_STARTUP_ENOUGH_S;
	} else if (a->request.budget_s > 0) {
		r.measure.budget_s = a->request.budget_s / RACES;
	}
	return r;
}

/* The result beside what it beats, shown and kept. */
static int prove(struct hone_cli *cli, const struct hone_session *s, const struct tune_opts *o,
	const struct asked *a, struct hone_result_tune *found, struct hone_err *err)
{
	hone_auto_result_run struct hone_result_run result = HONE_RESULT_RUN_INIT;
	hone_auto_strv struct hone_strv typed = HONE_STRV_INIT;
	struct hone_try t = {.session = s};
	struct hone_try_request request = request_of(o, a);
	bool better = true;
	int error = hone_cli_workloads(&o->run, NULL, &t, err);

	t.speed_measured = t.workloads.n > 0;
	if (!error)
		error = hone_tune_prove(&t, found, &request, err);
	if (!error) {
		hone_cli_words(cli, "tune", &typed);
		hone_strv_push(&typed, found->goal);
		t.command.typed = &typed;
		t.command.options = "";
		hone_try_result(&t, &result);
		error = check_result(&t, found, o->verify, err);
	}
	if (!error && a->request.goal != HONE_GOAL_SMALL)
		better = hone_tune_settle(&a->request, &t, found);
	if (!error && better)
		error = keep(cli, s, o, found, err);
	if (!error)
		error = show(cli, found, &result, err);
	if (!error)
		hone_results_put(s, &result, t.finishes);
	hone_try_release(&t);
	if (!error && !better)
		error = hone_err_set(err, HONE_E_NOTHING_BETTER,
			"nothing is proved to be better: keep what you have");
	return error;
}

struct runs {
	const struct hone_session *session;
	const struct tune_opts *opts;
};

static int load_workloads(void *ctx, struct hone_try *t, struct hone_err *err)
{
	const struct runs *r = ctx;
	int error = hone_cli_workloads(&r->opts->run, NULL, t, err);

	t->speed_measured = true;
	if (error || t->workloads.n)
		return error;
	hone_err_set(err, HONE_E_USAGE, "time decides, and there is nothing to run");
	return hone_err_hint(
		err, "say what the program does all day: --run 'ARGS', or workloads in hone.toml");
}

/* Before anything is built. */
static int check_workloads(struct runs *r, struct hone_err *err)
{
	struct hone_try t = {.session = r->session};
	int error = load_workloads(r, &t, err);

	hone_try_release(&t);
	return error;
}

static int search(struct hone_cli *cli, struct hone_session *s, const struct tune_opts *o,
	const struct asked *a, struct hone_err *err)
{
	hone_auto_err struct hone_err why = HONE_ERR_INIT, later = HONE_ERR_INIT;
	struct hone_result_tune found = {0};
	struct hone_try_request request = request_of(o, a);
	struct runs mine = {s, o};
	const struct hone_tune_runs runs = {load_workloads, &mine, &request};
	bool timed = a->request.goal != HONE_GOAL_SMALL;
	int error = timed ? check_workloads(&mine, &why) : 0;

	if (!error)
		error = hone_tune(s, &a->request, timed ? &runs : NULL, &found, &why);
	if (error == HONE_E_INTERRUPTED && found.recipe) {
		/* What was found so far is not lost. */
		if (*found.recipe)
			(void)keep(cli, s, o, &found, &later);
		(void)show(cli, &found, NULL, &later);
	} else if (!error && *found.recipe) {
		error = prove(cli, s, o, a, &found, &why);
	} else if (!error) {
		error = show(cli, &found, NULL, &why);
		if (!error)
			error = hone_err_set(&why, HONE_E_NOTHING_BETTER,
				"nothing that may be built is %s: keep what you have",
				timed ? "faster" : "smaller");
	}
	hone_result_tune_release(&found);
	return error ? hone_err_move(err, &why) : 0;
}

static int run(
	struct hone_cli *cli, void *opts, const char *const *args, size_t n, struct hone_err *err)
{
	const struct tune_opts *o = opts;
	struct hone_session s = HONE_SESSION_INIT;
	struct asked a = {0};
	int64_t since_s = hone_wall_clock_s();
	int error = take_options(o, args[0], &a, err);

	(void)n;
	if (!error)
		error = hone_session_open(&cli->cargo, &cli->events,
			HONE_SESSION_GRAPH | HONE_SESSION_BUILD |
				(o->save ? HONE_SESSION_WRITE : 0) |
				(o->no_wait ? HONE_SESSION_NO_WAIT : 0),
			&s, err);
	if (!error) {
		error = search(cli, &s, o, &a, err);
		if (!error)
			hone_results_cap(&s, 0, since_s);
		hone_session_close(&s);
	}
	release_asked(&a);
	return error;
}

const struct hone_command hone_cmd_tune = {
	.name = "tune",
	.args = "GOAL",
	.summary = "Search for the best candidate of a goal",
	.help = "Builds what nobody would try by hand, as few candidates as can be, and tells the "
		"way in\n"
		"bytes, and what each setting of the result is worth. The goal is small. The "
		"result "
		"is a\n"
		"candidate with a name, tuned-small, that apply, build, try and size know. It has "
		"no label\n"
		"that the presets do not have, but those of --allow; where nothing is smaller than "
		"what you\n"
		"have, the exit code is 3. A second search finds what the first one built. Ctrl-C "
		"ends it\n"
		"with the best so far.\n"
		"\n"
		"  cargo hone tune small --allow glibc,backtrace,address\n"
		"  cargo hone tune small --quick                 a first answer\n"
		"  cargo hone tune fast --run 'search needle big.txt' --run 'index big.txt'\n"
		"  cargo hone tune small --set panic=unwind --skip opt-level\n",
	.groups = HONE_GROUP_PROJECT | HONE_GROUP_FORMAT | HONE_GROUP_BUILD,
	.document = HONE_DOC_TUNE,
	.opts = tune_options,
	.opts_size = sizeof(struct tune_opts),
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
