#include "linker_name.h"

#include "fs.h"
#include "text.h"

#include <ctype.h>
#include <string.h>

static struct hone_view without_version(struct hone_view stem)
{
	size_t n = stem.n;

	while (n > 0 && (isdigit((unsigned char)stem.p[n - 1]) || stem.p[n - 1] == '.'))
		n--;
	if (n > 1 && n < stem.n && stem.p[n - 1] == '-')
		stem.n = n - 1;
	return stem;
}

struct hone_view hone_linker_stem(const char *path)
{
	return without_version(hone_view_of(hone_path_base(path)));
}

bool hone_linker_is_among(struct hone_view stem, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		hone_auto_free char *suffix = hone_xasprintf("-%s", names[i]);

		if (hone_view_is(stem, names[i]) || hone_view_ends(stem, suffix))
			return true;
	}
	return false;
}

bool hone_linker_drops_lld(const char *path)
{
	static const char *const names[] = {"gcc", "g++", "clang", "clang++", "emcc"};
	const char *base = hone_path_base(path);
	const char *dot = strrchr(base, '.');
	struct hone_view stem = hone_view_of(base);

	if (dot && dot > base)
		stem.n = (size_t)(dot - base);
	return hone_linker_is_among(hone_linker_stem(path), names, HONE_COUNT(names)) ||
	       hone_linker_is_among(without_version(stem), names, HONE_COUNT(names));
}

enum hone_linker_flavor hone_linker_flavor_parse(const char *word)
{
	static const char *const own[] = {"gnu", "gnu-lld", "ld", "ld.lld"};
	static const char *const wasm[] = {"wasm-lld", "wasm-ld"};

	for (size_t i = 0; i < HONE_COUNT(own); i++)
		if (strcmp(word, own[i]) == 0)
			return HONE_FLAVOR_LD;
	for (size_t i = 0; i < HONE_COUNT(wasm); i++)
		if (strcmp(word, wasm[i]) == 0)
			return HONE_FLAVOR_WASM;
	return HONE_FLAVOR_COMPILER;
}
