#ifndef HONE_TRIAL_INPUTS_IMPL_H
#define HONE_TRIAL_INPUTS_IMPL_H
/* The inside of struct hone_inputs: inputs.c looks and judges, inputs_find.c knows what there is to look at. */
#include "hash.h"
#include "inputs.h"
#include "text_map.h"

#include <sys/stat.h>

/* Stamps of two file systems, or of two files in one tick of the kernel's clock, may be in another order than the
 * writes were. */
#define HONE_INPUTS_SLACK_NS 20000000

enum hone_input_flags {
	HONE_INPUT_FIXED =
		1 << 0, /* counts from the start: manifests, config, toolchain, hone.toml */
	HONE_INPUT_USED = 1 << 1,  /* a build read it, by what rustc or a build script says */
	HONE_INPUT_NAMED = 1 << 2, /* a workload names it */
	HONE_INPUT_LOCAL = 1 << 3, /* of the project, not of a registry */
	HONE_INPUT_HASHED = 1 << 4,
	HONE_INPUT_LOCK = 1 << 5,    /* Cargo.lock, which cargo makes where there is none */
	HONE_INPUT_BY_RUNS = 1 << 6, /* the workload writes it whenever it runs */
};

struct hone_input_state {
	bool there;
	uint64_t dev, ino, size;
	int64_t mtime_ns, ctime_ns;
};

struct hone_input {
	char *path; /* absolute; also the key */
	unsigned flags;
	struct hone_input_state state;
	struct hone_hash hash;
	size_t package; /* index + 1 of the path package in whose folder it lies; 0: none */
	int64_t read_ns; /* when a unit of the present build had read it, at the latest; INT64_MAX: none did */
	/* Which package's build script wrote it, index + 1, and in how many of that one's runs. */
	size_t script, times;
};

/* Of a package of the project, by its index. */
struct hone_input_package {
	size_t runs; /* of its build script, in builds of this command */
	bool walked; /* its files were taken down at the start */
	bool scans;  /* cargo takes each of its files for an input of its build script */
	/* When the script ran in the present build, by the clock of files; to < from: it did not. */
	int64_t from_ns, to_ns;
};

struct hone_inputs {
	const struct hone_build_env *env;
	char *folder, *other; /* hone's own, where nothing counts; other: or NULL */
	HONE_VEC(struct hone_input) v;
	struct hone_text_map index;          /* of v, by path */
	struct hone_input_package *packages; /* [project->n_packages] */
	struct hone_strv units;              /* dep-info of the present build's units */
	struct hone_strv scripts;            /* folders of build scripts' units, ... */
	HONE_VEC(size_t) script_of;          /* ... and the packages that they are of */
	int64_t began_ns, build_ns;          /* by the clock of files */
	int64_t looked_ns;
	uint64_t hashed; /* bytes, for the limit */
	size_t builds;
	struct hone_strv changed; /* paths, as people read them */
	const char *when;         /* of the first change */
};

/* The entry of a path, made where there is none (*ret_new). Valid until the next one is made. */
struct hone_input *hone_inputs_entry(struct hone_inputs *in, const char *path, bool *ret_new);
/* Takes down what a file is now; with its hash where wanted and within the limits. */
void hone_inputs_take(struct hone_inputs *in, struct hone_input *i, bool with_hash);
void hone_input_state_read(const char *path, struct hone_input_state *ret);

/* inputs_find.c */

void hone_inputs_find_start(struct hone_inputs *in);
/* The files that a unit made: dep-info lies beside one of them. */
void hone_inputs_see_unit(struct hone_inputs *in, const struct hone_strv *files);
/* Reads what the units of the present build say that they read, and what its scripts say. New paths are taken down as
 * they are, and appended to ret_new. */
void hone_inputs_find_used(struct hone_inputs *in, struct hone_strv *ret_new);
/* Every file below a folder: flags for each. */
void hone_inputs_walk(struct hone_inputs *in, const char *dir, unsigned flags, size_t package);

#endif
