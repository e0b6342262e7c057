#ifndef HONE_STORE_STORE_IMPL_H
#define HONE_STORE_STORE_IMPL_H
/* Shared by the files of this folder: a database and one prepared statement at a time. */
#include "store.h"

#include <sqlite3.h>

struct hone_store {
	sqlite3 *db;
	char *path;
};

/* Turns SQLite's last error into one of hone's, with what the user can do. */
int hone_store_fail(struct hone_store *s, int rc, struct hone_err *err);
/* Runs statements that return nothing and hold no foreign text. */
int hone_store_exec(struct hone_store *s, const char *sql, struct hone_err *err);
/* Prepares a statement; the caller finalises. */
int hone_store_prepare(
	struct hone_store *s, const char *sql, sqlite3_stmt **ret, struct hone_err *err);

void hone_stmt_finalize_p(sqlite3_stmt **q);
#define hone_auto_stmt __attribute__((cleanup(hone_stmt_finalize_p)))

#endif
