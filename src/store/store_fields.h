#ifndef HONE_STORE_STORE_FIELDS_H
#define HONE_STORE_STORE_FIELDS_H
/* Which column holds which field of a result: what is kept and given back is said once. A new fact is a field in
 * result_run.h, a row here, and an ALTER TABLE among the migrations. */
#include "store_impl.h"

#include <stddef.h>

enum hone_field_kind {
	HONE_FIELD_TEXT, /* const char *; NULL stays NULL */
	HONE_FIELD_WORD, /* const char *; never NULL */
	HONE_FIELD_FLAG, /* int; -1 for NULL */
	HONE_FIELD_INT,  /* int, 0 for NULL */
	HONE_FIELD_I64,
	HONE_FIELD_SIZE, /* uint64_t */
	HONE_FIELD_SEED, /* uint64_t, all bits of it */
	HONE_FIELD_UNSIGNED,
	HONE_FIELD_BOOL,
	HONE_FIELD_REAL, /* double; NaN for NULL */
};

struct hone_field {
	const char *column; /* NULL ends the table */
	enum hone_field_kind kind;
	size_t offset;
};
extern const struct hone_field hone_run_fields[], hone_trial_fields[], hone_section_fields[],
	hone_artifact_fields[], hone_owner_fields[], hone_region_fields[], hone_workload_fields[],
	hone_metric_fields[], hone_series_fields[];

/* Winners by name and by number, and notes, which stand before the fields of a run. */
#define HONE_RUN_KEYS                                                                              \
	"small, fast, balanced, tied, doubted, any_small, any_fast, any_balanced, any_tied, notes"

/* INSERT INTO table(keys, columns) VALUES(?, ...), prepared; keys: "run, number". */
int hone_fields_insert(struct hone_store *s, const char *table, const char *keys,
	const struct hone_field *fields, sqlite3_stmt **ret, struct hone_err *err);
/* SELECT keys, columns FROM table WHERE where, prepared. */
struct hone_fields_query {
	const char *table, *keys, *where;
};
int hone_fields_select(struct hone_store *s, const struct hone_fields_query *query,
	const struct hone_field *fields, sqlite3_stmt **ret, struct hone_err *err);
/* All fields of one struct, in order, behind the keys. */
void hone_fields_put(struct hone_row *r, const struct hone_field *fields, const void *from);
void hone_fields_take(struct hone_columns *c, const struct hone_field *fields, void *to);

#endif
