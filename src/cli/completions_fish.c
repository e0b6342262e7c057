#include "completions.h"

#include "candidate.h"

#include <string.h>

static const char head[] = "# Completion of `cargo hone` and `cargo-hone` for fish, beside cargo's "
			   "own. For ~/.config/fish/config.fish:\n"
			   "#   cargo hone completions fish | source\n"
			   "\n";

static const char functions[] =
	"# The line up to the cursor, as hone would read it: prints the command, or nothing before "
	"there is one, and the\n"
	"# number of arguments behind it. Fails where the line is not about hone.\n"
	"function __cargo_hone_line\n"
	"    set -l tokens (commandline -opc)\n"
	"    set -l about 0\n"
	"    set -l skip 0\n"
	"    set -l command ''\n"
	"    set -l given 0\n"
	"    if string match -q -r '(^|/)cargo-hone$' -- $tokens[1]\n"
	"        set about 1\n"
	"        if test (count $tokens) -gt 1\n"
	"            if test \"$tokens[2]\" = hone\n"
	"                set -e tokens[2]\n"
	"            end\n"
	"        end\n"
	"    end\n"
	"    set -e tokens[1]\n"
	"    for token in $tokens\n"
	"        if test $skip = 1\n"
	"            set skip 0\n"
	"        else if test $about = 0\n"
	"            switch $token\n"
	"                case hone\n"
	"                    set about 1\n"
	"                case --color --config -Z -C\n"
	"                    set skip 1\n"
	"                case '-*' '+*'\n"
	"                    continue\n"
	"                case '*'\n"
	"                    return 1\n"
	"            end\n"
	"        else\n"
	"            switch $token\n"
	"                case '--*=*'\n"
	"                    continue\n"
	"                case '-*'\n"
	"                    if __cargo_hone_takes_value \"$command $token\"\n"
	"                        set skip 1\n"
	"                    end\n"
	"                case '*'\n"
	"                    if test -z \"$command\"\n"
	"                        set command $token\n"
	"                    else\n"
	"                        set given (math $given + 1)\n"
	"                    end\n"
	"            end\n"
	"        end\n"
	"    end\n"
	"    test $about = 1; or return 1\n"
	"    echo $command\n"
	"    echo $given\n"
	"end\n"
	"\n"
	"function __cargo_hone_at\n"
	"    set -l line (__cargo_hone_line)\n"
	"    or return 1\n"
	"    contains -- \"$line[1]\" $argv\n"
	"end\n"
	"\n"
	"# Argument number $argv[2] (from 0) of command $argv[1]; + behind the number: or a later "
	"one.\n"
	"function __cargo_hone_argument\n"
	"    set -l line (__cargo_hone_line)\n"
	"    or return 1\n"
	"    test \"$line[1]\" = \"$argv[1]\"; or return 1\n"
	"    switch $argv[2]\n"
	"        case '*+'\n"
	"            test $line[2] -ge (string replace + '' -- $argv[2])\n"
	"        case '*'\n"
	"            test $line[2] -eq $argv[2]\n"
	"    end\n"
	"end\n"
	"\n"
	"function __cargo_hone_is\n"
	"    __cargo_hone_line >/dev/null\n"
	"end\n"
	"\n"
	"# The value so far, without the option that it belongs to.\n"
	"function __cargo_hone_token\n"
	"    string replace -r '^--[^=]*=' '' -- (commandline -ct)\n"
	"end\n"
	"\n"
	"function __cargo_hone_candidates\n"
	"    set -l token (__cargo_hone_token)\n"
	"    set -l head (string replace -r '[^+,]*$' '' -- \"$token\")\n"
	"    set -l last (string replace -r '^.*[+,]' '' -- \"$token\")\n"
	"    set -l key (string replace -r '=.*$' '' -- \"$last\")\n"
	"    switch \"$last\"\n"
	"        case '*=*'\n"
	"            for word in (__cargo_hone_setting $key)\n"
	"                echo \"$head$key=$word\"\n"
	"            end\n"
	"        case '*'\n"
	"            if test -z \"$head\"\n"
	"                __cargo_hone_names\n"
	"            end\n"
	"            for line in (__cargo_hone_keys)\n"
	"                string replace -r '^([^\\t]*)\\t' \"$head\"'$1=\\t' -- $line\n"
	"            end\n"
	"    end\n"
	"end\n"
	"\n"
	"function __cargo_hone_setting_or_value\n"
	"    set -l token (__cargo_hone_token)\n"
	"    set -l key (string replace -r '=.*$' '' -- \"$token\")\n"
	"    switch \"$token\"\n"
	"        case '*=*'\n"
	"            for word in (__cargo_hone_setting $key)\n"
	"                echo \"$key=$word\"\n"
	"            end\n"
	"        case '*'\n"
	"            __cargo_hone_keys\n"
	"    end\n"
	"end\n"
	"\n"
	"# Words with commas between.\n"
	"function __cargo_hone_list\n"
	"    set -l head (string replace -r '[^,]*$' '' -- (__cargo_hone_token))\n"
	"    for word in $argv\n"
	"        echo \"$head$word\"\n"
	"    end\n"
	"end\n"
	"\n";

