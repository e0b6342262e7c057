/* What of the tools is here: with a path that has none, and with one that has fakes of some. */
#include "self_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "fake_project.h"

/* Of LLVM 77, which nobody has. */
static const char rustc_77[] =
	"#!/bin/sh\n"
	"case $* in\n"
	"-vV) printf 'rustc 1.95.0\\nbinary: rustc\\nhost: x86_64-unknown-linux-gnu\\n"
	"release: 1.95.0\\nLLVM version: 77.1.2\\n' ;;\n"
	"--print=sysroot) echo %s/sysroot ;;\n"
	"*) exit 1 ;;\n"
	"esac\n";

static char *path_before;

static int set_up_tools(void **state)
{
	int error = set_up(state);
	hone_auto_free char *bin = NULL;
	hone_auto_free char *rustc = NULL;

	if (error)
		return error;
	path_before = hone_xstrdup(getenv("PATH"));
	bin = in_scratch("bin");
	assert_int_equal(hone_fs_mkdirs(bin, NULL), 0);
	setenv("PATH", bin, 1);
	rustc = hone_xasprintf(rustc_77, scratch);
	write_program("tools/rustc", rustc);
	return 0;
}

static int tear_down_tools(void **state)
{
	setenv("PATH", path_before, 1);
	free(path_before);
	return tear_down(state);
}

static const struct hone_found_tool *find(const struct hone_self_check *s, enum hone_tool_id id)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->v[i].tool->id == id)
			return &s->v[i];
	fail_msg("there is no tool %d", (int)id);
	return NULL;
}

static void assert_found(
	const struct hone_found_tool *f, const char *version, const char *where, const char *note)
{
	assert_true(f->here);
	if (version)
		assert_string_equal(f->version, version);
	else
		assert_null(f->version);
	assert_true(hone_ends(f->where, where));
	if (note)
		assert_string_equal(f->note, note);
	else
		assert_null(f->note);
	assert_null(f->install); /* it is here */
}

static void check(struct hone_self_check *s)
{
	struct hone_err err = HONE_ERR_INIT;

	if (hone_self_check(s, &err))
		fail_msg("%s", err.msg);
}

static void nothing_but_rust(void **state)
{
	static const enum hone_tool_id missing[] = {HONE_TOOL_CC, HONE_TOOL_PROFDATA, HONE_TOOL_LLD,
		HONE_TOOL_RUST_SRC, HONE_TOOL_NIGHTLY, HONE_TOOL_TARGETS, HONE_TOOL_MOLD,
		HONE_TOOL_VALGRIND, HONE_TOOL_LOAD, HONE_TOOL_WASM_OPT, HONE_TOOL_GIT};
	struct hone_self_check s;

	(void)state;
	check(&s);
	assert_int_equal(s.manager, HONE_MANAGERS);
	assert_false(s.has_rustup);
	assert_found(find(&s, HONE_TOOL_CARGO), "1.95.0", "/tools/cargo", NULL);
	assert_found(find(&s, HONE_TOOL_RUSTC), "1.95.0", "/tools/rustc", "LLVM 77.1.2");
	for (size_t i = 0; i < HONE_COUNT(missing); i++) {
		const struct hone_found_tool *f = find(&s, missing[i]);

		if (f->here || f->where || f->version)
			fail_msg("%s is here", f->tool->name);
	}
	/* Where no manager is known only what does not need one is said. */
	assert_null(find(&s, HONE_TOOL_VALGRIND)->install);
	assert_string_equal(
		find(&s, HONE_TOOL_NIGHTLY)->install, "install Rust from https://rustup.rs");
	assert_non_null(
		strstr(find(&s, HONE_TOOL_PROFDATA)->note, "needs llvm-profdata of LLVM 77"));
	assert_true(find(&s, HONE_TOOL_CC)->tool->needed);
	hone_self_check_release(&s);
}

