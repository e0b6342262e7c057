#ifndef HONE_TRIAL_SIZE_PACKAGES_H
#define HONE_TRIAL_SIZE_PACKAGES_H
/* The packages of a build as symbols name them, so that rows of `size` can tell versions. */
#include "project.h"
#include "size.h"

struct hone_size_packages {
	HONE_VEC(struct hone_size_package) v;
	struct hone_strv names; /* what v points to */
};

/* Those of a loaded project; NULL: none. p is zero-initialised. */
void hone_size_packages_of(const struct hone_project *project, struct hone_size_packages *p);
/* Those of the Cargo.lock that a folder lies under: in it or in the nearest one above. */
void hone_size_packages_find(const char *start, struct hone_size_packages *p);
/* Is the crate, as code spells it, one of those that the package puts into a program? */
bool hone_size_package_has(const struct hone_package *package, const char *crate);
void hone_size_packages_release(struct hone_size_packages *p);

#endif
