/* [budget] of hone.toml, and --limit. */
#include "check.h"

#include "fs.h"
#include "text.h"
#include "toml_doc.h"
#include "workload_file.h"

#include <string.h>

#define TABLE HONE_BUDGET_TABLE

struct budgets {
	HONE_VEC(struct hone_check_budget) v;
	struct hone_arena *arena;
};

/* What is measured and may have a budget: less of it is better, and its unit is known. */
static bool is_metric(enum hone_metric m)
{
	const struct hone_metric_info *info = hone_metric_info(m);

	return *info->unit && !info->more_is_better && m != HONE_METRIC_CALLGRIND;
}

/* The figure, and the metric, of a key; of_workload: only those that runs have. */
static bool find_figure(const char *name, bool of_workload, struct hone_check_budget *ret)
{
	enum hone_metric metric = hone_metric_by_name(name);

	for (size_t i = 0; hone_check_names[i]; i++)
		if (strcmp(hone_check_names[i], name) == 0) {
			ret->figure = (enum hone_check_figure)i;
			return !of_workload || i == HONE_CHECK_TIME;
		}
	if (metric == HONE_METRICS || !is_metric(metric))
		return false;
	ret->figure = HONE_CHECK_TIME;
	ret->metric = metric;
	return true;
}

static int no_figure(const char *name, bool of_workload, struct hone_err *err)
{
	const char *names[HONE_CHECK_SUBJECTS + HONE_METRICS + 2], *near;
	hone_auto_buf struct hone_buf metrics = HONE_BUF_INIT;
	size_t n = 0;

	for (size_t i = of_workload ? HONE_CHECK_TIME : 0; hone_check_names[i]; i++)
		names[n++] = hone_check_names[i];
	for (int m = HONE_METRIC_AUTO; m < HONE_METRICS; m++)
		if (is_metric((enum hone_metric)m)) {
			names[n++] = hone_metric_info((enum hone_metric)m)->name;
			hone_buf_addf(&metrics, ", %s", names[n - 1]);
		}
	if (!of_workload)
		names[n++] = "workload";
	names[n] = NULL;
	near = hone_did_you_mean(name, names);
	return hone_err_hint(err, "%s%s%sbudgets are of %stime (what decides in a workload)%s",
		near ? "did you mean `" : "", near ? near : "", near ? "`? " : "",
		of_workload ? ""
			    : "size, stripped, gzip, zstd, brotli, flash, ram, crates, glibc, "
			      "labels, and, "
			      "of runs, ",
		hone_buf_str(&metrics));
}

static int no_budget(enum hone_check_figure figure, struct hone_err *err)
{
	if (figure == HONE_CHECK_GLIBC)
		return hone_err_hint(err, "this one is the newest glibc that may be needed, "
					  "\"2.31\"");
	if (figure == HONE_CHECK_LABELS)
		return hone_err_hint(err, "this one is a list of the labels that there may be, "
					  "[\"debug\", \"glibc\"]; `cargo hone explain` has them");
	if (figure == HONE_CHECK_TIME)
		return hone_err_hint(err, "a budget is the most there may be, \"20ms\" or "
					  "\"64 MB\", or what may be added to the base, \"+3%%\"");
	return hone_err_hint(err, "a budget is the most there may be, \"2 MB\" or 2000000, or what "
				  "may be added to the base, \"+1%%\" or \"+10 kB\"");
}

static int read_value(struct budgets *b, const struct hone_toml *doc,
	const struct hone_check_budget *of, const struct hone_toml_node *v, struct hone_err *err)
{
	hone_auto_free char *where = hone_toml_where(doc, hone_toml_value_pos(v));
	struct hone_check_budget one = *of;
	struct hone_view text;
	int64_t number;
	const char *kept;

	one.where = hone_arena_strdup(b->arena, where);
	if (hone_toml_integer(v, &number) && number >= 0)
		kept = hone_arena_printf(b->arena, "%lld", (long long)number);
	else if (hone_toml_string(v, &text))
		kept = hone_arena_dup(b->arena, text);
	else
		kept = "?";
	if (!hone_check_budget_parse(kept, &one)) {
		hone_toml_complain(v, HONE_E_SYNTAX, err, "this is no budget of %s",
			hone_check_budget_name(&one));
		return no_budget(one.figure, err);
	}
	hone_vec_push(&b->v, one);
	return 0;
}

/* A list of labels is one budget. */
static int read_labels(struct budgets *b, const struct hone_toml *doc,
	const struct hone_check_budget *of, const struct hone_toml_node *list, struct hone_err *err)
{
	hone_auto_free char *where = hone_toml_where(doc, hone_toml_value_pos(list));
	hone_auto_buf struct hone_buf ids = HONE_BUF_INIT;
	struct hone_check_budget one = *of;

	for (size_t i = 0; i < hone_toml_count(list); i++) {
		const struct hone_toml_node *v = hone_toml_at(list, i);
		struct hone_view id = {"", 0};

		if (!hone_toml_string(v, &id) || !hone_label_find(id)) {
			hone_toml_complain(v, HONE_E_SYNTAX, err, "this is no label");
			return no_budget(HONE_CHECK_LABELS, err);
		}
		hone_buf_addf(&ids, "%s%.*s", i ? ", " : "", (int)id.n, id.p);
	}
	one.where = hone_arena_strdup(b->arena, where);
	if (!hone_check_budget_parse(hone_arena_strdup(b->arena, hone_buf_str(&ids)), &one))
		hone_bug("labels that are none");
	hone_vec_push(&b->v, one);
	return 0;
}

