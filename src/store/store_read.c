#include "store_impl.h"

#include "buf.h"

#include <math.h>
#include <string.h>

/* Bytes of one run: a damaged file may claim anything. */
#define MOST_BYTES ((size_t)256 << 20)

int64_t hone_column_int(struct hone_columns *c)
{
	return sqlite3_column_int64(c->q, c->at++);
}

uint64_t hone_column_size(struct hone_columns *c)
{
	int64_t x = hone_column_int(c);

	return x < 0 ? 0 : (uint64_t)x;
}

double hone_column_real(struct hone_columns *c)
{
	int at = c->at++;

	return sqlite3_column_type(c->q, at) == SQLITE_NULL ? NAN : sqlite3_column_double(c->q, at);
}

/* NULL stays NULL; a text ends at its first NUL. */
const char *hone_column_text(struct hone_columns *c)
{
	const unsigned char *text = sqlite3_column_text(c->q, c->at++);

	return text ? hone_arena_strdup(c->arena, (const char *)text) : NULL;
}

/* The same for columns that are never NULL. */
const char *hone_column_word(struct hone_columns *c)
{
	const char *text = hone_column_text(c);

	return text ? text : "";
}

static struct hone_stored_ratio take_ratio(struct hone_columns *c)
{
	struct hone_stored_ratio r = {.ratio = hone_column_real(c),
		.low = hone_column_real(c),
		.high = hone_column_real(c)};

	r.verdict = hone_column_word(c);
	return r;
}

int hone_store_damaged(struct hone_store *s, struct hone_err *err)
{
	hone_err_set(err, HONE_E_FAILED, "%s: damaged: its tables contradict each other", s->path);
	return hone_err_hint(err, "move it away: hone begins a new one and never deletes this one");
}

int hone_column_next(
	struct hone_store *s, struct hone_columns *c, size_t expected, struct hone_err *err)
{
	int rc = sqlite3_step(c->q);

	c->at = 0;
	if (rc == SQLITE_DONE)
		return 0;
	if (rc != SQLITE_ROW)
		return hone_store_fail(s, rc, err);
	return hone_column_int(c) == (int64_t)expected ? 1 : hone_store_damaged(s, err);
}

/* Moves a list into the arena. */
static void *keep(struct hone_arena *arena, const void *v, size_t n, size_t size)
{
	void *to = hone_arena_alloc(arena, hone_size_mul(n, size));

	if (n)
		memcpy(to, v, n * size);
	return to;
}

static int get_sections(
	struct hone_store *s, struct hone_stored_run *run, size_t trial, struct hone_err *err)
{
	HONE_VEC(struct hone_stored_section) list = {0};
	hone_auto_stmt sqlite3_stmt *q = NULL;
	int error = hone_store_prepare(s,
		"SELECT number, name, size FROM section WHERE run = ? AND trial = ? ORDER BY "
		"number",
		&q, err);
	struct hone_columns c = {.q = q, .arena = &run->arena};

	if (error)
		return error;
	sqlite3_bind_int64(q, 1, run->id);
	sqlite3_bind_int64(q, 2, (int64_t)trial);
	while ((error = hone_column_next(s, &c, list.n, err)) > 0) {
		struct hone_stored_section section = {.name = hone_column_word(&c)};

		section.size = hone_column_size(&c);
		hone_vec_push(&list, section);
	}
	run->trials[trial].sections = keep(&run->arena, list.v, list.n, sizeof(*list.v));
	run->trials[trial].n_sections = list.n;
	hone_vec_release(&list);
	return error;
}

static int get_owners(
	struct hone_store *s, struct hone_stored_run *run, size_t trial, struct hone_err *err)
{
	HONE_VEC(struct hone_stored_owner) list = {0};
	hone_auto_stmt sqlite3_stmt *q = NULL;
	int error = hone_store_prepare(s,
		"SELECT number, name, kind, size FROM owner WHERE run = ? AND trial = ? ORDER BY "
		"number",
		&q, err);
	struct hone_columns c = {.q = q, .arena = &run->arena};

