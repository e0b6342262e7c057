#include "cli.h"

#include <string.h>

#define FIELD(type, name) offsetof(type, name)

const struct hone_opt hone_common_opts[] = {
	{"verbose", 'v', HONE_OPT_COUNT, NULL, FIELD(struct hone_cli, verbose),
		"Say more: the commands that are run (-vv: all of their output)"},
	{"quiet", 'q', HONE_OPT_FLAG, NULL, FIELD(struct hone_cli, quiet),
		"No progress and no notes; results, warnings and errors only"},
	{"color", 0, HONE_OPT_TEXT, "WHEN", FIELD(struct hone_cli, color_text),
		"auto, always or never"},
	{"help", 'h', HONE_OPT_FLAG, NULL, FIELD(struct hone_cli, help), "Print help"},
	{"version", 'V', HONE_OPT_FLAG, NULL, FIELD(struct hone_cli, version), "Print the version"},
	{0},
};

#define CARGO(name) (FIELD(struct hone_cli, cargo) + FIELD(struct hone_cargo_opts, name))

const struct hone_opt hone_project_opts[] = {
	{"manifest-path", 0, HONE_OPT_ONE, "PATH", CARGO(manifest_path), "Path to Cargo.toml"},
	{"package", 'p', HONE_OPT_ONE, "SPEC", CARGO(package), "Package with the binary"},
	{"bin", 0, HONE_OPT_LIST, "NAME", CARGO(bin), "The binary; several for `try`"},
	{"bins", 0, HONE_OPT_FLAG, NULL, CARGO(bins), "All binaries, for `try`"},
	{"example", 0, HONE_OPT_ONE, "NAME", CARGO(example), "An example instead of a binary"},
	{"examples", 0, HONE_OPT_FLAG, NULL, CARGO(examples), "All examples, for `try`"},
	{"lib", 0, HONE_OPT_FLAG, NULL, CARGO(lib),
		"The library: its cdylib, staticlib or dylib, taken where there is no binary, too"},
	{"crate-type", 0, HONE_OPT_ONE, "TYPE", CARGO(crate_type),
		"cdylib, staticlib or dylib: that file of the library, made alone (cargo rustc)"},
	{"workspace", 0, HONE_OPT_FLAG, NULL, CARGO(workspace),
		"All packages of the workspace, for `try`: their binaries and libraries, or what "
		"else is named"},
	{"features", 'F', HONE_OPT_WORDS, "FEATURES", CARGO(features),
		"Space or comma separated list of features to activate"},
	{"all-features", 0, HONE_OPT_FLAG, NULL, CARGO(all_features), "Activate all features"},
	{"no-default-features", 0, HONE_OPT_FLAG, NULL, CARGO(no_default_features),
		"Do not activate the `default` feature"},
	{"target", 0, HONE_OPT_ONE, "TRIPLE", CARGO(target), "Build for the target triple"},
	{"target-dir", 0, HONE_OPT_ONE, "DIRECTORY", CARGO(target_dir),
		"Directory for all generated files; hone's own lie in its hone/ folder"},
	{"profile", 0, HONE_OPT_ONE, "NAME", CARGO(profile),
		"The profile that is the baseline [default: release]"},
	{"config", 0, HONE_OPT_LIST, "KEY=VALUE|PATH", CARGO(config),
		"Override a cargo configuration value"},
	{"locked", 0, HONE_OPT_FLAG, NULL, CARGO(locked),
		"Assert that `Cargo.lock` will remain unchanged"},
	{"offline", 0, HONE_OPT_FLAG, NULL, CARGO(offline), "Run without accessing the network"},
	{"frozen", 0, HONE_OPT_FLAG, NULL, CARGO(frozen),
		"Same as --locked and --offline together"},
	{0},
};

const struct hone_opt hone_format_opts[] = {
	{"format", 0, HONE_OPT_TEXT, "FORMAT", FIELD(struct hone_cli, format_text),
		"text, markdown, json or csv; show has sarif, too, check has sarif, gitlab and "
		"junit "
		"[default: text]"},
	{0},
};

const struct hone_opt hone_build_opts[] = {
	{"jobs", 'j', HONE_OPT_TEXT, "N", CARGO(jobs), "Number of parallel jobs of cargo"},
	{0},
};

