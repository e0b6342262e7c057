#include "arena.h"
#include "buf.h"
#include "err.h"
#include "num.h"
#include "strv.h"
#include "text.h"

#include <errno.h>
#include <float.h>
#include <locale.h>
#include <setjmp.h>
#include <cmocka.h>

static void errors_keep_code_message_and_hint(void **state)
{
	struct hone_err err = HONE_ERR_INIT, other = HONE_ERR_INIT;

	(void)state;
	assert_int_equal(hone_err_set(&err, HONE_E_SYNTAX, "line %d", 3), HONE_E_SYNTAX);
	assert_int_equal(hone_err_wrap(&err, "reading %s", "a.toml"), HONE_E_SYNTAX);
	assert_string_equal(err.msg, "reading a.toml: line 3");
	assert_int_equal(hone_err_hint(&err, "mend it"), HONE_E_SYNTAX);
	assert_string_equal(err.hint, "mend it");
	/* What is there may be part of what comes in its place. */
	hone_err_hint(&err, "%s; and that", err.hint);
	assert_string_equal(err.hint, "mend it; and that");
	assert_int_equal(hone_err_sys(&err, ENOSPC, "writing %s", "x"), HONE_E_SYSTEM);
	assert_string_equal(err.msg, "writing x: No space left on device");
	assert_int_equal(err.sys_errno, ENOSPC);
	assert_null(err.hint);
	assert_int_equal(hone_err_move(&other, &err), HONE_E_SYSTEM);
	assert_null(err.msg);
	assert_int_equal(err.code, HONE_OK);
	assert_string_equal(other.msg, "writing x: No space left on device");
	hone_err_release(&other);
	assert_null(other.msg);
	/* Callers that do not care pass NULL. */
	assert_int_equal(hone_err_set(NULL, HONE_E_LIMIT, "x"), HONE_E_LIMIT);
	assert_int_equal(hone_err_sys(NULL, EIO, "x"), HONE_E_SYSTEM);
}

static void a_buffer_stops_at_its_limit(void **state)
{
	hone_auto_buf struct hone_buf b = {.limit = 10};

	(void)state;
	hone_buf_adds(&b, "12345");
	assert_false(b.over);
	assert_null(hone_buf_room(&b, 6));
	assert_true(b.over);
	hone_buf_reset(&b);
	hone_buf_addf(&b, "%s", "1234567890");
	assert_false(b.over);
	hone_buf_addc(&b, 'x');
	assert_true(b.over);
	assert_int_equal(b.n, 10);
	assert_string_equal(hone_buf_str(&b), "1234567890");
}

static void a_buffer_grows_cuts_and_gives_away(void **state)
{
	struct hone_buf b = HONE_BUF_INIT;
	char *given;

	(void)state;
	assert_string_equal(hone_buf_str(&b), "");
	for (int i = 0; i < 1000; i++)
		hone_buf_addf(&b, "%0300d", i);
	assert_int_equal(b.n, 300000);
	hone_buf_cut(&b, 3);
	hone_buf_add(&b, "\0x", 2);
	hone_buf_pad(&b, '.', 2);
	assert_true(hone_view_eq(hone_buf_view(&b), HONE_VIEW("000\0x..")));
	given = hone_buf_detach(&b);
	assert_int_equal(b.n, 0);
	assert_null(b.p);
	free(given);
	given = hone_buf_detach(&b);
	assert_string_equal(given, "");
	free(given);
}

static void views_compare_cut_and_split(void **state)
{
	struct hone_view v = HONE_VIEW("a,,b"), part;
	const char *const want[] = {"a", "", "b"};
	bool started = false;
	size_t n = 0;

	(void)state;
	while (hone_view_split(&v, &started, ',', &part))
		assert_true(n < 3 && hone_view_is(part, want[n++]));
	assert_int_equal(n, 3);
	v = HONE_VIEW("");
	started = false;
	assert_true(hone_view_split(&v, &started, ',', &part));
	assert_int_equal(part.n, 0);
	assert_false(hone_view_split(&v, &started, ',', &part));
	assert_true(hone_view_is(hone_view_sub(HONE_VIEW("abc"), 1, 99), "bc"));
	assert_int_equal(hone_view_sub(HONE_VIEW("abc"), 7, 9).n, 0);
	assert_true(hone_view_is(hone_view_trim(HONE_VIEW(" \t\r\nx y\n ")), "x y"));
	assert_true(hone_view_cmp(HONE_VIEW("ab"), HONE_VIEW("abc")) < 0);
	assert_true(hone_view_cmp(HONE_VIEW("b"), HONE_VIEW("abc")) > 0);
	assert_int_equal(hone_view_cmp(HONE_VIEW(""), (struct hone_view){NULL, 0}), 0);
	assert_true(hone_view_starts(HONE_VIEW("abc"), "") && hone_ends("abc", "bc"));
	assert_int_equal(hone_view_find(HONE_VIEW("abc"), 1, 'a'), 3);
}

