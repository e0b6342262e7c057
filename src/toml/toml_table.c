#include "toml_impl.h"

#include "hash.h"

#include <string.h>

/* Fewer children than this are searched one by one. */
#define INDEX_FROM 9

static struct hone_view key_of(const struct hone_toml_node *node)
{
	return (struct hone_view){node->key, node->key_n};
}

/* The slot of index that holds the child with this key, or the free one where it belongs. */
static uint32_t *find_slot(const struct hone_toml_children *c, struct hone_view key)
{
	uint32_t i = (uint32_t)hone_hash_bytes(key).lo & c->mask;

	while (c->index[i] && !hone_view_eq(key_of(c->v[c->index[i] - 1]), key))
		i = (i + 1) & c->mask;
	return &c->index[i];
}

struct hone_toml_node *hone_toml_child(const struct hone_toml_node *table, struct hone_view key)
{
	const struct hone_toml_children *c = table->u.children;

	if (c->index) {
		uint32_t slot = *find_slot(c, key);

		return slot ? c->v[slot - 1] : NULL;
	}
	for (uint32_t i = 0; i < c->n; i++)
		if (hone_view_eq(key_of(c->v[i]), key))
			return c->v[i];
	return NULL;
}

/* Enters the last child into the index, which is built anew when it gets half full. */
static void index_last(struct hone_arena *arena, struct hone_toml_children *c)
{
	uint32_t first = c->n - 1;

	if (c->n < INDEX_FROM)
		return;
	if (!c->index || c->n > (c->mask + 1) / 2) {
		uint32_t slots = 4 * INDEX_FROM;

		while (slots < 4 * c->n)
			slots *= 2;
		while (slots & (slots - 1))
			slots &= slots - 1;
		c->index = hone_arena_alloc(arena, hone_size_mul(slots, sizeof(*c->index)));
		c->mask = slots - 1;
		first = 0;
	}
	for (uint32_t i = first; i < c->n; i++)
		*find_slot(c, key_of(c->v[i])) = i + 1;
}

static void push_child(
	struct hone_arena *arena, struct hone_toml_node *parent, struct hone_toml_node *node)
{
	struct hone_toml_children *c = parent->u.children;

	if (c->n == c->cap) {
		uint32_t cap = c->cap ? c->cap * 2 : 4;
		struct hone_toml_node **v = hone_arena_alloc(arena, hone_size_mul(cap, sizeof(*v)));

		if (c->n)
			memcpy(v, c->v, c->n * sizeof(*v));
		c->v = v;
		c->cap = cap;
	}
	c->v[c->n++] = node;
	if (parent->type == HONE_TOML_TABLE)
		index_last(arena, c);
}

int hone_toml_node_open(
	struct hone_toml_parser *ps, struct hone_toml_node *node, enum hone_toml_type type)
{
	if (node->depth > HONE_TOML_MAX_DEPTH)
		return hone_toml_fail_at(ps->doc, node->at, HONE_E_LIMIT, ps->err,
			"nested deeper than %d levels, which is refused", HONE_TOML_MAX_DEPTH);
	node->type = (uint8_t)type;
	node->u.children = HONE_ARENA_NEW(&ps->doc->arena, struct hone_toml_children);
	return 0;
}

int hone_toml_node_add(struct hone_toml_parser *ps, struct hone_toml_node *parent,
	const struct hone_toml_key_part *part, enum hone_toml_form form,
	struct hone_toml_node **ret_node)
{
	struct hone_toml_node *node = HONE_ARENA_NEW(&ps->doc->arena, struct hone_toml_node);

	node->parent = parent;
	node->form = (uint8_t)form;
	node->depth = (uint8_t)(parent->depth + 1);
	if (part) {
		node->key = part->key.p;
		node->key_n = (uint32_t)part->key.n;
		node->key_at = part->at;
		node->key_end = part->end;
		node->expr_at = ps->parts[0].at;
		node->at = part->at;
		node->end = part->end;
	} else {
		node->key_at = node->key_end = node->expr_at = node->at = node->end = ps->at;
	}
	if (form != HONE_TOML_FORM_VALUE) {
		int r = hone_toml_node_open(
			ps, node, form == HONE_TOML_FORM_AOT ? HONE_TOML_ARRAY : HONE_TOML_TABLE);

		if (r < 0)
			return r;
	}
	push_child(&ps->doc->arena, parent, node);
	*ret_node = node;
	return 0;
}

