#ifndef HONE_BASE_LOCK_H
#define HONE_BASE_LOCK_H
/* Locks between processes, on a file or a folder: they end with whoever holds them. */
#include "err.h"

/* Opens a folder, or a file that is made where it is not there; the caller closes *ret_fd, which ends the lock. */
int hone_lock_open(const char *path, int *ret_fd, struct hone_err *err);
/* Takes it, alone or shared with others that share, without waiting. HONE_E_CONFLICT: others hold it (no message). A
 * file system without locks has none to wait for. */
int hone_lock_try(int fd, bool shared, const char *path, struct hone_err *err);
/* Who holds a lock on what fd is open on: "process 12, `cargo hone try`", or NULL when that cannot be told (a
 * process of another user, or behind a container's wall). The caller frees. */
char *hone_lock_holder(int fd);

#endif
