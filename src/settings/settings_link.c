/* link.*: flags of the linker, given to the final crate. Facts alone, a row a setting, and however
 * long not cut: who looks for a setting finds all of it here. Rows stand in the order of enum hone_setting_id; lists of values end with
 * one whose toml is NULL. */
#include "settings_rows.h"

static const struct hone_setting_value values_linker[] = {
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

static const struct hone_setting_value values_icf[] = {
	{.toml = "\"none\"", .effect = "every function keeps its own code"},
	{.toml = "\"safe\"",
		.effect = "only functions whose address nobody takes are merged",
		.flags = "-Clink-arg=-Wl,--icf=safe",
		.lacks = {[HONE_LINKER_GNU] = "which cannot merge functions"},
		.else_lld = true},
	{.toml = "\"all\"",
		.effect = "all functions with equal code become one",
		.labels = HONE_LABEL_ADDRESS,
		.flags = "-Clink-arg=-Wl,--icf=all",
		.lacks = {[HONE_LINKER_GNU] = "which cannot merge functions"},
		.else_lld = true},
	{0},
};

static const struct hone_setting_value values_relr[] = {
	{.toml = "\"off\"",
		.effect = "24 bytes for each relative relocation",
		.flags = "-Clink-arg=-Wl,-z,nopack-relative-relocs",
		.lacks = {[HONE_LINKER_GOLD] = "which cannot pack relocations"}},
	{.toml = "\"on\"",
		.effect = "relative relocations are packed to a few bits each",
		.labels = HONE_LABEL_GLIBC,
		.flags = "-Clink-arg=-Wl,-z,pack-relative-relocs",
		.lacks = {[HONE_LINKER_GOLD] = "which cannot pack relocations"}},
	{0},
};

static const struct hone_setting_value values_unwind[] = {
	{.toml = "\"keep\"", .effect = "backtraces and foreign exceptions find their way"},
	{.toml = "\"discard\"",
		.effect = "a linker script drops the tables of the whole program, std included",
		.labels = HONE_LABEL_BACKTRACE,
		.flags = "-Clink-arg=-T -Clink-arg=.cargo/hone/drop-unwind.ld "
			 "-Clink-arg=-Wl,--no-eh-frame-hdr",
		.needs_abort = true,
		.lacks = {[HONE_LINKER_MOLD] =
				  "which does not read the linker script that it takes",
			[HONE_LINKER_GOLD] =
				"which does not read the linker script that it takes"}},
	{0},
};

static const struct hone_setting_value values_minsize[] = {
	{.toml = "\"off\"", .effect = "every function as its own level says"},
	{.toml = "\"all\"",
		.effect =
			"the linker's LTO marks all functions for size and makes the code of them",
		.flags = "-Clinker-plugin-lto -Clink-arg=-Wl,-mllvm,-force-attribute=minsize "
			 "-Clink-arg=-Wl,-mllvm,-force-attribute=optsize"},
	{0},
};

static const struct hone_setting_value values_outliner[] = {
	{.toml = "\"off\"", .effect = "every function has all of its own instructions"},
	{.toml = "\"on\"",
		.effect = "the linker's LTO moves equal runs of instructions into functions of "
			  "their own",
		.flags = "-Clinker-plugin-lto "
			 "-Clink-arg=-Wl,-mllvm,-enable-machine-outliner=always"},
	{0},
};

static const struct hone_setting_value values_symbolizer[] = {
	{.toml = "\"keep\"", .effect = "backtraces name functions, where the program has symbols"},
	{.toml = "\"drop\"",
		.effect = "the linker's LTO removes what only names the addresses of a backtrace",
		.labels = HONE_LABEL_BACKTRACE,
		.flags = "-Clinker-plugin-lto"},
	{0},
};

static const struct hone_setting_value values_pie[] = {
	{.toml = "\"on\"",
		.effect = "position independent: loaded at a random address",
		.flags = "-Crelocation-model=pic"},
	{.toml = "\"off\"",
		.effect = "linked for one fixed address, without most relocations",
		.labels = HONE_LABEL_HARDENING,
		.flags = "-Crelocation-model=static"},
	{0},
};

static const struct hone_setting_value values_static[] = {
	{.toml = "\"off\"",
		.effect = "the C library is loaded at run time",
		.flags = "-Ctarget-feature=-crt-static"},
	{.toml = "\"on\"",
		.effect = "the C library is linked into the program",
		.labels = HONE_LABEL_STATIC,
		.flags = "-Ctarget-feature=+crt-static"},
	{0},
};

/* The rest of malloc's family that glibc has, too: a library that is loaded at run time must not get its memory from the
 * one and give it back to the other, so it has to find these in the program. */
#define EXPORT_FAMILY                                                                              \
	" -Clink-arg=-Wl,--export-dynamic-symbol=aligned_alloc,"                                   \
	"--export-dynamic-symbol=calloc,--export-dynamic-symbol=free,"                             \
	"--export-dynamic-symbol=malloc,--export-dynamic-symbol=malloc_usable_size,"               \
	"--export-dynamic-symbol=memalign,--export-dynamic-symbol=posix_memalign,"                 \
	"--export-dynamic-symbol=pvalloc,--export-dynamic-symbol=realloc,"                         \
	"--export-dynamic-symbol=reallocarray,--export-dynamic-symbol=valloc"

static const struct hone_setting_value values_allocator[] = {
	{.toml = "\"system\"",
		.effect = "memory comes from the C library, or from what the program brings"},
	{.toml = "\"mimalloc\"",
		.effect = "malloc and its family are mimalloc's in the whole program",
		.labels = HONE_LABEL_MEMORY | HONE_LABEL_ALLOCATOR,
		.flags = "-Lnative=.cargo/hone/mimalloc "
			 "-lstatic:+whole-archive=hone_mimalloc" EXPORT_FAMILY},
	{.toml = "\"jemalloc\"",
		.effect = "malloc and its family are jemalloc's in the whole program",
		.labels = HONE_LABEL_MEMORY | HONE_LABEL_ALLOCATOR,
		.flags = "-Lnative=.cargo/hone/jemalloc "
			 "-lstatic:+whole-archive=hone_jemalloc" EXPORT_FAMILY},
	{0},
};

static const struct hone_setting_value values_build_id[] = {
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
		.flags = "-Clink-arg=-Wl,--build-id=fast",
		.lacks = {[HONE_LINKER_GNU] = "which then writes none",
			[HONE_LINKER_MOLD] = "which does not know it",
			[HONE_LINKER_GOLD] = "which does not know it"}},
	{.toml = "\"uuid\"",
		.effect = "16 random bytes: no two builds are equal",
		.flags = "-Clink-arg=-Wl,--build-id=uuid"},
	{0},
};

