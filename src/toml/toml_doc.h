#ifndef HONE_TOML_DOC_H
#define HONE_TOML_DOC_H
/* A lossless TOML document: what is parsed can be looked up by key path, edited, and printed again
 * with every byte that no edit touched unchanged. Reads TOML 1.0, and with HONE_TOML_1_1 also what
 * 1.1 adds (multi-line inline tables and trailing commas in them, \e and \xHH, times without
 * seconds), as cargo does since 1.94. Writes only forms that 1.0 has. */
#include "buf.h"
#include "err.h"

enum hone_toml_version { HONE_TOML_1_0, HONE_TOML_1_1 };

enum hone_toml_type {
	HONE_TOML_STRING,
	HONE_TOML_INTEGER,
	HONE_TOML_FLOAT,
	HONE_TOML_BOOL,
	HONE_TOML_OFFSET_DATETIME,
	HONE_TOML_LOCAL_DATETIME,
	HONE_TOML_LOCAL_DATE,
	HONE_TOML_LOCAL_TIME,
	HONE_TOML_ARRAY, /* written [a, b] */
	HONE_TOML_TABLE, /* [header], inline, by dotted keys, or implied; an array of tables is an
			  * HONE_TOML_ARRAY of tables */
};

struct hone_toml; /* a document */
/* A value or table in it; borrowed, valid until the document is edited or freed. */
struct hone_toml_node;

struct hone_toml_pos {
	unsigned line, col; /* from 1; col counts characters, not bytes */
};

/* Parses text (copied). name stands in errors as path:line:col and is copied. At most 64 MiB of
 * text, 128 levels of nesting. HONE_E_SYNTAX (message: path:line:col, what is wrong, the offending
 * line and a caret under it), HONE_E_LIMIT. A BOM and CRLF are taken and kept. */
int hone_toml_parse(const char *name, struct hone_view text, enum hone_toml_version version,
	struct hone_toml **ret_doc, struct hone_err *err);
/* Reads and parses a file; ret_id may be NULL. HONE_E_NOT_FOUND when there is none. */
struct hone_file_id;
int hone_toml_read(const char *path, enum hone_toml_version version, struct hone_toml **ret_doc,
	struct hone_file_id *ret_id, struct hone_err *err);
void hone_toml_free(struct hone_toml *doc);
/* The document as text now. */
void hone_toml_print(const struct hone_toml *doc, struct hone_buf *out);
const char *hone_toml_name(const struct hone_toml *doc);

/* Looking up. A key path is a list of plain (unquoted, unescaped) keys. NULL when there is no such
 * key, or when something on the way (for hone_toml_get: table itself, which may be NULL) is no
 * table, so that calls can be chained. */
const struct hone_toml_node *hone_toml_root(const struct hone_toml *doc);
const struct hone_toml_node *hone_toml_get(const struct hone_toml_node *table, const char *key);
const struct hone_toml_node *hone_toml_get_path(
	const struct hone_toml *doc, const char *const *path, size_t n);
enum hone_toml_type hone_toml_type(const struct hone_toml_node *node);
/* "string", "integer", ... for messages. */
const char *hone_toml_type_name(enum hone_toml_type type);
/* Number of entries of a table or elements of an array, 0 for others. */
size_t hone_toml_count(const struct hone_toml_node *node);
/* Entry i of a table or element i of an array, in the order of the text; NULL past the end. */
const struct hone_toml_node *hone_toml_at(const struct hone_toml_node *node, size_t i);
/* The key that leads to this node in its table ("" for an array element or the root); decoded. */
struct hone_view hone_toml_key(const struct hone_toml_node *node);
/* Where the value begins, and where the key that stands before its `=` begins, `a` in `a.b = 1`
 * (for a table with a header both mean the header). */
struct hone_toml_pos hone_toml_value_pos(const struct hone_toml_node *node);
struct hone_toml_pos hone_toml_key_pos(const struct hone_toml_node *node);
/* The value as it is written (for a table with a header: the header). */
struct hone_view hone_toml_raw(const struct hone_toml_node *node);
/* Values. Each returns false when the node has another type. A string may hold NUL. */
bool hone_toml_string(const struct hone_toml_node *node, struct hone_view *ret);
bool hone_toml_integer(const struct hone_toml_node *node, int64_t *ret);
bool hone_toml_float(const struct hone_toml_node *node, double *ret);
bool hone_toml_bool(const struct hone_toml_node *node, bool *ret);
/* Message prefix for a complaint about a node: "path:line:col". The caller frees. */
char *hone_toml_where(const struct hone_toml *doc, struct hone_toml_pos pos);

/* Sets an error about a node's value: "path:line:col: " and the text, then the line of the file and
 * a caret under the value, as for a syntax error. Returns code. */
int hone_toml_complain(const struct hone_toml_node *node, enum hone_code code, struct hone_err *err,
	const char *fmt, ...) __attribute__((format(printf, 4, 5)));
#ifdef HONE_ANALYZER /* as in err.h */
#define hone_toml_complain(...) (hone_toml_complain(__VA_ARGS__), (int)HONE_E_SYNTAX)
#endif

/* Editing. value is the TOML text of one value ("\"fat\"", "1", "true", "[\"a\"]"), in forms that
 * TOML 1.0 has; path has at least one key and cannot lead through an array. The result of every
 * edit is parsed and compared with what was intended before it is taken; on any error the document
 * is what it was. After success all nodes of before are invalid.
 *
 * Sets a key. An edit changes only its own bytes and follows the habits of the file: where the key
 * stands already its value is replaced (comment, blanks and quote style of a string stay; an equal
 * value in any spelling is left alone); else it is added to the table in the form the table has
 * (header section, inline table, dotted keys), after the last key there, with the file's line
 * ending, the indentation and the `=` of the keys beside it; where the table is missing it is
 * written like its siblings (dotted keys, inline table or [header]), a [header] after the last
 * sibling or parent section, else at the end, with a blank line before it if the file has those.
 * Keys are quoted when they have to be.
 * HONE_E_CONFLICT: a part of the path is no table, or the path itself is a table with keys of its
 * own ([header] or dotted); the message says where. HONE_E_SYNTAX: value is not one value.
 * HONE_E_LIMIT: the path is longer or the text larger than hone_toml_parse takes. */
int hone_toml_set(struct hone_toml *doc, const char *const *path, size_t n, const char *value,
	struct hone_err *err);
/* The same unless this very value stands there: then not a space is changed. */
int hone_toml_put(struct hone_toml *doc, const char *const *path, size_t n, const char *value,
	struct hone_err *err);
/* Adds one value at the end of the array at path (created when missing), in the array's own style
 * (one line, or a line each with its indentation and trailing comma). Errors as hone_toml_set;
 * HONE_E_CONFLICT also for an array of tables ([[header]]). */
int hone_toml_append(struct hone_toml *doc, const char *const *path, size_t n, const char *value,
	struct hone_err *err);
/* Removes a key with its line and the comments that belong to it (those directly above without a
 * blank line between, and the one behind it on its line), or a table with its section and the
 * sections below it. Not there: HONE_E_NOT_FOUND. */
int hone_toml_remove(
	struct hone_toml *doc, const char *const *path, size_t n, struct hone_err *err);

/* Appends s as a TOML basic string with quotes and escapes; a key, bare where it can be; a path of
 * such keys with dots between. */
void hone_toml_quote(struct hone_buf *b, struct hone_view s);
void hone_toml_quote_key(struct hone_buf *b, struct hone_view key);
void hone_toml_quote_path(struct hone_buf *b, const char *const *path, size_t n);

#endif
