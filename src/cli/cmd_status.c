/* `cargo hone` alone: one screen about where the project stands. */
#include "candidate.h"
#include "claims.h"
#include "fs.h"
#include "num.h"
#include "results.h"
#include "show.h"
#include "text.h"
#include "which_run.h"

#include <math.h>
#include <string.h>

static char *normal_of(const struct hone_profile *p, enum hone_setting_id id)
{
	const struct hone_profile_value *v = hone_profile_get(p, id);

	return hone_profile_normal(id, v ? v->value : NULL);
}

/* Does the profile have every value of a preset? */
static bool is_preset(const struct hone_profile *p, const char *name)
{
	struct hone_candidate *c = NULL;
	bool all = true;

	if (hone_candidate_parse(name, &c, NULL))
		return false;
	for (size_t i = 0; i < c->n && all; i++) {
		hone_auto_free char *have = normal_of(p, c->assigns[i].setting->id);
		hone_auto_free char *want =
			hone_profile_normal(c->assigns[i].setting->id, c->assigns[i].value);
		bool lto = c->assigns[i].setting->id == HONE_SET_LTO;
		/* lto = true and "fat" mean the same. */
		all = strcmp(have, want) == 0 ||
		      (lto && strcmp(have, "false") != 0 && strcmp(have, "off") != 0 &&
			      strcmp(have, "thin") != 0);
	}
	hone_candidate_free(c);
	return all;
}

/* What the profile seems to be for; the caller frees. */
static char *goal_of(const struct hone_profile *p)
{
	hone_auto_free char *level = normal_of(p, HONE_SET_OPT_LEVEL);
	hone_auto_free char *lto = normal_of(p, HONE_SET_LTO);
	hone_auto_free char *units = normal_of(p, HONE_SET_CODEGEN_UNITS);
	bool whole =
		strcmp(units, "1") == 0 || (strcmp(lto, "false") != 0 && strcmp(lto, "off") != 0);

	for (size_t i = 0; hone_preset_names[i]; i++)
		if (is_preset(p, hone_preset_names[i]))
			return hone_xasprintf("%s (it is the preset)", hone_preset_names[i]);
	if (strcmp(level, "s") == 0 || strcmp(level, "z") == 0)
		return hone_xstrdup("small");
	if (strcmp(level, "0") == 0 || strcmp(level, "1") == 0)
		return hone_xstrdup("quick builds, it is hardly optimized");
	return hone_xstrdup(whole ? "fast" : "none, it is close to Cargo's defaults");
}

/* The five knobs that posts about release builds are about. */
static bool is_knob(const char *key)
{
	static const enum hone_setting_id knobs[] = {HONE_SET_OPT_LEVEL, HONE_SET_LTO,
		HONE_SET_CODEGEN_UNITS, HONE_SET_PANIC, HONE_SET_STRIP};

	for (size_t i = 0; i < HONE_COUNT(knobs); i++)
		if (strcmp(key, hone_setting(knobs[i])->key) == 0)
			return true;
	return false;
}

/* Those, and whatever somebody wrote. */
static bool matters(const struct hone_result_setting *r)
{
	return !r->unit && (is_knob(r->key) || r->origin != HONE_ORIGIN_DEFAULT);
}

/* What each of the published recipes sets a key to. */
static void add_recipes(struct hone_table *t, const char *key)
{
	for (size_t i = 0; hone_preset_names[i]; i++) {
		const struct hone_setting *s = key ? hone_setting_find(hone_view_of(key)) : NULL;
		struct hone_candidate *c = NULL;
		const struct hone_assign *a = NULL;

		if (s && !hone_candidate_parse(hone_preset_names[i], &c, NULL))
			a = hone_candidate_get(c, s->id, NULL);
		hone_table_cell(t, a ? a->value : "");
		hone_table_style(t, HONE_DIM);
		hone_candidate_free(c);
	}
}

