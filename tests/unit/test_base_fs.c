#include "fs.h"
#include "fs_temp.h"
#include "hash.h"
#include "machine.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "scratch.h"

/* ---- faults: the linker puts these before the C library's (-Wl,--wrap) */

static int fail_fsync, fail_write_after, die_at_rename;
enum { NEVER, BEFORE_RENAME, AFTER_RENAME };

int __real_fsync(int fd);
int __wrap_fsync(int fd);
int __wrap_fsync(int fd)
{
	if (fail_fsync) {
		errno = EIO;
		return -1;
	}
	return __real_fsync(fd);
}

ssize_t __real_write(int fd, const void *p, size_t n);
ssize_t __wrap_write(int fd, const void *p, size_t n);
ssize_t __wrap_write(int fd, const void *p, size_t n)
{
	if (fail_write_after > 1) {
		/* First only a part, as a disk that is filling up does. */
		size_t part = n < 3 ? n : 3;

		fail_write_after--;
		return __real_write(fd, p, part);
	}
	if (fail_write_after == 1) {
		errno = ENOSPC;
		return -1;
	}
	return __real_write(fd, p, n);
}

int __real_renameat(int from_dir, const char *from, int to_dir, const char *to);
int __wrap_renameat(int from_dir, const char *from, int to_dir, const char *to);
int __wrap_renameat(int from_dir, const char *from, int to_dir, const char *to)
{
	int result;

	if (die_at_rename == BEFORE_RENAME)
		(void)raise(SIGKILL);
	result = __real_renameat(from_dir, from, to_dir, to);
	if (die_at_rename == AFTER_RENAME)
		(void)raise(SIGKILL);
	return result;
}

static int no_faults(void **state)
{
	fail_fsync = fail_write_after = die_at_rename = 0;
	return scratch_remove(state);
}

/* ---- tools */

static size_t count_files(void)
{
	DIR *d = opendir(scratch);
	size_t n = 0;

	assert_non_null(d);
	for (struct dirent *e; (e = readdir(d));)
		n += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
	closedir(d);
	return n;
}

static struct hone_file_id identity(const char *path)
{
	hone_auto_buf struct hone_buf b = HONE_BUF_INIT;
	struct hone_file_id id;

	assert_int_equal(hone_fs_read(path, 1 << 20, &b, &id, NULL), 0);
	return id;
}

static mode_t mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(lstat(path, &st), 0);
	return st.st_mode;
}

static int replace(const char *path, const char *text, struct hone_err *err)
{
	struct hone_file_id id = identity(path);

	return hone_fs_replace(path, hone_view_of(text), &id, err);
}

/* ---- reading and writing */

static void reading_has_a_limit_and_names_the_file(void **state)
{
	hone_auto_free char *path = in_scratch("a"), *missing = in_scratch("missing");
	hone_auto_buf struct hone_buf b = HONE_BUF_INIT;
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	struct hone_file_id id;

	(void)state;
	put_file(path, "12345");
	assert_int_equal(hone_fs_read(path, 5, &b, &id, &err), 0);
	assert_string_equal(hone_buf_str(&b), "12345");
	assert_int_equal(id.size, 5);
	assert_int_equal(id.hash_lo, hone_hash_bytes(HONE_VIEW("12345")).lo);
	assert_int_equal(hone_fs_read(path, 4, &b, NULL, &err), HONE_E_LIMIT);
	assert_non_null(strstr(err.msg, path));
	assert_int_equal(hone_fs_read(missing, 4, &b, NULL, &err), HONE_E_NOT_FOUND);
	assert_non_null(strstr(err.msg, missing));
	assert_int_equal(hone_fs_read(scratch, 4, &b, NULL, &err), HONE_E_FAILED);
	/* A file of /proc says that it is empty. */
	assert_int_equal(hone_fs_read("/proc/self/status", 1 << 20, &b, NULL, &err), 0);
	assert_true(b.n > 100);
	/* A FIFO without a writer must not hang. */
	free(HONE_TAKE(path));
	path = in_scratch("fifo");
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(hone_fs_read(path, 4, &b, NULL, &err), HONE_E_FAILED);
}

