#ifndef HONE_PLAN_PLAN_H
#define HONE_PLAN_PLAN_H
/* What a candidate costs to make: the exact argument lists. try, build and apply differ in what they
 * do with a plan, never in how they make one: apply writes down what build runs. */
#include "candidate.h"
#include "profile.h"
#include "project.h"
#include "toolchain.h"

/* Everything that plans of one command have in common; all borrowed. */
struct hone_build_env {
	const struct hone_project *project; /* with package and target selected */
	struct hone_toolchain *toolchain;
	const struct hone_cargo_opts *opts;
	struct hone_profile_set *profiles;
	const char *profile; /* the profile that the candidates are built under: "release" */
	const char *
		layers; /* the profile whose layers stand today: the same, but "release" for one that
			      * apply is about to make */
	bool asks;      /* a linker of the user's own may be run, to be asked what it takes */
};

/* What post.bolt comes to. */
struct hone_plan_bolt {
	char *tool;    /* llvm-bolt of rustc's LLVM; NULL: the step is not wanted */
	char *profile; /* what llvm-bolt goes by; NULL: what is built is the program before the step */
	/* Of that program, as POSIX cksum has it: "CRC BYTES"; with the profile. */
	char *linked;
	bool always; /* however small the code is */
	bool strips; /* the symbol table goes, which the link has to leave there */
};

/* Data: made once, never changed. What training tells makes another plan of it. */
struct hone_plan {
	const struct hone_candidate *candidate; /* borrowed */
	/* Keys to write under [profile.NAME]: the candidate's profile keys, and strip once more inside each
	 * override of the binary's own package, where cargo would lose it. */
	struct hone_assign *keys;
	size_t n_keys;
	/* "build" or "rustc", with profile and selection: what follows `cargo` in the command that apply
	 * writes down; profile keys and the flags of the whole graph are not in it. */
	struct hone_strv command;
	/* Flags for every crate, and the key of the config that takes them so that they stand behind the user's own;
	 * before them, arguments that keep his where cargo cannot join a list to them (hone_rustflags.more_key). */
	struct hone_strv graph;
	char *graph_key;
	struct hone_strv graph_before;
	struct hone_strv rustc_args; /* what follows `--` in it; empty: nothing */
	struct hone_strv notes;      /* what of the candidate was left out, and why; for the user */
	bool left_out[HONE_SETTINGS]; /* by id: nothing of it is carried out */
	bool needs_alias;             /* flags: apply writes the command as an alias */
	/* A candidate with train.* settings is built twice. instrument: the plan of the first build, whose
	 * artifact is run to gather a profile; NULL: there is none. What is built then is the plan that
	 * hone_plan_use_profile gives. */
	const struct hone_plan *instrument;
	/* What counts again once the hot functions are known, still without their levels
	 * (hone_plan_make_recount): candidates that have it in common share that count, too. NULL: there is no need. */
	const struct hone_plan *recount;
	bool trained;  /* made by hone_plan_use_profile */
	char *profile; /* of train.pgo: the file that -Cprofile-use names; NULL: not used */
	/* Once it is trained: symbols of the functions that the profile has data of, and of those that
	 * train.hot compiles for speed, both sorted; how many were executed. */
	struct hone_strv functions, hot;
	struct hone_strv near; /* those that train.near adds to the hot ones, sorted */
	uint64_t profile_functions, profile_executed;
	bool levels; /* train.hot is carried out: graph holds its flags from this place on */
	size_t levels_at;
	double hot_share; /* of all that was executed: what train.hot says, or the part of it that fits */
	size_t near_room; /* bytes that flags of functions may take; 0: train.near is off */
	/* The training runs as lines of a shell script (train.h says which), for the script that apply
	 * writes. NULL: not known. */
	char *training;
	char user_files
		[33]; /* hash of the content of files of the user's that arguments name; "": none */
	/* Of link.allocator: which; once it is compiled (hone_plan_use_archive) its archive, and the C compiler that made that, as
	 * the archive tells (NULL: it does not). */
	const struct hone_allocator *allocator;
	char *archive, *archive_maker;
	const char *wasm_opt;   /* "-Oz": how binaryen is called after the link, or NULL; static */
	const char *post_strip; /* level of hone's own strip after the link, or NULL; static */
	struct hone_plan_bolt bolt;
	char key[33]; /* identity of recipe, toolchain and layers; of the artifact's folder */
};

