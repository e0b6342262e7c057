/* Size against instructions: what the share of functions that train.hot compiles for speed costs and gives, on
 * what trained the profile and on what did not. */
#include "run_report.h"

#include "candidate.h"
#include "cells.h"

#include <math.h>
#include <string.h>

/* The share of a trial with levels, without quotes; NULL: it has none. The caller frees. */
static char *share_of(const struct hone_result_trial *t)
{
	struct hone_candidate *c = NULL;
	const struct hone_assign *a;
	char *share = NULL;

	if (!t->profile.levels || !*t->candidate || hone_candidate_parse(t->candidate, &c, NULL))
		return NULL;
	a = hone_candidate_get(c, HONE_SET_TRAIN_HOT, NULL);
	if (a && strlen(a->value) >= 2)
		share = hone_xstrndup(a->value + 1, strlen(a->value) - 2);
	hone_candidate_free(c);
	return share;
}

/* A curve needs two points at least. */
static bool has_curve(const struct hone_result_run *r)
{
	size_t points = 0, counted = 0;

	for (size_t i = 0; i < r->n_trials; i++)
		points += r->trials[i].hash && r->trials[i].profile.levels;
	for (size_t i = 0; i < r->n_workloads; i++)
		counted += r->workloads[i].counts != NULL;
	return points > 1 && counted;
}

/* NaN: not counted. */
static double instructions(
	const struct hone_result_run *r, const struct hone_result_workload *w, size_t trial)
{
	return hone_run_ran(&r->trials[trial]) ? w->counts[trial] : (double)NAN;
}

static void add_columns(struct hone_table *table, const struct hone_result_run *r)
{
	hone_table_column(table, "candidate", HONE_LEFT);
	hone_table_column(table, "hot share", HONE_RIGHT);
	hone_table_column(table, "hot functions", HONE_RIGHT);
	hone_table_column(table, "size", HONE_RIGHT);
	hone_table_column(table, "ratio", HONE_RIGHT);
	for (size_t i = 0; i < r->n_workloads; i++) {
		const struct hone_result_workload *w = &r->workloads[i];
		hone_auto_free char *head = NULL;

		if (!w->counts)
			continue;
		head = hone_xasprintf(
			"instructions %zu, %s", i + 1, w->trained ? "trained" : "held out");
		hone_table_column(table, head, HONE_RIGHT);
		hone_table_column(table, "ratio", HONE_RIGHT);
		hone_table_note(table, "instructions %zu: of `%s`", i + 1, w->name);
	}
}

struct hone_table *hone_run_curve_table(const struct hone_result_run *r)
{
	struct hone_table *table;
	double baseline;

	if (!has_curve(r))
		return NULL;
	baseline = (double)hone_result_cost(&r->trials[0]);
	table = hone_table_new("Size against instructions");
	add_columns(table, r);
	for (size_t i = 0; i < r->n_trials; i++) {
		const struct hone_result_trial *t = &r->trials[i];
		hone_auto_free char *share = share_of(t);

		if (!t->hash)
			continue;
		hone_table_cell(table, t->name);
		hone_table_cell(table, share);
		hone_cell_number(table, t->profile.hot);
		hone_cell_number(table, hone_result_cost(t));
		hone_cell_ratio(table, (double)hone_result_cost(t) / baseline);
		for (size_t k = 0; k < r->n_workloads; k++) {
			const struct hone_result_workload *w = &r->workloads[k];
			double n;

			if (!w->counts)
				continue;
			n = instructions(r, w, i);
			hone_cell_number(table, n >= 0 ? (uint64_t)n : 0);
			hone_cell_ratio(table, n / instructions(r, w, 0));
		}
	}
	return table;
}

static void counts_tree(struct hone_jsonw *w, const struct hone_result_run *r, size_t trial)
{
	hone_jsonw_karray(w, "instructions");
	for (size_t k = 0; k < r->n_workloads; k++) {
		const struct hone_result_workload *load = &r->workloads[k];

		if (!load->counts)
			continue;
		hone_jsonw_object(w);
		hone_jsonw_kstr(w, "workload", load->name);
		hone_jsonw_kbool(w, "trained", load->trained);
		hone_jsonw_kf64(w, "count", instructions(r, load, trial));
		hone_jsonw_end(w);
	}
	hone_jsonw_end(w);
}

void hone_run_curve_tree(struct hone_jsonw *w, const struct hone_result_run *r)
{
	if (!has_curve(r))
		return;
	hone_jsonw_karray(w, "curve");
	for (size_t i = 0; i < r->n_trials; i++) {
		const struct hone_result_trial *t = &r->trials[i];
		hone_auto_free char *share = share_of(t);

		if (!t->hash)
			continue;
		hone_jsonw_object(w);
		hone_jsonw_kstr(w, "name", t->name);
		hone_jsonw_kstr(w, "hot", share);
		hone_jsonw_ku64(w, "hot_functions", t->profile.hot);
		hone_jsonw_ku64(w, "size", hone_result_cost(t));
		counts_tree(w, r, i);
		hone_jsonw_end(w);
	}
	hone_jsonw_end(w);
}
