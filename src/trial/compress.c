#include "compress.h"

#include <pthread.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

struct hone_compress_job {
	pthread_t gzip_thread, zstd_thread;
	char *bytes;
	size_t n;
	uint64_t gzip, zstd;
};

#define BLOCK ((size_t)1 << 18)
/* windowBits of zlib: 15 for the largest window, + 16 for a gzip header and trailer. */
#define GZIP_WINDOW (15 + 16)

static uint64_t gzip_size(char *bytes, size_t n)
{
	hone_auto_free unsigned char *out = hone_xmalloc(BLOCK);
	z_stream z = {0};
	uint64_t size = 0;
	size_t done = 0;
	int state = Z_OK;

	if (deflateInit2(&z, 9, Z_DEFLATED, GZIP_WINDOW, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		hone_bug("zlib refuses to start");
	while (state != Z_STREAM_END) {
		size_t step = n - done < BLOCK ? n - done : BLOCK;

		z.next_in = (unsigned char *)bytes + done;
		z.avail_in = (unsigned)step;
		done += step;
		do {
			z.next_out = out;
			z.avail_out = (unsigned)BLOCK;
			state = deflate(&z, done == n ? Z_FINISH : Z_NO_FLUSH);
			size += BLOCK - z.avail_out;
		} while (z.avail_out == 0);
	}
	deflateEnd(&z);
	return size;
}

static uint64_t zstd_size(const char *bytes, size_t n)
{
	size_t bound = ZSTD_compressBound(n);
	hone_auto_free char *out = hone_xmalloc(bound);
	size_t size = ZSTD_compress(out, bound, bytes, n, 19);

	if (ZSTD_isError(size))
		hone_bug("zstd: %s", ZSTD_getErrorName(size));
	return size;
}

static void *work_gzip(void *ctx)
{
	struct hone_compress_job *job = ctx;

	job->gzip = gzip_size(job->bytes, job->n);
	return NULL;
}

static void *work_zstd(void *ctx)
{
	struct hone_compress_job *job = ctx;

	job->zstd = zstd_size(job->bytes, job->n);
	return NULL;
}

struct hone_compress_job *hone_compress_start(struct hone_view bytes)
{
	struct hone_compress_job *job = HONE_NEW(struct hone_compress_job);

	job->bytes = hone_xmalloc(bytes.n);
	memcpy(job->bytes, bytes.p, bytes.n);
	job->n = bytes.n;
	if (pthread_create(&job->gzip_thread, NULL, work_gzip, job) != 0 ||
		pthread_create(&job->zstd_thread, NULL, work_zstd, job) != 0)
		hone_bug("no thread for compression");
	return job;
}

void hone_compress_finish(struct hone_compress_job *job, uint64_t *ret_gzip, uint64_t *ret_zstd)
{
	pthread_join(job->gzip_thread, NULL);
	pthread_join(job->zstd_thread, NULL);
	*ret_gzip = job->gzip;
	*ret_zstd = job->zstd;
	free(job->bytes);
	free(job);
}
