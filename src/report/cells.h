#ifndef HONE_REPORT_CELLS_H
#define HONE_REPORT_CELLS_H
/* Cells of the kinds that tables of results are made of: text for people, the bare number for CSV.
 * What is not known (0 bytes, NaN) gives an empty cell. */
#include "table.h"
#include "verdict.h"

void hone_cell_number(struct hone_table *t, uint64_t n);
void hone_cell_bytes(struct hone_table *t, uint64_t n);
void hone_cell_seconds(struct hone_table *t, double s);
/* Less than 1 is good. */
void hone_cell_ratio(struct hone_table *t, double ratio);
/* A value in the unit of a metric: "s", "bytes" or another. */
void hone_cell_metric(struct hone_table *t, const char *unit, double value);
/* The interval of a ratio; "too few rounds" when there is a ratio without one. */
void hone_cell_interval(struct hone_table *t, double ratio, double low, double high);
void hone_cell_verdict(struct hone_table *t, enum hone_verdict v);

#endif
