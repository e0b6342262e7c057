#ifndef HONE_TRIAL_TRY_LEVELS_H
#define HONE_TRIAL_TRY_LEVELS_H
/* One recipe for several files that want several levels: a profile can give each package an opt-level of its own. */
#include "try.h"

/* Trials that are added at most: by the first, and by the second. */
#define HONE_LEVELS_MOST 4

/* Once all is built and what was lost is known: where a package's own files are smaller in another trial than in that
 * whose files are smallest together, and the two differ in opt-level, one more trial is built, that best one with a level for
 * each such package; and where this made only some of them smaller, one with those alone. They are trials like any other: what
 * is best is chosen afterwards, of all. builds: false: says so only, for who builds elsewhere. t->trials has room for
 * HONE_LEVELS_MOST more. */
int hone_try_levels(struct hone_try *t, bool builds, struct hone_err *err);
/* The same of what is fastest, and balanced, of all files together, once that was measured: a package whose files workloads
 * run gets the level of the trial that is best for them, another one that of its smallest. What is added has to be
 * measured beside the others. */
int hone_try_levels_timed(struct hone_try *t, bool builds, struct hone_err *err);

#endif
