#include "fs.h"
#include "http.h"
#include "machine.h"
#include "measure_impl.h"
#include "num.h"
#include "rules.h"
#include "server_group.h"
#include "service.h"
#include "text.h"

#include <math.h>
#include <regex.h>
#include <string.h>

/* Ports are found free and then taken by somebody else now and then. */
#define TRIES 3

struct server {
	struct hone_comparison *s;
	const struct hone_workload *w;
	const struct hone_service *sv;
	size_t who;
	unsigned port;
	int server_cpu, load_cpu; /* 1 + CPU; 0: anywhere */
	struct hone_proc *p;
	char *out_path, *err_path;
	double cold_start_s;
	char *failure;
	regex_t ready; /* of HONE_READY_LINE, compiled before the start is timed */
	bool has_ready;
	uint64_t read_bytes; /* of both logs when they were searched last */
};

/* ---- texts */

static char *replace(const char *text, const char *word, const char *with)
{
	struct hone_buf b = HONE_BUF_INIT;
	const char *at;

	while ((at = strstr(text, word))) {
		hone_buf_add(&b, text, (size_t)(at - text));
		hone_buf_adds(&b, with);
		text = at + strlen(word);
	}
	hone_buf_adds(&b, text);
	return hone_buf_detach(&b);
}

static void with_port(const struct server *v, const struct hone_strv *list, struct hone_strv *ret)
{
	hone_auto_free char *port = hone_xasprintf("%u", v->port);

	for (size_t i = 0; i < list->n; i++)
		hone_strv_take(ret, replace(list->v[i], "{port}", port));
}

/* What the server wrote so far, at most limit bytes. */
static void read_words(const char *path, struct hone_buf *ret)
{
	if (hone_fs_read(path, (size_t)16 << 20, ret, NULL, NULL) < 0)
		hone_buf_reset(ret);
}

/* Notes why there is no sample, with what the server said on stderr, else on stdout. why is taken over. */
static void fail(struct server *v, char *why)
{
	hone_auto_buf struct hone_buf said = HONE_BUF_INIT;
	struct hone_buf text = HONE_BUF_INIT;

	read_words(v->err_path, &said);
	if (!hone_view_trim(hone_buf_view(&said)).n) {
		hone_buf_reset(&said);
		read_words(v->out_path, &said);
	}
	hone_buf_adds(&text, why);
	if (hone_view_trim(hone_buf_view(&said)).n) {
		hone_buf_addc(&text, '\n');
		hone_text_excerpt(&text, hone_buf_view(&said), HONE_SAID_FIRST, HONE_SAID_LAST);
	}
	free(v->failure);
	v->failure = hone_buf_detach(&text);
	free(why);
}

/* ---- start */

/* With two CPUs the server gets the first and the generator the second, so that they do not share;
 * with more only the generator is confined, to the last, as a server may use all it can get. */
static void split_cpus(struct server *v)
{
	int first, last;
	unsigned n = hone_machine_cpus(&first, &last);

	/* Nothing runs beside a start. */
	if (v->w->kind != HONE_WORKLOAD_SERVICE)
		return;
	if (n >= 2)
		v->load_cpu = last + 1;
	if (n == 2)
		v->server_cpu = first + 1;
}

/* The start is timed while this is asked again and again: the logs are read only when they have grown. */
static bool has_line(struct server *v)
{
	const char *const paths[] = {v->out_path, v->err_path};
	uint64_t bytes = 0, size;
	bool found = false;

	for (size_t i = 0; i < HONE_COUNT(paths); i++)
		if (hone_fs_size(paths[i], &size, NULL) == 0)
			bytes += size;
	if (!v->has_ready || bytes == v->read_bytes)
		return false;
	v->read_bytes = bytes;
	for (size_t i = 0; i < HONE_COUNT(paths) && !found; i++) {
		hone_auto_buf struct hone_buf text = HONE_BUF_INIT;

		read_words(paths[i], &text);
		found = regexec(&v->ready, hone_buf_str(&text), 0, NULL, 0) == 0;
	}
	return found;
}

