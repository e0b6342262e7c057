#ifndef HONE_TOML_IMPL_H
#define HONE_TOML_IMPL_H
/* The inside of a TOML document, for the files of this folder only.
 *
 * A document is its text plus a tree whose nodes point into the text by offset. An edit makes a
 * new text by replacing a few spans, parses it and, if it means what was intended, swaps text and
 * tree. So there is one parser, nothing has to be printed back from the tree, and every byte
 * outside the replaced spans is untouched by construction. */
#include "arena.h"
#include "toml_doc.h"

#define HONE_TOML_MAX_TEXT ((size_t)64 << 20) /* offsets fit 32 bits with room to spare */
#define HONE_TOML_MAX_DEPTH 128

/* How a node came to be, which decides what may be added to it and in which words. */
enum hone_toml_form {
	HONE_TOML_FORM_VALUE, /* written as a value; an array or inline table is closed for good */
	HONE_TOML_FORM_ROOT,
	HONE_TOML_FORM_HEADER,  /* [a], or one element of [[a]] */
	HONE_TOML_FORM_IMPLIED, /* a and b of [a.b.c], as long as nothing else defines them */
	HONE_TOML_FORM_DOTTED,  /* a and b of a.b.c = 1 */
	HONE_TOML_FORM_AOT,     /* an array of tables, written [[a]] */
};

/* What a table or array holds, in the order of the text. */
struct hone_toml_children {
	struct hone_toml_node **v;
	uint32_t n, cap;
	uint32_t *index;  /* hash index of a large table: child number + 1; 0 is free */
	uint32_t mask;    /* slots of index - 1 */
	uint32_t section; /* of the root and of a table with a header: into doc->sections */
};

/* All offsets are bytes from the start of the text. Small, as a document may have millions. */
struct hone_toml_node {
	struct hone_toml_node *parent; /* NULL for the root */
	const char *key;               /* decoded; NULL for an array element and the root */
	union {
		const char *string; /* decoded */
		int64_t integer;
		double number;
		bool boolean;
		struct hone_toml_children *children; /* tables and arrays */
	} u;
	uint32_t key_n, string_n;
	uint32_t key_at, key_end; /* this node's own part of its key as written */
	uint32_t expr_at;         /* `a.b.c = 1`: the a. For a header: the [ */
	uint32_t at, end;         /* the value; header tables: [ to ]; other tables: the key */
	uint8_t type;             /* enum hone_toml_type */
	uint8_t form;             /* enum hone_toml_form */
	uint8_t depth;            /* 0 for the root */
};

/* The root's keys, or a header with the keys below it. */
struct hone_toml_section {
	struct hone_toml_node *table;
	uint32_t at, end; /* the header, [ to ]; for the root both are where the text begins */
	struct hone_toml_node *last; /* of its last `key = value`, or NULL */
};

/* A header or a `key = value` of a section: what a line of the document can be. */
struct hone_toml_expr {
	uint32_t at, end;
};

struct hone_toml {
	struct hone_toml_node root; /* first: a node reaches its document through its root */
	char *name;
	char *text; /* n bytes and a NUL */
	uint32_t n;
	uint32_t start; /* bytes of the BOM: 0 or 3 */
	enum hone_toml_version version;
	struct hone_arena arena;
	HONE_VEC(uint32_t) lines; /* offset of every line's first byte; BOM not counted */
	HONE_VEC(struct hone_toml_section)
	sections;                              /* in the order of the text, first the root's */
	HONE_VEC(struct hone_toml_expr) exprs; /* in the order of the text */
	uint32_t n_basic, n_literal;           /* one-line string values in "" and in '' */
};

struct hone_toml_key_part {
	struct hone_view key; /* decoded */
	uint32_t at, end;
};

struct hone_toml_parser {
	struct hone_toml *doc;
	const char *p; /* the text; p[n] is NUL, so looking at p[at] is always allowed */
	uint32_t n, at;
	struct hone_err *err;
	struct hone_toml_key_part parts[HONE_TOML_MAX_DEPTH]; /* the key read last */
	size_t n_parts;
};