static void writing_makes_the_mode_and_leaves_nothing_beside(void **state)
{
	hone_auto_free char *path = in_scratch("tool");
	hone_auto_err struct hone_err err = HONE_ERR_INIT;

	(void)state;
	assert_int_equal(hone_fs_write(path, HONE_VIEW("one"), 0755, &err), 0);
	assert_file(path, "one");
	assert_int_equal(mode_of(path) & 07777, 0755);
	assert_int_equal(hone_fs_write(path, HONE_VIEW("two"), 0644, &err), 0);
	assert_file(path, "two");
	assert_int_equal(mode_of(path) & 07777, 0644);
	assert_int_equal(count_files(), 1);
}

/* Two builds beside each other put the same program into its place: the one that is second may still hold its lock on it. */
static void can_be_executed_while_it_is_held(void **state)
{
	hone_auto_free char *path = in_scratch("program");
	hone_auto_temp struct hone_temp t = HONE_TEMP_INIT;
	static const char text[] = "#!/bin/sh\nexit 7\n";
	int status = 0;
	pid_t pid;

	(void)state;
	assert_int_equal(hone_temp_open(&t, path, 0755, NULL), 0);
	assert_int_equal(write(t.fd, text, sizeof(text) - 1), sizeof(text) - 1);
	assert_int_equal(hone_temp_close(&t, path, NULL), 0);
	assert_int_equal(hone_temp_rename(&t, path, false, NULL), 0);
	pid = fork();
	if (pid == 0) {
		execl(path, path, (char *)NULL);
		_exit(errno == ETXTBSY ? 26 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(WEXITSTATUS(status), 7);
}

/* mode is that of open: the user's umask takes its bits from it. */
static void write_minds_the_umask(void **state)
{
	hone_auto_free char *path = in_scratch("new");
	mode_t before = umask(027);
	struct stat st;

	(void)state;
	assert_int_equal(hone_fs_write(path, HONE_VIEW("x"), 0666, NULL), 0);
	umask(before);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
}

static void copies_keep_content_and_mode(void **state)
{
	hone_auto_free char *from = in_scratch("from"), *to = in_scratch("to");
	hone_auto_free char *missing = in_scratch("missing");
	hone_auto_err struct hone_err err = HONE_ERR_INIT;

	(void)state;
	put_file(from, "content");
	assert_int_equal(chmod(from, 0751), 0);
	assert_int_equal(hone_fs_copy(from, to, &err), 0);
	assert_file(to, "content");
	assert_int_equal(mode_of(to) & 07777, 0751);
	assert_int_equal(hone_fs_copy(missing, to, &err), HONE_E_SYSTEM);
	assert_non_null(strstr(err.msg, "missing"));
	assert_file(to, "content");
	assert_int_equal(count_files(), 2);
}

static void trees_are_made_sized_and_removed(void **state)
{
	hone_auto_free char *deep = in_scratch("a/b/c"), *top = in_scratch("a");
	hone_auto_free char *file = in_scratch("a/b/c/f"), *link = in_scratch("a/link");
	hone_auto_free char *outside = in_scratch("outside"), *kept = in_scratch("outside/kept");
	hone_auto_free char *below = in_scratch("a/b/c/f/g");
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	uint64_t size = 0;

	(void)state;
	assert_int_equal(hone_fs_mkdirs(deep, &err), 0);
	assert_int_equal(hone_fs_mkdirs(deep, &err), 0);
	assert_int_equal(hone_fs_mkdirs(outside, &err), 0);
	put_file(file, "0123456789");
	put_file(kept, "kept");
	assert_int_equal(hone_fs_mkdirs(below, &err), HONE_E_SYSTEM);
	assert_int_equal(hone_fs_mkdirs(file, &err), HONE_E_FAILED);
	assert_int_equal(symlink(outside, link), 0);
	assert_int_equal(hone_fs_size(file, &size, &err), 0);
	assert_int_equal(size, 10);
	assert_true(hone_fs_tree_size(top) >= 512);
	assert_int_equal(hone_fs_empty(link, &err), 0);
	assert_false(hone_fs_exists(link));
	assert_file(kept, "kept");
	assert_int_equal(hone_fs_empty(deep, &err), 0);
	assert_true(hone_fs_is_dir(deep) && !hone_fs_exists(file));
	assert_int_equal(hone_fs_empty(file, &err), 0);
	put_file(file, "0123456789");
	assert_int_equal(symlink(outside, link), 0);
	assert_int_equal(hone_fs_remove_tree(top, &err), 0);
	assert_false(hone_fs_exists(top));
	assert_file(kept, "kept");
	assert_int_equal(hone_fs_remove_tree(top, &err), 0);
	assert_int_equal(hone_fs_free_bytes(deep, &size, &err), 0);
	assert_true(size > 0);
}

/* ---- replacing a file of the user's */

static void replacing_keeps_mode_and_notices_changes(void **state)
{
	hone_auto_free char *path = in_scratch("Cargo.toml");
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	struct hone_file_id old;

	(void)state;
	put_file(path, "old");
	assert_int_equal(chmod(path, 0664), 0);
	old = identity(path);
	assert_int_equal(hone_fs_replace(path, HONE_VIEW("new"), &old, &err), 0);
	assert_file(path, "new");
	assert_int_equal(mode_of(path) & 07777, 0664);
	/* The identity of "old" is out of date now. */
	assert_int_equal(hone_fs_replace(path, HONE_VIEW("third"), &old, &err), HONE_E_CONFLICT);
	assert_non_null(strstr(err.msg, path));
	assert_non_null(err.hint);
	assert_file(path, "new");
	put_file(path, "a longer text than before");
	assert_int_equal(hone_fs_replace(path, HONE_VIEW("third"), &old, &err), HONE_E_CONFLICT);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(hone_fs_replace(path, HONE_VIEW("third"), &old, &err), HONE_E_SYSTEM);
	assert_int_equal(count_files(), 0);
}

/* Also of a copy, and of a file that is written through a link; never what another one writes, or what has another name. */
static void what_a_killed_run_left_goes(void **state)
{
	hone_auto_free char *path = in_scratch("a.txt"), *link = in_scratch("link");
	hone_auto_free char *left = in_scratch(".a.txt.0123456789abcdef.tmp");
	hone_auto_free char *busy = in_scratch(".a.txt.fedcba9876543210.tmp");
	hone_auto_free char *short_hex = in_scratch(".a.txt.0123456789abcde.tmp");
	hone_auto_free char *other = in_scratch(".b.txt.0123456789abcdef.tmp");
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	int fd;

	(void)state;
	put_file(path, "old");
	put_file(busy, "busy");
	put_file(short_hex, "");
	put_file(other, "");
	assert_int_equal(symlink("a.txt", link), 0);
	fd = open(busy, O_RDONLY | O_CLOEXEC);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	for (int round = 0; round < 4; round++) {
		put_file(left, "half");
		if (round == 0)
			assert_int_equal(hone_fs_write(path, HONE_VIEW("new"), 0644, &err), 0);
		else if (round == 1)
			assert_int_equal(hone_fs_copy(other, path, &err), 0);
		else if (round == 2)
			assert_int_equal(replace(link, "new", &err), 0);
		else
			hone_temp_sweep(path);
		assert_false(hone_fs_exists(left));
		assert_true(hone_fs_exists(busy));
		assert_true(hone_fs_exists(short_hex));
		assert_true(hone_fs_exists(other));
	}
	close(fd);
	hone_temp_sweep(path);
	assert_false(hone_fs_exists(busy));
}

static void replacing_follows_links_from_their_own_folder(void **state)
{
	hone_auto_free char *dir = in_scratch("real/sub"), *target = in_scratch("real/sub/file");
	hone_auto_free char *middle = in_scratch("real/middle"), *link = in_scratch("link");
	hone_auto_free char *loop = in_scratch("loop");
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	struct hone_file_id any = {0};

	(void)state;
	assert_int_equal(hone_fs_mkdirs(dir, &err), 0);
	put_file(target, "old");
	assert_int_equal(symlink("sub/file", middle), 0);
	assert_int_equal(symlink("real/middle", link), 0);
	assert_int_equal(replace(link, "new", &err), 0);
	assert_file(target, "new");
	assert_true(S_ISLNK(mode_of(link)));
	assert_true(S_ISLNK(mode_of(middle)));
	assert_true(S_ISREG(mode_of(target)));
	assert_int_equal(symlink("loop", loop), 0);
	assert_int_equal(hone_fs_replace(loop, HONE_VIEW("x"), &any, &err), HONE_E_SYSTEM);
	assert_int_equal(err.sys_errno, ELOOP);
}

static void a_read_only_file_is_refused(void **state)
{
	hone_auto_free char *path = in_scratch("Cargo.toml");
	hone_auto_err struct hone_err err = HONE_ERR_INIT;

	(void)state;
	put_file(path, "old");
	assert_int_equal(chmod(path, 0444), 0);
	assert_int_equal(replace(path, "new", &err), HONE_E_SYSTEM);
	assert_int_equal(err.sys_errno, EACCES);
	assert_non_null(err.hint);
	assert_file(path, "old");
	assert_int_equal(mode_of(path) & 07777, 0444);
	assert_int_equal(count_files(), 1);
}

static void a_hard_link_keeps_the_old_content(void **state)
{
	hone_auto_free char *path = in_scratch("a"), *other = in_scratch("b");

	(void)state;
	put_file(path, "old");
	assert_int_equal(link(path, other), 0);
	assert_int_equal(replace(path, "new", NULL), 0);
	assert_file(path, "new");
	assert_file(other, "old");
}

/* ---- faults */

static void a_failed_write_leaves_the_old_content(void **state)
{
	hone_auto_free char *path = in_scratch("Cargo.toml");
	hone_auto_err struct hone_err err = HONE_ERR_INIT;
	struct hone_file_id id;

	(void)state;
	put_file(path, "old");
	id = identity(path);
	fail_write_after = 3;
	assert_int_equal(hone_fs_replace(path, HONE_VIEW("a new text"), &id, &err), HONE_E_SYSTEM);
	assert_int_equal(err.sys_errno, ENOSPC);
	fail_write_after = 0;
	fail_fsync = 1;
	assert_int_equal(hone_fs_replace(path, HONE_VIEW("a new text"), &id, &err), HONE_E_SYSTEM);
	assert_int_equal(err.sys_errno, EIO);
	assert_file(path, "old");
	assert_int_equal(count_files(), 1);
}

static void partial_writes_are_continued(void **state)
{
	hone_auto_free char *path = in_scratch("Cargo.toml");

	(void)state;
	fail_write_after = 100;
	assert_int_equal(hone_fs_write(path, HONE_VIEW("longer than three bytes"), 0600, NULL), 0);
	fail_write_after = 0;
	assert_file(path, "longer than three bytes");
}

/* A limit on the size of files is the full disk that needs no rights. */
static void a_full_disk_leaves_the_old_content(void **state)
{
	hone_auto_free char *path = in_scratch("Cargo.toml");
	hone_auto_buf struct hone_buf big = HONE_BUF_INIT;
	struct hone_file_id id;
	int status;
	pid_t pid;

	(void)state;
	put_file(path, "old");
	id = identity(path);
	hone_buf_pad(&big, 'x', 100000);
	pid = fork();
	if (pid == 0) {
		struct rlimit limit = {4096, 4096};
		struct hone_err err = HONE_ERR_INIT;

		(void)signal(SIGXFSZ, SIG_IGN);
		(void)setrlimit(RLIMIT_FSIZE, &limit);
		(void)hone_fs_replace(path, hone_buf_view(&big), &id, &err);
		_exit(err.sys_errno);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), EFBIG);
	assert_file(path, "old");
	assert_int_equal(count_files(), 1);
}

static void kill_9_leaves_the_old_or_the_new(void **state)
{
	hone_auto_free char *path = in_scratch("Cargo.toml");

	(void)state;
	for (int when = BEFORE_RENAME; when <= AFTER_RENAME; when++) {
		int status;
		pid_t pid;

		put_file(path, "old");
		pid = fork();
		if (pid == 0) {
			die_at_rename = when;
			(void)replace(path, "new", NULL);
			_exit(0);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status));
		assert_file(path, when == BEFORE_RENAME ? "old" : "new");
	}
}

