/* Files of `try --shard`: read, and put into a folder as hone's own. */
#include "fs.h"
#include "shard.h"

#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	hone_auto_shards struct hone_shards shards = {0};
	hone_auto_strv struct hone_strv words = HONE_STRV_INIT;
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	hone_auto_free char *path = hone_xasprintf("/tmp/hone-fuzz-shard-%ld", (long)getpid());
	hone_auto_free char *dir = hone_xasprintf("%s.d", path);
	struct hone_workdir work;
	int error;

	if (hone_fs_write_cache(path, (struct hone_view){(const char *)data, n}, 0600, NULL))
		return 0;
	hone_workdir_init(&work, dir);
	error = hone_shards_add(&shards, path, &err);
	if (!error) {
		hone_shards_words(&shards, &words);
		error = hone_shards_check(&shards, &err);
	}
	if (shards.n) {
		hone_err_release(&err);
		error = hone_shard_install(shards.v[0], &work, "1.1", NULL, &err);
	}
	if (error && !err.msg)
		hone_bug("refused without a reason");
	hone_workdir_close(&work);
	(void)hone_fs_remove(path, NULL);
	(void)hone_fs_remove_tree(dir, NULL);
	return 0;
}
