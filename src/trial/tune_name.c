/* Candidates of a search in words: a recipe with changes, and what differs between two. */
#include "tune_impl.h"

#include <string.h>

/* A candidate as that recipe with changes; NULL where the recipe cannot be had. */
static char *spelt_from(const struct hone_tune *t, const char *root, const struct hone_candidate *c)
{
	hone_auto_buf struct hone_buf name = HONE_BUF_INIT;
	struct hone_candidate *from = NULL;

	if (hone_candidate_parse_allowed(root, t->request->allowed, &from, NULL))
		return NULL;
	hone_buf_adds(&name, root);
	for (size_t i = 0; i < c->n; i++) {
		const struct hone_assign *a = &c->assigns[i];
		const struct hone_assign *b = hone_candidate_get(from, a->setting->id, a->package);
		hone_auto_free char *key = hone_assign_key(a);

		if (!b || strcmp(a->value, b->value) != 0)
			hone_buf_addf(&name, ",%s=%s", key, a->value);
	}
	for (size_t i = 0; i < from->n; i++) {
		const struct hone_assign *b = &from->assigns[i];
		hone_auto_free char *key = hone_assign_key(b);

		if (!hone_candidate_get(c, b->setting->id, b->package))
			hone_buf_addf(&name, ",%s=unset", key);
	}
	hone_candidate_free(from);
	return hone_buf_detach(&name);
}

void hone_tune_name(const struct hone_tune *t, struct hone_candidate *c)
{
	hone_auto_free char *root = hone_xstrndup(c->name, strcspn(c->name, ",+"));
	char *name = spelt_from(t, root, c);
	hone_auto_free char *plain = spelt_from(t, "baseline", c);

	if (!name)
		return;
	/* A search may leave little of the recipe that it began from. */
	if (plain && strlen(plain) < strlen(name)) {
		free(name);
		name = HONE_TAKE(plain);
	}
	free(c->name);
	c->name = name;
}

char *hone_tune_change(const struct hone_candidate *from, const struct hone_candidate *to)
{
	struct hone_buf text = HONE_BUF_INIT;

	for (size_t i = 0; i < to->n; i++) {
		const struct hone_assign *a = &to->assigns[i];
		const struct hone_assign *b = hone_candidate_get(from, a->setting->id, a->package);
		hone_auto_free char *key = hone_assign_key(a);

		if (!b || strcmp(b->value, a->value) != 0)
			hone_buf_addf(&text, "%s%s=%s", text.n ? ", " : "", key, a->value);
	}
	for (size_t i = 0; i < from->n; i++) {
		const struct hone_assign *b = &from->assigns[i];
		hone_auto_free char *key = hone_assign_key(b);

		if (!hone_candidate_get(to, b->setting->id, b->package))
			hone_buf_addf(&text, "%s%s unset", text.n ? ", " : "", key);
	}
	return hone_buf_detach(&text);
}
