/* Which packages the program really consists of. */
#include "problem_impl.h"

#include <string.h>

static void mark(void *ctx, struct hone_view line)
{
	struct hone_finder *f = ctx;
	size_t i = hone_cargo_tree_package(f->in->project, line);

	f->in_program[i] = true; /* there is one more than packages */
}

int hone_find_program(struct hone_finder *f, struct hone_err *err)
{
	const struct hone_project *p = f->in->project;
	int code;

	f->in_program = hone_xcalloc(p->n_packages + 1, sizeof(bool));
	if (f->in->deep && p->graph) {
		code = hone_cargo_tree(
			f->in->profiles, "normal,no-proc-macro", "{p}", mark, f, &f->exact, err);
		if (code)
			return code;
	}
	if (!f->exact)
		memcpy(f->in_program, hone_profile_in_target(f->in->profiles),
			p->n_packages * sizeof(bool));
	return 0;
}
