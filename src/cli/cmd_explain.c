#include "candidate.h"
#include "cli.h"
#include "explain.h"

#include <string.h>

#define DEFAULT_WIDTH 80
#define WIDEST 100

/* KEY or KEY=VALUE; *ret_value is NULL without a value, else the caller's to free. */
static int find(const char *arg, const struct hone_setting **ret_setting, char **ret_value,
	struct hone_err *err)
{
	struct hone_candidate *c = NULL;
	const struct hone_setting *s = hone_setting_find_short(hone_view_of(arg));
	int error;

	if (s) {
		*ret_setting = s;
		*ret_value = NULL;
		return 0;
	}
	if (!strchr(arg, '=')) {
		const char *near = hone_did_you_mean(arg, hone_setting_keys());

		hone_err_set(err, HONE_E_USAGE, "unknown setting `%s`", arg);
		return near ? hone_err_hint(err, "did you mean `%s`?", near)
			    : hone_err_hint(err, "`cargo hone explain` lists all settings");
	}
	error = hone_candidate_parse(arg, &c, err);
	if (error)
		return error;
	if (c->n != 1)
		error = hone_err_set(err, HONE_E_USAGE,
			"`%s` assigns %zu settings: explain takes one", arg, c->n);
	if (!error) {
		*ret_setting = c->assigns[0].setting;
		*ret_value = hone_xstrdup(c->assigns[0].value);
	}
	hone_candidate_free(c);
	return error;
}

static size_t text_width(const struct hone_out *o)
{
	if (!o->width)
		return DEFAULT_WIDTH;
	return o->width < WIDEST ? o->width : WIDEST;
}

static int run(
	struct hone_cli *cli, void *opts, const char *const *args, size_t n, struct hone_err *err)
{
	const struct hone_setting *s = NULL;
	hone_auto_free char *value = NULL;
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	int error = n ? find(args[0], &s, &value, err) : 0;

	(void)opts;
	if (error)
		return error;
	switch (cli->format) {
	case HONE_FORMAT_TEXT:
		if (s)
			hone_explain_text(s, value, &cli->out, text_width(&cli->out), &text);
		else
			hone_explain_list(&cli->out, text_width(&cli->out), &text);
		break;
	case HONE_FORMAT_MARKDOWN:
		if (s)
			hone_explain_markdown(s, value, &text);
		else
			hone_explain_document(&text);
		break;
	case HONE_FORMAT_JSON:
		hone_explain_json(s, value, &text);
		break;
	case HONE_FORMAT_CSV:
		return hone_err_set(
			err, HONE_E_USAGE, "explain has the formats text, markdown and json");
	}
	hone_out_result(&cli->out, hone_buf_view(&text));
	return 0;
}

const struct hone_command hone_cmd_explain = {
	.name = "explain",
	.args = "[KEY[=VALUE]]",
	.summary = "What a setting does, its values, its default, what it costs",
	.help = "Without a key it lists all settings; with --format markdown it is the manual of "
		"all.\n",
	.groups = HONE_GROUP_FORMAT,
	.max_args = 1,
	.run = run,
};
