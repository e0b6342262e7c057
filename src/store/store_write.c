#include "store_impl.h"

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

static void put_ratio(struct hone_row *r, const struct hone_stored_ratio *x)
{
	hone_row_real(r, x->ratio);
	hone_row_real(r, x->low);
	hone_row_real(r, x->high);
	hone_row_text(r, x->verdict);
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

static int put_run(struct hone_store *s, const struct hone_stored_run *run, int64_t *ret_id,
	struct hone_err *err)
{
	hone_auto_stmt sqlite3_stmt *q = NULL;
	int error = hone_store_prepare(s,
		"INSERT INTO run(finished, workspace, package, bin, kind, profile, target, rustc,"
		" rustc_version, hone, cpu, kernel, cores, speed_measured, small, fast, balanced, "
		"seed, options)"
		" VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		&q, err);
	const char *const texts[] = {run->workspace, run->package, run->bin, run->kind,
		run->profile, run->target, run->rustc, run->rustc_version, run->hone, run->cpu,
		run->kernel};
	struct hone_row r = {.q = q};

	if (error)
		return error;
	hone_row_int(&r, run->when);
	for (size_t i = 0; i < HONE_COUNT(texts); i++)
		hone_row_text(&r, texts[i]);
	hone_row_int(&r, run->cores);
	hone_row_int(&r, run->speed_measured);
	hone_row_text(&r, run->small);
	hone_row_text(&r, run->fast);
	hone_row_text(&r, run->balanced);
	hone_row_int(&r, (int64_t)run->seed);
	hone_row_text(&r, run->options);
	error = hone_row_run(s, &r, err);
	*ret_id = sqlite3_last_insert_rowid(s->db);
	return error;
}

static int put_sections(struct hone_store *s, int64_t id, size_t number,
	const struct hone_stored_trial *t, struct hone_err *err)
{
	hone_auto_stmt sqlite3_stmt *q = NULL;
	int error = hone_store_prepare(s,
		"INSERT INTO section(run, trial, number, name, size) VALUES(?, ?, ?, ?, ?)", &q,
		err);
	struct hone_row r = {.q = q};

	for (size_t i = 0; !error && i < t->n_sections; i++) {
		hone_row_int(&r, id);
		hone_row_size(&r, number);
		hone_row_size(&r, i);
		hone_row_text(&r, t->sections[i].name);
		hone_row_size(&r, t->sections[i].size);
		error = hone_row_run(s, &r, err);
	}
	return error;
}

static int put_owners(struct hone_store *s, int64_t id, size_t number,
	const struct hone_stored_trial *t, struct hone_err *err)
{
	hone_auto_stmt sqlite3_stmt *q = NULL;
	int error = hone_store_prepare(s,
		"INSERT INTO owner(run, trial, number, name, kind, size) VALUES(?, ?, ?, ?, ?, ?)",
		&q, err);
	struct hone_row r = {.q = q};

	for (size_t i = 0; !error && i < t->n_owners; i++) {
		hone_row_int(&r, id);
		hone_row_size(&r, number);
		hone_row_size(&r, i);
		hone_row_text(&r, t->owners[i].name);
		hone_row_text(&r, t->owners[i].kind);
		hone_row_size(&r, t->owners[i].size);
		error = hone_row_run(s, &r, err);
	}
	return error;
}

static int put_trials(
	struct hone_store *s, int64_t id, const struct hone_stored_run *run, struct hone_err *err)
{
	hone_auto_stmt sqlite3_stmt *q = NULL;
	int error = hone_store_prepare(s,
		"INSERT INTO trial(run, number, name, candidate, labels, status, reason, hash,"
		" min_glibc, size, stripped_size, gzip_size, zstd_size, build_wall_s, build_cpu_s,"
		" build_peak, build_units, ratio, low, high, verdict, confirmed, flash, ram)"
		" VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		&q, err);
	struct hone_row r = {.q = q};

	for (size_t i = 0; !error && i < run->n_trials; i++) {
		const struct hone_stored_trial *t = &run->trials[i];
		const char *const texts[] = {t->name, t->candidate, t->labels, t->status, t->reason,
			t->hash, t->min_glibc};
		const uint64_t sizes[] = {t->size, t->stripped_size, t->gzip_size, t->zstd_size};

		hone_row_int(&r, id);
		hone_row_size(&r, i);
		for (size_t k = 0; k < HONE_COUNT(texts); k++)
			hone_row_text(&r, texts[k]);
		for (size_t k = 0; k < HONE_COUNT(sizes); k++)
			hone_row_size(&r, sizes[k]);
		hone_row_real(&r, t->build_wall_s);
		hone_row_real(&r, t->build_cpu_s);
		hone_row_size(&r, t->build_peak);
		hone_row_size(&r, t->build_units);
		put_ratio(&r, &t->cost);
		hone_row_int(&r, t->confirmed);
		hone_row_size(&r, t->flash);
		hone_row_size(&r, t->ram);
		error = hone_row_run(s, &r, err);
		if (!error)
			error = put_sections(s, id, i, t, err);
		if (!error)
			error = put_owners(s, id, i, t, err);
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
	const struct hone_stored_series *series, struct hone_err *err)
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
	const struct hone_stored_metric *m, struct hone_err *err)
{
	hone_auto_stmt sqlite3_stmt *q = NULL;
	int error = hone_store_prepare(s,
		"INSERT INTO series(run, workload, metric, trial, rounds, median, ratio, low, high,"
		" verdict) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		&q, err);
	struct hone_row r = {.q = q};

	for (size_t i = 0; !error && i <= n_trials; i++) {
		const struct hone_stored_series *series = &m->series[i];
		int64_t trial = i < n_trials ? (int64_t)i : -1;

		put_place(&r, at, trial);
		hone_row_size(&r, series->n_samples);
		hone_row_real(&r, series->median);
		put_ratio(&r, &series->against);
		error = hone_row_run(s, &r, err);
		if (!error)
			error = put_samples(s, at, trial, series, err);
	}
	return error;
}

static int put_metrics(struct hone_store *s, int64_t id, size_t workload, size_t n_trials,
	const struct hone_stored_workload *w, struct hone_err *err)
{
	hone_auto_stmt sqlite3_stmt *q = NULL;
	int error = hone_store_prepare(s,
		"INSERT INTO metric(run, workload, number, name, unit, is_primary, more_is_better)"
		" VALUES(?, ?, ?, ?, ?, ?, ?)",
		&q, err);
	struct hone_row r = {.q = q};

	for (size_t i = 0; !error && i < w->n_metrics; i++) {
		const struct place at = {.run = id, .workload = workload, .metric = i};

		hone_row_int(&r, id);
		hone_row_size(&r, workload);
		hone_row_size(&r, i);
		hone_row_text(&r, w->metrics[i].name);
		hone_row_text(&r, w->metrics[i].unit);
		hone_row_int(&r, w->metrics[i].primary);
		hone_row_int(&r, w->metrics[i].more_is_better);
		error = hone_row_run(s, &r, err);
		if (!error)
			error = put_series(s, &at, n_trials, &w->metrics[i], err);
	}
	return error;
}

static int put_workloads(
	struct hone_store *s, int64_t id, const struct hone_stored_run *run, struct hone_err *err)
{
	hone_auto_stmt sqlite3_stmt *q = NULL;
	int error = hone_store_prepare(s,
		"INSERT INTO workload(run, number, name, kind, command, weight)"
		" VALUES(?, ?, ?, ?, ?, ?)",
		&q, err);
	struct hone_row r = {.q = q};

	for (size_t i = 0; !error && i < run->n_workloads; i++) {
		const struct hone_stored_workload *w = &run->workloads[i];

		hone_row_int(&r, id);
		hone_row_size(&r, i);
		hone_row_text(&r, w->name);
		hone_row_text(&r, w->kind);
		hone_row_text(&r, w->command);
		hone_row_real(&r, w->weight);
		error = hone_row_run(s, &r, err);
		if (!error)
			error = put_metrics(s, id, i, run->n_trials, w, err);
	}
	return error;
}

int hone_store_put(struct hone_store *s, const struct hone_stored_run *run, int64_t *ret_id,
	struct hone_err *err)
{
	int error = hone_store_exec(s, "BEGIN IMMEDIATE", err);

	if (error)
		return error;
	error = put_run(s, run, ret_id, err);
	if (!error)
		error = put_trials(s, *ret_id, run, err);
	if (!error)
		error = put_workloads(s, *ret_id, run, err);
	for (size_t i = 0; !error && i < HONE_COUNT(run->finishes); i++)
		if (run->finishes[i])
			error = hone_unfinished_forget(s, run->finishes[i], err);
	if (!error)
		error = hone_store_exec(s, "COMMIT", err);
	if (error)
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	return error;
}