static void add_settings(struct hone_cli *cli, const struct hone_show *s, struct hone_buf *to)
{
	struct hone_table *t = hone_table_new(NULL);
	hone_auto_free char *flags = hone_text_command(hone_strv_argv(&s->settings.flags.flags));

	hone_table_column(t, "setting", HONE_LEFT);
	hone_table_column(t, "here", HONE_LEFT);
	for (size_t i = 0; hone_preset_names[i]; i++)
		hone_table_column(t, hone_preset_names[i], HONE_LEFT);
	hone_table_column(t, "yours comes from", HONE_LEFT);
	for (size_t i = 0; i < s->settings.rows.n; i++) {
		const struct hone_result_setting *r = &s->settings.rows.v[i];
		hone_auto_free char *where = hone_path_hide_here(r->where);
		if (!matters(r))
			continue;
		hone_table_cell(t, r->key);
		if (r->value)
			hone_table_cell(t, r->value);
		else
			hone_table_cellf(t, "unset (%s)", r->meaning ? r->meaning : "-");
		add_recipes(t, r->key);
		hone_table_cell(t, *where ? where : hone_origin_name(r->origin));
		if (r->origin == HONE_ORIGIN_DEFAULT)
			hone_table_style(t, HONE_DIM);
	}
	if (s->settings.flags.flags.n) {
		hone_auto_free char *where = hone_path_hide_here(s->settings.flags.where);
		hone_table_cell(t, "RUSTFLAGS");
		hone_table_cell(t, flags);
		add_recipes(t, NULL);
		hone_table_cell(t, where);
	}
	hone_report_add_table(
		&(struct hone_report){.format = &hone_format_text, .out = &cli->out, .to = to}, t);
}

/* What was read in a post, and what is true of it here. */
static void add_claims(const struct hone_result_run *run, struct hone_buf *to)
{
	struct hone_claim claims[HONE_CLAIMS];
	size_t width = 0;

	hone_claims_judge(run, claims);
	hone_buf_adds(to, run ? "\nwhat posts say of these recipes:\n"
			      : "\nsmall, fast and balanced are the recipes of posts about release "
				"builds. What these say is a\n"
				"claim until it is tried here:\n");
	for (size_t i = 0; i < HONE_CLAIMS; i++)
		if (strlen(claims[i].says) > width)
			width = strlen(claims[i].says);
	for (size_t i = 0; i < HONE_CLAIMS; i++) {
		hone_buf_addf(to, "  %s", claims[i].says);
		hone_buf_pad(to, ' ', width + 2 - strlen(claims[i].says));
		hone_buf_adds(to, hone_claim_state_text(claims[i].state));
		hone_buf_addc(to, '\n');
		if (claims[i].why)
			hone_buf_addf(to, "    %s\n", claims[i].why);
	}
	hone_claims_release(claims);
}

/* "small: z 812 kB (-41 %)" for a winner. */
static void add_winner(
	const struct hone_result_run *run, const char *goal, size_t i, struct hone_buf *to)
{
	const struct hone_result_trial *base = &run->trials[0];
	const struct hone_result_trial *t = i < run->n_trials ? &run->trials[i] : NULL;
	char size[HONE_NUM_TEXT];

	if (!t || !t->size)
		return;
	hone_buf_addf(to, "  %-9s ", goal);
	hone_text_safe(to, hone_view_of(t->name), false);
	hone_buf_addf(to, ", %s bytes", hone_text_count(size, t->size));
	if (i && base->size)
		hone_buf_addf(
			to, " (%+.1f %%)", 100.0 * ((double)t->size / (double)base->size - 1.0));
	if (i && run->speed_measured && !isnan(t->cost.ratio))
		hone_buf_addf(to, ", %.3f x the baseline's cost", t->cost.ratio);
	hone_buf_addc(to, '\n');
}

/* A library alone cannot be tried. */
static bool has_binary(const struct hone_show *s)
{
	const struct hone_project *p = s->session.project;

	for (size_t i = 0; i < p->n_packages; i++)
		for (size_t k = 0; p->packages[i].member && k < p->packages[i].n_targets; k++)
			if (p->packages[i].targets[k].kind == HONE_KIND_BIN)
				return true;
	return false;
}

/* *ret_apply: the command for a candidate worth applying, or NULL; the caller frees. */
static void add_results(struct hone_cli *cli, const struct hone_show *s, struct hone_buf *to,
	bool *ret_any, char **ret_apply)
{
	hone_auto_result_run struct hone_result_run run = HONE_RESULT_RUN_INIT;
	struct hone_err err = HONE_ERR_INIT;
	int error = hone_results_last(&s->session, HONE_STORE_TRIALS, &run, &err);

	*ret_any = !error;
	if (error) {
		if (error != HONE_E_NOT_FOUND)
			hone_out_warn(&cli->out, "%s", err.msg);
		hone_err_release(&err);
		hone_buf_adds(to, "nothing was measured yet\n");
		if (has_binary(s))
			add_claims(NULL, to);
		return;
	}
	hone_auto_free char *when = hone_result_when(run.when);
	const char *elsewhere = run.elsewhere;
	hone_buf_addf(to, "measured %s%s%s, %zu candidates:\n", when, elsewhere ? " " : "",
		elsewhere ? elsewhere : "", run.n_trials);
	add_winner(&run, "smallest", run.best.small, to);
	add_winner(&run, "fastest", run.best.fast, to);
	add_winner(&run, "balanced", run.best.balanced, to);
	add_claims(elsewhere ? NULL : &run, to);
	/* What was found out elsewhere is nobody's next step here. */
	*ret_any = !elsewhere;
	if (elsewhere)
		return;
	size_t best = run.best.balanced != HONE_PICK_NONE ? run.best.balanced : run.best.fast;
	/* Who measured speed is not told to give it up for size. */
	if (best == HONE_PICK_NONE && !run.speed_measured)
		best = run.best.small;
	if (best != HONE_PICK_NONE && best != 0)
		*ret_apply = hone_cli_apply(cli, &s->session, &run, hone_result_name(&run, best));
}

