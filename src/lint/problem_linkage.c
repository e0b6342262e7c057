/* What the program is linked with. */
#include "problem_impl.h"

#include <string.h>

/* A Rust dylib brings the dynamic std, which was compiled to unwind: rustc links no program that aborts with it, nor
 * makes such a library that aborts. Seen with rustc 1.95: "the linked panic runtime `panic_unwind` is not compiled with
 * this crate's panic strategy `abort`". */
static void find_dylib(struct hone_finder *f, const struct hone_package *package)
{
	const struct hone_profile_value *v = hone_profile_get(&f->in_force, HONE_SET_PANIC);

	for (size_t i = 0; i < package->n_targets; i++) {
		const struct hone_target *t = &package->targets[i];

		if (!hone_strv_has(&t->crate_types, "dylib") || !strcmp(t->kind, "example"))
			continue;
		hone_problem_remedy(
			hone_problem_add(f, "abort-dylib", v->where,
				"`panic = %s` (%s) makes rustc stop: %s %s is a Rust dylib (%s), "
				"and its std unwinds",
				v->value, v->where ? v->where : "default",
				package == f->in->project->package ? "the library"
								   : "the dependency",
				t->name, package->manifest_path),
			"panic = \"unwind\"");
	}
}

void hone_find_linkage_problems(struct hone_finder *f)
{
	const struct hone_project *p = f->in->project;

	if (!hone_finder_aborts(f) || f->in->builds_std)
		return;
	for (size_t i = 0; i < p->n_packages; i++)
		if (f->in_program[i])
			find_dylib(f, &p->packages[i]);
}
