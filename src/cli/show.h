#ifndef HONE_CLI_SHOW_H
#define HONE_CLI_SHOW_H
/* What `cargo hone show` and `cargo hone` tell about a project, and how it is printed. */
#include "cli.h"
#include "arena.h"
#include "result_settings.h"
#include "session.h"

struct hone_show {
	struct hone_session session;
	struct hone_profile effective; /* with rustflags */
	struct hone_result_settings settings;
	struct hone_arena arena;
};

/* Loads project and profile, and finds the problems. deep as in hone_problem_input. want: HONE_SESSION_WRITE or _NO_WAIT, or 0. A package is
 * selected as cargo would; without one (a workspace of several), the workspace alone is shown. */
int hone_show_load(struct hone_cli *cli, bool deep, unsigned want, struct hone_show *ret,
	struct hone_err *err);
void hone_show_release(struct hone_show *s);

#endif
