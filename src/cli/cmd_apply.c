#include "apply.h"
#include "cli.h"
#include "diff.h"
#include "fs.h"
#include "recipes.h"
#include "text.h"
#include "turn.h"
#include "wasm_pack.h"

#include <string.h>

struct apply_opts {
	struct hone_strv train, allow;
	bool dry_run, force, verify, undo, no_wait;
};

static const struct hone_opt apply_options[] = {
	{"dry-run", 'n', HONE_OPT_FLAG, NULL, offsetof(struct apply_opts, dry_run),
		"Show the diff; write, build and run nothing"},
	{"force", 0, HONE_OPT_FLAG, NULL, offsetof(struct apply_opts, force),
		"Write even where a config file, a variable or rustflags would win over what is "
		"written, or the program would not build"},
	{"verify", 0, HONE_OPT_FLAG, NULL, offsetof(struct apply_opts, verify),
		"Run the printed command afterwards and compare its bytes with hone's own build"},
	HONE_OPT_TRAIN(struct apply_opts),
	HONE_OPT_ALLOW(struct apply_opts),
	{"undo", 0, HONE_OPT_FLAG, NULL, offsetof(struct apply_opts, undo),
		"Take back what the last apply, or show --fix, wrote"},
	HONE_OPT_NO_WAIT(struct apply_opts),
	{0},
};

static void show_diff(struct hone_cli *cli, const char *root, const struct hone_writedown *w)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;

	for (size_t i = 0; i < w->changes.n; i++) {
		const struct hone_file_change *c = &w->changes.v[i];
		hone_auto_free char *name = hone_path_relative(c->path, root);

		hone_diff(name, c->before, c->after ? c->after : "", &cli->out, &text);
	}
	hone_out_result(&cli->out, hone_buf_view(&text));
}

/* The step that plain cargo does not have, with what the module does not tell itself once it is stripped. */
static void say_wasm_opt(
	struct hone_cli *cli, const struct hone_session *s, const struct hone_plan *plan)
{
	hone_auto_strv struct hone_strv args = HONE_STRV_INIT;
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	struct hone_wasm_opt_call call = hone_plan_wasm_opt_call(plan, &s->env);
	bool strips = hone_plan_strips_symbols(plan, &s->env);
	const char *bindgen = hone_plan_bindgen(&s->env);

	if (hone_wasm_opt_args(&call, !strips, &args, NULL))
		hone_strv_push(&args, plan->wasm_opt);
	if (hone_plan_strips_nothing(plan, &s->env))
		hone_strv_push(&args, "--strip-dwarf");
	if (!strips)
		hone_strv_push(&args, "-g");
	for (size_t i = 0; i < args.n; i++)
		hone_buf_addf(&text, " %s", args.v[i]);
	hone_out_status(&cli->out, "Then",
		"%swasm-opt%s FILE -o FILE, a step that plain Cargo does not have",
		bindgen ? "wasm-bindgen, and on what it writes " : "", hone_buf_str(&text));
	if (bindgen)
		hone_out_status(&cli->out, "wasm-pack",
			"does both: it reads [profile.release] and "
			"[package.metadata.wasm-pack.profile.release], but no alias");
}

static void show_command(
	struct hone_cli *cli, const struct hone_session *s, const struct hone_plan *plan)
{
	hone_auto_strv struct hone_strv argv = HONE_STRV_INIT;
	hone_auto_free char *command = NULL;

	hone_plan_user_command(plan, &s->env, &argv);
	command = hone_text_command(hone_strv_argv(&argv));
	hone_out_status(&cli->out, "Build", "it with: %s%s",
		s->toolchain->bootstrap && (hone_plan_labels(plan) & HONE_LABEL_NIGHTLY)
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
	if (plan->wasm_opt)
		say_wasm_opt(cli, s, plan);
	if (plan->post_strip) {
		const char *const name[] = {plan->candidate->name, NULL};
		hone_auto_free char *both = hone_cli_command(cli, "build", name);

		hone_out_status(&cli->out, "Then",
			"cargo hone strip %s FILE, a step that plain Cargo does not "
			"have; `%s` does both",
			plan->post_strip, both);
	}
}

static int verify(struct hone_cli *cli, struct hone_session *s, const struct hone_plan *plan,
	struct hone_err *err)
{
	struct hone_apply_check check = {0};
	int error = hone_apply_verify(s, plan, &check, err);

