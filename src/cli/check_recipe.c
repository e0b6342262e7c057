#include "check_recipe.h"

#include "documents.h"
#include "recipe.h"
#include "results.h"

static int take_workloads(
	const struct hone_check_recipes *r, struct hone_try *t, struct hone_err *err)
{
	if (r->no_run)
		return 0;
	if (!r->run->n)
		return hone_session_workloads(t->session, &t->workloads.v, &t->workloads.n, err);
	t->workloads.v = hone_xcalloc(r->run->n, sizeof(*t->workloads.v));
	for (size_t i = 0; i < r->run->n; i++) {
		const char *line = r->run->v[i];

		if (hone_workload_from_line(&t->workloads.v[i], line, line, err)) {
			hone_err_wrap(err, "--run");
			return err->code = HONE_E_USAGE;
		}
		t->workloads.n++;
	}
	return 0;
}

/* As `try` it would have been typed so; its run is kept like any other. */
static void name_command(struct hone_cli *cli, const struct hone_check_recipes *r,
	const struct hone_strv *names, struct hone_strv *ret)
{
	hone_cli_words(cli, "try", ret);
	for (size_t i = 0; i < r->run->n; i++) {
		hone_strv_push(ret, "--run");
		hone_strv_push(ret, r->run->v[i]);
	}
	for (size_t i = 0; i < names->n; i++)
		hone_strv_push(ret, names->v[i]);
}

static int tell(struct hone_cli *cli, struct hone_try *t, const struct hone_result_run *before,
	struct hone_err *err)
{
	hone_auto_result_run struct hone_result_run now = HONE_RESULT_RUN_INIT;
	hone_auto_arena struct hone_arena arena = {0};
	hone_auto_free char *next = NULL;
	struct hone_result_recipe recipe;
	struct hone_run_doc doc = {.run = &now, .recipe = &recipe, .now = true, .samples = true};
	int error;

	hone_try_result(t, &now);
	hone_recipe_judge(t, before, &now, &arena, &recipe);
	if (recipe.to) {
		const char *const name[] = {recipe.to, NULL};

		doc.next = next = hone_cli_command(cli, "apply", name);
	}
	error = hone_cli_report(cli, HONE_DOC_RUN, &doc, err);
	hone_results_put(t->session, &now, t->finishes);
	return error;
}

int hone_check_recipes(
	struct hone_cli *cli, const struct hone_check_recipes *r, struct hone_err *err)
{
	hone_auto_strv struct hone_strv names = HONE_STRV_INIT, typed = HONE_STRV_INIT;
	hone_auto_result_run struct hone_result_run before = HONE_RESULT_RUN_INIT;
	struct hone_session s = HONE_SESSION_INIT;
	struct hone_try t = {.session = &s, .command = {.typed = &typed, .options = ""}};
	struct hone_try_request request = {
		.measure = {.rounds = r->rounds, .budget_s = r->budget_s}};
	int error = 0;

	if (!cli->format->documents[HONE_DOC_RUN])
		return hone_err_set(
			err, HONE_E_USAGE, "--recipe has no format %s", cli->format->name);
	error = hone_session_open(&cli->cargo, &cli->events,
		HONE_SESSION_GRAPH | HONE_SESSION_BUILD | (r->no_wait ? HONE_SESSION_NO_WAIT : 0),
		&s, err);
	if (!error)
		error = take_workloads(r, &t, err);
	t.speed_measured = t.workloads.n > 0;
	if (!error)
		error = hone_recipe_names(&s, t.workloads.n > 0, &names, &before, err);
	name_command(cli, r, &names, &typed);
	request.names = hone_strv_argv(&names);
	request.n_names = names.n;
	if (!error)
		error = hone_try_name_candidates(&t, &request, err);
	if (!error)
		error = hone_try_run(&t, &request, err);
	if (!error)
		error = tell(cli, &t, &before, err);
	hone_try_release(&t);
	hone_session_close(&s);
	return error;
}
