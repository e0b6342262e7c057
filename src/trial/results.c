#include "results.h"

#include "disk_cap.h"
#include "fs.h"
#include "num.h"
#include "store_held.h"
#include "text.h"

#include <string.h>
#include <unistd.h>

int hone_results_open(
	const struct hone_session *s, bool create, struct hone_store **ret, struct hone_err *err)
{
	hone_auto_free char *path = hone_path_join(s->dir.root, HONE_STORE_FILE);

	return hone_store_held_open(s->results, path, create, ret, err);
}

/* Older ones are not looked through for one of this machine. */
#define MOST_LOOKED_AT 100

static int last_of(const struct hone_session *s, const struct hone_here *here,
	enum hone_store_detail detail, struct hone_result_run *ret, struct hone_err *err)
{
	const struct hone_project *p = s->project;
	const struct hone_store_filter filter = {.package = p->package ? p->package->name : NULL,
		.bin = p->target ? p->target->name : NULL,
		.kind = p->target ? hone_target_kind_name(p->made) : NULL};
	struct hone_store *store = NULL;
	hone_auto_free int64_t *ids = NULL;
	size_t n = 0, at = 0;
	bool own = false;
	int error = hone_results_open(s, false, &store, err);

	if (!error)
		error = hone_here_ids(here, store, filter, &ids, &n, err);
	if (!error && !n)
		error = hone_err_set(err, HONE_E_NOT_FOUND, "nothing was measured yet");
	for (size_t i = 0; !error && !own && i < n && i < MOST_LOOKED_AT; i++) {
		hone_auto_result_run struct hone_result_run run = HONE_RESULT_RUN_INIT;

		error = hone_store_get(store, NULL, ids[i], HONE_STORE_HEAD, &run, err);
		if (!error)
			hone_here_mark(here, &run);
		own = !error && !run.elsewhere;
		at = own ? i : at;
	}
	return error ? error : hone_store_get(store, NULL, ids[at], detail, ret, err);
}

int hone_results_last(const struct hone_session *s, enum hone_store_detail detail,
	struct hone_result_run *ret, struct hone_err *err)
{
	struct hone_here here;
	int error;

	hone_here_init(&here, s);
	error = last_of(s, &here, detail, ret, err);
	if (!error)
		hone_here_mark(&here, ret);
	hone_here_release(&here);
	return error;
}

void hone_results_cap(const struct hone_session *s, uint64_t max_disk, int64_t since_s)
{
	hone_auto_strv struct hone_strv winners = HONE_STRV_INIT;
	struct hone_store *store = NULL;
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

/* ---- here, or elsewhere */

static char *user_text(void)
{
	return hone_xasprintf("%ju", (uintmax_t)getuid());
}

void hone_here_init(struct hone_here *h, const struct hone_session *s)
{
	hone_auto_free char *path = hone_path_join(s->dir.root, HONE_STORE_FILE);
	struct stat st;

	*h = (struct hone_here){.user = user_text(),
		.workspace = s->project->workspace_root,
		.home = s->dir.root,
		.below = hone_path_relative(s->dir.root, s->project->workspace_root),
		.foreign = stat(path, &st) == 0 && st.st_uid != geteuid()};
	hone_machine_read(&h->machine);
}

void hone_here_release(struct hone_here *h)
{
	hone_machine_release(&h->machine);
	free(h->user);
	free(h->below);
	*h = (struct hone_here){0};
}

/* A machine that does not tell what it is, is told by its CPU. */
static bool is_same_machine(const struct hone_machine *m, const struct hone_result_run *run)
{
	return m->id ? run->machine_id && strcmp(m->id, run->machine_id) == 0
		     : !run->machine_id && strcmp(m->cpu, run->cpu) == 0;
}

void hone_here_mark(const struct hone_here *h, struct hone_result_run *run)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;

	run->elsewhere = NULL;
	if (!is_same_machine(&h->machine, run)) {
		hone_buf_adds(&text, run->machine_id || !h->machine.id
					     ? "on another machine (its CPU: "
					     : "on a machine that is not known (its CPU: ");
		hone_text_safe(&text, hone_view_of(run->cpu), false);
		hone_buf_addc(&text, ')');
	} else if (h->foreign) {
		hone_buf_adds(&text, "by another user, to whom the database belongs");
	} else if (run->user && strcmp(run->user, h->user) != 0) {
		hone_buf_adds(&text, "by another user");
	} else if (strcmp(run->workspace, h->workspace) != 0) {
		hone_buf_adds(&text, "at another path (");
		hone_text_safe(&text, hone_view_of(run->workspace), false);
		hone_buf_addc(&text, ')');
	}
	if (text.n)
		run->elsewhere = hone_arena_strdup(&run->arena, hone_buf_str(&text));
}

int hone_here_ids(const struct hone_here *h, struct hone_store *store,
	struct hone_store_filter filter, int64_t **ret_ids, size_t *ret_n, struct hone_err *err)
{
	filter.workspace = h->workspace;
	/* A folder outside of the workspace may be that of several. */
	if (*h->below != '/') {
		filter.home = h->home;
		filter.below = h->below;
	}
	return hone_store_ids(store, &filter, ret_ids, ret_n, err);
}

void hone_results_sign(const struct hone_session *s, struct hone_result_run *run)
{
	hone_auto_free char *user = user_text();
	hone_auto_free char *below = hone_path_relative(s->dir.root, s->project->workspace_root);

	run->user = hone_arena_strdup(&run->arena, user);
	run->home = s->dir.root;
	run->below = hone_arena_strdup(&run->arena, below);
}
