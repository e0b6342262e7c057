#ifndef HONE_TRIAL_ESTIMATE_H
#define HONE_TRIAL_ESTIMATE_H
/* What builds will cost, said before the first one starts, and what is left of it while they run. */
#include "plan.h"
#include "workdir.h"

struct hone_build_estimate {
	unsigned n_builds;   /* plans that will be built (equal ones counted once) */
	unsigned n_known;    /* of them, built before: expected to be fresh or nearly so */
	unsigned n_links;    /* of them, those that are only linked anew */
	unsigned n_packages; /* packages in the graph */
	double s;            /* seconds until all are done */
	double spread;       /* so many times less or more it may well be; 1 or more */
	uint64_t disk;       /* bytes that hone's folder will grow by, at most */
	uint64_t free;       /* bytes free there */
};

/* width: how many run beside each other. From what other builds of this project took here (their records beside the
 * artifacts), else from the size of the Rust sources in the graph, and of std, where it is compiled; what is the same is
 * compiled once, and where only the link differs, only that is done. */
int hone_build_estimate(const struct hone_build_env *env, const struct hone_workdir *dir,
	const struct hone_plan *const *plans, size_t n, unsigned width,
	struct hone_build_estimate *ret, struct hone_err *err);

/* What is left when done of all work took so long: seconds, NaN while nothing is done. What runs is half done. */
double hone_estimate_left(double done, double running, double waiting, double elapsed_s);

#endif
