#ifndef HONE_TRIAL_PROFILE_USE_H
#define HONE_TRIAL_PROFILE_USE_H
/* What a build made of its profile: a profile that does not fit, or attributes that no function got, give
 * a program without a word of warning. */
#include "plan.h"

/* Counts of functions. */
struct hone_profile_use {
	uint64_t functions, executed; /* that the profile has data of; of them those that ran */
	/* train.pgo, by the compiler's own words. */
	uint64_t missing;    /* of the program, without data in the profile */
	uint64_t mismatched; /* with data of another version of them */
	/* train.hot, by the names in the program. The rest of the profile's functions was inlined. */
	bool named;       /* there were names to look at; else all that follows is 0 */
	uint64_t found;   /* of the profile's functions */
	uint64_t renamed; /* not found, but one that is called the same has another symbol */
	uint64_t hot, hot_found;
	uint64_t cold_found;
	bool levels;       /* this machine's code shows whether a function was compiled for size */
	uint64_t hot_fast; /* of hot_found: compiled for speed */
	uint64_t
		cold_small; /* of cold_found: compiled for size; up to a sixteenth cannot be told */
};

/* Completes the counts for train.hot from a file that has its symbols: ret holds those for train.pgo already.
 * Does nothing for other plans. HONE_E_FAILED: the profile was not used, with the reason. Other errors as
 * hone_object_info_read. */
int hone_profile_use_read(const struct hone_plan *plan, const char *path,
	struct hone_profile_use *ret, struct hone_err *err);
/* In words, for people; "" when there is nothing to tell. The caller frees. */
char *hone_profile_use_text(const struct hone_plan *plan, const struct hone_profile_use *use);

#endif
