/* What is read from `llvm-profdata show --all-functions --counts`. */
#include "profdata.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "scratch.h"

static void read_text(const char *text, struct hone_profdata *ret)
{
	struct hone_profdata_text t = {.profile = ret};
	struct hone_view rest = hone_view_of(text), line;
	bool started = false;

	while (hone_view_split(&rest, &started, '\n', &line))
		hone_profdata_line(&t, line);
	hone_profdata_finish(&t);
}

static const char three[] = "Counters:\n"
			    "  app.31c2-cgu.0;_ZN3app4cold17h0E:\n"
			    "    Hash: 0x057d220f704c806f\n"
			    "    Counters: 3\n"
			    "    Block counts: [0, 0, 0]\n"
			    "  _ZN3app4main17h1E:\n"
			    "    Hash: 0x0ec30a359297d38d\n"
			    "    Counters: 3\n"
			    "    Block counts: [8, 0, 2]\n"
			    "  app.31c2-cgu.0;_ZN3app3hot17h2E:\n"
			    "    Hash: 0x1\n"
			    "    Counters: 1\n"
			    "    Block counts: [990]\n"
			    "Instrumentation level: IR  entry_first = 0\n"
			    "Functions shown: 3\n"
			    "Total functions: 3\n";

static void weights_are_sums_of_counts(void **state)
{
	struct hone_profdata p = {0};
	(void)state;

	read_text(three, &p);
	assert_int_equal(p.n_functions, 3);
	assert_int_equal(p.n_executed, 2);
	assert_true(p.total == 1000);
	assert_int_equal(p.functions.n, 2);
	assert_string_equal(p.functions.v[0].name, "_ZN3app3hot17h2E");
	assert_true(p.functions.v[0].weight == 990);
	assert_string_equal(p.functions.v[1].name, "_ZN3app4main17h1E");
	hone_profdata_release(&p);
}

static void check_hot(const struct hone_profdata *p, double share, size_t expected)
{
	hone_auto_strv struct hone_strv names = HONE_STRV_INIT;

	hone_profdata_hot(p, share, &names);
	assert_int_equal(names.n, expected);
	assert_string_equal(names.v[0], "_ZN3app3hot17h2E");
}

static void hot_functions_hold_the_share(void **state)
{
	struct hone_profdata p = {0};
	(void)state;

	read_text(three, &p);
	check_hot(&p, 0.5, 1);
	check_hot(&p, 0.99, 1);
	check_hot(&p, 0.991, 2);
	check_hot(&p, 1, 2);
	/* The share that gives just so many. */
	check_hot(&p, hone_profdata_share(&p, 1), 1);
	check_hot(&p, hone_profdata_share(&p, 2), 2);
	assert_true(hone_profdata_share(&p, 1) <= 0.99);
	assert_true(hone_profdata_share(&p, 0) == 0);
	hone_profdata_release(&p);
}

static void one_name_with_two_shapes_is_named_once(void **state)
{
	hone_auto_strv struct hone_strv names = HONE_STRV_INIT;
	struct hone_profdata p = {0};
	(void)state;

	read_text("  f:\n    Block counts: [5]\n  f:\n    Block counts: [7]\n", &p);
	assert_true(p.total == 12);
	hone_profdata_hot(&p, 1, &names);
	assert_int_equal(names.n, 1);
	assert_true(hone_profdata_share(&p, 1) > 7.0 / 12); /* both shapes */
	hone_profdata_release(&p);
}

static void foreign_lines_do_no_harm(void **state)
{
	static const char *const texts[] = {"", "\n", "  :", "    Block counts: [1]",
		"  f:\n    Block counts: [",
		"  f:\n    Block counts: [x, -1, 99999999999999999999]",
		"  ;:\n    Block counts: []"};
	(void)state;

	for (size_t i = 0; i < HONE_COUNT(texts); i++) {
		struct hone_profdata p = {0};

		read_text(texts[i], &p);
		assert_int_equal(p.n_executed, 0);
		assert_true(p.total == 0);
		hone_profdata_release(&p);
	}
}

/* ---- the tool: fakes of rustc and llvm-profdata of LLVM 77, which nobody has */

static void write_program(const char *name, const char *text)
{
	hone_auto_free char *path = in_scratch(name);
	hone_auto_free char *dir = hone_path_dir(path);
	hone_auto_free char *all = hone_xasprintf("#!/bin/sh\n%s\n", text);

	assert_int_equal(hone_fs_mkdirs(dir, NULL), 0);
	assert_int_equal(hone_fs_write(path, hone_view_of(all), 0755, NULL), 0);
}

