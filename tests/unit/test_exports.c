/* The names by which others find what a library has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "archive.h"
#include "fs.h"
#include "object.h"

static char *corpus(const char *folder, const char *name)
{
	const char *root = getenv("HONE_SOURCE_ROOT");

	return hone_xasprintf("%s/fuzz/corpora/%s/%s", root ? root : ".", folder, name);
}

static void of_an_archive(void **state)
{
	hone_auto_free char *path = corpus("archive", "two-members");
	hone_auto_strv struct hone_strv names = HONE_STRV_INIT;

	(void)state;
	assert_int_equal(hone_object_exports(path, &names, NULL), 0);
	assert_int_equal(names.n, 3);
	assert_string_equal(names.v[0], "kit_one");
	assert_string_equal(names.v[1], "kit_two");
	assert_string_equal(names.v[2], "other");
}

static void of_a_module(void **state)
{
	hone_auto_free char *path = corpus("wasm", "module");
	hone_auto_object_info struct hone_object_info info = HONE_OBJECT_INFO_INIT;
	hone_auto_strv struct hone_strv names = HONE_STRV_INIT;

	(void)state;
	assert_int_equal(hone_object_info_read(path, &info, NULL), 0);
	assert_int_equal(hone_object_exports(path, &names, NULL), 0);
	assert_int_equal(names.n, info.exports.n);
	assert_true(names.n > 0);
}

static void find_member(void *ctx, struct hone_view symbol, struct hone_view member)
{
	char **found = ctx;

	if (hone_view_is(symbol, "kit_two"))
		*found = hone_xstrndup(member.p, member.n);
}

static void long_names(void **state)
{
	hone_auto_free char *path = corpus("archive", "two-members");
	hone_auto_buf struct hone_buf b = HONE_BUF_INIT;
	hone_auto_free char *member = NULL;

	(void)state;
	assert_int_equal(hone_fs_read(path, 1 << 20, &b, NULL, NULL), 0);
	assert_int_equal(hone_archive_symbols(hone_buf_view(&b), find_member, &member, NULL), 0);
	assert_string_equal(member, "a_name_that_is_longer_than_fifteen.o");
}

static void assert_broken(const char *name, const char *words)
{
	hone_auto_free char *path = corpus("archive", name);
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	hone_auto_strv struct hone_strv names = HONE_STRV_INIT;

	assert_int_equal(hone_object_exports(path, &names, &err), HONE_E_SYNTAX);
	if (!strstr(err.msg, words) || !strstr(err.msg, path))
		fail_msg("%s: %s", name, err.msg);
}

static void broken(void **state)
{
	hone_auto_free char *path = corpus("archive", "no-index");
	hone_auto_strv struct hone_strv names = HONE_STRV_INIT;

	(void)state;
	assert_broken("cut-off", "cut off");
	assert_broken("too-many", "the index is cut off");
	assert_broken("bad-size", "the header of a member is broken");
	assert_int_equal(hone_object_exports(path, &names, NULL), 0);
	assert_int_equal(names.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(of_an_archive),
		cmocka_unit_test(of_a_module), cmocka_unit_test(long_names),
		cmocka_unit_test(broken)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
