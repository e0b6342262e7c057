#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "fs.h"
#include "object.h"
#include "size.h"
#include "strip.h"
#include "wasm_code.h"

#include <string.h>

/* A file of fuzz/corpora/wasm, which the fuzz target's generator wrote; the caller releases. */
static struct hone_buf corpus(const char *name)
{
	const char *root = getenv("HONE_SOURCE_ROOT");
	hone_auto_free char *path =
		hone_xasprintf("%s/fuzz/corpora/wasm/%s", root ? root : ".", name);
	struct hone_buf b = HONE_BUF_INIT;

	assert_int_equal(hone_fs_read(path, 1 << 20, &b, NULL, NULL), 0);
	return b;
}

static void assert_refused(const char *name, int code, const char *words)
{
	hone_auto_buf struct hone_buf b = corpus(name);
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	struct hone_size *s = NULL;

	assert_int_equal(hone_size_open_bytes(hone_buf_view(&b), name, NULL, &s, &err), code);
	if (!strstr(err.msg, words))
		fail_msg("%s: %s", name, err.msg);
}

static void test_refused(void **state)
{
	(void)state;
	assert_refused("cut-off", HONE_E_SYNTAX, "goes beyond the end of the file");
	assert_refused("cut-off-header", HONE_E_SYNTAX, "is a cut off WebAssembly file");
	assert_refused("cut-off-length", HONE_E_SYNTAX, "section code at byte 8");
	assert_refused("unknown-section", HONE_E_SYNTAX, "section 42 at byte 8 is none");
	assert_refused("version-2", HONE_E_UNSUPPORTED, "another version than 1");
	assert_refused("huge-count", HONE_E_SYNTAX, "section code is broken at byte 22");
	assert_refused("bad-import", HONE_E_SYNTAX, "section import is broken at byte 16");
	assert_refused("too-deep", HONE_E_LIMIT, "more than 16 deep");
	assert_refused("component-inner-outside", HONE_E_SYNTAX, "cut off");
	assert_refused("component-no-module", HONE_E_SYNTAX, "no WebAssembly module begins");
	assert_refused("custom-no-name", HONE_E_SYNTAX, "custom section at byte 8");
}

static void test_content(void **state)
{
	static const char *const names[] = {"_start", "_ZN5regex4exec4Exec3new17h0123456789abcdefE",
		"core::fmt::write::h0123456789abcdef",
		"<regex[1f2e]::Regex as core[3a]::fmt::Debug>::fmt"};
	hone_auto_buf struct hone_buf b = corpus("module");
	hone_auto_wasm struct hone_wasm w = HONE_WASM_INIT;
	hone_auto_wasm_code struct hone_wasm_code code = HONE_WASM_CODE_INIT;

	(void)state;
	assert_int_equal(hone_wasm_parse(hone_buf_view(&b), &w, NULL), 0);
	assert_int_equal(w.modules.n, 1);
	assert_true(hone_view_is(w.modules.v[0].name, "app.wasm"));
	assert_int_equal(hone_wasm_code_read(&w, 0, &code, NULL), 0);
	assert_int_equal(code.n_imported, 1);
	assert_int_equal(code.functions.n, HONE_COUNT(names));
	for (size_t i = 0; i < HONE_COUNT(names); i++)
		assert_true(hone_view_is(code.functions.v[i].name, names[i]));
	/* One whose place is an expression of two globals, too. */
	assert_int_equal(code.segments.n, 3);
	assert_true(hone_view_is(code.segments.v[0].name, ".rodata"));
	assert_true(hone_view_is(code.segments.v[1].name, ".data"));
	assert_int_equal(code.segments.v[2].name.n, 0);
}

/* Without a name section exports name what they export, and that is not called symbols. */
static void test_exports_name(void **state)
{
	hone_auto_buf struct hone_buf b = corpus("no-names");
	struct hone_size *s = NULL;
	hone_auto_size_table struct hone_size_table t = HONE_SIZE_TABLE_INIT;
	bool found = false;

	(void)state;
	assert_int_equal(hone_size_open_bytes(hone_buf_view(&b), "x", NULL, &s, NULL), 0);
	assert_false(hone_size_has_symbols(s));
	assert_int_equal(hone_size_table(s, HONE_SIZE_BY_FUNCTION, false, &t, NULL), 0);
	for (size_t i = 0; i < t.n; i++)
		found |= strcmp(t.rows[i].name, "_start") == 0 && t.rows[i].size == 3;
	assert_true(found);
	hone_size_free(s);
}

static uint64_t row_size(const struct hone_size_table *t, const char *name)
{
	for (size_t i = 0; i < t->n; i++)
		if (strcmp(t->rows[i].name, name) == 0)
			return t->rows[i].size;
	return 0;
}

