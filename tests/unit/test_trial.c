/* A whole try and a whole apply by the engine's headers alone, as a program other than the command line would have
 * them: what is told and in which order, the figures of the result, the files that are written and taken back. cargo
 * and rustc are fakes, which "build" small scripts. */
#include "estimate.h"
#include "apply.h"
#include "try.h"

#include <stdarg.h>
#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "scratch.h"

/* Level 2 does not build, level 0 does something else, level 1 is smaller than the baseline's 3. */
static const char cargo_text[] =
	"#!/bin/sh\n"
	"root=%s\n"
	"case $1 in\n"
	"-V) echo 'cargo 1.95.0 (f2d3ce0bd 2026-03-21)'; exit ;;\n"
	"metadata) cat $root/metadata.json; exit ;;\n"
	"build|rustc|release-build) ;;\n"
	"*) echo \"error: no such command: $*\" >&2; exit 101 ;;\n"
	"esac\n"
	"echo $1 >>$root/builds\n"
	"dir=$root/p/target level=$(sed -n 's/^opt-level = //p' $root/p/Cargo.toml)\n"
	"while [ $# -gt 0 ]; do case $1 in\n"
	"--target-dir) dir=$2; shift ;;\n"
	"profile.release.opt-level=*) level=${1#*=} ;;\n"
	"esac; shift; done\n"
	"if [ \"$level\" = 2 ]; then\n"
	"  echo 'error: could not compile `prog`: level 2 is broken' >&2; exit 101\n"
	"fi\n"
	"mkdir -p $dir/release/deps\n"
	"out=$dir/release/prog said=hello pad=\n"
	"[ \"$level\" = 0 ] && said=other\n"
	"[ \"$level\" = 1 ] || pad=$(printf '#%%200s' x)\n"
	"rm -f $out\n"
	"printf '#!/bin/sh\\n%%s\\necho %%s\\n' \"$pad\" $said >$out\n"
	"chmod 755 $out\n"
	"echo "
	"'{\"reason\":\"compiler-artifact\",\"package_id\":\"path+file://'$root'/p#prog@0.1.0\","
	"\"target\":{\"kind\":[\"bin\"],\"crate_types\":[\"bin\"],\"name\":\"prog\"},"
	"\"profile\":{\"test\":false},\"filenames\":[\"'$out'\"],\"executable\":\"'$out'\","
	"\"fresh\":false}'\n"
	"echo '{\"reason\":\"build-finished\",\"success\":true}'\n";

static const char rustc_text[] =
	"#!/bin/sh\n"
	"case $* in\n"
	"-vV) printf 'rustc 1.95.0\\nbinary: rustc\\nhost: x86_64-unknown-linux-gnu\\n"
	"release: 1.95.0\\nLLVM version: 22.1.2\\n' ;;\n"
	"--print=sysroot) echo %s/sysroot ;;\n"
	"*--print=cfg*|*'--print cfg'*) printf 'panic=\"unwind\"\\nunix\\ntarget_os=\"linux\"\\n' "
	";;\n"
	"*) exit 1 ;;\n"
	"esac\n";

static const char metadata_text[] =
	"{\"packages\":[{\"name\":\"prog\",\"version\":\"0.1.0\","
	"\"id\":\"path+file://%1$s/p#prog@0.1.0\",\"source\":null,\"dependencies\":[],"
	"\"targets\":[{\"kind\":[\"bin\"],\"crate_types\":[\"bin\"],\"name\":\"prog\","
	"\"src_path\":\"%1$s/p/src/main.rs\",\"edition\":\"2021\",\"test\":true}],"
	"\"features\":{},\"manifest_path\":\"%1$s/p/Cargo.toml\",\"edition\":\"2021\","
	"\"default_run\":null,\"rust_version\":null}],"
	"\"workspace_members\":[\"path+file://%1$s/p#prog@0.1.0\"],"
	"\"workspace_default_members\":[\"path+file://%1$s/p#prog@0.1.0\"],"
	"\"resolve\":{\"nodes\":[{\"id\":\"path+file://%1$s/p#prog@0.1.0\",\"dependencies\":[],"
	"\"deps\":[],\"features\":[]}],\"root\":\"path+file://%1$s/p#prog@0.1.0\"},"
	"\"target_directory\":\"%1$s/p/target\",\"version\":1,\"workspace_root\":\"%1$s/p\"}\n";

static const char manifest[] =
	"[package]\nname = \"prog\" # a comment\nversion = \"0.1.0\"\nedition = \"2021\"\n";

