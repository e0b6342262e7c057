#ifndef HONE_TRIAL_TWIN_H
#define HONE_TRIAL_TWIN_H
/* The unstripped twin of an artifact: the same link, done again from its captured inputs without the
 * strip flags. Nothing is compiled for it but, when cargo had the binary ready, the final unit. */
#include "artifact.h"

/* Builds the plan (or finds it fresh) and makes its twin beside the artifact; ret_path: the twin, the
 * caller frees. It must have the code of cargo's own link at the same addresses, else HONE_E_FAILED: the twin would
 * prove nothing. */
int hone_twin_make(const struct hone_plan *plan, const struct hone_build_env *env,
	const struct hone_workdir *dir, const struct hone_build_watch *watch,
	struct hone_artifact **ret_artifact, char **ret_path, struct hone_err *err);

/* Is the file there, with the bytes that it was made with by this user on this machine, and the twin of that very artifact? */
bool hone_twin_is_of(const char *twin, const struct hone_artifact *a);

/* Says by a file beside it whose twin it is, and that it was made here. */
int hone_twin_seal(const char *twin, struct hone_hash artifact, struct hone_err *err);

/* Builds the plan as hone_artifact_build does. Where the result has lost its symbols and is linked now, a
 * twin is made on the way, since a link that happens anyway is captured for nothing. *ret_path: a file
 * with the names of the artifact, the artifact itself when it has them; NULL: there is none. One of an earlier
 * command has to be this artifact's (hone_twin_is_of). The caller frees.
 * A plan with levels for functions is linked again where no such file is left; HONE_E_FAILED when the levels did
 * not come through (profile_use.h). */
int hone_twin_build(const struct hone_plan *plan, const struct hone_build_env *env,
	const struct hone_workdir *dir, const struct hone_build_watch *watch,
	struct hone_artifact **ret_artifact, char **ret_path, struct hone_err *err);

/* Runs cargo as hone_twin_build does, for a worker (ahead.h). */
int hone_twin_ahead(const struct hone_plan *plan, const struct hone_build_env *env,
	const struct hone_workdir *dir, const struct hone_build_watch *watch, struct hone_err *err);

/* hone_artifact_build for who wants the artifact alone; by way of a twin where the levels of functions are to be
 * checked. */
int hone_build_checked(const struct hone_plan *plan, const struct hone_build_env *env,
	const struct hone_workdir *dir, const struct hone_build_watch *watch,
	struct hone_artifact **ret_artifact, struct hone_err *err);

#endif
