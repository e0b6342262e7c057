#ifndef HONE_TESTS_ELF_CORPUS_H
#define HONE_TESTS_ELF_CORPUS_H
/* The small ELF files of the fuzz corpus, as fixtures. Include after cmocka.h. */
#include "fs.h"

/* The path of a file of fuzz/corpora/elf; the caller frees. */
static char *corpus_path(const char *name)
{
	return hone_xasprintf("%s/fuzz/corpora/elf/%s", getenv("HONE_SOURCE_ROOT"), name);
}

__attribute__((unused)) static void corpus_read(const char *name, struct hone_buf *ret)
{
	hone_auto_free char *path = corpus_path(name);

	assert_int_equal(hone_fs_read(path, 1 << 20, ret, NULL, NULL), 0);
}

#endif
