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
	bool keeps;       /* what cargo built is left beside it, too: for a shard (shard.h) */
	bool trains_only; /* with keeps: what is trained is trained, and not built */
	bool found_only; /* nothing is run: what was not left is HONE_E_CONFLICT, as a shard lacks it */
	bool killed; /* of a worker: a compiler was killed, and nothing was left: memory ran out, probably */
};

/* Most bytes of what a worker leaves, and the file that it leaves them in. The caller frees. */
#define HONE_AHEAD_NOTE_LIMIT ((size_t)64 << 20)
char *hone_ahead_note_path(const struct hone_workdir *dir, const char *key);
/* A name for `session` that no other hone has. The caller frees. */
char *hone_ahead_new_session(void);
/* The slot of a plan that was built before; false: it was not. */
bool hone_ahead_slot(const struct hone_workdir *dir, const char *key, unsigned *ret_slot);
/* Remembers a slot for it. */
int hone_ahead_keep_slot(
	const struct hone_workdir *dir, const char *key, unsigned slot, struct hone_err *err);
/* Where the session's programs are kept for those that differ in their links alone. The caller frees. */
char *hone_ahead_programs(const struct hone_workdir *dir);
/* The path of what cargo built in a slot of dir, from the slot on: "release/kit". The caller frees. */
char *hone_ahead_below(const struct hone_workdir *dir, const char *built_at);

/* ---- what a worker left, for another machine (ahead_pack.c) */

/* Below the folder of an artifact: what cargo built, where it was to be kept. */
#define HONE_AHEAD_BUILT "built"
/* What was left for a plan by this session, as words; false: nothing was. */
bool hone_ahead_pack(const struct hone_workdir *dir, const char *key, const char *session,
	struct hone_strv *ret);
/* The path of what cargo built, as those words have it; "": it failed. */
const char *hone_ahead_executable(const struct hone_strv *words);
/* The words of another machine become what was left for this session; cargo's files lie in HONE_AHEAD_BUILT. HONE_E_SYNTAX:
 * they are no such words. */
int hone_ahead_unpack(const struct hone_workdir *dir, const char *key, const char *session,
	const struct hone_strv *words, struct hone_err *err);
/* Puts what cargo built there. */
int hone_ahead_keep_built(const struct hone_workdir *dir, const char *key,
	const struct hone_cargo_run *r, struct hone_err *err);

#endif
