#include "target_kind.h"

#include "view.h"

#include <string.h>

static const char *const names[] = {
	[HONE_KIND_BIN] = "bin",
	[HONE_KIND_EXAMPLE] = "example",
	[HONE_KIND_LIB] = "lib",
	[HONE_KIND_RLIB] = "rlib",
	[HONE_KIND_DYLIB] = "dylib",
	[HONE_KIND_CDYLIB] = "cdylib",
	[HONE_KIND_STATICLIB] = "staticlib",
	[HONE_KIND_PROC_MACRO] = "proc-macro",
	[HONE_KIND_BUILD_SCRIPT] = "custom-build",
	[HONE_KIND_TEST] = "test",
	[HONE_KIND_BENCH] = "bench",
	[HONE_KIND_OTHER] = "",
};

const char *hone_target_kind_name(enum hone_target_kind kind)
{
	return names[kind];
}

enum hone_target_kind hone_target_kind_parse(const char *word)
{
	for (size_t i = 0; word && i < HONE_KIND_OTHER; i++)
		if (strcmp(word, names[i]) == 0)
			return (enum hone_target_kind)i;
	return HONE_KIND_OTHER;
}

bool hone_target_kind_is_library(enum hone_target_kind kind)
{
	return kind == HONE_KIND_LIB || kind == HONE_KIND_RLIB || hone_target_kind_is_shipped(kind);
}

bool hone_target_kind_is_shipped(enum hone_target_kind kind)
{
	return kind == HONE_KIND_CDYLIB || kind == HONE_KIND_STATICLIB || kind == HONE_KIND_DYLIB;
}

bool hone_target_kind_is_linked(enum hone_target_kind kind)
{
	return kind == HONE_KIND_BIN || kind == HONE_KIND_EXAMPLE ||
	       hone_target_kind_is_library(kind);
}
