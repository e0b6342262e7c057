/* The database of results: what goes in comes out, and files that are not hone's own are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "scratch.h"
#include "store.h"
#include "store_held.h"

#include <math.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>

static struct hone_result_section sections[] = {{".text", 700}, {".data", 30}};

static struct hone_result_owner owners[] = {{"core", "std", 600}, {"app 1.0.0", "workspace", 100}};

static struct hone_result_run sample_run(const char *workspace)
{
	static double samples[3][4] = {{1, 2, 3, 4}, {2, NAN, 6, 8}, {1, 2, 3, 5}};
	static struct hone_result_trial trials[] = {
		{.name = "baseline",
			.candidate = "",
			.labels = "",
			.status = "built",
			.hash = "00ff",
			.min_glibc = "2.34",
			.size = 1000,
			.stripped_size = 900,
			.gzip_size = 500,
			.zstd_size = 450,
			.brotli_size = 400,
			.build_wall_s = 1.5,
			.build_cpu_s = 2.5,
			.build_peak = 1 << 20,
			.build_units = 7,
			.cost = {1, 1, 1, "same"},
			.sections = sections,
			.n_sections = 2,
			.flash = 700,
			.ram = 40,
			.owners = owners,
			.n_owners = 2},
		{.name = "s'mall; DROP TABLE run",
			.candidate = "opt-level=\"z\"",
			.labels = "behaviour,debuggability",
			.status = "differs",
			.reason = "prints \"\xc3\xa9\" ?",
			.hash = "11ee",
			.size = 700,
			.build_wall_s = NAN,
			.build_cpu_s = 0,
			.cost = {2.0, 0, INFINITY, "undecided"},
			.confirmed = true},
	};
	static struct hone_result_series series[] = {
		{2.5, {1, 1, 1, "same"}, samples[0], 4},
		{6, {2, 1.5, 2.5, "worse"}, samples[1], 4},
		{2.5, {NAN, NAN, NAN, ""}, samples[2], 4},
	};
	static double counts[] = {1000, NAN};
	static size_t tied[] = {1, 0};
	static struct hone_result_metric metrics[] = {{"wall", "s", true, false, 0.01, series}};
	static struct hone_result_workload workloads[] = {{.name = "search",
		.kind = "command",
		.command = "{bin} search x",
		.weight = 2,
		.rounds = 4,
		.cpu = 3,
		.counts = counts,
		.metrics = metrics,
		.n_metrics = 1}};

	return (struct hone_result_run){.when = 1700000000,
		.workspace = workspace,
		.package = "app",
		.bin = "app",
		.kind = "bin",
		.profile = "release",
		.target = "x86_64-unknown-linux-gnu",
		.rustc = "rustc 1.95.0 (abc)",
		.rustc_version = "1.95.0",
		.hone = "0.1.0",
		.cpu = "a cpu",
		.kernel = "Linux 6.1",
		.machine_id = "0123456789abcdef",
		.home = "/w/target/hone",
		.below = "target/hone",
		.cores = 2,
		.speed_measured = true,
		.complete = true,
		.version = "1.2.3",
		.llvm = "22",
		.virtual_machine = -1,
		.rounds = 4,
		.more_s = INFINITY,
		.best = {1, 0, HONE_PICK_NONE, tied, 2, HONE_PICK_NONE},
		.any = {1, HONE_PICK_NONE, 1, NULL, 0, HONE_PICK_NONE},
		.trials = trials,
		.n_trials = 2,
		.workloads = workloads,
		.n_workloads = 1};
}

static struct hone_store *open_store(const char *path)
{
	struct hone_store *s = NULL;
	hone_auto_err struct hone_err err = HONE_ERR_INIT;

	if (hone_store_open(path, true, &s, &err))
		fail_msg("%s", err.msg);
	return s;
}

static int64_t put(struct hone_store *s, const char *workspace)
{
	struct hone_result_run run = sample_run(workspace);
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	int64_t id = 0;

	if (hone_store_put(s, &run, NULL, &id, &err))
		fail_msg("%s", err.msg);
	return id;
}

static void assert_ratio(const struct hone_result_ratio *have, const struct hone_result_ratio *want)
{
	assert_true(have->ratio == want->ratio || (isnan(have->ratio) && isnan(want->ratio)));
	assert_true(have->low == want->low || (isnan(have->low) && isnan(want->low)));
	assert_true(have->high == want->high || (isnan(have->high) && isnan(want->high)));
	assert_string_equal(have->verdict, want->verdict);
}

static void assert_text(const char *have, const char *want)
{
	if (want)
		assert_string_equal(have, want);
	else
		assert_null(have);
}

static void assert_trial(const struct hone_result_trial *have, const struct hone_result_trial *want)
{
	assert_text(have->name, want->name);
	assert_text(have->candidate, want->candidate);
	assert_text(have->labels, want->labels);
	assert_text(have->status, want->status);
	assert_text(have->reason, want->reason);
	assert_text(have->hash, want->hash);
	assert_text(have->min_glibc, want->min_glibc);
	assert_int_equal(have->size, want->size);
	assert_int_equal(have->stripped_size, want->stripped_size);
	assert_int_equal(have->gzip_size, want->gzip_size);
	assert_int_equal(have->zstd_size, want->zstd_size);
	assert_int_equal(have->brotli_size, want->brotli_size);
	assert_true(have->build_wall_s == want->build_wall_s ||
		    (isnan(have->build_wall_s) && isnan(want->build_wall_s)));
	assert_true(have->build_cpu_s == want->build_cpu_s);
	assert_int_equal(have->build_peak, want->build_peak);
	assert_int_equal(have->build_units, want->build_units);
	assert_ratio(&have->cost, &want->cost);
	assert_int_equal(have->confirmed, want->confirmed);
	assert_int_equal(have->flash, want->flash);
	assert_int_equal(have->ram, want->ram);
	assert_int_equal(have->n_owners, want->n_owners);
	for (size_t i = 0; i < want->n_owners; i++) {
		assert_string_equal(have->owners[i].name, want->owners[i].name);
		assert_string_equal(have->owners[i].kind, want->owners[i].kind);
		assert_int_equal(have->owners[i].size, want->owners[i].size);
	}
	assert_int_equal(have->n_sections, want->n_sections);
	for (size_t i = 0; i < want->n_sections; i++) {
		assert_string_equal(have->sections[i].name, want->sections[i].name);
		assert_int_equal(have->sections[i].size, want->sections[i].size);
	}
}

static void assert_workload(
	const struct hone_result_workload *have, const struct hone_result_workload *want)
{
	const struct hone_result_metric *m = &have->metrics[0], *w = &want->metrics[0];

	assert_string_equal(have->name, want->name);
	assert_string_equal(have->kind, want->kind);
	assert_string_equal(have->command, want->command);
	assert_true(have->weight == want->weight);
	assert_int_equal(have->rounds, want->rounds);
	assert_int_equal(have->cpu, want->cpu);
	assert_true(have->counts[0] == want->counts[0] && isnan(have->counts[1]));
	assert_int_equal(have->n_metrics, 1);
	assert_true(m->noise == w->noise);
	assert_string_equal(m->name, w->name);
	assert_string_equal(m->unit, w->unit);
	assert_int_equal(m->primary, w->primary);
	assert_int_equal(m->more_is_better, w->more_is_better);
	for (size_t i = 0; i < 3; i++) {
		assert_true(m->series[i].median == w->series[i].median);
		assert_ratio(&m->series[i].against, &w->series[i].against);
		assert_int_equal(m->series[i].n_samples, 4);
		for (size_t k = 0; k < 4; k++)
			assert_true(
				m->series[i].samples[k] == w->series[i].samples[k] ||
				(isnan(m->series[i].samples[k]) && isnan(w->series[i].samples[k])));
	}
}

static void round_trip(void **state)
{
	hone_auto_free char *path = in_scratch("hone.db");
	const struct hone_result_run want = sample_run("/w");
	hone_auto_result_run struct hone_result_run have = HONE_RESULT_RUN_INIT;
	struct hone_store *s = open_store(path);
	int64_t id = put(s, "/w");

	(void)state;
	hone_store_close(s);
	s = open_store(path); /* another process reads it later */
	assert_int_equal(hone_store_get(s, "/w", id, HONE_STORE_ALL, &have, NULL), 0);
	assert_int_equal(have.id, id);
	assert_int_equal(have.when, want.when);
	assert_text(have.workspace, "/w");
	assert_text(have.package, want.package);
	assert_text(have.bin, want.bin);
	assert_text(have.kind, want.kind);
	assert_text(have.profile, want.profile);
	assert_text(have.target, want.target);
	assert_text(have.rustc, want.rustc);
	assert_text(have.rustc_version, want.rustc_version);
	assert_text(have.hone, want.hone);
	assert_text(have.cpu, want.cpu);
	assert_text(have.kernel, want.kernel);
	assert_int_equal(have.cores, want.cores);
	assert_text(have.machine_id, want.machine_id);
	assert_text(have.home, want.home);
	assert_text(have.below, want.below);
	assert_null(have.user);
	assert_null(have.elsewhere);
	assert_true(have.speed_measured);
	assert_int_equal(have.best.small, 1);
	assert_int_equal(have.best.fast, 0);
	assert_int_equal(have.best.balanced, HONE_PICK_NONE);
	assert_int_equal(have.best.n_tied, 2);
	assert_int_equal(have.best.tied[0], 1);
	assert_int_equal(have.any.fast, HONE_PICK_NONE);
	assert_int_equal(have.any.balanced, 1);
	assert_true(have.complete);
	assert_text(have.version, want.version);
	assert_text(have.llvm, want.llvm);
	assert_null(have.cargo);
	assert_int_equal(have.virtual_machine, -1);
	assert_int_equal(have.rounds, 4);
	assert_true(isinf(have.more_s));
	assert_int_equal(have.n_trials, 2);
	for (size_t i = 0; i < 2; i++)
		assert_trial(&have.trials[i], &want.trials[i]);
	assert_int_equal(have.n_workloads, 1);
	assert_workload(&have.workloads[0], &want.workloads[0]);
	hone_store_close(s);
}

