#ifndef HONE_CLI_DEFAULTS_H
#define HONE_CLI_DEFAULTS_H
/* Where an option was not given: CARGO_HONE_* variables, then [hone] of hone.toml, then what is built in.
 * docs/hone-toml.md describes it. */
#include "cli.h"

/* One that was taken. */
struct hone_default {
	const char *option; /* without dashes; static */
	char *value;        /* as it would be typed; "" for a flag */
	char *where;        /* "hone.toml:3:10" or the variable */
};

struct hone_defaults {
	struct hone_default *v;
	size_t n, cap;
};
#define hone_auto_defaults __attribute__((cleanup(hone_defaults_release)))
void hone_defaults_release(struct hone_defaults *d);

/* The options that may have a default; ends with NULL. */
extern const char *const hone_defaultable[];

/* Fills the options of command c that are not set in `sets`, which hone_opt_parse has filled, and appends those
 * that it filled. Only a command about a project reads hone.toml: the first one that lies beside a Cargo.toml, from
 * the current folder (or that of --manifest-path) up to the workspace. Unknown variables are warned about.
 * HONE_E_SYNTAX: a key or value of hone.toml; HONE_E_USAGE: the value of a variable. */
int hone_defaults_take(struct hone_cli *cli, const struct hone_command *c,
	const struct hone_opt_set *sets, size_t n_sets, struct hone_defaults *ret,
	struct hone_err *err);
/* Says what was taken of what changes a result; with -v all. */
void hone_defaults_tell(struct hone_cli *cli, const struct hone_defaults *d);
/* An error of usage about an option that was not typed: says where its value comes from. */
void hone_defaults_blame(const struct hone_defaults *d, struct hone_err *err);

#endif
