/* Tables of a run: sizes, sections, memory regions, and what the settings did. */
#include "run_report.h"

#include "cells.h"
#include "changes_report.h"
#include "num.h"

#include <math.h>
#include <string.h>

/* Sections shown: the largest ones of any trial. */
#define SHOWN_SECTIONS 6

/* The trial before this one with the same bytes, or NULL. */
static const struct hone_result_trial *find_same(const struct hone_result_run *r, size_t at)
{
	const char *hash = r->trials[at].hash;

	for (size_t i = 0; hash && i < at; i++)
		if (r->trials[i].hash && strcmp(hash, r->trials[i].hash) == 0)
			return &r->trials[i];
	return NULL;
}

static void state_cell(struct hone_table *table, const struct hone_result_run *r, size_t at)
{
	const struct hone_result_trial *trial = &r->trials[at];
	const struct hone_result_trial *same = find_same(r, at);

	if (!hone_result_is_built(trial)) {
		hone_table_cell(table, trial->status);
		hone_table_style(table, HONE_BAD);
	} else if (same) {
		hone_table_cellf(table, "same bytes as %s", same->name);
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

static void name_cell(struct hone_table *table, const struct hone_result_run *r, size_t i)
{
	hone_table_cell(table, r->trials[i].name);
	hone_table_style(table, i == r->best.small ? HONE_BOLD : HONE_PLAIN);
}

static void cost_cells(struct hone_table *table, const struct hone_result_trial *t)
{
	hone_cell_seconds(table, t->build_wall_s);
	hone_cell_seconds(table, t->build_cpu_s);
	hone_cell_bytes(table, t->build_peak);
}

static double share(uint64_t size, uint64_t of)
{
	return size && of ? (double)size / (double)of : (double)NAN;
}

/* On a device flash and RAM count; the file holds names and debug information that never get there. */
static struct hone_table *device_table(const struct hone_result_run *r)
{
	static const char *const heads[] = {
		"flash", "ratio", "RAM", "file", "build", "build cpu", "build peak"};
	struct hone_table *table = begin("Flash and RAM, bytes", heads, HONE_COUNT(heads));

	for (size_t i = 0; i < r->n_trials; i++) {
		const struct hone_result_trial *t = &r->trials[i];

		name_cell(table, r, i);
		hone_cell_number(table, t->flash);
		hone_cell_ratio(table, share(t->flash, r->trials[0].flash));
		hone_cell_number(table, t->ram);
		hone_cell_number(table, t->size);
		cost_cells(table, t);
		state_cell(table, r, i);
	}
	hone_table_note(table, "flash: text + data, what is loaded from the file; RAM: data + bss, "
			       "without stack and heap; file: with what never gets to the device");
	return table;
}

bool hone_run_has_brotli(const struct hone_result_run *r)
{
	for (size_t i = 0; i < r->n_trials; i++)
		if (r->trials[i].brotli_size)
			return true;
	return false;
}

struct hone_table *hone_run_size_table(const struct hone_result_run *r)
{
	static const char *const heads[] = {"size", "ratio", "stripped", "gzip", "zstd", "build",
		"build cpu", "build peak", "glibc"};
	static const char *const of_module[] = {"size", "ratio", "stripped", "gzip", "zstd",
		"brotli", "build", "build cpu", "build peak"};
	const struct hone_result_trial *with = hone_run_with_artifacts(r);
	bool brotli = hone_run_has_brotli(r);
	struct hone_table *table;

	if (r->bare)
		return device_table(r);
	table = begin(with ? "Size and build, all files together" : "Size and build",
		brotli ? of_module : heads, HONE_COUNT(heads));
	for (size_t i = 0; i < r->n_trials; i++) {
		const struct hone_result_trial *t = &r->trials[i];

		name_cell(table, r, i);
		hone_cell_number(table, t->size);
		hone_cell_ratio(table, share(t->size, r->trials[0].size));
		hone_cell_number(table, t->stripped_size);
		hone_cell_number(table, t->gzip_size);
		hone_cell_number(table, t->zstd_size);
		if (brotli)
			hone_cell_number(table, t->brotli_size);
		cost_cells(table, t);
		if (!brotli) /* modules need no glibc */
			hone_table_cell(table, t->min_glibc);
		state_cell(table, r, i);
	}
	return table;
}

static uint64_t section_size(const struct hone_result_trial *t, const char *name)
{
	uint64_t size = 0;

	for (size_t i = 0; i < t->n_sections; i++)
		if (strcmp(t->sections[i].name, name) == 0)
			size += t->sections[i].size;
	return size;
}

static bool is_listed(const char *const *names, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

/* Names of the largest sections, largest first; borrowed from the run. */
static size_t largest_sections(const struct hone_result_run *r, const char *names[SHOWN_SECTIONS])
{
	for (size_t n = 0;; n++) {
		const char *best = NULL;
		uint64_t best_size = 0;

		for (size_t i = 0; i < r->n_trials; i++) {
			const struct hone_result_trial *t = &r->trials[i];

			for (size_t k = 0; k < t->n_sections; k++) {
				const char *name = t->sections[k].name;
				uint64_t size = *name ? section_size(t, name) : 0;

				if (size > best_size && !is_listed(names, n, name)) {
					best = name;
					best_size = size;
				}
			}
		}
		if (!best || n == SHOWN_SECTIONS)
			return n;
		names[n] = best;
	}
}

struct hone_table *hone_run_section_table(const struct hone_result_run *r)
{
	const char *names[SHOWN_SECTIONS];
	size_t n = largest_sections(r, names);
	struct hone_table *table;

	if (hone_run_with_artifacts(r)) /* each file has its own */
		return NULL;
	table = hone_table_new("Largest sections, bytes");

	hone_table_column(table, "candidate", HONE_LEFT);
	for (size_t i = 0; i < n; i++)
		hone_table_column(table, names[i], HONE_RIGHT);
	for (size_t i = 0; i < r->n_trials; i++) {
		hone_table_cell(table, r->trials[i].name);
		for (size_t k = 0; k < n; k++)
			hone_cell_number(table, section_size(&r->trials[i], names[k]));
	}
	return table;
}

struct hone_table *hone_run_region_table(const struct hone_result_run *r)
{
	const struct hone_result_trial *base = &r->trials[0];
	struct hone_table *table;
	char text[HONE_NUM_TEXT], part[HONE_NUM_TEXT];

	if (!r->bare || !base->n_regions)
		return NULL;
	table = hone_table_new("Memory regions, bytes used and share of the capacity");
	hone_table_column(table, "candidate", HONE_LEFT);
	for (size_t k = 0; k < base->n_regions; k++) {
		hone_auto_free char *head = hone_xasprintf("%s, of %s", base->regions[k].name,
			hone_text_count(text, base->regions[k].length));

		hone_table_column(table, head, HONE_RIGHT);
	}
	for (size_t i = 0; i < r->n_trials; i++) {
		const struct hone_result_trial *t = &r->trials[i];

		hone_table_cell(table, t->name);
		for (size_t k = 0; k < base->n_regions; k++) {
			if (k >= t->n_regions) {
				hone_table_cell(table, NULL);
				continue;
			}
			hone_table_cellf(table, "%s (%s)",
				hone_text_count(text, t->regions[k].used),
				hone_text_share(part, t->regions[k].used, t->regions[k].length));
			hone_table_raw(table, "%llu", (unsigned long long)t->regions[k].used);
		}
	}
	return table;
}

struct hone_table *hone_run_change_table(const struct hone_result_run *r)
{
	struct hone_result_changes c;
	struct hone_table *table;

	hone_result_changes_find(r, &c);
	table = hone_changes_table(
		&c.changes, c.sides, r->bare ? "bytes of flash" : "bytes of the file");
	hone_result_changes_release(&c);
	return table;
}
