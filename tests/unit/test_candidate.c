/* Candidates: what is typed, what it means, and that its canonical text means the same again. */
#include "candidate.h"
#include "space.h"
#include "strv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct hone_candidate *parsed(const char *text)
{
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	struct hone_candidate *c = NULL;
	if (hone_candidate_parse(text, &c, &err) < 0)
		fail_msg("%s: %s", text, err.msg);
	return c;
}

/* text means canonical, and canonical means itself. */
static void means(const char *text, const char *canonical)
{
	struct hone_candidate *c = parsed(text);
	hone_auto_free char *once = hone_candidate_canonical(c);
	assert_string_equal(once, canonical);
	assert_string_equal(c->name, text);
	assert_int_equal(hone_candidate_is_baseline(c), canonical[0] == '\0');
	if (canonical[0]) {
		struct hone_candidate *again = parsed(once);
		hone_auto_free char *twice = hone_candidate_canonical(again);
		assert_string_equal(twice, once);
		hone_candidate_free(again);
	}
	hone_candidate_free(c);
}

static void refused(const char *text, const char *message, const char *hint)
{
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	struct hone_candidate *c = NULL;
	if (hone_candidate_parse(text, &c, &err) >= 0)
		fail_msg("%s was taken", text);
	assert_int_equal(err.code, HONE_E_USAGE);
	assert_string_equal(err.msg, message);
	if (hint)
		assert_string_equal(err.hint, hint);
	else
		assert_null(err.hint);
	assert_null(c);
}

static void names_are_the_published_recipes(void **state)
{
	(void)state;
	means("baseline", "");
	means("small",
		"opt-level=\"z\",lto=true,codegen-units=1,panic=\"abort\",strip=\"debuginfo\"");
	means("fast", "opt-level=3,lto=\"fat\",codegen-units=1,panic=\"abort\"");
	means("balanced",
		"opt-level=\"s\",lto=\"fat\",codegen-units=1,panic=\"abort\",strip=\"symbols\"");
	for (size_t i = 0; hone_preset_names[i]; i++) {
		struct hone_candidate *c = parsed(hone_preset_names[i]);
		assert_true(c->n >= 4);
		hone_candidate_free(c);
	}
	assert_null(hone_preset_names[3]);
}

static void plus_separates_only_after_a_name(void **state)
{
	(void)state;
	means("baseline+link.icf=all+link.relr=on", "link.icf=\"all\",link.relr=\"on\"");
	means("baseline,icf=all", "link.icf=\"all\"");
	means("fast + lto = \"thin\" , icf=safe",
		"opt-level=3,lto=\"thin\",codegen-units=1,panic=\"abort\",link.icf=\"safe\"");
	means("rustc.remap-path-prefix=/a+b=/c", "rustc.remap-path-prefix=\"/a+b=/c\"");
	means("baseline+rustc.remap-path-prefix=\"/a+b=/c\"+relr=on",
		"rustc.remap-path-prefix=\"/a+b=/c\",link.relr=\"on\"");
	refused("baseline+rustc.remap-path-prefix=/a+b=/c", "unknown setting `b`",
		"`cargo hone explain` lists all settings");
	refused("small,fast",
		"the name `fast` can only stand first: several candidates are several arguments",
		NULL);
	refused("small+", "a KEY=VALUE is missing in `small+`", NULL);
	refused(",lto=fat", "a KEY=VALUE is missing in `,lto=fat`", NULL);
	refused("small,,lto=fat", "a KEY=VALUE is missing in `small,,lto=fat`", NULL);
}

static void unset_takes_a_setting_of_the_name_out(void **state)
{
	(void)state;
	means("balanced+panic=unset",
		"opt-level=\"s\",lto=\"fat\",codegen-units=1,strip=\"symbols\"");
	means("fast,lto=unset+codegen-units=unset+panic=unset+opt-level=unset", "");
	refused("fast+strip=unset", "strip=unset: `fast+strip=unset` does not set it", NULL);
	refused("lto=unset", "lto=unset: `lto=unset` does not set it", NULL);
	refused("fast+lto=unset+lto=thin", "lto is given twice", NULL);
	refused("package.a.opt-level=2,package.a.opt-level=unset", "opt-level is given twice",
		NULL);
}

