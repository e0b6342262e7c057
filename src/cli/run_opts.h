#ifndef HONE_CLI_RUN_OPTS_H
#define HONE_CLI_RUN_OPTS_H
/* Options of the commands that run workloads. */
#include "try.h"

/* The workloads of --run, else those of hone.toml, into t, whose session is open. stdin_path: of --stdin, or NULL. */
int hone_cli_workloads(const struct hone_strv *run, const char *stdin_path, struct hone_try *t,
	struct hone_err *err);
/* A command line that cannot be split is wrong usage. */
int hone_cli_wrong_words(const char *option, struct hone_err *err);

#endif
