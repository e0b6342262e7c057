/* The order in which an apply happens. */
#include "apply.h"

#include "ahead.h"
#include "artifact.h"
#include "inputs.h"
#include "labels.h"
#include "planned.h"
#include "proc.h"
#include "rules.h"
#include "training.h"
#include "twin.h"

#include <string.h>

void hone_apply_result_release(struct hone_apply_result *r)
{
	hone_writedown_release(&r->changes);
	hone_plan_free(r->plan);
	for (size_t i = 0; i < r->n_others; i++)
		hone_plan_free(r->others[i]);
	free(r->others);
	hone_strv_release(&r->doubts);
	*r = (struct hone_apply_result){0};
}

/* A profile that does not exist yet is made, inheriting release: its layers are those of release. */
static int choose_layers(struct hone_session *s, struct hone_err *err)
{
	struct hone_profile profile = {0};
	int error = hone_profile_compute(
		s->profiles, s->env.profile, s->project->package, HONE_UNIT_TARGET, &profile, err);

	hone_profile_release(&profile);
	if (error != HONE_E_USAGE)
		return error;
	hone_err_release(err);
	s->env.layers = "release";
	return 0;
}

/* What wins over the plan ends an apply, or with force is only warned of. */
static int check_overriders(const struct hone_session *s, const struct hone_plan *plan, bool force,
	struct hone_err *err)
{
	hone_auto_free char *first = NULL;
	size_t found = hone_session_overriders(s, plan, force, &first);

	if (!found || force)
		return 0;
	if (found > 1)
		hone_err_set(err, HONE_E_USAGE, "%s (and %zu more)", first, found - 1);
	else
		hone_err_set(err, HONE_E_USAGE, "%s", first);
	return hone_err_hint(err, "change it there, or write all the same with --force");
}

/* "`panic = ...`, but kit catches panics (src/main.rs:3:5)". The caller frees. */
static char *problem_line(const struct hone_problem *p)
{
	hone_auto_free char *line = hone_xasprintf("[%s] %s%s%s%s", p->kind->id, p->message,
		p->where ? " (" : "", p->where ? p->where : "", p->where ? ")" : "");

	return hone_path_hide_here(line);
}

/* Runs the lints on the profile as it will be, says what they find, and stops where cargo or rustc would refuse to
 * build. */
static int look_ahead(const struct hone_session *s, const struct hone_plan *plan, bool force,
	struct hone_err *err)
{
	struct hone_problems found = {0};
	int error = hone_planned_problems(s, plan, &found, err), refused = 0;

	for (size_t i = 0; !error && i < found.n; i++) {
		const struct hone_problem *p = &found.v[i];
		hone_auto_free char *line = problem_line(p);

		if (p->kind->severity == HONE_SEVERITY_NOTE)
			hone_events_note(s->events, "%s", line);
		else if (p->kind->severity == HONE_SEVERITY_WARNING || force || refused)
			hone_events_warn(s->events, "%s", line);
		else
			refused = hone_err_set(err, HONE_E_USAGE, "%s would not build: %s",
				plan->candidate->name, line);
	}
	for (size_t i = 0; !error && i < found.limits.n; i++) {
		hone_auto_free char *text = hone_limit_text(&found.limits.v[i]);

		hone_events_note(s->events, "not looked at: %s", text);
	}
	hone_problems_release(&found);
	if (refused)
		hone_err_hint(err, "change that, leave it out of the candidate, or write all the "
				   "same with --force");
	return error ? error : refused;
}

/* An alias and a script are for every folder of the workspace, and cargo's config is not the same in all of them. */
static void doubt_folders(
	const struct hone_session *s, const struct hone_plan *plan, struct hone_strv *ret)
{
	hone_auto_strv struct hone_strv here = HONE_STRV_INIT, there = HONE_STRV_INIT;

	if (!hone_profile_set_is_local(s->profiles, &here, &there))
		return;
	for (size_t i = 0; i < here.n; i++)
		hone_strv_pushf(ret,
			"%s counts only where cargo is started below its folder: %s elsewhere "
			"gives other bytes than were measured",
			here.v[i], plan->needs_alias ? "the alias or script" : "the command");
	for (size_t i = 0; i < there.n; i++)
		hone_strv_pushf(ret,
			"%s counts in the workspace, but not in this folder, where it was "
			"measured: a build there gives other bytes",
			there.v[i]);
}

