#ifndef HONE_CARGO_ARTIFACT_KIND_H
#define HONE_CARGO_ARTIFACT_KIND_H
/* What comes out of a build: the kind of file that is looked for among those that cargo names. What hone builds and
 * measures are programs, modules and libraries; a further kind is a row here. */
#include "message.h"
#include "platform.h"
#include "project.h"

enum hone_artifact_kind {
	HONE_ARTIFACT_EXECUTABLE,
	HONE_ARTIFACT_MODULE, /* of WebAssembly: a program or a library */
	HONE_ARTIFACT_CDYLIB,
	HONE_ARTIFACT_DYLIB,
	HONE_ARTIFACT_STATICLIB,
	HONE_ARTIFACT_RLIB,
	HONE_ARTIFACT_NONE, /* what builds or tests the user's code rather than being it */
};

/* What a target of cargo's comes to on a platform. */
enum hone_artifact_kind hone_artifact_kind_of(
	enum hone_target_kind target, const struct hone_platform *platform);
/* "executable", "WebAssembly module"; of a library rustc's word, "cdylib". Static. */
const char *hone_artifact_kind_name(enum hone_artifact_kind kind);
/* What cargo calls the file of a target: "libshape_kit.so"; of a program the target's name. The caller frees. */
char *hone_artifact_kind_file_name(enum hone_artifact_kind kind, const struct hone_target *target);
/* Does a linker make it? An archive is only packed. */
bool hone_artifact_kind_is_linked(enum hone_artifact_kind kind);
/* Does cargo's LTO reach it? It does not reach what is an input of a later build. */
bool hone_artifact_kind_has_lto(enum hone_artifact_kind kind);
/* The file of this kind that a unit made, borrowed from its message; NULL: it made none. */
const char *hone_artifact_kind_file(enum hone_artifact_kind kind, const struct hone_message *unit);

#endif
