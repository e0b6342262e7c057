#include "store_fields.h"

#include "buf.h"
#include "num.h"

#include <math.h>
#include <string.h>

/* Bytes of one run: a damaged file may claim anything. */
#define MOST_BYTES ((size_t)256 << 20)

/* Moves a list into the arena. */
static void *keep(struct hone_arena *arena, const void *v, size_t n, size_t size)
{
	void *to = hone_arena_alloc(arena, hone_size_mul(n, size));

	if (n)
		memcpy(to, v, n * size);
	return to;
}

/* A list of a trial: where it goes, and what its elements are. */
struct list {
	const struct hone_field *fields;
	size_t size; /* of one */
	void **v;    /* in the run's arena */
	size_t *n;
};

static int get_list(struct hone_store *s, struct hone_result_run *run, size_t trial,
	const char *table, struct list *list, struct hone_err *err)
{
	const struct hone_fields_query query = {
		table, "number", "run = ? AND trial = ? ORDER BY number"};
	hone_auto_buf struct hone_buf all = HONE_BUF_INIT;
	hone_auto_free void *one = hone_xcalloc(1, list->size);
	hone_auto_stmt sqlite3_stmt *q = NULL;
	int error = hone_fields_select(s, &query, list->fields, &q, err);
	struct hone_columns c = {.q = q, .arena = &run->arena};

	if (error)
		return error;
	sqlite3_bind_int64(q, 1, run->id);
	sqlite3_bind_int64(q, 2, (int64_t)trial);
	while ((error = hone_column_next(s, &c, *list->n, err)) > 0) {
		hone_fields_take(&c, list->fields, one);
		hone_buf_add(&all, one, list->size);
		++*list->n;
	}
	*list->v = keep(&run->arena, hone_buf_str(&all), *list->n, list->size);
	return error;
}

static int get_artifacts(
	struct hone_store *s, struct hone_result_run *run, size_t trial, struct hone_err *err)
{
	struct hone_result_trial *t = &run->trials[trial];
	struct list list = {hone_artifact_fields, sizeof(*t->artifacts), (void **)&t->artifacts,
		&t->n_artifacts};

	return get_list(s, run, trial, "artifact", &list, err);
}

static int get_owners(
	struct hone_store *s, struct hone_result_run *run, size_t trial, struct hone_err *err)
{
	struct hone_result_trial *t = &run->trials[trial];
	struct list list = {
		hone_owner_fields, sizeof(*t->owners), (void **)&t->owners, &t->n_owners};

	return get_list(s, run, trial, "owner", &list, err);
}

static int get_rest(
	struct hone_store *s, struct hone_result_run *run, size_t trial, struct hone_err *err)
{
	struct hone_result_trial *t = &run->trials[trial];
	struct list sections = {
		hone_section_fields, sizeof(*t->sections), (void **)&t->sections, &t->n_sections};
	struct list regions = {
		hone_region_fields, sizeof(*t->regions), (void **)&t->regions, &t->n_regions};
	int error = get_list(s, run, trial, "section", &sections, err);

	return error ? error : get_list(s, run, trial, "region", &regions, err);
}

static int get_trials(struct hone_store *s, struct hone_result_run *run,
	enum hone_store_detail detail, struct hone_err *err)
{
	static const struct hone_fields_query query = {
		"trial", "number", "run = ? ORDER BY number"};
	HONE_VEC(struct hone_result_trial) list = {0};
	hone_auto_stmt sqlite3_stmt *q = NULL;
	int error = hone_fields_select(s, &query, hone_trial_fields, &q, err);
	struct hone_columns c = {.q = q, .arena = &run->arena};

	if (error)
		return error;
	sqlite3_bind_int64(q, 1, run->id);
	while ((error = hone_column_next(s, &c, list.n, err)) > 0) {
		struct hone_result_trial t = {0};

		hone_fields_take(&c, hone_trial_fields, &t);
		hone_vec_push(&list, t);
	}
	run->trials = keep(&run->arena, list.v, list.n, sizeof(*list.v));
	run->n_trials = list.n;
	hone_vec_release(&list);
	if (!error && !run->n_trials)
		error = hone_store_damaged(s, err);
	for (size_t i = 0; !error && detail != HONE_STORE_HEAD && i < run->n_trials; i++)
		error = get_owners(s, run, i, err);
	for (size_t i = 0; !error && detail != HONE_STORE_HEAD && i < run->n_trials; i++)
		error = get_artifacts(s, run, i, err);
	for (size_t i = 0; !error && detail > HONE_STORE_TRIALS && i < run->n_trials; i++)
		error = get_rest(s, run, i, err);
	return error;
}

