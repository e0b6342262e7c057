#include "result_check.h"

#include <string.h>

void hone_check_side_release(struct hone_check_side *s)
{
	hone_arena_release(&s->arena);
	*s = (struct hone_check_side)HONE_CHECK_SIDE_INIT;
}

static int row_order(const struct hone_check_row *x, const struct hone_check_row *y)
{
	int order = strcmp(x->owner, y->owner);

	if (!order)
		order = (int)x->kind - (int)y->kind;
	return order ? order : strcmp(x->name, y->name);
}

static int rows_by_name(const void *a, const void *b)
{
	return row_order(a, b);
}

static int deps_by_name(const void *a, const void *b)
{
	const struct hone_check_dep *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order ? order : strcmp(x->version, y->version);
}

static int settings_by_key(const void *a, const void *b)
{
	const struct hone_check_setting *x = a, *y = b;

	return strcmp(x->key, y->key);
}

static void sort(void *v, size_t n, size_t size, int (*order)(const void *, const void *))
{
	if (n)
		qsort(v, n, size, order);
}

void hone_check_side_sort(struct hone_check_side *s)
{
	size_t n = 0;

	sort(s->rows, s->n_rows, sizeof(*s->rows), rows_by_name);
	for (size_t i = 0; i < s->n_rows; i++) {
		if (n && row_order(&s->rows[n - 1], &s->rows[i]) == 0) {
			s->rows[n - 1].size += s->rows[i].size;
			s->rows[n - 1].items += s->rows[i].items;
		} else {
			s->rows[n++] = s->rows[i];
		}
	}
	s->n_rows = n;
	sort(s->deps, s->n_deps, sizeof(*s->deps), deps_by_name);
	sort(s->settings, s->n_settings, sizeof(*s->settings), settings_by_key);
}

/* ---- what changed */

static int by_change(const void *a, const void *b)
{
	const struct hone_check_change *x = a, *y = b;
	uint64_t m = x->delta < 0 ? -(uint64_t)x->delta : (uint64_t)x->delta;
	uint64_t n = y->delta < 0 ? -(uint64_t)y->delta : (uint64_t)y->delta;
	int order = m != n ? (m < n ? 1 : -1) : strcmp(x->owner, y->owner);

	return order ? order : strcmp(x->name, y->name);
}

static void add_change(struct hone_check_change *to, const struct hone_check_row *base,
	const struct hone_check_row *head)
{
	const struct hone_check_row *r = base ? base : head;

	to->owner = r->owner;
	to->name = r->name;
	to->kind = r->kind;
	to->base += base ? base->size : 0;
	to->head += head ? head->size : 0;
	to->base_items += base ? base->items : 0;
	to->head_items += head ? head->items : 0;
	to->delta = (int64_t)(to->head - to->base);
}

/* Leaves out what did not change, and sorts. */
static size_t finish_changes(struct hone_check_change *v, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (v[i].delta)
			v[kept++] = v[i];
	sort(v, kept, sizeof(*v), by_change);
	return kept;
}

/* Walks the sorted rows of both sides at once. */
static void compare_rows(struct hone_result_check *c)
{
	const struct hone_check_side *b = c->base, *h = c->head;
	size_t i = 0, k = 0, n = 0, owners = 0, most = b->n_rows + h->n_rows + 1;

	c->functions = hone_xcalloc(most, sizeof(*c->functions));
	c->owners = hone_xcalloc(most, sizeof(*c->owners));
	while (i < b->n_rows || k < h->n_rows) {
		int order = i == b->n_rows   ? 1
			    : k == h->n_rows ? -1
					     : row_order(&b->rows[i], &h->rows[k]);
		const struct hone_check_row *x = order <= 0 ? &b->rows[i++] : NULL;
		const struct hone_check_row *y = order >= 0 ? &h->rows[k++] : NULL;
		const struct hone_check_row *r = x ? x : y;

		if (!owners || strcmp(c->owners[owners - 1].owner, r->owner) != 0 ||
			c->owners[owners - 1].kind != r->kind)
			owners++;
		add_change(&c->functions[n++], x, y);
		add_change(&c->owners[owners - 1], x, y);
		c->owners[owners - 1].name = "";
	}
	c->n_functions = finish_changes(c->functions, n);
	c->n_owners = finish_changes(c->owners, owners);
}

