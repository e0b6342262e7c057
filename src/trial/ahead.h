#ifndef HONE_TRIAL_AHEAD_H
#define HONE_TRIAL_AHEAD_H
/* Builds that run beside each other. Each has a target folder of its own, build/NUMBER: a slot. A worker (a copy of
 * hone) runs cargo in one and leaves beside the artifact what came of it; hone then takes the same steps once more, finds
 * that, and runs no cargo. docs/internals/builds.md tells why it is done like this. */
#include "cargo_run.h"

#include <time.h>

/* How builds of a session run. */
struct hone_ahead {
	unsigned slot;
	bool is_worker; /* cargo runs, unless another worker had it run already, and what came of it is left; else
			* it is found */
	void (*counted)(void);    /* of a worker: a first profile is made; or NULL */
	const char *session;      /* tells what was left now from what an earlier hone left */
	const char *flags;        /* of a worker: MAKEFLAGS of all that it starts */
	struct timespec began;    /* of a worker: the build that runs; by the clock of files */
	struct hone_buf messages; /* of a worker: cargo's, of that build */
	bool killed; /* of a worker: a compiler was killed, and nothing was left: memory ran out, probably */
};

/* The slot of a plan that was built before; false: it was not. */
bool hone_ahead_slot(const struct hone_workdir *dir, const char *key, unsigned *ret_slot);
/* Remembers a slot for it. */
int hone_ahead_keep_slot(
	const struct hone_workdir *dir, const char *key, unsigned slot, struct hone_err *err);
/* Where the session's programs are kept for those that differ in their links alone. The caller frees. */
char *hone_ahead_programs(const struct hone_workdir *dir);
/* The path of what cargo built in a slot of dir, from the slot on: "release/kit". The caller frees. */
char *hone_ahead_below(const struct hone_workdir *dir, const char *built_at);

#endif
