#ifndef HONE_TRIAL_BESIDE_H
#define HONE_TRIAL_BESIDE_H
/* What a build made besides its program, for a program that is started elsewhere and should find what it would find
 * under `cargo run`: files that build scripts put beside the executable, and shared libraries of the folders that
 * cargo would put into LD_LIBRARY_PATH.
 *
 * All builds share one folder of cargo's, so what a script wrote is kept with that script's own unit, which has a
 * folder for each set of settings, as soon as it ran: build/PACKAGE-HASH/hone-beside/. A file belongs to the scripts
 * that were running when it was written, by the system's own time stamps; then it is taken out of the common folder,
 * so that no other candidate's build or program finds it there. */
#include "err.h"
#include "message.h"
#include "workload.h"

#include <stdint.h>

struct hone_beside {
	char *output;             /* cargo's folder of the profile, ends with a slash */
	struct hone_strv scripts; /* folders of the build scripts' units */
	struct hone_strv links;   /* folders below output that hold libraries */
	struct hone_strv files;   /* that cargo itself put into output */
	struct hone_strv shared;  /* shared libraries that cargo built for the target */
};

/* output is copied. Release it. */
void hone_beside_init(struct hone_beside *b, const char *output);
void hone_beside_release(struct hone_beside *b);
/* Takes a line of cargo's messages. */
void hone_beside_see(struct hone_beside *b, const struct hone_message *m);
/* After a build that went well: fills HONE_BESIDE and HONE_LIBRARIES of an artifact's folder anew. */
int hone_beside_keep(
	struct hone_beside *b, const char *executable, const char *folder, struct hone_err *err);
/* After one that did not: puts back what the scripts of it had left, in case something was compiled from there.
 * false: there was nothing. */
bool hone_beside_restore(struct hone_beside *b);

#endif
