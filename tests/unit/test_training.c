/* Candidates that learn from runs, by the engine's headers, with a fake llvm-profdata: what is learnt, kept, used again,
 * made anew where it was damaged, and refused where it does not fit. */
#include "results.h"
#include "shard.h"
#include "training_memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "fake_project.h"

#define HOT "_ZN4prog3hot17h0123456789abcdefE"
#define COLD "_ZN4prog4cold17h0123456789abcdefE"
#define WORK "_ZN3dep4work17h0123456789abcdefE"
#define OTHER_HOT "_ZN4prog3hot17hfedcba9876543210E"

static const char good_profile[] = "  " HOT ":\n    Block counts: [990, 1]\n"
				   "  " COLD ":\n    Block counts: [1]\n"
				   "  " WORK ":\n    Block counts: [0]\n"
				   "Total functions: 3\n";

/* One that always builds goes on where the other one is out. */
static const char *const trained[] = {"train.hot=99", "opt-level=1"};
static const struct hone_try_request request = {
	.names = trained, .n_names = 2, .measure = {.rounds = 1}};

static int set_up_training(void **state)
{
	int error = set_up(state);

	if (error)
		return error;
	build_elf();
	write_profdata(good_profile);
	return 0;
}

/* How often was a profile merged? */
static size_t merges(void)
{
	hone_auto_free char *path = in_scratch("merges");
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	size_t n = 0;

	(void)hone_fs_read(path, 65536, &text, NULL, NULL);
	for (const char *at = hone_buf_str(&text); (at = strchr(at, '\n')); at++)
		n++;
	return n;
}

static void say_profile(const char *text)
{
	hone_auto_free char *path = in_scratch("profile");

	put_file(path, text);
}

/* ---- a whole try */

static void assert_levels(const struct hone_try *t)
{
	hone_auto_result_run struct hone_result_run run = HONE_RESULT_RUN_INIT;
	const struct hone_plan *plan = t->trials[1].plan;
	const struct hone_result_profile *p;

	assert_true(plan->trained && plan->levels);
	assert_int_equal(plan->hot.n, 1);
	assert_string_equal(plan->hot.v[0], HOT);
	assert_int_equal(plan->functions.n, 3);
	assert_true(
		hone_strv_has(&plan->graph, "-Cllvm-args=-force-remove-attribute=" HOT ":minsize"));
	hone_try_result(t, &run);
	assert_true(run.trains);
	assert_true(run.workloads[0].trained);
	assert_false(run.trials[0].profile.trained);
	p = &run.trials[1].profile;
	assert_true(p->trained && p->levels && p->named && !p->pgo);
	assert_int_equal(p->functions, 3);
	assert_int_equal(p->executed, 2);
	assert_int_equal(p->hot_found, 1);
	assert_int_equal(p->cold_found, 2);
	assert_int_equal(p->renamed, 0);
	assert_non_null(strstr(p->words, "1 of 1 hot functions are in the program"));
}

static void levels_are_learnt_and_kept(void **state)
{
	static const char *const first[] = {"building train.hot=99, 2 of 3",
		"building train.hot=99, instrumented, 1 of 1",
		"status Profile: 2 of 3 functions were executed (67 %) by `hello`",
		"status Used: the profile in train.hot=99: 1 of 1 hot functions are in the "
		"program, "
		"1 for speed, and 2 others, 2 for size",
		"building opt-level=1, 3 of 3", NULL};
	static const char *const again[] = {
		"status Profile: 2 of 3 functions were executed (67 %) by `hello`, made ", NULL};
	struct hone_session s = HONE_SESSION_INIT;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct hone_try t = {0};

		run_try(&s, &t, &request);
		assert_told(i ? again : first);
		assert_int_equal(merges(), 1);
		assert_int_equal(t.trials[1].status, HONE_TRIAL_BUILT);
		assert_levels(&t);
		hone_try_release(&t);
		hone_session_close(&s);
	}
}