/* --- toml_pos.c --- */
/* Checks that the text is UTF-8 without forbidden control characters and fills doc->lines. */
int hone_toml_scan_lines(struct hone_toml *doc, struct hone_err *err);
/* Number of the line, from 0, that offset at lies on. */
size_t hone_toml_line_of(const struct hone_toml *doc, uint32_t at);
struct hone_toml_pos hone_toml_pos_of(const struct hone_toml *doc, uint32_t at);
/* Sets an error that shows the line of offset at with a caret; returns code. */
int hone_toml_fail_at(const struct hone_toml *doc, uint32_t at, enum hone_code code,
	struct hone_err *err, const char *fmt, ...) __attribute__((format(printf, 5, 6)));
/* The same at the parser's place, HONE_E_SYNTAX. */
#define hone_toml_fail(ps, ...) hone_toml_fail_from((ps), (ps)->at, __VA_ARGS__)
#define hone_toml_fail_from(ps, from, ...)                                                         \
	hone_toml_fail_at((ps)->doc, (from), HONE_E_SYNTAX, (ps)->err, __VA_ARGS__)

/* --- toml_lex.c --- */
void hone_toml_skip_blanks(struct hone_toml_parser *ps);
/* Blanks, comments and line breaks. */
void hone_toml_skip_space(struct hone_toml_parser *ps);
/* Takes a LF or CRLF; false when none stands here. */
bool hone_toml_take_newline(struct hone_toml_parser *ps);
/* Reads `a . "b".c` into ps->parts. */
int hone_toml_lex_key(struct hone_toml_parser *ps);
bool hone_toml_is_bare(char c);
/* The character here for a message, e.g. "`=`" or "the end of the line". */
const char *hone_toml_here(const struct hone_toml_parser *ps, char out[16]);

/* --- toml_string.c --- */
/* Reads a string that begins here, ret_content decoded: in the text itself or in the arena. */
int hone_toml_lex_string(
	struct hone_toml_parser *ps, struct hone_view *ret_content, bool *ret_multi_line);

/* --- toml_number.c --- */
/* Reads a number, a bool or a date into node. */
int hone_toml_lex_plain(struct hone_toml_parser *ps, struct hone_toml_node *node);

/* --- toml_table.c --- */
/* A new node as the last child of parent (key part may be NULL: an array element). */
int hone_toml_node_add(struct hone_toml_parser *ps, struct hone_toml_node *parent,
	const struct hone_toml_key_part *part, enum hone_toml_form form,
	struct hone_toml_node **ret_node);
/* Makes a fresh node a table or an array. HONE_E_LIMIT when that nests too deeply. */
int hone_toml_node_open(
	struct hone_toml_parser *ps, struct hone_toml_node *node, enum hone_toml_type type);
struct hone_toml_node *hone_toml_child(const struct hone_toml_node *table, struct hone_view key);
/* The table that the last of ps->parts belongs into, for `a.b.c = 1` inside table. */
int hone_toml_walk_dotted(struct hone_toml_parser *ps, struct hone_toml_node *table,
	struct hone_toml_node **ret_table);
/* Defines the table of the header [parts] or [[parts]] that began at offset at. */
int hone_toml_define_header(
	struct hone_toml_parser *ps, uint32_t at, bool is_array, struct hone_toml_node **ret_table);

/* --- toml_lookup.c --- */
static inline const struct hone_toml *hone_toml_doc_of(const struct hone_toml_node *node)
{
	while (node->parent)
		node = node->parent;
	return (const struct hone_toml *)(const void *)node;
}
static inline bool hone_toml_is_table(const struct hone_toml_node *node)
{
	return node->type == HONE_TOML_TABLE;
}
/* A table whose keys stand between braces (itself a value, or by dotted keys inside such one). */
bool hone_toml_is_inline(const struct hone_toml_node *table);

#endif
