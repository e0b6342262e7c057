#ifndef HONE_TESTS_FAKE_PROJECT_H
#define HONE_TESTS_FAKE_PROJECT_H
/* A project for the engine's tests: cargo, rustc and llvm-profdata are shell scripts, which "build" small scripts, so that
 * a whole try takes a second. The package `prog` lies in p/ of the scratch folder. Include after cmocka.h. */
#include "estimate.h"
#include "try.h"

#include "scratch.h"

#include <unistd.h>

/* Level 2 does not build, level 0 does something else, level 1 is smaller than the baseline's 3. With a file `elf` in the
 * scratch folder that is what comes out, longer by what the level and the packages cost. Each line of a file `sizes` there,
 * or in the project, is a number of bytes more (or less) for a build whose arguments have the words behind it; a bench target
 * takes so many ms more. The first build computes as many seconds more as a file `slow` says. Then cargo keeps what it built, and a build that other arguments of the linker alone tell from an
 * earlier one compiles nothing. */
static const char cargo_text[] =
	"#!/bin/sh\n"
	"root=%s p=$root/p\n"
	"case $PWD in */hone-check-*) p=$PWD ;; esac\n" /* a tree of `check` */
	"case $1 in\n"
	"-V) echo 'cargo 1.95.0 (f2d3ce0bd 2026-03-21)'; exit ;;\n"
	"metadata) sed \"s#$root/p#$p#g\" $root/metadata.json; exit ;;\n"
	"build|rustc|release-build) ;;\n"
	"*) echo \"error: no such command: $*\" >&2; exit 101 ;;\n"
	"esac\n"
	"echo $1 >>$root/builds\n"
	"if [ -f $root/slow ]; then timeout $(cat $root/slow) yes >/dev/null; rm $root/slow; fi\n"
	"all=\" $* \" more=0\n"
	"dir=$p/target cold=150 own=100 triple= name=prog kind=bin test=false level=$(sed -n "
	"'s/^opt-level = //p' "
	"$p/Cargo.toml)\n"
	"while [ $# -gt 0 ]; do case $1 in\n"
	"--target-dir) dir=$2; shift ;;\n"
	"--bench) name=$2 kind=bench test=true; shift ;;\n"
	"--target) triple=/$2; shift ;;\n"
	"profile.release.opt-level=*) level=${1#*=} ;;\n"
	"*package.dep.opt-level=*) cold=1 ;;\n"
	"*package.prog.opt-level=*) own=1 ;;\n"
	"esac; shift; done\n"
	"if [ \"$level\" = 2 ]; then\n"
	"  echo 'error: could not compile `prog`: level 2 is broken' >&2; exit 101\n"
	"fi\n"
	"dir=$dir$triple fresh=false sizes=$(cat $root/sizes $p/sizes 2>/dev/null)\n"
	"mkdir -p $dir/release/deps\n"
	"if [ \"$sizes\" ]; then\n"
	"  while read -r n words; do\n"
	"    case $all in *$words*) more=$((more + n)) ;; esac\n"
	"  done <<END\n$sizes\nEND\n"
	"  built=$dir/$(echo \"$all$sizes$level\" | cksum | tr ' ' -) how=compiled\n"
	"  units=$dir/$({ echo \"$all\" | sed 's/ -Clink-arg=[^ ]*//g; s/^ [a-z]*//; s/ -- $/ /; "
	"s/ --bin prog//'; echo \"$sizes$level\"; } | cksum)\n"
	"  [ -f \"$units\" ] && how=taken\n"
	"  if [ -f $built ]; then fresh=true; elif [ \"$HONE_RUSTC_LOG\" ]; then\n"
	"    printf \"$name\\tbin\\t1\\t1\\t1\\t100\\t0\\t$how\\n\" "
	">>$HONE_RUSTC_LOG.$HONE_RUSTC_SLOT\n"
	"  fi\n"
	"  : >$built; : >\"$units\"\n"
	"fi\n"
	"out=$dir/release/$name said=hello pad=\n"
	"[ \"$level\" = 0 ] && said=other\n"
	"[ $kind = bench ] && said=\"took $((5 + more)) ms\"\n"
	"[ \"$level\" = 1 ] || pad=$(printf '#%%200s' x)\n"
	"rm -f $out\n"
	"if [ -f $root/elf -a $kind = bin ]; then\n"
	"  { cat $root/elf; printf \"%%$((cold + more))s%%${own}s%%s\" x x \"$pad\"; } >$out\n"
	"else\n"
	"  printf '#!/bin/sh\\n%%s\\necho %%s\\n' \"$pad\" \"$said\" >$out\n"
	"fi\n"
	"chmod 755 $out\n"
	"echo "
	"'{\"reason\":\"compiler-artifact\",\"package_id\":\"path+file://'$p'#prog@0.1.0\","
	"\"target\":{\"kind\":[\"'$kind'\"],\"crate_types\":[\"bin\"],\"name\":\"'$name'\"},"
	"\"profile\":{\"test\":'$test'},\"filenames\":[\"'$out'\"],\"executable\":\"'$out'\","
	"\"fresh\":'$fresh'}'\n"
	"echo '{\"reason\":\"build-finished\",\"success\":true}'\n";

