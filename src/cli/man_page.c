/* `cargo hone man`: a page is its template, in which lines like @COMMANDS@ become what the tables of commands, options
 * and settings say. */
#include "candidate.h"
#include "cli.h"
#include "explain.h"

#include <string.h>

/* The man pages' own words, which no table knows; lines like @COMMANDS@ stand for what the tables say. */
static const char command_text[] =
	".Dd November 23, 2026\n"
	".Dt CARGO-HONE 1\n"
	".Os\n"
	".Sh NAME\n"
	".Nm cargo-hone\n"
	".Nd build and measure the smallest, fastest or best balanced release binary\n"
	".Sh SYNOPSIS\n"
	".Nm cargo hone\n"
	".Op Ar options\n"
	".Op Ar command\n"
	".Sh DESCRIPTION\n"
	".Nm cargo hone\n"
	"takes a Rust project as it is and finds out what its release binary can become.\n"
	"It builds candidates, which are complete recipes of compiler and linker settings, "
	"measures them side by\n"
	"side, and writes the chosen one into the project's files.\n"
	"No source line is changed.\n"
	".Pp\n"
	"Everything that it builds lies below\n"
	".Pa target/hone/ .\n"
	"Results go to standard output, all else to standard error.\n"
	".Sh CANDIDATES\n"
	"A candidate is a set of assignments over the baseline, which is the project's own release "
	"profile.\n"
	"What it does not name stays as the project has it.\n"
	"It is written\n"
	".Bl -bullet -compact\n"
	".It\n"
	".Ar NAME :\n"
	".Cm baseline ,\n"
	".Cm small ,\n"
	".Cm fast\n"
	"or\n"
	".Cm balanced ;\n"
	".It\n"
	".Ar KEY Ns = Ns Ar VALUE , Ns Ar KEY Ns = Ns Ar VALUE ;\n"
	".It\n"
	".Ar NAME Ns + Ns Ar KEY Ns = Ns Ar VALUE Ns + Ns Ar KEY Ns = Ns Ar VALUE .\n"
	".El\n"
	".Pp\n"
	"A key is one of\n"
	".Xr hone-settings 7 ,\n"
	"without its prefix where that is unambiguous, or\n"
	".Ar package . Ns Ar SPEC . Ns Ar KEY\n"
	"for a profile key of one package.\n"
	"Values and package specs may be quoted.\n"
	".Pp\n"
	"The names stand for these recipes:\n"
	".Bl -tag -width balanced\n"
	"@PRESETS@\n"
	".El\n"
	".Sh COMMANDS\n"
	"@COMMANDS@\n"
	".Sh PROJECT OPTIONS\n"
	"They are spelt as cargo spells them.\n"
	".Bl -tag -width Ds\n"
	"@PROJECT_OPTIONS@\n"
	".El\n"
	".Sh OUTPUT AND BUILD OPTIONS\n"
	".Bl -tag -width Ds\n"
	"@FORMAT_OPTIONS@\n"
	"@BUILD_OPTIONS@\n"
	".El\n"
	".Sh COMMON OPTIONS\n"
	".Bl -tag -width Ds\n"
	"@COMMON_OPTIONS@\n"
	".El\n"
	".Sh LABELS\n"
	"A value that carries a risk has a label.\n"
	"To name a candidate is to ask for it; what hone tries by itself has no label that was not "
	"allowed.\n"
	".Bl -tag -width behaviour\n"
	"@LABELS@\n"
	".El\n"
	".Sh ENVIRONMENT\n"
	".Bl -tag -width Ds\n"
	".It Ev CARGO , RUSTC\n"
	"The programs to call instead of\n"
	".Nm cargo\n"
	"and\n"
	".Nm rustc .\n"
	".It Ev CARGO_PROFILE_* , RUSTFLAGS\n"
	"Are part of the baseline, as they are for cargo.\n"
	".It Ev CARGO_HONE_*\n"
	"Defaults of options:\n"
	".Ev CARGO_HONE_BUDGET\n"
	"for\n"
	".Fl -budget\n"
	"of every command that has it,\n"
	".Ev CARGO_HONE_TRY_BUDGET\n"
	"for that of\n"
	".Cm try .\n"
	"An option that is typed counts first, then a variable, then\n"
	".Pa hone.toml ,\n"
	"then what is built in.\n"
	".It Ev NO_COLOR , CLICOLOR_FORCE\n"
	"Without colour; with colour even into a file.\n"
	".El\n"
	".Sh FILES\n"
	".Bl -tag -width Ds\n"
	".It Pa hone.toml\n"
	"Workloads, and defaults of options in\n"
	".Ql [hone] ;\n"
	"beside the package's\n"
	".Pa Cargo.toml\n"
	"or in the workspace root.\n"
	".It Pa target/hone/\n"
	"Builds and results.\n"
	".It Pa .cargo/config.toml , .cargo/hone/\n"
	"Where\n"
	".Cm apply\n"
	"writes flags that no profile key can hold.\n"
	".El\n"
	".Sh EXIT STATUS\n"
	".Bl -tag -width 128+n\n"
	".It 0\n"
	"Done.\n"
	".It 1\n"
	"It failed.\n"
	".It 2\n"
	"Wrong usage, or a choice that the user must make.\n"
	".It 3\n"
	"Nothing better was found.\n"
	".It 4\n"
	"A budget was passed or a denied problem was found.\n"
	".It 128+ Ns Ar n\n"
	"Ended by signal\n"
	".Ar n .\n"
	".El\n"
	".Sh EXAMPLES\n"
	"What do the known recipes make of this project, and how fast is it?\n"
	".Pp\n"
	".Dl $ cargo hone try --run 'search needle big.txt'\n"
	".Pp\n"
	"Write one into\n"
	".Pa Cargo.toml :\n"
	".Pp\n"
	".Dl $ cargo hone apply small+link.icf=all\n"
	".Pp\n"
	"What does a setting do?\n"
	".Pp\n"
	".Dl $ cargo hone explain lto\n"
	".Sh SEE ALSO\n"
	".Xr cargo 1 ,\n"
	".Xr rustc 1 ,\n"
	".Xr hone-settings 7\n";

