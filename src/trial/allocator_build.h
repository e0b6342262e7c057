#ifndef HONE_TRIAL_ALLOCATOR_BUILD_H
#define HONE_TRIAL_ALLOCATOR_BUILD_H
/* link.allocator: cargo compiles the allocator from the registry's sources, once for each target and C compiler. */
#include "session.h"

/* Where the plan has an allocator that is not compiled yet: compiles it, or takes what an earlier command made of the same
 * sources by the same compiler, and puts a plan with it in *plan's place. HONE_E_FAILED: cargo's words. */
int hone_allocator_prepare(
	const struct hone_session *s, const struct hone_plan **plan, struct hone_err *err);

#endif
