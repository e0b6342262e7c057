/* Reading TOML: values, positions, messages, limits. What is valid is the public suite's business
 * (tests/toml). */
#include "test_toml.h"

#include "fs.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char example[] = "# top\n"
			      "name = \"caf\\u00e9\\t\" # n\n"
			      "count = 0x1F\n"
			      "[a]\n"
			      "b.'c d'.e = -1.5e3\n"
			      "list = [true, { x = 1979-05-27 }, [ ]]\n"
			      "[[t]]\n"
			      "[t.sub]\n"
			      "\xc3\xa9_ = 1\n";

static const struct hone_toml_node *get(const struct hone_toml *doc, const char *path)
{
	hone_auto_strv struct hone_strv keys = HONE_STRV_INIT;

	split_path(path, &keys);
	return hone_toml_get_path(doc, hone_strv_argv(&keys), keys.n);
}

static void test_values(void **state)
{
	struct hone_toml *doc = parse("name = \"caf\\u00e9\\t\" # n\n"
				      "count = 0x1F\n"
				      "[a]\n"
				      "b.'c d'.e = -1.5e3\n"
				      "list = [true, { x = 1979-05-27 }, [ ]]\n"
				      "nul = \"a\\u0000b\"\n"
				      "[[t]]\n[[t]]\nk = inf\n",
		HONE_TOML_1_0);
	const struct hone_toml_node *node, *list;
	struct hone_view s;
	int64_t i;
	double x;
	bool b;

	(void)state;
	assert_true(hone_toml_string(get(doc, "name"), &s));
	assert_true(hone_view_is(s, "caf\xc3\xa9\t"));
	assert_true(hone_view_is(hone_toml_raw(get(doc, "name")), "\"caf\\u00e9\\t\""));
	assert_true(hone_toml_integer(get(doc, "count"), &i));
	assert_int_equal(i, 31);
	assert_false(hone_toml_float(get(doc, "count"), &x));
	assert_true(hone_toml_float(get(doc, "a|b|c d|e"), &x));
	assert_true(x == -1500.0);
	assert_true(hone_toml_string(get(doc, "a|nul"), &s));
	assert_int_equal(s.n, 3);

	list = get(doc, "a|list");
	assert_int_equal(hone_toml_type(list), HONE_TOML_ARRAY);
	assert_int_equal(hone_toml_count(list), 3);
	assert_true(hone_toml_bool(hone_toml_at(list, 0), &b) && b);
	node = hone_toml_get(hone_toml_at(list, 1), "x");
	assert_int_equal(hone_toml_type(node), HONE_TOML_LOCAL_DATE);
	assert_true(hone_view_is(hone_toml_key(node), "x"));
	assert_int_equal(hone_toml_count(hone_toml_at(list, 2)), 0);
	assert_null(hone_toml_at(list, 3));
	assert_true(hone_view_is(hone_toml_key(hone_toml_at(list, 0)), ""));

	assert_int_equal(hone_toml_type(get(doc, "t")), HONE_TOML_ARRAY);
	node = hone_toml_get(hone_toml_at(get(doc, "t"), 1), "k");
	assert_true(hone_toml_float(node, &x) && isinf(x));

	assert_null(get(doc, "a|missing|deeper"));
	assert_null(get(doc, "name|deeper"));
	assert_null(hone_toml_get(NULL, "x"));
	assert_ptr_equal(hone_toml_get_path(doc, NULL, 0), hone_toml_root(doc));
	assert_string_equal(hone_toml_type_name(hone_toml_type(hone_toml_root(doc))), "table");
	hone_toml_free(doc);
}

static void assert_pos(struct hone_toml_pos pos, unsigned line, unsigned col)
{
	assert_int_equal(pos.line, line);
	assert_int_equal(pos.col, col);
}