static void edit_distance_counts_edits(void **state)
{
	static const struct {
		const char *a, *b;
		size_t distance;
	} rows[] = {{"", "", 0}, {"", "abc", 3}, {"abc", "", 3}, {"kitten", "sitting", 3},
		{"lot", "lto", 1}, {"ca", "abc", 3}, {"panic", "pannic", 1}, {"same", "same", 0}};
	static const char *const keys[] = {"opt-level", "lto", "strip", "panic", NULL};
	char longest[66];

	(void)state;
	for (size_t i = 0; i < HONE_COUNT(rows); i++)
		assert_int_equal(hone_edit_distance(rows[i].a, rows[i].b), rows[i].distance);
	memset(longest, 'x', 65);
	longest[65] = '\0';
	assert_int_equal(hone_edit_distance(longest, "x"), SIZE_MAX);
	longest[64] = '\0';
	assert_int_equal(hone_edit_distance(longest, "x"), 63);
	assert_string_equal(hone_did_you_mean("opt_levle", keys), "opt-level");
	assert_string_equal(hone_did_you_mean("tlo", keys), "lto");
	assert_null(hone_did_you_mean("foo", keys));
	assert_null(hone_did_you_mean("", keys));
}

static void words_are_split_as_a_shell_does(void **state)
{
	static const struct {
		const char *line;
		const char *words[5];
	} rows[] = {
		{"", {NULL}},
		{"  ", {NULL}},
		{"a  b\tc\n", {"a", "b", "c"}},
		{"'a b' \"c d\"", {"a b", "c d"}},
		{"a'b'\"c\"d", {"abcd"}},
		{"'' \"\"", {"", ""}},
		{"a\\ b \\' \\\\", {"a b", "'", "\\"}},
		{"\"\\\"\\$\\n\" '\\n'", {"\"$\\n", "\\n"}},
		{"$HOME * ~", {"$HOME", "*", "~"}},
	};
	hone_auto_err struct hone_err err = HONE_ERR_INIT;

	(void)state;
	for (size_t i = 0; i < HONE_COUNT(rows); i++) {
		hone_auto_strv struct hone_strv l = HONE_STRV_INIT;

		assert_int_equal(hone_strv_split_words(&l, rows[i].line, &err), 0);
		for (size_t k = 0; k <= l.n; k++) {
			if (k == l.n)
				assert_null(rows[i].words[k]);
			else
				assert_string_equal(l.v[k], rows[i].words[k]);
		}
	}
	for (int i = 0; i < 2; i++) {
		hone_auto_strv struct hone_strv l = HONE_STRV_INIT;

		assert_int_equal(
			hone_strv_split_words(&l, i ? "ab \"c" : "ab 'c", &err), HONE_E_SYNTAX);
		assert_non_null(strstr(err.msg, "column 4"));
	}
}

static void string_lists_stay_terminated(void **state)
{
	static const char *const more[] = {"m", "a", NULL};
	hone_auto_strv struct hone_strv l = HONE_STRV_INIT;

	(void)state;
	assert_null(hone_strv_argv(&l)[0]);
	for (int i = 0; i < 100; i++) {
		hone_strv_pushf(&l, "%d", i);
		assert_null(hone_strv_argv(&l)[i + 1]);
	}
	hone_strv_append(&l, more);
	hone_strv_append(&l, NULL);
	hone_strv_pushv(&l, HONE_VIEW("view"));
	assert_int_equal(l.n, 103);
	hone_strv_sort(&l);
	assert_string_equal(l.v[0], "0");
	assert_string_equal(l.v[1], "1");
	assert_string_equal(l.v[2], "10");
	assert_string_equal(l.v[102], "view");
	assert_true(hone_strv_has(&l, "m") && !hone_strv_has(&l, "q"));
}