static void write_tools(void)
{
	static const char *const dirs[] = {"sysroot/lib/rustlib/wasm32-wasip1/lib",
		"sysroot/lib/rustlib/x86_64-unknown-linux-gnu/lib",
		"sysroot/lib/rustlib/armv7-unknown-linux-gnueabihf/bin", /* no library */
		"sysroot/lib/rustlib/src/rust/library"};

	for (size_t i = 0; i < HONE_COUNT(dirs); i++) {
		hone_auto_free char *dir = in_scratch(dirs[i]);

		assert_int_equal(hone_fs_mkdirs(dir, NULL), 0);
	}
	write_program("bin/apt-get", "#!/bin/sh\n");
	write_program("bin/gcc", "#!/bin/sh\necho 'gcc (Debian 12.2.0-14+deb12u1) 12.2.0'\n");
	write_program("bin/valgrind", "#!/bin/sh\necho valgrind-3.19.0\n");
	write_program("bin/git", "#!/bin/sh\nexit 3\n");
	/* wrk tells its version with an error, on stderr. */
	write_program("bin/wrk", "#!/bin/sh\necho 'wrk 4.1.0 [epoll] Usage: wrk' >&2; exit 1\n");
	write_program("bin/ld.lld", "#!/bin/sh\necho 'LLD 14.0.6 (compatible with GNU linkers)'\n");
	write_program("bin/mold", "#!/bin/sh\n");
	write_program("bin/llvm-profdata", "#!/bin/sh\necho '  LLVM version 77.1.2.3'\n");
	write_program("bin/rustup",
		"#!/bin/sh\n[ \"$1 $2\" = 'toolchain list' ] || exit 1\n"
		"printf 'stable-x86_64-unknown-linux-gnu (default)\\nnightly-x86_64\\n'\n");
}

static void tools_tell_their_versions(void **state)
{
	struct hone_self_check s;
	const struct hone_found_tool *f;
	const char *sudo = geteuid() == 0 ? "" : "sudo ";
	hone_auto_free char *install_mold = hone_xasprintf("%sapt-get install mold", sudo);

	(void)state;
	write_tools();
	check(&s);
	assert_int_equal(s.manager, HONE_MANAGER_APT);
	assert_true(s.has_rustup);
	assert_found(find(&s, HONE_TOOL_CC), "12.2.0", "/bin/gcc", NULL);
	assert_found(find(&s, HONE_TOOL_VALGRIND), "3.19.0", "/bin/valgrind", NULL);
	assert_found(find(&s, HONE_TOOL_LOAD), "4.1.0", "/bin/wrk", NULL);
	assert_found(find(&s, HONE_TOOL_GIT), NULL, "/bin/git", NULL);
	assert_found(find(&s, HONE_TOOL_PROFDATA), "77.1.2.3", "/bin/llvm-profdata", NULL);
	assert_found(find(&s, HONE_TOOL_LLD), "14.0.6", "/bin/ld.lld",
		"rustc's LLVM is 77.1.2: no second LTO by this one");
	assert_found(find(&s, HONE_TOOL_RUST_SRC), NULL, "/lib/rustlib/src/rust/library", NULL);
	f = find(&s, HONE_TOOL_TARGETS);
	assert_string_equal(f->where, "wasm32-wasip1, x86_64-unknown-linux-gnu");
	assert_string_equal(f->install, "rustup target add TRIPLE"); /* one can always be added */
	f = find(&s, HONE_TOOL_NIGHTLY);
	assert_true(f->here);
	assert_string_equal(f->note, "installed, not in use here: `cargo +nightly hone`");
	f = find(&s, HONE_TOOL_MOLD); /* its linker is called ld.mold */
	assert_false(f->here);
	assert_string_equal(f->install, install_mold);
	hone_self_check_release(&s);
}

static void no_toolchain(void **state)
{
	struct hone_self_check s;
	const struct hone_found_tool *f;

	(void)state;
	write_tools();
	write_program("tools/cargo", "#!/bin/sh\necho 'this is no cargo' >&2; exit 5\n");
	check(&s);
	f = find(&s, HONE_TOOL_CARGO);
	assert_false(f->here);
	assert_non_null(strstr(f->note, "cargo"));
	assert_string_equal(f->install, "rustup update");
	assert_false(find(&s, HONE_TOOL_RUST_SRC)->here);
	assert_false(find(&s, HONE_TOOL_TARGETS)->here);
	assert_true(find(&s, HONE_TOOL_LLD)->here);
	assert_null(find(&s, HONE_TOOL_LLD)->note); /* nobody knows what LLVM rustc has */
	assert_true(find(&s, HONE_TOOL_NIGHTLY)->here);
	hone_self_check_release(&s);
}

#define TOOLS_TEST(f) cmocka_unit_test_setup_teardown(f, set_up_tools, tear_down_tools)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TOOLS_TEST(nothing_but_rust),
		TOOLS_TEST(tools_tell_their_versions),
		TOOLS_TEST(no_toolchain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