/* ---- paths */

static void paths_are_joined_and_folded(void **state)
{
	static const struct {
		const char *a, *b, *want;
	} joins[] = {{"a", "b", "a/b"}, {"a/", "b", "a/b"}, {"a", "/b", "/b"}, {"", "b", "b"},
		{"/", "b", "/b"}};
	static const struct {
		const char *path, *dir, *base;
	} parts[] = {{"a/b/c", "a/b", "c"}, {"c", ".", "c"}, {"/c", "/", "c"}};
	static const struct {
		const char *path, *dir, *want;
	} relatives[] = {{"/a/b/c", "/a/b", "c"}, {"/a/b/c", "/a/b/", "c"}, {"/a/b", "/a/b", "."},
		{"/a/bc", "/a/b", "/a/bc"}, {"/x", "/a", "/x"}, {"/x", "/", "x"}};
	static const char *const folded[][2] = {
		{"/a/./b/../c//d/", "/a/c/d"}, {"/..", "/"}, {"/", "/"}};

	(void)state;
	for (size_t i = 0; i < HONE_COUNT(joins); i++) {
		hone_auto_free char *have = hone_path_join(joins[i].a, joins[i].b);

		assert_string_equal(have, joins[i].want);
	}
	for (size_t i = 0; i < HONE_COUNT(parts); i++) {
		hone_auto_free char *dir = hone_path_dir(parts[i].path);

		assert_string_equal(dir, parts[i].dir);
		assert_string_equal(hone_path_base(parts[i].path), parts[i].base);
	}
	for (size_t i = 0; i < HONE_COUNT(relatives); i++) {
		hone_auto_free char *have = hone_path_relative(relatives[i].path, relatives[i].dir);

		assert_string_equal(have, relatives[i].want);
	}
	for (size_t i = 0; i < HONE_COUNT(folded); i++) {
		hone_auto_free char *have = hone_path_absolute(folded[i][0]);

		assert_string_equal(have, folded[i][1]);
	}
}

