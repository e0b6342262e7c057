#include "check_git.h"

#include "proc.h"

#include <string.h>

#define LONGEST_NS (INT64_C(600) * 1000000000)

int hone_git(const char *dir, const char *const *args, const char *const *env, struct hone_buf *ret,
	struct hone_err *err)
{
	hone_auto_strv struct hone_strv argv = HONE_STRV_INIT;
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	struct hone_proc_spec spec = {.dir = dir,
		.env = env,
		.out = HONE_SINK_CAPTURE,
		.errout = HONE_SINK_CAPTURE,
		.deadline_ns = LONGEST_NS};
	int error;

	hone_strv_push(&argv, "git");
	hone_strv_append(&argv, args);
	spec.argv = hone_strv_argv(&argv);
	error = hone_proc_run(&spec, &r, err);
	if (error == HONE_E_NOT_FOUND)
		return hone_err_hint(err, "install git, or compare with a file: --against FILE");
	if (error)
		return error;
	if (!hone_proc_succeeded(&r)) {
		struct hone_view said = hone_view_trim(hone_buf_view(&r.err));

		return hone_err_set(err, HONE_E_FAILED, "git %s: %.*s", args[0], (int)said.n,
			said.n ? said.p : "");
	}
	if (ret)
		hone_buf_addv(ret, hone_buf_view(&r.out));
	return 0;
}

char *hone_git_ask(const char *dir, const char *const *args)
{
	hone_auto_buf struct hone_buf out = HONE_BUF_INIT;

	if (hone_git(dir, args, NULL, &out, NULL))
		return NULL;
	return hone_view_dup(hone_view_trim(hone_buf_view(&out)));
}

char *hone_git_commit(const char *dir, const char *rev)
{
	hone_auto_free char *peeled = hone_xasprintf("%s^{commit}", rev);
	const char *const args[] = {
		"rev-parse", "--verify", "--quiet", "--end-of-options", peeled, NULL};

	return hone_git_ask(dir, args);
}

bool hone_git_is_shallow(const char *dir)
{
	const char *const args[] = {"rev-parse", "--is-shallow-repository", NULL};
	hone_auto_free char *said = hone_git_ask(dir, args);

	return said && strcmp(said, "true") == 0;
}

int hone_git_no_revision(const char *dir, const char *rev, struct hone_err *err)
{
	hone_err_set(err, HONE_E_NOT_FOUND, "git knows no revision `%s` here", rev);
	if (hone_git_is_shallow(dir))
		return hone_err_hint(
			err, "this clone is shallow: `git fetch --unshallow` brings its history");
	return hone_err_hint(err, "`git fetch` may bring it");
}
