/* Lines of cargo's --message-format=json as cargo 1.95 prints them, and what may stand between. */
#include "artifact_kind.h"
#include "message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const char artifact[] =
	"{\"reason\":\"compiler-artifact\",\"package_id\":\"path+file:///w/app#0.1.0\","
	"\"manifest_path\":\"/w/app/"
	"Cargo.toml\",\"target\":{\"kind\":[\"bin\"],\"crate_types\":[\"bin\"],"
	"\"name\":\"app\",\"src_path\":\"/w/app/src/main.rs\",\"edition\":\"2021\",\"doc\":true,"
	"\"doctest\":false,\"test\":true},\"profile\":{\"opt_level\":\"3\",\"debuginfo\":0,"
	"\"debug_assertions\":false,\"overflow_checks\":false,\"test\":false},\"features\":[],"
	"\"filenames\":[\"/w/target/release/app\"],\"executable\":\"/w/target/release/app\","
	"\"fresh\":true}";
static const char library[] =
	"{\"reason\":\"compiler-artifact\",\"package_id\":\"registry+https://x/y#dep@1.0.0\","
	"\"target\":{\"kind\":[\"lib\"],\"crate_types\":[\"lib\"],\"name\":\"dep\"},"
	"\"filenames\":[],\"executable\":null,\"fresh\":false}";
static const char diagnostic[] =
	"{\"reason\":\"compiler-message\",\"package_id\":\"path+file:///w/app#0.1.0\","
	"\"target\":{\"kind\":[\"bin\"],\"name\":\"app\"},\"message\":{\"rendered\":\"error[E0425]:"
	" no\\n\","
	"\"$message_type\":\"diagnostic\",\"children\":[],\"code\":null,\"level\":\"error\","
	"\"message\":\"no\",\"spans\":[]}}";
static const char script[] =
	"{\"reason\":\"build-script-executed\",\"package_id\":\"path+file:///w/app#0.1.0\","
	"\"linked_libs\":[],\"linked_paths\":[\"native=/w/target/out\",7,\"/usr/"
	"lib\"],\"cfgs\":[],\"env\":[[\"A\",\"1=\\u00e9\"],[\"B\"],7,[\"C=\",\"x\"],[\"D\",\"\"]],"
	"\"out_dir\":\"/w/"
	"target/"
	"out\"}";

static struct hone_message parsed(const char *line)
{
	struct hone_message m;
	hone_message_parse(hone_view_of(line), &m);
	return m;
}

static void paths_are_read(void **state)
{
	struct hone_message m = parsed(script);

	(void)state;
	assert_int_equal(m.paths.n, 2);
	assert_string_equal(m.paths.v[0], "native=/w/target/out");
	assert_int_equal(m.env.n, 2);
	assert_string_equal(m.env.v[0], "A=1=\xc3\xa9");
	assert_string_equal(m.env.v[1], "D=");
	assert_string_equal(m.paths.v[1], "/usr/lib");
	hone_message_release(&m);
	m = parsed(artifact);
	assert_int_equal(m.paths.n, 1);
	assert_string_equal(m.paths.v[0], "/w/target/release/app");
	hone_message_release(&m);
}

static void an_artifact_names_its_program(void **state)
{
	struct hone_message m = parsed(artifact);
	(void)state;
	assert_int_equal(m.kind, HONE_MSG_ARTIFACT);
	assert_string_equal(m.package_id, "path+file:///w/app#0.1.0");
	assert_string_equal(m.target_name, "app");
	assert_int_equal(m.target_kind, HONE_KIND_BIN);
	assert_string_equal(m.executable, "/w/target/release/app");
	assert_true(m.fresh);
	assert_false(m.test);
	hone_message_release(&m);
	assert_null(m.executable);

	m = parsed(library);
	assert_int_equal(m.kind, HONE_MSG_ARTIFACT);
	assert_int_equal(m.target_kind, HONE_KIND_LIB);
	assert_null(m.executable);
	assert_false(m.fresh);
	hone_message_release(&m);
}

static void a_diagnostic_has_its_text(void **state)
{
	struct hone_message m = parsed(diagnostic);
	(void)state;
	assert_int_equal(m.kind, HONE_MSG_DIAGNOSTIC);
	assert_string_equal(m.level, "error");
	assert_string_equal(m.rendered, "error[E0425]: no\n");
	assert_string_equal(m.target_name, "app");
	hone_message_release(&m);
}

static void the_others_are_told_apart(void **state)
{
	struct hone_message m = parsed(script);
	(void)state;
	assert_int_equal(m.kind, HONE_MSG_BUILD_SCRIPT);
	assert_string_equal(m.out_dir, "/w/target/out");
	hone_message_release(&m);
	m = parsed("  {\"reason\":\"build-finished\",\"success\":true}\r\n");
	assert_int_equal(m.kind, HONE_MSG_FINISHED);
	assert_true(m.success);
	hone_message_release(&m);
	m = parsed("{\"reason\":\"build-finished\",\"success\":false}");
	assert_int_equal(m.kind, HONE_MSG_FINISHED);
	assert_false(m.success);
	hone_message_release(&m);
	m = parsed("{\"reason\":\"future-incompat\"}");
	assert_int_equal(m.kind, HONE_MSG_OTHER);
	hone_message_release(&m);
}

