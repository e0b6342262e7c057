#include "clean_env.h"
#include "fs.h"
#include "measure_impl.h"
#include "rules.h"
#include "text.h"

#include <math.h>
#include <signal.h>
#include <string.h>

/* More output than this is a runaway program, not a workload. */
#define MOST_OUTPUT ((uint64_t)4 << 30)
/* How long a run under a tool such as valgrind may take. */
#define TOOL_NS (600 * HONE_NS_PER_S)

const char *hone_comparison_name(const struct hone_comparison *s, size_t who)
{
	return who == s->n ? "the baseline's copy" : s->contestants[who].name;
}

bool hone_comparison_is_in(const struct hone_comparison *s, size_t who)
{
	return who == s->n || s->m->status[who] == HONE_RAN;
}

bool hone_comparison_races(const struct hone_comparison *s, size_t who)
{
	return hone_comparison_is_in(s, who) && (who == s->n || !s->m->left[who]);
}

void hone_comparison_out(
	struct hone_comparison *s, size_t who, enum hone_contestant_status status, char *reason)
{
	s->m->status[who] = status;
	free(s->m->reason[who]);
	s->m->reason[who] = reason;
}

void hone_comparison_note(struct hone_comparison *s, size_t workload, char *note)
{
	struct hone_workload_result *r = &s->m->workloads[workload];
	char *before = r->note;

	hone_strv_push(&s->m->notes, note);
	r->note = before ? hone_xasprintf("%s\n%s", before, note) : hone_xstrdup(note);
	free(before);
	free(note);
}

const struct hone_copies *hone_copies_of(
	const struct hone_comparison *s, const struct hone_workload *w)
{
	return &s->copies[w->program];
}

void hone_workload_argv(const struct hone_comparison *s, const struct hone_workload *w,
	const char *const *words, size_t who, struct hone_strv *ret)
{
	const char *bin = hone_copies_of(s, w)->path[who];

	for (; *words; words++)
		hone_strv_take(ret, hone_workload_expand(*words, bin, s->out_dir));
}

void hone_workload_env(const struct hone_comparison *s, const struct hone_workload *w, size_t who,
	size_t pad, struct hone_strv *ret)
{
	hone_auto_free char *libraries = hone_copies_library_path(hone_copies_of(s, w), who);

	hone_strv_copy(ret, &s->env);
	hone_workload_argv(s, w, hone_strv_argv(&w->env), who, ret);
	if (s->more)
		hone_strv_copy(ret, &s->more->env);
	if (s->more && s->more->library)
		hone_env_add_library_path(s->more->library, ret);
	if (libraries)
		hone_env_add_library_path(libraries, ret);
	if (pad) {
		struct hone_buf b = HONE_BUF_INIT;

		hone_buf_adds(&b, "MEASUREMENT_PADDING=");
		hone_buf_pad(&b, 'x', pad);
		hone_strv_take(ret, hone_buf_detach(&b));
	}
}

static int cpu_of(const struct hone_comparison *s, const struct hone_workload *w)
{
	return s->m->workloads[w - s->workloads].cpu;
}

const char *hone_workload_dir(const struct hone_comparison *s, const struct hone_workload *w)
{
	return w->dir ? w->dir : s->opts.work_dir;
}

static bool mentions(const struct hone_strv *list, const char *word)
{
	for (size_t i = 0; i < list->n; i++)
		if (strstr(list->v[i], word))
			return true;
	return false;
}

int hone_workload_clear_out(
	struct hone_comparison *s, const struct hone_workload *w, struct hone_err *err)
{
	int error;

	if (!mentions(&w->argv, "{out}") && !mentions(&w->env, "{out}") &&
		!mentions(&w->files, "{out}"))
		return 0;
	error = hone_fs_remove_tree(s->out_dir, err);
	return error ? error : hone_fs_mkdirs(s->out_dir, err);
}

int hone_run_workload(struct hone_comparison *s, const struct hone_workload *w, size_t who,
	enum hone_run_use use, size_t pad, struct hone_proc_result *ret, struct hone_err *err)
{
	hone_auto_strv struct hone_strv argv = HONE_STRV_INIT;
	hone_auto_strv struct hone_strv env = HONE_STRV_INIT;
	hone_auto_free char *out = hone_path_join(s->run_dir, "stdout");
	hone_auto_free char *errout = hone_path_join(s->run_dir, "stderr");
	struct hone_proc_spec spec = {
		.dir = hone_workload_dir(s, w),
		.stdin_path = w->stdin_path,
		.out = use == HONE_RUN_GATE       ? HONE_SINK_FILE
		       : use == HONE_RUN_CAPTURED ? HONE_SINK_CAPTURE
						  : HONE_SINK_NULL,
		.errout = use == HONE_RUN_GATE ? HONE_SINK_FILE : HONE_SINK_NULL,
		.out_path = out,
		.err_path = errout,
		.kill_after = use == HONE_RUN_GATE ? MOST_OUTPUT : 0,
		.deadline_ns = (int64_t)(w->timeout_s * 1e9),
		.measured = true,
		.cpu = cpu_of(s, w),
	};
	bool counted = s->counted[w - s->workloads];
	int error = hone_workload_clear_out(s, w, err);

