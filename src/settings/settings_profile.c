/* Keys of [profile.NAME]. Facts alone, a row a setting, and however
 * long not cut: who looks for a setting finds all of it here. Rows stand in the order of enum hone_setting_id; lists of values end with
 * one whose toml is NULL. */
#include "settings_rows.h"

static const struct hone_setting_value values_opt_level[] = {
	{.toml = "0", .effect = "no optimization: fastest to compile, slow and large"},
	{.toml = "1", .effect = "basic optimization"},
	{.toml = "2",
		.effect = "most optimization; often as fast as 3 and a little smaller, not always"},
	{.toml = "3",
		.effect = "all optimization, more inlining and unrolling: Cargo's release default"},
	{.toml = "\"s\"", .effect = "for size; loops are still vectorized", .since = "1.28"},
	{.toml = "\"z\"",
		.effect = "for size at any cost, loops are not vectorized; often no smaller than "
			  "\"s\", and a file with symbols can be larger than at 3",
		.since = "1.28"},
	{0},
};

static const struct hone_setting_value values_lto[] = {
	{.toml = "false",
		.effect = "no optimization across crates; the codegen units of one crate see each "
			  "other"},
	{.toml = "true",
		.same_as = "\"fat\"",
		.effect = "the whole program, std included, is optimized as one module"},
	{.toml = "\"fat\"",
		.effect = "the whole program, std included, is optimized as one module"},
	{.toml = "\"thin\"",
		.effect = "functions are imported between crates, which are then compiled in "
			  "parallel",
		.since = "1.25"},
	{.toml = "\"off\"",
		.effect = "none at all, not even between the codegen units of a crate: usually "
			  "larger and slower"},
	{.toml = "\"n\"", .same_as = "\"off\"", .effect = "another spelling of \"off\""},
	{.toml = "\"no\"", .same_as = "\"off\"", .effect = "another spelling of \"off\""},
	{.toml = "\"none\"", .same_as = "\"off\"", .effect = "another spelling of \"off\""},
	{0},
};

static const struct hone_setting_value values_codegen_units[] = {
	{.toml = "1",
		.effect = "the crate is optimized as a whole: usually smaller and faster code"},
	{.toml = "16", .effect = "what rustc does in a release build when the key is not written"},
	{.toml = "256",
		.effect = "what rustc does in an incremental build when the key is not written"},
	{0},
};

static const struct hone_setting_value values_panic[] = {
	{.toml = "\"unwind\"",
		.effect = "a panic runs destructors up to catch_unwind or the thread's end"},
	{.toml = "\"abort\"",
		.effect = "a panic prints its message and ends the process: no cleanup code is "
			  "generated",
		.labels = HONE_LABEL_BEHAVIOUR,
		.since = "1.10"},
	{.toml = "\"immediate-abort\"",
		.effect = "a panic ends the process at once, without a message or a hook; std has "
			  "to be rebuilt",
		.labels = HONE_LABEL_BEHAVIOUR | HONE_LABEL_BACKTRACE | HONE_LABEL_NIGHTLY,
		.flags = "-Zpanic-immediate-abort"},
	{0},
};

static const struct hone_setting_value values_strip[] = {
	{.toml = "\"none\"",
		.effect = "nothing is removed: std's own debug information stays in, several "
			  "megabytes"},
	{.toml = "false", .same_as = "\"none\"", .effect = "the same as \"none\""},
	{.toml = "\"debuginfo\"",
		.effect = "debug information is removed, the symbol table stays: names in "
			  "backtraces"},
	{.toml = "\"symbols\"",
		.effect = "debug information and symbol table are removed: backtraces show "
			  "addresses only",
		.labels = HONE_LABEL_DEBUG},
	{.toml = "true",
		.same_as = "\"symbols\"",
		.effect = "the same as \"symbols\"",
		.labels = HONE_LABEL_DEBUG},
	{0},
};

static const struct hone_setting_value values_debug[] = {
	{.toml = "false", .effect = "no debug information"},
	{.toml = "0", .same_as = "false", .effect = "the same as false"},
	{.toml = "\"none\"", .same_as = "false", .effect = "the same as false", .since = "1.71"},
	{.toml = "\"line-directives-only\"",
		.effect = "line directives only: for profilers of nvptx targets",
		.since = "1.71"},
	{.toml = "\"line-tables-only\"",
		.effect = "file and line for backtraces, nothing else",
		.since = "1.71"},
	{.toml = "1", .effect = "functions and lines, no types and no variables"},
	{.toml = "\"limited\"", .same_as = "1", .effect = "the same as 1", .since = "1.71"},
	{.toml = "2", .effect = "everything a debugger can use"},
	{.toml = "true", .same_as = "2", .effect = "the same as 2"},
	{.toml = "\"full\"", .same_as = "2", .effect = "the same as 2", .since = "1.71"},
	{0},
};

