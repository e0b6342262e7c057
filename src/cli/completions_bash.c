#include "completions.h"

#include "candidate.h"

#include <string.h>

static const char head[] = "# Completion of `cargo hone` and `cargo-hone` for bash 3.2 or newer. "
			   "For ~/.bashrc, behind what loads cargo's own:\n"
			   "#   eval \"$(cargo hone completions bash)\"\n"
			   "# Another shell may be given this by mistake.\n"
			   "[ -n \"${BASH_VERSION-}\" ] || return 0\n";

static const char functions[] =
	"\n"
	"# Puts what may follow into COMPREPLY. $1: what stands before the value in the word, $2: "
	"the value so far.\n"
	"_hone_reply()\n"
	"{\n"
	"\tlocal head='' last=$2 all=$_hone_words key word cut='' full=$1$2\n"
	"\tcase $_hone_kind in\n"
	"\tlist)\n"
	"\t\tlast=${2##*,} head=${2%\"${2##*,}\"} ;;\n"
	"\tcandidate | binary | setting)\n"
	"\t\tif [ \"$_hone_kind\" != setting ]; then\n"
	"\t\t\tlast=${2##*[+,]} head=${2%\"${2##*[+,]}\"}\n"
	"\t\tfi\n"
	"\t\tcase $last in\n"
	"\t\t*=*)\n"
	"\t\t\tkey=${last%%=*} head=$head$key= last=${last#*=}\n"
	"\t\t\t_hone_setting \"$key\"\n"
	"\t\t\tall=$_hone_values ;;\n"
	"\t\t*)\n"
	"\t\t\tif [ \"$_hone_kind\" = setting ]; then\n"
	"\t\t\t\tall=$_hone_keys\n"
	"\t\t\telse\n"
	"\t\t\t\tif [ -n \"$head\" ]; then all=''; fi\n"
	"\t\t\t\tfor word in $_hone_keys; do all=\"$all $word=\"; done\n"
	"\t\t\tfi ;;\n"
	"\t\tesac ;;\n"
	"\ttriple)\n"
	"\t\tall=$(rustup target list --installed 2>/dev/null) ;;\n"
	"\tbin)\n"
	"\t\tif type _bin_names >/dev/null 2>&1; then all=$(_bin_names); fi ;;\n"
	"\texample)\n"
	"\t\tif type _get_examples >/dev/null 2>&1; then all=$(_get_examples); fi ;;\n"
	"\tesac\n"
	"\t# readline completes only what stands behind the last of its word breaks.\n"
	"\tcase $COMP_WORDBREAKS in *=*) case $full in *=*) cut=${full%\"${full##*=}\"} ;; esac ;; "
	"esac\n"
	"\tcase $COMP_WORDBREAKS in *:*) case ${full#\"$cut\"} in *:*) cut=${full%\"${full##*:}\"} "
	";; esac ;; esac\n"
	"\tfor word in $(compgen -W \"$all\" -- \"$last\"); do\n"
	"\t\tword=$1$head$word\n"
	"\t\tCOMPREPLY[${#COMPREPLY[@]}]=${word#\"$cut\"}\n"
	"\t\tcase $word in *=) _hone_compopt nospace ;; esac\n"
	"\tdone\n"
	"\tcase $_hone_kind in\n"
	"\tfile | folder | binary)\n"
	"\t\tcase $_hone_kind in folder) key=-d ;; *) key=-f ;; esac\n"
	"\t\tif [ -z \"$head\" ]; then\n"
	"\t\t\twhile IFS='' read -r word; do\n"
	"\t\t\t\tif [ -z \"$word\" ]; then continue; fi\n"
	"\t\t\t\tword=$1$word\n"
	"\t\t\t\tCOMPREPLY[${#COMPREPLY[@]}]=${word#\"$cut\"}\n"
	"\t\t\tdone <<< \"$(compgen $key -- \"$last\")\"\n"
	"\t\t\t_hone_compopt filenames\n"
	"\t\tfi ;;\n"
	"\tesac\n"
	"}\n"
	"\n"
	"# Bash 3.2 has no compopt: there a blank follows `link.icf=`.\n"
	"_hone_compopt()\n"
	"{\n"
	"\tif type compopt >/dev/null 2>&1; then compopt -o \"$1\" 2>/dev/null; fi\n"
	"\treturn 0\n"
	"}\n"
	"\n"
	"_cargo_hone()\n"
	"{\n"
	"\tlocal IFS=$' \\t\\n' word='' line cur cmd='' want='' only='' glue='' i n=0 given=0\n"
	"\tlocal _hone_kind='' _hone_words='' _hone_values=''\n"
	"\tlocal -a words\n"
	"\twords=()\n"
	"\tCOMPREPLY=()\n"
	"\t# Words as they were typed: readline breaks them at = and :.\n"
	"\tfor ((i = 0; i <= COMP_CWORD; i++)); do\n"
	"\t\tword=${COMP_WORDS[i]-}\n"
	"\t\tcase $word in\n"
	"\t\t= | : | ::)\n"
	"\t\t\tif [ $n -gt 0 ]; then\n"
	"\t\t\t\twords[n - 1]=${words[n - 1]}$word glue=1\n"
	"\t\t\t\tcontinue\n"
	"\t\t\tfi ;;\n"
	"\t\tesac\n"
	"\t\tif [ -n \"$glue\" ]; then\n"
	"\t\t\twords[n - 1]=${words[n - 1]}$word glue=''\n"
	"\t\telse\n"
	"\t\t\twords[n]=$word n=$((n + 1))\n"
	"\t\tfi\n"
	"\tdone\n"
	"\tline=${COMP_LINE-}\n"
	"\tcase ${line:0:${COMP_POINT:-0}} in\n"
	"\t*[=:][[:blank:]]) words[n]='' n=$((n + 1)) ;;\n"
	"\tesac\n"
	"\tcur=${words[n - 1]}\n"
	"\ti=1\n"
	"\tcase ${words[0]##*/} in\n"
	"\tcargo-hone) if [ $n -gt 2 ] && [ \"${words[1]}\" = hone ]; then i=2; fi ;;\n"
	"\t*)\n"
	"\t\twhile [ $i -lt $((n - 1)) ] && [ \"${words[i]}\" != hone ]; do i=$((i + 1)); done\n"
	"\t\ti=$((i + 1)) ;;\n"
	"\tesac\n"
	"\tfor (( ; i < n - 1; i++)); do\n"
	"\t\tword=${words[i]}\n"
	"\t\tif [ -n \"$want\" ]; then\n"
	"\t\t\twant=''\n"
	"\t\t\tcontinue\n"
	"\t\tfi\n"
	"\t\tif [ -z \"$only\" ]; then\n"
	"\t\t\tcase $word in\n"
	"\t\t\t--)\n"
	"\t\t\t\tonly=1\n"
	"\t\t\t\tcontinue ;;\n"
	"\t\t\t--*=*) continue ;;\n"
	"\t\t\t-?*)\n"
	"\t\t\t\t_hone_option \"$cmd\" \"$word\"\n"
	"\t\t\t\tif [ -n \"$_hone_kind\" ]; then want=$word; fi\n"
	"\t\t\t\tcontinue ;;\n"
	"\t\t\tesac\n"
	"\t\tfi\n"
	"\t\tif [ -z \"$cmd\" ]; then cmd=$word; else given=$((given + 1)); fi\n"
	"\tdone\n"
	"\tif [ -n \"$want\" ]; then\n"
	"\t\t_hone_option \"$cmd\" \"$want\"\n"
	"\t\t_hone_reply '' \"$cur\"\n"
	"\t\treturn 0\n"
	"\tfi\n"
	"\tif [ -z \"$only\" ]; then\n"
	"\t\tcase $cur in\n"
	"\t\t--*=*)\n"
	"\t\t\t_hone_option \"$cmd\" \"${cur%%=*}\"\n"
	"\t\t\tif [ -n \"$_hone_kind\" ]; then _hone_reply \"${cur%%=*}=\" \"${cur#*=}\"; fi\n"
	"\t\t\treturn 0 ;;\n"
	"\t\t-*)\n"
	"\t\t\t_hone_options \"$cmd\"\n"
	"\t\t\t_hone_kind=words\n"
	"\t\t\t_hone_reply '' \"$cur\"\n"
	"\t\t\treturn 0 ;;\n"
	"\t\tesac\n"
	"\tfi\n"
	"\tif [ -z \"$cmd\" ] || { [ \"$cmd\" = help ] && [ $given -eq 0 ]; }; then\n"
	"\t\t_hone_kind=words _hone_words=$_hone_commands\n"
	"\telse\n"
	"\t\t_hone_argument \"$cmd\" $given\n"
	"\tfi\n"
	"\tif [ -n \"$_hone_kind\" ]; then _hone_reply '' \"$cur\"; fi\n"
	"\treturn 0\n"
	"}\n"
	"\n"
	"# `cargo hone` is completed here, every other command of cargo's by what was there "
	"before.\n"
	"_cargo_hone_of_cargo()\n"
	"{\n"
	"\tlocal i\n"
	"\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	"\t\tcase ${COMP_WORDS[i]} in\n"
	"\t\thone)\n"
	"\t\t\t_cargo_hone \"$@\"\n"
	"\t\t\treturn 0 ;;\n"
	"\t\t= | --color | --config | -Z | -C) i=$((i + 1)) ;;\n"
	"\t\t[-+]*) ;;\n"
	"\t\t*) break ;;\n"
	"\t\tesac\n"
	"\t\tif [ \"${COMP_WORDS[i]-}\" = = ]; then i=$((i + 1)); fi\n"
	"\tdone\n"
	"\tif [ -z \"${_hone_next-}\" ]; then\n"
	"\t\t# bash-completion loads cargo's only when it is needed.\n"
	"\t\tif type _comp_load >/dev/null 2>&1; then\n"
	"\t\t\t_comp_load -- cargo >/dev/null 2>&1\n"
	"\t\telif type _completion_loader >/dev/null 2>&1; then\n"
	"\t\t\t_completion_loader cargo >/dev/null 2>&1\n"
	"\t\tfi\n"
	"\t\t_hone_chain\n"
	"\tfi\n"
	"\tif [ -n \"${_hone_next-}\" ]; then \"$_hone_next\" \"$@\"; fi\n"
	"}\n"
	"\n"
	"_hone_chain()\n"
	"{\n"
	"\tlocal spec\n"
	"\tspec=$(complete -p cargo 2>/dev/null)\n"
	"\tcase $spec in\n"
	"\t*' -F _cargo_hone_of_cargo '*) ;;\n"
	"\t*' -F '*)\n"
	"\t\t_hone_next=${spec##* -F } _hone_next=${_hone_next%% *}\n"
	"\t\teval \"${spec%% -F *} -F _cargo_hone_of_cargo cargo\" ;;\n"
	"\t'') complete -o bashdefault -o default -F _cargo_hone_of_cargo cargo ;;\n"
	"\tesac\n"
	"}\n"
	"\n"
	"_hone_chain\n"
	"complete -F _cargo_hone cargo-hone\n"
	"# If cargo's own is loaded behind this after all: it takes the words of a command from "
	"such a variable, and\n"
	"# where bash-completion is 2.12 or newer asks for the completion of cargo-hone.\n"
	"if [ -z \"${BASH_COMPLETION_VERSINFO-}\" ] || [ \"${BASH_COMPLETION_VERSINFO[0]}\" -lt 2 "
	"] ||\n"
	"\t{ [ \"${BASH_COMPLETION_VERSINFO[0]}\" -eq 2 ] && [ \"${BASH_COMPLETION_VERSINFO[1]}\" "
	"-lt 12 ]; }; then\n"
	"\topt__hone='$(_cargo_hone; printf \"%s\\n\" \"${COMPREPLY[@]}\")'\n"
	"fi\n";

