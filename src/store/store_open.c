#include "store_impl.h"

#include "fs.h"

#include <errno.h>
#include <string.h>

#define BUSY_MS 5000
/* "hone" in ASCII: tells the file from any other SQLite database. */
#define APPLICATION_ID 0x686f6e65

/* The schema's history: statement list i takes version i to version i + 1. Never edit one that was
 * released; append. Rows of a run are numbered from 0 in the order of their lists; a series of trial -1
 * is the control's. */
static const char *const migrations[] = {
	"CREATE TABLE run("
	"id INTEGER PRIMARY KEY AUTOINCREMENT, finished INTEGER NOT NULL, workspace TEXT NOT NULL,"
	"package TEXT NOT NULL, bin TEXT NOT NULL, kind TEXT NOT NULL, profile TEXT NOT NULL,"
	"target TEXT NOT NULL, rustc TEXT NOT NULL, rustc_version TEXT NOT NULL, hone TEXT NOT "
	"NULL,"
	"cpu TEXT NOT NULL, kernel TEXT NOT NULL, cores INTEGER NOT NULL,"
	"speed_measured INTEGER NOT NULL, small TEXT, fast TEXT, balanced TEXT) STRICT;"
	"CREATE INDEX run_of_workspace ON run(workspace, id);"
	"CREATE TABLE trial("
	"run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE, number INTEGER NOT NULL,"
	"name TEXT NOT NULL, candidate TEXT NOT NULL, labels TEXT NOT NULL, status TEXT NOT NULL,"
	"reason TEXT, hash TEXT, min_glibc TEXT, size INTEGER NOT NULL,"
	"stripped_size INTEGER NOT NULL, gzip_size INTEGER NOT NULL, zstd_size INTEGER NOT NULL,"
	"build_wall_s REAL, build_cpu_s REAL, build_peak INTEGER NOT NULL,"
	"build_units INTEGER NOT NULL, ratio REAL, low REAL, high REAL, verdict TEXT,"
	"confirmed INTEGER NOT NULL, PRIMARY KEY(run, number)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE section("
	"run INTEGER NOT NULL, trial INTEGER NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL,"
	"size INTEGER NOT NULL, PRIMARY KEY(run, trial, number),"
	"FOREIGN KEY(run, trial) REFERENCES trial ON DELETE CASCADE) STRICT, WITHOUT ROWID;"
	"CREATE TABLE workload("
	"run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE, number INTEGER NOT NULL,"
	"name TEXT NOT NULL, kind TEXT NOT NULL, command TEXT NOT NULL, weight REAL NOT NULL,"
	"PRIMARY KEY(run, number)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE metric("
	"run INTEGER NOT NULL, workload INTEGER NOT NULL, number INTEGER NOT NULL,"
	"name TEXT NOT NULL, unit TEXT NOT NULL, is_primary INTEGER NOT NULL,"
	"more_is_better INTEGER NOT NULL, PRIMARY KEY(run, workload, number),"
	"FOREIGN KEY(run, workload) REFERENCES workload ON DELETE CASCADE) STRICT, WITHOUT ROWID;"
	"CREATE TABLE series("
	"run INTEGER NOT NULL, workload INTEGER NOT NULL, metric INTEGER NOT NULL,"
	"trial INTEGER NOT NULL, rounds INTEGER NOT NULL, median REAL, ratio REAL, low REAL,"
	"high REAL, verdict TEXT, PRIMARY KEY(run, workload, metric, trial),"
	"FOREIGN KEY(run, workload, metric) REFERENCES metric ON DELETE CASCADE)"
	"STRICT, WITHOUT ROWID;"
	"CREATE TABLE sample("
	"run INTEGER NOT NULL, workload INTEGER NOT NULL, metric INTEGER NOT NULL,"
	"trial INTEGER NOT NULL, round INTEGER NOT NULL, value REAL NOT NULL,"
	"PRIMARY KEY(run, workload, metric, trial, round),"
	"FOREIGN KEY(run, workload, metric, trial) REFERENCES series ON DELETE CASCADE)"
	"STRICT, WITHOUT ROWID;",

	"ALTER TABLE trial ADD COLUMN flash INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE trial ADD COLUMN ram INTEGER NOT NULL DEFAULT 0;"
	"CREATE TABLE owner("
	"run INTEGER NOT NULL, trial INTEGER NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL,"
	"kind TEXT NOT NULL, size INTEGER NOT NULL, PRIMARY KEY(run, trial, number),"
	"FOREIGN KEY(run, trial) REFERENCES trial ON DELETE CASCADE) STRICT, WITHOUT ROWID;",
	/* The seed of the orders, NULL for runs that an older hone kept; comparisons that are not
	 * finished, each with what it has so far. */
	"ALTER TABLE run ADD COLUMN seed INTEGER;"
	"CREATE TABLE unfinished("
	"id INTEGER PRIMARY KEY AUTOINCREMENT, begun INTEGER NOT NULL, workspace TEXT NOT NULL,"
	"identity TEXT NOT NULL, seed INTEGER NOT NULL, contestants INTEGER NOT NULL,"
	"UNIQUE(workspace, identity)) STRICT;"
	"CREATE TABLE unfinished_contestant("
	"comparison INTEGER NOT NULL REFERENCES unfinished ON DELETE CASCADE,"
	"number INTEGER NOT NULL, status INTEGER NOT NULL, reason TEXT,"
	"PRIMARY KEY(comparison, number)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE unfinished_workload("
	"comparison INTEGER NOT NULL REFERENCES unfinished ON DELETE CASCADE,"
	"number INTEGER NOT NULL, gated INTEGER NOT NULL, exit_code INTEGER NOT NULL,"
	"output_bytes INTEGER NOT NULL, capacity REAL NOT NULL, note TEXT, why TEXT, counts BLOB,"
	"PRIMARY KEY(comparison, number)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE unfinished_metric("
	"comparison INTEGER NOT NULL REFERENCES unfinished ON DELETE CASCADE,"
	"workload INTEGER NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL,"
	"more_is_better INTEGER NOT NULL, PRIMARY KEY(comparison, workload, number))"
	"STRICT, WITHOUT ROWID;"
	"CREATE TABLE unfinished_round("
	"comparison INTEGER NOT NULL REFERENCES unfinished ON DELETE CASCADE,"
	"number INTEGER NOT NULL, elapsed_s REAL NOT NULL, runs_s REAL NOT NULL,"
	"samples BLOB NOT NULL, PRIMARY KEY(comparison, number)) STRICT, WITHOUT ROWID;",
	"ALTER TABLE unfinished_workload ADD COLUMN cpu INTEGER NOT NULL DEFAULT 0;",
	/* What was chosen, NULL for runs that an older hone kept. */
	"ALTER TABLE run ADD COLUMN options TEXT;",
	/* All that a try prints, so that its documents can be made again. */
	"ALTER TABLE run ADD COLUMN complete INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE run ADD COLUMN version TEXT;"
	"ALTER TABLE run ADD COLUMN package_id TEXT;"
	"ALTER TABLE run ADD COLUMN manifest TEXT;"
	"ALTER TABLE run ADD COLUMN cargo TEXT;"
	"ALTER TABLE run ADD COLUMN llvm TEXT;"
	"ALTER TABLE run ADD COLUMN host TEXT;"
	"ALTER TABLE run ADD COLUMN arch TEXT;"
	"ALTER TABLE run ADD COLUMN memory INTEGER;"
	"ALTER TABLE run ADD COLUMN virtual_machine INTEGER;"
	"ALTER TABLE run ADD COLUMN load_before REAL;"
	"ALTER TABLE run ADD COLUMN load_after REAL;"
	"ALTER TABLE run ADD COLUMN cpus INTEGER;"
	"ALTER TABLE run ADD COLUMN governor TEXT;"
	"ALTER TABLE run ADD COLUMN turbo INTEGER;"
	"ALTER TABLE run ADD COLUMN smt INTEGER;"
	"ALTER TABLE run ADD COLUMN ticks INTEGER;"
	"ALTER TABLE run ADD COLUMN steal INTEGER;"
	"ALTER TABLE run ADD COLUMN swapped_in INTEGER;"
	"ALTER TABLE run ADD COLUMN throttled REAL;"
	"ALTER TABLE run ADD COLUMN bare INTEGER;"
	"ALTER TABLE run ADD COLUMN module INTEGER;"
	"ALTER TABLE run ADD COLUMN trains INTEGER;"
	"ALTER TABLE run ADD COLUMN aborts INTEGER;"
	"ALTER TABLE run ADD COLUMN control_differs INTEGER;"
	"ALTER TABLE run ADD COLUMN rounds INTEGER;"
	"ALTER TABLE run ADD COLUMN resumed INTEGER;"
	"ALTER TABLE run ADD COLUMN precision REAL;"
	"ALTER TABLE run ADD COLUMN elapsed_s REAL;"
	"ALTER TABLE run ADD COLUMN more_s REAL;"
	"ALTER TABLE run ADD COLUMN provable REAL;"
	"ALTER TABLE run ADD COLUMN total_s REAL;"
	"ALTER TABLE run ADD COLUMN cargo_s REAL;"
	"ALTER TABLE run ADD COLUMN runs_s REAL;"
	"ALTER TABLE run ADD COLUMN tied TEXT;"
	"ALTER TABLE run ADD COLUMN doubted INTEGER;"
	"ALTER TABLE run ADD COLUMN any_small INTEGER;"
	"ALTER TABLE run ADD COLUMN any_fast INTEGER;"
	"ALTER TABLE run ADD COLUMN any_balanced INTEGER;"
	"ALTER TABLE run ADD COLUMN any_tied TEXT;"
	"ALTER TABLE run ADD COLUMN notes TEXT;"
	"ALTER TABLE trial ADD COLUMN command TEXT;"
	"ALTER TABLE trial ADD COLUMN path TEXT;"
	"ALTER TABLE trial ADD COLUMN exact INTEGER;"
	"ALTER TABLE trial ADD COLUMN path_dependent INTEGER;"
	"ALTER TABLE trial ADD COLUMN fresh INTEGER;"
	"ALTER TABLE trial ADD COLUMN unasked INTEGER;"
	"ALTER TABLE trial ADD COLUMN mind TEXT;"
	"ALTER TABLE trial ADD COLUMN made INTEGER;"
	"ALTER TABLE trial ADD COLUMN allowed INTEGER;"
	"ALTER TABLE trial ADD COLUMN measured INTEGER;"
	"ALTER TABLE trial ADD COLUMN together REAL;"
	"ALTER TABLE trial ADD COLUMN together_low REAL;"
	"ALTER TABLE trial ADD COLUMN together_high REAL;"
	"ALTER TABLE trial ADD COLUMN together_verdict TEXT;"
	"ALTER TABLE trial ADD COLUMN fresh_rounds INTEGER;"
	"ALTER TABLE trial ADD COLUMN profile_trained INTEGER;"
	"ALTER TABLE trial ADD COLUMN profile_pgo INTEGER;"
	"ALTER TABLE trial ADD COLUMN profile_levels INTEGER;"
	"ALTER TABLE trial ADD COLUMN profile_named INTEGER;"
	"ALTER TABLE trial ADD COLUMN profile_aligned INTEGER;"
	"ALTER TABLE trial ADD COLUMN profile_functions INTEGER;"
	"ALTER TABLE trial ADD COLUMN profile_executed INTEGER;"
	"ALTER TABLE trial ADD COLUMN profile_missing INTEGER;"
	"ALTER TABLE trial ADD COLUMN profile_mismatched INTEGER;"
	"ALTER TABLE trial ADD COLUMN profile_found INTEGER;"
	"ALTER TABLE trial ADD COLUMN profile_renamed INTEGER;"
	"ALTER TABLE trial ADD COLUMN profile_hot INTEGER;"
	"ALTER TABLE trial ADD COLUMN profile_hot_found INTEGER;"
	"ALTER TABLE trial ADD COLUMN profile_cold_found INTEGER;"
	"ALTER TABLE trial ADD COLUMN profile_hot_fast INTEGER;"
	"ALTER TABLE trial ADD COLUMN profile_cold_small INTEGER;"
	"ALTER TABLE trial ADD COLUMN profile_words TEXT;"
	"ALTER TABLE workload ADD COLUMN bench TEXT;"
	"ALTER TABLE workload ADD COLUMN why TEXT;"
	"ALTER TABLE workload ADD COLUMN rounds INTEGER;"
	"ALTER TABLE workload ADD COLUMN cpu INTEGER;"
	"ALTER TABLE workload ADD COLUMN trained INTEGER;"
	"ALTER TABLE workload ADD COLUMN countable INTEGER;"
	"ALTER TABLE workload ADD COLUMN connections INTEGER;"
	"ALTER TABLE workload ADD COLUMN window_s REAL;"
	"ALTER TABLE workload ADD COLUMN counts BLOB;"
	"ALTER TABLE metric ADD COLUMN noise REAL;"
	"CREATE TABLE region("
	"run INTEGER NOT NULL, trial INTEGER NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL,"
	"origin INTEGER NOT NULL, length INTEGER NOT NULL, used INTEGER NOT NULL,"
	"PRIMARY KEY(run, trial, number),"
	"FOREIGN KEY(run, trial) REFERENCES trial ON DELETE CASCADE) STRICT, WITHOUT ROWID;",
	/* Where and by whom it was kept. */
	"ALTER TABLE run ADD COLUMN machine_id TEXT;"
	"ALTER TABLE run ADD COLUMN user TEXT;"
	"ALTER TABLE run ADD COLUMN home TEXT;"
	"ALTER TABLE run ADD COLUMN below TEXT;",
	"ALTER TABLE trial ADD COLUMN left_rounds INTEGER;"
	"ALTER TABLE unfinished_contestant ADD COLUMN left_rounds INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE unfinished_workload ADD COLUMN repeats INTEGER NOT NULL DEFAULT 1;",
	/* Several files of one trial. */
	"CREATE TABLE artifact("
	"run INTEGER NOT NULL, trial INTEGER NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL,"
	"kind TEXT NOT NULL, package TEXT NOT NULL, path TEXT, hash TEXT, size INTEGER NOT NULL,"
	"stripped_size INTEGER NOT NULL, gzip_size INTEGER NOT NULL, zstd_size INTEGER NOT NULL,"
	"flash INTEGER NOT NULL, ram INTEGER NOT NULL, smallest INTEGER NOT NULL,"
	"smallest_of_any INTEGER NOT NULL, PRIMARY KEY(run, trial, number),"
	"FOREIGN KEY(run, trial) REFERENCES trial ON DELETE CASCADE) STRICT, WITHOUT ROWID;",
	/* Of each by time, too. */
	"ALTER TABLE artifact ADD COLUMN fastest INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE artifact ADD COLUMN fastest_of_any INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE artifact ADD COLUMN balanced INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE artifact ADD COLUMN balanced_of_any INTEGER NOT NULL DEFAULT 0;",
	/* Of modules. */
	"ALTER TABLE trial ADD COLUMN brotli_size INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE artifact ADD COLUMN brotli_size INTEGER NOT NULL DEFAULT 0;",
	/* Of what wasm-bindgen makes of one. */
	"ALTER TABLE trial ADD COLUMN bindgen_size INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE trial ADD COLUMN bindgen_gzip_size INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE trial ADD COLUMN bindgen_zstd_size INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE trial ADD COLUMN bindgen_brotli_size INTEGER NOT NULL DEFAULT 0;",
};
#define SCHEMA ((int64_t)HONE_COUNT(migrations))

