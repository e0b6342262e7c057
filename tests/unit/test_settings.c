/* The settings table says nothing that contradicts itself. What it says about cargo and rustc is
 * checked by tests/settings/verify_settings.py. */
#include "settings.h"

#include "profile_table.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static unsigned all_labels(void)
{
	unsigned bits = 0;
	for (const struct hone_label_info *l = hone_labels; l->id; l++)
		bits |= (unsigned)l->bit;
	return bits;
}

static void labels_are_single_bits_with_their_own_name(void **state)
{
	unsigned seen = 0;
	(void)state;
	for (const struct hone_label_info *l = hone_labels; l->id; l++) {
		unsigned bit = (unsigned)l->bit;
		assert_int_equal(bit & (bit - 1), 0);
		assert_int_equal(seen & bit, 0);
		seen |= bit;
		assert_ptr_equal(hone_label_find(hone_view_of(l->id)), l);
		assert_true(l->text[0] != '\0');
	}
	assert_int_equal(seen, HONE_LABEL_BEHAVIOUR | HONE_LABEL_GLIBC | HONE_LABEL_CPU |
				       HONE_LABEL_HARDENING | HONE_LABEL_DEBUG |
				       HONE_LABEL_BACKTRACE | HONE_LABEL_NIGHTLY |
				       HONE_LABEL_ADDRESS | HONE_LABEL_LIBRARY | HONE_LABEL_MEMORY |
				       HONE_LABEL_ALLOCATOR | HONE_LABEL_STATIC);
	assert_null(hone_label_find(HONE_VIEW("behavior")));
}

static void keys_are_unique_and_found(void **state)
{
	const char *const *keys = hone_setting_keys();
	size_t n = 0;
	(void)state;
	for (HONE_EACH_SETTING(s)) {
		assert_int_equal(s->id, n);
		assert_ptr_equal(hone_setting_find(hone_view_of(s->key)), s);
		assert_string_equal(keys[n++], s->key);
		const char *dot = strchr(s->key, '.');
		const struct hone_setting *by_short =
			hone_setting_find_short(hone_view_of(dot ? dot + 1 : s->key));
		if (strcmp(s->key, "post.strip") == 0)
			assert_string_equal(by_short->key, "strip");
		else
			assert_ptr_equal(by_short, s);
	}
	assert_null(keys[n]);
	assert_null(hone_setting_find(HONE_VIEW("icf")));
	assert_null(hone_setting_find_short(HONE_VIEW("")));
	assert_null(hone_setting_find_short(HONE_VIEW("link.")));
}

