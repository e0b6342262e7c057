#include "slurm.h"

#include "clock.h"
#include "fs.h"
#include "inputs.h"
#include "num.h"
#include "text.h"
#include "worker.h"

#include <string.h>

/* Between two looks at the queue: the controller is everybody's. */
#define LOOK_FIRST_NS (1 * HONE_NS_PER_S)
#define LOOK_LAST_NS (10 * HONE_NS_PER_S)
/* Files of a shared file system may come later than their task's end is told. */
#define LATE_LOOKS 3
#define LIMIT ((size_t)1 << 20)

enum task_state { GONE, WAITS, RUNS, HERE };

struct task {
	enum task_state state;
	bool seen; /* in this look */
	bool ran;  /* in an earlier one */
};

struct cluster {
	struct hone_try *t;
	const struct hone_slurm_request *r;
	struct hone_shard_facts facts;
	char *folder;
	uint64_t n;         /* tasks of the array, from 1 on; 0 is the training */
	struct task *tasks; /* [n + 1] */
	bool trains;
	struct hone_strv jobs; /* of this call, and of earlier ones */
	bool told_reason, told_silent;
};

static char *root_of(const struct hone_session *s)
{
	return hone_path_join(s->dir.root, "slurm");
}

static char *file_of(const struct cluster *c, uint64_t task, const char *ending)
{
	return hone_xasprintf("%s/%ju.%s", c->folder, (uintmax_t)task, ending);
}

/* One comparison has one folder: of its command, sources and tools. */
static void make_folder(struct cluster *c)
{
	const struct hone_session *s = c->t->session;
	hone_auto_strv struct hone_strv paths = HONE_STRV_INIT, hashes = HONE_STRV_INIT;
	const struct hone_strv *const lists[] = {
		c->r->words, &c->facts.labels, &c->facts.values, &paths, &hashes};
	hone_auto_buf struct hone_buf b = HONE_BUF_INIT;
	hone_auto_free char *root = root_of(s);
	char text[HONE_HASH_TEXT];

	hone_inputs_list(s->dir.inputs, s->project->workspace_root, &paths, &hashes);
	for (size_t i = 0; i < HONE_COUNT(lists); i++)
		for (size_t k = 0; k < lists[i]->n; k++)
			hone_buf_add(&b, lists[i]->v[k], strlen(lists[i]->v[k]) + 1);
	hone_buf_addf(&b, "%ju", (uintmax_t)c->n);
	c->folder = hone_path_join(root, hone_hash_text(text, hone_hash_bytes(hone_buf_view(&b))));
}

/* Did its file come? One that is damaged, or of something else, is made again. */
static void look_for_file(struct cluster *c, uint64_t task)
{
	hone_auto_shards struct hone_shards one = {0};
	hone_auto_free char *path = file_of(c, task, "shard");

	if (c->tasks[task].state == HERE || !hone_fs_exists(path))
		return;
	if (hone_shards_add(&one, path, NULL) || one.v[0]->at != task || one.v[0]->of != c->n ||
		hone_shard_fits(one.v[0], c->t, &c->facts, NULL)) {
		(void)hone_fs_remove(path, NULL);
		return;
	}
	c->tasks[task].state = HERE;
}

static uint64_t first(const struct cluster *c)
{
	return c->trains ? 0 : 1;
}

static uint64_t count(const struct cluster *c, enum task_state state)
{
	uint64_t n = 0;

	for (uint64_t i = first(c); i <= c->n; i++)
		n += c->tasks[i].state == state;
	return n;
}

/* What a task builds, for people. */
static const char *name_of(const struct cluster *c, uint64_t task)
{
	return task == 0        ? "the training"
	       : c->n < c->t->n ? "several candidates"
				: c->t->trials[task - 1].candidate->name;
}

/* ---- the queue */

