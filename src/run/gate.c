#include "gate_impl.h"

#include "fs.h"

#include <errno.h>
#include <math.h>
#include <string.h>

static char *kept_path(const struct hone_gate_of *g, const char *name)
{
	return hone_xasprintf("%s/baseline.%s", g->s->run_dir, name);
}

static char *file_path(const struct hone_gate_of *g, size_t i)
{
	hone_auto_free char *path = hone_workload_expand(g->w->files.v[i],
		hone_copies_of(g->s, g->w)->path[g->s->m->baseline], g->s->out_dir);
	const char *dir = g->w->dir ? g->w->dir : g->s->opts.work_dir;

	return dir ? hone_path_join(dir, path) : HONE_TAKE(path);
}

/* What the program wrote to stderr, else to stdout. The caller frees. */
static char *words(const struct hone_gate_of *g)
{
	static const char *const streams[] = {"stderr", "stdout"};

	for (size_t i = 0; i < HONE_COUNT(streams); i++) {
		hone_auto_free char *path = hone_path_join(g->s->run_dir, streams[i]);
		hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
		struct hone_view v;

		if (hone_fs_read(path, (size_t)64 << 20, &text, NULL, NULL) < 0)
			continue;
		v = hone_view_trim(hone_buf_view(&text));
		if (v.n)
			return hone_view_dup(v);
	}
	return hone_xstrdup("");
}

static char *how_it_went(const struct hone_gate_of *g, const struct hone_proc_result *r)
{
	hone_auto_free char *said = words(g);

	return hone_how_it_went(r, hone_view_of(said));
}

/* Keeps the baseline's outputs as what the others are compared with. */
static int keep(const struct hone_gate_of *g, struct hone_err *err)
{
	static const char *const streams[] = {"stdout", "stderr"};
	int error = 0;

	for (size_t i = 0; i < HONE_COUNT(streams) && !error; i++) {
		hone_auto_free char *from = hone_path_join(g->s->run_dir, streams[i]);
		hone_auto_free char *to = kept_path(g, streams[i]);

		error = hone_fs_rename(from, to, err);
	}
	for (size_t i = 0; i < g->w->files.n && !error; i++) {
		hone_auto_free char *from = file_path(g, i);
		hone_auto_free char *name = hone_xasprintf("file%zu", i);
		hone_auto_free char *to = kept_path(g, name);

		error = hone_fs_copy(from, to, err);
	}
	return error;
}

static int compare_stream(const struct hone_gate_of *g, size_t who, const char *stream,
	const char *what, char **ret_difference, struct hone_err *err)
{
	hone_auto_free char *base = kept_path(g, stream);
	hone_auto_free char *path = hone_path_join(g->s->run_dir, stream);
	const struct hone_copies *c = hone_copies_of(g->s, g->w);

	return hone_output_differs(what, (struct hone_output){base, c->path[g->s->m->baseline]},
		(struct hone_output){path, c->path[who]}, g->w, ret_difference, err);
}

static int compare_file(const struct hone_gate_of *g, size_t who, size_t i, char **ret_difference,
	struct hone_err *err)
{
	hone_auto_free char *name = hone_xasprintf("file%zu", i);
	hone_auto_free char *base = kept_path(g, name);
	hone_auto_free char *path = file_path(g, i);
	const struct hone_copies *c = hone_copies_of(g->s, g->w);

	return hone_output_differs(path, (struct hone_output){base, c->path[g->s->m->baseline]},
		(struct hone_output){path, c->path[who]}, g->w, ret_difference, err);
}

static int compare_figures(
	const struct hone_gate_of *g, char **ret_difference, struct hone_err *err)
{
	hone_auto_free char *base = kept_path(g, "stdout");
	hone_auto_free char *path = hone_path_join(g->s->run_dir, "stdout");

	return hone_bench_differs(g->w, base, path, ret_difference, err);
}

/* The first difference from what was kept, or NULL. */
static int compare(
	const struct hone_gate_of *g, size_t who, char **ret_difference, struct hone_err *err)
{
	int error = 0;

	*ret_difference = NULL;
	if (g->w->kind == HONE_WORKLOAD_BENCH)
		error = compare_figures(g, ret_difference, err);
	if (error || *ret_difference || g->s->opts.no_compare || g->varies)
		return error;
	if (g->w->compare_stdout)
		error = compare_stream(g, who, "stdout", "stdout", ret_difference, err);
	if (!error && !*ret_difference && g->w->compare_stderr)
		error = compare_stream(g, who, "stderr", "stderr", ret_difference, err);
	for (size_t i = 0; !error && !*ret_difference && i < g->w->files.n; i++)
		error = compare_file(g, who, i, ret_difference, err);
	return error;
}

int hone_gate_compare(struct hone_comparison *s, size_t workload, size_t who, char **ret_difference,
	struct hone_err *err)
{
	const struct hone_gate_of g = {.s = s, .w = &s->workloads[workload], .workload = workload};

	return compare(&g, who, ret_difference, err);
}

/* A file that the workload is to write, as it was before the run: what an earlier run left must not
 * speak for this one. It is never removed, since it could be the user's. */
