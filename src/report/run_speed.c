/* Tables of a run: what was measured by running it. */
#include "run_report.h"

#include "cells.h"
#include "metric.h"
#include "num.h"
#include "rules.h"

#include <math.h>
#include <string.h>

enum hone_verdict hone_run_verdict(const struct hone_result_ratio *x)
{
	for (int v = HONE_VERDICT_NONE; v <= HONE_VERDICT_UNDECIDED; v++)
		if (strcmp(hone_verdict_text((enum hone_verdict)v), x->verdict) == 0)
			return (enum hone_verdict)v;
	return HONE_VERDICT_NONE;
}

bool hone_run_ran(const struct hone_result_trial *t)
{
	return t->measured && hone_result_is_built(t);
}

static const struct hone_result_ratio none = HONE_RESULT_RATIO_NONE;

static void ratio_columns(struct hone_table *table)
{
	hone_table_column(table, "ratio", HONE_RIGHT);
	hone_table_column(table, "95 % interval", HONE_LEFT);
	hone_table_column(table, "verdict", HONE_LEFT);
}

/* The baseline is not judged. */
static void ratio_cells(struct hone_table *table, size_t trial, const struct hone_result_ratio *x)
{
	hone_cell_ratio(table, x->ratio);
	hone_cell_interval(table, x->ratio, x->low, x->high);
	hone_cell_verdict(table, trial == 0 ? HONE_VERDICT_NONE : hone_run_verdict(x));
}

/* "16 connections, windows of 2.0 s, " of a service under load, else "". The caller frees. */
static char *load_text(const struct hone_result_workload *w)
{
	char window[HONE_NUM_TEXT];

	if (!w->connections)
		return hone_xstrdup("");
	return hone_xasprintf("%llu connections, windows of %s, ",
		(unsigned long long)w->connections, hone_text_seconds(window, w->window_s));
}

/* For a table's head; a metric of another hone has its name. */
static const char *title_of(const struct hone_result_metric *m)
{
	enum hone_metric known = hone_metric_by_name(m->name);

	return known == HONE_METRICS ? m->name : hone_metric_info(known)->title;
}

/* What else an owner wants to know, beside the primary metric. */
static const enum hone_metric more[] = {HONE_METRIC_REQUESTS_PER_S, HONE_METRIC_CPU_PER_REQUEST,
	HONE_METRIC_LATENCY_P50, HONE_METRIC_LATENCY_P99, HONE_METRIC_COLD_START, HONE_METRIC_WALL,
	HONE_METRIC_CPU, HONE_METRIC_PEAK_MEMORY, HONE_METRIC_INSTRUCTIONS};

static bool is_emulated(const struct hone_result_workload *w)
{
	return w->n_metrics && hone_metric_by_name(w->metrics[0].name) == HONE_METRIC_EMULATED;
}

/* The metric at a place of `more`, or NULL. What QEMU itself costs is nobody's figure. */
static const struct hone_result_metric *other(const struct hone_result_workload *w, size_t at)
{
	const struct hone_result_metric *m =
		hone_result_metric(w, hone_metric_info(more[at])->name);

	return m == &w->metrics[0] || is_emulated(w) ? NULL : m;
}

static void workload_row(struct hone_table *table, const struct hone_result_run *r,
	const struct hone_result_workload *w, size_t i)
{
	const struct hone_result_metric *primary = &w->metrics[0];
	bool ran = hone_run_ran(&r->trials[i]);

	hone_table_cell(table, r->trials[i].name);
	hone_cell_metric(table, primary->unit, ran ? primary->series[i].median : (double)NAN);
	ratio_cells(table, i, ran ? &primary->series[i].against : &none);
	for (size_t m = 0; m < HONE_COUNT(more); m++) {
		const struct hone_result_metric *metric = other(w, m);

		if (metric)
			hone_cell_metric(
				table, metric->unit, ran ? metric->series[i].median : (double)NAN);
	}
	if (w->counts)
		hone_cell_number(table, ran && w->counts[i] >= 0 ? (uint64_t)w->counts[i] : 0);
}