static const char settings_text[] = ".Dd November 23, 2026\n"
				    ".Dt HONE-SETTINGS 7\n"
				    ".Os\n"
				    ".Sh NAME\n"
				    ".Nm hone-settings\n"
				    ".Nd what the settings of a release build do\n"
				    ".Sh DESCRIPTION\n"
				    "The settings that\n"
				    ".Xr cargo-hone 1\n"
				    "knows, with their values, defaults and costs.\n"
				    ".Ql cargo hone explain Ar KEY\n"
				    "prints one of them.\n"
				    "@SETTINGS@\n"
				    ".Sh SEE ALSO\n"
				    ".Xr cargo 1 ,\n"
				    ".Xr cargo-hone 1 ,\n"
				    ".Xr rustc 1\n";

/* A line of text; a leading dot or quote would make it a request, a backslash an escape. */
static void put_text(struct hone_buf *to, struct hone_view text)
{
	if (text.n && (text.p[0] == '.' || text.p[0] == '\''))
		hone_buf_adds(to, "\\&");
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '\\')
			hone_buf_adds(to, "\\e");
		else
			hone_buf_addc(to, text.p[i]);
	}
}

/* Prose, a sentence a line, as mdoc wants it. */
static void put_prose(struct hone_buf *to, const char *text)
{
	struct hone_view rest = hone_view_of(text);

	while (rest.n) {
		size_t end = 0;

		while (end < rest.n &&
			!(rest.p[end] == '.' && end + 1 < rest.n && rest.p[end + 1] == ' '))
			end++;
		if (end < rest.n)
			end++;
		put_text(to, hone_view_trim(hone_view_sub(rest, 0, end)));
		hone_buf_addc(to, '\n');
		rest = hone_view_trim(hone_view_sub(rest, end, rest.n));
	}
}

/* Text as one argument of a macro line. */
static void put_argument(struct hone_buf *to, const char *text)
{
	hone_buf_addc(to, '"');
	for (const char *p = text; *p; p++) {
		if (*p == '"')
			hone_buf_adds(to, "\\(dq");
		else if (*p == '\\')
			hone_buf_adds(to, "\\e");
		else
			hone_buf_addc(to, *p);
	}
	hone_buf_addc(to, '"');
}

static void put_options(struct hone_buf *to, const struct hone_opt *opts)
{
	for (const struct hone_opt *o = opts; o && o->name; o++) {
		hone_buf_adds(to, ".It ");
		if (o->letter)
			hone_buf_addf(to, "Fl %c , ", o->letter);
		hone_buf_addf(to, "Fl -%s", o->name);
		if (o->arg) {
			hone_buf_adds(to, " Ar ");
			put_argument(to, o->arg);
		}
		hone_buf_addc(to, '\n');
		put_text(to, hone_view_of(o->help));
		hone_buf_adds(to, ".\n");
	}
}

