/* rustc.*: flags of the compiler. Facts alone, a row a setting, and however
 * long not cut: who looks for a setting finds all of it here. Rows stand in the order of enum hone_setting_id; lists of values end with
 * one whose toml is NULL. */
#include "settings_rows.h"

static const struct hone_setting_value values_target_cpu[] = {
	{.toml = "\"native\"",
		.effect = "everything that the CPU of this machine can do: other machines may "
			  "refuse to run it",
		.labels = HONE_LABEL_CPU,
		.parts = 7,
		.flags = "-Ctarget-cpu=%s"},
	{.toml = "\"x86-64-v2\"",
		.effect = "x86-64 CPUs since about 2009: SSE4.2, POPCNT",
		.labels = HONE_LABEL_CPU,
		.parts = 1,
		.flags = "-Ctarget-cpu=%s"},
	{.toml = "\"x86-64-v3\"",
		.effect = "x86-64 CPUs since about 2015: AVX2, BMI, FMA",
		.labels = HONE_LABEL_CPU,
		.parts = 3,
		.flags = "-Ctarget-cpu=%s"},
	{.toml = "\"x86-64-v4\"",
		.effect = "x86-64 CPUs with AVX-512",
		.labels = HONE_LABEL_CPU,
		.parts = 7,
		.flags = "-Ctarget-cpu=%s"},
	{0},
};

static const struct hone_setting_value values_inline_threshold[] = {
	{.toml = "5",
		.effect = "only tiny functions: LLVM's own for \"z\"",
		.flags = "-Cllvm-args=-inline-threshold=%s"},
	{.toml = "50",
		.effect = "LLVM's own for \"s\"",
		.flags = "-Cllvm-args=-inline-threshold=%s"},
	{.toml = "225",
		.effect = "LLVM's own for 1 and 2",
		.flags = "-Cllvm-args=-inline-threshold=%s"},
	{.toml = "250", .effect = "LLVM's own for 3", .flags = "-Cllvm-args=-inline-threshold=%s"},
	{0},
};

static const struct hone_setting_value values_preinline_threshold[] = {
	{.toml = "15",
		.effect = "only what is smaller inlined: the profile decides about the rest",
		.flags = "-Cllvm-args=-preinline-threshold=%s"},
	{.toml = "75",
		.effect = "LLVM's own: fewer counters, and larger code",
		.flags = "-Cllvm-args=-preinline-threshold=%s"},
	{0},
};

static const struct hone_setting_value values_ext_tsp_size[] = {
	{.toml = "\"off\"",
		.effect = "blocks are laid out as the optimizer left them",
		.flags = "-Cllvm-args=-apply-ext-tsp-for-size=false"},
	{.toml = "\"on\"",
		.effect = "blocks are laid out for fewer and shorter jumps",
		.flags = "-Cllvm-args=-apply-ext-tsp-for-size=true"},
	{0},
};

static const struct hone_setting_value values_min_jump_table_entries[] = {
	{.toml = "4",
		.effect = "LLVM's default on x86-64",
		.flags = "-Cllvm-args=-min-jump-table-entries=%s"},
	{.toml = "16",
		.effect = "small matches become comparisons: a little smaller",
		.flags = "-Cllvm-args=-min-jump-table-entries=%s"},
	{0},
};

static const struct hone_setting_value values_compact[] = {
	{.toml = "\"off\"", .effect = "as the opt-level of every function decides"},
	{.toml = "\"on\"",
		.effect = "smaller, and slower where code is compiled for speed",
		.flags = "-Cllvm-args=-max-bytes-for-alignment=1 "
			 "-Cllvm-args=-align-all-functions=1 -Cllvm-args=-disable-lsr "
			 "-Cllvm-args=-switch-to-lookup=0 -Cllvm-args=-enable-load-pre=0 "
			 "-Cllvm-args=-tail-dup-placement=0 -Cllvm-args=-inline-call-penalty=50 "
			 "-Cllvm-args=-split-spill-mode=size "
			 "-Cllvm-args=-disable-machine-licm -Cllvm-args=-disable-constant-hoisting "
			 "-Cllvm-args=-tail-merge-size=2 -Cllvm-args=-machine-sink-split=0"},
	{0},
};