/* A candidate's plan for one of the targets that it is written down for. Borrowed. */
struct hone_plan_part {
	const struct hone_plan *plan;
	const struct hone_build_env *env;
};

/* HONE_E_USAGE when a flag of the whole graph would have to go where the user's RUSTFLAGS win, when a
 * setting needs panic="abort" and panics unwind, when a linker is not installed or does not know a
 * setting. */
int hone_plan_make(const struct hone_build_env *env, const struct hone_candidate *candidate,
	const struct hone_plan **ret_plan, struct hone_err *err);
void hone_plan_free(const struct hone_plan *plan);

/* What the training of a plan with instrument != NULL told. */
struct hone_profdata;
struct hone_learnt {
	const struct hone_profdata *profile;
	const char *training; /* see struct hone_plan; or NULL */
};
/* The plan that uses it. Of one that is trained already (hone_plan_make_recount) the levels stay, and the profile is the
 * new one. */
int hone_plan_use_profile(const struct hone_build_env *env, const struct hone_plan *plan,
	const struct hone_learnt *learnt, const struct hone_plan **ret_plan, struct hone_err *err);

/* Functions that are for size are inlined otherwise before they are counted than others, so the counts of a program
 * without levels do not fit one with them. A trained plan with its levels in the instrumented build, too, which is to be
 * run once more; NULL: there is no need. */
const struct hone_plan *hone_plan_make_recount(
	const struct hone_build_env *env, const struct hone_plan *plan);

/* Does the instrumented program keep its counters in the file while it runs? */
bool hone_plan_keeps_counters(const struct hone_plan *plan);
/* A plan whose instrumented program keeps its counters in a file while it runs, so that a process
 * that is killed leaves its profile, too; the targets of indirect calls are not recorded then. NULL where this
 * LLVM cannot. */
int hone_plan_keep_counters(const struct hone_build_env *env, const struct hone_plan *plan,
	const struct hone_plan **ret_plan, struct hone_err *err);

/* The arguments as hone runs them: command, every profile key by --config, the user's own options,
 * target_dir, and rustc_args last. extra stands before the `--`. The program's name is not in it. */
void hone_plan_cargo_args(const struct hone_plan *plan, const struct hone_build_env *env,
	const char *target_dir, const char *const *extra, struct hone_strv *ret_args);
/* The words of the alias that apply writes, without `cargo` and without plan->profile: what was measured, from every
 * folder of the workspace. */
void hone_plan_alias(
	const struct hone_plan *plan, const struct hone_build_env *env, struct hone_strv *ret_args);
/* The command that the user types after apply in the folder where he is, from the program's name on:
 * `cargo build --release -p PACKAGE`, `cargo NAME-build` when there are flags, or `sh SCRIPT` when there is a
 * profile: every crate must be given its absolute path. Outside of the workspace's root, where cargo does not find
 * the alias, what it stands for. */
void hone_plan_user_command(
	const struct hone_plan *plan, const struct hone_build_env *env, struct hone_strv *ret_args);
/* The folder in the target dir that cargo's output for this profile and target begins with: "release/",
 * "TRIPLE/release/". The caller frees. */
char *hone_plan_output_dir(const struct hone_plan *plan, const struct hone_build_env *env);
/* "release", "debug": the folder of a profile. Borrowed. */
const char *hone_plan_profile_dir(const struct hone_build_env *env);
/* HONE_E_FAILED: the linked file says that another linker than link.linker's made it. */
int hone_plan_check_linked(const struct hone_plan *plan, const char *path, struct hone_err *err);
/* Does the plan's link take the symbol table away: by its own strip or by the project's? */
bool hone_plan_strips_symbols(const struct hone_plan *plan, const struct hone_build_env *env);
/* Does it leave debug information, too? That of std is there in any case. */
bool hone_plan_strips_nothing(const struct hone_plan *plan, const struct hone_build_env *env);
/* What wasm-opt is called with for a module of a target: level ("-Oz"), and unless the module tells itself
 * (tells_features) an option for each feature of WebAssembly that rustc uses there, as far as this wasm-opt has one.
 * HONE_E_FAILED: rustc or wasm-opt cannot be asked. */
