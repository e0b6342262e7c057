#ifndef HONE_REPORT_LINE_H
#define HONE_REPORT_LINE_H
/* Lines of words below tables. Text from outside goes into all of this as it is: here it is made harmless for the
 * format, and nowhere else. */
#include "table.h"

/* Appends "Head: text" as a line of its own; nothing where text is NULL or empty, and nothing in a format that holds
 * tables only. Further lines of the text are indented, so that none of them looks like one of hone's. */
void hone_report_line(enum hone_format format, const struct hone_out *o, const char *head,
	const char *text, struct hone_buf *to);
/* Appends text as prose of Markdown: what stands between backticks is kept as code, markup besides is escaped. */
void hone_markdown_prose(struct hone_buf *to, const char *text);

#endif
