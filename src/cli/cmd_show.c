#include "diff.h"
#include "fs.h"
#include "show.h"
#include "toml_doc.h"
#include "turn.h"
#include "writedown.h"

#include <string.h>
#include <unistd.h>

struct show_opts {
	struct hone_strv deny, allow;
	bool check, fix, dry_run, no_wait;
};

static const struct hone_opt show_options[] = {
	{"deny", 0, HONE_OPT_LIST, "ID", offsetof(struct show_opts, deny),
		"Exit with 4 when this problem is found; also warnings or all; repeatable"},
	{"allow", 0, HONE_OPT_LIST, "ID", offsetof(struct show_opts, allow),
		"Do not show this problem; repeatable"},
	{"check", 0, HONE_OPT_FLAG, NULL, offsetof(struct show_opts, check),
		"Exit with 4 when there is an error"},
	{"fix", 0, HONE_OPT_FLAG, NULL, offsetof(struct show_opts, fix),
		"Repair what has a safe edit, and show the diff"},
	{"dry-run", 'n', HONE_OPT_FLAG, NULL, offsetof(struct show_opts, dry_run),
		"With --fix: show the diff, write nothing"},
	HONE_OPT_NO_WAIT(struct show_opts),
	{0},
};

static int check_ids(const struct hone_strv *ids, bool groups, struct hone_err *err)
{
	HONE_VEC(const char *) known = {0};
	hone_auto_buf struct hone_buf list = HONE_BUF_INIT;
	int error = 0;

	for (const struct hone_problem_kind *k = hone_problem_kinds; k->id; k++) {
		hone_buf_addf(&list, "%s%s", known.n ? ", " : "", k->id);
		hone_vec_push(&known, k->id);
	}
	hone_vec_push(&known, NULL);
	for (size_t i = 0; i < ids->n && !error; i++) {
		const char *id = ids->v[i], *near;
		if (hone_problem_kind_find(id) ||
			(groups && (!strcmp(id, "warnings") || !strcmp(id, "all"))))
			continue;
		error = hone_err_set(err, HONE_E_USAGE, "no problem is called `%s`", id);
		near = hone_did_you_mean(id, known.v);
		if (near)
			hone_err_hint(err, "did you mean `%s`?", near);
		else
			hone_err_hint(err, "one of: %s", hone_buf_str(&list));
	}
	hone_vec_release(&known);
	return error;
}

static void drop_allowed(struct hone_problems *p, const struct hone_strv *allow)
{
	struct hone_problems kept = {0}, dropped = {0};

	for (size_t i = 0; i < p->n; i++) {
		if (hone_strv_has(allow, p->v[i].kind->id))
			hone_vec_push(&dropped, p->v[i]);
		else
			hone_vec_push(&kept, p->v[i]);
	}
	for (size_t i = 0; i < p->limits.n; i++) {
		struct hone_limit *l = &p->limits.v[i];
		hone_auto_strv struct hone_strv ids = l->ids;

		l->ids = (struct hone_strv)HONE_STRV_INIT;
		for (size_t k = 0; k < ids.n; k++)
			if (!hone_strv_has(allow, ids.v[k]))
				hone_strv_push(&l->ids, ids.v[k]);
		if (l->ids.n)
			hone_vec_push(&kept.limits, *l);
		else
			hone_limit_release(l);
	}
	hone_vec_release(&p->limits);
	free(p->v);
	*p = kept;
	hone_problems_release(&dropped);
}

static bool is_denied(const struct show_opts *o, const struct hone_problem_kind *k)
{
	return hone_strv_has(&o->deny, k->id) || hone_strv_has(&o->deny, "all") ||
	       (k->severity >= HONE_SEVERITY_WARNING && hone_strv_has(&o->deny, "warnings")) ||
	       (k->severity == HONE_SEVERITY_ERROR && o->check);
}

/* What is denied may be there unseen. */
static int judge_limits(
	const struct show_opts *o, const struct hone_problems *p, struct hone_err *err)
{
	for (size_t i = 0; i < p->limits.n; i++) {
		const struct hone_limit *l = &p->limits.v[i];
		hone_auto_free char *text = hone_limit_text(l);
		hone_auto_buf struct hone_buf ids = HONE_BUF_INIT;

		for (size_t k = 0; k < l->ids.n; k++)
			if (is_denied(o, hone_problem_kind_find(l->ids.v[k])))
				hone_buf_addf(&ids, "%s%s", ids.n ? ", " : "", l->ids.v[k]);
		if (!ids.n)
			continue;
		hone_err_set(err, HONE_E_DENIED,
			"denied problems may be there unseen, as this was not looked at: %s", text);
		return l->remedy ? hone_err_hint(err, "run `%s` before, or --allow: %s", l->remedy,
					   hone_buf_str(&ids))
				 : hone_err_hint(err, "--allow: %s", hone_buf_str(&ids));
	}
	return 0;
}

