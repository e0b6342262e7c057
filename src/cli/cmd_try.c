#include "cli.h"

#include "clock.h"
#include "documents.h"
#include "fs.h"
#include "num.h"
#include "results.h"
#include "run_opts.h"
#include "shard.h"
#include "slurm.h"
#include "text.h"
#include "try_cold.h"
#include "try_next.h"

#include <math.h>
#include <string.h>

struct try_opts {
	struct hone_strv run, train, allow;
	char *stdin_path, *rounds, *budget, *precision, *check_cmd, *timeout;
	char *cold, *builds, *curve, *metric;
	struct {
		char *max_disk, *on, *shard, *output, *trained, *profiles;
		struct hone_strv sbatch;
	} machines;
	bool no_compare, all, callgrind, each, fresh, no_wait;
};

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
	{"metric", 0, HONE_OPT_TEXT, "METRIC", offsetof(struct try_opts, metric),
		"What decides in every workload: wall, cpu, user, system or peak_memory [default: "
		"what "
		"hone.toml says, else chosen before the rounds]"},
	{"max-disk", 0, HONE_OPT_TEXT, "SIZE", offsetof(struct try_opts, machines.max_disk),
		"Largest size of target/hone/; what was used longest ago goes, never a winner "
		"[default: 20GB]"},
	{"fresh", 0, HONE_OPT_FLAG, NULL, offsetof(struct try_opts, fresh),
		"Do not go on with an interrupted comparison: measure anew"},
	{"timeout", 0, HONE_OPT_TEXT, "TIME", offsetof(struct try_opts, timeout),
		"Longest time of one run [default: 60s]"},
	{"on", 0, HONE_OPT_TEXT, "ENGINE", offsetof(struct try_opts, machines.on),
		"Have others build: slurm submits a task a candidate, waits, and runs the "
		"workloads "
		"here"},
	{"sbatch", 0, HONE_OPT_LIST, "OPTIONS", offsetof(struct try_opts, machines.sbatch),
		"Options for sbatch, with --on slurm: '--partition=fast --cpus-per-task=8'; "
		"repeatable"},
	{"shard", 0, HONE_OPT_TEXT, "K/N", offsetof(struct try_opts, machines.shard),
		"Build only the K-th of N shares of the candidates, run nothing, and write a file "
		"for `cargo hone merge`; 0/N: only the training"},
	{"output", 0, HONE_OPT_TEXT, "FILE", offsetof(struct try_opts, machines.output),
		"The file of --shard [default: hone-K-of-N.shard]"},
	{"trained", 0, HONE_OPT_TEXT, "FILE", offsetof(struct try_opts, machines.trained),
		"With --shard: the file of shard 0/N, so that all are trained alike"},
	{"profiles", 0, HONE_OPT_TEXT, "DIR", offsetof(struct try_opts, machines.profiles),
		"With --shard: the folder that profiles lie in, where the target folders of the "
		"machines have several paths: a compiler is told it [default: "
		"target/hone/profiles]"},
	HONE_OPT_NO_WAIT(struct try_opts),
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

/* The metrics that every kind of run has. *ret: HONE_METRIC_AUTO without the option. */
static int take_metric(const struct try_opts *o, enum hone_metric *ret, struct hone_err *err)
{
	static const enum hone_metric all[] = {HONE_METRIC_WALL, HONE_METRIC_CPU, HONE_METRIC_USER,
		HONE_METRIC_SYSTEM, HONE_METRIC_PEAK_MEMORY};

	*ret = HONE_METRIC_AUTO;
	for (size_t i = 0; o->metric && i < HONE_COUNT(all); i++)
		if (strcmp(hone_metric_info(all[i])->name, o->metric) == 0)
			*ret = all[i];
	if (o->metric && *ret == HONE_METRIC_AUTO)
		return hone_err_set(err, HONE_E_USAGE,
			"--metric takes wall, cpu, user, system or peak_memory, not `%s`",
			o->metric);
	return 0;
}