/* Raw and indexed profiles: magic and version, with the byte that tells what was counted. */
static void write_header(const char *name, const char *magic, size_t at, char kind)
{
	hone_auto_free char *path = in_scratch(name);
	char header[32] = {0};

	memcpy(header, magic, 8);
	header[at] = kind;
	assert_int_equal(hone_fs_write(path, (struct hone_view){header, 32}, 0644, NULL), 0);
}

#define RAW "\x81rforpl\xff"
#define RAW_32 "\x81Rforpl\xff"
#define RAW_BIG "\xfflprofr\x81"
#define INDEXED "\xfflprofi\x81"

/* `merge --failure-mode=all -o OUT DIR`, `show --all-functions --counts FILE`, `--version`. */
#define GOOD                                                                                       \
	"case $1 in merge) cp \"$5\"/*.profraw \"$4\" ;;\n"                                        \
	"show) printf '  f:\\n    Block counts: [1]\\nTotal functions: 1\\n' ;; esac"

static char rustc[200], sysroot[200];
static char host[] = "host", llvm[] = "77.1.0", version[] = "1.99.0";
static const struct hone_toolchain tc = {.rustc = rustc,
	.sysroot = sysroot,
	.host = host,
	.llvm_version = llvm,
	.rustc_version = version};

/* It makes a sample, too: a program that leaves a raw profile. */
static void write_rustc(const char *says)
{
	hone_auto_free char *text = hone_xasprintf(
		"case $1 in -Cprofile-generate)\n"
		"printf '#!/bin/sh\\nmkdir %s/sample-ran; mkdir -p ${LLVM_PROFILE_FILE%%%%/*}; "
		"printf 0123456789abcdef >$LLVM_PROFILE_FILE\\n' >$3; chmod +x $3 ;;\n"
		"*) printf '%s' >&2 ;; esac",
		scratch, says);

	write_program("rustc", text);
}

static int set_up(void **state)
{
	hone_auto_free char *path = NULL;
	hone_auto_free char *raw = NULL;

	if (scratch_make(state))
		return -1;
	path = hone_xasprintf("%s/tools:/usr/bin:/bin", scratch);
	raw = in_scratch("raw");
	assert_true(snprintf(rustc, sizeof(rustc), "%s/rustc", scratch) > 0);
	assert_true(snprintf(sysroot, sizeof(sysroot), "%s", scratch) > 0);
	write_rustc("");
	assert_int_equal(hone_fs_mkdirs(raw, NULL), 0);
	write_header("raw/a.profraw", RAW, 15, 1);
	return setenv("PATH", path, 1);
}

static void assert_says(const struct hone_err *err, const char *part)
{
	if (!err->msg || !strstr(err->msg, part))
		fail_msg("no \"%s\" in \"%s\"", part, err->msg ? err->msg : "(null)");
}

static int merge(struct hone_err *err)
{
	hone_auto_free char *raw = in_scratch("raw");
	hone_auto_free char *out = in_scratch("merged");
	size_t damaged = 0;

	hone_err_release(err);
	return hone_profdata_merge(&tc, raw, out, &damaged, err);
}

static void tools_that_fail_are_passed_over(void **state)
{
	static const struct {
		const char *text, *error;
	} bad[] = {
		{GOOD "; kill -SEGV $$", "signal 11 (SIGSEGV)"},
		{GOOD "; exit 1", "exit code 1"},
		{"echo 'error: unsupported version' >&2; exit 1", "unsupported version"},
		{":", "wrote no profile"},
		{"printf short >\"$4\"", "wrote no profile"},
		/* Of another program, or no LLVM at all: what was there before does not count. */
		{"cp \"$5\"/*.profraw other", "wrote no profile"},
	};
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	hone_auto_free char *merged = in_scratch("merged");

	(void)state;
	for (size_t i = 0; i < HONE_COUNT(bad); i++) {
		write_program("tools/llvm-profdata-77", bad[i].text);
		write_program("tools/llvm-profdata", bad[i].text);
		assert_int_equal(merge(&err), HONE_E_FAILED);
		assert_says(&err, bad[i].error);
		/* The next one can, whatever its number. */
		write_program("tools/llvm-profdata", GOOD);
		if (merge(&err))
			fail_msg("%s", err.msg);
		assert_true(hone_fs_exists(merged));
	}
	/* rustc ends well, and only says that it does not take it. */
	write_rustc("warning: merged: unsupported instrumentation profile format version\\n");
	assert_int_equal(merge(&err), HONE_E_FAILED);
}