static const char rustc_text[] =
	"#!/bin/sh\n"
	"case $* in\n"
	"-vV) printf 'rustc 1.95.0\\nbinary: rustc\\nhost: x86_64-unknown-linux-gnu\\n"
	"release: 1.95.0\\nLLVM version: 22.1.2\\n' ;;\n"
	"--print=sysroot) echo %1$s/sysroot ;;\n"
	"*--print=cfg*|*'--print cfg'*) printf 'panic=\"unwind\"\\ntarget_arch=\"x86_64\"\\nunix\\n"
	"target_os=\"linux\"\\n' ;;\n"
	"--crate-name=profile*) ;;\n"
	"-Cllvm-args=--help-hidden*) cat %1$s/llvm-options ;;\n"
	"*) exit 1 ;;\n"
	"esac\n";

static const char metadata_text[] =
	"{\"packages\":[{\"name\":\"prog\",\"version\":\"0.1.0\","
	"\"id\":\"path+file://%1$s/p#prog@0.1.0\",\"source\":null,\"dependencies\":[],"
	"\"targets\":[{\"kind\":[\"bin\"],\"crate_types\":[\"bin\"],\"name\":\"prog\","
	"\"src_path\":\"%1$s/p/src/main.rs\",\"edition\":\"2021\",\"test\":true},"
	"{\"kind\":[\"bench\"],\"crate_types\":[\"bin\"],\"name\":\"speed\","
	"\"src_path\":\"%1$s/p/benches/speed.rs\",\"edition\":\"2021\",\"test\":false}],"
	"\"features\":{},\"manifest_path\":\"%1$s/p/Cargo.toml\",\"edition\":\"2021\","
	"\"default_run\":null,\"rust_version\":null},"
	"{\"name\":\"dep\",\"version\":\"1.2.3\",\"id\":\"path+file://%1$s/dep#1.2.3\","
	"\"source\":null,\"dependencies\":[],\"targets\":[{\"kind\":[\"lib\"],"
	"\"crate_types\":[\"lib\"],\"name\":\"dep\",\"src_path\":\"%1$s/dep/src/lib.rs\","
	"\"edition\":\"2021\",\"test\":true}],\"features\":{},"
	"\"manifest_path\":\"%1$s/dep/Cargo.toml\",\"edition\":\"2021\","
	"\"default_run\":null,\"rust_version\":null}],"
	"\"workspace_members\":[\"path+file://%1$s/p#prog@0.1.0\"],"
	"\"workspace_default_members\":[\"path+file://%1$s/p#prog@0.1.0\"],"
	"\"resolve\":{\"nodes\":[{\"id\":\"path+file://%1$s/p#prog@0.1.0\","
	"\"dependencies\":[\"path+file://%1$s/dep#1.2.3\"],\"deps\":[{\"name\":\"dep\","
	"\"pkg\":\"path+file://%1$s/dep#1.2.3\",\"dep_kinds\":[{\"kind\":null,"
	"\"target\":null}]}],\"features\":[]},"
	"{\"id\":\"path+file://%1$s/dep#1.2.3\",\"dependencies\":[],\"deps\":[],"
	"\"features\":[]}],\"root\":\"path+file://%1$s/p#prog@0.1.0\"},"
	"\"target_directory\":\"%1$s/p/target\",\"version\":1,\"workspace_root\":\"%1$s/p\"}\n";

static const char manifest[] =
	"[package]\nname = \"prog\" # a comment\nversion = \"0.1.0\"\nedition = \"2021\"\n";

/* ---- what is told, a line each */

static struct hone_buf told;

