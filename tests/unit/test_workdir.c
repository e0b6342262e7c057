/* hone's own folder: what marks it as hone's, who may work in it, what a killed hone left, what goes when it is full. */
#include "disk_cap.h"
#include "kept_links.h"
#include "record.h"
#include "turn.h"
#include "workdir.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "events.h"

#include "scratch.h"

static struct hone_buf told;

static void on_note(void *ctx, const char *text)
{
	hone_buf_addf(ctx, "%s\n", text);
}

static const struct hone_events events = {.ctx = &told, .note = on_note};

static bool exists(const char *name)
{
	hone_auto_free char *path = in_scratch(name);

	return hone_fs_exists(path);
}

/* A file below the scratch folder, with the folders above it. */
static void put(const char *name, const char *text)
{
	hone_auto_free char *path = in_scratch(name);
	hone_auto_free char *dir = hone_path_dir(path);

	assert_int_equal(hone_fs_mkdirs(dir, NULL), 0);
	put_file(path, text);
}

static void make_dir(const char *name)
{
	hone_auto_free char *path = in_scratch(name);

	assert_int_equal(hone_fs_mkdirs(path, NULL), 0);
}

static void init(struct hone_workdir *w)
{
	hone_auto_free char *target = in_scratch("target");

	hone_workdir_init(w, target);
	w->events = &events;
	w->no_wait = true;
}

static int tear_down(void **state)
{
	hone_buf_release(&told);
	return scratch_remove(state);
}

/* ---- whose it is */

static void folder_is_made_and_marked(void **state)
{
	struct hone_workdir w, second;
	struct hone_err err = HONE_ERR_INIT;
	uint64_t freed = 0;
	bool there = true;

	(void)state;
	init(&w);
	assert_int_equal(hone_workdir_check(&w, &there, &err), 0);
	assert_false(there);
	assert_int_equal(hone_workdir_open(&w, &err), 0);
	assert_true(exists("target/CACHEDIR.TAG"));
	assert_true(exists("target/hone/CACHEDIR.TAG"));
	assert_true(exists("target/hone/artifacts"));
	init(&second);
	assert_int_equal(hone_workdir_open(&second, &err), HONE_E_CONFLICT);
	assert_non_null(strstr(err.msg, "another hone is at work in "));
	assert_string_equal(err.hint, "wait until it has ended");
	hone_err_release(&err);
	assert_int_equal(hone_workdir_clean(&second, &freed, &err), HONE_E_CONFLICT);
	hone_err_release(&err);
	hone_workdir_close(&second);
	hone_workdir_close(&w);

	put("target/hone/hone.db", "results");
	put("target/hone/artifacts/a/prog", "0123456789");
	init(&w);
	assert_int_equal(hone_workdir_clean(&w, &freed, &err), 0);
	assert_true(freed >= 10);
	assert_true(exists("target/hone/hone.db"));
	assert_false(exists("target/hone/artifacts"));
	hone_workdir_close(&w);
}

/* What stands beside the copies that run, or calls itself a linker, may be anybody's. */
static void stale_files_go(void **state)
{
	struct hone_workdir w;

	(void)state;
	put("target/hone/CACHEDIR.TAG", "");
	put("target/hone/run/libevil.so", "x");
	put("target/hone/tools/linkers/ld", "x");
	put("target/hone/artifacts/a/prog", "x");
	init(&w);
	assert_int_equal(hone_workdir_open(&w, NULL), 0);
	assert_false(exists("target/hone/run/libevil.so"));
	assert_false(exists("target/hone/tools/linkers/ld"));
	assert_true(exists("target/hone/artifacts/a/prog"));
	hone_workdir_close(&w);
}

static void assert_refused(const char *why)
{
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	struct hone_workdir w;
	uint64_t freed;

	init(&w);
	assert_int_equal(hone_workdir_open(&w, &err), HONE_E_FAILED);
	if (!strstr(err.msg, why))
		fail_msg("\"%s\" is not in \"%s\"", why, err.msg);
	assert_int_equal(hone_workdir_clean(&w, &freed, NULL), HONE_E_FAILED);
	hone_workdir_close(&w);
}

