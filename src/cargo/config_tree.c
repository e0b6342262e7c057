#include "config_tree.h"

#include <string.h>

const char *hone_config_type_name(enum hone_config_type type)
{
	static const char *const names[] = {
		[HONE_CONFIG_STRING] = "string",
		[HONE_CONFIG_INTEGER] = "integer",
		[HONE_CONFIG_BOOL] = "boolean",
		[HONE_CONFIG_LIST] = "array",
		[HONE_CONFIG_TABLE] = "table",
	};
	return names[type];
}

const struct hone_config_value *hone_config_entry(
	const struct hone_config_value *table, const char *key)
{
	if (!table || table->type != HONE_CONFIG_TABLE)
		return NULL;
	for (size_t i = 0; i < table->n_items; i++) {
		size_t at = (*table->near + i) % table->n_items;

		if (strcmp(table->items[at]->key, key) != 0)
			continue;
		*table->near = at;
		return table->items[at];
	}
	return NULL;
}

void hone_config_add(
	struct hone_arena *arena, struct hone_config_value *to, struct hone_config_value *item)
{
	if (to->n_items == to->cap_items) {
		size_t cap = to->cap_items ? hone_size_mul(to->cap_items, 2) : 4;
		struct hone_config_value **items = hone_arena_alloc(
			arena, hone_size_mul(cap, sizeof(struct hone_config_value *)));
		if (to->n_items)
			memcpy(items, to->items, to->n_items * sizeof(*items));
		to->items = items;
		to->cap_items = cap;
		to->near = hone_arena_alloc(arena, sizeof(*to->near));
		*to->near = 0;
	}
	to->items[to->n_items++] = item;
}

void hone_config_sort(struct hone_config_value *list)
{
	for (size_t i = 1; i < list->n_items; i++) {
		struct hone_config_value *item = list->items[i];
		size_t at = i;
		for (; at > 0 && list->items[at - 1]->source > item->source; at--)
			list->items[at] = list->items[at - 1];
		list->items[at] = item;
	}
}
