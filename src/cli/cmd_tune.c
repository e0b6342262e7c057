#include "cli.h"

#include "clock.h"
#include "num.h"
#include "results.h"
#include "run_opts.h"
#include "tune_goals.h"

#include <string.h>

static const struct hone_opt tune_options[] = {
	HONE_OPT_ALLOW(struct hone_tune_opts),
	{"deny", 0, HONE_OPT_LIST, "LABELS", offsetof(struct hone_tune_opts, deny),
		"Labels that the result must not carry, although the presets do: behaviour, debug"},
	{"set", 0, HONE_OPT_LIST, "KEY=VALUE", offsetof(struct hone_tune_opts, set),
		"A value that stays as it is, in every candidate; repeatable"},
	{"only", 0, HONE_OPT_LIST, "KEY", offsetof(struct hone_tune_opts, only),
		"Search these settings alone; repeatable"},
	{"skip", 0, HONE_OPT_LIST, "KEY", offsetof(struct hone_tune_opts, skip),
		"Leave these settings as the project has them; repeatable"},
	{"metric", 0, HONE_OPT_TEXT, "BYTES", offsetof(struct hone_tune_opts, metric),
		"Of small: what is to be small: size (of the file; of a device's program its "
		"flash), "
		"stripped, gzip, zstd, of WebAssembly brotli, or ram [default: size]"},
	{"quick", 0, HONE_OPT_FLAG, NULL, offsetof(struct hone_tune_opts, quick),
		"Known recipes, and for small links, only: a few builds"},
	{"builds", 0, HONE_OPT_TEXT, "N", offsetof(struct hone_tune_opts, builds),
		"Of small: most builds that compile something; what is only linked anew does not "
		"count"},
	{"budget", 0, HONE_OPT_TEXT, "TIME", offsetof(struct hone_tune_opts, budget),
		"Longest time of it all, builds and rounds, shared by the goals: 90s, 10min; "
		"nothing "
		"begins that would not end in time"},
	{"within", 0, HONE_OPT_TEXT, "PERCENT", offsetof(struct hone_tune_opts, within),
		"Of balanced: the smallest that is at most so much slower than the fastest "
		"[default: 5%]"},
	{"run", 0, HONE_OPT_LIST, "ARGS", offsetof(struct hone_tune_opts, run),
		"A workload, as for try, whose behaviour the result must keep, and whose time "
		"decides "
		"for fast and balanced; repeatable "
		"[default: those of hone.toml]"},
	{"train", 0, HONE_OPT_LIST, "ARGS", offsetof(struct hone_tune_opts, train),
		"What train.* settings train with, as for try; repeatable [default: the workloads, "
		"the last of several held out]"},
	{"verify", 0, HONE_OPT_TEXT, "CMD", offsetof(struct hone_tune_opts, verify),
		"A command that must succeed for the result to stay in: with {bin} in it on every "
		"finalist's file; without, as 'cargo test', once with the result's profile keys in "
		"force"},
	{"no-compare", 0, HONE_OPT_FLAG, NULL, offsetof(struct hone_tune_opts, no_compare),
		"Do not compare the output with the baseline's; the exit code still counts"},
	{"save", 0, HONE_OPT_FLAG, NULL, offsetof(struct hone_tune_opts, save),
		"Write the result into hone.toml, where `cargo clean` and pipelines keep it"},
	HONE_OPT_NO_WAIT(struct hone_tune_opts),
	{0},
};

static void release_asked(struct hone_tune_asked *a)
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

static int take_pins(const struct hone_strv *set, struct hone_tune_asked *a, struct hone_err *err)
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
	const struct hone_tune_opts *o, struct hone_tune_request *r, struct hone_err *err)
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
			"--metric takes size, stripped, gzip, zstd, brotli or ram, not `%s`",
			o->metric);
	return 0;
}

static bool has_goal(const struct hone_tune_goal *goals, size_t n, const char *word)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(goals[i].word, word) == 0)
			return true;
	return false;
}

/* The goals as typed, each once. */
static int take_goals(
	const char *const *args, size_t n, struct hone_tune_goal *goals, struct hone_err *err)
{
	static const char *const known[] = {"small", "fast", "balanced"};

	for (size_t i = 0; i < n; i++) {
		bool is_known = false;

		for (size_t k = 0; k < HONE_COUNT(known); k++)
			is_known |= strcmp(args[i], known[k]) == 0;
		if (!is_known)
			return hone_err_set(err, HONE_E_USAGE,
				"tune takes the goals small, fast and balanced, not `%s`", args[i]);
		if (has_goal(goals, i, args[i]))
			return hone_err_set(
				err, HONE_E_USAGE, "the goal %s stands there twice", args[i]);
		goals[i].word = args[i];
	}
	return 0;
}

