#include "completions.h"

#include "candidate.h"

#include <string.h>

static const char head[] = "#compdef cargo-hone -p cargo\n"
			   "# Completion of `cargo hone` and `cargo-hone` for zsh. Put it into a "
			   "folder of $fpath under the name _cargo-hone, or\n"
			   "# into ~/.zshrc behind compinit:\n"
			   "#   eval \"$(cargo hone completions zsh)\"\n"
			   "# Another shell may be given this by mistake.\n"
			   "[ -n \"${ZSH_VERSION-}\" ] || return 0\n"
			   "\n";

static const char functions[] =
	"_cargo-hone_words_of_setting() {\n"
	"\tlocal key=$1\n"
	"\tlocal -a list\n"
	"\tlist=(${(s: :)\"$(_cargo-hone_setting $key)\"})\n"
	"\t(( $#list )) && compadd -a list\n"
	"}\n"
	"\n"
	"# small, fast+link.icf=all, KEY=VALUE,...\n"
	"_cargo-hone_candidate() {\n"
	"\tlocal names=1 key\n"
	"\tlocal -a list\n"
	"\tif compset -P '*[+,]'; then names=''; fi\n"
	"\tif [[ $PREFIX == *=* ]]; then\n"
	"\t\tkey=${PREFIX%%=*}\n"
	"\t\tcompset -P 1 '*='\n"
	"\t\t_cargo-hone_words_of_setting $key\n"
	"\t\treturn\n"
	"\tfi\n"
	"\tif [[ -n $names ]]; then\n"
	"\t\tlist=(${(f)\"$(_cargo-hone_names)\"})\n"
	"\t\t_describe -t candidates candidate list\n"
	"\tfi\n"
	"\tlist=(${(f)\"$(_cargo-hone_keys)\"})\n"
	"\t_describe -t settings setting list -S =\n"
	"}\n"
	"\n"
	"_cargo-hone_binary() {\n"
	"\t_cargo-hone_candidate\n"
	"\t_files\n"
	"}\n"
	"\n"
	"# KEY or KEY=VALUE\n"
	"_cargo-hone_key() {\n"
	"\tlocal key=${PREFIX%%=*}\n"
	"\tlocal -a list\n"
	"\tif compset -P 1 '*='; then\n"
	"\t\t_cargo-hone_words_of_setting $key\n"
	"\telse\n"
	"\t\tlist=(${(f)\"$(_cargo-hone_keys)\"})\n"
	"\t\t_describe -t settings setting list\n"
	"\tfi\n"
	"}\n"
	"\n"
	"# Words with commas between.\n"
	"_cargo-hone_list() {\n"
	"\tcompset -P '*,'\n"
	"\tcompadd -q -S '' -- \"$@\"\n"
	"}\n"
	"\n"
	"_cargo-hone_triple() {\n"
	"\tlocal -a list\n"
	"\tlist=(${(f)\"$(rustup target list --installed 2>/dev/null)\"})\n"
	"\t(( $#list )) && compadd -a list\n"
	"}\n"
	"\n"
	"_cargo-hone_bin() {\n"
	"\tif (( $+functions[_cargo_names_from_array] )); then _cargo_names_from_array bin; fi\n"
	"}\n"
	"\n"
	"_cargo-hone_example() {\n"
	"\tif (( $+functions[_cargo_example_names] )); then _cargo_example_names; fi\n"
	"}\n"
	"\n"
	"# Called for cargo-hone, and before cargo's own completion for cargo, which goes on where "
	"this fails.\n"
	"_cargo-hone() {\n"
	"\tlocal curcontext=\"$curcontext\" state line ret=1 i\n"
	"\tlocal -a commands\n"
	"\ttypeset -A opt_args\n"
	"\tcase ${words[1]:t} in\n"
	"\tcargo)\n"
	"\t\tfor (( i = 2; i < CURRENT; i++ )); do\n"
	"\t\t\tcase ${words[i]} in\n"
	"\t\t\thone) break ;;\n"
	"\t\t\t--color | --config | -Z | -C) (( i++ )) ;;\n"
	"\t\t\t[-+]*) ;;\n"
	"\t\t\t*) return 1 ;;\n"
	"\t\t\tesac\n"
	"\t\tdone\n"
	"\t\t(( i < CURRENT )) || return 1\n"
	"\t\t_compskip=all\n"
	"\t\tshift $(( i - 1 )) words\n"
	"\t\t(( CURRENT -= i - 1 )) ;;\n"
	"\tcargo-hone)\n"
	"\t\tif [[ ${words[2]} == hone && $CURRENT -gt 2 ]]; then\n"
	"\t\t\tshift words\n"
	"\t\t\t(( CURRENT-- ))\n"
	"\t\tfi ;;\n"
	"\tesac\n"
	"\tcommands=(${(f)\"$(_cargo-hone_commands)\"})\n"
	"\t_cargo-hone_start && ret=0\n"
	"\tcase $state in\n"
	"\tcommand)\n"
	"\t\t_describe -t commands 'command of hone' commands && ret=0 ;;\n"
	"\trest)\n"
	"\t\tcurcontext=\"${curcontext%:*}-${words[1]}:\"\n"
	"\t\t_cargo-hone_command && ret=0 ;;\n"
	"\tesac\n"
	"\treturn ret\n"
	"}\n"
	"\n"
	"if [[ ${funcstack[1]} == _cargo-hone ]]; then\n"
	"\t_cargo-hone \"$@\"\n"
	"elif (( $+functions[compdef] )); then\n"
	"\tcompdef _cargo-hone cargo-hone -p cargo\n"
	"fi\n";