static const struct hone_setting_value values_hash_style[] = {
	{.toml = "\"gnu\"",
		.effect = "the table that every Linux of today reads",
		.flags = "-Clink-arg=-Wl,--hash-style=gnu"},
	{.toml = "\"sysv\"",
		.effect = "the old table: larger, slower to look up",
		.flags = "-Clink-arg=-Wl,--hash-style=sysv"},
	{.toml = "\"both\"", .effect = "both tables", .flags = "-Clink-arg=-Wl,--hash-style=both"},
	{0},
};

static const struct hone_setting_value values_relro[] = {
	{.toml = "\"full\"",
		.effect = "all of it is read-only once the program runs",
		.flags = "-Crelro-level=full"},
	{.toml = "\"partial\"",
		.effect = "functions of libraries are found at their first call",
		.labels = HONE_LABEL_HARDENING,
		.parts = 1,
		.flags = "-Crelro-level=partial"},
	{.toml = "\"off\"",
		.effect = "the tables stay writable",
		.labels = HONE_LABEL_HARDENING,
		.parts = 3,
		.flags = "-Crelro-level=off"},
	{0},
};

static const struct hone_setting_value values_separate_code[] = {
	{.toml = "\"on\"",
		.effect = "code has pages of its own, padding between",
		.flags = "-Clink-arg=-Wl,-z,separate-code",
		.lacks = {[HONE_LINKER_GOLD] = "which does not know it"}},
	{.toml = "\"off\"",
		.effect = "code may share pages with read-only data",
		.labels = HONE_LABEL_HARDENING,
		.flags = "-Clink-arg=-Wl,-z,noseparate-code",
		.lacks = {[HONE_LINKER_GOLD] = "which does not know it"}},
	{0},
};

