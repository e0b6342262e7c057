#ifndef HONE_TRIAL_FUNCTIONS_H
#define HONE_TRIAL_FUNCTIONS_H
/* The functions of a run's artifacts, which may be gone by now. */
#include "result_page.h"
#include "session.h"

/* Reads the baseline, the winners and, up to HONE_FUNCTIONS_TRIALS, the smallest of the others. A file counts only while
 * it has the hash that the run tells; ret->why says of each trial what is wrong with its file. The caller releases. */
#define HONE_FUNCTIONS_TRIALS 6
void hone_functions_read(const struct hone_session *s, const struct hone_result_run *run,
	struct hone_result_functions *ret);

#endif
