#ifndef HONE_PLAN_WRITEDOWN_H
#define HONE_PLAN_WRITEDOWN_H
/* apply: the plan that `build` runs, written into the project's own files, so that plain Cargo makes
 * the same bytes. Every change can be taken back. */
#include "fs.h"
#include "plan.h"

struct hone_file_change {
	char *path;
	char *before; /* NULL: the file is made new */
	char *after;
	char *source; /* a file that is no text and new: its bytes are copied from here; after says so in
		       * words. Else NULL. */
	struct hone_file_id id; /* of before */
};

struct hone_writedown {
	HONE_VEC(struct hone_file_change)
	changes;                  /* files that differ only; empty: nothing to do */
	char *record;             /* of an undo: the file that it is read from */
	struct hone_strv touched; /* of an undo: all files of the record */
	bool new_profile;         /* [profile.NAME] is made, inheriting release */
	char *displaced; /* NULL, or the alias that goes though it built another program, and which: "release-build
			   * (PACKAGE, BINARY)" */
};

/* Works out the new text of the root Cargo.toml and, for plans with flags, of .cargo/config.toml in the
 * workspace root, with an alias for each such part, of the package's own Cargo.toml what wasm-pack reads there (wasm_pack.h), and of the files below .cargo/hone/ that the flags name; of a trained plan,
 * of a script there, too, which with a profile stands for the alias. Only a part that is alone (n = 1) may need a
 * script. Nothing is written. HONE_E_SYNTAX for broken TOML. */
int hone_writedown_make(const struct hone_plan_part *parts, size_t n, struct hone_writedown *ret,
	struct hone_err *err);
/* The new text of the root Cargo.toml alone; *ret_text is NULL when it stays as it is, else the caller frees it. It does
 * not depend on what training finds. */
int hone_writedown_manifest(const struct hone_plan *plan, const struct hone_build_env *env,
	char **ret_text, struct hone_err *err);
/* Saves what undo needs in .cargo/hone/undo/ of the workspace's root, then replaces the files: all, or none.
 * HONE_E_CONFLICT when one was changed since it was read. No other hone may do so at the same time: the caller holds the
 * root's lock. */
int hone_writedown_commit(const struct hone_writedown *w, const char *root, struct hone_err *err);
void hone_writedown_release(struct hone_writedown *w);

/* What the last commit that was not taken back changed: before and after exchanged, ready to be shown; without
 * the files that are back already. old_dir: where hone 0.1 kept its records, for when there is no newer one.
 * HONE_E_NOT_FOUND: there is none. HONE_E_CONFLICT: a file changed since (which, in the message). */
int hone_undo_read(
	const char *root, const char *old_dir, struct hone_writedown *ret, struct hone_err *err);
/* Removes what a hone that was killed while it saved a record has left behind; there is no record. */
void hone_undo_tidy(const char *root);
/* Restores the bytes; a file that the commit made new is removed, and the record last: stopped halfway, it can be
 * called again. */
int hone_undo_commit(const struct hone_writedown *w, struct hone_err *err);

#endif