static struct stat before(const struct hone_gate_of *g, size_t i)
{
	hone_auto_free char *path = file_path(g, i);
	struct stat st;

	return stat(path, &st) == 0 ? st : (struct stat){0};
}

static bool was_written(const struct hone_gate_of *g, size_t i, const struct stat *old)
{
	struct stat now = before(g, i);

	return now.st_nlink && (now.st_ino != old->st_ino || now.st_size != old->st_size ||
				       now.st_mtim.tv_sec != old->st_mtim.tv_sec ||
				       now.st_mtim.tv_nsec != old->st_mtim.tv_nsec);
}

/* One run; *ret_missing is the first declared file that it did not write, or NULL. */
static int run(const struct hone_gate_of *g, size_t who, struct hone_proc_result *r,
	char **ret_missing, struct hone_err *err)
{
	hone_auto_free struct stat *old = hone_xcalloc(g->w->files.n + 1, sizeof(*old));
	int error;

	*ret_missing = NULL;
	for (size_t i = 0; i < g->w->files.n; i++)
		old[i] = before(g, i);
	error = hone_run_workload(g->s, g->w, who, HONE_RUN_GATE, 0, r, err);
	for (size_t i = 0; i < g->w->files.n && !error && !*ret_missing; i++)
		if (!was_written(g, i, &old[i]))
			*ret_missing = file_path(g, i);
	return error;
}

/* Does one more run of the baseline end as it should? */
static bool command_works(void *ctx)
{
	struct hone_gate_of *g = ctx;
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	hone_auto_free char *missing = NULL;

	return run(g, g->s->m->baseline, &r, &missing, NULL) == 0 && !r.timed_out && !r.too_much &&
	       r.exit_code >= 0 && !missing &&
	       (g->exit_code == HONE_EXIT_OF_BASELINE || r.exit_code == g->exit_code);
}

static int baseline_once(
	struct hone_gate_of *g, size_t who, struct hone_proc_result *r, struct hone_err *err)
{
	hone_auto_free char *how = NULL, *missing = NULL;
	int error = run(g, who, r, &missing, err);

	if (error)
		return error;
	if (g->exit_code == HONE_EXIT_OF_BASELINE && r->exit_code >= 0)
		g->exit_code = r->exit_code;
	if (r->exit_code == g->exit_code && !r->timed_out && !r->too_much) {
		if (!missing)
			return 0;
		return hone_err_set(err, HONE_E_FAILED,
			"workload `%s`: the baseline does not write %s", g->w->name, missing);
	}
	how = how_it_went(g, r);
	hone_err_set(
		err, HONE_E_FAILED, "workload `%s` fails on the baseline: %s", g->w->name, how);
	if (!r->timed_out && !r->too_much && hone_lacks_name(g->s, command_works, g, err))
		return HONE_E_FAILED;
	if (r->timed_out)
		return hone_hint_timeout(err);
	if (r->exit_code > 0)
		return hone_err_hint(err,
			"try the command by hand; if it should end like this, say `exit-code = %d` "
			"in "
			"hone.toml",
			r->exit_code);
	return HONE_E_FAILED;
}

/* A version that names the time of the build, or its settings, is no fault of a candidate's, and the user did not
 * ask for this run: it is noted once. */
static void note_varying(struct hone_gate_of *g, const char *when, const char *difference)
{
	g->varies = true;
	if (!g->w->chosen) {
		hone_comparison_note(g->s, g->workload,
			hone_xasprintf("`%s` prints other words than %s (%.*s): its time may be "
				       "that of other work",
				g->w->name, g->s->contestants[g->s->m->baseline].name,
				(int)strcspn(difference, "\n"), difference));
		return;
	}
	hone_comparison_note(g->s, g->workload,
		hone_xasprintf(
			"`%s` prints other words %s (%.*s): its output is not compared. hone "
			"chose this run; of a workload of yours (--run 'ARGS') outputs are "
			"compared, unless --no-compare or `normalise` in hone.toml says what "
			"may vary",
			g->w->name, when, (int)strcspn(difference, "\n"), difference));
}

/* Two runs of the same program, the second from another copy of it, have to do the same. */
static int baseline(struct hone_gate_of *g, struct hone_err *err)
{
	hone_auto_proc_result struct hone_proc_result first = HONE_PROC_RESULT_INIT;
	hone_auto_proc_result struct hone_proc_result second = HONE_PROC_RESULT_INIT;
	hone_auto_free char *difference = NULL;
	struct hone_workload_result *w = &g->s->m->workloads[g->workload];
	int error = baseline_once(g, g->s->m->baseline, &first, err);

	if (!error)
		error = keep(g, err);
	if (!error)
		error = baseline_once(g, g->s->n, &second, err);
	if (!error)
		error = compare(g, g->s->n, &difference, err);
	if (error)
		return error;
	if (difference && g->w->chosen) {
		note_varying(g, "in every run", difference);
	} else if (difference) {
		hone_err_set(err, HONE_E_FAILED,
			"workload `%s` does not do the same twice: two runs of the baseline: %s",
			g->w->name, difference);
		return hone_err_hint(err, "make the command deterministic (a seed, one thread, "
					  "sorted output), or name what may "
					  "vary under `normalise` in hone.toml, or skip the "
					  "comparison with --no-compare");
	}
	w->exit_code = g->exit_code;
	w->output_bytes = first.out_bytes;
	return 0;
}

