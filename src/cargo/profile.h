#ifndef HONE_CARGO_PROFILE_H
#define HONE_CARGO_PROFILE_H
/* The effective profile: what every setting is for a unit of the build, and which file, variable,
 * option or default it comes from; computed without building. */
#include "buf.h"
#include "project.h"
#include "settings.h"

enum hone_origin_kind {
	HONE_ORIGIN_DEFAULT, /* built into cargo */
	HONE_ORIGIN_INHERITED, /* default or key of a profile that this one inherits; where tells the place */
	HONE_ORIGIN_MANIFEST,    /* root Cargo.toml */
	HONE_ORIGIN_CONFIG,      /* a .cargo/config.toml or a file of --config */
	HONE_ORIGIN_ENVIRONMENT, /* CARGO_PROFILE_*, CARGO_INCREMENTAL, ... */
	HONE_ORIGIN_OPTION,      /* --config KEY=VALUE */
	HONE_ORIGIN_RUSTFLAGS,   /* one of the four sources of rustflags */
};
const char *hone_origin_name(enum hone_origin_kind kind);

struct hone_profile_value {
	const struct hone_setting *setting;
	char *value; /* TOML text, or NULL when unset and cargo passes nothing */
	enum hone_origin_kind origin;
	char *where; /* "path:line:col", a variable's name, the option's text, the file of rustflags; or NULL */
};

/* Which unit a profile is asked for. */
enum hone_unit_class {
	HONE_UNIT_TARGET, /* what the program is made of */
	HONE_UNIT_HOST,   /* libraries that build scripts and proc macros use, proc macros too */
	HONE_UNIT_BUILD_SCRIPT, /* a package's own build script */
};

struct hone_profile_set; /* all layers, read once */

/* Reads every layer: root manifest, config files in cargo's order (with include), environment,
 * --config, rustflags. Project, toolchain and opts are borrowed and must outlive the set. The graph of the
 * project (hone_project.graph) is needed to be exact about `strip` and about what build scripts get;
 * without it, dependencies are taken to have no override of their own.
 * Errors are cargo's own reasons (an unknown value, a missing inherits, ...). */
int hone_profile_set_load(const struct hone_project *p, const struct hone_toolchain *tc,
	const struct hone_cargo_opts *opts, struct hone_profile_set **ret_set,
	struct hone_err *err);
/* The same with another text in the place of the root manifest's: what the profiles will be once it is written. NULL: as
 * it stands. */
int hone_profile_set_load_planned(const struct hone_project *p, const struct hone_toolchain *tc,
	const struct hone_cargo_opts *opts, const char *manifest, struct hone_profile_set **ret_set,
	struct hone_err *err);
void hone_profile_set_free(struct hone_profile_set *set);
/* The triple that is built for when one is asked for (--target, build.target, the package's forced-target or
 * default-target), the first of several, else NULL: then build scripts and program share units and rustflags.
 * Borrowed. */
const char *hone_profile_set_target(const struct hone_profile_set *set);
/* HONE_E_USAGE with the list when build.target names several: what is built and measured is one program. */
int hone_profile_set_one_target(const struct hone_profile_set *set, struct hone_err *err);
/* Reads the target again, when another package of the project was selected. */
int hone_profile_set_follow_package(struct hone_profile_set *set, struct hone_err *err);

/* The config files that cargo reads here, and those that it reads in the workspace's root. */
void hone_profile_set_config_files(const struct hone_profile_set *set, struct hone_strv *ret_files);
/* Is the target known here only: by a variable, or by a config file that a cargo in the workspace's root does not read? */
bool hone_profile_set_target_is_local(const struct hone_profile_set *set);
/* Does cargo's config say something else about what is built here than in the workspace's root? The files that count only
 * here, and those that count only there. */
bool hone_profile_set_is_local(const struct hone_profile_set *set, struct hone_strv *ret_here,
	struct hone_strv *ret_there);

/* The values of all profile settings for one package (NULL: a package without overrides that is a
 * member) under a profile name, as cargo hands them to rustc: before RUSTFLAGS, which come later on
 * the command line (hone_profile_apply_rustflags). HONE_E_USAGE: no such profile. The caller
 * releases. */
struct hone_profile {
	struct hone_profile_value *values; /* one a profile setting, in table order */
	size_t n;
};
int hone_profile_compute(const struct hone_profile_set *set, const char *name,
	const struct hone_package *package, enum hone_unit_class unit,
	struct hone_profile *ret_profile, struct hone_err *err);
void hone_profile_release(struct hone_profile *p);
const struct hone_profile_value *hone_profile_get(
	const struct hone_profile *p, enum hone_setting_id id);
/* The value in the one spelling that cargo reduces it to, for comparing: debug true, 2 and "full" are
 * "2"; lto "n" is "off"; strip true is "symbols". NULL gives "". The caller frees. */
char *hone_profile_normal(enum hone_setting_id id, const char *toml);

