#include "profdata.h"

#include "fs.h"
#include "num.h"
#include "proc.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#define TOOL_NS (600 * HONE_NS_PER_S)

void hone_profdata_release(struct hone_profdata *p)
{
	for (size_t i = 0; i < p->functions.n; i++)
		free(p->functions.v[i].name);
	hone_vec_release(&p->functions);
	hone_strv_release(&p->names);
	free(p->path);
	*p = (struct hone_profdata){0};
}

/* "Debian LLVM version 22.1.8": 22, or 0. */
static unsigned major_of(const char *tool)
{
	const char *const argv[] = {tool, "--version", NULL};
	struct hone_proc_spec spec = {
		.argv = argv, .limit = 65536, .deadline_ns = 10 * HONE_NS_PER_S};
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	const char *at;
	uint64_t major = 0;

	if (hone_proc_run(&spec, &r, NULL) || r.exit_code != 0)
		return 0;
	at = strstr(hone_buf_str(&r.out), "LLVM version ");
	if (at) {
		struct hone_view v = hone_view_of(at + strlen("LLVM version "));

		if (!hone_parse_u64(hone_view_sub(v, 0, hone_view_find(v, 0, '.')), &major))
			major = 0;
	}
	return (unsigned)major;
}

int hone_profdata_tool(const struct hone_toolchain *tc, char **ret_path, struct hone_err *err)
{
	struct hone_view version = hone_view_of(tc->llvm_version);
	hone_auto_strv struct hone_strv places = HONE_STRV_INIT;
	hone_auto_free char *other = NULL;
	uint64_t major;
	unsigned found = 0;

	if (!hone_parse_u64(hone_view_sub(version, 0, hone_view_find(version, 0, '.')), &major))
		return hone_err_set(err, HONE_E_UNSUPPORTED,
			"this rustc has no LLVM, and profiles are made by it");
	hone_strv_pushf(&places, "%s/lib/rustlib/%s/bin/llvm-profdata", tc->sysroot, tc->host);
	hone_strv_pushf(&places, "llvm-profdata-%u", (unsigned)major);
	hone_strv_pushf(&places, "/usr/lib/llvm-%u/bin/llvm-profdata", (unsigned)major);
	hone_strv_push(&places, "llvm-profdata");
	for (size_t i = 0; i < places.n; i++) {
		hone_auto_free char *path = NULL;

		if (hone_path_find_program(places.v[i], &path, NULL))
			continue;
		found = major_of(path);
		if (found == major) {
			*ret_path = HONE_TAKE(path);
			return 0;
		}
		free(other);
		other = HONE_TAKE(path);
	}
	if (other && found)
		hone_err_set(err, HONE_E_NOT_FOUND,
			"a profile of rustc %s needs llvm-profdata of LLVM %u; %s is of LLVM %u",
			tc->rustc_version, (unsigned)major, other, found);
	else
		hone_err_set(err, HONE_E_NOT_FOUND,
			"a profile of rustc %s needs llvm-profdata of LLVM %u", tc->rustc_version,
			(unsigned)major);
	return hone_err_hint(err,
		"run `rustup component add llvm-tools`, or on Debian: apt-get install llvm-%u",
		(unsigned)major);
}

/* Runs the tool; its own words are the error. ret_warnings: how many it gave, or NULL. */
static int run_tool(
	struct hone_proc_spec *spec, const char *what, size_t *ret_warnings, struct hone_err *err)
{
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	struct hone_view words;
	size_t warnings = 0;
	int error;

	spec->deadline_ns = TOOL_NS;
	error = hone_proc_run(spec, &r, err);
	if (error)
		return error;
	for (const char *at = hone_buf_str(&r.err); (at = strstr(at, "warning: ")); at++)
		warnings++;
	if (ret_warnings)
		*ret_warnings = warnings;
	if (r.exit_code == 0)
		return 0;
	words = hone_view_trim(hone_buf_view(&r.err));
	return hone_err_set(err, HONE_E_FAILED, "%s: %.*s", what, (int)words.n, words.p);
}

int hone_profdata_merge(const char *tool, const char *raw_dir, const char *out_path,
	size_t *ret_damaged, struct hone_err *err)
{
	hone_auto_strv struct hone_strv argv = HONE_STRV_INIT;
	struct hone_proc_spec spec = {0};
	DIR *d = opendir(raw_dir);
	struct dirent *e;
	size_t n = 0;

	while (d && (e = readdir(d)))
		n += hone_ends(e->d_name, ".profraw");
	if (d)
		closedir(d);
	if (!n) {
		hone_err_set(err, HONE_E_NOT_FOUND, "the training left no profile");
		return hone_err_hint(err, "it is written when the program exits by itself: a "
					  "signal or _exit leaves nothing");
	}
	/* A folder stands for the files in it. */
	hone_strv_push(&argv, tool);
	hone_strv_push(&argv, "merge");
	hone_strv_push(&argv, "--failure-mode=all");
	hone_strv_push(&argv, "-o");
	hone_strv_push(&argv, out_path);
	hone_strv_push(&argv, raw_dir);
	spec.argv = hone_strv_argv(&argv);
	return run_tool(&spec, "merging the profile", ret_damaged, err);
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

int hone_profdata_read(
	const char *tool, const char *path, struct hone_profdata *ret, struct hone_err *err)
{
	const char *const argv[] = {tool, "show", "--all-functions", "--counts", path, NULL};
	struct hone_profdata profile = {.path = hone_xstrdup(path)};
	struct hone_profdata_text text = {.profile = &profile};
	struct hone_proc_spec spec = {
		.argv = argv, .out = HONE_SINK_LINES, .on_line = on_line, .ctx = &text};
	int error = run_tool(&spec, "reading the profile", NULL, err);

	hone_profdata_finish(&text);
	if (error) {
		hone_profdata_release(&profile);
		return error;
	}
	*ret = profile;
	return 0;
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