/* ---- what is told, a line each */

static struct hone_buf told;

static void on_status(void *ctx, const char *verb, const char *text)
{
	hone_buf_addf(ctx, "status %s: %s\n", verb, text);
}

static void on_note(void *ctx, const char *text)
{
	hone_buf_addf(ctx, "note %s\n", text);
}

static void on_warning(void *ctx, const char *text)
{
	hone_buf_addf(ctx, "warning %s\n", text);
}

static void on_planned(void *ctx, const struct hone_build_estimate *e, const char *folder)
{
	(void)e;
	hone_buf_addf(ctx, "planned %s\n", hone_path_base(folder));
}

static void on_building(void *ctx, const char *name, size_t at, size_t n)
{
	hone_buf_addf(ctx, "building %s, %zu of %zu\n", name, at, n);
}

static void on_unit(void *ctx, const char *name, unsigned n)
{
	hone_buf_addf(ctx, "unit %s, %u\n", name, n);
}

static void on_built(void *ctx, const struct hone_artifact *a)
{
	hone_buf_addf(ctx, "built %llu bytes\n", (unsigned long long)a->size);
}

static void on_measuring(void *ctx, const struct hone_measure_progress *p)
{
	static const char *const stages[] = {"gate", "warm-up", "plan", "round", "done"};

	hone_buf_addf(ctx, "%s %zu\n", stages[p->stage], p->round);
}

static void on_live(void *ctx, const char *text)
{
	hone_buf_addf(ctx, "live %s\n", text);
}

static void on_settled(void *ctx)
{
	hone_buf_adds(ctx, "settled\n");
}

static void on_quiet(void *ctx)
{
	hone_buf_adds(ctx, "quiet\n");
}

static const struct hone_events recorder = {.ctx = &told,
	.status = on_status,
	.note = on_note,
	.warning = on_warning,
	.planned = on_planned,
	.building = on_building,
	.watch = {.ctx = &told, .unit = on_unit},
	.built = on_built,
	.measuring = on_measuring,
	.live = on_live,
	.settled = on_settled,
	.quiet = on_quiet};

/* Each of the lines (the beginning of one is enough) was told, in this order; others may stand between. */
static void assert_told(const char *const *lines)
{
	const char *at = hone_buf_str(&told);

	for (; *lines; lines++) {
		while (*at && !hone_starts(at, *lines))
			at += strcspn(at, "\n") + (strchr(at, '\n') != NULL);
		if (!*at)
			fail_msg("not told in its place: \"%s\" in\n%s", *lines,
				hone_buf_str(&told));
		at += strcspn(at, "\n") + 1;
	}
}

/* ---- the project */

static struct hone_cargo_opts opts;

static void write_program(const char *name, const char *text)
{
	hone_auto_free char *path = in_scratch(name);

	assert_int_equal(hone_fs_write(path, hone_view_of(text), 0755, NULL), 0);
}

static void write_project(void)
{
	static const char *const folders[] = {"tools", "home", "p/src", "sysroot/lib"};
	hone_auto_free char *cargo = hone_xasprintf(cargo_text, scratch);
	hone_auto_free char *rustc = hone_xasprintf(rustc_text, scratch);
	hone_auto_free char *metadata = hone_xasprintf(metadata_text, scratch);
	hone_auto_free char *metadata_path = in_scratch("metadata.json");
	hone_auto_free char *main_path = in_scratch("p/src/main.rs");
	hone_auto_free char *lock_path = in_scratch("p/Cargo.lock");

	for (size_t i = 0; i < HONE_COUNT(folders); i++) {
		hone_auto_free char *dir = in_scratch(folders[i]);

		assert_int_equal(hone_fs_mkdirs(dir, NULL), 0);
	}
	write_program("tools/cargo", cargo);
	write_program("tools/rustc", rustc);
	put_file(metadata_path, metadata);
	put_file(main_path, "fn main() { println!(\"hello\"); }\n");
	put_file(lock_path, "version = 4\n\n[[package]]\nname = \"prog\"\nversion = \"0.1.0\"\n");
	opts.manifest_path = in_scratch("p/Cargo.toml");
	put_file(opts.manifest_path, manifest);
	opts.jobs = hone_xstrdup("1"); /* one build at a time, so that what is told has one order */
}

