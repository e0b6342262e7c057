#ifndef HONE_TRIAL_TRY_COLD_H
#define HONE_TRIAL_TRY_COLD_H
/* Levels for packages: which ones of a program are better compiled at opt-level "z", chosen by the size of
 * the files that this really gives, and among packages that a profile calls cold. */
#include "try.h"

/* What is built at least: the candidate, one package, all of them together. */
#define HONE_COLD_BUILDS_MIN 3
#define HONE_COLD_BUILDS_MAX 1000

/* Looks for the packages that make trial `base` smaller at "z", with at most `builds` builds: the candidate
 * itself, each of its largest packages alone, and those that gained together. What is found becomes one more
 * trial at the end, with the better of all and the best one alone; nothing found is said and adds none.
 * t->trials has room for one more; t->cold owns its candidate. Where there is something to train with, only
 * packages are taken that an instrumented run calls cold (HONE_RULE_COLD_SHARE).
 * HONE_E_USAGE: the candidate has "z" already, or is trained, which gives every function its own level. */
int hone_try_cold(struct hone_try *t, size_t base, size_t builds, struct hone_err *err);

#endif