/* A script builds one program, and so does try where it trains. */
static int check_script(const struct hone_plan *plan, const char *name, struct hone_err *err)
{
	if (!hone_plan_learns(plan) && !plan->allocator)
		return 0;
	hone_err_set(err, HONE_E_USAGE,
		"candidate %s needs a script to build `%s`, and a script of hone's builds one "
		"target",
		plan->candidate->name, name);
	return hone_err_hint(err,
		"apply it for one target (--bin, --package), each with a --profile of its own, or "
		"take a candidate without train.* and link.allocator");
}

static int plan_others(struct hone_session *s, const struct hone_apply_request *r,
	struct hone_apply_result *ret, struct hone_err *err)
{
	const struct hone_project *p = s->project;
	int error = check_script(ret->plan, p->target->name, err);

	ret->others = hone_xcalloc(p->n_others, sizeof(*ret->others));
	for (size_t i = 0; !error && i < p->n_others; i++) {
		struct hone_project project;
		struct hone_session other;

		hone_session_for_other(s, &p->others[i], &project, &other);
		error = hone_session_plan(&other, r->candidate, &ret->others[i], err);
		ret->n_others += !error;
		if (!error)
			error = check_script(ret->others[i], p->others[i].target->name, err);
		if (!error)
			error = check_overriders(&other, ret->others[i], r->force, err);
		if (!error)
			error = look_ahead(&other, ret->others[i], r->force, err);
	}
	return error;
}

/* What all targets need at once. */
static int write_down(
	const struct hone_session *s, struct hone_apply_result *ret, struct hone_err *err)
{
	size_t n = ret->n_others;
	hone_auto_free struct hone_plan_part *parts = hone_xcalloc(n + 1, sizeof(*parts));
	hone_auto_free struct hone_project *projects = hone_xcalloc(n + 1, sizeof(*projects));
	hone_auto_free struct hone_session *others = hone_xcalloc(n + 1, sizeof(*others));

	parts[0] = (struct hone_plan_part){ret->plan, &s->env};
	for (size_t i = 0; i < n; i++) {
		hone_session_for_other(s, &s->project->others[i], &projects[i], &others[i]);
		parts[i + 1] = (struct hone_plan_part){ret->others[i], &others[i].env};
	}
	return hone_writedown_make(parts, n + 1, &ret->changes, err);
}

int hone_apply(struct hone_session *s, const struct hone_apply_request *r,
	struct hone_apply_result *ret, struct hone_err *err)
{
	static const struct hone_strv no_lines = HONE_STRV_INIT;
	struct hone_candidate *const list[] = {r->candidate};
	int error = choose_layers(s, err);
	bool builds;

	if (error)
		return error;
	hone_session_adapt(s, list, 1);
	error = hone_session_plan(s, r->candidate, &ret->plan, err);
	if (!error)
		error = check_overriders(s, ret->plan, r->force, err);
	if (!error)
		error = look_ahead(s, ret->plan, r->force, err);
	if (!error && s->project->n_others)
		error = plan_others(s, r, ret, err);
	builds = !error && (hone_plan_learns(ret->plan) || ret->plan->allocator);
	/* A dry run looks only: it builds and runs nothing of the project's. */
	ret->untrained = builds && r->dry_run && hone_plan_learns(ret->plan);
	builds &= !r->dry_run;
	if (builds)
		error = hone_workdir_open(&s->dir, err);
	if (builds && !error)
		hone_session_hold_inputs(s);
	if (!error && !r->dry_run)
		error = hone_train_with_options(
			s, &ret->plan, r->train ? r->train : &no_lines, err);
	if (!error)
		ret->labels = hone_labels_of_plan(s, ret->plan, NULL, NULL);
	if (!error)
		error = write_down(s, ret, err);
	if (!error && ret->changes.changes.n && !r->dry_run) {
		error = hone_writedown_commit(&ret->changes, s->project->workspace_root, err);
		ret->written = !error;
	}
	if (!error)
		doubt_folders(s, ret->plan, &ret->doubts);
	return error;
}