static int set_up(void **state)
{
	static const char *const unset[] = {"RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS",
		"CARGO_BUILD_TARGET", "CARGO_TARGET_DIR", "RUSTC_WRAPPER", "RUSTC_BOOTSTRAP"};

	hone_auto_free char *home = NULL, *project = NULL;

	if (scratch_make(state))
		return -1;
	home = in_scratch("home");
	project = in_scratch("p");
	for (size_t i = 0; i < HONE_COUNT(unset); i++)
		unsetenv(unset[i]);
	write_project();
	for (size_t i = 0; i < 2; i++) {
		hone_auto_free char *path = in_scratch(i ? "tools/rustc" : "tools/cargo");

		setenv(i ? "RUSTC" : "CARGO", path, 1);
	}
	setenv("CARGO_HOME", home, 1);
	return chdir(project); /* where the alias counts */
}

static int tear_down(void **state)
{
	hone_cargo_opts_release(&opts);
	hone_buf_release(&told);
	unsetenv("CARGO_PROFILE_RELEASE_OPT_LEVEL");
	return chdir("/") || scratch_remove(state);
}

static void open_session(unsigned want, struct hone_session *s)
{
	struct hone_err err = HONE_ERR_INIT;

	hone_buf_reset(&told);
	if (hone_session_open(&opts, &recorder, want, s, &err))
		fail_msg("%s", err.msg);
}

/* ---- try */

static void assert_results(const struct hone_try *t)
{
	const struct hone_trial *trials = t->trials;

	assert_int_equal(t->n, 4);
	assert_string_equal(trials[0].candidate->name, "baseline");
	for (size_t i = 0; i < 4; i++) {
		static const enum hone_trial_status want[] = {
			HONE_TRIAL_BUILT, HONE_TRIAL_BUILT, HONE_TRIAL_FAILED, HONE_TRIAL_DIFFERS};

		assert_int_equal(trials[i].status, want[i]);
		assert_int_equal(trials[i].artifact == NULL, i == 2);
	}
	assert_null(trials[0].reason);
	assert_non_null(strstr(trials[2].reason, "level 2 is broken"));
	assert_non_null(strstr(trials[3].reason, "stdout differs at byte 0"));
	assert_int_equal(trials[0].artifact->size - trials[1].artifact->size, 201);
	assert_true(trials[0].artifact->gzip_size > 0);
	assert_int_equal(t->best.allowed.small, 1);
	assert_non_null(t->measured);
	assert_int_equal(t->measured->n, 3); /* without the one that did not build */
	assert_int_equal(t->measured->rounds, 3);
	assert_int_equal(trials[2].measured, SIZE_MAX);
	assert_int_equal(trials[3].measured, 2);
	for (size_t round = 0; round < 3; round++)
		assert_true(t->measured->workloads[0].metrics[0].samples[1][round] > 0);
	assert_true(t->total_s >= t->cargo_s && t->cargo_s > 0);
}

static void whole_try(void **state)
{
	static const char *const names[] = {"opt-level=1", "opt-level=2", "opt-level=0"};
	static const char *const lines[] = {"planned hone", "building baseline, 1 of 4",
		"unit prog, 1", "settled", "built ", "building opt-level=1, 2 of 4", "settled",
		"built ", "building opt-level=2, 3 of 4", "settled",
		"warning opt-level=2 does not build and is out:", "building opt-level=0, 4 of 4",
		"built ", "gate 0", "quiet", "warm-up", "plan 0", "round 1", "round 2", "round 3",
		"settled", NULL};
	struct hone_try_request r = {.names = names,
		.n_names = HONE_COUNT(names),
		.measure = {.rounds = 3, .warmup = 1}};
	struct hone_session s = HONE_SESSION_INIT;
	struct hone_try t = {.session = &s, .speed_measured = true};
	struct hone_err err = HONE_ERR_INIT;

	(void)state;
	assert_int_equal(hone_try_name_candidates(&t, &r, &err), 0);
	open_session(HONE_SESSION_GRAPH | HONE_SESSION_BUILD, &s);
	t.workloads.v = hone_xcalloc(1, sizeof(*t.workloads.v));
	assert_int_equal(hone_workload_from_line(&t.workloads.v[0], "hello", "{bin}", &err), 0);
	t.workloads.n = 1;
	if (hone_try_run(&t, &r, &err))
		fail_msg("%s\n%s", err.msg, hone_buf_str(&told));
	assert_told(lines);
	assert_results(&t);
	assert_file(opts.manifest_path, manifest); /* nothing of the user's was edited */
	hone_try_release(&t);
	hone_session_close(&s);
}

