/* That a setting is at work is not believed because the linker said nothing: a run has to show it. */
#include "fs.h"
#include "measure_impl.h"

#include <string.h>

/* Of a program that is asked for its version only for what it says before. */
#define MOST_OUTPUT ((size_t)64 << 20)

static bool said(const struct hone_comparison *s, const char *answer)
{
	hone_auto_free char *path = hone_path_join(s->run_dir, "stderr");
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;

	return !hone_fs_read(path, MOST_OUTPUT, &text, NULL, NULL) && text.n &&
	       memmem(text.p, text.n, answer, strlen(answer));
}

static int run_workload(struct hone_comparison *s, const struct hone_workload *w, size_t who,
	bool *ret_said, struct hone_err *err)
{
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	hone_auto_free char *failure = NULL;
	struct hone_sample sample;
	int error;

	if (w->service)
		error = hone_run_service(s, w,
			&(struct hone_service_run){.who = who, .bodies = "proof"}, &sample,
			&failure, err);
	else
		error = hone_run_workload(s, w, who, HONE_RUN_GATE, 0, &r, err);
	*ret_said = !error && said(s, s->contestants[who].answer);
	return error;
}

/* The workload may keep stderr, or the environment, from the program. */
static int run_alone(struct hone_comparison *s, const struct hone_workload *w, size_t who,
	bool *ret_said, struct hone_err *err)
{
	static const char *const argv[] = {"{bin}", "--version", NULL};
	const char *answer = s->contestants[who].answer;
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	hone_auto_err struct hone_err why = HONE_ERR_INIT;
	int error = hone_run_aside(s, w, argv, who, &r, &why);

	if (error == HONE_E_INTERRUPTED)
		return hone_err_move(err, &why);
	*ret_said = !error && r.err.n && memmem(r.err.p, r.err.n, answer, strlen(answer));
	return 0;
}

int hone_gate_prove(struct hone_comparison *s, size_t workload, size_t who, struct hone_err *err)
{
	const struct hone_contestant *c = &s->contestants[who];
	const struct hone_workload *w = &s->workloads[workload];
	struct hone_left_out more = {0};
	bool seen = false;
	int error = 0;

	/* It is about the program, not about one workload. */
	if (!c->ask || workload)
		return 0;
	hone_strv_push(&more.env, c->ask);
	s->more = &more;
	if (!w->until_output)
		error = run_workload(s, w, who, &seen, err);
	if (!error && !seen)
		error = run_alone(s, w, who, &seen, err);
	s->more = NULL;
	hone_strv_release(&more.env);
	if (!error && !seen)
		hone_comparison_out(s, who, HONE_RUN_FAILED,
			hone_xasprintf("with %s in its environment it does not write `%s...` to "
				       "stderr: its allocator is not at work",
				c->ask, c->answer));
	return error;
}
