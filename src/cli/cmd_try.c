#include "try.h"

#include "clock.h"
#include "fs.h"
#include "num.h"
#include "progress.h"
#include "results.h"
#include "try_cold.h"
#include "try_report.h"

#include <string.h>

struct try_opts {
	struct hone_strv run, train, allow;
	char *stdin_path, *rounds, *budget, *precision, *check_cmd, *timeout, *max_disk;
	char *cold, *builds, *curve;
	bool no_compare, all, callgrind, each, fresh;
};

/* Start-up alone decides nothing that would be worth more time, unless --budget says so: the shorter
 * one if the rounds that a verdict needs fit into it. */
#define STARTUP_BUDGET_S 10
#define STARTUP_ENOUGH_S 0.5
#define COLD_BUILDS 12

static const struct hone_opt try_options[] = {
	{"run", 0, HONE_OPT_LIST, "ARGS", offsetof(struct try_opts, run),
		"A workload: arguments for the binary, or a command line with {bin} in it; "
		"repeatable"},
	{"all", 0, HONE_OPT_FLAG, NULL, offsetof(struct try_opts, all),
		"The presets, hone's own candidates with every label, and those named"},
	{"each", 0, HONE_OPT_FLAG, NULL, offsetof(struct try_opts, each),
		"Also every candidate without each one of its settings: what each setting does"},
	HONE_OPT_ALLOW(struct try_opts),
	{"cold-packages", 0, HONE_OPT_TEXT, "CANDIDATE", offsetof(struct try_opts, cold),
		"Also CANDIDATE with those packages at opt-level \"z\" that make it smaller; with "
		"workloads only packages that do less than 1 % of the work"},
	{"builds", 0, HONE_OPT_TEXT, "N", offsetof(struct try_opts, builds),
		"Most builds that --cold-packages makes to choose, one a package [default: 12]"},
	{"curve", 0, HONE_OPT_TEXT, "CANDIDATE", offsetof(struct try_opts, curve),
		"Also CANDIDATE with train.hot at 90, 99, 99.9 and 100 % and without it: a table "
		"of "
		"size against instructions, on what trained and on what did not"},
	{"train", 0, HONE_OPT_LIST, "ARGS", offsetof(struct try_opts, train),
		"What train.* settings train with, as for --run; repeatable [default: the "
		"workloads, the last "
		"of several held out]"},
	{"stdin", 0, HONE_OPT_TEXT, "FILE", offsetof(struct try_opts, stdin_path),
		"What the workloads read from standard input"},
	{"check-cmd", 0, HONE_OPT_TEXT, "CMD", offsetof(struct try_opts, check_cmd),
		"A command with {bin} in it that must succeed for a candidate to stay in"},
	{"no-compare", 0, HONE_OPT_FLAG, NULL, offsetof(struct try_opts, no_compare),
		"Do not compare the output with the baseline's; the exit code still counts"},
	{"callgrind", 0, HONE_OPT_FLAG, NULL, offsetof(struct try_opts, callgrind),
		"Count the instructions of one run of each workload, with valgrind; they are not "
		"time"},
	{"rounds", 0, HONE_OPT_TEXT, "N", offsetof(struct try_opts, rounds),
		"Exactly N rounds (at least 15 for a verdict) instead of stopping when it is "
		"decided"},
	{"budget", 0, HONE_OPT_TEXT, "TIME", offsetof(struct try_opts, budget),
		"Longest time of all rounds: 90s, 5min [default: 2min]"},
	{"precision", 0, HONE_OPT_TEXT, "PERCENT", offsetof(struct try_opts, precision),
		"Differences below it count as none [default: 1%]"},
	{"max-disk", 0, HONE_OPT_TEXT, "SIZE", offsetof(struct try_opts, max_disk),
		"Largest size of target/hone/; what was used longest ago goes, never a winner "
		"[default: 20GB]"},
	{"fresh", 0, HONE_OPT_FLAG, NULL, offsetof(struct try_opts, fresh),
		"Do not go on with an interrupted comparison: measure anew"},
	{"timeout", 0, HONE_OPT_TEXT, "TIME", offsetof(struct try_opts, timeout),
		"Longest time of one run [default: 60s]"},
	{0},
};

