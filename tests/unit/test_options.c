/* Every option of every command, in all the forms that cargo's users type, and what may stand for its value. */
#include "opt_values.h"
#include "completions.h"
#include "view.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

/* What one option made of its words: its field as text. */
static char *field_text(const struct hone_opt *opt, const void *from)
{
	const char *at = (const char *)from + opt->offset;
	const struct hone_strv *list = (const struct hone_strv *)at;
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;

	switch (opt->kind) {
	case HONE_OPT_FLAG:
		return hone_xasprintf("flag %d", *(const bool *)at);
	case HONE_OPT_COUNT:
		return hone_xasprintf("count %d", *(const int *)at);
	case HONE_OPT_TEXT:
	case HONE_OPT_ONE:
		return hone_xstrdup(*(char *const *)at ? *(char *const *)at : "(none)");
	case HONE_OPT_LIST:
	case HONE_OPT_WORDS:
		for (size_t i = 0; i < list->n; i++)
			hone_buf_addf(&text, "[%s]", list->v[i]);
		break;
	}
	return hone_xstrdup(hone_buf_str(&text));
}

static char *parse(const struct hone_opt *table, size_t size, const struct hone_opt *opt,
	const char *first, const char *second)
{
	char *words[] = {hone_xstrdup(first), second ? hone_xstrdup(second) : NULL};
	void *into = hone_xcalloc(1, size);
	struct hone_opt_set set = {table, into};
	hone_auto_strv struct hone_strv rest = HONE_STRV_INIT;
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	char *text = NULL;

	if (!hone_opt_parse(&set, 1, words, second ? 2 : 1, &rest, NULL, &err))
		text = rest.n ? hone_xasprintf("%zu words were left", rest.n)
			      : field_text(opt, into);
	else
		text = hone_xstrdup(err.msg);
	hone_opt_release(table, into);
	free(into);
	free(words[0]);
	free(words[1]);
	return text;
}

static void assert_parses(const struct hone_opt *table, size_t size, const struct hone_opt *opt,
	const char *want, const char *first, const char *second)
{
	hone_auto_free char *have = parse(table, size, opt, first, second);

	if (strcmp(have, want) != 0)
		fail_msg("%s %s: %s, not %s", first, second ? second : "", have, want);
}

static void check_table(const struct hone_opt *table, size_t size)
{
	static const char value[] = "a=b:c";

	for (const struct hone_opt *opt = table; opt && opt->name; opt++) {
		hone_auto_free char *name = hone_xasprintf("--%s", opt->name);
		hone_auto_free char *equals = hone_xasprintf("--%s=%s", opt->name, value);
		hone_auto_free char *empty = hone_xasprintf("--%s=", opt->name);
		bool takes = opt->kind != HONE_OPT_FLAG && opt->kind != HONE_OPT_COUNT;

		assert_true(takes == (opt->arg != NULL));
		if (!takes) {
			hone_auto_free char *no =
				hone_xasprintf("option '--%s' takes no value", opt->name);
			const char *want = opt->kind == HONE_OPT_FLAG ? "flag 1" : "count 1";

			assert_parses(table, size, opt, want, name, NULL);
			assert_parses(table, size, opt, no, equals, NULL);
			continue;
		}
		hone_auto_free char *have = parse(table, size, opt, name, value);
		hone_auto_free char *want_empty = parse(table, size, opt, name, "");

		if (!strstr(have, value))
			fail_msg("%s %s: %s", name, value, have);
		assert_parses(table, size, opt, have, equals, NULL);
		assert_parses(table, size, opt, want_empty, empty, NULL);
		if (opt->letter) {
			hone_auto_free char *letter = hone_xasprintf("-%c", opt->letter);
			hone_auto_free char *joined = hone_xasprintf("-%c%s", opt->letter, value);
			hone_auto_free char *with = hone_xasprintf("-%c=%s", opt->letter, value);

			assert_parses(table, size, opt, have, letter, value);
			assert_parses(table, size, opt, have, joined, NULL);
			assert_parses(table, size, opt, have, with, NULL);
		}
	}
}

static void test_both_forms(void **state)
{
	(void)state;
	for (size_t i = 0; hone_commands[i]; i++)
		check_table(hone_commands[i]->opts, hone_commands[i]->opts_size);
	check_table(hone_common_opts, sizeof(struct hone_cli));
	check_table(hone_project_opts, sizeof(struct hone_cli));
	check_table(hone_format_opts, sizeof(struct hone_cli));
	check_table(hone_build_opts, sizeof(struct hone_cli));
}

/* An option of a command that hides a common one would be another one before the command. */
static void test_no_name_twice(void **state)
{
	(void)state;
	for (size_t i = 0; hone_commands[i]; i++) {
		const struct hone_opt *tables[HONE_TABLES_MAX];
		size_t n = hone_command_tables(hone_commands[i], tables);
		hone_auto_strv struct hone_strv names = HONE_STRV_INIT;

		for (size_t t = 0; t < n; t++) {
			for (const struct hone_opt *opt = tables[t]; opt->name; opt++) {
				hone_auto_free char *letter = hone_xasprintf("-%c", opt->letter);

				if (hone_strv_has(&names, opt->name) ||
					(opt->letter && hone_strv_has(&names, letter)))
					fail_msg("%s has two --%s", hone_commands[i]->name,
						opt->name);
				hone_strv_push(&names, opt->name);
				hone_strv_push(&names, letter);
			}
		}
	}
}

/* The words that are offered for a value are those that its help names. */
static void test_words_of_values(void **state)
{
	(void)state;
	for (size_t i = 0; hone_commands[i]; i++) {
		const struct hone_command *c = hone_commands[i];
		const struct hone_opt *tables[HONE_TABLES_MAX];
		size_t n = hone_command_tables(c, tables);

		for (size_t t = 0; t < n; t++) {
			for (const struct hone_opt *opt = tables[t]; opt->name; opt++) {
				hone_auto_value struct hone_value v = HONE_VALUE_INIT;

				if (!opt->arg)
					continue;
				hone_value_of(c, opt->name, opt->arg, &v);
				if (v.kind != HONE_VALUE_WORDS || strcmp(opt->arg, "ID") == 0 ||
					strcmp(opt->name, "profile") == 0)
					continue;
				assert_true(v.words.n > 1);
				for (size_t w = 0; w < v.words.n; w++)
					if (!strstr(opt->help, v.words.v[w]))
						fail_msg("the help of --%s does not name %s",
							opt->name, v.words.v[w]);
			}
		}
	}
}

static void test_arguments(void **state)
{
	struct hone_command c = {.name = "x", .args = "LEVEL [KEY[=VALUE]] [CANDIDATE]..."};
	hone_auto_strv struct hone_strv args = HONE_STRV_INIT;
	hone_auto_value struct hone_value v = HONE_VALUE_INIT;
	bool repeats;

	(void)state;
	hone_value_args(&c, &args, &repeats);
	assert_true(repeats);
	assert_int_equal(args.n, 3);
	assert_string_equal(args.v[0], "LEVEL");
	assert_string_equal(args.v[1], "KEY=VALUE");
	assert_string_equal(args.v[2], "CANDIDATE");
	hone_value_of(&c, NULL, args.v[2], &v);
	assert_int_equal(v.kind, HONE_VALUE_CANDIDATE);
	assert_true(hone_strv_has(&v.words, "smallest-bold"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both_forms),
		cmocka_unit_test(test_no_name_twice),
		cmocka_unit_test(test_words_of_values),
		cmocka_unit_test(test_arguments),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
