/* A try in two shares, each built where nothing of the other is, and joined: what comes of it is what one machine builds. */
#include "shard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#include "fake_project.h"

static const char *const names[] = {"opt-level=1", "opt-level=2"};

static char *shard_path(const char *name)
{
	return in_scratch(name);
}

/* Nothing is left of what was built before. */
static void forget_builds(void)
{
	hone_auto_free char *target = in_scratch("p/target");

	assert_int_equal(hone_fs_remove_tree(target, NULL), 0);
}

static void make_shard(const char *text, const char *to)
{
	hone_auto_free char *path = shard_path(to);
	hone_auto_strv struct hone_strv words = HONE_STRV_INIT;
	struct hone_shard_request share = {.to = path, .words = &words};
	struct hone_try_request request = {.names = names,
		.n_names = 2,
		.share = &share,
		.measure = {.rounds = 3, .warmup = 1}};
	struct hone_session s = HONE_SESSION_INIT;
	struct hone_try t = {0};

	hone_strv_push(&words, "cargo");
	hone_strv_push(&words, "hone");
	hone_strv_push(&words, "try");
	assert_int_equal(hone_shard_parse(text, &share, NULL), 0);
	run_try(&s, &t, &request);
	hone_try_release(&t);
	hone_session_close(&s);
	forget_builds();
}

static void add(struct hone_shards *list, const char *name)
{
	hone_auto_free char *path = shard_path(name);
	struct hone_err err = HONE_ERR_INIT;

	if (hone_shards_add(list, path, &err))
		fail_msg("%s", err.msg);
}

/* Joins them with rounds; the hashes and the states of the trials come back. */
static void join(struct hone_shards *shards, char hashes[3][HONE_HASH_TEXT],
	enum hone_trial_status states[3])
{
	struct hone_try_request request = {.names = names,
		.n_names = 2,
		.shards = shards,
		.measure = {.rounds = 3, .warmup = 1}};
	struct hone_session s = HONE_SESSION_INIT;
	struct hone_try t = {0};

	run_try(&s, &t, &request);
	assert_int_equal(t.n, 3);
	for (size_t i = 0; i < 3; i++) {
		states[i] = t.trials[i].status;
		hashes[i][0] = '\0';
		if (t.trials[i].artifact)
			hone_hash_text(hashes[i], t.trials[i].artifact->hash);
	}
	assert_non_null(t.measurement);
	hone_try_release(&t);
	hone_session_close(&s);
}

static void two_shares(void **state)
{
	hone_auto_shards struct hone_shards shards = {0};
	hone_auto_free char *builds = in_scratch("builds");
	hone_auto_buf struct hone_buf before = HONE_BUF_INIT, after = HONE_BUF_INIT;
	char alone[3][HONE_HASH_TEXT], joined[3][HONE_HASH_TEXT];
	enum hone_trial_status of_one[3], of_all[3];
	struct hone_err err = HONE_ERR_INIT;

	(void)state;
	join(NULL, alone, of_one);
	forget_builds();
	make_shard("1/2", "one.shard");
	make_shard("2/2", "two.shard");
	add(&shards, "one.shard");
	assert_int_equal(hone_shards_check(&shards, &err), HONE_E_USAGE); /* one is missing */
	hone_err_release(&err);
	add(&shards, "two.shard");
	assert_int_equal(hone_shards_check(&shards, &err), 0);
	assert_int_equal(hone_fs_read(builds, 1 << 20, &before, NULL, NULL), 0);
	join(&shards, joined, of_all);
	assert_int_equal(hone_fs_read(builds, 1 << 20, &after, NULL, NULL), 0);
	assert_int_equal(before.n, after.n); /* no cargo ran */
	for (size_t i = 0; i < 3; i++) {
		assert_string_equal(alone[i], joined[i]);
		assert_int_equal(of_one[i], of_all[i]);
	}
	assert_int_equal(of_all[2], HONE_TRIAL_FAILED);
	add(&shards, "two.shard");
	assert_int_equal(hone_shards_check(&shards, &err), HONE_E_USAGE); /* twice */
	hone_err_release(&err);
}

static void other_sources(void **state)
{
	hone_auto_shards struct hone_shards shards = {0};
	hone_auto_free char *source = in_scratch("p/Cargo.lock");
	struct hone_try_request request = {.names = names, .n_names = 2, .shards = &shards};
	struct hone_session s = HONE_SESSION_INIT;
	struct hone_err err = HONE_ERR_INIT;
	struct hone_try t = {0};

	(void)state;
	make_shard("1/1", "all.shard");
	add(&shards, "all.shard");
	put_file(source, "version = 4\n");
	open_session(HONE_SESSION_GRAPH | HONE_SESSION_BUILD, &s);
	t.session = &s;
	assert_int_equal(hone_try_name_candidates(&t, &request, &err), 0);
	assert_int_equal(hone_try_run(&t, &request, &err), HONE_E_CONFLICT);
	assert_non_null(err.msg);
	hone_err_release(&err);
	hone_try_release(&t);
	hone_session_close(&s);
}

/* A file that is cut off anywhere is refused. */
static void damaged_files(void **state)
{
	hone_auto_free char *path = shard_path("all.shard");
	hone_auto_buf struct hone_buf whole = HONE_BUF_INIT;

	(void)state;
	make_shard("1/1", "all.shard");
	assert_int_equal(hone_fs_read(path, 1 << 20, &whole, NULL, NULL), 0);
	for (size_t n = 0; n < whole.n; n += 1 + whole.n / 50) {
		hone_auto_shards struct hone_shards shards = {0};
		struct hone_err err = HONE_ERR_INIT;

		assert_int_equal(hone_fs_write_cache(path,
					 hone_view_sub(hone_buf_view(&whole), 0, n), 0666, NULL),
			0);
		assert_int_equal(hone_shards_add(&shards, path, &err), HONE_E_SYNTAX);
		hone_err_release(&err);
	}
}

static void words_of_a_share(void **state)
{
	static const char *const wrong[] = {"", "1", "1/", "/2", "3/2", "1/0", "a/b", "-1/2"};
	struct hone_shard_request r = {0};
	struct hone_err err = HONE_ERR_INIT;

	(void)state;
	for (size_t i = 0; i < HONE_COUNT(wrong); i++) {
		assert_int_equal(hone_shard_parse(wrong[i], &r, &err), HONE_E_USAGE);
		hone_err_release(&err);
	}
	assert_int_equal(hone_shard_parse("0/3", &r, NULL), 0);
	assert_true(r.at == 0 && r.of == 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_of_a_share),
		cmocka_unit_test_setup_teardown(two_shares, set_up, tear_down),
		cmocka_unit_test_setup_teardown(other_sources, set_up, tear_down),
		cmocka_unit_test_setup_teardown(damaged_files, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