static const struct hone_setting_value values_split_debuginfo[] = {
	{.toml = "\"off\"",
		.effect = "debug information stays in the program: the default on Linux"},
	{.toml = "\"packed\"",
		.effect = "debug information goes to one file beside it (.dwp, .dSYM)"},
	{.toml = "\"unpacked\"",
		.effect =
			"debug information stays in the object files (.dwo): the default on macOS"},
	{0},
};

static const struct hone_setting_value values_debug_assertions[] = {
	{.toml = "false",
		.effect = "debug_assert! and cfg(debug_assertions) are compiled out",
		.labels = HONE_LABEL_BEHAVIOUR,
		.parts = 1},
	{.toml = "true",
		.effect = "debug_assert! and std's own checks run, and cost time",
		.labels = HONE_LABEL_BEHAVIOUR,
		.parts = 2},
	{0},
};

static const struct hone_setting_value values_overflow_checks[] = {
	{.toml = "false",
		.effect = "integer overflow wraps around",
		.labels = HONE_LABEL_BEHAVIOUR,
		.parts = 1},
	{.toml = "true",
		.effect = "integer overflow panics; costs size and time",
		.labels = HONE_LABEL_BEHAVIOUR,
		.parts = 2},
	{0},
};

static const struct hone_setting_value values_incremental[] = {
	{.toml = "false", .effect = "a changed crate is compiled anew: what a release build wants"},
	{.toml = "true", .effect = "a changed crate is compiled in parts, from 256 codegen units"},
	{0},
};

static const struct hone_setting_value values_rpath[] = {
	{.toml = "false", .effect = "no run path is written"},
	{.toml = "true",
		.effect = "folders of Rust dynamic libraries are written into the program"},
	{0},
};

static const struct hone_setting_value values_inherits[] = {
	{.toml = "\"release\"", .effect = "what is not written is as in [profile.release]"},
	{.toml = "\"dev\"", .effect = "what is not written is as in [profile.dev]"},
	{0},
};

static const struct hone_setting_value values_trim_paths[] = {
	{.toml = "\"none\"",
		.effect = "paths stay as they are",
		.labels = HONE_LABEL_NIGHTLY,
		.flags = "-Ztrim-paths"},
	{.toml = "false",
		.same_as = "\"none\"",
		.effect = "the same as \"none\"",
		.labels = HONE_LABEL_NIGHTLY,
		.flags = "-Ztrim-paths"},
	{.toml = "\"object\"",
		.effect = "paths are shortened in the program and its debug information",
		.labels = HONE_LABEL_NIGHTLY,
		.flags = "-Ztrim-paths"},
	{.toml = "\"macro\"",
		.effect = "paths are shortened in file!() and panic messages",
		.labels = HONE_LABEL_NIGHTLY,
		.flags = "-Ztrim-paths"},
	{.toml = "\"diagnostics\"",
		.effect = "paths are shortened in compiler messages",
		.labels = HONE_LABEL_NIGHTLY,
		.flags = "-Ztrim-paths"},
	{.toml = "\"all\"",
		.effect = "paths are shortened everywhere",
		.labels = HONE_LABEL_NIGHTLY,
		.flags = "-Ztrim-paths"},
	{.toml = "true",
		.same_as = "\"all\"",
		.effect = "the same as \"all\"",
		.labels = HONE_LABEL_NIGHTLY,
		.flags = "-Ztrim-paths"},
	{0},
};

static const struct hone_setting_value values_codegen_backend[] = {
	{.toml = "\"llvm\"",
		.effect = "the usual one",
		.labels = HONE_LABEL_NIGHTLY,
		.flags = "-Zcodegen-backend"},
	{.toml = "\"cranelift\"",
		.effect = "compiles faster, makes slower code: for development",
		.labels = HONE_LABEL_NIGHTLY,
		.flags = "-Zcodegen-backend"},
	{0},
};

static const struct hone_setting_value values_hint_mostly_unused[] = {
	{.toml = "false",
		.effect = "every function of the crate is compiled with the crate",
		.labels = HONE_LABEL_NIGHTLY,
		.flags = "-Zprofile-hint-mostly-unused"},
	{.toml = "true",
		.effect = "functions are compiled only where they are used",
		.labels = HONE_LABEL_NIGHTLY,
		.flags = "-Zprofile-hint-mostly-unused"},
	{0},
};