/* With PGO besides it is counted twice: the second time with the levels in the program. */
static void pgo_counts_again_with_levels(void **state)
{
	static const char *const both[] = {"train.hot=99,train.pgo=on"};
	static const char *const lines[] = {
		"building train.hot=99,train.pgo=on, instrumented, 1 of 1", "status Profile: ",
		"building train.hot=99,train.pgo=on, instrumented, with its levels, 1 of 1",
		"status Used: the profile in train.hot=99,train.pgo=on: ", NULL};
	const struct hone_try_request r = {.names = both, .n_names = 1, .measure = {.rounds = 1}};
	hone_auto_result_run struct hone_result_run run = HONE_RESULT_RUN_INIT;
	struct hone_session s = HONE_SESSION_INIT;
	struct hone_try t = {0};

	(void)state;
	run_try(&s, &t, &r);
	assert_told(lines);
	assert_non_null(t.trials[1].plan->profile);
	assert_true(hone_fs_exists(t.trials[1].plan->profile));
	hone_try_result(&t, &run);
	assert_true(run.trials[1].profile.pgo && run.trials[1].profile.levels);
	assert_true(hone_starts(run.trials[1].command, "sh ")); /* a script builds it */
	hone_try_release(&t);
	hone_session_close(&s);
}

/* ---- on several machines */

static void make_shard(const char *which, const char *to, const char *given)
{
	static const char *const learns[] = {"train.hot=99,train.pgo=on"};
	hone_auto_free char *path = in_scratch(to);
	hone_auto_free char *with = given ? in_scratch(given) : NULL;
	hone_auto_free char *target = in_scratch("p/target");
	hone_auto_strv struct hone_strv words = HONE_STRV_INIT;
	struct hone_shard_request share = {.to = path, .trained = with, .words = &words};
	const struct hone_try_request r = {
		.names = learns, .n_names = 1, .share = &share, .measure = {.rounds = 1}};
	struct hone_session s = HONE_SESSION_INIT;
	struct hone_try t = {0};

	hone_strv_append(&words, (const char *const[]){"cargo", "hone", "try", NULL});
	assert_int_equal(hone_shard_parse(which, &share, NULL), 0);
	run_try(&s, &t, &r);
	hone_try_release(&t);
	hone_session_close(&s);
	assert_int_equal(hone_fs_remove_tree(target, NULL), 0);
}

/* A profile is made once, by shard 0, and is that of all that are joined. */
static void a_share_takes_the_training(void **state)
{
	static const char *const learns[] = {"train.hot=99,train.pgo=on"};
	static const char *const files[] = {"zero.shard", "one.shard"};
	hone_auto_shards struct hone_shards shards = {0};
	const struct hone_try_request r = {
		.names = learns, .n_names = 1, .shards = &shards, .measure = {.rounds = 1}};
	struct hone_session s = HONE_SESSION_INIT;
	struct hone_try t = {0};
	size_t made;

	(void)state;
	make_shard("0/1", files[0], NULL);
	made = merges();
	assert_true(made > 0);
	make_shard("1/1", files[1], files[0]);
	for (size_t i = 0; i < HONE_COUNT(files); i++) {
		hone_auto_free char *path = in_scratch(files[i]);

		assert_int_equal(hone_shards_add(&shards, path, NULL), 0);
	}
	assert_int_equal(hone_shards_check(&shards, NULL), 0);
	run_try(&s, &t, &r);
	assert_int_equal(merges(), made);
	assert_int_equal(t.trials[1].status, HONE_TRIAL_BUILT);
	assert_non_null(t.trials[1].plan->profile);
	assert_true(hone_fs_exists(t.trials[1].plan->profile));
	hone_try_release(&t);
	hone_session_close(&s);
}

/* ---- what does not fit */

static void assert_refused(const char *profile, const char *why)
{
	struct hone_session s = HONE_SESSION_INIT;
	struct hone_try t = {0};

	say_profile(profile);
	run_try(&s, &t, &request);
	assert_int_equal(t.trials[1].status, HONE_TRIAL_FAILED);
	if (!strstr(t.trials[1].reason, why))
		fail_msg("\"%s\" is not in \"%s\"", why, t.trials[1].reason);
	assert_null(t.trials[1].artifact);
	hone_try_release(&t);
	hone_session_close(&s);
}

