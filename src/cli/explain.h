#ifndef HONE_CLI_EXPLAIN_H
#define HONE_CLI_EXPLAIN_H
/* What `cargo hone explain` says of the settings table, in each format. value is the TOML text of one
 * value that is asked about, or NULL. */
#include "out.h"
#include "settings.h"

/* All settings, a line each, by group. */
void hone_explain_list(const struct hone_out *o, size_t width, struct hone_buf *to);
void hone_explain_text(const struct hone_setting *s, const char *value, const struct hone_out *o,
	size_t width, struct hone_buf *to);
/* All settings in full: this is docs/settings.md. */
void hone_explain_document(struct hone_buf *to);
void hone_explain_markdown(const struct hone_setting *s, const char *value, struct hone_buf *to);
/* s NULL: all settings. */
void hone_explain_json(const struct hone_setting *s, const char *value, struct hone_buf *to);

/* The first setting of the group after that of s (NULL: of the first group) in the order of the table, or
 * NULL. A group's rows may stand apart. */
const struct hone_setting *hone_explain_next_group(const struct hone_setting *s);

/* Phrases that text and Markdown share. The caller frees. */
char *hone_explain_default(const struct hone_setting *s); /* NULL when there is none */
char *hone_explain_place(const struct hone_setting *s);
/* The arguments that a value stands for, with the value in its place; NULL when there are none. */
char *hone_explain_flags(const struct hone_setting *s, const char *value);
/* "changes what the program does, harder to debug"; NULL without labels. */
char *hone_explain_labels(unsigned labels);

#endif
