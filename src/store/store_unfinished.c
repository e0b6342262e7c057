/* Comparisons that were begun and not finished. The bytes of a round are doubles in the machine's own
 * order: only the machine that wrote them goes on from them. */
#include "store_impl.h"

#include "clock.h"

#include <string.h>

/* Unfinished comparisons that are kept of one workspace. */
#define KEPT "8"
/* A damaged file may claim anything. */
#define MOST_CONTESTANTS 10000
#define MOST_VALUES ((size_t)32 << 20)
#define MOST_REPEATS 10000

void hone_unfinished_release(struct hone_unfinished *u)
{
	hone_arena_release(&u->arena);
	*u = (struct hone_unfinished)HONE_UNFINISHED_INIT;
}

/* ---- writing */

static int put_head(struct hone_store *s, const struct hone_unfinished *u, int64_t *ret_id,
	struct hone_err *err)
{
	hone_auto_stmt sqlite3_stmt *q = NULL;
	int error = hone_store_prepare(s,
		"INSERT INTO unfinished(begun, workspace, identity, seed, contestants)"
		" VALUES(?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET seed = excluded.seed"
		" RETURNING id",
		&q, err);
	struct hone_row r = {.q = q};
	int rc;

	if (error)
		return error;
	hone_row_int(&r, hone_wall_clock_s());
	hone_row_text(&r, u->workspace);
	hone_row_text(&r, u->identity);
	hone_row_int(&r, (int64_t)u->seed);
	hone_row_size(&r, u->n_contestants);
	rc = sqlite3_step(q);
	if (rc != SQLITE_ROW)
		return hone_store_fail(s, rc, err);
	*ret_id = sqlite3_column_int64(q, 0);
	return 0;
}

static int run_for(struct hone_store *s, const char *sql, int64_t id, struct hone_err *err)
{
	hone_auto_stmt sqlite3_stmt *q = NULL;
	int error = hone_store_prepare(s, sql, &q, err);
	struct hone_row r = {.q = q};

	if (error)
		return error;
	hone_row_int(&r, id);
	return hone_row_run(s, &r, err);
}

static int put_contestants(
	struct hone_store *s, int64_t id, const struct hone_unfinished *u, struct hone_err *err)
{
	hone_auto_stmt sqlite3_stmt *q = NULL;
	int error = hone_store_prepare(s,
		"INSERT OR REPLACE INTO unfinished_contestant(comparison, number, status, reason,"
		" left_rounds) VALUES(?, ?, ?, ?, ?)",
		&q, err);
	struct hone_row r = {.q = q};

	for (size_t i = 0; !error && i < u->n_contestants; i++) {
		hone_row_int(&r, id);
		hone_row_size(&r, i);
		hone_row_int(&r, u->status[i]);
		hone_row_text(&r, u->reason[i]);
		hone_row_size(&r, u->left[i]);
		error = hone_row_run(s, &r, err);
	}
	return error;
}

static int put_metrics(struct hone_store *s, int64_t id, size_t workload,
	const struct hone_unfinished_workload *w, struct hone_err *err)
{
	hone_auto_stmt sqlite3_stmt *q = NULL;
	int error = hone_store_prepare(s,
		"INSERT OR REPLACE INTO unfinished_metric(comparison, workload, number, name,"
		" more_is_better) VALUES(?, ?, ?, ?, ?)",
		&q, err);
	struct hone_row r = {.q = q};

	for (size_t i = 0; !error && i < w->n_metrics; i++) {
		hone_row_int(&r, id);
		hone_row_size(&r, workload);
		hone_row_size(&r, i);
		hone_row_text(&r, w->metrics[i]);
		hone_row_int(&r, w->more_is_better[i]);
		error = hone_row_run(s, &r, err);
	}
	return error;
}

