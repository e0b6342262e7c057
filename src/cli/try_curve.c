/* Size against instructions: what the share of functions that train.hot compiles for speed costs and gives, on
 * what trained the profile and on what did not. */
#include "try_report.h"

#include "cells.h"

#include <math.h>
#include <string.h>

static const char *hot_of(const struct hone_trial *trial)
{
	const struct hone_assign *a =
		hone_candidate_get(trial->candidate, HONE_SET_TRAIN_HOT, NULL);

	return a ? a->value : NULL;
}

/* A curve needs two points at least. */
static bool has_curve(const struct hone_try *t)
{
	size_t points = 0, counted = 0;

	for (size_t i = 0; i < t->n; i++)
		points += t->trials[i].artifact && t->trials[i].plan->levels;
	for (size_t i = 0; t->measured && i < t->measured->n_workloads; i++)
		counted += t->measured->workloads[i].callgrind != NULL;
	return points > 1 && counted;
}

/* NaN: not counted. */
static double instructions(
	const struct hone_try *t, const struct hone_workload_result *w, size_t trial)
{
	size_t at = t->trials[trial].measured;

	return at != SIZE_MAX && t->trials[trial].status == HONE_TRIAL_BUILT ? w->callgrind[at]
									     : NAN;
}

static void add_columns(struct hone_table *table, const struct hone_try *t)
{
	hone_table_column(table, "candidate", HONE_LEFT);
	hone_table_column(table, "hot share", HONE_RIGHT);
	hone_table_column(table, "hot functions", HONE_RIGHT);
	hone_table_column(table, "size", HONE_RIGHT);
	hone_table_column(table, "ratio", HONE_RIGHT);
	for (size_t i = 0; i < t->measured->n_workloads; i++) {
		const struct hone_workload_result *w = &t->measured->workloads[i];
		hone_auto_free char *head = NULL;

		if (!w->callgrind)
			continue;
		head = hone_xasprintf("instructions %zu, %s", i + 1,
			hone_try_has_trained(t, w) ? "trained" : "held out");
		hone_table_column(table, head, HONE_RIGHT);
		hone_table_column(table, "ratio", HONE_RIGHT);
		hone_table_note(table, "instructions %zu: of `%s`", i + 1, w->name);
	}
}

struct hone_table *hone_try_curve_table(const struct hone_try *t)
{
	struct hone_table *table;
	double baseline = (double)hone_artifact_cost(t->trials[0].artifact);

	if (!has_curve(t))
		return NULL;
	table = hone_table_new("Size against instructions");
	add_columns(table, t);
	for (size_t i = 0; i < t->n; i++) {
		const struct hone_trial *trial = &t->trials[i];
		const char *hot = hot_of(trial);
		uint64_t size;

		if (!trial->artifact)
			continue;
		size = hone_artifact_cost(trial->artifact);
		hone_table_cell(table, trial->candidate->name);
		if (hot && trial->plan->levels)
			hone_table_cellf(table, "%.*s", (int)strlen(hot) - 2, hot + 1);
		else
			hone_table_cell(table, NULL);
		hone_cell_number(table, trial->plan->hot.n);
		hone_cell_number(table, size);
		hone_cell_ratio(table, (double)size / baseline);
		for (size_t k = 0; k < t->measured->n_workloads; k++) {
			const struct hone_workload_result *w = &t->measured->workloads[k];
			double n;

			if (!w->callgrind)
				continue;
			n = instructions(t, w, i);
			hone_cell_number(table, isfinite(n) ? (uint64_t)n : 0);
			hone_cell_ratio(table, n / instructions(t, w, 0));
		}
	}
	return table;
}

void hone_try_curve_json(struct hone_jsonw *j, const struct hone_try *t)
{
	if (!has_curve(t))
		return;
	hone_jsonw_karray(j, "curve");
	for (size_t i = 0; i < t->n; i++) {
		const struct hone_trial *trial = &t->trials[i];
		const char *hot = hot_of(trial);
		hone_auto_free char *share = NULL;

		if (!trial->artifact)
			continue;
		if (hot && trial->plan->levels)
			share = hone_xstrndup(hot + 1, strlen(hot) - 2);
		hone_jsonw_object(j);
		hone_jsonw_kstr(j, "name", trial->candidate->name);
		hone_jsonw_kstr(j, "hot", share);
		hone_jsonw_ku64(j, "hot_functions", trial->plan->hot.n);
		hone_jsonw_ku64(j, "size", hone_artifact_cost(trial->artifact));
		hone_jsonw_karray(j, "instructions");
		for (size_t k = 0; k < t->measured->n_workloads; k++) {
			const struct hone_workload_result *w = &t->measured->workloads[k];

			if (!w->callgrind)
				continue;
			hone_jsonw_object(j);
			hone_jsonw_kstr(j, "workload", w->name);
			hone_jsonw_kbool(j, "trained", hone_try_has_trained(t, w));
			hone_jsonw_kf64(j, "count", instructions(t, w, i));
			hone_jsonw_end(j);
		}
		hone_jsonw_end(j);
		hone_jsonw_end(j);
	}
	hone_jsonw_end(j);
}
