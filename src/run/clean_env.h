#ifndef HONE_RUN_CLEAN_ENV_H
#define HONE_RUN_CLEAN_ENV_H
/* The environment of measured programs: the user's own, without what cargo and rustup put into it on
 * the way to hone, so that a program runs as it would from his shell. */
#include "strv.h"

/* Appends changes for hone_proc_spec.env that undo those additions in the given environment (as
 * environ): variables that cargo and rustup set are removed, the toolchain's folders are taken out of
 * LD_LIBRARY_PATH and the rest of it is kept. */
void hone_clean_env(char *const *env, struct hone_strv *changes);

/* Puts a folder before LD_LIBRARY_PATH as those changes leave it. */
void hone_env_add_library_path(const char *folder, struct hone_strv *changes);

#endif