	if (!error && check.equal)
		hone_out_status(
			&cli->out, "Verified", "%s has the very bytes that hone built", check.path);
	else if (!error)
		hone_out_warn(&cli->out,
			"%s has other bytes than hone's build: the program embeds the folder it is "
			"built in",
			check.path);
	free(check.path);
	return error;
}

static void show_others(
	struct hone_cli *cli, const struct hone_session *s, const struct hone_apply_result *r)
{
	for (size_t i = 0; i < r->n_others; i++) {
		struct hone_project project;
		struct hone_session other;

		hone_session_for_other(s, &s->project->others[i], &project, &other);
		show_command(cli, &other, r->others[i]);
	}
}

static int verify_others(struct hone_cli *cli, struct hone_session *s,
	const struct hone_apply_result *r, struct hone_err *err)
{
	int error = 0;

	for (size_t i = 0; !error && i < r->n_others; i++) {
		struct hone_project project;
		struct hone_session other;

		hone_session_for_other(s, &s->project->others[i], &project, &other);
		error = verify(cli, &other, r->others[i], err);
		/* Its inputs are held anew for each. */
		s->dir.inputs = other.dir.inputs;
	}
	return error;
}

static void say_applied(struct hone_cli *cli, const struct hone_candidate *c)
{
	static const char *const back[] = {"--undo", NULL};
	hone_auto_free char *command = hone_cli_command(cli, "apply", back);

	hone_out_status(&cli->out, "Applied", "%s; `%s` takes it back", c->name, command);
}

static void say_untrained(struct hone_cli *cli, const char *name)
{
	hone_out_note(&cli->out,
		"%s is trained: its profile, and what follows from it, is missing in this diff, as "
		"a "
		"dry run builds and runs nothing of the project's; apply without it writes that, "
		"too, "
		"and apply --undo takes it back",
		name);
}

static int apply(struct hone_cli *cli, struct hone_session *s, struct hone_candidate *c,
	const struct apply_opts *o, struct hone_err *err)
{
	const struct hone_apply_request request = {
		.candidate = c, .train = &o->train, .force = o->force, .dry_run = o->dry_run};
	struct hone_apply_result r = {0};
	int error = hone_apply(s, &request, &r, err);

	if (r.changes.changes.n)
		show_diff(cli, s->project->workspace_root, &r.changes);
	if (!error) {
		hone_auto_free char *labels = hone_labels_text(r.labels);

		if (!r.changes.changes.n)
			hone_out_status(&cli->out, "Unchanged", "%s stands there already", c->name);
		else if (o->dry_run)
			hone_out_status(&cli->out, "Dry run", "nothing was written");
		else
			say_applied(cli, c);
		if (r.untrained)
			say_untrained(cli, c->name);
		if (r.changes.displaced)
			hone_out_warn(&cli->out,
				"the alias %s was for another program, and apply writes those of a "
				"profile anew: the flags for that program are no longer written "
				"down; choose both targets, or --profile NAME keeps the two apart",
				r.changes.displaced);
		if (*labels)
			hone_out_status(&cli->out, "Labels", "%s", labels);
		show_command(cli, s, r.plan);
		show_others(cli, s, &r);
		for (size_t i = 0; i < r.doubts.n; i++)
			hone_out_warn(&cli->out, "%s", r.doubts.v[i]);
	}
	if (!error && o->verify && !o->dry_run)
		error = verify(cli, s, r.plan, err);
	if (!error && o->verify && !o->dry_run)
		error = verify_others(cli, s, &r, err);
	hone_apply_result_release(&r);
	return error;
}

static void say_undone(struct hone_cli *cli, const struct hone_writedown *w, const char *root,
	bool dry_run, int error)
{
	if (!error || w->changes.n)
		show_diff(cli, root, w);
	if (!error && !w->changes.n)
		hone_out_status(&cli->out, dry_run ? "Dry run" : "Restored",
			"nothing: every file is as it was before");
	else if (!error)
		hone_out_status(&cli->out, dry_run ? "Dry run" : "Restored", "%zu %s", w->changes.n,
			w->changes.n == 1 ? "file" : "files");
}

static int undo(
	struct hone_cli *cli, const struct hone_session *s, bool dry_run, struct hone_err *err)
{
	struct hone_writedown w = {0};
	int error = hone_apply_undo(s, dry_run, &w, err);

