#include "store_fields.h"

#include "buf.h"

#define RATIO(type, a, b, c, d, field)                                                             \
	{a, HONE_FIELD_REAL, offsetof(struct type, field.ratio)},                                  \
		{b, HONE_FIELD_REAL, offsetof(struct type, field.low)},                            \
		{c, HONE_FIELD_REAL, offsetof(struct type, field.high)},                           \
	{                                                                                          \
		d, HONE_FIELD_WORD, offsetof(struct type, field.verdict)                           \
	}

#define RUN(column, kind, field)                                                                   \
	{                                                                                          \
		column, HONE_FIELD_##kind, offsetof(struct hone_result_run, field)                 \
	}
const struct hone_field hone_run_fields[] = {
	RUN("finished", I64, when),
	RUN("workspace", WORD, workspace),
	RUN("package", WORD, package),
	RUN("bin", WORD, bin),
	RUN("kind", WORD, kind),
	RUN("profile", WORD, profile),
	RUN("target", WORD, target),
	RUN("rustc", WORD, rustc),
	RUN("rustc_version", WORD, rustc_version),
	RUN("hone", WORD, hone),
	RUN("cpu", WORD, cpu),
	RUN("kernel", WORD, kernel),
	RUN("cores", UNSIGNED, cores),
	RUN("machine_id", TEXT, machine_id),
	RUN("user", TEXT, user),
	RUN("home", TEXT, home),
	RUN("below", TEXT, below),
	RUN("speed_measured", BOOL, speed_measured),
	RUN("seed", SEED, seed),
	RUN("options", TEXT, options),
	RUN("complete", BOOL, complete),
	RUN("version", TEXT, version),
	RUN("package_id", TEXT, package_id),
	RUN("manifest", TEXT, manifest),
	RUN("cargo", TEXT, cargo),
	RUN("llvm", TEXT, llvm),
	RUN("host", TEXT, host),
	RUN("arch", TEXT, arch),
	RUN("memory", SIZE, memory),
	RUN("virtual_machine", FLAG, virtual_machine),
	RUN("load_before", REAL, state.load_before),
	RUN("load_after", REAL, state.load_after),
	RUN("cpus", SIZE, state.cpus),
	RUN("governor", TEXT, state.governor),
	RUN("turbo", FLAG, state.turbo),
	RUN("smt", FLAG, state.smt),
	RUN("ticks", SIZE, state.ticks),
	RUN("steal", SIZE, state.steal),
	RUN("swapped_in", SIZE, state.swapped_in),
	RUN("throttled", REAL, state.throttled),
	RUN("bare", BOOL, bare),
	RUN("module", BOOL, module),
	RUN("trains", BOOL, trains),
	RUN("aborts", BOOL, aborts),
	RUN("control_differs", BOOL, control_differs),
	RUN("rounds", SIZE, rounds),
	RUN("resumed", SIZE, resumed),
	RUN("precision", REAL, precision),
	RUN("elapsed_s", REAL, elapsed_s),
	RUN("more_s", REAL, more_s),
	RUN("provable", REAL, provable),
	RUN("total_s", REAL, total_s),
	RUN("cargo_s", REAL, cargo_s),
	RUN("runs_s", REAL, runs_s),
	{0},
};

#define TRIAL(column, kind, field)                                                                 \
	{                                                                                          \
		column, HONE_FIELD_##kind, offsetof(struct hone_result_trial, field)               \
	}