/* For zsh's _arguments: brackets and colons would end the explanation. */
static void add_escaped(struct hone_buf *to, const char *text)
{
	for (const char *p = text; *p; p++) {
		if (*p == '\'')
			hone_buf_adds(to, "'\\''");
		else if (strchr("[]:\\", *p))
			hone_buf_addf(to, "\\%c", *p);
		else
			hone_buf_addc(to, *p);
	}
}

static void add_words(struct hone_buf *to, const struct hone_strv *words)
{
	for (size_t i = 0; i < words->n; i++)
		hone_buf_addf(to, "%s%s", i ? " " : "", words->v[i]);
}

/* ":FORMAT:(text json)" */
static void add_value(struct hone_buf *to, const char *arg, const struct hone_value *v)
{
	hone_buf_addc(to, ':');
	add_escaped(to, arg);
	hone_buf_addc(to, ':');
	switch (v->kind) {
	case HONE_VALUE_FREE:
		hone_buf_addc(to, ' ');
		break;
	case HONE_VALUE_WORDS:
		hone_buf_addc(to, '(');
		add_words(to, &v->words);
		hone_buf_addc(to, ')');
		break;
	case HONE_VALUE_LIST:
		hone_buf_adds(to, "_cargo-hone_list ");
		add_words(to, &v->words);
		break;
	case HONE_VALUE_FILE:
		hone_buf_adds(to, "_files");
		break;
	case HONE_VALUE_FOLDER:
		hone_buf_adds(to, "_files -/");
		break;
	case HONE_VALUE_CANDIDATE:
		hone_buf_adds(to, "_cargo-hone_candidate");
		break;
	case HONE_VALUE_BINARY:
		hone_buf_adds(to, "_cargo-hone_binary");
		break;
	case HONE_VALUE_SETTING:
		hone_buf_adds(to, "_cargo-hone_key");
		break;
	case HONE_VALUE_TRIPLE:
		hone_buf_adds(to, "_cargo-hone_triple");
		break;
	case HONE_VALUE_BIN:
		hone_buf_adds(to, "_cargo-hone_bin");
		break;
	case HONE_VALUE_EXAMPLE:
		hone_buf_adds(to, "_cargo-hone_example");
		break;
	}
}

/* Each spelling is a word of its own, which leaves out the other one: '(-p --package)-p+[...]' */
static void add_spelling(struct hone_buf *to, const struct hone_command *c,
	const struct hone_opt *opt, bool is_letter)
{
	bool again = opt->kind == HONE_OPT_LIST || opt->kind == HONE_OPT_WORDS ||
		     opt->kind == HONE_OPT_COUNT;

	hone_buf_adds(to, " \\\n\t\t\t'");
	if (again)
		hone_buf_addc(to, '*');
	else if (opt->letter)
		hone_buf_addf(to, "(-%c --%s)", opt->letter, opt->name);
	if (is_letter)
		hone_buf_addf(to, "-%c%s", opt->letter, opt->arg ? "+" : "");
	else
		hone_buf_addf(to, "--%s%s", opt->name, opt->arg ? "=" : "");
	hone_buf_addc(to, '[');
	add_escaped(to, opt->help);
	hone_buf_addc(to, ']');
	if (opt->arg) {
		hone_auto_value struct hone_value v = HONE_VALUE_INIT;

		hone_value_of(c, opt->name, opt->arg, &v);
		add_value(to, opt->arg, &v);
	}
	hone_buf_addc(to, '\'');
}

