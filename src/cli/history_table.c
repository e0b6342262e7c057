#include "history.h"

#include "cells.h"
#include "line.h"
#include "num.h"
#include "results.h"
#include "text.h"

#include <math.h>
#include <string.h>

static enum hone_verdict verdict_of(const char *text)
{
	for (int v = HONE_VERDICT_NONE; v <= HONE_VERDICT_UNDECIDED; v++)
		if (strcmp(hone_verdict_text((enum hone_verdict)v), text) == 0)
			return (enum hone_verdict)v;
	return HONE_VERDICT_NONE;
}

static void print(struct hone_cli *cli, struct hone_table *t, struct hone_buf *to)
{
	if (to->n)
		hone_buf_addc(to, '\n');
	hone_table_print(t, cli->format, &cli->out, to);
	hone_table_free(t);
}

/* "app", or "package/app" when they are not called the same. The caller frees. */
static char *program(const struct hone_stored_run *r)
{
	return strcmp(r->package, r->bin) == 0 ? hone_xstrdup(r->bin)
					       : hone_xasprintf("%s/%s", r->package, r->bin);
}

struct hone_table *hone_history_list(void)
{
	static const char *const heads[] = {
		"when", "binary", "profile", "rustc", "smallest", "fastest", "balanced"};
	struct hone_table *t = hone_table_new(NULL);

	hone_table_column(t, "run", HONE_RIGHT);
	for (size_t i = 0; i < HONE_COUNT(heads); i++)
		hone_table_column(t, heads[i], HONE_LEFT);
	hone_table_column(t, "trials", HONE_RIGHT);
	return t;
}

void hone_history_list_add(struct hone_table *t, const struct hone_stored_run *r)
{
	hone_auto_free char *when = hone_results_when(r->when);
	hone_auto_free char *name = program(r);
	const char *const cells[] = {
		when, name, r->profile, r->rustc_version, r->small, r->fast, r->balanced};

	hone_table_cellf(t, "%lld", (long long)r->id);
	for (size_t k = 0; k < HONE_COUNT(cells); k++)
		hone_table_cell(t, cells[k]);
	hone_table_cellf(t, "%zu", r->n_trials);
}

static double share(uint64_t size, uint64_t of)
{
	return size && of ? (double)size / (double)of : NAN;
}

static struct hone_table *trial_table(const struct hone_stored_run *r)
{
	static const char *const sizes[] = {"size", "ratio", "stripped", "gzip", "zstd", "build"};
	bool device = r->trials[0].flash > 0;
	struct hone_table *t = hone_table_new("Size and cost");

	hone_table_column(t, "candidate", HONE_LEFT);
	for (size_t i = 0; i < HONE_COUNT(sizes); i++)
		hone_table_column(t, i == 0 && device ? "flash" : sizes[i], HONE_RIGHT);
	hone_table_column(t, r->speed_measured ? "time" : "start-up", HONE_RIGHT);
	hone_table_column(t, "95 % interval", HONE_LEFT);
	hone_table_column(t, "verdict", HONE_LEFT);
	hone_table_column(t, "glibc", HONE_LEFT);
	hone_table_column(t, "", HONE_LEFT);
	for (size_t i = 0; i < r->n_trials; i++) {
		const struct hone_stored_trial *trial = &r->trials[i];
		const struct hone_stored_ratio *c = &trial->cost;

		hone_table_cell(t, trial->name);
		hone_cell_number(t, hone_stored_cost(trial));
		hone_cell_ratio(t, share(hone_stored_cost(trial), hone_stored_cost(&r->trials[0])));
		hone_cell_number(t, trial->stripped_size);
		hone_cell_number(t, trial->gzip_size);
		hone_cell_number(t, trial->zstd_size);
		hone_cell_seconds(t, trial->build_wall_s);
		hone_cell_ratio(t, c->ratio);
		hone_cell_interval(t, c->ratio, c->low, c->high);
		hone_cell_verdict(t, i ? verdict_of(c->verdict) : HONE_VERDICT_NONE);
		hone_table_cell(t, trial->min_glibc);
		hone_table_cell(t, strcmp(trial->status, "built") == 0 ? "" : trial->status);
	}
	hone_table_note(
		t, "time: all workloads by weight, a ratio to the baseline; less is better");
	return t;
}

/* The metric that decides; NULL: the workload has none. */
static const struct hone_stored_metric *primary_of(const struct hone_stored_workload *w)
{
	for (size_t i = 0; i < w->n_metrics; i++)
		if (w->metrics[i].primary)
			return &w->metrics[i];
	return NULL;
}

static struct hone_table *workload_table(
	const struct hone_stored_run *r, const struct hone_stored_workload *w)
{
	const struct hone_stored_metric *m = primary_of(w);
	hone_auto_free char *title = hone_xasprintf("%s: %s", w->name, w->command);
	struct hone_table *t;

	if (!m)
		return NULL;
	t = hone_table_new(title);
	hone_table_column(t, "candidate", HONE_LEFT);
	hone_table_column(t, m->name, HONE_RIGHT);
	hone_table_column(t, "ratio", HONE_RIGHT);
	hone_table_column(t, "95 % interval", HONE_LEFT);
	hone_table_column(t, "verdict", HONE_LEFT);
	for (size_t i = 0; i < r->n_trials; i++) {
		const struct hone_stored_ratio *c = &m->series[i].against;

		hone_table_cell(t, r->trials[i].name);
		hone_cell_metric(t, m->unit, m->series[i].median);
		hone_cell_ratio(t, c->ratio);
		hone_cell_interval(t, c->ratio, c->low, c->high);
		hone_cell_verdict(t, i ? verdict_of(c->verdict) : HONE_VERDICT_NONE);
	}
	return t;
}