static void on_status(void *ctx, const char *verb, const char *text)
{
	hone_buf_addf(ctx, "status %s: %s\n", verb, text);
}

static void on_note(void *ctx, const char *text)
{
	hone_buf_addf(ctx, "note %s\n", text);
}

static void on_warning(void *ctx, const char *text)
{
	hone_buf_addf(ctx, "warning %s\n", text);
}

static void on_planned(void *ctx, const struct hone_build_estimate *e, const char *folder)
{
	(void)e;
	hone_buf_addf(ctx, "planned %s\n", hone_path_base(folder));
}

static void on_building(void *ctx, const char *name, size_t at, size_t n)
{
	hone_buf_addf(ctx, "building %s, %zu of %zu\n", name, at, n);
}

static void on_unit(void *ctx, const char *name, unsigned n)
{
	hone_buf_addf(ctx, "unit %s, %u\n", name, n);
}

static void on_built(void *ctx, const struct hone_artifact *a)
{
	hone_buf_addf(ctx, "built %llu bytes\n", (unsigned long long)a->size);
}

static void on_measuring(void *ctx, const struct hone_measure_progress *p)
{
	static const char *const stages[] = {"gate", "warm-up", "plan", "round", "done"};

	hone_buf_addf(ctx, "%s %zu\n", stages[p->stage], p->round);
}

static void on_live(void *ctx, const char *text)
{
	hone_buf_addf(ctx, "live %s\n", text);
}

static void on_so_far(void *ctx, const char *text)
{
	hone_buf_adds(ctx, text);
}

static void on_settled(void *ctx)
{
	hone_buf_adds(ctx, "settled\n");
}

static void on_quiet(void *ctx)
{
	hone_buf_adds(ctx, "quiet\n");
}

static const struct hone_events recorder = {.ctx = &told,
	.status = on_status,
	.note = on_note,
	.warning = on_warning,
	.planned = on_planned,
	.building = on_building,
	.watch = {.ctx = &told, .unit = on_unit},
	.built = on_built,
	.measuring = on_measuring,
	.live = on_live,
	.so_far = on_so_far,
	.settled = on_settled,
	.quiet = on_quiet};

/* Each of the lines (the beginning of one is enough) was told, in this order; others may stand between. */
__attribute__((unused)) static void assert_told(const char *const *lines)
{
	const char *at = hone_buf_str(&told);

	for (; *lines; lines++) {
		while (*at && !hone_starts(at, *lines))
			at += strcspn(at, "\n") + (strchr(at, '\n') != NULL);
		if (!*at)
			fail_msg("not told in its place: \"%s\" in\n%s", *lines,
				hone_buf_str(&told));
		at += strcspn(at, "\n") + 1;
	}
}

/* ---- the project */

static struct hone_cargo_opts opts;

static void write_program(const char *name, const char *text)
{
	hone_auto_free char *path = in_scratch(name);

	assert_int_equal(hone_fs_write(path, hone_view_of(text), 0755, NULL), 0);
}

static void write_project(void)
{
	static const char *const folders[] = {"tools", "home", "p/src", "dep/src", "sysroot/lib"};
	hone_auto_free char *cargo = hone_xasprintf(cargo_text, scratch);
	hone_auto_free char *rustc = hone_xasprintf(rustc_text, scratch);
	hone_auto_free char *metadata = hone_xasprintf(metadata_text, scratch);
	hone_auto_free char *metadata_path = in_scratch("metadata.json");
	hone_auto_free char *main_path = in_scratch("p/src/main.rs");
	hone_auto_free char *dep_path = in_scratch("dep/Cargo.toml");
	hone_auto_free char *options_path = in_scratch("llvm-options");
	hone_auto_free char *lock_path = in_scratch("p/Cargo.lock");

	for (size_t i = 0; i < HONE_COUNT(folders); i++) {
		hone_auto_free char *dir = in_scratch(folders[i]);

		assert_int_equal(hone_fs_mkdirs(dir, NULL), 0);
	}
	put_file(options_path,
		"  --force-attribute=<string> - a\n  --force-remove-attribute=<string> - b\n"
		"  --runtime-counter-relocation - c\n  --disable-vp - d\n");
	write_program("tools/cargo", cargo);
	write_program("tools/rustc", rustc);
	put_file(metadata_path, metadata);
	put_file(dep_path, "[package]\nname = \"dep\"\nversion = \"1.2.3\"\nedition = \"2021\"\n");
	put_file(main_path, "fn main() { println!(\"hello\"); }\n");
	put_file(lock_path, "version = 4\n\n[[package]]\nname = \"prog\"\nversion = \"0.1.0\"\n");
	opts.manifest_path = in_scratch("p/Cargo.toml");
	put_file(opts.manifest_path, manifest);
	opts.jobs = hone_xstrdup("1"); /* one build at a time, so that what is told has one order */
}