static bool is_ready(struct server *v)
{
	switch (v->sv->ready) {
	case HONE_READY_TCP:
		return hone_port_answers(v->port, HONE_RULE_READY_STEP_NS);
	case HONE_READY_HTTP:
		return hone_http_get(v->port, v->sv->ready_text, HONE_NS_PER_S, NULL) / 100 == 2;
	case HONE_READY_LINE:
		return has_line(v);
	}
	return false;
}

static int wait_until_ready(struct server *v, struct hone_err *err)
{
	int64_t start = hone_now_ns();
	int64_t until = start + (int64_t)(v->sv->ready_timeout_s * 1e9);
	char text[HONE_NUM_TEXT];
	bool ended = false;

	while (!is_ready(v)) {
		int error = hone_proc_pump(v->p, HONE_RULE_READY_STEP_NS, &ended, err);

		if (error)
			return error;
		if (ended) {
			unsigned left = hone_server_group_now(hone_proc_pid(v->p)).members;

			fail(v, left > 1 ? hone_xstrdup(
						   "it went into the background; start it with the "
						   "option that keeps it in the foreground")
					 : hone_xstrdup("it ended before it was ready"));
			return 0;
		}
		if (hone_now_ns() > until) {
			fail(v, hone_xasprintf("it was not ready after %s",
					hone_text_seconds(text, v->sv->ready_timeout_s)));
			return 0;
		}
	}
	v->cold_start_s = hone_ns_to_s(hone_now_ns() - start);
	return 0;
}

static int start(struct server *v, size_t pad, struct hone_err *err)
{
	hone_auto_strv struct hone_strv words = HONE_STRV_INIT;
	hone_auto_strv struct hone_strv vars = HONE_STRV_INIT;
	hone_auto_strv struct hone_strv argv = HONE_STRV_INIT;
	hone_auto_strv struct hone_strv env = HONE_STRV_INIT;
	struct hone_proc_spec spec = {
		.dir = hone_workload_dir(v->s, v->w),
		.stdin_path = v->w->stdin_path,
		.out = HONE_SINK_FILE,
		.errout = HONE_SINK_FILE,
		.out_path = v->out_path,
		.err_path = v->err_path,
		.deadline_ns = (int64_t)(v->w->timeout_s * 1e9),
		.measured = true,
		.cpu = v->server_cpu,
	};
	int error = hone_workload_clear_out(v->s, v->w, err);

	if (error)
		return error;
	v->read_bytes = 0;
	hone_workload_argv(v->s, v->w, hone_strv_argv(&v->w->argv), v->who, &words);
	with_port(v, &words, &argv);
	hone_workload_env(v->s, v->w, v->who, pad, &vars);
	with_port(v, &vars, &env);
	spec.argv = hone_strv_argv(&argv);
	spec.env = hone_strv_argv(&env);
	error = hone_proc_start(&spec, &v->p, err);
	if (error)
		return hone_err_wrap(err, "workload `%s`", v->w->name);
	return wait_until_ready(v, err);
}

static int stop(struct server *v, int error, struct hone_err *err)
{
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	int code;

	if (!v->p)
		return error;
	code = hone_proc_stop(
		HONE_TAKE(v->p), v->sv->stop_signal, 5 * HONE_NS_PER_S, &r, error ? NULL : err);
	if (!error && !code && r.timed_out)
		fail(v, hone_xstrdup("its timeout passed while it was being measured"));
	return error ? error : code;
}

/* Starts the server, on another free port when it does not come up on the first one. */
static int start_on_a_port(struct server *v, size_t pad, struct hone_err *err)
{
	int error = 0;

	for (int try = 0; try < TRIES && !error; try++) {
		v->port = v->sv->port;
		if (v->port && hone_port_answers(v->port, HONE_NS_PER_S / 10))
			return hone_err_set(err, HONE_E_FAILED,
				"workload `%s`: port %u is in use by another program", v->w->name,
				v->port);
		if (!v->port)
			error = hone_port_free(&v->port, err);
		if (!error)
			error = start(v, pad, err);
		/* Whether the port was taken meanwhile is seen by somebody answering on it. */
		if (error || !v->failure || v->sv->port ||
			!hone_port_answers(v->port, HONE_NS_PER_S / 10))
			break;
		if (try + 1 < TRIES) {
			error = stop(v, 0, err);
			free(HONE_TAKE(v->failure));
		}
	}
	return error;
}

