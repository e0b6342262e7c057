#ifndef HONE_PLAN_PLAN_IMPL_H
#define HONE_PLAN_PLAN_IMPL_H
/* Inside of the planner, for plan*.c: a plan while it is made. */
#include "plan.h"

/* What an option of LLVM begins with among rustc's flags. */
#define HONE_LLVM_ARGS "-Cllvm-args="

/* The triple that the plan builds for. Borrowed. */
const char *hone_plan_triple(const struct hone_build_env *env);

/* Appends the flags that a value stands for, as separate arguments. An option of LLVM that this compiler
 * does not know is left out, and the plan's notes say so. */
int hone_plan_add_flags(const struct hone_build_env *env, struct hone_plan *plan,
	const struct hone_assign *a, struct hone_strv *to, struct hone_err *err);
/* profile.release.package."regex@1".opt-level="s", as --config takes it. The caller frees. */
char *hone_plan_config_argument(const struct hone_build_env *env, const struct hone_assign *key);
/* The alias as the text of a TOML value, with a mark by which hone knows it again. The caller frees. */
char *hone_plan_alias_value(const struct hone_plan *plan, const struct hone_build_env *env);
/* Was this alias written by hone? NULL: no. */
struct hone_toml_node;
bool hone_plan_alias_is_own(const struct hone_toml_node *node);
/* The config file in the workspace's root that the alias stands in. The caller frees. */
char *hone_plan_config_path(const struct hone_build_env *env);
/* cargo hone COMMAND with what was chosen, for every folder of the workspace: as the alias has it. */
void hone_plan_hone_command(
	const struct hone_build_env *env, const char *command, struct hone_strv *ret_args);
/* Does a value need a nightly? */
bool hone_plan_is_nightly(const struct hone_assign *a);
/* Appends to the command what the candidate's std.* settings and nightly profile keys stand for. */
int hone_plan_add_cargo_options(
	const struct hone_build_env *env, struct hone_plan *plan, struct hone_err *err);
/* HONE_E_USAGE: a nightly setting without a nightly, std.* without std's source. Notes that
 * RUSTC_BOOTSTRAP is what makes it work. */
int hone_plan_check_std(
	const struct hone_build_env *env, struct hone_plan *plan, struct hone_err *err);
/* Appends to an instrumented build that compiles std, too, what brings the counting runtime in.
 * HONE_E_USAGE: the toolchain has none for the target. */
int hone_plan_add_profiler(
	const struct hone_build_env *env, struct hone_plan *plan, struct hone_err *err);
/* Finds the key that takes flags for every crate: plan->graph_key. HONE_E_USAGE when they would be lost. */
int hone_plan_find_graph_key(
	const struct hone_build_env *env, struct hone_plan *plan, struct hone_err *err);
/* Appends the --config arguments that give every crate its flags; profile: the
 * file for -Cprofile-use, or NULL. */
void hone_plan_graph_args(
	const struct hone_plan *plan, const char *profile, struct hone_strv *ret_args);
/* The same of the flags from place `from` on, without a profile. */
void hone_plan_flag_args(const struct hone_plan *plan, size_t from, struct hone_strv *ret_args);
/* Notes that a setting of the candidate is not carried out; why: the other half of the sentence. */
void hone_plan_leave_out(struct hone_plan *plan, const struct hone_setting *s, const char *why, ...)
	__attribute__((format(printf, 3, 4)));
void hone_plan_add_key(struct hone_plan *plan, const struct hone_setting *setting,
	const char *package, const char *value);
/* The plan's key of a setting, for a package spec (NULL: the profile's own), or NULL. */
const struct hone_assign *hone_plan_find_key(
	const struct hone_plan *plan, enum hone_setting_id id, const char *package);
/* Adds the keys without which what the plan has would not count, as an override of the program's package names them; notes
 * what overrides of dependencies win over. */
int hone_plan_repeat_in_overrides(
	const struct hone_build_env *env, struct hone_plan *plan, struct hone_err *err);
/* Adds strip where an override of the program's package would take it back. */
int hone_plan_repeat_strip(
	const struct hone_build_env *env, struct hone_plan *plan, struct hone_err *err);
/* Computes plan->key: the last step, by which a plan is made. */
const struct hone_plan *hone_plan_finish(const struct hone_build_env *env, struct hone_plan *plan);
/* One that can be changed; its instrumented plan is first's (made of it, and the copy's then), or NULL. */
struct hone_plan *hone_plan_copy(const struct hone_plan *plan, const struct hone_plan *first);

/* Adds link.allocator, or a note why it is left out. */
int hone_plan_add_allocator(const struct hone_build_env *env, struct hone_plan *plan,
	const struct hone_assign *a, struct hone_err *err);

/* Sets plan->wasm_opt, unless the target's files are components: then a note says so. */
void hone_plan_add_wasm_opt(
	const struct hone_build_env *env, struct hone_plan *plan, const struct hone_assign *a);
/* Sets plan->bolt and what of the link it changes, or a note why it is left out. */
int hone_plan_add_bolt(const struct hone_build_env *env, struct hone_plan *plan,
	const struct hone_assign *a, struct hone_err *err);