/* One connection for all, until the file is another one. */
static void held_open(void **state)
{
	hone_auto_free char *path = in_scratch("hone.db");
	hone_auto_free char *away = in_scratch("moved");
	struct hone_store_held *held = hone_store_held_new();
	struct hone_err err = HONE_ERR_INIT;
	struct hone_store *first, *second, *third;

	(void)state;
	assert_int_equal(hone_store_held_open(held, path, false, &first, &err), HONE_E_NOT_FOUND);
	assert_null(first);
	hone_err_release(&err);
	assert_int_equal(hone_store_held_open(held, path, true, &first, NULL), 0);
	assert_int_equal(hone_store_held_open(held, path, false, &second, NULL), 0);
	assert_ptr_equal(first, second);
	assert_int_equal(hone_fs_rename(path, away, NULL), 0);
	assert_int_equal(hone_store_held_open(held, path, false, &third, &err), HONE_E_NOT_FOUND);
	hone_err_release(&err);
	assert_int_equal(hone_store_held_open(held, path, true, &third, NULL), 0);
	assert_true(hone_fs_exists(path));
	hone_store_held_close(held);
	hone_store_held_close(NULL);
}

static void details(void **state)
{
	hone_auto_free char *path = in_scratch("hone.db");
	hone_auto_result_run struct hone_result_run trials = HONE_RESULT_RUN_INIT;
	hone_auto_result_run struct hone_result_run ratios = HONE_RESULT_RUN_INIT;
	hone_auto_store struct hone_store *s = open_store(path);
	int64_t id = put(s, "/w");

	(void)state;
	assert_int_equal(hone_store_get(s, "/w", id, HONE_STORE_TRIALS, &trials, NULL), 0);
	assert_int_equal(trials.n_trials, 2);
	assert_int_equal(trials.trials[0].n_sections, 0);
	assert_int_equal(trials.n_workloads, 0);
	assert_int_equal(hone_store_get(s, "/w", id, HONE_STORE_RATIOS, &ratios, NULL), 0);
	assert_int_equal(ratios.n_workloads, 1);
	assert_true(ratios.workloads[0].metrics[0].series[1].against.ratio == 2);
	assert_int_equal(ratios.workloads[0].metrics[0].series[1].n_samples, 0);
}

