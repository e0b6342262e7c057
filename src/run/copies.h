#ifndef HONE_RUN_COPIES_H
#define HONE_RUN_COPIES_H
#include "err.h"
#include "rng.h"

/* In the folder of an artifact: what its build put beside the executable, which is to stand beside a copy of it, too;
 * and the shared libraries of the folders that cargo would name in LD_LIBRARY_PATH. */
#define HONE_BESIDE ".beside"
#define HONE_LIBRARIES ".lib"

/* Copies of all artifacts under one run folder, each at run_dir/NNN/NAME: the same NAME for all, so
 * that paths have one length and programs that print their own name print the same. With each comes what stands
 * beside its artifact (HONE_BESIDE, HONE_LIBRARIES). */
struct hone_copies {
	size_t n;
	const char **source; /* [n], borrowed */
	char **path;         /* [n], where each lies now */
	char *dir, *name;
	bool has_libraries; /* one of them needs shared libraries that its build made */
	int64_t spent_ns;   /* on copying, after the first time */
	unsigned generation;
};

/* Copies sources[0..n) into dir (must exist) under the name that sources[0] has. */
int hone_copies_make(struct hone_copies *c, const char *dir, const char *const *sources, size_t n,
	struct hone_rng *rng, struct hone_err *err);
/* Copies everything anew into other folders in random order, so that no candidate keeps its pages. */
int hone_copies_renew(struct hone_copies *c, struct hone_rng *rng, struct hone_err *err);
/* The folder for LD_LIBRARY_PATH, of one length for all; NULL: nobody needs one. The caller frees. */
char *hone_copies_library_path(const struct hone_copies *c, size_t who);
void hone_copies_release(struct hone_copies *c);

#endif
