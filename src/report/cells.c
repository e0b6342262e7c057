#include "cells.h"

#include "num.h"

#include <math.h>
#include <string.h>

void hone_cell_number(struct hone_table *t, uint64_t n)
{
	char text[HONE_NUM_TEXT];

	hone_table_cell(t, n ? hone_text_count(text, n) : "");
	hone_table_raw(t, "%llu", (unsigned long long)n);
}

void hone_cell_bytes(struct hone_table *t, uint64_t n)
{
	char text[HONE_NUM_TEXT];

	hone_table_cell(t, n ? hone_text_bytes(text, n) : "");
	hone_table_raw(t, "%llu", (unsigned long long)n);
}

void hone_cell_seconds(struct hone_table *t, double s)
{
	char text[HONE_NUM_TEXT];

	hone_table_cell(t, s > 0 ? hone_text_seconds(text, s) : "");
	hone_table_raw(t, "%.9g", s);
}

void hone_cell_ratio(struct hone_table *t, double ratio)
{
	if (!isfinite(ratio)) {
		hone_table_cell(t, "");
		return;
	}
	hone_table_cellf(t, "%.3f", ratio);
	hone_table_style(t, ratio < 0.9995 ? HONE_GOOD : ratio > 1.0005 ? HONE_BAD : HONE_PLAIN);
	hone_table_raw(t, "%.6f", ratio);
}

void hone_cell_metric(struct hone_table *t, const char *unit, double value)
{
	char text[HONE_NUM_TEXT];

	if (!isfinite(value)) {
		hone_table_cell(t, "");
		return;
	}
	if (strcmp(unit, "s") == 0)
		hone_table_cell(t, hone_text_seconds(text, value));
	else if (strcmp(unit, "bytes") == 0)
		hone_table_cell(t, hone_text_bytes(text, (uint64_t)value));
	else if (strcmp(unit, "count") == 0 && value >= 0 && value < 1e18)
		hone_table_cell(t, hone_text_count(text, (uint64_t)value));
	else
		hone_table_cellf(t, "%.6g", value);
	hone_table_raw(t, "%.9g", value);
}

void hone_cell_interval(struct hone_table *t, double ratio, double low, double high)
{
	if (low > 0 && isfinite(high))
		hone_table_cellf(t, "[%.3f, %.3f]", low, high);
	else
		hone_table_cell(t, isfinite(ratio) ? "too few rounds" : "");
}

void hone_cell_verdict(struct hone_table *t, enum hone_verdict v)
{
	hone_table_cell(t, v == HONE_VERDICT_NONE ? "" : hone_verdict_text(v));
	hone_table_style(t, v == HONE_VERDICT_BETTER  ? HONE_GOOD
			    : v == HONE_VERDICT_WORSE ? HONE_BAD
						      : HONE_PLAIN);
}
