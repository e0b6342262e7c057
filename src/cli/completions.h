#ifndef HONE_CLI_COMPLETIONS_H
#define HONE_CLI_COMPLETIONS_H
/* Completion scripts of shells, made from the tables of commands, options and settings. Each script knows
 * everything by itself: pressing TAB does not start hone. */
#include "opt_values.h"
#include "settings.h"

/* The tables of options of a command in the order of its help; returns how many. */
#define HONE_TABLES_MAX 5
size_t hone_command_tables(
	const struct hone_command *c, const struct hone_opt *ret[HONE_TABLES_MAX]);

/* Calls f for every pattern of keys that have values: "link.icf|icf", "package.*.opt-level". */
void hone_completions_settings(struct hone_buf *to,
	void (*f)(struct hone_buf *to, const char *const *patterns, const char *values));
/* Text in single quotes of a POSIX shell or zsh; each_end: how a quote inside is written ("'\\''", fish: "\\'"). */
void hone_completions_quote(struct hone_buf *to, const char *text, const char *inner_quote);
/* One line for a candidate's name. */
const char *hone_completions_about(const char *candidate);

void hone_completions_bash(struct hone_buf *to);
void hone_completions_zsh(struct hone_buf *to);
void hone_completions_fish(struct hone_buf *to);

#endif
