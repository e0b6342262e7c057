/* What everything about a project needs first, where it cannot be had, and comparisons that were interrupted. */
#include "labels.h"
#include "results.h"
#include "proc.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "fake_project.h"

/* ---- opening */

static void assert_does_not_open(unsigned want, int error, const char *why)
{
	struct hone_session s = HONE_SESSION_INIT;
	hone_auto_err struct hone_err err = HONE_ERR_INIT;

	assert_int_equal(hone_session_open(&opts, &recorder, want, &s, &err), error);
	if (!strstr(err.msg, why))
		fail_msg("\"%s\" is not in \"%s\"", why, err.msg);
	assert_null(s.project);
	assert_int_equal(s.turn_fd, -1);
}

static void what_does_not_open(void **state)
{
	hone_auto_free char *lock = in_scratch("p/target/hone");
	struct hone_session s = HONE_SESSION_INIT;
	const unsigned builds = HONE_SESSION_BUILD | HONE_SESSION_NO_WAIT;

	(void)state;
	open_session(HONE_SESSION_BUILD, &s);
	assert_does_not_open(builds, HONE_E_CONFLICT, "another hone is at work in ");
	assert_does_not_open(HONE_SESSION_WRITE | HONE_SESSION_NO_WAIT, HONE_E_CONFLICT,
		"another hone is at work in ");
	hone_session_close(&s);
	open_session(HONE_SESSION_WRITE, &s);
	assert_does_not_open(builds, HONE_E_CONFLICT, "another hone is at work in ");
	hone_session_close(&s);
	/* Its lock is back, too. */
	open_session(builds, &s);
	hone_session_close(&s);

	hone_strv_push(&opts.bin, "another");
	assert_does_not_open(HONE_SESSION_GRAPH, HONE_E_USAGE, "another");
	hone_strv_release(&opts.bin);
	assert_int_equal(hone_fs_remove_tree(lock, NULL), 0);
	put_file(lock, "a file");
	assert_does_not_open(builds, HONE_E_FAILED, "is in the way");
	put_file(opts.manifest_path, "[package]\nname = \"prog\"\n[profile.release]\nlto = 17\n");
	assert_does_not_open(HONE_SESSION_GRAPH, HONE_E_FAILED, "lto");
	write_program("tools/cargo", "#!/bin/sh\n[ \"$1\" = -V ] && echo cargo 1.95.0 && exit\n"
				     "echo 'error: the manifest is of next year' >&2\nexit 101\n");
	assert_does_not_open(0, HONE_E_FAILED, "the manifest is of next year");
	write_program("tools/rustc", "#!/bin/sh\nexit 1\n");
	assert_does_not_open(0, HONE_E_FAILED, "rustc");
}

/* Defaults of options beside a package that was chosen from elsewhere. */
static void defaults_that_do_not_count_are_told(void **state)
{
	static const char *const lines[] = {"warning [hone] of ", NULL};
	hone_auto_free char *path = in_scratch("p/hone.toml");
	struct hone_session s = HONE_SESSION_INIT;

	(void)state;
	put_file(path, "[hone]\nbudget = \"1min\"\n");
	open_session(HONE_SESSION_GRAPH, &s);
	assert_int_equal(told.n, 0); /* --manifest-path: its folder */
	hone_session_close(&s);
	free(HONE_TAKE(opts.manifest_path));
	assert_int_equal(chdir(scratch), 0);
	open_session(HONE_SESSION_GRAPH, &s);
	assert_told(lines);
	hone_session_close(&s);
	put_file(path, "[[workload]]\nname = \"a\"\nrun = \"{bin}\"\n");
	open_session(HONE_SESSION_GRAPH, &s);
	assert_int_equal(told.n, 0);
	hone_session_close(&s);
}

/* ---- workloads */

static void free_workloads(struct hone_workload *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		hone_workload_release(&list[i]);
	free(list);
}

