#ifndef HONE_TRIAL_PLANNED_H
#define HONE_TRIAL_PLANNED_H
/* What is wrong with a profile as it will be once a plan is written down. */
#include "problem.h"
#include "session.h"

/* Runs every lint on that profile: all errors, and of warnings, notes and limits those that are not there today. The
 * caller releases. Errors are those of hone_problems_find. */
int hone_planned_problems(const struct hone_session *s, const struct hone_plan *plan,
	struct hone_problems *ret_problems, struct hone_err *err);

#endif
