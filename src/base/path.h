#ifndef HONE_BASE_PATH_H
#define HONE_BASE_PATH_H
/* Paths as texts, and where they lead. */
#include "err.h"

/* Path arithmetic; results are the caller's to free. join gives b alone when b is absolute. */
char *hone_path_join(const char *a, const char *b);
/* Everything before the last slash; "." without one, "/" for the root. */
char *hone_path_dir(const char *path);
/* The part after the last slash. Borrowed. */
const char *hone_path_base(const char *path);
/* Absolute path without symlinks; must exist. */
int hone_path_real(const char *path, char **ret_path, struct hone_err *err);
/* cwd joined with path, "." and ".." folded as text; need not exist. */
char *hone_path_absolute(const char *path);
/* Is an absolute path dir itself, or below it? By its words alone. */
bool hone_path_is_within(const char *path, const char *dir);
/* path relative to dir when it lies inside it, else a copy of path. */
char *hone_path_relative(const char *path, const char *dir);
/* A text (NULL: "") without the path of the current folder in it: people know where they are. The caller frees. */
char *hone_path_hide_here(const char *text);
/* The program's file: name itself when it has a slash, else the first executable in PATH. */
int hone_path_find_program(const char *name, char **ret_path, struct hone_err *err);
/* The same in a list of folders other than PATH ("/a:/b"; NULL: the system's own folders). */
int hone_path_find_program_in(
	const char *path_list, const char *name, char **ret_path, struct hone_err *err);

#endif
