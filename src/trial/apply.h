#ifndef HONE_TRIAL_APPLY_H
#define HONE_TRIAL_APPLY_H
/* A whole apply: a candidate is planned, held against what would win over it and against the lints, trained, and
 * written down. */
#include "session.h"
#include "writedown.h"

/* What is asked for. All is borrowed. */
struct hone_apply_request {
	struct hone_candidate *candidate; /* it loses what is nothing for this target */
	const struct hone_strv *train;    /* command lines of --train; or NULL */
	bool force;   /* write where something else would win or a lint refuses, too */
	bool dry_run; /* write, build and run nothing */
};

struct hone_apply_result {
	const struct hone_plan *plan;    /* NULL: it did not come so far */
	const struct hone_plan **others; /* of the session's other targets, in their order */
	size_t n_others;
	struct hone_writedown
		changes; /* what was or would be written; none: it stands there already */
	unsigned labels; /* what it risks that the project does not risk already */
	bool written;
	bool untrained; /* a dry run: the profile, and what follows from it, is missing in changes */
	struct hone_strv
		doubts; /* where the command gives other bytes than were measured, one line each */
};
void hone_apply_result_release(struct hone_apply_result *r);

/* All steps in their order. ret is filled as far as they came, also where the last one, writing, fails. The
 * session is open, with HONE_SESSION_GRAPH, and HONE_SESSION_WRITE unless dry_run; training takes the lock of its folder. HONE_E_USAGE: something
 * would win over what is written, it would not build, or there is nothing to train with. */
int hone_apply(struct hone_session *s, const struct hone_apply_request *r,
	struct hone_apply_result *ret, struct hone_err *err);

/* What was found out by building twice. */
struct hone_apply_check {
	char *path; /* of the file that the command made; the caller frees */
	bool equal; /* false: the program embeds the folder that it is built in */
};
/* Builds the applied plan by hone's own way, runs the command that stands for it as the user would, in his target
 * directory, and compares the bytes. HONE_E_FAILED: they differ for no known reason. */
int hone_apply_verify(struct hone_session *s, const struct hone_plan *plan,
	struct hone_apply_check *ret, struct hone_err *err);

/* Takes the last apply back; dry_run: only tells what that would change. ret->changes is filled as far as it came; the
 * caller releases. The session may be open with HONE_SESSION_NO_BIN, and has HONE_SESSION_WRITE unless dry_run. Errors as hone_undo_read. */
int hone_apply_undo(const struct hone_session *s, bool dry_run, struct hone_writedown *ret,
	struct hone_err *err);
/* The same without a session, where cargo refuses the manifests as they are (which may be what has to be taken back). root is the
 * workspace's; the caller holds its lock unless dry_run. */
int hone_apply_undo_in(
	const char *root, bool dry_run, struct hone_writedown *ret, struct hone_err *err);

#endif
