#ifndef HONE_CLI_PROGRESS_H
#define HONE_CLI_PROGRESS_H
/* The live line while candidates are built, and the words before the first build: struct hone_events of
 * the command line, whose ctx is the struct hone_cli. */
#include "cli.h"

void hone_progress_building(void *ctx, const char *name, size_t at, size_t n);
struct hone_build_watch hone_progress_watch(struct hone_cli *cli);
/* After a build: removes the live line, says what it took, remembers it for the next estimate. */
void hone_progress_built(void *ctx, const struct hone_artifact *a);
/* How many builds, about how long, how much disk; a warning when the disk is too small. Also what the
 * first build is measured against until it is done. */
void hone_progress_planned(void *ctx, const struct hone_build_estimate *e, const char *folder);

#endif
