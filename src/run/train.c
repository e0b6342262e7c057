#include "train.h"

#include "clean_env.h"
#include "fs.h"
#include "measure_impl.h"

#include <string.h>
#include <unistd.h>

static int aside(struct hone_comparison *s, const struct hone_workload *w,
	const struct hone_strv *argv, const char *what, struct hone_err *err)
{
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	hone_auto_free char *how = NULL;
	int error;

	if (!argv->n)
		return 0;
	error = hone_run_aside(s, w, hone_strv_argv(argv), 0, &r, err);
	if (error || (r.exit_code == 0 && !r.timed_out))
		return error;
	how = hone_how_it_went(&r, hone_buf_view(r.err.n ? &r.err : &r.out));
	hone_err_set(err, HONE_E_FAILED, "%s: %s", what, how);
	return r.timed_out ? hone_hint_timeout(err) : HONE_E_FAILED;
}

/* The exit code decides as it does when the program is measured; one that is not known beforehand
 * (HONE_EXIT_OF_BASELINE) may be any. */
static int run_command(
	struct hone_comparison *s, const struct hone_workload *w, struct hone_err *err)
{
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	hone_auto_buf struct hone_buf said = HONE_BUF_INIT;
	hone_auto_free char *said_path = hone_path_join(s->run_dir, "stderr");
	hone_auto_free char *how = NULL;
	int error = hone_run_workload(s, w, 0, HONE_RUN_GATE, 0, &r, err);

	if (error)
		return error;
	if (!r.timed_out && !r.too_much && r.exit_code >= 0 &&
		(w->exit_code == HONE_EXIT_OF_BASELINE || r.exit_code == w->exit_code))
		return 0;
	if (hone_fs_read(said_path, (size_t)1 << 20, &said, NULL, NULL))
		hone_buf_reset(&said);
	how = hone_how_it_went(&r, hone_buf_view(&said));
	hone_err_set(err, HONE_E_FAILED, "%s", how);
	return r.timed_out ? hone_hint_timeout(err) : HONE_E_FAILED;
}

static int run_service(
	struct hone_comparison *s, const struct hone_workload *w, struct hone_err *err)
{
	hone_auto_free char *failure = NULL;
	struct hone_sample sample;
	int error;

	hone_sample_init(&sample);
	error = hone_run_service(s, w, &(struct hone_service_run){0}, &sample, &failure, err);
	if (!error && failure)
		error = hone_err_set(err, HONE_E_FAILED, "%s", failure);
	return error;
}

struct lesson {
	struct hone_comparison *s;
	const struct hone_workload *w;
};

static int run_one(const struct lesson *l, struct hone_err *err)
{
	const struct hone_workload *w = l->w;
	int error = aside(l->s, w, &w->setup, "the setup", err);

	if (!error)
		error = w->service ? run_service(l->s, w, err) : run_command(l->s, w, err);
	return error ? error : aside(l->s, w, &w->teardown, "the teardown", err);
}

static bool works(void *ctx)
{
	return run_one(ctx, NULL) == 0;
}

static int run_all(struct hone_comparison *s, const char *path, struct hone_err *err)
{
	int error = hone_fs_mkdirs(s->run_dir, err);

	if (!error)
		error = hone_copies_make(&s->copies[0], s->run_dir, &path, 1, &s->rng, err);
	for (size_t i = 0; !error && i < s->n_workloads; i++) {
		struct lesson l = {s, &s->workloads[i]};
		hone_auto_err struct hone_err why = HONE_ERR_INIT;

		error = run_one(&l, &why);
		/* A time that has passed has its hint. */
		if (error == HONE_E_FAILED && !why.hint)
			(void)hone_lacks_name(s, works, &l, &why);
		if (error && error != HONE_E_INTERRUPTED)
			hone_err_wrap(&why, "training with `%s`", l.w->name);
		if (error)
			hone_err_move(err, &why);
	}
	return error;
}

int hone_train(const struct hone_train_request *t, struct hone_err *err)
{
	const struct hone_contestant program = {
		.name = "the instrumented program", .path = t->path, .baseline = true};
	struct hone_comparison s = {.contestants = &program,
		.n = 1,
		.workloads = t->workloads,
		.n_workloads = t->n,
		.opts = {.run_dir = t->run_dir,
			.left_out = t->left_out,
			.n_left_out = t->n_left_out}};
	hone_auto_free char *raw = hone_path_absolute(t->raw_dir);
	int error = hone_fs_remove_tree(raw, err);

	if (!error)
		error = hone_fs_mkdirs(raw, err);
	if (error)
		return error;
	hone_comparison_init(&s);
	hone_clean_env(environ, &s.env);
	hone_strv_pushf(&s.env, HONE_RUN_MARK "=%s", s.run_dir);
	/* %m: the program, %p: the process, so that none overwrites another's; %c: mapped at once. */
	hone_strv_pushf(&s.env, "LLVM_PROFILE_FILE=%s/%s%%m_%%p.profraw", raw, t->kept ? "%c" : "");
	hone_rng_init(&s.rng, 1);
	error = run_all(&s, t->path, err);
	(void)hone_fs_remove_tree(s.run_dir, NULL);
	hone_measurement_free(s.m);
	hone_comparison_release(&s);
	return error;
}
