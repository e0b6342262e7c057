#ifndef HONE_REPORT_PLACE_H
#define HONE_REPORT_PLACE_H
/* Where something stands, for pages that show a repository. */
#include "buf.h"

/* The folder that such pages name files from: the next one above root that has a .git, else root. The caller frees. */
char *hone_repository_of(const char *root);

struct hone_place {
	char *file;         /* a file of the repository, whole path */
	unsigned line, col; /* from 1 */
	char *related;      /* the place itself, where it lies outside of the repository; or NULL */
	unsigned related_line, related_col;
};
/* A variable or an option is no file, and a file outside of the repository is none that the page can show: those stand at
 * the manifest of the workspace, whose build they change. */
void hone_place_find(
	const char *where, const char *root, const char *repository, struct hone_place *ret);
void hone_place_release(struct hone_place *p);
/* Appends a path as a URI reference: relative to base where it lies in there, else file://. */
void hone_place_uri(struct hone_buf *to, const char *path, const char *base);

#endif