static void workloads_of_bench_targets(void **state)
{
	hone_auto_free char *path = in_scratch("p/hone.toml");
	hone_auto_free char *variable = NULL;
	struct hone_session s = HONE_SESSION_INIT, bench = HONE_SESSION_INIT;
	struct hone_project project;
	struct hone_err err = HONE_ERR_INIT;
	struct hone_workload *list = NULL;
	size_t n = 0;

	(void)state;
	open_session(HONE_SESSION_GRAPH, &s);
	assert_int_equal(hone_session_workloads(&s, &list, &n, &err), 0);
	assert_int_equal(n, 0);
	put_file(path, "[[workload]]\nname = \"b\"\nkind = \"bench\"\nbench = \"speed\"\npattern = "
		       "\"took ([0-9.]+ ms)\"\n");
	assert_int_equal(hone_session_workloads(&s, &list, &n, &err), 0);
	assert_int_equal(n, 1);
	assert_string_equal(list[0].bench, "speed");
	assert_string_equal(list[0].dir, s.project->package->dir);
	variable = hone_xasprintf("CARGO_MANIFEST_DIR=%s", s.project->package->dir);
	assert_true(hone_strv_has(&list[0].env, variable));
	free_workloads(list, n);
	list = NULL;
	n = 0;
	hone_session_for_bench(&s, "speed", &project, &bench);
	assert_string_equal(bench.project->target->name, "speed");
	assert_string_equal(s.project->target->name, "prog");
	assert_ptr_equal(bench.env.project, &project);

	put_file(path, "[[workload]]\nname = \"b\"\nkind = \"bench\"\nbench = \"spede\"\n");
	assert_int_equal(hone_session_workloads(&s, &list, &n, &err), HONE_E_NOT_FOUND);
	assert_string_equal(err.msg, "workload `b`: package prog has no bench target `spede`");
	assert_string_equal(err.hint, "its bench targets: speed");
	hone_err_release(&err);
	free_workloads(list, n);
	hone_session_close(&s);
}

/* A bench target is a program of its own, which every candidate builds and which is timed beside the others. */
static void bench_targets_are_built_and_run(void **state)
{
	static const char *const names[] = {"opt-level=1"};
	static const char *const lines[] = {"building baseline, 1 of 2",
		"building baseline, bench target speed, 1 of 1", "building opt-level=1, 2 of 2",
		"building opt-level=1, bench target speed, 1 of 1", NULL};
	const struct hone_try_request r = {
		.names = names, .n_names = 1, .measure = {.rounds = 2, .warmup = 1}};
	hone_auto_free char *path = in_scratch("p/hone.toml");
	hone_auto_result_run struct hone_result_run run = HONE_RESULT_RUN_INIT;
	struct hone_session s = HONE_SESSION_INIT;
	struct hone_try t = {.session = &s, .speed_measured = true};
	struct hone_err err = HONE_ERR_INIT;

	(void)state;
	put_file(path, "[[workload]]\nname = \"b\"\nkind = \"bench\"\nbench = \"speed\"\npattern = "
		       "\"took ([0-9.]+ ms)\"\n"
		       "[[workload]]\nname = \"p\"\nrun = \"{bin}\"\n");
	assert_int_equal(hone_try_name_candidates(&t, &r, &err), 0);
	open_session(HONE_SESSION_GRAPH | HONE_SESSION_BUILD, &s);
	assert_int_equal(hone_session_workloads(&s, &t.workloads.v, &t.workloads.n, &err), 0);
	if (hone_try_run(&t, &r, &err))
		fail_msg("%s\n%s", err.msg, hone_buf_str(&told));
	assert_told(lines);
	assert_int_equal(t.workloads.n_benches, 1);
	assert_string_equal(hone_path_base(t.trials[1].benches[0]->path), "speed");
	assert_string_equal(hone_path_base(t.trials[1].artifact->path), "prog");
	hone_try_result(&t, &run);
	assert_int_equal(run.n_workloads, 2);
	assert_string_equal(run.workloads[0].bench, "speed");
	assert_null(run.workloads[1].bench);
	for (size_t i = 0; i < 2; i++)
		assert_true(run.workloads[i].metrics[0].series[1].samples[1] > 0);
	hone_try_release(&t);
	hone_session_close(&s);
}

