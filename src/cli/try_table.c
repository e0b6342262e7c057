#include "try_report.h"

#include "cells.h"
#include "num.h"
#include "service.h"
#include "text.h"

#include <math.h>
#include <string.h>

/* Sections shown: the largest ones of any trial. */
#define SHOWN_SECTIONS 6

/* The trial before this one with the same bytes, or NULL. */
static const struct hone_trial *twin(const struct hone_try *t, size_t at)
{
	const struct hone_artifact *a = t->trials[at].artifact;

	for (size_t i = 0; a && i < at; i++) {
		const struct hone_artifact *b = t->trials[i].artifact;

		if (b && hone_hash_eq(a->hash, b->hash))
			return &t->trials[i];
	}
	return NULL;
}

static void state_cell(struct hone_table *table, const struct hone_try *t, size_t at)
{
	const struct hone_trial *trial = &t->trials[at];
	const struct hone_trial *same = twin(t, at);

	if (trial->status != HONE_TRIAL_BUILT) {
		hone_table_cell(table, hone_trial_status_text(trial->status));
		hone_table_style(table, HONE_BAD);
	} else if (same) {
		hone_table_cellf(table, "same bytes as %s", same->candidate->name);
	} else {
		hone_table_cell(table, "");
	}
}

/* A table of candidates with columns of numbers, and one for what became of each. */
static struct hone_table *begin(const char *title, const char *const *heads, size_t n)
{
	struct hone_table *table = hone_table_new(title);

	hone_table_column(table, "candidate", HONE_LEFT);
	for (size_t i = 0; i < n; i++)
		hone_table_column(table, heads[i], HONE_RIGHT);
	hone_table_column(table, "", HONE_LEFT);
	return table;
}

/* The row's first cell, and what was built; all zeros for what was not. */
static const struct hone_artifact *begin_row(
	struct hone_table *table, const struct hone_try *t, size_t i)
{
	static const struct hone_artifact none = {0};

	hone_table_cell(table, t->trials[i].candidate->name);
	hone_table_style(table, i == t->picks.small ? HONE_BOLD : HONE_PLAIN);
	return t->trials[i].artifact ? t->trials[i].artifact : &none;
}

static void cost_cells(struct hone_table *table, const struct hone_artifact *a)
{
	hone_cell_seconds(table, a->cost.wall_s);
	hone_cell_seconds(table, a->cost.cpu_s);
	hone_cell_bytes(table, a->cost.peak_rss);
}

/* On a device flash and RAM count; the file holds names and debug information that never get there. */
static struct hone_table *device_table(const struct hone_try *t)
{
	static const char *const heads[] = {
		"flash", "ratio", "RAM", "file", "build", "build cpu", "build peak"};
	struct hone_table *table = begin("Flash and RAM, bytes", heads, HONE_COUNT(heads));
	double baseline = (double)t->trials[0].artifact->flash;

	for (size_t i = 0; i < t->n; i++) {
		const struct hone_artifact *a = begin_row(table, t, i);

		hone_cell_number(table, a->flash);
		hone_cell_ratio(table, a->flash ? (double)a->flash / baseline : NAN);
		hone_cell_number(table, a->ram);
		hone_cell_number(table, a->size);
		cost_cells(table, a);
		state_cell(table, t, i);
	}
	hone_table_note(table, "flash: text + data, what is loaded from the file; RAM: data + bss, "
			       "without stack and heap; file: with what never gets to the device");
	return table;
}

struct hone_table *hone_try_size_table(const struct hone_try *t)
{
	static const char *const heads[] = {"size", "ratio", "stripped", "gzip", "zstd", "build",
		"build cpu", "build peak", "glibc"};
	double baseline = (double)t->trials[0].artifact->size;
	struct hone_table *table;

	if (hone_try_is_bare(t))
		return device_table(t);
	table = begin("Size and build", heads, HONE_COUNT(heads));
	for (size_t i = 0; i < t->n; i++) {
		const struct hone_artifact *a = begin_row(table, t, i);

		hone_cell_number(table, a->size);
		hone_cell_ratio(table, a->size ? (double)a->size / baseline : NAN);
		hone_cell_number(table, a->stripped_size);
		hone_cell_number(table, a->gzip_size);
		hone_cell_number(table, a->zstd_size);
		cost_cells(table, a);
		hone_table_cell(table, a->elf.min_glibc);
		state_cell(table, t, i);
	}
	return table;
}

