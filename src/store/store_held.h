#ifndef HONE_STORE_STORE_HELD_H
#define HONE_STORE_STORE_HELD_H
/* A store that stays open for all who want it one after another: SQLite reads the whole schema whenever one is opened.
 * It may be open while hone makes a copy of itself (worker.h), which does not touch it. */
#include "store.h"

struct hone_store_held;

struct hone_store_held *hone_store_held_new(void);
/* NULL is allowed. */
void hone_store_held_close(struct hone_store_held *h);
/* As hone_store_open; *ret stays h's. A file that was put in its place meanwhile is opened anew. */
int hone_store_held_open(struct hone_store_held *h, const char *path, bool create,
	struct hone_store **ret, struct hone_err *err);

#endif