static void assert_runs(struct hone_session *s, const char *line, const char *hint)
{
	struct hone_workload w = {0};
	hone_auto_err struct hone_err err = HONE_ERR_INIT;

	assert_int_equal(hone_workload_from_line(&w, "it", line, NULL), 0);
	assert_int_equal(hone_session_can_run(s, &w, 1, &err), hint ? HONE_E_USAGE : 0);
	if (hint && !strstr(err.hint, hint))
		fail_msg("\"%s\" is not in \"%s\"", hint, err.hint);
	hone_workload_release(&w);
}

static void open_for(const char *triple, struct hone_session *s)
{
	free(opts.target);
	opts.target = triple ? hone_xstrdup(triple) : NULL;
	open_session(HONE_SESSION_GRAPH, s);
	assert_string_equal(hone_session_triple(s), triple ? triple : "x86_64-unknown-linux-gnu");
}

static void programs_of_other_machines_need_an_emulator(void **state)
{
	struct hone_session s = HONE_SESSION_INIT;

	(void)state;
	open_for(NULL, &s);
	assert_runs(&s, "{bin} a", NULL);
	hone_session_close(&s);
	open_for("aarch64-unknown-linux-gnu", &s);
	assert_runs(&s, "{bin} a", "qemu-aarch64 {bin}");
	assert_runs(&s, "qemu-aarch64 {bin} a", NULL);
	hone_session_close(&s);
	open_for("wasm32-wasip1", &s);
	assert_runs(&s, "{bin} a", "wasmtime run {bin}");
	hone_session_close(&s);
}

/* ---- candidates */

static void parse(struct hone_candidates *list, const char *const *names, size_t n)
{
	struct hone_err err = HONE_ERR_INIT;

	if (hone_session_candidates(names, n, true, 0, NULL, list, &err))
		fail_msg("%s", err.msg);
}

static void assert_names(const struct hone_candidates *list, const char *const *names, size_t n)
{
	assert_int_equal(list->n, n);
	for (size_t i = 0; i < n; i++)
		assert_string_equal(list->v[i]->name, names[i]);
}

static void names_of_candidates(void **state)
{
	static const char *const named[] = {"opt-level=1,debug=1", "opt-level=1", "baseline"};
	static const char *const each[] = {
		"baseline", "opt-level=1,debug=1", "opt-level=1", "debug=1"};
	static const char *const curve[] = {"baseline", "opt-level=1", "opt-level=1,train.hot=90",
		"opt-level=1,train.hot=99", "opt-level=1,train.hot=99.9",
		"opt-level=1,train.hot=100"};
	static const char *const twice[] = {
		"small", "opt-level=z,lto=true,codegen-units=1,panic=abort,strip=debuginfo"};
	struct hone_candidates list = {0};
	hone_auto_err struct hone_err err = HONE_ERR_INIT;

	(void)state;
	parse(&list, named, 3); /* the baseline once */
	hone_session_add_each(&list);
	assert_names(&list, each, 4); /* without debug it is there already */
	hone_candidates_release(&list);
	parse(&list, &named[1], 1);
	hone_session_add_curve(&list, " opt-level=1 ");
	assert_names(&list, curve, 6);
	hone_session_add_curve(&list, "opt-level=1");
	assert_int_equal(list.n, 6);
	hone_candidates_release(&list);
	assert_int_equal(
		hone_session_candidates(twice, 2, true, 0, NULL, &list, &err), HONE_E_USAGE);
	assert_non_null(strstr(err.msg, "candidates small and opt-level=z"));
	assert_non_null(strstr(err.msg, "are the same recipe"));
	assert_int_equal(list.n, 0);
}

