#include "training_set.h"

#include <string.h>

struct hone_training hone_training_pick(
	const struct hone_workload *list, size_t n, const char *bench, bool all)
{
	struct hone_training t = {.workloads = hone_xcalloc(n, sizeof(*t.workloads))};
	hone_auto_free struct hone_workload *group = hone_xcalloc(n, sizeof(*group));
	size_t in_group = 0;

	for (size_t i = 0; i < n; i++)
		if (bench ? list[i].bench && strcmp(list[i].bench, bench) == 0 : !list[i].bench)
			group[in_group++] = list[i];
	for (size_t i = 0; i < in_group; i++) {
		/* What is trained is the only program then. */
		group[i].program = 0;
		if (all || hone_workload_trains(group, in_group, i))
			t.workloads[t.n++] = group[i];
	}
	return t;
}

int hone_train_options(const struct hone_strv *lines, struct hone_workload **ret, size_t *ret_n,
	struct hone_err *err)
{
	*ret = hone_xcalloc(lines->n, sizeof(**ret));
	for (*ret_n = 0; *ret_n < lines->n; ++*ret_n) {
		const char *line = lines->v[*ret_n];
		int error = hone_workload_from_line(&(*ret)[*ret_n], line, line, err);

		if (error) {
			hone_err_wrap(err, "--train");
			err->code = HONE_E_USAGE;
			return HONE_E_USAGE;
		}
	}
	return 0;
}

static void add_list(struct hone_buf *b, const struct hone_strv *list)
{
	for (size_t i = 0; i < list->n; i++)
		hone_buf_add(b, list->v[i], strlen(list->v[i]) + 1);
	hone_buf_addc(b, '\n');
}

/* What a workload does, as far as its own words say it. */
static void add_workload(struct hone_buf *b, const struct hone_workload *w)
{
	add_list(b, &w->argv);
	add_list(b, &w->env);
	add_list(b, &w->setup);
	hone_buf_addf(b, "%s\n%s\n", w->dir ? w->dir : "", w->stdin_path ? w->stdin_path : "");
}

void hone_training_hash(struct hone_training t, char ret[HONE_HASH_TEXT])
{
	hone_auto_buf struct hone_buf b = HONE_BUF_INIT;

	for (size_t i = 0; i < t.n; i++)
		add_workload(&b, &t.workloads[i]);
	hone_hash_text(ret, hone_hash_bytes(hone_buf_view(&b)));
}

bool hone_training_has(struct hone_training training, const struct hone_workload *w)
{
	hone_auto_buf struct hone_buf wanted = HONE_BUF_INIT;
	bool found = false;

	add_workload(&wanted, w);
	for (size_t i = 0; !found && i < training.n; i++) {
		hone_auto_buf struct hone_buf b = HONE_BUF_INIT;

		add_workload(&b, &training.workloads[i]);
		found = hone_view_eq(hone_buf_view(&wanted), hone_buf_view(&b));
	}
	return found;
}

char *hone_training_names(struct hone_training t)
{
	struct hone_buf b = HONE_BUF_INIT;

	for (size_t i = 0; i < t.n; i++)
		hone_buf_addf(&b, "%s`%s`", i ? ", " : "", t.workloads[i].name);
	return hone_buf_detach(&b);
}
