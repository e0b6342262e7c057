#include "place.h"

#include "fs.h"
#include "problem.h"

#include <ctype.h>
#include <string.h>

char *hone_repository_of(const char *root)
{
	hone_auto_free char *at = hone_xstrdup(root);

	for (;;) {
		hone_auto_free char *git = hone_path_join(at, ".git");
		char *up;

		if (hone_fs_exists(git))
			return hone_xstrdup(at);
		up = hone_path_dir(at);
		if (!strcmp(up, at)) {
			free(up);
			return hone_xstrdup(root);
		}
		free(at);
		at = up;
	}
}

void hone_place_find(
	const char *where, const char *root, const char *repository, struct hone_place *ret)
{
	unsigned line, col;
	hone_auto_free char *file = hone_place_split(where, &line, &col);
	hone_auto_free char *relative = hone_path_relative(file, repository);

	*ret = (struct hone_place){.line = 1, .col = 1};
	if (*file == '/' && *relative != '/') {
		ret->line = line ? line : 1;
		ret->col = col ? col : 1;
		ret->file = HONE_TAKE(file);
		return;
	}
	ret->file = hone_path_join(root, "Cargo.toml");
	if (*file != '/')
		return;
	ret->related_line = line ? line : 1;
	ret->related_col = col ? col : 1;
	ret->related = HONE_TAKE(file);
}

void hone_place_release(struct hone_place *p)
{
	free(p->file);
	free(p->related);
	*p = (struct hone_place){0};
}

void hone_place_uri(struct hone_buf *to, const char *path, const char *base)
{
	hone_auto_free char *relative = hone_path_relative(path, base);

	if (*relative == '/')
		hone_buf_adds(to, "file://");
	for (const char *p = relative; *p; p++) {
		unsigned char c = (unsigned char)*p;
		/* RFC 3986: pchar without the sub-delimiters, and the slash. */
		if (c < 0x80 && (isalnum(c) || strchr("-._~/@+", c)))
			hone_buf_addc(to, *p);
		else
			hone_buf_addf(to, "%%%02X", c);
	}
}