static void see(void *ctx, uint64_t task, const char *state, const char *reason)
{
	static const char *const usual[] = {
		"None", "Priority", "Resources", "Dependency", "BeginTime", "JobArrayTaskLimit"};
	struct cluster *c = ctx;
	const struct hone_events *e = c->t->session->events;
	struct task *one = task <= c->n ? &c->tasks[task] : NULL;
	bool known = false;

	if (!one || one->state == HERE)
		return;
	one->seen = true;
	if (strcmp(state, "PENDING") != 0) {
		one->state = RUNS;
		one->ran = true;
		return;
	}
	if (one->ran)
		hone_events_note(e,
			"task %ju (%s) was requeued, by Slurm as its node died, or by hand: it "
			"begins "
			"again after two minutes, as Slurm has it",
			(uintmax_t)task, name_of(c, task));
	one->state = WAITS;
	one->ran = false;
	for (size_t i = 0; i < HONE_COUNT(usual); i++)
		known |= strcmp(usual[i], reason) == 0;
	if (!known && !c->told_reason)
		hone_events_note(e, "task %ju (%s) waits, for Slurm says %s", (uintmax_t)task,
			name_of(c, task), reason);
	c->told_reason |= !known;
}

/* One look. *ret_told: the controller answered. */
static int look(struct cluster *c, bool *ret_told, struct hone_err *err)
{
	hone_auto_err struct hone_err why = HONE_ERR_INIT;
	int error;

	for (uint64_t i = 0; i <= c->n; i++)
		c->tasks[i].seen = false;
	error = hone_slurm_queue(&c->jobs, see, c, &why);
	if (error == HONE_E_INTERRUPTED)
		return hone_err_move(err, &why);
	*ret_told = !error;
	if (error && !c->told_silent)
		hone_events_warn(c->t->session->events,
			"Slurm does not answer (%s): its nodes go on, and so does the waiting",
			why.msg);
	c->told_silent = error != 0;
	for (uint64_t i = first(c); i <= c->n; i++) {
		bool was_here = c->tasks[i].state == HERE;

		look_for_file(c, i);
		if (c->tasks[i].state == HERE && !was_here)
			hone_events_status(c->t->session->events, "Arrived", "%s (task %ju)",
				name_of(c, i), (uintmax_t)i);
		else if (!error && c->tasks[i].state != HERE && !c->tasks[i].seen)
			c->tasks[i].state = GONE;
	}
	return 0;
}

/* ---- submitting */

static int write_jobs(const struct cluster *c, struct hone_err *err)
{
	hone_auto_buf struct hone_buf b = HONE_BUF_INIT;
	hone_auto_free char *path = hone_path_join(c->folder, "jobs");

	for (size_t i = 0; i < c->jobs.n; i++)
		hone_buf_addf(&b, "%s\n", c->jobs.v[i]);
	return hone_fs_write(path, hone_buf_view(&b), 0666, err);
}

/* Those that an earlier call has left may be at work. */
static void read_jobs(struct cluster *c)
{
	hone_auto_free char *path = hone_path_join(c->folder, "jobs");
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	struct hone_view rest, line;
	bool started = false;
	uint64_t id;

	if (hone_fs_read(path, LIMIT, &text, NULL, NULL))
		return;
	rest = hone_buf_view(&text);
	while (hone_view_split(&rest, &started, '\n', &line))
		if (hone_parse_u64(line, &id))
			hone_strv_pushv(&c->jobs, line);
}

/* What every task runs: the number of its share comes from Slurm. Folders of one length, as paths may stand in programs. */
static int write_script(const struct cluster *c, const char *path, struct hone_err *err)
{
	hone_auto_strv struct hone_strv words = HONE_STRV_INIT;
	hone_auto_buf struct hone_buf b = HONE_BUF_INIT;
	hone_auto_free char *command = NULL;
	char *hone = NULL;
	int error = hone_path_real("/proc/self/exe", &hone, err);

	if (error)
		return error;
	hone_strv_take(&words, hone);
	hone_strv_push(&words, "hone");
	hone_strv_append(&words, hone_strv_argv(c->r->words) + 2);
	/* Of one path for all, as it stands in what is given to compilers. */
	hone_strv_push(&words, "--profiles");
	hone_strv_push(&words, c->t->session->dir.profiles);
	command = hone_text_command(hone_strv_argv(&words));
	hone_buf_adds(&b, "#!/bin/sh\nfolder=");
	hone_text_shell_word(&b, c->folder);
	hone_buf_adds(&b, "\nshard=${SLURM_ARRAY_TASK_ID:-0}\nset --\n");
	if (c->trains)
		hone_buf_adds(&b, "[ \"$shard\" = 0 ] || set -- --trained \"$folder/0.shard\"\n");
	hone_buf_addf(&b,
		"exec %s --target-dir \"$folder/$(printf %%05d \"$shard\")\" --shard "
		"\"$shard/%ju\" "
		"--output \"$folder/$shard.shard\" \"$@\"\n",
		command, (uintmax_t)c->n);
	return hone_fs_write(path, hone_buf_view(&b), 0777, err);
}

