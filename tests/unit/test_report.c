/* Tables for every sink, and diffs. */
#include "diff.h"
#include "format.h"
#include "run_report.h"

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

static void check(const struct hone_report_format *format, const char *want)
{
	hone_auto_buf struct hone_buf to = HONE_BUF_INIT;
	struct hone_table *t = sample();

	hone_report_add_table(&(struct hone_report){.format = format, .to = &to}, t);
	assert_string_equal(hone_buf_str(&to), want);
}

static void text_is_aligned_and_safe(void **state)
{
	(void)state;
	check(&hone_format_text, "Sizes\n"
				 "name         size\n"
				 "a|b         1,000\n"
				 "h\xc3\xa9\\x1b[31m      7\n"
				 "a note\n");
}

static void markdown_escapes(void **state)
{
	(void)state;
	check(&hone_format_markdown, "### Sizes\n\n"
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
	check(&hone_format_csv, "name,size,none\r\n"
				"a|b,1000,\r\n"
				"h\xc3\xa9\\x1b[31m,7,\r\n");
	hone_table_column(t, "x", HONE_LEFT);
	hone_table_cell(t, "=1+1");
	hone_table_cell(t, "say \"hi\", you");
	hone_table_cell(t, "+cmd|' /C calc'!A0");
	hone_table_cell(t, "-1.5");
	hone_table_cell(t, "+unwind");
	hone_table_cell(t, "a\nb");
	hone_report_add_table(&(struct hone_report){.format = &hone_format_csv, .to = &to}, t);
	assert_string_equal(hone_buf_str(&to),
		"x\r\n\"'=1+1\"\r\n\"say \"\"hi\"\", you\"\r\n\"'+cmd|' /C "
		"calc'!A0\"\r\n-1.5\r\n+unwind\r\na\\x0ab\r\n");
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
	static const struct hone_report_format *const formats[] = {
		&hone_format_text, &hone_format_markdown, &hone_format_csv};

	(void)state;
	for (size_t i = 0; i < HONE_COUNT(evil); i++)
		for (size_t f = 0; f < HONE_COUNT(formats); f++) {
			hone_auto_buf struct hone_buf to = HONE_BUF_INIT;
			struct hone_report r = {.format = formats[f], .to = &to};
			struct hone_table *t = hone_table_new(evil[i]);

			hone_table_column(t, evil[i], HONE_LEFT);
			hone_table_cell(t, evil[i]);
			hone_table_raw(t, "%s", evil[i]);
			hone_table_note(t, "%s", evil[i]);
			hone_report_add_table(&r, t);
			hone_report_line(&r, evil[i], evil[i]);
			/* CSV itself ends its lines so. */
			if (formats[f] != &hone_format_csv || *evil[i] != '\r')
				assert_null(strstr(hone_buf_str(&to), evil[i]));
		}
}

static void lines_do_not_look_like_hones(void **state)
{
	hone_auto_buf struct hone_buf to = HONE_BUF_INIT;

	(void)state;
	hone_report_line(&(struct hone_report){.format = &hone_format_text, .to = &to}, "Out",
		"a: b\nFastest: c");
	hone_report_line(&(struct hone_report){.format = &hone_format_markdown, .to = &to}, "Out",
		"<b>`x_y<z>` a_b\n# c `");
	assert_string_equal(hone_buf_str(&to), "Out: a: b\n    Fastest: c\n"
					       "- **Out**: \\<b\\>`x_y<z>` a\\_b\n  # c \\`\n");
}

/* A format of another kind, as CONTRIBUTING.md has it: one table of functions. */
static void yaml_open(struct hone_jsonw *w, char kind)
{
	(void)kind;
	if (w->depth && w->kind[w->depth - 1] == '[') {
		hone_buf_pad(w->out, ' ', 2 * (w->depth - 1));
		hone_buf_addc(w->out, '-');
	}
	if (w->depth)
		hone_buf_addc(w->out, '\n');
}

static void yaml_close(struct hone_jsonw *w, char kind)
{
	if (w->some[w->depth])
		return;
	hone_buf_pad(w->out, ' ', 2 * w->depth);
	hone_buf_adds(w->out, kind == '{' ? "{}\n" : "[]\n");
}

static void yaml_begin(struct hone_jsonw *w)
{
	hone_buf_pad(w->out, ' ', 2 * (w->depth - 1));
}

static void yaml_key(struct hone_jsonw *w, struct hone_view key)
{
	yaml_begin(w);
	hone_buf_addv(w->out, key);
	hone_buf_adds(w->out, ":");
}

static void yaml_plain(struct hone_jsonw *w, const char *value)
{
	if (w->kind[w->depth - 1] == '[')
		yaml_begin(w);
	hone_buf_addf(w->out, "%s%s\n", w->kind[w->depth - 1] == '[' ? "- " : " ", value);
}

static void yaml_text(struct hone_jsonw *w, struct hone_view text)
{
	hone_auto_buf struct hone_buf quoted = HONE_BUF_INIT;
	struct hone_jsonw json;

	hone_jsonw_init(&json, &quoted, false);
	hone_jsonw_view(&json, text); /* a text of JSON is one of YAML */
	yaml_plain(w, hone_buf_str(&quoted));
}

static void another_format_is_one_table(void **state)
{
	static const struct hone_jsonw_form form = {
		yaml_open, yaml_close, yaml_key, yaml_text, yaml_plain};
	static const struct hone_report_format yaml = {.name = "yaml", .form = &form};
	hone_auto_buf struct hone_buf to = HONE_BUF_INIT;
	struct hone_report r = {.format = &yaml, .to = &to};
	struct hone_jsonw w;

	(void)state;
	hone_report_tree(&r, &w);
	hone_jsonw_kstr(&w, "name", "a\x1b: b");
	hone_jsonw_karray(&w, "sizes");
	hone_jsonw_u64(&w, 1);
	hone_jsonw_null(&w);
	hone_jsonw_end(&w);
	hone_jsonw_karray(&w, "pairs");
	hone_jsonw_object(&w);
	hone_jsonw_ki64(&w, "a", 1);
	hone_jsonw_end(&w);
	hone_jsonw_end(&w);
	hone_jsonw_karray(&w, "none");
	hone_jsonw_end(&w);
	hone_jsonw_end(&w);
	assert_string_equal(hone_buf_str(&to), "schema: 1\n"
					       "name: \"a\\u001b: b\"\n"
					       "sizes:\n"
					       "  - 1\n"
					       "  - null\n"
					       "pairs:\n  -\n    a: 1\n"
					       "none:\n  []\n");
}

static void a_format_may_leave_a_document_out(void **state)
{
	hone_auto_buf struct hone_buf to = HONE_BUF_INIT;
	struct hone_report r = {.format = &hone_format_sarif, .to = &to};
	hone_auto_err struct hone_err err = HONE_ERR_INIT;

	(void)state;
	assert_int_equal(hone_report_write(&r, HONE_DOC_RUN, NULL, &err), HONE_E_USAGE);
	assert_string_equal(
		err.msg, "there is no format sarif of this: it has text, markdown, json and csv");
	assert_int_equal(to.n, 0);
}

static void check_balanced(double margin, const char *want)
{
	hone_auto_buf struct hone_buf to = HONE_BUF_INIT;
	struct hone_report r = {.format = &hone_format_markdown, .to = &to};
	struct hone_result_trial base = {.name = "baseline", .allowed = true};
	struct hone_result_run run = HONE_RESULT_RUN_INIT;

	run.speed_measured = true;
	run.margin = margin;
	run.trials = &base;
	run.n_trials = 1;
	hone_run_say_winners(&r, &(struct hone_run_doc){.run = &run});
	if (!strstr(hone_buf_str(&to), want))
		print_error("%s\n", hone_buf_str(&to));
	assert_non_null(strstr(hone_buf_str(&to), want));
}

/* The margin is the one that the rounds had, as --within sets it. */
static void balanced_says_its_margin(void **state)
{
	(void)state;
	check_balanced(0.8, "to stay within 80 % of the fastest");
	check_balanced(0.025, "to stay within 2.5 % of the fastest");
	check_balanced(0, "to stay within 5 % of the fastest");
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
		cmocka_unit_test(another_format_is_one_table),
		cmocka_unit_test(a_format_may_leave_a_document_out),
		cmocka_unit_test(balanced_says_its_margin),
		cmocka_unit_test(diffs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
