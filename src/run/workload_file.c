#include "workload_file.h"

#include "fs.h"
#include "workload_reader.h"

#include <string.h>

/* Far more than a person would write. */
#define MOST_WORKLOADS 1000

struct list {
	struct hone_workload *v;
	size_t n;
};

static int check_names(
	const struct list *l, const struct hone_toml_node *array, struct hone_err *err)
{
	for (size_t i = 0; i < l->n; i++)
		for (size_t k = 0; k < i; k++)
			if (strcmp(l->v[i].name, l->v[k].name) == 0)
				return hone_toml_complain(hone_toml_at(array, i), HONE_E_SYNTAX,
					err, "there are two workloads called `%s`", l->v[i].name);
	return 0;
}

static bool is_known(struct hone_view table)
{
	static const char *const known[] = {
		"workload", HONE_DEFAULTS_TABLE, HONE_BUDGET_TABLE, HONE_CANDIDATES_TABLE};

	for (size_t i = 0; i < HONE_COUNT(known); i++)
		if (hone_view_is(table, known[i]))
			return true;
	return false;
}

static int read_all(
	struct list *l, const struct hone_toml *doc, const char *dir, struct hone_err *err)
{
	const struct hone_toml_node *root = hone_toml_root(doc);
	const struct hone_toml_node *array = hone_toml_get(root, "workload");
	struct hone_workload_reader r = {.dir = hone_xstrdup(dir), .err = err};
	int error = 0;
	size_t n;

	for (size_t i = 0; i < hone_toml_count(root) && !error; i++) {
		struct hone_view key = hone_toml_key(hone_toml_at(root, i));

		/* The other tables are none of this file's business. */
		if (!is_known(key))
			error = hone_toml_complain(hone_toml_at(root, i), HONE_E_SYNTAX, err,
				"`%.*s` is not known here; hone.toml holds [[workload]] tables, "
				"[hone], [budget] and [candidates]",
				(int)key.n, key.p);
	}
	if (!error && array && hone_toml_type(array) != HONE_TOML_ARRAY)
		error = hone_toml_complain(array, HONE_E_SYNTAX, err,
			"write [[workload]], with two brackets on each side");
	n = error || !array ? 0 : hone_toml_count(array);
	if (n > MOST_WORKLOADS)
		error = hone_toml_complain(
			array, HONE_E_LIMIT, err, "%zu workloads are too many", n);
	l->v = hone_xcalloc(n + 1, sizeof(*l->v));
	while (!error && l->n < n) {
		r.w = &l->v[l->n];
		error = hone_read_workload(&r, hone_toml_at(array, l->n));
		l->n++;
	}
	if (!error)
		error = check_names(l, array, err);
	free(r.dir);
	return error;
}

/* Drops the workloads of other binaries. */
static void select_bin(struct list *l, const char *bin)
{
	size_t kept = 0;

	for (size_t i = 0; i < l->n; i++) {
		if (bin && l->v[i].bin && strcmp(l->v[i].bin, bin) != 0)
			hone_workload_release(&l->v[i]);
		else
			l->v[kept++] = l->v[i];
	}
	l->n = kept;
}

int hone_workload_file_read(const char *file, const char *bin, struct hone_workload **ret,
	size_t *ret_n, struct hone_err *err)
{
	hone_auto_free char *absolute = hone_path_absolute(file);
	hone_auto_free char *dir = hone_path_dir(absolute);
	struct hone_toml *doc;
	struct list l = {NULL, 0};
	int error = hone_toml_read(file, HONE_TOML_1_0, &doc, NULL, err);

	if (error)
		return error;
	error = read_all(&l, doc, dir, err);
	hone_toml_free(doc);
	if (error) {
		for (size_t i = 0; i < l.n; i++)
			hone_workload_release(&l.v[i]);
		free(l.v);
		return error;
	}
	select_bin(&l, bin);
	*ret = l.v;
	*ret_n = l.n;
	return 0;
}
