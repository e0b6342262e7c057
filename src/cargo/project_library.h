#ifndef HONE_CARGO_PROJECT_LIBRARY_H
#define HONE_CARGO_PROJECT_LIBRARY_H
/* Inside of the choice of what is built (project_select.c): libraries, and which of their files is meant. */
#include "project.h"

/* --lib, with or without --crate-type: the library of a package, or (NULL) of the default members, into p. HONE_E_USAGE
 * where there is none or a choice is needed; HONE_E_FAILED for a library that has files for Rust programs only. */
int hone_project_select_library(struct hone_project *p, const struct hone_package *only,
	const struct hone_cargo_opts *opts, struct hone_err *err);
/* Is there exactly one library with a file for others than Rust programs? */
bool hone_project_has_one_library(const struct hone_project *p, const struct hone_package *only);

/* Do the options ask for more than one target? */
bool hone_project_asks_for_several(const struct hone_cargo_opts *o);
/* All of them: the first one into p's target, the rest into its others. Errors as above. */
int hone_project_select_several(struct hone_project *p, const struct hone_package *only,
	const struct hone_cargo_opts *opts, struct hone_err *err);

#endif