#define HELP_COLUMN 32
#define COMMAND_COLUMN 13

/* Appends the option list of a table for --help. */
static void opt_help(const struct hone_opt *opts, const struct hone_out *o, struct hone_buf *to)
{
	for (const struct hone_opt *opt = opts; opt && opt->name; opt++) {
		hone_auto_buf struct hone_buf left = HONE_BUF_INIT;

		if (opt->letter)
			hone_buf_addf(&left, "  -%c, --%s", opt->letter, opt->name);
		else
			hone_buf_addf(&left, "      --%s", opt->name);
		if (opt->arg)
			hone_buf_addf(&left, " <%s>", opt->arg);
		hone_buf_addf(to, "%s%s%s", hone_out_style(o, HONE_NOTE), hone_buf_str(&left),
			hone_out_style(o, HONE_PLAIN));
		if (left.n + 2 > HELP_COLUMN) {
			hone_buf_addc(to, '\n');
			hone_buf_pad(to, ' ', HELP_COLUMN);
		} else {
			hone_buf_pad(to, ' ', HELP_COLUMN - left.n);
		}
		hone_buf_addf(to, "%s\n", opt->help);
	}
}

static void heading(const struct hone_out *o, struct hone_buf *to, const char *text)
{
	hone_buf_addf(to, "\n%s%s:%s\n", hone_out_style(o, HONE_BOLD), text,
		hone_out_style(o, HONE_PLAIN));
}

void hone_help_main(const struct hone_out *o, struct hone_buf *to)
{
	hone_buf_adds(to,
		"The smallest, the fastest or the best balanced release binary of a Rust project,\n"
		"built and measured. No source line is changed.\n");
	heading(o, to, "Usage");
	hone_buf_adds(to, "  cargo hone [OPTIONS] [COMMAND]\n");
	heading(o, to, "Commands");
	for (size_t i = 0; hone_commands[i]; i++) {
		const struct hone_command *c = hone_commands[i];

		if (!*c->name)
			continue;
		hone_buf_addf(to, "  %s%s%s", hone_out_style(o, HONE_NOTE), c->name,
			hone_out_style(o, HONE_PLAIN));
		hone_buf_pad(to, ' ', COMMAND_COLUMN - strlen(c->name));
		hone_buf_addf(to, "%s\n", c->summary);
	}
	hone_buf_adds(to, "\n`cargo hone COMMAND --help` tells more about each. A candidate is "
			  "baseline, small, fast,\n"
			  "balanced, or KEY=VALUE,... over any of them: small+link.icf=all\n");
	heading(o, to, "Options");
	opt_help(hone_common_opts, o, to);
	heading(o, to, "Project options");
	opt_help(hone_project_opts, o, to);
	hone_buf_adds(to, "\nExit codes: 0 done, 1 failed, 2 wrong usage or a choice to make, 3 "
			  "nothing better found,\n"
			  "4 a budget or a denied problem, 128+n ended by signal n.\n");
}

void hone_help_command(const struct hone_command *c, const struct hone_out *o, struct hone_buf *to)
{
	hone_buf_addf(to, "%s\n", c->summary);
	heading(o, to, "Usage");
	hone_buf_addf(to, "  cargo hone%s%s [OPTIONS]%s%s\n", *c->name ? " " : "", c->name,
		*c->args ? " " : "", c->args);
	if (c->help)
		hone_buf_addf(to, "\n%s", c->help);
	if (c->opts && c->opts->name) {
		heading(o, to, "Options");
		opt_help(c->opts, o, to);
	}
	if (c->groups & (HONE_GROUP_FORMAT | HONE_GROUP_BUILD))
		heading(o, to, "Output and building");
	if (c->groups & HONE_GROUP_FORMAT)
		opt_help(hone_format_opts, o, to);
	if (c->groups & HONE_GROUP_BUILD)
		opt_help(hone_build_opts, o, to);
	if (c->groups & HONE_GROUP_PROJECT) {
		heading(o, to, "Project options");
		opt_help(hone_project_opts, o, to);
	}
	heading(o, to, "Common options");
	opt_help(hone_common_opts, o, to);
}