/* A comparison without a baseline is none: the engine says so by its error, and prints nothing. */
/* Two builds at a time come to the same; in which order they end is open. */
static void try_beside(void **state)
{
	static const char *const names[] = {"opt-level=1", "opt-level=2", "opt-level=0"};
	struct hone_try_request r = {.names = names,
		.n_names = HONE_COUNT(names),
		.measure = {.rounds = 3, .warmup = 1}};
	struct hone_session s = HONE_SESSION_INIT;
	struct hone_try t = {.session = &s, .speed_measured = true};
	struct hone_err err = HONE_ERR_INIT;

	(void)state;
	free(opts.jobs);
	opts.jobs = hone_xstrdup("2");
	assert_int_equal(hone_try_name_candidates(&t, &r, &err), 0);
	open_session(HONE_SESSION_GRAPH | HONE_SESSION_BUILD, &s);
	t.workloads.v = hone_xcalloc(1, sizeof(*t.workloads.v));
	assert_int_equal(hone_workload_from_line(&t.workloads.v[0], "hello", "{bin}", &err), 0);
	t.workloads.n = 1;
	if (hone_try_run(&t, &r, &err))
		fail_msg("%s\n%s", err.msg, hone_buf_str(&told));
	assert_results(&t);
	assert_non_null(strstr(hone_buf_str(&told), "opt-level=2 does not build and is out:"));
	hone_try_release(&t);
	hone_session_close(&s);
}

static void try_without_baseline(void **state)
{
	hone_auto_free char *broken =
		hone_xasprintf("%s\n[profile.release]\nopt-level = 2\n", manifest);
	static const char *const names[] = {"opt-level=1"};
	struct hone_try_request r = {.names = names, .n_names = 1, .measure = {.rounds = 1}};
	struct hone_session s = HONE_SESSION_INIT;
	struct hone_try t = {.session = &s};
	struct hone_err err = HONE_ERR_INIT;

	(void)state;
	put_file(opts.manifest_path, broken);
	assert_int_equal(hone_try_name_candidates(&t, &r, &err), 0);
	open_session(HONE_SESSION_GRAPH | HONE_SESSION_BUILD, &s);
	assert_int_equal(hone_try_run(&t, &r, &err), HONE_E_FAILED);
	assert_non_null(strstr(err.msg, "level 2 is broken"));
	assert_null(strstr(hone_buf_str(&told), "gate"));
	hone_err_release(&err);
	hone_try_release(&t);
	hone_session_close(&s);
	put_file(opts.manifest_path, manifest);
}

/* ---- apply */

static const char applied[] = "[package]\nname = \"prog\" # a comment\nversion = \"0.1.0\"\n"
			      "edition = \"2021\"\n\n[profile.release]\nopt-level = 1\n";

/* Applies a recipe; the caller releases ret and err. */
static int apply(struct hone_session *s, const char *recipe, struct hone_apply_request r,
	struct hone_apply_result *ret, struct hone_err *err)
{
	int error;

	assert_int_equal(hone_candidate_parse(recipe, &r.candidate, NULL), 0);
	open_session(HONE_SESSION_GRAPH, s);
	error = hone_apply(s, &r, ret, err);
	hone_candidate_free(r.candidate);
	return error;
}

static bool exists(const char *name)
{
	hone_auto_free char *path = in_scratch(name);

	return hone_fs_exists(path);
}

static void undo(size_t files)
{
	struct hone_session s = HONE_SESSION_INIT;
	struct hone_writedown back = {0};
	struct hone_err err = HONE_ERR_INIT;

	open_session(HONE_SESSION_NO_BIN, &s);
	assert_int_equal(hone_apply_undo(&s, true, &back, &err), 0);
	assert_int_equal(back.changes.n, files);
	hone_writedown_release(&back);
	back = (struct hone_writedown){0};
	if (hone_apply_undo(&s, false, &back, &err))
		fail_msg("%s", err.msg);
	assert_int_equal(back.changes.n, files);
	hone_writedown_release(&back);
	hone_session_close(&s);
	assert_file(opts.manifest_path, manifest);
	assert_false(exists("p/.cargo"));
}

