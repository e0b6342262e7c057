#ifndef HONE_TRIAL_WORKDIR_H
#define HONE_TRIAL_WORKDIR_H
/* hone's own folder: target/hone/ of the target dir that cargo would use. Nothing of hone's lies
 * anywhere else.
 *   build/      the target dir that hone gives to cargo
 *   artifacts/  one folder a recipe: the binary and what is known of it
 *   run/        copies of the binaries under measurement
 *   profiles/   what instrumented programs left, for train.* settings
 *   tools/      the helper under the names it works by
 *   lock        held while a command builds or measures
 * Results (hone.db) lie beside them and survive `clean`. */
#include "err.h"

struct hone_inputs;

struct hone_workdir {
	char *root, *build, *artifacts, *run, *profiles, *tools;
	int lock_fd;
	struct hone_inputs
		*inputs; /* what is built here depends on; borrowed; NULL: not looked at */
};

/* Names the folders; creates nothing. The caller closes it. */
void hone_workdir_init(struct hone_workdir *w, const char *target_dir);
/* Creates the folders (with a CACHEDIR.TAG) and takes the lock. HONE_E_CONFLICT when another hone
 * holds it. */
int hone_workdir_open(struct hone_workdir *w, struct hone_err *err);
void hone_workdir_close(struct hone_workdir *w);
/* Removes trials and everything else that can be made again, keeps results; ret_freed: bytes. */
int hone_workdir_clean(struct hone_workdir *w, uint64_t *ret_freed, struct hone_err *err);

#endif
