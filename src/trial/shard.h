#ifndef HONE_TRIAL_SHARD_H
#define HONE_TRIAL_SHARD_H
/* A comparison on several machines: each builds a share of the candidates into one file, and one machine joins the files
 * into a run as it would have made it alone. docs/internals/machines.md tells why it is done like this.
 *
 * The candidates are dealt in their order, the baseline first, one to each shard in turn. A profile is made once:
 * shard 0 is the training alone, whose file the others are given; without one the last shard has all that is trained. */
#include "try.h"

/* A file of a shard that was read. */
struct hone_shard;
#define hone_auto_shards __attribute__((cleanup(hone_shards_release)))
struct hone_shards {
	struct hone_shard **v;
	size_t n;
};
void hone_shards_release(struct hone_shards *s);

/* Reads one file more. HONE_E_NOT_FOUND, HONE_E_SYNTAX (cut off, damaged, no such file), HONE_E_UNSUPPORTED (a newer
 * hone's). */
int hone_shards_add(struct hone_shards *s, const char *path, struct hone_err *err);
/* The words of the command that made the first one, from `cargo` on. */
void hone_shards_words(const struct hone_shards *s, struct hone_strv *ret);
/* Are all shards there, each once, of one command? HONE_E_USAGE with what is missing or differs. */
int hone_shards_check(const struct hone_shards *s, struct hone_err *err);

/* Which share is to be built. All is borrowed. */
struct hone_shard_request {
	uint64_t at, of;               /* shard at of `of`; 0: the training alone */
	const char *to;                /* the file that is written */
	const char *trained;           /* a file of shard 0, or NULL */
	const struct hone_strv *words; /* of the command, which the file keeps */
};
/* "K/N". HONE_E_USAGE. */
int hone_shard_parse(const char *text, struct hone_shard_request *ret, struct hone_err *err);
/* Builds the share of a try whose candidates are planned, and writes it. */
int hone_shard_make(struct hone_try *t, const struct hone_shard_request *r, struct hone_err *err);

/* Builds the candidates of a try, which are planned, from files that hone_shards_check passed. HONE_E_CONFLICT: they were
 * made of other sources, by other tools or for other candidates, with the difference. */
int hone_shards_build(struct hone_try *t, const struct hone_shards *s, struct hone_err *err);

/* ---- parts, for shard_*.c */

/* What has to be the same wherever a share is built, line by line: label and value. */
struct hone_shard_facts {
	struct hone_strv labels, values;
};
void hone_shard_facts_find(const struct hone_try *t, struct hone_shard_facts *ret);
void hone_shard_facts_release(struct hone_shard_facts *f);

/* What is written down of a share that is built. session: of hone_ahead; without: keys of plans that another file has. */
struct hone_shard_content {
	const struct hone_shard_request *request;
	const struct hone_shard_facts *facts;
	const char *session;
	const struct hone_strv *without;
	const char *training; /* hash of the file of shard 0, "" without one */
};
int hone_shard_write(
	const struct hone_try *t, const struct hone_shard_content *c, struct hone_err *err);

struct hone_shard {
	char *path;
	struct json_t *root;
	uint64_t at, of;
	const char *training; /* as above */
	char hash[33];        /* of the file */
};
/* Puts builds and profiles into hone's folder, as what was left for the session. ret_keys: keys of their plans, or NULL.
 * HONE_E_SYNTAX, HONE_E_CONFLICT: another profile of the same program is there already. */
int hone_shard_install(const struct hone_shard *s, const struct hone_workdir *dir,
	const char *session, struct hone_strv *ret_keys, struct hone_err *err);
/* Was it made of what is here? HONE_E_CONFLICT with what differs. */
int hone_shard_fits(const struct hone_shard *s, const struct hone_try *t,
	const struct hone_shard_facts *here, struct hone_err *err);

#endif