#define PROFILE(column, kind, field) TRIAL("profile_" column, kind, profile.field)
const struct hone_field hone_trial_fields[] = {
	TRIAL("name", WORD, name),
	TRIAL("candidate", WORD, candidate),
	TRIAL("labels", WORD, labels),
	TRIAL("status", WORD, status),
	TRIAL("reason", TEXT, reason),
	TRIAL("hash", TEXT, hash),
	TRIAL("min_glibc", TEXT, min_glibc),
	TRIAL("size", SIZE, size),
	TRIAL("stripped_size", SIZE, stripped_size),
	TRIAL("gzip_size", SIZE, gzip_size),
	TRIAL("zstd_size", SIZE, zstd_size),
	TRIAL("brotli_size", SIZE, brotli_size),
	TRIAL("bindgen_size", SIZE, bindgen.size),
	TRIAL("bindgen_gzip_size", SIZE, bindgen.gzip_size),
	TRIAL("bindgen_zstd_size", SIZE, bindgen.zstd_size),
	TRIAL("bindgen_brotli_size", SIZE, bindgen.brotli_size),
	TRIAL("build_wall_s", REAL, build_wall_s),
	TRIAL("build_cpu_s", REAL, build_cpu_s),
	TRIAL("build_peak", SIZE, build_peak),
	TRIAL("build_units", SIZE, build_units),
	RATIO(hone_result_trial, "ratio", "low", "high", "verdict", cost),
	TRIAL("confirmed", BOOL, confirmed),
	TRIAL("flash", SIZE, flash),
	TRIAL("ram", SIZE, ram),
	TRIAL("command", TEXT, command),
	TRIAL("path", TEXT, path),
	TRIAL("exact", FLAG, exact),
	TRIAL("path_dependent", FLAG, path_dependent),
	TRIAL("fresh", FLAG, fresh),
	TRIAL("unasked", UNSIGNED, unasked),
	TRIAL("mind", TEXT, mind),
	TRIAL("made", BOOL, made),
	TRIAL("allowed", BOOL, allowed),
	TRIAL("measured", BOOL, measured),
	RATIO(hone_result_trial, "together", "together_low", "together_high", "together_verdict",
		together),
	TRIAL("fresh_rounds", SIZE, fresh_rounds),
	TRIAL("left_rounds", SIZE, left_rounds),
	PROFILE("trained", BOOL, trained),
	PROFILE("pgo", BOOL, pgo),
	PROFILE("levels", BOOL, levels),
	PROFILE("named", BOOL, named),
	PROFILE("aligned", BOOL, aligned),
	PROFILE("functions", SIZE, functions),
	PROFILE("executed", SIZE, executed),
	PROFILE("missing", SIZE, missing),
	PROFILE("mismatched", SIZE, mismatched),
	PROFILE("found", SIZE, found),
	PROFILE("renamed", SIZE, renamed),
	PROFILE("hot", SIZE, hot),
	PROFILE("hot_found", SIZE, hot_found),
	PROFILE("cold_found", SIZE, cold_found),
	PROFILE("hot_fast", SIZE, hot_fast),
	PROFILE("cold_small", SIZE, cold_small),
	PROFILE("words", TEXT, words),
	{0},
};

#define FIELD(type, column, kind, field)                                                           \
	{                                                                                          \
		column, HONE_FIELD_##kind, offsetof(struct type, field)                            \
	}