static void test_positions(void **state)
{
	struct hone_toml *doc = parse("\xef\xbb\xbfname = \"x\"\r\n"
				      "  [a . b]\n"
				      "\tc.\"\xc3\xa9\".e = '\xc3\xa9' \n"
				      "f = [1, { g = 2 }]",
		HONE_TOML_1_0);
	hone_auto_free char *where = hone_toml_where(doc, hone_toml_value_pos(get(doc, "name")));
	hone_auto_err struct hone_err err = HONE_ERR_INIT;

	(void)state;
	assert_string_equal(where, "doc.toml:1:8");
	assert_pos(hone_toml_key_pos(get(doc, "name")), 1, 1);
	assert_pos(hone_toml_key_pos(get(doc, "a|b")), 2, 3);
	assert_pos(hone_toml_value_pos(get(doc, "a|b")), 2, 3);
	assert_pos(hone_toml_value_pos(get(doc, "a|b|c|\xc3\xa9|e")), 3, 12);
	assert_pos(hone_toml_key_pos(get(doc, "a|b|c|\xc3\xa9|e")), 3, 2);
	assert_pos(hone_toml_value_pos(hone_toml_at(get(doc, "a|b|f"), 1)), 4, 9);
	assert_pos(
		hone_toml_value_pos(hone_toml_get(hone_toml_at(get(doc, "a|b|f"), 1), "g")), 4, 15);
	assert_int_equal(hone_toml_complain(get(doc, "a|b|c|\xc3\xa9|e"), HONE_E_USAGE, &err,
				 "%s is wrong", "this"),
		HONE_E_USAGE);
	assert_string_equal(err.msg, "doc.toml:3:12: this is wrong\n"
				     "     c.\"\xc3\xa9\".e = '\xc3\xa9' \n"
				     "               ^");
	hone_toml_free(doc);
}

/* The whole message, as a user sees it. */
static void test_messages(void **state)
{
	static const struct {
		const char *text, *message;
	} broken[] = {
		{"a = 1\nlto = \nb = 2\n",
			"doc.toml:2:7: a value was expected, not the end of the line\n"
			"    lto = \n          ^"},
		{"a = fat\n",
			"doc.toml:1:5: a value was expected; a string needs quotes, a bool is "
			"`true` or `false`\n    a = fat\n        ^"},
		{"a 1\n", "doc.toml:1:3: `=` was expected after the key, not `1`\n"
			  "    a 1\n      ^"},
		{"= 1\n", "doc.toml:1:1: a key was expected, not `=`\n    = 1\n    ^"},
		{"a = 1 b = 2\n", "doc.toml:1:7: a new line was expected, not `b`\n"
				  "    a = 1 b = 2\n          ^"},
		{"a = \"x\nb = 1\n", "doc.toml:1:5: this string is not closed on its line\n"
				     "    a = \"x\n        ^"},
		{"a = '''x\nb = 1\n",
			"doc.toml:1:5: this string is never closed\n    a = '''x\n        ^"},
		{"p = \"C:\\dir\"\n", "doc.toml:1:8: unknown escape; a backslash itself is written "
				      "`\\\\`, or use "
				      "'...' quotes\n    p = \"C:\\dir\"\n           ^"},
		{"p = \"\\e\"\n", "doc.toml:1:6: the escape `\\e` needs TOML 1.1\n"
				  "    p = \"\\e\"\n         ^"},
		{"p = \"\\ud800\"\n",
			"doc.toml:1:6: U+D800 is no Unicode character (a scalar value)\n"
			"    p = \"\\ud800\"\n         ^"},
		{"a = 1\n[x]\na = 2\na = 3\n",
			"doc.toml:4:1: this key is already used (line 3)\n    a = 3\n    ^"},
		{"[x]\n[y]\n[x]\n", "doc.toml:3:2: this table is already defined (line 1)\n"
				    "    [x]\n     ^"},
		{"x = { a = 1 }\n[x.b]\n",
			"doc.toml:2:2: a header cannot add to an inline table (line 1)\n"
			"    [x.b]\n     ^"},
		{"[a.b]\n[a]\nb.c = 1\n",
			"doc.toml:3:1: dotted keys cannot add to a table that is defined "
			"elsewhere (line 1)\n    b.c = 1\n    ^"},
		{"x = []\n[[x]]\n", "doc.toml:2:3: [[...]] cannot add to an array that is "
				    "written as a value (line 1)\n    [[x]]\n      ^"},
		{"[[x]]\n[x]\n", "doc.toml:2:2: this is an array of tables: write [[...]] "
				 "(line 1)\n    [x]\n     ^"},
		{"x = { a = 1,\n}\n", "doc.toml:1:13: a line break or comment in an inline table "
				      "needs TOML 1.1\n    x = { a = 1,\n                ^"},
		{"x = { a = 1, }\n",
			"doc.toml:1:14: a comma at the end of an inline table needs TOML 1.1\n"
			"    x = { a = 1, }\n                 ^"},
		{"x = [1\n", "doc.toml:2:1: `,` or `]` was expected in the array, not the end of "
			     "the file\n    \n    ^"},
		{"x = 012\n", "doc.toml:1:5: this is no valid number\n    x = 012\n        ^"},
		{"x = 1__0\n", "doc.toml:1:5: an underscore in a number must stand between two "
			       "digits\n    x = 1__0\n        ^"},
		{"x = 9223372036854775808\n",
			"doc.toml:1:5: the number is out of the range of a 64-bit integer\n"
			"    x = 9223372036854775808\n        ^"},
		{"x = 1e999\n", "doc.toml:1:5: the number is out of the range of a 64-bit float\n"
				"    x = 1e999\n        ^"},
		{"x = 2023-02-29\n", "doc.toml:1:5: this is no valid date or time\n"
				     "    x = 2023-02-29\n        ^"},
		{"\xc3\xa9 = 1\n", "doc.toml:1:1: a key was expected, not `\xc3\xa9`\n"
				   "    \xc3\xa9 = 1\n    ^"},
		/* wide characters take two columns, control bytes are shown as such */
		{"x = \"\xe6\x97\xa5\" \x1b[31m\n",
			"doc.toml:1:9: the control character U+001B is not allowed here\n"
			"    x = \"\xe6\x97\xa5\" \\x1b[31m\n             ^"},
		{"x = 1\ry = 2\n",
			"doc.toml:1:6: a carriage return stands alone, without a line feed\n"
			"    x = 1\\x0dy = 2\n         ^"},
		{"x = \"\xff\"\n", "doc.toml:1:6: this byte is not UTF-8\n"
				   "    x = \"\\xff\"\n         ^"},
		{"\"\"\"k\"\"\" = 1\n", "doc.toml:1:1: a multi-line string cannot be a key\n"
					"    \"\"\"k\"\"\" = 1\n    ^"},
	};

	(void)state;
	for (size_t i = 0; i < HONE_COUNT(broken); i++) {
		hone_auto_err struct hone_err err = HONE_ERR_INIT;
		struct hone_toml *doc = NULL;

		assert_int_equal(hone_toml_parse("doc.toml", hone_view_of(broken[i].text),
					 HONE_TOML_1_0, &doc, &err),
			HONE_E_SYNTAX);
		assert_null(doc);
		assert_string_equal(err.msg, broken[i].message);
	}
}