struct hone_wasm_opt_call {
	const char *level, *rustc, *triple;
};
struct hone_wasm_opt_call hone_plan_wasm_opt_call(
	const struct hone_plan *plan, const struct hone_build_env *env);
int hone_wasm_opt_args(const struct hone_wasm_opt_call *call, bool tells_features,
	struct hone_strv *ret_args, struct hone_err *err);
/* Has something to be run before the plan is known to its end: an instrumented program? */
bool hone_plan_learns(const struct hone_plan *plan);
/* Union of the labels of what it carries out (enum hone_label bits). */
unsigned hone_plan_labels(const struct hone_plan *plan);
/* How llvm-bolt is called: on a program that it makes count (profiles: what their names begin with), and on one that it
 * lays out anew by the plan's profile. */
void hone_plan_bolt_count_args(const struct hone_plan *plan, const char *from, const char *profiles,
	const char *to, struct hone_strv *ret_args);
void hone_plan_bolt_args(const struct hone_plan *plan, const char *from, const char *profile,
	const char *to, struct hone_strv *ret_args);
/* The program that puts such profiles together, which lies beside llvm-bolt. The caller frees. */
char *hone_plan_merge_fdata(const struct hone_plan *plan);
/* The plan with a profile of the program that the plan makes, whose bytes are content. */
const struct hone_plan *hone_plan_use_bolt(const struct hone_build_env *env,
	const struct hone_plan *plan, const char *profile, struct hone_view content);
/* Is it the same build? NULL: no. */
bool hone_plan_is_same(const struct hone_plan *a, const struct hone_plan *b);
/* Is only the link of the program another one, whose capture stands for the compiler's work? See docs/internals/builds.md. */
bool hone_plan_differs_in_links(
	const struct hone_build_env *env, const struct hone_plan *x, const struct hone_plan *y);
/* Is std compiled with the program? */
bool hone_plan_builds_std(const struct hone_candidate *candidate);
/* A file or folder of std's source, which need not be there: "core/src". The caller frees. */
char *hone_plan_std_source(const struct hone_build_env *env, const char *name);
/* The name of the alias: "release-build", of one of several targets "release-build-TARGET", or another one where the user
 * has given that a meaning. The caller frees. */
char *hone_plan_alias_name(const struct hone_build_env *env);
/* The script that builds a trained plan without hone, for pipelines: with plan->profile, which it finds beside
 * itself, since cargo runs the compiler in each crate's own folder and only an absolute path holds everywhere; or,
 * by --train, with a profile that it makes anew. The caller frees. */
char *hone_plan_script(const struct hone_plan *plan, const struct hone_build_env *env);
/* Is a script what builds the plan, and no alias? With a profile, since every crate must be given its absolute path, and
 * with an allocator, which is compiled first. */
bool hone_plan_needs_script(const struct hone_plan *plan);
/* Where apply puts the script that builds with a profile or an allocator, below the workspace's root. The caller frees. */
char *hone_plan_script_name(const struct hone_build_env *env);
/* The path of a key below the document's root ("profile", NAME, ..., KEY): n words, borrowed from the
 * assignment and env. */
#define HONE_PLAN_PATH_MAX 5
size_t hone_plan_key_path(const struct hone_build_env *env, const struct hone_assign *key,
	const char *ret_path[HONE_PLAN_PATH_MAX]);
/* Is the file of a library made without the library's other ones, by `cargo rustc --crate-type`? Where the user chose it
 * so, and for a candidate with LTO, which cargo leaves out without a word where an rlib is made at once. */
bool hone_plan_makes_alone(
	const struct hone_build_env *env, const struct hone_candidate *candidate);

#endif
