#include "cli.h"
#include "ahead.h"
#include "artifact.h"
#include "estimate.h"
#include "fs.h"
#include "inputs.h"
#include "labels.h"
#include "lost.h"
#include "num.h"
#include "recipes.h"
#include "same_exports.h"
#include "text.h"
#include "training.h"
#include "twin.h"

#include <string.h>

struct build_opts {
	struct hone_strv train, allow;
	bool no_baseline, no_wait;
	char *output;
};

static const struct hone_opt build_options[] = {
	{"no-baseline", 0, HONE_OPT_FLAG, NULL, offsetof(struct build_opts, no_baseline),
		"Do not build the baseline to compare the size with"},
	HONE_OPT_TRAIN(struct build_opts),
	HONE_OPT_ALLOW(struct build_opts),
	{"output", 'o', HONE_OPT_TEXT, "FILE", offsetof(struct build_opts, output),
		"Put the binary there instead of where cargo would"},
	HONE_OPT_NO_WAIT(struct build_opts),
	{0},
};

/* Where cargo itself would put the binary: the same path below the user's target dir as it has below
 * hone's. */
static char *cargo_path(const struct hone_session *s, const struct hone_artifact *a)
{
	hone_auto_free char *below = hone_ahead_below(&s->dir, a->built_at);

	return hone_path_join(s->project->target_dir, below);
}

/* Always by rename: cargo's own file there is a hard link into its cache. */
static int place(const struct hone_session *s, const struct hone_artifact *a, const char *output,
	char **ret_path, struct hone_err *err)
{
	hone_auto_free char *path = output ? hone_path_absolute(output) : cargo_path(s, a);
	hone_auto_free char *dir = hone_path_dir(path);
	int error = hone_fs_mkdirs(dir, err);

	if (!error)
		error = hone_fs_copy(a->path, path, err);
	/* What stands there of another build belongs to a program that is gone. */
	if (!error && !output) {
		hone_auto_free char *old = hone_xasprintf("%s.dwp", path);

		error = hone_fs_remove(old, err);
	}
	if (!error)
		error = hone_artifact_copy_beside(a, path, err);
	if (!error && !output)
		error = hone_artifact_copy_siblings(a, dir, err);
	if (!error)
		*ret_path = HONE_TAKE(path);
	return error;
}

/* What the program takes of a device: the size of its file says nothing there. */
static void report_memory(
	struct hone_cli *cli, const struct hone_artifact *a, const struct hone_artifact *baseline)
{
	const struct {
		const char *name;
		uint64_t now, before;
	} memory[] = {{"Flash", a->flash, baseline ? baseline->flash : 0},
		{"RAM", a->ram, baseline ? baseline->ram : 0}};
	char now[HONE_NUM_TEXT], before[HONE_NUM_TEXT], delta[HONE_NUM_TEXT];

	for (size_t i = 0; i < HONE_COUNT(memory); i++) {
		hone_text_count(now, memory[i].now);
		if (baseline)
			hone_out_status(&cli->out, memory[i].name, "%s bytes; baseline %s (%s)",
				now, hone_text_count(before, memory[i].before),
				hone_text_delta(
					delta, (int64_t)memory[i].now - (int64_t)memory[i].before));
		else
			hone_out_status(&cli->out, memory[i].name, "%s bytes", now);
	}
}

static void report(struct hone_cli *cli, const struct hone_session *s, const struct hone_plan *plan,
	const struct hone_artifact *a, const struct hone_artifact *baseline, const char *path)
{
	unsigned lost = baseline ? hone_lost_find(plan, baseline, a) : 0;
	hone_auto_free char *labels = hone_labels_text(
		hone_labels_of_plan(s, plan, baseline && baseline->is_elf ? &baseline->elf : NULL,
			a->is_elf ? &a->elf : NULL) |
		hone_lost_labels(lost));
	hone_auto_free char *mind = baseline ? hone_lost_text(lost, baseline, a) : NULL;
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	char size[HONE_NUM_TEXT], old[HONE_NUM_TEXT], delta[HONE_NUM_TEXT];

	hone_text_safe(&text, hone_view_of(path), false);
	hone_buf_addc(&text, '\n');
	hone_out_result(&cli->out, hone_buf_view(&text));
	if (baseline)
		hone_out_status(&cli->out, "Size", "%s bytes; baseline %s (%s, ratio %.3f)",
			hone_text_count(size, a->size), hone_text_count(old, baseline->size),
			hone_text_delta(delta, (int64_t)a->size - (int64_t)baseline->size),
			(double)a->size / (double)baseline->size);
	else
		hone_out_status(&cli->out, "Size", "%s bytes", hone_text_count(size, a->size));
	if (a->bare)
		report_memory(cli, a, baseline);
	if (*labels)
		hone_out_status(&cli->out, "Labels", "%s", labels);
	if (mind)
		hone_out_status(&cli->out, "Mind", "%s", mind);
	if (a->elf.min_glibc)
		hone_out_status(&cli->out, "Needs", "glibc %s or newer", a->elf.min_glibc);
	if (a->path_dependent)
		hone_out_note(&cli->out, "the program embeds the folder it was built in: built "
					 "elsewhere it has other bytes");
}

/* Said before minutes of building, not after. */
static int check_output(const char *output, struct hone_err *err)
{
	if (output && (!*output || hone_ends(output, "/") || hone_fs_is_dir(output))) {
		hone_err_set(err, HONE_E_USAGE, "--output takes a file, and `%s` is %s", output,
			*output ? "a folder" : "none");
		return hone_err_hint(err, "name the file that the binary shall be");
	}
	return 0;
}

