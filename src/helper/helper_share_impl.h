#ifndef HONE_HELPER_HELPER_SHARE_IMPL_H
#define HONE_HELPER_HELPER_SHARE_IMPL_H
/* The files of a unit that is taken or kept. Only for helper_share.c and helper_share_keep.c. */
#include "helper_share.h"

#include <sys/types.h>

enum { HELPER_SHARE_DEPS, HELPER_SHARE_META, HELPER_SHARE_LINK, HELPER_SHARE_N_FILES };
/* What they are called in the folder that is kept. */
extern const char *const helper_share_names[HELPER_SHARE_N_FILES];

/* Where a file of this unit belongs. The caller frees. */
char *helper_share_output_path(const struct helper_share *s, int which);
/* Does the unit have this file? */
int helper_share_has(const struct helper_share *s, int which);
/* A whole file; NULL: it cannot be read. The caller frees. */
char *helper_share_read_text(const char *path);
/* 0: it could not be written whole. */
int helper_share_write_text(const char *path, const char *text, size_t n);
int helper_share_copy_bytes(const char *from, const char *to, mode_t mode);

#endif
