#ifndef HONE_RUN_SERVICE_H
#define HONE_RUN_SERVICE_H
/* A server under load: how to know that it is ready, what drives it, and what the driver's words mean. What is a sample of it, and
 * what its latencies tell: docs/internals/service.md. */
#include "err.h"
#include "strv.h"

enum hone_ready { HONE_READY_TCP, HONE_READY_HTTP, HONE_READY_LINE };

struct hone_service {
	enum hone_ready ready;
	char *ready_text; /* path for HTTP, regular expression for a line; else NULL */
	double ready_timeout_s;
	unsigned port;                 /* 0: a free one for every start, put where {port} stands */
	struct hone_strv load;         /* {port}, {connections}, {seconds} */
	struct hone_strv latency_load; /* {rate} too; empty: none */
	double latency_share;          /* of the baseline's capacity */
	unsigned connections;
	double window_s, warm_s;
	/* What reads the driver's output: regular expressions whose first group is a number (times may have
	 * a unit). NULL: by the program's name, for wrk, oha --no-tui, h2load and ab. */
	char *rate_pattern, *requests_pattern, *p50_pattern, *p90_pattern, *p99_pattern,
		*errors_pattern;
	struct hone_strv compare; /* paths whose responses must equal the baseline's */
	int stop_signal;          /* SIGTERM */
};

struct hone_service *hone_service_new(void);
void hone_service_free(struct hone_service *s);

/* What a load generator said. NaN for what it did not say. */
struct hone_load_report {
	double requests, rate, p50_s, p90_s, p99_s, errors;
};
/* Does the command run a generator that hone knows? They take whole seconds only. */
bool hone_load_is_known(const struct hone_strv *command);
/* Reads the output of a generator (argv[0]'s name tells which, unless the service has patterns).
 * HONE_E_FAILED when the rate and the number of requests are not found in it; the message shows what
 * was there. */
int hone_load_parse(const struct hone_service *s, const char *program, const char *output,
	struct hone_load_report *ret, struct hone_err *err);

/* What a million requests cost, with the formula, from measured figures; the caller frees. */
char *hone_service_cost_text(double cpu_per_request_s, double requests_per_s, double memory_bytes);

#endif