static int submit(struct cluster *c, const char *array, const char *log, const char *after,
	struct hone_err *err)
{
	hone_auto_free char *script = hone_path_join(c->folder, "task.sh");
	hone_auto_strv struct hone_strv argv = HONE_STRV_INIT;
	char *id = NULL;
	int error = write_script(c, script, err);

	hone_strv_push(&argv, "sbatch");
	hone_strv_copy(&argv, c->r->options);
	hone_strv_push(&argv, "--parsable");
	hone_strv_pushf(&argv, "--job-name=hone-%s", c->t->session->project->target->name);
	hone_strv_pushf(&argv, "--output=%s/%s.log", c->folder, log);
	if (array)
		hone_strv_pushf(&argv, "--array=%s", array);
	if (after) {
		hone_strv_pushf(&argv, "--dependency=afterok:%s", after);
		hone_strv_push(&argv, "--kill-on-invalid-dep=yes");
	}
	hone_strv_push(&argv, script);
	if (!error)
		error = hone_slurm_submit(hone_strv_argv(&argv), &id, err);
	if (error)
		return error;
	hone_strv_take(&c->jobs, id);
	return write_jobs(c, err);
}

static int submit_missing(struct cluster *c, struct hone_err *err)
{
	const struct hone_events *e = c->t->session->events;
	hone_auto_buf struct hone_buf list = HONE_BUF_INIT;
	const char *after = NULL;
	uint64_t n = 0;
	int error = 0;

	for (uint64_t i = 1; i <= c->n; i++)
		if (c->tasks[i].state == GONE && ++n)
			hone_buf_addf(&list, "%s%ju", list.n ? "," : "", (uintmax_t)i);
	if (c->trains && c->tasks[0].state == GONE) {
		error = submit(c, NULL, "0", NULL, err);
		if (!error)
			hone_events_status(
				e, "Submitted", "job %s: the training", c->jobs.v[c->jobs.n - 1]);
	}
	if (!error && c->trains && c->tasks[0].state != HERE)
		after = c->jobs.v[c->jobs.n - 1];
	if (error || !n)
		return error;
	error = submit(c, hone_buf_str(&list), "%a", after, err);
	if (!error)
		hone_events_status(e, "Submitted", "job %s: %ju %s%s%s%s", c->jobs.v[c->jobs.n - 1],
			(uintmax_t)n, n == 1 ? "task" : "tasks", after ? ", after job " : "",
			after ? after : "", count(c, HERE) ? "; the others are there already" : "");
	return error;
}

/* ---- the end */

/* What the tasks that left no file said. */
static int tell_lost(const struct cluster *c, struct hone_err *err)
{
	hone_auto_buf struct hone_buf b = HONE_BUF_INIT;
	uint64_t lost = 0, shown = 0;

	for (uint64_t i = first(c); i <= c->n; i++) {
		hone_auto_free char *path = file_of(c, i, "log");
		hone_auto_buf struct hone_buf log = HONE_BUF_INIT;
		hone_auto_free char *how = NULL;

		if (c->tasks[i].state == HERE)
			continue;
		lost++;
		if (shown++ >= 3)
			continue;
		for (size_t k = c->jobs.n; k > 0 && (!how || !*how); k--) {
			free(how);
			how = hone_slurm_end(c->jobs.v[k - 1], i);
		}
		hone_buf_addf(&b, "\ntask %ju (%s): %s", (uintmax_t)i, name_of(c, i),
			how && *how ? how : "Slurm has forgotten how it ended");
		if (!hone_fs_read(path, LIMIT, &log, NULL, NULL) && log.n) {
			hone_buf_adds(&b, "; it said:\n");
			hone_text_excerpt(&b, hone_buf_view(&log), 2, 6);
		}
	}
	hone_err_set(err, HONE_E_FAILED, "%ju of %ju tasks ended without a result:%s%s",
		(uintmax_t)lost, (uintmax_t)(c->n + c->trains), hone_buf_str(&b),
		lost > 3 ? "\nand others" : "");
	return hone_err_hint(
		err, "what arrived is kept: the same command has only the others built again");
}

