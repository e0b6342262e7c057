#ifndef HONE_REPORT_EXPLAIN_H
#define HONE_REPORT_EXPLAIN_H
/* Parts of the document about settings, which its formats share. */
#include "documents.h"
#include "settings.h"

/* What a setting did to this project: the trials of a run that assign it. Nothing when there are
 * none. */
void hone_explain_tried_text(
	struct hone_report *r, const struct hone_explain_doc *doc, size_t width);
void hone_explain_tried_markdown(
	const struct hone_setting *s, const struct hone_result_run *run, struct hone_buf *to);
/* The key tried[], empty without a run. */
void hone_explain_tried_tree(
	struct hone_jsonw *w, const struct hone_setting *s, const struct hone_result_run *run);

/* The first setting of the group after that of s (NULL: of the first group) in the order of the table, or
 * NULL. A group's rows may stand apart. */
const struct hone_setting *hone_explain_next_group(const struct hone_setting *s);

/* Phrases that text and Markdown share. The caller frees. */
char *hone_explain_default(const struct hone_setting *s); /* NULL when there is none */
char *hone_explain_place(const struct hone_setting *s);
/* Which programs have nothing of it; static, NULL: none. */
const char *hone_explain_not_for(const struct hone_setting *s);
/* The arguments that a value stands for, with the value in its place; NULL when there are none. */
char *hone_explain_flags(const struct hone_setting *s, const char *value);
/* "changes what the program does, harder to debug"; NULL without labels. */
char *hone_explain_labels(unsigned labels);

#endif
