#include "settings_values.h"

#define SIZE_AND_SPEED "size and speed"
#define DEBUGGING "debugging"
#define CHECKS "checks at run time"
#define BUILD "how it is built"
#define LINK "link"
#define AFTER "after the link"
#define NIGHTLY "nightly only"
#define TRAINING "from a profile of the program at work"
#define STANDARD "the standard library"

const struct hone_label_info hone_labels[] = {
	{HONE_LABEL_BEHAVIOUR, "behaviour", "changes what the program does"},
	{HONE_LABEL_GLIBC, "glibc", "needs a newer glibc"},
	{HONE_LABEL_CPU, "cpu", "runs only on some CPUs"},
	{HONE_LABEL_HARDENING, "hardening", "weakens hardening"},
	{HONE_LABEL_DEBUG, "debug", "harder to debug"},
	{HONE_LABEL_BACKTRACE, "backtrace", "no backtraces, no foreign exceptions"},
	{HONE_LABEL_NIGHTLY, "nightly", "needs a nightly toolchain or RUSTC_BOOTSTRAP=1"},
	{HONE_LABEL_ADDRESS, "address", "functions may share an address"},
	{HONE_LABEL_LIBRARY, "library", "needs the toolchain's libstd at run time"},
	{0, NULL, NULL},
};

