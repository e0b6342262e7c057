#ifndef HONE_REPORT_TABLE_H
#define HONE_REPORT_TABLE_H
/* One table model for every format that has tables: terminal text, Markdown, CSV. */
#include "arena.h"
#include "buf.h"
#include "out.h"

enum hone_align { HONE_LEFT, HONE_RIGHT };

struct hone_cell {
	const char *text;      /* for people: "2,985,888" */
	const char *raw;       /* for CSV: "2985888"; NULL: text */
	size_t n;              /* bytes of text */
	enum hone_style style; /* terminal only */
	bool plain;            /* text is printable ASCII: it needs no escapes, and has n columns */
};

struct hone_table {
	char *title; /* or NULL */
	struct hone_table_column {
		char *header;
		enum hone_align align;
	} * columns;
	size_t n_columns;
	HONE_VEC(struct hone_cell) cells; /* row by row */
	struct hone_arena texts;          /* of the cells: tables of 100,000 rows are made */
	struct hone_buf scratch;
	HONE_VEC(char *) notes; /* lines below the table */
	bool no_raw; /* raw values given later are dropped: set where the table is long and not for CSV */
};

struct hone_table *hone_table_new(const char *title);
void hone_table_free(struct hone_table *t);
void hone_table_column(struct hone_table *t, const char *header, enum hone_align align);
/* Appends the next cell of the current row; a row is full when it has n_columns cells. text is
 * copied; NULL gives an empty cell. */
void hone_table_cell(struct hone_table *t, const char *text);
void hone_table_cellf(struct hone_table *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Style and raw value of the cell appended last. */
void hone_table_style(struct hone_table *t, enum hone_style style);
void hone_table_raw(struct hone_table *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void hone_table_note(struct hone_table *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
size_t hone_table_rows(const struct hone_table *t);

/* The cell at a place, and whether a column has nothing but empty ones: text and Markdown leave it out. */
const struct hone_cell *hone_table_at(const struct hone_table *t, size_t row, size_t column);
bool hone_table_column_is_empty(const struct hone_table *t, size_t column);
/* A table with an unfinished row is a bug. */
void hone_table_check(const struct hone_table *t);

#endif
