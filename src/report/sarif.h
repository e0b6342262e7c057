#ifndef HONE_REPORT_SARIF_H
#define HONE_REPORT_SARIF_H
/* What every SARIF log has; of format_sarif.c. */
#include "jsonw.h"

struct hone_sarif_rule {
	const char *id, *summary, *level; /* level: "error", "warning", "note" */
};
struct hone_sarif_result {
	const char *rule;
	size_t index; /* of the rule */
	const char *level, *text;
	const char *where;       /* "path:line:col", or what is no file; or NULL */
	const char *fingerprint; /* by which a page knows it again; NULL: the page decides */
};
/* Opens a log with one run, in which the caller writes what there is besides, "results" above all. */
void hone_sarif_begin(
	struct hone_jsonw *w, struct hone_buf *to, const struct hone_sarif_rule *rules, size_t n);
void hone_sarif_result(struct hone_jsonw *w, const struct hone_sarif_result *r, const char *root,
	const char *repository);
void hone_sarif_end(struct hone_jsonw *w, struct hone_buf *to);

#endif
