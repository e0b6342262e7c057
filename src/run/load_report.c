#include "service.h"

#include "fs.h"
#include "num.h"
#include "rules.h"

#include <math.h>
#include <regex.h>
#include <signal.h>
#include <string.h>

/* How the generators print what hone asks for. Number first; a unit may follow at once. Tried with wrk
 * 4.1 and 4.2 (--latency), oha 1.x (--no-tui), h2load 1.52 and ab 2.3. */
static const struct generator {
	const char *name, *rate, *requests, *p50, *p90, *p99, *errors[2];
	const char *end; /* a word of the last lines: without it the report is cut off */
} generators[] = {
	{
		"wrk",
		"Requests/sec:[ \t]+([0-9.]+)",
		"([0-9]+) requests in",
		"50%[ \t]+([0-9.]+[um]?s)",
		"90%[ \t]+([0-9.]+[um]?s)",
		"99%[ \t]+([0-9.]+[um]?s)",
		{"Non-2xx or 3xx responses: ([0-9]+)",
			"Socket errors:.*(connect [1-9]|read [1-9]|write [1-9]|timeout [1-9])"},
		"Transfer/sec:",
	},
	{
		"oha",
		"Requests/sec:[ \t]+([0-9.]+)",
		"\\[200\\] ([0-9]+) responses",
		"50(\\.00)?% in ([0-9.]+ [um]?s(ecs)?)",
		"90(\\.00)?% in ([0-9.]+ [um]?s(ecs)?)",
		"99(\\.00)?% in ([0-9.]+ [um]?s(ecs)?)",
		{"\\[[45][0-9][0-9]\\] ([0-9]+) responses", NULL},
		"Status code distribution:",
	},
	{
		"h2load",
		"([0-9.]+) req/s",
		"([0-9]+) succeeded",
		NULL,
		NULL,
		NULL,
		{"succeeded, ([1-9][0-9]*) failed", NULL},
		"traffic:",
	},
	{
		"ab",
		"Requests per second:[ \t]+([0-9.]+)",
		"Complete requests:[ \t]+([0-9]+)",
		"50%[ \t]+([0-9]+)",
		"90%[ \t]+([0-9]+)",
		"99%[ \t]+([0-9]+)",
		{"Failed requests:[ \t]+([0-9]+)", "Non-2xx responses:[ \t]+([0-9]+)"},
		"Transfer rate:",
	},
};

struct hone_service *hone_service_new(void)
{
	struct hone_service *s = HONE_NEW(struct hone_service);

	*s = (struct hone_service){
		.ready_timeout_s = HONE_RULE_READY_S,
		.latency_share = HONE_RULE_LATENCY_SHARE,
		.connections = HONE_RULE_CONNECTIONS,
		.window_s = HONE_RULE_WINDOW_S,
		.warm_s = HONE_RULE_WINDOW_WARM_S,
		.stop_signal = SIGTERM,
	};
	return s;
}

void hone_service_free(struct hone_service *s)
{
	if (!s)
		return;
	free(s->ready_text);
	free(s->rate_pattern);
	free(s->requests_pattern);
	free(s->p50_pattern);
	free(s->p90_pattern);
	free(s->p99_pattern);
	free(s->errors_pattern);
	hone_strv_release(&s->load);
	hone_strv_release(&s->latency_load);
	hone_strv_release(&s->compare);
	free(s);
}

/* The text of the last group of pattern that took part in the first match, or NULL; the caller
 * frees. (oha's patterns have an optional group before the number.) */
static char *match(const char *pattern, const char *output)
{
	regmatch_t m[4];
	regex_t re;
	char *found = NULL;

	if (!pattern || regcomp(&re, pattern, REG_EXTENDED | REG_NEWLINE) != 0)
		return NULL;
	if (regexec(&re, output, HONE_COUNT(m), m, 0) == 0)
		for (size_t i = 1; i < HONE_COUNT(m) && i <= re.re_nsub; i++)
			if (m[i].rm_so >= 0 &&
				(!found || strspn(output + m[i].rm_so, "0123456789") > 0)) {
				free(found);
				found = hone_xstrndup(
					output + m[i].rm_so, (size_t)(m[i].rm_eo - m[i].rm_so));
			}
	regfree(&re);
	return found;
}

