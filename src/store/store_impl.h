#ifndef HONE_STORE_STORE_IMPL_H
#define HONE_STORE_STORE_IMPL_H
/* Shared by the files of this folder: a database and its prepared statements. */
#include "store.h"

#include <sqlite3.h>

/* A statement that was made for a table's fields: its words all are constants of this folder. */
struct hone_select {
	const char *table, *keys, *where;
	const void *fields;
	sqlite3_stmt *q;
};
#define HONE_SELECTS 16

struct hone_store {
	sqlite3 *db;
	char *path;
	struct hone_select selects[HONE_SELECTS]; /* the same text is not made thousands of times */
	size_t n_selects;
};

/* Turns SQLite's last error into one of hone's, with what the user can do. */
int hone_store_fail(struct hone_store *s, int rc, struct hone_err *err);
/* Runs statements that return nothing and hold no foreign text. */
int hone_store_exec(struct hone_store *s, const char *sql, struct hone_err *err);
/* A statement of this text that nobody uses, prepared where there is none. It is given back by its end of scope and
 * stays prepared until the store is closed. Two of one text are not used at a time. */
int hone_store_prepare(
	struct hone_store *s, const char *sql, sqlite3_stmt **ret, struct hone_err *err);

void hone_stmt_give_back_p(sqlite3_stmt **q);
#define hone_auto_stmt __attribute__((cleanup(hone_stmt_give_back_p)))

/* Fills the parameters of a statement in their order (NaN and NULL become NULL; a text must outlive the
 * statement's run), then runs it. */
struct hone_row {
	sqlite3_stmt *q;
	int at;
};
void hone_row_int(struct hone_row *r, int64_t x);
void hone_row_size(struct hone_row *r, uint64_t x);
void hone_row_real(struct hone_row *r, double x);
void hone_row_text(struct hone_row *r, const char *s);
void hone_row_reals(struct hone_row *r, const double *v, size_t n);
int hone_row_run(struct hone_store *s, struct hone_row *r, struct hone_err *err);

/* Takes the columns of a row in their order. A text of NULL stays NULL, and ends at its first NUL; word: "" then. Reals: NaN for
 * NULL. */
struct hone_columns {
	sqlite3_stmt *q;
	struct hone_arena *arena;
	int at;
};
int64_t hone_column_int(struct hone_columns *c);
uint64_t hone_column_size(struct hone_columns *c);
double hone_column_real(struct hone_columns *c);
const char *hone_column_text(struct hone_columns *c);
const char *hone_column_word(struct hone_columns *c);
/* The next row of a list: 1, 0 at its end, or an error. Its first column is its number, which must be
 * the position in the list. */
int hone_column_next(
	struct hone_store *s, struct hone_columns *c, size_t expected, struct hone_err *err);
/* The tables contradict each other. */
int hone_store_damaged(struct hone_store *s, struct hone_err *err);

/* Longest series that is believed: a damaged file may claim anything. */
#define HONE_STORE_MOST_ROUNDS 1000000

#endif