/* A line of any length is shown only near the place. */
static void test_long_line(void **state)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	struct hone_toml *doc;

	(void)state;
	hone_buf_adds(&text, "a = [");
	for (int i = 0; i < 100000; i++)
		hone_buf_adds(&text, "'\xc3\xa9',");
	hone_buf_adds(&text, "x,");
	for (int i = 0; i < 100000; i++)
		hone_buf_adds(&text, "'\xc3\xa9',");
	assert_int_equal(
		hone_toml_parse("doc.toml", hone_buf_view(&text), HONE_TOML_1_0, &doc, &err),
		HONE_E_SYNTAX);
	assert_true(hone_starts(err.msg, "doc.toml:1:400006: a value was expected"));
	assert_true(strlen(err.msg) < 500);
}

/* n times the same text, then the end. */
static int parse_repeated(
	const char *begin, const char *part, size_t n, const char *end, struct hone_err *err)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	struct hone_toml *doc;
	int r;

	hone_buf_adds(&text, begin);
	for (size_t i = 0; i < n; i++)
		hone_buf_adds(&text, part);
	hone_buf_adds(&text, end);
	r = hone_toml_parse("doc.toml", hone_buf_view(&text), HONE_TOML_1_0, &doc, err);
	if (r == 0)
		hone_toml_free(doc);
	return r;
}

static void test_limits(void **state)
{
	static const struct {
		const char *begin, *part, *end;
		enum hone_code at_128, at_129, at_many;
	} deep[] = {
		{"x = ", "[", "", HONE_E_SYNTAX, HONE_E_LIMIT, HONE_E_LIMIT},
		{"", "{a=", "1", HONE_E_SYNTAX, HONE_E_SYNTAX, HONE_E_SYNTAX},
		{"x = ", "{a=", "1", HONE_E_SYNTAX, HONE_E_LIMIT, HONE_E_LIMIT},
		{"", "a.", "a = 1", HONE_E_LIMIT, HONE_E_LIMIT, HONE_E_LIMIT},
		{"", "a.", "= 1", HONE_E_LIMIT, HONE_E_LIMIT, HONE_E_LIMIT},
		{"[", "a.", "a]", HONE_E_LIMIT, HONE_E_LIMIT, HONE_E_LIMIT},
	};
	hone_auto_err struct hone_err err = HONE_ERR_INIT;

	(void)state;
	for (size_t i = 0; i < HONE_COUNT(deep); i++) {
		assert_int_equal(
			parse_repeated(deep[i].begin, deep[i].part, 128, deep[i].end, &err),
			deep[i].at_128);
		assert_int_equal(
			parse_repeated(deep[i].begin, deep[i].part, 129, deep[i].end, &err),
			deep[i].at_129);
		assert_int_equal(
			parse_repeated(deep[i].begin, deep[i].part, 1000000, deep[i].end, &err),
			deep[i].at_many);
	}
	/* 127 tables and a value in the last are accepted. */
	assert_int_equal(parse_repeated("", "a.", 127, "a = 1", &err), 0);
	assert_int_equal(parse_repeated("x = ", "[", 128, "", &err), HONE_E_SYNTAX);
}

