#ifndef HONE_BASE_FS_TEMP_H
#define HONE_BASE_FS_TEMP_H
/* The temporary file beside a file that is to be replaced: `.NAME.HEX.tmp`. Whoever writes it holds a lock on it, so
 * that one without is known to be left by a hone that was killed: the next one that writes NAME removes it. */
#include "err.h"

#include <sys/types.h>

struct hone_temp {
	int dirfd;  /* the folder */
	int fd;     /* to write to; -1 once closed */
	int hold;   /* keeps the lock until the file has its name */
	char *name; /* in the folder; NULL once it is gone */
};
#define HONE_TEMP_INIT                                                                             \
	{                                                                                          \
		.dirfd = -1, .fd = -1, .hold = -1                                                  \
	}
#define hone_auto_temp __attribute__((cleanup(hone_temp_release)))

/* Creates one for path, after removing those that are left there of it. */
int hone_temp_open(struct hone_temp *t, const char *path, mode_t mode, struct hone_err *err);
/* All is written. */
int hone_temp_close(struct hone_temp *t, const char *path, struct hone_err *err);
/* Gives it the name of path; is_new: HONE_E_CONFLICT where there is such a file. */
int hone_temp_rename(struct hone_temp *t, const char *path, bool is_new, struct hone_err *err);
/* Removes it, unless it has got its name. */
void hone_temp_release(struct hone_temp *t);

/* Removes what a killed hone left beside path; nothing that another one is writing. */
void hone_temp_sweep(const char *path);

#endif
