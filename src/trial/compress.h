#ifndef HONE_TRIAL_COMPRESS_H
#define HONE_TRIAL_COMPRESS_H
/* How large a file becomes when it is packed for distribution. */
#include "view.h"

/* Compresses a copy of bytes on two threads of its own, by zlib level 9 (in a gzip wrapper) and zstd level
 * 19; finish waits, gives the sizes in bytes and frees the job. */
struct hone_compress_job;
struct hone_compress_job *hone_compress_start(struct hone_view bytes);
void hone_compress_finish(struct hone_compress_job *job, uint64_t *ret_gzip, uint64_t *ret_zstd);

#endif
