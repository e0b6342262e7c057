/* The JSON writer against Python's reader. */
#include "jsonw.h"
#include "proc.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <cmocka.h>

#include "scratch.h"

static void build(struct hone_buf *b, bool pretty)
{
	struct hone_jsonw w;

	hone_jsonw_init(&w, b, pretty);
	hone_jsonw_object(&w);
	hone_jsonw_kstr(&w, "plain", "a/b");
	hone_jsonw_kstr(&w, "escapes \"\\\n\t\r\x01\x7f", "\"\\\n\t\r\x01\x7f");
	hone_jsonw_kstr(&w, "utf8", "\xc3\xa9\xf0\x9f\x98\x80");
	hone_jsonw_kstr(&w, "bad", "a\xff\xc3(\xed\xa0\x80z");
	hone_jsonw_key(&w, "nul");
	hone_jsonw_view(&w, HONE_VIEW("a\0b"));
	hone_jsonw_kstr(&w, "none", NULL);
	hone_jsonw_ki64(&w, "min", INT64_MIN);
	hone_jsonw_ku64(&w, "max", UINT64_MAX);
	hone_jsonw_karray(&w, "floats");
	hone_jsonw_f64(&w, 0.1);
	hone_jsonw_f64(&w, 1.0 / 3);
	hone_jsonw_f64(&w, DBL_MAX);
	hone_jsonw_f64(&w, DBL_TRUE_MIN);
	hone_jsonw_f64(&w, -2.5);
	hone_jsonw_f64(&w, (double)NAN);
	hone_jsonw_f64(&w, (double)INFINITY);
	hone_jsonw_end(&w);
	hone_jsonw_karray(&w, "empty");
	hone_jsonw_end(&w);
	hone_jsonw_kobject(&w, "nested");
	hone_jsonw_karray(&w, "a");
	hone_jsonw_object(&w);
	hone_jsonw_end(&w);
	hone_jsonw_array(&w);
	hone_jsonw_bool(&w, true);
	hone_jsonw_bool(&w, false);
	hone_jsonw_null(&w);
	hone_jsonw_end(&w);
	hone_jsonw_end(&w);
	hone_jsonw_kbool(&w, "b", true);
	hone_jsonw_key(&w, "raw");
	hone_jsonw_raw(&w, "{\"x\": 1}");
	hone_jsonw_end(&w);
	hone_jsonw_end(&w);
	assert_int_equal(w.depth, 0);
}

static const char reader[] =
	"import json, sys\n"
	"def no_duplicates(pairs):\n"
	"    assert len(dict(pairs)) == len(pairs), pairs\n"
	"    return dict(pairs)\n"
	"def no_constants(name):\n"
	"    raise ValueError(name)\n"
	"have = json.loads(sys.stdin.buffer.read().decode('utf-8', 'strict'), strict=True,\n"
	"                  object_pairs_hook=no_duplicates, parse_constant=no_constants)\n"
	"want = {'plain': 'a/b',\n"
	"  'escapes \"\\\\\\n\\t\\r\\x01\\x7f': '\"\\\\\\n\\t\\r\\x01\\x7f',\n"
	"  'utf8': '\\u00e9\\U0001f600', 'bad': 'a\\ufffd\\ufffd(\\ufffd\\ufffd\\ufffdz',\n"
	"  'nul': 'a\\0b', 'none': None, 'min': -2**63, 'max': 2**64 - 1,\n"
	"  'floats': [0.1, 1 / 3, sys.float_info.max, 5e-324, -2.5, None, None], 'empty': [],\n"
	"  'nested': {'a': [{}, [True, False, None]], 'b': True, 'raw': {'x': 1}}}\n"
	"assert have == want, have\n"
	"assert list(have) == list(want)\n";

static void python_reads_what_was_written(void **state)
{
	const char *const argv[] = {"python3", "-c", reader, NULL};
	hone_auto_free char *path = in_scratch("json");
	hone_auto_err struct hone_err err = HONE_ERR_INIT;

	(void)state;
	for (int pretty = 0; pretty < 2; pretty++) {
		struct hone_proc_spec spec = {
			.argv = argv, .stdin_path = path, .deadline_ns = 60 * HONE_NS_PER_S};
		hone_auto_buf struct hone_buf b = HONE_BUF_INIT;

		build(&b, pretty);
		assert_int_equal(hone_fs_write(path, hone_buf_view(&b), 0600, &err), 0);
		if (hone_proc_run(&spec, NULL, &err))
			fail_msg("%s", err.msg);
	}
}

/* What would steer a terminal that shows the file, or turn its text around, is escaped. */
static void controls_are_escaped(void **state)
{
	hone_auto_buf struct hone_buf b = HONE_BUF_INIT;
	struct hone_jsonw w;

	(void)state;
	hone_jsonw_init(&w, &b, false);
	hone_jsonw_array(&w);
	hone_jsonw_str(&w, "\xc2\x9b\xe2\x80\xae\xe2\x81\xa6\xd8\x9c\xe2\x80\xa8\xc2\xa0");
	hone_jsonw_end(&w);
	assert_string_equal(hone_buf_str(&b), "[\"\\u009b\\u202e\\u2066\\u061c\\u2028\xc2\xa0\"]");
}

static void the_layout_is_as_documented(void **state)
{
	hone_auto_buf struct hone_buf b = HONE_BUF_INIT;
	struct hone_jsonw w;

	(void)state;
	for (int pretty = 1; pretty >= 0; pretty--) {
		hone_buf_reset(&b);
		hone_jsonw_init(&w, &b, pretty);
		hone_jsonw_object(&w);
		hone_jsonw_karray(&w, "a");
		hone_jsonw_i64(&w, 1);
		hone_jsonw_i64(&w, -2);
		hone_jsonw_end(&w);
		hone_jsonw_kobject(&w, "o");
		hone_jsonw_end(&w);
		hone_jsonw_end(&w);
		assert_string_equal(hone_buf_str(&b),
			pretty ? "{\n  \"a\": [\n    1,\n    -2\n  ],\n  \"o\": {}\n}\n"
			       : "{\"a\":[1,-2],\"o\":{}}");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			python_reads_what_was_written, scratch_make, scratch_remove),
		cmocka_unit_test(controls_are_escaped),
		cmocka_unit_test(the_layout_is_as_documented),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
