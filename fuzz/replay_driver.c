/* Runs a fuzz target over files instead of under libFuzzer, so that every corpus is also a plain
 * test with any compiler: replay-X FILE-OR-FOLDER... calls LLVMFuzzerTestOneInput once for each
 * regular file. An empty corpus fails, since it would test nothing. */
#include "buf.h"
#include "fs.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t n_replayed;

static int replay_file(const char *path)
{
	hone_auto_buf struct hone_buf bytes = HONE_BUF_INIT;
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	uint8_t *exact;

	if (hone_fs_read(path, (size_t)64 << 20, &bytes, NULL, &err) < 0) {
		fprintf(stderr, "%s\n", err.msg);
		return 1;
	}
	/* A block of exactly this size, so that a sanitizer sees a read past the end. */
	exact = hone_xmalloc(bytes.n ? bytes.n : 1);
	if (bytes.n)
		memcpy(exact, bytes.p, bytes.n);
	(void)LLVMFuzzerTestOneInput(exact, bytes.n);
	free(exact);
	n_replayed++;
	return 0;
}

static int replay_folder(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	int failed = 0;

	if (!dir) {
		fprintf(stderr, "opening %s: %s\n", path, strerror(errno));
		return 1;
	}
	while ((entry = readdir(dir))) {
		hone_auto_free char *file = hone_path_join(path, entry->d_name);

		if (entry->d_name[0] != '.' && !hone_fs_is_dir(file))
			failed |= replay_file(file);
	}
	(void)closedir(dir);
	return failed;
}

int main(int argc, char **argv)
{
	int failed = 0;

	for (int i = 1; i < argc; i++)
		failed |= hone_fs_is_dir(argv[i]) ? replay_folder(argv[i]) : replay_file(argv[i]);
	if (!n_replayed) {
		fprintf(stderr, "no input was replayed\n");
		failed = 1;
	}
	printf("%zu inputs replayed\n", n_replayed);
	return failed;
}
