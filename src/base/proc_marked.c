#include "fs.h"
#include "num.h"
#include "proc.h"

#include <limits.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define ENVIRONMENT_LIMIT ((size_t)4 << 20)
#define PATIENCE_NS (3 * HONE_NS_PER_S)

struct hunt {
	const struct hone_proc_marks *marks;
	unsigned found;
	uint64_t last; /* the number of one of them */
};

static bool has(struct hone_view environment, const struct hone_proc_marks *m)
{
	for (size_t at = 0; at < environment.n;) {
		size_t end = hone_view_find(environment, at, '\0');
		struct hone_view one = hone_view_sub(environment, at, end);

		if (hone_view_is(one, m->variable) || hone_view_starts(one, m->beginning))
			return true;
		at = end + 1;
	}
	return false;
}

/* By the file of the program: a daemon may have emptied its environment. */
static bool is_below(const char *pid, const char *folder)
{
	hone_auto_free char *link = hone_xasprintf("/proc/%s/exe", pid);
	char path[PATH_MAX];
	ssize_t n = readlink(link, path, sizeof(path) - 1);

	if (n < 0)
		return false;
	path[n] = '\0';
	return hone_path_is_within(path, folder);
}

/* A dead one whose parent has not looked at it yet has no environment. */
static int look_at(void *ctx, const char *name, struct hone_err *err)
{
	struct hunt *h = ctx;
	hone_auto_buf struct hone_buf text = HONE_BUF_INIT;
	hone_auto_free char *path = NULL;
	uint64_t pid;

	(void)err;
	if (!hone_parse_u64(hone_view_of(name), &pid) || pid == (uint64_t)getpid())
		return 0;
	path = hone_xasprintf("/proc/%s/environ", name);
	if (hone_fs_read(path, ENVIRONMENT_LIMIT, &text, NULL, NULL))
		hone_buf_reset(&text);
	if (!has(hone_buf_view(&text), h->marks) && !is_below(name, h->marks->folder))
		return 0;
	h->found++;
	h->last = pid;
	(void)kill((pid_t)pid, SIGKILL);
	return 0;
}

int hone_proc_end_marked(
	const struct hone_proc_marks *marks, unsigned *ret_ended, struct hone_err *err)
{
	const struct timespec pause = {.tv_nsec = 2000000};
	int64_t until = hone_now_ns() + PATIENCE_NS;
	struct hunt h = {.marks = marks};

	*ret_ended = 0;
	for (;;) {
		h.found = 0;
		(void)hone_fs_each("/proc", look_at, &h, NULL);
		if (h.found > *ret_ended)
			*ret_ended = h.found;
		if (!h.found)
			return 0;
		if (hone_now_ns() > until)
			return hone_err_set(err, HONE_E_CONFLICT, "process %llu does not end",
				(unsigned long long)h.last);
		(void)nanosleep(&pause, NULL);
	}
}