static void programs_are_looked_up_in_a_path_list(void **state)
{
	hone_auto_free char *plain = in_scratch("plain"), *dir = in_scratch("d");
	hone_auto_free char *tool = in_scratch("d/tool"), *list = NULL, *found = NULL;
	hone_auto_err struct hone_err err = HONE_ERR_INIT;

	(void)state;
	assert_int_equal(hone_fs_mkdirs(dir, NULL), 0);
	assert_int_equal(hone_fs_write(tool, HONE_VIEW("#!/bin/sh\n"), 0755, NULL), 0);
	put_file(plain, "not executable");
	list = hone_xasprintf("/nowhere:%s:%s", scratch, dir);
	assert_int_equal(hone_path_find_program_in(list, "tool", &found, &err), 0);
	assert_string_equal(found, tool);
	assert_int_equal(hone_path_find_program_in(list, "plain", &found, &err), HONE_E_NOT_FOUND);
	assert_int_equal(hone_path_find_program_in(list, "d", &found, &err), HONE_E_NOT_FOUND);
	assert_int_equal(hone_path_find_program_in(list, plain, &found, &err), HONE_E_NOT_FOUND);
}

/* ---- hashes */

static void hashes_agree_with_xxhsum(void **state)
{
	hone_auto_free char *path = in_scratch("f");
	struct hone_hasher *hasher = hone_hasher_new();
	struct hone_hash of_file, in_pieces;
	char text[HONE_HASH_TEXT];

	(void)state;
	/* printf '' | xxhsum -H2; printf 'hone\n' | xxhsum -H2 */
	assert_string_equal(hone_hash_text(text, hone_hash_bytes(HONE_VIEW(""))),
		"99aa06d3014798d86001c324468d497f");
	assert_string_equal(hone_hash_text(text, hone_hash_bytes(HONE_VIEW("hone\n"))),
		"72df6cfcf6af23d5e18aa26ecde9fe17");
	put_file(path, "hone\n");
	assert_int_equal(hone_hash_file(path, &of_file, NULL), 0);
	hone_hasher_add(hasher, HONE_VIEW("ho"));
	hone_hasher_add(hasher, HONE_VIEW("ne\n"));
	in_pieces = hone_hasher_end(hasher);
	assert_true(hone_hash_eq(of_file, in_pieces));
	assert_true(hone_hash_eq(of_file, hone_hash_bytes(HONE_VIEW("hone\n"))));
	assert_false(hone_hash_eq(of_file, hone_hash_bytes(HONE_VIEW("hone"))));
}

