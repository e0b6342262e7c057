#include "size_rows.h"

#include <string.h>

static uint64_t magnitude(int64_t x)
{
	return x < 0 ? 0 - (uint64_t)x : (uint64_t)x;
}

static int by_change(const void *a, const void *b)
{
	const struct hone_size_diff_row *x = a, *y = b;
	if (magnitude(x->delta) != magnitude(y->delta))
		return magnitude(x->delta) > magnitude(y->delta) ? -1 : 1;
	int c = strcmp(x->name, y->name);
	return c ? c : (int)x->kind - (int)y->kind;
}

static bool has_version(const char *name)
{
	const char *blank = *name == '[' ? NULL : strchr(name, ' ');

	return blank && blank[1] >= '0' && blank[1] <= '9';
}

struct hone_view hone_size_crate(const char *name)
{
	size_t n = strcspn(name, " ");
	bool is_told = has_version(name) || strcmp(name + n, " (of std)") == 0;

	return *name != '[' && is_told ? (struct hone_view){name, n} : hone_view_of(name);
}

/* What a row is known by: its name, of a crate of std's without the mark that the program has one of that name, too. */
static struct hone_view key_of(const char *name)
{
	static const char mark[] = " (of std)";
	struct hone_view v = hone_view_of(name);

	return hone_ends(name, mark) ? hone_view_sub(v, 0, v.n - strlen(mark)) : v;
}

/* The rows of a crate: whether a side (0: old) has some with a version, and some without; and a name with one. */
struct crate {
	bool versions[2], plain[2];
	const char *name;
	bool several; /* versions */
};

struct matching {
	bool by_crate;
	struct hone_size_rows crates;
	struct crate *facts; /* of each of them */
};

static struct crate *crate_of(struct matching *m, const struct hone_size_row *r)
{
	const struct hone_size_row *found =
		hone_size_rows_get(&m->crates, hone_size_crate(r->name), r->kind);

	return &m->facts[found - m->crates.v];
}

static void look_at(struct matching *m, const struct hone_size_table *t, size_t side)
{
	for (size_t i = 0; m->by_crate && i < t->n; i++) {
		struct crate *c = crate_of(m, &t->rows[i]);

		if (!has_version(t->rows[i].name)) {
			c->plain[side] = true;
			continue;
		}
		c->versions[side] = true;
		c->several |= c->name && !hone_view_eq(key_of(c->name), key_of(t->rows[i].name));
		c->name = t->rows[i].name;
	}
}

/* What both sides call a row. A side that knows no version of a crate, as of std's where no paths are left, has the same
 * crate as one that does. */
static struct hone_view common_name(struct matching *m, const struct hone_size_row *r)
{
	const struct crate *c;

	if (!m->by_crate)
		return hone_view_of(r->name);
	c = crate_of(m, r);
	for (size_t side = 0; side < 2; side++)
		if (c->plain[side] && !c->versions[side] && c->versions[!side])
			return c->several ? hone_size_crate(r->name) : key_of(c->name);
	return key_of(r->name);
}

struct hone_size_diff hone_size_diff(
	const struct hone_size_table *old, const struct hone_size_table *new)
{
	struct hone_size_diff d = {.old_size = old->size,
		.new_size = new->size,
		.delta = (int64_t)(new->size - old->size),
		.by = new->by};
	struct matching m = {
		.by_crate = new->by == HONE_SIZE_BY_CRATE || new->by == HONE_SIZE_BY_INSTANCE,
		.facts = hone_xcalloc(old->n + new->n + 1, sizeof(*m.facts))};
	/* size holds the old bytes, code the new ones. */
	struct hone_size_rows both = {0};

	look_at(&m, old, 0);
	look_at(&m, new, 1);
	for (size_t i = 0; i < old->n; i++)
		hone_size_rows_get(&both, common_name(&m, &old->rows[i]), old->rows[i].kind)
			->size += old->rows[i].size;
	for (size_t i = 0; i < new->n; i++)
		hone_size_rows_get(&both, common_name(&m, &new->rows[i]), new->rows[i].kind)
			->code += new->rows[i].size;
	d.rows = hone_xcalloc(both.n + 1, sizeof *d.rows);
	for (size_t i = 0; i < both.n; i++) {
		struct hone_size_row *r = &both.v[i];
		if (r->size == r->code)
			continue;
		d.rows[d.n++] = (struct hone_size_diff_row){.name = HONE_TAKE(r->name),
			.kind = r->kind,
			.old_size = r->size,
			.new_size = r->code,
			.delta = (int64_t)(r->code - r->size)};
	}
	if (d.n > 0)
		qsort(d.rows, d.n, sizeof *d.rows, by_change);
	hone_size_rows_release(&both);
	hone_size_rows_release(&m.crates);
	free(m.facts);
	return d;
}

void hone_size_diff_release(struct hone_size_diff *d)
{
	for (size_t i = 0; i < d->n; i++)
		free(d->rows[i].name);
	free(d->rows);
	*d = (struct hone_size_diff)HONE_SIZE_DIFF_INIT;
}
