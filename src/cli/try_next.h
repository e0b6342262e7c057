#ifndef HONE_CLI_TRY_NEXT_H
#define HONE_CLI_TRY_NEXT_H
#include "cli.h"
#include "try.h"

/* What to type next: apply what holds; the same try for longer where speed was asked for and is undecided. NULL: keep what
 * there is. The caller frees. */
char *hone_try_next_command(const struct hone_cli *cli, const struct hone_try *t);
/* The try as it was typed, with one option more. The caller frees. */
char *hone_try_typed_with(const struct hone_try *t, const char *option, const char *value);

#endif
