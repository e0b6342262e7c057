#ifndef HONE_LINT_PROBLEM_H
#define HONE_LINT_PROBLEM_H
/* What is wrong, or probably not meant, in how a project is built: found without building. */
#include "profile.h"

enum hone_severity {
	HONE_SEVERITY_NOTE,    /* worth knowing; may be wanted */
	HONE_SEVERITY_WARNING, /* does not do what it seems to do, or costs more than people expect */
	HONE_SEVERITY_ERROR,   /* the build fails, or will */
};
const char *hone_severity_name(enum hone_severity s);

struct hone_problem_kind {
	const char *id; /* for --deny and --allow: "strip-none" */
	enum hone_severity severity;
	const char *summary; /* what the kind is about, one line: for --help, SARIF and docs */
};
/* All kinds, in the order in which problems are shown; ends with id == NULL. */
extern const struct hone_problem_kind hone_problem_kinds[];
/* The row of an id, or NULL. */
const struct hone_problem_kind *hone_problem_kind_find(const char *id);

/* An edit that changes nothing but what the problem is about. */
struct hone_problem_fix {
	char *file;            /* NULL: there is no safe edit */
	struct hone_strv path; /* key path in the file */
	char *value;           /* TOML text to write; NULL: remove the key */
};

struct hone_problem {
	const struct hone_problem_kind *kind;
	char *message; /* one sentence that says what and why */
	char *where;   /* "path:line:col", a path, a variable, an option; or NULL */
	char *remedy;  /* what to write or type, one or more lines */
	struct hone_problem_fix fix;
};

/* What was not looked at, so that silence does not mean that all is well. */
struct hone_limit {
	char *what, *why;     /* "dependencies", "there is no Cargo.lock" */
	char *remedy;         /* what to type, or NULL */
	struct hone_strv ids; /* the problems that may be there unseen */
};

struct hone_problems {
	struct hone_problem *v;
	size_t n, cap;
	HONE_VEC(struct hone_limit) limits;
};

struct hone_problem_input {
	const struct hone_project *project; /* with the graph, or some problems stay unseen */
	const struct hone_toolchain *toolchain;
	struct hone_profile_set *profiles;
	const char *profile; /* name */
	bool builds_std; /* std is compiled with the program, so that it panics as the program does */
	bool deep; /* read the sources of the program and its dependencies, where that matters:
			      * takes a second or two; and ask git what is committed */
};

/* Finds all problems of the selected package (project->package; NULL: the workspace alone). Errors are
 * those of hone_profile_compute: cargo refuses to build. */
int hone_problems_find(const struct hone_problem_input *in, struct hone_problems *ret_problems,
	struct hone_err *err);
/* Problems of a Cargo.toml that cargo does not take at all: numbers and booleans as text. For a
 * project that could not be loaded. */
int hone_problems_of_manifest(
	const char *manifest, struct hone_problems *ret_problems, struct hone_err *err);
/* Splits a place "path:line:col": *ret_line and *ret_col are 0 when there are none. The caller frees
 * the path. */
char *hone_place_split(const char *where, unsigned *ret_line, unsigned *ret_col);
void hone_problems_release(struct hone_problems *p);
void hone_limit_release(struct hone_limit *l);
/* "dependencies (there is no Cargo.lock)". The caller frees. */
char *hone_limit_text(const struct hone_limit *l);

#endif
