#ifndef HONE_RESULT_RESULT_TOOLS_H
#define HONE_RESULT_RESULT_TOOLS_H
/* What of the programs and files that hone uses is here, as plain data. */
#include "tools.h"

struct hone_found_tool {
	const struct hone_tool *tool; /* static */
	bool here;
	char *version; /* "1.95.0"; NULL: it does not tell */
	char *where; /* path, or what there is of it ("aarch64-unknown-linux-gnu, ..."); NULL: unknown */
	char *note;    /* what is the matter with it, or what is missing; or NULL */
	char *install; /* the command that brings it; NULL: it is here, or nothing is known */
};

struct hone_self_check {
	enum hone_manager manager;
	bool has_rustup;
	struct hone_found_tool *v; /* of every row of hone_tools */
	size_t n;
};

#endif
