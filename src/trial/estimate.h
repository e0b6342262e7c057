#ifndef HONE_TRIAL_ESTIMATE_H
#define HONE_TRIAL_ESTIMATE_H
/* What builds will cost, said before the first one starts. Rough, and meant to be: it tells minutes from
 * hours. */
#include "plan.h"
#include "workdir.h"

struct hone_build_estimate {
	unsigned n_builds;    /* plans that will be built (equal ones counted once) */
	unsigned n_known;     /* of them, built before: expected to be fresh or nearly so */
	unsigned n_packages;  /* packages in the graph */
	double low_s, high_s; /* seconds for all builds together */
	uint64_t disk;        /* bytes that hone's folder will grow by, at most */
	uint64_t free;        /* bytes free there */
};

/* From the size of the Rust sources in the graph (and of std, where it is compiled), the number of CPUs, and
 * records of earlier builds. */
int hone_build_estimate(const struct hone_build_env *env, const struct hone_workdir *dir,
	const struct hone_plan *const *plans, size_t n, struct hone_build_estimate *ret,
	struct hone_err *err);

#endif
