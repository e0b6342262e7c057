#ifndef HONE_CLI_CLI_H
#define HONE_CLI_CLI_H
/* The command line: a table of commands, each with a table of options that drives parsing, --help and
 * the checks of the man page. Only this folder prints errors and picks exit codes. */
#include "err.h"
#include "events.h"
#include "format.h"
#include "out.h"
#include "project.h"
#include "shard.h"

enum hone_opt_kind {
	HONE_OPT_FLAG,  /* bool */
	HONE_OPT_COUNT, /* int, raised by one each time */
	HONE_OPT_TEXT,  /* char *, owned by the option struct, the last one given wins */
	HONE_OPT_ONE, /* the same, but a second value that differs is refused: a choice, and which counts? */
	HONE_OPT_LIST,  /* struct hone_strv, every one given is kept */
	HONE_OPT_WORDS, /* struct hone_strv, split at blanks and commas: --features */
};

struct hone_opt {
	const char *name; /* without the dashes; NULL ends the table */
	char letter;      /* short form, or 0 */
	enum hone_opt_kind kind;
	const char *arg;  /* what stands for the value in the help: "NAME"; NULL for flags */
	size_t offset;    /* of the field in the option struct */
	const char *help; /* one line */
};

/* The live line of a build. */
struct hone_progress {
	char *name;   /* of the candidate being built */
	size_t at, n; /* 1-based position among n builds */
	unsigned units_done;
	unsigned units_expected; /* of the build before, first the number of packages */
	char crate[64];
	int64_t started_ns;
	double expected_s; /* of this build; 0: unknown */
	double last_s;     /* what the last real build took */
};

/* Files of shards that `try` joins, for `merge` (cmd_merge.c). */
struct hone_cli_merge {
	struct hone_shards shards;
	bool measure;
};

/* What every command gets. */
struct hone_cli {
	struct hone_events events; /* what the engine tells, as lines on stderr */
	struct hone_progress progress;
	struct hone_out out;
	const struct hone_report_format *format;
	struct hone_cargo_opts cargo;
	/* Raw common options, already taken into the fields above. */
	char *color_text, *format_text;
	int verbose;
	bool quiet, help, version;
	const struct hone_cli_merge *merge; /* or NULL */
};

/* Groups of common options that a command takes besides its own. */
enum hone_opt_group {
	HONE_GROUP_PROJECT =
		1 << 0, /* --manifest-path, -p, --bin, --features, --target, --profile, ... */
	HONE_GROUP_FORMAT = 1 << 1, /* --format */
	HONE_GROUP_BUILD = 1 << 2,  /* -j */
};

struct hone_command {
	const char *name;    /* "" is `cargo hone` alone */
	const char *args;    /* usage after the options: "[CANDIDATE]..."; "" for none */
	const char *summary; /* one line for the list of commands */
	const char *
		help; /* what stands above the options in `hone NAME --help`; may be long; or NULL */
	unsigned groups;
	/* With HONE_GROUP_FORMAT: what it prints, so that a format without it is refused before anything is done. */
	enum hone_document document;
	const struct hone_opt *opts; /* own options; NULL: none */
	size_t opts_size;            /* size of the option struct, zeroed before parsing */
	unsigned min_args, max_args; /* positional arguments; max_args UINT_MAX: any number */
	/* args: n positional arguments, NULL-terminated. The return value is 0 or a code; an exit code other
	 * than the one that the code stands for is set by hone_cli_exit. */
	int (*run)(struct hone_cli *cli, void *opts, const char *const *args, size_t n,
		struct hone_err *err);
};

/* All commands, in the order of the help; ends with NULL. */
extern const struct hone_command *const hone_commands[];
/* The common options in the groups' order, for --help and the man page's test. */
extern const struct hone_opt hone_common_opts[], hone_project_opts[], hone_format_opts[],
	hone_build_opts[];

/* Parses arguments into an option struct: rows of `tables` (NULL-terminated list of tables with their
 * structs). Positional arguments go to rest. Without rest the first positional argument ends it and
 * *ret_used tells how many were read. HONE_E_USAGE with a suggestion. */
