/* A link captured by the helper replays to the same bytes: C objects, an ar archive, a version script, a
 * library found by -L and -l, arguments in a response file. */
#include "fs.h"
#include "hash.h"
#include "helper.h"
#include "link_replay.h"
#include "proc.h"

#include <setjmp.h>
#include <stdio.h>
#include <unistd.h>
#include <cmocka.h>

#include "scratch.h"

static void write_file(const char *name, const char *text)
{
	hone_auto_free char *path = in_scratch(name);

	put_file(path, text);
}

static void run_in_dir(const char *const *argv, const char *const *env)
{
	hone_auto_proc_result struct hone_proc_result r = HONE_PROC_RESULT_INIT;
	struct hone_proc_spec spec = {
		.argv = argv, .dir = scratch, .env = env, .deadline_ns = 60 * HONE_NS_PER_S};
	struct hone_err err = HONE_ERR_INIT;

	if (hone_proc_run(&spec, &r, &err))
		fail_msg("%s", err.msg);
	if (r.exit_code != 0)
		fail_msg("%s: %s", argv[0], hone_buf_str(&r.err));
}

static void compile(const char *source, const char *object)
{
	const char *const argv[] = {"cc", "-c", "-O1", "-fPIC", source, "-o", object, NULL};

	run_in_dir(argv, NULL);
}

static struct hone_hash hash_of(const char *name)
{
	hone_auto_free char *path = in_scratch(name);
	struct hone_hash h = {0};
	struct hone_err err = HONE_ERR_INIT;

	if (hone_hash_file(path, &h, &err))
		fail_msg("%s", err.msg);
	return h;
}

static int set_up(void **state)
{
	const char *const mkdirs[] = {"mkdir", "-p", "libs", "linkers", NULL};
	const char *const ar[] = {"ar", "rcs", "libhelp.a", "help.o", NULL};
	const char *const ar_l[] = {"ar", "rcs", "libs/libfar.a", "far.o", NULL};

	if (scratch_make(state))
		return -1;
	run_in_dir(mkdirs, NULL);
	write_file("main.c", "int help(void); int far_away(void);\n"
			     "int visible(void) { return help() + far_away(); }\n"
			     "int hidden(void) { return 3; }\n");
	write_file("help.c", "int help(void) { return 1; }\n");
	write_file("far.c", "int far_away(void) { return 2; }\n");
	write_file("exports.map", "{ global: visible; local: *; };\n");
	compile("main.c", "main.o");
	compile("help.c", "help.o");
	compile("far.c", "far.o");
	run_in_dir(ar, NULL);
	run_in_dir(ar_l, NULL);
	/* A blank in a response file has to be quoted. */
	write_file("rest.rsp",
		"\"-Wl,-soname,with blank\" -Wl,--version-script=exports.map\nlibhelp.a\n");
	return 0;
}

/* Links through the copier, so that the capture lies in link/. */
static void link_captured(const char *out, const char *const *more)
{
	hone_auto_free char *copier = in_scratch("linkers/cc");
	hone_auto_free char *link_dir = in_scratch("link");
	hone_auto_strv struct hone_strv argv = HONE_STRV_INIT;
	hone_auto_strv struct hone_strv env = HONE_STRV_INIT;
	struct hone_err err = HONE_ERR_INIT;

	if (hone_helper_write(copier, &err))
		fail_msg("%s", err.msg);
	hone_strv_push(&env, "HONE_LINK_REAL=cc");
	hone_strv_pushf(&env, "HONE_LINK_DIR=%s", link_dir);
	hone_strv_push(&argv, copier);
	hone_strv_append(&argv, more);
	hone_strv_push(&argv, "-o");
	hone_strv_push(&argv, out);
	run_in_dir(hone_strv_argv(&argv), hone_strv_argv(&env));
}

static void replay(const char *out, const char *const *drop, const char *const *add)
{
	hone_auto_free char *link_dir = in_scratch("link");
	hone_auto_free char *path = in_scratch(out);
	struct hone_err err = HONE_ERR_INIT;
	double seconds = -1;

	if (hone_link_replay(link_dir, path, drop, add, &seconds, &err))
		fail_msg("%s", err.msg);
	assert_true(seconds >= 0);
}

static const char *const link_args[] = {"-shared", "main.o", "@rest.rsp", "-Llibs", "-lfar", NULL};

static void same_bytes(void **state)
{
	(void)state;
	link_captured("first.so", link_args);
	replay("again.so", NULL, NULL);
	assert_true(hone_hash_eq(hash_of("first.so"), hash_of("again.so")));
}

/* The copies count, not the files they were made from. */
static void inputs_may_be_gone(void **state)
{
	static const char *const rm[] = {
		"rm", "main.o", "libhelp.a", "libs/libfar.a", "exports.map", "rest.rsp", NULL};

	(void)state;
	link_captured("first.so", link_args);
	run_in_dir(rm, NULL);
	replay("again.so", NULL, NULL);
	assert_true(hone_hash_eq(hash_of("first.so"), hash_of("again.so")));
}

static void flags_dropped_and_added(void **state)
{
	static const char *const stripped[] = {
		"-shared", "main.o", "@rest.rsp", "-Llibs", "-lfar", "-Wl,--strip-all", NULL};
	static const char *const strip[] = {"-Wl,--strip-all", NULL};

	(void)state;
	link_captured("plain.so", link_args);
	replay("stripped.so", NULL, strip);
	link_captured("first.so", stripped);
	assert_true(hone_hash_eq(hash_of("first.so"), hash_of("stripped.so")));
	replay("twin.so", hone_link_strip_args, NULL);
	assert_true(hone_hash_eq(hash_of("plain.so"), hash_of("twin.so")));
}

static void failing_linker_says_why(void **state)
{
	static const char *const bad[] = {"-Wl,--no-such-flag-of-any-linker", NULL};
	hone_auto_free char *link_dir = in_scratch("link");
	hone_auto_free char *path = in_scratch("never.so");
	hone_auto_err struct hone_err err = HONE_ERR_INIT;

	(void)state;
	link_captured("first.so", link_args);
	assert_int_equal(hone_link_replay(link_dir, path, NULL, bad, NULL, &err), HONE_E_FAILED);
	assert_non_null(strstr(err.msg, "no-such-flag"));
}

static void no_capture(void **state)
{
	hone_auto_free char *link_dir = in_scratch("nothing");
	hone_auto_err struct hone_err err = HONE_ERR_INIT;

	(void)state;
	assert_int_equal(hone_link_replay(link_dir, "x", NULL, NULL, NULL, &err), HONE_E_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(same_bytes, set_up, scratch_remove),
		cmocka_unit_test_setup_teardown(inputs_may_be_gone, set_up, scratch_remove),
		cmocka_unit_test_setup_teardown(flags_dropped_and_added, set_up, scratch_remove),
		cmocka_unit_test_setup_teardown(failing_linker_says_why, set_up, scratch_remove),
		cmocka_unit_test_setup_teardown(no_capture, set_up, scratch_remove),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