const struct hone_field hone_section_fields[] = {
	FIELD(hone_result_section, "name", WORD, name),
	FIELD(hone_result_section, "size", SIZE, size),
	{0},
};
const struct hone_field hone_artifact_fields[] = {
	FIELD(hone_result_artifact, "name", WORD, name),
	FIELD(hone_result_artifact, "kind", WORD, kind),
	FIELD(hone_result_artifact, "package", WORD, package),
	FIELD(hone_result_artifact, "path", TEXT, path),
	FIELD(hone_result_artifact, "hash", TEXT, hash),
	FIELD(hone_result_artifact, "size", SIZE, size),
	FIELD(hone_result_artifact, "stripped_size", SIZE, stripped_size),
	FIELD(hone_result_artifact, "gzip_size", SIZE, gzip_size),
	FIELD(hone_result_artifact, "zstd_size", SIZE, zstd_size),
	FIELD(hone_result_artifact, "brotli_size", SIZE, brotli_size),
	FIELD(hone_result_artifact, "flash", SIZE, flash),
	FIELD(hone_result_artifact, "ram", SIZE, ram),
	FIELD(hone_result_artifact, "smallest", BOOL, smallest),
	FIELD(hone_result_artifact, "smallest_of_any", BOOL, smallest_of_any),
	FIELD(hone_result_artifact, "fastest", BOOL, fastest),
	FIELD(hone_result_artifact, "fastest_of_any", BOOL, fastest_of_any),
	FIELD(hone_result_artifact, "balanced", BOOL, balanced),
	FIELD(hone_result_artifact, "balanced_of_any", BOOL, balanced_of_any),
	{0},
};
const struct hone_field hone_owner_fields[] = {
	FIELD(hone_result_owner, "name", WORD, name),
	FIELD(hone_result_owner, "kind", WORD, kind),
	FIELD(hone_result_owner, "size", SIZE, size),
	{0},
};
const struct hone_field hone_region_fields[] = {
	FIELD(hone_result_region, "name", WORD, name),
	FIELD(hone_result_region, "origin", SEED, origin),
	FIELD(hone_result_region, "length", SIZE, length),
	FIELD(hone_result_region, "used", SIZE, used),
	{0},
};
const struct hone_field hone_workload_fields[] = {
	FIELD(hone_result_workload, "name", WORD, name),
	FIELD(hone_result_workload, "kind", WORD, kind),
	FIELD(hone_result_workload, "command", WORD, command),
	FIELD(hone_result_workload, "weight", REAL, weight),
	FIELD(hone_result_workload, "bench", TEXT, bench),
	FIELD(hone_result_workload, "why", TEXT, why),
	FIELD(hone_result_workload, "rounds", SIZE, rounds),
	FIELD(hone_result_workload, "cpu", INT, cpu),
	FIELD(hone_result_workload, "trained", BOOL, trained),
	FIELD(hone_result_workload, "countable", BOOL, countable),
	FIELD(hone_result_workload, "connections", SIZE, connections),
	FIELD(hone_result_workload, "window_s", REAL, window_s),
	{0},
};
const struct hone_field hone_metric_fields[] = {
	FIELD(hone_result_metric, "name", WORD, name),
	FIELD(hone_result_metric, "unit", WORD, unit),
	FIELD(hone_result_metric, "is_primary", BOOL, primary),
	FIELD(hone_result_metric, "more_is_better", BOOL, more_is_better),
	FIELD(hone_result_metric, "noise", REAL, noise),
	{0},
};
const struct hone_field hone_series_fields[] = {
	FIELD(hone_result_series, "median", REAL, median),
	RATIO(hone_result_series, "ratio", "low", "high", "verdict", against),
	{0},
};

/* "a, b, c" of the columns, and how many there are. */
static size_t add_columns(struct hone_buf *to, const struct hone_field *fields)
{
	size_t n = 0;

	for (; fields[n].column; n++)
		hone_buf_addf(to, ", %s", fields[n].column);
	return n;
}

int hone_fields_insert(struct hone_store *s, const char *table, const char *keys,
	const struct hone_field *fields, sqlite3_stmt **ret, struct hone_err *err)
{
	hone_auto_buf struct hone_buf sql = HONE_BUF_INIT;
	size_t n = 1;

	for (const char *p = keys; *p; p++)
		n += *p == ',';
	hone_buf_addf(&sql, "INSERT INTO %s(%s", table, keys);
	n += add_columns(&sql, fields);
	hone_buf_adds(&sql, ") VALUES(?");
	for (size_t i = 1; i < n; i++)
		hone_buf_adds(&sql, ", ?");
	hone_buf_addc(&sql, ')');
	return hone_store_prepare(s, hone_buf_str(&sql), ret, err);
}

