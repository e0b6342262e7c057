#include "artifact_kind.h"

#include "path.h"
#include "view.h"

static const struct {
	const char *name;       /* for people; of a library rustc's word, too */
	const char *extension;  /* of a library's file on the formats that hone reads */
	const char *prefix;     /* before a library's name */
	bool has_lto;           /* the last step of a build: all crates meet in it */
	bool is_cargos_program; /* cargo names the file apart, whatever it is called */
} kinds[] = {
	[HONE_ARTIFACT_EXECUTABLE] = {"executable", NULL, "", true, true},
	[HONE_ARTIFACT_MODULE] = {"WebAssembly module", ".wasm", "", true, true},
	[HONE_ARTIFACT_CDYLIB] = {"cdylib", ".so", "lib", true, false},
	[HONE_ARTIFACT_DYLIB] = {"dylib", ".so", "lib", false, false},
	[HONE_ARTIFACT_STATICLIB] = {"staticlib", ".a", "lib", true, false},
	[HONE_ARTIFACT_RLIB] = {"rlib", ".rlib", "lib", false, false},
	[HONE_ARTIFACT_NONE] = {"", NULL, "", false, false},
};

enum hone_artifact_kind hone_artifact_kind_of(
	enum hone_target_kind target, const struct hone_platform *platform)
{
	bool wasm = platform->object == HONE_OBJECT_WASM;

	switch (target) {
	case HONE_KIND_BIN:
	case HONE_KIND_EXAMPLE:
	case HONE_KIND_TEST:
	case HONE_KIND_BENCH:
		return wasm ? HONE_ARTIFACT_MODULE : HONE_ARTIFACT_EXECUTABLE;
	case HONE_KIND_CDYLIB:
		return wasm ? HONE_ARTIFACT_MODULE : HONE_ARTIFACT_CDYLIB;
	case HONE_KIND_DYLIB:
		return HONE_ARTIFACT_DYLIB;
	case HONE_KIND_STATICLIB:
		return HONE_ARTIFACT_STATICLIB;
	case HONE_KIND_LIB:
	case HONE_KIND_RLIB:
		return HONE_ARTIFACT_RLIB;
	case HONE_KIND_PROC_MACRO:
	case HONE_KIND_BUILD_SCRIPT:
	case HONE_KIND_OTHER:
		return HONE_ARTIFACT_NONE;
	}
	return HONE_ARTIFACT_NONE;
}

const char *hone_artifact_kind_name(enum hone_artifact_kind kind)
{
	return kinds[kind].name;
}

char *hone_artifact_kind_file_name(enum hone_artifact_kind kind, const struct hone_target *target)
{
	char *name;

	if (!hone_target_kind_is_library(target->kind))
		return hone_xstrdup(hone_path_base(target->name));
	name = hone_xasprintf("%s%s%s", kinds[kind].prefix, target->name, kinds[kind].extension);
	for (char *c = name; *c; c++)
		*c = *c == '-' ? '_' : *c;
	return name;
}

bool hone_artifact_kind_is_linked(enum hone_artifact_kind kind)
{
	return kind != HONE_ARTIFACT_STATICLIB && kind != HONE_ARTIFACT_RLIB;
}

bool hone_artifact_kind_has_lto(enum hone_artifact_kind kind)
{
	return kinds[kind].has_lto;
}

const char *hone_artifact_kind_file(enum hone_artifact_kind kind, const struct hone_message *unit)
{
	if (kinds[kind].is_cargos_program && unit->executable)
		return unit->executable;
	for (size_t i = 0; kinds[kind].extension && i < unit->paths.n; i++)
		if (hone_ends(unit->paths.v[i], kinds[kind].extension))
			return unit->paths.v[i];
	return NULL;
}
