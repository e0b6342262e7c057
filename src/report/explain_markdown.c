#include "explain.h"

#include <ctype.h>
#include <string.h>

/* Prose of the table: what would start markup is escaped, except in `code`. */
static void put_prose(struct hone_buf *to, const char *text)
{
	bool code = false;

	for (const char *p = text; *p; p++) {
		code ^= *p == '`';
		if (!code && strchr("<>[]*_", *p))
			hone_buf_addc(to, '\\');
		hone_buf_addc(to, *p);
	}
}

/* "**Name:** text" as an item of a list. */
static void item(struct hone_buf *to, const char *name, const char *text)
{
	if (!text)
		return;
	hone_buf_addf(to, "- **%s:** ", name);
	put_prose(to, text);
	hone_buf_addc(to, '\n');
}

/* The same with the text as code. */
static void code_item(struct hone_buf *to, const char *name, const char *text)
{
	if (!text)
		return;
	hone_buf_addf(to, "- **%s:** ", name);
	hone_markdown_code(to, text);
	hone_buf_addc(to, '\n');
}

static void put_values(const struct hone_setting *s, struct hone_buf *to)
{
	struct hone_report r = {.format = &hone_format_markdown, .to = to};
	struct hone_table *t = hone_table_new(NULL);

	hone_table_column(t, "value", HONE_LEFT);
	hone_table_column(t, "what it does", HONE_LEFT);
	hone_table_column(t, "risk", HONE_LEFT);
	hone_table_column(t, "flags", HONE_LEFT);
	hone_table_column(t, "since", HONE_LEFT);
	for (const struct hone_setting_value *v = s->values; v && v->toml; v++) {
		hone_auto_free char *labels =
			hone_explain_labels(hone_setting_value_labels(s, hone_view_of(v->toml)));
		hone_auto_free char *flags = hone_explain_flags(s, v->toml);

		hone_table_cell(t, v->toml);
		hone_table_cell(t, v->effect);
		hone_table_cell(t, labels);
		hone_table_cell(t, flags);
		hone_table_cell(t, v->since);
	}
	hone_buf_addc(to, '\n');
	hone_report_add_table(&r, t);
}

static void put_asked_value(const struct hone_setting *s, const char *value, struct hone_buf *to)
{
	const struct hone_setting_value *own = hone_setting_value_find(s, hone_view_of(value));
	hone_auto_free char *flags = hone_explain_flags(s, value);
	hone_auto_free char *labels =
		hone_explain_labels(hone_setting_value_labels(s, hone_view_of(value)));
	hone_auto_free char *assigned = hone_xasprintf("%s = %s", s->key, value);

	hone_buf_adds(to, "### ");
	hone_markdown_code(to, assigned);
	hone_buf_adds(to, "\n\n");
	item(to, "Does", own ? own->effect : NULL);
	code_item(to, "Same as", own ? own->same_as : NULL);
	item(to, "Risk", labels);
	code_item(to, "Flags", flags);
	if (own && own->needs_abort)
		code_item(to, "Only with", "panic = \"abort\"");
	item(to, "Since", own ? own->since : NULL);
	hone_buf_addc(to, '\n');
}

static void put_setting(const struct hone_setting *s, const char *value, struct hone_buf *to)
{
	hone_auto_free char *default_text = hone_explain_default(s);
	hone_auto_free char *place = hone_explain_place(s);

	if (value)
		put_asked_value(s, value, to);
	hone_buf_addf(to, "### `%s`\n\n%c", s->key, toupper((unsigned char)s->summary[0]));
	put_prose(to, s->summary + 1);
	hone_buf_adds(to, ".\n\n");
	item(to, "Takes", s->range);
	item(to, "Default", default_text);
	item(to, "Not set", s->unset_means);
	item(to, "Where", place);
	item(to, "Not for", hone_explain_not_for(s));
	item(to, "Since", s->since);
	item(to, "Build cost", s->build_cost);
	item(to, "Risks", s->risks);
	item(to, "Mind", s->interacts);
	item(to, "Folklore", s->folklore);
	if (s->values)
		put_values(s, to);
}

static void put_labels(struct hone_buf *to)
{
	struct hone_report r = {.format = &hone_format_markdown, .to = to};
	struct hone_table *t = hone_table_new(NULL);

	hone_table_column(t, "label", HONE_LEFT);
	hone_table_column(t, "what it says", HONE_LEFT);
	for (const struct hone_label_info *l = hone_labels; l->id; l++) {
		hone_table_cell(t, l->id);
		hone_table_cell(t, l->text);
	}
	hone_report_add_table(&r, t);
}

/* All settings in full: this is docs/settings.md. */
static void put_all(struct hone_buf *to)
{
	const struct hone_setting *first = NULL;

	hone_buf_adds(to,
		"# Settings\n\n"
		"Made by `cargo hone explain --format markdown` from the table in "
		"`src/settings/`; `cargo hone explain KEY` prints one of them.\n\n"
		"A candidate assigns values to settings: `small+link.icf=all`, "
		"`opt-level=s,lto=fat`. A prefix (`link.`, `rustc.`) may be left out where that is "
		"unambiguous. Values that carry a risk have labels:\n\n");
	put_labels(to);
	while ((first = hone_explain_next_group(first))) {
		hone_buf_addf(to, "\n## %s\n", first->group);
		for (HONE_SETTINGS_FROM(s, first)) {
			if (strcmp(s->group, first->group) != 0)
				continue;
			hone_buf_addc(to, '\n');
			put_setting(s, NULL, to);
		}
	}
}

void hone_explain_markdown(struct hone_report *r, const void *document)
{
	const struct hone_explain_doc *doc = document;

	if (!doc->setting) {
		put_all(r->to);
		return;
	}
	put_setting(doc->setting, doc->value, r->to);
	if (doc->run)
		hone_explain_tried_markdown(doc->setting, doc->run, r->to);
}