static size_t count_of(struct hone_store *s, struct hone_store_filter filter)
{
	int64_t *ids = NULL;
	size_t n = 0;

	assert_int_equal(hone_store_ids(s, &filter, &ids, &n, NULL), 0);
	free(ids);
	return n;
}

/* A database that has moved with its project is of it; one in a folder that several use is of each by its path alone. */
static void a_database_that_moved(void **state)
{
	hone_auto_free char *path = in_scratch("hone.db");
	hone_auto_store struct hone_store *s = open_store(path);
	struct hone_store_filter filter = {.workspace = "/new"};

	(void)state;
	(void)put(s, "/w");
	(void)put(s, "/new");
	assert_int_equal(count_of(s, filter), 1);
	filter.home = "/new/target/hone";
	filter.below = "target/hone";
	assert_int_equal(count_of(s, filter), 2);
	filter.below = "other/hone";
	assert_int_equal(count_of(s, filter), 1);
	filter.below = "target/hone";
	filter.home = "/w/target/hone"; /* it lies where it always lay */
	assert_int_equal(count_of(s, filter), 1);
	filter.bin = "other";
	assert_int_equal(count_of(s, filter), 0);
}

static void workspaces_are_apart(void **state)
{
	hone_auto_free char *path = in_scratch("hone.db");
	hone_auto_free int64_t *ids = NULL;
	hone_auto_result_run struct hone_result_run run = HONE_RESULT_RUN_INIT;
	hone_auto_store struct hone_store *s = open_store(path);
	int64_t a = put(s, "/a"), b = put(s, "/b"), c = put(s, "/a");
	size_t n = 0;

	(void)state;
	assert_int_equal(
		hone_store_ids(s, &(struct hone_store_filter){.workspace = "/a"}, &ids, &n, NULL),
		0);
	assert_int_equal(n, 2);
	assert_int_equal(ids[0], c);
	assert_int_equal(ids[1], a);
	assert_int_equal(hone_store_get(s, "/a", b, HONE_STORE_ALL, &run, NULL), HONE_E_NOT_FOUND);
	assert_int_equal(hone_store_last(s, &(struct hone_store_filter){.workspace = "/b"},
				 HONE_STORE_TRIALS, &run, NULL),
		0);
	assert_int_equal(run.id, b);
	hone_result_run_release(&run);
	assert_int_equal(hone_store_last(s,
				 &(struct hone_store_filter){
					 .workspace = "/a", .package = "app", .bin = "other"},
				 HONE_STORE_TRIALS, &run, NULL),
		HONE_E_NOT_FOUND);
}

