#ifndef HONE_TRIAL_TRAINING_MEMORY_H
#define HONE_TRIAL_TRAINING_MEMORY_H
/* What is remembered of the last training of one instrumented binary, in a small JSON file beside the profiles. */
#include "err.h"

struct hone_training_memory {
	char *workloads; /* hash of what it was trained with */
	char *file;      /* the profile's name in the folder */
	char *names;     /* of the workloads, for people */
	char *script;    /* see hone_train_script; NULL: not known */
	int64_t made;    /* seconds since 1970 */
};
void hone_training_memory_release(struct hone_training_memory *m);

/* dir: where the profile lies. A memory that is missing, damaged, without its profile, or not written by this user on this
 * machine is none: false. */
bool hone_training_memory_read(const char *dir, const char *path, struct hone_training_memory *ret);
int hone_training_memory_write(
	const char *path, const struct hone_training_memory *m, struct hone_err *err);

#endif
