#include "cli.h"
#include "artifact.h"
#include "diff.h"
#include "fs.h"
#include "labels.h"
#include "num.h"
#include "planned.h"
#include "proc.h"
#include "show.h"
#include "text.h"
#include "training.h"
#include "twin.h"
#include "writedown.h"

#include <string.h>

struct apply_opts {
	struct hone_strv train, allow;
	bool dry_run, force, verify, undo;
};

static const struct hone_opt apply_options[] = {
	{"dry-run", 'n', HONE_OPT_FLAG, NULL, offsetof(struct apply_opts, dry_run),
		"Show the diff, write nothing"},
	{"force", 0, HONE_OPT_FLAG, NULL, offsetof(struct apply_opts, force),
		"Write even where a config file, a variable or rustflags would win over what is "
		"written, or the program would not build"},
	{"verify", 0, HONE_OPT_FLAG, NULL, offsetof(struct apply_opts, verify),
		"Run the printed command afterwards and compare its bytes with hone's own build"},
	HONE_OPT_TRAIN(struct apply_opts),
	HONE_OPT_ALLOW(struct apply_opts),
	{"undo", 0, HONE_OPT_FLAG, NULL, offsetof(struct apply_opts, undo),
		"Take back what the last apply wrote"},
	{0},
};

static void show_diff(
	struct hone_cli *cli, const struct hone_session *s, const struct hone_writedown *w)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;

	for (size_t i = 0; i < w->changes.n; i++) {
		const struct hone_file_change *c = &w->changes.v[i];
		hone_auto_free char *name = hone_path_relative(c->path, s->project->workspace_root);

		hone_diff(name, c->before, c->after ? c->after : "", &cli->out, &text);
	}
	hone_out_result(&cli->out, hone_buf_view(&text));
}

static void show_command(
	struct hone_cli *cli, const struct hone_session *s, const struct hone_plan *plan)
{
	hone_auto_strv struct hone_strv argv = HONE_STRV_INIT;
	hone_auto_free char *command = NULL;

	hone_plan_user_command(plan, &s->env, &argv);
	command = hone_text_command(hone_strv_argv(&argv));
	hone_out_status(&cli->out, "Build", "it with: %s%s",
		s->toolchain->bootstrap &&
				(hone_candidate_labels(plan->candidate) & HONE_LABEL_NIGHTLY)
			? "RUSTC_BOOTSTRAP=1 "
			: "",
		command);
	if (plan->trained && plan->training && !hone_plan_builds_std(plan->candidate)) {
		hone_auto_free char *name = hone_plan_script_name(&s->env);
		hone_auto_free char *path = hone_path_join(s->project->workspace_root, name);
		hone_auto_free char *here = hone_path_absolute(".");
		hone_auto_buf struct hone_buf word = HONE_BUF_INIT;
		hone_auto_free char *script = hone_path_relative(path, here);

		hone_text_shell_word(&word, script);
		hone_out_status(&cli->out, "Pipelines",
			"sh %s, or with --train to make the profile anew", hone_buf_str(&word));
	}
	if (plan->post_strip) {
		const char *const name[] = {plan->candidate->name, NULL};
		hone_auto_free char *both = hone_cli_command(cli, "build", name);

		hone_out_status(&cli->out, "Then",
			"cargo hone strip %s FILE, a step that plain Cargo does not "
			"have; `%s` does both",
			plan->post_strip, both);
	}
}

/* An alias and a script are for every folder of the workspace, and cargo's config is not the same in all of them. */
static void warn_of_folders(
	struct hone_cli *cli, const struct hone_session *s, const struct hone_plan *plan)
{
	hone_auto_strv struct hone_strv here = HONE_STRV_INIT, there = HONE_STRV_INIT;

	if (!hone_profile_set_is_local(s->profiles, &here, &there))
		return;
	for (size_t i = 0; i < here.n; i++)
		hone_out_warn(&cli->out,
			"%s counts only where cargo is started below its folder: %s elsewhere "
			"gives other bytes than were measured",
			here.v[i], plan->needs_alias ? "the alias or script" : "the command");
	for (size_t i = 0; i < there.n; i++)
		hone_out_warn(&cli->out,
			"%s counts in the workspace, but not in this folder, where it was "
			"measured: a build there gives other bytes",
			there.v[i]);
}