int hone_store_fail(struct hone_store *s, int rc, struct hone_err *err)
{
	int sys = sqlite3_system_errno(s->db);

	switch (rc & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		hone_err_set(
			err, HONE_E_CONFLICT, "%s: another program holds the database", s->path);
		return hone_err_hint(err, "try again when it has finished");
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_SCHEMA:
	case SQLITE_MISMATCH:
	case SQLITE_CONSTRAINT:
	case SQLITE_ERROR: /* the statements are constant: only the tables can be wrong */
		hone_err_set(err, HONE_E_FAILED, "%s: damaged, or not a database of hone's (%s)",
			s->path, sqlite3_errmsg(s->db));
		return hone_err_hint(err,
			"move it away (mv %s %s.broken): hone begins a new one and never deletes "
			"this one",
			s->path, s->path);
	case SQLITE_FULL:
		return hone_err_sys(err, ENOSPC, "%s", s->path);
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
		if (sys)
			return hone_err_sys(err, sys, "%s", s->path);
		break;
	default:
		break;
	}
	return hone_err_set(err, HONE_E_SYSTEM, "%s: %s", s->path, sqlite3_errmsg(s->db));
}

int hone_store_exec(struct hone_store *s, const char *sql, struct hone_err *err)
{
	int rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? 0 : hone_store_fail(s, rc, err);
}

