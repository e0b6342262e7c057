/* Stored runs as tables: a list of them, and one beside the other. */
#include "runs_report.h"

#include "cells.h"
#include "num.h"

#include <math.h>
#include <string.h>

/* "app", or "package/app" when they are not called the same. The caller frees. */
static char *program(const struct hone_result_run *r)
{
	return strcmp(r->package, r->bin) == 0 ? hone_xstrdup(r->bin)
					       : hone_xasprintf("%s/%s", r->package, r->bin);
}

const struct hone_result_run *hone_runs_at(const struct hone_runs_doc *doc, size_t i)
{
	return doc->runs ? &doc->runs[i] : doc->read(doc->ctx, i);
}

/* What came from elsewhere has a mark, which a note explains once for each place. */
static void list_row(
	struct hone_table *t, const struct hone_result_run *run, struct hone_strv *places)
{
	hone_auto_free char *when = hone_result_when(run->when);
	hone_auto_free char *name = program(run);
	const char *const cells[] = {when, name, run->profile, run->rustc_version,
		hone_result_name(run, run->best.small), hone_result_name(run, run->best.fast),
		hone_result_name(run, run->best.balanced)};

	hone_table_cellf(t, "%lld%s", (long long)run->id, run->elsewhere ? "*" : "");
	hone_table_raw(t, "%lld", (long long)run->id);
	if (run->elsewhere && !hone_strv_has(places, run->elsewhere))
		hone_strv_push(places, run->elsewhere);
	for (size_t k = 0; k < HONE_COUNT(cells); k++)
		hone_table_cell(t, cells[k]);
	hone_table_cellf(t, "%zu", run->n_trials);
}

void hone_runs_sheet(struct hone_report *r, const void *document)
{
	const struct hone_runs_doc *doc = document;
	static const char *const heads[] = {
		"when", "binary", "profile", "rustc", "smallest", "fastest", "balanced"};
	hone_auto_strv struct hone_strv places = HONE_STRV_INIT;
	struct hone_table *t = hone_table_new(NULL);

	hone_table_column(t, "run", HONE_RIGHT);
	for (size_t i = 0; i < HONE_COUNT(heads); i++)
		hone_table_column(t, heads[i], HONE_LEFT);
	hone_table_column(t, "trials", HONE_RIGHT);
	for (size_t i = 0; i < doc->n; i++) {
		const struct hone_result_run *run = hone_runs_at(doc, i);

		if (run)
			list_row(t, run, &places);
	}
	for (size_t i = 0; i < places.n; i++)
		hone_table_note(t, "*: measured %s", places.v[i]);
	hone_report_table(r, t);
}

static double share(uint64_t size, uint64_t of)
{
	return size && of ? (double)size / (double)of : NAN;
}

void hone_run_say_where(struct hone_report *r, const struct hone_result_run *run)
{
	hone_auto_free char *when = hone_result_when(run->when);
	hone_auto_free char *name = program(run);
	hone_auto_free char *head = hone_xasprintf("Run %lld", (long long)run->id);
	hone_auto_free char *text =
		hone_xasprintf("%s, %s, profile %s, rustc %s, %s; %s, %u cores, %s; hone %s", when,
			name, run->profile, run->rustc_version, run->target, run->cpu, run->cores,
			run->kernel, run->hone);

	hone_report_line(r, head, text);
	if (run->elsewhere) {
		hone_auto_free char *mind = hone_xasprintf(
			"measured %s: no advice for this project follows from it", run->elsewhere);

		hone_report_line(r, "Mind", mind);
	}
}

const struct hone_result_trial *hone_runs_counterpart(
	const struct hone_result_run *run, const struct hone_result_trial *trial)
{
	for (size_t i = 0; i < run->n_trials; i++)
		if (strcmp(run->trials[i].candidate, trial->candidate) == 0)
			return &run->trials[i];
	return NULL;
}

static void pair_row(struct hone_table *t, bool times, const struct hone_result_trial *a,
	const struct hone_result_trial *b)
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
static bool same_workloads(const struct hone_result_run *a, const struct hone_result_run *b)
{
	bool same = a->n_workloads == b->n_workloads && a->n_workloads > 0;

	for (size_t i = 0; same && i < a->n_workloads; i++)
		same = strcmp(a->workloads[i].name, b->workloads[i].name) == 0 &&
		       strcmp(a->workloads[i].command, b->workloads[i].command) == 0;
	return same;
}

char *hone_runs_differences(const struct hone_result_run *a, const struct hone_result_run *b)
{
	char *differs = hone_result_differences(a, b);

	return differs || same_workloads(a, b) ? differs : hone_xstrdup("workloads");
}

static void add_columns(struct hone_table *t, const char *what, const struct hone_runs_doc *doc)
{
	for (size_t i = 0; i < 2; i++) {
		hone_auto_free char *head =
			hone_xasprintf("%s, run %lld", what, (long long)doc->runs[i].id);

		hone_table_column(t, head, HONE_RIGHT);
	}
}

void hone_pair_sheet(struct hone_report *r, const void *document)
{
	const struct hone_runs_doc *doc = document;
	const struct hone_result_run *a = &doc->runs[0], *b = &doc->runs[1];
	hone_auto_free char *differs = hone_runs_differences(a, b);
	struct hone_table *t = hone_table_new(NULL);

	hone_table_column(t, "candidate", HONE_LEFT);
	add_columns(t, "size", doc);
	hone_table_column(t, "change", HONE_RIGHT);
	hone_table_column(t, "ratio", HONE_RIGHT);
	if (!differs)
		add_columns(t, "time", doc);
	for (size_t i = 0; i < a->n_trials; i++)
		pair_row(t, !differs, &a->trials[i], hone_runs_counterpart(b, &a->trials[i]));
	for (size_t i = 0; i < b->n_trials; i++)
		if (!hone_runs_counterpart(a, &b->trials[i]))
			pair_row(t, !differs, NULL, &b->trials[i]);
	if (differs)
		hone_table_note(t, "times are not compared: not the same %s", differs);
	else
		hone_table_note(t,
			"time: a ratio to the baseline of its own run, measured at its own time");
	hone_run_say_where(r, a);
	hone_run_say_where(r, b);
	hone_report_table(r, t);
}