const struct hone_setting hone_settings_profile[] = {
	{
		.id = HONE_SET_OPT_LEVEL,
		.key = "opt-level",
		.kind = HONE_SETTING_PROFILE,
		.scope = HONE_SCOPE_PROFILE,
		.type = HONE_TYPE_MIXED,
		.grammar = HONE_GRAMMAR_LEVEL,
		.codegen = "opt-level",
		.group = SIZE_AND_SPEED,
		.summary = "how hard, and for what, the compiler optimizes",
		.default_dev = "0",
		.default_release = "3",
		.range = "0, 1, 2, 3, \"s\" or \"z\"",
		.per_package = true,
		.build_override = true,
		.env_key = "OPT_LEVEL",
		.values = values_opt_level,
		.build_cost = "0 and 1 compile fastest; \"s\" and \"z\" take about as long as 2.",
		.interacts = "Generic code takes the level of the crate that instantiates it, so "
			     "a level for a package full of generics may do little. Build scripts "
			     "and proc macros are compiled with 0 unless "
			     "[profile.NAME.build-override] says otherwise. On AArch64, RISC-V and "
			     "Cortex-M (not M0) \"z\" also moves repeated code into functions of "
			     "its own, which costs calls.",
		.folklore =
			"The default of release is 3, not 2. 3 can be slower than 2, and 2 larger "
			"and slower than 3. \"z\" often gives larger programs than \"s\", and "
			"slower ones; with fat LTO it tends to be the smaller of the two. "
			"Without LTO the file at \"z\" can even be larger than at 3 (3,004,880 "
			"beside 2,959,928 bytes): every function that is not inlined has a "
			"symbol, so compare what is stripped. With fat LTO \"s\" need not be "
			"slower: hexyl executes as many instructions as at 3. opt-level = \"3\" "
			"as text is refused by Cargo.",
	},
	{
		.id = HONE_SET_LTO,
		.key = "lto",
		.kind = HONE_SETTING_PROFILE,
		.scope = HONE_SCOPE_PROFILE,
		.type = HONE_TYPE_MIXED,
		.grammar = HONE_GRAMMAR_STRING_OR_BOOL,
		.codegen = "lto",
		.group = SIZE_AND_SPEED,
		.summary = "optimization across crates when the program is linked",
		.default_dev = "false",
		.default_release = "false",
		.range = "false, true, \"fat\", \"thin\" or \"off\"",
		.build_override = false,
		.env_key = "LTO",
		.values = values_lto,
		.build_cost = "Fat LTO optimizes the whole program in one thread at the end and "
			      "needs memory for all of it. Thin LTO works in parallel, but on a "
			      "machine with few cores it can take longer than fat.",
		.interacts = "With codegen-units = 1 and lto = false nothing crosses crates or "
			     "units. A library that is built as cdylib or dylib besides lib gets "
			     "no LTO. -Clto in RUSTFLAGS fails, since Cargo builds dependencies "
			     "without bitcode then: use this key.",
		.folklore = "false is not \"off\": false still optimizes between the codegen "
			    "units of a crate. true and \"fat\" mean the same but give different "
			    "bytes, since the spelling goes into symbol hashes. LTO pays off "
			    "without any dependency, as std takes part in it.",
	},
	{
		.id = HONE_SET_CODEGEN_UNITS,
		.key = "codegen-units",
		.kind = HONE_SETTING_PROFILE,
		.scope = HONE_SCOPE_PROFILE,
		.type = HONE_TYPE_INTEGER,
		.grammar = HONE_GRAMMAR_U32,
		.codegen = "codegen-units",
		.group = SIZE_AND_SPEED,
		.summary = "into how many parts a crate is cut to be compiled in parallel",
		.unset_means = "Cargo passes nothing; rustc takes 256 for an incremental build, "
			       "else 16",
		.range = "1 to 4294967295",
		.per_package = true,
		.build_override = true,
		.env_key = "CODEGEN_UNITS",
		.values = values_codegen_units,
		.open = true,
		.min = 1,
		.max = 4294967295,
		.build_cost = "1 gives up parallelism inside each crate: the large ones take "
			      "longer.",
		.interacts = "Fat LTO merges all units in the end; the number still decides how "
			     "each crate was optimized before. For build scripts and proc macros "
			     "it is unset, whatever the profile says, unless build-override "
			     "sets it.",
		.folklore = "Cargo takes 0, rustc refuses it. 16 is not \"unset\": written out it "
			    "also holds for an incremental build. 1 is usually smaller, but not "
			    "always faster.",
	},
	{
		.id = HONE_SET_PANIC,
		.key = "panic",
		.kind = HONE_SETTING_PROFILE,
		.scope = HONE_SCOPE_PROFILE,
		.type = HONE_TYPE_STRING,
		.grammar = HONE_GRAMMAR_STRING,
		.codegen = "panic",
		.group = SIZE_AND_SPEED,
		.summary = "what a panic does after its message",
		.default_dev = "\"unwind\"",
		.default_release = "\"unwind\"",
		.range = "\"unwind\" or \"abort\" (nightly: \"immediate-abort\")",
		.since = "1.10",
		.env_key = "PANIC",
		.values = values_panic,
		.build_cost = "\"abort\" compiles less code. Tests need \"unwind\", so cargo test "
			      "builds the dependencies a second time.",
		.risks = "With \"abort\" catch_unwind catches nothing, a panicking thread ends "
			 "the whole process, destructors do not run and files may stay "
			 "half-written. Servers that survive a panicking request no longer do.",
		.interacts = "Tests, benchmarks, build scripts and proc macros ignore it: cargo "
			     "test cannot show what \"abort\" changes. \"immediate-abort\" needs "
			     "std.build = \"on\" and, in Cargo.toml, cargo-features = "
			     "[\"panic-immediate-abort\"]; apply writes it into the alias "
			     "instead, so that stable cargo still reads the project.",
		.folklore = "Since 1.92 \"abort\" keeps unwind tables, so backtraces still work; "
			    "1.72 to 1.91 left them out. The panic message is printed either way.",
	},
	{
		.id = HONE_SET_STRIP,
		.key = "strip",
		.kind = HONE_SETTING_PROFILE,
		.scope = HONE_SCOPE_PROFILE,
		.type = HONE_TYPE_MIXED,
		.grammar = HONE_GRAMMAR_STRING_OR_BOOL,
		.codegen = "strip",
		.group = DEBUGGING,
		.summary = "what the linker leaves out of the finished program",
		.default_dev = "\"none\"",
		.unset_means = "in release \"debuginfo\", as long as debug is off for the program "
			       "and its direct dependencies (since 1.77; not for MSVC targets); "
			       "else \"none\"",
		.range = "\"none\", \"debuginfo\", \"symbols\", false (= \"none\") or true (= "
			 "\"symbols\")",
		.since = "1.59",
		.per_package = true,
		.build_override = true,
		.env_key = "STRIP",
		.values = values_strip,
		.risks = "Without a symbol table backtraces, profilers and crash reports show "
			 "bare addresses, unless the file of debug information that a "
			 ".gnu_debuglink names lies beside the program: Rust's backtraces read "
			 "it.",
		.interacts =
			"Any debug value above 0 of the program or of a package that it depends on "
			"directly turns the automatic \"debuginfo\" off; those of packages "
			"further down, of build scripts and of macros do not count. An "
			"override of the program's own package "
			"([profile.release.package.app]) resets strip, even if it only sets "
			"opt-level: repeat strip inside it. Cargo's own \"debuginfo\" undoes a "
			"`-C link-arg=-s` of your own with lld and GNU ld (the last one of "
			"-s and --strip-debug counts), not with mold or gold; "
			"-Wl,--strip-all holds with all of them. With mold 1.10 \"debuginfo\" "
			"takes the symbol table, too. [profile.bench] inherits strip from "
			"release: what counts instructions by names (gungraun 0.20) counts none "
			"then and finds no regression; strip = false there helps.",
		.folklore = "Writing strip = \"none\" into release is not the default: it keeps "
			    "std's debug information, megabytes of it. strip = \"symbols\" keeps "
			    "no debug information either. \"all\" does not exist in rustc: Cargo "
			    "takes it and the build fails; hone has post.strip = \"all\".",
	},
	{
		.id = HONE_SET_DEBUG,
		.key = "debug",
		.kind = HONE_SETTING_PROFILE,
		.scope = HONE_SCOPE_PROFILE,
		.type = HONE_TYPE_MIXED,
		.grammar = HONE_GRAMMAR_DEBUG,
		.codegen = "debuginfo",
		.group = DEBUGGING,
		.summary = "how much debug information is made",
		.default_dev = "true",
		.default_release = "false",
		.range = "false, 0 or \"none\"; \"line-directives-only\"; \"line-tables-only\"; 1 "
			 "or \"limited\"; true, 2 or \"full\"",
		.per_package = true,
		.build_override = true,
		.env_key = "DEBUG",
		.values = values_debug,
		.build_cost = "Full debug information makes compiling and linking slower and "
			      "target/ much larger.",
		.interacts = "Any value above 0 turns off the automatic strip = \"debuginfo\", so "
			     "that std's debug information stays, too. So does an override for a "
			     "direct dependency; one for a package further down does not, and "
			     "what it makes is stripped away. strip = \"symbols\" removes all of "
			     "it again.",
		.folklore = "It changes the size of the file, not the machine code.",
	},
	{
		.id = HONE_SET_SPLIT_DEBUGINFO,
		.key = "split-debuginfo",
		.kind = HONE_SETTING_PROFILE,
		.scope = HONE_SCOPE_PROFILE,
		.type = HONE_TYPE_STRING,
		.grammar = HONE_GRAMMAR_STRING,
		.codegen = "split-debuginfo",
		.group = DEBUGGING,
		.summary = "where debug information is put",
		.unset_means = "\"off\" on Linux; \"unpacked\" on macOS when debug is on",
		.range = "\"off\", \"packed\" or \"unpacked\"",
		.since = "1.51",
		.per_package = true,
		.build_override = true,
		.env_key = "SPLIT_DEBUGINFO",
		.values = values_split_debuginfo,
		.build_cost = "\"unpacked\" links faster.",
		.interacts = "Without debug it does nothing. On Linux it is stable since 1.65. The "
			     "prebuilt std is not split: its debug information stays in the "
			     "program.",
	},
	{
		.id = HONE_SET_DEBUG_ASSERTIONS,
		.key = "debug-assertions",
		.kind = HONE_SETTING_PROFILE,
		.scope = HONE_SCOPE_PROFILE,
		.type = HONE_TYPE_BOOL,
		.grammar = HONE_GRAMMAR_BOOL,
		.codegen = "debug-assertions",
		.group = CHECKS,
		.summary = "debug_assert! and cfg(debug_assertions)",
		.default_dev = "true",
		.default_release = "false",
		.range = "true or false",
		.per_package = true,
		.build_override = true,
		.env_key = "DEBUG_ASSERTIONS",
		.values = values_debug_assertions,
		.risks = "Code under cfg(debug_assertions) can be more than assertions: features, "
			 "logging, paths.",
		.interacts = "rustc's own default for overflow-checks follows it, but Cargo "
			     "decides both by itself.",
	},
	{
		.id = HONE_SET_OVERFLOW_CHECKS,
		.key = "overflow-checks",
		.kind = HONE_SETTING_PROFILE,
		.scope = HONE_SCOPE_PROFILE,
		.type = HONE_TYPE_BOOL,
		.grammar = HONE_GRAMMAR_BOOL,
		.codegen = "overflow-checks",
		.group = CHECKS,
		.summary = "whether integer overflow panics or wraps around",
		.default_dev = "true",
		.default_release = "false",
		.range = "true or false",
		.since = "1.17",
		.per_package = true,
		.build_override = true,
		.env_key = "OVERFLOW_CHECKS",
		.values = values_overflow_checks,
		.risks = "A project that turned them on for release did so for safety: turning "
			 "them off makes overflow silent.",
	},
	{
		.id = HONE_SET_INCREMENTAL,
		.key = "incremental",
		.kind = HONE_SETTING_PROFILE,
		.scope = HONE_SCOPE_PROFILE,
		.type = HONE_TYPE_BOOL,
		.grammar = HONE_GRAMMAR_BOOL,
		.group = BUILD,
		.summary = "keeps partial results, so that a changed crate is compiled faster",
		.default_dev = "true",
		.default_release = "false",
		.range = "true or false",
		.since = "1.24",
		.per_package = true,
		.build_override = true,
		.env_key = "INCREMENTAL",
		.values = values_incremental,
		.build_cost = "Faster second builds, slower first ones, and much more space in "
			      "target/.",
		.interacts = "Raises codegen-units to 256 unless that key is written. Only "
			     "workspace and path crates take part. CARGO_INCREMENTAL and "
			     "build.incremental override it.",
		.folklore = "In release it costs speed and size of the program.",
	},
	{
		.id = HONE_SET_RPATH,
		.key = "rpath",
		.kind = HONE_SETTING_PROFILE,
		.scope = HONE_SCOPE_PROFILE,
		.type = HONE_TYPE_BOOL,
		.grammar = HONE_GRAMMAR_BOOL,
		.codegen = "rpath",
		.group = BUILD,
		.summary = "writes the folders of Rust dynamic libraries into the program",
		.default_dev = "false",
		.default_release = "false",
		.range = "true or false",
		.env_key = "RPATH",
		.values = values_rpath,
		.interacts = "Matters only for a program that loads Rust dynamic libraries.",
	},
	{
		.id = HONE_SET_INHERITS,
		.key = "inherits",
		.kind = HONE_SETTING_PROFILE,
		.scope = HONE_SCOPE_PROFILE,
		.type = HONE_TYPE_STRING,
		.grammar = HONE_GRAMMAR_STRING,
		.group = BUILD,
		.summary = "the profile that a custom profile starts from",
		.range = "the name of a profile",
		.since = "1.57",
		.env_key = "INHERITS",
		.values = values_inherits,
		.open = true,
		.interacts = "A custom profile must have it; dev and release must not. The "
			     "program then lands in target/NAME/. cargo install and most "
			     "packagers build release, whatever other profiles there are.",
	},
	{
		.id = HONE_SET_RUSTFLAGS,
		.key = "rustflags",
		.kind = HONE_SETTING_PROFILE,
		.scope = HONE_SCOPE_PROFILE,
		.type = HONE_TYPE_LIST,
		.grammar = HONE_GRAMMAR_LIST,
		.feature = "profile-rustflags",
		.group = NIGHTLY,
		.summary = "compiler flags for this profile",
		.range = "a list of strings",
		.per_package = true,
		.build_override = true,
		.nightly = true,
		.env_key = "RUSTFLAGS",
		.interacts = "Needs cargo-features = [\"profile-rustflags\"] at the top of "
			     "Cargo.toml.",
		.folklore =
			"That a flag is taken does not mean that it does something: rustc hides "
			"the linker's warnings before 1.97, so a misspelled "
			"-Clink-arg=-Wl,-z,WORD is silent. -Wlinker-messages shows them there.",
	},
	{
		.id = HONE_SET_TRIM_PATHS,
		.key = "trim-paths",
		.kind = HONE_SETTING_PROFILE,
		.scope = HONE_SCOPE_PROFILE,
		.type = HONE_TYPE_MIXED,
		.grammar = HONE_GRAMMAR_TRIM,
		.feature = "trim-paths",
		.group = NIGHTLY,
		.summary = "shortens the paths of source files in the program",
		.range = "\"none\", \"object\", \"macro\", \"diagnostics\", \"all\", false (= "
			 "\"none\"), true (= \"all\") or a list of these",
		.per_package = true,
		.build_override = true,
		.nightly = true,
		.env_key = "TRIM_PATHS",
		.values = values_trim_paths,
		.interacts = "Needs cargo-features = [\"trim-paths\"] at the top of Cargo.toml.",
	},
	{
		.id = HONE_SET_CODEGEN_BACKEND,
		.key = "codegen-backend",
		.kind = HONE_SETTING_PROFILE,
		.scope = HONE_SCOPE_PROFILE,
		.type = HONE_TYPE_STRING,
		.grammar = HONE_GRAMMAR_STRING,
		.feature = "codegen-backend",
		.group = NIGHTLY,
		.summary = "which backend makes the machine code",
		.range = "the name of a backend",
		.per_package = true,
		.build_override = true,
		.nightly = true,
		.env_key = "CODEGEN_BACKEND",
		.values = values_codegen_backend,
		.open = true,
		.interacts = "Needs cargo-features = [\"codegen-backend\"] at the top of "
			     "Cargo.toml, and the backend.",
	},
	{
		.id = HONE_SET_HINT_MOSTLY_UNUSED,
		.key = "hint-mostly-unused",
		.kind = HONE_SETTING_PROFILE,
		.scope = HONE_SCOPE_PROFILE,
		.type = HONE_TYPE_BOOL,
		.grammar = HONE_GRAMMAR_BOOL,
		.group = NIGHTLY,
		.summary = "says that little of a large crate is used, so that the rest is not "
			   "compiled",
		.range = "true or false",
		.per_package = true,
		.build_override = true,
		.nightly = true,
		.env_key = "HINT_MOSTLY_UNUSED",
		.values = values_hint_mostly_unused,
		.interacts = "Meant for single packages; needs -Zprofile-hint-mostly-unused.",
	},
};