/* ---- load */

static int drive(struct server *v, const struct hone_strv *command, double seconds, double rate,
	struct hone_load_report *ret, struct hone_err *err)
{
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	hone_auto_strv struct hone_strv with = HONE_STRV_INIT;
	hone_auto_strv struct hone_strv argv = HONE_STRV_INIT;
	hone_auto_free char *connections = hone_xasprintf("%u", v->sv->connections);
	hone_auto_free char *time = hone_xasprintf(
		"%g", hone_load_is_known(command) || seconds > 1 ? ceil(seconds) : seconds);
	hone_auto_free char *speed = hone_xasprintf("%.0f", fmax(1, rate));
	hone_auto_free char *how = NULL;
	struct hone_proc_spec spec = {
		.dir = hone_workload_dir(v->s, v->w),
		.env = hone_strv_argv(&v->s->env),
		.deadline_ns = (int64_t)((seconds + v->w->timeout_s) * 1e9),
		.limit = 16 << 20,
		.cpu = v->load_cpu,
	};
	int error;

	with_port(v, command, &with);
	for (size_t i = 0; i < with.n; i++) {
		hone_auto_free char *a = replace(with.v[i], "{connections}", connections);
		hone_auto_free char *b = replace(a, "{seconds}", time);

		hone_strv_take(&argv, replace(b, "{rate}", speed));
	}
	spec.argv = hone_strv_argv(&argv);
	error = hone_proc_run(&spec, &r, err);
	if (error)
		return hone_err_wrap(err, "the load of workload `%s`", v->w->name);
	if (!hone_proc_succeeded(&r)) {
		how = hone_how_it_went(&r, hone_buf_view(r.err.n ? &r.err : &r.out));
		fail(v, hone_xasprintf("%s: %s", spec.argv[0], how));
		return 0;
	}
	return hone_load_parse(v->sv, spec.argv[0], hone_buf_str(&r.out), ret, err);
}

static void take_latencies(
	const struct server *v, struct hone_sample *to, const struct hone_load_report *r)
{
	hone_auto_free char *note = NULL;

	to->v[HONE_METRIC_LATENCY_P50] = r->p50_s;
	to->v[HONE_METRIC_LATENCY_P90] = r->p90_s;
	if (r->requests >= HONE_RULE_REQUESTS_FOR_P99 || isnan(r->p99_s)) {
		to->v[HONE_METRIC_LATENCY_P99] = r->p99_s;
		return;
	}
	to->v[HONE_METRIC_LATENCY_P99] = NAN;
	note = hone_xasprintf(
		"workload `%s`: no p99, as a window has fewer than %d requests: a longer "
		"`window` gives it",
		v->w->name, HONE_RULE_REQUESTS_FOR_P99);
	if (!hone_strv_has(&v->s->m->notes, note))
		hone_strv_push(&v->s->m->notes, note);
}

