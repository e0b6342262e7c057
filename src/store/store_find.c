/* Which runs there are. */
#include "store_impl.h"

int hone_store_ids(struct hone_store *s, const struct hone_store_filter *f, int64_t **ret_ids,
	size_t *ret_n, struct hone_err *err)
{
	HONE_VEC(int64_t) list = {0};
	hone_auto_stmt sqlite3_stmt *q = NULL;
	int error = hone_store_prepare(s,
		"SELECT id FROM run WHERE (workspace = ?1 OR (home <> ?4 AND below = ?5))"
		" AND (?2 IS NULL OR package = ?2) AND (?3 IS NULL OR bin = ?3)"
		" AND (?6 IS NULL OR kind = ?6 OR (?6 = 'lib' AND kind IN"
		" ('cdylib', 'staticlib', 'dylib'))) ORDER BY id DESC",
		&q, err);
	int rc;

	if (error)
		return error;
	sqlite3_bind_text(q, 1, f->workspace, -1, SQLITE_STATIC);
	sqlite3_bind_text(q, 2, f->package, -1, SQLITE_STATIC);
	sqlite3_bind_text(q, 3, f->bin, -1, SQLITE_STATIC);
	sqlite3_bind_text(q, 4, f->home, -1, SQLITE_STATIC);
	sqlite3_bind_text(q, 5, f->below, -1, SQLITE_STATIC);
	sqlite3_bind_text(q, 6, f->kind, -1, SQLITE_STATIC);
	while ((rc = sqlite3_step(q)) == SQLITE_ROW)
		hone_vec_push(&list, sqlite3_column_int64(q, 0));
	if (rc != SQLITE_DONE) {
		hone_vec_release(&list);
		return hone_store_fail(s, rc, err);
	}
	*ret_ids = list.v;
	*ret_n = list.n;
	return 0;
}

int hone_store_last(struct hone_store *s, const struct hone_store_filter *f,
	enum hone_store_detail detail, struct hone_result_run *ret, struct hone_err *err)
{
	hone_auto_free int64_t *ids = NULL;
	size_t n = 0;
	int error = hone_store_ids(s, f, &ids, &n, err);

	if (error)
		return error;
	if (!n)
		return hone_err_set(err, HONE_E_NOT_FOUND, "%s: nothing was measured yet", s->path);
	return hone_store_get(s, f->workspace, ids[0], detail, ret, err);
}

int hone_store_winners(struct hone_store *s, struct hone_strv *ret, struct hone_err *err)
{
	hone_auto_stmt sqlite3_stmt *q = NULL;
	int error = hone_store_prepare(s,
		"SELECT DISTINCT trial.hash FROM trial JOIN run ON trial.run = run.id"
		" WHERE trial.hash IS NOT NULL"
		" AND trial.name IN (run.small, run.fast, run.balanced)",
		&q, err);
	int rc = SQLITE_DONE;

	while (!error && (rc = sqlite3_step(q)) == SQLITE_ROW)
		hone_strv_push(ret, (const char *)sqlite3_column_text(q, 0));
	if (error)
		return error;
	return rc == SQLITE_DONE ? 0 : hone_store_fail(s, rc, err);
}
