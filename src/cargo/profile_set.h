#ifndef HONE_CARGO_PROFILE_SET_H
#define HONE_CARGO_PROFILE_SET_H
/* The inside of struct hone_profile_set, for profile_*.c and problem_*.c. */
#include "build_target.h"
#include "profile_table.h"

/* A profile with its chain of inherits put together. */
struct hone_profile_merged {
	struct hone_profile_table *table;
	bool release;      /* the chain ends at release, else at dev */
	bool written;      /* somebody wrote a table or a variable for it */
	bool has_packages; /* a package table was written for it, not only inherited */
};

/* All profiles that cargo knows when one of them is asked for. */
struct hone_profile_world {
	char *requested;
	HONE_VEC(struct hone_profile_merged) profiles; /* by name */
};

typedef HONE_VEC(struct hone_profile_value *) hone_profile_value_vec;

/* What is worked out on demand from a set that is otherwise constant. */
struct hone_profile_cache {
	HONE_VEC(struct hone_profile_world *) worlds;
	hone_profile_value_vec overriders; /* handed out by hone_profile_overrider */
	struct hone_rustflags *flags;      /* as found the first time */
	struct hone_strv *cfg_lines;       /* hone_profile_set_cfg_lines */
	struct hone_config *root;          /* the config as it is in the workspace's root */
	bool *one_variant;                 /* for each package: hone_profile_one_variant */
	bool *in_target; /* for each package: a part of the program (not only of build scripts) */
};

struct hone_profile_set {
	const struct hone_project *project;
	const struct hone_toolchain *toolchain;
	const struct hone_cargo_opts *opts; /* or NULL */
	struct hone_config *config;
	struct hone_arena *arena; /* the config's */
	HONE_VEC(struct hone_profile_table *) manifest;
	struct hone_build_targets targets; /* that are asked for */
	bool asked; /* by --target or build.target: then the host's units have flags of their own */
	const char *
		target; /* the triple that the program is built for, NULL: the host, asked for by nobody */
	struct hone_strv features; /* nightly features of cargo that are on and concern profiles */
	const struct hone_config_value *incremental; /* what sets incremental for all, or NULL */
	struct hone_profile_cache *cache;
};

/* Merges all layers for a requested profile (once; then cached). Borrowed. Errors: cargo's reasons. */
int hone_profile_set_world(const struct hone_profile_set *set, const char *requested,
	const struct hone_profile_world **ret_world, struct hone_err *err);
void hone_profile_world_free(struct hone_profile_world *w);
/* What `rustc --print cfg` says of the target with the flags that no [target.'cfg(...)'] gives, which is what cargo
 * holds against such tables. Asked once; borrowed. */
int hone_profile_set_cfg_lines(const struct hone_profile_set *set,
	const struct hone_strv **ret_lines, struct hone_err *err);
/* A profile of a world, or NULL. */
const struct hone_profile_merged *hone_profile_world_find(
	const struct hone_profile_world *world, const char *name);
/* The override with a spec that means the package, or NULL. */
const struct hone_profile_override *hone_profile_own_override(
	const struct hone_profile_table *t, const struct hone_package *package);
const struct hone_profile_override *hone_profile_star_override(const struct hone_profile_table *t);
/* For each package of the project: is it a part of the program (the selected package, or the default
 * members), and not only of build scripts, macros and tests? Borrowed. */
const bool *hone_profile_in_target(const struct hone_profile_set *set);
/* Is the package built with one set of features wherever it is used? Else build scripts and program
 * cannot share it. Asks `cargo tree` the first time; true when cargo does not tell. */
bool hone_profile_one_variant(
	const struct hone_profile_set *set, const struct hone_package *package);
/* Runs `cargo tree` on what is selected, with these edges, and gives each line as format makes it, without
 * its mark for repetition, to the callback. *ret_told is false when cargo refused. */
typedef void hone_cargo_tree_line(void *ctx, struct hone_view line);
int hone_cargo_tree(const struct hone_profile_set *set, const char *edges, const char *format,
	hone_cargo_tree_line *on_line, void *ctx, bool *ret_told, struct hone_err *err);
/* Index of the package that a line "name vVERSION..." of `cargo tree` means, or n_packages. */
size_t hone_cargo_tree_package(const struct hone_project *p, struct hone_view line);

#endif