/* A machine that does not tell what it is, or has not been told yet, has no id. */
static void machines_have_ids(void **state)
{
	static const char *const none[] = {"", "uninitialized\n", "0123456789abcdef\n",
		"00000000000000000000000000000000\n", "0123456789abcdef0123456789abcdeg\n",
		"0123456789abcdef0123456789abcdef0\n"};
	hone_auto_free char *path = in_scratch("machine-id");
	hone_auto_free char *first = NULL;
	hone_auto_free char *other = NULL;

	(void)state;
	assert_null(hone_machine_id(path));
	for (size_t i = 0; i < HONE_COUNT(none); i++) {
		put_file(path, none[i]);
		assert_null(hone_machine_id(path));
	}
	put_file(path, "0123456789abcdef0123456789abcdef\n");
	first = hone_machine_id(path);
	put_file(path, "0123456789abcdef0123456789abcdee");
	other = hone_machine_id(path);
	assert_int_equal(strlen(first), 16);
	assert_int_equal(strlen(other), 16);
	assert_string_not_equal(first, other);
	assert_null(strstr("0123456789abcdef0123456789abcdef", first));
}

static void a_machine_runs_its_levels(void **state)
{
	(void)state;
	assert_true(hone_machine_runs(HONE_VIEW("native")));
	assert_true(hone_machine_runs(HONE_VIEW("x86-64")));
	assert_true(hone_machine_runs(HONE_VIEW("x86-64-vX")));
	assert_false(hone_machine_runs(HONE_VIEW("x86-64-v5")));
	/* What runs a level runs those below it. */
	if (hone_machine_runs(HONE_VIEW("x86-64-v4")))
		assert_true(hone_machine_runs(HONE_VIEW("x86-64-v3")));
	if (hone_machine_runs(HONE_VIEW("x86-64-v3")))
		assert_true(hone_machine_runs(HONE_VIEW("x86-64-v2")));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_make, no_faults)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(write_minds_the_umask),
		TEST(reading_has_a_limit_and_names_the_file),
		TEST(writing_makes_the_mode_and_leaves_nothing_beside),
		TEST(can_be_executed_while_it_is_held),
		TEST(copies_keep_content_and_mode),
		TEST(trees_are_made_sized_and_removed),
		TEST(replacing_keeps_mode_and_notices_changes),
		TEST(what_a_killed_run_left_goes),
		TEST(replacing_follows_links_from_their_own_folder),
		TEST(a_read_only_file_is_refused),
		TEST(a_hard_link_keeps_the_old_content),
		TEST(a_failed_write_leaves_the_old_content),
		TEST(partial_writes_are_continued),
		TEST(a_full_disk_leaves_the_old_content),
		TEST(kill_9_leaves_the_old_or_the_new),
		TEST(paths_are_joined_and_folded),
		TEST(programs_are_looked_up_in_a_path_list),
		TEST(hashes_agree_with_xxhsum),
		TEST(machines_have_ids),
		TEST(a_machine_runs_its_levels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