static uint64_t section_size(const struct hone_artifact *a, const char *name)
{
	uint64_t size = 0;

	for (size_t i = 0; a && i < a->elf.n_sections; i++)
		if (strcmp(a->elf.sections[i].name, name) == 0)
			size += a->elf.sections[i].size;
	return size;
}

/* Largest size of the section among all trials. */
static uint64_t section_largest(const struct hone_try *t, const char *name)
{
	uint64_t largest = 0;

	for (size_t i = 0; i < t->n; i++) {
		uint64_t size = section_size(t->trials[i].artifact, name);

		if (size > largest)
			largest = size;
	}
	return largest;
}

/* Names of the largest sections, largest first; borrowed from the artifacts. */
static size_t largest_sections(const struct hone_try *t, const char *names[SHOWN_SECTIONS])
{
	size_t n = 0;

	for (;;) {
		const char *best = NULL;
		uint64_t best_size = 0;

		for (size_t i = 0; i < t->n; i++) {
			const struct hone_artifact *a = t->trials[i].artifact;

			for (size_t k = 0; a && k < a->elf.n_sections; k++) {
				const char *name = a->elf.sections[k].name;
				uint64_t size = *name ? section_largest(t, name) : 0;
				bool listed = false;

				for (size_t j = 0; j < n; j++)
					listed |= strcmp(names[j], name) == 0;
				if (!listed && size > best_size) {
					best = name;
					best_size = size;
				}
			}
		}
		if (!best || n == SHOWN_SECTIONS)
			return n;
		names[n++] = best;
	}
}

struct hone_table *hone_try_section_table(const struct hone_try *t)
{
	const char *names[SHOWN_SECTIONS];
	size_t n = largest_sections(t, names);
	struct hone_table *table = hone_table_new("Largest sections, bytes");

	hone_table_column(table, "candidate", HONE_LEFT);
	for (size_t i = 0; i < n; i++)
		hone_table_column(table, names[i], HONE_RIGHT);
	for (size_t i = 0; i < t->n; i++) {
		hone_table_cell(table, t->trials[i].candidate->name);
		for (size_t k = 0; k < n; k++)
			hone_cell_number(table, section_size(t->trials[i].artifact, names[k]));
	}
	return table;
}

const struct hone_metric_result *hone_try_metric(
	const struct hone_workload_result *w, enum hone_metric metric)
{
	for (size_t i = 0; i < w->n_metrics; i++)
		if (w->metrics[i].metric == metric)
			return &w->metrics[i];
	return NULL;
}

/* "16 connections, windows of 2.0 s, " of a service under load, else "". The caller frees. */
static char *load_text(const struct hone_try *t, const struct hone_workload_result *w)
{
	const struct hone_service *s = t->workloads[w - t->measured->workloads].service;
	char window[HONE_NUM_TEXT];

	if (!s || w->kind != HONE_WORKLOAD_SERVICE)
		return hone_xstrdup("");
	return hone_xasprintf("%u connections, windows of %s, ", s->connections,
		hone_text_seconds(window, s->window_s));
}