int hone_store_prepare(
	struct hone_store *s, const char *sql, sqlite3_stmt **ret, struct hone_err *err)
{
	int rc;

	for (sqlite3_stmt *q = NULL; (q = sqlite3_next_stmt(s->db, q));)
		if (!sqlite3_stmt_busy(q) && strcmp(sqlite3_sql(q), sql) == 0) {
			*ret = q;
			return 0;
		}
	rc = sqlite3_prepare_v3(s->db, sql, -1, SQLITE_PREPARE_PERSISTENT, ret, NULL);
	return rc == SQLITE_OK ? 0 : hone_store_fail(s, rc, err);
}

void hone_stmt_give_back_p(sqlite3_stmt **q)
{
	if (!*q)
		return;
	(void)sqlite3_reset(*q);
	(void)sqlite3_clear_bindings(*q);
}

static int ask_number(struct hone_store *s, const char *sql, int64_t *ret, struct hone_err *err)
{
	hone_auto_stmt sqlite3_stmt *q = NULL;
	int error = hone_store_prepare(s, sql, &q, err);
	int rc;

	if (error)
		return error;
	rc = sqlite3_step(q);
	if (rc != SQLITE_ROW)
		return hone_store_fail(s, rc, err);
	*ret = sqlite3_column_int64(q, 0);
	return 0;
}

