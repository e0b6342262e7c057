/* `cargo hone` alone: where the project stands. */
#include "documents.h"
#include "results.h"
#include "show.h"
#include "which_run.h"

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

/* The last run; false: there is none. */
static bool find_last(
	struct hone_cli *cli, const struct hone_show *s, struct hone_result_run *ret_run)
{
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	int error = hone_results_last(&s->session, HONE_STORE_TRIALS, ret_run, &err);

	if (error && error != HONE_E_NOT_FOUND)
		hone_out_warn(&cli->out, "%s", err.msg);
	return !error;
}

static bool has_errors(const struct hone_problems *p)
{
	return p->n && p->v[0].kind->severity == HONE_SEVERITY_ERROR;
}

/* The candidate worth applying, or HONE_PICK_NONE. */
static size_t best_of(const struct hone_result_run *run)
{
	size_t best = run->best.balanced != HONE_PICK_NONE ? run->best.balanced : run->best.fast;

	/* Who measured speed is not told to give it up for size. */
	if (best == HONE_PICK_NONE && !run->speed_measured)
		best = run->best.small;
	return best == 0 ? HONE_PICK_NONE : best;
}

/* What to type next. What was found out elsewhere is nobody's next step here. */
static char *next_command(const struct hone_cli *cli, const struct hone_show *s,
	const struct hone_result_status *status)
{
	static const char *const a_choice[] = {"--bin", "NAME", NULL};
	const struct hone_result_run *run = status->run;
	const struct hone_result_run *here = run && !run->elsewhere ? run : NULL;
	bool broken = has_errors(&s->settings.problems);
	size_t best = here ? best_of(here) : HONE_PICK_NONE;

	if (best != HONE_PICK_NONE && !broken)
		return hone_cli_apply(cli, &s->session, here, hone_result_name(here, best));
	if (here || broken || !status->has_binary)
		return hone_cli_command(cli, "show", NULL);
	return hone_cli_command(cli, "try", s->session.project->target ? NULL : a_choice);
}

static int show_status(struct hone_cli *cli, struct hone_show *s, struct hone_err *err)
{
	hone_auto_result_run struct hone_result_run run = HONE_RESULT_RUN_INIT;
	struct hone_result_status status = {.settings = &s->settings};
	int error;

	/* Other formats have the settings alone. */
	if (cli->format == &hone_format_text) {
		status.rustc = s->session.toolchain->rustc_version;
		status.triple = hone_session_triple(&s->session);
		status.goal = hone_result_goal(&s->effective);
		status.has_binary = has_binary(s);
		status.run = find_last(cli, s, &run) ? &run : NULL;
		status.closer = hone_cli_command(cli, "show", NULL);
		status.next = next_command(cli, s, &status);
	}
	error = hone_cli_report(cli, HONE_DOC_STATUS, &status, err);
	free(status.goal);
	free(status.closer);
	free(status.next);
	return error;
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
	error = show_status(cli, &s, err);
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
