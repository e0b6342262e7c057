#ifndef HONE_CARGO_PROJECT_H
#define HONE_CARGO_PROJECT_H
/* The user's project as `cargo metadata` tells it, and what of it is selected. */
#include "err.h"
#include "strv.h"
#include "toolchain.h"
#include "target_kind.h"

/* The options that every command shares, spelt as cargo spells them. Strings are owned. */
struct hone_cargo_opts {
	char *manifest_path, *package, *example, *target, *target_dir, *jobs;
	char *profile;    /* NULL: release */
	char *crate_type; /* which file of the library; NULL: the only one */
	struct hone_strv bin, features, config;
	bool lib, bins, examples, workspace, all_features, no_default_features, locked, offline,
		frozen;
};
void hone_cargo_opts_release(struct hone_cargo_opts *o);
/* Appends the options that select and resolve, as cargo takes them: --manifest-path, --features,
 * --target, --locked, --config, ...; not the profile, package, target dir or jobs. */
void hone_cargo_opts_args(const struct hone_cargo_opts *o, struct hone_strv *argv);

struct hone_target {
	char *name;
	enum hone_target_kind kind;
	struct hone_strv crate_types, required_features;
	char *src_path;
};

/* Why a package depends on another: bits, as it may have several reasons. */
enum hone_dep_kind {
	HONE_DEP_NORMAL = 1 << 0,
	HONE_DEP_BUILD = 1 << 1, /* for its build script */
	HONE_DEP_DEV = 1 << 2,   /* for tests, examples and benches */
};

struct hone_package {
	char *id, *name, *version, *manifest_path;
	char *dir;          /* folder of the manifest */
	char *source;       /* NULL for a path package */
	char *rust_version; /* NULL when not given */
	char *default_run;  /* NULL when not given */
	char *edition;      /* "2021" */
	bool member, default_member;
	struct hone_target *targets;
	size_t n_targets;
	size_t *deps; /* indices of the packages it depends on (all kinds), only when the graph was loaded */
	unsigned char *dep_kinds; /* enum hone_dep_kind bits of each of deps */
	size_t n_deps;
	size_t n_declared; /* dependencies of all kinds that the manifest names, without the graph, too */
	struct hone_strv features; /* that are on in the whole workspace, only with the graph */
};

/* One more target that is built. */
struct hone_other {
	const struct hone_package *package;
	const struct hone_target *target;
	enum hone_target_kind made; /* as in struct hone_project */
};

struct hone_project {
	char *workspace_root, *root_manifest; /* root_manifest: workspace_root/Cargo.toml */
	char *target_dir;                     /* the one that cargo would use */
	char *build_dir;                      /* cargo's build-dir when it differs, or NULL */
	struct hone_package *packages;
	size_t n_packages;
	bool has_lock;
	bool graph;                         /* dependencies are in packages, too */
	char *graph_why;                    /* cargo's reason why they are not, one line; or NULL */
	const struct hone_package *package; /* selected; NULL until hone_project_select */
	const struct hone_target *target;
	/* What of the target is meant: its kind, but of a library that of one of its files: cdylib, staticlib, dylib. */
	enum hone_target_kind made;
	/* Where several were asked for: all but the first, which is target. */
	struct hone_other *others;
	size_t n_others;
	bool made_alone; /* --crate-type: as `cargo rustc --crate-type` makes it, without the library's other files */
};

/* Runs cargo metadata. with_graph asks for the dependencies, too: the lock file is then needed, and
 * when there is none it is asked for only if may_lock (a command that builds), else the graph is left
 * out (graph = false). Nothing is downloaded with opts->offline. cargo's own error text is the
 * message when it refuses. HONE_E_NOT_FOUND: no Cargo.toml here or above. */
int hone_project_load(const struct hone_cargo_opts *opts, const struct hone_toolchain *tc,
	bool with_graph, bool may_lock, struct hone_project **ret_project, struct hone_err *err);
void hone_project_free(struct hone_project *p);
/* Chooses package and binary (or example, or library) as cargo would: -p by any package-id spec, --bin, --example,
 * --lib, default-run, the only one; where there is no binary the only library that has a file for others than Rust
 * programs. HONE_E_USAGE with the list when a choice is needed ("several binaries"), in cargo's words where cargo has
 * words; HONE_E_FAILED for a library of Rust programs only. */
int hone_project_select(
	struct hone_project *p, const struct hone_cargo_opts *opts, struct hone_err *err);
/* Do features depend on the folder that cargo is started in? With resolver 1, which a virtual root has that does not name
 * one, the options about features are those of the folder's own package, whose features are joined, too; only in the
 * folder of a virtual root they are not. Source: cargo 1.95, core/workspace.rs, members_with_features_old; seen. */
bool hone_project_follows_folder(const struct hone_project *p);
/* The manifest that cargo takes here: --manifest-path, else the nearest. Absolute; the caller frees. */
char *hone_project_manifest(const struct hone_project *p, const struct hone_cargo_opts *opts);
/* The root of the workspace as the manifests alone tell it, for when cargo refuses them: that of the nearest one above
 * with [workspace] that does not exclude the folder of the manifest, or what its package.workspace names, else this very
 * folder. The caller frees; NULL: no manifest is there. */
char *hone_project_guess_root(const struct hone_cargo_opts *opts);
/* What names the package for cargo in this workspace, by as little as there needs to be: its name, NAME@VERSION where
 * another package of the graph has that name, or its whole id. The caller frees. */
char *hone_project_spec(const struct hone_project *p, const struct hone_package *package);
const struct hone_package *hone_project_find_id(const struct hone_project *p, const char *id);

/* Does the package-id spec (name, name@version, name:version, url, url#name@version, ...) mean this
 * package? As cargo's PackageIdSpec::matches. HONE_E_SYNTAX for a spec that is none. */
int hone_spec_matches(
	const char *spec, const struct hone_package *p, bool *ret_matches, struct hone_err *err);

#endif
