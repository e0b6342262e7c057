#include "fs.h"
#include "num.h"
#include "proc.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#define ENVIRONMENT_LIMIT ((size_t)4 << 20)
#define PATIENCE_NS (3 * HONE_NS_PER_S)

struct hunt {
	const char *variable;
	unsigned found;
	uint64_t last; /* the number of one of them */
};

static bool has(struct hone_view environment, const char *variable)
{
	size_t n = strlen(variable) + 1;

	for (size_t at = 0; at < environment.n;) {
		size_t end = hone_view_find(environment, at, '\0');

		if (end + 1 - at == n && memcmp(environment.p + at, variable, n) == 0)
			return true;
		at = end + 1;
	}
	return false;
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
	if (hone_fs_read(path, ENVIRONMENT_LIMIT, &text, NULL, NULL) ||
		!has(hone_buf_view(&text), h->variable))
		return 0;
	h->found++;
	h->last = pid;
	(void)kill((pid_t)pid, SIGKILL);
	return 0;
}

int hone_proc_end_marked(const char *variable, unsigned *ret_ended, struct hone_err *err)
{
	const struct timespec pause = {.tv_nsec = 2000000};
	int64_t until = hone_now_ns() + PATIENCE_NS;
	struct hunt h = {.variable = variable};

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
