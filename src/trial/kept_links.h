#ifndef HONE_TRIAL_KEPT_LINKS_H
#define HONE_TRIAL_KEPT_LINKS_H
/* Captured links that outlive a try. A candidate that differs from an earlier one in the link alone is not compiled: the
 * captured link is done again (docs/internals/builds.md). A single try forgets what it captured at its end; a search, whose
 * every step is a try, keeps it until it has found its answer. */
#include "workdir.h"

#include <stdbool.h>
#include <stdint.h>

/* From now on links are kept, most bytes of them, until hone_kept_links_end. */
void hone_kept_links_begin(struct hone_workdir *dir, uint64_t most);
/* Begins a try: what it captures lies beside what earlier ones did. Where that is too much, the oldest goes. Nothing where
 * links are not kept. */
void hone_kept_links_next(const struct hone_workdir *dir);
/* The folder for the link of a plan that is captured now. The caller frees. */
char *hone_kept_links_folder(const struct hone_workdir *dir, const char *key);
/* Was the link of a plan captured by a try before, and is it still there? */
bool hone_kept_links_has(const struct hone_workdir *dir, const char *key);
/* The folder that tells which program is linked from which capture. The caller frees. */
char *hone_kept_links_programs(const struct hone_workdir *dir);
/* Forgets all. */
void hone_kept_links_end(struct hone_workdir *dir);

#endif
