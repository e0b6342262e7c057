#include "try_report.h"

#include "changes_report.h"
#include "num.h"

struct hone_table *hone_try_change_table(const struct hone_try *t)
{
	struct hone_change_side *sides;
	struct hone_changes changes;
	struct hone_table *table;

	size_t n = hone_try_sides(t, &sides);

	hone_changes_find(sides, n, &changes);
	table = hone_changes_table(
		&changes, sides, hone_try_is_bare(t) ? "bytes of flash" : "bytes of the file");
	hone_changes_release(&changes);
	free(sides);
	return table;
}

struct hone_table *hone_try_region_table(const struct hone_try *t)
{
	const struct hone_regions *regions = &t->regions;
	struct hone_table *table =
		hone_table_new("Memory regions, bytes used and share of the capacity");
	char text[HONE_NUM_TEXT], share[HONE_NUM_TEXT];

	hone_table_column(table, "candidate", HONE_LEFT);
	for (size_t k = 0; k < regions->n; k++) {
		hone_auto_free char *head = hone_xasprintf("%s, of %s", regions->v[k].name,
			hone_text_count(text, regions->v[k].length));

		hone_table_column(table, head, HONE_RIGHT);
	}
	for (size_t i = 0; i < t->n; i++) {
		const struct hone_memory *m = &t->trials[i].memory;

		hone_table_cell(table, t->trials[i].candidate->name);
		for (size_t k = 0; k < regions->n; k++) {
			if (k >= m->n_regions) {
				hone_table_cell(table, NULL);
				continue;
			}
			hone_table_cellf(table, "%s (%s)",
				hone_text_count(text, m->regions[k].used),
				hone_text_share(share, m->regions[k].used, m->regions[k].length));
			hone_table_raw(table, "%llu", (unsigned long long)m->regions[k].used);
		}
	}
	return table;
}
