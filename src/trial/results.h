#ifndef HONE_TRIAL_RESULTS_H
#define HONE_TRIAL_RESULTS_H
/* What was measured before, for the commands: the store of a session's workspace. */
#include "machine.h"
#include "session.h"
#include "store.h"
#include "try.h"

/* The store of a session; *ret is the session's, open until that ends. Errors as hone_store_open. */
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

/* The newest run of the workspace: of the selected binary, or without one of any; only where none was measured here one
 * that came with the folder, with `elsewhere` set. HONE_E_NOT_FOUND when nothing was measured yet. */
int hone_results_last(const struct hone_session *s, enum hone_store_detail detail,
	struct hone_result_run *ret, struct hone_err *err);

/* What a run of this project is known by: a database may come with its folder from another machine, user or path. */
struct hone_here {
	struct hone_machine machine;
	char *user, *below; /* as in struct hone_result_run */
	const char *workspace, *home;
	bool foreign; /* the file belongs to another user */
};
/* Borrows from the session. */
void hone_here_init(struct hone_here *h, const struct hone_session *s);
void hone_here_release(struct hone_here *h);
/* Sets elsewhere of a run that was read. */
void hone_here_mark(const struct hone_here *h, struct hone_result_run *run);
/* The numbers of this project's runs, newest first, those that came here with it, too; package and bin of the filter count
 * besides. The caller frees *ret_ids. */
int hone_here_ids(const struct hone_here *h, struct hone_store *store,
	struct hone_store_filter filter, int64_t **ret_ids, size_t *ret_n, struct hone_err *err);
/* Fills in what a run is known by. */
void hone_results_sign(const struct hone_session *s, struct hone_result_run *run);

#endif
