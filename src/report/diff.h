#ifndef HONE_REPORT_DIFF_H
#define HONE_REPORT_DIFF_H
/* What an edit changes, as a unified diff. */
#include "buf.h"
#include "out.h"

/* Appends a unified diff with three lines of context; nothing when the texts are equal. before NULL: a
 * new file. name stands in the head. o gives the colours of stdout (NULL: none). Control bytes are made
 * visible; a carriage return at the end of a line is not shown. */
void hone_diff(const char *name, const char *before, const char *after, const struct hone_out *o,
	struct hone_buf *to);

#endif