const struct hone_setting hone_settings[] = {
	{
		.key = "opt-level",
		.kind = HONE_SETTING_PROFILE,
		.scope = HONE_SCOPE_PROFILE,
		.type = HONE_TYPE_MIXED,
		.group = SIZE_AND_SPEED,
		.summary = "how hard, and for what, the compiler optimizes",
		.default_dev = "0",
		.default_release = "3",
		.range = "0, 1, 2, 3, \"s\" or \"z\"",
		.per_package = true,
		.build_override = true,
		.env_key = "OPT_LEVEL",
		.values = hone_values_opt_level,
		.build_cost = "0 and 1 compile fastest; \"s\" and \"z\" take about as long as 2.",
		.interacts = "Generic code takes the level of the crate that instantiates it, so "
			     "a level for a package full of generics may do little. Build scripts "
			     "and proc macros are compiled with 0 unless "
			     "[profile.NAME.build-override] says otherwise.",
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
		.key = "lto",
		.kind = HONE_SETTING_PROFILE,
		.scope = HONE_SCOPE_PROFILE,
		.type = HONE_TYPE_MIXED,
		.group = SIZE_AND_SPEED,
		.summary = "optimization across crates when the program is linked",
		.default_dev = "false",
		.default_release = "false",
		.range = "false, true, \"fat\", \"thin\" or \"off\"",
		.build_override = false,
		.env_key = "LTO",
		.values = hone_values_lto,
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
		.key = "codegen-units",
		.kind = HONE_SETTING_PROFILE,
		.scope = HONE_SCOPE_PROFILE,
		.type = HONE_TYPE_INTEGER,
		.group = SIZE_AND_SPEED,
		.summary = "into how many parts a crate is cut to be compiled in parallel",
		.unset_means = "Cargo passes nothing; rustc takes 256 for an incremental build, "
			       "else 16",
		.range = "1 to 4294967295",
		.per_package = true,
		.build_override = true,
		.env_key = "CODEGEN_UNITS",
		.values = hone_values_codegen_units,
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
		.key = "panic",
		.kind = HONE_SETTING_PROFILE,
		.scope = HONE_SCOPE_PROFILE,
		.type = HONE_TYPE_STRING,
		.group = SIZE_AND_SPEED,
		.summary = "what a panic does after its message",
		.default_dev = "\"unwind\"",
		.default_release = "\"unwind\"",
		.range = "\"unwind\" or \"abort\" (nightly: \"immediate-abort\")",
		.since = "1.10",
		.env_key = "PANIC",
		.values = hone_values_panic,
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
		.key = "strip",
		.kind = HONE_SETTING_PROFILE,
		.scope = HONE_SCOPE_PROFILE,
		.type = HONE_TYPE_MIXED,
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
		.values = hone_values_strip,
		.risks = "Without a symbol table backtraces, profilers and crash reports show "
			 "bare addresses.",
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
			"takes the symbol table, too.",
		.folklore = "Writing strip = \"none\" into release is not the default: it keeps "
			    "std's debug information, megabytes of it. strip = \"symbols\" keeps "
			    "no debug information either. \"all\" does not exist in rustc: Cargo "
			    "takes it and the build fails; hone has post.strip = \"all\".",
	},
	{
		.key = "debug",
		.kind = HONE_SETTING_PROFILE,
		.scope = HONE_SCOPE_PROFILE,
		.type = HONE_TYPE_MIXED,
		.group = DEBUGGING,
		.summary = "how much debug information is made",
		.default_dev = "true",
		.default_release = "false",
		.range = "false, 0 or \"none\"; \"line-directives-only\"; \"line-tables-only\"; 1 "
			 "or \"limited\"; true, 2 or \"full\"",
		.per_package = true,
		.build_override = true,
		.env_key = "DEBUG",
		.values = hone_values_debug,
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
		.key = "split-debuginfo",
		.kind = HONE_SETTING_PROFILE,
		.scope = HONE_SCOPE_PROFILE,
		.type = HONE_TYPE_STRING,
		.group = DEBUGGING,
		.summary = "where debug information is put",
		.unset_means = "\"off\" on Linux; \"unpacked\" on macOS when debug is on",
		.range = "\"off\", \"packed\" or \"unpacked\"",
		.since = "1.51",
		.per_package = true,
		.build_override = true,
		.env_key = "SPLIT_DEBUGINFO",
		.values = hone_values_split_debuginfo,
		.build_cost = "\"unpacked\" links faster.",
		.interacts = "Without debug it does nothing. On Linux it is stable since 1.65.",
	},
	{
		.key = "debug-assertions",
		.kind = HONE_SETTING_PROFILE,
		.scope = HONE_SCOPE_PROFILE,
		.type = HONE_TYPE_BOOL,
		.group = CHECKS,
		.summary = "debug_assert! and cfg(debug_assertions)",
		.default_dev = "true",
		.default_release = "false",
		.range = "true or false",
		.per_package = true,
		.build_override = true,
		.env_key = "DEBUG_ASSERTIONS",
		.values = hone_values_debug_assertions,
		.risks = "Code under cfg(debug_assertions) can be more than assertions: features, "
			 "logging, paths.",
		.interacts = "rustc's own default for overflow-checks follows it, but Cargo "
			     "decides both by itself.",
	},
	{
		.key = "overflow-checks",
		.kind = HONE_SETTING_PROFILE,
		.scope = HONE_SCOPE_PROFILE,
		.type = HONE_TYPE_BOOL,
		.group = CHECKS,
		.summary = "whether integer overflow panics or wraps around",
		.default_dev = "true",
		.default_release = "false",
		.range = "true or false",
		.since = "1.17",
		.per_package = true,
		.build_override = true,
		.env_key = "OVERFLOW_CHECKS",
		.values = hone_values_overflow_checks,
		.risks = "A project that turned them on for release did so for safety: turning "
			 "them off makes overflow silent.",
	},
	{
		.key = "incremental",
		.kind = HONE_SETTING_PROFILE,
		.scope = HONE_SCOPE_PROFILE,
		.type = HONE_TYPE_BOOL,
		.group = BUILD,
		.summary = "keeps partial results, so that a changed crate is compiled faster",
		.default_dev = "true",
		.default_release = "false",
		.range = "true or false",
		.since = "1.24",
		.per_package = true,
		.build_override = true,
		.env_key = "INCREMENTAL",
		.values = hone_values_incremental,
		.build_cost = "Faster second builds, slower first ones, and much more space in "
			      "target/.",
		.interacts = "Raises codegen-units to 256 unless that key is written. Only "
			     "workspace and path crates take part. CARGO_INCREMENTAL and "
			     "build.incremental override it.",
		.folklore = "In release it costs speed and size of the program.",
	},
	{
		.key = "rpath",
		.kind = HONE_SETTING_PROFILE,
		.scope = HONE_SCOPE_PROFILE,
		.type = HONE_TYPE_BOOL,
		.group = BUILD,
		.summary = "writes the folders of Rust dynamic libraries into the program",
		.default_dev = "false",
		.default_release = "false",
		.range = "true or false",
		.env_key = "RPATH",
		.values = hone_values_rpath,
		.interacts = "Matters only for a program that loads Rust dynamic libraries.",
	},
	{
		.key = "inherits",
		.kind = HONE_SETTING_PROFILE,
		.scope = HONE_SCOPE_PROFILE,
		.type = HONE_TYPE_STRING,
		.group = BUILD,
		.summary = "the profile that a custom profile starts from",
		.range = "the name of a profile",
		.since = "1.57",
		.env_key = "INHERITS",
		.values = hone_values_inherits,
		.open = true,
		.interacts = "A custom profile must have it; dev and release must not. The "
			     "program then lands in target/NAME/. cargo install and most "
			     "packagers build release, whatever other profiles there are.",
	},
	{
		.key = "rustflags",
		.kind = HONE_SETTING_PROFILE,
		.scope = HONE_SCOPE_PROFILE,
		.type = HONE_TYPE_LIST,
		.group = NIGHTLY,
		.summary = "compiler flags for this profile",
		.range = "a list of strings",
		.per_package = true,
		.build_override = true,
		.nightly = true,
		.env_key = "RUSTFLAGS",
		.interacts = "Needs cargo-features = [\"profile-rustflags\"] at the top of "
			     "Cargo.toml.",
	},
	{
		.key = "trim-paths",
		.kind = HONE_SETTING_PROFILE,
		.scope = HONE_SCOPE_PROFILE,
		.type = HONE_TYPE_MIXED,
		.group = NIGHTLY,
		.summary = "shortens the paths of source files in the program",
		.range = "\"none\", \"object\", \"macro\", \"diagnostics\", \"all\", false (= "
			 "\"none\"), true (= \"all\") or a list of these",
		.per_package = true,
		.build_override = true,
		.nightly = true,
		.env_key = "TRIM_PATHS",
		.values = hone_values_trim_paths,
		.interacts = "Needs cargo-features = [\"trim-paths\"] at the top of Cargo.toml.",
	},
	{
		.key = "codegen-backend",
		.kind = HONE_SETTING_PROFILE,
		.scope = HONE_SCOPE_PROFILE,
		.type = HONE_TYPE_STRING,
		.group = NIGHTLY,
		.summary = "which backend makes the machine code",
		.range = "the name of a backend",
		.per_package = true,
		.build_override = true,
		.nightly = true,
		.env_key = "CODEGEN_BACKEND",
		.values = hone_values_codegen_backend,
		.open = true,
		.interacts = "Needs cargo-features = [\"codegen-backend\"] at the top of "
			     "Cargo.toml, and the backend.",
	},
	{
		.key = "hint-mostly-unused",
		.kind = HONE_SETTING_PROFILE,
		.scope = HONE_SCOPE_PROFILE,
		.type = HONE_TYPE_BOOL,
		.group = NIGHTLY,
		.summary = "says that little of a large crate is used, so that the rest is not "
			   "compiled",
		.range = "true or false",
		.per_package = true,
		.build_override = true,
		.nightly = true,
		.env_key = "HINT_MOSTLY_UNUSED",
		.values = hone_values_hint_mostly_unused,
		.interacts = "Meant for single packages; needs -Zprofile-hint-mostly-unused.",
	},
	{
		.key = "rustc.target-cpu",
		.kind = HONE_SETTING_RUSTC,
		.scope = HONE_SCOPE_GRAPH,
		.type = HONE_TYPE_STRING,
		.group = SIZE_AND_SPEED,
		.summary = "the oldest CPU that has to run the program",
		.unset_means = "the baseline of the target: \"x86-64\" runs on every 64-bit PC",
		.range = "a name that `rustc --print target-cpus` lists",
		.values = hone_values_target_cpu,
		.open = true,
		.build_cost = "Every crate is compiled anew.",
		.risks = "On a CPU that lacks an instruction the program dies with SIGILL.",
		.interacts = "Goes to every crate by rustflags, since Cargo's profiles have no "
			     "key for it. std stays compiled for the baseline.",
		.folklore = "\"native\" is not faster by itself and not reproducible: committed "
			    "to a shared file, every machine builds another program. Fat LTO with "
			    "x86-64-v3 has also been much slower.",
	},
	{
		.key = "rustc.inline-threshold",
		.kind = HONE_SETTING_RUSTC,
		.scope = HONE_SCOPE_FINAL,
		.type = HONE_TYPE_INTEGER,
		.group = SIZE_AND_SPEED,
		.summary = "how large a function may be to be inlined",
		.unset_means = "LLVM's own: 250 for opt-level 3, 225 for 1 and 2, 50 for \"s\", 5 "
			       "for \"z\"",
		.range = "0 to 1000000, in LLVM's units of cost",
		.values = hone_values_inline_threshold,
		.open = true,
		.min = 0,
		.max = 1000000,
		.interacts = "An option of LLVM (-Cllvm-args): it can vanish with the next "
			     "compiler. Without fat LTO only the final crate is affected.",
		.folklore = "-Cinline-threshold does nothing since 1.81. With opt-level \"s\" and "
			    "fat LTO a threshold of 5 gave programs about as small as \"z\", and "
			    "faster.",
	},
	{
		.key = "rustc.preinline-threshold",
		.kind = HONE_SETTING_RUSTC,
		.scope = HONE_SCOPE_GRAPH,
		.type = HONE_TYPE_INTEGER,
		.group = SIZE_AND_SPEED,
		.summary = "how large a function may be to be inlined before a profile is used",
		.unset_means = "LLVM's own: 75, whatever the level of the function that it goes "
			       "into",
		.range = "0 to 1000000, in LLVM's units of cost",
		.values = hone_values_preinline_threshold,
		.open = true,
		.min = 0,
		.max = 1000000,
		.build_cost = "Every crate is compiled anew.",
		.interacts = "Does something only with train.pgo or train.hot: in the instrumented "
			     "build and in the one that uses the profile, which have to agree. An "
			     "option of LLVM (-Cllvm-args): it can vanish with the next compiler.",
		.folklore = "What is inlined before it was counted stays inlined, in cold code, "
			    "too: beside train.hot 15 made hexyl 4 % smaller, with 8 % fewer "
			    "instructions, while with train.pgo alone it needs more of them.",
	},
	{
		.key = "rustc.ext-tsp-size",
		.kind = HONE_SETTING_RUSTC,
		.scope = HONE_SCOPE_FINAL,
		.type = HONE_TYPE_STRING,
		.group = SIZE_AND_SPEED,
		.summary = "lays out the blocks of functions compiled for size to need fewer jumps",
		.default_dev = "\"off\"",
		.default_release = "\"off\"",
		.range = "\"on\" or \"off\"",
		.values = hone_values_ext_tsp_size,
		.interacts = "Does something only for opt-level \"s\" and \"z\". An option of "
			     "LLVM (-Cllvm-args): it can vanish with the next compiler. Without "
			     "fat LTO only the final crate is affected.",
	},
	{
		.key = "rustc.min-jump-table-entries",
		.kind = HONE_SETTING_RUSTC,
		.scope = HONE_SCOPE_FINAL,
		.type = HONE_TYPE_INTEGER,
		.group = SIZE_AND_SPEED,
		.summary = "how many cases a match needs to become a jump table",
		.unset_means = "LLVM's own for the target: 4 on x86-64",
		.range = "0 to 1000000",
		.values = hone_values_min_jump_table_entries,
		.open = true,
		.min = 0,
		.max = 1000000,
		.interacts = "An option of LLVM (-Cllvm-args): it can vanish with the next "
			     "compiler. Without fat LTO only the final crate is affected.",
	},
	{
		.key = "rustc.compact",
		.kind = HONE_SETTING_RUSTC,
		.scope = HONE_SCOPE_FINAL,
		.type = HONE_TYPE_STRING,
		.group = SIZE_AND_SPEED,
		.summary = "gives up what LLVM does for speed alone: padding, rewritten loops, "
			   "values kept in registers, tables for small matches, copied ends of "
			   "blocks",
		.default_dev = "\"off\"",
		.default_release = "\"off\"",
		.range = "\"on\" or \"off\"",
		.values = hone_values_compact,
		.risks = "What is compiled for speed becomes slower by it.",
		.interacts = "Options of LLVM (-Cllvm-args): they can vanish with the next "
			     "compiler. Without fat LTO only the final crate is affected.",
		.folklore = "opt-level \"z\" reaches the program's own crates alone: the prebuilt "
			    "std was marked for speed when it was compiled, and stays so under "
			    "fat LTO. These options reach it: 3 % of hexyl.",
	},
	{
		.key = "rustc.vectorize-loops",
		.kind = HONE_SETTING_RUSTC,
		.scope = HONE_SCOPE_FINAL,
		.type = HONE_TYPE_STRING,
		.group = SIZE_AND_SPEED,
		.summary = "whether loops become vector instructions",
		.default_dev = "\"on\"",
		.default_release = "\"on\"",
		.range = "\"on\" or \"off\"",
		.values = hone_values_vectorize_loops,
		.interacts = "\"on\" means that opt-level decides: 2, 3 and \"s\" vectorize, 0, 1 "
			     "and \"z\" do not. Without fat LTO only the final crate is affected.",
	},
	{
		.key = "rustc.vectorize-slp",
		.kind = HONE_SETTING_RUSTC,
		.scope = HONE_SCOPE_FINAL,
		.type = HONE_TYPE_STRING,
		.group = SIZE_AND_SPEED,
		.summary = "whether neighbouring scalar operations become vector instructions",
		.default_dev = "\"on\"",
		.default_release = "\"on\"",
		.range = "\"on\" or \"off\"",
		.values = hone_values_vectorize_slp,
		.interacts = "\"on\" means that opt-level decides. Without fat LTO only the final "
			     "crate is affected.",
	},
	{
		.key = "rustc.force-unwind-tables",
		.kind = HONE_SETTING_RUSTC,
		.scope = HONE_SCOPE_GRAPH,
		.type = HONE_TYPE_STRING,
		.group = SIZE_AND_SPEED,
		.summary = "whether functions have the tables that backtraces and unwinding need",
		.unset_means = "\"on\" on Linux, since 1.92 for panic = \"abort\", too",
		.range = "\"on\" or \"off\"",
		.values = hone_values_force_unwind_tables,
		.build_cost = "Every crate is compiled anew.",
		.risks = "Backtraces end at functions without a table.",
		.interacts = "\"off\" only with panic = \"abort\".",
		.folklore = "With fat LTO it changes nothing: the prebuilt std asks for the "
			    "tables of the whole program. link.unwind and a std built from source "
			    "really remove them.",
	},
	{
		.key = "rustc.force-frame-pointers",
		.kind = HONE_SETTING_RUSTC,
		.scope = HONE_SCOPE_GRAPH,
		.type = HONE_TYPE_STRING,
		.group = DEBUGGING,
		.summary = "whether functions keep a frame pointer",
		.default_dev = "\"off\"",
		.default_release = "\"off\"",
		.range = "\"on\" or \"off\"",
		.values = hone_values_force_frame_pointers,
		.build_cost = "Every crate is compiled anew.",
		.interacts = "Some targets keep frame pointers in any case.",
	},
	{
		.key = "rustc.remap-path-prefix",
		.kind = HONE_SETTING_RUSTC,
		.scope = HONE_SCOPE_GRAPH,
		.type = HONE_TYPE_STRING,
		.group = SIZE_AND_SPEED,
		.summary = "replaces the beginning of source paths in panic messages and debug "
			   "information",
		.unset_means = "paths of dependencies name the registry folder of the machine "
			       "that built them",
		.range = "FROM=TO",
		.values = hone_values_remap_path_prefix,
		.open = true,
		.build_cost = "Every crate is compiled anew.",
		.risks = "Panic messages and debuggers name files by the new path, which may not "
			 "exist.",
		.interacts = "FROM is a path of this machine: another machine needs another value.",
	},
	{
		.key = "rustc.prefer-dynamic",
		.kind = HONE_SETTING_RUSTC,
		.scope = HONE_SCOPE_FINAL,
		.type = HONE_TYPE_STRING,
		.group = BUILD,
		.summary = "whether std is a library that the program loads",
		.default_dev = "\"off\"",
		.default_release = "\"off\"",
		.range = "\"on\" or \"off\"",
		.values = hone_values_prefer_dynamic,
		.risks = "The program runs only where exactly this toolchain's libstd-*.so is "
			 "found.",
		.interacts = "rustc refuses it together with fat or thin LTO, and with panic = "
			     "\"abort\".",
	},
	{
		.key = "rustc.tune-cpu",
		.kind = HONE_SETTING_RUSTC,
		.scope = HONE_SCOPE_GRAPH,
		.type = HONE_TYPE_STRING,
		.group = NIGHTLY,
		.summary = "the CPU that instructions are scheduled for; runs everywhere",
		.unset_means = "the CPU of rustc.target-cpu",
		.range = "a name that `rustc --print target-cpus` lists",
		.nightly = true,
		.values = hone_values_tune_cpu,
		.open = true,
		.build_cost = "Every crate is compiled anew.",
	},
	{
		.key = "rustc.location-detail",
		.kind = HONE_SETTING_RUSTC,
		.scope = HONE_SCOPE_GRAPH,
		.type = HONE_TYPE_STRING,
		.group = NIGHTLY,
		.summary = "what panic messages tell about their place",
		.default_dev = "\"file,line,column\"",
		.default_release = "\"file,line,column\"",
		.range = "\"none\", or some of file, line and column, separated by commas",
		.nightly = true,
		.values = hone_values_location_detail,
		.open = true,
		.build_cost = "Every crate is compiled anew.",
		.interacts = "Messages of the prebuilt std keep their places; std.build = \"on\" "
			     "takes them, too.",
	},
	{
		.key = "rustc.fmt-debug",
		.kind = HONE_SETTING_RUSTC,
		.scope = HONE_SCOPE_GRAPH,
		.type = HONE_TYPE_STRING,
		.group = NIGHTLY,
		.summary = "what {:?} prints",
		.default_dev = "\"full\"",
		.default_release = "\"full\"",
		.range = "\"full\", \"shallow\" or \"none\"",
		.nightly = true,
		.values = hone_values_fmt_debug,
		.build_cost = "Every crate is compiled anew.",
		.risks = "Programs print {:?} to their users more often than one thinks: error "
			 "messages go blank.",
	},
	{
		.key = "rustc.share-generics",
		.kind = HONE_SETTING_RUSTC,
		.scope = HONE_SCOPE_GRAPH,
		.type = HONE_TYPE_STRING,
		.group = NIGHTLY,
		.summary = "whether crates share the copies of generic functions",
		.unset_means = "\"on\" for opt-level 0, 1, \"s\" and \"z\", \"off\" for 2 and 3",
		.range = "\"on\" or \"off\"",
		.nightly = true,
		.values = hone_values_share_generics,
		.build_cost = "Every crate is compiled anew.",
		.interacts = "Functions that are marked #[inline(never)] are shared at every "
			     "opt-level, whatever is said here.",
	},
	{
		.key = "rustc.virtual-function-elimination",
		.kind = HONE_SETTING_RUSTC,
		.scope = HONE_SCOPE_FINAL,
		.type = HONE_TYPE_STRING,
		.group = NIGHTLY,
		.summary = "drops methods of trait objects that nothing can call",
		.default_dev = "\"off\"",
		.default_release = "\"off\"",
		.range = "\"on\" or \"off\"",
		.nightly = true,
		.values = hone_values_virtual_function_elimination,
		.risks = "Drops methods that are still called: with rustc 1.95 a program that "
			 "prints a line dies with SIGILL.",
		.interacts = "Needs fat LTO.",
	},
	{
		.key = "link.linker",
		.kind = HONE_SETTING_LINK,
		.scope = HONE_SCOPE_FINAL,
		.hosted = true,
		.type = HONE_TYPE_STRING,
		.group = LINK,
		.summary = "which linker the C compiler calls",
		.unset_means = "rustc's own copy of lld on x86_64-unknown-linux-gnu since 1.90; "
			       "else what the C compiler takes, mostly GNU ld",
		.range = "\"lld\", \"gnu\", \"mold\" or \"gold\"",
		.values = hone_values_linker,
		.build_cost = "mold and lld link large programs several times faster than GNU ld.",
		.interacts =
			"link.icf needs lld, mold or gold. With link.relr, mold 1.10 makes "
			"programs that glibc refuses to start. mold 1.10 takes the symbol "
			"table, too, where the others take debug information only: by "
			"cargo's own strip every release. A -fuse-ld in rustflags of your own "
			"wins over this setting. A linker in cargo's config that is called gcc "
			"or clang (x86_64-linux-gnu-gcc, gcc-12) turns rustc's own lld off: "
			"rustc goes by the file's name; cc does not.",
		.folklore = "The choice of linker alone changes the size by little: hone compares "
			    "with symbols stripped where a linker takes or keeps them by itself.",
	},
	{
		.key = "link.icf",
		.kind = HONE_SETTING_LINK,
		.scope = HONE_SCOPE_FINAL,
		.type = HONE_TYPE_STRING,
		.group = LINK,
		.summary = "merges functions that have the same machine code",
		.default_dev = "\"none\"",
		.default_release = "\"none\"",
		.range = "\"none\", \"safe\" or \"all\"",
		.values = hone_values_icf,
		.risks = "With \"all\" pointers to different functions can be equal, and a "
			 "backtrace can show the name of another function with the same code.",
		.interacts = "lld, mold and gold have it; GNU ld does not. Where GNU ld would link "
			     "and link.linker is not given, lld does it.",
		.folklore = "\"safe\" does nothing for most Rust programs: their objects do not "
			    "say which addresses are taken.",
	},
	{
		.key = "link.relr",
		.kind = HONE_SETTING_LINK,
		.scope = HONE_SCOPE_FINAL,
		.hosted = true,
		.type = HONE_TYPE_STRING,
		.group = LINK,
		.summary = "packs the relocations that the loader applies at start-up",
		.default_dev = "\"off\"",
		.default_release = "\"off\"",
		.range = "\"on\" or \"off\"",
		.values = hone_values_relr,
		.risks = "glibc before 2.36 and musl before 1.2.4 cannot load the program.",
		.interacts = "Nothing to pack with link.pie = \"off\". mold 1.10 writes the table "
			     "without the mark that glibc asks for: the program does not start.",
		.folklore = "Besides 4 to 10 % of size it also gives a slightly faster start.",
	},
	{
		.key = "link.unwind",
		.kind = HONE_SETTING_LINK,
		.scope = HONE_SCOPE_FINAL,
		.hosted = true,
		.type = HONE_TYPE_STRING,
		.group = LINK,
		.summary = "the tables by which a stack is unwound",
		.default_dev = "\"keep\"",
		.default_release = "\"keep\"",
		.range = "\"keep\" or \"discard\"",
		.values = hone_values_unwind,
		.risks = "Panic messages lose their backtrace, debuggers and profilers cannot "
			 "walk the stack, C++ exceptions and pthread_cancel in the program end it.",
		.interacts = "Only with panic = \"abort\". apply writes the linker script "
			     ".cargo/hone/discard-unwind.ld into the project. lld and GNU ld read "
			     "it, mold does not.",
		.folklore = "panic = \"abort\" alone keeps the tables, and std brings its own: "
			    "with fat LTO they are 10 % of the smallest programs.",
	},
	{
		.key = "link.minsize",
		.kind = HONE_SETTING_LINK,
		.scope = HONE_SCOPE_FINAL,
		.type = HONE_TYPE_STRING,
		.group = LINK,
		.summary = "machine code for size in every function, also those of the prebuilt "
			   "std",
		.default_dev = "\"off\"",
		.default_release = "\"off\"",
		.range = "\"off\" or \"all\"",
		.values = hone_values_minsize,
		.build_cost = "The linker makes the machine code: the last step of every build.",
		.risks = "At opt-level 3 it makes the program slower where it is hot.",
		.interacts = "Needs lto = \"fat\" (or true) and an lld of rustc's own LLVM as the "
			     "linker; left out, with a note, where there is none. Options of LLVM "
			     "that stand in rustflags of your own do not reach the linker.",
		.folklore =
			"opt-level \"z\" reaches what is compiled now: the functions of the "
			"prebuilt std come with the marks of their own level, and no flag of "
			"rustc changes them. 0.3 to 2 % of programs that are for size already, 5 % "
			"of one that prints a line.",
	},
	{
		.key = "link.symbolizer",
		.kind = HONE_SETTING_LINK,
		.scope = HONE_SCOPE_FINAL,
		.hosted = true,
		.type = HONE_TYPE_STRING,
		.group = LINK,
		.summary =
			"the code that finds the name and the line of an address, for backtraces",
		.default_dev = "\"keep\"",
		.default_release = "\"keep\"",
		.range = "\"keep\" or \"drop\"",
		.values = hone_values_symbolizer,
		.build_cost = "The linker makes the machine code: the last step of every build.",
		.risks = "Backtraces are addresses without names. A debugger still finds the names "
			 "where the program has symbols.",
		.interacts = "Needs lto = \"fat\" (or true) and an lld of rustc's own LLVM as the "
			     "linker; left out, with a note, where there is none. The function is "
			     "named by this toolchain's symbol: another toolchain keeps the code "
			     "until apply is run again. A std that std.build = \"on\" compiles has "
			     "std.features for it.",
		.folklore = "It reads ELF and DWARF, inflates them and undoes the mangling of "
			    "names: half of a program that prints one line, a quarter of a small "
			    "one. panic = \"abort\", strip and link.unwind keep all of it, though "
			    "it finds nothing there any more.",
	},
	{
		.key = "link.pie",
		.kind = HONE_SETTING_LINK,
		.scope = HONE_SCOPE_FINAL,
		.type = HONE_TYPE_STRING,
		.group = LINK,
		.summary = "whether the program can be loaded at any address (-Crelocation-model)",
		.default_dev = "\"on\"",
		.default_release = "\"on\"",
		.range = "\"on\" or \"off\"",
		.values = hone_values_pie,
		.risks = "Without it the code's address is the same in every run (no ASLR for the "
			 "program itself); distributions refuse such programs.",
		.interacts = "With link.relr = \"on\" little is left to gain.",
	},
	{
		.key = "link.static",
		.kind = HONE_SETTING_LINK,
		.scope = HONE_SCOPE_FINAL,
		.hosted = true,
		.type = HONE_TYPE_STRING,
		.group = LINK,
		.summary = "whether the C library is linked into the program (+crt-static)",
		.unset_means = "\"off\" for gnu targets, \"on\" for musl targets",
		.range = "\"on\" or \"off\"",
		.values = hone_values_static,
		.risks = "A static glibc looks up users and host names by modules that it loads "
			 "at run time, of exactly its own version; dlopen is as fragile.",
		.folklore =
			"A static program is larger, by some 880 kB with glibc and 100 kB with "
			"musl, but starts faster, as nothing is loaded and relocated: one that "
			"prints a line takes 0.70 of the time with glibc and 0.38 with musl. The "
			"usual way to one is a musl target.",
	},
	{
		.key = "link.build-id",
		.kind = HONE_SETTING_LINK,
		.scope = HONE_SCOPE_FINAL,
		.type = HONE_TYPE_STRING,
		.group = LINK,
		.summary = "the note by which debug files and crash reports know a build",
		.unset_means = "what the C compiler asks for: \"sha1\" on most distributions",
		.range = "\"none\", \"sha1\", \"md5\", \"fast\" or \"uuid\"",
		.values = hone_values_build_id,
		.folklore = "Leaving it out saves about 100 bytes.",
	},
	{
		.key = "link.hash-style",
		.kind = HONE_SETTING_LINK,
		.scope = HONE_SCOPE_FINAL,
		.hosted = true,
		.type = HONE_TYPE_STRING,
		.group = LINK,
		.summary = "the table by which the loader finds dynamic symbols",
		.unset_means = "what the C compiler asks for: \"gnu\" on most distributions",
		.range = "\"gnu\", \"sysv\" or \"both\"",
		.values = hone_values_hash_style,
		.folklore = "\"gnu\" is what you have already.",
	},
	{
		.key = "link.relro",
		.kind = HONE_SETTING_LINK,
		.scope = HONE_SCOPE_FINAL,
		.hosted = true,
		.type = HONE_TYPE_STRING,
		.group = LINK,
		.summary = "makes the loader's tables read-only after start-up (-Crelro-level)",
		.default_dev = "\"full\"",
		.default_release = "\"full\"",
		.range = "\"full\", \"partial\" or \"off\"",
		.since = "1.79",
		.values = hone_values_relro,
		.risks = "Writable tables are what many exploits overwrite.",
		.folklore = "Turning it off saves a few hundred bytes.",
	},
	{
		.key = "link.separate-code",
		.kind = HONE_SETTING_LINK,
		.scope = HONE_SCOPE_FINAL,
		.hosted = true,
		.type = HONE_TYPE_STRING,
		.group = LINK,
		.summary = "whether code gets memory pages of its own",
		.unset_means = "\"off\" with lld, \"on\" with GNU ld on x86",
		.range = "\"on\" or \"off\"",
		.values = hone_values_separate_code,
		.risks = "Read-only data that lies in executable pages helps to build exploits.",
		.folklore = "With lld \"off\" is the default already.",
	},
	{
		.key = "std.build",
		.kind = HONE_SETTING_STD,
		.scope = HONE_SCOPE_CARGO,
		.type = HONE_TYPE_STRING,
		.group = STANDARD,
		.summary = "compiles std from its source, with the program's own settings",
		.default_dev = "\"off\"",
		.default_release = "\"off\"",
		.range = "\"on\" or \"off\"",
		.values = hone_values_std_build,
		.build_cost =
			"std and its two dozen crates are compiled, too: one to two minutes of "
			"one CPU.",
		.interacts =
			"Needs the source of std (rustup component add rust-src) and the crates "
			"that it uses, from crates.io or vendored. Cargo asks for --target, so "
			"the program lies in target/TRIPLE/release. train.* settings train it, "
			"too.",
		.folklore = "The prebuilt std is compiled for speed, with unwind tables and "
			    "messages for every panic, whatever the profile says: a fifth of a "
			    "small program.",
	},
	{
		.key = "std.features",
		.kind = HONE_SETTING_STD,
		.scope = HONE_SCOPE_CARGO,
		.type = HONE_TYPE_STRING,
		.group = STANDARD,
		.summary = "which optional parts of std are compiled",
		.unset_means = "cargo's choice: \"backtrace,panic-unwind\"",
		.range = "names of std's features, separated by commas, or \"none\"",
		.values = hone_values_std_features,
		.open = true,
		.build_cost = "std is compiled anew.",
		.risks = "optimize_for_size takes simpler algorithms for sorting, searching and "
			 "printing numbers: programs that do much of it become slower.",
		.interacts = "Only with std.build = \"on\". Without panic-unwind only with panic = "
			     "\"abort\" or \"immediate-abort\".",
	},
	{
		.key = "train.pgo",
		.kind = HONE_SETTING_TRAIN,
		.scope = HONE_SCOPE_TRAIN,
		.type = HONE_TYPE_STRING,
		.group = TRAINING,
		.summary = "profile-guided optimization: built twice, the second time knowing "
			   "what runs",
		.default_dev = "\"off\"",
		.default_release = "\"off\"",
		.range = "\"off\", \"on\" or \"cold-size\"",
		.values = hone_values_pgo,
		.build_cost = "A second, instrumented build of every crate, and the training runs.",
		.risks = "What the training did not do is compiled as if it never happened: it "
			 "can be slower than without a profile. Train with what users really do.",
		.interacts =
			"Needs an llvm-profdata that reads what rustc's LLVM writes, which is "
			"found out by trying: that of LLVM 19 reads 22's, that of 14 does not. "
			"Nothing that a coverage build (-C instrument-coverage) counted may be "
			"among it: LLVM's tools mix it in without a word, hone refuses. A program "
			"that exits by itself leaves the better profile: of services, and where "
			"nothing is "
			"left, counters are kept in a file while it runs, without the "
			"targets of indirect calls. The profile only fits a build "
			"with the same profile keys and --target. std is trained only where "
			"std.build = \"on\" compiles it.",
		.folklore = "A profile from other settings does nothing, and nothing says so: "
			    "hone counts the functions that it fits. Without --target build "
			    "scripts and proc macros are instrumented, too.",
	},
	{
		.key = "train.hot",
		.kind = HONE_SETTING_TRAIN,
		.scope = HONE_SCOPE_TRAIN,
		.type = HONE_TYPE_STRING,
		.group = TRAINING,
		.summary = "a level for every function: speed for the hot ones, size for the rest",
		.default_dev = "\"off\"",
		.default_release = "\"off\"",
		.range = "\"off\", or the percentage of all that was executed that hot functions "
			 "hold: above 0, at most 100",
		.values = hone_values_hot,
		.open = true,
		.min = 0,
		.max = 100,
		.build_cost =
			"A second, instrumented build of every crate, and the training runs; with "
			"train.pgo both once more, as levels change what is inlined before "
			"functions "
			"are counted.",
		.risks = "What the training did not do is compiled for size, so it is slower than "
			 "at opt-level 3; it stays faster than at \"z\".",
		.interacts = "Use it with opt-level 3: that is what hot functions get. Needs "
			     "llvm-profdata as train.pgo does. The prebuilt std keeps its own "
			     "level; one that std.build = \"on\" compiles does not. hone "
			     "looks whether functions of the finished program got their levels "
			     "and fails where they did not. `try --curve CANDIDATE` shows what "
			     "other shares cost and give.",
		.folklore = "A few dozen functions hold 99 % of most programs' work: their size "
			    "hardly counts.",
	},
	{
		.key = "post.strip",
		.kind = HONE_SETTING_POST,
		.scope = HONE_SCOPE_FILE,
		.type = HONE_TYPE_STRING,
		.group = AFTER,
		.summary = "what hone removes from the finished file",
		.default_dev = "\"none\"",
		.default_release = "\"none\"",
		.range = "\"none\", \"debuginfo\", \"symbols\" or \"all\"",
		.values = hone_values_post_strip,
		.risks = "With \"all\" no tool finds a section any more: not strip, not objdump, "
			 "not a debugger.",
		.interacts = "Done on the file that cargo made, by `cargo hone strip`: cargo "
			     "alone does not do it. The profile's strip is enough for all levels "
			     "but \"all\".",
	},
	{.key = NULL},
};
