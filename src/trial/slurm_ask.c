/* Slurm's commands, and what they say. */
#include "slurm.h"

#include "num.h"
#include "proc.h"
#include "text.h"

#include <string.h>

/* Its commands wait for a controller that does not answer for some ten seconds, and try again. */
#define DEADLINE_NS (120 * HONE_NS_PER_S)

/* With another key the controller closes the connection, and Slurm 22.05 says no more than that nothing came. */
#define WRONG_KEY                                                                                  \
	"the key of munge, its daemon or its clock is another here than on the controller: "       \
	"`munge -n | unmunge` tells of this machine"

/* What to do about what Slurm said. */
static const struct {
	const char *said, *hint;
} remedies[] = {
	{"invalid partition", "`sinfo` lists the partitions: --sbatch '--partition=NAME'"},
	{"Invalid partition", "`sinfo` lists the partitions: --sbatch '--partition=NAME'"},
	{"Munge", WRONG_KEY},
	{"Zero Bytes were transmitted", WRONG_KEY},
	{"authentication", WRONG_KEY},
	{"Unable to contact", "is the controller up? `scontrol ping` asks it"},
	{"establish a configuration source",
		"this machine is in no cluster: SLURM_CONF, or /etc/slurm/slurm.conf, names one"},
	{"unrecognized option", "--sbatch takes options of sbatch: `sbatch --help`"},
};

static int failed(const char *program, const struct hone_proc_result *r, struct hone_err *err)
{
	hone_auto_buf struct hone_buf said = HONE_BUF_INIT;
	hone_auto_free char *how = hone_proc_how_ended(r);

	hone_text_excerpt(&said, hone_buf_view(&r->err), 4, 4);
	hone_err_set(err, HONE_E_FAILED, "%s: %s", program, said.n ? hone_buf_str(&said) : how);
	for (size_t i = 0; i < HONE_COUNT(remedies); i++)
		if (strstr(hone_buf_str(&said), remedies[i].said))
			return hone_err_hint(err, "%s", remedies[i].hint);
	return err ? err->code : HONE_E_FAILED;
}

static int ask(const char *const *argv, struct hone_proc_result *ret, struct hone_err *err)
{
	const struct hone_proc_spec spec = {.argv = argv, .deadline_ns = DEADLINE_NS};
	int error = hone_proc_run(&spec, ret, err);

	if (error == HONE_E_NOT_FOUND) {
		hone_err_set(err, HONE_E_NOT_FOUND, "Slurm is not here: there is no `%s` in PATH",
			argv[0]);
		return hone_err_hint(err, "Debian's package is slurm-client; other machines can "
					  "build shares, too: `cargo hone try --shard K/N`");
	}
	if (!error && !hone_proc_succeeded(ret))
		error = failed(argv[0], ret, err);
	return error;
}

int hone_slurm_largest(uint64_t *ret, struct hone_err *err)
{
	static const char key[] = "MaxArraySize";
	const char *const argv[] = {"scontrol", "show", "config", NULL};
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	int error = ask(argv, &r, err);
	struct hone_view rest = hone_buf_view(&r.out), line;
	bool started = false;
	uint64_t size = 0;

	while (!error && hone_view_split(&rest, &started, '\n', &line)) {
		size_t at = hone_view_find(line, 0, '=');

		if (hone_view_starts(line, key) && at < line.n)
			(void)hone_parse_u64(
				hone_view_trim(hone_view_sub(line, at + 1, line.n)), &size);
	}
	*ret = size ? size - 1 : 0;
	return error;
}

int hone_slurm_submit(const char *const *argv, char **ret_id, struct hone_err *err)
{
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	int error = ask(argv, &r, err);
	struct hone_view id = hone_view_trim(hone_buf_view(&r.out));
	uint64_t number;

	if (error)
		return error;
	/* "12", or "12;cluster" */
	id = hone_view_sub(id, 0, hone_view_find(id, 0, ';'));
	if (!hone_parse_u64(id, &number))
		return hone_err_set(err, HONE_E_FAILED, "sbatch says no number of a job: `%s`",
			hone_buf_str(&r.out));
	*ret_id = hone_view_dup(id);
	return 0;
}

