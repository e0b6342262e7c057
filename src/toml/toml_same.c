#include "toml_edit_impl.h"

#include <math.h>
#include <string.h>

static bool same_children(const struct hone_toml_node *a, const struct hone_toml_node *b)
{
	const struct hone_toml_children *ca = a->u.children;
	const struct hone_toml_children *cb = b->u.children;

	if (ca->n != cb->n)
		return false;
	for (uint32_t i = 0; i < ca->n; i++) {
		const struct hone_toml_node *other = cb->v[i];

		if (hone_toml_is_table(a))
			other = hone_toml_child(b, hone_toml_key(ca->v[i]));
		if (!other || !hone_toml_same(ca->v[i], other))
			return false;
	}
	return true;
}

bool hone_toml_same(const struct hone_toml_node *a, const struct hone_toml_node *b)
{
	if (a->type != b->type)
		return false;
	switch (hone_toml_type(a)) {
	case HONE_TOML_STRING:
		return hone_view_eq((struct hone_view){a->u.string, a->string_n},
			(struct hone_view){b->u.string, b->string_n});
	case HONE_TOML_INTEGER:
		return a->u.integer == b->u.integer;
	case HONE_TOML_FLOAT: /* 0.0 and -0.0 differ, nan equals itself */
		return (isnan(a->u.number) && isnan(b->u.number)) ||
		       memcmp(&a->u.number, &b->u.number, sizeof(double)) == 0;
	case HONE_TOML_BOOL:
		return a->u.boolean == b->u.boolean;
	case HONE_TOML_OFFSET_DATETIME:
	case HONE_TOML_LOCAL_DATETIME:
	case HONE_TOML_LOCAL_DATE:
	case HONE_TOML_LOCAL_TIME:
		return hone_view_eq(hone_toml_raw(a), hone_toml_raw(b));
	case HONE_TOML_ARRAY:
	case HONE_TOML_TABLE:
		return same_children(a, b);
	}
	hone_bug("TOML node of type %d", a->type);
}

/* The array is what it was, with value behind it. */
static bool same_with_value(const struct hone_toml_node *before, const struct hone_toml_node *after,
	const struct hone_toml_node *value)
{
	size_t n = hone_toml_count(before);

	if (before->type != HONE_TOML_ARRAY || after->type != HONE_TOML_ARRAY ||
		hone_toml_count(after) != n + 1)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!hone_toml_same(hone_toml_at(before, i), hone_toml_at(after, i)))
			return false;
	return hone_toml_same(hone_toml_at(after, n), value);
}

/* All keys of a but one are in b too, with the same values. A table that is not there (NULL) is an
 * empty one: edits create tables on their way and may remove the last key that implied one. */
static bool has_same_others(
	const struct hone_toml_node *a, const struct hone_toml_node *b, struct hone_view except)
{
	for (size_t i = 0; a && i < hone_toml_count(a); i++) {
		const struct hone_toml_node *child = hone_toml_at(a, i);
		const struct hone_toml_node *other;

		if (hone_view_eq(hone_toml_key(child), except))
			continue;
		other = b ? hone_toml_child(b, hone_toml_key(child)) : NULL;
		if (!other || !hone_toml_same(child, other))
			return false;
	}
	return true;
}

bool hone_toml_as_wished(const struct hone_toml_node *before, const struct hone_toml_node *after,
	const char *const *path, size_t n, enum hone_toml_wish wish,
	const struct hone_toml_node *value)
{
	for (size_t i = 0; i < n; i++) {
		struct hone_view key = hone_view_of(path[i]);

		if ((before && !hone_toml_is_table(before)) ||
			(after && !hone_toml_is_table(after)) ||
			!has_same_others(before, after, key) ||
			!has_same_others(after, before, key))
			return false;
		before = before ? hone_toml_child(before, key) : NULL;
		after = after ? hone_toml_child(after, key) : NULL;
	}
	switch (wish) {
	case HONE_TOML_WISH_SET:
		return after && hone_toml_same(after, value);
	case HONE_TOML_WISH_APPEND:
		return before && after && same_with_value(before, after, value);
	case HONE_TOML_WISH_REMOVE:
		return before && !after;
	}
	hone_bug("TOML wish %d", (int)wish);
}
