#ifndef HONE_CLI_OPT_VALUES_H
#define HONE_CLI_OPT_VALUES_H
/* What may stand where an option or an argument takes a value: the completions offer it. */
#include "cli.h"

enum hone_value_kind {
	HONE_VALUE_FREE,      /* anything: a number, a name that only its owner knows */
	HONE_VALUE_WORDS,     /* one of words */
	HONE_VALUE_LIST,      /* some of words, with commas between */
	HONE_VALUE_FILE,      /* a path */
	HONE_VALUE_FOLDER,    /* a path of a folder */
	HONE_VALUE_CANDIDATE, /* small, KEY=VALUE,...; words are the names */
	HONE_VALUE_BINARY,    /* a candidate or a path; words as before */
	HONE_VALUE_SETTING,   /* KEY or KEY=VALUE */
	HONE_VALUE_TRIPLE,    /* a target that rustup has installed */
	HONE_VALUE_BIN,       /* a binary of the project */
	HONE_VALUE_EXAMPLE,   /* an example of it */
};

struct hone_value {
	enum hone_value_kind kind;
	struct hone_strv words;
};
#define hone_auto_value __attribute__((cleanup(hone_value_release)))
#define HONE_VALUE_INIT                                                                            \
	{                                                                                          \
		0                                                                                  \
	}
void hone_value_release(struct hone_value *v);

/* What may stand for `arg`, the word that the help has for a value ("FORMAT"), of an option (name without
 * dashes) or of an argument (NULL) of a command. */
void hone_value_of(
	const struct hone_command *c, const char *option, const char *arg, struct hone_value *ret);
/* The words that stand for the arguments of a command ("LEVEL", "FILE"), appended; *ret_repeats: the last one
 * may be given again and again. */
void hone_value_args(const struct hone_command *c, struct hone_strv *ret, bool *ret_repeats);

/* A value of a setting as one types it on the command line, without the quotes of TOML. The caller frees. */
char *hone_value_typed(const char *toml);

#endif
