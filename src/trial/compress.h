#ifndef HONE_TRIAL_COMPRESS_H
#define HONE_TRIAL_COMPRESS_H
/* How large a file becomes when it is packed for distribution. */
#include "err.h"
#include "view.h"

/* Compresses bytes in two processes of its own, by zlib level 9 (in a gzip wrapper) and zstd level 19. The bytes may
 * change or go once this returns. */
struct hone_compress_job;
int hone_compress_start(
	struct hone_view bytes, struct hone_compress_job **ret, struct hone_err *err);
/* Waits, gives the sizes in bytes and frees the job, also where it fails. HONE_E_INTERRUPTED: hone got a signal. */
int hone_compress_finish(struct hone_compress_job *job, uint64_t *ret_gzip, uint64_t *ret_zstd,
	struct hone_err *err);
/* Stops and frees a job (or NULL) whose sizes nobody wants any more. */
void hone_compress_abort(struct hone_compress_job *job);

#endif
