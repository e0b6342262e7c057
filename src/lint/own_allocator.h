#ifndef HONE_LINT_OWN_ALLOCATOR_H
#define HONE_LINT_OWN_ALLOCATOR_H
/* Has the program an allocator of its own? */
#include "profile.h"

/* Reads the sources of the packages that the program is made of, within limits. *ret_text: where there is a
 * #[global_allocator] that is compiled for the target ("src/main.rs:3:1 has a #[global_allocator]"), which the caller
 * frees, or NULL: none was seen. */
int hone_own_allocator_find(
	const struct hone_profile_set *profiles, char **ret_text, struct hone_err *err);

#endif
