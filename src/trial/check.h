#ifndef HONE_TRIAL_CHECK_H
#define HONE_TRIAL_CHECK_H
/* `check`: two states of a project, built in the same way, side by side. Both are taken as git knows them into folders of
 * equal length outside of the project, so that neither reads a config or a manifest of the other's, and one commit beside
 * itself differs in nothing. */
#include "measure.h"
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

/* Texts live in the arena. */
struct hone_check_budgets {
	struct hone_check_budget *v;
	size_t n;
	struct hone_arena arena;
};
/* Budgets of [budget] in hone.toml, and of --limit KEY=VALUE (lines) which take their place key by key. HONE_E_SYNTAX,
 * HONE_E_USAGE: with the nearest key. *ret is released after an error, too. */
int hone_check_budgets_take(const struct hone_session *s, const struct hone_strv *lines,
	struct hone_check_budgets *ret, struct hone_err *err);
void hone_check_budgets_release(struct hone_check_budgets *b);

/* What is run on both sides in the same rounds. */
struct hone_check_runs {
	struct hone_workload *v; /* hone_check_runs_take; owned */
	size_t n;
	size_t rounds;   /* as in hone_measure_opts */
	double budget_s; /* as there */
	bool skip;       /* nothing is run: budgets of runs are undecided */
};
/* The workloads of --run (lines), else of hone.toml; the budgets of runs become one of each workload. HONE_E_USAGE: a
 * budget of a workload that is not there. */
int hone_check_runs_take(const struct hone_session *s, const struct hone_strv *lines,
	struct hone_check_budgets *budgets, struct hone_check_runs *ret, struct hone_err *err);
void hone_check_runs_release(struct hone_check_runs *r);
/* Runs them, base and head in turns, until every budget of runs is decided, whose verdicts are set. *ret lives in the
 * arena of the budgets. HONE_E_INTERRUPTED, HONE_E_SYSTEM; what cannot be measured is told in *ret. */
int hone_check_measure(struct hone_session *s, const struct hone_check_runs *r,
	const struct hone_check_side *base, const struct hone_check_side *head,
	struct hone_check_budgets *budgets, struct hone_check_times *ret, struct hone_err *err);

/* A recipe that made the program smaller in the newest run, with the bytes that were measured; NULL: none is known. Lives in
 * the arena of the budgets. */
const char *hone_check_remedy(const struct hone_session *s, struct hone_check_budgets *budgets);

/* Which commit of a range passes over a budget first. */
struct hone_check_search {
	const char *range; /* "GOOD..BAD" */
	const char *
		identity; /* of all options that a build depends on: what an earlier call built for the same is taken */
	const struct hone_check_runs *runs;
	struct hone_check_budgets
		*budgets; /* against GOOD; without any: the middle between the sizes of both */
};
struct hone_check_found {
	struct hone_check_side before, first; /* the last that is not over, the first that is */
	struct hone_check_bisected told;      /* texts live in the arena of `first` */
};
/* Binary search over first parents; the number of builds is said before the first. HONE_E_USAGE: the range is none, or its
 * end is not over. Release both sides after an error, too. */
int hone_check_bisect(struct hone_session *s, const struct hone_check_search *r,
	struct hone_check_found *ret, struct hone_err *err);

/* A side as a file, with its binary where runs may need it, and back. HONE_E_SYNTAX: it is no such file, or cut off;
 * HONE_E_UNSUPPORTED: a newer hone's. */
int hone_check_save(const struct hone_check_side *side, bool with_binary, const char *path,
	struct hone_err *err);
/* Its binary, where it holds one, goes to dir. */
int hone_check_load(
	const char *path, const char *dir, struct hone_check_side *ret, struct hone_err *err);

/* ---- parts, for check*.c */

/* The two folders, outside of the project. */
struct hone_check_trees {
	char *root;        /* of both; NULL: not made */
	char *base, *head; /* root/base, root/head */
	char *repository;  /* toplevel of the user's */
	char *inside;      /* the current folder within it: "" or "crates/x" */
	char *base_commit, *head_commit;
	size_t edits;  /* files that differ from HEAD or are new */
	bool searches; /* base is one commit after another */
	int lock_fd;   /* on root; -1: none */
};
#define HONE_CHECK_TREES_INIT                                                                      \
	{                                                                                          \
		.lock_fd = -1                                                                      \
	}
/* Finds the repository and the revisions; makes root, and no tree yet. */
int hone_check_trees_open(const struct hone_session *s, const struct hone_check_request *r,
	struct hone_check_trees *ret, struct hone_err *err);
int hone_check_tree_head(
	const struct hone_session *s, const struct hone_check_trees *t, struct hone_err *err);
int hone_check_tree_base(const struct hone_check_trees *t, struct hone_err *err);
void hone_check_trees_close(struct hone_check_trees *t);
/* Makes root, of the same name for each check of the repository, and takes the lock on it, for which it waits; removes what
 * killed checks have left. HONE_E_CONFLICT, HONE_E_INTERRUPTED: see turn.h. */
int hone_check_root_open(
	const struct hone_session *s, struct hone_check_trees *t, struct hone_err *err);
void hone_check_root_close(struct hone_check_trees *t);
/* Gives all that is as it was when the record was made the time that it had then, the rest the present one, and makes the
 * record anew. */
int hone_check_mtimes_set(const char *tree, const char *record, struct hone_err *err);
/* Builds the tree, which is there, and tells everything of it in ret, whose `what` names it in errors. */
int hone_check_tree_build(struct hone_session *s, const struct hone_check_trees *t,
	const char *tree, struct hone_check_side *ret, struct hone_err *err);
/* Builds the program of an open session by its own profile and tells everything about it. */
int hone_check_side_build(
	struct hone_session *session, struct hone_check_side *s, struct hone_err *err);

#endif
