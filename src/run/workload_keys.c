/* The keys of a table [[workload]]. */
#include "workload_reader.h"

#include "fs.h"
#include "num.h"
#include "service.h"

#include <string.h>

static int read_name(struct hone_workload_reader *r, const struct hone_toml_node *v)
{
	int error = hone_read_text(r, v, &r->w->name);

	if (!error && !*r->w->name)
		return hone_toml_complain(v, HONE_E_SYNTAX, r->err, "a workload needs a name");
	return error;
}

static int read_bin(struct hone_workload_reader *r, const struct hone_toml_node *v)
{
	return hone_read_text(r, v, &r->w->bin);
}

static int read_run(struct hone_workload_reader *r, const struct hone_toml_node *v)
{
	int error = hone_read_command(r, v, &r->w->argv);

	if (error)
		return error;
	for (size_t i = 0; i < r->w->argv.n; i++)
		if (hone_workload_names_program(r->w->argv.v[i]))
			return 0;
	hone_toml_complain(v, HONE_E_SYNTAX, r->err, "the command does not contain {bin}");
	return hone_err_hint(r->err, "write {bin} where the program's path belongs, most often "
				     "first, and {lib} where that of "
				     "a library does");
}

static int read_kind(struct hone_workload_reader *r, const struct hone_toml_node *v)
{
	static const char *const kinds[] = {"command", "startup", "service", "bench"};
	size_t i = 0;
	int error = hone_read_choice(r, v, kinds, HONE_COUNT(kinds), &i);

	if (error)
		return error;
	r->w->kind = (enum hone_workload_kind)i;
	return 0;
}

static int read_weight(struct hone_workload_reader *r, const struct hone_toml_node *v)
{
	double x;
	int error = hone_read_number(r, v, &x);

	if (error)
		return error;
	if (!(x > 0 && x <= 1e6))
		return hone_toml_complain(v, HONE_E_SYNTAX, r->err, "a weight has to be above 0");
	r->w->weight = x;
	return 0;
}

static int read_dir(struct hone_workload_reader *r, const struct hone_toml_node *v)
{
	int error = hone_read_path(r, v, &r->w->dir);

	if (!error && !hone_fs_is_dir(r->w->dir))
		return hone_toml_complain(v, HONE_E_SYNTAX, r->err, "%s is no folder", r->w->dir);
	return error;
}

static int read_stdin(struct hone_workload_reader *r, const struct hone_toml_node *v)
{
	return hone_read_path(r, v, &r->w->stdin_path);
}

static int read_env(struct hone_workload_reader *r, const struct hone_toml_node *v)
{
	if (hone_toml_type(v) != HONE_TOML_TABLE)
		return hone_read_wrong(r, v, "a table of variables");
	for (size_t i = 0; i < hone_toml_count(v); i++) {
		const struct hone_toml_node *value = hone_toml_at(v, i);
		hone_auto_free char *name = hone_view_dup(hone_toml_key(value));
		hone_auto_free char *set = NULL;
		bool on;

		if (!*name || strchr(name, '='))
			return hone_toml_complain(
				value, HONE_E_SYNTAX, r->err, "`%s` cannot name a variable", name);
		if (hone_toml_bool(value, &on) && !on) {
			hone_strv_push(&r->w->env, name);
			continue;
		}
		if (hone_toml_type(value) != HONE_TOML_STRING)
			return hone_read_wrong(
				r, value, "a string, or false to remove the variable");
		if (hone_read_text(r, value, &set) < 0)
			return HONE_E_SYNTAX;
		hone_strv_pushf(&r->w->env, "%s=%s", name, set);
	}
	return 0;
}

static int read_setup(struct hone_workload_reader *r, const struct hone_toml_node *v)
{
	return hone_read_command(r, v, &r->w->setup);
}

static int read_teardown(struct hone_workload_reader *r, const struct hone_toml_node *v)
{
	return hone_read_command(r, v, &r->w->teardown);
}

static int read_timeout(struct hone_workload_reader *r, const struct hone_toml_node *v)
{
	return hone_read_seconds(r, v, &r->w->timeout_s);
}

static int read_until(struct hone_workload_reader *r, const struct hone_toml_node *v)
{
	static const char *const words[] = {"exit", "output", "ready"};
	size_t i = 0;
	int error = hone_read_choice(r, v, words, HONE_COUNT(words), &i);

	r->w->until_output = i == 1;
	r->until_ready = i == 2;
	return error;
}

static int read_exit_code(struct hone_workload_reader *r, const struct hone_toml_node *v)
{
	struct hone_view word;
	int64_t code;

	if (hone_toml_string(v, &word) && hone_view_is(word, "baseline")) {
		r->w->exit_code = HONE_EXIT_OF_BASELINE;
		return 0;
	}
	if (!hone_toml_integer(v, &code) || code < 0 || code > 255)
		return hone_toml_complain(v, HONE_E_SYNTAX, r->err,
			"an exit code is 0 to 255, or \"baseline\" for whatever the baseline "
			"gives");
	r->w->exit_code = (int)code;
	return 0;
}