static void add_words(struct hone_buf *to, const struct hone_strv *words)
{
	for (size_t i = 0; i < words->n; i++)
		hone_buf_addf(to, "%s%s", i ? " " : "", words->v[i]);
}

/* "_hone_kind=words _hone_words='text json'" */
static void add_value(struct hone_buf *to, const struct hone_value *v)
{
	static const char *const kinds[] = {
		[HONE_VALUE_FREE] = "free",
		[HONE_VALUE_WORDS] = "words",
		[HONE_VALUE_LIST] = "list",
		[HONE_VALUE_FILE] = "file",
		[HONE_VALUE_FOLDER] = "folder",
		[HONE_VALUE_CANDIDATE] = "candidate",
		[HONE_VALUE_BINARY] = "binary",
		[HONE_VALUE_SETTING] = "setting",
		[HONE_VALUE_TRIPLE] = "triple",
		[HONE_VALUE_BIN] = "bin",
		[HONE_VALUE_EXAMPLE] = "example",
	};

	hone_buf_addf(to, "_hone_kind=%s", kinds[v->kind]);
	if (v->words.n) {
		hone_buf_adds(to, " _hone_words='");
		add_words(to, &v->words);
		hone_buf_addc(to, '\'');
	}
	hone_buf_adds(to, " ;;\n");
}