static int warn_of_exports(const struct hone_session *s, const struct hone_artifact *base,
	const struct hone_artifact *own, struct hone_err *err)
{
	hone_auto_free char *reason = NULL;
	int error = hone_exports_differ(s, base, own, &reason, err);

	if (!error && reason)
		hone_events_warn(
			s->events, "who loads or links the library may not take it: %s", reason);
	return error;
}

static int build_all(struct hone_cli *cli, const struct hone_session *s,
	const struct hone_candidates *list, const struct build_opts *o, struct hone_err *err)
{
	const struct hone_plan *plans[2] = {NULL};
	struct hone_artifact *artifacts[2] = {NULL};
	struct hone_build_estimate estimate;
	hone_auto_free char *path = NULL;
	size_t last = list->n - 1;
	int error = 0;

	for (size_t i = 0; !error && i < list->n; i++)
		error = hone_session_plan(s, list->v[i], &plans[i], err);
	if (!error)
		error = hone_train_check_options(s, plans[last], &o->train, err);
	if (!error)
		error = hone_build_estimate(&s->env, &s->dir, plans, list->n, 1, &estimate, err);
	if (!error)
		hone_events_planned(&cli->events, &estimate, s->dir.root);
	if (!error)
		(void)hone_session_overriders(s, plans[last], true, NULL);
	for (size_t i = 0; !error && i < list->n; i++) {
		struct hone_build_watch watch;

		watch = hone_events_building(&cli->events, list->v[i]->name, i + 1, list->n);
		error = hone_train_with_options(s, &plans[i], &o->train, err);
		if (!error)
			error = hone_build_checked(
				plans[i], &s->env, &s->dir, &watch, &artifacts[i], err);
		hone_out_live_clear(&cli->out);
		if (!error) {
			hone_events_built(&cli->events, artifacts[i]);
			hone_train_say(s, plans[i], artifacts[i]);
		}
	}
	if (!error && last)
		error = warn_of_exports(s, artifacts[0], artifacts[last], err);
	if (!error)
		error = hone_inputs_check(s->dir.inputs, err);
	if (!error)
		error = place(s, artifacts[last], o->output, &path, err);
	if (!error)
		report(cli, s, plans[last], artifacts[last], last ? artifacts[0] : NULL, path);
	for (size_t i = 0; i < list->n; i++) {
		if (!error && artifacts[i])
			error = hone_artifact_finish(artifacts[i], err);
		hone_artifact_free(artifacts[i]);
		hone_plan_free(plans[i]);
	}
	return error;
}

/* A candidate with a name of the project's own, which is open now. */
static int named_here(const struct hone_session *s, const char *name, bool with_baseline,
	unsigned allowed, struct hone_candidates *ret, struct hone_err *err)
{
	struct hone_recipes recipes = {0};
	int error = hone_recipes_load(s, &recipes, err);

	if (!error)
		error = hone_session_candidates(
			&name, 1, with_baseline, allowed, &recipes, ret, err);
	hone_recipes_release(&recipes);
	return error;
}

/* Each of them as it is built by itself. */
static int build_targets(struct hone_cli *cli, const struct hone_session *s,
	const struct hone_candidates *list, const struct build_opts *o, struct hone_err *err)
{
	const struct hone_project *p = s->project;
	int error;

	if (p->n_others && o->output)
		return hone_err_set(err, HONE_E_USAGE,
			"--output takes one file, and %zu targets are chosen", p->n_others + 1);
	error = build_all(cli, s, list, o, err);
	for (size_t i = 0; !error && i < p->n_others; i++) {
		struct hone_project project;
		struct hone_session other;

		hone_session_for_other(s, &p->others[i], &project, &other);
		error = build_all(cli, &other, list, o, err);
	}
	return error;
}

static int run(
	struct hone_cli *cli, void *opts, const char *const *args, size_t n, struct hone_err *err)
{
	struct build_opts *o = opts;
	struct hone_candidates list = {0};
	struct hone_session s;
	unsigned allowed = 0;
	bool later = hone_candidate_wants_recipe(args[0]);
	int error = check_output(o->output, err);

	if (!error)
		error = hone_labels_parse(&o->allow, &allowed, err);
	if (!error && !later)
		error = hone_session_candidates(
			args, n, !o->no_baseline, allowed, NULL, &list, err);
	if (error)
		return error;
	error = hone_session_open(&cli->cargo, &cli->events,
		HONE_SESSION_GRAPH | HONE_SESSION_BUILD | HONE_SESSION_SEVERAL |
			(o->no_wait ? HONE_SESSION_NO_WAIT : 0),
		&s, err);
	if (!error) {
		if (later)
			error = named_here(&s, args[0], !o->no_baseline, allowed, &list, err);
		hone_session_adapt(&s, list.v, list.n);
		if (!error)
			error = build_targets(cli, &s, &list, o, err);
		hone_session_close(&s);
	}
	hone_candidates_release(&list);
	return error;
}

const struct hone_command hone_cmd_build = {
	.name = "build",
	.args = "CANDIDATE",
	.summary = "Build one candidate, no file of yours edited",
	.help = "The binary goes where cargo would put it (target/release/NAME), its path to "
		"stdout;\n"
		"what build scripts put beside it goes along, unless --output names a file.\n"
		"CANDIDATE is baseline, small, fast, balanced, or KEY=VALUE,... over any of "
		"them.\n",
	.groups = HONE_GROUP_PROJECT | HONE_GROUP_BUILD,
	.opts = build_options,
	.opts_size = sizeof(struct build_opts),
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
