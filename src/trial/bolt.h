#ifndef HONE_TRIAL_BOLT_H
#define HONE_TRIAL_BOLT_H
/* llvm-bolt on the linked program. */
#include "plan.h"

/* The largest program that it is given. */
#define HONE_BOLT_PROGRAM ((size_t)2 << 30)

/* Replaces bytes, the linked program, by what llvm-bolt makes of it with the plan's profile; files lie in folder
 * meanwhile. HONE_E_FAILED: in llvm-bolt's own words. */
int hone_bolt(const struct hone_plan *plan, const char *folder, struct hone_buf *bytes,
	struct hone_err *err);
/* Runs one of BOLT's tools to its end; what: the step, for the error. HONE_E_FAILED: in its own words. */
int hone_bolt_tool(struct hone_strv *argv, const char *what, struct hone_err *err);

#endif
