#ifndef HONE_TRIAL_LINK_REPLAY_H
#define HONE_TRIAL_LINK_REPLAY_H
/* A captured link (src/helper/helper_link.c says what lies in its folder), done again from the copies:
 * the same arguments give the same bytes, in tenths of a second. For estimates, and for the unstripped
 * twin of a stripped binary. */
#include "err.h"

/* Writes the linked file to out_path. drop: arguments to leave out where they are equal (NULL-terminated,
 * or NULL), add: arguments to put at the end. ret_seconds may be NULL. HONE_E_NOT_FOUND: no complete
 * capture in link_dir; HONE_E_FAILED: the linker's own words. */
int hone_link_replay(const char *link_dir, const char *out_path, const char *const *drop,
	const char *const *add, double *ret_seconds, struct hone_err *err);

/* The arguments by which rustc has a linker strip: to drop for an unstripped twin. */
extern const char *const hone_link_strip_args[];

#endif
