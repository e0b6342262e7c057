#ifndef HONE_CLI_EXPLAIN_H
#define HONE_CLI_EXPLAIN_H
/* What `cargo hone explain` says of the settings table, in each format. value is the TOML text of one
 * value that is asked about, or NULL. */
#include "out.h"
#include "settings.h"
#include "store.h"

/* All settings, a line each, by group. */
void hone_explain_list(const struct hone_out *o, size_t width, struct hone_buf *to);
void hone_explain_text(const struct hone_setting *s, const char *value, const struct hone_out *o,
	size_t width, struct hone_buf *to);
/* All settings in full: this is docs/settings.md. */
void hone_explain_document(struct hone_buf *to);
void hone_explain_markdown(const struct hone_setting *s, const char *value, struct hone_buf *to);
/* s NULL: all settings. run: what was measured in this project, or NULL. */
void hone_explain_json(const struct hone_setting *s, const char *value,
	const struct hone_stored_run *run, struct hone_buf *to);

/* What a setting did to this project: the trials of a run that assign it. Nothing when there are
 * none. */
void hone_explain_tried_text(const struct hone_setting *s, const struct hone_stored_run *run,
	const struct hone_out *o, size_t width, struct hone_buf *to);
void hone_explain_tried_markdown(
	const struct hone_setting *s, const struct hone_stored_run *run, struct hone_buf *to);
/* The key tried[], empty without a run. */
struct hone_jsonw;
void hone_explain_tried_json(
	struct hone_jsonw *w, const struct hone_setting *s, const struct hone_stored_run *run);

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