static int wait_for_all(struct cluster *c, struct hone_err *err)
{
	uint64_t all = c->n + c->trains;
	int64_t pause = LOOK_FIRST_NS;
	unsigned late = 0;
	int error = 0;

	while (!error && count(c, HERE) < all) {
		bool told = false;
		size_t ended;

		hone_events_progress(c->t->session->events,
			"waiting for Slurm: %ju of %ju there, %ju at work, %ju queued",
			(uintmax_t)count(c, HERE), (uintmax_t)all, (uintmax_t)count(c, RUNS),
			(uintmax_t)count(c, WAITS));
		error = hone_workers_wait(NULL, 0, pause, NULL, NULL, &ended, err);
		if (!error)
			error = look(c, &told, err);
		if (error || count(c, HERE) == all)
			break;
		late = told && count(c, GONE) + count(c, HERE) == all ? late + 1 : 0;
		if (late >= LATE_LOOKS)
			error = tell_lost(c, err);
		pause = late ? LOOK_FIRST_NS : pause + pause / 4;
		if (pause > LOOK_LAST_NS)
			pause = LOOK_LAST_NS;
	}
	hone_events_settled(c->t->session->events);
	return error;
}

static int read_all(struct cluster *c, struct hone_shards *ret, struct hone_err *err)
{
	int error = 0;

	for (uint64_t i = first(c); !error && i <= c->n; i++) {
		hone_auto_free char *path = file_of(c, i, "shard");
		hone_auto_free char *target = hone_xasprintf("%s/%05ju", c->folder, (uintmax_t)i);

		error = hone_shards_add(ret, path, err);
		(void)hone_fs_remove_tree(target, NULL);
	}
	return error ? error : hone_shards_check(ret, err);
}

static int prepare(struct cluster *c, struct hone_err *err)
{
	uint64_t largest = 0;
	bool told = false;
	int error = hone_slurm_largest(&largest, err);

	if (error)
		return error;
	if (!largest)
		return hone_err_set(err, HONE_E_UNSUPPORTED,
			"this Slurm has no arrays of jobs (MaxArraySize in slurm.conf)");
	c->n = c->t->n;
	if (c->n > largest) {
		c->n = largest;
		hone_events_note(c->t->session->events,
			"this Slurm's arrays end at %ju (MaxArraySize), and there are %zu "
			"candidates: a "
			"task builds several",
			(uintmax_t)largest, c->t->n);
	}
	for (size_t i = 0; i < c->t->n; i++)
		c->trains |= c->t->trials[i].plan->instrument != NULL;
	hone_shard_facts_find(c->t, &c->facts);
	make_folder(c);
	c->tasks = hone_xcalloc(c->n + 1, sizeof(*c->tasks));
	error = hone_fs_mkdirs(c->folder, err);
	read_jobs(c);
	return error ? error : look(c, &told, err);
}

int hone_slurm_shards(struct hone_try *t, const struct hone_slurm_request *r,
	struct hone_shards *ret, struct hone_err *err)
{
	struct cluster c = {.t = t, .r = r};
	int error = prepare(&c, err);

	if (!error)
		error = submit_missing(&c, err);
	if (!error)
		error = wait_for_all(&c, err);
	if (error == HONE_E_INTERRUPTED) {
		hone_slurm_cancel(&c.jobs);
		hone_err_hint(err, "%sthe same command goes on from what arrived (%ju of %ju)",
			c.jobs.n ? "the jobs were cancelled; " : "", (uintmax_t)count(&c, HERE),
			(uintmax_t)(c.n + c.trains));
	}
	if (!error)
		error = read_all(&c, ret, err);
	hone_shard_facts_release(&c.facts);
	hone_strv_release(&c.jobs);
	free(c.folder);
	free(c.tasks);
	return error;
}

void hone_slurm_forget(const struct hone_session *s)
{
	hone_auto_free char *root = root_of(s);

	(void)hone_fs_remove_tree(root, NULL);
}
