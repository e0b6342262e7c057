#include "history.h"
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

/* Of runs. */
struct numbers {
	const int64_t *v;
	size_t n;
};

static void note_nothing(struct hone_cli *cli)
{
	hone_auto_free char *command = hone_cli_command(cli, "try", NULL);

	hone_out_note(&cli->out, "nothing was measured yet: `%s` does", command);
}

/* Every run is read, written and forgotten before the next one, as there may be thousands. */
static int each(struct hone_cli *cli, struct hone_store *store, const char *workspace,
	const struct numbers *numbers, enum hone_store_detail detail, struct hone_err *err)
{
	bool json = cli->format == HONE_FORMAT_JSON || detail == HONE_STORE_ALL;
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	struct hone_table *t = json ? NULL : hone_history_list();
	struct hone_jsonw w;
	int error = 0;

	if (json)
		hone_history_json_begin(&w, workspace, &text);
	for (size_t i = 0; !error && i < numbers->n; i++) {
		hone_auto_stored_run struct hone_stored_run r = HONE_STORED_RUN_INIT;

		error = hone_store_get(store, workspace, numbers->v[i], detail, &r, err);
		if (!error && json)
			hone_history_json_run(&w, &r, detail);
		else if (!error)
			hone_history_list_add(t, &r);
		if (!error && json) {
			hone_out_result(&cli->out, hone_buf_view(&text));
			hone_buf_reset(&text);
		}
	}
	if (!error && json)
		hone_history_json_end(&w);
	else if (!error)
		hone_table_print(t, cli->format, &cli->out, &text);
	if (!error)
		hone_out_result(&cli->out, hone_buf_view(&text));
	hone_table_free(t);
	return error;
}

/* One run, or two beside each other. */
static int asked_for(struct hone_cli *cli, struct hone_store *store, const char *workspace,
	const struct numbers *numbers, struct hone_err *err)
{
	bool json = cli->format == HONE_FORMAT_JSON;
	struct hone_stored_run runs[2] = {HONE_STORED_RUN_INIT, HONE_STORED_RUN_INIT};
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	int error = 0;

	for (size_t i = 0; !error && i < numbers->n; i++)
		error = hone_store_get(
			store, workspace, numbers->v[i], HONE_STORE_RATIOS, &runs[i], err);
	if (!error && json && numbers->n == 2)
		hone_history_compare_json(&runs[0], &runs[1], &text);
	else if (!error && numbers->n == 2)
		hone_history_compare(cli, &runs[0], &runs[1], &text);
	else if (!error)
		hone_history_show(cli, &runs[0], &text);
	if (!error)
		hone_out_result(&cli->out, hone_buf_view(&text));
	for (size_t i = 0; i < HONE_COUNT(runs); i++)
		hone_stored_run_release(&runs[i]);
	return error;
}

static int history(struct hone_cli *cli, const struct hone_session *s, const struct history_opts *o,
	struct numbers numbers, struct hone_err *err)
{
	bool one = numbers.n == 1 && (o->export || cli->format == HONE_FORMAT_JSON);
	hone_auto_store struct hone_store *store = NULL;
	hone_auto_free int64_t *ids = NULL;
	struct hone_store_filter filter;
	size_t asked = numbers.n;
	int error = filter_of(cli, s, &filter, err);

	if (!error)
		error = hone_results_open(s, false, &store, err);
	if (error == HONE_E_NOT_FOUND && !asked) {
		hone_err_release(err); /* nothing was measured yet: an empty list */
		error = 0;
	} else if (!error && !asked) {
		error = hone_store_ids(store, &filter, &ids, &numbers.n, err);
		numbers.v = ids;
	}
	if (!error && !numbers.n)
		note_nothing(cli);
	if (!error && asked && !one)
		return asked_for(cli, store, filter.workspace, &numbers, err);
	if (!error)
		error = each(cli, store, filter.workspace, &numbers,
			o->export ? HONE_STORE_ALL
			: one     ? HONE_STORE_RATIOS
				  : HONE_STORE_HEAD,
			err);
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
		error = run_number(args[i], &numbers[i], err);
	if (error)
		return error;
	if (o->export && n == 2)
		return hone_err_set(err, HONE_E_USAGE, "--export takes one run, or none for all");
	error = hone_session_open(&cli->cargo, &cli->events, HONE_SESSION_NO_BIN, &s, err);
	if (error)
		return error;
	error = history(cli, &s, o, (struct numbers){numbers, n}, err);
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
	.opts = history_options,
	.opts_size = sizeof(struct history_opts),
	.max_args = 2,
	.run = run,
};
