#include "space.h"

#include <string.h>

/* Left out are settings that no figure speaks for (checks at run time, debug information that strip takes anyway), that name
 * files of the user's, and steps that plain cargo does not have; and lto = true, which is "fat" with other hashes. */
const struct hone_space_row hone_space[] = {
	{HONE_SET_LINK_RELR, HONE_GOAL_SMALL, {"\"on\""}},
	{HONE_SET_LINK_ICF, HONE_GOAL_SMALL, {"\"safe\"", "\"all\""}},
	{HONE_SET_LINK_UNWIND, HONE_GOAL_SMALL, {"\"discard\""}},
	{HONE_SET_LINK_BUILD_ID, HONE_GOAL_SMALL, {"\"none\""}},
	{HONE_SET_LINK_HASH_STYLE, HONE_GOAL_SMALL, {"\"gnu\"", "\"sysv\""}},
	{HONE_SET_LINK_SEPARATE_CODE, HONE_GOAL_SMALL, {"\"off\""}},
	{HONE_SET_LINK_COMPRESS_RELOCATIONS, HONE_GOAL_SMALL, {"\"on\""}},
	{HONE_SET_LINK_LINKER, HONE_GOAL_SMALL, {"\"lld\"", "\"gnu\"", "\"mold\""}},
	{HONE_SET_OPT_LEVEL, HONE_GOAL_SMALL, {"\"z\"", "\"s\"", "2", "3"}},
	{HONE_SET_LTO, HONE_GOAL_SMALL, {"\"fat\"", "\"thin\""}},
	{HONE_SET_LINK_MINSIZE, HONE_GOAL_SMALL, {"\"all\""}},
	{HONE_SET_LINK_SYMBOLIZER, HONE_GOAL_SMALL, {"\"drop\""}},
	{HONE_SET_RUSTC_INLINE_THRESHOLD, HONE_GOAL_SMALL, {"0", "15", "25", "40", "75"}},
	{HONE_SET_PANIC, HONE_GOAL_SMALL | HONE_GOAL_FAST, {"\"abort\"", "\"immediate-abort\""}},
	{HONE_SET_CODEGEN_UNITS, HONE_GOAL_SMALL | HONE_GOAL_FAST, {"1"}},
	{HONE_SET_RUSTC_COMPACT, HONE_GOAL_SMALL, {"\"on\""}},
	{HONE_SET_RUSTC_MIN_JUMP_TABLE_ENTRIES, HONE_GOAL_SMALL, {"8", "16", "32"}},
	{HONE_SET_RUSTC_EXT_TSP_SIZE, HONE_GOAL_SMALL, {"\"on\""}},
	{HONE_SET_RUSTC_VECTORIZE_LOOPS, HONE_GOAL_SMALL, {"\"off\""}},
	{HONE_SET_RUSTC_VECTORIZE_SLP, HONE_GOAL_SMALL, {"\"off\""}},
	{HONE_SET_STRIP, HONE_GOAL_SMALL | HONE_GOAL_FAST, {"\"symbols\"", "\"debuginfo\""}},
	{HONE_SET_LINK_PIE, HONE_GOAL_SMALL | HONE_GOAL_FAST, {"\"off\""}},
	{HONE_SET_LINK_RELRO, HONE_GOAL_SMALL, {"\"partial\"", "\"off\""}},
	{HONE_SET_RUSTC_FORCE_UNWIND_TABLES, HONE_GOAL_SMALL, {"\"off\""}},
	{HONE_SET_STD_BUILD, HONE_GOAL_SMALL | HONE_GOAL_FAST, {"\"on\""}},
	{HONE_SET_STD_FEATURES, HONE_GOAL_SMALL, {"\"optimize_for_size\""}},
	{HONE_SET_RUSTC_LOCATION_DETAIL, HONE_GOAL_SMALL, {"\"none\""}},
	{HONE_SET_RUSTC_SHARE_GENERICS, HONE_GOAL_SMALL, {"\"on\"", "\"off\""}},
	{HONE_SET_LTO, HONE_GOAL_FAST, {"\"fat\"", "\"thin\""}},
	{HONE_SET_OPT_LEVEL, HONE_GOAL_FAST, {"3", "2", "\"s\""}},
	{HONE_SET_TRAIN_PGO, HONE_GOAL_FAST, {"\"on\"", "\"cold-size\""}},
	{HONE_SET_RUSTC_TARGET_CPU, HONE_GOAL_FAST,
		{"\"x86-64-v3\"", "\"x86-64-v2\"", "\"x86-64-v4\"", "\"native\""}},
	{HONE_SET_LINK_STATIC, HONE_GOAL_FAST, {"\"on\""}},
	{HONE_SET_LINK_ALLOCATOR, HONE_GOAL_FAST, {"\"mimalloc\"", "\"jemalloc\""}},
	{HONE_SET_RUSTC_INLINE_THRESHOLD, HONE_GOAL_FAST, {"400"}},
	{HONE_SETTINGS, 0, {NULL}},
};

const char *hone_cost_text(enum hone_cost cost)
{
	static const char *const texts[HONE_COSTS] = {"steps on the file", "links",
		"builds of the final crate", "builds of all crates", "trained builds"};

	return texts[cost];
}

/* Are all of a value's flags for the linker alone? Another linker does not do a captured link again. */
static bool only_links(const char *flags)
{
	static const char word[] = "-Clink-arg=", other[] = "-Clink-arg=-fuse-ld";

	for (const char *at = flags; at && *at;) {
		at += strspn(at, " ");
		if (*at && (strncmp(at, word, strlen(word)) != 0 ||
				   strncmp(at, other, strlen(other)) == 0))
			return false;
		at += strcspn(at, " ");
	}
	return flags != NULL;
}

enum hone_cost hone_setting_cost(const struct hone_setting *s, struct hone_view toml)
{
	const struct hone_setting_value *v = hone_setting_value_row(s, toml);

	switch (s->scope) {
	case HONE_SCOPE_FILE:
		return HONE_COST_FILE;
	case HONE_SCOPE_FINAL:
		return v && only_links(v->flags) ? HONE_COST_LINK : HONE_COST_FINAL;
	case HONE_SCOPE_TRAIN:
		return HONE_COST_TRAINED;
	case HONE_SCOPE_PROFILE:
	case HONE_SCOPE_GRAPH:
	case HONE_SCOPE_CARGO:
		return HONE_COST_CRATES;
	}
	return HONE_COST_CRATES;
}

bool hone_space_has(unsigned goals, enum hone_setting_id id)
{
	for (const struct hone_space_row *r = hone_space; r->goals; r++)
		if (r->id == id && (r->goals & goals))
			return true;
	return false;
}