/* "`key` is already ..." with the line where that was. */
static int fail_taken(const struct hone_toml_parser *ps, const struct hone_toml_key_part *part,
	const struct hone_toml_node *old, const char *why)
{
	return hone_toml_fail_from(
		ps, part->at, "%s (line %u)", why, hone_toml_pos_of(ps->doc, old->expr_at).line);
}

int hone_toml_walk_dotted(struct hone_toml_parser *ps, struct hone_toml_node *table,
	struct hone_toml_node **ret_table)
{
	for (size_t i = 0; i + 1 < ps->n_parts; i++) {
		const struct hone_toml_key_part *part = &ps->parts[i];
		struct hone_toml_node *next = hone_toml_child(table, part->key);

		if (!next) {
			int r = hone_toml_node_add(ps, table, part, HONE_TOML_FORM_DOTTED, &next);

			if (r < 0)
				return r;
		} else if (next->type != HONE_TOML_TABLE) {
			return fail_taken(ps, part, next, "this key is a value, not a table");
		} else if (next->form == HONE_TOML_FORM_IMPLIED) {
			next->form = HONE_TOML_FORM_DOTTED;
		} else if (next->form != HONE_TOML_FORM_DOTTED) {
			return fail_taken(ps, part, next,
				"dotted keys cannot add to a table that is defined elsewhere");
		}
		table = next;
	}
	*ret_table = table;
	return 0;
}

/* The table that a header's part leads to on its way to the last one. */
static int walk_header(struct hone_toml_parser *ps, struct hone_toml_node *table,
	const struct hone_toml_key_part *part, struct hone_toml_node **ret_table)
{
	struct hone_toml_node *next = hone_toml_child(table, part->key);

	if (!next)
		return hone_toml_node_add(ps, table, part, HONE_TOML_FORM_IMPLIED, ret_table);
	if (next->form == HONE_TOML_FORM_AOT)
		next = next->u.children->v[next->u.children->n - 1];
	else if (next->form == HONE_TOML_FORM_VALUE)
		return fail_taken(ps, part, next,
			next->type == HONE_TOML_TABLE ? "a header cannot add to an inline table"
						      : "this key is a value, not a table");
	*ret_table = next;
	return 0;
}

static int define_array_element(struct hone_toml_parser *ps, struct hone_toml_node *table,
	const struct hone_toml_key_part *part, struct hone_toml_node **ret_table)
{
	struct hone_toml_node *array = hone_toml_child(table, part->key);
	int r;

	if (!array) {
		r = hone_toml_node_add(ps, table, part, HONE_TOML_FORM_AOT, &array);
		if (r < 0)
			return r;
	} else if (array->form != HONE_TOML_FORM_AOT) {
		return fail_taken(ps, part, array,
			array->type == HONE_TOML_ARRAY
				? "[[...]] cannot add to an array that is written as a value"
				: "this key is already used, and not as [[...]]");
	}
	return hone_toml_node_add(ps, array, NULL, HONE_TOML_FORM_HEADER, ret_table);
}

static int define_table(struct hone_toml_parser *ps, struct hone_toml_node *table,
	const struct hone_toml_key_part *part, struct hone_toml_node **ret_table)
{
	struct hone_toml_node *old = hone_toml_child(table, part->key);

	if (!old)
		return hone_toml_node_add(ps, table, part, HONE_TOML_FORM_HEADER, ret_table);
	if (old->form == HONE_TOML_FORM_AOT)
		return fail_taken(ps, part, old, "this is an array of tables: write [[...]]");
	if (old->form != HONE_TOML_FORM_IMPLIED)
		return fail_taken(ps, part, old,
			old->type == HONE_TOML_TABLE ? "this table is already defined"
						     : "this key is already used");
	old->form = HONE_TOML_FORM_HEADER;
	old->key_at = part->at;
	old->key_end = part->end;
	*ret_table = old;
	return 0;
}

int hone_toml_define_header(
	struct hone_toml_parser *ps, uint32_t at, bool is_array, struct hone_toml_node **ret_table)
{
	struct hone_toml_node *table = &ps->doc->root;
	const struct hone_toml_key_part *last = &ps->parts[ps->n_parts - 1];
	int r;

	for (const struct hone_toml_key_part *part = ps->parts; part < last; part++) {
		r = walk_header(ps, table, part, &table);
		if (r < 0)
			return r;
	}
	r = is_array ? define_array_element(ps, table, last, &table)
		     : define_table(ps, table, last, &table);
	if (r < 0)
		return r;
	table->expr_at = table->at = at;
	table->end = ps->at;
	*ret_table = table;
	return 0;
}
