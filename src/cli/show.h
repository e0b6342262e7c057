#ifndef HONE_CLI_SHOW_H
#define HONE_CLI_SHOW_H
/* What `cargo hone show` and `cargo hone` tell about a project, and how it is printed. */
#include "cli.h"
#include "arena.h"
#include "problem.h"
#include "session.h"

/* One setting of one unit that is worth a row. */
struct hone_show_row {
	const char *unit;    /* NULL: the selected package; else "build scripts", "serde 1.0.200" */
	const char *package; /* package id; NULL for the selected package and for unit classes */
	const char *key, *value; /* value: TOML text, or NULL when Cargo passes nothing */
	const char *meaning;     /* of an unset value in a few words, or NULL */
	enum hone_origin_kind origin;
	const char *where; /* or NULL */
};

struct hone_show {
	struct hone_session session;
	const char *profile;
	const struct hone_package *package; /* NULL: none is selected */
	struct hone_profile effective;      /* with rustflags */
	struct hone_rustflags flags;
	HONE_VEC(struct hone_show_row) rows;
	struct hone_problems problems;
	struct hone_arena arena;
};

/* Loads project and profile, and finds the problems. deep as in hone_problem_input. want: HONE_SESSION_WRITE or _NO_WAIT, or 0. A package is
 * selected as cargo would; without one (a workspace of several), the workspace alone is shown. */
int hone_show_load(struct hone_cli *cli, bool deep, unsigned want, struct hone_show *ret,
	struct hone_err *err);
void hone_show_release(struct hone_show *s);

/* "3 problems: 1 error, 2 warnings"; "no problems". The caller frees. */
char *hone_show_count(const struct hone_problems *p);

/* Text, Markdown or CSV. */
void hone_show_print(struct hone_cli *cli, const struct hone_show *s, struct hone_buf *to);
void hone_show_problems(struct hone_cli *cli, const struct hone_problems *p, struct hone_buf *to);
/* docs/json.md "show"; s may hold problems alone. */
void hone_show_json(const struct hone_show *s, struct hone_buf *to);
/* SARIF 2.1.0, for code scanning pages: docs/json.md. root: the workspace's folder. File names are
 * relative to the repository that it lies in (the next folder up with a .git), else to root. */
void hone_show_sarif(const struct hone_problems *p, const char *root, struct hone_buf *to);

/* Makes the edits of all problems that have a safe one, in files inside root; shows the diff. */
int hone_show_fix(struct hone_cli *cli, const struct hone_problems *p, const char *root,
	bool dry_run, struct hone_err *err);

#endif