/* The options of one command that take a value, as patterns of a case. */
static void add_option_values(struct hone_buf *to, const struct hone_command *c)
{
	const struct hone_opt *tables[HONE_TABLES_MAX];
	size_t n = hone_command_tables(c, tables);

	for (size_t t = 0; t < n; t++) {
		for (const struct hone_opt *opt = tables[t]; opt->name; opt++) {
			hone_auto_value struct hone_value v = HONE_VALUE_INIT;

			if (!opt->arg)
				continue;
			hone_value_of(c, opt->name, opt->arg, &v);
			hone_buf_addf(to, "\t'%s --%s'", c->name, opt->name);
			if (opt->letter)
				hone_buf_addf(to, " | '%s -%c'", c->name, opt->letter);
			hone_buf_adds(to, ") ");
			add_value(to, &v);
		}
	}
}

static void add_options(struct hone_buf *to, const struct hone_command *c)
{
	const struct hone_opt *tables[HONE_TABLES_MAX];
	size_t n = hone_command_tables(c, tables);

	hone_buf_addf(to, "\t'%s') _hone_words='", c->name);
	for (size_t t = 0; t < n; t++) {
		for (const struct hone_opt *opt = tables[t]; opt->name; opt++) {
			hone_buf_addf(to, "--%s ", opt->name);
			if (opt->letter)
				hone_buf_addf(to, "-%c ", opt->letter);
		}
	}
	to->n--;
	hone_buf_adds(to, "' ;;\n");
}