static size_t versions_of(const struct hone_check_side *s, const char *name)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n_deps; i++)
		n += strcmp(s->deps[i].name, name) == 0;
	return n;
}

static void compare_deps(struct hone_result_check *c)
{
	const struct hone_check_side *b = c->base, *h = c->head;
	size_t i = 0, k = 0;

	c->deps = hone_xcalloc(b->n_deps + h->n_deps + 1, sizeof(*c->deps));
	while (i < b->n_deps || k < h->n_deps) {
		int order = i == b->n_deps   ? 1
			    : k == h->n_deps ? -1
					     : deps_by_name(&b->deps[i], &h->deps[k]);
		const struct hone_check_dep *x = order <= 0 ? &b->deps[i++] : NULL;
		const struct hone_check_dep *y = order >= 0 ? &h->deps[k++] : NULL;

		if (x && y && strcmp(x->features, y->features) == 0)
			continue;
		c->deps[c->n_deps++] = (struct hone_check_dep_change){x, y,
			y && !x && versions_of(h, y->name) > 1 &&
				versions_of(h, y->name) > versions_of(b, y->name)};
	}
}

static const char *name_of(const struct hone_check_dep_change *x)
{
	return x->head ? x->head->name : x->base->name;
}

/* Another version of a package is one change, not two: the highest that is gone is what the highest new one was. */
static void pair_versions(struct hone_result_check *c)
{
	size_t n = 0;

	for (size_t i = 0, end; i < c->n_deps; i = end) {
		struct hone_check_dep_change *gone = NULL, *new = NULL;

		for (end = i; end < c->n_deps &&
			      strcmp(name_of(&c->deps[end]), name_of(&c->deps[i])) == 0;
			end++) {
			if (!c->deps[end].head)
				gone = &c->deps[end];
			else if (!c->deps[end].base)
				new = &c->deps[end];
		}
		if (gone && new) {
			new->base = gone->base;
			new->doubled = false;
		}
		for (size_t k = i; k < end; k++)
			if (!new || &c->deps[k] != gone)
				c->deps[n++] = c->deps[k];
	}
	c->n_deps = n;
}

static void compare_settings(struct hone_result_check *c)
{
	const struct hone_check_side *b = c->base, *h = c->head;
	size_t i = 0, k = 0;

	c->settings = hone_xcalloc(b->n_settings + h->n_settings + 1, sizeof(*c->settings));
	while (i < b->n_settings || k < h->n_settings) {
		int order = i == b->n_settings ? 1
			    : k == h->n_settings
				    ? -1
				    : settings_by_key(&b->settings[i], &h->settings[k]);
		const struct hone_check_setting *x = order <= 0 ? &b->settings[i++] : NULL;
		const struct hone_check_setting *y = order >= 0 ? &h->settings[k++] : NULL;

		if (x && y && strcmp(x->value, y->value) == 0)
			continue;
		c->settings[c->n_settings++] = (struct hone_check_setting_change){
			x ? x->key : y->key, x ? x->value : "", y ? y->value : ""};
	}
}

void hone_result_check_compare(const struct hone_check_side *base,
	const struct hone_check_side *head, const struct hone_check_budget *budgets, size_t n,
	struct hone_result_check *ret)
{
	*ret = (struct hone_result_check){
		.base = base, .head = head, .budgets = budgets, .n_budgets = n};
	compare_rows(ret);
	compare_deps(ret);
	pair_versions(ret);
	compare_settings(ret);
}

void hone_result_check_release(struct hone_result_check *c)
{
	free(c->owners);
	free(c->functions);
	free(c->deps);
	free(c->settings);
	*c = (struct hone_result_check){0};
}