static void nothing_there(void **state)
{
	hone_auto_free char *path = in_scratch("hone.db");
	struct hone_store *s = NULL;

	(void)state;
	assert_int_equal(hone_store_open(path, false, &s, NULL), HONE_E_NOT_FOUND);
	assert_false(hone_fs_exists(path));
}

/* Runs statements on the file as another program would. */
static void as_another(const char *path, const char *sql)
{
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static int64_t ask_another(const char *path, const char *sql)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *q = NULL;
	int64_t number;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &q, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(q), SQLITE_ROW);
	number = sqlite3_column_int64(q, 0);
	sqlite3_finalize(q);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	return number;
}

static void assert_refused(const char *path, int code, const char *part)
{
	struct hone_store *s = NULL;
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	hone_auto_buf struct hone_buf before = HONE_BUF_INIT, after = HONE_BUF_INIT;

	assert_int_equal(hone_fs_read(path, 1 << 20, &before, NULL, NULL), 0);
	assert_int_equal(hone_store_open(path, true, &s, &err), code);
	assert_non_null(strstr(err.msg, part));
	assert_non_null(strstr(err.msg, path));
	assert_non_null(err.hint);
	assert_int_equal(hone_fs_read(path, 1 << 20, &after, NULL, NULL), 0);
	assert_true(hone_view_eq(hone_buf_view(&before), hone_buf_view(&after)));
}

