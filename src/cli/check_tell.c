#include "check_tell.h"

#include "fs.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct hone_report_format *format_of(const char *line, const char **ret_file)
{
	const char *eq = strchr(line, '=');
	hone_auto_free char *name = hone_xstrndup(line, eq ? (size_t)(eq - line) : 0);

	*ret_file = eq ? eq + 1 : "";
	return hone_report_format_find(name);
}

int hone_check_also_fits(const struct hone_strv *also, struct hone_err *err)
{
	for (size_t i = 0; i < also->n; i++) {
		const char *file;
		const struct hone_report_format *f = format_of(also->v[i], &file);
		hone_auto_free char *names = NULL;

		if (f && f->documents[HONE_DOC_CHECK] && *file)
			continue;
		names = hone_report_formats_of(HONE_DOC_CHECK, " or ");
		return hone_err_set(err, HONE_E_USAGE,
			"--also takes FORMAT=FILE, where FORMAT is %s, not `%s`", names,
			also->v[i]);
	}
	return 0;
}

int hone_check_tell_files(
	const struct hone_strv *also, const struct hone_check_doc *doc, struct hone_err *err)
{
	int error = 0;

	for (size_t i = 0; !error && i < also->n; i++) {
		hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
		const char *file;
		struct hone_report r = {.format = format_of(also->v[i], &file), .to = &text};

		error = hone_report_write(&r, HONE_DOC_CHECK, doc, err);
		if (!error)
			error = hone_fs_write(file, hone_buf_view(&text), 0666, err);
	}
	return error;
}

void hone_check_tell_github(struct hone_cli *cli, const struct hone_check_doc *doc)
{
	const char *summary = getenv("GITHUB_STEP_SUMMARY"), *on = getenv("GITHUB_ACTIONS");
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	struct hone_report r = {.format = &hone_format_markdown, .to = &text};
	const struct hone_result_check *c = doc->check;
	hone_auto_close int fd = -1;

	if (summary && *summary == '/') {
		hone_check_markdown(&r, doc);
		hone_buf_addc(&text, '\n');
		fd = open(summary, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
		if (fd < 0 || write(fd, text.p, text.n) != (ssize_t)text.n)
			hone_out_warn(&cli->out, "writing %s: %s", summary, strerror(errno));
	}
	for (size_t i = 0; on && strcmp(on, "true") == 0 && i < c->n_budgets; i++) {
		hone_auto_free char *over = NULL;
		hone_auto_buf struct hone_buf safe = HONE_BUF_INIT;

		if (hone_result_check_verdict(c, &c->budgets[i]) != HONE_CHECK_OVER)
			continue;
		over = hone_check_budget_text(c, &c->budgets[i]);
		hone_text_safe(&safe, hone_view_of(over), false);
		for (char *at = safe.p; at && *at; at++)
			*at = *at == '%' ? ' ' : *at; /* it would begin an escape of GitHub's */
		fprintf(cli->out.err, "::error title=cargo hone check::%s\n", hone_buf_str(&safe));
	}
}