static int make_workloads(const struct try_opts *o, struct hone_try *t, struct hone_err *err)
{
	double timeout = 0;
	enum hone_metric metric;
	int error = take_metric(o, &metric, err);

	if (error)
		return error;
	if (o->timeout && (!hone_parse_seconds(hone_view_of(o->timeout), &timeout) || timeout <= 0))
		return hone_err_set(
			err, HONE_E_USAGE, "--timeout takes a time like 30s, not `%s`", o->timeout);
	if (o->stdin_path && !o->run.n)
		return hone_err_set(err, HONE_E_USAGE, "--stdin needs a workload: --run 'ARGS'");
	if (o->stdin_path && !hone_fs_exists(o->stdin_path))
		return hone_err_set(
			err, HONE_E_NOT_FOUND, "--stdin %s: no such file", o->stdin_path);
	error = hone_cli_workloads(&o->run, o->stdin_path, t, err);
	for (size_t i = 0; !error && timeout > 0 && i < t->workloads.n; i++)
		t->workloads.v[i].timeout_s = timeout;
	for (size_t i = 0; !error && metric != HONE_METRIC_AUTO && i < t->workloads.n; i++)
		t->workloads.v[i].primary = metric;
	if (!error && o->metric && !t->workloads.n)
		error = hone_err_set(
			err, HONE_E_USAGE, "--metric needs a workload: --run 'ARGS', or hone.toml");
	t->speed_measured = t->workloads.n > 0;
	return error;
}

/* What the options ask for; the words of check are the caller's to release. */
static int take_request(const struct try_opts *o, struct hone_strv *check,
	struct hone_try_request *ret, struct hone_err *err)
{
	uint64_t builds = 0;
	int error = take_numbers(o, &ret->measure, err);

	if (!error && o->builds && !o->cold)
		error = hone_err_set(err, HONE_E_USAGE, "--builds is for --cold-packages");
	if (!error && o->builds &&
		(!hone_parse_u64(hone_view_of(o->builds), &builds) ||
			builds < HONE_COLD_BUILDS_MIN || builds > HONE_COLD_BUILDS_MAX))
		error = hone_err_set(err, HONE_E_USAGE,
			"--builds takes a number from %d to %d, not `%s`", HONE_COLD_BUILDS_MIN,
			HONE_COLD_BUILDS_MAX, o->builds);
	if (!error)
		error = hone_labels_parse(&o->allow, &ret->allowed, err);
	if (!error && o->check_cmd && hone_strv_split_words(check, o->check_cmd, err))
		error = hone_cli_wrong_words("--check-cmd", err);
	if (!error && o->check_cmd && !check->n)
		error = hone_err_set(
			err, HONE_E_USAGE, "--check-cmd takes a command, not `%s`", o->check_cmd);
	if (error)
		return error;
	ret->all = o->all;
	ret->each = o->each;
	ret->fresh = o->fresh;
	ret->cold = o->cold;
	ret->cold_builds = builds;
	ret->curve = o->curve;
	ret->allow = &o->allow;
	ret->train = &o->train;
	ret->measure.no_compare = o->no_compare;
	ret->measure.callgrind = o->callgrind || o->curve;
	ret->measure.check = o->check_cmd ? hone_strv_argv(check) : NULL;
	return 0;
}

static int show(struct hone_cli *cli, const struct hone_try *t, const struct hone_result_run *run,
	struct hone_err *err)
{
	hone_auto_free char *next = hone_try_next_command(cli, t);
	hone_auto_free char *speed = hone_try_typed_with(t, "--run", "ARGUMENTS");
	const struct hone_run_doc doc = {
		.run = run, .next = next, .speed = speed, .now = true, .samples = true};
	int error = hone_cli_report(cli, HONE_DOC_RUN, &doc, err);

	fflush(cli->out.out); /* the result does not wait for a database that is locked */
	return error;
}

/* How long it measures, and who builds: of no matter for what is found out. */
static const char *const not_of_run[] = {"rounds", "budget", "fresh", "shard", "output", "trained",
	"profiles", "on", "sbatch", NULL};

/* The command as it would be typed again, for a run of another length, whoever builds it. */
static void spell(const struct hone_cli *cli, const struct try_opts *o, const char *const *args,
	size_t n, struct hone_strv *words)
{
	hone_cli_words(cli, "try", words);
	hone_opt_spell(hone_build_opts, cli, NULL, words);
	hone_opt_spell(try_options, o, not_of_run, words);
	for (size_t i = 0; i < n; i++)
		hone_strv_push(words, args[i]);
}

/* A path that holds wherever it is typed, where the word is one of a file. */
static void make_absolute(struct hone_strv *words, size_t at)
{
	char *path;

	if (words->v[at][0] == '/' || !hone_fs_exists(words->v[at]))
		return;
	path = hone_path_absolute(words->v[at]);
	free(words->v[at]);
	words->v[at] = path;
}