/* Ends the paragraph that was gathered. */
static void put_paragraph(struct hone_buf *to, struct hone_buf *paragraph)
{
	put_prose(to, hone_buf_str(paragraph));
	hone_buf_reset(paragraph);
}

/* The help of a command: paragraphs, and lines to type, which are indented. */
static void put_help(struct hone_buf *to, const char *help)
{
	hone_auto_buf struct hone_buf paragraph = HONE_BUF_INIT;
	struct hone_view rest = hone_view_of(help), line;
	bool started = false, display = false;

	while (hone_view_split(&rest, &started, '\n', &line)) {
		bool indented = hone_view_starts(line, "  ");

		if (paragraph.n && (indented || line.n == 0))
			put_paragraph(to, &paragraph);
		if (indented && !display)
			hone_buf_adds(to, ".Bd -literal -offset indent\n");
		else if (!indented && display)
			hone_buf_adds(to, ".Ed\n");
		if (line.n == 0 && rest.n && !display && !hone_view_starts(rest, "  "))
			hone_buf_adds(to, ".Pp\n");
		display = indented;
		line = hone_view_trim(line);
		if (indented) {
			put_text(to, line);
			hone_buf_addc(to, '\n');
		} else if (line.n) {
			hone_buf_addf(
				&paragraph, "%s%.*s", paragraph.n ? " " : "", (int)line.n, line.p);
		}
	}
	if (paragraph.n)
		put_paragraph(to, &paragraph);
	if (display)
		hone_buf_adds(to, ".Ed\n");
}

static void put_command(struct hone_buf *to, const struct hone_command *c)
{
	bool project = c->groups & HONE_GROUP_PROJECT;
	bool output = c->groups & (HONE_GROUP_FORMAT | HONE_GROUP_BUILD);

	hone_buf_addf(to, ".Ss cargo hone%s%s\n", *c->name ? " " : "", c->name);
	hone_buf_adds(to, ".Nm cargo hone");
	if (*c->name)
		hone_buf_addf(to, " Cm %s", c->name);
	hone_buf_adds(to, "\n.Op Ar options\n");
	if (*c->args) {
		hone_buf_adds(to, ".Ar ");
		put_argument(to, c->args);
		hone_buf_addc(to, '\n');
	}
	hone_buf_adds(to, ".Pp\n");
	put_text(to, hone_view_of(c->summary));
	hone_buf_adds(to, ".\n");
	if (c->help)
		put_help(to, c->help);
	if (project || output)
		hone_buf_addf(to, "See also\n%s%s%s", project ? ".Sx PROJECT OPTIONS" : "",
			project && output ? "\nand\n" : "",
			output ? ".Sx OUTPUT AND BUILD OPTIONS .\n" : " .\n");
	if (c->opts && c->opts->name) {
		hone_buf_adds(to, ".Bl -tag -width Ds\n");
		put_options(to, c->opts);
		hone_buf_adds(to, ".El\n");
	}
}

static void put_commands(struct hone_buf *to)
{
	for (size_t i = 0; hone_commands[i]; i++)
		put_command(to, hone_commands[i]);
}

static void put_presets(struct hone_buf *to)
{
	for (size_t i = 0; hone_preset_names[i]; i++) {
		struct hone_candidate *c;

		if (hone_candidate_parse(hone_preset_names[i], &c, NULL) < 0)
			hone_bug("the name %s is no candidate", hone_preset_names[i]);
		hone_buf_addf(to, ".It Cm %s\n", hone_preset_names[i]);
		for (size_t k = 0; k < c->n; k++)
			hone_buf_addf(to, "%s = %s%s\n", c->assigns[k].setting->key,
				c->assigns[k].value, k + 1 < c->n ? "," : "");
		hone_candidate_free(c);
	}
}

static void put_labels(struct hone_buf *to)
{
	for (const struct hone_label_info *l = hone_labels; l->id; l++)
		hone_buf_addf(to, ".It Cm %s\n%s.\n", l->id, l->text);
}

/* "Name: prose" as a paragraph; nothing for NULL. */
static void put_field(struct hone_buf *to, const char *name, const char *text)
{
	if (!text)
		return;
	hone_buf_addf(to, ".It %s:\n", name);
	put_prose(to, text);
}