static bool has_errors(const struct hone_problems *p)
{
	return p->n && p->v[0].kind->severity == HONE_SEVERITY_ERROR;
}

static void add_next(const struct hone_cli *cli, const struct hone_show *s, bool any,
	const char *apply, struct hone_buf *to)
{
	static const char *const a_choice[] = {"--bin", "NAME", NULL};
	const char *bold = hone_out_style(&cli->out, HONE_BOLD);
	const char *plain = hone_out_style(&cli->out, HONE_PLAIN);
	hone_auto_free char *command = NULL;
	hone_auto_buf struct hone_buf safe = HONE_BUF_INIT;

	if (apply && !has_errors(&s->settings.problems))
		command = hone_xstrdup(apply);
	else if (any || has_errors(&s->settings.problems) || !has_binary(s))
		command = hone_cli_command(cli, "show", NULL);
	else
		command =
			hone_cli_command(cli, "try", s->session.project->target ? NULL : a_choice);
	hone_text_safe(&safe, hone_view_of(command), true);
	hone_buf_addf(to, "\nnext: %s%s%s\n", bold, hone_buf_str(&safe), plain);
}

static void print_screen(struct hone_cli *cli, const struct hone_show *s)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	hone_auto_free char *count = hone_result_count(&s->settings.problems);
	hone_auto_free char *goal = goal_of(&s->effective);
	hone_auto_free char *apply = NULL;
	hone_auto_free char *closer = hone_cli_command(cli, "show", NULL);
	const struct hone_target *target = s->session.project->target;
	const char *bold = hone_out_style(&cli->out, HONE_BOLD);
	const char *plain = hone_out_style(&cli->out, HONE_PLAIN);
	bool any;

	if (s->settings.package)
		hone_buf_addf(&text, "%s%s %s%s", bold, s->settings.package->name,
			s->settings.package->version, plain);
	else
		hone_buf_addf(&text, "%sworkspace%s of several packages", bold, plain);
	if (target)
		hone_buf_addf(&text, " (%s %s)", hone_target_kind_name(target->kind), target->name);
	hone_buf_addf(&text, ", rustc %s, ", s->session.toolchain->rustc_version);
	hone_text_safe(&text, hone_view_of(hone_session_triple(&s->session)), false);
	hone_buf_addc(&text, '\n');
	hone_buf_addf(&text, "goal of profile %s: %s\n\n", s->settings.profile, goal);
	add_settings(cli, s, &text);
	/* What takes cargo tree, sources or Git to find is not among them. */
	hone_buf_addf(&text, "\n%s at first sight; ", count);
	hone_text_safe(&text, hone_view_of(closer), true);
	hone_buf_adds(&text, " looks closer\n");
	add_results(cli, s, &text, &any, &apply);
	add_next(cli, s, any, apply, &text);
	hone_out_result(&cli->out, hone_buf_view(&text));
}

static int run_status(
	struct hone_cli *cli, void *opts, const char *const *args, size_t n, struct hone_err *err)
{
	struct hone_show s;
	int error = hone_show_load(cli, false, 0, &s, err);

	(void)opts;
	(void)args;
	(void)n;
	if (error == HONE_E_NOT_FOUND && !err->hint)
		hone_err_hint(err, "`cargo hone --help` lists the commands");
	if (error)
		return error;
	if (cli->format == &hone_format_text)
		print_screen(cli, &s);
	else
		error = hone_cli_report(cli, HONE_DOC_STATUS, &s.settings, err);
	hone_show_release(&s);
	return error;
}

const struct hone_command hone_cmd_status = {
	.name = "",
	.args = "",
	.summary = "Where the project stands: profile, problems, last results, what to type next",
	.groups = HONE_GROUP_PROJECT | HONE_GROUP_FORMAT,
	.document = HONE_DOC_STATUS,
	.max_args = 0,
	.run = run_status,
};
