#ifndef HONE_TRIAL_SAME_EXPORTS_H
#define HONE_TRIAL_SAME_EXPORTS_H
/* The interface of a library must be the same before and after: who loads or links it asks for names. */
#include "artifact.h"
#include "session.h"

/* Does a library export other names than the baseline's? *ret_reason: what is missing, or new, which the caller frees;
 * NULL: nothing, or it is no library. Of a static library only what is missing counts, as its index has all that its
 * parts give each other. */
int hone_exports_differ(const struct hone_session *s, const struct hone_artifact *base,
	const struct hone_artifact *own, char **ret_reason, struct hone_err *err);

#endif
