#include "changes.h"

#include "num.h"

#include <string.h>

/* Parts named in one line. */
#define SHOWN_PARTS 3

static const struct hone_assign *same_key(
	const struct hone_candidate *c, const struct hone_assign *a)
{
	return hone_candidate_get(c, a->setting->id, a->package);
}

static char *setting_text(const struct hone_assign *a, const struct hone_assign *instead_of)
{
	hone_auto_free char *key = hone_assign_key(a);

	if (instead_of)
		return hone_xasprintf("%s=%s for %s", key, a->value, instead_of->value);
	return hone_xasprintf("%s=%s", key, a->value);
}

/* Fills in what trial assigns otherwise than beside; counts what only beside assigns, too, and calls it
 * `without` nothing: such a pair is looked at from its other end. */
static void compare_settings(const struct hone_candidate *trial,
	const struct hone_candidate *beside, struct hone_change *c)
{
	const struct hone_assign *only = NULL, *other = NULL;
	bool lacks = false;

	for (size_t i = 0; i < trial->n; i++) {
		const struct hone_assign *there = same_key(beside, &trial->assigns[i]);

		if (there && strcmp(there->value, trial->assigns[i].value) == 0)
			continue;
		only = &trial->assigns[i];
		other = there;
		c->n_settings++;
	}
	for (size_t i = 0; i < beside->n; i++)
		if (!same_key(trial, &beside->assigns[i])) {
			lacks = true;
			c->n_settings++;
		}
	if (c->n_settings != 1 || lacks)
		return;
	c->setting = setting_text(only, other);
	c->key = only->setting;
}

void hone_changes_find(
	const struct hone_change_side *sides, size_t n, struct hone_changes *ret_changes)
{
	struct hone_changes list = {0};

	for (size_t i = 1; i < n; i++) {
		for (size_t k = 0; k < n; k++) {
			struct hone_change c = {.trial = i, .beside = k};

			if (i == k || !sides[i].bytes->n || !sides[k].bytes->n)
				continue;
			compare_settings(sides[i].candidate, sides[k].candidate, &c);
			/* Two values of one setting make one pair, not two. */
			if (k > 0 && (!c.setting || (k > i && strstr(c.setting, " for ")))) {
				free(c.setting);
				continue;
			}
			c.diff = hone_size_diff(sides[k].bytes, sides[i].bytes);
			hone_vec_push(&list, c);
		}
	}
	*ret_changes = list;
}

void hone_changes_release(struct hone_changes *c)
{
	for (size_t i = 0; i < c->n; i++) {
		free(c->v[i].setting);
		hone_size_diff_release(&c->v[i].diff);
	}
	hone_vec_release(c);
}

char *hone_change_parts(const struct hone_change *c)
{
	struct hone_buf b = HONE_BUF_INIT;
	char text[HONE_NUM_TEXT];
	int64_t rest = c->diff.delta;

	for (size_t i = 0; i < c->diff.n && i < SHOWN_PARTS; i++) {
		const struct hone_size_diff_row *r = &c->diff.rows[i];

		hone_buf_addf(
			&b, "%s%s %s", i ? ", " : "", r->name, hone_text_delta(text, r->delta));
		rest -= r->delta;
	}
	if (c->diff.n > SHOWN_PARTS)
		hone_buf_addf(&b, ", %zu others %s", c->diff.n - SHOWN_PARTS,
			hone_text_delta(text, rest));
	return hone_buf_detach(&b);
}