/* Not aligned as LLVM aligns what it compiles for speed. */
static void levels_that_did_not_come_through(void **state)
{
	(void)state;
	assert_refused("  " COLD ":\n    Block counts: [990]\nTotal functions: 1\n",
		"train.hot was not carried out: of the 1 hot functions in the program 1 are "
		"compiled for size all the same");
}

static void profile_of_another_build(void **state)
{
	(void)state;
	assert_refused("  " OTHER_HOT ":\n    Block counts: [990]\nTotal functions: 1\n",
		"the profile was not used: of its 1 functions the program has 0, and 1 under other "
		"symbols, so it is of another build");
}

static void profile_of_nothing(void **state)
{
	(void)state;
	assert_refused("  " HOT ":\n    Block counts: [0]\nTotal functions: 1\n",
		"the profile is empty: the training executed nothing of the program");
}

static void list_that_is_cut_off(void **state)
{
	(void)state;
	assert_refused("  " HOT ":\n    Block counts: [9]\nTotal functions: 17\n",
		"llvm-profdata printed is cut off");
}

/* ---- build and apply: kept profiles, --train, workloads of hone.toml */

/* What build has of a candidate. */
struct build {
	struct hone_session s;
	struct hone_candidate *candidate;
	const struct hone_plan *plan;
	struct hone_err err;
};

/* Plans the recipe and trains it as build does; line: of --train, or NULL. done() ends it. */
static int train(struct build *b, const char *line)
{
	hone_auto_strv struct hone_strv lines = HONE_STRV_INIT;
	int error;

	*b = (struct build){.s = HONE_SESSION_INIT, .err = HONE_ERR_INIT};
	if (line)
		hone_strv_push(&lines, line);
	assert_int_equal(hone_candidate_parse("train.hot=99", &b->candidate, &b->err), 0);
	open_session(HONE_SESSION_GRAPH | HONE_SESSION_BUILD, &b->s);
	assert_int_equal(hone_session_plan(&b->s, b->candidate, &b->plan, &b->err), 0);
	assert_non_null(b->plan->instrument);
	error = hone_train_check_options(&b->s, b->plan, &lines, &b->err);
	return error ? error : hone_train_with_options(&b->s, &b->plan, &lines, &b->err);
}

static void must_train(struct build *b, const char *line)
{
	if (train(b, line))
		fail_msg("%s", b->err.msg);
	assert_true(b->plan->trained);
}

static void done(struct build *b)
{
	hone_plan_free(b->plan);
	hone_candidate_free(b->candidate);
	hone_session_close(&b->s);
	hone_err_release(&b->err);
}

static void nothing_to_train_with(void **state)
{
	struct build b;

	(void)state;
	assert_int_equal(train(&b, NULL), HONE_E_USAGE);
	assert_string_equal(
		b.err.msg, "there is nothing to train with, and no profile from before");
	assert_non_null(strstr(b.err.hint, "--train 'ARGS'"));
	assert_int_equal(merges(), 0);
	done(&b);
}

static void workloads_of_the_file_train(void **state)
{
	hone_auto_free char *path = in_scratch("p/hone.toml");
	struct build b;

	(void)state;
	put_file(path, "[[workload]]\nname = \"greet\"\nrun = \"{bin}\"\n");
	must_train(&b, NULL);
	assert_non_null(strstr(hone_buf_str(&told), "by `greet`"));
	assert_true(b.plan->trained);
	assert_non_null(strstr(b.plan->training, "train 0"));
	done(&b);
	assert_int_equal(merges(), 1);

	/* The kept one is taken then, though the workload has gone. */
	assert_int_equal(hone_fs_remove(path, NULL), 0);
	must_train(&b, NULL);
	assert_non_null(strstr(hone_buf_str(&told), "by `greet`, made "));
	assert_non_null(strstr(b.plan->training, "train 0"));
	done(&b);
	assert_int_equal(merges(), 1);

	/* Another workload is another training. */
	must_train(&b, "{bin} more");
	assert_non_null(strstr(hone_buf_str(&told), "by `{bin} more`"));
	done(&b);
	assert_int_equal(merges(), 2);
}