/* What only programs of an operating system have goes, the rest and the name stay. */
static void a_device_has_nothing_of_a_loader(void **state)
{
	struct hone_candidate *c = parsed("baseline+relr=on+icf=all+unwind=discard+opt-level=z");
	hone_auto_strv struct hone_strv dropped = HONE_STRV_INIT;
	hone_auto_free char *left = NULL;

	(void)state;
	hone_strv_push(&dropped, "link.relr");
	hone_candidate_drop_hosted(c, &dropped);
	left = hone_candidate_canonical(c);
	assert_string_equal(left, "opt-level=\"z\",link.icf=\"all\"");
	assert_string_equal(c->name, "baseline+relr=on+icf=all+unwind=discard+opt-level=z");
	assert_int_equal(dropped.n, 2);
	assert_string_equal(dropped.v[1], "link.unwind");
	hone_candidate_free(c);
}

static void values_keep_their_spelling(void **state)
{
	(void)state;
	means("lto=true", "lto=true");
	means("lto=fat", "lto=\"fat\"");
	means("lto='fat'", "lto=\"fat\"");
	means("opt-level=3", "opt-level=3");
	means("opt-level=s", "opt-level=\"s\"");
	means("strip=true", "strip=true");
	means("strip=all", "post.strip=\"all\"");
	means("small+strip=\"all\"", "opt-level=\"z\",lto=true,codegen-units=1,panic=\"abort\","
				     "strip=\"debuginfo\",post.strip=\"all\"");
	means("debug=1,debug-assertions=true", "debug=1,debug-assertions=true");
	refused("opt-level=\"3\"", "opt-level does not take the text \"3\": write 3 without quotes",
		NULL);
	refused("package.a.strip=all",
		"strip takes \"none\", \"debuginfo\", \"symbols\", false (= \"none\") or true (= "
		"\"symbols\"), not all",
		NULL);
}

static void canonical_order_is_that_of_the_table(void **state)
{
	(void)state;
	means("relr=on,package.b.opt-level=1,lto=thin,package.a.opt-level=2,opt-level=s",
		"opt-level=\"s\",package.\"a\".opt-level=2,package.\"b\".opt-level=1,lto=\"thin\","
		"link.relr=\"on\"");
}

/* Each strength carries the labels that it says, and no other. */
static void own_names_carry_the_labels_of_their_strength(void **state)
{
	unsigned published = 0;
	(void)state;
	for (size_t i = 0; hone_preset_names[i]; i++) {
		struct hone_candidate *c = parsed(hone_preset_names[i]);
		published |= hone_candidate_labels(c);
		hone_candidate_free(c);
	}
	for (size_t i = 0; hone_own_names[i]; i++) {
		struct hone_candidate *c = parsed(hone_own_names[i]);
		unsigned more = 0;
		if (strstr(hone_own_names[i], "-bold") || strstr(hone_own_names[i], "-std"))
			more = HONE_LABEL_GLIBC | HONE_LABEL_BACKTRACE | HONE_LABEL_ADDRESS;
		if (strstr(hone_own_names[i], "-std"))
			more |= HONE_LABEL_NIGHTLY;
		print_message("%s\n", hone_own_names[i]);
		assert_int_equal(hone_candidate_labels(c), published | more);
		hone_candidate_free(c);
	}
}

/* text, with the labels let in, is the recipe of another name. */
static void becomes(const char *text, unsigned allowed, const char *name)
{
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	struct hone_candidate *c = NULL, *other = parsed(name);
	assert_int_equal(hone_candidate_parse_allowed(text, allowed, &c, &err), 0);
	hone_auto_free char *have = hone_candidate_canonical(c);
	hone_auto_free char *want = hone_candidate_canonical(other);
	assert_string_equal(have, want);
	assert_string_equal(c->name, text);
	hone_candidate_free(other);
	hone_candidate_free(c);
}

static void labels_let_in_reach_the_other_strengths(void **state)
{
	static const char *const names[] = {"smallest", "fastest", "best-balanced"};
	const unsigned most = HONE_LABEL_GLIBC | HONE_LABEL_BACKTRACE | HONE_LABEL_ADDRESS;
	(void)state;
	for (size_t i = 0; i < HONE_COUNT(names); i++) {
		char bold[64], whole[64];
		(void)snprintf(bold, sizeof(bold), "%s-bold", names[i]);
		(void)snprintf(whole, sizeof(whole), "%s-std", names[i]);
		becomes(names[i], 0, names[i]);
		becomes(names[i], most, bold);
		becomes(bold, ~0U, bold);
		becomes(names[i], most | HONE_LABEL_NIGHTLY, whole);
		becomes(names[i], ~0U, whole);
	}
	becomes("smallest", HONE_LABEL_GLIBC, "smallest+link.relr=on,link.build-id=none");
	becomes("smallest+lto=thin", most, "smallest-bold+lto=thin");
	becomes("small", ~0U, "small");
	becomes("opt-level=3", ~0U, "opt-level=3");
}

