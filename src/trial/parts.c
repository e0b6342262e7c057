#include "parts.h"

#include "size_packages.h"

#include <string.h>

static int by_bytes(const void *a, const void *b)
{
	const struct hone_part *x = a, *y = b;

	if (x->bytes != y->bytes)
		return x->bytes < y->bytes ? 1 : -1;
	return strcmp(x->package->id, y->package->id);
}

/* Is the row of a table by crate about this package? Its label is the crate, with the version where the
 * crate is not the user's own. */
static bool is_row_of(const struct hone_size_row *row, const struct hone_package *p)
{
	struct hone_view name = hone_view_of(row->name);
	size_t space = hone_view_find(name, 0, ' ');
	hone_auto_free char *crate = hone_view_dup(hone_view_sub(name, 0, space));

	if (row->kind != HONE_SIZE_WORKSPACE && row->kind != HONE_SIZE_DEPENDENCY)
		return false;
	if (space < name.n && !hone_view_is(hone_view_sub(name, space + 1, name.n), p->version))
		return false;
	return hone_size_package_has(p, crate);
}

void hone_parts_find(const struct hone_project *project, const struct hone_size_table *bytes,
	struct hone_parts *ret)
{
	for (size_t i = 0; i < project->n_packages; i++) {
		struct hone_part part = {.package = &project->packages[i]};

		for (size_t k = 0; k < bytes->n; k++)
			if (bytes->rows[k].code && is_row_of(&bytes->rows[k], part.package))
				part.bytes += bytes->rows[k].size;
		if (part.bytes)
			hone_vec_push(ret, part);
	}
	if (ret->n)
		qsort(ret->v, ret->n, sizeof(*ret->v), by_bytes);
}

char *hone_part_spec(const struct hone_project *project, const struct hone_package *p)
{
	size_t same = 0;

	for (size_t i = 0; i < project->n_packages; i++)
		same += strcmp(project->packages[i].name, p->name) == 0;
	return same > 1 ? hone_xasprintf("%s@%s", p->name, p->version) : hone_xstrdup(p->name);
}
