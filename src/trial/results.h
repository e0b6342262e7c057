#ifndef HONE_TRIAL_RESULTS_H
#define HONE_TRIAL_RESULTS_H
/* What was measured before, for the commands: the store of a session's workspace. */
#include "session.h"
#include "store.h"
#include "try.h"

/* Opens the store of the session; errors as hone_store_open. */
int hone_results_open(
	const struct hone_session *s, bool create, struct hone_store **ret, struct hone_err *err);

/* A finished try as plain data, into *run, which must be HONE_RESULT_RUN_INIT. It borrows from the try. */
void hone_try_result(const struct hone_try *t, struct hone_result_run *run);
/* Keeps it. finishes: as for hone_store_put. What fails here is a warning: the result stands on stdout already. */
void hone_results_put(
	const struct hone_session *s, const struct hone_result_run *run, const int64_t *finishes);

/* After a command that built: keeps hone's folder below max_disk bytes (0: the default). since_s: when the
 * command began, seconds since 1970. What is done, and what cannot be, is said. */
void hone_results_cap(const struct hone_session *s, uint64_t max_disk, int64_t since_s);

/* The newest run of the workspace: of the selected binary, or without one of any. HONE_E_NOT_FOUND
 * when nothing was measured yet. */
int hone_results_last(const struct hone_session *s, enum hone_store_detail detail,
	struct hone_result_run *ret, struct hone_err *err);
/* "on another machine (its CPU: ...)", "by another user": why figures of this run are not this project's own here, as those
 * of a database that came with the folder. NULL: they are. The caller frees. */
char *hone_results_elsewhere(const struct hone_session *s, const struct hone_result_run *r);

#endif