static void a_key_alone_turns_a_setting_on(void **state)
{
	(void)state;
	means("pgo", "train.pgo=\"on\"");
	means("relr,icf=all", "link.icf=\"all\",link.relr=\"on\"");
	means("baseline+relr+pgo", "link.relr=\"on\",train.pgo=\"on\"");
	refused("icf", "link.icf has no value: it takes \"none\", \"safe\" or \"all\"", NULL);
}

static void mistakes_are_named(void **state)
{
	(void)state;
	refused("", "an empty candidate", NULL);
	refused("target-cpu=\xff", "a candidate that is not UTF-8", NULL);
	refused("  ", "an empty candidate", NULL);
	refused("smal",
		"`smal` is neither a candidate (baseline, small, fast, balanced, smallest, "
		"fastest, "
		"best-balanced) nor KEY=VALUE",
		"did you mean `small`?");
	refused("optlevel=3", "unknown setting `optlevel`", "did you mean `opt-level`?");
	refused("small+linc.icf=all", "unknown setting `linc.icf`", "did you mean `link.icf`?");
	refused("lto", "lto has no value: it takes false, true, \"fat\", \"thin\" or \"off\"",
		NULL);
	refused("lto=", "lto has no value: it takes false, true, \"fat\", \"thin\" or \"off\"",
		NULL);
	refused("lto=fat,lto=thin", "lto is given twice", NULL);
	refused("icf=all,link.icf=safe", "link.icf is given twice", NULL);
	refused("lto=\"fat", "the quote in `\"fat` is not closed", NULL);
	refused("lto=\"fat\"x", "unexpected `x` behind \"fat\"", NULL);
	refused("inherits=dev",
		"inherits is no setting of a candidate: --profile chooses what it starts from",
		NULL);
	refused("package.foo.lto=fat",
		"`lto` may not be specified in a `package` profile: it holds for the whole program",
		NULL);
	refused("package.foo.icf=all", "link.icf holds for the whole program, not for package foo",
		NULL);
	refused("package.foo.opt-levl=3", "unknown setting `opt-levl`",
		"did you mean `opt-level`?");
	refused("package.9x.opt-level=3",
		"package `9x`: invalid character `9` in package name: `9x`, the name cannot start "
		"with a "
		"digit",
		NULL);
	refused("package.foo", "package.foo is not package.NAME.KEY=VALUE", NULL);
	refused("package.", "package. is not package.NAME.KEY=VALUE", NULL);
	refused("package.\"a\"x.opt-level=1",
		"package.\"a\"x.opt-level=1 is not package.NAME.KEY=VALUE", NULL);
	refused("package.\"\".opt-level=1",
		"package.\"\".opt-level=1 is not package.NAME.KEY=VALUE", NULL);
}

static void assignments_can_be_asked_for_and_replaced(void **state)
{
	struct hone_candidate *c = parsed("small+package.a.opt-level=2");
	const struct hone_setting *icf = hone_setting_find(HONE_VIEW("link.icf"));
	(void)state;
	assert_string_equal(hone_candidate_get(c, HONE_SET_OPT_LEVEL, NULL)->value, "\"z\"");
	assert_string_equal(hone_candidate_get(c, HONE_SET_OPT_LEVEL, "a")->value, "2");
	assert_null(hone_candidate_get(c, HONE_SET_OPT_LEVEL, "b"));
	hone_auto_free char *key = hone_assign_key(hone_candidate_get(c, HONE_SET_OPT_LEVEL, "a"));
	assert_string_equal(key, "package.\"a\".opt-level");
	assert_int_equal(hone_candidate_labels(c), HONE_LABEL_BEHAVIOUR);

	struct hone_candidate *copy = hone_candidate_copy(c, "another");
	hone_candidate_set(copy, icf, NULL, "\"safe\"");
	hone_candidate_set(copy, icf, NULL, "\"all\"");
	hone_candidate_set(
		copy, icf, NULL, hone_candidate_get(copy, HONE_SET_LINK_ICF, NULL)->value);
	assert_string_equal(copy->name, "another");
	assert_string_equal(hone_candidate_get(copy, HONE_SET_LINK_ICF, NULL)->value, "\"all\"");
	assert_int_equal(hone_candidate_labels(copy), HONE_LABEL_BEHAVIOUR | HONE_LABEL_ADDRESS);
	assert_int_equal(copy->n, c->n + 1);
	assert_null(hone_candidate_get(c, HONE_SET_LINK_ICF, NULL));
	hone_candidate_free(copy);
	hone_candidate_free(c);
	hone_candidate_free(NULL);
}