/* What was chosen besides the binary and the folders, as apply takes it: kept with the result, for who types `cargo
 * hone` later and elsewhere. */
static char *spell_options(const struct hone_cli *cli, const struct try_opts *o)
{
	static const char *const places[] = {"manifest-path", "package", "bin", "bins", "example",
		"examples", "lib", "workspace", "target-dir", NULL};
	hone_auto_strv struct hone_strv words = HONE_STRV_INIT;

	hone_opt_spell(hone_project_opts, cli, places, &words);
	for (size_t i = 1; i < words.n; i++)
		if (strcmp(words.v[i - 1], "--config") == 0 ||
			strcmp(words.v[i - 1], "--target") == 0)
			make_absolute(&words, i);
	for (size_t i = 0; i < o->allow.n; i++) {
		hone_strv_push(&words, "--allow");
		hone_strv_push(&words, o->allow.v[i]);
	}
	return words.n ? hone_text_command(hone_strv_argv(&words)) : hone_xstrdup("");
}

/* The command of a share: the same wherever it is built, and by how many jobs. */
static void spell_share(const struct hone_cli *cli, const struct try_opts *o,
	const char *const *args, size_t n, struct hone_strv *words)
{
	static const char *const places[] = {"target-dir", NULL};

	hone_strv_push(words, "cargo");
	hone_strv_push(words, "hone");
	hone_strv_push(words, "try");
	hone_opt_spell(hone_project_opts, cli, places, words);
	hone_opt_spell(try_options, o, not_of_run, words);
	for (size_t i = 0; i < n; i++)
		hone_strv_push(words, args[i]);
}

static int take_slurm(const struct try_opts *o, struct hone_strv *options, struct hone_err *err)
{
	int error = 0;

	if (o->machines.sbatch.n && !o->machines.on)
		return hone_err_set(err, HONE_E_USAGE, "--sbatch goes with --on slurm");
	if (!o->machines.on)
		return 0;
	if (strcmp(o->machines.on, "slurm") != 0) {
		hone_err_set(err, HONE_E_USAGE, "--on takes slurm, not `%s`", o->machines.on);
		return hone_err_hint(
			err, "with any other engine: --shard K/N, and `cargo hone merge`");
	}
	if (o->machines.shard || o->cold)
		return hone_err_set(err, HONE_E_USAGE, "--on and --%s do not go together",
			o->cold ? "cold-packages" : "shard");
	for (size_t i = 0; !error && i < o->machines.sbatch.n; i++)
		error = hone_strv_split_words(options, o->machines.sbatch.v[i], err);
	return error ? hone_cli_wrong_words("--sbatch", err) : 0;
}

/* Which share is asked for. The file's name is the caller's to free. */
static int take_share(const struct try_opts *o, struct hone_shard_request *ret, char **ret_to,
	struct hone_err *err)
{
	int error;

	if (!o->machines.shard &&
		(o->machines.output || o->machines.trained || o->machines.profiles))
		return hone_err_set(err, HONE_E_USAGE, "--%s goes with --shard",
			o->machines.output    ? "output"
			: o->machines.trained ? "trained"
					      : "profiles");
	if (!o->machines.shard)
		return 0;
	if (o->cold)
		return hone_err_set(err, HONE_E_USAGE,
			"--cold-packages chooses by the sizes of its own builds, one after "
			"another: "
			"it has no shards");
	error = hone_shard_parse(o->machines.shard, ret, err);
	if (!error && !ret->at && o->machines.trained)
		error = hone_err_set(
			err, HONE_E_USAGE, "shard 0 is the training itself: it takes no --trained");
	*ret_to = o->machines.output ? hone_xstrdup(o->machines.output)
				     : hone_xasprintf("hone-%ju-of-%ju.shard", (uintmax_t)ret->at,
					       (uintmax_t)ret->of);
	ret->to = *ret_to;
	ret->trained = o->machines.trained;
	return error;
}

/* A share was built and written. */
static void tell_share(
	struct hone_cli *cli, const struct hone_try *t, const struct hone_shard_request *share)
{
	hone_auto_buf struct hone_buf names = HONE_BUF_INIT;