/* Another content for every kept profile. */
static int spoil(void *ctx, const char *name, struct hone_err *err)
{
	hone_auto_free char *dir = in_scratch("p/target/hone/profiles");
	hone_auto_free char *path = hone_path_join(dir, name);

	(void)err;
	if (hone_ends(name, ".profdata")) {
		put_file(path, "somebody else's bytes");
		++*(size_t *)ctx;
	}
	return 0;
}

/* A profile that was changed since is made again, or without workloads refused by name. */
static void changed_profile_is_not_used(void **state)
{
	hone_auto_free char *dir = in_scratch("p/target/hone/profiles");
	struct build b;
	size_t n = 0;

	(void)state;
	must_train(&b, "{bin}");
	done(&b);
	assert_int_equal(hone_fs_each(dir, spoil, &n, NULL), 0);
	assert_int_equal(n, 1);
	assert_int_equal(train(&b, NULL), HONE_E_USAGE);
	assert_non_null(strstr(b.err.msg, "the profile from before cannot be used: "));
	assert_non_null(strstr(b.err.msg, "is not the file any more that was made"));
	done(&b);
	must_train(&b, "{bin}");
	assert_true(b.plan->trained);
	assert_int_equal(merges(), 2);
	done(&b);
}

/* What is killed leaves no profile: once more, with counters that lie in a file; the next time at once so. */
static void killed_programs_keep_counters_in_a_file(void **state)
{
	static const char *const lines[] = {"building train.hot=99, instrumented",
		"note the training left no profile: its processes end by a signal",
		"building train.hot=99, instrumented", "status Profile: ", NULL};
	struct build b;

	(void)state;
	must_train(&b, "{bin} killed");
	assert_told(lines);
	assert_true(hone_plan_keeps_counters(b.plan));
	done(&b);
	must_train(&b, "{bin} killed twice");
	assert_null(strstr(hone_buf_str(&told), "note "));
	done(&b);
}

/* Where this LLVM cannot, the error says what the matter is. */
static void killed_programs_without_that_option(void **state)
{
	hone_auto_free char *path = in_scratch("llvm-options");
	struct build b;

	(void)state;
	put_file(path, "  --force-attribute=<string> - a\n");
	assert_int_equal(train(&b, "{bin} killed"), HONE_E_NOT_FOUND);
	assert_string_equal(b.err.msg, "the training left no profile");
	assert_non_null(strstr(b.err.hint, "when the program exits by itself"));
	done(&b);
	/* And without the options that force attributes train.hot is left out, which is a note. */
	assert_int_equal(train(&b, "{bin} killed"), HONE_E_NOT_FOUND);
	done(&b);
	must_train(&b, "{bin}");
	assert_false(b.plan->levels);
	assert_non_null(strstr(hone_buf_str(&told),
		"train.hot is left out: the LLVM of rustc 1.95.0 cannot force attributes"));
	done(&b);
}

static void training_that_fails(void **state)
{
	struct build b;

	(void)state;
	assert_int_equal(train(&b, "sh -c 'echo no such thing >&2; exit 3' {bin}"), HONE_E_FAILED);
	assert_non_null(strstr(b.err.msg, "training with `sh -c"));
	assert_non_null(strstr(b.err.msg, "no such thing"));
	assert_int_equal(merges(), 0);
	done(&b);
	assert_int_equal(train(&b, "{bin} 'unended"), HONE_E_USAGE);
	assert_non_null(strstr(b.err.msg, "--train: "));
	done(&b);
}

/* ---- which workloads train */

static void workload(struct hone_workload *w, const char *name, const char *line, const char *bench)
{
	assert_int_equal(hone_workload_from_line(w, name, line, NULL), 0);
	if (bench)
		w->bench = hone_xstrdup(bench);
}