/* The file of each kind among those of a library that is built as several, as cargo 1.95 names them. */
static void files_are_chosen_by_their_kind(void **state)
{
	static const char lib[] =
		"{\"reason\":\"compiler-artifact\",\"target\":{\"kind\":[\"cdylib\"]},"
		"\"filenames\":[\"/d/libkinds.so\",\"/d/libkinds.a\",\"/d/libkinds.rlib\"],"
		"\"executable\":null}";
	static const char module[] =
		"{\"reason\":\"compiler-artifact\",\"target\":{\"kind\":[\"cdylib\"]},"
		"\"filenames\":[\"/d/kinds.wasm\",\"/d/libkinds.a\"],"
		"\"executable\":null}";
	static const char program[] =
		"{\"reason\":\"compiler-artifact\",\"target\":{\"kind\":[\"bin\"]},"
		"\"filenames\":[\"/d/app\",\"/d/app.so\"],"
		"\"executable\":\"/d/app\"}";
	const struct hone_platform linux_here = hone_platform_of("x86_64-unknown-linux-gnu", NULL);
	const struct hone_platform wasi = hone_platform_of("wasm32-wasip1", NULL);
	struct hone_message m = parsed(lib);

	(void)state;
	assert_int_equal(hone_artifact_kind_of(m.target_kind, &linux_here), HONE_ARTIFACT_CDYLIB);
	assert_string_equal(hone_artifact_kind_file(HONE_ARTIFACT_CDYLIB, &m), "/d/libkinds.so");
	assert_string_equal(hone_artifact_kind_file(HONE_ARTIFACT_STATICLIB, &m), "/d/libkinds.a");
	assert_string_equal(hone_artifact_kind_file(HONE_ARTIFACT_RLIB, &m), "/d/libkinds.rlib");
	assert_null(hone_artifact_kind_file(HONE_ARTIFACT_EXECUTABLE, &m));
	assert_null(hone_artifact_kind_file(HONE_ARTIFACT_NONE, &m));
	hone_message_release(&m);
	m = parsed(module);
	assert_int_equal(hone_artifact_kind_of(m.target_kind, &wasi), HONE_ARTIFACT_MODULE);
	assert_string_equal(hone_artifact_kind_file(HONE_ARTIFACT_MODULE, &m), "/d/kinds.wasm");
	hone_message_release(&m);
	m = parsed(program);
	assert_int_equal(
		hone_artifact_kind_of(m.target_kind, &linux_here), HONE_ARTIFACT_EXECUTABLE);
	assert_int_equal(hone_artifact_kind_of(m.target_kind, &wasi), HONE_ARTIFACT_MODULE);
	assert_string_equal(hone_artifact_kind_file(HONE_ARTIFACT_EXECUTABLE, &m), "/d/app");
	hone_message_release(&m);
	assert_int_equal(hone_artifact_kind_of(HONE_KIND_LIB, &linux_here), HONE_ARTIFACT_RLIB);
	assert_int_equal(
		hone_artifact_kind_of(HONE_KIND_PROC_MACRO, &linux_here), HONE_ARTIFACT_NONE);
	assert_string_equal(hone_artifact_kind_name(HONE_ARTIFACT_EXECUTABLE), "executable");
	assert_true(hone_artifact_kind_has_lto(HONE_ARTIFACT_STATICLIB));
	assert_false(hone_artifact_kind_has_lto(HONE_ARTIFACT_DYLIB));
}

static void other_output_is_no_message(void **state)
{
	static const char *const lines[] = {"", " ", "Compiling app", "[1]", "{", "{}",
		"{\"reason\":3}", "{\"reason\":\"compiler-artifact\"} x", "\"reason\"",
		"{\"reason\":\"a\",\"reason\":",
		"{\"reason\":\"compiler-artifact\",\"x\":\"\xff\"}"};
	(void)state;
	for (size_t i = 0; i < HONE_COUNT(lines); i++) {
		struct hone_message m = parsed(lines[i]);
		assert_int_equal(m.kind, HONE_MSG_OTHER);
		assert_null(m.package_id);
		hone_message_release(&m);
	}
}

static void wrong_types_leave_fields_empty(void **state)
{
	struct hone_message m =
		parsed("{\"reason\":\"compiler-artifact\",\"package_id\":1,\"target\":[],"
		       "\"executable\":{},\"fresh\":\"yes\"}");
	(void)state;
	assert_int_equal(m.kind, HONE_MSG_ARTIFACT);
	assert_null(m.package_id);
	assert_null(m.target_name);
	assert_int_equal(m.target_kind, HONE_KIND_OTHER);
	assert_null(m.executable);
	assert_false(m.fresh);
	hone_message_release(&m);
	m = parsed("{\"reason\":\"compiler-message\",\"message\":\"text\"}");
	assert_int_equal(m.kind, HONE_MSG_DIAGNOSTIC);
	assert_null(m.level);
	assert_null(m.rendered);
	hone_message_release(&m);
}

static void cut_and_deep_lines_are_survived(void **state)
{
	static char deep[100001];
	struct hone_message m;
	(void)state;
	for (size_t n = 0; n < sizeof(artifact) - 1; n++) {
		char *cut = hone_xstrndup(artifact, n);
		hone_message_parse((struct hone_view){cut, n}, &m);
		assert_int_equal(m.kind, HONE_MSG_OTHER);
		hone_message_release(&m);
		free(cut);
	}
	memset(deep, '[', sizeof(deep) - 1);
	memcpy(deep, "{\"a\":", 5);
	m = parsed(deep);
	assert_int_equal(m.kind, HONE_MSG_OTHER);
	hone_message_release(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_are_read),
		cmocka_unit_test(an_artifact_names_its_program),
		cmocka_unit_test(a_diagnostic_has_its_text),
		cmocka_unit_test(the_others_are_told_apart),
		cmocka_unit_test(files_are_chosen_by_their_kind),
		cmocka_unit_test(other_output_is_no_message),
		cmocka_unit_test(wrong_types_leave_fields_empty),
		cmocka_unit_test(cut_and_deep_lines_are_survived),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