/* Numbers from the options into measuring options. */
static int take_numbers(const struct try_opts *o, struct hone_measure_opts *m, struct hone_err *err)
{
	uint64_t rounds = 0;

	if (o->rounds &&
		(!hone_parse_u64(hone_view_of(o->rounds), &rounds) || !rounds || rounds > 100000))
		return hone_err_set(err, HONE_E_USAGE,
			"--rounds takes a number from 1 to 100000, not `%s`", o->rounds);
	m->rounds = rounds;
	if (o->budget &&
		(!hone_parse_seconds(hone_view_of(o->budget), &m->budget_s) || m->budget_s <= 0))
		return hone_err_set(err, HONE_E_USAGE,
			"--budget takes a time like 90s or 5min, not `%s`", o->budget);
	if (o->precision) {
		struct hone_view v = hone_view_of(o->precision);

		if (hone_view_ends(v, "%"))
			v.n--;
		if (!hone_parse_f64(v, &m->precision) || m->precision <= 0 || m->precision > 50)
			return hone_err_set(err, HONE_E_USAGE,
				"--precision takes a percentage between 0 and 50, not `%s`",
				o->precision);
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

static int make_workloads(const struct try_opts *o, struct hone_try *t, struct hone_err *err)
{
	double timeout = 0;
	int error;

	if (o->timeout && (!hone_parse_seconds(hone_view_of(o->timeout), &timeout) || timeout <= 0))
		return hone_err_set(
			err, HONE_E_USAGE, "--timeout takes a time like 30s, not `%s`", o->timeout);
	if (o->stdin_path && !o->run.n)
		return hone_err_set(err, HONE_E_USAGE, "--stdin needs a workload: --run 'ARGS'");
	if (o->stdin_path && !hone_fs_exists(o->stdin_path))
		return hone_err_set(
			err, HONE_E_NOT_FOUND, "--stdin %s: no such file", o->stdin_path);
	error = o->run.n ? workloads_of_options(o, t, err)
			 : hone_session_workloads(t->session, &t->workloads, &t->n_workloads, err);
	for (size_t i = 0; !error && timeout > 0 && i < t->n_workloads; i++)
		t->workloads[i].timeout_s = timeout;
	t->speed_measured = t->n_workloads > 0;
	return error;
}

static int try_cold(struct hone_try *t, const struct try_opts *o, struct hone_err *err)
{
	struct hone_view name = hone_view_trim(hone_view_of(o->cold));
	uint64_t builds = COLD_BUILDS;
	size_t base = 0;

	if (o->builds && (!hone_parse_u64(hone_view_of(o->builds), &builds) ||
				 builds < HONE_COLD_BUILDS_MIN || builds > HONE_COLD_BUILDS_MAX))
		return hone_err_set(err, HONE_E_USAGE,
			"--builds takes a number from %d to %d, not `%s`", HONE_COLD_BUILDS_MIN,
			HONE_COLD_BUILDS_MAX, o->builds);
	for (size_t i = 0; i < t->n; i++)
		if (hone_view_is(name, t->trials[i].candidate->name))
			base = i;
	return hone_try_cold(t, base, builds, err);
}

static int try_all(
	struct hone_cli *cli, struct hone_try *t, const struct try_opts *o, struct hone_err *err)
{
	hone_auto_strv struct hone_strv check = HONE_STRV_INIT;
	hone_auto_free char *run_dir = hone_path_join(t->session->dir.run, "try");
	struct hone_measure_opts m = {.run_dir = run_dir,
		.source_root = t->session->project->workspace_root,
		.no_compare = o->no_compare,
		.on_quiet = hone_try_finish,
		.callgrind = o->callgrind || o->curve,
		.on_progress = hone_try_progress,
		.ctx = t,
		.seed = (uint64_t)hone_now_ns()};
	hone_auto_buf struct hone_buf json = HONE_BUF_INIT;
	int64_t start = hone_now_ns(), since_s = hone_wall_clock_s();
	uint64_t max_disk = 0;
	int error = take_numbers(o, &m, err);

	if (!error && o->max_disk && !hone_parse_size(hone_view_of(o->max_disk), &max_disk))
		error = hone_err_set(err, HONE_E_USAGE,
			"--max-disk takes a size like 5GB, not `%s`", o->max_disk);

	t->fresh = o->fresh;
	if (!error)
		error = make_workloads(o, t, err);
	if (!error)
		error = hone_session_can_run(t->session, t->workloads, t->n_workloads, err);
	if (!error)
		error = hone_train_options(&o->train, &t->train, &t->n_train, err);
	if (!error)
		error = hone_session_can_run(t->session, t->train, t->n_train, err);
	t->training = t->n_train ? hone_training_pick(t->train, t->n_train, NULL, true)
				 : hone_training_pick(t->workloads, t->n_workloads, NULL, false);
	if (!error && o->curve)
		error = hone_try_curve_check(t, err);
	if (!error)
		hone_try_find_benches(t);
	if (!error && o->check_cmd) {
		error = hone_strv_split_words(&check, o->check_cmd, err);
		if (error)
			return wrong_words("--check-cmd", err);
		m.check = hone_strv_argv(&check);
	}
	if (!error && o->cold)
		error = try_cold(t, o, err);
	if (!error)
		error = hone_try_plan(t, err);
	if (error)
		return error;
	hone_try_warn(t);
	error = hone_try_build(t, err);
	if (!error && hone_try_is_bare(t))
		t->speed_measured = false;
	if (!error && !t->speed_measured && m.budget_s <= 0) {
		m.budget_s = STARTUP_BUDGET_S;
		m.enough_s = STARTUP_ENOUGH_S;
	}
	if (!error)
		error = hone_try_measure(t, &m, err);
	/* Nothing was timed when nothing could be run. */
	if (!error)
		error = hone_try_finish(t, err);
	if (error)
		return error;
	hone_try_pick(t);
	if (t->measured && t->speed_measured)
		error = hone_try_confirm(t, &m, err);
	if (error)
		return error;
	t->total_s = hone_ns_to_s(hone_now_ns() - start);
	if (cli->format == HONE_FORMAT_JSON) {
		hone_try_json(t, &json);
		hone_out_result(&cli->out, hone_buf_view(&json));
	} else {
		hone_try_print(cli, t);
	}
	fflush(cli->out.out); /* the result does not wait for a database that is locked */
	hone_results_put(t);
	hone_results_cap(t->session, max_disk, since_s);
	return 0;
}

/* The command as it would be typed again, for a run of another length. */
static void spell(const struct hone_cli *cli, const struct try_opts *o, const char *const *args,
	size_t n, struct hone_strv *words)
{
	static const char *const length[] = {"rounds", "budget", "fresh", NULL};
	const char *const command[] = {"cargo", "hone", "try", NULL};

	hone_strv_append(words, command);
	hone_opt_spell(hone_project_opts, cli, NULL, words);
	hone_opt_spell(hone_build_opts, cli, NULL, words);
	hone_opt_spell(try_options, o, length, words);
	for (size_t i = 0; i < n; i++)
		hone_strv_push(words, args[i]);
}

/* What the published presets risk: to ask for a try is to ask for them. */
static unsigned presets_labels(void)
{
	unsigned labels = 0;

	for (size_t i = 0; hone_preset_names[i]; i++) {
		struct hone_candidate *c = NULL;

		if (!hone_candidate_parse(hone_preset_names[i], &c, NULL))
			labels |= hone_candidate_labels(c);
		hone_candidate_free(c);
	}
	return labels;
}

/* To name a candidate is to ask for its labels. */
static bool was_named(const char *const *args, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (hone_view_is(hone_view_trim(hone_view_of(args[i])), name))
			return true;
	return false;
}

/* By an option that names one. */
static bool was_asked(const char *option, const char *name)
{
	return option && was_named(&option, 1, name);
}

static int run(
	struct hone_cli *cli, void *opts, const char *const *args, size_t n, struct hone_err *err)
{
	const struct try_opts *o = opts;
	hone_auto_strv struct hone_strv names = HONE_STRV_INIT;
	hone_auto_strv struct hone_strv typed = HONE_STRV_INIT;
	struct hone_candidates list = {0};
	struct hone_session s;
	struct hone_try t = {.session = &s};
	unsigned let_in = 0;
	int error = hone_session_allowed(&o->allow, &t.allowed, err);

	if (!error && o->builds && !o->cold)
		error = hone_err_set(err, HONE_E_USAGE, "--builds is for --cold-packages");
	if (error)
		return error;
	if ((!n && !o->cold && !o->curve) || o->all)
		hone_strv_append(&names, hone_preset_names);
	if (o->all)
		hone_strv_append(&names, hone_own_names);
	for (size_t i = 0; i < n; i++)
		if (!o->all || !hone_strv_has(&names, args[i]))
			hone_strv_push(&names, args[i]);
	if (o->cold && !hone_strv_has(&names, o->cold))
		hone_strv_push(&names, o->cold);
	if (o->curve && !hone_strv_has(&names, o->curve))
		hone_strv_push(&names, o->curve);
	/* Beside -bold and -std the other strength is to be seen, whatever may win. */
	error = hone_session_candidates(
		hone_strv_argv(&names), names.n, true, o->all ? 0 : t.allowed, &list, err);
	if (error)
		return error;
	error = hone_session_open(
		&cli->cargo, &cli->events, HONE_SESSION_GRAPH | HONE_SESSION_BUILD, &s, err);
	if (!error) {
		size_t given = list.n;

		hone_session_fit(&s, list.v, list.n);
		if (o->each)
			hone_session_add_each(&list);
		if (o->curve)
			hone_session_add_curve(&list, o->curve);
		t.trials = hone_xcalloc(list.n + 1, sizeof(*t.trials));
		t.n = list.n;
		hone_strv_copy(&t.allow, &o->allow);
		spell(cli, o, args, n, &typed);
		t.typed = &typed;
		let_in = presets_labels() | t.allowed;
		for (size_t i = 0; i < list.n; i++) {
			t.trials[i].candidate = list.v[i];
			t.trials[i].made = i >= given;
			t.trials[i].named = was_named(args, n, list.v[i]->name) ||
					    was_asked(o->cold, list.v[i]->name) ||
					    was_asked(o->curve, list.v[i]->name);
			if (t.trials[i].named)
				let_in |= hone_candidate_labels(list.v[i]);
		}
		for (size_t i = 0; i < list.n; i++)
			t.trials[i].allowed = !(hone_candidate_labels(list.v[i]) & ~let_in);
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
	.help = "Without names: baseline, small, fast and balanced. A candidate is one of these "
		"names, or\n"
		"KEY=VALUE,... over the baseline, or both: small+link.icf=all, or without one: "
		"small+panic=unset.\n"
		"Nothing of yours is edited.\n"
		"hone's own go further: smallest, fastest and best-balanced risk what the presets "
		"risk;\n"
		"with -bold (smallest-bold, ...) they need glibc 2.36, lose backtraces and fold "
		"equal\n"
		"functions; with -std std is compiled, too, a panic ends the program without a "
		"word, and a\n"
		"nightly toolchain with rust-src is needed. --allow lets single labels in: "
		"smallest with\n"
		"--allow glibc has what glibc 2.36 allows. fastest and best-balanced are trained "
		"with the\n"
		"workloads.\n"
		"\n"
		"  cargo hone try --run 'search needle big.txt'      how fast is it on this "
		"workload?\n"
		"  cargo hone try --all --run 'search needle big.txt'    what is possible?\n"
		"  cargo hone try --cold-packages balanced    which packages are smaller at "
		"\"z\"?\n"
		"  cargo hone try --curve best-balanced --run 'first' --run 'second'    which "
		"share "
		"of hot functions?\n"
		"  cargo hone try --each small              what does each setting of it do?\n"
		"  cargo hone try opt-level=2 opt-level=3,lto=fat    these, beside the baseline\n",
	.groups = HONE_GROUP_PROJECT | HONE_GROUP_FORMAT | HONE_GROUP_BUILD,
	.opts = try_options,
	.opts_size = sizeof(struct try_opts),
	.max_args = 64,
	.run = run,
};