static int put_workloads(
	struct hone_store *s, int64_t id, const struct hone_unfinished *u, struct hone_err *err)
{
	hone_auto_stmt sqlite3_stmt *q = NULL;
	int error = hone_store_prepare(s,
		"INSERT OR REPLACE INTO unfinished_workload(comparison, number, gated, exit_code,"
		" output_bytes, capacity, note, why, cpu, repeats, counts)"
		" VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		&q, err);
	struct hone_row r = {.q = q};

	for (size_t i = 0; !error && i < u->n_workloads; i++) {
		const struct hone_unfinished_workload *w = &u->workloads[i];

		hone_row_int(&r, id);
		hone_row_size(&r, i);
		hone_row_int(&r, w->gated);
		hone_row_int(&r, w->exit_code);
		hone_row_size(&r, w->output_bytes);
		hone_row_real(&r, w->capacity);
		hone_row_text(&r, w->note);
		hone_row_text(&r, w->why);
		hone_row_int(&r, w->cpu);
		hone_row_size(&r, w->repeats);
		if (w->counts)
			hone_row_reals(&r, w->counts, u->n_contestants + 1);
		error = hone_row_run(s, &r, err);
		if (!error)
			error = put_metrics(s, id, i, w, err);
	}
	return error;
}

static int forget_old(struct hone_store *s, const char *workspace, struct hone_err *err)
{
	hone_auto_stmt sqlite3_stmt *q = NULL;
	int error = hone_store_prepare(s,
		"DELETE FROM unfinished WHERE workspace = ?1 AND id NOT IN"
		" (SELECT id FROM unfinished WHERE workspace = ?1 ORDER BY id DESC LIMIT " KEPT ")",
		&q, err);
	struct hone_row r = {.q = q};

	if (error)
		return error;
	hone_row_text(&r, workspace);
	return hone_row_run(s, &r, err);
}

int hone_unfinished_put(struct hone_store *s, const struct hone_unfinished *u, int64_t *ret_id,
	struct hone_err *err)
{
	int error = hone_store_exec(s, "BEGIN IMMEDIATE", err);

	if (error)
		return error;
	error = put_head(s, u, ret_id, err);
	if (!error)
		error = put_contestants(s, *ret_id, u, err);
	if (!error)
		error = put_workloads(s, *ret_id, u, err);
	if (!error)
		error = forget_old(s, u->workspace, err);
	if (!error)
		error = hone_store_exec(s, "COMMIT", err);
	if (error)
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	return error;
}

int hone_unfinished_add_round(
	struct hone_store *s, int64_t id, const struct hone_new_round *round, struct hone_err *err)
{
	hone_auto_stmt sqlite3_stmt *q = NULL;
	int error = hone_store_prepare(s,
		"INSERT INTO unfinished_round(comparison, number, elapsed_s, runs_s, samples)"
		" VALUES(?, ?, ?, ?, ?)",
		&q, err);
	struct hone_row r = {.q = q};

	if (error)
		return error;
	hone_row_int(&r, id);
	hone_row_size(&r, round->number);
	hone_row_real(&r, round->elapsed_s);
	hone_row_real(&r, round->runs_s);
	hone_row_reals(&r, round->samples, round->width);
	return hone_row_run(s, &r, err);
}

int hone_unfinished_forget(struct hone_store *s, int64_t id, struct hone_err *err)
{
	return run_for(s, "DELETE FROM unfinished WHERE id = ?", id, err);
}

/* ---- reading */

/* Prepares a query about one comparison. */
static int ask(struct hone_store *s, const char *sql, const struct hone_unfinished *u,
	sqlite3_stmt **q, struct hone_err *err)
{
	int error = hone_store_prepare(s, sql, q, err);

	if (!error)
		sqlite3_bind_int64(*q, 1, u->id);
	return error;
}

static int get_head(struct hone_store *s, const char *workspace, const char *identity,
	struct hone_unfinished *u, struct hone_err *err)
{
	hone_auto_stmt sqlite3_stmt *q = NULL;
	int error = hone_store_prepare(s,
		"SELECT id, seed, contestants, (SELECT count(*) FROM unfinished_workload"
		" WHERE comparison = id) FROM unfinished WHERE workspace = ? AND identity = ?",
		&q, err);
	struct hone_row r = {.q = q};
	struct hone_columns c = {.q = q, .arena = &u->arena};
	int rc;

