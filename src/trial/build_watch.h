#ifndef HONE_TRIAL_BUILD_WATCH_H
#define HONE_TRIAL_BUILD_WATCH_H
/* What is told of a build while it goes on and afterwards. */
#include "view.h"

/* Called while cargo works; any member may be NULL. */
struct hone_build_watch {
	void *ctx;
	void (*unit)(void *ctx, const char *crate, unsigned done); /* a unit is done or was fresh */
	void (*output)(void *ctx, struct hone_view line); /* a line that cargo wrote to stderr */
	void (*tick)(void *ctx);                          /* about ten times a second */
	bool spare_fresh; /* a Fresh binary is not rebuilt for the capture of its link */
};

/* What making an artifact cost. */
struct hone_build_cost {
	double wall_s;     /* cargo from start to end */
	double cpu_s;      /* user + system time of cargo and everything below it */
	uint64_t peak_rss; /* bytes: the largest single compiler or linker process */
	unsigned units;    /* compiler runs; 0: everything was fresh */
	unsigned taken;    /* units that an earlier build had made */
};

#endif
