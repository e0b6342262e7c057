#include "clean_env.h"
#include "fs.h"
#include "measure_impl.h"
#include "num.h"
#include "rules.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void hone_measure_defaults(struct hone_measure_opts *o)
{
	if (o->min_rounds == 0)
		o->min_rounds = HONE_RULE_ROUNDS_LEAST;
	if (o->budget_s <= 0)
		o->budget_s = HONE_RULE_BUDGET_S;
	if (o->precision <= 0)
		o->precision = HONE_RULE_PRECISION;
	if (o->margin <= 0)
		o->margin = HONE_RULE_BALANCED_MARGIN;
	if (o->alpha <= 0)
		o->alpha = HONE_RULE_ALPHA;
	if (o->warmup == 0)
		o->warmup = HONE_RULE_WARMUP;
}

/* The copies of one program of everyone: {bin} of workloads with that `program`. */
static int copy_program(struct hone_comparison *s, size_t program, struct hone_err *err)
{
	hone_auto_free const char **sources = hone_xcalloc(s->n + 1, sizeof(*sources));
	hone_auto_free char *dir = program ? hone_xasprintf("%s/bench%zu", s->run_dir, program)
					   : hone_xstrdup(s->run_dir);
	int error = hone_fs_mkdirs(dir, err);

	for (size_t i = 0; i < s->n; i++)
		sources[i] =
			program ? s->contestants[i].benches[program - 1] : s->contestants[i].path;
	sources[s->n] = sources[s->m->baseline];
	return error ? error
		     : hone_copies_make(&s->copies[program], dir, sources, s->n + 1, &s->rng, err);
}

static int make_copies(struct hone_comparison *s, struct hone_err *err)
{
	int error = 0;

	for (size_t i = 0; !error && i < s->n_programs; i++)
		error = copy_program(s, i, err);
	return error;
}

struct aside {
	struct hone_comparison *s;
	const struct hone_workload *w;
	const struct hone_strv *argv;
};

static bool aside_works(void *ctx)
{
	const struct aside *a = ctx;
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;

	return hone_run_aside(a->s, a->w, hone_strv_argv(a->argv), a->s->m->baseline, &r, NULL) ==
		       0 &&
	       r.exit_code == 0 && !r.timed_out;
}

static int run_aside_or_fail(struct hone_comparison *s, const struct hone_workload *w,
	const struct hone_strv *argv, const char *what, struct hone_err *err)
{
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	hone_auto_free char *how = NULL;
	int error;

	if (argv->n == 0)
		return 0;
	error = hone_run_aside(s, w, hone_strv_argv(argv), s->m->baseline, &r, err);
	if (error)
		return hone_err_wrap(err, "%s of workload `%s`", what, w->name);
	if (r.exit_code == 0 && !r.timed_out)
		return 0;
	how = hone_how_it_went(&r, hone_buf_view(r.err.n ? &r.err : &r.out));
	hone_err_set(err, HONE_E_FAILED, "%s of workload `%s`: %s", what, w->name, how);
	if (r.timed_out)
		return hone_hint_timeout(err);
	(void)hone_lacks_name(s, aside_works, &(struct aside){s, w, argv}, err);
	return HONE_E_FAILED;
}

/* Runs every teardown whose setup was run, also after an error, whose message stays. */
static int tear_down(struct hone_comparison *s, size_t set_up, int error, struct hone_err *err)
{
	for (size_t i = 0; i < set_up; i++) {
		const struct hone_workload *w = &s->workloads[i];
		int code =
			run_aside_or_fail(s, w, &w->teardown, "the teardown", error ? NULL : err);

		error = error ? error : code;
	}
	return error;
}

static void note_what_happened(struct hone_comparison *s)
{
	struct hone_measurement *m = s->m;
	char a[HONE_NUM_TEXT], b[HONE_NUM_TEXT];

	if (m->rounds > 0)
		hone_machine_state_notes(&m->before, &m->after, &m->notes);
	if (m->control_differs)
		hone_strv_push(&m->notes, "the baseline and its own copy were told apart, so times "
					  "cannot be trusted on this "
					  "machine now: nothing is called better or worse");
	if (s->opts.rounds == 0 && m->rounds > 0 && m->rounds < s->opts.min_rounds)
		hone_strv_pushf(&m->notes,
			"only %zu rounds fitted into the budget of %s; a verdict needs at least "
			"%zu (%s)",
			m->rounds, hone_text_seconds(a, s->opts.budget_s), s->opts.min_rounds,
			hone_text_seconds(b, (double)s->opts.min_rounds * s->round_s));
}

static bool is_later(struct timespec a, struct timespec b)
{
	return a.tv_sec > b.tv_sec || (a.tv_sec == b.tv_sec && a.tv_nsec > b.tv_nsec);
}

/* When files were written: what a clock that was set meanwhile dates into the future was not. */
struct period {
	struct timespec after, until;
};

/* The first file below dir that was written in the period, and how many there are. */
static void find_written(const char *dir, const char *skip, const struct period *when,
	unsigned depth, char **first, size_t *n, size_t *looked_at)
{
	DIR *d = depth ? opendir(dir) : NULL;
	struct dirent *e;

	while (d && (e = readdir(d)) && (*looked_at)++ < 20000) {
		hone_auto_free char *path = hone_path_join(dir, e->d_name);
		struct stat st;

		/* .git and other hidden folders are nobody's source; target/ is cargo's. */
		if (e->d_name[0] == '.' || strcmp(e->d_name, "target") == 0 ||
			strcmp(path, skip) == 0 || lstat(path, &st) < 0)
			continue;
		if (S_ISDIR(st.st_mode))
			find_written(path, skip, when, depth - 1, first, n, looked_at);
		if (!S_ISREG(st.st_mode) || !is_later(st.st_mtim, when->after) ||
			is_later(st.st_mtim, when->until))
			continue;
		if ((*n)++ == 0)
			*first = HONE_TAKE(path);
	}
	if (d)
		closedir(d);
}