struct hone_opt_set {
	const struct hone_opt *opts;
	void *into;
};
int hone_opt_parse(const struct hone_opt_set *sets, size_t n_sets, char *const *argv, size_t argc,
	struct hone_strv *rest, size_t *ret_used, struct hone_err *err);
/* Gives one option a value (NULL for flags), as if it were typed. */
void hone_opt_set(const struct hone_opt *opt, void *into, const char *value);
void hone_opt_release(const struct hone_opt *opts, void *into);
/* Appends the options of a table that were given, as they would be typed again, but for those whose names are in
 * `but` (NULL-terminated list, or NULL). */
void hone_opt_spell(const struct hone_opt *opts, const void *from, const char *const *but,
	struct hone_strv *words);
/* Every command of hone's that is printed is made here, so that what was chosen is in it: cargo, hone, the command's
 * name, and all options of hone_project_opts that were given. */
void hone_cli_words(const struct hone_cli *cli, const char *command, struct hone_strv *words);
/* The same as one line for a shell, with further words behind (a NULL-terminated list, or NULL). The caller frees. */
char *hone_cli_command(const struct hone_cli *cli, const char *command, const char *const *more);
/* Prose in which `cargo hone COMMAND` becomes that line wherever COMMAND is about a project. The caller frees. */
char *hone_cli_fill(const struct hone_cli *cli, const char *text);
/* A remedy, in which commands of cargo's own (build, tree, ...) get what was chosen, too, as far as they take it. The
 * caller frees. */
char *hone_cli_remedy(const struct hone_cli *cli, const char *text);

void hone_help_main(const struct hone_out *o, struct hone_buf *to);
void hone_help_command(const struct hone_command *c, const struct hone_out *o, struct hone_buf *to);

/* Has the events of cli print to its output (listen.c). */
void hone_cli_listen(struct hone_cli *cli);

/* Writes a document in the chosen format to stdout. Errors as hone_report_write. */
int hone_cli_report(
	struct hone_cli *cli, enum hone_document d, const void *document, struct hone_err *err);

/* Rows of option tables: --train, which goes to hone_train_with_options, of build and of apply; --allow (of try, too);
 * --no-wait of whatever takes a lock (turn.h). `type` is the option struct, with fields of the same names. */
#define HONE_OPT_TRAIN(type)                                                                       \
	{                                                                                          \
		"train", 0, HONE_OPT_LIST, "ARGS", offsetof(type, train),                          \
			"What train.* settings train with: arguments for the binary; repeatable "  \
			"[default: the profile that try made, else hone.toml]"                     \
	}
#define HONE_OPT_NO_WAIT(type)                                                                     \
	{                                                                                          \
		"no-wait", 0, HONE_OPT_FLAG, NULL, offsetof(type, no_wait),                        \
			"Fail when another hone is at work here, instead of waiting for its end"   \
	}
#define HONE_OPT_ALLOW(type)                                                                       \
	{                                                                                          \
		"allow", 0, HONE_OPT_LIST, "LABELS", offsetof(type, allow),                        \
			"Labels that hone's own candidates may carry: "                            \
			"glibc,backtrace,address, or all"                                          \
	}

/* All that was typed behind `cargo hone`. The return value is 0 or a code, with its words in err. */
int hone_cli_dispatch(struct hone_cli *cli, char *const *argv, size_t argc, struct hone_err *err);
/* Runs a command with its words, as if they had been typed. */
int hone_cli_run(
	struct hone_cli *cli, const char *name, char *const *words, size_t n, struct hone_err *err);

/* The commands, one file each. */
extern const struct hone_command hone_cmd_status, hone_cmd_show, hone_cmd_explain, hone_cmd_try,
	hone_cmd_build, hone_cmd_apply, hone_cmd_clean, hone_cmd_size, hone_cmd_strip,
	hone_cmd_init, hone_cmd_history, hone_cmd_completions, hone_cmd_self_check, hone_cmd_man,
	hone_cmd_report, hone_cmd_check, hone_cmd_tune, hone_cmd_merge;

#endif