static void put_setting(struct hone_buf *to, const struct hone_setting *s)
{
	hone_auto_free char *default_text = hone_explain_default(s);
	hone_auto_free char *place = hone_explain_place(s);

	hone_buf_addf(to, ".Ss %s\n", s->key);
	put_text(to, hone_view_of(s->summary));
	hone_buf_adds(to, ".\n.Bl -hang -width Ds -compact\n");
	put_field(to, "Takes", s->range);
	put_field(to, "Default", default_text);
	put_field(to, "Not set", s->unset_means);
	put_field(to, "Where", place);
	put_field(to, "Since", s->since);
	put_field(to, "Build cost", s->build_cost);
	put_field(to, "Risks", s->risks);
	put_field(to, "Mind", s->interacts);
	put_field(to, "Folklore", s->folklore);
	hone_buf_adds(to, ".El\n");
	if (!s->values)
		return;
	hone_buf_adds(to, ".Bl -tag -width Ds\n");
	for (const struct hone_setting_value *v = s->values; v->toml; v++) {
		hone_auto_free char *labels =
			hone_explain_labels(hone_setting_value_labels(s, hone_view_of(v->toml)));

		hone_buf_adds(to, ".It ");
		put_argument(to, v->toml);
		hone_buf_addc(to, '\n');
		put_text(to, hone_view_of(v->effect));
		hone_buf_addf(to, "%s%s.\n", labels ? "; " : "", labels ? labels : "");
	}
	hone_buf_adds(to, ".El\n");
}

static void put_settings(struct hone_buf *to)
{
	const struct hone_setting *first = NULL;

	while ((first = hone_explain_next_group(first))) {
		hone_buf_addf(to, ".Sh SETTINGS: %s\n", first->group);
		for (HONE_SETTINGS_FROM(s, first))
			if (strcmp(s->group, first->group) == 0)
				put_setting(to, s);
	}
}

static void put_placeholder(struct hone_buf *to, struct hone_view name)
{
	if (hone_view_is(name, "@COMMANDS@"))
		put_commands(to);
	else if (hone_view_is(name, "@PROJECT_OPTIONS@"))
		put_options(to, hone_project_opts);
	else if (hone_view_is(name, "@FORMAT_OPTIONS@"))
		put_options(to, hone_format_opts);
	else if (hone_view_is(name, "@BUILD_OPTIONS@"))
		put_options(to, hone_build_opts);
	else if (hone_view_is(name, "@COMMON_OPTIONS@"))
		put_options(to, hone_common_opts);
	else if (hone_view_is(name, "@PRESETS@"))
		put_presets(to);
	else if (hone_view_is(name, "@LABELS@"))
		put_labels(to);
	else if (hone_view_is(name, "@SETTINGS@"))
		put_settings(to);
	else
		hone_bug("unknown placeholder %.*s", (int)name.n, name.p);
}

static void make_page(const char *template, struct hone_buf *to)
{
	struct hone_view rest = hone_view_of(template), line;
	bool started = false;

	while (hone_view_split(&rest, &started, '\n', &line)) {
		if (line.n > 2 && line.p[0] == '@' && hone_view_ends(line, "@")) {
			put_placeholder(to, line);
		} else if (rest.n || line.n) {
			hone_buf_addv(to, line);
			hone_buf_addc(to, '\n');
		}
	}
}

static int run(
	struct hone_cli *cli, void *opts, const char *const *args, size_t n, struct hone_err *err)
{
	static const struct page {
		const char *name, *template;
	} pages[] = {{"cargo-hone", command_text}, {"hone-settings", settings_text}};
	const char *name = n ? args[0] : pages[0].name;
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;

	(void)opts;
	for (size_t i = 0; i < HONE_COUNT(pages); i++) {
		if (strcmp(pages[i].name, name) != 0)
			continue;
		make_page(pages[i].template, &text);
		hone_out_result(&cli->out, hone_buf_view(&text));
		return 0;
	}
	hone_err_set(err, HONE_E_USAGE, "there is no man page `%s`", name);
	return hone_err_hint(err, "one of: %s, %s", pages[0].name, pages[1].name);
}

const struct hone_command hone_cmd_man = {
	.name = "man",
	.args = "[PAGE]",
	.summary = "Print a man page: cargo-hone or hone-settings",
	.help = "For where nobody installed them, as `cargo install` cannot. hone-settings is all "
		"that "
		"hone\n"
		"knows of each setting.\n"
		"\n"
		"  cargo hone man | man -l -\n"
		"  cargo hone man >~/.local/share/man/man1/cargo-hone.1\n",
	.max_args = 1,
	.run = run,
};
