#ifndef HONE_TRIAL_CHECK_BINARY_H
#define HONE_TRIAL_CHECK_BINARY_H
/* A file as text, for check_file.c. */
#include "buf.h"
#include "err.h"

/* Appends the file, compressed, as base64. */
int hone_check_pack(const char *path, struct hone_buf *to, struct hone_err *err);
/* Appends its bytes; false: it is no such text. */
bool hone_check_unpack(const char *text, struct hone_buf *to);

#endif
