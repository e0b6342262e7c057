#include "toml_edit_impl.h"

#include <string.h>

void hone_toml_edit_release(struct hone_toml_edit *edit)
{
	hone_arena_release(&edit->arena);
	hone_vec_release(&edit->splices);
}

void hone_toml_splice(struct hone_toml_edit *edit, uint32_t at, uint32_t end, struct hone_view text)
{
	struct hone_toml_splice splice = {
		.at = at, .end = end, .text = {hone_arena_dup(&edit->arena, text), text.n}};
	size_t i = edit->splices.n;

	hone_vec_push(&edit->splices, splice);
	for (; i > 0; i--) {
		const struct hone_toml_splice *before = &edit->splices.v[i - 1];

		if (before->at < at || (before->at == at && before->end <= end))
			break;
		edit->splices.v[i] = *before;
	}
	edit->splices.v[i] = splice;
}

void hone_toml_insert_lines(struct hone_toml_edit *edit, uint32_t at, struct hone_view lines)
{
	const struct hone_toml *doc = edit->doc;
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	struct hone_view eol = hone_toml_eol(doc, at);

	if (at == doc->start || doc->text[at - 1] == '\n') {
		hone_toml_splice(edit, at, at, lines);
		return;
	}
	/* The text does not end with a line ending: it shall not afterwards either. */
	hone_buf_addv(&text, eol);
	hone_buf_addv(&text, hone_view_sub(lines, 0, lines.n - eol.n));
	hone_toml_splice(edit, at, at, hone_buf_view(&text));
}

static void apply(const struct hone_toml_edit *edit, struct hone_buf *out)
{
	uint32_t at = 0;

	for (size_t i = 0; i < edit->splices.n; i++) {
		const struct hone_toml_splice *splice = &edit->splices.v[i];

		if (splice->at < at || splice->end < splice->at)
			hone_bug("TOML edits overlap at offset %u", splice->at);
		hone_buf_add(out, edit->doc->text + at, splice->at - at);
		hone_buf_addv(out, splice->text);
		at = splice->end;
	}
	hone_buf_add(out, edit->doc->text + at, edit->doc->n - at);
}

/* Puts the content of from (which is freed) into doc, whose address the caller keeps. */
static void take_over(struct hone_toml *doc, struct hone_toml *from)
{
	struct hone_toml old = *doc;

	*doc = *from;
	*from = old;
	for (size_t i = 0; i < hone_toml_count(&doc->root); i++)
		doc->root.u.children->v[i]->parent = &doc->root;
	doc->sections.v[0].table = &doc->root;
	hone_toml_free(from);
}

int hone_toml_commit(struct hone_toml_edit *edit, enum hone_toml_wish wish,
	const struct hone_toml_node *value, struct hone_err *err)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	struct hone_toml *doc = edit->doc;
	struct hone_toml *next;
	int r;

	apply(edit, &text);
	r = hone_toml_parse(doc->name, hone_buf_view(&text), doc->version, &next, err);
	if (r < 0) {
		(void)hone_err_wrap(err, "the edit is refused, as its result would be invalid");
		return r;
	}
	if (!hone_toml_as_wished(&doc->root, &next->root, edit->path, edit->n_path, wish, value)) {
		hone_toml_free(next);
		return hone_err_set(err, HONE_E_FAILED,
			"%s: the edit is refused, as it would change something else too",
			doc->name);
	}
	take_over(doc, next);
	return 0;
}

/* Parses the text of one value into a document of its own; ret_value is its node. Only what TOML
 * 1.0 has may be written into a file. */
static int parse_value(const char *value, struct hone_toml **ret_doc,
	const struct hone_toml_node **ret_value, struct hone_err *err)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	struct hone_toml *doc;
	const struct hone_toml_node *node;
	int r;

	hone_buf_adds(&text, "v =");
	hone_buf_addv(&text, hone_view_trim(hone_view_of(value)));
	r = hone_toml_parse("value", hone_buf_view(&text), HONE_TOML_1_0, &doc, err);
	if (r < 0)
		return r;
	node = hone_toml_at(&doc->root, 0);
	if (hone_toml_count(&doc->root) != 1 || node->end != doc->n) {
		hone_toml_free(doc);
		return hone_err_set(err, HONE_E_SYNTAX, "`%s` is more than one TOML value", value);
	}
	*ret_doc = doc;
	*ret_value = node;
	return 0;
}

/* An error about the node that the first n keys of path lead to. */
static int conflict(const struct hone_toml_node *node, const char *const *path, size_t n,
	const char *what, struct hone_err *err)
{
	hone_auto_buf struct hone_buf name = HONE_BUF_INIT;

	hone_toml_quote_path(&name, path, n);
	return hone_toml_complain(
		node, HONE_E_CONFLICT, err, "`%s` is %s", hone_buf_str(&name), what);
}