static void newer_schema(void **state)
{
	hone_auto_free char *path = in_scratch("hone.db");

	(void)state;
	hone_store_close(open_store(path));
	as_another(path, "PRAGMA user_version = 99");
	assert_refused(path, HONE_E_UNSUPPORTED, "newer hone");
}

static void foreign_file(void **state)
{
	hone_auto_free char *path = in_scratch("hone.db");

	(void)state;
	put_file(
		path, "this is a letter to my aunt, not a database; it is longer than a header is");
	assert_refused(path, HONE_E_FAILED, "database");
	assert_int_equal(remove(path), 0);
	as_another(path, "CREATE TABLE recipes(a)");
	assert_refused(path, HONE_E_FAILED, "not a database of hone's");
}

static void damaged_file(void **state)
{
	hone_auto_free char *path = in_scratch("hone.db");
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	hone_auto_result_run struct hone_result_run run = HONE_RESULT_RUN_INIT;
	struct hone_store *s = open_store(path);
	int64_t id = put(s, "/w");
	FILE *f;

	(void)state;
	hone_store_close(s);
	f = fopen(path, "r+");
	assert_non_null(f);
	assert_int_equal(fseek(f, 4096, SEEK_SET), 0); /* every page but the first */
	for (int i = 0; i < 4096 * 20; i++)
		assert_int_equal(fputc(0xa5, f), 0xa5);
	assert_int_equal(fclose(f), 0);
	/* Said when it is opened, or when it is read. */
	s = NULL;
	if (hone_store_open(path, true, &s, &err) == 0)
		(void)hone_store_get(s, "/w", id, HONE_STORE_ALL, &run, &err);
	assert_int_equal(err.code, HONE_E_FAILED);
	assert_non_null(strstr(err.hint, "move it away"));
	hone_store_close(s);
	assert_true(hone_fs_exists(path));
}

/* Tables that are sound to SQLite and senseless to hone. */
static void contradictions(void **state)
{
	static const char *const wrongs[] = {
		"UPDATE trial SET number = 7 WHERE number = 1",
		"UPDATE series SET trial = 9 WHERE trial = 1",
		"UPDATE series SET rounds = 3",
		"UPDATE series SET rounds = 1000000000000",
		"DELETE FROM trial",
		"UPDATE workload SET number = -1",
		"UPDATE section SET number = number + 1 WHERE number = 1",
		"ALTER TABLE metric RENAME TO lost",
	};

	(void)state;
	for (size_t i = 0; i < HONE_COUNT(wrongs); i++) {
		hone_auto_free char *name = hone_xasprintf("%zu.db", i);
		hone_auto_free char *path = in_scratch(name);
		hone_auto_result_run struct hone_result_run run = HONE_RESULT_RUN_INIT;
		struct hone_store *s = open_store(path);
		int64_t id = put(s, "/w");

		hone_store_close(s);
		as_another(path, wrongs[i]);
		s = open_store(path);
		if (hone_store_get(s, "/w", id, HONE_STORE_ALL, &run, NULL) != HONE_E_FAILED)
			fail_msg("accepted: %s", wrongs[i]);
		hone_store_close(s);
	}
}

