/* Settings and problems as tables and lines. */
#include "documents.h"
#include "fs.h"
#include "text.h"

#include <string.h>

static void origin_cells(struct hone_table *t, enum hone_origin_kind origin, const char *where)
{
	hone_auto_free char *place = hone_path_hide_here(where);

	hone_table_cell(t, hone_origin_name(origin));
	if (origin == HONE_ORIGIN_DEFAULT)
		hone_table_style(t, HONE_DIM);
	else if (origin == HONE_ORIGIN_RUSTFLAGS)
		hone_table_style(t, HONE_WARN);
	hone_table_cell(t, *place ? place : NULL);
	hone_table_raw(t, "%s", where ? where : "");
}

static void row_cells(struct hone_table *t, const struct hone_result_setting *r)
{
	hone_table_cell(t, r->unit);
	hone_table_cell(t, r->key);
	if (r->value)
		hone_table_cell(t, r->value);
	else if (r->meaning)
		hone_table_cellf(t, "unset (%s)", r->meaning);
	else
		hone_table_cell(t, "unset");
	hone_table_raw(t, "%s", r->value ? r->value : "");
	hone_table_style(t, r->origin == HONE_ORIGIN_DEFAULT ? HONE_DIM : HONE_PLAIN);
	origin_cells(t, r->origin, r->where);
}

static struct hone_table *new_table(const char *title)
{
	struct hone_table *t = hone_table_new(title);

	hone_table_column(t, "for", HONE_LEFT);
	hone_table_column(t, "setting", HONE_LEFT);
	hone_table_column(t, "value", HONE_LEFT);
	hone_table_column(t, "origin", HONE_LEFT);
	hone_table_column(t, "where", HONE_LEFT);
	return t;
}

static char *title_of(const struct hone_result_settings *s)
{
	const struct hone_package *p = s->package;
	const struct hone_target *target = s->target;
	hone_auto_free char *program =
		p && target ? hone_xasprintf(
				      " (%s %s)", hone_target_kind_name(target->kind), target->name)
			    : hone_xstrdup("");

	return p ? hone_xasprintf("profile %s of %s %s%s", s->profile, p->name, p->version, program)
		 : hone_xasprintf("profile %s of the workspace", s->profile);
}

/* The selected package's settings, and in `others` what other units have otherwise; both may be one. */
static void fill_tables(
	const struct hone_result_settings *s, struct hone_table *own, struct hone_table *others)
{
	for (size_t i = 0; i < s->rows.n; i++)
		if (!s->rows.v[i].unit)
			row_cells(own, &s->rows.v[i]);
	if (s->flags.origin != HONE_ORIGIN_DEFAULT) {
		hone_auto_free char *flags = hone_text_command(hone_strv_argv(&s->flags.flags));
		hone_table_cell(own, NULL);
		hone_table_cell(own, "RUSTFLAGS");
		hone_table_cell(own, s->flags.flags.n ? flags : "(empty)");
		origin_cells(own, s->flags.origin, s->flags.where);
	}
	for (size_t i = 0; i < s->rows.n; i++)
		if (s->rows.v[i].unit)
			row_cells(others, &s->rows.v[i]);
}

/* The lines of a text behind a first line's label, aligned; indent: blanks. */
static void add_indented(struct hone_report *r, const char *full, const char *indent)
{
	hone_auto_free char *text = hone_path_hide_here(full);

	r->format->prose(r->to, text, indent);
	hone_buf_addc(r->to, '\n');
}

#define WIDEST 100 /* columns that are comfortable to read */

/* "error[ID]: message", on a terminal broken between words. */
static void message_text(
	const struct hone_out *o, const struct hone_problem *p, struct hone_buf *to)
{
	static const enum hone_style styles[] = {HONE_NOTE, HONE_WARN, HONE_BAD};
	hone_auto_free char *label =
		hone_xasprintf("%s[%s]", hone_severity_name(p->kind->severity), p->kind->id);
	hone_auto_free char *message = hone_path_hide_here(p->message);
	hone_auto_buf struct hone_buf line = HONE_BUF_INIT, lines = HONE_BUF_INIT;

	hone_buf_addf(&line, "%s: ", label);
	hone_text_safe(&line, hone_view_of(message), false);
	/* Without a terminal, a line stays a line: for grep. */
	hone_text_wrap(&lines, hone_buf_view(&line), 2,
		!o->out_width           ? SIZE_MAX
		: o->out_width < WIDEST ? o->out_width
					: WIDEST);
	hone_buf_addf(to, "%s%s%s%s", hone_out_style(o, styles[p->kind->severity]), label,
		hone_out_style(o, HONE_PLAIN), hone_buf_str(&lines) + strlen(label));
}

static void problem_text(struct hone_report *r, const struct hone_problem *p)
{
	const struct hone_out *o = r->out;
	const char *place = p->where ? p->where : "";

	message_text(o, p, r->to);
	if (*place) {
		hone_buf_addf(r->to, "  %s-->%s ", hone_out_style(o, HONE_NOTE),
			hone_out_style(o, HONE_PLAIN));
		add_indented(r, place, "      ");
	}
	if (p->remedy) {
		hone_buf_addf(r->to, "  %s", p->fix.file ? "fix: " : "help: ");
		add_indented(r, p->remedy, p->fix.file ? "       " : "        ");
	}
}