static int candidate(struct hone_gate_of *g, size_t who, struct hone_err *err)
{
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	hone_auto_free char *difference = NULL, *how = NULL, *missing = NULL;
	enum hone_contestant_status status;
	int error = run(g, who, &r, &missing, err);

	if (error)
		return error;
	if (r.exit_code == g->exit_code && !r.timed_out && !r.too_much) {
		if (missing)
			difference = hone_xasprintf("%s is not written", missing);
		else
			error = compare(g, who, &difference, err);
		if (!error && difference && (g->w->chosen || g->s->opts.may_differ))
			note_varying(g, "in every build", difference);
		else if (!error && difference)
			hone_comparison_out(g->s, who, HONE_RUN_DIFFERS,
				hone_xasprintf("workload `%s`: %s", g->w->name, difference));
		return error;
	}
	status = r.timed_out                ? HONE_RUN_TIMEOUT
		 : r.sig || r.exit_code < 0 ? HONE_RUN_FAILED
					    : HONE_RUN_DIFFERS;
	how = how_it_went(g, &r);
	hone_comparison_out(g->s, who, status,
		status == HONE_RUN_DIFFERS
			? hone_xasprintf(
				  "workload `%s`: exit code %d where the baseline gives %d: %s",
				  g->w->name, r.exit_code, g->exit_code, how)
			: hone_xasprintf("workload `%s`: %s", g->w->name, how));
	return 0;
}

static bool check_works(void *ctx)
{
	const struct hone_gate_of *g = ctx;
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;

	return hone_run_aside(g->s, g->w, g->s->opts.check, g->s->m->baseline, &r, NULL) == 0 &&
	       r.exit_code == 0 && !r.timed_out;
}

static int check(struct hone_gate_of *g, size_t who, struct hone_err *err)
{
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	hone_auto_free char *how = NULL;
	int error = hone_run_aside(g->s, g->w, g->s->opts.check, who, &r, err);

	if (error)
		return hone_err_wrap(err, "the check command");
	if (r.exit_code == 0 && !r.timed_out)
		return 0;
	how = hone_how_it_went(&r, hone_buf_view(r.err.n ? &r.err : &r.out));
	if (who == g->s->m->baseline) {
		hone_err_set(
			err, HONE_E_FAILED, "the check command fails on the baseline: %s", how);
		if (r.timed_out)
			return hone_hint_timeout(err);
		(void)hone_lacks_name(g->s, check_works, g, err);
		return HONE_E_FAILED;
	}
	hone_comparison_out(
		g->s, who, HONE_RUN_FAILED, hone_xasprintf("the check command fails: %s", how));
	return 0;
}

static int baseline_of_any_kind(struct hone_gate_of *g, struct hone_err *err)
{
	if (g->w->service)
		return hone_gate_baseline_service(g, err);
	return g->w->until_output ? hone_gate_first_output(g, g->s->m->baseline, err)
				  : baseline(g, err);
}

/* That the baseline started is known: it is the candidate that the system cannot run, as its format is wrong or
 * its loader is not there. */
static bool is_no_program(int error)
{
	return error == HONE_E_NOT_FOUND || error == HONE_E_UNSUPPORTED;
}

static int candidate_of_any_kind(struct hone_gate_of *g, size_t who, struct hone_err *err)
{
	hone_auto_err struct hone_err why = HONE_ERR_INIT;
	int error;

	if (g->w->service)
		error = hone_gate_service(g, who, &why);
	else
		error = g->w->until_output ? hone_gate_first_output(g, who, &why)
					   : candidate(g, who, &why);
	if (!is_no_program(error))
		return error ? hone_err_move(err, &why) : 0;
	hone_comparison_out(g->s, who, HONE_RUN_FAILED, HONE_TAKE(why.msg));
	return 0;
}

int hone_gate(struct hone_comparison *s, size_t workload, struct hone_err *err)
{
	struct hone_gate_of g = {
		.s = s,
		.w = &s->workloads[workload],
		.workload = workload,
		.exit_code = s->workloads[workload].exit_code,
	};
	struct hone_measure_progress p = {
		.stage = HONE_STAGE_GATE, .workload = workload, .n = s->n};
	int error = baseline_of_any_kind(&g, err);

	for (size_t i = 0; i < s->n && !error; i++) {
		p.at = i;
		if (s->opts.on_progress)
			s->opts.on_progress(s->opts.ctx, &p);
		if (i != s->m->baseline && hone_comparison_is_in(s, i))
			error = candidate_of_any_kind(&g, i, err);
		if (!error && i != s->m->baseline && hone_comparison_is_in(s, i))
			error = hone_gate_prove(s, workload, i, err);
		/* The check is about the program, not about one workload. */
		if (!error && workload == 0 && s->opts.check && hone_comparison_is_in(s, i))
			error = check(&g, i, err);
	}
	return error;
}