static void picked_workloads(void **state)
{
	struct hone_workload list[4] = {0}, other = {0};
	struct hone_training t;

	(void)state;
	workload(&list[0], "a", "{bin} a", NULL);
	workload(&list[1], "b", "{bin} b", NULL);
	workload(&list[2], "c", "{bin} c", NULL);
	workload(&list[3], "d", "{bin} d", "speed");
	list[3].program = 1;
	t = hone_training_pick(list, 4, NULL, false);
	assert_int_equal(t.n, 2); /* the last of several is held out */
	assert_string_equal(t.workloads[1].name, "b");
	assert_true(hone_training_has(t, &list[0]));
	assert_false(hone_training_has(t, &list[2]));
	workload(&other, "another name", "{bin} a", NULL);
	assert_true(hone_training_has(t, &other)); /* the same command is the same work */
	other.dir = hone_xstrdup("/");
	assert_false(hone_training_has(t, &other));
	free(t.workloads);
	t = hone_training_pick(list, 4, NULL, true);
	assert_int_equal(t.n, 3);
	free(t.workloads);
	t = hone_training_pick(list, 4, "speed", false);
	assert_int_equal(t.n, 1);
	assert_string_equal(t.workloads[0].name, "d");
	assert_int_equal(t.workloads[0].program, 0);
	free(t.workloads);
	t = hone_training_pick(list, 4, "another", false);
	assert_int_equal(t.n, 0);
	free(t.workloads);
	for (size_t i = 0; i < 4; i++)
		hone_workload_release(&list[i]);
	hone_workload_release(&other);
}

/* ---- what is remembered of a training */

static void forged_memory_is_none(void **state)
{
	hone_auto_free char *path = in_scratch("0123.json");
	hone_auto_free char *moved = in_scratch("4567.json");
	hone_auto_free char *profile = in_scratch("abc.profdata");
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	char workloads[] = "w", file[] = "abc.profdata", names[] = "`a`", script[] = "train 0 a";
	const struct hone_training_memory made = {
		.workloads = workloads, .file = file, .names = names, .script = script, .made = 17};
	struct hone_training_memory m = {0};
	char *at;

	(void)state;
	assert_false(hone_training_memory_read(scratch, path, &m));
	assert_int_equal(hone_training_memory_write(path, &made, NULL), 0);
	assert_false(hone_training_memory_read(scratch, path, &m)); /* the profile is gone */
	put_file(profile, "a profile");
	assert_true(hone_training_memory_read(scratch, path, &m));
	assert_string_equal(m.script, script);
	assert_int_equal(m.made, 17);
	hone_training_memory_release(&m);
	/* One program's is not another one's. */
	assert_int_equal(hone_fs_copy(path, moved, NULL), 0);
	assert_false(hone_training_memory_read(scratch, moved, &m));
	/* A script that hone did not write is not handed on. */
	assert_int_equal(hone_fs_read(path, 65536, &text, NULL, NULL), 0);
	at = strstr(text.p, "train 0 a");
	assert_non_null(at);
	at[8] = 'b';
	put_file(path, hone_buf_str(&text));
	assert_false(hone_training_memory_read(scratch, path, &m));
	put_file(path, "[1, 2");
	assert_false(hone_training_memory_read(scratch, path, &m));
	assert_null(m.file);
}

#define TRAINING_TEST(f) cmocka_unit_test_setup_teardown(f, set_up_training, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TRAINING_TEST(levels_are_learnt_and_kept),
		TRAINING_TEST(pgo_counts_again_with_levels),
		TRAINING_TEST(a_share_takes_the_training),
		TRAINING_TEST(levels_that_did_not_come_through),
		TRAINING_TEST(profile_of_another_build),
		TRAINING_TEST(profile_of_nothing),
		TRAINING_TEST(list_that_is_cut_off),
		TRAINING_TEST(nothing_to_train_with),
		TRAINING_TEST(workloads_of_the_file_train),
		TRAINING_TEST(changed_profile_is_not_used),
		TRAINING_TEST(killed_programs_keep_counters_in_a_file),
		TRAINING_TEST(killed_programs_without_that_option),
		TRAINING_TEST(training_that_fails),
		cmocka_unit_test(picked_workloads),
		cmocka_unit_test_setup_teardown(
			forged_memory_is_none, scratch_make, scratch_remove),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
