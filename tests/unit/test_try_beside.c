/* Which of several builds begins at once: one that an earlier try has built with the same crates. */
#include "try_beside_impl.h"

#include "fs.h"

#include <fcntl.h>
#include <setjmp.h>
#include <sys/stat.h>
#include <cmocka.h>

#include "scratch.h"

/* Writes a file of the scratch folder, last changed at that second. */
static void put(const char *name, const char *text, time_t when)
{
	hone_auto_free char *path = in_scratch(name);
	hone_auto_free char *dir = hone_path_dir(path);
	const struct timespec times[2] = {{.tv_sec = when}, {.tv_sec = when}};

	assert_int_equal(hone_fs_mkdirs(dir, NULL), 0);
	assert_int_equal(hone_fs_write_cache(path, hone_view_of(text), 0666, NULL), 0);
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static struct hone_side_next next_of_one_trial(void)
{
	hone_auto_free char *root = in_scratch("");
	struct hone_plan plan = {.key = "k"};
	struct hone_candidate candidate = {0};
	struct hone_trial trial = {.candidate = &candidate, .plan = &plan};
	struct hone_project project = {.workspace_root = root};
	struct hone_session session = {.project = &project, .dir = {.artifacts = root}};
	enum hone_side_state state = HONE_SIDE_WAITS;
	struct hone_try t = {.session = &session, .trials = &trial, .n = 1};
	struct hone_sides b = {.t = &t, .states = &state, .width = 2};
	struct hone_side_next next;

	assert_true(hone_sides_next(&b, &next));
	assert_int_equal(next.trial, 0);
	state = HONE_SIDE_RUNS;
	assert_false(hone_sides_next(&b, &(struct hone_side_next){0}));
	return next;
}

static void found_where_it_was_built(void **state)
{
	(void)state;
	put("Cargo.lock", "", 1000);
	assert_false(next_of_one_trial().is_found);
	put("k/slot", "1\n", 2000);
	assert_false(next_of_one_trial().is_found); /* it was begun only */
	put("k/record.json", "{}", 2000);
	assert_true(next_of_one_trial().is_found);
	assert_int_equal(next_of_one_trial().slot, 1);
}

static void other_crates_since(void **state)
{
	(void)state;
	put("Cargo.lock", "", 3000);
	put("k/slot", "0\n", 2000);
	put("k/record.json", "{}", 2000);
	assert_false(next_of_one_trial().is_found);
}

/* cargo gives what is built in a folder the same name, whatever the settings: the next build puts its program where hone
 * still has to read the one before. */
static void waits_until_the_program_is_taken(void **state)
{
	hone_auto_free char *root = in_scratch("");
	struct hone_plan plans[4] = {{.key = "a"}, {.key = "b"}, {.key = "c"}, {.key = "d"}};
	struct hone_candidate candidate = {0};
	struct hone_trial trials[4];
	struct hone_project project = {.workspace_root = root};
	struct hone_session session = {.project = &project, .dir = {.artifacts = root}};
	enum hone_side_state states[4] = {
		HONE_SIDE_DONE, HONE_SIDE_RAN, HONE_SIDE_WAITS, HONE_SIDE_WAITS};
	unsigned slots[4] = {0, 1, 0, 0};
	struct hone_try t = {.session = &session, .trials = trials, .n = 4};
	struct hone_sides b = {.t = &t, .states = states, .slots = slots, .width = 2};
	struct hone_side_next next;

	(void)state;
	for (size_t i = 0; i < 4; i++)
		trials[i] = (struct hone_trial){.candidate = &candidate, .plan = &plans[i]};
	put("c/slot", "1\n", 2000); /* c was built beside b, and waits; d takes the other folder */
	assert_true(hone_sides_next(&b, &next));
	assert_int_equal(next.trial, 3);
	assert_int_equal(next.slot, 0);
	states[1] = HONE_SIDE_DONE;
	assert_true(hone_sides_next(&b, &next));
	assert_int_equal(next.trial, 2);
	assert_int_equal(next.slot, 1);
	/* Nothing is taken before the baseline, which may have to be built again: it begins wherever no build is at work. */
	states[0] = HONE_SIDE_WAITS;
	states[1] = states[2] = HONE_SIDE_RAN;
	slots[2] = 0;
	assert_true(hone_sides_next(&b, &next));
	assert_int_equal(next.trial, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			found_where_it_was_built, scratch_make, scratch_remove),
		cmocka_unit_test_setup_teardown(other_crates_since, scratch_make, scratch_remove),
		cmocka_unit_test_setup_teardown(
			waits_until_the_program_is_taken, scratch_make, scratch_remove),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