static void test_crates(void **state)
{
	hone_auto_buf struct hone_buf b = corpus("module");
	struct hone_size *s = NULL;
	hone_auto_size_table struct hone_size_table t = HONE_SIZE_TABLE_INIT;

	(void)state;
	assert_int_equal(hone_size_open_bytes(hone_buf_view(&b), "x", NULL, &s, NULL), 0);
	assert_int_equal(hone_size_table(s, HONE_SIZE_BY_CRATE, false, &t, NULL), 0);
	/* A mangled and a readable name; the version is in a path that the data holds. */
	assert_int_equal(row_size(&t, "regex 1.10.2"), 8);
	assert_int_equal(row_size(&t, "core"), 10);
	assert_int_equal(row_size(&t, "[.rodata]"), 90);
	assert_int_equal(row_size(&t, "[code]"), 3);
	hone_size_free(s);
}

static bool has_section(struct hone_view bytes, const char *name)
{
	hone_auto_object_info struct hone_object_info info = HONE_OBJECT_INFO_INIT;
	bool found = false;

	assert_int_equal(hone_object_info_from_bytes(bytes, &info, NULL), 0);
	for (size_t i = 0; i < info.n_sections; i++)
		found |= strcmp(info.sections[i].name, name) == 0;
	return found;
}

static void test_strip(void **state)
{
	static const char *const keep[] = {"notes", NULL}, *const wrong[] = {"nothing", NULL};
	struct hone_strip_opts opts = {.keep = keep};
	hone_auto_buf struct hone_buf b = corpus("module"), object = corpus("object");
	hone_auto_buf struct hone_buf out = HONE_BUF_INIT;
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	struct hone_view in = hone_buf_view(&b);

	(void)state;
	assert_int_equal(hone_strip_bytes(in, HONE_STRIP_DEBUGINFO, NULL, &out, NULL), 0);
	assert_true(hone_view_eq(hone_buf_view(&out), in));
	assert_int_equal(hone_strip_bytes(in, HONE_STRIP_SYMBOLS, NULL, &out, NULL), 0);
	assert_false(has_section(hone_buf_view(&out), "name"));
	assert_false(has_section(hone_buf_view(&out), "target_features"));
	assert_true(has_section(hone_buf_view(&out), "code"));
	assert_int_equal(hone_strip_bytes(in, HONE_STRIP_SYMBOLS, &opts, &out, NULL), 0);
	assert_true(has_section(hone_buf_view(&out), "target_features"));
	opts.keep = wrong;
	assert_int_equal(hone_strip_bytes(in, HONE_STRIP_ALL, &opts, &out, NULL), HONE_E_NOT_FOUND);
	assert_int_equal(
		hone_strip_bytes(hone_buf_view(&object), HONE_STRIP_SYMBOLS, NULL, &out, &err),
		HONE_E_UNSUPPORTED);
	assert_non_null(strstr(err.msg, "object file"));
}

/* Lengths around what became smaller are written anew, those around what did not stay as they are. */
static void test_strip_component(void **state)
{
	hone_auto_buf struct hone_buf b = corpus("component-in-component");
	hone_auto_buf struct hone_buf deep = corpus("deep-long-lengths");
	hone_auto_buf struct hone_buf out = HONE_BUF_INIT;
	hone_auto_wasm struct hone_wasm w = HONE_WASM_INIT;

	(void)state;
	assert_int_equal(
		hone_strip_bytes(hone_buf_view(&b), HONE_STRIP_SYMBOLS, NULL, &out, NULL), 0);
	assert_int_equal(hone_wasm_parse(hone_buf_view(&out), &w, NULL), 0);
	assert_int_equal(w.modules.n, 5);
	assert_true(out.n < b.n);
	assert_false(has_section(hone_buf_view(&out), "name"));
	assert_int_equal(
		hone_strip_bytes(hone_buf_view(&deep), HONE_STRIP_DEBUGINFO, NULL, &out, NULL), 0);
	assert_true(hone_view_eq(hone_buf_view(&out), hone_buf_view(&deep)));
}

static void count_feature(void *ctx, struct hone_view feature, bool used)
{
	*(unsigned *)ctx +=
		used && (hone_view_is(feature, "bulk-memory") || hone_view_is(feature, "sign-ext"));
}

static void test_features(void **state)
{
	hone_auto_buf struct hone_buf b = corpus("module"), none = corpus("no-names");
	hone_auto_wasm struct hone_wasm w = HONE_WASM_INIT, x = HONE_WASM_INIT;
	unsigned n = 0;

	(void)state;
	assert_int_equal(hone_wasm_parse(hone_buf_view(&b), &w, NULL), 0);
	assert_int_equal(hone_wasm_parse(hone_buf_view(&none), &x, NULL), 0);
	assert_true(hone_wasm_each_feature(&w, 0, count_feature, &n));
	assert_int_equal(n, 2);
	assert_false(hone_wasm_each_feature(&x, 0, count_feature, &n));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_content),
		cmocka_unit_test(test_exports_name),
		cmocka_unit_test(test_crates),
		cmocka_unit_test(test_strip),
		cmocka_unit_test(test_strip_component),
		cmocka_unit_test(test_features),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