static void folders_of_others_are_left_alone(void **state)
{
	hone_auto_free char *link = in_scratch("target/hone/artifacts");
	hone_auto_free char *root = in_scratch("target/hone");
	hone_auto_free char *away = in_scratch("away");

	(void)state;
	put("target/hone", "a file");
	assert_refused("is in the way: it is not a folder");
	assert_int_equal(hone_fs_remove(root, NULL), 0);
	put("target/hone/thesis.txt", "years of work");
	assert_refused("has no mark of hone's (CACHEDIR.TAG), but holds thesis.txt");
	assert_int_equal(hone_fs_remove_tree(root, NULL), 0);
	make_dir("target/hone/build");
	assert_refused("has no mark of hone's (CACHEDIR.TAG)");
	put("target/hone/CACHEDIR.TAG", "");
	put("away/thesis.txt", "years of work");
	assert_int_equal(symlink(away, link), 0);
	assert_refused("holds a link, artifacts");
	assert_true(exists("away/thesis.txt"));
	assert_int_equal(hone_fs_remove_tree(root, NULL), 0);
	assert_int_equal(symlink(away, root), 0);
	assert_refused("is a link");
	assert_true(exists("away/thesis.txt"));
}

/* The number of a process in a lock that nobody holds: what that hone has left behind is ended. */
static void orphans_of_a_killed_hone_are_ended(void **state)
{
	struct hone_err err = HONE_ERR_INIT;
	hone_auto_free char *mark = NULL;
	struct hone_workdir w;
	int status = 0;
	pid_t pid;

	(void)state;
	put("target/hone/CACHEDIR.TAG", "");
	put("target/hone/lock", "4194000\n");
	init(&w);
	mark = hone_xasprintf("HONE_RUSTC_LOG=%s/units.log", w.tools);
	pid = fork();
	if (!pid) {
		char *const argv[] = {(char[]){"sleep"}, (char[]){"600"}, NULL};
		char *const env[] = {mark, NULL};

		execve("/bin/sleep", argv, env);
		_exit(1);
	}
	/* Until the program runs the variable is not to be seen. */
	for (;;) {
		hone_auto_free char *path = hone_xasprintf("/proc/%d/environ", (int)pid);
		hone_auto_buf struct hone_buf text = HONE_BUF_INIT;

		if (!hone_fs_read(path, 65536, &text, NULL, NULL) &&
			strstr(hone_buf_str(&text), "HONE_RUSTC_LOG") == text.p)
			break;
		assert_int_equal(waitpid(pid, &status, WNOHANG), 0);
	}
	if (hone_workdir_open(&w, &err))
		fail_msg("%s", err.msg);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	assert_true(hone_starts(
		hone_buf_str(&told), "1 process of a hone that was killed was still at work in "));
	hone_workdir_close(&w);
	hone_buf_reset(&told);
	init(&w); /* after one that has ended by itself nothing is looked for */
	assert_int_equal(hone_workdir_open(&w, &err), 0);
	assert_int_equal(told.n, 0);
	hone_workdir_close(&w);
}

static void turns(void **state)
{
	const unsigned shared = HONE_TURN_SHARED | HONE_TURN_NO_WAIT;
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	int a = -1, b = -1, c = -1;

	(void)state;
	assert_int_equal(hone_turn_take(&events, scratch, "the files of /p", shared, &a, &err), 0);
	assert_int_equal(hone_turn_take(&events, scratch, "the files of /p", shared, &b, &err), 0);
	assert_int_equal(
		hone_turn_take(&events, scratch, "the files of /p", HONE_TURN_NO_WAIT, &c, &err),
		HONE_E_CONFLICT);
	assert_non_null(strstr(err.msg, "another hone is at work in the files of /p"));
	assert_int_equal(c, -1);
	close(a);
	close(b);
	assert_int_equal(hone_turn_take(&events, scratch, "/p", 0, &c, NULL), 0);
	close(c);
	assert_int_equal(
		hone_turn_take(&events, "/no/such/folder/lock", "/p", 0, &c, NULL), HONE_E_SYSTEM);
}

/* ---- what is remembered beside an artifact */

static const struct hone_record record = {.known = true,
	.hash = {.lo = UINT64_MAX, .hi = 7},
	.packed = {.gzip = 100, .zstd = 90},
	.cost = {.wall_s = 1.5, .cpu_s = 2.25, .peak_rss = 4096, .units = 3}};

