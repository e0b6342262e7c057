#ifndef HONE_REPORT_CHANGES_REPORT_H
#define HONE_REPORT_CHANGES_REPORT_H
/* What settings did to bytes, as a table and as JSON. */
#include "changes.h"
#include "jsonw.h"
#include "table.h"

/* The table of the changes, but for those of made candidates against the baseline; NULL when there are
 * none. what: "bytes of the file", "bytes of flash". */
struct hone_table *hone_changes_table(
	const struct hone_changes *c, const struct hone_change_side *sides, const char *what);
/* The key changes[]; brief: without the rows of owners. */
void hone_changes_tree(struct hone_jsonw *w, const struct hone_changes *c,
	const struct hone_change_side *sides, bool brief);

#endif
