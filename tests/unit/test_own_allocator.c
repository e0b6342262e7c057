/* #[global_allocator] in sources, as far as it is compiled. */
#include "cfg_expr.h"
#include "rust_scan.h"
#include "strv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static bool holds(void *ctx, struct hone_view cfg)
{
	hone_auto_free char *text = hone_view_dup(cfg);

	return hone_cfg_matches(text, ctx);
}

static char left_out[64];

static void leave_out(void *ctx, struct hone_view name)
{
	(void)ctx;
	(void)snprintf(left_out, sizeof(left_out), "%.*s", (int)name.n, name.p);
}

/* Its line; 0: there is none. */
static unsigned line_of(const char *source)
{
	hone_auto_strv struct hone_strv cfg = HONE_STRV_INIT;
	struct hone_rust_asker ask = {holds, leave_out, &cfg};
	unsigned line = 0, col = 0;
	bool found;

	hone_strv_push(&cfg, "unix");
	hone_strv_push(&cfg, "target_env=\"gnu\"");
	hone_strv_push(&cfg, "feature=\"fast\"");
	*left_out = '\0';
	found = hone_rust_global_allocator(hone_view_of(source), &ask, &line, &col);
	assert_int_equal(found, line != 0);
	return line;
}

#define ITEM "static A: System = System;\n"

static void found_where_it_is_compiled(void **state)
{
	(void)state;
	assert_int_equal(line_of("\n#[global_allocator]\n" ITEM), 2);
	assert_int_equal(line_of("#[cfg(unix)]\n#[global_allocator]\n" ITEM), 2);
	assert_int_equal(line_of("#[global_allocator]\n#[cfg(feature = \"fast\")]\n" ITEM), 1);
	assert_int_equal(line_of("#[cfg_attr(unix, global_allocator)]\n" ITEM), 1);
	assert_int_equal(line_of("#[cfg(not(windows))]\nmod m { #[global_allocator] " ITEM "}"), 2);
	assert_int_equal(line_of("#![no_main]\n#[std::prelude::v1::global_allocator]\n" ITEM), 2);
	assert_int_equal(line_of("#[doc = \"]\"]\n#[global_allocator]\n" ITEM), 2);
	assert_int_equal(line_of("const _: () = {\n#[global_allocator]\n" ITEM "};"), 2);
}

static void not_found_where_it_is_not(void **state)
{
	(void)state;
	assert_int_equal(line_of("// #[global_allocator]\n" ITEM), 0);
	assert_int_equal(
		line_of("/* #[global_allocator] */ const T: &str = \"#[global_allocator]\";"), 0);
	assert_int_equal(line_of("#[cfg(test)]\nmod tests {\n#[global_allocator]\n" ITEM "}"), 0);
	assert_int_equal(line_of("#[cfg(target_env = \"musl\")]\n#[global_allocator]\n" ITEM), 0);
	assert_int_equal(line_of("#[global_allocator]\n#[cfg(feature = \"slow\")]\n" ITEM), 0);
	assert_int_equal(line_of("#[cfg_attr(all(unix, windows), global_allocator)]\n" ITEM), 0);
	assert_int_equal(
		line_of("#[cfg(windows)]\nfn f(x: [u8; 3]) -> T {\n#[global_allocator]\n" ITEM
			"}\n"),
		0);
	assert_int_equal(line_of("#[cfg(windows)] mod win;\nfn main() {}"), 0);
	assert_string_equal(left_out, "win");
	assert_int_equal(line_of("#[cfg(windows)] pub(crate) mod other;\nfn main() {}"), 0);
	assert_string_equal(left_out, "other");
}

static void broken_sources_end(void **state)
{
	static const char *const texts[] = {"#", "#[", "#[global_allocator", "#[cfg(", "#[cfg",
		"#[cfg_attr(", "#[cfg_attr(unix, global_allocator", "#[cfg(windows)]",
		"#[cfg(windows)] fn f(", "#[cfg(windows)] mod", "#[]", "]]]", "#[cfg_attr]"};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		(void)line_of(texts[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(found_where_it_is_compiled),
		cmocka_unit_test(not_found_where_it_is_not),
		cmocka_unit_test(broken_sources_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