/* Every form of the Cargo book's "Package ID Specifications". */
static const char *const specs[] = {
	"*",
	"regex",
	"regex@1",
	"regex@1.4",
	"regex@1.4.3",
	"regex:1.4.3",
	"regex@1.4.3-rc.1+build.5",
	"under_score",
	"outer::inner",
	"https://github.com/rust-lang/crates.io-index#regex",
	"https://github.com/rust-lang/crates.io-index#regex@1.4.3",
	"registry+https://github.com/rust-lang/crates.io-index#regex@1.4.3",
	"sparse+https://index.crates.io/#regex@1.4.3",
	"https://github.com/rust-lang/cargo#0.52.0",
	"https://github.com/rust-lang/cargo#cargo-platform@0.1.2",
	"ssh://git@github.com/rust-lang/regex.git#regex@1.4.3",
	"git+ssh://git@github.com/rust-lang/regex.git#regex@1.4.3",
	"git+ssh://git@github.com/rust-lang/regex.git?branch=dev#regex@1.4.3",
	"git+https://github.com/rust-lang/regex.git?tag=v1.4#regex",
	"git+https://github.com/rust-lang/regex?rev=abc123",
	"file:///path/to/my/project/foo",
	"file:///path/to/my/project/foo#1.1.8",
	"path+file:///path/to/my/project/foo#1.1.8",
	"path+file:///path/to/my/project/foo#name@1.1.8",
};

/* Reads text, and says whether it assigns exactly value to this setting of this package. */
static void assigns(const char *text, const struct hone_setting *s, const char *spec,
	const char *value, size_t n)
{
	struct hone_candidate *c = parsed(text);
	const struct hone_assign *a = hone_candidate_get(c, s->id, spec);
	if (!a)
		fail_msg("%s does not assign %s", text, s->key);
	assert_string_equal(a->value, value);
	assert_int_equal(c->n, n);
	hone_auto_free char *canonical = hone_candidate_canonical(c);
	struct hone_candidate *again = parsed(canonical);
	hone_auto_free char *same = hone_candidate_canonical(again);
	assert_string_equal(same, canonical);
	hone_candidate_free(again);
	hone_candidate_free(c);
}

static void every_setting_and_value_comes_back(void **state)
{
	(void)state;
	for (HONE_EACH_SETTING(s)) {
		if (s->type == HONE_TYPE_LIST || strcmp(s->key, "inherits") == 0)
			continue;
		for (const struct hone_setting_value *v = s->values; v->toml; v++) {
			char text[256];
			(void)snprintf(text, sizeof(text), "%s=%s", s->key, v->toml);
			assigns(text, s, NULL, v->toml, 1);
			(void)snprintf(text, sizeof(text), "baseline+%s=%s", s->key, v->toml);
			assigns(text, s, NULL, v->toml, 1);
		}
	}
}

static void every_form_of_package_spec_comes_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < HONE_COUNT(specs); i++) {
		for (HONE_EACH_SETTING(s)) {
			if (!s->per_package || s->type == HONE_TYPE_LIST)
				continue;
			for (const struct hone_setting_value *v = s->values; v->toml; v++) {
				char text[256];
				(void)snprintf(text, sizeof(text), "package.%s.%s=%s", specs[i],
					s->key, v->toml);
				assigns(text, s, specs[i], v->toml, 1);
				(void)snprintf(text, sizeof(text), "package.\"%s\".%s=%s", specs[i],
					s->key, v->toml);
				assigns(text, s, specs[i], v->toml, 1);
				(void)snprintf(text, sizeof(text),
					"baseline+package.%s.%s=%s+link.relr=on", specs[i], s->key,
					v->toml);
				assigns(text, s, specs[i], v->toml, 2);
				(void)snprintf(text, sizeof(text), "relr=on,package.'%s'.%s=%s",
					specs[i], s->key, v->toml);
				assigns(text, s, specs[i], v->toml, 2);
			}
		}
	}
}