static void add_quoted(struct hone_buf *to, const char *text)
{
	hone_auto_buf struct hone_buf escaped = HONE_BUF_INIT;

	for (const char *p = text; *p; p++) {
		if (*p == '\\')
			hone_buf_addc(&escaped, '\\');
		hone_buf_addc(&escaped, *p);
	}
	hone_completions_quote(to, hone_buf_str(&escaped), "\\'");
}

/* What is completed, behind -a; nothing for a value that only its owner knows. */
static void add_value(struct hone_buf *to, const struct hone_value *v)
{
	hone_auto_buf struct hone_buf words = HONE_BUF_INIT;

	for (size_t i = 0; i < v->words.n; i++)
		hone_buf_addf(&words, "%s%s", i ? " " : "", v->words.v[i]);
	switch (v->kind) {
	case HONE_VALUE_FREE:
		break;
	case HONE_VALUE_WORDS:
		hone_buf_addf(to, " -a '%s'", hone_buf_str(&words));
		break;
	case HONE_VALUE_LIST:
		hone_buf_addf(to, " -a '(__cargo_hone_list %s)'", hone_buf_str(&words));
		break;
	case HONE_VALUE_FILE:
		hone_buf_adds(to, " -a '(__fish_complete_path (__cargo_hone_token))'");
		break;
	case HONE_VALUE_FOLDER:
		hone_buf_adds(to, " -a '(__fish_complete_directories (__cargo_hone_token))'");
		break;
	case HONE_VALUE_CANDIDATE:
		hone_buf_adds(to, " -a '(__cargo_hone_candidates)'");
		break;
	case HONE_VALUE_BINARY:
		hone_buf_adds(to, " -a '(__cargo_hone_candidates; __fish_complete_path "
				  "(__cargo_hone_token))'");
		break;
	case HONE_VALUE_SETTING:
		hone_buf_adds(to, " -a '(__cargo_hone_setting_or_value)'");
		break;
	case HONE_VALUE_TRIPLE:
		hone_buf_adds(to, " -a '(rustup target list --installed 2>/dev/null)'");
		break;
	case HONE_VALUE_BIN:
		hone_buf_adds(
			to, " -a '(cargo run --bin 2>&1 | string replace -rf \"^    \" \"\")'");
		break;
	case HONE_VALUE_EXAMPLE:
		hone_buf_adds(
			to, " -a '(cargo run --example 2>&1 | string replace -rf \"^    \" \"\")'");
		break;
	}
}

/* at: the commands that have the option. */
static void add_option(struct hone_buf *to, const struct hone_command *c, const char *at,
	const struct hone_opt *opt)
{
	hone_buf_addf(
		to, "complete -c cargo -c cargo-hone -n '__cargo_hone_at %s' -l %s", at, opt->name);
	if (opt->letter)
		hone_buf_addf(to, " -s %c", opt->letter);
	if (opt->arg) {
		hone_auto_value struct hone_value v = HONE_VALUE_INIT;

		hone_value_of(c, opt->name, opt->arg, &v);
		hone_buf_adds(to, " -x");
		add_value(to, &v);
	}
	hone_buf_adds(to, " -d ");
	add_quoted(to, opt->help);
	hone_buf_addc(to, '\n');
}

/* Options that several commands share: those with all of these groups that print this document (-1: any or none). */
static void add_shared(
	struct hone_buf *to, const struct hone_opt *opts, unsigned with, int document)
{
	hone_auto_buf struct hone_buf at = HONE_BUF_INIT;
	const struct hone_command *one = NULL;

	for (size_t i = 0; hone_commands[i]; i++) {
		const struct hone_command *c = hone_commands[i];

		if ((c->groups & with) != with ||
			(document >= 0 && c->document != (enum hone_document)document))
			continue;
		hone_buf_addf(&at, "%s%s", one ? " " : "", *c->name ? c->name : "\"\"");
		one = c;
	}
	for (const struct hone_opt *opt = opts; one && opt->name; opt++)
		add_option(to, one, hone_buf_str(&at), opt);
}

