/* The result of a try as data, and what the store gives back of it: here, on another machine, at another path. */
#include "functions.h"
#include "page_gather.h"
#include "results.h"
#include "store_held.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "fake_project.h"

static const char *const names[] = {"opt-level=1", "opt-level=2", "opt-level=0"};
static const struct hone_try_request request = {
	.names = names, .n_names = 3, .measure = {.rounds = 3, .warmup = 1}};

/* A try, kept in the store. */
static void try_and_keep(struct hone_session *s)
{
	hone_auto_result_run struct hone_result_run run = HONE_RESULT_RUN_INIT;
	struct hone_try t = {0};

	run_try(s, &t, &request);
	hone_try_result(&t, &run);
	hone_results_put(s, &run, t.finishes);
	hone_try_release(&t);
}

static void assert_trials(const struct hone_result_run *run)
{
	const struct hone_result_trial *trials = run->trials;

	assert_int_equal(run->n_trials, 4);
	assert_string_equal(trials[0].name, "baseline");
	assert_string_equal(trials[0].candidate, "");
	assert_string_equal(trials[0].status, "built");
	assert_null(trials[0].reason);
	assert_string_equal(trials[1].name, "opt-level=1");
	assert_string_equal(trials[1].candidate, "opt-level=1");
	assert_int_equal(trials[0].size - trials[1].size, 201);
	assert_true(trials[1].gzip_size > 0 && trials[1].zstd_size > 0);
	assert_int_equal(strlen(trials[1].hash), 32);
	assert_int_equal(trials[1].exact, 1);
	assert_non_null(strstr(trials[1].command, "cargo"));
	assert_string_equal(trials[2].status, "failed");
	assert_non_null(strstr(trials[2].reason, "level 2 is broken"));
	assert_null(trials[2].hash);
	assert_int_equal(trials[2].exact, -1); /* not known */
	assert_false(trials[2].measured);
	assert_string_equal(trials[3].status, "differs");
	assert_non_null(strstr(trials[3].reason, "stdout differs at byte 0"));
	assert_false(trials[3].measured);
	assert_true(trials[1].measured);
}

/* Three rounds: the time of each trial that ran, none of the others, and the copy of the baseline last. */
static void assert_workload(const struct hone_result_run *run)
{
	const struct hone_result_workload *w = &run->workloads[0];
	const struct hone_result_metric *wall = hone_result_metric(w, "wall");

	assert_int_equal(run->n_workloads, 1);
	assert_string_equal(w->name, "hello");
	assert_string_equal(w->kind, "command");
	assert_string_equal(w->command, "'{bin}'");
	assert_null(w->bench);
	assert_null(w->counts); /* not asked for */
	assert_int_equal(w->connections, 0);
	assert_true(w->countable);
	assert_false(w->trained);
	assert_int_equal(w->rounds, 3);
	assert_non_null(wall);
	assert_string_equal(wall->unit, "s");
	assert_false(wall->more_is_better);
	for (size_t i = 0; i <= run->n_trials; i++) {
		bool ran = i < 2 || i == run->n_trials;

		assert_int_equal(wall->series[i].n_samples, ran ? 3 : 0);
		for (size_t k = 0; ran && k < 3; k++)
			assert_true(wall->series[i].samples[k] > 0);
	}
	assert_string_equal(wall->series[2].against.verdict, "");
	assert_true(isnan(wall->series[2].against.ratio));
}

static void result_is_what_the_try_found(void **state)
{
	hone_auto_result_run struct hone_result_run run = HONE_RESULT_RUN_INIT;
	struct hone_session s = HONE_SESSION_INIT;
	struct hone_try t = {0};

	(void)state;
	run_try(&s, &t, &request);
	hone_try_result(&t, &run);
	assert_string_equal(run.package, "prog");
	assert_string_equal(run.version, "0.1.0");
	assert_string_equal(run.bin, "prog");
	assert_string_equal(run.kind, "bin");
	assert_string_equal(run.profile, "release");
	assert_string_equal(run.target, "x86_64-unknown-linux-gnu");
	assert_string_equal(run.rustc_version, "1.95.0");
	assert_string_equal(run.llvm, "22.1.2");
	assert_string_equal(run.manifest, opts.manifest_path);
	assert_string_equal(run.below, "target/hone");
	assert_true(run.complete && run.speed_measured);
	assert_false(run.bare || run.module || run.trains || run.aborts);
	assert_int_equal(run.rounds, 3);
	assert_int_equal(run.best.small, 1);
	assert_true(run.cores > 0 && run.state.cpus > 0);
	assert_true(run.total_s >= run.cargo_s && run.runs_s > 0);
	assert_trials(&run);
	assert_workload(&run);
	hone_try_release(&t);
	hone_session_close(&s);
}

