#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "fs.h"
#include "proc.h"
#include "scratch.h"
#include "wasm_opt.h"

#include <string.h>

/* rustc and wasm-opt are scripts; `args` gets what wasm-opt was called with. */
struct set_up {
	char *rustc;
	struct hone_buf module;
};

static void script(const char *name, const char *body)
{
	hone_auto_free char *path = in_scratch(name);
	hone_auto_free char *text = hone_xasprintf("#!/bin/sh\n%s\n", body);

	assert_int_equal(hone_fs_write(path, hone_view_of(text), 0755, NULL), 0);
}

static void read_module(const char *name, struct hone_buf *to)
{
	const char *root = getenv("HONE_SOURCE_ROOT");
	hone_auto_free char *path =
		hone_xasprintf("%s/fuzz/corpora/wasm/%s", root ? root : ".", name);

	assert_int_equal(hone_fs_read(path, 1 << 20, to, NULL, NULL), 0);
}

/* wasm-opt [OPTION...] IN -o OUT; tool: what it does with $in and $out. */
static void begin(struct set_up *s, const char *module, const char *tool)
{
	hone_auto_free char *body = NULL;
	hone_auto_free char *path = NULL;

	void *state = NULL;

	*s = (struct set_up){0};
	assert_int_equal(scratch_make(&state), 0);
	body = hone_xasprintf(
		"case $1 in\n--version) echo 'wasm-opt version 1'; exit;;\n"
		"--help) echo '  --enable-sign-ext   x'; echo '  --enable-bulk-memory   x'; "
		"exit;;\nesac\necho \"$*\" >%s/args\nfor out; do :; done\n"
		"while [ $# -gt 3 ]; do shift; done\nin=$1\n%s",
		scratch, tool);
	script("wasm-opt", body);
	script("rustc",
		"echo 'target_feature=\"bulk-memory\"'; echo 'target_feature=\"sign-ext\"'; echo "
		"'target_feature=\"bulk-memory-opt\"'; echo 'target_feature=\"multivalue\"'");
	path = hone_xasprintf("%s:/usr/bin:/bin", scratch);
	assert_int_equal(setenv("PATH", path, 1), 0);
	s->rustc = in_scratch("rustc");
	read_module(module, &s->module);
}

static int opt(struct set_up *s, struct hone_err *err)
{
	struct hone_wasm_opt_call call = {"-Oz", s->rustc, "wasm32-wasip1"};

	return hone_wasm_opt(&call, scratch, &s->module, err);
}

static void end(struct set_up *s)
{
	void *state = NULL;

	(void)scratch_remove(&state);
	free(s->rustc);
	hone_buf_release(&s->module);
}

static void assert_called(const char *begins)
{
	hone_auto_free char *path = in_scratch("args");
	hone_auto_buf struct hone_buf args = HONE_BUF_INIT;

	assert_int_equal(hone_fs_read(path, 1 << 16, &args, NULL, NULL), 0);
	if (!hone_view_starts(hone_buf_view(&args), begins))
		fail_msg("%s", hone_buf_str(&args));
}

/* A module that tells its features needs no option for them; names are kept. */
static void test_features_of_the_module(void **state)
{
	struct set_up s;

	(void)state;
	begin(&s, "module", "cp \"$in\" \"$out\"");
	assert_int_equal(opt(&s, NULL), 0);
	assert_called("-Oz -g /");
	end(&s);
}

/* Debug information of the code before must not stay. A custom section of its name is enough here. */
static void test_debug_information_goes(void **state)
{
	static const char section[] = "\0\x0d\x0b.debug_info\0";
	struct set_up s;

	(void)state;
	begin(&s, "module", "cp \"$in\" \"$out\"");
	hone_buf_add(&s.module, section, sizeof(section) - 1);
	assert_int_equal(opt(&s, NULL), 0);
	assert_called("-Oz --strip-dwarf -g ");
	end(&s);
}

/* A stripped one is told by rustc: as far as the tool has options, a part of a feature by the whole. */
static void test_features_of_rustc(void **state)
{
	struct set_up s;

	(void)state;
	begin(&s, "no-names", "cp \"$in\" \"$out\"");
	assert_int_equal(opt(&s, NULL), 0);
	assert_called("-Oz --enable-bulk-memory --enable-sign-ext /");
	end(&s);
}

static void assert_refused(const char *module, const char *tool, const char *words, bool too_old)
{
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	struct set_up s;
	size_t size;

	begin(&s, module, tool);
	size = s.module.n;
	assert_true(opt(&s, &err) < 0);
	if (!strstr(err.msg, words) || (err.hint && strstr(err.hint, "older")) != too_old)
		fail_msg("%s (%s)", err.msg, err.hint ? err.hint : "no hint");
	assert_int_equal(s.module.n, size);
	end(&s);
}

static void test_refused(void **state)
{
	(void)state;
	assert_refused("module", "echo '[parse exception: invalid code]' >&2; exit 1",
		"wasm-opt version 1 does not take the module that was linked: exit code 1: [parse",
		true);
	assert_refused("module", "kill -11 $$", "signal 11", false);
	assert_refused("cut-off", "cp \"$in\" \"$out\"", "what was linked", false);
	assert_refused("component", "cp \"$in\" \"$out\"", "no WebAssembly module", false);
	assert_refused("module", "head -c 40 \"$in\" >\"$out\"", "what wasm-opt wrote", false);
	assert_refused("module", "head -c 8 \"$in\" >\"$out\"", "took an export away: ", false);
	assert_refused("empty", ":", "No such file", false);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_features_of_the_module),
		cmocka_unit_test(test_debug_information_goes),
		cmocka_unit_test(test_features_of_rustc),
		cmocka_unit_test(test_refused),
	};

	if (hone_signals_init(NULL))
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
