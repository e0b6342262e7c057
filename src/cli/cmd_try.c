#include "try.h"

#include "clock.h"
#include "fs.h"
#include "num.h"
#include "progress.h"
#include "workload_file.h"

#include <math.h>
#include <string.h>

struct try_opts {
	struct hone_strv run;
	char *stdin_path, *rounds, *budget, *precision, *check_cmd, *timeout;
	bool no_compare;
};

static const struct hone_opt try_options[] = {
	{"run", 0, HONE_OPT_LIST, "ARGS", offsetof(struct try_opts, run),
		"A workload: arguments for the binary, or a command line with {bin} in it; repeatable"},
	{"stdin", 0, HONE_OPT_TEXT, "FILE", offsetof(struct try_opts, stdin_path),
		"What the workloads read from standard input"},
	{"check-cmd", 0, HONE_OPT_TEXT, "CMD", offsetof(struct try_opts, check_cmd),
		"A command with {bin} in it that must succeed for a candidate to stay in"},
	{"no-compare", 0, HONE_OPT_FLAG, NULL, offsetof(struct try_opts, no_compare),
		"Do not compare the output with the baseline's; the exit code still counts"},
	{"rounds", 0, HONE_OPT_TEXT, "N", offsetof(struct try_opts, rounds),
		"Exactly N rounds (at least 15 for a verdict) instead of stopping when it is decided"},
	{"budget", 0, HONE_OPT_TEXT, "TIME", offsetof(struct try_opts, budget),
		"Longest time of all rounds: 90s, 5min [default: 2min]"},
	{"precision", 0, HONE_OPT_TEXT, "PERCENT", offsetof(struct try_opts, precision),
		"Differences below it count as none [default: 1%]"},
	{"timeout", 0, HONE_OPT_TEXT, "TIME", offsetof(struct try_opts, timeout),
		"Longest time of one run [default: 60s]"},
	{0},
};

const char *hone_trial_status_text(enum hone_trial_status s)
{
	static const char *const text[] = {"built", "failed", "differs", "timeout", "not_run"};

	return text[s];
}

void hone_try_release(struct hone_try *t)
{
	for (size_t i = 0; i < t->n; i++) {
		hone_artifact_free(t->trials[i].artifact);
		hone_plan_free(t->trials[i].plan);
		free(t->trials[i].reason);
	}
	for (size_t i = 0; i < t->n_workloads; i++)
		hone_workload_release(&t->workloads[i]);
	hone_measurement_free(t->measured);
	hone_measurement_free(t->confirmed);
	hone_picks_release(&t->picks);
	free(t->trials);
	free(t->workloads);
	free(t->confirmed_trials);
}

const struct hone_estimate *hone_try_estimate(const struct hone_try *t, size_t trial)
{
	if (!t->measured || t->trials[trial].measured == SIZE_MAX)
		return NULL;
	return &t->measured->composite[t->trials[trial].measured];
}

/* Numbers from the options into measuring options. */
static int take_numbers(const struct try_opts *o, struct hone_measure_opts *m, struct hone_err *err)
{
	uint64_t rounds = 0;

	if (o->rounds && (!hone_parse_u64(hone_view_of(o->rounds), &rounds) || !rounds || rounds > 100000))
		return hone_err_set(err, HONE_E_USAGE, "--rounds takes a number from 1 to 100000, not `%s`",
			o->rounds);
	m->rounds = rounds;
	if (o->budget && (!hone_parse_seconds(hone_view_of(o->budget), &m->budget_s) || m->budget_s <= 0))
		return hone_err_set(err, HONE_E_USAGE, "--budget takes a time like 90s or 5min, not `%s`",
			o->budget);
	if (o->precision) {
		struct hone_view v = hone_view_of(o->precision);

		if (hone_view_ends(v, "%"))
			v.n--;
		if (!hone_parse_f64(v, &m->precision) || m->precision <= 0 || m->precision > 50)
			return hone_err_set(err, HONE_E_USAGE,
				"--precision takes a percentage between 0 and 50, not `%s`", o->precision);
		m->precision /= 100;
	}
	return 0;
}