	if (error)
		return error;
	hone_row_text(&r, workspace);
	hone_row_text(&r, identity);
	rc = sqlite3_step(q);
	if (rc == SQLITE_DONE)
		return hone_err_set(
			err, HONE_E_NOT_FOUND, "no comparison of this kind is unfinished");
	if (rc != SQLITE_ROW)
		return hone_store_fail(s, rc, err);
	u->id = hone_column_int(&c);
	u->seed = (uint64_t)hone_column_int(&c);
	u->n_contestants = hone_column_size(&c);
	u->n_workloads = hone_column_size(&c);
	u->workspace = hone_arena_strdup(&u->arena, workspace);
	u->identity = hone_arena_strdup(&u->arena, identity);
	return u->n_contestants > MOST_CONTESTANTS ? hone_store_damaged(s, err) : 0;
}

static int get_contestants(struct hone_store *s, struct hone_unfinished *u, struct hone_err *err)
{
	hone_auto_stmt sqlite3_stmt *q = NULL;
	int error = ask(s,
		"SELECT number, status, reason, left_rounds FROM unfinished_contestant WHERE "
		"comparison = ?"
		" ORDER BY number",
		u, &q, err);
	struct hone_columns c = {.q = q, .arena = &u->arena};
	size_t n = u->n_contestants, i = 0;

	if (error)
		return error;
	u->status = hone_arena_alloc(&u->arena, hone_size_mul(n, sizeof(*u->status)));
	u->reason = hone_arena_alloc(&u->arena, hone_size_mul(n, sizeof(*u->reason)));
	u->left = hone_arena_alloc(&u->arena, hone_size_mul(n, sizeof(*u->left)));
	while ((error = hone_column_next(s, &c, i, err)) > 0) {
		if (i == n)
			return hone_store_damaged(s, err);
		u->status[i] = (int)hone_column_int(&c);
		u->reason[i] = hone_column_text(&c);
		u->left[i++] = hone_column_size(&c);
	}
	if (error)
		return error;
	return i == n ? 0 : hone_store_damaged(s, err);
}

/* A list of doubles of that length, or NULL. */
static double *take_reals(struct hone_columns *c, size_t n)
{
	size_t bytes = hone_size_mul(n, sizeof(double));
	int at = c->at++;
	const void *blob = sqlite3_column_blob(c->q, at);
	double *v;

	if (!blob || (size_t)sqlite3_column_bytes(c->q, at) != bytes)
		return NULL;
	v = hone_arena_alloc(c->arena, bytes);
	memcpy(v, blob, bytes);
	return v;
}

static int get_metrics(
	struct hone_store *s, struct hone_unfinished *u, size_t workload, struct hone_err *err)
{
	struct hone_unfinished_workload *w = &u->workloads[workload];
	HONE_VEC(const char *) names = {0};
	HONE_VEC(bool) more = {0};
	hone_auto_stmt sqlite3_stmt *q = NULL;
	int error = ask(s,
		"SELECT number, name, more_is_better FROM unfinished_metric"
		" WHERE comparison = ?1 AND workload = ?2 ORDER BY number",
		u, &q, err);
	struct hone_columns c = {.q = q, .arena = &u->arena};