	if (error)
		return error;
	sqlite3_bind_int64(q, 1, run->id);
	sqlite3_bind_int64(q, 2, (int64_t)trial);
	while ((error = hone_column_next(s, &c, list.n, err)) > 0) {
		struct hone_stored_owner owner = {.name = hone_column_word(&c)};

		owner.kind = hone_column_word(&c);
		owner.size = hone_column_size(&c);
		hone_vec_push(&list, owner);
	}
	run->trials[trial].owners = keep(&run->arena, list.v, list.n, sizeof(*list.v));
	run->trials[trial].n_owners = list.n;
	hone_vec_release(&list);
	return error;
}

static struct hone_stored_trial take_trial(struct hone_columns *c)
{
	struct hone_stored_trial t = {0};

	t.name = hone_column_word(c);
	t.candidate = hone_column_word(c);
	t.labels = hone_column_word(c);
	t.status = hone_column_word(c);
	t.reason = hone_column_text(c);
	t.hash = hone_column_text(c);
	t.min_glibc = hone_column_text(c);
	t.size = hone_column_size(c);
	t.stripped_size = hone_column_size(c);
	t.gzip_size = hone_column_size(c);
	t.zstd_size = hone_column_size(c);
	t.build_wall_s = hone_column_real(c);
	t.build_cpu_s = hone_column_real(c);
	t.build_peak = hone_column_size(c);
	t.build_units = hone_column_size(c);
	t.cost = take_ratio(c);
	t.confirmed = hone_column_int(c) != 0;
	t.flash = hone_column_size(c);
	t.ram = hone_column_size(c);
	return t;
}

static int get_trials(struct hone_store *s, struct hone_stored_run *run,
	enum hone_store_detail detail, struct hone_err *err)
{
	HONE_VEC(struct hone_stored_trial) list = {0};
	hone_auto_stmt sqlite3_stmt *q = NULL;
	int error = hone_store_prepare(s,
		"SELECT number, name, candidate, labels, status, reason, hash, min_glibc, size,"
		" stripped_size, gzip_size, zstd_size, build_wall_s, build_cpu_s, build_peak,"
		" build_units, ratio, low, high, verdict, confirmed, flash, ram"
		" FROM trial WHERE run = ? ORDER BY number",
		&q, err);
	struct hone_columns c = {.q = q, .arena = &run->arena};

	if (error)
		return error;
	sqlite3_bind_int64(q, 1, run->id);
	while ((error = hone_column_next(s, &c, list.n, err)) > 0)
		hone_vec_push(&list, take_trial(&c));
	run->trials = keep(&run->arena, list.v, list.n, sizeof(*list.v));
	run->n_trials = list.n;
	hone_vec_release(&list);
	if (!error && !run->n_trials)
		error = hone_store_damaged(s, err);
	for (size_t i = 0; !error && detail != HONE_STORE_HEAD && i < run->n_trials; i++)
		error = get_owners(s, run, i, err);
	for (size_t i = 0; !error && detail == HONE_STORE_ALL && i < run->n_trials; i++)
		error = get_sections(s, run, i, err);
	return error;
}

static int get_samples(struct hone_store *s, struct hone_stored_run *run, size_t workload,
	size_t metric, int64_t trial, struct hone_stored_series *series, struct hone_err *err)
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