/* A command line that cannot be split is wrong usage. */
static int wrong_words(const char *option, struct hone_err *err)
{
	hone_err_wrap(err, "%s", option);
	err->code = HONE_E_USAGE;
	return HONE_E_USAGE;
}

/* The workloads of --run. */
static int workloads_of_options(const struct try_opts *o, struct hone_try *t, struct hone_err *err)
{
	t->workloads = hone_xcalloc(o->run.n, sizeof(*t->workloads));
	for (size_t i = 0; i < o->run.n; i++) {
		struct hone_workload *w = &t->workloads[i];
		int error = hone_workload_from_line(w, o->run.v[i], o->run.v[i], err);

		if (error)
			return wrong_words("--run", err);
		t->n_workloads++;
		if (o->stdin_path)
			w->stdin_path = hone_path_absolute(o->stdin_path);
	}
	return 0;
}

/* hone.toml beside the package's Cargo.toml, else in the workspace root; none is no error. */
static int workloads_of_file(struct hone_try *t, struct hone_err *err)
{
	const struct hone_project *p = t->session->project;
	const char *const dirs[] = {p->package->dir, p->workspace_root};

	for (size_t i = 0; i < HONE_COUNT(dirs); i++) {
		hone_auto_free char *path = hone_path_join(dirs[i], HONE_WORKLOAD_FILE);

		if (hone_fs_exists(path))
			return hone_workload_file_read(path, p->target->name, &t->workloads,
				&t->n_workloads, err);
	}
	return 0;
}

static int make_workloads(const struct try_opts *o, struct hone_try *t, struct hone_err *err)
{
	double timeout = 0;
	int error;

	if (o->timeout && (!hone_parse_seconds(hone_view_of(o->timeout), &timeout) || timeout <= 0))
		return hone_err_set(err, HONE_E_USAGE, "--timeout takes a time like 30s, not `%s`",
			o->timeout);
	if (o->stdin_path && !o->run.n)
		return hone_err_set(err, HONE_E_USAGE, "--stdin needs a workload: --run 'ARGS'");
	if (o->stdin_path && !hone_fs_exists(o->stdin_path))
		return hone_err_set(err, HONE_E_NOT_FOUND, "--stdin %s: no such file", o->stdin_path);
	error = o->run.n ? workloads_of_options(o, t, err) : workloads_of_file(t, err);
	for (size_t i = 0; !error && timeout > 0 && i < t->n_workloads; i++)
		t->workloads[i].timeout_s = timeout;
	t->speed_measured = t->n_workloads > 0;
	return error;
}

/* Plans of all candidates, and what they will cost. A plan that cannot be made is the user's error. */
static int plan_all(struct hone_cli *cli, struct hone_try *t, struct hone_progress *progress,
	struct hone_err *err)
{
	const struct hone_session *s = t->session;
	struct hone_plan **plans = hone_xcalloc(t->n, sizeof(*plans));
	struct hone_build_estimate estimate;
	int error = 0;

	for (size_t i = 0; !error && i < t->n; i++) {
		error = hone_session_plan(cli, s, t->trials[i].candidate, &t->trials[i].plan, err);
		plans[i] = t->trials[i].plan;
	}
	if (!error)
		error = hone_build_estimate(&s->env, &s->dir, plans, t->n, &estimate, err);
	if (!error)
		hone_progress_announce(progress, &cli->out, &estimate, s->dir.root);
	free(plans);
	return error;
}

/* Warns once of each layer that would win over what apply writes. */
static void warn_overriders(struct hone_cli *cli, const struct hone_try *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (hone_session_overriders(cli, t->session, t->trials[i].plan, true, NULL))
			return;
}

static int build_all(struct hone_cli *cli, struct hone_try *t, struct hone_progress *progress,
	struct hone_err *err)
{
	const struct hone_session *s = t->session;
	size_t built = 0;