static void add_arguments(struct hone_buf *to, const struct hone_command *c)
{
	hone_auto_strv struct hone_strv args = HONE_STRV_INIT;
	bool repeats;

	hone_value_args(c, &args, &repeats);
	for (size_t i = 0; i < args.n; i++) {
		hone_auto_value struct hone_value v = HONE_VALUE_INIT;

		hone_value_of(c, NULL, args.v[i], &v);
		if (v.kind == HONE_VALUE_FREE)
			continue;
		hone_buf_addf(to, "\t'%s %zu'", c->name, i);
		if (repeats && i + 1 == args.n)
			hone_buf_addf(to, " | '%s '*", c->name);
		hone_buf_adds(to, ") ");
		add_value(to, &v);
	}
}

static void add_setting(struct hone_buf *to, const char *const *patterns, const char *values)
{
	hone_buf_addc(to, '\t');
	for (size_t i = 0; patterns[i]; i++)
		hone_buf_addf(to, "%s%s", i ? " | " : "", patterns[i]);
	hone_buf_addf(to, ") _hone_values='%s' ;;\n", values);
}

void hone_completions_bash(struct hone_buf *to)
{
	static const struct part {
		const char *about, *name, *start, *word;
		void (*add)(struct hone_buf *to, const struct hone_command *c);
	} parts[] = {
		{"The value of an option: $1 is the command, $2 the option; _hone_kind stays empty "
		 "if it takes none.",
			"_hone_option", "_hone_kind='' _hone_words=''", "$1 $2", add_option_values},
		{"The options of a command.", "_hone_options", "_hone_words=''", "$1", add_options},
		{"What argument number $2 (from 0) of command $1 is.", "_hone_argument",
			"_hone_kind='' _hone_words=''", "$1 $2", add_arguments},
	};

	hone_buf_adds(to, head);
	hone_buf_adds(to, "\n_hone_commands='");
	for (size_t i = 0; hone_commands[i]; i++)
		if (*hone_commands[i]->name)
			hone_buf_addf(to, "%s ", hone_commands[i]->name);
	hone_buf_adds(to, "help'\n_hone_keys='");
	for (HONE_EACH_SETTING(s))
		hone_buf_addf(to, "%s%s", s->id ? " " : "", s->key);
	hone_buf_adds(to, "'\n");
	for (size_t p = 0; p < HONE_COUNT(parts); p++) {
		hone_buf_addf(to, "\n# %s\n%s()\n{\n\t%s\n\tcase \"%s\" in\n", parts[p].about,
			parts[p].name, parts[p].start, parts[p].word);
		for (size_t i = 0; hone_commands[i]; i++)
			parts[p].add(to, hone_commands[i]);
		hone_buf_adds(to, "\tesac\n}\n");
	}
	hone_buf_adds(to, "\n# The values of a setting.\n_hone_setting()\n{\n\t_hone_values=''\n"
			  "\tcase $1 in\n");
	hone_completions_settings(to, add_setting);
	hone_buf_adds(to, "\tesac\n}\n");
	hone_buf_adds(to, functions);
}
