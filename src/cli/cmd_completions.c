#include "candidate.h"
#include "completions.h"
#include "text.h"

#include <string.h>

size_t hone_command_tables(
	const struct hone_command *c, const struct hone_opt *ret[HONE_TABLES_MAX])
{
	size_t n = 0;

	if (c->opts)
		ret[n++] = c->opts;
	if (c->groups & HONE_GROUP_PROJECT)
		ret[n++] = hone_project_opts;
	if (c->groups & HONE_GROUP_FORMAT)
		ret[n++] = hone_format_opts;
	if (c->groups & HONE_GROUP_BUILD)
		ret[n++] = hone_build_opts;
	ret[n++] = hone_common_opts;
	return n;
}

/* The values of a setting as one types them, with blanks between; "" when none is known by name. */
static void setting_values(const struct hone_setting *s, struct hone_buf *to)
{
	for (const struct hone_setting_value *v = s->values; v && v->toml; v++) {
		hone_auto_free char *typed = hone_value_typed(v->toml);

		/* A path that serves as an example is nobody's. */
		if (strpbrk(typed, "/ ="))
			continue;
		hone_buf_addf(to, "%s%s", to->n ? " " : "", typed);
	}
}

void hone_completions_settings(struct hone_buf *to,
	void (*f)(struct hone_buf *to, const char *const *patterns, const char *values))
{
	for (HONE_EACH_SETTING(s)) {
		const char *patterns[4] = {s->key};
		const char *dot = strchr(s->key, '.');
		hone_auto_buf struct hone_buf values = HONE_BUF_INIT;
		hone_auto_free char *per_package = hone_xasprintf("package.*.%s", s->key);
		size_t n = 1;

		setting_values(s, &values);
		if (!values.n)
			continue;
		if (dot && hone_setting_find_short(hone_view_of(dot + 1)) == s)
			patterns[n++] = dot + 1;
		if (s->per_package)
			patterns[n++] = per_package;
		f(to, patterns, hone_buf_str(&values));
	}
}

void hone_completions_quote(struct hone_buf *to, const char *text, const char *inner_quote)
{
	hone_buf_addc(to, '\'');
	for (const char *p = text; *p; p++) {
		if (*p == '\'')
			hone_buf_adds(to, inner_quote);
		else
			hone_buf_addc(to, *p);
	}
	hone_buf_addc(to, '\'');
}

const char *hone_completions_about(const char *candidate)
{
	if (strcmp(candidate, "baseline") == 0)
		return "what the project has";
	for (size_t i = 0; hone_preset_names[i]; i++)
		if (strcmp(candidate, hone_preset_names[i]) == 0)
			return "a published recipe";
	return "hone's own";
}

static int run(
	struct hone_cli *cli, void *opts, const char *const *args, size_t n, struct hone_err *err)
{
	static const struct shell {
		const char *name;
		void (*make)(struct hone_buf *to);
	} shells[] = {
		{"bash", hone_completions_bash},
		{"zsh", hone_completions_zsh},
		{"fish", hone_completions_fish},
	};
	const char *names[HONE_COUNT(shells) + 1] = {NULL};
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	const char *nearest, *slash = strrchr(args[0], '/');

	(void)opts;
	(void)n;
	for (size_t i = 0; i < HONE_COUNT(shells); i++) {
		names[i] = shells[i].name;
		/* $SHELL is a path. */
		if (strcmp(slash ? slash + 1 : args[0], shells[i].name) != 0)
			continue;
		shells[i].make(&text);
		hone_out_result(&cli->out, hone_buf_view(&text));
		return 0;
	}
	nearest = hone_did_you_mean(args[0], names);
	hone_err_set(err, HONE_E_USAGE, "there is no completion for the shell `%s`", args[0]);
	if (nearest)
		return hone_err_hint(err, "did you mean `%s`? one of: bash, zsh, fish", nearest);
	return hone_err_hint(err, "one of: bash, zsh, fish");
}

const struct hone_command hone_cmd_completions = {
	.name = "completions",
	.args = "SHELL",
	.summary = "Print the completion script of a shell: bash, zsh or fish",
	.help = "It completes commands, options, candidates, settings and their values, for `cargo "
		"hone` as\n"
		"one types it, beside cargo's own completion.\n"
		"\n"
		"  eval \"$(cargo hone completions bash)\"     in ~/.bashrc, behind what loads "
		"cargo's\n"
		"  eval \"$(cargo hone completions zsh)\"      in ~/.zshrc, behind compinit\n"
		"  cargo hone completions fish | source      in ~/.config/fish/config.fish\n",
	.groups = 0,
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
