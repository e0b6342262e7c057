#include "check.h"
#include "check_report.h"
#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct check_opts {
	char *base, *against, *save;
	struct hone_strv limit;
	bool any_toolchain, no_wait;
};

static const struct hone_opt check_options[] = {
	{"base", 0, HONE_OPT_TEXT, "REV", offsetof(struct check_opts, base),
		"The git revision to compare with [default: where HEAD left the default branch]"},
	{"against", 0, HONE_OPT_TEXT, "FILE", offsetof(struct check_opts, against),
		"A file of --save to compare with, so that no base has to be built"},
	{"save", 0, HONE_OPT_TEXT, "FILE", offsetof(struct check_opts, save),
		"Write what was found of the head there; without --base and --against only that"},
	{"limit", 0, HONE_OPT_LIST, "FIGURE=MOST", offsetof(struct check_opts, limit),
		"A budget, in the place of that of hone.toml: size=2MB, gzip=+1%, crates=+0; "
		"repeatable"},
	{"any-toolchain", 0, HONE_OPT_FLAG, NULL, offsetof(struct check_opts, any_toolchain),
		"Compare with a file of another toolchain, target or profile, too"},
	HONE_OPT_NO_WAIT(struct check_opts),
	{0},
};

/* "rustc 1.94.0 at base, rustc 1.95.0 at head"; the caller frees; NULL: all is the same. */
static char *differences(const struct hone_check_side *b, const struct hone_check_side *h)
{
	const char *const pairs[][3] = {{b->rustc, h->rustc, ""}, {b->target, h->target, "target "},
		{b->profile, h->profile, "profile "}};
	struct hone_buf text = HONE_BUF_INIT;

	for (size_t i = 0; i < HONE_COUNT(pairs); i++)
		if (strcmp(pairs[i][0], pairs[i][1]) != 0)
			hone_buf_addf(&text, "%s%s%.*s at base, %.*s at head", text.n ? "; " : "",
				pairs[i][2], (int)strcspn(pairs[i][0], "\n"), pairs[i][0],
				(int)strcspn(pairs[i][1], "\n"), pairs[i][1]);
	return text.n ? hone_buf_detach(&text) : NULL;
}

/* What GitHub reads of a step: its summary is a file to append to, and a line that begins with `::` an annotation. */
static void tell_github(struct hone_cli *cli, const struct hone_check_doc *doc)
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

		if (!hone_result_check_over(c, &c->budgets[i]))
			continue;
		over = hone_check_over_text(c, &c->budgets[i]);
		for (char *at = over; *at; at++)
			*at = *at == '%' || (unsigned char)*at < ' '
				      ? ' '
				      : *at; /* it would begin an escape */
		fprintf(cli->out.err, "::error title=cargo hone check::%s\n", over);
	}
}

static int judge(const struct hone_result_check *c, struct hone_err *err)
{
	hone_auto_buf struct hone_buf all = HONE_BUF_INIT;

	for (size_t i = 0; i < c->n_budgets; i++) {
		hone_auto_free char *one = NULL;

		if (!hone_result_check_over(c, &c->budgets[i]))
			continue;
		one = hone_check_over_text(c, &c->budgets[i]);
		hone_buf_addf(&all, "%s%s", all.n ? "; " : "", one);
	}
	return all.n ? hone_err_set(err, HONE_E_DENIED, "over budget: %s", hone_buf_str(&all)) : 0;
}

static int compare(struct hone_cli *cli, const struct check_opts *o,
	const struct hone_check_side sides[2], const struct hone_check_budget *budgets, size_t n,
	struct hone_err *err)
{
	hone_auto_free char *differ = differences(&sides[0], &sides[1]);
	struct hone_result_check c;
	struct hone_check_doc doc = {.check = &c, .other_toolchain = differ};
	int error;

	if (differ && o->against && !o->any_toolchain) {
		hone_err_set(err, HONE_E_FAILED, "%s was made otherwise: %s", o->against, differ);
		return hone_err_hint(err, "save the base again with this one, or compare all the "
					  "same with --any-toolchain");
	}
	hone_result_check_compare(&sides[0], &sides[1], budgets, n, &c);
	error = hone_cli_report(cli, HONE_DOC_CHECK, &doc, err);
	if (!error) {
		tell_github(cli, &doc);
		error = judge(&c, err);
	}
	hone_result_check_release(&c);
	return error;
}

static int check_options_fit(const struct check_opts *o, struct hone_err *err)
{
	if (o->base && o->against)
		return hone_err_set(
			err, HONE_E_USAGE, "--base and --against both name what to compare with");
	if (o->any_toolchain && !o->against)
		return hone_err_set(err, HONE_E_USAGE, "--any-toolchain goes with --against");
	return 0;
}

static int run(
	struct hone_cli *cli, void *opts, const char *const *args, size_t n, struct hone_err *err)
{
	const struct check_opts *o = opts;
	const struct hone_check_request request = {.base = o->base,
		.against = o->against,
		.head_only = o->save && !o->base && !o->against};
	struct hone_check_side sides[2] = {HONE_CHECK_SIDE_INIT, HONE_CHECK_SIDE_INIT};
	hone_auto_arena struct hone_arena arena = {0};
	struct hone_check_budget *budgets = NULL;
	struct hone_session s = HONE_SESSION_INIT;
	size_t n_budgets = 0;
	int error = check_options_fit(o, err);

	(void)args;
	(void)n;
	if (!error)
		error = hone_session_open(&cli->cargo, &cli->events,
			HONE_SESSION_BUILD | (o->no_wait ? HONE_SESSION_NO_WAIT : 0), &s, err);
	if (!error)
		error = hone_check_budgets(&s, &o->limit, &arena, &budgets, &n_budgets, err);
	if (!error)
		error = hone_check_build(&s, &request, &sides[0], &sides[1], err);
	if (!error && o->save)
		error = hone_check_save(&sides[1], o->save, err);
	if (!error && o->save)
		hone_out_status(
			&cli->out, "Saved", "%s (%s): %s", sides[1].bin, sides[1].what, o->save);
	if (!error && !request.head_only)
		error = compare(cli, o, sides, budgets, n_budgets, err);
	for (size_t i = 0; i < HONE_COUNT(sides); i++)
		hone_check_side_release(&sides[i]);
	hone_session_close(&s);
	return error;
}

const struct hone_command hone_cmd_check = {
	.name = "check",
	.args = "",
	.summary = "Sizes beside those of another commit: what grew, why, and whether it may",
	.help = "Builds HEAD with what is edited, and the base, by the project's own profile, and "
		"says what\n"
		"became larger: figures, crates, functions, dependencies, settings. Every byte is "
		"in "
		"one row.\n"
		"[budget] in hone.toml says what there may be at most, or more than before:\n"
		"  [budget]\n"
		"  stripped = \"2 MB\"\n"
		"  gzip = \"+1%\"\n"
		"  crates = \"+0\"\n"
		"Exit code 4: over a budget. --format markdown is a comment for a pull request.\n"
		"In GitHub Actions the comment goes into the step's summary, too, and what is over "
		"a budget "
		"is an\n"
		"annotation.\n"
		"On a branch's runner: `cargo hone check --save base.json`, later `--against "
		"base.json`.\n"
		"Both are built outside of the project, as git knows them: what git ignores is not "
		"there.\n",
	.groups = HONE_GROUP_PROJECT | HONE_GROUP_FORMAT | HONE_GROUP_BUILD,
	.document = HONE_DOC_CHECK,
	.opts = check_options,
	.opts_size = sizeof(struct check_opts),
	.max_args = 0,
	.run = run,
};