static void whole_numbers(void **state)
{
	static const struct {
		const char *text;
		bool ok;
		int64_t value;
	} rows[] = {{"0", true, 0}, {"-0", true, 0}, {"+7", true, 7},
		{"9223372036854775807", true, INT64_MAX}, {"9223372036854775808", false, 0},
		{"-9223372036854775808", true, INT64_MIN}, {"-9223372036854775809", false, 0},
		{"", false, 0}, {"-", false, 0}, {"+-1", false, 0}, {" 1", false, 0},
		{"1 ", false, 0}, {"0x10", false, 0}, {"1e3", false, 0}};
	uint64_t u = 0;

	(void)state;
	for (size_t i = 0; i < HONE_COUNT(rows); i++) {
		int64_t x = 0;

		assert_int_equal(hone_parse_i64(hone_view_of(rows[i].text), &x), rows[i].ok);
		assert_true(x == rows[i].value);
	}
	assert_true(hone_parse_u64(HONE_VIEW("18446744073709551615"), &u) && u == UINT64_MAX);
	assert_false(hone_parse_u64(HONE_VIEW("18446744073709551616"), &u));
	assert_false(hone_parse_u64(HONE_VIEW("99999999999999999999"), &u));
	assert_false(hone_parse_u64(HONE_VIEW("-1"), &u));
	assert_false(hone_parse_u64(HONE_VIEW("1\0"), &u));
}

static void floats_sizes_and_durations(void **state)
{
	static const char *const bad_floats[] = {
		"", ".", "e5", "1e", "inf", "nan", "1e999", "0x1p3", "1,5", " 1", "1 ", "1.5.2"};
	static const struct {
		const char *text;
		uint64_t bytes;
	} sizes[] = {{"4096", 4096}, {"1.5GiB", 1610612736}, {"300M", 300000000}, {"10kB", 10000},
		{"1Ki", 1024}, {"0", 0}, {"2 MB", 2000000}};
	static const struct {
		const char *text;
		double seconds;
	} times[] = {{"2min", 120}, {"90s", 90}, {"1.5h", 5400}, {"250ms", 0.25}, {"30", 30},
		{"5 m", 300}};
	uint64_t bytes;
	double x = 0;

	(void)state;
	assert_true(hone_parse_f64(HONE_VIEW("-1.25e2"), &x) && x == -125);
	assert_true(hone_parse_f64(HONE_VIEW("1.7976931348623157e308"), &x) && x == DBL_MAX);
	for (size_t i = 0; i < HONE_COUNT(bad_floats); i++)
		assert_false(hone_parse_f64(hone_view_of(bad_floats[i]), &x));
	assert_false(hone_parse_f64(HONE_VIEW("1\0"), &x));
	for (size_t i = 0; i < HONE_COUNT(sizes); i++) {
		assert_true(hone_parse_size(hone_view_of(sizes[i].text), &bytes));
		assert_true(bytes == sizes[i].bytes);
	}
	assert_false(hone_parse_size(HONE_VIEW("5 apples"), &bytes));
	assert_false(hone_parse_size(HONE_VIEW("-5"), &bytes));
	assert_false(hone_parse_size(HONE_VIEW("99999999999G"), &bytes));
	for (size_t i = 0; i < HONE_COUNT(times); i++) {
		assert_true(hone_parse_seconds(hone_view_of(times[i].text), &x));
		assert_true(x == times[i].seconds);
	}
	assert_false(hone_parse_seconds(HONE_VIEW("1 fortnight"), &x));
	assert_false(hone_parse_seconds(HONE_VIEW("s"), &x));
}

static void numbers_for_people(void **state)
{
	char t[HONE_NUM_TEXT];

	(void)state;
	assert_string_equal(hone_text_count(t, 0), "0");
	assert_string_equal(hone_text_count(t, 999), "999");
	assert_string_equal(hone_text_count(t, 2985888), "2,985,888");
	assert_string_equal(hone_text_count(t, UINT64_MAX), "18,446,744,073,709,551,615");
	assert_string_equal(hone_text_delta(t, 0), "0");
	assert_string_equal(hone_text_delta(t, 4096), "+4,096");
	assert_string_equal(hone_text_delta(t, -12), "-12");
	assert_string_equal(hone_text_delta(t, INT64_MIN), "-9,223,372,036,854,775,808");
	assert_string_equal(hone_text_seconds(t, 0.0032), "3.20 ms");
	assert_string_equal(hone_text_seconds(t, 0.25), "250 ms");
	assert_string_equal(hone_text_seconds(t, 14.1), "14.1 s");
	assert_string_equal(hone_text_seconds(t, 125), "2 min 5 s");
	assert_string_equal(hone_text_seconds(t, 7260), "2 h 1 min");
	assert_string_equal(hone_text_bytes(t, 999), "999 B");
	assert_string_equal(hone_text_bytes(t, 812345), "812 kB");
	assert_string_equal(hone_text_bytes(t, 2300000000), "2.3 GB");
	assert_string_equal(hone_text_bytes(t, 999999), "1.0 MB");
	assert_string_equal(hone_text_bytes(t, UINT64_MAX), "18 EB");
}

