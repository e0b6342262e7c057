#ifndef HONE_TOML_EDIT_IMPL_H
#define HONE_TOML_EDIT_IMPL_H
/* The inside of editing: a list of spans of the old text with what replaces them. It is applied at
 * once; the result is parsed and must mean exactly what was intended, else nothing happens. */
#include "toml_impl.h"

struct hone_toml_splice {
	uint32_t at, end; /* [at, end) of the old text goes */
	struct hone_view text;
};

struct hone_toml_edit {
	struct hone_toml *doc;
	const char *const *path; /* the key path that this edit is about */
	size_t n_path;
	struct hone_arena arena; /* the texts of the splices */
	HONE_VEC(struct hone_toml_splice) splices;
};
void hone_toml_edit_release(struct hone_toml_edit *edit);
#define hone_auto_toml_edit __attribute__((cleanup(hone_toml_edit_release)))

/* --- toml_edit.c --- */
/* Plans to replace [at, end). Spans must not overlap; two insertions at one place keep their
 * order. text is copied. */
void hone_toml_splice(
	struct hone_toml_edit *edit, uint32_t at, uint32_t end, struct hone_view text);
/* Plans to insert whole lines (each with its line ending) at the beginning of a line or at the
 * end of the text, where the last line may lack its ending. */
void hone_toml_insert_lines(struct hone_toml_edit *edit, uint32_t at, struct hone_view lines);

enum hone_toml_wish { HONE_TOML_WISH_SET, HONE_TOML_WISH_APPEND, HONE_TOML_WISH_REMOVE };
/* Carries the edit out, or fails and leaves the document as it was. value: what is to be set or
 * appended at edit->path, of any document. */
int hone_toml_commit(struct hone_toml_edit *edit, enum hone_toml_wish wish,
	const struct hone_toml_node *value, struct hone_err *err);

/* --- toml_same.c --- */
bool hone_toml_same(const struct hone_toml_node *a, const struct hone_toml_node *b);
/* after equals before, but for what the wish asks at path. */
bool hone_toml_as_wished(const struct hone_toml_node *before, const struct hone_toml_node *after,
	const char *const *path, size_t n, enum hone_toml_wish wish,
	const struct hone_toml_node *value);

/* --- toml_place.c: lines, comments and habits --- */
uint32_t hone_toml_line_begin(const struct hone_toml *doc, uint32_t at);
/* Where the line after this one begins, or the end of the text. */
uint32_t hone_toml_next_line(const struct hone_toml *doc, uint32_t at);
bool hone_toml_is_blank_line(const struct hone_toml *doc, uint32_t begin);
/* The beginning of the first of the comment lines that stand directly above the expression at
 * offset at, or of its own line. */
uint32_t hone_toml_attached_from(const struct hone_toml *doc, uint32_t at);
/* The beginning of the first of the blank lines directly above the line that begins at offset
 * begin and lies outside of all expressions. */
uint32_t hone_toml_blanks_from(const struct hone_toml *doc, uint32_t begin);
/* The end of section i's last line: of keys or comments that do not belong to the next header. */
uint32_t hone_toml_content_end(const struct hone_toml *doc, size_t i);
/* The line ending to use near offset at. */
struct hone_view hone_toml_eol(const struct hone_toml *doc, uint32_t at);
/* Blanks at the beginning of the line of offset at. */
struct hone_view hone_toml_indent(const struct hone_toml *doc, uint32_t at);
/* How keys in a new section are indented under a header that is indented by header_indent. */
void hone_toml_add_key_indent(
	const struct hone_toml *doc, struct hone_view header_indent, struct hone_buf *out);
/* Headers of this document have a blank line before them (also when it has none to tell). */
bool hone_toml_spaces_headers(const struct hone_toml *doc);
/* The value's text as the document would write it: its line endings, and its quotes when value is a
 * one-line string (those of old, the value that it replaces, or, when NULL, the usual ones). */
void hone_toml_add_value(const struct hone_toml *doc, const struct hone_toml_node *old,
	const struct hone_toml_node *value, struct hone_buf *out);

/* --- toml_items.c: what stands between brackets and braces --- */
/* Plans to add item (`value` or `key = value`) to the container after the item [last_at,
 * last_end) (both 0 when it has none). */
void hone_toml_add_item(struct hone_toml_edit *edit, const struct hone_toml_node *container,
	uint32_t last_at, uint32_t last_end, struct hone_view item);
/* Plans to remove the entries of table (an inline one, or by dotted keys inside such one), or only
 * the entry that is table itself when it is a value. */
void hone_toml_drop_items(struct hone_toml_edit *edit, const struct hone_toml_node *node);
/* The last entry, in the order of the text, that dotted keys or braces gave to table, or NULL. */
const struct hone_toml_node *hone_toml_last_entry(const struct hone_toml_node *table);

/* --- toml_insert.c --- */
/* Plans to add value at edit->path, of which the first n_found keys lead to table. */
void hone_toml_insert(struct hone_toml_edit *edit, const struct hone_toml_node *table,
	size_t n_found, const struct hone_toml_node *value);

#endif