	for (size_t i = 0; i < t->n; i++) {
		struct hone_trial *trial = &t->trials[i];
		struct hone_build_watch watch;
		int64_t start = hone_now_ns();
		int error;

		hone_progress_start(progress, &cli->out, trial->candidate->name, i + 1, t->n);
		watch = hone_progress_watch(progress);
		error = hone_artifact_build(trial->plan, &s->env, &s->dir, NULL, &watch,
			&trial->artifact, err);
		t->cargo_s += hone_ns_to_s(hone_now_ns() - start);
		hone_out_live_clear(&cli->out);
		if (!error) {
			hone_progress_done(progress, trial->artifact);
			built++;
			continue;
		}
		/* Without a baseline there is nothing to compare with; a system error is no candidate's. */
		if (i == 0 || error == HONE_E_INTERRUPTED || error == HONE_E_SYSTEM)
			return error;
		trial->status = HONE_TRIAL_FAILED;
		trial->reason = hone_xstrdup(err->msg);
		hone_err_release(err);
		hone_out_warn(&cli->out, "%s does not build and is out:\n%s", trial->candidate->name,
			trial->reason);
	}
	if (t->n > 1 && built < 2)
		return hone_err_set(err, HONE_E_FAILED, "no candidate but the baseline could be built");
	return 0;
}

static void on_progress(void *ctx, const struct hone_measure_progress *p)
{
	struct hone_cli *cli = ctx;
	char a[HONE_NUM_TEXT], b[HONE_NUM_TEXT];

	switch (p->stage) {
	case HONE_STAGE_GATE:
		hone_out_live(&cli->out, false, "comparing behaviour: %zu of %zu", p->at + 1, p->n);
		break;
	case HONE_STAGE_WARMUP:
		hone_out_live(&cli->out, false, "warming up");
		break;
	case HONE_STAGE_PLAN:
		if (p->rounds)
			hone_out_status(&cli->out, "Measuring", "%zu rounds of %zu programs, about %s",
				p->rounds, p->n, hone_text_seconds(a, p->expected_s));
		else
			hone_out_status(&cli->out, "Measuring",
				"%zu programs in rounds until it is decided, at most about %s", p->n,
				hone_text_seconds(a, p->expected_s));
		break;
	case HONE_STAGE_ROUND:
		if (p->rounds)
			hone_out_live(&cli->out, false, "measuring: round %zu of %zu, %s of about %s",
				p->round, p->rounds, hone_text_seconds(a, p->elapsed_s),
				hone_text_seconds(b, p->expected_s));
		else
			hone_out_live(&cli->out, false,
				"measuring: round %zu, %zu undecided, %s of at most %s", p->round,
				p->undecided, hone_text_seconds(a, p->elapsed_s),
				hone_text_seconds(b, p->expected_s));
		break;
	case HONE_STAGE_DONE:
		hone_out_live_clear(&cli->out);
		break;
	}
}

static enum hone_trial_status status_of(enum hone_contestant_status s)
{
	switch (s) {
	case HONE_RAN:
		return HONE_TRIAL_BUILT;
	case HONE_RUN_FAILED:
		return HONE_TRIAL_FAILED;
	case HONE_RUN_DIFFERS:
		return HONE_TRIAL_DIFFERS;
	case HONE_RUN_TIMEOUT:
		return HONE_TRIAL_TIMEOUT;
	case HONE_NOT_RUN:
		return HONE_TRIAL_NOT_RUN;
	}
	return HONE_TRIAL_NOT_RUN;
}

/* Runs the workloads with the trials of the list (the baseline first) and gives the measurement. */
static int measure(struct hone_try *t, const size_t *trials, size_t n,
	const struct hone_measure_opts *opts, struct hone_measurement **ret, struct hone_err *err)
{
	struct hone_contestant *c = hone_xcalloc(n, sizeof(*c));
	int error;

	for (size_t i = 0; i < n; i++)
		c[i] = (struct hone_contestant){.name = t->trials[trials[i]].candidate->name,
			.path = t->trials[trials[i]].artifact->path,
			.baseline = trials[i] == 0};
	error = hone_measure(c, n, t->workloads, t->n_workloads, opts, ret, err);
	free(c);
	return error;
}