static int judge(const struct show_opts *o, const struct hone_problems *p, struct hone_err *err)
{
	hone_auto_strv struct hone_strv ids = HONE_STRV_INIT;
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++) {
		const char *id = p->v[i].kind->id;
		if (!is_denied(o, p->v[i].kind))
			continue;
		n++;
		if (hone_strv_has(&ids, id))
			continue;
		hone_buf_addf(&text, "%s%s", ids.n ? ", " : "", id);
		hone_strv_push(&ids, id);
	}
	return n ? hone_err_set(err, HONE_E_DENIED, "%zu denied %s: %s", n,
			   n == 1 ? "problem" : "problems", hone_buf_str(&text))
		 : judge_limits(o, p, err);
}

static bool is_in(const char *file, const char *root)
{
	size_t n = strlen(root);

	return hone_starts(file, root) && (file[n] == '/' || (n && root[n - 1] == '/'));
}

static int edit(struct hone_toml *doc, const struct hone_problem_fix *fix, struct hone_err *err)
{
	const char *const *path = hone_strv_argv(&fix->path);

	return fix->value ? hone_toml_set(doc, path, fix->path.n, fix->value, err)
			  : hone_toml_remove(doc, path, fix->path.n, err);
}

/* All edits of one file, as a change of the whole. */
static int fix_file(struct hone_cli *cli, const struct hone_problems *p, const char *file,
	const char *root, struct hone_writedown *w, size_t *done, struct hone_err *err)
{
	hone_auto_buf struct hone_buf before = HONE_BUF_INIT, after = HONE_BUF_INIT;
	hone_auto_buf struct hone_buf diff = HONE_BUF_INIT;
	hone_auto_free char *name = hone_path_relative(file, root);
	struct hone_toml *doc = NULL;
	struct hone_file_id id;
	int error = hone_toml_read(file, HONE_TOML_1_1, &doc, &id, err);

	if (error)
		return error;
	hone_toml_print(doc, &before);
	for (size_t i = 0; i < p->n && !error; i++)
		if (p->v[i].fix.file && !strcmp(p->v[i].fix.file, file)) {
			error = edit(doc, &p->v[i].fix, err);
			*done += !error;
		}
	hone_toml_print(doc, &after);
	hone_toml_free(doc);
	if (error)
		return error;
	hone_diff(name, hone_buf_str(&before), hone_buf_str(&after), &cli->out, &diff);
	hone_out_result(&cli->out, hone_buf_view(&diff));
	hone_vec_push(&w->changes, (struct hone_file_change){.path = hone_xstrdup(file),
					   .id = id,
					   .before = hone_buf_detach(&before),
					   .after = hone_buf_detach(&after)});
	return 0;
}

/* Makes the edits of all problems that have a safe one, in files inside root; shows the diff. *ret_done: how many that
 * were. */
static int fix_all(struct hone_cli *cli, const struct hone_problems *p, const char *root,
	bool dry_run, size_t *ret_done, struct hone_err *err)
{
	static const char *const undo[] = {"--undo", NULL};
	hone_auto_strv struct hone_strv files = HONE_STRV_INIT;
	hone_auto_free char *back = hone_cli_command(cli, "apply", undo);
	struct hone_writedown w = {0};
	size_t done = 0;
	int error = 0;

	for (size_t i = 0; i < p->n; i++) {
		const char *file = p->v[i].fix.file;
		if (!file || hone_strv_has(&files, file))
			continue;
		if (!is_in(file, root)) {
			hone_out_note(&cli->out,
				"%s is left as it is: it lies outside of the workspace", file);
			continue;
		}
		hone_strv_push(&files, file);
	}
	for (size_t i = 0; i < files.n && !error; i++)
		error = fix_file(cli, p, files.v[i], root, &w, &done, err);
	if (!error && w.changes.n && !dry_run)
		error = hone_writedown_commit(&w, root, err);
	if (!error && w.changes.n && !dry_run)
		hone_out_status(&cli->out, "Repaired", "%zu %s; `%s` takes it back", done,
			done == 1 ? "problem" : "problems", back);
	else if (!error)
		hone_out_status(&cli->out, dry_run ? "Dry run" : "Repaired", "%zu %s", done,
			done == 1 ? "problem" : "problems");
	hone_writedown_release(&w);
	*ret_done = error ? 0 : done;
	return error;
}