static void whole_apply(void **state)
{
	static const char *const lines[] = {"building opt-level=1,link.build-id=\"none\", 1 of 1",
		"unit prog, 1", "settled", "live verifying: release-build", "settled", NULL};
	struct hone_candidate *c = NULL;
	struct hone_session s = HONE_SESSION_INIT;
	struct hone_apply_result r = {0};
	struct hone_apply_check check = {0};
	struct hone_err err = HONE_ERR_INIT;

	(void)state;
	assert_int_equal(hone_candidate_parse("opt-level=1,link.build-id=\"none\"", &c, NULL), 0);
	open_session(HONE_SESSION_GRAPH, &s);
	if (hone_apply(&s, &(struct hone_apply_request){.candidate = c}, &r, &err))
		fail_msg("%s", err.msg);
	assert_true(r.written);
	assert_int_equal(r.changes.changes.n, 2);
	assert_int_equal(r.labels, HONE_LABEL_DEBUG);
	assert_int_equal(r.doubts.n, 0);
	assert_true(r.plan->needs_alias);
	assert_file(opts.manifest_path, applied);
	assert_true(exists("p/.cargo/config.toml"));
	assert_int_equal(told.n, 0); /* nothing was to be warned of, and nothing was built */

	if (hone_apply_verify(&s, r.plan, &check, &err))
		fail_msg("%s\n%s", err.msg, hone_buf_str(&told));
	assert_true(check.equal);
	assert_string_equal(hone_path_base(check.path), "prog");
	assert_told(lines);
	free(check.path);
	hone_apply_result_release(&r);
	hone_candidate_free(c);
	hone_session_close(&s);
	undo(2);
}

static void apply_that_writes_nothing(void **state)
{
	struct hone_session s = HONE_SESSION_INIT;
	struct hone_apply_result r = {0};
	struct hone_err err = HONE_ERR_INIT;

	(void)state;
	assert_int_equal(
		apply(&s, "opt-level=1", (struct hone_apply_request){.dry_run = true}, &r, &err),
		0);
	assert_int_equal(r.changes.changes.n, 1);
	assert_string_equal(r.changes.changes.v[0].after, applied);
	assert_false(r.written);
	assert_file(opts.manifest_path, manifest);
	hone_apply_result_release(&r);
	hone_session_close(&s);

	/* What stands there already. */
	put_file(opts.manifest_path, applied);
	assert_int_equal(apply(&s, "opt-level=1", (struct hone_apply_request){0}, &r, &err), 0);
	assert_int_equal(r.changes.changes.n, 0);
	assert_false(r.written);
	hone_apply_result_release(&r);
	hone_session_close(&s);
	put_file(opts.manifest_path, manifest);
}

/* A variable would win: nothing is written; with force it is, and a warning says what wins. */
static void apply_that_is_overridden(void **state)
{
	static const char *const lines[] = {"warning ", NULL};
	struct hone_session s = HONE_SESSION_INIT;
	struct hone_apply_result r = {0};
	struct hone_err err = HONE_ERR_INIT;

	(void)state;
	setenv("CARGO_PROFILE_RELEASE_OPT_LEVEL", "3", 1);
	assert_int_equal(
		apply(&s, "opt-level=1", (struct hone_apply_request){0}, &r, &err), HONE_E_USAGE);
	assert_non_null(strstr(err.msg, "CARGO_PROFILE_RELEASE_OPT_LEVEL"));
	assert_int_equal(told.n, 0);
	assert_file(opts.manifest_path, manifest);
	hone_err_release(&err);
	hone_apply_result_release(&r);
	hone_session_close(&s);

	assert_int_equal(
		apply(&s, "opt-level=1", (struct hone_apply_request){.force = true}, &r, &err), 0);
	assert_told(lines);
	assert_non_null(strstr(hone_buf_str(&told), "CARGO_PROFILE_RELEASE_OPT_LEVEL"));
	assert_true(r.written);
	hone_apply_result_release(&r);
	hone_session_close(&s);
	unsetenv("CARGO_PROFILE_RELEASE_OPT_LEVEL");
	undo(1);
}

/* What is left, from what is done: half of what runs is. */
static void estimate_left(void **state)
{
	(void)state;
	assert_true(isnan(hone_estimate_left(0, 2, 8, 30)));
	assert_true(fabs(hone_estimate_left(4, 2, 5, 30) - 36) < 1e-9);
	assert_true(hone_estimate_left(10, 0, 0, 30) <= 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(estimate_left),
		cmocka_unit_test_setup_teardown(whole_try, set_up, tear_down),
		cmocka_unit_test_setup_teardown(try_beside, set_up, tear_down),
		cmocka_unit_test_setup_teardown(try_without_baseline, set_up, tear_down),
		cmocka_unit_test_setup_teardown(whole_apply, set_up, tear_down),
		cmocka_unit_test_setup_teardown(apply_that_writes_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(apply_that_is_overridden, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