	say_undone(cli, &w, s->project->workspace_root, dry_run, error);
	hone_writedown_release(&w);
	return error;
}

/* cargo refuses the project as it is, in words that are in err: what was written can be taken back all the same. They
 * stay where no record is. */
static int undo_refused(struct hone_cli *cli, const struct apply_opts *o, struct hone_err *err)
{
	hone_auto_free char *root = hone_project_guess_root(&cli->cargo);
	hone_auto_err struct hone_err why = HONE_ERR_INIT;
	hone_auto_close int turn = -1;
	struct hone_writedown w = {0};
	int code = (int)err->code, error;

	if (!root)
		return code;
	error = o->dry_run ? 0
			   : hone_turn_take(&cli->events, root, root,
				     o->no_wait ? HONE_TURN_NO_WAIT : 0, &turn, &why);
	if (!error)
		error = hone_apply_undo_in(root, o->dry_run, &w, &why);
	if (error == HONE_E_NOT_FOUND)
		return code;
	hone_err_release(err);
	say_undone(cli, &w, root, o->dry_run, error);
	hone_writedown_release(&w);
	return error ? hone_err_move(err, &why) : 0;
}

/* A candidate with a name of the project's own, which is open now. */
static int named_here(const struct hone_session *s, const char *name, unsigned allowed,
	struct hone_candidate **ret, struct hone_err *err)
{
	struct hone_recipes recipes = {0};
	int error = hone_recipes_load(s, &recipes, err);

	if (!error)
		error = hone_candidate_parse_named(name, allowed, &recipes, ret, err);
	hone_recipes_release(&recipes);
	return error;
}

static int run(
	struct hone_cli *cli, void *opts, const char *const *args, size_t n, struct hone_err *err)
{
	const struct apply_opts *o = opts;
	unsigned want = o->undo ? HONE_SESSION_NO_BIN : HONE_SESSION_GRAPH | HONE_SESSION_SEVERAL;
	struct hone_candidate *c = NULL;
	struct hone_session s;
	unsigned allowed = 0;
	bool later = false;
	int error;

	if (o->undo != (n == 0)) {
		hone_err_set(err, HONE_E_USAGE,
			o->undo ? "--undo takes no candidate" : "no candidate was named");
		return hone_err_hint(
			err, "usage: cargo hone apply CANDIDATE, or cargo hone apply --undo");
	}
	if (n) {
		error = hone_labels_parse(&o->allow, &allowed, err);
		later = hone_candidate_wants_recipe(args[0]);
		if (!error && !later)
			error = hone_candidate_parse_allowed(args[0], allowed, &c, err);
		if (error)
			return error;
	}
	want |= o->dry_run ? 0 : HONE_SESSION_WRITE;
	want |= o->no_wait ? HONE_SESSION_NO_WAIT : 0;
	error = hone_session_open(&cli->cargo, &cli->events, want, &s, err);
	if (!error) {
		if (later)
			error = named_here(&s, args[0], allowed, &c, err);
		if (!error && o->undo)
			error = undo(cli, &s, o->dry_run, err);
		else if (!error)
			error = apply(cli, &s, c, o, err);
		hone_session_close(&s);
	} else if (o->undo && (error == HONE_E_FAILED || error == HONE_E_SYNTAX)) {
		error = undo_refused(cli, o, err);
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
		"workspace; where\n"
		"several targets are chosen, `cargo release-build-NAME` for each. Options\n"
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