static void words_of_allow(void **state)
{
	hone_auto_strv struct hone_strv lists = HONE_STRV_INIT;
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	unsigned labels = 17;

	(void)state;
	assert_int_equal(hone_labels_parse(&lists, &labels, &err), 0);
	assert_int_equal(labels, 0);
	hone_strv_push(&lists, "cpu, behaviour");
	hone_strv_push(&lists, "debug");
	assert_int_equal(hone_labels_parse(&lists, &labels, &err), 0);
	assert_int_equal(labels, HONE_LABEL_CPU | HONE_LABEL_BEHAVIOUR | HONE_LABEL_DEBUG);
	hone_strv_push(&lists, "all");
	assert_int_equal(hone_labels_parse(&lists, &labels, &err), 0);
	assert_int_equal(labels, ~0U);
	hone_strv_push(&lists, "cpu,behavior");
	labels = 17;
	assert_int_equal(hone_labels_parse(&lists, &labels, &err), HONE_E_USAGE);
	assert_non_null(strstr(err.msg, "not `behavior`"));
	assert_string_equal(err.hint, "did you mean `behaviour`?");
	assert_int_equal(labels, 17);
}

/* What is nothing for a target goes, and is said once. */
static void recipes_fit_their_target(void **state)
{
	static const char *const names[] = {"smallest", "link.relr=on,link.icf=all,opt-level=s"};
	static const char *const bare[] = {
		"note left out for thumbv7m-none-eabi, which has no operating system: ",
		"note hone's own recipes keep the symbols of such a program", NULL};
	static const char *const wasm[] = {
		"note left out for wasm32-wasip1, which is WebAssembly: ", NULL};
	struct hone_session s = HONE_SESSION_INIT;
	struct hone_candidates list = {0};

	(void)state;
	open_for("thumbv7m-none-eabi", &s);
	parse(&list, names, 2);
	assert_non_null(hone_candidate_get(list.v[1], HONE_SET_STRIP, NULL));
	hone_session_adapt(&s, list.v, list.n);
	assert_told(bare);
	assert_null(hone_candidate_get(list.v[1], HONE_SET_STRIP, NULL));
	hone_candidates_release(&list);
	hone_session_close(&s);
	open_for("wasm32-wasip1", &s);
	parse(&list, names, 2);
	hone_session_adapt(&s, list.v, list.n);
	assert_told(wasm);
	assert_null(hone_candidate_get(list.v[2], HONE_SET_LINK_ICF, NULL));
	assert_non_null(hone_candidate_get(list.v[2], HONE_SET_OPT_LEVEL, NULL));
	assert_non_null(hone_candidate_get(list.v[1], HONE_SET_LINK_COMPRESS_RELOCATIONS, NULL));
	hone_candidates_release(&list);
	hone_session_close(&s);
}

/* A layer that would win over what apply writes. */
static void layers_that_win(void **state)
{
	static const char *const lines[] = {
		"warning opt-level = 1 in Cargo.toml would not count: ", NULL};
	struct hone_session s = HONE_SESSION_INIT;
	struct hone_candidate *c = NULL;
	const struct hone_plan *plan = NULL;
	hone_auto_free char *first = NULL;

	(void)state;
	setenv("CARGO_PROFILE_RELEASE_OPT_LEVEL", "3", 1);
	open_session(HONE_SESSION_GRAPH, &s);
	assert_int_equal(hone_candidate_parse("opt-level=1", &c, NULL), 0);
	assert_int_equal(hone_session_plan(&s, c, &plan, NULL), 0);
	assert_int_equal(hone_session_overriders(&s, plan, false, &first), 1);
	assert_int_equal(told.n, 0);
	assert_non_null(strstr(first, "CARGO_PROFILE_RELEASE_OPT_LEVEL"));
	assert_int_equal(hone_session_overriders(&s, plan, true, NULL), 1);
	assert_told(lines);
	hone_plan_free(plan);
	hone_candidate_free(c);
	hone_session_close(&s);
}

/* ---- labels: what the project risks already is no risk of a candidate */

static unsigned labels_of(const struct hone_session *s, const char *recipe)
{
	struct hone_candidate *c = NULL;
	unsigned labels;

	assert_int_equal(hone_candidate_parse(recipe, &c, NULL), 0);
	labels = hone_labels_of_plan(s, &(struct hone_plan){.candidate = c}, NULL, NULL);
	hone_candidate_free(c);
	return labels;
}