static void names_of_the_project_are_recipes(void **state)
{
	struct hone_recipes recipes = {0};
	static const char *const wanting[] = {
		"ours", " ours+opt-level=2", "tuned-small,relr", "smal"};
	static const char *const known[] = {
		"small", "small+relr", "opt-level=3", "relr", "baseline", ""};
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	hone_auto_free char *canonical = NULL;
	struct hone_candidate *c = NULL;

	(void)state;
	hone_strv_push(&recipes.names, "ours");
	hone_strv_push(&recipes.texts, "small+link.icf=all");
	hone_strv_push(&recipes.names, "broken");
	hone_strv_push(&recipes.texts, "lto=fst");
	assert_int_equal(
		hone_candidate_parse_named("ours+opt-level=2,lto=unset", 0, &recipes, &c, &err), 0);
	canonical = hone_candidate_canonical(c);
	assert_string_equal(canonical,
		"opt-level=2,codegen-units=1,panic=\"abort\",strip=\"debuginfo\",link.icf=\"all\"");
	hone_candidate_free(c);
	assert_int_equal(hone_candidate_parse_named("broken", 0, &recipes, &c, &err), HONE_E_USAGE);
	assert_non_null(strstr(err.msg, "candidate `broken`"));
	hone_err_release(&err);
	assert_int_equal(hone_candidate_parse_named("others", 0, &recipes, &c, &err), HONE_E_USAGE);
	for (size_t i = 0; i < HONE_COUNT(wanting); i++)
		assert_true(hone_candidate_wants_recipe(wanting[i]));
	for (size_t i = 0; i < HONE_COUNT(known); i++)
		assert_false(hone_candidate_wants_recipe(known[i]));
	assert_true(hone_candidate_is_taken("small") && hone_candidate_is_taken("icf"));
	hone_strv_release(&recipes.names);
	hone_strv_release(&recipes.texts);
}

static void the_space_is_of_the_table(void **state)
{
	static const struct {
		enum hone_setting_id id;
		const char *value;
		enum hone_cost cost;
	} costs[] = {
		{HONE_SET_LINK_ICF, "\"all\"", HONE_COST_LINK},
		{HONE_SET_LINK_UNWIND, "\"discard\"", HONE_COST_LINK},
		/* Another linker does no captured link again, and this one is lld's LTO. */
		{HONE_SET_LINK_LINKER, "\"mold\"", HONE_COST_FINAL},
		{HONE_SET_LINK_MINSIZE, "\"all\"", HONE_COST_FINAL},
		{HONE_SET_RUSTC_INLINE_THRESHOLD, "40", HONE_COST_FINAL},
		{HONE_SET_OPT_LEVEL, "\"z\"", HONE_COST_CRATES},
		{HONE_SET_TRAIN_PGO, "\"on\"", HONE_COST_TRAINED},
		{HONE_SET_POST_STRIP, "\"all\"", HONE_COST_FILE},
	};

	(void)state;
	for (const struct hone_space_row *r = hone_space; r->goals; r++)
		for (size_t i = 0; i < HONE_SPACE_VALUES && r->values[i]; i++) {
			hone_auto_free char *toml = NULL;
			hone_auto_free char *why = NULL;

			if (!hone_setting_value_parse(
				    hone_setting(r->id), hone_view_of(r->values[i]), &toml, &why))
				fail_msg("%s: %s", hone_setting(r->id)->key, why);
			assert_string_equal(toml, r->values[i]);
		}
	for (size_t i = 0; i < HONE_COUNT(costs); i++)
		assert_int_equal(
			hone_setting_cost(hone_setting(costs[i].id), hone_view_of(costs[i].value)),
			costs[i].cost);
	assert_true(hone_space_has(HONE_GOAL_SMALL, HONE_SET_LINK_ICF));
	assert_false(hone_space_has(HONE_GOAL_FAST, HONE_SET_LINK_ICF));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_the_published_recipes),
		cmocka_unit_test(plus_separates_only_after_a_name),
		cmocka_unit_test(unset_takes_a_setting_of_the_name_out),
		cmocka_unit_test(a_device_has_nothing_of_a_loader),
		cmocka_unit_test(values_keep_their_spelling),
		cmocka_unit_test(canonical_order_is_that_of_the_table),
		cmocka_unit_test(own_names_carry_the_labels_of_their_strength),
		cmocka_unit_test(labels_let_in_reach_the_other_strengths),
		cmocka_unit_test(a_key_alone_turns_a_setting_on),
		cmocka_unit_test(mistakes_are_named),
		cmocka_unit_test(assignments_can_be_asked_for_and_replaced),
		cmocka_unit_test(every_setting_and_value_comes_back),
		cmocka_unit_test(every_form_of_package_spec_comes_back),
		cmocka_unit_test(names_of_the_project_are_recipes),
		cmocka_unit_test(the_space_is_of_the_table),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