static void locked(void **state)
{
	hone_auto_free char *path = in_scratch("hone.db");
	const struct hone_result_run run = sample_run("/w");
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	hone_auto_result_run struct hone_result_run have = HONE_RESULT_RUN_INIT;
	struct hone_store *s = open_store(path);
	int64_t first = put(s, "/w"), id = 0;
	sqlite3 *other = NULL;

	(void)state;
	assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
	assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(hone_store_put(s, &run, NULL, &id, &err), HONE_E_CONFLICT);
	/* Who reads need not wait. */
	assert_int_equal(hone_store_get(s, "/w", first, HONE_STORE_ALL, &have, NULL), 0);
	assert_int_equal(sqlite3_exec(other, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(other), SQLITE_OK);
	assert_int_not_equal(put(s, "/w"), first);
	hone_store_close(s);
}

/* A file that cannot grow: nothing of the run is in it afterwards, and what was there still is. */
static void no_room(void **state)
{
	hone_auto_free char *path = in_scratch("hone.db");
	struct hone_result_run run = sample_run("/w");
	hone_auto_buf struct hone_buf big = HONE_BUF_INIT;
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	hone_auto_free int64_t *ids = NULL;
	hone_auto_store struct hone_store *s = open_store(path);
	int64_t first = put(s, "/w"), id = 0;
	struct rlimit limit, small = {.rlim_cur = 256 << 10};
	size_t n = 0;

	(void)state;
	hone_buf_pad(&big, 'x', 4 << 20);
	run.rustc = hone_buf_str(&big);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	small.rlim_max = limit.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	assert_int_equal(hone_store_put(s, &run, NULL, &id, &err), HONE_E_SYSTEM);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	assert_int_equal(
		hone_store_ids(s, &(struct hone_store_filter){.workspace = "/w"}, &ids, &n, NULL),
		0);
	assert_int_equal(n, 1);
	assert_int_equal(ids[0], first);
}

/* A file that was made but never filled (hone was killed) is filled now; and once only. */
static void migrations(void **state)
{
	hone_auto_free char *path = in_scratch("hone.db");
	int64_t version;

	(void)state;
	put_file(path, "");
	hone_store_close(open_store(path));
	version = ask_another(path, "PRAGMA user_version");
	assert_true(version >= 1);
	assert_int_equal(ask_another(path, "PRAGMA application_id"), 0x686f6e65);
	assert_int_equal(ask_another(path, "SELECT count(*) FROM pragma_table_list"
					   " WHERE name NOT LIKE 'sqlite_%' AND NOT strict"),
		0);
	hone_store_close(open_store(path));
	assert_int_equal(ask_another(path, "PRAGMA user_version"), version);
}

/* Two contestants, two workloads; the second one was not gated when hone was killed. */
static struct hone_unfinished sample_unfinished(const char *identity)
{
	static double counts[] = {1000, NAN, 1000};
	static const char *metrics[] = {"cpu", "wall"};
	static bool more[] = {false, false};
	static int status[] = {0, 2};
	static const char *reason[] = {NULL, "stdout differs"};
	static size_t left[] = {0, 17};
	static struct hone_unfinished_workload workloads[] = {
		{.gated = true,
			.exit_code = 3,
			.output_bytes = 77,
			.counts = counts,
			.note = "a note",
			.capacity = 12.5,
			.cpu = 2,
			.repeats = 3,
			.why = "asked for",
			.metrics = metrics,
			.more_is_better = more,
			.n_metrics = 2},
		{.gated = false, .repeats = 1},
	};

	return (struct hone_unfinished){.workspace = "/w",
		.identity = identity,
		.seed = UINT64_MAX - 5,
		.n_contestants = 2,
		.status = status,
		.reason = reason,
		.left = left,
		.workloads = workloads,
		.n_workloads = 2};
}

static void unfinished_round_trip(void **state)
{
	hone_auto_free char *path = in_scratch("hone.db");
	struct hone_store *s = open_store(path);
	struct hone_unfinished u = sample_unfinished("abc");
	hone_auto_unfinished struct hone_unfinished back = HONE_UNFINISHED_INIT;
	struct hone_result_run run = sample_run("/w");
	int64_t id = 0, again = 0, number;

	(void)state;
	assert_int_equal(hone_unfinished_get(s, "/w", "abc", &back, NULL), HONE_E_NOT_FOUND);
	assert_int_equal(hone_unfinished_put(s, &u, &id, NULL), 0);
	for (size_t i = 0; i < 3; i++) {
		const double x = (double)i;
		double values[18] = {x, NAN};

		values[17] = x + 5;
		assert_int_equal(
			hone_unfinished_add_round(s, id,
				&(struct hone_new_round){i, x * 10 + 10, x + 1, values, 18}, NULL),
			0);
	}
	/* Kept again: the same one, and no round is lost. */
	assert_int_equal(hone_unfinished_put(s, &u, &again, NULL), 0);
	assert_int_equal(again, id);
	assert_int_equal(hone_unfinished_get(s, "/v", "abc", &back, NULL), HONE_E_NOT_FOUND);
	assert_int_equal(hone_unfinished_get(s, "/w", "abc", &back, NULL), 0);
	assert_int_equal(back.id, id);
	assert_true(back.seed == UINT64_MAX - 5);
	assert_int_equal(back.n_contestants, 2);
	assert_int_equal(back.status[1], 2);
	assert_text(back.reason[0], NULL);
	assert_text(back.reason[1], "stdout differs");
	assert_int_equal(back.n_workloads, 2);
	assert_true(back.workloads[0].gated && !back.workloads[1].gated);
	assert_int_equal(back.workloads[0].exit_code, 3);
	assert_int_equal(back.workloads[0].output_bytes, 77);
	assert_true(back.workloads[0].counts[2] >= 1000 && isnan(back.workloads[0].counts[1]));
	assert_null(back.workloads[1].counts);
	assert_text(back.workloads[0].note, "a note");
	assert_text(back.workloads[0].why, "asked for");
	assert_int_equal(back.workloads[0].cpu, 2);
	assert_int_equal(back.workloads[0].n_metrics, 2);
	assert_text(back.workloads[0].metrics[1], "wall");
	assert_int_equal(back.workloads[1].n_metrics, 0);
	assert_int_equal(back.width, 18);
	assert_int_equal(back.workloads[0].repeats, 3);
	assert_int_equal(back.workloads[1].repeats, 1);
	assert_int_equal(back.left[0], 0);
	assert_int_equal(back.left[1], 17);
	assert_int_equal(back.n_rounds, 3);
	assert_true(back.samples[18 * 2 + 17] >= 7 && isnan(back.samples[18 * 1 + 1]));
	assert_true(back.elapsed_s >= 30 && back.runs_s >= 3);

	/* A finished run takes it away in the same step. */
	assert_int_equal(
		hone_store_put(s, &run, (const int64_t[HONE_STORE_FINISHES]){0, id}, &number, NULL),
		0);
	hone_unfinished_release(&back);
	assert_int_equal(hone_unfinished_get(s, "/w", "abc", &back, NULL), HONE_E_NOT_FOUND);
	hone_store_close(s);
	assert_int_equal(ask_another(path, "SELECT count(*) FROM unfinished_round"), 0);
	assert_int_equal(ask_another(path, "SELECT count(*) FROM unfinished_metric"), 0);
}

static void unfinished_are_few(void **state)
{
	hone_auto_free char *path = in_scratch("hone.db");
	struct hone_store *s = open_store(path);

	(void)state;
	for (int i = 0; i < 12; i++) {
		hone_auto_free char *identity = hone_xasprintf("%d", i);
		struct hone_unfinished u = sample_unfinished(identity);
		int64_t id;

		assert_int_equal(hone_unfinished_put(s, &u, &id, NULL), 0);
	}
	hone_store_close(s);
	assert_int_equal(ask_another(path, "SELECT count(*) FROM unfinished"), 8);
	assert_int_equal(ask_another(path, "SELECT min(id) FROM unfinished"), 5);
}

static void unfinished_contradictions(void **state)
{
	static const char *const wrongs[] = {
		"UPDATE unfinished SET contestants = 3",
		"UPDATE unfinished SET contestants = 1000000000",
		"UPDATE unfinished_workload SET number = 5 WHERE number = 1",
		"UPDATE unfinished_metric SET number = number + 5",
		"DELETE FROM unfinished_metric",
		"UPDATE unfinished_round SET samples = x'00'",
		"UPDATE unfinished_round SET number = 4",
		"UPDATE unfinished_workload SET repeats = 0",
		"UPDATE unfinished_workload SET repeats = 2",
		"UPDATE unfinished_workload SET repeats = 1000000000000",
	};

	(void)state;
	for (size_t i = 0; i < HONE_COUNT(wrongs); i++) {
		hone_auto_free char *name = hone_xasprintf("%zu.db", i);
		hone_auto_free char *path = in_scratch(name);
		struct hone_store *s = open_store(path);
		struct hone_unfinished u = sample_unfinished("abc");
		hone_auto_unfinished struct hone_unfinished back = HONE_UNFINISHED_INIT;
		const double values[18] = {0};
		int64_t id = 0;

		u.workloads[0].n_metrics = 2;
		assert_int_equal(hone_unfinished_put(s, &u, &id, NULL), 0);
		assert_int_equal(hone_unfinished_add_round(s, id,
					 &(struct hone_new_round){0, 1, 1, values, 18}, NULL),
			0);
		as_another(path, wrongs[i]);
		if (hone_unfinished_get(s, "/w", "abc", &back, NULL) != HONE_E_FAILED)
			fail_msg("believed: %s", wrongs[i]);
		hone_store_close(s);
	}
}

static void differences(void **state)
{
	const struct hone_result_run a = sample_run("/w");
	struct hone_result_run b = a;
	hone_auto_free char *text = NULL;

	(void)state;
	assert_null(hone_result_differences(&a, &b));
	b.cores = 8;
	b.rustc = "rustc 1.96.0 (def)";
	text = hone_result_differences(&a, &b);
	assert_string_equal(text, "machine, toolchain");
}

/* A run of an older hone may name a winner that its own fresh rounds did not confirm. */
static void unconfirmed_winners_are_none(void **state)
{
	static const struct {
		size_t fast, expected;
		const char *verdict;
		bool confirmed;
	} cases[] = {{1, 0, "undecided", true}, {1, 0, "same", true}, {1, 0, "worse", true},
		{1, 1, "better", true}, {1, 1, "undecided", false}, {0, 0, "same", false}};
	hone_auto_free char *path = in_scratch("winners.db");

	(void)state;
	for (size_t i = 0; i < HONE_COUNT(cases); i++) {
		hone_auto_store struct hone_store *s = open_store(path);
		hone_auto_result_run struct hone_result_run run = HONE_RESULT_RUN_INIT;
		hone_auto_err struct hone_err err = HONE_ERR_INIT;
		struct hone_result_run sample = sample_run("/w");
		struct hone_result_trial saved = sample.trials[1];
		int64_t id = 0;

		sample.best.fast = cases[i].fast;
		sample.trials[1].name = "x";
		sample.trials[1].confirmed = cases[i].confirmed;
		sample.trials[1].cost =
			(struct hone_result_ratio){0.999, 0.947, 1.051, cases[i].verdict};
		assert_int_equal(hone_store_put(s, &sample, NULL, &id, &err), 0);
		sample.trials[1] = saved;
		assert_int_equal(hone_store_get(s, "/w", id, HONE_STORE_TRIALS, &run, &err), 0);
		assert_int_equal(run.best.fast, cases[i].expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			unconfirmed_winners_are_none, scratch_make, scratch_remove),
		cmocka_unit_test_setup_teardown(round_trip, scratch_make, scratch_remove),
		cmocka_unit_test_setup_teardown(held_open, scratch_make, scratch_remove),
		cmocka_unit_test_setup_teardown(details, scratch_make, scratch_remove),
		cmocka_unit_test_setup_teardown(workspaces_are_apart, scratch_make, scratch_remove),
		cmocka_unit_test_setup_teardown(
			a_database_that_moved, scratch_make, scratch_remove),
		cmocka_unit_test_setup_teardown(nothing_there, scratch_make, scratch_remove),
		cmocka_unit_test_setup_teardown(newer_schema, scratch_make, scratch_remove),
		cmocka_unit_test_setup_teardown(foreign_file, scratch_make, scratch_remove),
		cmocka_unit_test_setup_teardown(damaged_file, scratch_make, scratch_remove),
		cmocka_unit_test_setup_teardown(contradictions, scratch_make, scratch_remove),
		cmocka_unit_test_setup_teardown(locked, scratch_make, scratch_remove),
		cmocka_unit_test_setup_teardown(no_room, scratch_make, scratch_remove),
		cmocka_unit_test_setup_teardown(migrations, scratch_make, scratch_remove),
		cmocka_unit_test_setup_teardown(
			unfinished_round_trip, scratch_make, scratch_remove),
		cmocka_unit_test_setup_teardown(unfinished_are_few, scratch_make, scratch_remove),
		cmocka_unit_test_setup_teardown(
			unfinished_contradictions, scratch_make, scratch_remove),
		cmocka_unit_test(differences),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
