#ifndef HONE_BASE_HELPER_H
#define HONE_BASE_HELPER_H
/* The helper program that hone carries inside itself (src/helper): hone stays one file. */
#include "err.h"

/* Makes path an executable copy of the helper, atomically; nothing is written when it already is
 * one. Under which name it is started decides what it does. */
int hone_helper_write(const char *path, struct hone_err *err);
/* A descriptor (close-on-exec) of the helper in memory, to be executed as /proc/self/fd/N; stays
 * open for as long as hone runs. Borrowed. */
int hone_helper_fd(int *ret_fd, struct hone_err *err);

#endif
