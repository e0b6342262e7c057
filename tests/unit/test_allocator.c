/* The allocator of link.allocator: compiled once for all candidates, told when it cannot be. cargo and the C compiler are
 * scripts. */
#include "allocator.h"
#include "allocator_build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "fake_project.h"

/* Compiles libmimalloc.a, whose first line is the scratch folder's file `archive`; %s: what it says instead. */
static const char cargo_of_allocators[] =
	"#!/bin/sh\n"
	"root=%1$s\n"
	"case \"$*\" in *tools/allocators*) ;; *) exec sh $root/tools/cargo.project \"$@\" ;; "
	"esac\n"
	"echo \"$SOURCE_DATE_EPOCH $*\" >>$root/compiled\n"
	"%2$s\n"
	"while [ $# -gt 0 ]; do case $1 in --target-dir) out=$2/out ;; esac; shift; done\n"
	"mkdir -p $out; cat $root/archive >$out/libmimalloc.a\n"
	"echo '{\"reason\":\"build-script-executed\",\"package_id\":\"a\",\"linked_libs\":[],"
	"\"linked_paths\":[\"native='$out'\"],\"cfgs\":[],\"env\":[],\"out_dir\":\"'$out'\"}'\n"
	"echo '{\"reason\":\"build-finished\",\"success\":true}'\n";

static void compile_with(const char *words)
{
	hone_auto_free char *text = hone_xasprintf(cargo_of_allocators, scratch, words);

	write_program("tools/cargo", text);
}

static int set_up_allocator(void **state)
{
	int error = set_up(state);
	hone_auto_free char *cargo = NULL;
	hone_auto_free char *project = NULL;
	hone_auto_free char *archive = NULL;
	hone_auto_free char *compiler = NULL;

	if (error)
		return error;
	cargo = in_scratch("tools/cargo");
	project = in_scratch("tools/cargo.project");
	archive = in_scratch("archive");
	compiler = in_scratch("tools/cc");
	assert_int_equal(hone_fs_rename(cargo, project, NULL), 0);
	put_file(archive, "!<arch> GCC: (Debian 12.2.0-14) 12.2.0\n");
	write_program("tools/cc", "#!/bin/sh\necho cc 12.2.0\n");
	setenv("CC", compiler, 1);
	compile_with("");
	return 0;
}

static int tear_down_allocator(void **state)
{
	unsetenv("CC");
	return tear_down(state);
}

struct prepared {
	struct hone_session s;
	struct hone_candidate *candidate;
	const struct hone_plan *plan;
	struct hone_err err;
};

static int prepare(struct prepared *p)
{
	*p = (struct prepared){.s = HONE_SESSION_INIT, .err = HONE_ERR_INIT};
	assert_int_equal(
		hone_candidate_parse("link.allocator=mimalloc", &p->candidate, &p->err), 0);
	open_session(HONE_SESSION_GRAPH | HONE_SESSION_BUILD, &p->s);
	if (hone_session_plan(&p->s, p->candidate, &p->plan, &p->err))
		fail_msg("%s", p->err.msg);
	assert_non_null(p->plan->allocator);
	return hone_allocator_prepare(&p->s, &p->plan, &p->err);
}

static void done(struct prepared *p)
{
	hone_plan_free(p->plan);
	hone_candidate_free(p->candidate);
	hone_session_close(&p->s);
	hone_err_release(&p->err);
}

static size_t compilations(void)
{
	hone_auto_free char *path = in_scratch("compiled");
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	size_t n = 0;

	(void)hone_fs_read(path, 65536, &text, NULL, NULL);
	for (const char *at = hone_buf_str(&text); (at = strchr(at, '\n')); at++)
		n++;
	assert_true(!n || hone_starts(hone_buf_str(&text), "0 build --release --locked"));
	return n;
}

static void must_prepare(struct prepared *p)
{
	if (prepare(p))
		fail_msg("%s", p->err.msg);
	assert_string_equal(hone_path_base(p->plan->archive), "libhone_mimalloc.a");
	assert_true(hone_fs_exists(p->plan->archive));
}

/* Until its bytes, its compiler or its flags are others. */
static void compiled_once(void **state)
{
	struct prepared p;
	hone_auto_free char *key = NULL;
	hone_auto_free char *archive = NULL;

	(void)state;
	must_prepare(&p);
	assert_string_equal(hone_buf_str(&told), "status Compiling: the allocator mimalloc\n");
	assert_string_equal(p.plan->archive_maker, "GCC: (Debian 12.2.0-14) 12.2.0");
	key = hone_xstrdup(p.plan->key);
	archive = hone_xstrdup(p.plan->archive);
	assert_int_equal(hone_allocator_prepare(&p.s, &p.plan, &p.err), 0); /* is done */
	done(&p);
	assert_int_equal(compilations(), 1);
	must_prepare(&p);
	assert_int_equal(told.n, 0);
	assert_string_equal(p.plan->key, key);
	done(&p);
	assert_int_equal(compilations(), 1);

	put_file(archive, "somebody else's bytes");
	must_prepare(&p);
	assert_string_equal(p.plan->key, key);
	done(&p);
	assert_int_equal(compilations(), 2);
	setenv("CFLAGS", "-O1", 1);
	must_prepare(&p);
	unsetenv("CFLAGS");
	assert_string_not_equal(p.plan->archive, archive);
	done(&p);
	assert_int_equal(compilations(), 3);
	write_program("tools/cc", "#!/bin/sh\necho cc 13.0.0\n");
	must_prepare(&p);
	done(&p);
	assert_int_equal(compilations(), 4);
}

static void assert_fails(const char *why)
{
	struct prepared p;

	assert_int_equal(prepare(&p), HONE_E_FAILED);
	if (!strstr(p.err.msg, why))
		fail_msg("\"%s\" is not in \"%s\"", why, p.err.msg);
	assert_null(p.plan->archive);
	done(&p);
}

static void what_does_not_compile(void **state)
{
	struct prepared p;

	(void)state;
	compile_with("echo 'error: no network' >&2; exit 101");
	assert_fails("link.allocator=\"mimalloc\": its sources could not be got or compiled, cargo "
		     "ended "
		     "with exit code 101: error: no network");
	compile_with("exit 0");
	assert_fails("cargo compiled its sources, but they made no libmimalloc.a");
	write_program("tools/cc", "#!/bin/sh\nexit 1\n");
	compile_with("echo 'error: failed to run custom build command' >&2; exit 101");
	assert_int_equal(prepare(&p), HONE_E_FAILED);
	assert_non_null(
		strstr(p.err.msg, "there is no C compiler for x86_64-unknown-linux-gnu here ("));
	assert_non_null(strstr(p.err.hint, "name another one by CC_x86_64-unknown-linux-gnu"));
	done(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			compiled_once, set_up_allocator, tear_down_allocator),
		cmocka_unit_test_setup_teardown(
			what_does_not_compile, set_up_allocator, tear_down_allocator),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
