#include "text_map.h"

#include "hash.h"

#include <string.h>

/* The slot of a key, or the free one where it belongs. There is a free one. */
static struct hone_text_slot *slot_of(const struct hone_text_map *m, const char *key)
{
	size_t at = (size_t)hone_hash_bytes(hone_view_of(key)).lo & (m->cap - 1);

	while (m->slots[at].key && strcmp(m->slots[at].key, key) != 0)
		at = (at + 1) & (m->cap - 1);
	return &m->slots[at];
}

bool hone_text_map_get(const struct hone_text_map *m, const char *key, size_t *ret_value)
{
	const struct hone_text_slot *slot = m->n ? slot_of(m, key) : NULL;

	if (!slot || !slot->key)
		return false;
	*ret_value = slot->value;
	return true;
}

static void grow(struct hone_text_map *m)
{
	struct hone_text_map more = {.n = m->n, .cap = m->cap ? m->cap * 2 : 64};

	if ((m->n + 1) * 2 <= m->cap)
		return;
	more.slots = hone_xcalloc(more.cap, sizeof(*more.slots));
	for (size_t i = 0; i < m->cap; i++)
		if (m->slots[i].key)
			*slot_of(&more, m->slots[i].key) = m->slots[i];
	free(m->slots);
	*m = more;
}

void hone_text_map_put(struct hone_text_map *m, const char *key, size_t value)
{
	grow(m);
	*slot_of(m, key) = (struct hone_text_slot){hone_xstrdup(key), value};
	m->n++;
}

void hone_text_map_release(struct hone_text_map *m)
{
	for (size_t i = 0; i < m->cap; i++)
		free(m->slots[i].key);
	free(m->slots);
	*m = (struct hone_text_map){0};
}
