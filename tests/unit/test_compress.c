/* The packed sizes of a binary, worked out beside hone by processes of their own. */
#include "clock.h"
#include "compress.h"
#include "fs.h"
#include "proc.h"

#include <dirent.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>
#include <cmocka.h>

#define MIB ((size_t)1 << 20)

/* Bytes that pack slowly and to about half: what a random number says, in four bits of each. */
static char *some_bytes(size_t n)
{
	char *bytes = hone_xmalloc(n);
	uint32_t x = 1;

	for (size_t i = 0; i < n; i++) {
		x = x * 1664525 + 1013904223;
		bytes[i] = (char)(x >> 28);
	}
	return bytes;
}

static struct hone_compress_job *start(const char *bytes, size_t n, const char *module)
{
	struct hone_compress_job *job = NULL;
	struct hone_err err = HONE_ERR_INIT;

	if (hone_compress_start((struct hone_view){bytes, n}, module, &job, &err))
		fail_msg("%s", err.msg);
	return job;
}

static void as_the_libraries_pack(void **state)
{
	hone_auto_free char *bytes = some_bytes(MIB), *copy = some_bytes(MIB);
	struct hone_compress_job *job = start(bytes, MIB, NULL);
	size_t bound = ZSTD_compressBound(MIB);
	hone_auto_free char *out = hone_xmalloc(bound);
	struct hone_err err = HONE_ERR_INIT;
	z_stream z = {0};
	struct hone_packed packed;

	(void)state;
	memset(bytes, 0, MIB); /* they are the caller's again */
	if (hone_compress_finish(job, &packed, &err))
		fail_msg("%s", err.msg);
	assert_int_equal(packed.zstd, ZSTD_compress(out, bound, copy, MIB, 19));
	assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = (unsigned char *)copy;
	z.avail_in = (unsigned)MIB;
	z.next_out = (unsigned char *)out;
	z.avail_out = (unsigned)bound;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	assert_int_equal(packed.gzip, z.total_out);
	deflateEnd(&z);
}

/* A program of the given text as brotli, before all others; what a module of 100 bytes has by it. */
static uint64_t by_brotli(const char *script)
{
	hone_auto_free char *bytes = some_bytes(100), *path = NULL;
	char folder[] = "/tmp/hone-test-XXXXXX";
	struct hone_packed packed = {0};
	struct hone_err err = HONE_ERR_INIT;
	struct hone_compress_job *job;
	hone_auto_free char *program = NULL, *module = NULL;

	assert_non_null(mkdtemp(folder));
	program = hone_xasprintf("%s/brotli", folder);
	module = hone_xasprintf("%s/module", folder);
	path = hone_xasprintf("%s:/usr/bin:/bin", folder);
	assert_int_equal(setenv("PATH", path, 1), 0);
	assert_int_equal(hone_fs_write(program, hone_view_of(script), 0755, &err), 0);
	assert_int_equal(hone_fs_write(module, (struct hone_view){bytes, 100}, 0644, &err), 0);
	assert_true(hone_compress_has_brotli());
	job = start(bytes, 100, module);
	if (hone_compress_finish(job, &packed, &err))
		fail_msg("%s", err.msg);
	assert_true(packed.gzip && packed.zstd);
	assert_int_equal(hone_fs_remove(program, &err), 0);
	assert_int_equal(hone_fs_remove(module, &err), 0);
	(void)rmdir(folder);
	return packed.brotli;
}

static void brotli_is_a_program(void **state)
{
	(void)state;
	/* It gets the bytes, and what it prints is counted. */
	assert_int_equal(by_brotli("#!/bin/sh\ncat; echo $1 $2 $3 $4 $5\n"),
		100 + strlen("-q 11 -w 22 -c\n"));
	/* Of one that fails nothing is taken. */
	assert_int_equal(by_brotli("#!/bin/sh\ncat; exit 1\n"), 0);
	assert_int_equal(by_brotli("#!/bin/sh\nkill -9 $$\n"), 0);
}

static size_t threads(void)
{
	DIR *dir = opendir("/proc/self/task");
	size_t n = 0;

	assert_non_null(dir);
	for (struct dirent *d = readdir(dir); d; d = readdir(dir))
		n += *d->d_name != '.';
	closedir(dir);
	return n;
}

/* hone copies itself while it packs: a lock that a thread holds at that moment is never opened in the copy. With gcc's
 * AddressSanitizer that was seen to hang. */
static void without_threads(void **state)
{
	hone_auto_free char *bytes = some_bytes(4 * MIB);
	struct hone_compress_job *job = start(bytes, 4 * MIB, NULL);

	(void)state;
	assert_int_equal(threads(), 1);
	hone_compress_abort(job);
}

/* What nobody waits for any more does not keep hone. */
static void abort_at_once(void **state)
{
	hone_auto_free char *bytes = some_bytes(64 * MIB); /* a minute and more */
	int64_t begin = hone_now_ns();
	struct hone_compress_job *job = start(bytes, 64 * MIB, NULL);

	(void)state;
	hone_compress_abort(job);
	assert_true(hone_now_ns() - begin < 4 * HONE_NS_PER_S);
	hone_compress_abort(NULL);
}

static void a_signal_is_told(void **state)
{
	hone_auto_free char *bytes = some_bytes(64 * MIB);
	struct hone_compress_job *job;
	struct hone_err err = HONE_ERR_INIT;
	struct hone_packed packed = {0};

	(void)state;
	assert_int_equal(hone_signals_init(&err), 0);
	job = start(bytes, 64 * MIB, NULL);
	assert_int_equal(kill(getpid(), SIGTERM), 0);
	assert_int_equal(hone_compress_finish(job, &packed, &err), HONE_E_INTERRUPTED);
	assert_int_equal(err.sig, SIGTERM);
	hone_err_release(&err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_the_libraries_pack),
		cmocka_unit_test(brotli_is_a_program),
		cmocka_unit_test(without_threads),
		cmocka_unit_test(abort_at_once),
		cmocka_unit_test(a_signal_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
