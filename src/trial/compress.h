#ifndef HONE_TRIAL_COMPRESS_H
#define HONE_TRIAL_COMPRESS_H
/* How large a file becomes when it is packed for distribution. */
#include "events.h"
#include "view.h"

/* Bytes. brotli is 0 where it was not asked for, or is not here. */
struct hone_packed {
	uint64_t gzip, zstd, brotli;
};

/* Compresses bytes in processes of its own, by zlib level 9 (in a gzip wrapper) and zstd level 19. The bytes may change
 * or go once this returns. module: a file with the same bytes, which stays; the program brotli, where it is on the path,
 * packs it, too (NULL: does not). */
struct hone_compress_job;
int hone_compress_start(struct hone_view bytes, const char *module, struct hone_compress_job **ret,
	struct hone_err *err);
/* Is there a program that packs by brotli? */
bool hone_compress_has_brotli(void);
/* Says of a module why it has no size by brotli. */
void hone_compress_say_missing(const struct hone_events *events);
/* Waits, gives the sizes and frees the job, also where it fails. HONE_E_INTERRUPTED: hone got a signal. */
int hone_compress_finish(
	struct hone_compress_job *job, struct hone_packed *ret, struct hone_err *err);
/* Stops and frees a job (or NULL) whose sizes nobody wants any more. */
void hone_compress_abort(struct hone_compress_job *job);

#endif