static int get_samples(struct hone_store *s, struct hone_result_run *run, size_t workload,
	size_t metric, int64_t trial, struct hone_result_series *series, struct hone_err *err)
{
	hone_auto_stmt sqlite3_stmt *q = NULL;
	int error = hone_store_prepare(s,
		"SELECT round, value FROM sample"
		" WHERE run = ? AND workload = ? AND metric = ? AND trial = ?",
		&q, err);
	int rc = SQLITE_DONE;

	if (error)
		return error;
	if (run->arena.used > MOST_BYTES)
		return hone_store_damaged(s, err);
	series->samples = hone_arena_alloc(
		&run->arena, hone_size_mul(series->n_samples, sizeof(*series->samples)));
	for (size_t i = 0; i < series->n_samples; i++)
		series->samples[i] = NAN;
	sqlite3_bind_int64(q, 1, run->id);
	sqlite3_bind_int64(q, 2, (int64_t)workload);
	sqlite3_bind_int64(q, 3, (int64_t)metric);
	sqlite3_bind_int64(q, 4, trial);
	while ((rc = sqlite3_step(q)) == SQLITE_ROW) {
		int64_t round = sqlite3_column_int64(q, 0);

		if (round < 0 || (uint64_t)round >= series->n_samples)
			return hone_store_damaged(s, err);
		series->samples[round] = sqlite3_column_double(q, 1);
	}
	return rc == SQLITE_DONE ? 0 : hone_store_fail(s, rc, err);
}

static int get_series(struct hone_store *s, struct hone_result_run *run, size_t workload,
	size_t metric, enum hone_store_detail detail, struct hone_err *err)
{
	struct hone_result_metric *m = &run->workloads[workload].metrics[metric];
	hone_auto_stmt sqlite3_stmt *q = NULL;
	static const struct hone_fields_query query = {
		"series", "trial, rounds", "run = ? AND workload = ? AND metric = ?"};
	int error = hone_fields_select(s, &query, hone_series_fields, &q, err);
	struct hone_columns c = {.q = q, .arena = &run->arena};
	int rc = SQLITE_DONE;

	if (error)
		return error;
	m->series =
		hone_arena_alloc(&run->arena, hone_size_mul(run->n_trials + 1, sizeof(*m->series)));
	for (size_t i = 0; i <= run->n_trials; i++)
		m->series[i] = (struct hone_result_series){
			.median = NAN, .against = HONE_RESULT_RATIO_NONE};
	sqlite3_bind_int64(q, 1, run->id);
	sqlite3_bind_int64(q, 2, (int64_t)workload);
	sqlite3_bind_int64(q, 3, (int64_t)metric);
	while (!error && (rc = sqlite3_step(q)) == SQLITE_ROW) {
		struct hone_result_series *series;
		int64_t trial, rounds;

		c.at = 0;
		trial = hone_column_int(&c);
		rounds = hone_column_int(&c);
		if (trial < -1 || trial >= (int64_t)run->n_trials || rounds < 0 ||
			rounds > HONE_STORE_MOST_ROUNDS)
			return hone_store_damaged(s, err);
		series = &m->series[trial < 0 ? run->n_trials : (size_t)trial];
		hone_fields_take(&c, hone_series_fields, series);
		series->n_samples = (size_t)rounds;
		if (detail == HONE_STORE_ALL)
			error = get_samples(s, run, workload, metric, trial, series, err);
		else
			series->n_samples = 0;
	}
	if (error)
		return error;
	return rc == SQLITE_DONE ? 0 : hone_store_fail(s, rc, err);
}

static int get_metrics(struct hone_store *s, struct hone_result_run *run, size_t workload,
	enum hone_store_detail detail, struct hone_err *err)
{
	HONE_VEC(struct hone_result_metric) list = {0};
	hone_auto_stmt sqlite3_stmt *q = NULL;
	struct hone_result_workload *w = &run->workloads[workload];
	static const struct hone_fields_query query = {
		"metric", "number", "run = ? AND workload = ? ORDER BY number"};
	int error = hone_fields_select(s, &query, hone_metric_fields, &q, err);
	struct hone_columns c = {.q = q, .arena = &run->arena};

