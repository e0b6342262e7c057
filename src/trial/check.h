#ifndef HONE_TRIAL_CHECK_H
#define HONE_TRIAL_CHECK_H
/* `check`: two states of a project, built in the same way, side by side. Both are taken as git knows them into folders of
 * equal length outside of the project, so that neither reads a config or a manifest of the other's, and one commit beside
 * itself differs in nothing. */
#include "result_check.h"
#include "session.h"

struct hone_check_request {
	const char *base;    /* a git revision; NULL: where HEAD left the default branch */
	const char *against; /* a file of --save in the place of the base, or NULL */
	bool head_only;      /* nothing to compare with: only to save it */
};
/* Builds head (the working tree), and the base where it is no file; s is the session of the project, which holds hone's
 * folder. HONE_E_NOT_FOUND: no git, no such revision, no such file; HONE_E_USAGE: HEAD is the base; and the errors of
 * builds, which name the side. */
int hone_check_build(struct hone_session *s, const struct hone_check_request *r,
	struct hone_check_side *ret_base, struct hone_check_side *ret_head, struct hone_err *err);

/* Budgets of [budget] in hone.toml, and of --limit KEY=VALUE (lines) which take their place key by key. *ret and texts live
 * in the arena. HONE_E_SYNTAX, HONE_E_USAGE: with the nearest key. */
int hone_check_budgets(const struct hone_session *s, const struct hone_strv *lines,
	struct hone_arena *arena, struct hone_check_budget **ret, size_t *ret_n,
	struct hone_err *err);

/* A side as a file, and back. HONE_E_SYNTAX: it is no such file, or cut off; HONE_E_UNSUPPORTED: a newer hone's. */
int hone_check_save(const struct hone_check_side *side, const char *path, struct hone_err *err);
int hone_check_load(const char *path, struct hone_check_side *ret, struct hone_err *err);

/* ---- parts, for check*.c */

/* The two folders, outside of the project. */
struct hone_check_trees {
	char *root;        /* of both; NULL: not made */
	char *base, *head; /* root/base, root/head */
	char *repository;  /* toplevel of the user's */
	char *inside;      /* the current folder within it: "" or "crates/x" */
	char *base_commit, *head_commit;
	size_t edits; /* files that differ from HEAD or are new */
};
/* Finds the repository and the revisions; makes root, and no tree yet. */
int hone_check_trees_open(const struct hone_session *s, const struct hone_check_request *r,
	struct hone_check_trees *ret, struct hone_err *err);
int hone_check_tree_head(
	const struct hone_session *s, const struct hone_check_trees *t, struct hone_err *err);
int hone_check_tree_base(const struct hone_check_trees *t, struct hone_err *err);
void hone_check_trees_close(struct hone_check_trees *t);
/* Builds the program of an open session by its own profile and tells everything about it. */
int hone_check_side_build(
	struct hone_session *session, struct hone_check_side *s, struct hone_err *err);

#endif