/* The panic strategy changes what the program does; what --callgrind has not counted is no number. */
static void result_of_a_risk(void **state)
{
	static const char *const risky[] = {"panic=abort", "opt-level=1,strip=symbols"};
	const struct hone_try_request r = {.names = risky, .n_names = 2, .measure = {.rounds = 1}};
	hone_auto_result_run struct hone_result_run run = HONE_RESULT_RUN_INIT;
	struct hone_session s = HONE_SESSION_INIT;
	struct hone_try t = {0};

	(void)state;
	build_elf();
	run_try(&s, &t, &r);
	hone_try_result(&t, &run);
	assert_true(run.aborts);
	assert_non_null(strstr(run.trials[1].labels, "behaviour"));
	assert_null(strstr(run.trials[2].labels, "behaviour"));
	assert_int_equal(
		hone_result_labels(&run.trials[1]) & HONE_LABEL_BEHAVIOUR, HONE_LABEL_BEHAVIOUR);
	assert_true(run.trials[0].n_sections > 5);
	assert_true(run.trials[0].n_owners > 0);
	hone_try_release(&t);
	hone_session_close(&s);
}

/* ---- what the store gives back */

static void assert_kept(const struct hone_result_run *run)
{
	assert_int_equal(run->id, 1);
	assert_null(run->elsewhere);
	assert_string_equal(run->package, "prog");
	assert_int_equal(run->best.small, 1);
	assert_trials(run);
	assert_workload(run);
}

static void kept_result_comes_back(void **state)
{
	hone_auto_result_run struct hone_result_run run = HONE_RESULT_RUN_INIT;
	struct hone_session s = HONE_SESSION_INIT;
	struct hone_err err = HONE_ERR_INIT;

	(void)state;
	open_session(HONE_SESSION_GRAPH, &s);
	assert_int_equal(hone_results_last(&s, HONE_STORE_ALL, &run, &err), HONE_E_NOT_FOUND);
	hone_err_release(&err);
	hone_session_close(&s);
	try_and_keep(&s);
	if (hone_results_last(&s, HONE_STORE_ALL, &run, &err))
		fail_msg("%s", err.msg);
	assert_kept(&run);
	hone_session_close(&s);
}

static void run_of(struct hone_result_run *run, const char *machine, const char *cpu,
	const char *user, const char *workspace)
{
	run->machine_id = machine;
	run->cpu = cpu;
	run->user = user;
	run->workspace = workspace;
}

/* Why the figures are not this project's own here. */
static void runs_from_elsewhere_are_told(void **state)
{
	hone_auto_result_run struct hone_result_run run = HONE_RESULT_RUN_INIT;
	struct hone_session s = HONE_SESSION_INIT;
	struct hone_here here;
	const char *id, *cpu;

	(void)state;
	open_session(HONE_SESSION_GRAPH, &s);
	hone_here_init(&here, &s);
	id = here.machine.id;
	cpu = here.machine.cpu;
	run_of(&run, id, cpu, here.user, here.workspace);
	hone_here_mark(&here, &run);
	assert_null(run.elsewhere);
	run_of(&run, "another id", "A \033[31mCPU", here.user, here.workspace);
	hone_here_mark(&here, &run);
	assert_non_null(strstr(run.elsewhere, "on another machine (its CPU: A "));
	assert_null(strchr(run.elsewhere, '\033'));
	run_of(&run, id, cpu, "4294967294", here.workspace);
	hone_here_mark(&here, &run);
	assert_string_equal(run.elsewhere, "by another user");
	run_of(&run, id, cpu, here.user, "/somewhere/else");
	hone_here_mark(&here, &run);
	assert_string_equal(run.elsewhere, "at another path (/somewhere/else)");
	run_of(&run, id, cpu, NULL, here.workspace); /* an older hone did not keep it */
	hone_here_mark(&here, &run);
	assert_null(run.elsewhere);
	if (id) {
		run_of(&run, NULL, cpu, here.user, here.workspace);
		hone_here_mark(&here, &run);
		assert_non_null(strstr(run.elsewhere, "on a machine that is not known"));
	}
	here.foreign = true;
	run_of(&run, id, cpu, here.user, here.workspace);
	hone_here_mark(&here, &run);
	assert_string_equal(run.elsewhere, "by another user, to whom the database belongs");
	hone_here_release(&here);
	hone_session_close(&s);
}

