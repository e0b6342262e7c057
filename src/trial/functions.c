#include "functions.h"

#include "fs.h"
#include "hash.h"
#include "size_memory.h"
#include "size_packages.h"

#include <string.h>

/* Rows as they come, one for each function and trial. */
struct reader {
	const struct hone_result_run *run;
	struct hone_size_packages packages;
	struct hone_result_functions *to;
	size_t cap;
};

/* The larger its place in the order, the later it is read. */
static size_t place_of(const struct hone_result_run *run, size_t i)
{
	const struct hone_picks *picks[] = {&run->best, &run->any};
	size_t smaller = 0;

	if (!i)
		return 0;
	for (size_t k = 0; k < HONE_COUNT(picks); k++)
		if (picks[k]->small == i || picks[k]->fast == i || picks[k]->balanced == i)
			return 1 + k;
	for (size_t k = 0; k < run->n_trials; k++)
		smaller += run->trials[k].hash &&
			   (run->trials[k].size < run->trials[i].size ||
				   (k < i && run->trials[k].size == run->trials[i].size));
	return 3 + smaller;
}

/* The trial that comes next after `last` in that order, or SIZE_MAX. */
static size_t next_of(const struct hone_result_run *run, size_t last)
{
	size_t best = SIZE_MAX;

	for (size_t i = 0; i < run->n_trials; i++) {
		bool after = last == SIZE_MAX || place_of(run, i) > place_of(run, last) ||
			     (place_of(run, i) == place_of(run, last) && i > last);

		if (run->trials[i].hash && after &&
			(best == SIZE_MAX || place_of(run, i) < place_of(run, best)))
			best = i;
	}
	return best;
}

/* NULL: the file is what the run measured. */
static char *check_file(const struct hone_result_trial *t)
{
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	char text[HONE_HASH_TEXT];
	struct hone_hash hash;

	if (!t->path || !hone_fs_exists(t->path))
		return hone_xstrdup("its file is gone");
	if (hone_hash_file(t->path, &hash, &err))
		return hone_xasprintf("its file cannot be read: %s", err.msg);
	if (strcmp(hone_hash_text(text, hash), t->hash) != 0)
		return hone_xstrdup("its file was replaced by a later build");
	return NULL;
}

static int open_model(const struct reader *r, const struct hone_result_trial *t,
	struct hone_size **ret, struct hone_err *err)
{
	hone_auto_free char *twin = hone_xasprintf("%s.unstripped", t->path);
	struct hone_size_opts opts = {.twin = hone_fs_exists(twin) ? twin : NULL,
		.packages = r->packages.v.v,
		.n_packages = r->packages.v.n};

	if (opts.twin && hone_size_open(t->path, &opts, ret, NULL) == 0)
		return 0;
	opts.twin = NULL;
	return hone_size_open(t->path, &opts, ret, err);
}

static void add(struct reader *r, const char *name, enum hone_size_kind kind, uint64_t size)
{
	struct hone_result_functions *f = r->to;
	const char *tab = strchr(name, '\t');
	struct hone_result_function row = {.kind = kind,
		.owner = tab ? hone_xstrndup(name, (size_t)(tab - name)) : hone_xstrdup(name),
		.name = hone_xstrdup(tab ? tab + 1 : ""),
		.sizes = hone_xcalloc(HONE_FUNCTIONS_TRIALS, sizeof(*row.sizes))};

	row.sizes[f->n_trials] = size;
	if (f->n == r->cap)
		f->rows = hone_vec_grow(f->rows, &r->cap, sizeof(*f->rows));
	f->rows[f->n++] = row;
}

static int add_flash(struct reader *r, struct hone_size *model, struct hone_err *err)
{
	hone_auto_memory struct hone_memory m = HONE_MEMORY_INIT;
	int error = hone_size_memory(model, HONE_SIZE_BY_OWNED, NULL, &m, err);

	for (size_t i = 0; !error && i < m.n; i++)
		if (m.rows[i].flash)
			add(r, m.rows[i].name, m.rows[i].kind, m.rows[i].flash);
	return error;
}

static int add_file(struct reader *r, struct hone_size *model, struct hone_err *err)
{
	hone_auto_size_table struct hone_size_table table = HONE_SIZE_TABLE_INIT;
	int error = hone_size_table(model, HONE_SIZE_BY_OWNED, false, &table, err);

	for (size_t i = 0; !error && i < table.n; i++)
		if (table.rows[i].size)
			add(r, table.rows[i].name, table.rows[i].kind, table.rows[i].size);
	return error;
}

/* Why the trial's functions are not known, or NULL: they were added. */
static char *read_trial(struct reader *r, size_t trial)
{
	const struct hone_result_trial *t = &r->run->trials[trial];
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	struct hone_size *model = NULL;
	char *why = check_file(t);
	int error;

	if (why)
		return why;
	error = open_model(r, t, &model, &err);
	if (!error && !hone_size_has_symbols(model))
		why = hone_xstrdup("it is stripped, and no unstripped twin of it was kept");
	else if (!error)
		error = r->run->bare ? add_flash(r, model, &err) : add_file(r, model, &err);
	if (error)
		why = hone_xstrdup(err.msg);
	hone_size_free(model);
	if (!why)
		r->to->trials[r->to->n_trials++] = trial;
	return why;
}

void hone_functions_read(const struct hone_session *s, const struct hone_result_run *run,
	struct hone_result_functions *ret)
{
	struct reader r = {.run = run, .to = ret};

	*ret = (struct hone_result_functions){.n_all = run->n_trials,
		.why = hone_xcalloc(run->n_trials + 1, sizeof(char *)),
		.trials = hone_xcalloc(HONE_FUNCTIONS_TRIALS, sizeof(*ret->trials))};
	hone_size_packages_find(s->project->workspace_root, &r.packages);
	for (size_t i = next_of(run, SIZE_MAX);
		i != SIZE_MAX && ret->n_trials < HONE_FUNCTIONS_TRIALS; i = next_of(run, i))
		ret->why[i] = read_trial(&r, i);
	hone_size_packages_release(&r.packages);
}
