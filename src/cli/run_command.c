/* From words to a command with its options. */
#include "cli.h"
#include "defaults.h"

#include <string.h>

static const struct hone_command *find_command(const char *name)
{
	for (size_t i = 0; hone_commands[i]; i++)
		if (strcmp(hone_commands[i]->name, name) == 0)
			return hone_commands[i];
	return NULL;
}

static int unknown_command(const char *name, struct hone_err *err)
{
	const char *names[64] = {NULL};
	const char *nearest;
	size_t n = 0;

	for (size_t i = 0; hone_commands[i] && n + 1 < HONE_COUNT(names); i++)
		if (*hone_commands[i]->name)
			names[n++] = hone_commands[i]->name;
	nearest = hone_did_you_mean(name, names);
	hone_err_set(err, HONE_E_USAGE, "no such command: `%s`", name);
	if (nearest)
		return hone_err_hint(err, "did you mean `cargo hone %s`?", nearest);
	return hone_err_hint(err, "`cargo hone --help` lists the commands");
}

/* Takes --color, -v, -q and --format into their fields; the output object is made here, too. */
static int take_common(struct hone_cli *cli, struct hone_err *err)
{
	enum hone_color_choice color = HONE_COLOR_AUTO;
	const char *text = cli->color_text;

	if (text && strcmp(text, "always") == 0)
		color = HONE_COLOR_ALWAYS;
	else if (text && strcmp(text, "never") == 0)
		color = HONE_COLOR_NEVER;
	hone_out_init(&cli->out, stdout, stderr, color, cli->quiet ? -1 : cli->verbose);
	if (text && color == HONE_COLOR_AUTO && strcmp(text, "auto") != 0)
		return hone_err_set(err, HONE_E_USAGE,
			"argument for --color must be auto, always, or never, but found `%s`",
			text);
	cli->format =
		cli->format_text ? hone_report_format_find(cli->format_text) : &hone_format_text;
	if (!cli->format) {
		hone_auto_free char *names = hone_report_formats_of(HONE_DOCUMENTS, ", or ");

		return hone_err_set(err, HONE_E_USAGE,
			"argument for --format must be %s, but found `%s`", names,
			cli->format_text);
	}
	return 0;
}

static int check_args(
	const struct hone_command *c, const struct hone_strv *args, struct hone_err *err)
{
	if (args->n < c->min_args)
		hone_err_set(err, HONE_E_USAGE, "`cargo hone %s` needs %s", c->name, c->args);
	else if (args->n > c->max_args)
		hone_err_set(err, HONE_E_USAGE, "unexpected argument '%s'", args->v[c->max_args]);
	else
		return 0;
	return hone_err_hint(
		err, "usage: cargo hone%s%s [OPTIONS] %s", *c->name ? " " : "", c->name, c->args);
}

static int print_text(struct hone_cli *cli, struct hone_buf *text)
{
	hone_out_result(&cli->out, hone_buf_view(text));
	return 0;
}

/* A format that has not what the command prints is refused before anything is done. */
static int check_format(
	const struct hone_cli *cli, const struct hone_command *c, struct hone_err *err)
{
	hone_auto_free char *names = NULL;

	if (!(c->groups & HONE_GROUP_FORMAT) || cli->format->documents[c->document])
		return 0;
	names = hone_report_formats_of(c->document, " and ");
	return hone_err_set(err, HONE_E_USAGE, "`cargo hone%s%s` has no format %s: it has %s",
		*c->name ? " " : "", c->name, cli->format->name, names);
}

/* A command with its arguments: its own options and the common ones, in any order. */
static int run_command(struct hone_cli *cli, const struct hone_command *c, char *const *argv,
	size_t argc, struct hone_err *err)
{
	void *opts = hone_xcalloc(1, c->opts_size);
	struct hone_opt_set sets[5];
	hone_auto_strv struct hone_strv args = HONE_STRV_INIT;
	hone_auto_buf struct hone_buf help = HONE_BUF_INIT;
	hone_auto_defaults struct hone_defaults defaults = {0};
	size_t n = 0;
	int error;

	if (c->opts)
		sets[n++] = (struct hone_opt_set){c->opts, opts};
	if (c->groups & HONE_GROUP_PROJECT)
		sets[n++] = (struct hone_opt_set){hone_project_opts, cli};
	if (c->groups & HONE_GROUP_FORMAT)
		sets[n++] = (struct hone_opt_set){hone_format_opts, cli};
	if (c->groups & HONE_GROUP_BUILD)
		sets[n++] = (struct hone_opt_set){hone_build_opts, cli};
	sets[n++] = (struct hone_opt_set){hone_common_opts, cli};
	error = hone_opt_parse(sets, n, argv, argc, &args, NULL, err);
	if (!error)
		error = take_common(cli, err);
	if (!error && !cli->help) {
		error = hone_defaults_take(cli, c, sets, n, &defaults, err);
		if (!error)
			error = take_common(cli, err);
		if (!error)
			hone_defaults_tell(cli, &defaults);
	}
	if (!error && cli->help) {
		hone_help_command(c, &cli->out, &help);
		error = print_text(cli, &help);
	} else if (!error) {
		error = check_args(c, &args, err);
		if (!error)
			error = check_format(cli, c, err);
		if (!error)
			error = c->run(cli, opts, hone_strv_argv(&args), args.n, err);
	}
	if (error)
		hone_defaults_blame(&defaults, err);
	hone_opt_release(c->opts, opts);
	free(opts);
	return error;
}

int hone_cli_run(
	struct hone_cli *cli, const char *name, char *const *words, size_t n, struct hone_err *err)
{
	const struct hone_command *c = find_command(name);

	return c ? run_command(cli, c, words, n, err) : unknown_command(name, err);
}

int hone_cli_dispatch(struct hone_cli *cli, char *const *argv, size_t argc, struct hone_err *err)
{
	/* What stands before the command: only common and project options. */
	const struct hone_opt_set sets[] = {{hone_project_opts, cli}, {hone_format_opts, cli},
		{hone_build_opts, cli}, {hone_common_opts, cli}};
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	const struct hone_command *c;
	size_t used = 0;
	int error = hone_opt_parse(sets, HONE_COUNT(sets), argv, argc, NULL, &used, err);

	if (!error)
		error = take_common(cli, err);
	if (error)
		return error;
	if (used == argc || cli->version) {
		c = find_command("");
		if (cli->version)
			hone_buf_adds(&text, "hone " HONE_VERSION "\n");
		else if (cli->help || !c)
			hone_help_main(&cli->out, &text);
		else
			return run_command(cli, c, argv + used, argc - used, err);
		return print_text(cli, &text);
	}
	if (strcmp(argv[used], "help") == 0) {
		c = used + 1 < argc ? find_command(argv[used + 1]) : NULL;
		if (used + 1 < argc && !c)
			return unknown_command(argv[used + 1], err);
		if (c)
			hone_help_command(c, &cli->out, &text);
		else
			hone_help_main(&cli->out, &text);
		return print_text(cli, &text);
	}
	c = find_command(argv[used]);
	if (!c || !*c->name)
		return unknown_command(argv[used], err);
	return run_command(cli, c, argv + used + 1, argc - used - 1, err);
}