	if (error)
		return error;
	sqlite3_bind_int64(q, 1, run->id);
	sqlite3_bind_int64(q, 2, (int64_t)workload);
	while ((error = hone_column_next(s, &c, list.n, err)) > 0) {
		struct hone_result_metric m = {0};

		hone_fields_take(&c, hone_metric_fields, &m);
		hone_vec_push(&list, m);
	}
	w->metrics = keep(&run->arena, list.v, list.n, sizeof(*list.v));
	w->n_metrics = list.n;
	hone_vec_release(&list);
	for (size_t i = 0; !error && i < w->n_metrics; i++)
		error = get_series(s, run, workload, i, detail, err);
	return error;
}

/* One for each trial, or NULL. */
static double *take_counts(struct hone_columns *c, struct hone_result_run *run)
{
	int at = c->at++;
	size_t size = run->n_trials * sizeof(double);
	const void *blob = sqlite3_column_blob(c->q, at);

	if (!blob || (size_t)sqlite3_column_bytes(c->q, at) != size)
		return NULL;
	return keep(&run->arena, blob, run->n_trials, sizeof(double));
}

static int get_workloads(struct hone_store *s, struct hone_result_run *run,
	enum hone_store_detail detail, struct hone_err *err)
{
	HONE_VEC(struct hone_result_workload) list = {0};
	hone_auto_stmt sqlite3_stmt *q = NULL;
	static const struct hone_fields_query query = {
		"workload", "number, counts", "run = ? ORDER BY number"};
	int error = hone_fields_select(s, &query, hone_workload_fields, &q, err);
	struct hone_columns c = {.q = q, .arena = &run->arena};

	if (error)
		return error;
	sqlite3_bind_int64(q, 1, run->id);
	while ((error = hone_column_next(s, &c, list.n, err)) > 0) {
		struct hone_result_workload w = {.counts = take_counts(&c, run)};

		hone_fields_take(&c, hone_workload_fields, &w);
		hone_vec_push(&list, w);
	}
	run->workloads = keep(&run->arena, list.v, list.n, sizeof(*list.v));
	run->n_workloads = list.n;
	hone_vec_release(&list);
	for (size_t i = 0; !error && i < run->n_workloads; i++)
		error = get_metrics(s, run, i, detail, err);
	return error;
}

/* Names and numbers of winners, until the trials are known. */
struct winners {
	const char *names[3]; /* small, fast, balanced */
	int64_t doubted, any[3];
	const char *tied, *any_tied;
};

static int64_t take_pick(struct hone_columns *c)
{
	bool known = sqlite3_column_type(c->q, c->at) != SQLITE_NULL;
	int64_t x = hone_column_int(c);

	return known ? x : -1;
}

static void take_notes(struct hone_columns *c, struct hone_result_run *run)
{
	struct hone_view rest = hone_view_of(hone_column_word(c)), line;
	bool started = false;
	size_t n = 1;

	for (size_t i = 0; i < rest.n; i++)
		n += rest.p[i] == '\n';
	run->notes.v = hone_arena_alloc(&run->arena, hone_size_mul(n, sizeof(char *)));
	while (rest.n && hone_view_split(&rest, &started, '\n', &line))
		run->notes.v[run->notes.n++] = hone_arena_dup(&run->arena, line);
}

static int get_run(struct hone_store *s, const char *workspace, struct hone_result_run *run,
	struct winners *winners, struct hone_err *err)
{
	static const struct hone_fields_query query = {
		"run", HONE_RUN_KEYS, "id = ?1 AND (?2 IS NULL OR workspace = ?2)"};
	hone_auto_stmt sqlite3_stmt *q = NULL;
	int error = hone_fields_select(s, &query, hone_run_fields, &q, err);
	struct hone_columns c = {.q = q, .arena = &run->arena};
	int rc;

	if (error)
		return error;
	sqlite3_bind_int64(q, 1, run->id);
	sqlite3_bind_text(q, 2, workspace, -1, SQLITE_STATIC);
	rc = sqlite3_step(q);
	if (rc == SQLITE_DONE)
		return hone_err_set(err, HONE_E_NOT_FOUND, "there is no run %lld of this project",
			(long long)run->id);
	if (rc != SQLITE_ROW)
		return hone_store_fail(s, rc, err);
	for (size_t i = 0; i < HONE_COUNT(winners->names); i++)
		winners->names[i] = hone_column_text(&c);
	winners->tied = hone_column_word(&c);
	winners->doubted = take_pick(&c);
	for (size_t i = 0; i < HONE_COUNT(winners->any); i++)
		winners->any[i] = take_pick(&c);
	winners->any_tied = hone_column_word(&c);
	take_notes(&c, run);
	hone_fields_take(&c, hone_run_fields, run);
	return 0;
}