	if (error)
		return error;
	if (counted) {
		hone_emulator_clear(s);
		hone_emulator_argv(s, w->argv.v[0], &argv);
	}
	hone_workload_argv(s, w, hone_strv_argv(&w->argv) + counted, who, &argv);
	hone_workload_env(s, w, who, pad, &env);
	spec.argv = hone_strv_argv(&argv);
	spec.env = hone_strv_argv(&env);
	error = hone_proc_run(&spec, ret, err);
	if (error == HONE_E_NOT_FOUND || error == HONE_E_UNSUPPORTED || error == HONE_E_SYSTEM)
		return hone_err_wrap(err, "workload `%s`", w->name);
	return error;
}

bool hone_died_by_itself(const struct hone_proc_result *r)
{
	return r->sig && r->sig != SIGTERM && r->sig != SIGKILL;
}

int hone_run_under(struct hone_comparison *s, const struct hone_workload *w, size_t who,
	const struct hone_strv *words, struct hone_proc_result *ret, struct hone_err *err)
{
	hone_auto_strv struct hone_strv argv = HONE_STRV_INIT;
	hone_auto_strv struct hone_strv env = HONE_STRV_INIT;
	hone_auto_free char *out = hone_path_join(s->run_dir, "stdout");
	hone_auto_free char *errout = hone_path_join(s->run_dir, "stderr");
	struct hone_proc_spec spec = {
		.dir = hone_workload_dir(s, w),
		.stdin_path = w->stdin_path,
		.out = HONE_SINK_FILE,
		.errout = HONE_SINK_FILE,
		.out_path = out,
		.err_path = errout,
		.kill_after = MOST_OUTPUT,
		.deadline_ns = TOOL_NS,
	};
	int error = hone_workload_clear_out(s, w, err);

	if (error)
		return error;
	hone_strv_copy(&argv, words);
	hone_workload_argv(s, w, hone_strv_argv(&w->argv), who, &argv);
	hone_workload_env(s, w, who, 0, &env);
	/* Options of the tool's that are meant for other runs. */
	hone_strv_push(&env, "VALGRIND_OPTS");
	spec.argv = hone_strv_argv(&argv);
	spec.env = hone_strv_argv(&env);
	return hone_proc_run(&spec, ret, err);
}

int hone_run_until_output(struct hone_comparison *s, const struct hone_workload *w, size_t who,
	size_t pad, double *ret_s, struct hone_proc_result *ret, struct hone_err *err)
{
	hone_auto_strv struct hone_strv argv = HONE_STRV_INIT;
	hone_auto_strv struct hone_strv env = HONE_STRV_INIT;
	struct hone_proc_spec spec = {
		.dir = hone_workload_dir(s, w),
		.stdin_path = w->stdin_path,
		.out = HONE_SINK_CAPTURE,
		.errout = HONE_SINK_NULL,
		.limit = 4096,
		.deadline_ns = (int64_t)(w->timeout_s * 1e9),
		.measured = true,
		.cpu = cpu_of(s, w),
	};
	int64_t start, until;
	struct hone_proc *p;
	bool ended = false;
	int code, error = hone_workload_clear_out(s, w, err);

	if (error)
		return error;
	hone_workload_argv(s, w, hone_strv_argv(&w->argv), who, &argv);
	hone_workload_env(s, w, who, pad, &env);
	spec.argv = hone_strv_argv(&argv);
	spec.env = hone_strv_argv(&env);
	start = hone_now_ns();
	until = start + spec.deadline_ns;
	error = hone_proc_start(&spec, &p, err);
	if (error)
		return hone_err_wrap(err, "workload `%s`", w->name);
	*ret_s = NAN;
	/* A pump of no length returns as soon as anything happened. */
	while (!error && hone_proc_output(p).n == 0 && !ended && hone_now_ns() < until)
		error = hone_proc_pump(p, HONE_RULE_FIRST_OUTPUT_STEP_NS, &ended, err);
	if (!error && hone_proc_output(p).n > 0)
		*ret_s = hone_ns_to_s(hone_now_ns() - start);
	code = hone_proc_stop(p, SIGTERM, HONE_NS_PER_S, ret, error ? NULL : err);
	return error ? error : code;
}

int hone_run_aside(struct hone_comparison *s, const struct hone_workload *w,
	const char *const *argv, size_t who, struct hone_proc_result *ret, struct hone_err *err)
{
	hone_auto_strv struct hone_strv words = HONE_STRV_INIT;
	hone_auto_strv struct hone_strv env = HONE_STRV_INIT;
	struct hone_proc_spec spec = {
		.dir = hone_workload_dir(s, w),
		.limit = 1 << 20,
		.deadline_ns = (int64_t)(w->timeout_s * 1e9),
	};

	hone_workload_argv(s, w, argv, who, &words);
	hone_workload_env(s, w, who, 0, &env);
	spec.argv = hone_strv_argv(&words);
	spec.env = hone_strv_argv(&env);
	return hone_proc_run(&spec, ret, err);
}

int hone_hint_timeout(struct hone_err *err)
{
	return hone_err_hint(err, "give it more time with `timeout` in hone.toml, or less to do");
}

char *hone_how_it_went(const struct hone_proc_result *r, struct hone_view said)
{
	hone_auto_free char *how = hone_proc_how_ended(r);
	struct hone_buf text = HONE_BUF_INIT;

	hone_buf_adds(&text, how);
	if (hone_view_trim(said).n) {
		hone_buf_adds(&text, ": ");
		hone_text_excerpt(&text, said, HONE_SAID_FIRST, HONE_SAID_LAST);
	}
	if (r->too_much)
		hone_buf_adds(&text,
			"; let it print less, or write what matters into {out} and name "
			"it in `files` of hone.toml");
	return hone_buf_detach(&text);
}