/* The command that was printed, run as the user would run it. */
static int run_printed(struct hone_cli *cli, const struct hone_session *s,
	const struct hone_plan *plan, struct hone_err *err)
{
	hone_auto_strv struct hone_strv argv = HONE_STRV_INIT;
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	hone_auto_free char *cargo = NULL;
	const char *env[] = {NULL, NULL};
	struct hone_proc_spec spec = {.env = env, .deadline_ns = 6 * 3600L * HONE_NS_PER_S};
	int error;

	hone_plan_user_command(plan, &s->env, &argv);
	if (strcmp(argv.v[0], "cargo") == 0) {
		free(argv.v[0]);
		argv.v[0] = hone_xstrdup(s->toolchain->cargo);
	}
	cargo = hone_xasprintf("CARGO=%s", s->toolchain->cargo);
	env[0] = cargo;
	spec.argv = hone_strv_argv(&argv);
	hone_out_live(&cli->out, true, "verifying: %s", argv.v[1]);
	error = hone_proc_run(&spec, &r, err);
	hone_out_live_clear(&cli->out);
	if (!error && !hone_proc_succeeded(&r)) {
		struct hone_view words = hone_view_trim(hone_buf_view(&r.err));
		hone_auto_free char *how = hone_proc_how_ended(&r);

		error = hone_err_set(err, HONE_E_FAILED, "the command failed, %s: %.*s", how,
			(int)words.n, words.p);
	}
	return error;
}

/* Builds the candidate by hone's own way, runs the printed command in the user's target dir, and
 * compares the bytes. */
static int verify(struct hone_cli *cli, struct hone_session *s, const struct hone_plan *plan,
	struct hone_err *err)
{
	struct hone_artifact *a = NULL;
	struct hone_build_watch watch;
	hone_auto_free char *path = NULL;
	struct hone_hash theirs, ours;
	int error = s->dir.lock_fd < 0 ? hone_workdir_open(&s->dir, err) : 0;

	watch = hone_events_building(&cli->events, plan->candidate->name, 1, 1);
	if (!error)
		error = hone_build_checked(plan, &s->env, &s->dir, &watch, &a, err);
	hone_out_live_clear(&cli->out);
	if (!error)
		error = run_printed(cli, s, plan, err);
	if (!error) {
		hone_auto_free char *below = hone_path_relative(a->built_at, s->dir.build);

		path = hone_path_join(s->project->target_dir, below);
		error = hone_hash_file(path, &theirs, err);
	}
	/* A post step is hone's own: compare what cargo made. */
	if (!error)
		error = hone_hash_file(a->built_at, &ours, err);
	if (!error && hone_hash_eq(theirs, ours))
		hone_out_status(
			&cli->out, "Verified", "%s has the very bytes that hone built", path);
	else if (!error && a->path_dependent)
		hone_out_warn(&cli->out,
			"%s has other bytes than hone's build: the program embeds the folder it is "
			"built in",
			path);
	else if (!error)
		error = hone_err_set(err, HONE_E_FAILED, "%s has other bytes than hone's build %s",
			path, a->built_at);
	if (!error)
		error = hone_artifact_finish(a, err);
	hone_artifact_free(a);
	return error;
}

static int refuse_overridden(const char *first, size_t found, struct hone_err *err)
{
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

	return hone_show_place(line);
}

/* Runs the lints on the profile as it will be, says what they find, and stops where cargo or rustc would refuse to
 * build. */
static int look_ahead(struct hone_cli *cli, const struct hone_session *s,
	const struct hone_plan *plan, bool force, struct hone_err *err)
{
	struct hone_problems found = {0};
	int error = hone_planned_problems(s, plan, &found, err), refused = 0;

	for (size_t i = 0; !error && i < found.n; i++) {
		const struct hone_problem *p = &found.v[i];
		hone_auto_free char *line = problem_line(p);

		if (p->kind->severity == HONE_SEVERITY_NOTE)
			hone_out_note(&cli->out, "%s", line);
		else if (p->kind->severity == HONE_SEVERITY_WARNING || force || refused)
			hone_out_warn(&cli->out, "%s", line);
		else
			refused = hone_err_set(err, HONE_E_USAGE, "%s would not build: %s",
				plan->candidate->name, line);
	}
	for (size_t i = 0; !error && i < found.limits.n; i++) {
		hone_auto_free char *text = hone_limit_text(&found.limits.v[i]);

		hone_out_note(&cli->out, "not looked at: %s", text);
	}
	hone_problems_release(&found);
	if (refused)
		hone_err_hint(err, "change that, leave it out of the candidate, or write all the "
				   "same with --force");
	return error ? error : refused;
}

static void say_applied(struct hone_cli *cli, const struct hone_candidate *c)
{
	static const char *const back[] = {"--undo", NULL};
	hone_auto_free char *command = hone_cli_command(cli, "apply", back);

	hone_out_status(&cli->out, "Applied", "%s; `%s` takes it back", c->name, command);
}

