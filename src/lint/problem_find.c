/* The list that knows all lints. */
#include "problem_impl.h"

#include <string.h>

/* Errors first, then in the order of the table, then by message. */
static int by_weight(const void *a, const void *b)
{
	const struct hone_problem *pa = a, *pb = b;

	if (pa->kind != pb->kind)
		return pa->kind < pb->kind ? -1 : 1;
	return strcmp(pa->message, pb->message);
}

int hone_problems_find(const struct hone_problem_input *in, struct hone_problems *ret_problems,
	struct hone_err *err)
{
	struct hone_problems found = {0};
	struct hone_finder f = {.in = in, .out = &found};
	int code = hone_profile_set_world(in->profiles, in->profile, &f.world, err);

	if (!code)
		code = hone_profile_compute(in->profiles, in->profile, in->project->package,
			HONE_UNIT_TARGET, &f.profile, err);
	if (!code)
		code = hone_rustflags_find(in->profiles, &f.flags, err);
	if (!code)
		code = hone_profile_compute(in->profiles, in->profile, in->project->package,
			HONE_UNIT_TARGET, &f.in_force, err);
	if (!code) {
		hone_profile_apply_rustflags(&f.in_force, &f.flags);
		f.merged = hone_profile_world_find(f.world, in->profile);
		code = hone_find_program(&f, err);
	}
	if (!code) {
		hone_find_profile_problems(&f);
		hone_find_name_problems(&f);
		hone_find_flag_problems(&f);
		hone_find_linkage_problems(&f);
		hone_find_other_problems(&f);
		hone_find_link_problems(&f);
		code = hone_find_graph_problems(&f, err);
	}
	if (!code && in->deep)
		code = hone_find_unused_problems(&f, err);
	if (!code && in->deep)
		code = hone_find_panic_problems(&f, err);
	hone_profile_release(&f.profile);
	hone_profile_release(&f.in_force);
	hone_rustflags_release(&f.flags);
	free(f.in_program);
	if (code) {
		hone_problems_release(&found);
		return code;
	}
	if (found.n)
		qsort(found.v, found.n, sizeof(*found.v), by_weight);
	*ret_problems = found;
	return 0;
}