/* Without a workload: start-up by --version or --help, if the program takes either. */
static int default_workload(struct hone_cli *cli, struct hone_try *t, struct hone_err *err)
{
	int error;

	if (t->n_workloads)
		return 0;
	t->workloads = hone_xrealloc(t->workloads, sizeof(*t->workloads));
	error = hone_workload_default(&t->workloads[0], t->trials[0].artifact->path, NULL, err);
	if (!error) {
		t->n_workloads = 1;
		return 0;
	}
	if (error != HONE_E_NOT_FOUND)
		return error;
	hone_out_note(&cli->out, "nothing was run: %s", err->msg);
	hone_err_release(err);
	return 0;
}

static int measure_all(struct hone_cli *cli, struct hone_try *t, const struct hone_measure_opts *opts,
	struct hone_err *err)
{
	size_t *list = hone_xcalloc(t->n, sizeof(*list));
	size_t n = 0, alive = 0;
	int error = default_workload(cli, t, err);

	for (size_t i = 0; i < t->n; i++) {
		t->trials[i].measured = SIZE_MAX;
		if (!t->trials[i].artifact)
			continue;
		t->trials[i].measured = n;
		list[n++] = i;
	}
	if (!error && t->n_workloads)
		error = measure(t, list, n, opts, &t->measured, err);
	hone_out_live_clear(&cli->out);
	for (size_t k = 0; !error && t->measured && k < n; k++) {
		struct hone_trial *trial = &t->trials[list[k]];

		trial->status = status_of(t->measured->status[k]);
		alive += trial->status == HONE_TRIAL_BUILT;
		if (t->measured->reason[k])
			trial->reason = hone_xstrdup(t->measured->reason[k]);
	}
	free(list);
	if (!error && t->measured && t->n > 1 && alive < 2)
		error = hone_err_set(err, HONE_E_FAILED, "no candidate but the baseline survived: %s",
			t->trials[t->n - 1].reason ? t->trials[t->n - 1].reason : "see above");
	return error;
}

static void pick(struct hone_try *t)
{
	static const struct hone_rules no_rules = HONE_RULES_DEFAULT;
	const struct hone_measurement *m = t->measured;
	struct hone_choice *choices = hone_xcalloc(t->n, sizeof(*choices));

	for (size_t i = 0; i < t->n; i++) {
		const struct hone_trial *trial = &t->trials[i];
		bool ran = m && t->speed_measured && trial->measured != SIZE_MAX &&
			!m->control_differs;

		choices[i] = (struct hone_choice){.size = trial->artifact ? trial->artifact->size : 0,
			.eligible = trial->artifact && trial->status == HONE_TRIAL_BUILT,
			.baseline = i == 0,
			.log_cost = ran ? m->log_cost[trial->measured] : NULL};
	}
	hone_pick(choices, t->n, m ? m->rounds : 0, m ? &m->rules : &no_rules, 0.05, &t->picks);
	free(choices);
}

/* The figures printed for a winner come from rounds after it was picked. */
static int confirm(struct hone_cli *cli, struct hone_try *t, const struct hone_measure_opts *opts,
	struct hone_err *err)
{
	const size_t winners[] = {t->picks.fast, t->picks.balanced};
	struct hone_measure_opts again = *opts;
	int error;

	t->confirmed_trials = hone_xcalloc(HONE_COUNT(winners) + 1, sizeof(size_t));
	t->confirmed_trials[t->n_confirmed++] = 0;
	for (size_t i = 0; i < HONE_COUNT(winners); i++) {
		bool listed = false;

		for (size_t k = 0; k < t->n_confirmed; k++)
			listed |= t->confirmed_trials[k] == winners[i];
		if (winners[i] != HONE_PICK_NONE && !listed)
			t->confirmed_trials[t->n_confirmed++] = winners[i];
	}
	if (t->n_confirmed < 2)
		return 0;
	again.rounds = t->measured->rounds < 15 ? 15 : t->measured->rounds;
	if (again.rounds > 60)
		again.rounds = 60;
	again.seed = opts->seed + 1;
	hone_out_status(&cli->out, "Confirming", "the winners in %zu fresh rounds", again.rounds);
	error = measure(t, t->confirmed_trials, t->n_confirmed, &again, &t->confirmed, err);
	hone_out_live_clear(&cli->out);
	return error;
}