/* Follows path as far as it exists: *ret_node is where it leads, *ret_n how many keys led there.
 * HONE_E_CONFLICT when it goes on below something that is no table. */
static int follow(const struct hone_toml *doc, const char *const *path, size_t n,
	const struct hone_toml_node **ret_node, size_t *ret_n, struct hone_err *err)
{
	const struct hone_toml_node *node = &doc->root;
	size_t i;

	for (i = 0; i < n; i++) {
		const struct hone_toml_node *next;

		if (!hone_toml_is_table(node))
			return conflict(node, path, i,
				node->type == HONE_TOML_ARRAY
					? "an array, through which no key path leads"
					: "a value, so it cannot hold a key",
				err);
		next = hone_toml_child(node, hone_view_of(path[i]));
		if (!next)
			break;
		node = next;
	}
	*ret_node = node;
	*ret_n = i;
	return 0;
}

static int set_node(struct hone_toml *doc, const char *const *path, size_t n,
	const struct hone_toml_node *value, struct hone_err *err)
{
	hone_auto_toml_edit struct hone_toml_edit edit = {.doc = doc, .path = path, .n_path = n};
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	const struct hone_toml_node *node = NULL;
	size_t n_found = 0;
	int r;

	r = follow(doc, path, n, &node, &n_found, err);
	if (r < 0)
		return r;
	if (n_found == n) {
		if (node->form != HONE_TOML_FORM_VALUE)
			return conflict(
				node, path, n, "a table with keys of its own, not a value", err);
		if (hone_toml_same(node, value))
			return 0;
		hone_toml_add_value(doc, node, value, &text);
		hone_toml_splice(&edit, node->at, node->end, hone_buf_view(&text));
	} else {
		hone_toml_insert(&edit, node, n_found, value);
	}
	return hone_toml_commit(&edit, HONE_TOML_WISH_SET, value, err);
}

int hone_toml_set(struct hone_toml *doc, const char *const *path, size_t n, const char *value,
	struct hone_err *err)
{
	struct hone_toml *value_doc;
	const struct hone_toml_node *node;
	int r;

	if (n == 0)
		hone_bug("an empty key path");
	r = parse_value(value, &value_doc, &node, err);
	if (r < 0)
		return r;
	r = set_node(doc, path, n, node, err);
	hone_toml_free(value_doc);
	return r;
}

int hone_toml_put(struct hone_toml *doc, const char *const *path, size_t n, const char *value,
	struct hone_err *err)
{
	const struct hone_toml_node *node = hone_toml_get_path(doc, path, n);

	if (node && hone_view_is(hone_toml_raw(node), value))
		return 0;
	return hone_toml_set(doc, path, n, value, err);
}

static int append_node(struct hone_toml *doc, const char *const *path, size_t n,
	const struct hone_toml_node *value, struct hone_err *err)
{
	hone_auto_toml_edit struct hone_toml_edit edit = {.doc = doc, .path = path, .n_path = n};
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	const struct hone_toml_node *array = hone_toml_get_path(doc, path, n);
	const struct hone_toml_node *last;
	size_t count;

	if (array->type != HONE_TOML_ARRAY || array->form != HONE_TOML_FORM_VALUE)
		return hone_toml_complain(
			array, HONE_E_CONFLICT, err, "`%s` is not an array of values", path[n - 1]);
	count = hone_toml_count(array);
	last = hone_toml_at(array, count - 1);
	hone_toml_add_value(doc, last, value, &text);
	hone_toml_add_item(
		&edit, array, last ? last->at : 0, last ? last->end : 0, hone_buf_view(&text));
	return hone_toml_commit(&edit, HONE_TOML_WISH_APPEND, value, err);
}

int hone_toml_append(struct hone_toml *doc, const char *const *path, size_t n, const char *value,
	struct hone_err *err)
{
	hone_auto_buf struct hone_buf list = HONE_BUF_INIT;
	struct hone_toml *value_doc;
	const struct hone_toml_node *node;
	int r;

	if (n == 0)
		hone_bug("an empty key path");
	r = parse_value(value, &value_doc, &node, err);
	if (r < 0)
		return r;
	if (hone_toml_get_path(doc, path, n)) {
		r = append_node(doc, path, n, node, err);
	} else {
		hone_buf_addc(&list, '[');
		hone_toml_add_value(doc, NULL, node, &list);
		hone_buf_addc(&list, ']');
		r = hone_toml_set(doc, path, n, hone_buf_str(&list), err);
	}
	hone_toml_free(value_doc);
	return r;
}
