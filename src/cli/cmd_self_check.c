#include "cli.h"
#include "jsonw.h"
#include "self_check.h"

#include <string.h>

static void print_json(const struct hone_self_check *s, struct hone_buf *to)
{
	struct hone_jsonw w;

	hone_jsonw_init(&w, to, true);
	hone_jsonw_object(&w);
	hone_jsonw_ki64(&w, "schema", 1);
	hone_jsonw_kstr(&w, "hone", HONE_VERSION);
	hone_jsonw_kstr(&w, "package_manager", hone_manager_name(s->manager));
	hone_jsonw_kbool(&w, "rustup", s->has_rustup);
	hone_jsonw_karray(&w, "tools");
	for (size_t i = 0; i < s->n; i++) {
		const struct hone_found_tool *f = &s->v[i];

		hone_jsonw_object(&w);
		hone_jsonw_kstr(&w, "name", f->tool->name);
		hone_jsonw_kbool(&w, "needed", f->tool->needed);
		hone_jsonw_kbool(&w, "here", f->here);
		hone_jsonw_kstr(&w, "version", f->version);
		hone_jsonw_kstr(&w, "where", f->where);
		hone_jsonw_kstr(&w, "note", f->note);
		hone_jsonw_kstr(&w, "brings", f->tool->brings);
		hone_jsonw_kstr(&w, "install", f->install);
		hone_jsonw_end(&w);
	}
	hone_jsonw_end(&w);
	hone_jsonw_end(&w);
	hone_buf_addc(to, '\n');
}

static void add_row(struct hone_table *t, const struct hone_found_tool *f, bool all)
{
	hone_table_cell(t, f->tool->name);
	if (f->here)
		hone_table_cell(t, f->version ? f->version : "yes");
	else
		hone_table_cell(t, f->tool->needed ? "MISSING" : "no");
	hone_table_style(t, f->here ? HONE_GOOD : f->tool->needed ? HONE_BAD : HONE_DIM);
	hone_table_cell(t, f->tool->brings);
	if (!all)
		return;
	hone_table_cell(t, f->where ? f->where : "");
	hone_table_cell(t, f->note ? f->note : "");
	hone_table_cell(t, f->install ? f->install : "");
}

static void print_table(struct hone_cli *cli, const struct hone_self_check *s, struct hone_buf *to)
{
	struct hone_table *t = hone_table_new(NULL);
	bool all = cli->format != HONE_FORMAT_TEXT;

	hone_table_column(t, "tool", HONE_LEFT);
	hone_table_column(t, "here", HONE_LEFT);
	hone_table_column(t, "what it brings", HONE_LEFT);
	if (all) {
		hone_table_column(t, "where", HONE_LEFT);
		hone_table_column(t, "note", HONE_LEFT);
		hone_table_column(t, "how to get it", HONE_LEFT);
	}
	for (size_t i = 0; i < s->n; i++)
		add_row(t, &s->v[i], all);
	hone_table_print(t, cli->format, &cli->out, to);
	hone_table_free(t);
}

/* Below the table for people: what is the matter, and one command a line. */
static void print_rest(const struct hone_self_check *s, struct hone_buf *to)
{
	bool any = false;

	for (size_t i = 0; i < s->n; i++)
		if (s->v[i].note)
			hone_buf_addf(to, "%s%s: %s\n", i == 0 || any ? "" : "\n",
				s->v[i].tool->name, s->v[i].note),
				any = true;
	any = false;
	for (size_t i = 0; i < s->n; i++) {
		const struct hone_found_tool *f = &s->v[i];

		if (!f->install)
			continue;
		if (!any)
			hone_buf_adds(to, "\nto have what is missing:\n");
		any = true;
		hone_buf_addf(to, "  %s", f->tool->name);
		hone_buf_pad(to, ' ', 20 - strlen(f->tool->name));
		hone_buf_addf(to, " %s\n", f->install);
	}
}

static int run(
	struct hone_cli *cli, void *opts, const char *const *args, size_t n, struct hone_err *err)
{
	struct hone_self_check s;
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	int error = hone_self_check(&s, err);

	(void)opts;
	(void)args;
	(void)n;
	if (error)
		return error;
	if (cli->format == HONE_FORMAT_JSON)
		print_json(&s, &text);
	else
		print_table(cli, &s, &text);
	if (cli->format == HONE_FORMAT_TEXT)
		print_rest(&s, &text);
	hone_out_result(&cli->out, hone_buf_view(&text));
	for (size_t i = 0; i < s.n && !error; i++) {
		const struct hone_found_tool *f = &s.v[i];

		if (!f->tool->needed || f->here)
			continue;
		error = hone_err_set(err, HONE_E_FAILED, "%s", f->note ? f->note : "");
		if (!f->note)
			hone_err_set(err, HONE_E_FAILED, "there is no %s here", f->tool->name);
		if (f->install)
			hone_err_hint(err, "%s", f->install);
	}
	hone_self_check_release(&s);
	return error;
}

const struct hone_command hone_cmd_self_check = {
	.name = "self-check",
	.args = "",
	.summary = "What is installed here, what else would bring, and how to get it",
	.help = "Looks for cargo, rustc and a C compiler, which everything needs, and for the "
		"tools "
		"that\n"
		"single settings and workloads use. Nothing is installed. Exit code 1 when "
		"something is\n"
		"missing that everything needs.\n",
	.groups = HONE_GROUP_FORMAT,
	.run = run,
};