static int finish_artifacts(struct hone_try *t, struct hone_err *err)
{
	int error = 0;

	for (size_t i = 0; !error && i < t->n; i++)
		if (t->trials[i].artifact)
			error = hone_artifact_finish(t->trials[i].artifact, err);
	return error;
}

static int try_all(struct hone_cli *cli, struct hone_try *t, const struct try_opts *o,
	struct hone_err *err)
{
	hone_auto_strv struct hone_strv check = HONE_STRV_INIT;
	hone_auto_free char *run_dir = hone_path_join(t->session->dir.run, "try");
	struct hone_measure_opts m = {.run_dir = run_dir, .no_compare = o->no_compare,
		.on_progress = on_progress, .ctx = cli, .seed = (uint64_t)hone_now_ns()};
	hone_auto_buf struct hone_buf json = HONE_BUF_INIT;
	struct hone_progress progress = {0};
	int64_t start = hone_now_ns();
	int error = take_numbers(o, &m, err);

	if (!error)
		error = make_workloads(o, t, err);
	if (!error && o->check_cmd) {
		error = hone_strv_split_words(&check, o->check_cmd, err);
		if (error)
			return wrong_words("--check-cmd", err);
		m.check = hone_strv_argv(&check);
	}
	if (!error)
		error = plan_all(cli, t, &progress, err);
	if (error)
		return error;
	warn_overriders(cli, t);
	error = build_all(cli, t, &progress, err);
	/* The machine must be quiet before anything is timed. */
	if (!error)
		error = finish_artifacts(t, err);
	if (!error)
		error = measure_all(cli, t, &m, err);
	if (error)
		return error;
	pick(t);
	if (t->measured && t->speed_measured)
		error = confirm(cli, t, &m, err);
	if (error)
		return error;
	t->total_s = hone_ns_to_s(hone_now_ns() - start);
	if (cli->format == HONE_FORMAT_JSON) {
		hone_try_json(t, &json);
		hone_out_result(&cli->out, hone_buf_view(&json));
	} else {
		hone_try_print(cli, t);
	}
	return 0;
}

static int run(struct hone_cli *cli, void *opts, const char *const *args, size_t n,
	struct hone_err *err)
{
	static const char *const presets[] = {"small", "fast", "balanced"};
	struct hone_candidates list = {0};
	struct hone_session s;
	struct hone_try t = {.session = &s};
	int error = hone_session_candidates(n ? args : presets, n ? n : HONE_COUNT(presets), true, &list, err);

	if (error)
		return error;
	error = hone_session_open(cli, HONE_SESSION_GRAPH | HONE_SESSION_BUILD, &s, err);
	if (!error) {
		t.trials = hone_xcalloc(list.n, sizeof(*t.trials));
		t.n = list.n;
		for (size_t i = 0; i < list.n; i++)
			t.trials[i].candidate = list.v[i];
		error = try_all(cli, &t, opts, err);
		hone_try_release(&t);
		hone_session_close(&s);
	}
	hone_candidates_release(&list);
	return error;
}

const struct hone_command hone_cmd_try = {
	.name = "try",
	.args = "[CANDIDATE]...",
	.summary = "Build and measure candidates side by side",
	.help = "Without names: baseline, small, fast and balanced. A candidate is one of these names, or\n"
		"KEY=VALUE,... over the baseline, or both: small+link.icf=all. Nothing of yours is edited.\n"
		"\n"
		"  cargo hone try --run 'search needle big.txt'      how fast is it on this workload?\n"
		"  cargo hone try opt-level=2 opt-level=3,lto=fat    these, beside the baseline\n",
	.groups = HONE_GROUP_PROJECT | HONE_GROUP_FORMAT | HONE_GROUP_BUILD,
	.opts = try_options,
	.opts_size = sizeof(struct try_opts),
	.max_args = 64,
	.run = run,
};