static const struct hone_setting_value values_vectorize_loops[] = {
	{.toml = "\"on\"", .effect = "as the opt-level decides"},
	{.toml = "\"off\"",
		.effect = "no loop is vectorized: smaller, slower on numbers",
		.flags = "-Cno-vectorize-loops"},
	{0},
};

static const struct hone_setting_value values_vectorize_slp[] = {
	{.toml = "\"on\"", .effect = "as the opt-level decides"},
	{.toml = "\"off\"",
		.effect = "neighbouring scalar operations are not merged into vector ones",
		.flags = "-Cno-vectorize-slp"},
	{0},
};

static const struct hone_setting_value values_force_unwind_tables[] = {
	{.toml = "\"on\"",
		.effect = "every function has an unwind table",
		.flags = "-Cforce-unwind-tables=on"},
	{.toml = "\"off\"",
		.effect = "functions compiled now have none: backtraces end at them",
		.labels = HONE_LABEL_BACKTRACE,
		.flags = "-Cforce-unwind-tables=off",
		.needs_abort = true},
	{0},
};

static const struct hone_setting_value values_force_frame_pointers[] = {
	{.toml = "\"off\"",
		.effect = "the register is free for other uses",
		.flags = "-Cforce-frame-pointers=off"},
	{.toml = "\"on\"",
		.effect = "profilers can walk the stack cheaply; a little larger and slower",
		.flags = "-Cforce-frame-pointers=on"},
	{0},
};

static const struct hone_setting_value values_remap_path_prefix[] = {
	{.toml = "\"/home/me/.cargo/registry/src=/\"",
		.effect =
			"an example: what stands before the last = is replaced by what follows it",
		.labels = HONE_LABEL_DEBUG,
		.flags = "--remap-path-prefix=%s"},
	{0},
};

static const struct hone_setting_value values_prefer_dynamic[] = {
	{.toml = "\"off\"",
		.effect = "std is linked into the program",
		.flags = "-Cprefer-dynamic=off"},
	{.toml = "\"on\"",
		.effect = "the program loads exactly this toolchain's libstd-*.so",
		.labels = HONE_LABEL_LIBRARY,
		.flags = "-Cprefer-dynamic=on"},
	{0},
};

static const struct hone_setting_value values_tune_cpu[] = {
	{.toml = "\"native\"",
		.effect = "instructions are chosen and ordered for this machine's CPU",
		.labels = HONE_LABEL_NIGHTLY,
		.flags = "-Ztune-cpu=%s"},
	{0},
};

static const struct hone_setting_value values_location_detail[] = {
	{.toml = "\"none\"",
		.effect = "panic messages show <redacted> instead of file and line",
		.labels = HONE_LABEL_DEBUG | HONE_LABEL_NIGHTLY,
		.parts = 3,
		.flags = "-Zlocation-detail=%s"},
	{.toml = "\"file\"",
		.effect = "panic messages name the file only",
		.labels = HONE_LABEL_DEBUG | HONE_LABEL_NIGHTLY,
		.parts = 1,
		.flags = "-Zlocation-detail=%s"},
	{.toml = "\"line\"",
		.effect = "panic messages name the line only",
		.labels = HONE_LABEL_DEBUG | HONE_LABEL_NIGHTLY,
		.parts = 2,
		.flags = "-Zlocation-detail=%s"},
	{0},
};

static const struct hone_setting_value values_fmt_debug[] = {
	{.toml = "\"full\"",
		.effect = "{:?} prints what derive(Debug) says",
		.labels = HONE_LABEL_NIGHTLY,
		.flags = "-Zfmt-debug=%s"},
	{.toml = "\"shallow\"",
		.effect = "{:?} prints the name of the type or variant, no fields",
		.labels = HONE_LABEL_BEHAVIOUR | HONE_LABEL_NIGHTLY,
		.parts = 1,
		.flags = "-Zfmt-debug=%s"},
	{.toml = "\"none\"",
		.effect = "{:?} prints nothing, error messages made with it are blank",
		.labels = HONE_LABEL_BEHAVIOUR | HONE_LABEL_NIGHTLY,
		.parts = 3,
		.flags = "-Zfmt-debug=%s"},
	{0},
};