static void arenas_hand_out_aligned_zeroed_memory(void **state)
{
	struct hone_arena a = HONE_ARENA_INIT;
	char *first = hone_arena_printf(&a, "%d-%s", 7, "x");

	(void)state;
	for (size_t n = 0; n < 200000; n = n * 2 + 1) {
		char *p = hone_arena_alloc(&a, n);

		assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(p[i], 0);
		memset(p, 0xff, n);
	}
	assert_string_equal(first, "7-x");
	assert_string_equal(hone_arena_dup(&a, HONE_VIEW("ab")), "ab");
	assert_true(a.used > 200000);
	hone_arena_release(&a);
	assert_null(a.head);
	assert_int_equal(a.used, 0);
}

static void utf8_is_checked_strictly(void **state)
{
	static const struct {
		const char *bytes;
		size_t n, len;
	} rows[] = {{"a", 1, 1}, {"\xc3\xa9", 2, 2}, {"\xe2\x82\xac", 3, 3},
		{"\xf0\x9f\x98\x80", 4, 4}, {"\xf4\x8f\xbf\xbf", 4, 4},
		/* cut off, a lone continuation, overlong forms, a surrogate, beyond U+10FFFF */
		{"\xc3", 1, 0}, {"\xe2\x82", 2, 0}, {"\x80", 1, 0}, {"\xc0\xaf", 2, 0},
		{"\xe0\x80\xaf", 3, 0}, {"\xf0\x80\x80\xaf", 4, 0}, {"\xed\xa0\x80", 3, 0},
		{"\xf4\x90\x80\x80", 4, 0}, {"\xff", 1, 0}, {"", 0, 0}};
	static const uint32_t points[] = {0x41, 0xe9, 0x20ac, 0x1f600, 0x10ffff};

	(void)state;
	for (size_t i = 0; i < HONE_COUNT(rows); i++)
		assert_int_equal(
			hone_utf8_len((struct hone_view){rows[i].bytes, rows[i].n}), rows[i].len);
	for (size_t i = 0; i < HONE_COUNT(points); i++) {
		hone_auto_buf struct hone_buf b = HONE_BUF_INIT;

		hone_utf8_encode(&b, points[i]);
		assert_int_equal(hone_utf8_len(hone_buf_view(&b)), b.n);
		assert_int_equal(hone_utf8_decode(hone_buf_view(&b)), points[i]);
	}
}

static void check_safe(struct hone_view text, bool keep_lines, const char *want)
{
	hone_auto_buf struct hone_buf b = HONE_BUF_INIT;

	hone_text_safe(&b, text, keep_lines);
	assert_string_equal(hone_buf_str(&b), want);
}

static void control_bytes_are_made_visible(void **state)
{
	(void)state;
	check_safe(HONE_VIEW("plain \xc3\xa9"), false, "plain \xc3\xa9");
	check_safe(HONE_VIEW("\x1b[31mred"), true, "\\x1b[31mred");
	check_safe(HONE_VIEW("a\nb\tc\r"), true, "a\nb\tc\\x0d");
	check_safe(HONE_VIEW("a\nb"), false, "a\\x0ab");
	check_safe(HONE_VIEW("a\0b\x7f"), false, "a\\x00b\\x7f");
	check_safe(HONE_VIEW("\xff\xc3"), false, "\\xff\\xc3");
	/* A C1 control as UTF-8, and one that turns the direction of text around. */
	check_safe(HONE_VIEW("\xc2\x9b"), false, "\\xc2\\x9b");
	check_safe(HONE_VIEW("\xe2\x80\xae"), false, "\\xe2\\x80\\xae");
}