static void note_written_sources(struct hone_comparison *s, size_t workload, struct timespec since)
{
	const struct hone_workload *w = &s->workloads[workload];
	struct period when = {since, hone_file_clock()};
	hone_auto_free char *first = NULL;
	size_t n = 0, looked_at = 0;

	if (!s->opts.source_root)
		return;
	/* Kernels since 6.13 stamp files more finely than that clock goes. */
	when.until.tv_sec++;
	find_written(s->opts.source_root, s->run_dir, &when, 20, &first, &n, &looked_at);
	if (!n)
		return;
	hone_comparison_note(s, workload,
		hone_xasprintf(
			"%zu file%s of the project changed while workload `%s` ran, %s among "
			"them: let it write into {out}, or set `dir` in hone.toml",
			n, n == 1 ? "" : "s", w->name, first));
}

/* Compares the behaviour on one workload, unless an interrupted comparison has done so. */
static int gate(struct hone_comparison *s, size_t workload, struct hone_err *err)
{
	struct hone_workload_result *r = &s->m->workloads[workload];
	struct timespec since = hone_file_clock();
	int error;

	if (r->gated)
		return 0;
	error = hone_gate(s, workload, err);
	if (!error && (s->opts.callgrind || s->opts.screen > 0))
		error = hone_callgrind(s, workload, err);
	if (error)
		return error;
	note_written_sources(s, workload, since);
	r->gated = true;
	return hone_comparison_keep(s, err);
}

static int compare(struct hone_comparison *s, struct hone_err *err)
{
	size_t set_up = 0;
	int error = hone_resume(s, err);

	if (!error && hone_rounds_are_over(s)) {
		error = s->opts.on_quiet ? s->opts.on_quiet(s->opts.ctx, err) : 0;
		return error ? error : hone_run_rounds(s, err);
	}
	if (!error)
		error = make_copies(s, err);
	while (!error && set_up < s->n_workloads) {
		const struct hone_workload *w = &s->workloads[set_up];

		error = run_aside_or_fail(s, w, &w->setup, "the setup", err);
		set_up++;
		if (!error)
			error = gate(s, set_up - 1, err);
		if (!error)
			error = hone_emulator_prepare(s, set_up - 1, err);
	}
	if (!error && s->opts.screen > 0)
		hone_screen(s);
	if (!error && s->opts.on_quiet)
		error = s->opts.on_quiet(s->opts.ctx, err);
	if (!error)
		error = hone_warm_up(s, err);
	if (!error)
		error = hone_comparison_keep(s, err);
	if (!error)
		error = hone_run_rounds(s, err);
	return tear_down(s, set_up, error, err);
}

void hone_comparison_init(struct hone_comparison *s)
{
	s->n_programs = 1;
	for (size_t i = 0; i < s->n_workloads; i++)
		if (s->workloads[i].program >= s->n_programs)
			s->n_programs = s->workloads[i].program + 1;
	s->run_dir = hone_path_absolute(s->opts.run_dir);
	s->out_dir = hone_path_join(s->run_dir, "out");
	s->copies = hone_xcalloc(s->n_programs, sizeof(*s->copies));
	s->benches = hone_xcalloc(s->n_workloads, sizeof(*s->benches));
	s->counted = hone_xcalloc(s->n_workloads, sizeof(*s->counted));
	s->m = hone_measurement_new(s);
}

void hone_comparison_release(struct hone_comparison *s)
{
	for (size_t i = 0; i < s->n_programs; i++)
		hone_copies_release(&s->copies[i]);
	free(s->copies);
	free(s->benches);
	free(s->counted);
	free(s->plugin);
	hone_strv_release(&s->env);
	free(s->run_dir);
	free(s->out_dir);
}

static void check_arguments(const struct hone_contestant *contestants, size_t n, size_t n_workloads,
	const char *run_dir)
{
	size_t baselines = 0;

	for (size_t i = 0; i < n; i++)
		baselines += contestants[i].baseline;
	if (baselines != 1 || n_workloads == 0 || !run_dir)
		hone_bug("hone_measure: %zu baselines, %zu workloads", baselines, n_workloads);
}

int hone_measure(const struct hone_contestant *contestants, size_t n,
	const struct hone_workload *workloads, size_t n_workloads,
	const struct hone_measure_opts *opts, struct hone_measurement **ret, struct hone_err *err)
{
	struct hone_comparison s = {
		.contestants = contestants,
		.n = n,
		.workloads = workloads,
		.n_workloads = n_workloads,
		.opts = *opts,
	};
	int error;

	check_arguments(contestants, n, n_workloads, opts->run_dir);
	hone_measure_defaults(&s.opts);
	hone_comparison_init(&s);
	hone_clean_env(environ, &s.env);
	hone_strv_pushf(&s.env, HONE_RUN_MARK "=%s", s.run_dir);
	hone_rng_init(&s.rng, opts->seed);

	error = compare(&s, err);
	note_what_happened(&s);
	(void)hone_fs_remove_tree(s.run_dir, NULL);
	hone_comparison_release(&s);
	if (error && s.m->rounds == 0) {
		hone_measurement_free(s.m);
		return error;
	}
	*ret = s.m;
	return error;
}
