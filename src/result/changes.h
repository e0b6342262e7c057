#ifndef HONE_RESULT_CHANGES_H
#define HONE_RESULT_CHANGES_H
/* What settings did to a program's bytes: every trial against the baseline, and every two trials that
 * differ in exactly one setting, where the difference is that setting's. By owner: crates of a program,
 * or flash by crate for a device. */
#include "candidate.h"
#include "size.h"

/* Whose the bytes of one trial are. */
struct hone_change_side {
	const char *name;
	const struct hone_candidate *candidate;
	const struct hone_size_table *bytes; /* n == 0: not known, the trial is left out */
	bool made; /* by --each or --curve, to be seen beside what it was made from */
};

struct hone_change {
	size_t trial, beside; /* indices of the sides */
	/* The one setting that the two differ in ("lto=true", "opt-level=\"z\" for \"s\""); NULL: several. */
	char *setting;
	const struct hone_setting *key; /* of that setting, or NULL */
	size_t n_settings;              /* that they differ in */
	struct hone_size_diff diff;     /* rows sum to the delta, exactly */
};

struct hone_changes {
	struct hone_change *v;
	size_t n, cap;
};

/* sides[0] is the baseline. */
void hone_changes_find(
	const struct hone_change_side *sides, size_t n, struct hone_changes *ret_changes);
void hone_changes_release(struct hone_changes *c);
/* "std -301,112, regex_automata -120,004, 14 others +3,010": the largest parts of a change, which sum to
 * it. The caller frees. */
char *hone_change_parts(const struct hone_change *c);
#endif