	if (error)
		return error;
	sqlite3_bind_int64(q, 2, (int64_t)workload);
	while ((error = hone_column_next(s, &c, names.n, err)) > 0) {
		const char *name = hone_column_word(&c);
		bool is = hone_column_int(&c) != 0;

		hone_vec_push(&names, name);
		hone_vec_push(&more, is);
	}
	w->n_metrics = names.n;
	w->metrics = hone_arena_alloc(&u->arena, hone_size_mul(names.n, sizeof(*names.v)));
	w->more_is_better = hone_arena_alloc(&u->arena, hone_size_mul(more.n, sizeof(*more.v)));
	for (size_t i = 0; i < names.n; i++) {
		w->metrics[i] = names.v[i];
		w->more_is_better[i] = more.v[i];
	}
	hone_vec_release(&names);
	hone_vec_release(&more);
	u->width += w->n_metrics * w->repeats * (u->n_contestants + 1);
	return error;
}

static int get_workloads(struct hone_store *s, struct hone_unfinished *u, struct hone_err *err)
{
	hone_auto_stmt sqlite3_stmt *q = NULL;
	int error = ask(s,
		"SELECT number, gated, exit_code, output_bytes, capacity, note, why, cpu, repeats,"
		" counts FROM unfinished_workload WHERE comparison = ? ORDER BY number",
		u, &q, err);
	struct hone_columns c = {.q = q, .arena = &u->arena};
	size_t i = 0;

	if (error)
		return error;
	u->workloads =
		hone_arena_alloc(&u->arena, hone_size_mul(u->n_workloads, sizeof(*u->workloads)));
	while ((error = hone_column_next(s, &c, i, err)) > 0) {
		struct hone_unfinished_workload *w;

		if (i == u->n_workloads)
			return hone_store_damaged(s, err);
		w = &u->workloads[i++];
		w->gated = hone_column_int(&c) != 0;
		w->exit_code = (int)hone_column_int(&c);
		w->output_bytes = hone_column_size(&c);
		w->capacity = hone_column_real(&c);
		w->note = hone_column_text(&c);
		w->why = hone_column_text(&c);
		w->cpu = (int)hone_column_int(&c);
		w->repeats = hone_column_size(&c);
		if (w->repeats < 1 || w->repeats > MOST_REPEATS)
			return hone_store_damaged(s, err);
		w->counts = take_reals(&c, u->n_contestants + 1);
	}
	for (size_t k = 0; !error && k < i; k++)
		error = get_metrics(s, u, k, err);
	return error;
}

static int get_rounds(struct hone_store *s, struct hone_unfinished *u, struct hone_err *err)
{
	HONE_VEC(double *) rounds = {0};
	hone_auto_stmt sqlite3_stmt *q = NULL;
	int error = ask(s,
		"SELECT number, elapsed_s, runs_s, samples FROM unfinished_round"
		" WHERE comparison = ? ORDER BY number",
		u, &q, err);
	struct hone_columns c = {.q = q, .arena = &u->arena};

	if (error)
		return error;
	while ((error = hone_column_next(s, &c, rounds.n, err)) > 0) {
		double *v;

		u->elapsed_s = hone_column_real(&c);
		u->runs_s = hone_column_real(&c);
		v = take_reals(&c, u->width);
		if (!v || rounds.n > HONE_STORE_MOST_ROUNDS || rounds.n * u->width > MOST_VALUES) {
			error = hone_store_damaged(s, err);
			break;
		}
		hone_vec_push(&rounds, v);
	}
	if (!error) {
		u->n_rounds = rounds.n;
		u->samples = hone_arena_alloc(&u->arena,
			hone_size_mul(hone_size_mul(rounds.n, u->width), sizeof(double)));
		for (size_t i = 0; i < rounds.n; i++)
			memcpy(u->samples + i * u->width, rounds.v[i], u->width * sizeof(double));
	}
	hone_vec_release(&rounds);
	return error;
}

int hone_unfinished_get(struct hone_store *s, const char *workspace, const char *identity,
	struct hone_unfinished *ret, struct hone_err *err)
{
	struct hone_unfinished u = HONE_UNFINISHED_INIT;
	int error = get_head(s, workspace, identity, &u, err);

	if (!error)
		error = get_contestants(s, &u, err);
	if (!error)
		error = get_workloads(s, &u, err);
	if (!error)
		error = get_rounds(s, &u, err);
	if (error)
		hone_unfinished_release(&u);
	else
		*ret = u;
	return error;
}
