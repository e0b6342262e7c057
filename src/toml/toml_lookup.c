#include "toml_impl.h"

#include <string.h>

const char *hone_toml_name(const struct hone_toml *doc)
{
	return doc->name;
}

void hone_toml_print(const struct hone_toml *doc, struct hone_buf *out)
{
	hone_buf_add(out, doc->text, doc->n);
}

const struct hone_toml_node *hone_toml_root(const struct hone_toml *doc)
{
	return &doc->root;
}

const struct hone_toml_node *hone_toml_get(const struct hone_toml_node *table, const char *key)
{
	if (!table || !hone_toml_is_table(table))
		return NULL;
	return hone_toml_child(table, hone_view_of(key));
}

const struct hone_toml_node *hone_toml_get_path(
	const struct hone_toml *doc, const char *const *path, size_t n)
{
	const struct hone_toml_node *node = &doc->root;

	for (size_t i = 0; i < n; i++)
		node = hone_toml_get(node, path[i]);
	return node;
}

enum hone_toml_type hone_toml_type(const struct hone_toml_node *node)
{
	return (enum hone_toml_type)node->type;
}

const char *hone_toml_type_name(enum hone_toml_type type)
{
	static const char *const names[] = {
		[HONE_TOML_STRING] = "string",
		[HONE_TOML_INTEGER] = "integer",
		[HONE_TOML_FLOAT] = "float",
		[HONE_TOML_BOOL] = "bool",
		[HONE_TOML_OFFSET_DATETIME] = "date-time",
		[HONE_TOML_LOCAL_DATETIME] = "local date-time",
		[HONE_TOML_LOCAL_DATE] = "local date",
		[HONE_TOML_LOCAL_TIME] = "local time",
		[HONE_TOML_ARRAY] = "array",
		[HONE_TOML_TABLE] = "table",
	};

	return names[type];
}

static bool has_children(const struct hone_toml_node *node)
{
	return node->type == HONE_TOML_TABLE || node->type == HONE_TOML_ARRAY;
}

size_t hone_toml_count(const struct hone_toml_node *node)
{
	return has_children(node) ? node->u.children->n : 0;
}

const struct hone_toml_node *hone_toml_at(const struct hone_toml_node *node, size_t i)
{
	return i < hone_toml_count(node) ? node->u.children->v[i] : NULL;
}

struct hone_view hone_toml_key(const struct hone_toml_node *node)
{
	return node->key ? (struct hone_view){node->key, node->key_n} : HONE_VIEW("");
}

struct hone_view hone_toml_raw(const struct hone_toml_node *node)
{
	return (struct hone_view){hone_toml_doc_of(node)->text + node->at, node->end - node->at};
}

bool hone_toml_string(const struct hone_toml_node *node, struct hone_view *ret)
{
	if (node->type != HONE_TOML_STRING)
		return false;
	*ret = (struct hone_view){node->u.string, node->string_n};
	return true;
}

bool hone_toml_integer(const struct hone_toml_node *node, int64_t *ret)
{
	if (node->type != HONE_TOML_INTEGER)
		return false;
	*ret = node->u.integer;
	return true;
}

bool hone_toml_float(const struct hone_toml_node *node, double *ret)
{
	if (node->type != HONE_TOML_FLOAT)
		return false;
	*ret = node->u.number;
	return true;
}

bool hone_toml_bool(const struct hone_toml_node *node, bool *ret)
{
	if (node->type != HONE_TOML_BOOL)
		return false;
	*ret = node->u.boolean;
	return true;
}

bool hone_toml_is_inline(const struct hone_toml_node *table)
{
	while (table->form == HONE_TOML_FORM_DOTTED)
		table = table->parent;
	return table->form == HONE_TOML_FORM_VALUE;
}
