/* Files of `check --save`: what they hold is read by hone_check_load, and a binary within by hone_check_unpack. */
#include "check.h"
#include "check_binary.h"
#include "fs.h"

#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct hone_check_side side = HONE_CHECK_SIDE_INIT;
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	hone_auto_buf struct hone_buf bytes = HONE_BUF_INIT;
	hone_auto_free char *text = hone_xstrndup((const char *)data, n);
	hone_auto_free char *path = hone_xasprintf("/tmp/hone-fuzz-check-%ld", (long)getpid());
	hone_auto_free char *dir = hone_xasprintf("%s.d", path);

	(void)hone_check_unpack(text, &bytes);
	if (hone_fs_write_cache(path, (struct hone_view){(const char *)data, n}, 0600, NULL))
		return 0;
	if (hone_check_load(path, dir, &side, &err) && !err.msg)
		hone_bug("refused without a reason");
	hone_check_side_release(&side);
	(void)hone_fs_remove(path, NULL);
	(void)hone_fs_remove_tree(dir, NULL);
	return 0;
}
