#include "regions_find.h"

#include "fs.h"

#define SCRIPT_LIMIT ((size_t)1 << 20)

int hone_regions_read(const char *path, struct hone_regions *ret_regions, struct hone_err *err)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	int error;

	*ret_regions = (struct hone_regions)HONE_REGIONS_INIT;
	if (!path)
		return 0;
	error = hone_fs_read(path, SCRIPT_LIMIT, &text, NULL, err);
	if (error)
		return error;
	error = hone_regions_parse(hone_buf_view(&text), ret_regions, err);
	return error ? hone_err_wrap(err, "%s", path) : 0;
}

char *hone_regions_find(const struct hone_project *p)
{
	const char *const dirs[] = {p->package->dir, p->workspace_root};

	for (size_t i = 0; i < HONE_COUNT(dirs); i++) {
		char *path = hone_path_join(dirs[i], "memory.x");

		if (hone_fs_exists(path))
			return path;
		free(path);
	}
	return NULL;
}