/* rustc flags that cargo adds from the environment or the config (exactly one source is used). */
struct hone_rustflags {
	struct hone_strv flags;
	enum hone_origin_kind origin; /* HONE_ORIGIN_ENVIRONMENT or HONE_ORIGIN_CONFIG (also of an
				       * option --config); DEFAULT: none */
	char *where;      /* variable's name, or path:line:col of the (first) table key */
	char *config_key; /* "build.rustflags", "target.<triple>.rustflags", ... or NULL */
	bool host_too;    /* build scripts and proc macros get them, too: no target is asked for */
	/* Where further flags go, so that they stand behind all of these: a list of this key, given by --config.
	 * NULL: nowhere, since a variable replaces whatever the config says. */
	char *more_key;
	/* KEY=VALUE of options --config that go before it: cargo joins no list to a text, so the words of a text
	 * that would be lost or come last stand there again. */
	struct hone_strv more_before;
};
int hone_rustflags_find(
	const struct hone_profile_set *set, struct hone_rustflags *ret_flags, struct hone_err *err);
void hone_rustflags_release(struct hone_rustflags *f);
/* The value that flags give a codegen option of rustc ("" for none), the last one of several; NULL: they do not
 * name it. Borrowed from flags. *ret_flag (may be NULL): the words that say so; the caller frees. */
const char *hone_rustflags_option(const struct hone_strv *flags, const char *name, char **ret_flag);
/* What the flags say about a profile key (-Copt-level=1 is opt-level = 1; the last one counts) as TOML
 * text, and which flag says it; NULL: nothing. The caller frees both. */
char *hone_rustflags_value(const struct hone_strv *flags, enum hone_setting_id id, char **ret_flag);
/* Puts the flags' values over a profile's, with HONE_ORIGIN_RUSTFLAGS as their origin. */
void hone_profile_apply_rustflags(struct hone_profile *p, const struct hone_rustflags *flags);

/* Would a key that apply writes into [profile.NAME] (package NULL) or its package table of the root
 * Cargo.toml be overridden by a stronger layer (config file, environment, option, rustflags)? NULL or
 * the value that wins, borrowed from the set. */
const struct hone_profile_value *hone_profile_overrider(const struct hone_profile_set *set,
	const char *name, const char *package_spec, enum hone_setting_id id);
/* The overrides [profile.NAME.package.SPEC] that apply to this package and come from any layer: specs in
 * order of strength, borrowed. An override of the program's own package takes strip back, though it does not name it. */
int hone_profile_package_specs(const struct hone_profile_set *set, const char *name,
	const struct hone_package *package, struct hone_strv *ret_specs, struct hone_err *err);

/* What overrides of single packages say about a key, so that a value in [profile.NAME] does not count there. */
struct hone_key_override {
	const char *spec;         /* "app", "*" */
	const char *profile;      /* in whose table it stands */
	const char *toml, *where; /* the value and its place */
	bool own; /* of the selected package; else of a dependency that is a part of the program */
};
struct hone_key_overrides {
	struct hone_key_override *v; /* texts are borrowed from the set */
	size_t n, cap;
};
/* Appends them; the caller frees v. HONE_E_USAGE: no such profile. */
int hone_profile_key_overrides(const struct hone_profile_set *set, const char *name,
	enum hone_setting_id id, struct hone_key_overrides *ret, struct hone_err *err);
/* The spec under which the profile has an override of the very packages that this one means, else the spec itself: two
 * specs for one package are an error to cargo. Borrowed. */
const char *hone_profile_spec_spelling(
	const struct hone_profile_set *set, const char *name, const char *spec);

/* The program that the user has cargo run instead of rustc (RUSTC_WRAPPER, else build.rustc-wrapper with
 * its variable), or NULL. Lives as long as the set. */
const char *hone_profile_set_rustc_wrapper(struct hone_profile_set *set);
/* Does the user have cargo run another program for the workspace's own packages (RUSTC_WORKSPACE_WRAPPER, else
 * build.rustc-workspace-wrapper)? */
bool hone_profile_set_has_workspace_wrapper(struct hone_profile_set *set);

/* The linker that the user has rustc call for a target (target.TRIPLE.linker with its variable, else
 * target.'cfg(...)'.linker), or NULL. Lives as long as the set. */
const char *hone_profile_set_linker(struct hone_profile_set *set, const char *triple);
/* The command that `cargo run` starts a program of the target by (runner beside linker, a text or a list), as one
 * line of shell words; or NULL. Lives as long as the set. */
const char *hone_profile_set_runner(struct hone_profile_set *set, const char *triple);

/* A stable digest text of all layers that change what is built (the profiles of the manifest, the
 * tables [build], [target], [profile], [env] of the config, variables, rustflags): a part of the cache
 * key of an artifact. */
void hone_profile_set_digest(const struct hone_profile_set *set, struct hone_buf *out);

/* The profiles that cargo has without anybody writing them, the likeliest first; debug is a name that it keeps for
 * itself. Ends with NULL. */
extern const char *const hone_built_in_profiles[];
bool hone_profile_is_built_in(const char *name);

#endif