static void commands_are_shown_as_a_shell_reads_them(void **state)
{
	const char *const argv[] = {
		"cargo", "a b", "", "it's", "--x=y", "$HOME", "new\nline", NULL};
	hone_auto_free char *text = hone_text_command(argv);
	hone_auto_strv struct hone_strv back = HONE_STRV_INIT;

	(void)state;
	assert_string_equal(text, "cargo 'a b' '' 'it'\\''s' --x=y '$HOME' 'new\nline'");
	assert_int_equal(hone_strv_split_words(&back, text, NULL), 0);
	assert_int_equal(back.n, 7);
	for (size_t i = 0; i < back.n; i++)
		assert_string_equal(back.v[i], argv[i]);
}

static void width_counts_columns(void **state)
{
	(void)state;
	assert_int_equal(hone_text_width(HONE_VIEW("abc")), 3);
	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		fail_msg("no locale C.UTF-8");
	assert_int_equal(hone_text_width(HONE_VIEW("\xc3\xa9")), 1);
	assert_int_equal(hone_text_width(HONE_VIEW("\xe6\x97\xa5\xe6\x9c\xac")), 4);
	assert_int_equal(hone_text_width(HONE_VIEW("e\xcc\x81")), 1);
}

static void check_wrap(const char *text, size_t indent, size_t width, const char *want)
{
	hone_auto_buf struct hone_buf b = HONE_BUF_INIT;

	hone_text_wrap(&b, hone_view_of(text), indent, width);
	assert_string_equal(hone_buf_str(&b), want);
}

static void text_is_wrapped_at_blanks(void **state)
{
	(void)state;
	check_wrap("", 2, 10, "\n");
	check_wrap("one two three", 0, 20, "one two three\n");
	check_wrap("one two three", 0, 13, "one two three\n");
	check_wrap("one two three", 0, 12, "one two\nthree\n");
	check_wrap("one two three", 2, 9, "one two\n  three\n");
	check_wrap("a verylongword b", 1, 5, "a\n verylongword\n b\n");
	check_wrap("\xe4\xbd\xa0\xe5\xa5\xbd x", 0, 6, "\xe4\xbd\xa0\xe5\xa5\xbd x\n");
}

static void check_excerpt(const char *said, const char *want)
{
	hone_auto_buf struct hone_buf b = HONE_BUF_INIT;

	hone_text_excerpt(&b, hone_view_of(said), 2, 1);
	assert_string_equal(hone_buf_str(&b), want);
}

static void what_a_program_said_is_shortened(void **state)
{
	char line[400];

	(void)state;
	check_excerpt("", "");
	check_excerpt("\n one\n", "one");
	check_excerpt("1\n2\n3", "1\n2\n3");
	/* A line that says that one line is left out would not be shorter. */
	check_excerpt("1\n2\n3\n4\n", "1\n2\n3\n4");
	check_excerpt("1\n2\n3\n4\n5", "1\n2\n(2 lines left out)\n5");
	check_excerpt("1\n\n\n\n\n\n7", "1\n\n(4 lines left out)\n7");
	memset(line, 'x', sizeof(line));
	line[299] = '\xc3';
	line[300] = '\xa9';
	line[399] = '\0';
	{
		hone_auto_buf struct hone_buf b = HONE_BUF_INIT;

		hone_text_excerpt(&b, hone_view_of(line), 2, 1);
		assert_int_equal(b.n, 299 + 3);
		assert_true(hone_view_ends(hone_buf_view(&b), "xx..."));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(errors_keep_code_message_and_hint),
		cmocka_unit_test(a_buffer_stops_at_its_limit),
		cmocka_unit_test(a_buffer_grows_cuts_and_gives_away),
		cmocka_unit_test(views_compare_cut_and_split),
		cmocka_unit_test(edit_distance_counts_edits),
		cmocka_unit_test(words_are_split_as_a_shell_does),
		cmocka_unit_test(string_lists_stay_terminated),
		cmocka_unit_test(whole_numbers),
		cmocka_unit_test(floats_sizes_and_durations),
		cmocka_unit_test(numbers_for_people),
		cmocka_unit_test(arenas_hand_out_aligned_zeroed_memory),
		cmocka_unit_test(utf8_is_checked_strictly),
		cmocka_unit_test(control_bytes_are_made_visible),
		cmocka_unit_test(commands_are_shown_as_a_shell_reads_them),
		cmocka_unit_test(width_counts_columns),
		cmocka_unit_test(text_is_wrapped_at_blanks),
		cmocka_unit_test(what_a_program_said_is_shortened),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