/* The primary metric first, then what else an owner wants to know. */
struct hone_table *hone_try_workload_table(
	const struct hone_try *t, const struct hone_workload_result *w)
{
	static const enum hone_metric more[] = {HONE_METRIC_REQUESTS_PER_S,
		HONE_METRIC_CPU_PER_REQUEST, HONE_METRIC_LATENCY_P50, HONE_METRIC_LATENCY_P99,
		HONE_METRIC_COLD_START, HONE_METRIC_WALL, HONE_METRIC_CPU, HONE_METRIC_PEAK_MEMORY,
		HONE_METRIC_INSTRUCTIONS};
	const struct hone_metric_result *primary = &w->metrics[0];
	const char *kind = hone_try_is_bare(t) ? "In the emulator (no times of the device)"
			   : t->speed_measured ? "Speed"
					       : "Start-up";
	hone_auto_free char *load = load_text(t, w);
	hone_auto_free char *title =
		hone_xasprintf("%s: %s, %s%zu rounds%s", kind, w->name, load, w->rounds,
			!hone_try_trains(t)          ? ""
			: hone_try_has_trained(t, w) ? ", trained with it"
						     : ", held out from training");
	struct hone_table *table = hone_table_new(title);

	hone_table_column(table, "candidate", HONE_LEFT);
	hone_table_column(table, hone_metric_info(primary->metric)->title, HONE_RIGHT);
	hone_table_column(table, "ratio", HONE_RIGHT);
	hone_table_column(table, "95 % interval", HONE_LEFT);
	hone_table_column(table, "verdict", HONE_LEFT);
	for (size_t m = 0; m < HONE_COUNT(more); m++)
		if (more[m] != primary->metric && hone_try_metric(w, more[m]))
			hone_table_column(table, hone_metric_info(more[m])->title, HONE_RIGHT);
	if (w->callgrind)
		hone_table_column(table, "instructions", HONE_RIGHT);
	for (size_t i = 0; i < t->n; i++) {
		size_t at = t->trials[i].measured;
		bool ran = at != SIZE_MAX && t->trials[i].status == HONE_TRIAL_BUILT;
		static const struct hone_estimate none = {.ratio = NAN};
		const struct hone_estimate *e = ran ? &primary->estimate[at] : &none;

		hone_table_cell(table, t->trials[i].candidate->name);
		hone_cell_metric(table, hone_metric_info(primary->metric)->unit,
			ran ? primary->median[at] : NAN);
		hone_cell_ratio(table, e->ratio);
		hone_cell_interval(table, e->ratio, e->low, e->high);
		hone_cell_verdict(table, i == 0 ? HONE_VERDICT_NONE : e->verdict);
		for (size_t m = 0; m < HONE_COUNT(more); m++) {
			const struct hone_metric_result *r = hone_try_metric(w, more[m]);

			if (more[m] != primary->metric && r)
				hone_cell_metric(table, hone_metric_info(more[m])->unit,
					ran ? r->median[at] : NAN);
		}
		if (w->callgrind)
			hone_cell_number(table,
				ran && isfinite(w->callgrind[at]) ? (uint64_t)w->callgrind[at] : 0);
	}
	if (w->callgrind)
		hone_table_note(
			table, "instructions: of one run under valgrind; they are not time");
	if (w->primary_why)
		hone_table_note(table, "%s decides: %s", hone_metric_info(primary->metric)->title,
			w->primary_why);
	if (w->cpu)
		hone_table_note(table, "all runs were on CPU %d, where the baseline was no slower",
			w->cpu - 1);
	return table;
}

struct hone_table *hone_try_composite_table(const struct hone_try *t)
{
	const struct hone_measurement *m = t->measured;
	hone_auto_buf struct hone_buf weights = HONE_BUF_INIT;
	hone_auto_free char *title = NULL;
	struct hone_table *table;

	if (!m || m->n_workloads < 2 || !m->rounds || hone_try_is_bare(t))
		return NULL;
	title = hone_xasprintf("All workloads together, %zu rounds", m->rounds);
	table = hone_table_new(title);
	hone_table_column(table, "candidate", HONE_LEFT);
	hone_table_column(table, "ratio", HONE_RIGHT);
	hone_table_column(table, "95 % interval", HONE_LEFT);
	hone_table_column(table, "verdict", HONE_LEFT);
	for (size_t i = 0; i < t->n; i++) {
		static const struct hone_estimate none = {.ratio = NAN};
		size_t at = t->trials[i].measured;
		bool ran = at != SIZE_MAX && t->trials[i].status == HONE_TRIAL_BUILT;
		const struct hone_estimate *e = ran ? &m->composite[at] : &none;

		hone_table_cell(table, t->trials[i].candidate->name);
		hone_cell_ratio(table, e->ratio);
		hone_cell_interval(table, e->ratio, e->low, e->high);
		hone_cell_verdict(table, i == 0 ? HONE_VERDICT_NONE : e->verdict);
	}
	for (size_t i = 0; i < m->n_workloads; i++)
		hone_buf_addf(&weights, "%s%s %g", i ? ", " : "", m->workloads[i].name,
			m->workloads[i].weight);
	hone_table_note(table, "what decides in each, by weight: %s; this picks the winners",
		hone_buf_str(&weights));
	return table;
}