static void test_too_large(void **state)
{
	size_t n = ((size_t)64 << 20) + 1;
	hone_auto_free char *text = hone_xmalloc(n);
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	struct hone_toml *doc;

	(void)state;
	memset(text, '\n', n);
	assert_int_equal(
		hone_toml_parse("doc.toml", (struct hone_view){text, n}, HONE_TOML_1_0, &doc, &err),
		HONE_E_LIMIT);
}

/* Twice the keys take about twice the time, also with all keys in one table. */
static void test_many_keys(void **state)
{
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	char key[32];
	struct hone_toml *doc;
	int64_t value;

	(void)state;
	for (int i = 0; i < 300000; i++)
		hone_buf_addf(&text, "key%d = %d\n", i, i);
	doc = parse(hone_buf_str(&text), HONE_TOML_1_0);
	assert_int_equal(hone_toml_count(hone_toml_root(doc)), 300000);
	for (int i = 0; i < 300000; i++) {
		(void)snprintf(key, sizeof(key), "key%d", i);
		assert_true(hone_toml_integer(hone_toml_get(hone_toml_root(doc), key), &value));
		assert_int_equal(value, i);
	}
	hone_toml_free(doc);
}

static void test_read(void **state)
{
	char path[] = "/tmp/hone-toml-XXXXXX";
	int fd = mkstemp(path);
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	struct hone_file_id id;
	struct hone_toml *doc;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, example, sizeof(example) - 1), sizeof(example) - 1);
	(void)close(fd);
	assert_int_equal(hone_toml_read(path, HONE_TOML_1_0, &doc, &id, &err), HONE_E_SYNTAX);
	assert_true(hone_starts(err.msg, path)); /* the last line's key is not ASCII */
	assert_non_null(strstr(err.msg, ":9:1: a key was expected"));
	assert_int_equal(truncate(path, (off_t)(strstr(example, "\xc3\xa9") - example)), 0);
	assert_int_equal(hone_toml_read(path, HONE_TOML_1_0, &doc, &id, &err), 0);
	assert_string_equal(hone_toml_name(doc), path);
	assert_int_equal(id.size, strstr(example, "\xc3\xa9") - example);
	hone_toml_free(doc);
	(void)unlink(path);
	assert_int_equal(hone_toml_read(path, HONE_TOML_1_0, &doc, NULL, &err), HONE_E_NOT_FOUND);
}

static void test_quote(void **state)
{
	hone_auto_buf struct hone_buf b = HONE_BUF_INIT;

	(void)state;
	hone_toml_quote(&b, HONE_VIEW("a\"b\\c\n\t\x1b\x7f\0\xc3\xa9"));
	assert_string_equal(hone_buf_str(&b), "\"a\\\"b\\\\c\\n\\t\\u001B\\u007F\\u0000\xc3\xa9\"");
	hone_buf_reset(&b);
	hone_toml_quote_key(&b, HONE_VIEW("opt-level_3"));
	hone_buf_addc(&b, ' ');
	hone_toml_quote_key(&b, HONE_VIEW("a.b"));
	hone_buf_addc(&b, ' ');
	hone_toml_quote_key(&b, HONE_VIEW(""));
	assert_string_equal(hone_buf_str(&b), "opt-level_3 \"a.b\" \"\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_positions),
		cmocka_unit_test(test_messages),
		cmocka_unit_test(test_long_line),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_too_large),
		cmocka_unit_test(test_many_keys),
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_quote),
	};

	(void)setlocale(LC_CTYPE, "C.UTF-8"); /* for the width of characters */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