static int read_compare(struct hone_workload_reader *r, const struct hone_toml_node *v)
{
	static const char *const streams[] = {"stdout", "stderr"};

	if (hone_toml_type(v) != HONE_TOML_ARRAY)
		return hone_read_wrong(r, v, "a list of \"stdout\" and \"stderr\"");
	r->w->compare_stdout = r->w->compare_stderr = false;
	for (size_t i = 0; i < hone_toml_count(v); i++) {
		size_t which = 0;
		int error = hone_read_choice(
			r, hone_toml_at(v, i), streams, HONE_COUNT(streams), &which);

		if (error)
			return error;
		*(which == 0 ? &r->w->compare_stdout : &r->w->compare_stderr) = true;
	}
	return 0;
}

static int read_files(struct hone_workload_reader *r, const struct hone_toml_node *v)
{
	if (hone_toml_type(v) != HONE_TOML_ARRAY)
		return hone_read_wrong(r, v, "a list of paths");
	for (size_t i = 0; i < hone_toml_count(v); i++) {
		char *one = NULL;
		int error = hone_read_text(r, hone_toml_at(v, i), &one);

		if (error)
			return error;
		hone_strv_take(&r->w->files, one);
	}
	return 0;
}

static int read_rule(struct hone_workload_reader *r, const struct hone_toml_node *table)
{
	const struct hone_toml_node *p = hone_toml_get(table, "pattern");
	const struct hone_toml_node *with = hone_toml_get(table, "with");
	struct hone_normalise rule = {NULL, NULL};
	int error;

	if (!p || hone_toml_count(table) != (with ? 2u : 1u))
		return hone_toml_complain(table, HONE_E_SYNTAX, r->err,
			"a rule is { pattern = \"REGULAR EXPRESSION\", with = \"TEXT\" }");
	error = hone_read_pattern(r, p, 0, &rule.pattern);
	if (!error)
		error = with ? hone_read_text(r, with, &rule.with) : 0;
	if (error) {
		free(rule.pattern);
		free(rule.with);
		return error;
	}
	if (!rule.with)
		rule.with = hone_xstrdup("");
	hone_vec_push(&r->w->normalise, rule);
	return 0;
}

static int read_normalise(struct hone_workload_reader *r, const struct hone_toml_node *v)
{
	if (hone_toml_type(v) != HONE_TOML_ARRAY)
		return hone_read_wrong(r, v, "a list of rules");
	for (size_t i = 0; i < hone_toml_count(v); i++) {
		int error = read_rule(r, hone_toml_at(v, i));

		if (error)
			return error;
	}
	return 0;
}

static int read_metric(struct hone_workload_reader *r, const struct hone_toml_node *v)
{
	hone_auto_free char *name = NULL;
	const char *names[HONE_METRICS] = {NULL}, *meant;
	int error = hone_read_text(r, v, &name);

	if (error)
		return error;
	for (int m = HONE_METRIC_WALL; m < HONE_METRICS; m++)
		names[m - HONE_METRIC_WALL] = hone_metric_info((enum hone_metric)m)->name;
	r->w->primary = hone_metric_by_name(name);
	if (r->w->primary != HONE_METRICS)
		return 0;
	r->w->primary = HONE_METRIC_AUTO;
	meant = hone_did_you_mean(name, names);
	hone_toml_complain(v, HONE_E_SYNTAX, r->err, "there is no metric \"%s\"", name);
	return hone_err_hint(r->err, "did you mean \"%s\"?", meant ? meant : "cpu");
}

static int read_pattern(struct hone_workload_reader *r, const struct hone_toml_node *v)
{
	return hone_read_pattern(r, v, 1, &r->w->pattern);
}

static int read_bench(struct hone_workload_reader *r, const struct hone_toml_node *v)
{
	int error = hone_read_text(r, v, &r->w->bench);

	if (!error && !*r->w->bench)
		return hone_toml_complain(
			v, HONE_E_SYNTAX, r->err, "bench is the name of a bench target");
	return error;
}

static int read_better(struct hone_workload_reader *r, const struct hone_toml_node *v)
{
	static const char *const words[] = {"lower", "higher"};
	size_t i = 0;
	int error = hone_read_choice(r, v, words, HONE_COUNT(words), &i);

	r->w->more_is_better = i == 1;
	return error;
}

static int read_train(struct hone_workload_reader *r, const struct hone_toml_node *v)
{
	bool trains;

	if (!hone_toml_bool(v, &trains))
		return hone_read_wrong(r, v, "true or false");
	r->w->training = trains ? HONE_TRAINING_YES : HONE_TRAINING_NO;
	return 0;
}

