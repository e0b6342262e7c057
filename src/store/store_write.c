#include "store_impl.h"

#include <math.h>

/* Fills the parameters of a statement in their order, then runs it. */
struct row {
	sqlite3_stmt *q;
	int at;
};

static void put_int(struct row *r, int64_t x)
{
	sqlite3_bind_int64(r->q, ++r->at, x);
}

/* Sizes of files never come near the sign bit. */
static void put_size(struct row *r, uint64_t x)
{
	put_int(r, x > INT64_MAX ? INT64_MAX : (int64_t)x);
}

/* NaN becomes NULL, infinity stays. */
static void put_real(struct row *r, double x)
{
	sqlite3_bind_double(r->q, ++r->at, x);
}

/* NULL stays NULL; the text outlives the statement's run. */
static void put_text(struct row *r, const char *s)
{
	sqlite3_bind_text(r->q, ++r->at, s, -1, SQLITE_STATIC);
}

static void put_ratio(struct row *r, const struct hone_stored_ratio *x)
{
	put_real(r, x->ratio);
	put_real(r, x->low);
	put_real(r, x->high);
	put_text(r, x->verdict);
}

static int run_row(struct hone_store *s, struct row *r, struct hone_err *err)
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
		" rustc_version, hone, cpu, kernel, cores, speed_measured, small, fast, balanced)"
		" VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		&q, err);
	const char *const texts[] = {run->workspace, run->package, run->bin, run->kind,
		run->profile, run->target, run->rustc, run->rustc_version, run->hone, run->cpu,
		run->kernel};
	struct row r = {.q = q};

	if (error)
		return error;
	put_int(&r, run->when);
	for (size_t i = 0; i < HONE_COUNT(texts); i++)
		put_text(&r, texts[i]);
	put_int(&r, run->cores);
	put_int(&r, run->speed_measured);
	put_text(&r, run->small);
	put_text(&r, run->fast);
	put_text(&r, run->balanced);
	error = run_row(s, &r, err);
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
	struct row r = {.q = q};

	for (size_t i = 0; !error && i < t->n_sections; i++) {
		put_int(&r, id);
		put_size(&r, number);
		put_size(&r, i);
		put_text(&r, t->sections[i].name);
		put_size(&r, t->sections[i].size);
		error = run_row(s, &r, err);
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
	struct row r = {.q = q};

	for (size_t i = 0; !error && i < t->n_owners; i++) {
		put_int(&r, id);
		put_size(&r, number);
		put_size(&r, i);
		put_text(&r, t->owners[i].name);
		put_text(&r, t->owners[i].kind);
		put_size(&r, t->owners[i].size);
		error = run_row(s, &r, err);
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
	struct row r = {.q = q};

	for (size_t i = 0; !error && i < run->n_trials; i++) {
		const struct hone_stored_trial *t = &run->trials[i];
		const char *const texts[] = {t->name, t->candidate, t->labels, t->status, t->reason,
			t->hash, t->min_glibc};
		const uint64_t sizes[] = {t->size, t->stripped_size, t->gzip_size, t->zstd_size};

		put_int(&r, id);
		put_size(&r, i);
		for (size_t k = 0; k < HONE_COUNT(texts); k++)
			put_text(&r, texts[k]);
		for (size_t k = 0; k < HONE_COUNT(sizes); k++)
			put_size(&r, sizes[k]);
		put_real(&r, t->build_wall_s);
		put_real(&r, t->build_cpu_s);
		put_size(&r, t->build_peak);
		put_size(&r, t->build_units);
		put_ratio(&r, &t->cost);
		put_int(&r, t->confirmed);
		put_size(&r, t->flash);
		put_size(&r, t->ram);
		error = run_row(s, &r, err);
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

static void put_place(struct row *r, const struct place *at, int64_t trial)
{
	put_int(r, at->run);
	put_size(r, at->workload);
	put_size(r, at->metric);
	put_int(r, trial);
}

static int put_samples(struct hone_store *s, const struct place *at, int64_t trial,
	const struct hone_stored_series *series, struct hone_err *err)
{
	hone_auto_stmt sqlite3_stmt *q = NULL;
	int error = hone_store_prepare(s,
		"INSERT INTO sample(run, workload, metric, trial, round, value)"
		" VALUES(?, ?, ?, ?, ?, ?)",
		&q, err);
	struct row r = {.q = q};

	for (size_t i = 0; !error && i < series->n_samples; i++) {
		if (isnan(series->samples[i]))
			continue;
		put_place(&r, at, trial);
		put_size(&r, i);
		put_real(&r, series->samples[i]);
		error = run_row(s, &r, err);
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
	struct row r = {.q = q};

	for (size_t i = 0; !error && i <= n_trials; i++) {
		const struct hone_stored_series *series = &m->series[i];
		int64_t trial = i < n_trials ? (int64_t)i : -1;

		put_place(&r, at, trial);
		put_size(&r, series->n_samples);
		put_real(&r, series->median);
		put_ratio(&r, &series->against);
		error = run_row(s, &r, err);
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
	struct row r = {.q = q};

	for (size_t i = 0; !error && i < w->n_metrics; i++) {
		const struct place at = {.run = id, .workload = workload, .metric = i};

		put_int(&r, id);
		put_size(&r, workload);
		put_size(&r, i);
		put_text(&r, w->metrics[i].name);
		put_text(&r, w->metrics[i].unit);
		put_int(&r, w->metrics[i].primary);
		put_int(&r, w->metrics[i].more_is_better);
		error = run_row(s, &r, err);
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
	struct row r = {.q = q};

	for (size_t i = 0; !error && i < run->n_workloads; i++) {
		const struct hone_stored_workload *w = &run->workloads[i];

		put_int(&r, id);
		put_size(&r, i);
		put_text(&r, w->name);
		put_text(&r, w->kind);
		put_text(&r, w->command);
		put_real(&r, w->weight);
		error = run_row(s, &r, err);
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
	if (!error)
		error = hone_store_exec(s, "COMMIT", err);
	if (error)
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	return error;
}
