/* Tables for every sink, and diffs. */
#include "diff.h"
#include "line.h"
#include "table.h"

#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

static struct hone_table *sample(void)
{
	struct hone_table *t = hone_table_new("Sizes");

	hone_table_column(t, "name", HONE_LEFT);
	hone_table_column(t, "size", HONE_RIGHT);
	hone_table_column(t, "none", HONE_LEFT);
	hone_table_cell(t, "a|b");
	hone_table_cell(t, "1,000");
	hone_table_raw(t, "1000");
	hone_table_cell(t, NULL);
	hone_table_cell(t, "h\xc3\xa9\x1b[31m");
	hone_table_cell(t, "7");
	hone_table_cell(t, "");
	hone_table_note(t, "a note");
	return t;
}

static void check(enum hone_format format, const char *want)
{
	hone_auto_buf struct hone_buf to = HONE_BUF_INIT;
	struct hone_table *t = sample();

	hone_table_print(t, format, NULL, &to);
	assert_string_equal(hone_buf_str(&to), want);
	hone_table_free(t);
}

static void text_is_aligned_and_safe(void **state)
{
	(void)state;
	check(HONE_FORMAT_TEXT, "Sizes\n"
				"name         size\n"
				"a|b         1,000\n"
				"h\xc3\xa9\\x1b[31m      7\n"
				"a note\n");
}

static void markdown_escapes(void **state)
{
	(void)state;
	check(HONE_FORMAT_MARKDOWN, "### Sizes\n\n"
				    "| name | size |\n"
				    "| --- | ---: |\n"
				    "| a\\|b | 1,000 |\n"
				    "| h\xc3\xa9\\\\x1b\\[31m | 7 |\n"
				    "\na note  \n");
}

static void csv_has_raw_values(void **state)
{
	struct hone_table *t = hone_table_new(NULL);
	hone_auto_buf struct hone_buf to = HONE_BUF_INIT;

	(void)state;
	check(HONE_FORMAT_CSV, "name,size,none\r\n"
			       "a|b,1000,\r\n"
			       "h\xc3\xa9\\x1b[31m,7,\r\n");
	hone_table_column(t, "x", HONE_LEFT);
	hone_table_cell(t, "=1+1");
	hone_table_cell(t, "say \"hi\", you");
	hone_table_print(t, HONE_FORMAT_CSV, NULL, &to);
	assert_string_equal(hone_buf_str(&to), "x\r\n\"'=1+1\"\r\n\"say \"\"hi\"\", you\"\r\n");
	hone_table_free(t);
}

/* Every format makes harmless what comes from outside, in every place that it can come to. */
static void foreign_text_is_harmless_everywhere(void **state)
{
	static const char *const evil[] = {"\x1b]0;t\x07",
		"\xc2\x9b"
		"2J",
		"\xe2\x80\xae"
		"cod",
		"\xe2\x81\xa6", "\xd8\x9c", "\xe2\x80\xa8", "\x7f", "\r", "\x08"};
	static const enum hone_format formats[] = {
		HONE_FORMAT_TEXT, HONE_FORMAT_MARKDOWN, HONE_FORMAT_CSV};

	(void)state;
	for (size_t i = 0; i < HONE_COUNT(evil); i++)
		for (size_t f = 0; f < HONE_COUNT(formats); f++) {
			hone_auto_buf struct hone_buf to = HONE_BUF_INIT;
			struct hone_table *t = hone_table_new(evil[i]);

			hone_table_column(t, evil[i], HONE_LEFT);
			hone_table_cell(t, evil[i]);
			hone_table_raw(t, "%s", evil[i]);
			hone_table_note(t, "%s", evil[i]);
			hone_table_print(t, formats[f], NULL, &to);
			hone_table_free(t);
			hone_report_line(formats[f], NULL, evil[i], evil[i], &to);
			/* CSV itself ends its lines so. */
			if (formats[f] != HONE_FORMAT_CSV || *evil[i] != '\r')
				assert_null(strstr(hone_buf_str(&to), evil[i]));
		}
}

static void lines_do_not_look_like_hones(void **state)
{
	hone_auto_buf struct hone_buf to = HONE_BUF_INIT;

	(void)state;
	hone_report_line(HONE_FORMAT_TEXT, NULL, "Out", "a: b\nFastest: c", &to);
	hone_report_line(HONE_FORMAT_MARKDOWN, NULL, "Out", "<b>`x_y<z>` a_b\n# c `", &to);
	assert_string_equal(hone_buf_str(&to), "Out: a: b\n    Fastest: c\n"
					       "- **Out**: \\<b\\>`x_y<z>` a\\_b\n  # c \\`\n");
}

static void check_diff(const char *before, const char *after, const char *want)
{
	hone_auto_buf struct hone_buf to = HONE_BUF_INIT;

	hone_diff("f", before, after, NULL, &to);
	assert_string_equal(hone_buf_str(&to), want);
}

static void diffs(void **state)
{
	(void)state;
	check_diff("a\nb\n", "a\nb\n", "");
	check_diff("a\nb\nc\n", "a\nx\nc\n", "--- f\n+++ f\n@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n");
	check_diff(NULL, "new\n", "--- /dev/null\n+++ f\n@@ -0,0 +1,1 @@\n+new\n");
	check_diff("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n",
		"--- f\n+++ f\n@@ -7,3 +7,4 @@\n 7\n 8\n 9\n+10\n");
	/* CRLF is not shown, a changed line ending is. */
	check_diff("a\r\nb\r\n", "a\r\nc\r\n", "--- f\n+++ f\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n");
	/* Two changes far apart are two hunks. */
	check_diff("a\n1\n2\n3\n4\n5\n6\n7\n8\nb\n", "A\n1\n2\n3\n4\n5\n6\n7\n8\nB\n",
		"--- f\n+++ f\n@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n 3\n"
		"@@ -7,4 +7,4 @@\n 6\n 7\n 8\n-b\n+B\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_aligned_and_safe),
		cmocka_unit_test(markdown_escapes),
		cmocka_unit_test(csv_has_raw_values),
		cmocka_unit_test(foreign_text_is_harmless_everywhere),
		cmocka_unit_test(lines_do_not_look_like_hones),
		cmocka_unit_test(diffs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