static const struct hone_workload_key workload_keys[] = {
	{"name", read_name},
	{"bin", read_bin},
	{"run", read_run},
	{"kind", read_kind},
	{"weight", read_weight},
	{"dir", read_dir},
	{"env", read_env},
	{"stdin", read_stdin},
	{"setup", read_setup},
	{"teardown", read_teardown},
	{"timeout", read_timeout},
	{"until", read_until},
	{"exit-code", read_exit_code},
	{"compare", read_compare},
	{"files", read_files},
	{"normalise", read_normalise},
	{"metric", read_metric},
	{"bench", read_bench},
	{"pattern", read_pattern},
	{"better", read_better},
	{"service", hone_read_service},
	{"train", read_train},
	{NULL, NULL},
};

static int check_service(struct hone_workload_reader *r, const struct hone_toml_node *table)
{
	const struct hone_workload *w = r->w;

	if (r->until_ready && !w->service)
		return hone_toml_complain(table, HONE_E_SYNTAX, r->err,
			"workload `%s`: [workload.service] has to say when it is ready", w->name);
	if ((w->kind == HONE_WORKLOAD_SERVICE || r->until_ready) != (w->service != NULL))
		return hone_toml_complain(table, HONE_E_SYNTAX, r->err,
			"workload `%s`: kind = \"service\" and [workload.service] belong together",
			w->name);
	if (w->kind == HONE_WORKLOAD_SERVICE && w->service->load.n == 0)
		return hone_toml_complain(table, HONE_E_SYNTAX, r->err,
			"workload `%s`: the service has no `load`", w->name);
	return 0;
}

static bool sets(const struct hone_workload *w, const char *variable)
{
	size_t n = strlen(variable);

	for (size_t i = 0; i < w->env.n; i++)
		if (strncmp(w->env.v[i], variable, n) == 0 &&
			(!w->env.v[i][n] || w->env.v[i][n] == '='))
			return true;
	return false;
}

/* What `cargo bench` would run, where the file does not say otherwise. */
static void complete_bench(struct hone_workload *w, const struct hone_toml_node *table)
{
	/* The folder of the package, which is not known here. */
	if (!hone_toml_get(table, "dir"))
		free(HONE_TAKE(w->dir));
	if (w->argv.n == 0) {
		hone_strv_push(&w->argv, "{bin}");
		hone_strv_push(&w->argv, "--bench");
	}
	/* Else criterion writes into the project's target folder, and compares with what lies there. */
	if (!sets(w, "CRITERION_HOME"))
		hone_strv_push(&w->env, "CRITERION_HOME={out}/criterion");
}

static int check_bench(struct hone_workload_reader *r, const struct hone_toml_node *table)
{
	struct hone_workload *w = r->w;

	if (w->bench && w->kind != HONE_WORKLOAD_BENCH)
		return hone_toml_complain(hone_toml_get(table, "bench"), HONE_E_SYNTAX, r->err,
			"`bench` belongs to a workload of kind \"bench\"");
	if (w->pattern && w->kind != HONE_WORKLOAD_BENCH)
		return hone_toml_complain(hone_toml_get(table, "pattern"), HONE_E_SYNTAX, r->err,
			"`pattern` belongs to a workload of kind \"bench\"");
	if (w->kind == HONE_WORKLOAD_BENCH && !w->pattern && !w->bench)
		return hone_toml_complain(table, HONE_E_SYNTAX, r->err,
			"workload `%s` is a bench and needs `bench`, the name of a bench target, "
			"or "
			"a `pattern` that reads its number",
			w->name);
	if (w->more_is_better && !w->pattern)
		return hone_toml_complain(hone_toml_get(table, "better"), HONE_E_SYNTAX, r->err,
			"`better` belongs to a `pattern`");
	/* Figures differ from run to run; whoever wants them compared says so. */
	if (w->kind == HONE_WORKLOAD_BENCH && !hone_toml_get(table, "compare"))
		w->compare_stdout = false;
	if (w->bench)
		complete_bench(w, table);
	return 0;
}

/* What can only be judged when all keys are known. */
static int check(struct hone_workload_reader *r, const struct hone_toml_node *table)
{
	struct hone_workload *w = r->w;
	int error;

	if (!*w->name)
		return hone_toml_complain(
			table, HONE_E_SYNTAX, r->err, "this workload has no `name`");
	error = check_bench(r, table);
	if (error)
		return error;
	if (w->argv.n == 0)
		return hone_toml_complain(
			table, HONE_E_SYNTAX, r->err, "workload `%s` has no `run`", w->name);
	if ((w->until_output || r->until_ready) && w->kind != HONE_WORKLOAD_STARTUP)
		return hone_toml_complain(hone_toml_get(table, "until"), HONE_E_SYNTAX, r->err,
			"`until` belongs to a workload of kind \"startup\"");
	return check_service(r, table);
}

int hone_read_workload(struct hone_workload_reader *r, const struct hone_toml_node *table)
{
	int error;

	hone_workload_init(r->w, "");
	r->until_ready = false;
	r->w->dir = hone_xstrdup(r->dir);
	if (hone_toml_type(table) != HONE_TOML_TABLE)
		return hone_toml_complain(
			table, HONE_E_SYNTAX, r->err, "a workload is a table: write [[workload]]");
	error = hone_read_table(r, table, workload_keys, "a workload");
	return error ? error : check(r, table);
}
