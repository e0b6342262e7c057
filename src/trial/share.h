#ifndef HONE_TRIAL_SHARE_H
#define HONE_TRIAL_SHARE_H
/* Units that several builds have in common are compiled once: what hone's rustc wrapper is told about a build so that
 * it can tell which these are (src/helper/helper_share.h; docs/internals/builds.md). */
#include "plan.h"
#include "workdir.h"

/* Why nothing is shared, as a part of a sentence ("RUSTC_WRAPPER names a program of your own"), or NULL: units are. */
const char *hone_share_refused(const struct hone_build_env *env);

/* Writes what the wrapper has to know for a build of this plan. *ret_path: what HONE_SHARE is to be, NULL where nothing
 * is shared; the caller frees. */
int hone_share_prepare(const struct hone_plan *plan, const struct hone_build_env *env,
	const struct hone_workdir *dir, char **ret_path, struct hone_err *err);

#endif