static void add_options(
	struct hone_buf *to, const struct hone_command *c, const struct hone_opt *opts)
{
	for (const struct hone_opt *opt = opts; opt->name; opt++) {
		if (opt->letter)
			add_spelling(to, c, opt, true);
		add_spelling(to, c, opt, false);
	}
}

static void add_arguments(struct hone_buf *to, const struct hone_command *c)
{
	hone_auto_strv struct hone_strv args = HONE_STRV_INIT;
	bool repeats;

	hone_value_args(c, &args, &repeats);
	for (size_t i = 0; i < args.n; i++) {
		hone_auto_value struct hone_value v = HONE_VALUE_INIT;

		hone_value_of(c, NULL, args.v[i], &v);
		if (repeats && i + 1 == args.n)
			hone_buf_adds(to, " \\\n\t\t\t'*");
		else
			hone_buf_addf(to, " \\\n\t\t\t'%zu", i + 1);
		add_value(to, args.v[i], &v);
		hone_buf_addc(to, '\'');
	}
}

static void add_command(struct hone_buf *to, const struct hone_command *c)
{
	const struct hone_opt *tables[HONE_TABLES_MAX];
	size_t n = hone_command_tables(c, tables);

	hone_buf_addf(to, "\t%s)\n\t\t_arguments -s -S", c->name);
	for (size_t t = 0; t < n; t++)
		add_options(to, c, tables[t]);
	add_arguments(to, c);
	hone_buf_adds(to, " ;;\n");
}

static void add_setting(struct hone_buf *to, const char *const *patterns, const char *values)
{
	hone_buf_addc(to, '\t');
	for (size_t i = 0; patterns[i]; i++)
		hone_buf_addf(to, "%s%s", i ? " | " : "", patterns[i]);
	hone_buf_addf(to, ") print -r -- '%s' ;;\n", values);
}

/* A line "name:what it is" for _describe. */
static void add_line(struct hone_buf *to, const char *name, const char *about)
{
	hone_auto_buf struct hone_buf line = HONE_BUF_INIT;

	hone_buf_addf(&line, "%s:%s", name, about);
	hone_buf_adds(to, "\tprint -r -- ");
	hone_completions_quote(to, hone_buf_str(&line), "'\\''");
	hone_buf_addc(to, '\n');
}

static void add_tables(struct hone_buf *to)
{
	hone_auto_value struct hone_value names = HONE_VALUE_INIT;

	hone_buf_adds(to, "_cargo-hone_commands() {\n");
	for (size_t i = 0; hone_commands[i]; i++)
		if (*hone_commands[i]->name)
			add_line(to, hone_commands[i]->name, hone_commands[i]->summary);
	add_line(to, "help", "Print help");
	hone_buf_adds(to, "}\n\n_cargo-hone_names() {\n");
	hone_value_of(NULL, NULL, "CANDIDATE", &names);
	for (size_t i = 0; i < names.words.n; i++)
		add_line(to, names.words.v[i], hone_completions_about(names.words.v[i]));
	hone_buf_adds(to, "}\n\n_cargo-hone_keys() {\n");
	for (HONE_EACH_SETTING(s))
		add_line(to, s->key, s->summary);
	hone_buf_adds(to, "}\n\n_cargo-hone_setting() {\n\tcase $1 in\n");
	hone_completions_settings(to, add_setting);
	hone_buf_adds(to, "\tesac\n}\n\n");
}

void hone_completions_zsh(struct hone_buf *to)
{
	const struct hone_command *status = hone_commands[0];
	const struct hone_opt *tables[HONE_TABLES_MAX];
	size_t n = hone_command_tables(status, tables);

	hone_buf_adds(to, head);
	add_tables(to);
	hone_buf_adds(to, "# Options before the command. Sets state.\n_cargo-hone_start() {\n"
			  "\t_arguments -s -S -C -A '-*'");
	for (size_t t = 0; t < n; t++)
		add_options(to, status, tables[t]);
	hone_buf_adds(to, " \\\n\t\t\t'1: :->command' '*:: :->rest'\n\tlocal ret=$?\n\t"
			  "# Or words would be put back when this "
			  "returns.\n\tcompstate[restore]=''\n\treturn ret\n}\n\n");
	hone_buf_adds(to, "_cargo-hone_command() {\n\tcase ${words[1]} in\n");
	for (size_t i = 0; hone_commands[i]; i++)
		if (*hone_commands[i]->name)
			add_command(to, hone_commands[i]);
	hone_buf_adds(to, "\thelp)\n\t\t(( CURRENT == 2 )) && _describe -t commands 'command of "
			  "hone' commands ;;\n"
			  "\tesac\n}\n\n");
	hone_buf_adds(to, functions);
}
