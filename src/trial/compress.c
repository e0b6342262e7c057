#include "compress.h"

#include "clock.h"
#include "fs.h"
#include "num.h"
#include "proc.h"
#include "tools.h"
#include "worker.h"

#include <zlib.h>
#include <zstd.h>

/* Workers, not threads: hone forks while it packs, and what a thread holds at that moment is held for ever in the copy. */
struct hone_compress_job {
	struct hone_view bytes;
	const char *module;             /* in a worker only */
	struct hone_worker *workers[3]; /* gzip, zstd and brotli */
	uint64_t sizes[3];
};

#define BLOCK ((size_t)1 << 18)
/* windowBits of zlib: 15 for the largest window, + 16 for a gzip header and trailer. */
#define GZIP_WINDOW (15 + 16)
/* The most that brotli has, in the window of its library's default (BROTLI_DEFAULT_WINDOW of encode.h, 1.0.9 and 1.1.0). */
#define BROTLI_OPTIONS "-q", "11", "-w", "22", "-c"
/* A module of 650 kB takes a second and a half. */
#define BROTLI_NS (1800 * HONE_NS_PER_S)

static uint64_t gzip_size(const char *bytes, size_t n)
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

		z.next_in = (unsigned char *)(uintptr_t)bytes + done; /* zlib only reads it */
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

static void tell(uint64_t size)
{
	hone_auto_free char *line = hone_xasprintf("%llu", (unsigned long long)size);

	hone_worker_tell(hone_view_of(line));
}

static void work_gzip(void *ctx)
{
	const struct hone_compress_job *job = ctx;

	hone_worker_ends_at_signals();
	tell(gzip_size(job->bytes.p, job->bytes.n));
}

static void work_zstd(void *ctx)
{
	const struct hone_compress_job *job = ctx;

	hone_worker_ends_at_signals();
	tell(zstd_size(job->bytes.p, job->bytes.n));
}

/* A program that fails has packed nothing. */
static void work_brotli(void *ctx)
{
	const struct hone_compress_job *job = ctx;
	static const char *const argv[] = {"brotli", BROTLI_OPTIONS, NULL};
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	struct hone_proc_spec spec = {.argv = argv,
		.stdin_path = job->module,
		.out = HONE_SINK_HASH,
		.deadline_ns = BROTLI_NS};

	if (hone_proc_run(&spec, &r, NULL) == 0 && hone_proc_succeeded(&r))
		tell(r.out_bytes);
}

bool hone_compress_has_brotli(void)
{
	hone_auto_free char *path = NULL;

	return hone_path_find_program("brotli", &path, NULL) == 0;
}

void hone_compress_say_missing(const struct hone_events *events)
{
	hone_auto_free char *install = hone_tool_install_here(HONE_TOOL_BROTLI);
	bool here = hone_compress_has_brotli();

	hone_events_note(events, "sizes by brotli are missing: %s%s",
		here ? "the brotli on the path does not pack" : "there is no brotli on the path; ",
		here      ? ""
		: install ? install
			  : "install it");
}

int hone_compress_start(struct hone_view bytes, const char *module, struct hone_compress_job **ret,
	struct hone_err *err)
{
	static hone_worker_fn *const jobs[] = {work_gzip, work_zstd, work_brotli};
	const size_t n = module && hone_compress_has_brotli() ? 3 : 2;
	struct hone_compress_job *job = HONE_NEW(struct hone_compress_job);
	int error = 0;

	job->bytes = bytes;
	job->module = module;
	for (size_t i = 0; !error && i < n; i++)
		error = hone_worker_start(jobs[i], job, NULL, 0, &job->workers[i], err);
	job->bytes = (struct hone_view){0}; /* the workers have copies */
	job->module = NULL;
	if (error)
		hone_compress_abort(HONE_TAKE(job));
	*ret = job;
	return error;
}

static void on_line(void *ctx, size_t at, struct hone_view line)
{
	struct hone_compress_job *job = ctx;

	if (!hone_parse_u64(line, &job->sizes[at]))
		job->sizes[at] = 0;
}

static int wait_for_all(struct hone_compress_job *job, struct hone_err *err)
{
	const size_t n = HONE_COUNT(job->workers);

	while (job->workers[0] || job->workers[1] || job->workers[2]) {
		size_t ended;
		int error = hone_workers_wait(
			job->workers, n, HONE_NS_PER_S, on_line, job, &ended, err);

		if (error)
			return error;
		if (ended < n)
			hone_worker_free(HONE_TAKE(job->workers[ended]));
	}
	if (!job->sizes[0] || !job->sizes[1])
		return hone_err_set(err, HONE_E_SYSTEM,
			"the process of hone that packs a copy of the binary was ended, for want "
			"of "
			"memory, it seems");
	return 0;
}

int hone_compress_finish(
	struct hone_compress_job *job, struct hone_packed *ret, struct hone_err *err)
{
	int error = wait_for_all(job, err);

	if (!error)
		*ret = (struct hone_packed){job->sizes[0], job->sizes[1], job->sizes[2]};
	hone_compress_abort(job);
	return error;
}

void hone_compress_abort(struct hone_compress_job *job)
{
	if (!job)
		return;
	hone_workers_stop(job->workers, HONE_COUNT(job->workers));
	free(job);
}
