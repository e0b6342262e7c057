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

#include "fake_project.h"

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
	assert_true(trials[0].artifact->packed.gzip > 0);
	assert_int_equal(t->best.allowed.small, 1);
	assert_non_null(t->measurement);
	assert_int_equal(t->measurement->n, 3); /* without the one that did not build */
	assert_int_equal(t->measurement->rounds, 3);
	assert_int_equal(trials[2].contestant, SIZE_MAX);
	assert_int_equal(trials[3].contestant, 2);
	for (size_t round = 0; round < 3; round++)
		assert_true(t->measurement->workloads[0].metrics[0].samples[1][round] > 0);
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