/* "JOB|TASK|STATE|REASON" */
static void take_line(struct hone_view line, hone_slurm_task_fn *each, void *ctx)
{
	char *parts[4] = {NULL};
	struct hone_view rest = line, part;
	bool started = false;
	uint64_t task = 0;
	size_t n = 0;

	while (n < HONE_COUNT(parts) && hone_view_split(&rest, &started, '|', &part))
		parts[n++] = hone_view_dup(part);
	if (n == HONE_COUNT(parts)) {
		(void)hone_parse_u64(hone_view_of(parts[1]), &task);
		each(ctx, task, parts[2], parts[3]);
	}
	for (size_t i = 0; i < n; i++)
		free(parts[i]);
}

int hone_slurm_queue(
	const struct hone_strv *jobs, hone_slurm_task_fn *each, void *ctx, struct hone_err *err)
{
	hone_auto_buf struct hone_buf list = HONE_BUF_INIT;
	hone_auto_err struct hone_err why = HONE_ERR_INIT;
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	const char *const format = "--format=%F|%K|%T|%r";
	struct hone_view rest, line;
	bool started = false;
	int error;

	if (!jobs->n)
		return 0;
	for (size_t i = 0; i < jobs->n; i++)
		hone_buf_addf(&list, "%s%s", i ? "," : "", jobs->v[i]);
	error = ask((const char *const[]){"squeue", "--noheader", "--array", "--jobs",
			    hone_buf_str(&list), format, NULL},
		&r, &why);
	/* Of a single job that it has forgotten it says so; of several it leaves that one out. */
	if (error == HONE_E_FAILED && strstr(why.msg, "Invalid job id"))
		return 0;
	if (error)
		return hone_err_move(err, &why);
	rest = hone_buf_view(&r.out);
	while (hone_view_split(&rest, &started, '\n', &line))
		take_line(line, each, ctx);
	return 0;
}

/* The value of "KEY=" in a line of words. The caller frees. */
static char *value_of(const struct hone_buf *text, const char *key)
{
	const char *at = strstr(hone_buf_str(text), key);

	return at ? hone_xstrndup(at + strlen(key), strcspn(at + strlen(key), " \n"))
		  : hone_xstrdup("");
}

char *hone_slurm_end(const char *job, uint64_t task)
{
	static const char *const words[][2] = {
		{"TIMEOUT", "it was over its time (--sbatch '--time=...')"},
		{"NODE_FAIL", "its node died"}, {"OUT_OF_MEMORY", "its memory ran out"},
		{"CANCELLED", "it was cancelled"}, {"PREEMPTED", "others came before it"}};
	hone_auto_free char *name =
		task ? hone_xasprintf("%s_%ju", job, (uintmax_t)task) : hone_xstrdup(job);
	const char *const argv[] = {"scontrol", "--oneliner", "show", "job", name, NULL};
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	hone_auto_free char *state = NULL;
	hone_auto_free char *code = NULL;

	if (ask(argv, &r, NULL))
		return hone_xstrdup("");
	state = value_of(&r.out, "JobState=");
	code = value_of(&r.out, "ExitCode=");
	for (size_t i = 0; i < HONE_COUNT(words); i++)
		if (strcmp(words[i][0], state) == 0)
			return hone_xstrdup(words[i][1]);
	return hone_xasprintf("Slurm says %s, exit code %s", state, code);
}

void hone_slurm_cancel(const struct hone_strv *jobs)
{
	hone_auto_strv struct hone_strv argv = HONE_STRV_INIT;
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;

	if (!jobs->n)
		return;
	hone_strv_push(&argv, "scancel");
	hone_strv_copy(&argv, jobs);
	(void)ask(hone_strv_argv(&argv), &r, NULL);
}
