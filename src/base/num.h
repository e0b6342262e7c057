#ifndef HONE_BASE_NUM_H
#define HONE_BASE_NUM_H
/* Numbers from text and back. Parsing consumes the whole view or fails, ignores the locale, and
 * takes no blanks. */
#include "view.h"

/* Decimal digits only. false: not a number, or out of range. */
bool hone_parse_u64(struct hone_view v, uint64_t *ret_value);
/* With an optional + or -. */
bool hone_parse_i64(struct hone_view v, int64_t *ret_value);
/* Decimal floating point as strtod in the C locale, finite. */
bool hone_parse_f64(struct hone_view v, double *ret_value);
/* "1.5GiB", "300M", "10kB", "4096": bytes; k, M, G are powers of 1000, Ki, Mi, Gi of 1024. */
bool hone_parse_size(struct hone_view v, uint64_t *ret_bytes);
/* "2min", "90s", "1.5h", "250ms", "30": seconds when no unit stands there. */
bool hone_parse_seconds(struct hone_view v, double *ret_seconds);

/* Room for any of the texts below. */
#define HONE_NUM_TEXT 32
/* 2985888 -> "2,985,888". Writes into out and returns it. */
const char *hone_text_count(char out[HONE_NUM_TEXT], uint64_t n);
/* 1 of 8 -> "12.5 %"; of nothing: "0.0 %". */
const char *hone_text_share(char out[HONE_NUM_TEXT], uint64_t part, uint64_t whole);
/* -12 -> "-12", 4096 -> "+4,096". */
const char *hone_text_delta(char out[HONE_NUM_TEXT], int64_t n);
/* Seconds for people: "3.2 ms", "14.1 s", "2 min 5 s". */
const char *hone_text_seconds(char out[HONE_NUM_TEXT], double s);
/* Bytes for people: "812 kB", "2.3 GB" (powers of 1000). */
const char *hone_text_bytes(char out[HONE_NUM_TEXT], uint64_t n);

#endif
