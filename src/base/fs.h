#ifndef HONE_BASE_FS_H
#define HONE_BASE_FS_H
/* Files and folders. Everything here reports errors with the path in the message. */
#include "buf.h"
#include "err.h"
#include "path.h"

#include <sys/stat.h>

/* What a file was when it was read: enough to notice that somebody changed it since. */
struct hone_file_id {
	uint64_t dev, ino, size, hash_lo, hash_hi; /* XXH3-128 of the content */
	int64_t mtime_ns;
};

/* Reads a whole regular file of at most limit bytes into buf (which is reset first). ret_id may be
 * NULL. HONE_E_NOT_FOUND, HONE_E_LIMIT, HONE_E_SYSTEM. */
int hone_fs_read(const char *path, size_t limit, struct hone_buf *buf, struct hone_file_id *ret_id,
	struct hone_err *err);
/* Writes a file of hone's own: a temporary beside it, fsync, rename. mode as for open. */
int hone_fs_write(const char *path, struct hone_view bytes, mode_t mode, struct hone_err *err);
/* The same for a file that is not there: HONE_E_CONFLICT when another program has made it, which then stays. */
int hone_fs_write_new(const char *path, struct hone_view bytes, mode_t mode, struct hone_err *err);
/* The same without fsync: for what lies in the target folder and is made again where it is damaged.
 * No reader sees a half of it, unless the power fails; cargo's own files do not wait for the disk either. */
int hone_fs_write_cache(
	const char *path, struct hone_view bytes, mode_t mode, struct hone_err *err);
/* Replaces the content of an existing file of the user's: follows a symlink (each link relative to
 * its own folder), keeps mode and owner, writes a temporary in the same folder, fsyncs, checks that
 * the target still is what was read (else HONE_E_CONFLICT), renames, fsyncs the folder. The old
 * content or the new one is there at every moment. Hard links to the old file keep the old content.
 * A read-only file or folder is refused (HONE_E_SYSTEM, EACCES or EROFS). */
int hone_fs_replace(const char *path, struct hone_view bytes, const struct hone_file_id *expected,
	struct hone_err *err);

/* Removes the temporary files that a killed hone has left beside a file, also beside that which a link leads to. */
void hone_fs_sweep(const char *path);

bool hone_fs_exists(const char *path);
bool hone_fs_is_dir(const char *path);
/* Is it one of the kernel's own file systems (/proc, /sys and the like), whose files are made as they are read? */
bool hone_fs_is_virtual(const char *path);
/* mkdir -p. */
int hone_fs_mkdirs(const char *path, struct hone_err *err);
/* rm -rf without following symlinks; a path that is not there is no error. */
int hone_fs_remove_tree(const char *path, struct hone_err *err);
/* Removes what is in a folder; it stays, as it may be a mount. What is not a folder, a link too, goes itself. */
int hone_fs_empty(const char *path, struct hone_err *err);
int hone_fs_remove(const char *path, struct hone_err *err);
int hone_fs_rename(const char *from, const char *to, struct hone_err *err);
/* Copies a regular file with its mode, through a temporary and rename; shares blocks where the file
 * system can. */
int hone_fs_copy(const char *from, const char *to, struct hone_err *err);
/* Copies a file, a folder with all that is in it, or a symbolic link as such (a relative one that leads out of
 * what is copied becomes absolute), over what is there. Files that are neither are left out. */
int hone_fs_copy_tree(const char *from, const char *to, struct hone_err *err);
/* Calls each with every name in a folder but "." and "..", in no order, until it returns non-zero, which is then
 * returned. A folder that is not there has none. */
int hone_fs_each(const char *dir, int (*each)(void *ctx, const char *name, struct hone_err *err),
	void *ctx, struct hone_err *err);
/* Bytes that a tree occupies on disk (st_blocks, hard links counted once is not attempted). */
uint64_t hone_fs_tree_size(const char *path);
/* Bytes free for this user in the file system of path (or of its nearest existing parent). */
int hone_fs_free_bytes(const char *path, uint64_t *ret_free, struct hone_err *err);
/* The name of another hard link to the file of path in folder dir; HONE_E_NOT_FOUND without one. */
int hone_fs_find_link(const char *dir, const char *path, char **ret_name, struct hone_err *err);
/* Names of what is in a folder, sorted. */
struct hone_strv;
int hone_fs_list(const char *dir, struct hone_strv *ret_names, struct hone_err *err);
/* The path of the first file by name in folder dir whose name begins and ends so; HONE_E_NOT_FOUND. */
int hone_fs_find_named(const char *dir, const char *begins, const char *ends, char **ret_path,
	struct hone_err *err);
int hone_fs_size(const char *path, uint64_t *ret_size, struct hone_err *err);

#endif