/* What stands between two lines of backticks, more of them than any line of the text has. */
static void add_fenced(struct hone_buf *to, const char *full)
{
	hone_auto_free char *text = hone_path_hide_here(full);
	hone_auto_free char *fence = hone_xstrdup("```");

	while (strstr(text, fence)) {
		char *longer = hone_xasprintf("%s`", fence);

		free(fence);
		fence = longer;
	}
	hone_buf_addf(to, "  %s\n  ", fence);
	hone_text_safe_lines(to, hone_view_of(text), "  ");
	hone_buf_addf(to, "\n  %s\n", fence);
}

static void problem_markdown(struct hone_report *r, const struct hone_problem *p)
{
	const char *place = p->where ? p->where : "";

	hone_buf_addf(r->to, "- **%s** `%s`: ", hone_severity_name(p->kind->severity), p->kind->id);
	add_indented(r, p->message, "  ");
	if (*place) {
		hone_buf_adds(r->to, "  at ");
		add_indented(r, place, "  ");
	}
	if (p->remedy)
		add_fenced(r->to, p->remedy);
}

#define SHOWN_OF_A_KIND 3 /* notes alone; in text without -v */

/* Is problem i one of those that are only counted? *ret_hidden is their number at the first of them,
 * else 0. */
static bool is_one_of_many(const struct hone_problems *p, size_t i, size_t *ret_hidden)
{
	size_t before = 0, all = 0;

	for (size_t k = 0; k < p->n; k++)
		if (p->v[k].kind == p->v[i].kind) {
			before += k < i;
			all++;
		}
	*ret_hidden = before == SHOWN_OF_A_KIND ? all - before : 0;
	return p->v[i].kind->severity == HONE_SEVERITY_NOTE && before >= SHOWN_OF_A_KIND &&
	       all > SHOWN_OF_A_KIND + 1;
}

/* Below the problems: how many there are, what repairs them, and what was not looked at. */
static void say_rest(struct hone_report *r, const struct hone_result_settings *s)
{
	const struct hone_problems *p = &s->problems;
	hone_auto_free char *count = hone_result_count(p);
	size_t fixable = 0;

	for (size_t i = 0; i < p->n; i++)
		fixable += p->v[i].fix.file != NULL;
	hone_buf_adds(r->to, count);
	if (p->limits.n)
		hone_buf_adds(r->to, " in what was looked at");
	if (fixable && s->fix) {
		hone_buf_adds(r->to, "; ");
		r->format->code(r->to, s->fix);
		hone_buf_addf(r->to, " repairs %zu", fixable);
	}
	hone_buf_addc(r->to, '\n');
	for (size_t i = 0; i < p->limits.n; i++) {
		const struct hone_limit *l = &p->limits.v[i];
		hone_auto_free char *words = hone_limit_text(l);

		hone_buf_adds(r->to, "not looked at: ");
		add_indented(r, words, "  ");
		if (l->remedy) {
			hone_buf_adds(r->to, "  ");
			r->format->code(r->to, l->remedy);
			hone_buf_adds(r->to, " makes that possible\n");
		}
	}
}

/* The tables, in one or two. */
static void add_tables(struct hone_report *r, const struct hone_result_settings *s, bool one)
{
	hone_auto_free char *title = title_of(s);
	struct hone_table *own = new_table(title);
	struct hone_table *others = one ? own : new_table("otherwise");

	fill_tables(s, own, others);
	hone_report_add_table(r, own);
	if (one)
		return;
	if (hone_table_rows(others))
		hone_report_table(r, others);
	else
		hone_table_free(others);
	hone_buf_addc(r->to, '\n');
}

void hone_settings_text(struct hone_report *r, const void *document)
{
	const struct hone_result_settings *s = document;
	const struct hone_problems *p = &s->problems;
	size_t hidden = 0;

	if (s->rows.n)
		add_tables(r, s, false);
	for (size_t i = 0; i < p->n; i++) {
		if (!s->all && is_one_of_many(p, i, &hidden)) {
			if (hidden)
				hone_buf_addf(r->to, "%s[%s]: %zu more of these; -v shows them\n\n",
					hone_severity_name(p->v[i].kind->severity),
					p->v[i].kind->id, hidden);
			continue;
		}
		problem_text(r, &p->v[i]);
		hone_buf_addc(r->to, '\n');
	}
	say_rest(r, s);
}

void hone_settings_markdown(struct hone_report *r, const void *document)
{
	const struct hone_result_settings *s = document;
	const struct hone_problems *p = &s->problems;

	if (s->rows.n)
		add_tables(r, s, false);
	for (size_t i = 0; i < p->n; i++)
		problem_markdown(r, &p->v[i]);
	if (p->n)
		hone_buf_addc(r->to, '\n');
	say_rest(r, s);
}

void hone_settings_csv(struct hone_report *r, const void *document)
{
	const struct hone_result_settings *s = document;

	if (s->rows.n)
		add_tables(r, s, true);
}