static void workload_notes(struct hone_table *table, const struct hone_result_workload *w)
{
	if (w->counts)
		hone_table_note(
			table, "instructions: of one run under valgrind; they are not time");
	if (w->why)
		hone_table_note(table, "%s decides: %s", title_of(&w->metrics[0]), w->why);
	if (w->cpu)
		hone_table_note(table, "all runs were on CPU %d, where the baseline was no slower",
			w->cpu - 1);
}

/* Who was run no longer, and from when on. */
static void left_note(struct hone_table *table, const struct hone_result_run *r)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;

	for (size_t i = 0; i < r->n_trials; i++)
		if (r->trials[i].left_rounds)
			hone_buf_addf(&text, "%s%s (round %llu)", text.n ? ", " : "",
				r->trials[i].name, (unsigned long long)r->trials[i].left_rounds);
	if (text.n)
		hone_table_note(table,
			"run no longer once proved more than %.0f %% slower than another: %s",
			100 * (r->margin > 0 ? r->margin : HONE_RULE_BALANCED_MARGIN),
			hone_buf_str(&text));
}

struct hone_table *hone_run_workload_table(
	const struct hone_result_run *r, const struct hone_result_workload *w)
{
	const char *kind = is_emulated(w)      ? "In the emulator (instructions, not time)"
			   : r->bare           ? "In the emulator (no times of the device)"
			   : r->speed_measured ? "Speed"
					       : "Start-up";
	hone_auto_free char *load = load_text(w);
	hone_auto_free char *title = hone_xasprintf("%s: %s, %s%llu %s%s", kind, w->name, load,
		(unsigned long long)w->rounds, w->rounds == 1 ? "round" : "rounds",
		!r->trains   ? ""
		: w->trained ? ", trained with it"
			     : ", held out from training");
	struct hone_table *table;

	if (!w->n_metrics)
		return NULL;
	table = hone_table_new(title);
	hone_table_column(table, "candidate", HONE_LEFT);
	hone_table_column(table, title_of(&w->metrics[0]), HONE_RIGHT);
	ratio_columns(table);
	for (size_t m = 0; m < HONE_COUNT(more); m++)
		if (other(w, m))
			hone_table_column(table, hone_metric_info(more[m])->title, HONE_RIGHT);
	if (w->counts)
		hone_table_column(table, "instructions", HONE_RIGHT);
	for (size_t i = 0; i < r->n_trials; i++)
		workload_row(table, r, w, i);
	workload_notes(table, w);
	if (r->n_workloads == 1)
		left_note(table, r);
	return table;
}

/* NULL: there is only one workload, or nothing was measured. */
struct hone_table *hone_run_composite_table(const struct hone_result_run *r)
{
	hone_auto_buf struct hone_buf weights = HONE_BUF_INIT;
	hone_auto_free char *title = NULL;
	struct hone_table *table;

	if (r->n_workloads < 2 || !r->rounds || (r->bare && !r->speed_measured))
		return NULL;
	title = hone_xasprintf("All workloads together, %llu %s", (unsigned long long)r->rounds,
		r->rounds == 1 ? "round" : "rounds");
	table = hone_table_new(title);
	hone_table_column(table, "candidate", HONE_LEFT);
	ratio_columns(table);
	for (size_t i = 0; i < r->n_trials; i++) {
		hone_table_cell(table, r->trials[i].name);
		ratio_cells(table, i, hone_run_ran(&r->trials[i]) ? &r->trials[i].together : &none);
	}
	for (size_t i = 0; i < r->n_workloads; i++)
		hone_buf_addf(&weights, "%s%s %g", i ? ", " : "", r->workloads[i].name,
			r->workloads[i].weight);
	hone_table_note(table, "what decides in each, by weight: %s; this picks the winners",
		hone_buf_str(&weights));
	left_note(table, r);
	return table;
}