/* Lines for people; CSV holds tables only. */
static void say(struct hone_cli *cli, struct hone_buf *to, const char *head, const char *text)
{
	hone_report_line(cli->format, &cli->out, head, text, to);
}

static void say_run(struct hone_cli *cli, const struct hone_stored_run *r, struct hone_buf *to)
{
	hone_auto_free char *when = hone_results_when(r->when);
	hone_auto_free char *name = program(r);
	hone_auto_free char *head = hone_xasprintf("Run %lld", (long long)r->id);
	hone_auto_free char *text = hone_xasprintf(
		"%s, %s, profile %s, rustc %s, %s; %s, %u cores, %s; hone %s", when, name,
		r->profile, r->rustc_version, r->target, r->cpu, r->cores, r->kernel, r->hone);

	say(cli, to, head, text);
}

void hone_history_show(struct hone_cli *cli, const struct hone_stored_run *r, struct hone_buf *to)
{
	say_run(cli, r, to);
	print(cli, trial_table(r), to);
	for (size_t i = 0; i < r->n_workloads; i++) {
		struct hone_table *t = workload_table(r, &r->workloads[i]);

		if (t)
			print(cli, t, to);
	}
	if (cli->format != HONE_FORMAT_CSV)
		hone_buf_addc(to, '\n');
	say(cli, to, "Smallest", r->small);
	say(cli, to, "Fastest", r->fast);
	say(cli, to, "Balanced", r->balanced);
	for (size_t i = 0; i < r->n_trials; i++)
		if (r->trials[i].reason)
			say(cli, to, r->trials[i].name, r->trials[i].reason);
}

const struct hone_stored_trial *hone_history_twin(
	const struct hone_stored_run *run, const struct hone_stored_trial *trial)
{
	for (size_t i = 0; i < run->n_trials; i++)
		if (strcmp(run->trials[i].candidate, trial->candidate) == 0)
			return &run->trials[i];
	return NULL;
}

static void pair_row(struct hone_table *t, bool times, const struct hone_stored_trial *a,
	const struct hone_stored_trial *b)
{
	char text[HONE_NUM_TEXT];

	hone_table_cell(t, b ? b->name : a->name);
	hone_cell_number(t, a ? a->size : 0);
	hone_cell_number(t, b ? b->size : 0);
	if (a && b && a->size && b->size) {
		int64_t delta = (int64_t)(b->size - a->size);

		hone_table_cell(t, hone_text_delta(text, delta));
		hone_table_raw(t, "%lld", (long long)delta);
		hone_cell_ratio(t, share(b->size, a->size));
	} else {
		hone_table_cell(t, NULL);
		hone_table_cell(t, NULL);
	}
	if (!times)
		return;
	hone_cell_ratio(t, a ? a->cost.ratio : NAN);
	hone_cell_ratio(t, b ? b->cost.ratio : NAN);
}

/* Times of runs with other workloads say nothing about each other either. */
static bool same_workloads(const struct hone_stored_run *a, const struct hone_stored_run *b)
{
	bool same = a->n_workloads == b->n_workloads && a->n_workloads > 0;

	for (size_t i = 0; same && i < a->n_workloads; i++)
		same = strcmp(a->workloads[i].name, b->workloads[i].name) == 0 &&
		       strcmp(a->workloads[i].command, b->workloads[i].command) == 0;
	return same;
}

char *hone_history_differences(const struct hone_stored_run *a, const struct hone_stored_run *b)
{
	char *differs = hone_stored_differences(a, b);

	return differs || same_workloads(a, b) ? differs : hone_xstrdup("workloads");
}

void hone_history_compare(struct hone_cli *cli, const struct hone_stored_run *a,
	const struct hone_stored_run *b, struct hone_buf *to)
{
	hone_auto_free char *differs = hone_history_differences(a, b);
	const struct hone_stored_run *const runs[] = {a, b};
	struct hone_table *t = hone_table_new(NULL);

	hone_table_column(t, "candidate", HONE_LEFT);
	for (size_t i = 0; i < 2; i++) {
		hone_auto_free char *head =
			hone_xasprintf("size, run %lld", (long long)runs[i]->id);

		hone_table_column(t, head, HONE_RIGHT);
	}
	hone_table_column(t, "change", HONE_RIGHT);
	hone_table_column(t, "ratio", HONE_RIGHT);
	for (size_t i = 0; !differs && i < 2; i++) {
		hone_auto_free char *head =
			hone_xasprintf("time, run %lld", (long long)runs[i]->id);

		hone_table_column(t, head, HONE_RIGHT);
	}
	for (size_t i = 0; i < a->n_trials; i++)
		pair_row(t, !differs, &a->trials[i], hone_history_twin(b, &a->trials[i]));
	for (size_t i = 0; i < b->n_trials; i++)
		if (!hone_history_twin(a, &b->trials[i]))
			pair_row(t, !differs, NULL, &b->trials[i]);
	if (differs)
		hone_table_note(t, "times are not compared: not the same %s", differs);
	else
		hone_table_note(t,
			"time: a ratio to the baseline of its own run, measured at its own time");
	say_run(cli, a, to);
	say_run(cli, b, to);
	print(cli, t, to);
}
