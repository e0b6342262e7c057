#ifndef HONE_CARGO_MESSAGE_H
#define HONE_CARGO_MESSAGE_H
/* One line of cargo's --message-format=json. Foreign bytes: limits on size and depth, fuzzed. */
#include "err.h"
#include "strv.h"
#include "target_kind.h"
#include "view.h"

enum hone_message_kind {
	HONE_MSG_OTHER, /* a reason that hone has no use for, or a line that is no JSON (a build script's
			    * or a tool's own output) */
	HONE_MSG_ARTIFACT,     /* compiler-artifact */
	HONE_MSG_DIAGNOSTIC,   /* compiler-message */
	HONE_MSG_FINISHED,     /* build-finished */
	HONE_MSG_BUILD_SCRIPT, /* build-script-executed */
};

struct hone_message {
	enum hone_message_kind kind;
	char *package_id, *target_name; /* artifact, diagnostic */
	enum hone_target_kind target_kind;
	char *executable; /* artifact: path, or NULL */
	char *file;       /* artifact: the first one it made, or NULL */
	struct hone_strv
		beside; /* artifact: files that belong to the executable, by its name with more behind: .dwp */
	bool fresh;             /* artifact */
	bool test;              /* artifact: with rustc's --test */
	char *level, *rendered; /* diagnostic: "error", "warning", ...; rendered text */
	bool success;           /* finished */
	char *out_dir;          /* build script */
	struct hone_strv env;   /* build script: NAME=VALUE of cargo::rustc-env */
	/* artifact: all files that it made; build script: the folders of cargo::rustc-link-search, each as it was
	 * written, perhaps with KIND= before it */
	struct hone_strv paths;
};

/* Always succeeds: what it cannot read is HONE_MSG_OTHER. Release it. */
void hone_message_parse(struct hone_view line, struct hone_message *ret_message);
void hone_message_release(struct hone_message *m);

#endif
