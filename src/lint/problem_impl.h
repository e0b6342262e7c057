#ifndef HONE_LINT_PROBLEM_IMPL_H
#define HONE_LINT_PROBLEM_IMPL_H
/* What the finders of problems (problem_*.c) share. */
#include "problem.h"
#include "profile_set.h"

struct hone_finder {
	const struct hone_problem_input *in;
	struct hone_problems *out;
	const struct hone_profile_world *world;
	const struct hone_profile_merged *merged; /* the profile that is asked for */
	struct hone_profile profile;              /* of the selected package, before rustflags */
	struct hone_profile in_force;             /* the same with rustflags */
	struct hone_rustflags flags;
	bool *in_program; /* for each package: a part of the program (hone_find_program) */
	bool exact;       /* in_program is what a build would take, not more */
};

/* Adds a problem; the message is made like printf. The returned problem is valid until the next. */
struct hone_problem *hone_problem_add(struct hone_finder *f, const char *id, const char *where,
	const char *fmt, ...) __attribute__((format(printf, 4, 5)));
void hone_problem_remedy(struct hone_problem *p, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Says that writing (value NULL: removing) this key is a safe edit. keys ends with NULL. */
void hone_problem_fix(
	struct hone_problem *p, const char *file, const char *const *keys, const char *value);
/* Says that something was not looked at; ids ends with NULL. why is made like printf. */
struct hone_limit *hone_limit_add(struct hone_finder *f, const char *what, const char *const *ids,
	const char *why, ...) __attribute__((format(printf, 4, 5)));
/* Does the program abort where it panics, rustflags counted? */
bool hone_finder_aborts(const struct hone_finder *f);
/* The normal value of a key of the selected package (hone_profile_normal). The caller frees. */
char *hone_finder_normal(const struct hone_finder *f, enum hone_setting_id id);

/* Fills in_program. Without cargo's help (not deep, or it refuses) from the graph, which is too much. */
int hone_find_program(struct hone_finder *f, struct hone_err *err);

/* The finders. */
void hone_find_profile_problems(struct hone_finder *f);
void hone_find_name_problems(struct hone_finder *f);
void hone_find_flag_problems(struct hone_finder *f);
void hone_find_link_problems(struct hone_finder *f);
int hone_find_graph_problems(struct hone_finder *f, struct hone_err *err);
int hone_find_unused_problems(struct hone_finder *f, struct hone_err *err);
void hone_find_linkage_problems(struct hone_finder *f);
void hone_find_other_problems(struct hone_finder *f);
int hone_find_panic_problems(struct hone_finder *f, struct hone_err *err);

#endif