static void add_command(struct hone_buf *to, const struct hone_command *c)
{
	hone_auto_strv struct hone_strv args = HONE_STRV_INIT;
	bool repeats;

	for (const struct hone_opt *opt = c->opts; opt && opt->name; opt++)
		add_option(to, c, c->name, opt);
	hone_value_args(c, &args, &repeats);
	for (size_t i = 0; i < args.n; i++) {
		hone_auto_value struct hone_value v = HONE_VALUE_INIT;

		hone_value_of(c, NULL, args.v[i], &v);
		if (v.kind == HONE_VALUE_FREE)
			continue;
		hone_buf_addf(to,
			"complete -c cargo -c cargo-hone -n '__cargo_hone_argument %s %zu%s' -f",
			c->name, i, repeats && i + 1 == args.n ? "+" : "");
		add_value(to, &v);
		hone_buf_addc(to, '\n');
	}
}

/* The function that tells which options are followed by a value. */
static void add_takes_value(struct hone_buf *to)
{
	hone_buf_adds(to, "function __cargo_hone_takes_value\n    switch \"$argv\"\n        case");
	for (size_t i = 0; hone_commands[i]; i++) {
		const struct hone_command *c = hone_commands[i];
		const struct hone_opt *tables[HONE_TABLES_MAX];
		size_t n = hone_command_tables(c, tables);

		for (size_t t = 0; t < n; t++) {
			for (const struct hone_opt *opt = tables[t]; opt->name; opt++) {
				if (!opt->arg)
					continue;
				hone_buf_addf(to, " '%s --%s'", c->name, opt->name);
				if (opt->letter)
					hone_buf_addf(to, " '%s -%c'", c->name, opt->letter);
			}
		}
	}
	hone_buf_adds(to, "\n            return 0\n    end\n    return 1\nend\n\n");
}

static void add_setting(struct hone_buf *to, const char *const *patterns, const char *values)
{
	hone_buf_adds(to, "        case");
	for (size_t i = 0; patterns[i]; i++)
		hone_buf_addf(to, " '%s'", patterns[i]);
	hone_buf_addf(to, "\n            printf '%%s\\n' %s\n", values);
}

static void add_line(struct hone_buf *to, const char *name, const char *about)
{
	hone_buf_addf(to, "    printf '%%s\\t%%s\\n' %s ", name);
	add_quoted(to, about);
	hone_buf_addc(to, '\n');
}

static void add_tables(struct hone_buf *to)
{
	hone_auto_value struct hone_value names = HONE_VALUE_INIT;

	hone_value_of(NULL, NULL, "CANDIDATE", &names);
	hone_buf_adds(to, "function __cargo_hone_names\n");
	for (size_t i = 0; i < names.words.n; i++)
		add_line(to, names.words.v[i], hone_completions_about(names.words.v[i]));
	hone_buf_adds(to, "end\n\nfunction __cargo_hone_keys\n");
	for (HONE_EACH_SETTING(s))
		add_line(to, s->key, s->summary);
	hone_buf_adds(to, "end\n\nfunction __cargo_hone_setting\n    switch \"$argv[1]\"\n");
	hone_completions_settings(to, add_setting);
	hone_buf_adds(to, "    end\nend\n\n");
}

void hone_completions_fish(struct hone_buf *to)
{
	hone_buf_adds(to, head);
	add_takes_value(to);
	add_tables(to);
	hone_buf_adds(to, functions);
	hone_buf_adds(to, "complete -c cargo -c cargo-hone -n __cargo_hone_is -f\n");
	for (size_t i = 0; hone_commands[i]; i++) {
		const struct hone_command *c = hone_commands[i];

		if (!*c->name)
			continue;
		hone_buf_addf(to,
			"complete -c cargo -c cargo-hone -n '__cargo_hone_at \"\"; or "
			"__cargo_hone_argument help 0' -f -a %s -d ",
			c->name);
		add_quoted(to, c->summary);
		hone_buf_addc(to, '\n');
	}
	hone_buf_adds(to, "complete -c cargo -c cargo-hone -n '__cargo_hone_at \"\"' -f -a help "
			  "-d 'Print help'\n");
	for (size_t i = 0; hone_commands[i]; i++)
		add_command(to, hone_commands[i]);
	add_shared(to, hone_project_opts, HONE_GROUP_PROJECT, -1);
	for (int document = 0; document < HONE_DOCUMENTS; document++)
		add_shared(to, hone_format_opts, HONE_GROUP_FORMAT, document);
	add_shared(to, hone_build_opts, HONE_GROUP_BUILD, -1);
	add_shared(to, hone_common_opts, 0, -1);
}
