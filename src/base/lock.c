#include "lock.h"

#include "fs.h"
#include "num.h"
#include "strv.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define COMMAND_SHOWN 160

int hone_lock_open(const char *path, int *ret_fd, struct hone_err *err)
{
	if (hone_fs_is_dir(path))
		*ret_fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	else
		*ret_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
	return *ret_fd < 0 ? hone_err_sys(err, errno, "opening %s", path) : 0;
}

int hone_lock_try(int fd, bool shared, const char *path, struct hone_err *err)
{
	int taken;

	do
		taken = flock(fd, (shared ? LOCK_SH : LOCK_EX) | LOCK_NB);
	while (taken < 0 && errno == EINTR);
	if (taken == 0)
		return 0;
	if (errno == EWOULDBLOCK)
		return HONE_E_CONFLICT;
	/* NFS has none on folders: EBADF. */
	if (errno == ENOLCK || errno == EOPNOTSUPP || errno == EBADF)
		return 0;
	return hone_err_sys(err, errno, "locking %s", path);
}

struct search {
	struct stat st;
	const char *dir; /* of a process: /proc/12 */
	bool found;
};

/* Does descriptor `name` of a process hold a lock on the file? */
static int look_at(void *ctx, const char *name, struct hone_err *err)
{
	struct search *s = ctx;
	hone_auto_free char *path = hone_xasprintf("%s/fd/%s", s->dir, name);
	hone_auto_free char *info = hone_xasprintf("%s/fdinfo/%s", s->dir, name);
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	struct stat st;

	(void)err;
	if (stat(path, &st) == 0 && st.st_dev == s->st.st_dev && st.st_ino == s->st.st_ino &&
		hone_fs_read(info, 4096, &text, NULL, NULL) == 0 &&
		strstr(hone_buf_str(&text), "FLOCK"))
		s->found = true;
	return s->found;
}

static char *command_of(const char *dir)
{
	hone_auto_free char *path = hone_path_join(dir, "cmdline");
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	hone_auto_strv struct hone_strv words = HONE_STRV_INIT;
	hone_auto_free char *command = NULL;
	int error = hone_fs_read(path, 65536, &text, NULL, NULL);
	const char *at = hone_buf_str(&text), *end = at + text.n;

	if (error || !text.n)
		return hone_xstrdup("?");
	for (; at < end; at += strlen(at) + 1)
		hone_strv_push(&words, words.n ? at : hone_path_base(at));
	/* As it is typed: cargo starts it under this name. */
	if (words.n > 1 && strcmp(words.v[0], "cargo-hone") == 0 &&
		strcmp(words.v[1], "hone") == 0) {
		free(words.v[0]);
		words.v[0] = hone_xstrdup("cargo");
	}
	command = hone_text_command(hone_strv_argv(&words));
	return hone_xasprintf(
		"%.*s%s", COMMAND_SHOWN, command, strlen(command) > COMMAND_SHOWN ? "..." : "");
}

struct holder {
	struct search search;
	char *text;
};

static int look_into(void *ctx, const char *name, struct hone_err *err)
{
	struct holder *h = ctx;
	hone_auto_free char *dir = hone_path_join("/proc", name);
	hone_auto_free char *fds = hone_path_join(dir, "fd");
	hone_auto_free char *command = NULL;
	uint64_t pid;

	if (!hone_parse_u64(hone_view_of(name), &pid) || pid == (uint64_t)getpid())
		return 0;
	h->search.dir = dir;
	(void)hone_fs_each(fds, look_at, &h->search, err);
	if (!h->search.found)
		return 0;
	command = command_of(dir);
	h->text = hone_xasprintf("process %s, `%s`", name, command);
	return 1;
}

char *hone_lock_holder(int fd)
{
	struct holder h = {0};

	if (fstat(fd, &h.search.st) == 0)
		(void)hone_fs_each("/proc", look_into, &h, NULL);
	return h.text;
}
