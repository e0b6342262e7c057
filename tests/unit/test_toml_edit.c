/* Edits of a TOML document, by golden pairs: what a person would have written by hand. */
#include "test_toml.h"

enum op { SET, APPEND, REMOVE };

struct edit_case {
	const char *name, *before;
	enum op op;
	const char *path; /* keys with | between them */
	const char *value;
	const char *after;
};

static const struct edit_case cases[] = {
	{"replace, the comment stays", "[profile.release]\nlto = false # slow?\n", SET,
		"profile|release|lto", "\"fat\"", "[profile.release]\nlto = \"fat\" # slow?\n"},
	{"equal value, other spelling", "a = 'x' # c\n", SET, "a", "\"x\"", "a = 'x' # c\n"},
	{"literal quotes stay", "a = 'x'\n", SET, "a", "\"y\"", "a = 'y'\n"},
	{"literal quotes impossible", "a = 'x'\n", SET, "a", "\"it's\"", "a = \"it's\"\n"},
	{"basic quotes stay", "a = \"x\"\n", SET, "a", "'y'", "a = \"y\"\n"},
	{"the document's usual quotes", "a = 'x'\nb = 1\n", SET, "c", "\"y\"",
		"a = 'x'\nb = 1\nc = 'y'\n"},
	{"multi-line value replaced", "a = [\n  1,\n]\nb = 2\n", SET, "a", "[2]",
		"a = [2]\nb = 2\n"},
	{"add to a section", "[profile.release]\nlto = true\n\n[x]\n", SET, "profile|release|panic",
		"\"abort\"", "[profile.release]\nlto = true\npanic = \"abort\"\n\n[x]\n"},
	{"add behind a comment on the line", "[a]\nx = 1 # one\n# y = 2\n", SET, "a|z", "3",
		"[a]\nx = 1 # one\nz = 3\n# y = 2\n"},
	{"add to an empty section", "[a]\n\n[b]\n", SET, "a|x", "1", "[a]\nx = 1\n\n[b]\n"},
	{"add after a multi-line value", "[a]\nx = [\n  1,\n]\n\n[b]\n", SET, "a|y", "1",
		"[a]\nx = [\n  1,\n]\ny = 1\n\n[b]\n"},
	{"CRLF", "[a]\r\nx = 1\r\n", SET, "a|y", "2", "[a]\r\nx = 1\r\ny = 2\r\n"},
	{"CRLF, new section", "[a]\r\nx = 1\r\n", SET, "b|y", "2",
		"[a]\r\nx = 1\r\n\r\n[b]\r\ny = 2\r\n"},
	{"BOM", "\xef\xbb\xbf[a]\nx = 1\n", SET, "y", "2", "\xef\xbb\xbfy = 2\n\n[a]\nx = 1\n"},
	{"BOM alone", "\xef\xbb\xbf", SET, "y", "2", "\xef\xbb\xbfy = 2\n"},
	{"no line ending at the end", "[a]\nx = 1", SET, "a|y", "2", "[a]\nx = 1\ny = 2"},
	{"no line ending, new section", "[a]\nx = 1", SET, "b|y", "2", "[a]\nx = 1\n\n[b]\ny = 2"},
	{"empty document", "", SET, "profile|release|lto", "true",
		"[profile.release]\nlto = true\n"},
	{"only a comment", "# hello\n", SET, "a|x", "1", "# hello\n\n[a]\nx = 1\n"},
	{"indented keys", "[a]\n  x = 1\n", SET, "a|y", "2", "[a]\n  x = 1\n  y = 2\n"},
	{"tabs", "[a]\n\tx = 1\n", SET, "b|y", "2", "[a]\n\tx = 1\n\n[b]\n\ty = 2\n"},
	{"indented headers", "[a]\n\n  [a.b]\n    x = 1\n", SET, "a|c|y", "2",
		"[a]\n\n  [a.b]\n    x = 1\n\n  [a.c]\n    y = 2\n"},
	{"no blanks around =", "[a]\nx=1\n", SET, "a|y", "2", "[a]\nx=1\ny=2\n"},
	{"no blanks around =, new section", "[a]\nx=1\n", SET, "b|y", "2",
		"[a]\nx=1\n\n[b]\ny=2\n"},
	{"= in a column", "[a]\nopt-level = 1\nlto       = true\n", SET, "a|debug", "2",
		"[a]\nopt-level = 1\nlto       = true\ndebug     = 2\n"},
	{"= in a column, longer key", "[a]\nx     = 1\n", SET, "a|longer-key", "2",
		"[a]\nx     = 1\nlonger-key = 2\n"},
	{"new section at the end", "[package]\nname = \"x\"\n", SET, "profile|release|lto",
		"\"fat\"", "[package]\nname = \"x\"\n\n[profile.release]\nlto = \"fat\"\n"},
	{"new section after a sibling",
		"[profile.dev]\nopt-level = 1\n\n# of the next\n[lints]\nx = 1\n", SET,
		"profile|release|lto", "true",
		"[profile.dev]\nopt-level = 1\n\n[profile.release]\nlto = true\n\n"
		"# of the next\n[lints]\nx = 1\n"},
	{"comments at the sibling's end stay with it",
		"[profile.dev]\nopt-level = 1\n# lto = true\n\n# debug = 1\n\n[lints]\n", SET,
		"profile|release|lto", "true",
		"[profile.dev]\nopt-level = 1\n# lto = true\n\n# debug = 1\n\n"
		"[profile.release]\nlto = true\n\n[lints]\n"},
	{"sections without blank lines", "[a]\nx = 1\n[b]\nx = 1\n", SET, "c|x", "1",
		"[a]\nx = 1\n[b]\nx = 1\n[c]\nx = 1\n"},
	{"subtable of a section", "[profile.release]\nlto = true\n\n[x]\n", SET,
		"profile|release|package|foo@1.0|opt-level", "3",
		"[profile.release]\nlto = true\n\n[profile.release.package.\"foo@1.0\"]\n"
		"opt-level = 3\n\n[x]\n"},
	{"a table that only subtables imply",
		"[package]\n\n# hot\n[profile.release.package.foo]\nopt-level = 3\n", SET,
		"profile|release|lto", "true",
		"[package]\n\n[profile.release]\nlto = true\n\n# hot\n"
		"[profile.release.package.foo]\nopt-level = 3\n"},
	{"root key among sections", "# licence\n\n# of a\n[a]\nx = 1\n", SET, "k", "1",
		"# licence\n\nk = 1\n\n# of a\n[a]\nx = 1\n"},
	{"root key after others", "a = 1\n\n[b]\n", SET, "c", "2", "a = 1\nc = 2\n\n[b]\n"},
	{"inline table", "profile = { release = { lto = true } }\n", SET, "profile|release|panic",
		"\"abort\"", "profile = { release = { lto = true, panic = \"abort\" } }\n"},
	{"inline sibling", "[profile]\ndev = { debug = 1 }\n", SET, "profile|release|lto", "true",
		"[profile]\ndev = { debug = 1 }\nrelease = { lto = true }\n"},
	{"inline in inline", "profile = { dev = { debug = 1 } }\n", SET, "profile|release|lto",
		"true", "profile = { dev = { debug = 1 }, release = { lto = true } }\n"},
	{"empty inline table", "a = {}\n", SET, "a|b|c", "1", "a = { b.c = 1 }\n"},
	{"empty inline table with a blank", "a = { }\n", SET, "a|b", "1", "a = { b = 1 }\n"},
	{"dotted in inline", "a = { b.x = 1, c = 2 }\n", SET, "a|b|y", "3",
		"a = { b.x = 1, b.y = 3, c = 2 }\n"},
	{"inline without blanks", "a = {x=1}\n", SET, "a|y", "2", "a = {x=1, y=2}\n"},
	{"section [profile] alone", "[profile]\n\n[z]\n", SET, "profile|release|lto", "true",
		"[profile]\n\n[profile.release]\nlto = true\n\n[z]\n"},
	{"dotted keys", "profile.release.lto = true # c\nother = 1\n", SET, "profile|release|panic",
		"\"abort\"",
		"profile.release.lto = true # c\nprofile.release.panic = \"abort\"\nother = 1\n"},
	{"dotted keys as spelled", "profile . \"release\".lto = true\n", SET,
		"profile|release|panic", "1",
		"profile . \"release\".lto = true\nprofile . \"release\".panic = 1\n"},
	{"dotted, deeper", "profile.release.lto = true\n", SET, "profile|release|package|a b|debug",
		"1", "profile.release.lto = true\nprofile.release.package.\"a b\".debug = 1\n"},
	{"dotted, sibling", "profile.dev.debug = 1\n", SET, "profile|release|lto", "true",
		"profile.dev.debug = 1\nprofile.release.lto = true\n"},
	{"dotted below a header", "[profile]\nrelease.lto = true\n\n[z]\n", SET,
		"profile|dev|debug", "1", "[profile]\nrelease.lto = true\ndev.debug = 1\n\n[z]\n"},
	{"quoted keys found", "[profile.\"release\"]\n\"lto\" = true\n", SET, "profile|release|lto",
		"false", "[profile.\"release\"]\n\"lto\" = false\n"},
	{"empty and odd keys", "", SET, "|a.b|\xc3\xa9", "1", "[\"\".\"a.b\"]\n\"\xc3\xa9\" = 1\n"},
	{"string that looks like a comment", "s = \"\"\"\n# x \"\"\"\n[a]\ny = 1\n", SET, "b", "1",
		"s = \"\"\"\n# x \"\"\"\nb = 1\n[a]\ny = 1\n"},

	{"append on one line", "a = [1, 2]\n", APPEND, "a", "3", "a = [1, 2, 3]\n"},
	{"append, no blanks", "a = [1,2]\n", APPEND, "a", "3", "a = [1,2,3]\n"},
	{"append, comma at the end", "a = [1, 2, ]\n", APPEND, "a", "3", "a = [1, 2, 3, ]\n"},
	{"append to empty", "a = []\n", APPEND, "a", "\"x\"", "a = [\"x\"]\n"},
	{"append, quotes of the last", "a = ['x']\nb = \"\"\nc = \"\"\n", APPEND, "a", "\"y\"",
		"a = ['x', 'y']\nb = \"\"\nc = \"\"\n"},
	{"append to lines", "a = [\n    1, # one\n    2, # two\n]\n", APPEND, "a", "3",
		"a = [\n    1, # one\n    2, # two\n    3,\n]\n"},
	{"append to lines, no last comma", "a = [\r\n  1,\r\n  2 # two\r\n]\r\n", APPEND, "a", "3",
		"a = [\r\n  1,\r\n  2, # two\r\n  3\r\n]\r\n"},
	{"append, bracket on the last line", "a = [\n  1,\n  2]\n", APPEND, "a", "3",
		"a = [\n  1,\n  2,\n  3]\n"},
	{"append to wrapped lines", "a = [\n  1, 2,\n  3, 4, # c\n]\n", APPEND, "a", "5",
		"a = [\n  1, 2,\n  3, 4, 5, # c\n]\n"},
	{"append to empty lines", "a = [\n  # none yet\n]\n", APPEND, "a", "1",
		"a = [\n  # none yet\n  1,\n]\n"},
	{"append to an empty pair of lines", "a = [\n]\n", APPEND, "a", "1", "a = [\n    1,\n]\n"},
	{"append, comma on its own line", "a = [\n  1\n  , # c\n]\n", APPEND, "a", "2",
		"a = [\n  1\n  , # c\n  2,\n]\n"},
	{"append creates", "[x]\n", APPEND, "x|a", "1", "[x]\na = [1]\n"},

	{"remove a key and its comments", "a = 1\n# about b\n# more\nb = 2 # two\nc = 3\n", REMOVE,
		"b", NULL, "a = 1\nc = 3\n"},
	{"remove leaves other comments", "a = 1\n# apart\n\n# about b\nb = 2\nc = 3\n", REMOVE, "b",
		NULL, "a = 1\n# apart\n\nc = 3\n"},
	{"remove a key between blank lines", "a = 1\n\nb = 2\n\nc = 3\n", REMOVE, "b", NULL,
		"a = 1\n\nc = 3\n"},
	{"remove the first", "a = 1\n\nb = 2\n", REMOVE, "a", NULL, "b = 2\n"},
	{"remove the last line", "a = 1\nb = 2", REMOVE, "b", NULL, "a = 1"},
	{"remove a multi-line value", "a = [\n  1,\n]\nb = 2\n", REMOVE, "a", NULL, "b = 2\n"},
	{"remove keeps the header", "[a]\nx = 1\n\n[b]\n", REMOVE, "a|x", NULL, "[a]\n\n[b]\n"},
	{"remove a section", "[a]\nx = 1\n\n# about b\n[b]\ny = 1\n\n# c\n[c]\n", REMOVE, "b", NULL,
		"[a]\nx = 1\n\n# c\n[c]\n"},
	{"remove a section and those below", "[a]\n\n[a.b]\nx = 1\n\n[c]\n\n[a.d]\ny = 1\n", REMOVE,
		"a", NULL, "[c]\n"},
	{"remove an implied table", "[x]\n\n[a.b]\n\n[y]\n\n[a.c]\n", REMOVE, "a", NULL,
		"[x]\n\n[y]\n"},
	{"remove an array of tables", "[[a]]\nx = 1\n[[a]]\nx = 2\n[b]\n", REMOVE, "a", NULL,
		"[b]\n"},
	{"remove dotted keys", "a.x = 1\nb = 2\na.y.z = 3\n", REMOVE, "a", NULL, "b = 2\n"},
	{"remove one dotted key", "a.x = 1\na.y = 2\n", REMOVE, "a|x", NULL, "a.y = 2\n"},
	{"remove from inline, first", "a = { x = 1, y = 2 }\n", REMOVE, "a|x", NULL,
		"a = { y = 2 }\n"},
	{"remove from inline, middle", "a = { x = 1, y = 2, z = 3 }\n", REMOVE, "a|y", NULL,
		"a = { x = 1, z = 3 }\n"},
	{"remove from inline, last", "a = { x = 1, y = 2 }\n", REMOVE, "a|y", NULL,
		"a = { x = 1 }\n"},
	{"remove from inline, only", "a = { x = 1 }\n", REMOVE, "a|x", NULL, "a = {}\n"},
	{"remove from inline, dotted", "a = { b.x = 1, c = 2, b.y = 3 }\n", REMOVE, "a|b", NULL,
		"a = { c = 2 }\n"},
	{"remove a multi-line value from inline", "a = { x = 1, y = [\n  2,\n] }\n", REMOVE, "a|y",
		NULL, "a = { x = 1 }\n"},
	{"remove the only one, multi-line", "a = { y = [\n  2,\n] }\n", REMOVE, "a|y", NULL,
		"a = {}\n"},
	{"CRLF remove", "a = 1\r\nb = 2\r\n", REMOVE, "a", NULL, "b = 2\r\n"},

	{"1.1: lines in an inline table", "a = {\n  x = 1, # one\n}\n", SET, "a|y", "2",
		"a = {\n  x = 1, # one\n  y = 2,\n}\n"},
	{"1.1: lines, no last comma", "a = {\n  x = 1\n}\n", SET, "a|y", "2",
		"a = {\n  x = 1,\n  y = 2\n}\n"},
	{"1.1: remove a line", "a = {\n  x = 1,\n  # about y\n  y = 2, # two\n  z = 3,\n}\n",
		REMOVE, "a|y", NULL, "a = {\n  x = 1,\n  z = 3,\n}\n"},
	{"1.1: remove the last line", "a = {\n  x = 1, # one\n  y = 2\n}\n", REMOVE, "a|y", NULL,
		"a = {\n  x = 1 # one\n}\n"},
	{"1.1: remove among odd line breaks", "a = { c = 0, b.x = 1\n, b.y = 2, b.z = 3 }\n",
		REMOVE, "a|b", NULL, "a = { c = 0   }\n"},
	{"1.1: the next item stands behind the comma", "a = {\n  b.x = 1\n  , c = 2,\n  d = 3\n}\n",
		SET, "a|b|y", "2", "a = {\n  b.x = 1, b.y = 2\n  , c = 2,\n  d = 3\n}\n"},
	{"1.1: remove all lines", "a = {\n  x = 1,\n}\n", REMOVE, "a|x", NULL, "a = {\n}\n"},
	{"1.1: add to empty lines", "a = {\n}\n", SET, "a|x", "1", "a = {\n    x = 1,\n}\n"},
	{"1.1: comma at the end", "a = { x = 1, }\n", SET, "a|y", "2", "a = { x = 1, y = 2, }\n"},
};

