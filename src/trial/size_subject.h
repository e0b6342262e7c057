#ifndef HONE_TRIAL_SIZE_SUBJECT_H
#define HONE_TRIAL_SIZE_SUBJECT_H
/* What `size` looks at: a file, or a candidate that is built first. */
#include "compress.h"
#include "session.h"
#include "size.h"

struct hone_size_subject {
	char *name; /* as typed */
	char *path; /* the file */
	struct hone_size *model;
	struct hone_packed packed; /* where it was asked for */
};

struct hone_size_request {
	const char *const *names;
	size_t n;
	const char *twin;
	bool headers_only, no_wait, packed;
};
/* Names of one command line: n of them, NULL for the baseline. A name with a slash, or of a file
 * that exists, is a file; any other one is a candidate. twin: the unstripped file of a stripped one,
 * or NULL; only with a single name that is a file; a stripped candidate gets its twin by itself.
 * headers_only: the view by section is all that is wanted. no_wait: as HONE_SESSION_NO_WAIT. packed: how large each becomes when it is
 * packed, too; of a module for which there is no brotli that is said. */
int hone_size_subjects_open(const struct hone_cargo_opts *cargo, const struct hone_events *events,
	const struct hone_size_request *r, struct hone_size_subject *ret, struct hone_err *err);
void hone_size_subject_release(struct hone_size_subject *s);

#endif
