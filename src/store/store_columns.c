/* The columns of a row, one after the other. */
#include "store_fields.h"

#include <math.h>

int64_t hone_column_int(struct hone_columns *c)
{
	return sqlite3_column_int64(c->q, c->at++);
}

uint64_t hone_column_size(struct hone_columns *c)
{
	int64_t x = hone_column_int(c);

	return x < 0 ? 0 : (uint64_t)x;
}

double hone_column_real(struct hone_columns *c)
{
	int at = c->at++;

	return sqlite3_column_type(c->q, at) == SQLITE_NULL ? NAN : sqlite3_column_double(c->q, at);
}

/* NULL stays NULL; a text ends at its first NUL. */
const char *hone_column_text(struct hone_columns *c)
{
	const unsigned char *text = sqlite3_column_text(c->q, c->at++);

	return text ? hone_arena_strdup(c->arena, (const char *)text) : NULL;
}

/* The same for columns that are never NULL. */
const char *hone_column_word(struct hone_columns *c)
{
	const char *text = hone_column_text(c);

	return text ? text : "";
}

int hone_store_damaged(struct hone_store *s, struct hone_err *err)
{
	hone_err_set(err, HONE_E_FAILED, "%s: damaged: its tables contradict each other", s->path);
	return hone_err_hint(err, "move it away: hone begins a new one and never deletes this one");
}

int hone_column_next(
	struct hone_store *s, struct hone_columns *c, size_t expected, struct hone_err *err)
{
	int rc = sqlite3_step(c->q);

	c->at = 0;
	if (rc == SQLITE_DONE)
		return 0;
	if (rc != SQLITE_ROW)
		return hone_store_fail(s, rc, err);
	return hone_column_int(c) == (int64_t)expected ? 1 : hone_store_damaged(s, err);
}
