#include "workload_reader.h"

#include "num.h"
#include "service.h"

#include <regex.h>
#include <signal.h>
#include <string.h>

static int read_ready(struct hone_workload_reader *r, const struct hone_toml_node *v)
{
	struct hone_service *s = r->w->service;
	hone_auto_free char *word = NULL;
	regex_t re;
	int error = hone_read_text(r, v, &word);

	if (error)
		return error;
	free(HONE_TAKE(s->ready_text));
	if (strcmp(word, "tcp") == 0) {
		s->ready = HONE_READY_TCP;
		return 0;
	}
	if (hone_starts(word, "http:/")) {
		s->ready = HONE_READY_HTTP;
		s->ready_text = hone_xstrdup(word + strlen("http:"));
		return 0;
	}
	if (hone_starts(word, "line:") && word[5] &&
		regcomp(&re, word + 5, REG_EXTENDED | REG_NOSUB) == 0) {
		regfree(&re);
		s->ready = HONE_READY_LINE;
		s->ready_text = hone_xstrdup(word + strlen("line:"));
		return 0;
	}
	return hone_toml_complain(v, HONE_E_SYNTAX, r->err,
		"ready is \"tcp\", \"http:/PATH\" or \"line:REGULAR EXPRESSION\"");
}

static int whole(struct hone_workload_reader *r, const struct hone_toml_node *v, int64_t low,
	int64_t high, unsigned *ret)
{
	int64_t n;

	if (!hone_toml_integer(v, &n) || n < low || n > high)
		return hone_toml_complain(v, HONE_E_SYNTAX, r->err,
			"a whole number from %lld to %lld is due", (long long)low, (long long)high);
	*ret = (unsigned)n;
	return 0;
}

static int read_ready_timeout(struct hone_workload_reader *r, const struct hone_toml_node *v)
{
	return hone_read_seconds(r, v, &r->w->service->ready_timeout_s);
}

static int read_port(struct hone_workload_reader *r, const struct hone_toml_node *v)
{
	return whole(r, v, 1, 65535, &r->w->service->port);
}

static int read_connections(struct hone_workload_reader *r, const struct hone_toml_node *v)
{
	return whole(r, v, 1, 100000, &r->w->service->connections);
}

static int read_load(struct hone_workload_reader *r, const struct hone_toml_node *v)
{
	return hone_read_command(r, v, &r->w->service->load);
}

static int read_latency_load(struct hone_workload_reader *r, const struct hone_toml_node *v)
{
	return hone_read_command(r, v, &r->w->service->latency_load);
}

static int read_latency_share(struct hone_workload_reader *r, const struct hone_toml_node *v)
{
	double x;
	int error = hone_read_number(r, v, &x);

	if (!error && !(x > 0 && x <= 1))
		return hone_toml_complain(v, HONE_E_SYNTAX, r->err,
			"a share of the capacity is above 0 and at most 1");
	r->w->service->latency_share = x;
	return error;
}

static int read_window(struct hone_workload_reader *r, const struct hone_toml_node *v)
{
	return hone_read_seconds(r, v, &r->w->service->window_s);
}

static int read_warm_up(struct hone_workload_reader *r, const struct hone_toml_node *v)
{
	return hone_read_seconds(r, v, &r->w->service->warm_s);
}

static int read_rate(struct hone_workload_reader *r, const struct hone_toml_node *v)
{
	return hone_read_pattern(r, v, 1, &r->w->service->rate_pattern);
}

static int read_requests(struct hone_workload_reader *r, const struct hone_toml_node *v)
{
	return hone_read_pattern(r, v, 1, &r->w->service->requests_pattern);
}

static int read_errors(struct hone_workload_reader *r, const struct hone_toml_node *v)
{
	return hone_read_pattern(r, v, 1, &r->w->service->errors_pattern);
}

static int read_p50(struct hone_workload_reader *r, const struct hone_toml_node *v)
{
	return hone_read_pattern(r, v, 1, &r->w->service->p50_pattern);
}

static int read_p90(struct hone_workload_reader *r, const struct hone_toml_node *v)
{
	return hone_read_pattern(r, v, 1, &r->w->service->p90_pattern);
}

static int read_p99(struct hone_workload_reader *r, const struct hone_toml_node *v)
{
	return hone_read_pattern(r, v, 1, &r->w->service->p99_pattern);
}

static int read_answers(struct hone_workload_reader *r, const struct hone_toml_node *v)
{
	if (hone_toml_type(v) != HONE_TOML_ARRAY)
		return hone_read_wrong(r, v, "a list of paths");
	for (size_t i = 0; i < hone_toml_count(v); i++) {
		char *one = NULL;
		int error = hone_read_text(r, hone_toml_at(v, i), &one);

		if (!error && (*one != '/' || strpbrk(one, " \r\n")))
			error = hone_toml_complain(hone_toml_at(v, i), HONE_E_SYNTAX, r->err,
				"a path begins with / and has no blanks");
		if (error) {
			free(one);
			return error;
		}
		hone_strv_take(&r->w->service->compare, one);
	}
	return 0;
}

static int read_stop(struct hone_workload_reader *r, const struct hone_toml_node *v)
{
	static const char *const names[] = {"TERM", "INT", "QUIT", "HUP"};
	static const int numbers[] = {SIGTERM, SIGINT, SIGQUIT, SIGHUP};
	size_t i = 0;
	int error = hone_read_choice(r, v, names, HONE_COUNT(names), &i);

	r->w->service->stop_signal = numbers[i];
	return error;
}

static const struct hone_workload_key service_keys[] = {
	{"ready", read_ready},
	{"ready-timeout", read_ready_timeout},
	{"port", read_port},
	{"connections", read_connections},
	{"load", read_load},
	{"latency-load", read_latency_load},
	{"latency-share", read_latency_share},
	{"window", read_window},
	{"warm-up", read_warm_up},
	{"rate", read_rate},
	{"requests", read_requests},
	{"errors", read_errors},
	{"p50", read_p50},
	{"p90", read_p90},
	{"p99", read_p99},
	{"compare", read_answers},
	{"stop", read_stop},
	{NULL, NULL},
};

int hone_read_service(struct hone_workload_reader *r, const struct hone_toml_node *v)
{
	if (hone_toml_type(v) != HONE_TOML_TABLE)
		return hone_read_wrong(r, v, "a table");
	hone_service_free(r->w->service);
	r->w->service = hone_service_new();
	return hone_read_table(r, v, service_keys, "a service");
}
