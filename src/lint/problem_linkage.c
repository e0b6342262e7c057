/* What the program is linked with. */
#include "problem_impl.h"

#include <string.h>

/* cargo gives a Rust dylib -C prefer-dynamic unless its package is built for its own sake, and so the dynamic std, which
 * was compiled to unwind: rustc makes no such library that aborts. Source: cargo, core/compiler/mod.rs,
 * is_primary_package; seen: "the linked panic runtime `panic_unwind` is not compiled with this crate's panic strategy `abort`". */
static bool is_dependency(const struct hone_finder *f, size_t i)
{
	const struct hone_project *p = f->in->project;

	return f->in_program[i] &&
	       (p->package ? &p->packages[i] != p->package : !p->packages[i].default_member);
}

void hone_find_linkage_problems(struct hone_finder *f)
{
	const struct hone_project *project = f->in->project;
	const struct hone_profile_value *v = hone_profile_get(&f->in_force, HONE_SET_PANIC);

	if (!hone_finder_aborts(f) || f->in->builds_std)
		return;
	for (size_t i = 0; i < project->n_packages; i++) {
		const struct hone_package *p = &project->packages[i];

		for (size_t k = 0; is_dependency(f, i) && k < p->n_targets; k++) {
			const struct hone_target *t = &p->targets[k];

			if (t->kind != HONE_KIND_EXAMPLE && hone_strv_has(&t->crate_types, "dylib"))
				hone_problem_remedy(
					hone_problem_add(f, "abort-dylib", v->where,
						"`panic = %s` makes rustc stop: the dependency %s "
						"is a Rust dylib (%s), whose std unwinds",
						v->value, t->name, p->manifest_path),
					"panic = \"unwind\"");
		}
	}
}
