#ifndef HONE_SETTINGS_PACKAGE_SPEC_H
#define HONE_SETTINGS_PACKAGE_SPEC_H
/* Package-id specs, by which cargo names packages: name, name@version, name:version,
 * URL, URL#name, URL#version, URL#name@version, with git+, registry+, sparse+ or path+ before the
 * URL. Format: the Cargo book, "Package ID Specifications"; the package ids that cargo prints since
 * 1.77 are such specs, too. */
#include "err.h"
#include "view.h"

/* Version with any number of parts, "1" to "1.2.3-rc.1+b". A part that is missing matches all. */
struct hone_partial_version {
	uint64_t number[3];
	unsigned n_numbers; /* 1 to 3 */
	char *pre, *build;  /* NULL when missing */
};

struct hone_spec {
	char *name;
	bool has_version;
	struct hone_partial_version version;
	char *url;     /* normalized, without kind, query and fragment; NULL when not given */
	char *kind;    /* "git", "registry", "sparse", "path", or NULL */
	char *git_ref; /* "branch=x", "tag=x", "rev=x"; NULL: not a git source or its default branch
			*/
};

/* HONE_E_SYNTAX in cargo's words when text is no spec. */
int hone_spec_parse(const char *text, struct hone_spec *ret_spec, struct hone_err *err);
void hone_spec_release(struct hone_spec *s);
/* Does the spec mean the package of this name, version and id (itself a complete spec)? */
bool hone_spec_covers(const struct hone_spec *spec, const char *name, const char *version,
	const struct hone_spec *id);

#endif