/* Whose file it is and how old; inside a transaction, so that two hones cannot both migrate. */
static int check_version(struct hone_store *s, int64_t *ret_version, struct hone_err *err)
{
	int64_t id = 0, tables = 0;
	int error = ask_number(s, "PRAGMA user_version", ret_version, err);

	if (!error)
		error = ask_number(s, "PRAGMA application_id", &id, err);
	if (!error)
		error = ask_number(s, "SELECT count(*) FROM sqlite_schema", &tables, err);
	if (error)
		return error;
	if (id != APPLICATION_ID && (id || tables || *ret_version)) {
		hone_err_set(err, HONE_E_FAILED, "%s: not a database of hone's", s->path);
		return hone_err_hint(err, "move it away: hone begins a new one");
	}
	if (*ret_version <= SCHEMA && *ret_version >= 0)
		return 0;
	hone_err_set(err, HONE_E_UNSUPPORTED,
		"%s: written by a newer hone (its schema is %lld, hone " HONE_VERSION
		" knows up to %lld)",
		s->path, (long long)*ret_version, (long long)SCHEMA);
	return hone_err_hint(err, "use that hone, or move the file away: a new one is begun then");
}

static int migrate(struct hone_store *s, struct hone_err *err)
{
	hone_auto_free char *stamp = hone_xasprintf("PRAGMA application_id = %d;"
						    "PRAGMA user_version = %lld;",
		APPLICATION_ID, (long long)SCHEMA);
	int64_t version = 0;
	int error = hone_store_exec(s, "BEGIN IMMEDIATE", err);

	if (error)
		return error;
	error = check_version(s, &version, err);
	for (int64_t v = version; !error && v < SCHEMA; v++)
		error = hone_store_exec(s, migrations[v], err);
	if (!error)
		error = hone_store_exec(s, stamp, err);
	if (!error)
		error = hone_store_exec(s, "COMMIT", err);
	if (error)
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	return error;
}