/* A result stands on stdout already: what cannot be kept is a warning, with what to do. */
static void damaged_database_is_a_warning(void **state)
{
	static const char *const lines[] = {
		"warning this result was not kept for `cargo hone history`: ", NULL};
	hone_auto_free char *path = in_scratch("p/target/hone/hone.db");
	hone_auto_result_run struct hone_result_run run = HONE_RESULT_RUN_INIT;
	struct hone_session s = HONE_SESSION_INIT;
	struct hone_page_data page = HONE_PAGE_DATA_INIT;
	const struct hone_store_filter any = {0};
	struct hone_err err = HONE_ERR_INIT;
	struct hone_try t = {0};

	(void)state;
	run_try(&s, &t, &request);
	hone_store_held_close(s.results); /* the next command finds it damaged */
	s.results = hone_store_held_new();
	put_file(path, "this is no database, but a text that is long enough to look at");
	hone_buf_reset(&told);
	hone_try_result(&t, &run);
	hone_results_put(&s, &run, t.finishes);
	assert_told(lines);
	assert_file(path, "this is no database, but a text that is long enough to look at");
	assert_int_equal(hone_page_gather(&s, &any, 0, &page, &err), HONE_E_FAILED);
	assert_non_null(err.hint);
	hone_err_release(&err);
	hone_page_data_release(&page);
	hone_try_release(&t);
	hone_session_close(&s);
}

/* ---- the page of a run */

static void page_of_runs(void **state)
{
	const struct hone_store_filter any = {0};
	const struct hone_store_filter other = {.bin = "another"};
	struct hone_page_data page = HONE_PAGE_DATA_INIT;
	struct hone_session s = HONE_SESSION_INIT;
	struct hone_err err = HONE_ERR_INIT;
	hone_auto_free char *path = NULL;

	(void)state;
	try_and_keep(&s);
	hone_session_close(&s);
	try_and_keep(&s);
	if (hone_page_gather(&s, &any, 0, &page, &err))
		fail_msg("%s", err.msg);
	assert_int_equal(page.run.id, 2);
	assert_int_equal(page.n_past, 2);
	assert_int_equal(page.past[0].id, 2);
	assert_int_equal(page.past[1].id, 1);
	assert_int_equal(page.past_left_out, 0);
	/* Scripts have no functions, and it is said of each why. */
	assert_int_equal(page.functions.n_trials, 0);
	assert_int_equal(page.functions.n_all, 4);
	assert_non_null(page.functions.why[0]);
	assert_null(page.functions.why[2]); /* nothing was built */
	hone_page_data_release(&page);

	page = (struct hone_page_data)HONE_PAGE_DATA_INIT;
	assert_int_equal(hone_page_gather(&s, &any, 1, &page, &err), 0);
	assert_int_equal(page.run.id, 1);
	path = hone_xstrdup(page.run.trials[1].path);
	hone_page_data_release(&page);

	page = (struct hone_page_data)HONE_PAGE_DATA_INIT;
	assert_int_equal(hone_page_gather(&s, &any, 7, &page, &err), HONE_E_NOT_FOUND);
	assert_string_equal(err.msg, "there is no run 7 of this project");
	hone_page_data_release(&page);
	page = (struct hone_page_data)HONE_PAGE_DATA_INIT;
	hone_err_release(&err);
	assert_int_equal(hone_page_gather(&s, &other, 0, &page, &err), HONE_E_NOT_FOUND);
	assert_string_equal(err.msg, "nothing was measured yet");
	hone_err_release(&err);
	hone_page_data_release(&page);
	hone_session_close(&s);
}

