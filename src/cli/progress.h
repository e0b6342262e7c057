#ifndef HONE_CLI_PROGRESS_H
#define HONE_CLI_PROGRESS_H
/* The live line while candidates are built, and the words before the first build. */
#include "artifact.h"
#include "cli.h"
#include "estimate.h"

struct hone_progress {
	struct hone_out *out;
	const char *name; /* candidate being built */
	size_t at, n;     /* 1-based position among n builds */
	unsigned units_done,
		units_expected; /* expected: of the build before, first the number of packages */
	char crate[64];
	int64_t started_ns;
	double expected_s; /* of this build; 0: unknown */
	double last_s;     /* what the last real build took */
};

void hone_progress_start(
	struct hone_progress *p, struct hone_out *out, const char *name, size_t at, size_t n);
/* Callbacks for hone_artifact_build; borrowed, valid while p is. */
struct hone_build_watch hone_progress_watch(struct hone_progress *p);
/* After a build: removes the live line, says what it took, remembers it for the next estimate. */
void hone_progress_done(struct hone_progress *p, const struct hone_artifact *a);
/* How many builds, about how long, how much disk; a warning when the disk is too small. Also what the
 * first build is measured against until it is done. */
void hone_progress_announce(struct hone_progress *p, struct hone_out *out,
	const struct hone_build_estimate *e, const char *folder);

#endif