static double read_number(const char *pattern, const char *output)
{
	hone_auto_free char *text = match(pattern, output);
	double x;

	return text && hone_parse_f64(hone_view_of(text), &x) ? x : NAN;
}

/* A time; without a unit it is in units of `plain` seconds. */
static double read_time(const char *pattern, const char *output, double plain)
{
	hone_auto_free char *text = match(pattern, output);
	hone_auto_buf struct hone_buf tight = HONE_BUF_INIT;
	double x;

	if (!text)
		return NAN;
	if (hone_parse_f64(hone_view_of(text), &x))
		return x * plain;
	for (const char *c = text; *c; c++)
		if (*c != ' ')
			hone_buf_addc(&tight, *c);
	if (hone_ends(hone_buf_str(&tight), "secs"))
		hone_buf_cut(&tight, tight.n - 3);
	return hone_parse_seconds(hone_buf_view(&tight), &x) ? x : NAN;
}

static const struct generator *find_generator(const char *program)
{
	for (size_t i = 0; i < HONE_COUNT(generators); i++)
		if (strcmp(generators[i].name, hone_path_base(program)) == 0)
			return &generators[i];
	return NULL;
}

bool hone_load_is_known(const struct hone_strv *command)
{
	for (size_t i = 0; i < command->n; i++)
		if (find_generator(command->v[i]))
			return true;
	return false;
}

static double count_errors(
	const struct hone_service *s, const struct generator *g, const char *output)
{
	double errors = 0;

	if (s->errors_pattern)
		return fmax(0, read_number(s->errors_pattern, output));
	for (size_t i = 0; g && i < HONE_COUNT(g->errors); i++) {
		hone_auto_free char *text = match(g->errors[i], output);
		double x;

		/* A match that is no number, as in wrk's list of socket errors, still is an error. */
		if (text)
			errors += hone_parse_f64(hone_view_of(text), &x) ? x : 1;
	}
	return errors;
}

/* A report whose tail is missing has no errors to count. */
static bool is_whole(const struct generator *g, const char *output)
{
	return strstr(output, g->end) && hone_ends(output, "\n");
}

int hone_load_parse(const struct hone_service *s, const char *program, const char *output,
	struct hone_load_report *ret, struct hone_err *err)
{
	static const struct generator none = {
		NULL, NULL, NULL, NULL, NULL, NULL, {NULL, NULL}, NULL};
	const struct generator *known = find_generator(program);
	const struct generator *g = known ? known : &none;
	double plain = known && strcmp(known->name, "ab") == 0 ? 1e-3 : 1;
	struct hone_load_report r = {
		.rate = read_number(s->rate_pattern ? s->rate_pattern : g->rate, output),
		.requests = read_number(
			s->requests_pattern ? s->requests_pattern : g->requests, output),
		.p50_s = read_time(s->p50_pattern ? s->p50_pattern : g->p50, output, plain),
		.p90_s = read_time(s->p90_pattern ? s->p90_pattern : g->p90, output, plain),
		.p99_s = read_time(s->p99_pattern ? s->p99_pattern : g->p99, output, plain),
		.errors = count_errors(s, known, output),
	};

	if (g->end && (!is_whole(g, output) || isnan(r.rate) || isnan(r.requests))) {
		hone_err_set(err, HONE_E_FAILED,
			"what %s printed is cut off: it has no `%s`, or no end",
			hone_path_base(program), g->end);
		return hone_err_hint(err,
			"hone reads what it prints on stdout; nothing may be taken "
			"away from it");
	}
	if (isnan(r.rate) && isnan(r.requests)) {
		struct hone_view shown = hone_view_sub(hone_view_of(output), 0, 500);

		hone_err_set(err, HONE_E_FAILED,
			"no number of requests found in what %s printed:\n%.*s",
			hone_path_base(program), (int)shown.n, shown.p);
		return hone_err_hint(err, "hone reads wrk, oha, h2load and ab by itself; for "
					  "others say `rate` and `requests` "
					  "as patterns in hone.toml");
	}
	*ret = r;
	return 0;
}

char *hone_service_cost_text(double cpu_per_request_s, double requests_per_s, double memory_bytes)
{
	return hone_xasprintf(
		"a million requests: %.1f CPU-s (1e6 x CPU time per request), %.2f GB-s "
		"(peak memory x 1e6 / requests per second)",
		1e6 * cpu_per_request_s, memory_bytes / 1e9 * 1e6 / requests_per_s);
}
