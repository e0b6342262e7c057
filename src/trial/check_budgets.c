/* [budget] of hone.toml, and --limit. */
#include "check.h"

#include "fs.h"
#include "text.h"
#include "toml_doc.h"
#include "workload_file.h"

#include <string.h>

#define TABLE "budget"

struct budgets {
	HONE_VEC(struct hone_check_budget) v;
	struct hone_arena *arena;
};

static bool find_figure(const char *name, enum hone_check_figure *ret)
{
	for (size_t i = 0; hone_check_names[i]; i++)
		if (strcmp(hone_check_names[i], name) == 0) {
			*ret = (enum hone_check_figure)i;
			return true;
		}
	return false;
}

static int no_figure(const char *name, struct hone_err *err)
{
	const char *near = hone_did_you_mean(name, hone_check_names);

	return hone_err_hint(err,
		"%s%s%sbudgets are of size, stripped, gzip, zstd, flash, ram and crates",
		near ? "did you mean `" : "", near ? near : "", near ? "`? " : "");
}

static int no_budget(const char *text, struct hone_err *err)
{
	(void)text;
	return hone_err_hint(err, "a budget is the most there may be, \"2 MB\" or 2000000, or what "
				  "may be added to the "
				  "base, \"+1%%\" or \"+10 kB\"");
}

static int read_value(struct budgets *b, enum hone_check_figure figure,
	const struct hone_toml_node *v, struct hone_err *err)
{
	struct hone_check_budget one;
	struct hone_view text;
	int64_t number;
	const char *kept;

	if (hone_toml_integer(v, &number) && number >= 0)
		kept = hone_arena_printf(b->arena, "%lld", (long long)number);
	else if (hone_toml_string(v, &text))
		kept = hone_arena_dup(b->arena, text);
	else
		kept = "";
	if (!hone_check_budget_parse(figure, kept, &one)) {
		hone_toml_complain(
			v, HONE_E_SYNTAX, err, "this is no budget of %s", hone_check_names[figure]);
		return no_budget(kept, err);
	}
	hone_vec_push(&b->v, one);
	return 0;
}

static int read_key(struct budgets *b, const struct hone_toml_node *v, struct hone_err *err)
{
	hone_auto_free char *name = hone_view_dup(hone_toml_key(v));
	enum hone_check_figure figure = HONE_CHECK_SIZE;
	int error = 0;

	if (!find_figure(name, &figure)) {
		hone_toml_complain(v, HONE_E_SYNTAX, err, "there is no budget `%s`", name);
		return no_figure(name, err);
	}
	if (hone_toml_type(v) != HONE_TOML_ARRAY)
		return read_value(b, figure, v, err);
	for (size_t i = 0; !error && i < hone_toml_count(v); i++)
		error = read_value(b, figure, hone_toml_at(v, i), err);
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
	for (size_t i = 0; table && !error && i < hone_toml_count(table); i++)
		error = read_key(b, hone_toml_at(table, i), err);
	hone_toml_free(doc);
	return error;
}

/* KEY=VALUE takes the place of the file's budgets of that key. */
static int read_line(struct budgets *b, const char *line, size_t from_file, struct hone_err *err)
{
	const char *eq = strchr(line, '=');
	hone_auto_free char *name = hone_xstrndup(line, eq ? (size_t)(eq - line) : strlen(line));
	enum hone_check_figure figure = HONE_CHECK_SIZE;
	struct hone_check_budget one;

	if (!find_figure(name, &figure)) {
		hone_err_set(err, HONE_E_USAGE, "--limit %s: there is no budget `%s`", line, name);
		return no_figure(name, err);
	}
	if (!eq || !hone_check_budget_parse(figure, hone_arena_strdup(b->arena, eq + 1), &one)) {
		hone_err_set(err, HONE_E_USAGE, "--limit %s: this is no budget", line);
		return no_budget(line, err);
	}
	for (size_t i = 0; i < from_file; i++)
		if (b->v.v[i].figure == figure)
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

int hone_check_budgets(const struct hone_session *s, const struct hone_strv *lines,
	struct hone_arena *arena, struct hone_check_budget **ret, size_t *ret_n,
	struct hone_err *err)
{
	struct budgets b = {.arena = arena};
	hone_auto_free char *path = find_file(s);
	size_t from_file, n = 0;
	int error = path ? read_file(&b, path, err) : 0;

	from_file = b.v.n;
	for (size_t i = 0; !error && i < lines->n; i++)
		error = read_line(&b, lines->v[i], from_file, err);
	*ret = hone_arena_alloc(arena, hone_size_mul(b.v.n + 1, sizeof(**ret)));
	for (size_t i = 0; !error && i < b.v.n; i++)
		if (b.v.v[i].text)
			(*ret)[n++] = b.v.v[i];
	*ret_n = n;
	hone_vec_release(&b.v);
	return error;
}
