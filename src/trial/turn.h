#ifndef HONE_TRIAL_TURN_H
#define HONE_TRIAL_TURN_H
/* One hone at a time where two would spoil each other's work. There are two locks, always taken in this order:
 *   the workspace's root, alone by whoever writes into files of the user's (apply, its undo, init, show --fix), shared
 *   by those that build (try, build, size): what is measured does not change meanwhile;
 *   target/hone/lock, by whoever builds or removes there. */
#include "events.h"

enum hone_turn_how {
	HONE_TURN_SHARED = 1 << 0,  /* with others that share it */
	HONE_TURN_NO_WAIT = 1 << 1, /* do not wait, fail */
};

/* Waits until the lock on path, a folder or a file that is made, is to be had, and tells for whom it waits. whose: what
 * it stands for, in messages ("the files of /p"). Whoever closes *ret_fd lets the next one in. HONE_E_CONFLICT with
 * process and command of the holder, HONE_E_INTERRUPTED. */
int hone_turn_take(const struct hone_events *events, const char *path, const char *whose,
	unsigned how, int *ret_fd, struct hone_err *err);

#endif
