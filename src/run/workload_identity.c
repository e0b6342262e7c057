/* A workload as bytes that differ whenever a run of it could give other figures. */
#include "fs.h"
#include "service.h"
#include "workload.h"

#include <string.h>

/* Length first, so that no two lists of texts give the same bytes. */
static void add(struct hone_buf *to, const char *text)
{
	hone_buf_addf(to, "%zu:%s;", text ? strlen(text) : 0, text ? text : "");
}

static void add_list(struct hone_buf *to, const struct hone_strv *list)
{
	hone_buf_addf(to, "%zu[", list->n);
	for (size_t i = 0; i < list->n; i++)
		add(to, list->v[i]);
}

/* What a file or folder is at the moment; nothing when the text names none. */
static void add_stamp(struct hone_buf *to, const char *dir, const char *name)
{
	hone_auto_free char *path = dir ? hone_path_join(dir, name) : hone_xstrdup(name);
	struct stat st;

	if (stat(path, &st) == 0)
		hone_buf_addf(to, "@%lld,%lld.%ld;", (long long)st.st_size,
			(long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
}

/* Files that the words name, as they are: `input.txt` and `--file=input.txt`. */
static void add_inputs(struct hone_buf *to, const char *dir, const struct hone_strv *words)
{
	for (size_t i = 0; i < words->n; i++) {
		const char *value = strchr(words->v[i], '=');

		if (*words->v[i])
			add_stamp(to, dir, words->v[i]);
		if (value && value[1])
			add_stamp(to, dir, value + 1);
	}
}

static void add_service(struct hone_buf *to, const struct hone_service *s)
{
	hone_buf_addf(to, "%d,%.17g,%u,%.17g,%u,%.17g,%.17g,%d;", (int)s->ready, s->ready_timeout_s,
		s->port, s->latency_share, s->connections, s->window_s, s->warm_s, s->stop_signal);
	add(to, s->ready_text);
	add_list(to, &s->load);
	add_list(to, &s->latency_load);
	add_list(to, &s->compare);
	add(to, s->rate_pattern);
	add(to, s->requests_pattern);
	add(to, s->p50_pattern);
	add(to, s->p90_pattern);
	add(to, s->p99_pattern);
	add(to, s->errors_pattern);
}

void hone_workload_identity(const struct hone_workload *w, const char *dir, struct hone_buf *to)
{
	add(to, w->name);
	hone_buf_addf(to, "%d,%.17g,%d,%.17g,%d,%d,%d,%d,%d;", (int)w->kind, w->weight,
		w->until_output, w->timeout_s, w->exit_code, w->compare_stdout, w->compare_stderr,
		(int)w->primary, w->more_is_better);
	add(to, w->dir ? w->dir : dir);
	add(to, w->stdin_path);
	add(to, w->pattern);
	add(to, w->bench);
	add_list(to, &w->argv);
	add_list(to, &w->env);
	add_list(to, &w->setup);
	add_list(to, &w->teardown);
	add_list(to, &w->files);
	for (size_t i = 0; i < w->normalise.n; i++) {
		add(to, w->normalise.v[i].pattern);
		add(to, w->normalise.v[i].with);
	}
	if (w->stdin_path)
		add_stamp(to, NULL, w->stdin_path);
	/* What a setup makes is made again each time. */
	if (w->setup.n == 0)
		add_inputs(to, w->dir ? w->dir : dir, &w->argv);
	if (w->service)
		add_service(to, w->service);
}