static int run(struct hone_toml *doc, const struct edit_case *c, struct hone_err *err)
{
	hone_auto_strv struct hone_strv path = HONE_STRV_INIT;

	split_path(c->path, &path);
	switch (c->op) {
	case SET:
		return hone_toml_set(doc, hone_strv_argv(&path), path.n, c->value, err);
	case APPEND:
		return hone_toml_append(doc, hone_strv_argv(&path), path.n, c->value, err);
	case REMOVE:
		return hone_toml_remove(doc, hone_strv_argv(&path), path.n, err);
	}
	hone_bug("no such edit");
}

static void test_golden(void **state)
{
	(void)state;
	for (size_t i = 0; i < HONE_COUNT(cases); i++) {
		const struct edit_case *c = &cases[i];
		struct hone_toml *doc = parse(c->before, HONE_TOML_1_1);
		hone_auto_err struct hone_err err = HONE_ERR_INIT;

		if (run(doc, c, &err) < 0)
			fail_msg("%s: %s", c->name, err.msg);
		assert_text(c->name, doc, c->after);
		if (c->op == SET) { /* once more changes nothing */
			assert_int_equal(run(doc, c, &err), 0);
			assert_text(c->name, doc, c->after);
		} else if (c->op == REMOVE) {
			assert_int_equal(run(doc, c, &err), HONE_E_NOT_FOUND);
		}
		hone_toml_free(doc);
	}
}