static int read_key(struct budgets *b, const struct hone_toml *doc, const char *workload,
	const struct hone_toml_node *v, struct hone_err *err)
{
	hone_auto_free char *name = hone_view_dup(hone_toml_key(v));
	struct hone_check_budget one = {.workload = workload};
	int error = 0;

	if (!find_figure(name, workload, &one)) {
		hone_toml_complain(v, HONE_E_SYNTAX, err, "there is no budget `%s`%s", name,
			workload ? " of a workload" : "");
		return no_figure(name, workload, err);
	}
	if (hone_toml_type(v) != HONE_TOML_ARRAY)
		return read_value(b, doc, &one, v, err);
	if (one.figure == HONE_CHECK_LABELS)
		return read_labels(b, doc, &one, v, err);
	for (size_t i = 0; !error && i < hone_toml_count(v); i++)
		error = read_value(b, doc, &one, hone_toml_at(v, i), err);
	return error;
}

/* [budget.workload.NAME] */
static int read_workloads(struct budgets *b, const struct hone_toml *doc,
	const struct hone_toml_node *all, struct hone_err *err)
{
	int error = 0;

	for (size_t i = 0; !error && i < hone_toml_count(all); i++) {
		const struct hone_toml_node *one = hone_toml_at(all, i);
		const char *name = hone_arena_dup(b->arena, hone_toml_key(one));

		if (hone_toml_type(one) != HONE_TOML_TABLE)
			return hone_toml_complain(one, HONE_E_SYNTAX, err,
				"budgets of a workload are a table: write [" TABLE
				".workload.NAME]");
		for (size_t k = 0; !error && k < hone_toml_count(one); k++)
			error = read_key(b, doc, name, hone_toml_at(one, k), err);
	}
	return error;
}

static int read_file(struct budgets *b, const char *path, struct hone_err *err)
{
	struct hone_toml *doc = NULL;
	const struct hone_toml_node *table;
	int error = hone_toml_read(path, HONE_TOML_1_0, &doc, NULL, err);

	if (error)
		return error;
	table = hone_toml_get(hone_toml_root(doc), TABLE);
	if (table && hone_toml_type(table) != HONE_TOML_TABLE)
		error = hone_toml_complain(
			table, HONE_E_SYNTAX, err, "`" TABLE "` is a table: write [" TABLE "]");
	for (size_t i = 0; table && !error && i < hone_toml_count(table); i++) {
		const struct hone_toml_node *v = hone_toml_at(table, i);

		if (hone_view_is(hone_toml_key(v), "workload") &&
			hone_toml_type(v) == HONE_TOML_TABLE)
			error = read_workloads(b, doc, v, err);
		else
			error = read_key(b, doc, NULL, v, err);
	}
	hone_toml_free(doc);
	return error;
}

/* KEY=VALUE takes the place of the file's budgets of that key, of every workload. */
static int read_line(struct budgets *b, const char *line, size_t from_file, struct hone_err *err)
{
	const char *eq = strchr(line, '=');
	hone_auto_free char *name = hone_xstrndup(line, eq ? (size_t)(eq - line) : strlen(line));
	struct hone_check_budget one = {.where = "--limit"};

	if (!find_figure(name, false, &one)) {
		hone_err_set(err, HONE_E_USAGE, "--limit %s: there is no budget `%s`", line, name);
		return no_figure(name, false, err);
	}
	if (!eq || !hone_check_budget_parse(hone_arena_strdup(b->arena, eq + 1), &one)) {
		hone_err_set(err, HONE_E_USAGE, "--limit %s: this is no budget", line);
		return no_budget(one.figure, err);
	}
	for (size_t i = 0; i < from_file; i++)
		if (b->v.v[i].figure == one.figure && b->v.v[i].metric == one.metric)
			b->v.v[i].text = NULL;
	hone_vec_push(&b->v, one);
	return 0;
}

static char *find_file(const struct hone_session *s)
{
	const char *const dirs[] = {
		s->project->package ? s->project->package->dir : NULL, s->project->workspace_root};

	for (size_t i = 0; i < HONE_COUNT(dirs); i++) {
		hone_auto_free char *path =
			dirs[i] ? hone_path_join(dirs[i], HONE_WORKLOAD_FILE) : NULL;

		if (path && hone_fs_exists(path))
			return HONE_TAKE(path);
	}
	return NULL;
}

int hone_check_budgets_take(const struct hone_session *s, const struct hone_strv *lines,
	struct hone_check_budgets *ret, struct hone_err *err)
{
	struct budgets b = {.arena = &ret->arena};
	hone_auto_free char *path = find_file(s);
	size_t from_file;
	int error = path ? read_file(&b, path, err) : 0;

	from_file = b.v.n;
	for (size_t i = 0; !error && i < lines->n; i++)
		error = read_line(&b, lines->v[i], from_file, err);
	ret->v = hone_arena_alloc(&ret->arena, hone_size_mul(b.v.n + 1, sizeof(*ret->v)));
	for (size_t i = 0; !error && i < b.v.n; i++)
		if (b.v.v[i].text)
			ret->v[ret->n++] = b.v.v[i];
	hone_vec_release(&b.v);
	return error;
}

void hone_check_budgets_release(struct hone_check_budgets *b)
{
	hone_arena_release(&b->arena);
	*b = (struct hone_check_budgets){0};
}
