#include "result_run.h"

#include "settings.h"

#include <string.h>
#include <time.h>

const char *const hone_lost_words[] = {
	"symbols", "debuginfo", "unwind-tables", "keeps-symbols", "keeps-debuginfo", NULL};

void hone_result_run_release(struct hone_result_run *r)
{
	hone_arena_release(&r->arena);
	*r = (struct hone_result_run)HONE_RESULT_RUN_INIT;
}

const char *hone_result_name(const struct hone_result_run *r, size_t trial)
{
	return trial < r->n_trials ? r->trials[trial].name : NULL;
}

uint64_t hone_result_cost(const struct hone_result_trial *t)
{
	return t->flash ? t->flash : t->size;
}

bool hone_result_is_built(const struct hone_result_trial *t)
{
	return strcmp(t->status, "built") == 0;
}

unsigned hone_result_labels(const struct hone_result_trial *t)
{
	struct hone_view rest = hone_view_of(t->labels), part;
	bool started = false;
	unsigned labels = 0;

	while (hone_view_split(&rest, &started, ',', &part)) {
		const struct hone_label_info *l = hone_label_find(part);

		labels |= l ? (unsigned)l->bit : 0;
	}
	return labels;
}

const struct hone_result_metric *hone_result_metric(
	const struct hone_result_workload *w, const char *name)
{
	for (size_t i = 0; i < w->n_metrics; i++)
		if (strcmp(w->metrics[i].name, name) == 0)
			return &w->metrics[i];
	return NULL;
}

char *hone_result_differences(const struct hone_result_run *a, const struct hone_result_run *b)
{
	struct hone_buf text = HONE_BUF_INIT;
	const struct {
		const char *what;
		bool differs;
	} rows[] = {
		{"machine", strcmp(a->cpu, b->cpu) != 0 || a->cores != b->cores ||
				    strcmp(a->kernel, b->kernel) != 0 ||
				    (a->machine_id && b->machine_id &&
					    strcmp(a->machine_id, b->machine_id) != 0)},
		{"toolchain", strcmp(a->rustc, b->rustc) != 0},
		{"target", strcmp(a->target, b->target) != 0},
	};

	for (size_t i = 0; i < HONE_COUNT(rows); i++)
		if (rows[i].differs)
			hone_buf_addf(&text, "%s%s", text.n ? ", " : "", rows[i].what);
	return text.n ? hone_buf_detach(&text) : NULL;
}

char *hone_result_when(int64_t seconds)
{
	time_t t = (time_t)seconds;
	struct tm tm;

	if (!gmtime_r(&t, &tm))
		return hone_xstrdup("unknown");
	return hone_xasprintf("%04d-%02d-%02d %02d:%02d UTC", tm.tm_year + 1900, tm.tm_mon + 1,
		tm.tm_mday, tm.tm_hour, tm.tm_min);
}

/* A recipe of another hone may hold what this one does not know: its trial is compared with none. */
void hone_result_changes_find(const struct hone_result_run *run, struct hone_result_changes *ret)
{
	*ret = (struct hone_result_changes){.n = run->n_trials};
	ret->sides = hone_xcalloc(ret->n + 1, sizeof(*ret->sides));
	ret->candidates = hone_xcalloc(ret->n + 1, sizeof(struct hone_candidate *));
	ret->bytes = hone_xcalloc(ret->n + 1, sizeof(*ret->bytes));
	for (size_t i = 0; i < ret->n; i++) {
		const struct hone_result_trial *t = &run->trials[i];
		const char *text = *t->candidate ? t->candidate : "baseline";
		bool known = hone_candidate_parse(text, &ret->candidates[i], NULL) == 0;

		ret->sides[i] = (struct hone_change_side){.name = t->name,
			.candidate = ret->candidates[i],
			.bytes = &ret->bytes[i],
			.made = t->made};
		if (!known)
			continue;
		ret->bytes[i].rows = hone_xcalloc(t->n_owners + 1, sizeof(*ret->bytes[i].rows));
		ret->bytes[i].n = t->n_owners;
		for (size_t k = 0; k < t->n_owners; k++) {
			ret->bytes[i].rows[k] =
				(struct hone_size_row){.name = hone_xstrdup(t->owners[k].name),
					.kind = hone_size_kind_parse(t->owners[k].kind),
					.size = t->owners[k].size};
			ret->bytes[i].size += t->owners[k].size;
		}
	}
	hone_changes_find(ret->sides, ret->n, &ret->changes);
}

void hone_result_changes_release(struct hone_result_changes *c)
{
	hone_changes_release(&c->changes);
	for (size_t i = 0; i < c->n; i++) {
		hone_size_table_release(&c->bytes[i]);
		hone_candidate_free(c->candidates[i]);
	}
	free(c->sides);
	free(c->candidates);
	free(c->bytes);
}