static void record_comes_back(void **state)
{
	hone_auto_free char *path = in_scratch("record.json");
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	struct hone_record r;
	char *at;

	(void)state;
	hone_record_read(path, &r);
	assert_false(r.known);
	assert_int_equal(hone_record_write(path, &record, NULL), 0);
	hone_record_read(path, &r);
	assert_true(r.known);
	assert_true(hone_hash_eq(r.hash, record.hash));
	assert_int_equal(r.packed.gzip, 100);
	assert_int_equal(r.cost.units, 3);
	assert_true(r.cost.wall_s == 1.5 && r.cost.cpu_s == 2.25);
	/* A size that somebody else wrote in is none. */
	assert_int_equal(hone_fs_read(path, 65536, &text, NULL, NULL), 0);
	at = strstr(text.p, "\"gzip_size\": 100");
	assert_non_null(at);
	memcpy(at, "\"gzip_size\": 001", 16);
	put_file(path, hone_buf_str(&text));
	hone_record_read(path, &r);
	assert_false(r.known);
	memcpy(at, "\"gzip_size\": 101", 16);
	put_file(path, hone_buf_str(&text));
	hone_record_read(path, &r);
	assert_false(r.known);
	assert_int_equal(r.packed.gzip, 0);
	put_file(path, "[]");
	hone_record_read(path, &r);
	assert_false(r.known);
}

/* ---- the largest size */

#define HASH_A "0123456789abcdef"
#define HASH_B "fedcba9876543210"

/* 64 kB, so that what it takes on the disk can be told from folders and marks. */
static void put_large(const char *name)
{
	static char text[65537];

	memset(text, 'x', sizeof(text) - 1);
	put(name, text);
}

