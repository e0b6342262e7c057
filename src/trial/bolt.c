#include "bolt.h"

#include "fs.h"
#include "object.h"
#include "proc.h"

#include <string.h>

/* Programs of a hundred megabytes take minutes. */
#define BOLT_NS (1800 * HONE_NS_PER_S)

/* The last lines that a tool said: its errors stand there. */
static struct hone_view last_words(const struct hone_proc_result *r)
{
	struct hone_view words = hone_view_trim(hone_buf_view(r->err.n ? &r->err : &r->out));
	size_t from = words.n > 2000 ? words.n - 2000 : 0;

	while (from && from < words.n && words.p[from - 1] != '\n')
		from++;
	for (struct hone_view rest = words; rest.n;) {
		size_t end = hone_view_find(rest, 0, '\n');

		if (hone_view_starts(rest, "BOLT-ERROR"))
			return rest;
		rest = hone_view_sub(rest, end + 1, rest.n);
	}
	return hone_view_sub(words, from, words.n);
}

int hone_bolt_tool(struct hone_strv *argv, const char *what, struct hone_err *err)
{
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	struct hone_proc_spec spec = {.argv = hone_strv_argv(argv), .deadline_ns = BOLT_NS};
	hone_auto_free char *how = NULL;
	struct hone_view words;
	int error = hone_proc_run(&spec, &r, err);

	if (error || hone_proc_succeeded(&r))
		return error;
	how = hone_proc_how_ended(&r);
	words = last_words(&r);
	return hone_err_set(err, HONE_E_FAILED, "%s: %s: %s%s%.*s", what, argv->v[0], how,
		words.n ? ": " : "", (int)words.n, words.p);
}

int hone_bolt(const struct hone_plan *plan, const char *folder, struct hone_buf *bytes,
	struct hone_err *err)
{
	hone_auto_free char *from = hone_path_join(folder, "linked");
	hone_auto_free char *to = hone_path_join(folder, "laid-out");
	hone_auto_strv struct hone_strv argv = HONE_STRV_INIT;
	hone_auto_object_info struct hone_object_info info = HONE_OBJECT_INFO_INIT;
	struct hone_buf out = {.limit = HONE_BOLT_PROGRAM};
	int error = hone_fs_remove(to, err);

	hone_plan_bolt_args(plan, from, plan->bolt.profile, to, &argv);
	if (!error)
		error = hone_fs_write_cache(from, hone_buf_view(bytes), 0755, err);
	if (!error)
		error = hone_bolt_tool(&argv, "laying the program out", err);
	if (!error)
		error = hone_fs_read(to, HONE_BOLT_PROGRAM, &out, NULL, err);
	if (!error && hone_object_info_from_bytes(hone_buf_view(&out), &info, err))
		error = hone_err_wrap(err, "what llvm-bolt wrote");
	(void)hone_fs_remove(from, NULL);
	(void)hone_fs_remove(to, NULL);
	if (error) {
		hone_buf_release(&out);
		return error;
	}
	hone_buf_release(bytes);
	*bytes = out;
	return 0;
}
