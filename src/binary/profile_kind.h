#ifndef HONE_BINARY_PROFILE_KIND_H
#define HONE_BINARY_PROFILE_KIND_H
#include <stdbool.h>

/* Is this a raw or indexed profile of LLVM whose counters are those of a coverage build (-C instrument-coverage), not
 * of PGO? rustc takes one for the other without a word. false also for what is no such file or cannot be read. */
bool hone_profile_is_of_coverage(const char *path);

#endif