static int load(struct server *v, struct hone_sample *ret, struct hone_err *err)
{
	struct hone_load_report r;
	struct hone_server_group before, after;
	int64_t began;
	double took, requests, capacity;
	int group = hone_proc_pid(v->p);
	int error = drive(v, &v->sv->load, v->sv->warm_s, 0, &r, err);

	if (error || v->failure)
		return error;
	error = hone_server_group_settle(v->p, err);
	if (error)
		return error;
	before = hone_server_group_now(group);
	began = hone_now_ns();
	error = drive(v, &v->sv->load, v->sv->window_s, 0, &r, err);
	took = hone_ns_to_s(hone_now_ns() - began);
	after = hone_server_group_now(group);
	if (error || v->failure)
		return error;
	if (r.errors > 0) {
		fail(v, hone_xasprintf("%.0f requests failed", r.errors));
		return 0;
	}
	requests = isnan(r.requests) ? r.rate * took : r.requests;
	if (!(requests > 0)) {
		fail(v, hone_xstrdup("it answered no request"));
		return 0;
	}
	if (after.cpu_s - before.cpu_s < requests * HONE_RULE_LEAST_CPU_PER_REQUEST_S) {
		fail(v, hone_xasprintf(
				"it was not it that answered: it used %.3g ms of CPU time for "
				"%.0f requests, so the load went to another program (is {port} "
				"in its command?)",
				(after.cpu_s - before.cpu_s) * 1e3, requests));
		return 0;
	}
	ret->v[HONE_METRIC_REQUESTS_PER_S] = isnan(r.rate) ? requests / took : r.rate;
	ret->v[HONE_METRIC_CPU_PER_REQUEST] = (after.cpu_s - before.cpu_s) / requests;
	take_latencies(v, ret, &r);
	capacity = v->s->m->workloads[v->w - v->s->workloads].capacity;
	if (v->sv->latency_load.n && capacity > 0) {
		error = drive(v, &v->sv->latency_load, v->sv->window_s,
			v->sv->latency_share * capacity, &r, err);
		if (!error && !v->failure && r.errors > 0)
			fail(v, hone_xasprintf("%.0f requests failed", r.errors));
		if (!error && !v->failure)
			take_latencies(v, ret, &r);
	}
	ret->v[HONE_METRIC_PEAK_MEMORY] = hone_server_group_now(group).peak_bytes;
	return error;
}

/* What the compared paths answer, one file each. */
static int fetch(struct server *v, const char *name, struct hone_err *err)
{
	for (size_t i = 0; i < v->sv->compare.n; i++) {
		hone_auto_free char *path = hone_xasprintf("%s/%s.%zu", v->s->run_dir, name, i);
		hone_auto_buf struct hone_buf body = HONE_BUF_INIT;
		hone_auto_buf struct hone_buf all = HONE_BUF_INIT;
		int error, status = hone_http_get(
				   v->port, v->sv->compare.v[i], 30 * HONE_NS_PER_S, &body);

		if (status < 0) {
			fail(v, hone_xasprintf("it does not answer GET %s", v->sv->compare.v[i]));
			return 0;
		}
		hone_buf_addf(&all, "status %d\n", status);
		hone_buf_addv(&all, hone_buf_view(&body));
		error = hone_fs_write_cache(path, hone_buf_view(&all), 0600, err);
		if (error)
			return error;
	}
	return 0;
}

int hone_run_service(struct hone_comparison *s, const struct hone_workload *w,
	const struct hone_service_run *run, struct hone_sample *ret, char **ret_failure,
	struct hone_err *err)
{
	struct server v = {
		.s = s,
		.w = w,
		.sv = w->service,
		.who = run->who,
		.out_path = hone_path_join(s->run_dir, "stdout"),
		.err_path = hone_path_join(s->run_dir, "stderr"),
	};
	bool ended = false;
	int error;

	if (v.sv->ready == HONE_READY_LINE)
		v.has_ready = regcomp(&v.ready, v.sv->ready_text,
				      REG_EXTENDED | REG_NEWLINE | REG_NOSUB) == 0;
	split_cpus(&v);
	error = start_on_a_port(&v, run->pad, err);
	if (!error && !v.failure && run->bodies)
		error = fetch(&v, run->bodies, err);
	if (!error && !v.failure && !run->bodies) {
		ret->v[HONE_METRIC_COLD_START] = v.cold_start_s;
		if (w->kind == HONE_WORKLOAD_SERVICE)
			error = load(&v, ret, err);
		else
			ret->v[HONE_METRIC_PEAK_MEMORY] =
				hone_server_group_now(hone_proc_pid(v.p)).peak_bytes;
	}
	if (!error && v.p && !v.failure) {
		error = hone_proc_pump(v.p, 1, &ended, err);
		if (ended)
			fail(&v, hone_xstrdup("it died under load"));
	}
	error = stop(&v, error, err);
	*ret_failure = v.failure;
	if (v.has_ready)
		regfree(&v.ready);
	free(v.out_path);
	free(v.err_path);
	return error;
}
