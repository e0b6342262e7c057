#ifndef HONE_TESTS_SCRATCH_H
#define HONE_TESTS_SCRATCH_H
/* A folder of its own for each unit test, and small files in it. Include after cmocka.h. */
#include "fs.h"

#include <stdio.h>
#include <string.h>

static char *scratch;

static int scratch_make(void **state)
{
	const char *tmp = getenv("TMPDIR");

	(void)state;
	scratch = hone_xasprintf("%s/hone-test-XXXXXX", tmp ? tmp : "/tmp");
	return mkdtemp(scratch) ? 0 : -1;
}

static int scratch_remove(void **state)
{
	int error = hone_fs_remove_tree(scratch, NULL);

	(void)state;
	free(scratch);
	scratch = NULL;
	return error;
}

/* The path of a name in the scratch folder; the caller frees. */
__attribute__((unused)) static char *in_scratch(const char *name)
{
	return hone_path_join(scratch, name);
}

__attribute__((unused)) static void put_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

__attribute__((unused)) static void assert_file(const char *path, const char *want)
{
	hone_auto_buf struct hone_buf have = HONE_BUF_INIT;

	assert_int_equal(hone_fs_read(path, 1 << 20, &have, NULL, NULL), 0);
	assert_string_equal(hone_buf_str(&have), want);
}

#endif