static void a_tool_is_chosen_by_trying(void **state)
{
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	hone_auto_free char *sample = in_scratch("sample-ran");
	char *path = NULL;

	(void)state;
	/* Of rustc's LLVM: there is no need to try it before there is a profile. */
	write_program("tools/llvm-profdata",
		"[ $1 = --version ] && echo '  Debian LLVM version 77.0.1'\n" GOOD);
	assert_int_equal(hone_profdata_tool(&tc, &path, &err), 0);
	assert_false(hone_fs_exists(sample));
	free(HONE_TAKE(path));
	/* An older one that can, behind one that cannot. */
	write_program("tools/llvm-profdata", "echo '  LLVM version 14.0.6'; [ $1 = --version ]");
	write_program("tools/llvm-profdata-70", GOOD);
	if (hone_profdata_tool(&tc, &path, &err))
		fail_msg("%s", err.msg);
	assert_non_null(strstr(path, "llvm-profdata-70"));
	assert_true(hone_fs_exists(sample));
	free(HONE_TAKE(path));
	/* None that can. */
	write_program("tools/llvm-profdata-70", "echo 'unsupported' >&2; exit 1");
	assert_int_equal(hone_profdata_tool(&tc, &path, &err), HONE_E_NOT_FOUND);
	assert_says(&err, "needs llvm-profdata of LLVM 77");
	assert_says(&err, "exit code 1");
}

static void coverage_is_told_from_pgo(void **state)
{
	static const struct {
		const char *magic;
		size_t at;
		char kind;
		bool taken;
	} files[] = {
		{RAW, 15, 1, true},
		{RAW, 15, 5, true},
		{RAW, 15, 0, false},
		{RAW, 15, 0x20, false},
		{RAW_32, 15, 1, true},
		{RAW_32, 15, 0, false},
		{RAW_BIG, 8, 1, true},
		{RAW_BIG, 8, 0, false},
		{INDEXED, 15, 1, true},
		{INDEXED, 15, 0, false},
		/* No profile: the tool says what it thinks of it. */
		{"01234567", 15, 0, true},
	};
	hone_auto_free char *path = in_scratch("raw/b.profraw");
	struct hone_profdata p = {0};

	(void)state;
	write_program("tools/llvm-profdata", GOOD);
	write_program("tools/llvm-profdata-77",
		"case $1 in merge) cat \"$5\"/*.profraw >\"$4\"; exit ;; esac\n" GOOD);
	for (size_t i = 0; i < HONE_COUNT(files); i++) {
		hone_auto_err struct hone_err err = HONE_ERR_INIT;
		int error;

		write_header("raw/b.profraw", files[i].magic, files[i].at, files[i].kind);
		error = merge(&err);
		assert_int_equal(error, files[i].taken ? 0 : HONE_E_FAILED);
		if (error)
			assert_says(&err, "b.profraw is the profile of a coverage build");
		error = hone_profdata_read(&tc, path, &p, &err);
		assert_int_equal(error, files[i].taken ? 0 : HONE_E_FAILED);
		if (!error)
			hone_profdata_release(&p);
	}
}

static void lists_that_are_cut_off(void **state)
{
	static const char *const lists[] = {
		"printf '  f:\\n    Block counts: [1]\\n'",
		"printf '  f:\\n    Block counts: [1]\\nTotal functions: 2\\n'",
		"printf '  f:\\n    Block counts: [1]\\nTotal functions: 1\\n'; kill -SEGV $$",
		":",
	};
	hone_auto_free char *path = in_scratch("raw/a.profraw");
	struct hone_profdata p = {0};

	(void)state;
	for (size_t i = 0; i < HONE_COUNT(lists); i++) {
		hone_auto_err struct hone_err err = HONE_ERR_INIT;

		write_program("tools/llvm-profdata", lists[i]);
		assert_int_equal(hone_profdata_read(&tc, path, &p, &err), HONE_E_FAILED);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(weights_are_sums_of_counts),
		cmocka_unit_test(hot_functions_hold_the_share),
		cmocka_unit_test(one_name_with_two_shapes_is_named_once),
		cmocka_unit_test(foreign_lines_do_no_harm),
		cmocka_unit_test_setup_teardown(
			tools_that_fail_are_passed_over, set_up, scratch_remove),
		cmocka_unit_test_setup_teardown(a_tool_is_chosen_by_trying, set_up, scratch_remove),
		cmocka_unit_test_setup_teardown(coverage_is_told_from_pgo, set_up, scratch_remove),
		cmocka_unit_test_setup_teardown(lists_that_are_cut_off, set_up, scratch_remove),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
