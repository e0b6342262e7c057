/* A database file of anyone's making: it is refused, or every run of it can be read. */
#include "fs.h"
#include "store.h"

#include <stdio.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char folder[] = "/tmp/hone-fuzz-store-XXXXXX";

static void remove_folder(void)
{
	hone_fs_remove_tree(folder, NULL);
}

static void read_all(struct hone_store *s)
{
	const struct hone_store_filter any = {.workspace = "/w"};
	hone_auto_free int64_t *ids = NULL;
	size_t n = 0;

	if (hone_store_ids(s, &any, &ids, &n, NULL))
		return;
	for (size_t i = 0; i < n && i < 4; i++) {
		struct hone_result_run run = HONE_RESULT_RUN_INIT;

		if (hone_store_get(s, any.workspace, ids[i], HONE_STORE_ALL, &run, NULL) == 0 &&
			(run.id != ids[i] || !run.n_trials || strcmp(run.workspace, "/w") != 0))
			hone_bug("a run that was not asked for");
		hone_result_run_release(&run);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool made;
	hone_auto_free char *path = NULL;
	struct hone_store *s = NULL;
	FILE *f;

	if (!made && !mkdtemp(folder))
		return 0;
	if (!made)
		atexit(remove_folder);
	made = true;
	path = hone_path_join(folder, HONE_STORE_FILE);
	f = fopen(path, "we");
	if (!f || fwrite(data, 1, size, f) != size)
		hone_bug("the input cannot be written");
	fclose(f);
	if (hone_store_open(path, false, &s, NULL) == 0) {
		struct hone_unfinished u = HONE_UNFINISHED_INIT;

		read_all(s);
		if (hone_unfinished_get(s, "/w", "i", &u, NULL) == 0 && u.n_rounds && !u.width)
			hone_bug("rounds of nothing");
		hone_unfinished_release(&u);
		hone_store_close(s);
	}
	return 0;
}