static int apply(struct hone_cli *cli, struct hone_session *s, const struct hone_candidate *c,
	const struct apply_opts *o, struct hone_err *err)
{
	hone_auto_free char *first = NULL;
	hone_auto_free char *labels = hone_labels_text(hone_labels_of_candidate(s, c, NULL, NULL));
	struct hone_writedown w = {0};
	struct hone_plan *plan = NULL;
	size_t overriders;
	int error = hone_session_plan(s, c, &plan, err);

	if (!error) {
		overriders = hone_session_overriders(s, plan, o->force, &first);
		if (overriders && !o->force)
			error = refuse_overridden(first, overriders, err);
	}
	if (!error)
		error = look_ahead(cli, s, plan, o->force, err);
	if (!error && plan->instrument)
		error = hone_workdir_open(&s->dir, err);
	if (!error)
		error = hone_train_with_options(s, plan, &o->train, err);
	if (error) {
		hone_plan_free(plan);
		return error;
	}
	error = hone_writedown_make(plan, &s->env, &w, err);
	if (!error && w.changes.n) {
		show_diff(cli, s, &w);
		if (!o->dry_run)
			error = hone_writedown_commit(&w, s->project->workspace_root, err);
	}
	if (!error && !w.changes.n)
		hone_out_status(&cli->out, "Unchanged", "%s stands there already", c->name);
	else if (!error && o->dry_run)
		hone_out_status(&cli->out, "Dry run", "nothing was written");
	else if (!error)
		say_applied(cli, c);
	if (!error && *labels)
		hone_out_status(&cli->out, "Labels", "%s", labels);
	if (!error)
		show_command(cli, s, plan);
	if (!error)
		warn_of_folders(cli, s, plan);
	if (!error && o->verify && !o->dry_run)
		error = verify(cli, s, plan, err);
	hone_writedown_release(&w);
	hone_plan_free(plan);
	return error;
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

static int undo(
	struct hone_cli *cli, const struct hone_session *s, bool dry_run, struct hone_err *err)
{
	hone_auto_free char *old_dir = hone_path_join(s->dir.root, "undo");
	struct hone_writedown w = {0};
	int error = hone_undo_read(s->project->workspace_root, old_dir, &w, err);

	if (error)
		return error;
	show_diff(cli, s, &w);
	if (!dry_run)
		error = hone_undo_commit(&w, err);
	if (!error && !w.changes.n)
		hone_out_status(&cli->out, dry_run ? "Dry run" : "Restored",
			"nothing: every file is as it was before");
	else if (!error)
		hone_out_status(&cli->out, dry_run ? "Dry run" : "Restored", "%zu %s", w.changes.n,
			w.changes.n == 1 ? "file" : "files");
	hone_writedown_release(&w);
	return error;
}

static int run(
	struct hone_cli *cli, void *opts, const char *const *args, size_t n, struct hone_err *err)
{
	const struct apply_opts *o = opts;
	struct hone_candidate *c = NULL;
	struct hone_session s;
	int error;

	if (o->undo != (n == 0)) {
		hone_err_set(err, HONE_E_USAGE,
			o->undo ? "--undo takes no candidate" : "no candidate was named");
		return hone_err_hint(
			err, "usage: cargo hone apply CANDIDATE, or cargo hone apply --undo");
	}
	if (n) {
		unsigned allowed = 0;

		error = hone_labels_parse(&o->allow, &allowed, err);
		if (!error)
			error = hone_candidate_parse_allowed(args[0], allowed, &c, err);
		if (error)
			return error;
	}
	error = hone_session_open(&cli->cargo, &cli->events,
		o->undo ? HONE_SESSION_NO_BIN : HONE_SESSION_GRAPH, &s, err);
	if (!error) {
		if (o->undo)
			error = undo(cli, &s, o->dry_run, err);
		else
			error = choose_layers(&s, err);
		if (!error && !o->undo)
			hone_session_fit(&s, &c, 1);
		if (!error && !o->undo)
			error = apply(cli, &s, c, o, err);
		hone_session_close(&s);
	}
	hone_candidate_free(c);
	return error;
}

const struct hone_command hone_cmd_apply = {
	.name = "apply",
	.args = "[CANDIDATE]",
	.summary = "Write a candidate into the project's files",
	.help = "Shows the diff, keeps every comment and space, changes nothing else. Keys go "
		"into\n"
		"[profile.release] of the root Cargo.toml (--profile NAME: another profile, made "
		"if it is\n"
		"missing); linker and compiler flags into an alias in .cargo/config.toml, so that\n"
		"`cargo release-build` is all there is to remember, in every folder of the "
		"workspace. Options\n"
		"of cargo's own stand before it: `cargo -q release-build`. What was trained comes "
		"with a "
		"script for\n"
		"pipelines, .cargo/hone/release-build.sh: it builds with the profile that is kept, "
		"or by --train\n"
		"makes it anew.\n",
	.groups = HONE_GROUP_PROJECT,
	.opts = apply_options,
	.opts_size = sizeof(struct apply_opts),
	.max_args = 1,
	.run = run,
};
