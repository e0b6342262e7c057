#include "toml_impl.h"

#include "fs.h"

#include <string.h>

static int parse_value(struct hone_toml_parser *ps, struct hone_toml_node *node);

/* `a.b = value` into table; ret_node is that of the value. */
static int parse_key_value(
	struct hone_toml_parser *ps, struct hone_toml_node *table, struct hone_toml_node **ret_node)
{
	const struct hone_toml_key_part *last;
	struct hone_toml_node *node;
	char here[16];
	int r;

	r = hone_toml_lex_key(ps);
	if (r < 0)
		return r;
	hone_toml_skip_blanks(ps);
	if (ps->p[ps->at] != '=')
		return hone_toml_fail(
			ps, "`=` was expected after the key, not %s", hone_toml_here(ps, here));
	r = hone_toml_walk_dotted(ps, table, &table);
	if (r < 0)
		return r;
	last = &ps->parts[ps->n_parts - 1];
	node = hone_toml_child(table, last->key);
	if (node)
		return hone_toml_fail_from(ps, last->at, "this key is already used (line %u)",
			hone_toml_pos_of(ps->doc, node->expr_at).line);
	r = hone_toml_node_add(ps, table, last, HONE_TOML_FORM_VALUE, &node);
	if (r < 0)
		return r;
	*ret_node = node;
	ps->at++;
	hone_toml_skip_blanks(ps);
	return parse_value(ps, node);
}

static int parse_array(struct hone_toml_parser *ps, struct hone_toml_node *array)
{
	char here[16];
	int r;

	r = hone_toml_node_open(ps, array, HONE_TOML_ARRAY);
	if (r < 0)
		return r;
	ps->at++;
	for (;;) {
		struct hone_toml_node *element;

		hone_toml_skip_space(ps);
		if (ps->p[ps->at] == ']')
			break;
		if (ps->at >= ps->n)
			return hone_toml_fail_from(ps, array->at, "this array is never closed");
		r = hone_toml_node_add(ps, array, NULL, HONE_TOML_FORM_VALUE, &element);
		if (r < 0)
			return r;
		r = parse_value(ps, element);
		if (r < 0)
			return r;
		hone_toml_skip_space(ps);
		if (ps->p[ps->at] == ',')
			ps->at++;
		else if (ps->p[ps->at] != ']')
			return hone_toml_fail(ps, "`,` or `]` was expected in the array, not %s",
				hone_toml_here(ps, here));
	}
	ps->at++;
	return 0;
}

/* What may stand between the parts of an inline table: TOML 1.0 allows only blanks. */
static int skip_inline_space(struct hone_toml_parser *ps, const struct hone_toml_node *table)
{
	if (ps->doc->version >= HONE_TOML_1_1)
		hone_toml_skip_space(ps);
	else
		hone_toml_skip_blanks(ps);
	if (ps->at >= ps->n)
		return hone_toml_fail_from(ps, table->at, "this inline table is never closed");
	if (ps->p[ps->at] == '\n' || ps->p[ps->at] == '\r' || ps->p[ps->at] == '#')
		return hone_toml_fail(
			ps, "a line break or comment in an inline table needs TOML 1.1");
	return 0;
}

static int parse_inline_table(struct hone_toml_parser *ps, struct hone_toml_node *table)
{
	char here[16];
	int r;

	r = hone_toml_node_open(ps, table, HONE_TOML_TABLE);
	if (r < 0)
		return r;
	ps->at++;
	r = skip_inline_space(ps, table);
	if (r < 0)
		return r;
	while (ps->p[ps->at] != '}') {
		struct hone_toml_node *entry;

		r = parse_key_value(ps, table, &entry);
		if (r < 0)
			return r;
		r = skip_inline_space(ps, table);
		if (r < 0)
			return r;
		if (ps->p[ps->at] == '}')
			break;
		if (ps->p[ps->at] != ',')
			return hone_toml_fail(ps,
				"`,` or `}` was expected in the inline table, not %s",
				hone_toml_here(ps, here));
		ps->at++;
		r = skip_inline_space(ps, table);
		if (r < 0)
			return r;
		if (ps->p[ps->at] == '}' && ps->doc->version < HONE_TOML_1_1)
			return hone_toml_fail(
				ps, "a comma at the end of an inline table needs TOML 1.1");
	}
	ps->at++;
	return 0;
}

static int parse_string(struct hone_toml_parser *ps, struct hone_toml_node *node)
{
	bool basic = ps->p[ps->at] == '"';
	struct hone_view content;
	bool multi_line;
	int r;

	r = hone_toml_lex_string(ps, &content, &multi_line);
	if (r < 0)
		return r;
	node->type = HONE_TOML_STRING;
	node->u.string = content.p;
	node->string_n = (uint32_t)content.n;
	if (!multi_line && basic)
		ps->doc->n_basic++;
	else if (!multi_line)
		ps->doc->n_literal++;
	return 0;
}

