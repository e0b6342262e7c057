#ifndef HONE_REPORT_CHECK_FINDINGS_H
#define HONE_REPORT_CHECK_FINDINGS_H
/* A check as a list of what a page of a forge shows: a budget each. */
#include "check_report.h"

struct hone_check_finding {
	const struct hone_check_budget *budget; /* NULL: a workload that the head fails */
	enum hone_check_verdict verdict;        /* as it counts */
	const char *figure;                     /* borrowed */
	char *title;                            /* "size of app: +1%" */
	char *text;                             /* what it came to */
	char *causes;                           /* a line each; or "" */
	char fingerprint[33];                   /* the same for the same budget */
};
struct hone_check_findings {
	struct hone_check_finding *v;
	size_t n;
	size_t over, undecided;
};
void hone_check_findings_make(const struct hone_check_doc *doc, struct hone_check_findings *ret);
void hone_check_findings_release(struct hone_check_findings *f);

#endif
