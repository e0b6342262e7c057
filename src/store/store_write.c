#include "store_fields.h"

#include "buf.h"

#include <math.h>

void hone_row_int(struct hone_row *r, int64_t x)
{
	sqlite3_bind_int64(r->q, ++r->at, x);
}

/* Sizes of files never come near the sign bit. */
void hone_row_size(struct hone_row *r, uint64_t x)
{
	hone_row_int(r, x > INT64_MAX ? INT64_MAX : (int64_t)x);
}

/* NaN becomes NULL, infinity stays. */
void hone_row_real(struct hone_row *r, double x)
{
	sqlite3_bind_double(r->q, ++r->at, x);
}

/* NULL stays NULL; the text outlives the statement's run. */
void hone_row_text(struct hone_row *r, const char *s)
{
	sqlite3_bind_text(r->q, ++r->at, s, -1, SQLITE_STATIC);
}

void hone_row_reals(struct hone_row *r, const double *v, size_t n)
{
	sqlite3_bind_blob64(r->q, ++r->at, v, hone_size_mul(n, sizeof(*v)), SQLITE_STATIC);
}

int hone_row_run(struct hone_store *s, struct hone_row *r, struct hone_err *err)
{
	int rc = sqlite3_step(r->q);
	int error = rc == SQLITE_DONE ? 0 : hone_store_fail(s, rc, err);

	sqlite3_reset(r->q);
	sqlite3_clear_bindings(r->q);
	r->at = 0;
	return error;
}

/* "1,4": numbers of trials. The caller frees. */
static char *numbers(const size_t *v, size_t n)
{
	struct hone_buf b = HONE_BUF_INIT;

	for (size_t i = 0; i < n; i++)
		hone_buf_addf(&b, "%s%zu", i ? "," : "", v[i]);
	return n ? hone_buf_detach(&b) : hone_xstrdup("");
}

/* The number of a trial; none is NULL. */
static void put_pick(struct hone_row *r, size_t trial)
{
	if (trial == HONE_PICK_NONE)
		hone_row_text(r, NULL);
	else
		hone_row_size(r, trial);
}

static int put_run(struct hone_store *s, const struct hone_result_run *run, int64_t *ret_id,
	struct hone_err *err)
{
	hone_auto_stmt sqlite3_stmt *q = NULL;
	hone_auto_free char *tied = numbers(run->best.tied, run->best.n_tied);
	hone_auto_free char *any_tied = numbers(run->any.tied, run->any.n_tied);
	hone_auto_buf struct hone_buf notes = HONE_BUF_INIT;
	int error = hone_fields_insert(s, "run", HONE_RUN_KEYS, hone_run_fields, &q, err);
	struct hone_row r = {.q = q};

	if (error)
		return error;
	for (size_t i = 0; i < run->notes.n; i++)
		hone_buf_addf(&notes, "%s%s", i ? "\n" : "", run->notes.v[i]);
	hone_row_text(&r, hone_result_name(run, run->best.small));
	hone_row_text(&r, hone_result_name(run, run->best.fast));
	hone_row_text(&r, hone_result_name(run, run->best.balanced));
	hone_row_text(&r, tied);
	put_pick(&r, run->best.doubted);
	put_pick(&r, run->any.small);
	put_pick(&r, run->any.fast);
	put_pick(&r, run->any.balanced);
	hone_row_text(&r, any_tied);
	hone_row_text(&r, hone_buf_str(&notes));
	hone_fields_put(&r, hone_run_fields, run);
	error = hone_row_run(s, &r, err);
	*ret_id = sqlite3_last_insert_rowid(s->db);
	return error;
}

/* A list of a trial: its sections, owners or regions. */
struct list {
	const char *table;
	const struct hone_field *fields;
	const void *v;
	size_t n, size; /* size: of one */
};

static int put_list(struct hone_store *s, int64_t id, size_t trial, const struct list *list,
	struct hone_err *err)
{
	hone_auto_stmt sqlite3_stmt *q = NULL;
	int error = hone_fields_insert(s, list->table, "run, trial, number", list->fields, &q, err);
	struct hone_row r = {.q = q};

	for (size_t i = 0; !error && i < list->n; i++) {
		hone_row_int(&r, id);
		hone_row_size(&r, trial);
		hone_row_size(&r, i);
		hone_fields_put(&r, list->fields, (const char *)list->v + i * list->size);
		error = hone_row_run(s, &r, err);
	}
	return error;
}

static int put_lists(struct hone_store *s, int64_t id, size_t number,
	const struct hone_result_trial *t, struct hone_err *err)
{
	const struct list lists[] = {
		{"section", hone_section_fields, t->sections, t->n_sections, sizeof(*t->sections)},
		{"owner", hone_owner_fields, t->owners, t->n_owners, sizeof(*t->owners)},
		{"artifact", hone_artifact_fields, t->artifacts, t->n_artifacts,
			sizeof(*t->artifacts)},
		{"region", hone_region_fields, t->regions, t->n_regions, sizeof(*t->regions)}};
	int error = 0;

	for (size_t i = 0; !error && i < HONE_COUNT(lists); i++)
		error = put_list(s, id, number, &lists[i], err);
	return error;
}

