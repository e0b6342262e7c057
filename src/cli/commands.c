/* The list of commands, and the one place that makes a command of hone's that the user is told to type: what was chosen has
 * to be in it. */
#include "cli.h"

#include "text.h"

#include <string.h>

const struct hone_command *const hone_commands[] = {
	&hone_cmd_status,
	&hone_cmd_show,
	&hone_cmd_explain,
	&hone_cmd_try,
	&hone_cmd_merge,
	&hone_cmd_tune,
	&hone_cmd_build,
	&hone_cmd_apply,
	&hone_cmd_size,
	&hone_cmd_strip,
	&hone_cmd_init,
	&hone_cmd_check,
	&hone_cmd_history,
	&hone_cmd_report,
	&hone_cmd_clean,
	&hone_cmd_self_check,
	&hone_cmd_completions,
	&hone_cmd_man,
	NULL,
};

void hone_cli_words(const struct hone_cli *cli, const char *command, struct hone_strv *words)
{
	hone_strv_push(words, "cargo");
	hone_strv_push(words, "hone");
	if (*command)
		hone_strv_push(words, command);
	hone_opt_spell(hone_project_opts, cli, NULL, words);
}

char *hone_cli_command(const struct hone_cli *cli, const char *command, const char *const *more)
{
	hone_auto_strv struct hone_strv words = HONE_STRV_INIT;

	hone_cli_words(cli, command, &words);
	hone_strv_append(&words, more);
	return hone_text_command(hone_strv_argv(&words));
}

/* The command whose name a text begins with, if it is one about a project; else NULL. */
static const struct hone_command *command_at(const char *text)
{
	size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz-");

	for (size_t i = 0; n && hone_commands[i]; i++)
		if (strlen(hone_commands[i]->name) == n &&
			strncmp(text, hone_commands[i]->name, n) == 0)
			return hone_commands[i]->groups & HONE_GROUP_PROJECT ? hone_commands[i]
									     : NULL;
	return NULL;
}

char *hone_cli_fill(const struct hone_cli *cli, const char *text)
{
	static const char begins[] = "cargo hone ";
	struct hone_buf b = HONE_BUF_INIT;

	for (const char *at; (at = strstr(text, begins)); text = at) {
		const struct hone_command *c = command_at(at + strlen(begins));

		hone_buf_add(&b, text, (size_t)(at - text));
		at += strlen(begins);
		if (c) {
			hone_auto_free char *command = hone_cli_command(cli, c->name, NULL);

			hone_buf_adds(&b, command);
			at += strlen(c->name);
		} else {
			hone_buf_adds(&b, begins);
		}
	}
	hone_buf_adds(&b, text);
	return hone_buf_detach(&b);
}

/* Commands of cargo's own that remedies name: what of the options each of them takes. */
static const struct cargo_command {
	const char *begins;
	bool selects; /* -p, features, the target, too */
} cargo_commands[] = {
	{"cargo build", true},
	{"cargo tree", true},
	{"cargo metadata", false},
	{"cargo generate-lockfile", false},
};

static char *cargo_line(const struct hone_cli *cli, const struct cargo_command *c)
{
	struct hone_cargo_opts opts = cli->cargo;
	hone_auto_strv struct hone_strv words = HONE_STRV_INIT;

	hone_strv_push(&words, "cargo");
	hone_strv_push(&words, c->begins + strlen("cargo "));
	opts.locked = opts.frozen = false; /* a lock file may be what is missing */
	if (!c->selects) {
		opts.features.n = 0;
		opts.all_features = opts.no_default_features = false;
		opts.target = NULL;
	} else if (opts.package) {
		hone_strv_push(&words, "-p");
		hone_strv_push(&words, opts.package);
	}
	hone_cargo_opts_args(&opts, &words);
	return hone_text_command(hone_strv_argv(&words));
}

char *hone_cli_remedy(const struct hone_cli *cli, const char *text)
{
	char *all = hone_cli_fill(cli, text);

	for (size_t i = 0; i < HONE_COUNT(cargo_commands); i++) {
		const char *begins = cargo_commands[i].begins, *at = strstr(all, begins);
		const char *end = at ? at + strlen(begins) : NULL;
		hone_auto_free char *line = NULL;
		char *filled;

		if (!end || (*end && *end != ' '))
			continue;
		line = cargo_line(cli, &cargo_commands[i]);
		filled = hone_xasprintf("%.*s%s%s", (int)(at - all), all, line, end);
		free(all);
		all = filled;
	}
	return all;
}