__attribute__((unused)) static int set_up(void **state)
{
	static const char *const unset[] = {"RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS",
		"CARGO_BUILD_TARGET", "CARGO_TARGET_DIR", "RUSTC_WRAPPER", "RUSTC_BOOTSTRAP"};

	hone_auto_free char *home = NULL, *project = NULL;

	if (scratch_make(state))
		return -1;
	home = in_scratch("home");
	project = in_scratch("p");
	for (size_t i = 0; i < HONE_COUNT(unset); i++)
		unsetenv(unset[i]);
	write_project();
	for (size_t i = 0; i < 2; i++) {
		hone_auto_free char *path = in_scratch(i ? "tools/rustc" : "tools/cargo");

		setenv(i ? "RUSTC" : "CARGO", path, 1);
	}
	setenv("CARGO_HOME", home, 1);
	return chdir(project); /* where the alias counts */
}

__attribute__((unused)) static int tear_down(void **state)
{
	hone_cargo_opts_release(&opts);
	hone_buf_release(&told);
	unsetenv("CARGO_PROFILE_RELEASE_OPT_LEVEL");
	return chdir("/") || scratch_remove(state);
}

__attribute__((unused)) static void open_session(unsigned want, struct hone_session *s)
{
	struct hone_err err = HONE_ERR_INIT;

	hone_buf_reset(&told);
	if (hone_session_open(&opts, &recorder, want, s, &err))
		fail_msg("%s", err.msg);
}

/* The bytes of tests/unit/tiny_program.c instead of a script, from now on. */
__attribute__((unused)) static void build_elf(void)
{
	hone_auto_free char *path = in_scratch("elf");

	assert_int_equal(hone_fs_copy(TINY_PROGRAM, path, NULL), 0);
}

/* Any llvm-profdata: `merge` copies, `show` prints the scratch folder's file `profile`. */
__attribute__((unused)) static void write_profdata(const char *profile)
{
	static const char dir[] = "sysroot/lib/rustlib/x86_64-unknown-linux-gnu/bin";
	hone_auto_free char *text =
		hone_xasprintf("#!/bin/sh\ncase $1 in --version) echo LLVM version 22.1.2 ;;\n"
			       "merge) echo merged >>%1$s/merges; cat \"$5\"/*.profraw "
			       "\"%1$s/profile\" >\"$4\" ;;\n"
			       "show) cat %1$s/profile ;;\nesac\n",
			scratch);
	hone_auto_free char *path = in_scratch(dir);
	hone_auto_free char *said = in_scratch("profile");

	assert_int_equal(hone_fs_mkdirs(path, NULL), 0);
	write_program("sysroot/lib/rustlib/x86_64-unknown-linux-gnu/bin/llvm-profdata", text);
	put_file(said, profile);
}

/* One workload of t; after open_session. */
__attribute__((unused)) static void name_workload(
	struct hone_try *t, const char *name, const char *line)
{
	struct hone_err err = HONE_ERR_INIT;

	t->workloads.v = realloc(t->workloads.v, (t->workloads.n + 1) * sizeof(*t->workloads.v));
	assert_non_null(t->workloads.v);
	if (hone_workload_from_line(&t->workloads.v[t->workloads.n++], name, line, &err))
		fail_msg("%s", err.msg);
	t->speed_measured = true;
}

/* A whole try of the request; both are the caller's to close. */
__attribute__((unused)) static void run_try(
	struct hone_session *s, struct hone_try *t, const struct hone_try_request *r)
{
	struct hone_err err = HONE_ERR_INIT;

	t->session = s;
	assert_int_equal(hone_try_name_candidates(t, r, &err), 0);
	open_session(HONE_SESSION_GRAPH | HONE_SESSION_BUILD, s);
	name_workload(t, "hello", "{bin}");
	if (hone_try_run(t, r, &err))
		fail_msg("%s\n%s", err.msg, hone_buf_str(&told));
}

#endif