static const char *why_of(const struct hone_result_functions *f, size_t trial)
{
	return f->why[trial] ? f->why[trial] : "";
}

/* A file counts only while it is what the run measured. */
static void functions_of_a_run(void **state)
{
	static const char *const two[] = {"opt-level=1", "opt-level=0"};
	const struct hone_try_request r = {.names = two, .n_names = 2, .measure = {.rounds = 1}};
	hone_auto_result_run struct hone_result_run run = HONE_RESULT_RUN_INIT;
	struct hone_result_functions f = HONE_RESULT_FUNCTIONS_INIT;
	struct hone_session s = HONE_SESSION_INIT;
	struct hone_try t = {0};
	uint64_t sum = 0;
	bool hot = false;

	(void)state;
	build_elf();
	run_try(&s, &t, &r);
	hone_try_result(&t, &run);
	assert_int_equal(hone_fs_remove(run.trials[1].path, NULL), 0);
	put_file(run.trials[2].path, "another file");
	hone_functions_read(&s, &run, &f);
	assert_int_equal(f.n_trials, 1);
	assert_int_equal(f.trials[0], 0);
	assert_null(f.why[0]);
	assert_string_equal(why_of(&f, 1), "its file is gone");
	assert_string_equal(why_of(&f, 2), "its file was replaced by a later build");
	for (size_t i = 0; i < f.n; i++) {
		sum += f.rows[i].sizes[0];
		hot |= strcmp(f.rows[i].owner, "prog") == 0 && strstr(f.rows[i].name, "hot");
	}
	assert_int_equal(sum, run.trials[0].size);
	assert_true(hot);
	hone_result_functions_release(&f);
	hone_try_release(&t);
	hone_session_close(&s);
}

/* ---- --max-disk */

static void cap_keeps_winners(void **state)
{
	static const char *const lines[] = {"status Removed: ", "note ", NULL};
	struct hone_session s = HONE_SESSION_INIT;
	hone_auto_result_run struct hone_result_run run = HONE_RESULT_RUN_INIT;
	int64_t later = INT64_MAX;

	(void)state;
	try_and_keep(&s);
	assert_int_equal(hone_results_last(&s, HONE_STORE_ALL, &run, NULL), 0);
	hone_buf_reset(&told);
	hone_results_cap(&s, 0, later); /* far below 20 GB */
	assert_int_equal(told.n, 0);
	hone_results_cap(&s, 1, 0); /* all was used since the command began */
	assert_null(strstr(hone_buf_str(&told), "Removed"));
	assert_true(hone_fs_exists(run.trials[3].path));
	hone_buf_reset(&told);
	hone_results_cap(&s, 1, later);
	assert_told(lines);
	assert_non_null(strstr(hone_buf_str(&told), "the rest are winners, or in use"));
	assert_true(hone_fs_exists(run.trials[1].path)); /* the smallest */
	assert_false(hone_fs_exists(run.trials[3].path));
	hone_session_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(result_is_what_the_try_found, set_up, tear_down),
		cmocka_unit_test_setup_teardown(result_of_a_risk, set_up, tear_down),
		cmocka_unit_test_setup_teardown(kept_result_comes_back, set_up, tear_down),
		cmocka_unit_test_setup_teardown(runs_from_elsewhere_are_told, set_up, tear_down),
		cmocka_unit_test_setup_teardown(damaged_database_is_a_warning, set_up, tear_down),
		cmocka_unit_test_setup_teardown(page_of_runs, set_up, tear_down),
		cmocka_unit_test_setup_teardown(functions_of_a_run, set_up, tear_down),
		cmocka_unit_test_setup_teardown(cap_keeps_winners, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
