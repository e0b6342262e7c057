#include "fs.h"
#include "measure_impl.h"
#include "num.h"

#include <math.h>
#include <regex.h>
#include <string.h>

/* No iteration takes a time outside of these: 0 is what an empty loop shows. */
#define SHORTEST_S 1e-18
#define LONGEST_S 1e9
/* Far more than a benchmark prints. */
#define MOST_REPORT ((size_t)16 << 20)

void hone_bench_report_release(struct hone_bench_report *r)
{
	hone_strv_release(&r->names);
}

enum hone_metric hone_bench_metric(const struct hone_workload *w)
{
	return w->pattern ? HONE_METRIC_VALUE : HONE_METRIC_ITERATION;
}

/* ---- by a pattern */

/* A number, or a time with a unit (in seconds then). */
static bool parse(struct hone_view v, double *ret)
{
	return hone_parse_f64(v, ret) || hone_parse_seconds(v, ret);
}

static bool find_match(const struct hone_workload *w, const char *output, double *ret)
{
	regmatch_t m[2];
	regex_t re;
	bool found = false;

	if (regcomp(&re, w->pattern, REG_EXTENDED | REG_NEWLINE) != 0)
		return false;
	while (*output && regexec(&re, output, HONE_COUNT(m), m, 0) == 0) {
		double x;

		if (m[1].rm_so >= 0 && parse((struct hone_view){output + m[1].rm_so,
						     (size_t)(m[1].rm_eo - m[1].rm_so)},
					       &x)) {
			*ret = x;
			found = true;
		}
		output += m[0].rm_eo > 0 ? m[0].rm_eo : 1;
	}
	regfree(&re);
	return found;
}

/* ---- lines of benchmarks */

/* "1,234.5 ns" at the start of v, in seconds. */
static bool parse_iteration(struct hone_view v, double *ret)
{
	hone_auto_buf struct hone_buf number = HONE_BUF_INIT;
	size_t n = 0;

	while (n < v.n && strchr("0123456789,.", v.p[n])) {
		if (v.p[n] != ',')
			hone_buf_addc(&number, v.p[n]);
		n++;
	}
	v = hone_view_sub(v, n, v.n);
	if (!hone_view_starts(v, " ns/iter") || !hone_parse_f64(hone_buf_view(&number), ret))
		return false;
	*ret /= 1e9;
	return true;
}

/* test NAME ... bench:       1,234 ns/iter (+/- 56) */
static bool is_libtest(struct hone_view line, struct hone_view *ret_name, double *ret)
{
	static const char mark[] = " ... bench:";
	const char *at;
	size_t before;

	if (!hone_view_starts(line, "test "))
		return false;
	line = hone_view_sub(line, strlen("test "), line.n);
	at = memmem(line.p, line.n, mark, strlen(mark));
	if (!at)
		return false;
	before = (size_t)(at - line.p);
	*ret_name = hone_view_trim(hone_view_sub(line, 0, before));
	return parse_iteration(
		hone_view_trim(hone_view_sub(line, before + strlen(mark), line.n)), ret);
}

/* NAME   time:   [1.2 us 1.3 us 1.4 us], where a long name stands on the line before, with nothing else.
 * A change is told by the same word, in per cent. */
static bool is_criterion(
	struct hone_view line, struct hone_view above, struct hone_view *ret_name, double *ret)
{
	static const char mark[] = "time:";
	const char *at = memmem(line.p, line.n, mark, strlen(mark));
	struct hone_view rest, word, words[6];
	bool started = false;
	size_t n = 0, end;

	if (!at)
		return false;
	rest = hone_view_trim(hone_view_sub(line, (size_t)(at - line.p) + strlen(mark), line.n));
	end = hone_view_find(rest, 0, ']');
	if (!hone_view_starts(rest, "[") || end == rest.n)
		return false;
	rest = hone_view_sub(rest, 1, end);
	while (hone_view_split(&rest, &started, ' ', &word))
		if (word.n && n++ < HONE_COUNT(words))
			words[n - 1] = word;
	/* Both words of the middle time as one text. */
	if (n != HONE_COUNT(words) ||
		!hone_parse_seconds((struct hone_view){words[2].p,
					    (size_t)(words[3].p + words[3].n - words[2].p)},
			ret))
		return false;
	*ret_name = hone_view_trim(hone_view_sub(line, 0, (size_t)(at - line.p)));
	if (!ret_name->n)
		*ret_name = hone_view_trim(above);
	return true;
}

static char *read_lines(const char *output, struct hone_bench_report *ret)
{
	struct hone_view rest = hone_view_of(output), line, above = HONE_VIEW(""),
			 name = HONE_VIEW("");
	bool started = false;
	double seconds = 0, sum = 0;

	while (hone_view_split(&rest, &started, '\n', &line)) {
		if (is_libtest(line, &name, &seconds) ||
			is_criterion(line, above, &name, &seconds)) {
			if (!(seconds >= SHORTEST_S && seconds <= LONGEST_S))
				return hone_xasprintf(
					"an iteration of benchmark `%.*s` takes %g s: "
					"there is nothing to compare",
					(int)name.n, name.p, seconds);
			sum += log(seconds);
			hone_strv_pushv(&ret->names, name);
		}
		above = line;
	}
	if (!ret->names.n)
		return hone_xstrdup(
			"no benchmark is found in its output; lines like `test NAME ... "
			"bench: 1,234 ns/iter` and criterion's are understood, others "
			"need a `pattern`");
	ret->value = exp(sum / (double)ret->names.n);
	return NULL;
}

char *hone_bench_read(
	const struct hone_workload *w, const char *output, struct hone_bench_report *ret)
{
	if (!w->pattern)
		return read_lines(output, ret);
	return find_match(w, output, &ret->value)
		       ? NULL
		       : hone_xasprintf("`%s` is not found in its output", w->pattern);
}

/* ---- the same benchmarks? */

static char *join(const struct hone_strv *list)
{
	struct hone_buf b = HONE_BUF_INIT;

	for (size_t i = 0; i < list->n; i++)
		hone_buf_addf(&b, "%s%s", i ? ", " : "", list->v[i]);
	return hone_buf_detach(&b);
}

static char *read_file(const struct hone_workload *w, const char *path,
	struct hone_bench_report *ret, struct hone_err *err)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;

	if (hone_fs_read(path, MOST_REPORT, &text, NULL, err) < 0)
		return NULL;
	return hone_bench_read(w, hone_buf_str(&text), ret);
}

int hone_bench_differs(const struct hone_workload *w, const char *base_path, const char *path,
	char **ret_difference, struct hone_err *err)
{
	hone_auto_bench_report struct hone_bench_report base = HONE_BENCH_REPORT_INIT;
	hone_auto_bench_report struct hone_bench_report other = HONE_BENCH_REPORT_INIT;
	hone_auto_err struct hone_err why = HONE_ERR_INIT;
	hone_auto_free char *wrong = read_file(w, base_path, &base, &why);
	hone_auto_free char *a = NULL;
	hone_auto_free char *b = NULL;

	*ret_difference = NULL;
	if (!why.code && wrong)
		return hone_err_set(err, HONE_E_FAILED, "workload `%s` fails on the baseline: %s",
			w->name, wrong);
	if (!why.code)
		*ret_difference = read_file(w, path, &other, &why);
	if (why.code)
		return hone_err_move(err, &why);
	a = join(&base.names);
	b = join(&other.names);
	if (!*ret_difference && strcmp(a, b) != 0)
		*ret_difference =
			hone_xasprintf("its benchmarks are %s, those of the baseline %s", b, a);
	return 0;
}
