#include "cli.h"
#include "fs.h"
#include "num.h"
#include "page_gather.h"
#include "page_report.h"
#include "text.h"
#include "which_run.h"

#include <string.h>

#define FILE_NAME "report.html"
#define LARGEST ((size_t)64 << 20) /* of a page that is there and replaced */

struct report_opts {
	char *output;
};

static const struct hone_opt report_options[] = {
	{"output", 'o', HONE_OPT_TEXT, "FILE", offsetof(struct report_opts, output),
		"Where the page goes; - is standard output [default: target/hone/" FILE_NAME "]"},
	{0},
};

/* What goes into the project: one command for each winner. */
static void find_next(struct hone_cli *cli, const struct hone_session *s,
	const struct hone_result_run *run, struct hone_result_next ret[3], size_t *ret_n)
{
	const struct hone_result_next goals[] = {{"balanced", run->best.balanced, NULL},
		{"small", run->best.small, NULL},
		{"fast", run->speed_measured ? run->best.fast : HONE_PICK_NONE, NULL}};

	*ret_n = 0;
	/* What was found out elsewhere is nobody's next step here. */
	if (run->elsewhere)
		return;
	for (size_t i = 0; i < HONE_COUNT(goals); i++) {
		if (goals[i].trial == HONE_PICK_NONE || goals[i].trial == 0 ||
			goals[i].trial >= run->n_trials)
			continue;
		ret[*ret_n] = goals[i];
		ret[(*ret_n)++].apply =
			hone_cli_apply(cli, s, run, hone_result_name(run, goals[i].trial));
	}
}

/* A file of the user's is replaced only if it is a page, too. */
static int write_asked(const char *path, const struct hone_buf *page, struct hone_err *err)
{
	hone_auto_buf struct hone_buf before = HONE_BUF_INIT;
	struct hone_file_id id;
	int error;

	if (hone_fs_is_dir(path)) {
		hone_err_set(err, HONE_E_FAILED, "--output %s: is a folder", path);
		return hone_err_hint(err, "name a file in it: %s/" FILE_NAME, path);
	}
	error = hone_fs_read(path, LARGEST, &before, &id, err);
	if (error == HONE_E_NOT_FOUND) {
		hone_err_release(err);
		return hone_fs_write_new(path, hone_buf_view(page), 0666, err);
	}
	if (error)
		return error;
	if (before.n && !hone_starts(hone_buf_str(&before), HONE_PAGE_MARK)) {
		hone_err_set(err, HONE_E_FAILED,
			"--output %s: this file is no page of `cargo hone report`, and stays as it "
			"is",
			path);
		return hone_err_hint(err, "name another one, or remove it first");
	}
	return hone_fs_replace(path, hone_buf_view(page), &id, err);
}

static int write_own(const struct hone_session *s, char **ret_path, const struct hone_buf *page,
	struct hone_err *err)
{
	bool exists = false;
	int error = hone_workdir_check(&s->dir, &exists, err);

	*ret_path = hone_path_join(s->dir.root, FILE_NAME);
	return error ? error : hone_fs_write(*ret_path, hone_buf_view(page), 0666, err);
}

static void tell(
	struct hone_cli *cli, const struct hone_page_data *d, const char *path, size_t size)
{
	hone_auto_buf struct hone_buf line = HONE_BUF_INIT;
	char bytes[HONE_NUM_TEXT];

	hone_out_status(&cli->out, "Wrote", "the page of run %lld (%s %s): %s",
		(long long)d->run.id, d->run.kind, d->run.bin, hone_text_bytes(bytes, size));
	for (size_t i = 0; i < d->functions.n_all; i++)
		if (d->functions.why[i])
			hone_out_verbose(&cli->out, "no functions of %s: %s", d->run.trials[i].name,
				d->functions.why[i]);
	if (!d->functions.n_trials)
		hone_out_note(&cli->out, "the page shows no functions, as no artifact of that run "
					 "is there any more: "
					 "`cargo hone try` again, then `cargo hone report`");
	hone_text_safe(&line, hone_view_of(path), false);
	hone_buf_addc(&line, '\n');
	hone_out_result(&cli->out, hone_buf_view(&line));
}

static int make(struct hone_cli *cli, const struct hone_session *s, const struct report_opts *o,
	const struct hone_page_data *d, struct hone_err *err)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	hone_auto_free char *path = o->output ? hone_xstrdup(o->output) : NULL;
	struct hone_result_next next[3] = {{0}};
	struct hone_result_page page = {.run = &d->run,
		.functions = &d->functions,
		.past = d->past,
		.n_past = d->n_past,
		.past_left_out = d->past_left_out,
		.next = next};
	int error = 0;

	find_next(cli, s, &d->run, next, &page.n_next);
	hone_page_write(&text, &page);
	for (size_t i = 0; i < page.n_next; i++)
		free(next[i].apply);
	if (path && strcmp(path, "-") == 0) {
		hone_out_result(&cli->out, hone_buf_view(&text));
		return 0;
	}
	error = path ? write_asked(path, &text, err) : write_own(s, &path, &text, err);
	if (!error)
		tell(cli, d, path, text.n);
	return error;
}

static int run(
	struct hone_cli *cli, void *opts, const char *const *args, size_t n, struct hone_err *err)
{
	struct hone_page_data d = HONE_PAGE_DATA_INIT;
	struct hone_store_filter filter;
	struct hone_session s;
	int64_t number = 0;
	int error = n ? hone_cli_run_number(args[0], &number, err) : 0;

	if (error)
		return error;
	error = hone_session_open(&cli->cargo, &cli->events, HONE_SESSION_NO_BIN, &s, err);
	if (error)
		return error;
	error = hone_cli_run_filter(cli, &s, &filter, err);
	if (!error)
		error = hone_page_gather(&s, &filter, number, &d, err);
	if (!error)
		error = make(cli, &s, opts, &d, err);
	hone_page_data_release(&d);
	hone_session_close(&s);
	return error;
}

const struct hone_command hone_cmd_report = {
	.name = "report",
	.args = "[RUN]",
	.summary = "A run as one HTML page to look at: the front, where the bytes are, the rounds",
	.help = "The page is one file that needs no network: open it in any browser, send it, or "
		"print it.\n"
		"RUN is a number of `cargo hone history` [default: the last one]. Nothing is "
		"built:\n"
		"functions are read from the artifacts of the run, as far as they are still "
		"there.\n"
		"Its path is printed: xdg-open \"$(cargo hone report)\"\n",
	.groups = HONE_GROUP_PROJECT,
	.opts = report_options,
	.opts_size = sizeof(struct report_opts),
	.max_args = 1,
	.run = run,
};