/* cargo refuses the manifest: says what hone can say about it anyway. The error stays. */
static int explain_refusal(struct hone_cli *cli, const struct show_opts *o, struct hone_err *err)
{
	struct hone_show s = {.session = HONE_SESSION_INIT, .settings = {.profile = "release"}};
	hone_auto_close int turn = -1;
	hone_auto_free char *at = cli->cargo.manifest_path
					  ? hone_path_absolute(cli->cargo.manifest_path)
					  : getcwd(NULL, 0);
	static const char *const words[] = {"--fix", NULL};
	hone_auto_free char *root = NULL;
	hone_auto_free char *fix = NULL;
	size_t done = 0;
	int code = (int)err->code, error = 0;

	if (cli->cargo.profile)
		s.settings.profile = cli->cargo.profile;
	for (bool more = at != NULL; more && !s.settings.problems.n;) {
		hone_auto_free char *manifest = hone_ends(at, ".toml")
							? hone_xstrdup(at)
							: hone_path_join(at, "Cargo.toml");
		char *up = hone_path_dir(at);

		if (hone_fs_exists(manifest))
			(void)hone_problems_of_manifest(manifest, &s.settings.problems, NULL);
		free(root);
		root = hone_path_dir(manifest);
		more = strcmp(up, at) != 0;
		free(at);
		at = up;
	}
	drop_allowed(&s.settings.problems, &o->allow);
	if (s.settings.problems.n && o->fix) {
		char *whole = hone_project_guess_root(&cli->cargo);

		/* Where apply --undo will look for its record. */
		if (whole) {
			free(root);
			root = whole;
		}
		if (!o->dry_run)
			error = hone_turn_take(&cli->events, root, root,
				o->no_wait ? HONE_TURN_NO_WAIT : 0, &turn, err);
		if (!error)
			error = fix_all(cli, &s.settings.problems, root, o->dry_run, &done, err);
		if (!error && done && !o->dry_run) {
			/* What cargo refused is repaired. */
			hone_err_release(err);
			code = 0;
		}
	} else if (s.settings.problems.n) {
		s.settings.root = root;
		s.settings.all = cli->verbose > 0;
		s.settings.fix = fix = hone_cli_command(cli, "show", words);
		error = hone_cli_report(cli, HONE_DOC_SETTINGS, &s.settings, err);
	}
	hone_problems_release(&s.settings.problems);
	return error ? error : code;
}

static int run_show(
	struct hone_cli *cli, void *opts, const char *const *args, size_t n, struct hone_err *err)
{
	struct show_opts *o = opts;
	struct hone_show s;
	size_t done;
	unsigned want = 0;
	int error = check_ids(&o->deny, true, err);

	(void)args;
	(void)n;
	if (!error)
		error = check_ids(&o->allow, false, err);
	if (!error && o->dry_run && !o->fix)
		error = hone_err_set(err, HONE_E_USAGE, "--dry-run goes with --fix");
	if (error)
		return error;
	if (o->fix && !o->dry_run)
		want |= HONE_SESSION_WRITE;
	if (o->no_wait)
		want |= HONE_SESSION_NO_WAIT;
	error = hone_show_load(cli, true, want, &s, err);
	if (error == HONE_E_FAILED)
		return explain_refusal(cli, o, err);
	if (error)
		return error;
	drop_allowed(&s.settings.problems, &o->allow);
	if (o->fix)
		error = fix_all(cli, &s.settings.problems, s.session.project->workspace_root,
			o->dry_run, &done, err);
	else
		error = hone_cli_report(cli, HONE_DOC_SETTINGS, &s.settings, err);
	if (!error && !o->fix)
		error = judge(o, &s.settings.problems, err);
	hone_show_release(&s);
	return error;
}

const struct hone_command hone_cmd_show = {
	.name = "show",
	.args = "",
	.summary = "Every setting of the profile, where it comes from, and what is wrong with it",
	.help = "Shows the effective profile of the selected package, and of dependencies and "
		"build scripts\n"
		"where it differs. Every value has the file (path:line:column), variable, option "
		"or default\n"
		"that it comes from. Then the problems: what does nothing, what costs more than it "
		"seems to,\n"
		"what will not build. Nothing is built. --format sarif prints the problems alone, "
		"as SARIF\n"
		"2.1.0 for code scanning pages.\n",
	.groups = HONE_GROUP_PROJECT | HONE_GROUP_FORMAT,
	.document = HONE_DOC_SETTINGS,
	.opts = show_options,
	.opts_size = sizeof(struct show_opts),
	.max_args = 0,
	.run = run_show,
};