static void no_labels_of_what_is_left_out(void **state)
{
	struct hone_session s = HONE_SESSION_INIT;
	struct hone_candidate *c = NULL;
	struct hone_plan plan = {0};

	(void)state;
	open_session(HONE_SESSION_GRAPH, &s);
	assert_int_equal(hone_candidate_parse("panic=abort,link.icf=all", &c, NULL), 0);
	plan.candidate = c;
	assert_int_equal(hone_labels_of_plan(&s, &plan, NULL, NULL),
		HONE_LABEL_BEHAVIOUR | HONE_LABEL_ADDRESS);
	assert_int_equal(hone_plan_labels(&plan), HONE_LABEL_BEHAVIOUR | HONE_LABEL_ADDRESS);
	plan.left_out[HONE_SET_LINK_ICF] = true;
	assert_int_equal(hone_labels_of_plan(&s, &plan, NULL, NULL), HONE_LABEL_BEHAVIOUR);
	assert_int_equal(hone_plan_labels(&plan), HONE_LABEL_BEHAVIOUR);
	hone_candidate_free(c);
	hone_session_close(&s);
}

static void labels_of_the_difference(void **state)
{
	static const struct {
		const char *profile, *flags, *recipe;
		unsigned labels;
	} rows[] = {
		{"", "", "panic=abort", HONE_LABEL_BEHAVIOUR},
		{"panic = \"abort\"", "", "panic=abort", 0},
		{"", "-C panic=abort", "panic=abort", 0},
		{"", "", "target-cpu=x86-64-v3", HONE_LABEL_CPU},
		{"", "-Ctarget-cpu=x86-64-v3", "target-cpu=x86-64-v3", 0},
		{"", "-C target_cpu=x86-64-v3", "target-cpu=x86-64-v3", 0},
		{"", "--codegen target-cpu=x86-64-v3", "target-cpu=x86-64-v3", 0},
		{"", "-Ctarget-cpu=x86-64-v2", "target-cpu=x86-64-v3", HONE_LABEL_CPU},
		{"", "-Ctarget-cpu=x86-64-v4 -Ctarget-cpu=x86-64-v2", "target-cpu=x86-64-v3",
			HONE_LABEL_CPU},
		{"strip = \"symbols\"", "", "strip=symbols", 0},
		{"", "", "strip=symbols", HONE_LABEL_DEBUG},
		{"strip = \"debuginfo\"", "", "strip=symbols", HONE_LABEL_DEBUG},
		{"", "", "opt-level=s", 0},
	};

	(void)state;
	for (size_t i = 0; i < HONE_COUNT(rows); i++) {
		hone_auto_free char *text =
			hone_xasprintf("%s[profile.release]\n%s\n", manifest, rows[i].profile);
		struct hone_session s = HONE_SESSION_INIT;
		unsigned have;

		put_file(opts.manifest_path, text);
		setenv("RUSTFLAGS", rows[i].flags, 1);
		open_session(HONE_SESSION_GRAPH, &s);
		have = labels_of(&s, rows[i].recipe);
		if (have != rows[i].labels)
			fail_msg("row %zu: %s beside \"%s\" and \"%s\": %x, not %x", i,
				rows[i].recipe, rows[i].profile, rows[i].flags, have,
				rows[i].labels);
		hone_session_close(&s);
	}
	unsetenv("RUSTFLAGS");
}

/* What the files tell is stronger than what was set. */
static void labels_of_files(void **state)
{
	char glibc[] = "2.36", older[] = "2.17";
	struct hone_object_info base = {.min_glibc = glibc}, own = {.min_glibc = glibc};
	struct hone_session s = HONE_SESSION_INIT;
	struct hone_candidate *c = NULL;
	struct hone_plan plan = {0};

	(void)state;
	open_session(HONE_SESSION_GRAPH, &s);
	assert_int_equal(hone_candidate_parse("strip=symbols,link.relr=on", &c, NULL), 0);
	plan.candidate = c;
	assert_int_equal(
		hone_labels_of_plan(&s, &plan, NULL, NULL), HONE_LABEL_DEBUG | HONE_LABEL_GLIBC);
	assert_int_equal(hone_labels_of_plan(&s, &plan, &base, &own), 0);
	base.has_symtab = true;
	base.min_glibc = older;
	assert_int_equal(
		hone_labels_of_plan(&s, &plan, &base, &own), HONE_LABEL_DEBUG | HONE_LABEL_GLIBC);
	hone_candidate_free(c);
	hone_session_close(&s);
}

