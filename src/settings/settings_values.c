#include "settings_values.h"

/* Every list ends with a row whose toml is NULL. */

const struct hone_setting_value hone_values_opt_level[] = {
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

const struct hone_setting_value hone_values_lto[] = {
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

const struct hone_setting_value hone_values_codegen_units[] = {
	{.toml = "1",
		.effect = "the crate is optimized as a whole: usually smaller and faster code"},
	{.toml = "16", .effect = "what rustc does in a release build when the key is not written"},
	{.toml = "256",
		.effect = "what rustc does in an incremental build when the key is not written"},
	{0},
};

const struct hone_setting_value hone_values_panic[] = {
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

const struct hone_setting_value hone_values_strip[] = {
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

const struct hone_setting_value hone_values_debug[] = {
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

const struct hone_setting_value hone_values_split_debuginfo[] = {
	{.toml = "\"off\"",
		.effect = "debug information stays in the program: the default on Linux"},
	{.toml = "\"packed\"",
		.effect = "debug information goes to one file beside it (.dwp, .dSYM)"},
	{.toml = "\"unpacked\"",
		.effect =
			"debug information stays in the object files (.dwo): the default on macOS"},
	{0},
};

const struct hone_setting_value hone_values_debug_assertions[] = {
	{.toml = "false",
		.effect = "debug_assert! and cfg(debug_assertions) are compiled out",
		.labels = HONE_LABEL_BEHAVIOUR},
	{.toml = "true",
		.effect = "debug_assert! and std's own checks run, and cost time",
		.labels = HONE_LABEL_BEHAVIOUR},
	{0},
};

const struct hone_setting_value hone_values_overflow_checks[] = {
	{.toml = "false",
		.effect = "integer overflow wraps around",
		.labels = HONE_LABEL_BEHAVIOUR},
	{.toml = "true",
		.effect = "integer overflow panics; costs size and time",
		.labels = HONE_LABEL_BEHAVIOUR},
	{0},
};

const struct hone_setting_value hone_values_incremental[] = {
	{.toml = "false", .effect = "a changed crate is compiled anew: what a release build wants"},
	{.toml = "true", .effect = "a changed crate is compiled in parts, from 256 codegen units"},
	{0},
};

const struct hone_setting_value hone_values_rpath[] = {
	{.toml = "false", .effect = "no run path is written"},
	{.toml = "true",
		.effect = "folders of Rust dynamic libraries are written into the program"},
	{0},
};

const struct hone_setting_value hone_values_inherits[] = {
	{.toml = "\"release\"", .effect = "what is not written is as in [profile.release]"},
	{.toml = "\"dev\"", .effect = "what is not written is as in [profile.dev]"},
	{0},
};

const struct hone_setting_value hone_values_trim_paths[] = {
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

const struct hone_setting_value hone_values_codegen_backend[] = {
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

const struct hone_setting_value hone_values_hint_mostly_unused[] = {
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

const struct hone_setting_value hone_values_target_cpu[] = {
	{.toml = "\"native\"",
		.effect = "everything that the CPU of this machine can do: other machines may "
			  "refuse to run it",
		.labels = HONE_LABEL_CPU,
		.flags = "-Ctarget-cpu=%s"},
	{.toml = "\"x86-64-v2\"",
		.effect = "x86-64 CPUs since about 2009: SSE4.2, POPCNT",
		.labels = HONE_LABEL_CPU,
		.flags = "-Ctarget-cpu=%s"},
	{.toml = "\"x86-64-v3\"",
		.effect = "x86-64 CPUs since about 2015: AVX2, BMI, FMA",
		.labels = HONE_LABEL_CPU,
		.flags = "-Ctarget-cpu=%s"},
	{.toml = "\"x86-64-v4\"",
		.effect = "x86-64 CPUs with AVX-512",
		.labels = HONE_LABEL_CPU,
		.flags = "-Ctarget-cpu=%s"},
	{0},
};

const struct hone_setting_value hone_values_tune_cpu[] = {
	{.toml = "\"native\"",
		.effect = "instructions are chosen and ordered for this machine's CPU",
		.labels = HONE_LABEL_NIGHTLY,
		.flags = "-Ztune-cpu=%s"},
	{0},
};

const struct hone_setting_value hone_values_inline_threshold[] = {
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

const struct hone_setting_value hone_values_preinline_threshold[] = {
	{.toml = "15",
		.effect = "only what is smaller inlined: the profile decides about the rest",
		.flags = "-Cllvm-args=-preinline-threshold=%s"},
	{.toml = "75",
		.effect = "LLVM's own: fewer counters, and larger code",
		.flags = "-Cllvm-args=-preinline-threshold=%s"},
	{0},
};

const struct hone_setting_value hone_values_ext_tsp_size[] = {
	{.toml = "\"off\"",
		.effect = "blocks are laid out as the optimizer left them",
		.flags = "-Cllvm-args=-apply-ext-tsp-for-size=false"},
	{.toml = "\"on\"",
		.effect = "blocks are laid out for fewer and shorter jumps",
		.flags = "-Cllvm-args=-apply-ext-tsp-for-size=true"},
	{0},
};

const struct hone_setting_value hone_values_min_jump_table_entries[] = {
	{.toml = "4",
		.effect = "LLVM's default on x86-64",
		.flags = "-Cllvm-args=-min-jump-table-entries=%s"},
	{.toml = "16",
		.effect = "small matches become comparisons: a little smaller",
		.flags = "-Cllvm-args=-min-jump-table-entries=%s"},
	{0},
};

const struct hone_setting_value hone_values_compact[] = {
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

const struct hone_setting_value hone_values_minsize[] = {
	{.toml = "\"off\"", .effect = "every function as its own level says"},
	{.toml = "\"all\"",
		.effect =
			"the linker's LTO marks all functions for size and makes the code of them",
		.flags = "-Clinker-plugin-lto -Clink-arg=-Wl,-mllvm,-force-attribute=minsize "
			 "-Clink-arg=-Wl,-mllvm,-force-attribute=optsize"},
	{0},
};

const struct hone_setting_value hone_values_vectorize_loops[] = {
	{.toml = "\"on\"", .effect = "as the opt-level decides"},
	{.toml = "\"off\"",
		.effect = "no loop is vectorized: smaller, slower on numbers",
		.flags = "-Cno-vectorize-loops"},
	{0},
};

const struct hone_setting_value hone_values_vectorize_slp[] = {
	{.toml = "\"on\"", .effect = "as the opt-level decides"},
	{.toml = "\"off\"",
		.effect = "neighbouring scalar operations are not merged into vector ones",
		.flags = "-Cno-vectorize-slp"},
	{0},
};

const struct hone_setting_value hone_values_force_unwind_tables[] = {
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

const struct hone_setting_value hone_values_force_frame_pointers[] = {
	{.toml = "\"off\"",
		.effect = "the register is free for other uses",
		.flags = "-Cforce-frame-pointers=off"},
	{.toml = "\"on\"",
		.effect = "profilers can walk the stack cheaply; a little larger and slower",
		.flags = "-Cforce-frame-pointers=on"},
	{0},
};

const struct hone_setting_value hone_values_remap_path_prefix[] = {
	{.toml = "\"/home/me/.cargo/registry/src=/\"",
		.effect =
			"an example: what stands before the last = is replaced by what follows it",
		.labels = HONE_LABEL_DEBUG,
		.flags = "--remap-path-prefix=%s"},
	{0},
};

const struct hone_setting_value hone_values_prefer_dynamic[] = {
	{.toml = "\"off\"",
		.effect = "std is linked into the program",
		.flags = "-Cprefer-dynamic=off"},
	{.toml = "\"on\"",
		.effect = "the program loads exactly this toolchain's libstd-*.so",
		.labels = HONE_LABEL_LIBRARY,
		.flags = "-Cprefer-dynamic=on"},
	{0},
};

const struct hone_setting_value hone_values_location_detail[] = {
	{.toml = "\"none\"",
		.effect = "panic messages show <redacted> instead of file and line",
		.labels = HONE_LABEL_DEBUG | HONE_LABEL_NIGHTLY,
		.flags = "-Zlocation-detail=%s"},
	{.toml = "\"file\"",
		.effect = "panic messages name the file only",
		.labels = HONE_LABEL_DEBUG | HONE_LABEL_NIGHTLY,
		.flags = "-Zlocation-detail=%s"},
	{.toml = "\"line\"",
		.effect = "panic messages name the line only",
		.labels = HONE_LABEL_DEBUG | HONE_LABEL_NIGHTLY,
		.flags = "-Zlocation-detail=%s"},
	{0},
};

const struct hone_setting_value hone_values_fmt_debug[] = {
	{.toml = "\"full\"",
		.effect = "{:?} prints what derive(Debug) says",
		.labels = HONE_LABEL_NIGHTLY,
		.flags = "-Zfmt-debug=%s"},
	{.toml = "\"shallow\"",
		.effect = "{:?} prints the name of the type or variant, no fields",
		.labels = HONE_LABEL_BEHAVIOUR | HONE_LABEL_NIGHTLY,
		.flags = "-Zfmt-debug=%s"},
	{.toml = "\"none\"",
		.effect = "{:?} prints nothing, error messages made with it are blank",
		.labels = HONE_LABEL_BEHAVIOUR | HONE_LABEL_NIGHTLY,
		.flags = "-Zfmt-debug=%s"},
	{0},
};

const struct hone_setting_value hone_values_share_generics[] = {
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

const struct hone_setting_value hone_values_virtual_function_elimination[] = {
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

const struct hone_setting_value hone_values_icf[] = {
	{.toml = "\"none\"", .effect = "every function keeps its own code"},
	{.toml = "\"safe\"",
		.effect = "only functions whose address nobody takes are merged",
		.flags = "-Clink-arg=-Wl,--icf=safe"},
	{.toml = "\"all\"",
		.effect = "all functions with equal code become one",
		.labels = HONE_LABEL_ADDRESS,
		.flags = "-Clink-arg=-Wl,--icf=all"},
	{0},
};

const struct hone_setting_value hone_values_relr[] = {
	{.toml = "\"off\"",
		.effect = "24 bytes for each relative relocation",
		.flags = "-Clink-arg=-Wl,-z,nopack-relative-relocs"},
	{.toml = "\"on\"",
		.effect = "relative relocations are packed to a few bits each",
		.labels = HONE_LABEL_GLIBC,
		.flags = "-Clink-arg=-Wl,-z,pack-relative-relocs"},
	{0},
};

const struct hone_setting_value hone_values_unwind[] = {
	{.toml = "\"keep\"", .effect = "backtraces and foreign exceptions find their way"},
	{.toml = "\"discard\"",
		.effect = "a linker script drops the tables of the whole program, std included",
		.labels = HONE_LABEL_BACKTRACE,
		.flags = "-Clink-arg=-T -Clink-arg=.cargo/hone/discard-unwind.ld "
			 "-Clink-arg=-Wl,--no-eh-frame-hdr",
		.needs_abort = true},
	{0},
};

const struct hone_setting_value hone_values_pie[] = {
	{.toml = "\"on\"",
		.effect = "position independent: loaded at a random address",
		.flags = "-Crelocation-model=pic"},
	{.toml = "\"off\"",
		.effect = "linked for one fixed address, without most relocations",
		.labels = HONE_LABEL_HARDENING,
		.flags = "-Crelocation-model=static"},
	{0},
};

const struct hone_setting_value hone_values_static[] = {
	{.toml = "\"off\"",
		.effect = "the C library is loaded at run time",
		.flags = "-Ctarget-feature=-crt-static"},
	{.toml = "\"on\"",
		.effect = "the C library is linked into the program",
		.labels = HONE_LABEL_BEHAVIOUR,
		.flags = "-Ctarget-feature=+crt-static"},
	{0},
};

const struct hone_setting_value hone_values_linker[] = {
	{.toml = "\"lld\"",
		.effect = "LLVM's linker: rustc's own copy where it has one",
		.flags = "-Clink-arg=-fuse-ld=lld"},
	{.toml = "\"gnu\"", .effect = "GNU ld (ld.bfd)", .flags = "-Clink-arg=-fuse-ld=bfd"},
	{.toml = "\"mold\"",
		.effect = "mold: the fastest link",
		.flags = "-Clink-arg=-fuse-ld=mold"},
	{.toml = "\"gold\"",
		.effect = "gold, which GNU has given up",
		.flags = "-Clink-arg=-fuse-ld=gold"},
	{0},
};

const struct hone_setting_value hone_values_build_id[] = {
	{.toml = "\"none\"",
		.effect = "no identity: separate debug files can no longer be found by it",
		.labels = HONE_LABEL_DEBUG,
		.flags = "-Clink-arg=-Wl,--build-id=none"},
	{.toml = "\"sha1\"",
		.effect = "20 bytes computed from the content",
		.flags = "-Clink-arg=-Wl,--build-id=sha1"},
	{.toml = "\"md5\"",
		.effect = "16 bytes computed from the content",
		.flags = "-Clink-arg=-Wl,--build-id=md5"},
	{.toml = "\"fast\"",
		.effect = "8 bytes computed from the content, lld only",
		.flags = "-Clink-arg=-Wl,--build-id=fast"},
	{.toml = "\"uuid\"",
		.effect = "16 random bytes: no two builds are equal",
		.flags = "-Clink-arg=-Wl,--build-id=uuid"},
	{0},
};

const struct hone_setting_value hone_values_hash_style[] = {
	{.toml = "\"gnu\"",
		.effect = "the table that every Linux of today reads",
		.flags = "-Clink-arg=-Wl,--hash-style=gnu"},
	{.toml = "\"sysv\"",
		.effect = "the old table: larger, slower to look up",
		.flags = "-Clink-arg=-Wl,--hash-style=sysv"},
	{.toml = "\"both\"", .effect = "both tables", .flags = "-Clink-arg=-Wl,--hash-style=both"},
	{0},
};

const struct hone_setting_value hone_values_relro[] = {
	{.toml = "\"full\"",
		.effect = "all of it is read-only once the program runs",
		.flags = "-Crelro-level=full"},
	{.toml = "\"partial\"",
		.effect = "functions of libraries are found at their first call",
		.labels = HONE_LABEL_HARDENING,
		.flags = "-Crelro-level=partial"},
	{.toml = "\"off\"",
		.effect = "the tables stay writable",
		.labels = HONE_LABEL_HARDENING,
		.flags = "-Crelro-level=off"},
	{0},
};

const struct hone_setting_value hone_values_separate_code[] = {
	{.toml = "\"on\"",
		.effect = "code has pages of its own, padding between",
		.flags = "-Clink-arg=-Wl,-z,separate-code"},
	{.toml = "\"off\"",
		.effect = "code may share pages with read-only data",
		.labels = HONE_LABEL_HARDENING,
		.flags = "-Clink-arg=-Wl,-z,noseparate-code"},
	{0},
};

const struct hone_setting_value hone_values_std_build[] = {
	{.toml = "\"off\"", .effect = "the std that came with the compiler"},
	{.toml = "\"on\"",
		.effect = "std is compiled as the program is: its level, its panics, its flags",
		.labels = HONE_LABEL_NIGHTLY,
		.flags = "-Zbuild-std=std,panic_abort"},
	{0},
};

const struct hone_setting_value hone_values_std_features[] = {
	{.toml = "\"optimize_for_size\"",
		.effect = "smaller algorithms, and no code that prints backtraces",
		.labels = HONE_LABEL_BACKTRACE | HONE_LABEL_NIGHTLY,
		.flags = "-Zbuild-std-features=%s",
		.needs_abort = true},
	{.toml = "\"none\"",
		.effect = "the usual algorithms, and no code that prints backtraces",
		.labels = HONE_LABEL_BACKTRACE | HONE_LABEL_NIGHTLY,
		.flags = "-Zbuild-std-features=",
		.needs_abort = true},
	{.toml = "\"backtrace,optimize_for_size\"",
		.effect = "smaller algorithms; backtraces can be printed",
		.labels = HONE_LABEL_NIGHTLY,
		.flags = "-Zbuild-std-features=%s",
		.needs_abort = true},
	{.toml = "\"backtrace,panic-unwind\"",
		.effect = "what cargo takes by itself",
		.labels = HONE_LABEL_NIGHTLY,
		.flags = "-Zbuild-std-features=%s"},
	{.toml = "\"backtrace,optimize_for_size,panic-unwind\"",
		.effect = "smaller algorithms, all else as cargo has it",
		.labels = HONE_LABEL_NIGHTLY,
		.flags = "-Zbuild-std-features=%s"},
	{0},
};

/* The rest of the flags is put in by the planner (plan_train.c), which knows the profile. */
const struct hone_setting_value hone_values_pgo[] = {
	{.toml = "\"off\"", .effect = "the compiler guesses what is hot"},
	{.toml = "\"on\"",
		.effect = "the compiler knows from the profile what is hot, and how often"},
	{.toml = "\"cold-size\"",
		.effect = "the same, and what the profile calls cold is compiled for size",
		.flags = "-Cllvm-args=-pgso-lwss-only=false "
			 "-Cllvm-args=-pgso-cold-code-only-for-instr-pgo=false "
			 "-Cllvm-args=-pgso-cutoff-instr-prof=990000 "
			 "-Cllvm-args=-inline-threshold=5 -Cllvm-args=-inlinehint-threshold=5"},
	{0},
};

const struct hone_setting_value hone_values_hot[] = {
	{.toml = "\"99\"",
		.effect =
			"functions that hold 99 % of what was executed are compiled for speed, all "
			"others for size"},
	{.toml = "\"99.9\"", .effect = "more functions for speed"},
	{.toml = "\"90\"", .effect = "fewer functions for speed"},
	{.toml = "\"off\"", .effect = "opt-level holds for all functions"},
	{0},
};

const struct hone_setting_value hone_values_symbolizer[] = {
	{.toml = "\"keep\"", .effect = "backtraces name functions, where the program has symbols"},
	{.toml = "\"drop\"",
		.effect = "the linker's LTO removes what only names the addresses of a backtrace",
		.labels = HONE_LABEL_BACKTRACE,
		.flags = "-Clinker-plugin-lto"},
	{0},
};

const struct hone_setting_value hone_values_post_strip[] = {
	{.toml = "\"none\"", .effect = "the file is left as it was linked"},
	{.toml = "\"debuginfo\"", .effect = "debug information is removed"},
	{.toml = "\"symbols\"", .effect = "the symbol table, too", .labels = HONE_LABEL_DEBUG},
	{.toml = "\"all\"",
		.effect = "everything that the loader does not need, the section headers included",
		.labels = HONE_LABEL_DEBUG},
	{0},
};