static int take_within(const char *text, double *ret, struct hone_err *err)
{
	struct hone_view v = hone_view_of(text ? text : "");
	double percent;

	if (!text)
		return 0;
	if (hone_view_ends(v, "%"))
		v.n--;
	if (!hone_parse_f64(v, &percent) || !(percent > 0) || percent > 1000)
		return hone_err_set(
			err, HONE_E_USAGE, "--within takes a percentage above 0, not `%s`", text);
	*ret = percent / 100;
	return 0;
}

/* Options that say nothing to the goals that were given. */
static int check_goals(const struct hone_tune_opts *o, const struct hone_tune_goal *goals, size_t n,
	struct hone_err *err)
{
	if (!has_goal(goals, n, "small") && (o->metric || o->builds))
		return hone_err_set(err, HONE_E_USAGE,
			"--%s is for the goal small: time decides here",
			o->metric ? "metric" : "builds");
	if (!has_goal(goals, n, "balanced") && o->within)
		return hone_err_set(err, HONE_E_USAGE, "--within is for the goal balanced");
	return 0;
}

static int take_options(
	const struct hone_tune_opts *o, struct hone_tune_asked *a, struct hone_err *err)
{
	struct hone_tune_request *r = &a->request;
	int error = take_numbers(o, r, err);

	if (!error)
		error = take_within(o->within, &r->within, err);
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

static int run(
	struct hone_cli *cli, void *opts, const char *const *args, size_t n, struct hone_err *err)
{
	const struct hone_tune_opts *o = opts;
	struct hone_session s = HONE_SESSION_INIT;
	struct hone_tune_asked a = {.opts = o};
	struct hone_tune_goal goals[HONE_TUNE_GOALS] = {0};
	int64_t since_s = hone_wall_clock_s();
	int error = take_goals(args, n, goals, err);

	if (!error)
		error = check_goals(o, goals, n, err);
	if (!error)
		error = take_options(o, &a, err);
	if (!error)
		error = hone_session_open(&cli->cargo, &cli->events,
			HONE_SESSION_GRAPH | HONE_SESSION_BUILD |
				(o->save ? HONE_SESSION_WRITE : 0) |
				(o->no_wait ? HONE_SESSION_NO_WAIT : 0),
			&s, err);
	if (!error) {
		error = hone_cli_tune(cli, &s, &a, goals, n, err);
		if (!error)
			hone_results_cap(&s, 0, since_s);
		hone_session_close(&s);
	}
	release_asked(&a);
	return error;
}

const struct hone_command hone_cmd_tune = {
	.name = "tune",
	.args = "GOAL...",
	.summary = "Search for the best candidate of a goal",
	.help = "Builds what nobody would try by hand, as few candidates as can be, and tells the "
		"way in\n"
		"bytes or time, and what each setting of the result is worth. The goals are small, "
		"fast\n"
		"and balanced, one or several. A result is a candidate with a name, tuned-small, "
		"that\n"
		"apply, build, try and size know. It has no label that the presets do not have, "
		"but "
		"those\n"
		"of --allow; where nothing is better than what you have, the exit code is 3. A "
		"second\n"
		"search finds what the first one built. Ctrl-C ends it with the best so far.\n"
		"\n"
		"  cargo hone tune small --allow glibc,backtrace,address\n"
		"  cargo hone tune small --quick                 a first answer\n"
		"  cargo hone tune fast --run 'search needle big.txt' --run 'index big.txt'\n"
		"  cargo hone tune balanced --within 10% --run 'search needle big.txt'\n"
		"  cargo hone tune small fast balanced --run 'search needle big.txt' --budget 1h\n"
		"  cargo hone tune small --set panic=unwind --skip opt-level\n",
	.groups = HONE_GROUP_PROJECT | HONE_GROUP_FORMAT | HONE_GROUP_BUILD,
	.document = HONE_DOC_TUNE,
	.opts = tune_options,
	.opts_size = sizeof(struct hone_tune_opts),
	.min_args = 1,
	.max_args = HONE_TUNE_GOALS,
	.run = run,
};
