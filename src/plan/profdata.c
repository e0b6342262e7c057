#include "profdata.h"

#include "num.h"
#include "proc.h"
#include "profdata_tool.h"

#include <stdlib.h>
#include <string.h>

void hone_profdata_release(struct hone_profdata *p)
{
	for (size_t i = 0; i < p->functions.n; i++)
		free(p->functions.v[i].name);
	hone_vec_release(&p->functions);
	hone_strv_release(&p->names);
	free(p->path);
	*p = (struct hone_profdata){0};
}

static void take_name(struct hone_profdata_text *t, struct hone_view name)
{
	/* A local function: "file;symbol". */
	for (size_t i = name.n; i > 0; i--)
		if (name.p[i - 1] == ';') {
			name = hone_view_sub(name, i, name.n);
			break;
		}
	free(t->name);
	t->name = hone_view_dup(name);
	t->profile->n_functions++;
	hone_strv_push(&t->profile->names, t->name);
}

/* "[1, 20, 0]" */
static double sum_counts(struct hone_view list)
{
	struct hone_view rest = list, part;
	bool started = false;
	double sum = 0;

	while (hone_view_split(&rest, &started, ',', &part)) {
		uint64_t n;

		if (hone_parse_u64(hone_view_trim(part), &n))
			sum += (double)n;
	}
	return sum;
}

void hone_profdata_line(struct hone_profdata_text *t, struct hone_view line)
{
	static const char counts[] = "    Block counts: [";
	static const char total[] = "Total functions: ";

	if (hone_view_starts(line, counts) && hone_view_ends(line, "]") && t->name) {
		double weight = sum_counts(hone_view_sub(line, sizeof(counts) - 1, line.n - 1));

		if (weight > 0) {
			t->profile->total += weight;
			t->profile->n_executed++;
			hone_vec_push(&t->profile->functions,
				(struct hone_function_weight){HONE_TAKE(t->name), weight});
		}
	} else if (hone_view_starts(line, "  ") && !hone_view_starts(line, "   ") &&
		   hone_view_ends(line, ":")) {
		take_name(t, hone_view_sub(line, 2, line.n - 1));
	} else if (hone_view_starts(line, total)) {
		t->said_total =
			hone_parse_u64(hone_view_sub(line, sizeof(total) - 1, line.n), &t->total);
	}
}

static int by_weight(const void *a, const void *b)
{
	const struct hone_function_weight *x = a, *y = b;

	if (x->weight != y->weight)
		return x->weight < y->weight ? 1 : -1;
	return strcmp(x->name, y->name);
}

void hone_profdata_finish(struct hone_profdata_text *t)
{
	free(t->name);
	t->name = NULL;
	if (t->profile->functions.n)
		qsort(t->profile->functions.v, t->profile->functions.n,
			sizeof(*t->profile->functions.v), by_weight);
}

static int on_line(void *ctx, struct hone_view line)
{
	hone_profdata_line(ctx, line);
	return 0;
}

/* The tool's last lines: without them its list is cut off, or another program's. */
static bool is_whole(const struct hone_profdata_text *t)
{
	return t->said_total && t->total == t->profile->n_functions;
}

static int read_by(
	const char *tool, const char *path, struct hone_profdata *ret, struct hone_err *err)
{
	const char *const argv[] = {tool, "show", "--all-functions", "--counts", path, NULL};
	struct hone_profdata profile = {.path = hone_xstrdup(path)};
	struct hone_profdata_text text = {.profile = &profile};
	struct hone_proc_spec spec = {
		.argv = argv, .out = HONE_SINK_LINES, .on_line = on_line, .ctx = &text};
	int error = hone_profdata_run(&spec, "reading the profile", NULL, err);

	hone_profdata_finish(&text);
	if (!error && !is_whole(&text))
		error = hone_err_set(err, HONE_E_FAILED,
			"reading the profile: what %s printed is cut off", tool);
	if (error) {
		hone_profdata_release(&profile);
		return error;
	}
	*ret = profile;
	return 0;
}

int hone_profdata_read(const struct hone_toolchain *tc, const char *path, struct hone_profdata *ret,
	struct hone_err *err)
{
	hone_auto_strv struct hone_strv tools = HONE_STRV_INIT;
	hone_auto_err struct hone_err first = HONE_ERR_INIT;
	int error = hone_profdata_check_kind(path, err);

	if (error)
		return error;
	hone_profdata_find_tools(tc, &tools);
	for (size_t i = 0; i < tools.n; i++) {
		error = read_by(tools.v[i], path, ret, i ? NULL : &first);
		if (!error || error == HONE_E_INTERRUPTED)
			return error;
	}
	return tools.n ? hone_err_move(err, &first) : hone_profdata_no_tool(tc, NULL, err);
}

bool hone_profdata_is_empty(const struct hone_toolchain *tc, const char *path)
{
	hone_auto_strv struct hone_strv tools = HONE_STRV_INIT;
	struct hone_profdata p = {0};
	bool empty, was_read = false;

	hone_profdata_find_tools(tc, &tools);
	for (size_t i = 0; i < tools.n && !was_read; i++)
		was_read = read_by(tools.v[i], path, &p, NULL) == 0;
	empty = was_read && p.n_functions == 0;
	hone_profdata_release(&p);
	return empty;
}

void hone_profdata_hot(const struct hone_profdata *p, double share, struct hone_strv *ret_names)
{
	double sum = 0;

	for (size_t i = 0; i < p->functions.n && sum < share * p->total; i++) {
		sum += p->functions.v[i].weight;
		if (!hone_strv_has(ret_names, p->functions.v[i].name))
			hone_strv_push(ret_names, p->functions.v[i].name);
	}
}

double hone_profdata_share(const struct hone_profdata *p, size_t n_names)
{
	hone_auto_strv struct hone_strv names = HONE_STRV_INIT;
	double sum = 0, before = 0;

	for (size_t i = 0; i < p->functions.n; i++) {
		const char *name = p->functions.v[i].name;

		if (!hone_strv_has(&names, name)) {
			if (names.n == n_names)
				break;
			hone_strv_push(&names, name);
		}
		before = sum;
		sum += p->functions.v[i].weight;
	}
	return p->total > 0 ? (before + sum) / 2 / p->total : 0;
}