/* NORMAL: with a WAL no commit waits for the disk, so that keeping a round costs next to nothing; a
 * killed hone loses nothing by it, a power cut the last rounds at most.
 * A file of foreign making must not run code of its own (views, triggers) in hone's statements. */
static int distrust(struct hone_store *s, struct hone_err *err)
{
	sqlite3_extended_result_codes(s->db, 1);
	sqlite3_busy_timeout(s->db, BUSY_MS);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
	sqlite3_limit(s->db, SQLITE_LIMIT_LENGTH, 16 << 20);
	return hone_store_exec(s,
		"PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA foreign_keys = "
		"ON; PRAGMA synchronous = NORMAL",
		err);
}

static int set_up(struct hone_store *s, struct hone_err *err)
{
	int64_t version = 0;
	int error = distrust(s, err);

	if (!error)
		error = check_version(s, &version, err);
	if (error || version == SCHEMA)
		return error;
	/* Where WAL cannot be had (some network file systems) SQLite stays with a journal file. */
	error = hone_store_exec(s, "PRAGMA journal_mode = WAL", err);
	return error ? error : migrate(s, err);
}

int hone_store_open(const char *path, bool create, struct hone_store **ret, struct hone_err *err)
{
	struct hone_store *s;
	int error = 0;
	int rc;

	if (!create && !hone_fs_exists(path))
		return hone_err_set(err, HONE_E_NOT_FOUND, "%s: nothing was measured yet", path);
	s = HONE_NEW(struct hone_store);
	s->path = hone_xstrdup(path);
	rc = sqlite3_open_v2(path, &s->db,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (create ? SQLITE_OPEN_CREATE : 0),
		NULL);
	error = rc == SQLITE_OK ? set_up(s, err) : hone_store_fail(s, rc, err);
	if (error) {
		hone_store_close(s);
		return error;
	}
	*ret = s;
	return 0;
}

void hone_store_close(struct hone_store *s)
{
	if (!s)
		return;
	for (sqlite3_stmt *q; (q = sqlite3_next_stmt(s->db, NULL));)
		sqlite3_finalize(q);
	if (sqlite3_close(s->db) != SQLITE_OK)
		hone_bug("a statement was left open");
	free(s->path);
	free(s);
}

void hone_store_close_p(struct hone_store **s)
{
	hone_store_close(*s);
}
