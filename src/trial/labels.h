#ifndef HONE_TRIAL_LABELS_H
#define HONE_TRIAL_LABELS_H
/* What a candidate risks that the project does not risk already: labels are those of the difference to the baseline. */
#include "object.h"
#include "session.h"

/* Labels (enum hone_label bits) of an assignment less those of what is in force today: by the profile, by rustflags, and,
 * where the files are known (else NULL), in the baseline's file. */
unsigned hone_labels_of_assign(const struct hone_session *s, const struct hone_assign *a,
	const struct hone_object_info *base, const struct hone_object_info *own);
/* Their union over what a plan carries out of its candidate. */
unsigned hone_labels_of_plan(const struct hone_session *s, const struct hone_plan *plan,
	const struct hone_object_info *base, const struct hone_object_info *own);
/* Labels of all that the project itself sets today, in its profile and by rustflags; what is built into cargo is no choice of
 * its own. */
unsigned hone_labels_of_project(const struct hone_session *s);
/* What the published presets risk: to ask for a try, or a search, is to ask for them. */
unsigned hone_labels_of_presets(void);

#endif