/* The part of the script that apply writes which calls llvm-bolt on what cargo made. */
void hone_plan_bolt_script(const struct hone_plan *plan, struct hone_buf *b);

/* HONE_E_USAGE: there is no wasm-opt for a plan that has it called. */
int hone_plan_check_wasm_opt(const struct hone_plan *plan, struct hone_err *err);

/* Does a candidate have a train.* setting that is on? */
bool hone_plan_trains(const struct hone_candidate *candidate);
/* The part of the script that apply writes which finds the levels from a profile of its own. */
void hone_plan_levels_script(const struct hone_plan *plan, struct hone_buf *b);
/* Leaves train.near out where nothing is hot. */
void hone_plan_check_near(struct hone_plan *plan, const struct hone_assign *a);
/* Does train.near reach whole crates? */
bool hone_plan_near_crates(const struct hone_plan *plan);
/* The functions of the profile that are near hot ones (in heat's order): in the same module, those of the hottest modules
 * first; with crates the others of the same crate behind them. Of std's none, whose modules are everybody's. */
struct hone_profdata;
void hone_plan_find_near(const struct hone_profdata *profile, const struct hone_strv *hot,
	bool crates, struct hone_strv *ret_names);
/* Makes plan->instrument. */
int hone_plan_add_instrument(
	const struct hone_build_env *env, struct hone_plan *plan, struct hone_err *err);

/* HONE_E_USAGE: a -fuse-ld of the user's would win over the candidate's link.linker. */
int hone_plan_check_own_linker(
	const struct hone_build_env *env, const struct hone_plan *plan, struct hone_err *err);
/* HONE_E_USAGE: a linker that is not installed, or cannot do what a setting asks. Adds the flags by which
 * the C compiler finds the linker. */
int hone_plan_check_linker(
	const struct hone_build_env *env, struct hone_plan *plan, struct hone_err *err);
/* Which linker links this candidate: chosen, usual, or lld in its place. HONE_LINKERS: not known. */
int hone_plan_find_linker(const struct hone_build_env *env, const struct hone_plan *plan,
	enum hone_linker *ret_linker, struct hone_err *err);
/* Is it one whose abilities the settings tell, or is there none to be asked? */
int hone_plan_knows_linker(const struct hone_build_env *env, const struct hone_plan *plan,
	bool *ret_known, struct hone_err *err);
/* Does the linker take the flags of a? One that hone does not know is asked, if env->asks, once for each. false: the
 * plan's notes say why. */
int hone_plan_ask_linker(const struct hone_build_env *env, struct hone_plan *plan,
	const struct hone_assign *a, const struct hone_strv *flags, bool *ret_takes,
	struct hone_err *err);
/* Why a value is left out beside another one of the candidate or of the project (its row's clashes). *ret_text: the other
 * one and the reason, which the caller frees, or NULL. */
int hone_plan_find_clash(const struct hone_build_env *env, const struct hone_plan *plan,
	const struct hone_assign *a, char **ret_text, struct hone_err *err);
/* Makes the plan link by an lld that reads what rustc's LLVM writes. false in *ret_found, and nothing is changed: there
 * is none here, or another linker was chosen. */
int hone_plan_use_lld(const struct hone_build_env *env, struct hone_plan *plan, bool *ret_found,
	struct hone_err *err);
/* Would the start-up code of this toolchain's C library not understand what a setting makes? */
bool hone_plan_cannot_load(const struct hone_build_env *env, const struct hone_assign *a);
/* Does rustc call the linker of the target itself, without a C compiler? ret_linker (or NULL): what the user's own
 * configuration names, NULL: nothing; the caller frees. */
int hone_plan_find_direct_linker(const struct hone_build_env *env, bool *ret_direct,
	char **ret_linker, struct hone_err *err);
/* Turns what is meant for the linker behind a C compiler into its own words, where there is no C compiler between. */
int hone_plan_add_linker_words(
	const struct hone_build_env *env, struct hone_plan *plan, struct hone_err *err);
/* Is this carried out by a second LTO, in the linker? */
bool hone_plan_is_linker_lto(const struct hone_assign *a);
/* Appends what carries out those settings of the candidate to rustc_args, which has to be complete otherwise. What
 * cannot be done here is left out, and the plan's notes say so. */
int hone_plan_add_linker_lto(
	const struct hone_build_env *env, struct hone_plan *plan, struct hone_err *err);
/* What a profile key is for the program's own package under this plan, as TOML text: rustflags win over the candidate,
 * the candidate over the profile; fallback where nobody says anything. ret_where: who says it, or NULL. The caller frees
 * both. */
int hone_plan_value_in_force(const struct hone_build_env *env, const struct hone_plan *plan,
	enum hone_setting_id id, const char *fallback, char **ret_value, char **ret_where,
	struct hone_err *err);
/* Can this be carried out here? HONE_E_USAGE with the reason: a setting that needs panic="abort" where
 * panics unwind, a linker that is not installed or does not know a setting. */
int hone_plan_check(const struct hone_build_env *env, struct hone_plan *plan, struct hone_err *err);

#endif
