#ifndef HONE_PLAN_UNDO_RECORD_H
#define HONE_PLAN_UNDO_RECORD_H
/* Undo records: one JSON file for each commit, numbered, in .cargo/hone/undo/ of the workspace's root, where
 * neither `cargo clean` nor another target dir reaches it. A record is one transaction over all the files that it
 * names, by paths relative to that root, and holds the bytes before and hashes before and after.
 *   {"schema": 2, "files": [{"path", "before" | "before_hex" (bytes that are no UTF-8), "before_hash",
 *    "after_hash"}]}
 * null stands for a file that was not there, or is not there afterwards. Schema 1 is that of hone 0.1, below
 * target/hone/undo/: absolute paths and no before_hash. */
#include "hash.h"
#include "writedown.h"

/* Saves a record under the next free number, which no other hone gets at the same time. *ret_path is the
 * caller's. */
int hone_undo_record_save(
	const struct hone_writedown *w, const char *root, char **ret_path, struct hone_err *err);
/* Removes a record; with the last one go the folders that were made for it, where nothing else is in them. */
int hone_undo_record_remove(const char *path, struct hone_err *err);
/* The newest record of this workspace, else the newest in old_dir that is of it; the caller frees.
 * HONE_E_NOT_FOUND. */
int hone_undo_record_find(
	const char *root, const char *old_dir, char **ret_path, struct hone_err *err);

/* One file of a record. */
struct hone_undo_entry {
	char *path;                                                   /* absolute */
	char *before;                                                 /* NULL: it was not there */
	char before_hash[HONE_HASH_TEXT], after_hash[HONE_HASH_TEXT]; /* "": it is not there */
};
struct hone_undo_entries {
	HONE_VEC(struct hone_undo_entry)
	files;
};
/* HONE_E_SYNTAX: it is no record, or names a file outside of the workspace's root. */
int hone_undo_record_read(
	const char *path, const char *root, struct hone_undo_entries *ret, struct hone_err *err);
void hone_undo_entries_release(struct hone_undo_entries *e);

#endif