	for (size_t i = 0; i < t->n; i++)
		if (!t->trials[i].elsewhere)
			hone_buf_addf(
				&names, "%s%s", names.n ? ", " : "", t->trials[i].candidate->name);
	hone_out_status(&cli->out, "Wrote", "%s: %s%s", share->to,
		share->at ? "" : "the training of ",
		names.n ? hone_buf_str(&names) : "no candidate, there are fewer than shards");
}

static int run(
	struct hone_cli *cli, void *opts, const char *const *args, size_t n, struct hone_err *err)
{
	const struct try_opts *o = opts;
	hone_auto_strv struct hone_strv typed = HONE_STRV_INIT;
	hone_auto_free char *options = NULL;
	hone_auto_strv struct hone_strv check = HONE_STRV_INIT;
	struct hone_try_request request = {.names = args, .n_names = n};
	struct hone_session s = HONE_SESSION_INIT;
	struct hone_try t = {.session = &s};
	hone_auto_result_run struct hone_result_run result = HONE_RESULT_RUN_INIT;
	int64_t since_s = hone_wall_clock_s();
	uint64_t max_disk = 0;
	hone_auto_strv struct hone_strv words = HONE_STRV_INIT, sbatch = HONE_STRV_INIT;
	struct hone_shard_request share = {.words = &words};
	const struct hone_slurm_request slurm = {.words = &words, .options = &sbatch};
	hone_auto_free char *to = NULL;
	int error = take_request(o, &check, &request, err);

	if (!error)
		error = take_share(o, &share, &to, err);
	if (!error)
		error = take_slurm(o, &sbatch, err);
	spell_share(cli, o, args, n, &words);
	spell(cli, o, args, n, &typed);
	request.share = o->machines.shard ? &share : NULL;
	request.shards = cli->merge ? &cli->merge->shards : NULL;
	request.slurm = o->machines.on ? &slurm : NULL;
	request.join_only = cli->merge && !cli->merge->measure;
	if (!error && o->machines.max_disk &&
		!hone_parse_size(hone_view_of(o->machines.max_disk), &max_disk))
		error = hone_err_set(err, HONE_E_USAGE,
			"--max-disk takes a size like 5GB, not `%s`", o->machines.max_disk);
	if (!error && !hone_try_names_wait(&request))
		error = hone_try_name_candidates(&t, &request, err);
	if (!error)
		error = hone_session_open(&cli->cargo, &cli->events,
			HONE_SESSION_GRAPH | HONE_SESSION_BUILD | HONE_SESSION_SEVERAL |
				(o->no_wait ? HONE_SESSION_NO_WAIT : 0),
			&s, err);
	if (!error && o->machines.profiles)
		hone_session_profiles_in(&s, o->machines.profiles);
	if (!error && !t.candidates.n)
		error = hone_try_name_candidates(&t, &request, err);
	if (!error)
		error = make_workloads(o, &t, err);
	if (!error)
		error = hone_try_run(&t, &request, err);
	if (!error && o->machines.shard) {
		tell_share(cli, &t, &share);
	} else if (!error) {
		t.command.typed = &typed;
		t.command.options = options = spell_options(cli, o);
		hone_try_result(&t, &result);
		error = show(cli, &t, &result, err);
		hone_results_put(&s, &result, t.finishes);
		hone_results_cap(&s, max_disk, since_s);
	}
	hone_try_release(&t);
	hone_session_close(&s);
	return error;
}

const struct hone_command hone_cmd_try = {
	.name = "try",
	.args = "[CANDIDATE]...",
	.summary = "Build and measure candidates side by side",
	.help = "Without names: the baseline and the presets, which are the recipes of posts: "
		"small, fast and\n"
		"balanced. A candidate is one of these names, or KEY=VALUE,... over the baseline, "
		"or both:\n"
		"small+link.icf=all, or without one: small+panic=unset. Nothing of yours is "
		"edited.\n"
		"hone's own go further. smallest, fastest and best-balanced risk what the presets "
		"risk.\n"
		"With -bold (smallest-bold, ...) they need glibc 2.36, lose backtraces and fold "
		"equal functions.\n"
		"With -std std is compiled, too, a panic ends the program without a word, and a "
		"nightly\n"
		"toolchain with rust-src is needed. --allow lets single labels in: smallest with "
		"--allow glibc\n"
		"has what glibc 2.36 allows. fastest and best-balanced are trained with the "
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
	.document = HONE_DOC_RUN,
	.opts = try_options,
	.opts_size = sizeof(struct try_opts),
	.max_args = 64,
	.run = run,
};
