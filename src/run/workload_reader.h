#ifndef HONE_RUN_WORKLOAD_READER_H
#define HONE_RUN_WORKLOAD_READER_H
/* What the files that read hone.toml share: values of its tables, each complaint with line and column. All
 * return 0 or HONE_E_SYNTAX. */
#include "toml_doc.h"
#include "workload.h"

struct hone_workload_reader {
	struct hone_workload *w;
	char *dir; /* of the file, absolute */
	bool until_ready;
	struct hone_err *err;
};

typedef int hone_workload_read_fn(
	struct hone_workload_reader *r, const struct hone_toml_node *value);

struct hone_workload_key {
	const char *name;
	hone_workload_read_fn *read;
};

/* Reads every entry of a table by the function of its key; keys end with a NULL. what: for complaints. */
int hone_read_table(struct hone_workload_reader *r, const struct hone_toml_node *table,
	const struct hone_workload_key *keys, const char *what);
/* Complains that a value has the wrong type. */
int hone_read_wrong(
	struct hone_workload_reader *r, const struct hone_toml_node *value, const char *wanted);
/* A string without NUL; *ret is freed and becomes a copy. */
int hone_read_text(struct hone_workload_reader *r, const struct hone_toml_node *value, char **ret);
int hone_read_number(
	struct hone_workload_reader *r, const struct hone_toml_node *value, double *ret);
/* Seconds above 0: a number, or a string with a unit. */
int hone_read_seconds(
	struct hone_workload_reader *r, const struct hone_toml_node *value, double *ret);
/* A command: a list of words, or one string that is split like a shell would. */
int hone_read_command(
	struct hone_workload_reader *r, const struct hone_toml_node *value, struct hone_strv *ret);
/* A path relative to the folder of the file; *ret is freed and becomes the whole path. */
int hone_read_path(struct hone_workload_reader *r, const struct hone_toml_node *value, char **ret);
/* One of n words; its index. */
int hone_read_choice(struct hone_workload_reader *r, const struct hone_toml_node *value,
	const char *const *words, size_t n, size_t *ret);
/* A POSIX extended regular expression that compiles; groups: how many it must have at least. */
int hone_read_pattern(
	struct hone_workload_reader *r, const struct hone_toml_node *v, size_t groups, char **ret);
/* A table [[workload]]. */
int hone_read_workload(struct hone_workload_reader *r, const struct hone_toml_node *table);
/* Its table [workload.service]. */
int hone_read_service(struct hone_workload_reader *r, const struct hone_toml_node *v);

#endif
