#ifndef HONE_TRIAL_CHECK_GIT_H
#define HONE_TRIAL_CHECK_GIT_H
/* Asking git, for check*.c. */
#include "buf.h"
#include "err.h"

/* What git prints, appended where ret is not NULL; env: changes, or NULL. HONE_E_FAILED with git's last words. */
int hone_git(const char *dir, const char *const *args, const char *const *env, struct hone_buf *ret,
	struct hone_err *err);
/* One line of git's, or NULL: it has none to say. The caller frees. */
char *hone_git_ask(const char *dir, const char *const *args);
/* The commit that a revision is, or NULL. The caller frees. */
char *hone_git_commit(const char *dir, const char *rev);
bool hone_git_is_shallow(const char *dir);
/* HONE_E_NOT_FOUND, with the command that may bring the revision. */
int hone_git_no_revision(const char *dir, const char *rev, struct hone_err *err);

#endif
