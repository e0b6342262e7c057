#ifndef HONE_BUILD_PLAN_IMPL_H
#define HONE_BUILD_PLAN_IMPL_H
/* Inside of the planner, for plan*.c. */
#include "plan.h"

/* The triple that the plan builds for. Borrowed. */
const char *hone_plan_triple(const struct hone_build_env *env);

/* Appends the flags that a value stands for, as separate arguments. An option of LLVM that this compiler
 * does not know is left out, and the plan's notes say so. */
int hone_plan_add_flags(const struct hone_build_env *env, struct hone_plan *plan,
	const struct hone_assign *a, struct hone_strv *to, struct hone_err *err);
/* Appends --config arguments to the command that give every crate these flags, besides the user's own.
 * HONE_E_USAGE when they would be lost. */
int hone_plan_add_graph_flags(const struct hone_build_env *env, struct hone_plan *plan,
	const struct hone_strv *flags, struct hone_err *err);

/* Can this be carried out here? HONE_E_USAGE with the reason: a setting that needs panic="abort" where
 * panics unwind, a linker that is not installed or does not know a setting. */
int hone_plan_check(
	const struct hone_build_env *env, const struct hone_plan *plan, struct hone_err *err);

#endif
