#include "results.h"

#include "fs.h"

#include <time.h>

int hone_results_open(
	const struct hone_session *s, bool create, struct hone_store **ret, struct hone_err *err)
{
	hone_auto_free char *path = hone_path_join(s->dir.root, HONE_STORE_FILE);

	return hone_store_open(path, create, ret, err);
}

int hone_results_last(const struct hone_session *s, enum hone_store_detail detail,
	struct hone_stored_run *ret, struct hone_err *err)
{
	const struct hone_project *p = s->project;
	const struct hone_store_filter filter = {.workspace = p->workspace_root,
		.package = p->package ? p->package->name : NULL,
		.bin = p->target ? p->target->name : NULL};
	hone_auto_store struct hone_store *store = NULL;
	int error = hone_results_open(s, false, &store, err);

	return error ? error : hone_store_last(store, &filter, detail, ret, err);
}

char *hone_results_when(int64_t seconds)
{
	time_t t = (time_t)seconds;
	struct tm tm;

	if (!gmtime_r(&t, &tm))
		return hone_xstrdup("unknown");
	return hone_xasprintf("%04d-%02d-%02d %02d:%02d UTC", tm.tm_year + 1900, tm.tm_mon + 1,
		tm.tm_mday, tm.tm_hour, tm.tm_min);
}