static size_t find_name(const struct hone_result_run *run, const char *name)
{
	for (size_t i = 0; name && i < run->n_trials; i++)
		if (strcmp(run->trials[i].name, name) == 0)
			return i;
	return HONE_PICK_NONE;
}

static size_t number_of(const struct hone_result_run *run, int64_t x)
{
	return x >= 0 && x < (int64_t)run->n_trials ? (size_t)x : HONE_PICK_NONE;
}

/* "1,4" as numbers of trials. */
static void set_tied(struct hone_result_run *run, const char *text, struct hone_picks *picks)
{
	struct hone_view rest = hone_view_of(text), part;
	bool started = false;
	int64_t x;

	picks->tied =
		hone_arena_alloc(&run->arena, hone_size_mul(run->n_trials, sizeof(*picks->tied)));
	while (rest.n && picks->n_tied < run->n_trials &&
		hone_view_split(&rest, &started, ',', &part))
		if (hone_parse_i64(part, &x) && number_of(run, x) != HONE_PICK_NONE)
			picks->tied[picks->n_tied++] = (size_t)x;
}

static void set_winners(struct hone_result_run *run, const struct winners *w)
{
	run->best = run->any = (struct hone_picks)HONE_PICKS_NONE;
	run->best.small = find_name(run, w->names[0]);
	run->best.fast = find_name(run, w->names[1]);
	run->best.balanced = find_name(run, w->names[2]);
	run->best.doubted = number_of(run, w->doubted);
	set_tied(run, w->tied, &run->best);
	run->any.small = number_of(run, w->any[0]);
	run->any.fast = number_of(run, w->any[1]);
	run->any.balanced = number_of(run, w->any[2]);
	set_tied(run, w->any_tied, &run->any);
}

/* What an older hone did not keep, as far as it follows from the rest. */
static void complete(struct hone_result_run *run)
{
	for (size_t i = 0; !run->complete && i < run->n_trials; i++) {
		struct hone_result_trial *t = &run->trials[i];

		t->allowed = true;
		t->measured = hone_result_is_built(t) && *t->cost.verdict;
		if (!t->confirmed)
			t->together = t->cost;
		run->bare |= i == 0 && t->flash > 0;
	}
}

static bool is_confirmed(const struct hone_result_run *run, size_t trial)
{
	return trial != HONE_PICK_NONE && trial > 0 && run->trials[trial].confirmed;
}

/* Runs of hone 0.1 name winners that their own fresh rounds did not confirm: those are none. */
static void hold_winners(struct hone_result_run *run)
{
	struct hone_picks *best = &run->best;
	const char *verdict;

	if (!is_confirmed(run, best->fast) ||
		strcmp(run->trials[best->fast].cost.verdict, "better") == 0)
		return;
	best->fast = 0;
	if (!is_confirmed(run, best->balanced))
		return;
	verdict = run->trials[best->balanced].cost.verdict;
	if (strcmp(verdict, "better") != 0 && strcmp(verdict, "same") != 0)
		best->balanced = HONE_PICK_NONE;
}

int hone_store_hold(struct hone_store *s, struct hone_err *err)
{
	return hone_store_exec(s, "BEGIN", err);
}

int hone_store_get(struct hone_store *s, const char *workspace, int64_t id,
	enum hone_store_detail detail, struct hone_result_run *ret, struct hone_err *err)
{
	bool held = !sqlite3_get_autocommit(s->db);
	int error = held ? 0 : hone_store_exec(s, "BEGIN", err);
	struct winners winners = {0};

	if (error)
		return error;
	ret->id = id;
	error = get_run(s, workspace, ret, &winners, err);
	if (!error)
		error = get_trials(s, ret, detail, err);
	if (!error) {
		set_winners(ret, &winners);
		complete(ret);
		hold_winners(ret);
	}
	if (!error && detail > HONE_STORE_TRIALS)
		error = get_workloads(s, ret, detail, err);
	if (!held)
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	if (error)
		hone_result_run_release(ret);
	return error;
}
