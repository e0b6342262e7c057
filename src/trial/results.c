#include "results.h"

#include "disk_cap.h"
#include "fs.h"
#include "machine.h"
#include "num.h"
#include "text.h"

#include <string.h>
#include <unistd.h>

int hone_results_open(
	const struct hone_session *s, bool create, struct hone_store **ret, struct hone_err *err)
{
	hone_auto_free char *path = hone_path_join(s->dir.root, HONE_STORE_FILE);

	return hone_store_open(path, create, ret, err);
}

int hone_results_last(const struct hone_session *s, enum hone_store_detail detail,
	struct hone_result_run *ret, struct hone_err *err)
{
	const struct hone_project *p = s->project;
	const struct hone_store_filter filter = {.workspace = p->workspace_root,
		.package = p->package ? p->package->name : NULL,
		.bin = p->target ? p->target->name : NULL};
	hone_auto_store struct hone_store *store = NULL;
	int error = hone_results_open(s, false, &store, err);

	return error ? error : hone_store_last(store, &filter, detail, ret, err);
}

void hone_results_cap(const struct hone_session *s, uint64_t max_disk, int64_t since_s)
{
	hone_auto_strv struct hone_strv winners = HONE_STRV_INIT;
	hone_auto_store struct hone_store *store = NULL;
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	const struct hone_disk_cap cap = {.bytes = max_disk ? max_disk : HONE_DISK_CAP_DEFAULT,
		.since_s = since_s,
		.winners = &winners};
	char a[HONE_NUM_TEXT], b[HONE_NUM_TEXT];
	uint64_t freed = 0, left = 0;
	int error = hone_results_open(s, false, &store, &err);

	if (!error)
		error = hone_store_winners(store, &winners, &err);
	/* Who has won is not known without the results: then nothing goes. */
	if (!error)
		error = hone_disk_cap(&s->dir, &cap, &freed, &left, &err);
	if (error && error != HONE_E_NOT_FOUND)
		hone_events_warn(s->events, "%s was not kept below its largest size: %s",
			s->dir.root, err.msg);
	if (error)
		return;
	if (freed)
		hone_events_status(s->events, "Removed", "%s of %s that was used longest ago",
			hone_text_bytes(a, freed), s->dir.root);
	if (left > cap.bytes)
		hone_events_note(s->events,
			"%s occupies %s, above --max-disk %s: the rest are winners, or in use",
			s->dir.root, hone_text_bytes(a, left), hone_text_bytes(b, cap.bytes));
}

char *hone_results_elsewhere(const struct hone_session *s, const struct hone_result_run *r)
{
	hone_auto_free char *path = hone_path_join(s->dir.root, HONE_STORE_FILE);
	hone_auto_buf struct hone_buf cpu = HONE_BUF_INIT;
	struct hone_machine machine;
	char *why = NULL;
	struct stat st;

	hone_machine_read(&machine);
	hone_text_safe(&cpu, hone_view_of(r->cpu), false);
	if (strcmp(machine.cpu, r->cpu) != 0)
		why = hone_xasprintf("on another machine (its CPU: %s)", hone_buf_str(&cpu));
	else if (stat(path, &st) == 0 && st.st_uid != geteuid())
		why = hone_xstrdup("by another user, to whom the database belongs");
	hone_machine_release(&machine);
	return why;
}
