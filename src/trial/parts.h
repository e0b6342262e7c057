#ifndef HONE_TRIAL_PARTS_H
#define HONE_TRIAL_PARTS_H
/* The packages of a program as profiles and tables by crate know them: what a level of its own could be worth for. */
#include "project.h"
#include "size.h"

/* A package with code in the program. */
struct hone_part {
	const struct hone_package *package; /* borrowed */
	uint64_t bytes;                     /* of the file */
	double share;                       /* of the counts of a profile; 0 without one */
};
struct hone_parts {
	struct hone_part *v;
	size_t n, cap;
};
/* Appends those that a table by crate names, largest first. */
void hone_parts_find(const struct hone_project *project, const struct hone_size_table *bytes,
	struct hone_parts *ret);
/* The package as a profile names it: by its name, with the version where there are several. The caller
 * frees. */
char *hone_part_spec(const struct hone_project *project, const struct hone_package *p);

#endif
