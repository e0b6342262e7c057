#ifndef HONE_TRIAL_WORKDIR_H
#define HONE_TRIAL_WORKDIR_H
/* hone's own folder: target/hone/ of the target dir that cargo would use. Nothing of hone's lies
 * anywhere else, but for the two source trees of a `check` while it runs (check.h).
 *   build/      the target dirs that hone gives to cargo, one for each build that may run at a time (ahead.h); units/:
 *               what the rustc wrapper keeps
 *   artifacts/  one folder a recipe: the binary and what is known of it
 *   run/        copies of the binaries under measurement; links/: those of a search that are captured (kept_links.h)
 *   profiles/   what instrumented programs left, for train.* settings
 *   check/      the target dirs of both sides of a check
 *   tools/      the helper under the names it works by
 *   lock        held while a command builds or measures; it then holds the number of that process
 *   CACHEDIR.TAG  the mark of a folder that hone has made
 * Results (hone.db) lie beside them and survive `clean`. */
#include "err.h"

struct hone_inputs;
struct hone_events;
struct hone_ahead;
struct hone_kept_links;

struct hone_workdir {
	char *root, *build, *artifacts, *run, *profiles, *tools;
	int lock_fd;
	struct hone_inputs
		*inputs; /* what is built here depends on; borrowed; NULL: not looked at */
	const struct hone_events *events; /* borrowed; NULL: nobody listens */
	bool no_wait;                     /* another hone at work is an error */
	bool unpacked; /* nobody asks now how large files are when they are packed: a second a megabyte */
	struct hone_ahead *ahead; /* borrowed; NULL: builds run one after another */
	struct hone_kept_links
		*links; /* kept_links.h; NULL: those of a try are forgotten at its end */
	unsigned slot;  /* of the build that runs; only in cargo_run.c */
	/* Where the profiles themselves lie, whose paths compilers are told; NULL: profiles. What belongs to them is always there. */
	char *profile_files;
};

/* Names the folders; creates nothing. The caller closes it. */
void hone_workdir_init(struct hone_workdir *w, const char *target_dir);
/* Borrowed. */
const char *hone_workdir_profile_files(const struct hone_workdir *w);
/* Is the folder hone's own, or not there yet (ret_exists)? HONE_E_FAILED: it, or something in it, is a link, or it has no
 * mark of hone's. */
int hone_workdir_check(const struct hone_workdir *w, bool *ret_exists, struct hone_err *err);
/* Creates the folders (with their mark) and takes the lock, for which it waits; ends compilers that a killed hone has left
 * behind. HONE_E_CONFLICT when another hone holds it and no_wait is set. Errors of hone_workdir_check. */
int hone_workdir_open(struct hone_workdir *w, struct hone_err *err);
void hone_workdir_close(struct hone_workdir *w);
/* Removes trials and everything else that can be made again, keeps results; ret_freed: bytes. HONE_E_CONFLICT beside a
 * hone that is at work there. Errors of hone_workdir_check. */
int hone_workdir_clean(struct hone_workdir *w, uint64_t *ret_freed, struct hone_err *err);

#endif
