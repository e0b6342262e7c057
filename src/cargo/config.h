#ifndef HONE_CARGO_CONFIG_H
#define HONE_CARGO_CONFIG_H
/* cargo's configuration: every config file (the folder cargo is started in, each parent, the home of
 * cargo, and what they include), the options --config, and the variables CARGO_*, merged by cargo's
 * rules. Read from cargo 1.95, src/cargo/util/context/; checked by tests/profile/. */
#include "arena.h"
#include "buf.h"
#include "err.h"
#include "strv.h"
#include "toml_doc.h"

/* Who wrote a value, weakest first: a stronger one wins, of two equal ones the nearer file or the
 * later option. */
enum hone_config_source {
	HONE_CONFIG_MANIFEST, /* not cargo's config, but read by the same code: [profile] of Cargo.toml */
	HONE_CONFIG_FILE,
	HONE_CONFIG_ENV,
	HONE_CONFIG_CLI, /* --config KEY=VALUE, or --config FILE */
};

enum hone_config_type {
	HONE_CONFIG_STRING,
	HONE_CONFIG_INTEGER,
	HONE_CONFIG_BOOL,
	HONE_CONFIG_LIST,
	HONE_CONFIG_TABLE,
};

/* A value with the place that it comes from; everything lives in the arena it was made in. */
struct hone_config_value {
	enum hone_config_type type;
	enum hone_config_source source;
	const char *where; /* "path:line:col", the name of a variable, or the text of the option */
	const char
		*file; /* the file, as cargo names it in messages; NULL for variables and options */
	const char *key;  /* the key in the table above; "" in a list */
	const char *text; /* string */
	int64_t integer;
	bool boolean;
	struct hone_config_value *
		*items; /* list: elements; table: entries by their key, as merged */
	size_t n_items, cap_items;
	size_t *near; /* of a table with entries: where the last one was found, as the next is asked for beside it */
};

/* A key path that knows its environment variable: CARGO_PROFILE_RELEASE_OPT_LEVEL. */
#define HONE_CONFIG_KEY_DEPTH 8
struct hone_config_key {
	const char *part[HONE_CONFIG_KEY_DEPTH]; /* borrowed */
	bool raw[HONE_CONFIG_KEY_DEPTH]; /* goes into the variable's name as it is, neither in upper case nor
					  * with _ for -: names of packages, cfg(...) */
	size_t n;
};
struct hone_config_key hone_config_key(const char *a, const char *b, const char *c);
struct hone_config_key hone_config_key_push(struct hone_config_key key, const char *part, bool raw);
/* "profile.release.opt-level", quoted where TOML asks for it; appended. */
void hone_config_key_text(const struct hone_config_key *key, struct hone_buf *out);
/* "CARGO_PROFILE_RELEASE_OPT_LEVEL"; appended. */
void hone_config_key_env(const struct hone_config_key *key, struct hone_buf *out);

struct hone_config;

/* Reads all files as a cargo started in folder cwd would (NULL: the current folder), then the options.
 * cargo_minor: 95 of 1.95; `include` is read since 1.94. A .cargo/config beside config.toml wins, as
 * in cargo. HONE_E_SYNTAX for broken TOML (path:line:col); HONE_E_FAILED with cargo's reason for a
 * type that cannot be merged, a cycle of includes, a missing include. */
int hone_config_load(const char *cwd, const struct hone_strv *options, unsigned cargo_minor,
	struct hone_config **ret_config, struct hone_err *err);
void hone_config_free(struct hone_config *c);
const char *hone_config_cwd(const struct hone_config *c);
/* The arena that all its values live in; values made for it may be put there, too. */
struct hone_arena *hone_config_arena(struct hone_config *c);
/* Files that were read, in the order of reading. */
const struct hone_strv *hone_config_files(const struct hone_config *c);

/* Folder of cargo's home ($CARGO_HOME, else ~/.cargo); NULL when there is none. The caller frees. */
char *hone_config_home(const char *cwd);

/* What the files and options say about a key, variables not looked at: *ret is NULL when nothing does.
 * HONE_E_FAILED when a part of the path is no table. */
int hone_config_get(struct hone_config *c, const struct hone_config_key *key,
	const struct hone_config_value **ret_value, struct hone_err *err);
/* The same with variables: a variable wins over files, an option over it. A variable's text becomes
 * a boolean or an integer when it reads as one. Lists are joined: words of the variable come last. */
int hone_config_any(struct hone_config *c, const struct hone_config_key *key,
	const struct hone_config_value **ret_value, struct hone_err *err);
/* The same for a key of one type (HONE_CONFIG_BOOL, INTEGER or STRING): the text of a variable must
 * read as that type, and what a file says must have it, even where the variable wins. */
int hone_config_typed(struct hone_config *c, const struct hone_config_key *key,
	enum hone_config_type type, const struct hone_config_value **ret_value,
	struct hone_err *err);
/* A list of strings: a list, one string of words where words is true, and a variable's words. *ret is a
 * list or NULL. */
int hone_config_strings(struct hone_config *c, const struct hone_config_key *key, bool words,
	const struct hone_config_value **ret_list, struct hone_err *err);
/* Is there a value, a variable of this name or, with prefix, a variable whose name begins with this
 * one and "_"? */
int hone_config_has(struct hone_config *c, const struct hone_config_key *key, bool prefix,
	bool *ret_has, struct hone_err *err);
/* A variable as cargo's config sees it: NULL when it is not there or no UTF-8. */
const char *hone_config_env(const char *name);
/* The name of the first variable that begins with prefix (in the order of the environment), or NULL. */
const char *hone_config_env_prefix(const char *prefix);

/* The entry of a table, or NULL. */
const struct hone_config_value *hone_config_entry(
	const struct hone_config_value *table, const char *key);
/* Turns a TOML value into one of these. HONE_E_FAILED for a float or a date, which cargo does not take. */
int hone_config_from_toml(struct hone_arena *arena, const struct hone_toml *doc,
	const struct hone_toml_node *node, enum hone_config_source source, const char *option,
	struct hone_config_value **ret_value, struct hone_err *err);
/* "string", "array", "table", ... as cargo says it. */
const char *hone_config_type_name(enum hone_config_type type);
/* The value as TOML text in one line; appended. */
void hone_config_value_toml(const struct hone_config_value *value, struct hone_buf *out);

#endif