static const struct hone_setting_value values_share_generics[] = {
	{.toml = "\"on\"",
		.effect = "a crate uses the copies of generic functions that others have",
		.labels = HONE_LABEL_NIGHTLY,
		.flags = "-Zshare-generics=on"},
	{.toml = "\"off\"",
		.effect = "every crate has its own copies, but of #[inline(never)] functions",
		.labels = HONE_LABEL_NIGHTLY,
		.flags = "-Zshare-generics=off"},
	{0},
};

static const struct hone_setting_value values_virtual_function_elimination[] = {
	{.toml = "\"off\"",
		.effect = "every method of a used vtable is kept",
		.labels = HONE_LABEL_NIGHTLY,
		.flags = "-Zvirtual-function-elimination=off"},
	{.toml = "\"on\"",
		.effect = "methods that no call can reach leave the vtables",
		.labels = HONE_LABEL_BEHAVIOUR | HONE_LABEL_NIGHTLY,
		.flags = "-Zvirtual-function-elimination=on"},
	{0},
};

const struct hone_setting hone_settings_rustc[] = {
	{
		.id = HONE_SET_RUSTC_TARGET_CPU,
		.key = "rustc.target-cpu",
		.kind = HONE_SETTING_RUSTC,
		.scope = HONE_SCOPE_GRAPH,
		.type = HONE_TYPE_STRING,
		.group = SIZE_AND_SPEED,
		.summary = "the oldest CPU that has to run the program",
		.unset_means = "the baseline of the target: \"x86-64\" runs on every 64-bit PC",
		.range = "a name that `rustc --print target-cpus` lists",
		.values = values_target_cpu,
		.open = true,
		.build_cost = "Every crate is compiled anew.",
		.risks = "On a CPU that lacks an instruction the program dies with SIGILL.",
		.interacts = "Goes to every crate by rustflags, since Cargo's profiles have no "
			     "key for it. std stays compiled for the baseline.",
		.folklore =
			"\"native\" is not faster by itself and not reproducible: committed to a "
			"shared file, every machine builds another program. Fat LTO with "
			"x86-64-v3 has also been much slower. Programs that read, allocate and "
			"print do not gain: v2 and v3 take 0.96 to 1.04 of preset fast's CPU time "
			"in xsv, jaq and StyLua, none of it told from 1. Measure it where loops "
			"compute.",
	},
	{
		.id = HONE_SET_RUSTC_INLINE_THRESHOLD,
		.key = "rustc.inline-threshold",
		.kind = HONE_SETTING_RUSTC,
		.scope = HONE_SCOPE_FINAL,
		.type = HONE_TYPE_INTEGER,
		.group = SIZE_AND_SPEED,
		.summary = "how large a function may be to be inlined",
		.unset_means = "LLVM's own: 250 for opt-level 3, 225 for 1 and 2, 50 for \"s\", 5 "
			       "for \"z\"",
		.range = "0 to 1000000, in LLVM's units of cost",
		.values = values_inline_threshold,
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
		.id = HONE_SET_RUSTC_PREINLINE_THRESHOLD,
		.key = "rustc.preinline-threshold",
		.kind = HONE_SETTING_RUSTC,
		.scope = HONE_SCOPE_GRAPH,
		.type = HONE_TYPE_INTEGER,
		.group = SIZE_AND_SPEED,
		.summary = "how large a function may be to be inlined before a profile is used",
		.unset_means = "LLVM's own: 75, whatever the level of the function that it goes "
			       "into",
		.range = "0 to 1000000, in LLVM's units of cost",
		.values = values_preinline_threshold,
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
		.id = HONE_SET_RUSTC_EXT_TSP_SIZE,
		.key = "rustc.ext-tsp-size",
		.kind = HONE_SETTING_RUSTC,
		.scope = HONE_SCOPE_FINAL,
		.type = HONE_TYPE_STRING,
		.group = SIZE_AND_SPEED,
		.summary = "lays out the blocks of functions compiled for size to need fewer jumps",
		.default_dev = "\"off\"",
		.default_release = "\"off\"",
		.range = "\"on\" or \"off\"",
		.values = values_ext_tsp_size,
		.interacts = "Does something only for opt-level \"s\" and \"z\". An option of "
			     "LLVM (-Cllvm-args): it can vanish with the next compiler. Without "
			     "fat LTO only the final crate is affected.",
	},
	{
		.id = HONE_SET_RUSTC_MIN_JUMP_TABLE_ENTRIES,
		.key = "rustc.min-jump-table-entries",
		.kind = HONE_SETTING_RUSTC,
		.scope = HONE_SCOPE_FINAL,
		.type = HONE_TYPE_INTEGER,
		.group = SIZE_AND_SPEED,
		.summary = "how many cases a match needs to become a jump table",
		.unset_means = "LLVM's own for the target: 4 on x86-64",
		.range = "0 to 1000000",
		.values = values_min_jump_table_entries,
		.open = true,
		.min = 0,
		.max = 1000000,
		.interacts = "An option of LLVM (-Cllvm-args): it can vanish with the next "
			     "compiler. Without fat LTO only the final crate is affected.",
	},
	{
		.id = HONE_SET_RUSTC_COMPACT,
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
		.values = values_compact,
		.risks = "What is compiled for speed becomes slower by it.",
		.interacts = "Options of LLVM (-Cllvm-args): they can vanish with the next "
			     "compiler. Without fat LTO only the final crate is affected.",
		.folklore = "opt-level \"z\" reaches the program's own crates alone: the prebuilt "
			    "std was marked for speed when it was compiled, and stays so under "
			    "fat LTO. These options reach it: 3 % of hexyl.",
	},
	{
		.id = HONE_SET_RUSTC_VECTORIZE_LOOPS,
		.key = "rustc.vectorize-loops",
		.kind = HONE_SETTING_RUSTC,
		.scope = HONE_SCOPE_FINAL,
		.type = HONE_TYPE_STRING,
		.group = SIZE_AND_SPEED,
		.summary = "whether loops become vector instructions",
		.default_dev = "\"on\"",
		.default_release = "\"on\"",
		.range = "\"on\" or \"off\"",
		.values = values_vectorize_loops,
		.interacts = "\"on\" means that opt-level decides: 2, 3 and \"s\" vectorize, 0, 1 "
			     "and \"z\" do not. Without fat LTO only the final crate is affected.",
	},
	{
		.id = HONE_SET_RUSTC_VECTORIZE_SLP,
		.key = "rustc.vectorize-slp",
		.kind = HONE_SETTING_RUSTC,
		.scope = HONE_SCOPE_FINAL,
		.type = HONE_TYPE_STRING,
		.group = SIZE_AND_SPEED,
		.summary = "whether neighbouring scalar operations become vector instructions",
		.default_dev = "\"on\"",
		.default_release = "\"on\"",
		.range = "\"on\" or \"off\"",
		.values = values_vectorize_slp,
		.interacts = "\"on\" means that opt-level decides. Without fat LTO only the final "
			     "crate is affected.",
	},
	{
		.id = HONE_SET_RUSTC_FORCE_UNWIND_TABLES,
		.key = "rustc.force-unwind-tables",
		.kind = HONE_SETTING_RUSTC,
		.scope = HONE_SCOPE_GRAPH,
		.native = true,
		.type = HONE_TYPE_STRING,
		.group = SIZE_AND_SPEED,
		.summary = "whether functions have the tables that backtraces and unwinding need",
		.unset_means = "\"on\" on Linux, since 1.92 for panic = \"abort\", too",
		.range = "\"on\" or \"off\"",
		.values = values_force_unwind_tables,
		.build_cost = "Every crate is compiled anew.",
		.risks = "Backtraces end at functions without a table.",
		.interacts = "\"off\" only with panic = \"abort\".",
		.folklore = "With fat LTO it changes nothing: the prebuilt std asks for the "
			    "tables of the whole program. link.unwind and a std built from source "
			    "really remove them.",
	},
	{
		.id = HONE_SET_RUSTC_FORCE_FRAME_POINTERS,
		.key = "rustc.force-frame-pointers",
		.kind = HONE_SETTING_RUSTC,
		.scope = HONE_SCOPE_GRAPH,
		.native = true,
		.type = HONE_TYPE_STRING,
		.group = DEBUGGING,
		.summary = "whether functions keep a frame pointer",
		.default_dev = "\"off\"",
		.default_release = "\"off\"",
		.range = "\"on\" or \"off\"",
		.values = values_force_frame_pointers,
		.build_cost = "Every crate is compiled anew.",
		.interacts = "\"off\" cannot take away what the target's specification asks for: "
			     "32-bit Arm without an operating system keeps them.",
	},
	{
		.id = HONE_SET_RUSTC_REMAP_PATH_PREFIX,
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
		.values = values_remap_path_prefix,
		.open = true,
		.build_cost = "Every crate is compiled anew.",
		.risks = "Panic messages and debuggers name files by the new path, which may not "
			 "exist.",
		.interacts = "FROM is a path of this machine: another machine needs another value.",
	},
	{
		.id = HONE_SET_RUSTC_PREFER_DYNAMIC,
		.key = "rustc.prefer-dynamic",
		.kind = HONE_SETTING_RUSTC,
		.scope = HONE_SCOPE_FINAL,
		.native = true,
		.type = HONE_TYPE_STRING,
		.group = BUILD,
		.summary = "whether std is a library that the program loads",
		.default_dev = "\"off\"",
		.default_release = "\"off\"",
		.range = "\"on\" or \"off\"",
		.values = values_prefer_dynamic,
		.risks = "The program runs only where exactly this toolchain's libstd-*.so is "
			 "found.",
		.interacts = "rustc refuses it together with fat or thin LTO, and with panic = "
			     "\"abort\".",
	},
	{
		.id = HONE_SET_RUSTC_TUNE_CPU,
		.key = "rustc.tune-cpu",
		.kind = HONE_SETTING_RUSTC,
		.scope = HONE_SCOPE_GRAPH,
		.native = true,
		.type = HONE_TYPE_STRING,
		.group = NIGHTLY,
		.summary = "the CPU that instructions are scheduled for; runs everywhere",
		.unset_means = "the CPU of rustc.target-cpu",
		.range = "a name that `rustc --print target-cpus` lists",
		.nightly = true,
		.values = values_tune_cpu,
		.open = true,
		.build_cost = "Every crate is compiled anew.",
	},
	{
		.id = HONE_SET_RUSTC_LOCATION_DETAIL,
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
		.values = values_location_detail,
		.open = true,
		.build_cost = "Every crate is compiled anew.",
		.interacts = "Messages of the prebuilt std keep their places; std.build = \"on\" "
			     "takes them, too.",
	},
	{
		.id = HONE_SET_RUSTC_FMT_DEBUG,
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
		.values = values_fmt_debug,
		.build_cost = "Every crate is compiled anew.",
		.risks = "Programs print {:?} to their users more often than one thinks: error "
			 "messages go blank.",
	},
	{
		.id = HONE_SET_RUSTC_SHARE_GENERICS,
		.key = "rustc.share-generics",
		.kind = HONE_SETTING_RUSTC,
		.scope = HONE_SCOPE_GRAPH,
		.type = HONE_TYPE_STRING,
		.group = NIGHTLY,
		.summary = "whether crates share the copies of generic functions",
		.unset_means = "\"on\" for opt-level 0, 1, \"s\" and \"z\", \"off\" for 2 and 3",
		.range = "\"on\" or \"off\"",
		.nightly = true,
		.values = values_share_generics,
		.build_cost = "Every crate is compiled anew.",
		.interacts = "Functions that are marked #[inline(never)] are shared at every "
			     "opt-level, whatever is said here.",
	},
	{
		.id = HONE_SET_RUSTC_VIRTUAL_FUNCTION_ELIMINATION,
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
		.values = values_virtual_function_elimination,
		.risks = "Drops methods that are still called: with rustc 1.95 to 1.99 a "
			 "program that prints a line dies with SIGILL.",
		.interacts = "Needs fat LTO.",
	},
};