static const struct hone_setting_value values_function_order[] = {
	{.toml = "\"order.txt\"",
		.effect = "the functions that the file names stand first, in its order",
		.flags = "-Clink-arg=-Xlinker -Clink-arg=--symbol-ordering-file=%s "
			 "-Clink-arg=-Wl,--no-warn-symbol-ordering",
		.lacks = {[HONE_LINKER_GNU] = "which cannot order functions by a file",
			[HONE_LINKER_MOLD] = "which cannot order functions by a file",
			[HONE_LINKER_GOLD] = "which cannot order functions by such a file"},
		.else_lld = true},
	{0},
};

static const struct hone_setting_clash clashes_emit_relocs[] = {
	{HONE_SET_STRIP, {"\"symbols\""}, 0,
		"no linker keeps relocations in a file whose symbols it strips"},
	{HONE_SET_STRIP, {"\"debuginfo\""}, 1 << HONE_LINKER_MOLD,
		"mold keeps relocations only in a file of which it strips nothing"},
	{HONE_SET_POST_STRIP, {"\"symbols\"", "\"all\""}, 0, "it takes the relocations away again"},
	{0},
};

static const struct hone_setting_value values_emit_relocs[] = {
	{.toml = "false", .effect = "relocations that are done are not kept"},
	{.toml = "true",
		.effect = "the file keeps what the linker did, for a later tool",
		.flags = "-Clink-arg=-Wl,--emit-relocs",
		.lacks = {[HONE_LINKER_GOLD] = "which cannot keep them for what rustc compiles"},
		.clashes = clashes_emit_relocs},
	{0},
};

static const struct hone_setting_value values_compress_relocations[] = {
	{.toml = "\"off\"", .effect = "every number that the linker fills in takes five bytes"},
	{.toml = "\"on\"",
		.effect = "as few bytes as the number needs",
		.flags = "-Clink-arg=-Wl,--compress-relocations"},
	{0},
};