/* The command that was printed, run as the user would run it. */
static int run_printed(
	const struct hone_session *s, const struct hone_plan *plan, struct hone_err *err)
{
	hone_auto_strv struct hone_strv argv = HONE_STRV_INIT;
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	hone_auto_free char *cargo = NULL;
	const char *env[] = {NULL, NULL};
	struct hone_proc_spec spec = {
		.env = env, .deadline_ns = HONE_RULE_CARGO_LONGEST_S * HONE_NS_PER_S};
	int error;

	hone_plan_user_command(plan, &s->env, &argv);
	if (strcmp(argv.v[0], "cargo") == 0) {
		free(argv.v[0]);
		argv.v[0] = hone_xstrdup(s->toolchain->cargo);
	}
	cargo = hone_xasprintf("CARGO=%s", s->toolchain->cargo);
	env[0] = cargo;
	spec.argv = hone_strv_argv(&argv);
	hone_events_live(s->events, "verifying: %s", argv.v[1]);
	error = hone_proc_run(&spec, &r, err);
	hone_events_settled(s->events);
	if (!error && !hone_proc_succeeded(&r)) {
		struct hone_view words = hone_view_trim(hone_buf_view(&r.err));
		hone_auto_free char *how = hone_proc_how_ended(&r);

		error = hone_err_set(err, HONE_E_FAILED, "the command failed, %s: %.*s", how,
			(int)words.n, words.p);
	}
	return error;
}

int hone_apply_verify(struct hone_session *s, const struct hone_plan *plan,
	struct hone_apply_check *ret, struct hone_err *err)
{
	struct hone_artifact *a = NULL;
	struct hone_build_watch watch;
	struct hone_hash theirs, ours;
	int error = s->dir.lock_fd < 0 ? hone_workdir_open(&s->dir, err) : 0;

	watch = hone_events_building(s->events, plan->candidate->name, 1, 1);
	if (!error)
		hone_session_hold_inputs(s);
	if (!error)
		error = hone_build_checked(plan, &s->env, &s->dir, &watch, &a, err);
	hone_events_settled(s->events);
	if (!error)
		error = run_printed(s, plan, err);
	if (!error) {
		hone_auto_free char *below = hone_ahead_below(&s->dir, a->built_at);

		ret->path = hone_path_join(s->project->target_dir, below);
		error = hone_hash_file(ret->path, &theirs, err);
	}
	/* A post step is hone's own: compare what cargo made. llvm-bolt is called by the script. */
	if (!error)
		error = hone_hash_file(plan->bolt.profile ? a->path : a->built_at, &ours, err);
	ret->equal = !error && hone_hash_eq(theirs, ours);
	if (!error && !ret->equal)
		error = hone_inputs_check(s->dir.inputs, err);
	if (!error && !ret->equal && !a->path_dependent)
		error = hone_err_set(err, HONE_E_FAILED, "%s has other bytes than hone's build %s",
			ret->path, a->built_at);
	if (!error)
		error = hone_artifact_finish(a, err);
	hone_artifact_free(a);
	return error;
}

static int undo(const char *root, const char *old_dir, bool dry_run, struct hone_writedown *ret,
	struct hone_err *err)
{
	int error = hone_undo_read(root, old_dir, ret, err);

	if (error == HONE_E_NOT_FOUND && !dry_run)
		hone_undo_tidy(root);
	if (error || dry_run)
		return error;
	return hone_undo_commit(ret, err);
}

int hone_apply_undo(const struct hone_session *s, bool dry_run, struct hone_writedown *ret,
	struct hone_err *err)
{
	hone_auto_free char *old_dir = hone_path_join(s->dir.root, "undo");

	return undo(s->project->workspace_root, old_dir, dry_run, ret, err);
}

int hone_apply_undo_in(
	const char *root, bool dry_run, struct hone_writedown *ret, struct hone_err *err)
{
	hone_auto_free char *old_dir = hone_path_join(root, "target/hone/undo");

	return undo(root, old_dir, dry_run, ret, err);
}