int hone_fields_select(struct hone_store *s, const struct hone_fields_query *query,
	const struct hone_field *fields, sqlite3_stmt **ret, struct hone_err *err)
{
	hone_auto_buf struct hone_buf sql = HONE_BUF_INIT;
	int error;

	for (size_t i = 0; i < s->n_selects; i++) {
		const struct hone_select *known = &s->selects[i];

		if (known->fields == fields && known->table == query->table &&
			known->keys == query->keys && known->where == query->where &&
			!sqlite3_stmt_busy(known->q)) {
			*ret = known->q;
			return 0;
		}
	}
	hone_buf_addf(&sql, "SELECT %s", query->keys);
	add_columns(&sql, fields);
	hone_buf_addf(&sql, " FROM %s WHERE %s", query->table, query->where);
	error = hone_store_prepare(s, hone_buf_str(&sql), ret, err);
	if (!error && s->n_selects < HONE_SELECTS)
		s->selects[s->n_selects++] =
			(struct hone_select){query->table, query->keys, query->where, fields, *ret};
	return error;
}

void hone_fields_put(struct hone_row *r, const struct hone_field *fields, const void *from)
{
	for (const struct hone_field *f = fields; f->column; f++) {
		const void *at = (const char *)from + f->offset;

		switch (f->kind) {
		case HONE_FIELD_TEXT:
		case HONE_FIELD_WORD:
			hone_row_text(r, *(const char *const *)at);
			break;
		case HONE_FIELD_FLAG:
			if (*(const int *)at < 0)
				hone_row_text(r, NULL);
			else
				hone_row_int(r, *(const int *)at);
			break;
		case HONE_FIELD_INT:
			hone_row_int(r, *(const int *)at);
			break;
		case HONE_FIELD_I64:
			hone_row_int(r, *(const int64_t *)at);
			break;
		case HONE_FIELD_SIZE:
			hone_row_size(r, *(const uint64_t *)at);
			break;
		case HONE_FIELD_SEED:
			hone_row_int(r, (int64_t) * (const uint64_t *)at);
			break;
		case HONE_FIELD_UNSIGNED:
			hone_row_int(r, *(const unsigned *)at);
			break;
		case HONE_FIELD_BOOL:
			hone_row_int(r, *(const bool *)at);
			break;
		case HONE_FIELD_REAL:
			hone_row_real(r, *(const double *)at);
			break;
		}
	}
}

static int take_flag(struct hone_columns *c)
{
	bool known = sqlite3_column_type(c->q, c->at) != SQLITE_NULL;
	int64_t x = hone_column_int(c);

	return known ? x != 0 : -1;
}

static int take_int(struct hone_columns *c)
{
	int64_t x = hone_column_int(c);

	return x < 0 || x > INT32_MAX ? 0 : (int)x;
}

void hone_fields_take(struct hone_columns *c, const struct hone_field *fields, void *to)
{
	for (const struct hone_field *f = fields; f->column; f++) {
		void *at = (char *)to + f->offset;

		switch (f->kind) {
		case HONE_FIELD_TEXT:
			*(const char **)at = hone_column_text(c);
			break;
		case HONE_FIELD_WORD:
			*(const char **)at = hone_column_word(c);
			break;
		case HONE_FIELD_FLAG:
			*(int *)at = take_flag(c);
			break;
		case HONE_FIELD_INT:
			*(int *)at = take_int(c);
			break;
		case HONE_FIELD_I64:
			*(int64_t *)at = hone_column_int(c);
			break;
		case HONE_FIELD_SIZE:
			*(uint64_t *)at = hone_column_size(c);
			break;
		case HONE_FIELD_SEED:
			*(uint64_t *)at = (uint64_t)hone_column_int(c);
			break;
		case HONE_FIELD_UNSIGNED:
			*(unsigned *)at = (unsigned)hone_column_size(c);
			break;
		case HONE_FIELD_BOOL:
			*(bool *)at = hone_column_int(c) != 0;
			break;
		case HONE_FIELD_REAL:
			*(double *)at = hone_column_real(c);
			break;
		}
	}
}