static int put_trials(
	struct hone_store *s, int64_t id, const struct hone_result_run *run, struct hone_err *err)
{
	hone_auto_stmt sqlite3_stmt *q = NULL;
	int error = hone_fields_insert(s, "trial", "run, number", hone_trial_fields, &q, err);
	struct hone_row r = {.q = q};

	for (size_t i = 0; !error && i < run->n_trials; i++) {
		hone_row_int(&r, id);
		hone_row_size(&r, i);
		hone_fields_put(&r, hone_trial_fields, &run->trials[i]);
		error = hone_row_run(s, &r, err);
		if (!error)
			error = put_lists(s, id, i, &run->trials[i], err);
	}
	return error;
}

/* Keys of one series. */
struct place {
	int64_t run;
	size_t workload, metric;
};

static void put_place(struct hone_row *r, const struct place *at, int64_t trial)
{
	hone_row_int(r, at->run);
	hone_row_size(r, at->workload);
	hone_row_size(r, at->metric);
	hone_row_int(r, trial);
}

static int put_samples(struct hone_store *s, const struct place *at, int64_t trial,
	const struct hone_result_series *series, struct hone_err *err)
{
	hone_auto_stmt sqlite3_stmt *q = NULL;
	int error = hone_store_prepare(s,
		"INSERT INTO sample(run, workload, metric, trial, round, value)"
		" VALUES(?, ?, ?, ?, ?, ?)",
		&q, err);
	struct hone_row r = {.q = q};

	for (size_t i = 0; !error && i < series->n_samples; i++) {
		if (isnan(series->samples[i]))
			continue;
		put_place(&r, at, trial);
		hone_row_size(&r, i);
		hone_row_real(&r, series->samples[i]);
		error = hone_row_run(s, &r, err);
	}
	return error;
}

static int put_series(struct hone_store *s, const struct place *at, size_t n_trials,
	const struct hone_result_metric *m, struct hone_err *err)
{
	hone_auto_stmt sqlite3_stmt *q = NULL;
	int error = hone_fields_insert(
		s, "series", "run, workload, metric, trial, rounds", hone_series_fields, &q, err);
	struct hone_row r = {.q = q};

	for (size_t i = 0; !error && i <= n_trials; i++) {
		const struct hone_result_series *series = &m->series[i];
		int64_t trial = i < n_trials ? (int64_t)i : -1;

		put_place(&r, at, trial);
		hone_row_size(&r, series->n_samples);
		hone_fields_put(&r, hone_series_fields, series);
		error = hone_row_run(s, &r, err);
		if (!error)
			error = put_samples(s, at, trial, series, err);
	}
	return error;
}

static int put_metrics(struct hone_store *s, int64_t id, size_t workload, size_t n_trials,
	const struct hone_result_workload *w, struct hone_err *err)
{
	hone_auto_stmt sqlite3_stmt *q = NULL;
	int error = hone_fields_insert(
		s, "metric", "run, workload, number", hone_metric_fields, &q, err);
	struct hone_row r = {.q = q};

	for (size_t i = 0; !error && i < w->n_metrics; i++) {
		const struct place at = {.run = id, .workload = workload, .metric = i};

		hone_row_int(&r, id);
		hone_row_size(&r, workload);
		hone_row_size(&r, i);
		hone_fields_put(&r, hone_metric_fields, &w->metrics[i]);
		error = hone_row_run(s, &r, err);
		if (!error)
			error = put_series(s, &at, n_trials, &w->metrics[i], err);
	}
	return error;
}

static int put_workloads(
	struct hone_store *s, int64_t id, const struct hone_result_run *run, struct hone_err *err)
{
	hone_auto_stmt sqlite3_stmt *q = NULL;
	int error = hone_fields_insert(
		s, "workload", "run, number, counts", hone_workload_fields, &q, err);
	struct hone_row r = {.q = q};

	for (size_t i = 0; !error && i < run->n_workloads; i++) {
		const struct hone_result_workload *w = &run->workloads[i];

		hone_row_int(&r, id);
		hone_row_size(&r, i);
		if (w->counts)
			hone_row_reals(&r, w->counts, run->n_trials);
		else
			hone_row_text(&r, NULL);
		hone_fields_put(&r, hone_workload_fields, w);
		error = hone_row_run(s, &r, err);
		if (!error)
			error = put_metrics(s, id, i, run->n_trials, w, err);
	}
	return error;
}

int hone_store_put(struct hone_store *s, const struct hone_result_run *run, const int64_t *finishes,
	int64_t *ret_id, struct hone_err *err)
{
	int error = hone_store_exec(s, "BEGIN IMMEDIATE", err);

	if (error)
		return error;
	error = put_run(s, run, ret_id, err);
	if (!error)
		error = put_trials(s, *ret_id, run, err);
	if (!error)
		error = put_workloads(s, *ret_id, run, err);
	for (size_t i = 0; !error && finishes && i < HONE_STORE_FINISHES; i++)
		if (finishes[i])
			error = hone_unfinished_forget(s, finishes[i], err);
	if (!error)
		error = hone_store_exec(s, "COMMIT", err);
	if (error)
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	return error;
}
