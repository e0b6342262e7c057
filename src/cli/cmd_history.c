#include "cli.h"
#include "documents.h"
#include "num.h"
#include "results.h"

#include <string.h>

struct history_opts {
	bool export;
};

static const struct hone_opt history_options[] = {
	{"export", 0, HONE_OPT_FLAG, NULL, offsetof(struct history_opts, export),
		"JSON with every raw sample: of RUN, or of all runs"},
	{0},
};

static int run_number(const char *text, int64_t *ret, struct hone_err *err)
{
	if (hone_parse_i64(hone_view_of(text), ret) && *ret > 0)
		return 0;
	hone_err_set(err, HONE_E_USAGE, "`%s` is not the number of a run", text);
	return hone_err_hint(err, "`cargo hone history` lists them");
}

/* -p, --bin and --example narrow the list. */
static int filter_of(struct hone_cli *cli, const struct hone_session *s,
	struct hone_store_filter *ret, struct hone_err *err)
{
	const struct hone_cargo_opts *o = &cli->cargo;
	const struct hone_project *p = s->project;

	*ret = (struct hone_store_filter){
		.workspace = p->workspace_root, .bin = o->bin ? o->bin : o->example};
	for (size_t i = 0; o->package && !ret->package && i < p->n_packages; i++) {
		bool matches = false;
		int error = hone_spec_matches(o->package, &p->packages[i], &matches, err);

		if (error)
			return error;
		if (matches && p->packages[i].member)
			ret->package = p->packages[i].name;
	}
	if (o->package && !ret->package)
		return hone_err_set(
			err, HONE_E_USAGE, "no package of this workspace is `%s`", o->package);
	return 0;
}

static void note_nothing(struct hone_cli *cli)
{
	hone_auto_free char *command = hone_cli_command(cli, "try", NULL);

	hone_out_note(&cli->out, "nothing was measured yet: `%s` does", command);
}

/* Reads one run at a time, and forgets it before the next one. */
struct reader {
	struct hone_store *store;
	const char *workspace;
	const int64_t *numbers;
	enum hone_store_detail detail;
	struct hone_result_run run;
	struct hone_err *err;
	int error;
};

static const struct hone_result_run *read_run(void *ctx, size_t i)
{
	struct reader *r = ctx;

	hone_result_run_release(&r->run);
	if (!r->error)
		r->error = hone_store_get(
			r->store, r->workspace, r->numbers[i], r->detail, &r->run, r->err);
	return r->error ? NULL : &r->run;
}

static int print_all(struct hone_cli *cli, struct reader *r, size_t n, struct hone_err *err)
{
	const struct hone_runs_doc doc = {.workspace = r->workspace,
		.read = read_run,
		.ctx = r,
		.n = n,
		.whole = r->detail > HONE_STORE_TRIALS,
		.samples = r->detail == HONE_STORE_ALL};
	int error = hone_cli_report(cli, HONE_DOC_RUNS, &doc, err);

	hone_result_run_release(&r->run);
	return error ? error : r->error;
}

/* One run as it was printed then, or two beside each other. */
static int print_asked(struct hone_cli *cli, struct reader *r, size_t n, struct hone_err *err)
{
	struct hone_result_run runs[2] = {HONE_RESULT_RUN_INIT, HONE_RESULT_RUN_INIT};
	const struct hone_runs_doc pair = {.workspace = r->workspace, .runs = runs, .n = n};
	const struct hone_run_doc one = {.run = runs};
	int error = 0;

	for (size_t i = 0; !error && i < n; i++)
		error = hone_store_get(
			r->store, r->workspace, r->numbers[i], r->detail, &runs[i], err);
	if (!error)
		error = n == 2 ? hone_cli_report(cli, HONE_DOC_PAIR, &pair, err)
			       : hone_cli_report(cli, HONE_DOC_RUN, &one, err);
	for (size_t i = 0; i < HONE_COUNT(runs); i++)
		hone_result_run_release(&runs[i]);
	return error;
}

static int history(struct hone_cli *cli, const struct hone_session *s, const struct history_opts *o,
	const int64_t *numbers, size_t asked, struct hone_err *err)
{
	hone_auto_store struct hone_store *store = NULL;
	hone_auto_free int64_t *ids = NULL;
	struct hone_store_filter filter;
	struct reader r = {.numbers = numbers, .run = HONE_RESULT_RUN_INIT, .err = err};
	size_t n = asked;
	int error = filter_of(cli, s, &filter, err);

	if (!error)
		error = hone_results_open(s, false, &store, err);
	if (error == HONE_E_NOT_FOUND && !asked) {
		hone_err_release(err); /* nothing was measured yet: an empty list */
		error = 0;
	} else if (!error && !asked) {
		error = hone_store_ids(store, &filter, &ids, &n, err);
		r.numbers = ids;
	}
	if (error)
		return error;
	if (!n)
		note_nothing(cli);
	r.store = store;
	r.workspace = filter.workspace;
	r.detail = o->export ? HONE_STORE_ALL : asked ? HONE_STORE_RATIOS : HONE_STORE_HEAD;
	/* --export is made for programs: always JSON. */
	if (o->export)
		cli->format = &hone_format_json;
	return asked == 2 || (asked && cli->format->table) ? print_asked(cli, &r, n, err)
							   : print_all(cli, &r, n, err);
}

static int run(
	struct hone_cli *cli, void *opts, const char *const *args, size_t n, struct hone_err *err)
{
	const struct history_opts *o = opts;
	struct hone_session s;
	int64_t numbers[2] = {0};
	int error = 0;

	for (size_t i = 0; !error && i < n; i++)
		error = run_number(args[i], &numbers[i], err);
	if (error)
		return error;
	if (o->export && n == 2)
		return hone_err_set(err, HONE_E_USAGE, "--export takes one run, or none for all");
	error = hone_session_open(&cli->cargo, &cli->events, HONE_SESSION_NO_BIN, &s, err);
	if (error)
		return error;
	error = history(cli, &s, o, numbers, n, err);
	hone_session_close(&s);
	return error;
}

const struct hone_command hone_cmd_history = {
	.name = "history",
	.args = "[RUN [OTHER]]",
	.summary = "What was measured before: list, show, compare, export",
	.help = "Every finished try is kept in target/hone/hone.db and survives `cargo hone "
		"clean`.\n"
		"\n"
		"  cargo hone history           all runs, newest first\n"
		"  cargo hone history 7         what run 7 found\n"
		"  cargo hone history 7 9       sizes and times of the same candidates in both\n",
	.groups = HONE_GROUP_PROJECT | HONE_GROUP_FORMAT,
	.document = HONE_DOC_RUNS,
	.opts = history_options,
	.opts_size = sizeof(struct history_opts),
	.max_args = 2,
	.run = run,
};