const struct hone_setting hone_settings_link[] = {
	{
		.id = HONE_SET_LINK_LINKER,
		.key = "link.linker",
		.kind = HONE_SETTING_LINK,
		.scope = HONE_SCOPE_FINAL,
		.native = true,
		.hosted = true,
		.type = HONE_TYPE_STRING,
		.group = LINK,
		.summary = "which linker the C compiler calls",
		.unset_means = "rustc's own copy of lld on x86_64-unknown-linux-gnu since 1.90; "
			       "else what the C compiler takes, mostly GNU ld",
		.range = "\"lld\", \"gnu\", \"mold\" or \"gold\"",
		.values = values_linker,
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
		.id = HONE_SET_LINK_ICF,
		.key = "link.icf",
		.kind = HONE_SETTING_LINK,
		.scope = HONE_SCOPE_FINAL,
		.native = true,
		.type = HONE_TYPE_STRING,
		.group = LINK,
		.summary = "merges functions that have the same machine code",
		.default_dev = "\"none\"",
		.default_release = "\"none\"",
		.range = "\"none\", \"safe\" or \"all\"",
		.values = values_icf,
		.risks = "With \"all\" pointers to different functions can be equal, and a "
			 "backtrace can show the name of another function with the same code.",
		.interacts = "lld, mold and gold have it; GNU ld does not. Where GNU ld would link "
			     "and link.linker is not given, lld does it.",
		.folklore = "\"safe\" does nothing for most Rust programs: their objects do not "
			    "say which addresses are taken.",
	},
	{
		.id = HONE_SET_LINK_RELR,
		.key = "link.relr",
		.kind = HONE_SETTING_LINK,
		.scope = HONE_SCOPE_FINAL,
		.native = true,
		.hosted = true,
		.type = HONE_TYPE_STRING,
		.group = LINK,
		.summary = "packs the relocations that the loader applies at start-up",
		.default_dev = "\"off\"",
		.default_release = "\"off\"",
		.range = "\"on\" or \"off\"",
		.values = values_relr,
		.risks = "glibc before 2.36 and musl before 1.2.4 cannot load the program. A .deb "
			 "has to say so by hand: dpkg-shlibdeps 1.21.22, which cargo-deb calls, "
			 "asks for an older libc6.",
		.interacts = "Nothing to pack with link.pie = \"off\". mold 1.10 writes the table "
			     "without the mark that glibc asks for: the program does not start.",
		.folklore =
			"Besides 4 to 10 % of size it also gives a slightly faster start. A "
			"compressor packs relocations as well: of 11 % of a file gzip left 3 %, "
			"xz 1 %.",
	},
	{
		.id = HONE_SET_LINK_UNWIND,
		.key = "link.unwind",
		.kind = HONE_SETTING_LINK,
		.scope = HONE_SCOPE_FINAL,
		.native = true,
		.hosted = true,
		.type = HONE_TYPE_STRING,
		.group = LINK,
		.summary = "the tables by which a stack is unwound",
		.default_dev = "\"keep\"",
		.default_release = "\"keep\"",
		.range = "\"keep\" or \"discard\"",
		.values = values_unwind,
		.risks = "Panic messages lose their backtrace, debuggers and profilers cannot "
			 "walk the stack, C++ exceptions and pthread_cancel in the program end it.",
		.interacts = "Only with panic = \"abort\". apply writes the linker script "
			     ".cargo/hone/drop-unwind.ld into the project. lld and GNU ld read "
			     "it, mold does not.",
		.folklore = "panic = \"abort\" alone keeps the tables, and std brings its own: "
			    "with fat LTO they are 10 % of the smallest programs.",
	},
	{
		.id = HONE_SET_LINK_MINSIZE,
		.key = "link.minsize",
		.kind = HONE_SETTING_LINK,
		.scope = HONE_SCOPE_FINAL,
		.native = true,
		.type = HONE_TYPE_STRING,
		.group = LINK,
		.summary = "machine code for size in every function, also those of the prebuilt "
			   "std",
		.default_dev = "\"off\"",
		.default_release = "\"off\"",
		.range = "\"off\" or \"all\"",
		.values = values_minsize,
		.build_cost = "The linker runs LLVM's LTO twice more and makes the machine code: "
			      "1.5 to 1.9 times as long a last step of every build.",
		.risks = "At opt-level 3 it makes the program slower where it is hot.",
		.interacts = "Needs lto = \"fat\" (or true) and an lld of rustc's own LLVM as the "
			     "linker; left out, with a note, where there is none. Options of LLVM "
			     "that stand in rustflags of your own do not reach the linker. Beside "
			     "a profile (train.*, -Cprofile-use) functions are marked, and no LTO "
			     "runs.",
		.folklore =
			"opt-level \"z\" reaches what is compiled now: the functions of the "
			"prebuilt std come with the marks of their own level, and no flag of "
			"rustc changes them. 2 to 3 % of programs that are for size already, 6 % "
			"of one that prints a line; beside link.symbolizer = \"drop\" 2 to 3 % and "
			"45 %, as what prints backtraces goes, too.",
	},
	{
		.id = HONE_SET_LINK_OUTLINER,
		.key = "link.outliner",
		.kind = HONE_SETTING_LINK,
		.scope = HONE_SCOPE_FINAL,
		.native = true,
		.hosted = true,
		.type = HONE_TYPE_STRING,
		.group = LINK,
		.summary = "one copy of instructions that stand in several functions (LLVM's "
			   "machine outliner)",
		.default_dev = "\"off\"",
		.default_release = "\"off\"",
		.range = "\"off\" or \"on\"",
		.values = values_outliner,
		.build_cost = "The linker makes the machine code: the last step of every build.",
		.risks =
			"Every run of instructions that has moved is a call or a jump more, and "
			"time grows faster than their number: hexyl executes 6 % more, ripgrep "
			"18 % and takes 1.6 times as long, tokei 14 % and takes 2.2 times as long. "
			"What is downloaded grows: tokei by 4 % with gzip. A debugger shows "
			"functions that are called OUTLINED_FUNCTION_ and a number.",
		.interacts = "Needs lto = \"fat\" (or true) and an lld of rustc's own LLVM as the "
			     "linker; left out, with a note, where there is none. For x86, ARM and "
			     "RISC-V. Each function that it makes takes an entry in the tables for "
			     "unwinding, unless link.unwind = \"discard\" drops them.",
		.folklore =
			"Where the tables for unwinding are kept they grow, and only a measurement "
			"tells which wins: hexyl becomes 2.5 % smaller, a program that prints a "
			"few lines 2.3 % larger. Without them hexyl becomes 2.3 % smaller.",
	},
	{
		.id = HONE_SET_LINK_SYMBOLIZER,
		.key = "link.symbolizer",
		.kind = HONE_SETTING_LINK,
		.scope = HONE_SCOPE_FINAL,
		.native = true,
		.hosted = true,
		.type = HONE_TYPE_STRING,
		.group = LINK,
		.summary =
			"the code that finds the name and the line of an address, for backtraces",
		.default_dev = "\"keep\"",
		.default_release = "\"keep\"",
		.range = "\"keep\" or \"drop\"",
		.values = values_symbolizer,
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
		.id = HONE_SET_LINK_PIE,
		.key = "link.pie",
		.kind = HONE_SETTING_LINK,
		.scope = HONE_SCOPE_FINAL,
		.program = true,
		.native = true,
		.type = HONE_TYPE_STRING,
		.group = LINK,
		.summary = "whether the program can be loaded at any address (-Crelocation-model)",
		.default_dev = "\"on\"",
		.default_release = "\"on\"",
		.range = "\"on\" or \"off\"",
		.values = values_pie,
		.risks = "Without it the code's address is the same in every run (no ASLR for the "
			 "program itself); distributions refuse such programs.",
		.interacts = "With link.relr = \"on\" little is left to gain.",
	},
	{
		.id = HONE_SET_LINK_STATIC,
		.key = "link.static",
		.kind = HONE_SETTING_LINK,
		.scope = HONE_SCOPE_FINAL,
		.program = true,
		.native = true,
		.hosted = true,
		.type = HONE_TYPE_STRING,
		.group = LINK,
		.summary = "whether the C library is linked into the program (+crt-static)",
		.unset_means = "\"off\" for gnu targets, \"on\" for musl targets",
		.range = "\"on\" or \"off\"",
		.values = values_static,
		.risks = "A static glibc looks up users and host names by modules that it loads "
			 "at run time, of exactly its own version; dlopen is as fragile.",
		.folklore =
			"A static program is larger, by some 900 to 980 kB with glibc and 100 kB "
			"with "
			"musl, but starts faster, as nothing is loaded and relocated: one that "
			"prints a line takes 0.70 of the time with glibc and 0.38 with musl, "
			"wordmill --version 0.57 with glibc (106,592 instructions in place of "
			"290,433), hexyl 0.58 of its start and 0.81 of a dump of 60 kB; "
			"`--version` of xsv, jaq and StyLua 0.87, 0.63 and 0.70. It pays for what "
			"runs for milliseconds only: their work of 150 ms and more takes 0.96 to "
			"1.00. `tune fast --allow static` tries it. The usual way to one is a "
			"musl target, whose malloc is the slower one: link.allocator.",
	},
	{
		.id = HONE_SET_LINK_ALLOCATOR,
		.key = "link.allocator",
		.kind = HONE_SETTING_LINK,
		.scope = HONE_SCOPE_FINAL,
		.program = true,
		.native = true,
		.hosted = true,
		.type = HONE_TYPE_STRING,
		.group = LINK,
		.summary = "where the memory of the program comes from, libraries in C included",
		.default_dev = "\"system\"",
		.default_release = "\"system\"",
		.range = "\"system\", \"mimalloc\" or \"jemalloc\"",
		.values = values_allocator,
		.build_cost =
			"The allocator is compiled once, from pinned sources of the registry: "
			"seconds, with jemalloc a minute. It takes a C compiler for the "
			"target, with jemalloc make, too.",
		.risks = "The program may take more memory. malloc_trim, mallopt and mallinfo of "
			 "the C library do nothing any more; tools that replace malloc "
			 "themselves (valgrind, heaptrack, LD_PRELOAD) do not see it.",
		.interacts =
			"For Linux with glibc or musl. Left out beside a #[global_allocator] of "
			"the program's own, which does not ask malloc, and beside a sanitizer. "
			"apply writes a script that builds the allocator without hone.",
		.folklore =
			"It pays where a program allocates much: mimalloc takes 0.53 and 0.75 of "
			"preset fast's CPU time in xsv, 0.53 and 0.59 in jaq, 0.75 and 0.60 in "
			"StyLua, jemalloc 0.57 to 1.01. With musl, whose malloc is slow, mimalloc "
			"takes 0.40 to 0.61 and jemalloc 0.54 to 0.81. The peak of memory is 0.96 "
			"to 1.29 of glibc's with mimalloc and 0.85 to 1.09 with jemalloc, but "
			"small programs feel it: 6.9 MB became 20.2 and 8.4. A start takes more: "
			"`--version` 1.37 to 1.62 of the CPU time with mimalloc and 1.13 to 1.35 "
			"with jemalloc, up to 1.2 ms, so what runs for milliseconds loses. "
			"The file grows by some 140 kB and 410 kB. Only a measurement tells.",
	},
	{
		.id = HONE_SET_LINK_BUILD_ID,
		.key = "link.build-id",
		.kind = HONE_SETTING_LINK,
		.scope = HONE_SCOPE_FINAL,
		.type = HONE_TYPE_STRING,
		.group = LINK,
		.summary = "the note by which debug files and crash reports know a build",
		.unset_means = "what the C compiler asks for: \"sha1\" on most distributions",
		.range = "\"none\", \"sha1\", \"md5\", \"fast\" or \"uuid\"",
		.values = values_build_id,
		.folklore = "Leaving it out saves about 100 bytes.",
	},
	{
		.id = HONE_SET_LINK_HASH_STYLE,
		.key = "link.hash-style",
		.kind = HONE_SETTING_LINK,
		.scope = HONE_SCOPE_FINAL,
		.native = true,
		.hosted = true,
		.type = HONE_TYPE_STRING,
		.group = LINK,
		.summary = "the table by which the loader finds dynamic symbols",
		.unset_means = "what the C compiler asks for: \"gnu\" on most distributions",
		.range = "\"gnu\", \"sysv\" or \"both\"",
		.values = values_hash_style,
		.folklore = "\"gnu\" is what you have already.",
	},
	{
		.id = HONE_SET_LINK_RELRO,
		.key = "link.relro",
		.kind = HONE_SETTING_LINK,
		.scope = HONE_SCOPE_FINAL,
		.native = true,
		.hosted = true,
		.type = HONE_TYPE_STRING,
		.group = LINK,
		.summary = "makes the loader's tables read-only after start-up (-Crelro-level)",
		.default_dev = "\"full\"",
		.default_release = "\"full\"",
		.range = "\"full\", \"partial\" or \"off\"",
		.since = "1.79",
		.values = values_relro,
		.risks = "Writable tables are what many exploits overwrite.",
		.folklore = "Turning it off saves a few hundred bytes.",
	},
	{
		.id = HONE_SET_LINK_SEPARATE_CODE,
		.key = "link.separate-code",
		.kind = HONE_SETTING_LINK,
		.scope = HONE_SCOPE_FINAL,
		.native = true,
		.hosted = true,
		.type = HONE_TYPE_STRING,
		.group = LINK,
		.summary = "whether code gets memory pages of its own",
		.unset_means = "\"off\" with lld, \"on\" with GNU ld on x86",
		.range = "\"on\" or \"off\"",
		.values = values_separate_code,
		.risks = "Read-only data that lies in executable pages helps to build exploits.",
		.folklore = "With lld \"off\" is the default already.",
	},
	{
		.id = HONE_SET_LINK_FUNCTION_ORDER,
		.key = "link.function-order",
		.kind = HONE_SETTING_LINK,
		.scope = HONE_SCOPE_FINAL,
		.native = true,
		.type = HONE_TYPE_STRING,
		.group = LINK,
		.summary = "the order in which functions stand in the file",
		.unset_means = "the order in which the compiler made them",
		.range = "the path of a file with one symbol a line, from the workspace's root",
		.values = values_function_order,
		.open = true,
		.file = true,
		.interacts =
			"Only lld has it. Where another linker would link and link.linker is not "
			"given, lld does it. Names in the file are symbols as nm prints them, "
			"mangled; what the program does not have is passed over. hone links anew "
			"when the file changes; cargo alone does not notice that.",
		.folklore = "No function becomes smaller or faster by it. What is called together "
			    "shares pages, so a large program starts with fewer reads of the disk.",
	},
	{
		.id = HONE_SET_LINK_EMIT_RELOCS,
		.key = "link.emit-relocs",
		.kind = HONE_SETTING_LINK,
		.scope = HONE_SCOPE_FINAL,
		.native = true,
		.type = HONE_TYPE_BOOL,
		.group = LINK,
		.summary = "keeps the relocations of code and data in the finished file",
		.default_dev = "false",
		.default_release = "false",
		.range = "true or false",
		.values = values_emit_relocs,
		.interacts = "Goes with strip = \"none\" or \"debuginfo\", with mold only with "
			     "\"none\"; beside another one, or a post.strip that takes symbols, it "
			     "is left out with a note.",
		.folklore = "The program runs no better by it: the file becomes larger. A tool "
			    "that moves code afterwards, such as llvm-bolt, needs it.",
	},
	{
		.id = HONE_SET_LINK_COMPRESS_RELOCATIONS,
		.key = "link.compress-relocations",
		.kind = HONE_SETTING_LINK,
		.scope = HONE_SCOPE_FINAL,
		.wasm = true,
		.type = HONE_TYPE_STRING,
		.group = LINK,
		.summary = "short addresses and indexes in the code of a WebAssembly module",
		.default_dev = "\"off\"",
		.default_release = "\"off\"",
		.range = "\"on\" or \"off\"",
		.values = values_compress_relocations,
		.interacts = "Only without debug information in the module: with strip = \"none\" "
			     "the linker refuses it. wasm-opt packs the numbers as well.",
		.folklore = "A release module is full of padding: wasm-ld leaves five bytes for "
			    "every address, whatever its optimization level. Without it a module "
			    "of std is 4 to 7 % smaller, 1 % when it is packed.",
	},
};