static bool starts(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

static void kinds_scopes_and_prefixes_agree(void **state)
{
	(void)state;
	for (HONE_EACH_SETTING(s)) {
		print_message("%s\n", s->key);
		assert_int_equal(s->kind == HONE_SETTING_PROFILE, !strchr(s->key, '.'));
		assert_int_equal(s->kind == HONE_SETTING_RUSTC, starts(s->key, "rustc."));
		assert_int_equal(s->kind == HONE_SETTING_LINK, starts(s->key, "link."));
		assert_int_equal(s->kind == HONE_SETTING_POST, starts(s->key, "post."));
		assert_int_equal(s->kind == HONE_SETTING_PROFILE, s->scope == HONE_SCOPE_PROFILE);
		assert_int_equal(s->kind == HONE_SETTING_POST, s->scope == HONE_SCOPE_FILE);
		assert_int_equal(s->kind == HONE_SETTING_STD, starts(s->key, "std."));
		assert_int_equal(s->kind == HONE_SETTING_STD, s->scope == HONE_SCOPE_CARGO);
		assert_int_equal(s->kind == HONE_SETTING_TRAIN, starts(s->key, "train."));
		assert_int_equal(s->kind == HONE_SETTING_TRAIN, s->scope == HONE_SCOPE_TRAIN);
		if (s->kind == HONE_SETTING_LINK)
			assert_int_equal(s->scope, HONE_SCOPE_FINAL);
		if (s->kind != HONE_SETTING_PROFILE) {
			assert_null(s->env_key);
			assert_false(s->per_package || s->build_override);
			continue;
		}
		/* CARGO_PROFILE_RELEASE_OPT_LEVEL */
		assert_int_equal(strlen(s->env_key), strlen(s->key));
		for (size_t i = 0; s->key[i]; i++)
			assert_int_equal(s->env_key[i],
				s->key[i] == '-' ? '_' : toupper((unsigned char)s->key[i]));
	}
}

static void the_profile_layer_knows_the_same_keys(void **state)
{
	size_t n = 0;
	(void)state;
	for (HONE_EACH_SETTING(s)) {
		if (s->kind != HONE_SETTING_PROFILE)
			continue;
		assert_int_not_equal(hone_profile_key_find(s->key), HONE_KEY_COUNT);
		n++;
	}
	assert_int_equal(n, HONE_KEY_COUNT - 1); /* dir-name is a key that Cargo always refuses */
}

/* value parses to itself. */
static void takes(const struct hone_setting *s, const char *value)
{
	char *toml = NULL, *why = NULL;
	if (!hone_setting_value_parse(s, hone_view_of(value), &toml, &why))
		fail_msg("%s = %s: %s", s->key, value, why);
	assert_string_equal(toml, value);
	free(toml);
	/* Without quotes the same text means the same, unless it then is a number or boolean. */
	if (value[0] == '"' && s->type == HONE_TYPE_STRING) {
		struct hone_view bare = {value + 1, strlen(value) - 2};
		assert_true(hone_setting_value_parse(s, bare, &toml, &why));
		assert_string_equal(toml, value);
		free(toml);
	}
}

static void values_parse_to_themselves(void **state)
{
	(void)state;
	for (HONE_EACH_SETTING(s)) {
		if (s->default_dev && s->type != HONE_TYPE_LIST)
			takes(s, s->default_dev);
		if (s->default_release && s->type != HONE_TYPE_LIST)
			takes(s, s->default_release);
		for (const struct hone_setting_value *v = s->values; v && v->toml; v++) {
			takes(s, v->toml);
			assert_ptr_equal(hone_setting_value_find(s, hone_view_of(v->toml)), v);
			if (v->same_as) {
				const struct hone_setting_value *other =
					hone_setting_value_find(s, hone_view_of(v->same_as));
				assert_non_null(other);
				assert_null(other->same_as);
				assert_int_equal(other->labels, v->labels);
				assert_true(other->flags == v->flags);
			}
		}
	}
}

static void flags_belong_to_the_compiler_and_the_linker(void **state)
{
	(void)state;
	for (HONE_EACH_SETTING(s)) {
		bool flagged = s->kind == HONE_SETTING_RUSTC || s->kind == HONE_SETTING_LINK ||
			       s->kind == HONE_SETTING_STD ||
			       s->id == HONE_SET_POST_WASM_OPT || /* a tool of its own */
			       s->id == HONE_SET_POST_BOLT;       /* the link before it */
		for (const struct hone_setting_value *v = s->values; v && v->toml; v++) {
			bool is_default =
				s->default_release && strcmp(v->toml, s->default_release) == 0;
			print_message("%s = %s\n", s->key, v->toml);
			assert_int_equal(v->labels & ~all_labels(), 0);
			assert_true(v->effect && v->effect[0]);
			if (s->kind == HONE_SETTING_TRAIN)
				continue; /* the planner knows the flags */
			if (s->kind == HONE_SETTING_PROFILE)
				/* Cargo's own option, which a nightly value asks for. */
				assert_int_equal(v->flags && strncmp(v->flags, "-Z", 2) == 0,
					(v->labels & HONE_LABEL_NIGHTLY) != 0);
			else if (!flagged)
				assert_null(v->flags);
			else
				assert_true(v->flags || is_default);
			if (v->flags && s->open && v == s->values && flagged)
				assert_non_null(strstr(v->flags, "%s"));
			if (v->flags)
				assert_int_equal(v->flags[0], '-');
			assert_int_equal(s->nightly && !(v->labels & HONE_LABEL_NIGHTLY), 0);
		}
		if (flagged && s->open)
			assert_non_null(s->values[0].flags);
	}
}

/* Prose for people: printable ASCII, full sentences where sentences are meant. */
static void prose(const char *key, const char *text, bool sentence)
{
	if (!text)
		return;
	size_t n = strlen(text);
	print_message("%s: %s\n", key, text);
	assert_true(n > 0 && text[n - 1] != ' ');
	assert_int_equal(text[n - 1] == '.', sentence);
	assert_null(strstr(text, "  "));
	for (size_t i = 0; i < n; i++)
		assert_true(text[i] >= ' ' && text[i] < 0x7f);
}

static void every_row_explains_itself(void **state)
{
	const char *group = NULL;
	(void)state;
	for (HONE_EACH_SETTING(s)) {
		assert_true(s->group && s->summary && s->range);
		assert_true(s->default_release || s->unset_means || s->nightly ||
			    strcmp(s->key, "inherits") == 0);
		assert_int_equal(s->default_dev != NULL,
			s->default_release != NULL || strcmp(s->key, "strip") == 0);
		prose(s->key, s->summary, false);
		prose(s->key, s->range, false);
		prose(s->key, s->unset_means, false);
		prose(s->key, s->build_cost, true);
		prose(s->key, s->risks, true);
		prose(s->key, s->interacts, true);
		prose(s->key, s->folklore, true);
		for (const struct hone_setting_value *v = s->values; v && v->toml; v++)
			prose(s->key, v->effect, false);
		if (s->open && s->type == HONE_TYPE_INTEGER)
			assert_true(s->min < s->max);
		group = s->group;
	}
	assert_string_equal(group, "after the link");
}

static void refuses(const char *key, const char *value, const char *message)
{
	char *toml = NULL, *why = NULL;
	const struct hone_setting *s = hone_setting_find(hone_view_of(key));
	assert_non_null(s);
	if (hone_setting_value_parse(s, hone_view_of(value), &toml, &why))
		fail_msg("%s = %s was taken as %s", key, value, toml);
	assert_string_equal(why, message);
	free(why);
}

static void wrong_values_are_refused_with_the_range(void **state)
{
	(void)state;
	refuses("opt-level", "4", "opt-level takes 0, 1, 2, 3, \"s\" or \"z\", not 4");
	refuses("opt-level", "\"3\"",
		"opt-level does not take the text \"3\": write 3 without quotes");
	refuses("lto", "\"true\"",
		"lto does not take the text \"true\": write true without quotes");
	refuses("lto", "fatt",
		"lto takes false, true, \"fat\", \"thin\" or \"off\", not fatt (did you mean "
		"fat?)");
	refuses("codegen-units", "0", "codegen-units takes 1 to 4294967295, not 0");
	refuses("codegen-units", "4294967296",
		"codegen-units takes 1 to 4294967295, not 4294967296");
	refuses("codegen-units", "\"1\"",
		"codegen-units does not take the text \"1\": write 1 without quotes");
	refuses("debug", "3",
		"debug takes false, 0 or \"none\"; \"line-directives-only\"; \"line-tables-only\"; "
		"1 or "
		"\"limited\"; true, 2 or \"full\", not 3");
	refuses("incremental", "yes", "incremental takes true or false, not yes");
	refuses("incremental", "\"true\"",
		"incremental does not take the text \"true\": write true without quotes");
	refuses("link.icf", "\"al\"",
		"link.icf takes \"none\", \"safe\" or \"all\", not al (did you mean all?)");
	refuses("link.icf", "", "link.icf has no value: it takes \"none\", \"safe\" or \"all\"");
	refuses("rustflags", "[\"-Cx\"]", "rustflags takes a list, which only Cargo.toml can hold");
	refuses("strip", "\"all", "strip: \"all is not a TOML string");
	refuses("rustc.target-cpu", "\"a\\u0000b\"",
		"rustc.target-cpu: \"a\\u0000b\" is not a TOML string");
}

static void open_settings_take_what_is_not_listed(void **state)
{
	char *toml, *why;
	const struct hone_setting *cpu = hone_setting_find(HONE_VIEW("rustc.target-cpu"));
	const struct hone_setting *units = hone_setting_find(HONE_VIEW("codegen-units"));
	(void)state;
	assert_true(hone_setting_value_parse(cpu, HONE_VIEW("znver5"), &toml, &why));
	assert_string_equal(toml, "\"znver5\"");
	assert_int_equal(hone_setting_value_labels(cpu, hone_view_of(toml)), HONE_LABEL_CPU);
	assert_string_equal(
		hone_setting_value_row(cpu, hone_view_of(toml))->flags, "-Ctarget-cpu=%s");
	free(toml);
	assert_true(hone_setting_value_parse(units, HONE_VIEW("007"), &toml, &why));
	assert_string_equal(toml, "7");
	assert_int_equal(hone_setting_value_labels(units, hone_view_of(toml)), 0);
	free(toml);
	assert_true(hone_setting_value_parse(cpu, HONE_VIEW("'a\"b'"), &toml, &why));
	assert_string_equal(toml, "\"a\\\"b\"");
	free(toml);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(labels_are_single_bits_with_their_own_name),
		cmocka_unit_test(keys_are_unique_and_found),
		cmocka_unit_test(kinds_scopes_and_prefixes_agree),
		cmocka_unit_test(the_profile_layer_knows_the_same_keys),
		cmocka_unit_test(values_parse_to_themselves),
		cmocka_unit_test(flags_belong_to_the_compiler_and_the_linker),
		cmocka_unit_test(every_row_explains_itself),
		cmocka_unit_test(wrong_values_are_refused_with_the_range),
		cmocka_unit_test(open_settings_take_what_is_not_listed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