static void set_time(const char *name, time_t seconds)
{
	const struct timespec times[2] = {{.tv_sec = seconds}, {.tv_sec = seconds}};
	hone_auto_free char *path = in_scratch(name);

	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static time_t time_of(const char *name)
{
	hone_auto_free char *path = in_scratch(name);
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_mtim.tv_sec;
}

#define SLOT "target/hone/build/0/"

/* Two units of cargo's, one with a build script's output, one under a triple; a kept unit; two artifacts, of which one
 * has won. Used in this order. */
static void fill(void)
{
	hone_auto_free char *won = in_scratch("target/hone/artifacts/won/record.json");

	put("target/hone/CACHEDIR.TAG", "");
	put(SLOT "release/.fingerprint/old-" HASH_A "/lib-old", "f");
	put_large(SLOT "release/deps/libold-" HASH_A ".rlib");
	put_large(SLOT "release/build/old-" HASH_A "/output");
	put_large(SLOT "release/deps/notes.txt"); /* of no unit */
	put(SLOT "x86_64-unknown-linux-gnu/release/.fingerprint/new-" HASH_B "/lib-new", "f");
	put_large(SLOT "x86_64-unknown-linux-gnu/release/deps/libnew-" HASH_B ".rlib");
	put_large("target/hone/build/units/key/kept/lib.rlib");
	put_large("target/hone/artifacts/lost/prog");
	put_large("target/hone/artifacts/won/prog");
	assert_int_equal(hone_record_write(won, &record, NULL), 0);
	set_time("target/hone/artifacts/won/record.json", 100);
	set_time(SLOT "release/.fingerprint/old-" HASH_A, 200);
	set_time("target/hone/build/units/key/kept", 300);
	set_time("target/hone/artifacts/lost", 400);
	set_time(SLOT "x86_64-unknown-linux-gnu/release/.fingerprint/new-" HASH_B, 500);
}

/* Down to so many times 64 kB; returns what is left. */
static uint64_t cap(const struct hone_strv *winners, unsigned times, int64_t since_s)
{
	const struct hone_disk_cap c = {
		.bytes = times * 80000ULL, .since_s = since_s, .winners = winners};
	struct hone_workdir w;
	uint64_t freed = 0, left = 0;

	init(&w);
	assert_int_equal(hone_disk_cap(&w, &c, &freed, &left, NULL), 0);
	assert_int_equal(left, hone_fs_tree_size(w.root));
	hone_workdir_close(&w);
	return left;
}

static void what_was_used_longest_ago_goes_first(void **state)
{
	hone_auto_strv struct hone_strv winners = HONE_STRV_INIT;
	char hash[HONE_HASH_TEXT];
	uint64_t left;

	(void)state;
	hone_strv_push(&winners, hone_hash_text(hash, record.hash));
	fill();
	(void)cap(&winners, 100, 1000);
	assert_true(exists(SLOT "release/.fingerprint/old-" HASH_A));
	(void)cap(&winners, 6, 1000);
	assert_false(exists(SLOT "release/.fingerprint/old-" HASH_A));
	assert_false(exists(SLOT "release/deps/libold-" HASH_A ".rlib"));
	assert_false(exists(SLOT "release/build/old-" HASH_A));
	assert_true(exists(SLOT "release/deps/notes.txt"));
	assert_true(exists("target/hone/build/units/key/kept"));
	/* What was used since this command began stays, though there is no room. */
	left = cap(&winners, 1, 400);
	assert_true(left > 80000);
	assert_false(exists("target/hone/build/units/key/kept"));
	assert_true(exists("target/hone/artifacts/lost"));
	left = cap(&winners, 1, 1000);
	assert_true(left > 80000); /* the winner, and what is of no unit */
	assert_false(exists("target/hone/artifacts/lost"));
	assert_false(exists(SLOT "x86_64-unknown-linux-gnu/release/deps/libnew-" HASH_B ".rlib"));
	assert_true(exists("target/hone/artifacts/won/prog"));
	winners.v[0][0] = winners.v[0][0] == 'f' ? 'e' : 'f';
	(void)cap(&winners, 1, 1000);
	assert_false(exists("target/hone/artifacts/won"));
}

/* Each path that cargo names of a unit makes it a used one, and no other. */
static void used_units_are_marked(void **state)
{
	static const char *const names[] = {SLOT "release/deps/libold-" HASH_A ".rlib",
		SLOT "release/build/old-" HASH_A "/out"};
	static const char other[] =
		SLOT "x86_64-unknown-linux-gnu/release/.fingerprint/new-" HASH_B;

	(void)state;
	fill();
	for (size_t i = 0; i < HONE_COUNT(names); i++) {
		hone_auto_free char *path = in_scratch(names[i]);

		set_time(SLOT "release/.fingerprint/old-" HASH_A, 200);
		hone_disk_cap_used(path);
		assert_true(time_of(SLOT "release/.fingerprint/old-" HASH_A) > 1000000);
	}
	hone_disk_cap_used("/a/path/of/no/unit");
	hone_disk_cap_used("relative-0123");
	assert_int_equal(time_of(other), 500);
}

/* What a search captured lies in a folder for each of its tries. */
static void links_are_kept_until_there_are_too_many(void **state)
{
	hone_auto_free char *target = in_scratch("target"), *at = NULL, *next = NULL;
	struct hone_workdir w = {0};

	(void)state;
	hone_workdir_init(&w, target);
	at = hone_kept_links_folder(&w, "one");
	assert_string_equal(at + strlen(target), "/hone/artifacts/one/link");
	assert_false(hone_kept_links_has(&w, "one"));
	hone_kept_links_begin(&w, 1);
	hone_kept_links_next(&w);
	free(at);
	at = hone_kept_links_folder(&w, "one");
	assert_string_equal(at + strlen(target), "/hone/run/links/1/one");
	put("target/hone/run/links/1/one/args", "cc");
	put("target/hone/run/links/programs/key/inputs/capture", at);
	put("target/hone/run/links/programs/key/other/capture", scratch);
	/* The newest stays, however large it is. */
	hone_kept_links_next(&w);
	assert_true(hone_kept_links_has(&w, "one"));
	assert_true(exists("target/hone/run/links/programs/key/inputs"));
	next = hone_kept_links_folder(&w, "two");
	assert_string_equal(next + strlen(target), "/hone/run/links/2/two");
	put("target/hone/run/links/2/two/args", "cc");
	/* A program whose capture went is not told to be linked from it. */
	hone_kept_links_next(&w);
	assert_false(hone_kept_links_has(&w, "one"));
	assert_true(hone_kept_links_has(&w, "two"));
	assert_false(exists("target/hone/run/links/programs/key/inputs"));
	assert_true(exists("target/hone/run/links/programs/key/other"));
	hone_kept_links_end(&w);
	assert_false(exists("target/hone/run/links"));
	hone_workdir_close(&w);
}

#define FOLDER_TEST(f) cmocka_unit_test_setup_teardown(f, scratch_make, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		FOLDER_TEST(folder_is_made_and_marked),
		FOLDER_TEST(stale_files_go),
		FOLDER_TEST(folders_of_others_are_left_alone),
		FOLDER_TEST(orphans_of_a_killed_hone_are_ended),
		FOLDER_TEST(turns),
		FOLDER_TEST(record_comes_back),
		FOLDER_TEST(what_was_used_longest_ago_goes_first),
		FOLDER_TEST(used_units_are_marked),
		FOLDER_TEST(links_are_kept_until_there_are_too_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