static int get_series(struct hone_store *s, struct hone_stored_run *run, size_t workload,
	size_t metric, enum hone_store_detail detail, struct hone_err *err)
{
	struct hone_stored_metric *m = &run->workloads[workload].metrics[metric];
	hone_auto_stmt sqlite3_stmt *q = NULL;
	int error = hone_store_prepare(s,
		"SELECT trial, rounds, median, ratio, low, high, verdict FROM series"
		" WHERE run = ? AND workload = ? AND metric = ?",
		&q, err);
	struct hone_columns c = {.q = q, .arena = &run->arena};
	int rc = SQLITE_DONE;

	if (error)
		return error;
	m->series =
		hone_arena_alloc(&run->arena, hone_size_mul(run->n_trials + 1, sizeof(*m->series)));
	for (size_t i = 0; i <= run->n_trials; i++)
		m->series[i] = (struct hone_stored_series){.median = NAN,
			.against = {.ratio = NAN, .low = NAN, .high = NAN, .verdict = ""}};
	sqlite3_bind_int64(q, 1, run->id);
	sqlite3_bind_int64(q, 2, (int64_t)workload);
	sqlite3_bind_int64(q, 3, (int64_t)metric);
	while (!error && (rc = sqlite3_step(q)) == SQLITE_ROW) {
		struct hone_stored_series *series;
		int64_t trial, rounds;

		c.at = 0;
		trial = hone_column_int(&c);
		rounds = hone_column_int(&c);
		if (trial < -1 || trial >= (int64_t)run->n_trials || rounds < 0 ||
			rounds > HONE_STORE_MOST_ROUNDS)
			return hone_store_damaged(s, err);
		series = &m->series[trial < 0 ? run->n_trials : (size_t)trial];
		series->median = hone_column_real(&c);
		series->against = take_ratio(&c);
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

static int get_metrics(struct hone_store *s, struct hone_stored_run *run, size_t workload,
	enum hone_store_detail detail, struct hone_err *err)
{
	HONE_VEC(struct hone_stored_metric) list = {0};
	hone_auto_stmt sqlite3_stmt *q = NULL;
	struct hone_stored_workload *w = &run->workloads[workload];
	int error = hone_store_prepare(s,
		"SELECT number, name, unit, is_primary, more_is_better FROM metric"
		" WHERE run = ? AND workload = ? ORDER BY number",
		&q, err);
	struct hone_columns c = {.q = q, .arena = &run->arena};

	if (error)
		return error;
	sqlite3_bind_int64(q, 1, run->id);
	sqlite3_bind_int64(q, 2, (int64_t)workload);
	while ((error = hone_column_next(s, &c, list.n, err)) > 0) {
		struct hone_stored_metric m = {.name = hone_column_word(&c)};

		m.unit = hone_column_word(&c);
		m.primary = hone_column_int(&c) != 0;
		m.more_is_better = hone_column_int(&c) != 0;
		hone_vec_push(&list, m);
	}
	w->metrics = keep(&run->arena, list.v, list.n, sizeof(*list.v));
	w->n_metrics = list.n;
	hone_vec_release(&list);
	for (size_t i = 0; !error && i < w->n_metrics; i++)
		error = get_series(s, run, workload, i, detail, err);
	return error;
}

static int get_workloads(struct hone_store *s, struct hone_stored_run *run,
	enum hone_store_detail detail, struct hone_err *err)
{
	HONE_VEC(struct hone_stored_workload) list = {0};
	hone_auto_stmt sqlite3_stmt *q = NULL;
	int error = hone_store_prepare(s,
		"SELECT number, name, kind, command, weight FROM workload"
		" WHERE run = ? ORDER BY number",
		&q, err);
	struct hone_columns c = {.q = q, .arena = &run->arena};

	if (error)
		return error;
	sqlite3_bind_int64(q, 1, run->id);
	while ((error = hone_column_next(s, &c, list.n, err)) > 0) {
		struct hone_stored_workload w = {.name = hone_column_word(&c)};

		w.kind = hone_column_word(&c);
		w.command = hone_column_word(&c);
		w.weight = hone_column_real(&c);
		hone_vec_push(&list, w);
	}
	run->workloads = keep(&run->arena, list.v, list.n, sizeof(*list.v));
	run->n_workloads = list.n;
	hone_vec_release(&list);
	for (size_t i = 0; !error && i < run->n_workloads; i++)
		error = get_metrics(s, run, i, detail, err);
	return error;
}

static int get_run(struct hone_store *s, const char *workspace, struct hone_stored_run *run,
	struct hone_err *err)
{
	hone_auto_stmt sqlite3_stmt *q = NULL;
	int error = hone_store_prepare(s,
		"SELECT finished, workspace, package, bin, kind, profile, target, rustc,"
		" rustc_version, hone, cpu, kernel, cores, speed_measured, small, fast, balanced, "
		"seed, options"
		" FROM run WHERE id = ? AND workspace = ?",
		&q, err);
	struct hone_columns c = {.q = q, .arena = &run->arena};
	const char **const texts[] = {&run->workspace, &run->package, &run->bin, &run->kind,
		&run->profile, &run->target, &run->rustc, &run->rustc_version, &run->hone,
		&run->cpu, &run->kernel};
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
	run->when = hone_column_int(&c);
	for (size_t i = 0; i < HONE_COUNT(texts); i++)
		*texts[i] = hone_column_word(&c);
	run->cores = (unsigned)hone_column_size(&c);
	run->speed_measured = hone_column_int(&c) != 0;
	run->small = hone_column_text(&c);
	run->fast = hone_column_text(&c);
	run->balanced = hone_column_text(&c);
	run->seed = (uint64_t)hone_column_int(&c);
	run->options = hone_column_text(&c);
	return 0;
}

static const struct hone_stored_trial *confirmed(
	const struct hone_stored_run *run, const char *name)
{
	for (size_t i = 1; name && i < run->n_trials; i++)
		if (run->trials[i].confirmed && strcmp(run->trials[i].name, name) == 0)
			return &run->trials[i];
	return NULL;
}

/* Runs of hone 0.1 name winners that their own fresh rounds did not confirm: those are none. */
static void hold_winners(struct hone_stored_run *run)
{
	const struct hone_stored_trial *t = confirmed(run, run->fast);

	if (!t || strcmp(t->cost.verdict, "better") == 0)
		return;
	run->fast = run->trials[0].name;
	t = confirmed(run, run->balanced);
	if (t && strcmp(t->cost.verdict, "better") != 0 && strcmp(t->cost.verdict, "same") != 0)
		run->balanced = NULL;
}

int hone_store_get(struct hone_store *s, const char *workspace, int64_t id,
	enum hone_store_detail detail, struct hone_stored_run *ret, struct hone_err *err)
{
	int error = hone_store_exec(s, "BEGIN", err);

	if (error)
		return error;
	ret->id = id;
	error = get_run(s, workspace, ret, err);
	if (!error)
		error = get_trials(s, ret, detail, err);
	if (!error)
		hold_winners(ret);
	if (!error && detail > HONE_STORE_TRIALS)
		error = get_workloads(s, ret, detail, err);
	sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	if (error)
		hone_stored_run_release(ret);
	return error;
}

int hone_store_ids(struct hone_store *s, const struct hone_store_filter *f, int64_t **ret_ids,
	size_t *ret_n, struct hone_err *err)
{
	HONE_VEC(int64_t) list = {0};
	hone_auto_stmt sqlite3_stmt *q = NULL;
	int error = hone_store_prepare(s,
		"SELECT id FROM run WHERE workspace = ?1 AND (?2 IS NULL OR package = ?2)"
		" AND (?3 IS NULL OR bin = ?3) ORDER BY id DESC",
		&q, err);
	int rc;

	if (error)
		return error;
	sqlite3_bind_text(q, 1, f->workspace, -1, SQLITE_STATIC);
	sqlite3_bind_text(q, 2, f->package, -1, SQLITE_STATIC);
	sqlite3_bind_text(q, 3, f->bin, -1, SQLITE_STATIC);
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
	enum hone_store_detail detail, struct hone_stored_run *ret, struct hone_err *err)
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

uint64_t hone_stored_cost(const struct hone_stored_trial *t)
{
	return t->flash ? t->flash : t->size;
}

char *hone_stored_differences(const struct hone_stored_run *a, const struct hone_stored_run *b)
{
	struct hone_buf text = HONE_BUF_INIT;
	const struct {
		const char *what;
		bool differs;
	} rows[] = {
		{"machine", strcmp(a->cpu, b->cpu) != 0 || a->cores != b->cores ||
				    strcmp(a->kernel, b->kernel) != 0},
		{"toolchain", strcmp(a->rustc, b->rustc) != 0},
		{"target", strcmp(a->target, b->target) != 0},
	};

	for (size_t i = 0; i < HONE_COUNT(rows); i++)
		if (rows[i].differs)
			hone_buf_addf(&text, "%s%s", text.n ? ", " : "", rows[i].what);
	return text.n ? hone_buf_detach(&text) : NULL;
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
