/* Profile tables put over each other. */
#include "profile_table.h"

#include "text_map.h"

#include <string.h>

/* One spelling of all that hone_profile_spec_eq calls the same. The caller frees. */
static char *one_spelling(const char *spec)
{
	char *text = hone_xstrdup(spec);
	char *colon = strstr(text, "://") ? NULL : strrchr(text, ':');

	if (colon)
		*colon = '@';
	return text;
}

bool hone_profile_spec_eq(const char *a, const char *b)
{
	const char *colon_a = strstr(a, "://") ? NULL : strrchr(a, ':');
	const char *colon_b = strstr(b, "://") ? NULL : strrchr(b, ':');

	if (strlen(a) != strlen(b))
		return false;
	for (; *a; a++, b++) {
		bool at_a = *a == '@' || a == colon_a, at_b = *b == '@' || b == colon_b;
		if (*a != *b && !(at_a && at_b))
			return false;
	}
	return true;
}

static void merge_body(struct hone_profile_body *b, const struct hone_profile_body *over)
{
	for (size_t k = 0; k < HONE_KEY_COUNT; k++)
		if (over->key[k])
			b->key[k] = over->key[k];
}

/* Where the spec is, put there first when it was nowhere. */
static size_t put_spec(struct hone_text_map *m, const char *spec, size_t at)
{
	hone_auto_free char *text = one_spelling(spec);

	if (!hone_text_map_get(m, text, &at))
		hone_text_map_put(m, text, at);
	return at;
}

void hone_profile_table_merge(struct hone_profile_table *t, const struct hone_profile_table *over)
{
	hone_auto_text_map struct hone_text_map mine = HONE_TEXT_MAP_INIT;

	merge_body(&t->body, &over->body);
	merge_body(&t->build, &over->build);
	t->has_build = t->has_build || over->has_build;
	t->has_packages = t->has_packages || over->has_packages;
	for (size_t i = 0; i < t->overrides.n; i++)
		put_spec(&mine, t->overrides.v[i].spec, i);
	for (size_t i = 0; i < over->overrides.n; i++) {
		const struct hone_profile_override *o = &over->overrides.v[i];
		size_t at = put_spec(&mine, o->spec, t->overrides.n);

		if (at < t->overrides.n)
			merge_body(&t->overrides.v[at].body, &o->body);
		else
			hone_vec_push(&t->overrides, *o);
	}
}
