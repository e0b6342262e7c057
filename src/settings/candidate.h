#ifndef HONE_SETTINGS_CANDIDATE_H
#define HONE_SETTINGS_CANDIDATE_H
/* A candidate: a set of assignments over the baseline; pure data. What it does not name stays as
 * the project has it.
 *
 * As text: NAME, or NAME+KEY=VALUE+KEY=VALUE, or KEY=VALUE,KEY=VALUE. NAME is baseline, small,
 * fast or balanced, or one of hone's own (hone_own_names). KEY alone is KEY=on where that is a value;
 * KEY=unset takes a setting of NAME's out again. `+` separates only after a known name or a complete
 * assignment that follows one; `,` always separates; values and package specs may be quoted ("..." with
 * TOML escapes). Keys: canonical, short where unambiguous, or package.SPEC.KEY / package."SPEC".KEY for
 * a level of one package. strip=all stands for post.strip="all". */
#include "err.h"
#include "settings.h"
#include "strv.h"

struct hone_assign {
	const struct hone_setting *setting; /* static */
	char *package;                      /* package spec of a per-package level, or NULL */
	char *value; /* TOML text, in the spelling given: true and "fat" are different */
};

struct hone_candidate {
	char *name; /* as the user named it: "small", "small+link.icf=all", "opt-level=3"; unique in a try */
	struct hone_assign *assigns; /* in canonical order: table order, whole before per-package */
	size_t n;
};

/* The names of the presets with their goals: baseline is not among them. Ends with NULL. */
extern const char *const hone_preset_names[];

/* hone's own candidates: recipes made of everything that hone knows, in three strengths: the published
 * presets' labels only; -bold: those that most deployments can take, too (glibc 2.36, no backtraces, folded
 * functions); -std: with std compiled as part of the program, too, by a nightly. Ends with NULL. */
extern const char *const hone_own_names[];

/* HONE_E_USAGE with a message that says which part is wrong and what would be right. */
int hone_candidate_parse(
	const char *text, struct hone_candidate **ret_candidate, struct hone_err *err);
/* The same where labels (enum hone_label bits) were let in: smallest, fastest and best-balanced then have
 * all that these labels allow. What else is named is taken as it is. */
int hone_candidate_parse_allowed(const char *text, unsigned allowed,
	struct hone_candidate **ret_candidate, struct hone_err *err);
/* Candidates of the project's own that have a name: what a search found, and what [candidates] of hone.toml says. */
struct hone_recipes {
	struct hone_strv names, texts; /* as many; a text names no other of them */
};
/* Is it one of hone's own names, or what begins an assignment? */
bool hone_candidate_is_taken(const char *name);
/* The same with names of the project's (NULL: none). An error of a recipe names it. */
int hone_candidate_parse_named(const char *text, unsigned allowed,
	const struct hone_recipes *recipes, struct hone_candidate **ret_candidate,
	struct hone_err *err);
/* Does it begin with a word that could only be a name of the project's? Whether it is one is seen once that is open. */
bool hone_candidate_wants_recipe(const char *text);
void hone_candidate_free(struct hone_candidate *c);
bool hone_candidate_is_baseline(const struct hone_candidate *c);
/* Canonical text: parsing it gives an equal candidate (with canonical keys, values as TOML text, every
 * assignment written out, sorted): two candidates are the same recipe exactly if this is equal. The
 * caller frees. "" for the baseline. */
char *hone_candidate_canonical(const struct hone_candidate *c);
/* The canonical key of one assignment: opt-level, package."SPEC".opt-level, link.icf. The caller
 * frees. */
char *hone_assign_key(const struct hone_assign *a);
/* The assignment of a setting (package NULL: the profile's own), or NULL. */
const struct hone_assign *hone_candidate_get(
	const struct hone_candidate *c, enum hone_setting_id id, const char *package);
/* Sets (replaces) an assignment; value is TOML text, which is not checked. */
void hone_candidate_set(struct hone_candidate *c, const struct hone_setting *s, const char *package,
	const char *value);
/* Takes an assignment out; false: there was none. */
bool hone_candidate_unset(
	struct hone_candidate *c, const struct hone_setting *s, const char *package);
/* Union of the labels of its values (enum hone_label bits). */
unsigned hone_candidate_labels(const struct hone_candidate *c);
struct hone_candidate *hone_candidate_copy(const struct hone_candidate *c, const char *name);
/* Gives a candidate that was made of another the name that says its recipe, so that it can be typed: that one's name, and
 * what it sets besides. */
void hone_candidate_name_from(struct hone_candidate *c, const struct hone_candidate *base);
/* Takes out what is nothing for a program without an operating system, or for WebAssembly; appends keys that are not in
 * the list yet. The name stays. */
void hone_candidate_drop_hosted(struct hone_candidate *c, struct hone_strv *dropped);
void hone_candidate_drop_native(struct hone_candidate *c, struct hone_strv *dropped);
/* The same for a library, and for one that no linker makes. */
void hone_candidate_drop_program(struct hone_candidate *c, struct hone_strv *dropped);
void hone_candidate_drop_linking(struct hone_candidate *c, struct hone_strv *dropped);
/* The same for what only WebAssembly has. */
void hone_candidate_drop_wasm(struct hone_candidate *c, struct hone_strv *dropped);

#endif
