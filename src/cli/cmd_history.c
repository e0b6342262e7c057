#include "cli.h"
#include "documents.h"
#include "results.h"
#include "which_run.h"

struct history_opts {
	bool export;
};

static const struct hone_opt history_options[] = {
	{"export", 0, HONE_OPT_FLAG, NULL, offsetof(struct history_opts, export),
		"JSON with every raw sample: of RUN, or of all runs"},
	{0},
};

static void note_nothing(struct hone_cli *cli)
{
	hone_auto_free char *command = hone_cli_command(cli, "try", NULL);

	hone_out_note(&cli->out, "nothing was measured yet: `%s` does", command);
}

/* Reads one run at a time, and forgets it before the next one. */
struct reader {
	struct hone_store *store;
	struct hone_here here;
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
		r->error =
			hone_store_get(r->store, NULL, r->numbers[i], r->detail, &r->run, r->err);
	if (!r->error)
		hone_here_mark(&r->here, &r->run);
	return r->error ? NULL : &r->run;
}

static int print_all(struct hone_cli *cli, struct reader *r, size_t n, struct hone_err *err)
{
	const struct hone_runs_doc doc = {.workspace = r->here.workspace,
		.read = read_run,
		.ctx = r,
		.n = n,
		.whole = r->detail > HONE_STORE_TRIALS,
		.samples = r->detail == HONE_STORE_ALL};
	/* A table is read first and printed then; what is streamed may wait for a reader. */
	int error = n && cli->format->table ? hone_store_hold(r->store, err) : 0;

	if (!error)
		error = hone_cli_report(cli, HONE_DOC_RUNS, &doc, err);
	hone_result_run_release(&r->run);
	return error ? error : r->error;
}

/* One run as it was printed then, or two beside each other. */
static int print_asked(struct hone_cli *cli, struct reader *r, size_t n, struct hone_err *err)
{
	struct hone_result_run runs[2] = {HONE_RESULT_RUN_INIT, HONE_RESULT_RUN_INIT};
	const struct hone_runs_doc pair = {.workspace = r->here.workspace, .runs = runs, .n = n};
	const struct hone_run_doc one = {.run = runs};
	int error = 0;

	for (size_t i = 0; !error && i < n; i++) {
		error = hone_store_get(r->store, NULL, r->numbers[i], r->detail, &runs[i], err);
		if (!error)
			hone_here_mark(&r->here, &runs[i]);
	}
	if (!error)
		error = n == 2 ? hone_cli_report(cli, HONE_DOC_PAIR, &pair, err)
			       : hone_cli_report(cli, HONE_DOC_RUN, &one, err);
	for (size_t i = 0; i < HONE_COUNT(runs); i++)
		hone_result_run_release(&runs[i]);
	return error;
}

/* The numbers of the runs that are asked for, or of all. */
static int find_runs(const struct hone_store_filter *filter, const int64_t *asked, size_t n_asked,
	struct reader *r, int64_t **ret_ids, size_t *ret_n)
{
	const struct hone_store_filter any = {0};
	size_t n = 0;
	int error = hone_here_ids(&r->here, r->store, n_asked ? any : *filter, ret_ids, &n, r->err);

	for (size_t i = 0; !error && i < n_asked; i++) {
		bool found = false;

		for (size_t k = 0; k < n; k++)
			found |= (*ret_ids)[k] == asked[i];
		if (!found)
			error = hone_err_set(r->err, HONE_E_NOT_FOUND,
				"there is no run %lld of this project", (long long)asked[i]);
	}
	r->numbers = n_asked ? asked : *ret_ids;
	*ret_n = n_asked ? n_asked : n;
	return error;
}

static int history(struct hone_cli *cli, const struct hone_session *s, const struct history_opts *o,
	const int64_t *numbers, size_t asked, struct hone_err *err)
{
	struct hone_store *store = NULL;
	hone_auto_free int64_t *ids = NULL;
	struct hone_store_filter filter;
	struct reader r = {.run = HONE_RESULT_RUN_INIT, .err = err};
	size_t n = 0;
	int error = hone_cli_run_filter(cli, s, &filter, err);

	hone_here_init(&r.here, s);
	if (!error)
		error = hone_results_open(s, false, &store, err);
	r.store = store;
	if (!error)
		error = find_runs(&filter, numbers, asked, &r, &ids, &n);
	if (!store && error == HONE_E_NOT_FOUND && !asked) {
		hone_err_release(err); /* nothing was measured yet: an empty list */
		error = 0;
	}
	if (!error && !n)
		note_nothing(cli);
	r.detail = o->export ? HONE_STORE_ALL : asked ? HONE_STORE_RATIOS : HONE_STORE_HEAD;
	/* --export is made for programs: always JSON. */
	if (o->export)
		cli->format = &hone_format_json;
	if (!error)
		error = asked == 2 || (asked && cli->format->table) ? print_asked(cli, &r, n, err)
								    : print_all(cli, &r, n, err);
	hone_here_release(&r.here);
	return error;
}

static int run(
	struct hone_cli *cli, void *opts, const char *const *args, size_t n, struct hone_err *err)
{
	const struct history_opts *o = opts;
	struct hone_session s;
	int64_t numbers[2] = {0};
	int error = 0;

	for (size_t i = 0; !error && i < n; i++)
		error = hone_cli_run_number(args[i], &numbers[i], err);
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
		"  cargo hone history 7 9       sizes and times of the same candidates in both\n"
		"\n"
		"A run with a * behind its number came with the folder: it was made on another "
		"machine, by another\n"
		"user or at another path, and no advice follows from it.\n",
	.groups = HONE_GROUP_PROJECT | HONE_GROUP_FORMAT,
	.document = HONE_DOC_RUNS,
	.opts = history_options,
	.opts_size = sizeof(struct history_opts),
	.max_args = 2,
	.run = run,
};
