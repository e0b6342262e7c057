#ifndef HONE_RESULT_RESULT_SETTINGS_H
#define HONE_RESULT_RESULT_SETTINGS_H
/* The settings of a profile, where each comes from, and what is wrong with them, as plain data. */
#include "problem.h"
#include "result_run.h"

/* One setting of one unit that is worth a row. */
struct hone_result_setting {
	const char *unit;    /* NULL: the selected package; else "build scripts", "serde 1.0.200" */
	const char *package; /* package id; NULL for the selected package and for unit classes */
	const char *key, *value; /* value: TOML text, or NULL when Cargo passes nothing */
	const char *meaning;     /* of an unset value in a few words, or NULL */
	enum hone_origin_kind origin;
	const char *where; /* or NULL */
};

struct hone_result_settings {
	const char *profile;
	const char *root;                   /* the workspace's folder */
	const struct hone_package *package; /* NULL: none is selected */
	const struct hone_target *target;   /* the program, or NULL */
	struct hone_rustflags flags;
	HONE_VEC(struct hone_result_setting) rows; /* none: cargo refuses the project */
	struct hone_problems problems;
	const char *fix; /* the command that repairs what has a safe edit */
	bool all;        /* -v: of many problems of a kind all are shown */
};

/* What a look at a project tells: the settings, what was measured last, and what to type. */
struct hone_result_status {
	struct hone_result_settings *settings; /* its problems are those seen at first sight */
	const char *rustc, *triple;            /* version; what is built for */
	char *goal;                            /* what the profile seems to be for */
	bool has_binary;                       /* a library alone cannot be tried */
	const struct hone_result_run *run;     /* the last one, or NULL */
	char *closer, *next; /* commands: one that looks closer, and the next one to type */
};
/* What a profile seems to be for: "small", "fast (it is the preset)". The caller frees. */
char *hone_result_goal(const struct hone_profile *p);
/* "3 problems: 1 error, 2 warnings"; "no problems". The caller frees. */
char *hone_result_count(const struct hone_problems *p);

#endif
