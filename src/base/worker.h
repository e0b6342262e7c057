#ifndef HONE_BASE_WORKER_H
#define HONE_BASE_WORKER_H
/* Processes of hone's own that work beside it: copies of hone that do one job, tell of it line by line, and end. They
 * change nothing in the hone that started them. A signal to stop that hone gets is handed on by hone_workers_stop; a
 * hone that dies takes them, and what they started, with it. */
#include "err.h"
#include "view.h"

struct hone_worker;

/* The job. Whatever it tells goes through hone_worker_tell. */
typedef void hone_worker_fn(void *ctx);

/* keep: n_keep descriptors that programs of the worker inherit. Only while hone runs no program. */
int hone_worker_start(hone_worker_fn *job, void *ctx, const int *keep, size_t n_keep,
	struct hone_worker **ret, struct hone_err *err);
/* One line to the hone that started this worker, without its newline. In a worker only. */
void hone_worker_tell(struct hone_view line);
/* Signals end this worker at once from now on: it runs no programs. In a worker only. */
void hone_worker_ends_at_signals(void);

/* A line of worker number `at`. */
typedef void hone_worker_line_fn(void *ctx, size_t at, struct hone_view line);
/* Waits until a worker of the list (NULLs are passed over) has said something or ended, at most wait_ns. *ret_ended: the
 * number of one that has, which is to be freed then; n: none. HONE_E_INTERRUPTED: hone got a signal. */
int hone_workers_wait(struct hone_worker *const *list, size_t n, int64_t wait_ns,
	hone_worker_line_fn *on_line, void *ctx, size_t *ret_ended, struct hone_err *err);
/* Has them stop, with all that they started, and waits for that. Frees them; the list holds NULLs then. */
void hone_workers_stop(struct hone_worker **list, size_t n);
/* Of one that has ended. */
void hone_worker_free(struct hone_worker *w);

#endif
