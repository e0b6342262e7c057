/* post.*: steps on the linked file. Rows stand in the order of enum hone_setting_id; lists of values end with one whose toml is NULL. */
#include "settings_rows.h"

static const struct hone_setting_value values_post_strip[] = {
	{.toml = "\"none\"", .effect = "the file is left as it was linked"},
	{.toml = "\"debuginfo\"", .effect = "debug information is removed"},
	{.toml = "\"symbols\"", .effect = "the symbol table, too", .labels = HONE_LABEL_DEBUG},
	{.toml = "\"all\"",
		.effect = "everything that the loader does not need, the section headers included",
		.labels = HONE_LABEL_DEBUG},
	{0},
};

static const struct hone_setting_value values_post_wasm_opt[] = {
	{.toml = "\"off\"", .effect = "the module is left as it was linked"},
	{.toml = "\"O2\"", .effect = "optimized anew, for speed", .flags = "-O2"},
	{.toml = "\"O3\"", .effect = "the same with what takes longer", .flags = "-O3"},
	{.toml = "\"O4\"", .effect = "the same with a slower form in between", .flags = "-O4"},
	{.toml = "\"Os\"", .effect = "optimized anew, for size", .flags = "-Os"},
	{.toml = "\"Oz\"", .effect = "the same at the cost of speed", .flags = "-Oz"},
	{0},
};

#define KEEPS_RELOCATIONS                                                                          \
	.labels = HONE_LABEL_DEBUG, .flags = "-Clink-arg=-Wl,--emit-relocs",                       \
	.lacks = {[HONE_LINKER_GOLD] = "which cannot keep relocations for what rustc compiles",    \
		[HONE_LINKER_MOLD] =                                                               \
			"which keeps relocations only in a file of which it strips nothing"}

static const struct hone_setting_value values_post_bolt[] = {
	{.toml = "\"off\"", .effect = "code lies as the linker has put it"},
	{.toml = "\"on\"",
		.effect = "what the training ran lies together, the rest apart; refused where the "
			  "code is too small to gain",
		KEEPS_RELOCATIONS},
	{.toml = "\"always\"", .effect = "the same, however small the code is", KEEPS_RELOCATIONS},
	{0},
};

const struct hone_setting hone_settings_post[] = {
	{
		.id = HONE_SET_POST_STRIP,
		.key = "post.strip",
		.kind = HONE_SETTING_POST,
		.scope = HONE_SCOPE_FILE,
		.type = HONE_TYPE_STRING,
		.group = AFTER,
		.summary = "what hone removes from the finished file",
		.default_dev = "\"none\"",
		.default_release = "\"none\"",
		.range = "\"none\", \"debuginfo\", \"symbols\" or \"all\"",
		.values = values_post_strip,
		.risks = "With \"all\" no tool finds a section any more: not strip, not objdump, "
			 "not a debugger.",
		.interacts = "Done on the file that cargo made, by `cargo hone strip`: cargo "
			     "alone does not do it. The profile's strip is enough for all levels "
			     "but \"all\".",
	},
	{
		.id = HONE_SET_POST_WASM_OPT,
		.key = "post.wasm-opt",
		.kind = HONE_SETTING_POST,
		.scope = HONE_SCOPE_FILE,
		.wasm = true,
		.type = HONE_TYPE_STRING,
		.group = AFTER,
		.summary = "binaryen's optimizer, on the linked WebAssembly module",
		.default_dev = "\"off\"",
		.default_release = "\"off\"",
		.range = "\"off\", \"O2\", \"O3\", \"O4\", \"Os\" or \"Oz\"",
		.values = values_post_wasm_opt,
		.risks = "The module is rewritten by another compiler than rustc's: hone looks "
			 "whether it exports the same, and a workload compares what it does.",
		.interacts =
			"Done on the file that cargo made: cargo alone does not do it. A module "
			"says itself which features of WebAssembly it uses, unless "
			"strip = \"symbols\" has taken that away: then hone tells what rustc "
			"takes for the target. A component is left as it is. Debug information "
			"would stay as it was, with the addresses of the code before: hone has it "
			"taken away (--strip-dwarf). post.strip comes after it.",
		.folklore = "Half of what it takes from a module that is for size already (12 % of "
			    "one that prints a line, with fat LTO and stripped) is the linker's "
			    "padding, which link.compress-relocations takes away without it.",
	},
	{
		.id = HONE_SET_POST_BOLT,
		.key = "post.bolt",
		.kind = HONE_SETTING_POST,
		.scope = HONE_SCOPE_FILE,
		.native = true,
		.hosted = true,
		.program = true,
		.type = HONE_TYPE_STRING,
		.group = AFTER,
		.summary = "llvm-bolt on the linked program: its code laid out anew, by a profile",
		.default_dev = "\"off\"",
		.default_release = "\"off\"",
		.range = "\"off\", \"on\" or \"always\"",
		.values = values_post_bolt,
		.build_cost = "The training runs once more, with the linked program instrumented.",
		.risks = "Machine code is taken apart and put together again: hone runs the "
			 "training "
			 "with what came of it, and a workload compares what it does.",
		.interacts =
			"x86-64 Linux, with an llvm-bolt of rustc's own LLVM. It needs a symbol "
			"table and the relocations of the link: strip = \"symbols\" becomes "
			"\"debuginfo\", and llvm-bolt removes both. Debug information goes. The "
			"profile fits this very link only. A program that never ends by itself "
			"leaves none. link.relr is left out: llvm-bolt 22 leaves addresses behind "
			"that packed relocations relocate.",
		.folklore =
			"llvm-bolt's own defaults make a program of 600 kB ten times as large "
			"(pages of 2 MB); as hone calls it, ripgrep grows by 7 %, StyLua by 8 %. "
			"ripgrep takes 0.87 to 0.92 of the CPU time of what it was trained with "
			"and 0.98 of what was held out, StyLua 0.96 and 0.98, cargo, with 19 MB of "
			"code, 0.97 and 0.96; a program with 340 kB of code gains nothing. It pays "
			"where megabytes of code run.",
	},
};