/* ---- an interrupt */

/* After the second round the user types Ctrl-C, once. */
static void on_round(void *ctx, const struct hone_measure_progress *p)
{
	static bool typed;

	(void)ctx;
	if (!typed && p->round == 2) {
		typed = true;
		assert_int_equal(raise(SIGINT), 0);
	}
}

static int try_with(const struct hone_events *events, struct hone_try_request r,
	struct hone_session *s, struct hone_try *t, struct hone_err *err)
{
	static const char *const names[] = {"opt-level=1"};

	r.names = names;
	r.n_names = 1;
	r.measure.rounds = 5;
	t->session = s;
	hone_buf_reset(&told);
	assert_int_equal(hone_try_name_candidates(t, &r, err), 0);
	assert_int_equal(
		hone_session_open(&opts, events, HONE_SESSION_GRAPH | HONE_SESSION_BUILD, s, err),
		0);
	/* Longer than the time between two rounds that are kept. */
	name_workload(t, "slow", "sh -c 'sleep 0.03; {bin}'");
	return hone_try_run(t, &r, err);
}

static void interrupted_comparison_goes_on(void **state)
{
	static const char *const lines[] = {"status Resumed: ", "round 3", "round 5", NULL};
	struct hone_events events = recorder;
	struct hone_session s = HONE_SESSION_INIT;
	struct hone_err err = HONE_ERR_INIT;
	struct hone_try t = {0};
	size_t resumed;

	(void)state;
	events.measuring = on_round;
	assert_int_equal(
		try_with(&events, (struct hone_try_request){0}, &s, &t, &err), HONE_E_INTERRUPTED);
	assert_non_null(strstr(err.hint, "kept: the same command goes on from there"));
	hone_err_release(&err);
	hone_try_release(&t);
	hone_session_close(&s);

	t = (struct hone_try){0};
	if (try_with(&recorder, (struct hone_try_request){0}, &s, &t, &err))
		fail_msg("%s", err.msg);
	assert_told(lines);
	assert_non_null(strstr(hone_buf_str(&told), "of an interrupted comparison; --fresh"));
	assert_int_equal(t.measurement->rounds, 5);
	resumed = t.measurement->resumed;
	assert_true(resumed >= 1 && resumed <= 2);
	assert_true(t.finishes[0] > 0); /* it goes with the result that is kept */
	hone_try_release(&t);
	hone_session_close(&s);

	/* --fresh takes it away. */
	t = (struct hone_try){0};
	if (try_with(&recorder, (struct hone_try_request){.fresh = true}, &s, &t, &err))
		fail_msg("%s", err.msg);
	assert_null(strstr(hone_buf_str(&told), "Resumed"));
	assert_int_equal(t.measurement->resumed, 0);
	hone_try_release(&t);
	hone_session_close(&s);
}

#define SESSION_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SESSION_TEST(what_does_not_open),
		SESSION_TEST(defaults_that_do_not_count_are_told),
		SESSION_TEST(workloads_of_bench_targets),
		SESSION_TEST(bench_targets_are_built_and_run),
		SESSION_TEST(programs_of_other_machines_need_an_emulator),
		SESSION_TEST(names_of_candidates),
		SESSION_TEST(words_of_allow),
		SESSION_TEST(recipes_fit_their_target),
		SESSION_TEST(layers_that_win),
		SESSION_TEST(labels_of_the_difference),
		SESSION_TEST(no_labels_of_what_is_left_out),
		SESSION_TEST(labels_of_files),
		SESSION_TEST(interrupted_comparison_goes_on),
	};

	if (hone_signals_init(NULL))
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