/* Recursion is bounded, as hone_toml_node_open refuses deep nesting. */
static int parse_value(struct hone_toml_parser *ps, struct hone_toml_node *node)
{
	int r;

	node->at = ps->at;
	switch (ps->p[ps->at]) {
	case '"':
	case '\'':
		r = parse_string(ps, node);
		break;
	case '[':
		r = parse_array(ps, node);
		break;
	case '{':
		r = parse_inline_table(ps, node);
		break;
	default:
		r = hone_toml_lex_plain(ps, node);
		break;
	}
	node->end = ps->at;
	return r;
}

/* [a.b] or [[a.b]]: begins a section. */
static int parse_header(struct hone_toml_parser *ps)
{
	uint32_t at = ps->at;
	bool is_array = ps->p[at + 1] == '[';
	struct hone_toml_node *table;
	char here[16];
	int r;

	ps->at += is_array ? 2 : 1;
	hone_toml_skip_blanks(ps);
	r = hone_toml_lex_key(ps);
	if (r < 0)
		return r;
	hone_toml_skip_blanks(ps);
	if (ps->p[ps->at] != ']' || (is_array && ps->p[ps->at + 1] != ']'))
		return hone_toml_fail(ps, "`%s` was expected after the table's name, not %s",
			is_array ? "]]" : "]", hone_toml_here(ps, here));
	ps->at += is_array ? 2 : 1;
	r = hone_toml_define_header(ps, at, is_array, &table);
	if (r < 0)
		return r;
	table->u.children->section = (uint32_t)ps->doc->sections.n;
	hone_vec_push(&ps->doc->sections,
		(struct hone_toml_section){.table = table, .at = at, .end = ps->at});
	return 0;
}

/* A header or `key = value`, up to the line's end. */
static int parse_expression(struct hone_toml_parser *ps)
{
	uint32_t at = ps->at;
	char here[16];
	int r;

	if (ps->p[ps->at] == '[') {
		r = parse_header(ps);
	} else {
		struct hone_toml_section *section = &ps->doc->sections.v[ps->doc->sections.n - 1];

		r = parse_key_value(ps, section->table, &section->last);
	}
	if (r < 0)
		return r;
	hone_vec_push(&ps->doc->exprs, (struct hone_toml_expr){.at = at, .end = ps->at});
	hone_toml_skip_blanks(ps);
	if (ps->at < ps->n && !strchr("#\r\n", ps->p[ps->at]))
		return hone_toml_fail(
			ps, "a new line was expected, not %s", hone_toml_here(ps, here));
	return 0;
}

static int parse_document(struct hone_toml *doc, struct hone_err *err)
{
	struct hone_toml_parser ps = {
		.doc = doc, .p = doc->text, .n = doc->n, .at = doc->start, .err = err};
	int r;

	doc->root.form = HONE_TOML_FORM_ROOT;
	doc->root.at = doc->root.end = doc->root.expr_at = doc->start;
	r = hone_toml_node_open(&ps, &doc->root, HONE_TOML_TABLE);
	if (r < 0)
		return r;
	hone_vec_push(&doc->sections,
		(struct hone_toml_section){.table = &doc->root, .at = ps.at, .end = ps.at});
	for (;;) {
		hone_toml_skip_space(&ps);
		if (ps.at >= ps.n)
			return 0;
		r = parse_expression(&ps);
		if (r < 0)
			return r;
	}
}

int hone_toml_parse(const char *name, struct hone_view text, enum hone_toml_version version,
	struct hone_toml **ret_doc, struct hone_err *err)
{
	struct hone_toml *doc;
	int r;

	if (text.n > HONE_TOML_MAX_TEXT)
		return hone_err_set(err, HONE_E_LIMIT,
			"%s is larger than %zu MiB, which is refused", name,
			HONE_TOML_MAX_TEXT >> 20);
	doc = HONE_NEW(struct hone_toml);
	doc->name = hone_xstrdup(name);
	doc->version = version;
	doc->text = hone_view_dup(text);
	doc->n = (uint32_t)text.n;
	doc->start = hone_view_starts(text, "\xef\xbb\xbf") ? 3 : 0;
	r = hone_toml_scan_lines(doc, err);
	if (r == 0)
		r = parse_document(doc, err);
	if (r < 0) {
		hone_toml_free(doc);
		return r;
	}
	*ret_doc = doc;
	return 0;
}

int hone_toml_read(const char *path, enum hone_toml_version version, struct hone_toml **ret_doc,
	struct hone_file_id *ret_id, struct hone_err *err)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	int r;

	r = hone_fs_read(path, HONE_TOML_MAX_TEXT, &text, ret_id, err);
	if (r < 0)
		return r;
	return hone_toml_parse(path, hone_buf_view(&text), version, ret_doc, err);
}

void hone_toml_free(struct hone_toml *doc)
{
	if (!doc)
		return;
	hone_arena_release(&doc->arena);
	hone_vec_release(&doc->lines);
	hone_vec_release(&doc->sections);
	hone_vec_release(&doc->exprs);
	free(doc->name);
	free(doc->text);
	free(doc);
}