/* What a set adds, a remove takes away again, byte by byte. */
static void test_remove_undoes_set(void **state)
{
	static const char *const texts[] = {
		"[package]\nname = \"x\"\n",
		"[package]\nname = \"x\"",
		"[a]\r\nx = 1\r\n\r\n[b]\r\n",
		"[a]\nx = 1\n[b]\ny = 1\n",
		"# c\n\n[profile.dev]\nx = 1\n\n# d\n[z]\n",
		"[profile.release.package.a]\nx = 1\n",
	};
	static const char *const keys[] = {"profile", "release", "lto"};

	(void)state;
	for (size_t i = 0; i < HONE_COUNT(texts); i++) {
		struct hone_toml *doc = parse(texts[i], HONE_TOML_1_0);
		hone_auto_err struct hone_err err = HONE_ERR_INIT;

		assert_int_equal(hone_toml_set(doc, keys, 3, "true", &err), 0);
		if (hone_toml_count(hone_toml_get_path(doc, keys, 2)) == 1) {
			assert_int_equal(hone_toml_remove(doc, keys, 2, &err), 0);
			assert_text(texts[i], doc, texts[i]);
		}
		hone_toml_free(doc);
	}
}

static void test_refused(void **state)
{
	static const struct {
		const char *text;
		enum op op;
		const char *path, *value;
		enum hone_code code;
		const char *message;
	} refused[] = {
		{"\n  profile = 1\n", SET, "profile|release|lto", "true", HONE_E_CONFLICT,
			"doc.toml:2:13: `profile` is a value, so it cannot hold a key\n      "
			"profile = 1\n                ^"},
		{"[profile.release]\n", SET, "profile|release", "1", HONE_E_CONFLICT,
			"doc.toml:1:1: `profile.release` is a table with keys of its own, not a "
			"value\n"
			"    [profile.release]\n    ^"},
		{"[[a]]\n", SET, "a|x", "1", HONE_E_CONFLICT,
			"doc.toml:1:3: `a` is an array, through which no key path leads\n"
			"    [[a]]\n      ^"},
		{"a = 1\n", SET, "b", "1\nc = 2", HONE_E_SYNTAX,
			"`1\nc = 2` is more than one TOML value"},
		{"a = 1\n", SET, "b", "1 # x", HONE_E_SYNTAX,
			"`1 # x` is more than one TOML value"},
		{"a = 1\n", SET, "b", "", HONE_E_SYNTAX,
			"value:1:4: a value was expected, not the end of the file\n    v =\n"
			"       ^"},
		{"a = 1\n", APPEND, "a", "1", HONE_E_CONFLICT,
			"doc.toml:1:5: `a` is not an array of values\n    a = 1\n        ^"},
		{"[[a]]\n", APPEND, "a", "1", HONE_E_CONFLICT,
			"doc.toml:1:3: `a` is not an array of values\n    [[a]]\n      ^"},
		{"a = 1\n", REMOVE, "b|c d", NULL, HONE_E_NOT_FOUND,
			"doc.toml has no key `b.\"c d\"`"},
	};

	(void)state;
	for (size_t i = 0; i < HONE_COUNT(refused); i++) {
		struct edit_case c = {
			.op = refused[i].op, .path = refused[i].path, .value = refused[i].value};
		struct hone_toml *doc = parse(refused[i].text, HONE_TOML_1_0);
		hone_auto_err struct hone_err err = HONE_ERR_INIT;

		assert_int_equal(run(doc, &c, &err), refused[i].code);
		assert_int_equal(err.code, refused[i].code);
		assert_string_equal(err.msg, refused[i].message);
		assert_text(refused[i].text, doc, refused[i].text);
		hone_toml_free(doc);
	}
}

/* One node deeper than the parser accepts is not written either. */
static void test_too_deep(void **state)
{
	const char *keys[200];
	struct hone_toml *doc = parse("a = 1\n", HONE_TOML_1_0);
	hone_auto_err struct hone_err err = HONE_ERR_INIT;

	(void)state;
	for (size_t i = 0; i < HONE_COUNT(keys); i++)
		keys[i] = "k";
	assert_int_equal(hone_toml_set(doc, keys, 200, "1", &err), HONE_E_LIMIT);
	assert_text("too deep", doc, "a = 1\n");
	hone_toml_free(doc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden),
		cmocka_unit_test(test_remove_undoes_set),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_too_deep),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
