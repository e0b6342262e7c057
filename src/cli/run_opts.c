/* Options of the commands that run workloads. */
#include "run_opts.h"

#include "path.h"

int hone_cli_wrong_words(const char *option, struct hone_err *err)
{
	hone_err_wrap(err, "%s", option);
	err->code = HONE_E_USAGE;
	return HONE_E_USAGE;
}

int hone_cli_workloads(const struct hone_strv *run, const char *stdin_path, struct hone_try *t,
	struct hone_err *err)
{
	if (!run->n)
		return hone_session_workloads(t->session, &t->workloads.v, &t->workloads.n, err);
	t->workloads.v = hone_xcalloc(run->n, sizeof(*t->workloads.v));
	for (size_t i = 0; i < run->n; i++) {
		struct hone_workload *w = &t->workloads.v[i];
		int error = hone_workload_from_line(w, run->v[i], run->v[i], err);

		if (error)
			return hone_cli_wrong_words("--run", err);
		t->workloads.n++;
		if (stdin_path)
			w->stdin_path = hone_path_absolute(stdin_path);
	}
	return 0;
}
